import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import hre, { ethers, upgrades } from "hardhat";

import { UPGRADEABLE, upgradeProblems } from "../../../scripts/deploy/upgradeSafety";
import { behavesLikeUUPS } from "../../behaviors/UUPS.behavior";
import { LIMITS, bridgedFixture, deliver, provenWithdrawal } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { expectBacked, refill, withdrawalAtTheFloor, FLOOR } from "../../support/bridgeEnds";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow } from "../../support/growth";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { feeOf, set } from "../../support/switcher";
import { asUpgrader, implementationOf, upgradeCall } from "../../support/upgrades";
import {
  AMATICb__factory,
  BondSwitcher__factory,
  BridgeAdapter__factory,
  Delegator__factory,
  PolygonPool__factory,
  Upgradeable__factory,
} from "../../../typechain-types";
import { AnkrMATIC__Upgrade__factory } from "../../typechain-types";

/** Another implementation of the pool, wired to the same contracts. */
async function nextPool({ token, delegator, polygon, pool, actors }: Context): Promise<string> {
  const next = await new PolygonPool__factory(actors.deployer).deploy({
    token,
    delegator,
    pol: polygon.pol,
    matic: polygon.matic,
    migration: polygon.migration,
    treasury: actors.treasury,
    legacyBond: await pool.LEGACY_BOND(),
  });
  return next.getAddress();
}

async function nextDelegator({ pool, polygon, params, actors }: Context): Promise<string> {
  const { stakeManager, pol, matic, migration } = polygon;
  const factory = new Delegator__factory(actors.deployer);
  const next = await factory.deploy({ pool, stakeManager, pol, matic, migration }, params.maxShareBps);
  return next.getAddress();
}

async function nextToken({ pool, polygon, actors }: Context): Promise<string> {
  const next = await new AnkrMATIC__Upgrade__factory(actors.deployer).deploy(pool, polygon.pol);
  return next.getAddress();
}

async function nextBond({ token, pool, switcher, actors }: Context): Promise<string> {
  const next = await new AMATICb__factory(actors.deployer).deploy(token, pool, switcher);
  return next.getAddress();
}

async function nextSwitcher({ bond, actors }: Context): Promise<string> {
  const next = await new BondSwitcher__factory(actors.deployer).deploy(bond, actors.treasury);
  return next.getAddress();
}

async function nextBridge({ fx, pool, token, child, actors }: BridgedContext): Promise<string> {
  const { fxRoot, rootChain } = fx;
  const wiring = { fxRoot, rootChain, pool, token, peer: child.adapter };
  const next = await new BridgeAdapter__factory(actors.deployer).deploy(wiring, LIMITS.releaseCeilingWei);
  return next.getAddress();
}

describe("AnkrMATIC, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await fixture();
    const { token, manager } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await token.getAddress(), context.actors.stranger),
      initialization: token.interface.encodeFunctionData("initialize", [await manager.getAddress()]),
      next: () => nextToken(context),
    };
  });
});

describe("PolygonPool, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await fixture();
    const { pool, manager, actors } = context;
    const start = {
      authority: await manager.getAddress(),
      seeder: actors.stranger.address,
      seed: ONE,
      assetCap: 10n * ONE,
      feeBps: 1n,
    };
    return {
      context,
      proxy: Upgradeable__factory.connect(await pool.getAddress(), actors.stranger),
      initialization: pool.interface.encodeFunctionData("initialize", [start]),
      next: () => nextPool(context),
    };
  });
});

describe("Delegator, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await fixture();
    const { delegator, manager, actors } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await delegator.getAddress(), actors.stranger),
      initialization: delegator.interface.encodeFunctionData("initialize", [await manager.getAddress(), 1n, 86_400n]),
      next: () => nextDelegator(context),
    };
  });
});

describe("AMATICb, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await fixture();
    const { bond, manager, actors } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await bond.getAddress(), actors.stranger),
      initialization: bond.interface.encodeFunctionData("initialize", [await manager.getAddress(), ZeroHash, 1n]),
      next: () => nextBond(context),
    };
  });
});

