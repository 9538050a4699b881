import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { BaseContract, BytesLike } from "ethers";
import { ethers } from "hardhat";

import { bridgeBooks } from "../../deploy/acceptance/bridge";
import { UPGRADEABLE } from "../../scripts/deploy/upgradeSafety";
import {
  AMATICb__factory,
  AnkrMATIC__factory,
  BondSwitcher__factory,
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  Delegator__factory,
  PolygonPool__factory,
  RatioFeed__factory,
  SwapPool__factory,
  Upgradeable__factory,
} from "../../typechain-types";
import type { AccessManager } from "../../typechain-types";
import {
  AMATICb__Next__factory,
  AnkrMATIC__Next__factory,
  BondSwitcher__Next__factory,
  BridgeAdapter__Next__factory,
  ChildAnkrMATIC__Next__factory,
  ChildBridgeAdapter__Upgrade__factory,
  Delegator__Next__factory,
  NextVersion__factory,
  PolygonPool__Next__factory,
  RatioFeed__Next__factory,
  SwapPool__Next__factory,
} from "../typechain-types";
import { deliver, deployBridged, proofOf, provenWithdrawal, submitCheckpoint } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { BATCH, delegateAll, request, settle } from "../support/exits";
import { DAY, MAX, ONE, checkpoints, unbond } from "../support/fixture";
import { holdersOf, mintAll, threeHolders } from "../support/legacy";
import { watchLedgers } from "../support/ledgers";
import { dumpOf } from "../support/stateDump";
import { feeOf } from "../support/switcher";
import { implementationOf, upgradeCall } from "../support/upgrades";

/** One upgrade of the round. */
interface Upgrade {
  readonly name: string;
  readonly proxy: BaseContract;
  readonly manager: AccessManager;
  /** The next implementation. */
  readonly next: string;
  /** The call that goes with it. */
  readonly migration: BytesLike;
  /** A call of `initialize` with possible arguments. */
  readonly initialization: string;
}

/** A system in the middle of everything. */
interface Live extends BridgedContext {
  readonly upgrades: readonly Upgrade[];
  /** Requests by what has become of them. */
  readonly requests: { claimable: bigint; closedAlice: bigint; closedCarol: bigint; open: bigint; bonds: bigint };
  readonly closed: bigint;
  /** A withdrawal from Polygon that is in no checkpoint. */
  readonly withdrawal: string;
}

const memoOf = (index: number): bigint => 1_000n + BigInt(index);

/** Stakes, batches in each state, slices, rewards on their way, bonds, both ways of the bridge, liquidity. */
async function deployLive(): Promise<Live> {
  const tree = await threeHolders();
  const context = await deployBridged({
    params: {
      genesis: { root: tree.root, batches: BigInt(tree.batches.length) },
      switcher: { feeBps: 30n, capWei: 100_000n * ONE, dailyLimitWei: 50_000n * ONE },
    },
  });
  context.unsynced.clear();
  watchLedgers(context);
  await mintAll(context, tree);
  const { pool, bond, switcher, bridge, child, wrapped, actors } = context;
  const { alice, bob, carol, guardian, stranger } = actors;
  for (const holder of holdersOf(context)) await bond.connect(holder).approve(switcher, MAX);

  // So little that the feed takes every rate: it refuses growth that no validator set earns.
  await context.polygon.stakeManager.setCheckpointReward(ONE);
  await delegateAll(context);
  const claimable = await request(context, bob, 1_000n * ONE);
  const first = await settle(context);
  await unbond(context);
  await pool.finalizeBatch(first);
  await checkpoints(context, 20);
  await pool.harvest([]);
  // What is in the buffer would pay the next batch at once, without a slice.
  await delegateAll(context);

  const closedAlice = await request(context, alice, 2_000n * ONE);
  const closedCarol = await request(context, carol, 3_000n * ONE);
  const closed = await settle(context);
  const open = await request(context, alice, 500n * ONE);
  const bonds = await bond.connect(bob).unstakeShares.staticCall(700n * ONE);
  await bond.connect(bob).unstakeShares(700n * ONE);
  await switcher.connect(carol).switchShares(400n * ONE, carol);
  await pool.connect(stranger).stakeAndClaimCerts(250n * ONE);

  await bridge.connect(alice).bridge(10_000n * ONE, bob);
  await bridge.connect(alice).bridge(4_000n * ONE, carol);
  await deliver(context);
  await deliver(context);
  const liquidity = 1_000n * ONE;
  await child.token.connect(bob).approve(child.swap, MAX);
  await child.swap.connect(bob).addLiquidity(liquidity, 0n, bob, MAX, { value: liquidity });
  await child.swap.connect(stranger).stake(0n, { value: 10n * ONE });
  await wrapped.connect(stranger).deposit({ value: ONE });

  await bridge.connect(guardian).lowerReleaseLimit(2_000n * ONE);
  await bridge.receiveMessage(
    await provenWithdrawal(context, child.adapter.connect(bob).withdraw(4_500n * ONE, carol)),
  );
  await bridge.connect(alice).bridge(100n * ONE, alice);
  const { hash: withdrawal } = await child.adapter.connect(bob).withdraw(50n * ONE, alice);

  return {
    ...context,
    upgrades: await nextVersions(context),
    requests: { claimable, closedAlice, closedCarol, open, bonds },
    closed,
    withdrawal,
  };
}