describe("BondSwitcher, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await fixture();
    const { switcher, manager, actors } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await switcher.getAddress(), actors.stranger),
      initialization: switcher.interface.encodeFunctionData("initialize", [await manager.getAddress(), 0n, ONE, 0n]),
      next: () => nextSwitcher(context),
    };
  });
});

describe("BridgeAdapter, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await bridgedFixture();
    const { bridge, manager, actors } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await bridge.getAddress(), actors.stranger),
      initialization: bridge.interface.encodeFunctionData("initialize", [await manager.getAddress(), ONE, FLOOR]),
      next: () => nextBridge(context),
    };
  });
});

describe("an upgrade", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    const { pool, actors } = context;
    await pool.connect(actors.alice).deposit(1_000n * ONE, actors.alice);
    await pool.connect(actors.bob).stakeAndClaimCerts(500n * ONE);
    await pool.delegate(700n * ONE);
    await pool.connect(actors.alice).requestRedeem(100n * ONE, actors.alice, actors.alice);
    await grow(context, 20n * ONE);
  });

  it("S7201-3: of the pool keeps all of its state, and what goes on goes on", async () => {
    const { pool, token, lens, delegator, actors } = context;
    const state = async () => ({
      books: await lens.books(),
      queue: await pool.queue(),
      parameters: await pool.parameters(),
      assets: await pool.totalAssets(),
      requests: await pool.requestsOf(actors.alice),
      rate: await pool.convertToAssets(ONE),
      delegator: await pool.DELEGATOR(),
      treasury: await pool.TREASURY(),
    });
    const before = await state();
    await asUpgrader(context, pool, upgradeCall(await nextPool(context)));
    expect(await state()).to.deep.equal(before);
    expect(before.delegator).to.equal(await delegator.getAddress());

    await pool.settleBatch();
    const [request = 0n] = await pool.requestsOf(actors.alice);
    await pool.connect(actors.alice).claim([request], actors.alice, actors.alice);
    await pool.connect(actors.carol).deposit(ONE, actors.carol);
    expect(await token.balanceOf(actors.carol)).to.equal(await pool.convertToShares(ONE));
  });

  it("S7201-3: of the delegator keeps all of its state, and what goes on goes on", async () => {
    const { delegator, pool } = context;
    const state = async () => ({
      ledger: await delegator.ledger(),
      reserves: await delegator.reserves(),
      parameters: await delegator.parameters(),
      count: await delegator.positionCount(),
      first: await delegator.positionAt(1n),
      last: await delegator.positionAt(4n),
    });
    const before = await state();
    await asUpgrader(context, delegator, upgradeCall(await nextDelegator(context)));
    expect(await state()).to.deep.equal(before);
    await pool.delegate(100n * ONE);
    expect((await delegator.ledger()).principal).to.equal(before.ledger.principal + 100n * ONE);
  });

  describe("of the token with a migration", () => {
    const migration = AnkrMATIC__Upgrade__factory.createInterface().encodeFunctionData("migrate", [42n]);

    it("S7201-3, S5267-4: keeps balances, allowances and the domain, and migrates in the same call", async () => {
      const { token, actors } = context;
      await token.connect(actors.alice).approve(actors.bob, 7n);
      const state = async () => ({
        name: await token.name(),
        symbol: await token.symbol(),
        supply: await token.totalSupply(),
        alice: await token.balanceOf(actors.alice),
        allowance: await token.allowance(actors.alice, actors.bob),
        domain: await token.eip712Domain(),
        separator: await token.DOMAIN_SEPARATOR(),
        authority: await token.authority(),
      });
      const before = await state();
      await asUpgrader(context, token, upgradeCall(await nextToken(context), migration));
      expect(await state()).to.deep.equal(before);
      expect(await AnkrMATIC__Upgrade__factory.connect(await token.getAddress(), actors.bob).memo()).to.equal(42n);
    });

    it("A87: cannot be migrated a second time, by anyone", async () => {
      const { token, actors } = context;
      await asUpgrader(context, token, upgradeCall(await nextToken(context), migration));
      const upgraded = AnkrMATIC__Upgrade__factory.connect(await token.getAddress(), actors.stranger);
      await expect(upgraded.migrate(43n)).to.be.revertedWithCustomError(token, "InvalidInitialization");
      expect(await upgraded.memo()).to.equal(42n);
    });

    it("A87: cannot be migrated on the bare implementation", async () => {
      const { actors } = context;
      const bare = AnkrMATIC__Upgrade__factory.connect(await nextToken(context), actors.stranger);
      await expect(bare.migrate(1n)).to.be.revertedWithCustomError(bare, "InvalidInitialization");
    });
  });

  it("leaves every holder the time to go: seven days, more than unbonding takes", async () => {
    const { manager, pool, actors, polygon, params } = context;
    const data = upgradeCall(await nextPool(context));
    const implementation = await implementationOf(pool);
    await manager.connect(actors.upgrader).schedule(pool, data, 0);
    await pool.connect(actors.bob).requestRedeem(400n * ONE, actors.bob, actors.bob);
    await pool.settleBatch();
    // 80 checkpoints of half an hour.
    await time.increase(80 * 1_800);
    await polygon.stakeManager.checkpoints(80);
    for (let batch = 1n; batch < (await pool.queue()).open; batch++) {
      const { state } = await pool.batchOf(batch);
      if (state === 1n) await pool.finalizeBatch(batch);
    }
    await pool.connect(actors.bob).redeem(await pool.maxRedeem(actors.bob), actors.bob, actors.bob);
    expect(await pool.requestsOf(actors.bob)).to.deep.equal([]);
    expect(await implementationOf(pool)).to.equal(implementation);
    expect(80n * 1_800n).to.be.lessThan(params.delays.upgraderSeconds);
  });
});

describe("an upgrade of the legacy side", () => {
  let context: Context;

  beforeEach(async () => {
    context = await legacyFixture();
    const { bond, switcher, actors } = context;
    await grow(context, 1_234n * ONE);
    await set(context, "setDailyLimit", 700n * ONE);
    await switcher.connect(actors.alice).switchShares(500n * ONE, actors.alice);
    await bond.connect(actors.bob).transfer(actors.stranger, 3n * ONE);
    await bond.connect(actors.bob).approve(actors.carol, 7n);
  });

  it("S7201-3, S5267-4: of aMATICb keeps shares, allowances, the domain and the seal, and switching goes on", async () => {
    const { bond, switcher, token, pool, actors } = context;
    const { alice, bob, carol, stranger } = actors;
    const state = async () => ({
      named: [await bond.name(), await bond.symbol(), await bond.decimals()],
      shares: await Promise.all([alice, bob, carol, stranger].map((holder) => bond.sharesOf(holder))),
      all: [await bond.totalSharesSupply(), await bond.totalSupply()],
      allowance: await bond.allowance(bob, carol),
      domain: await bond.eip712Domain(),
      genesis: [await bond.genesis(), await bond.genesisSealed(), await bond.genesisMinted(1n)],
      wiring: [await bond.SWITCHER(), await bond.authority()],
      ratio: await bond.ratio(),
    });
    const before = await state();
    expect(before.all[0]).to.equal(3n * GENESIS_SHARES - 500n * ONE);
    await asUpgrader(context, bond, upgradeCall(await nextBond(context)));
    expect(await state()).to.deep.equal(before);
    await expect(switcher.connect(alice).switchShares(ONE, carol)).to.changeTokenBalance(
      token,
      carol,
      ONE - feeOf(ONE),
    );
    await expect(bond.connect(bob).unstakeShares(ONE)).to.emit(pool, "RedeemRequest");
  });

  it("S7201-3: of the switcher keeps its parameters, its count and its clocks, and switching goes on", async () => {
    const { switcher, actors } = context;
    await switcher.connect(actors.guardian).pauseSwitches(60n);
    const state = async () => ({
      parameters: await switcher.parameters(),
      remaining: await switcher.remaining(),
      wiring: [await switcher.TREASURY(), await switcher.authority()],
    });
    const before = await state();
    expect(before.parameters.used).to.equal(500n * ONE);
    await asUpgrader(context, switcher, upgradeCall(await nextSwitcher(context)));
    expect(await state()).to.deep.equal(before);
    expect(await switcher.available()).to.equal(700n * ONE);
    await switcher.connect(actors.bob).switchShares(300n * ONE, actors.bob);
    expect(await switcher.available()).to.equal(400n * ONE);
    expect(await switcher.remaining()).to.equal(before.remaining - 300n * ONE);
  });
});