/** A next version of every upgradeable contract, wired as the present one. */
async function nextVersions(context: BridgedContext): Promise<Upgrade[]> {
  const { token, pool, delegator, bond, switcher, bridge, child, manager, polygon, params, fx, wrapped } = context;
  const { deployer } = context.actors;
  const { bridgeParams } = context;
  const { pol, matic, migration, stakeManager } = polygon;
  const { treasury } = params;
  const at = ethers.ZeroHash;
  const below = await manager.getAddress();
  const above = await child.manager.getAddress();
  const start = { authority: below, seeder: deployer.address, seed: ONE, assetCap: 10n * ONE, feeBps: 1n };
  const plans: [string, BaseContract, Promise<BaseContract>, string][] = [
    [
      "AnkrMATIC",
      token,
      new AnkrMATIC__Next__factory(deployer).deploy(pool, pol),
      AnkrMATIC__factory.createInterface().encodeFunctionData("initialize", [below]),
    ],
  ];
  const plan = async (name: string, proxy: BaseContract, next: Promise<BaseContract>, init: string): Promise<void> => {
    await next;
    plans.push([name, proxy, next, init]);
  };
  await plan(
    "PolygonPool",
    pool,
    new PolygonPool__Next__factory(deployer).deploy({
      ...{ token, delegator, pol, matic, migration, treasury },
      legacyBond: bond,
    }),
    PolygonPool__factory.createInterface().encodeFunctionData("initialize", [start]),
  );
  await plan(
    "Delegator",
    delegator,
    new Delegator__Next__factory(deployer).deploy({ pool, stakeManager, pol, matic, migration }, params.maxShareBps),
    Delegator__factory.createInterface().encodeFunctionData("initialize", [below, 1n, DAY]),
  );
  await plan(
    "AMATICb",
    bond,
    new AMATICb__Next__factory(deployer).deploy(token, pool, switcher),
    AMATICb__factory.createInterface().encodeFunctionData("initialize", [below, at, 1n]),
  );
  await plan(
    "BondSwitcher",
    switcher,
    new BondSwitcher__Next__factory(deployer).deploy(bond, treasury),
    BondSwitcher__factory.createInterface().encodeFunctionData("initialize", [below, 0n, ONE, 0n]),
  );
  await plan(
    "BridgeAdapter",
    bridge,
    new BridgeAdapter__Next__factory(deployer).deploy(
      { fxRoot: fx.fxRoot, rootChain: fx.rootChain, pool, token, peer: child.adapter },
      bridgeParams.releaseCeilingWei,
    ),
    BridgeAdapter__factory.createInterface().encodeFunctionData("initialize", [below, ONE, 2_000n * ONE]),
  );
  await plan(
    "ChildAnkrMATIC",
    child.token,
    new ChildAnkrMATIC__Next__factory(deployer).deploy(child.feed),
    ChildAnkrMATIC__factory.createInterface().encodeFunctionData("initialize", [above, ONE]),
  );
  await plan(
    "RatioFeed",
    child.feed,
    new RatioFeed__Next__factory(deployer).deploy(child.adapter),
    RatioFeed__factory.createInterface().encodeFunctionData("initialize", [above]),
  );
  await plan(
    "ChildBridgeAdapter",
    child.adapter,
    new ChildBridgeAdapter__Upgrade__factory(deployer).deploy({
      ...{ fxChild: fx.fxChild, token: child.token, feed: child.feed, peer: bridge },
    }),
    ChildBridgeAdapter__factory.createInterface().encodeFunctionData("initialize", [above]),
  );
  await plan(
    "SwapPool",
    child.swap,
    new SwapPool__Next__factory(deployer).deploy(child.token, child.feed, wrapped),
    SwapPool__factory.createInterface().encodeFunctionData("initialize", [above, 50n, ONE]),
  );
  const migrating = NextVersion__factory.createInterface();
  return Promise.all(
    plans.map(async ([name, proxy, next, initialization], index) => ({
      name,
      proxy,
      manager: index < 6 ? manager : child.manager,
      next: await (await next).getAddress(),
      // The pool has no room for a migration.
      migration: name === "PolygonPool" ? "0x" : migrating.encodeFunctionData("migrate", [memoOf(index)]),
      initialization,
    })),
  );
}