describe("an upgrade of the bridge's end on Ethereum", () => {
  it("S7201-3: keeps what is locked, what waits, what was proven and the limits, and both directions go on", async () => {
    const context = await bridgedFixture();
    const { bridge, child, token, actors } = context;
    await bridge.connect(actors.alice).bridge(9_000n * ONE, actors.bob);
    await deliver(context);
    const used = await withdrawalAtTheFloor(context, 3_000n * ONE);
    await bridge.receiveMessage(used);
    const before = await provenWithdrawal(context, child.adapter.connect(actors.bob).withdraw(7n * ONE, actors.alice));
    await bridge.connect(actors.guardian).pauseBridging(60n);
    const state = async () => ({
      locked: await bridge.locked(),
      pending: [await bridge.pendingOf(actors.carol), await bridge.totalPending()],
      nonces: [await bridge.lastNonce(), await bridge.isConsumed(1n), await bridge.isConsumed(2n)],
      parameters: await bridge.parameters(),
      wiring: [await bridge.PEER(), await bridge.FX_ROOT(), await bridge.ROOT_CHAIN(), await bridge.authority()],
    });
    const old = await state();
    expect(old.pending).to.deep.equal([3_000n * ONE - FLOOR, 3_000n * ONE - FLOOR]);
    await asUpgrader(context, bridge, upgradeCall(await nextBridge(context)));
    expect(await state()).to.deep.equal(old);

    await expect(bridge.receiveMessage(used)).to.be.revertedWithCustomError(bridge, "ExitConsumed");
    await expect(bridge.receiveMessage(before)).to.changeTokenBalance(token, actors.alice, 7n * ONE);
    const left = FLOOR - 7n * ONE;
    expect(await bridge.remainingRelease()).to.equal(left);
    await bridge.payPending(actors.carol);
    expect(await bridge.pendingOf(actors.carol)).to.equal(0n);
    expect(await bridge.remainingRelease()).to.equal(left + refill(FLOOR, 1n) - (3_000n * ONE - FLOOR));
    await bridge.connect(actors.alice).bridge(ONE, actors.alice);
    expect(await bridge.lastNonce()).to.equal(2n);
    await expectBacked(context);
  });
});

describe("the upgrade checks of OpenZeppelin", () => {
  const SOMEWHERE = "0x000000000000000000000000000000000000dEaD";

  for (const name of UPGRADEABLE) {
    it(`S7201-2: find nothing unsafe in ${name}`, async () => {
      expect(await upgradeProblems(hre, [name])).to.deep.equal([]);
    });
  }

  it("S7201-3: would find a storage variable that a constructor sets", async () => {
    const [problem] = await upgradeProblems(hre, ["HostileToken"]);
    expect(problem).to.include("HostileToken").and.to.include("is not upgrade safe");
  });

  it("S7201-3: allow AnkrMATIC to become its upgrade", async () => {
    const options = { kind: "uups" as const, constructorArgs: [SOMEWHERE, SOMEWHERE] };
    const [token, upgrade] = await Promise.all(
      ["AnkrMATIC", "AnkrMATIC__Upgrade"].map((name) => ethers.getContractFactory(name)),
    );
    if (token === undefined || upgrade === undefined) throw new Error("both factories exist");
    const checked = upgrades.validateUpgrade(token, upgrade, options);
    expect(await checked.then(() => "safe", String)).to.equal("safe");
  });
});