describe("An upgrade of every contract, in the middle of everything", () => {
  let live: Live;

  beforeEach(async () => {
    live = await loadFixture(deployLive);
    live.unsynced.clear();
    watchLedgers(live);
  });

  const callOf = ({ next, migration }: Upgrade): string => upgradeCall(next, migration);

  async function scheduleAll(): Promise<void> {
    for (const upgrade of live.upgrades) {
      await upgrade.manager.connect(live.actors.upgrader).schedule(upgrade.proxy, callOf(upgrade), 0);
    }
  }

  async function executeAll(lastAt: bigint): Promise<void> {
    for (const [index, upgrade] of live.upgrades.entries()) {
      await time.setNextBlockTimestamp(lastAt - BigInt(live.upgrades.length - 1 - index));
      await upgrade.manager.connect(live.actors.upgrader).execute(upgrade.proxy, callOf(upgrade));
    }
  }

  async function upgradeAll(): Promise<void> {
    await scheduleAll();
    await time.increase(live.params.delays.upgraderSeconds);
    await executeAll(BigInt(await time.latest()) + 100n);
  }

  async function dumpAll(): Promise<Record<string, string>> {
    const { actors, requests, bridge, child, bond, pool } = live;
    const people = [actors.alice, actors.bob, actors.carol, actors.treasury].map(({ address }) => address);
    const contracts = await Promise.all([bridge, child.adapter, child.swap, bond, pool].map((one) => one.getAddress()));
    const numbers = [0n, 1n, 2n, 3n, 4n, ONE, 1_000n * ONE, ...Object.values(requests)];
    const dump: Record<string, string> = {};
    for (const { name, proxy } of live.upgrades) {
      Object.assign(dump, await dumpOf(name, proxy, { accounts: [...people, ...contracts], numbers }));
    }
    return dump;
  }

  it("covers all that can be upgraded, and finds everything under way", async () => {
    expect(live.upgrades.map(({ name }) => name)).to.deep.equal([...UPGRADEABLE]);
    const { pool, lens, token, bond, bridge, child, requests, closed, actors } = live;
    const stateOf = async (id: bigint): Promise<bigint> => (await pool.batchOf(id >> 160n)).state;
    expect(await stateOf(requests.claimable)).to.equal(BATCH.Claimable);
    expect(await stateOf(requests.closedAlice)).to.equal(BATCH.Closed);
    expect(requests.closedAlice >> 160n).to.equal(closed);
    expect(await stateOf(requests.open)).to.equal(BATCH.Open);
    const books = await lens.books();
    expect(books.unbonding).to.be.greaterThan(0n);
    expect(books.reserved).to.be.greaterThan(0n);
    expect(books.totalPooled).to.be.greaterThan(await pool.totalAssets());
    expect(await bond.sharesOf(actors.alice)).to.be.greaterThan(0n);
    expect(await token.balanceOf(bridge)).to.be.greaterThan(0n);
    expect(await bridge.pendingOf(actors.carol)).to.equal(2_500n * ONE);
    expect(await child.adapter.pendingOf(actors.carol)).to.be.greaterThan(0n);
    expect(await bridge.lastNonce()).to.equal((await child.feed.lastNonce()) + 1n);
    expect(await child.swap.totalSupply()).to.be.greaterThan(0n);
  });

  it("A85: leaves every view of every contract as it would be in that second without it", async () => {
    await scheduleAll();
    await time.increase(live.params.delays.upgraderSeconds);
    const then = BigInt(await time.latest()) + 100n;
    const snapshot = await takeSnapshot();
    await time.increaseTo(then);
    const without = await dumpAll();
    await snapshot.restore();
    await executeAll(then);
    expect(BigInt(await time.latest())).to.equal(then);
    const after = await dumpAll();
    const keys = Object.keys(without);
    expect(keys.filter((key) => without[key] !== after[key])).to.deep.equal([]);
    expect(Object.keys(after)).to.deep.equal(keys);
    // It asked much, and most of it was answered.
    expect(keys.length).to.be.greaterThan(1_000);
    expect(Object.values(after).filter((answer) => !answer.startsWith("reverts")).length).to.be.greaterThan(800);
  });

  it("A87: puts the new code to work, with its migration, once", async () => {
    await upgradeAll();
    for (const [index, { name, proxy, next }] of live.upgrades.entries()) {
      expect(await implementationOf(proxy), name).to.equal(next);
      const at = await proxy.getAddress();
      if (name === "PolygonPool") {
        expect(await PolygonPool__Next__factory.connect(at, ethers.provider).VERSION()).to.equal(2n);
        continue;
      }
      const migrated = NextVersion__factory.connect(at, live.actors.stranger);
      expect(await migrated.memo(), name).to.equal(memoOf(index));
      await expect(migrated.migrate(1n), name).to.be.revertedWithCustomError(proxy, "InvalidInitialization");
    }
  });

  it("A85: leaves every implementation, old and new, impossible to initialize", async () => {
    const before = await Promise.all(live.upgrades.map(async ({ proxy }) => implementationOf(proxy)));
    await upgradeAll();
    const { stranger } = live.actors;
    for (const [index, { name, next, proxy, initialization }] of live.upgrades.entries()) {
      for (const to of [before[index] ?? "", next, await proxy.getAddress()]) {
        const attempt = stranger.sendTransaction({ to, data: initialization });
        await expect(attempt, name).to.be.revertedWithCustomError(proxy, "InvalidInitialization");
      }
      if (name === "PolygonPool") continue;
      const migration = NextVersion__factory.connect(next, stranger).migrate(1n);
      await expect(migration, name).to.be.revertedWithCustomError(proxy, "InvalidInitialization");
    }
  });

  it("waits seven days, to the second", async () => {
    await scheduleAll();
    const { upgrader } = live.actors;
    const [first] = live.upgrades;
    if (first === undefined) throw new Error("nothing to upgrade");
    for (const upgrade of live.upgrades) {
      const { manager, proxy } = upgrade;
      const id = await manager.hashOperation(upgrader, proxy, callOf(upgrade));
      const readyAt = await manager.getSchedule(id);
      await time.setNextBlockTimestamp(readyAt - 1n);
      const snapshot = await takeSnapshot();
      await expect(manager.connect(upgrader).execute(proxy, callOf(upgrade)))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(id);
      await snapshot.restore();
    }
    const call = callOf(first);
    const id = await first.manager.hashOperation(upgrader, first.proxy, call);
    await time.setNextBlockTimestamp(await first.manager.getSchedule(id));
    await first.manager.connect(upgrader).execute(first.proxy, call);
    expect(await implementationOf(first.proxy)).to.equal(first.next);
  });

  it("is the upgrader's alone, whoever else tries after the seven days", async () => {
    await scheduleAll();
    await time.increase(live.params.delays.upgraderSeconds);
    const { actors } = live;
    const others: HardhatEthersSigner[] = [actors.deployer, actors.manager, actors.guardian, actors.stranger];
    for (const upgrade of live.upgrades) {
      const { manager, proxy, next, migration, name } = upgrade;
      const { selector } = Upgradeable__factory.createInterface().getFunction("upgradeToAndCall");
      for (const account of others) {
        await expect(manager.connect(account).execute(proxy, callOf(upgrade)), name)
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
          .withArgs(account.address, await proxy.getAddress(), selector);
        const direct = Upgradeable__factory.connect(await proxy.getAddress(), account).upgradeToAndCall(
          next,
          migration,
        );
        await expect(direct, name)
          .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
          .withArgs(account.address);
      }
    }
  });

  describe("after it", () => {
    it("batches in each state pay what they owed, to the wei, and new ones begin", async () => {
      const { pool, polygon, requests, closed, actors } = live;
      const { alice, bob, carol } = actors;
      const owedOf = async (id: bigint): Promise<bigint> => (await pool.requestOf(id)).assets;
      const owed = {
        claimable: await owedOf(requests.claimable),
        closedAlice: await owedOf(requests.closedAlice),
        closedCarol: await owedOf(requests.closedCarol),
        open: await owedOf(requests.open),
        bonds: await owedOf(requests.bonds),
      };
      // At the first request a share was worth one POL.
      expect(owed.claimable).to.equal(1_000n * ONE);
      await upgradeAll();

      const claims = async (id: bigint, who: HardhatEthersSigner, assets: bigint): Promise<void> => {
        await expect(pool.connect(who).claim([id], who, who)).to.changeTokenBalance(polygon.pol, who, assets);
      };
      await claims(requests.claimable, bob, owed.claimable);
      await unbond(live);
      await pool.finalizeBatch(closed);
      await claims(requests.closedAlice, alice, owed.closedAlice);
      await claims(requests.closedCarol, carol, owed.closedCarol);
      const last = await settle(live);
      await unbond(live);
      if ((await pool.batchOf(last)).state === BATCH.Closed) await pool.finalizeBatch(last);
      await claims(requests.open, alice, owed.open);
      await claims(requests.bonds, bob, owed.bonds);

      await pool.harvest([]);
      await pool.connect(carol).deposit(10n * ONE, carol);
      await delegateAll(live);
      const anew = await request(live, carol, ONE);
      const batch = await settle(live);
      await unbond(live);
      if ((await pool.batchOf(batch)).state === BATCH.Closed) await pool.finalizeBatch(batch);
      await claims(anew, carol, await owedOf(anew));
    });

    it("holders of aMATICb move, unstake and switch", async () => {
      await upgradeAll();
      const { bond, switcher, token, actors } = live;
      const { alice, bob, treasury } = actors;
      const held = await bond.sharesOf(alice);
      await bond.connect(alice).transferShares(bob, 10n * ONE);
      expect(await bond.sharesOf(alice)).to.equal(held - 10n * ONE);
      await bond.connect(alice).unstakeShares(5n * ONE);
      const shares = 100n * ONE;
      await expect(switcher.connect(alice).switchShares(shares, alice)).to.changeTokenBalances(
        token,
        [alice, treasury, bond],
        [shares - feeOf(shares), feeOf(shares), -shares],
      );
    });

    it("messages on their way arrive, and what waited at either end is paid", async () => {
      const { bridge, child, token, withdrawal, actors } = live;
      const { alice, carol, stranger } = actors;
      const books = async (): Promise<readonly string[]> => (await bridgeBooks(bridge, child)).differences;
      expect(await books()).to.deep.equal([]);
      await upgradeAll();
      expect(await books()).to.deep.equal([]);

      await deliver(live);
      expect(await child.token.balanceOf(alice)).to.equal(100n * ONE);
      await child.adapter.connect(stranger).payPending(carol);
      expect(await child.token.balanceOf(carol)).to.equal(4_000n * ONE);
      await submitCheckpoint(live);
      await expect(bridge.receiveMessage(await proofOf(live, withdrawal))).to.changeTokenBalance(
        token,
        alice,
        50n * ONE,
      );
      // 2,000 a day, of which 50 are gone; what refilled in the seconds since is paid, too.
      const before = await token.balanceOf(carol);
      await bridge.connect(stranger).payPending(carol);
      await time.increase(DAY);
      await bridge.connect(stranger).payPending(carol);
      expect((await token.balanceOf(carol)) - before).to.equal(2_500n * ONE);

      expect(await bridge.totalPending()).to.equal(0n);
      expect(await token.balanceOf(bridge)).to.equal(await bridge.locked());
      expect(await bridge.locked()).to.equal(await child.adapter.minted());
      expect(await books()).to.deep.equal([]);
    });

    it("a fresh rate opens the swap pool, and its provider gets all of it out", async () => {
      const { bridge, child, actors } = live;
      const { bob, stranger } = actors;
      await upgradeAll();
      await expect(child.swap.connect(stranger).stake(0n, { value: ONE })).to.be.revertedWithCustomError(
        child.swap,
        "RateTooOld",
      );
      await bridge.connect(stranger).syncRate();
      await deliver(live);
      await deliver(live);
      const quoted = await child.swap.quoteStake(ONE);
      await expect(child.swap.connect(stranger).stake(0n, { value: ONE })).to.changeTokenBalance(
        child.token,
        stranger,
        quoted,
      );
      await child.token.connect(stranger).approve(child.swap, MAX);
      await child.swap.connect(stranger).unstake(ONE / 2n, 0n);
      const liquidity = await child.swap.balanceOf(bob);
      const { assets, shares } = await child.swap.previewRemove(liquidity);
      const removal = child.swap.connect(bob).removeLiquidity(liquidity, bob, 0n, 0n);
      await expect(removal).to.changeEtherBalance(bob, assets);
      await expect(removal).to.changeTokenBalance(child.token, bob, shares);
      expect(await child.swap.balanceOf(bob)).to.equal(0n);
    });
  });
});
