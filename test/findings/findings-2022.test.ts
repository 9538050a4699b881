import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import type { BaseContract, FunctionFragment } from "ethers";
import { ethers } from "hardhat";

import { checkEvents } from "../../scripts/checks/events";
import { checkWarnings } from "../../scripts/checks/warnings";
import { delegated, order, setWeights } from "../support/delegating";
import { DAY, FIRST_ID, MAX, ONE, asManager, checkpoints, fixture, requestId, unbond } from "../support/fixture";
import { changingFunctionsOf } from "../support/functions";
import { GENESIS_SHARES, legacyFixture, threeHolders, unmintedFixture } from "../support/legacy";
import { POL_DOMAIN, domainOf, signPermit } from "../support/permit";

/** Functions that the pool alone calls: their caller's event speaks for them, or their own. */
const POOLS_CALLS = ["credit", "fund", "finalize", "delegate", "harvest", "skim", "sync"];
/** Functions of construction and of OpenZeppelin's base, which have OpenZeppelin's events. */
const BASE = ["initialize", "upgradeToAndCall", "setAuthority"];

/** The functions of a contract that may change state, but for those of its base. */
function changing(contract: BaseContract): FunctionFragment[] {
  return changingFunctionsOf(contract).filter(({ name }) => !BASE.includes(name));
}

describe("findings of 2022", () => {
  it("Polygon-1: a user is paid with nobody's signature and nobody's permission", async () => {
    const context = await fixture();
    const { pool, polygon, actors } = context;
    await delegated(context, 999n * ONE);
    const { alice, stranger } = actors;
    await pool.connect(alice).unstakeCerts(100n * ONE, 0, 0, "0x");
    await pool.connect(stranger).settleBatch();
    await unbond(context);
    await pool.connect(stranger).finalizeBatch(1);
    await expect(pool.connect(alice).claim([requestId(1n, alice.address)], alice, alice)).to.changeTokenBalance(
      polygon.pol,
      alice,
      100n * ONE,
    );
  });

  it("Polygon-2: shares are made for assets of the same call alone, and burnt by their owner's will alone", async () => {
    const context = await fixture();
    const { pool, token, delegator, polygon, actors } = context;
    const { alice, deployer, upgrader, manager } = actors;
    for (const role of [deployer, upgrader, manager]) {
      await expect(token.connect(role).mint(role, ONE))
        .to.be.revertedWithCustomError(token, "NotPool")
        .withArgs(role.address);
      await expect(token.connect(role).burn(alice, role, ONE))
        .to.be.revertedWithCustomError(token, "NotPool")
        .withArgs(role.address);
    }
    const sent = pool.connect(alice).deposit(10n * ONE, alice);
    await expect(sent).to.changeTokenBalance(token, alice, 10n * ONE);
    await expect(sent).to.changeTokenBalance(polygon.pol, delegator, 10n * ONE);
    await expect(pool.connect(actors.bob).requestRedeem(ONE, actors.bob, alice))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(actors.bob.address, 0, ONE);
  });

  it("Polygon-3: nothing takes ETH", async () => {
    const { pool, token, delegator, autoClaim, lens, factory, actors } = await fixture();
    for (const contract of [pool, token, delegator, autoClaim, lens, factory]) {
      await expect(actors.stranger.sendTransaction({ to: contract, value: 1n })).to.be.reverted;
      expect(await ethers.provider.getBalance(contract)).to.equal(0);
    }
    for (const contract of [pool, token, delegator]) {
      for (const { name, payable } of changing(contract)) expect(payable, name).to.equal(false);
    }
  });

  it("Polygon-4: no key has it all: orders take a day, upgrades seven, and the deployer has no part any more", async () => {
    const { pool, delegator, manager, actors, params } = await fixture();
    const { deployer, upgrader, guardian } = actors;
    for (const [role, holder, delay] of [
      [0n, upgrader, 7n * DAY],
      [1n, actors.manager, DAY],
      [2n, guardian, 0n],
    ] as const) {
      expect(await manager.hasRole(role, holder)).to.deep.equal([true, delay]);
      expect(await manager.hasRole(role, deployer)).to.deep.equal([false, 0n]);
    }
    for (const name of [
      "addPosition",
      "removePosition",
      "setWeights",
      "setMaxCommission",
      "setDeadSliceTime",
    ] as const) {
      const { selector } = delegator.getFunction(name).fragment;
      expect(await manager.canCall(deployer, delegator, selector)).to.deep.equal([false, 0n]);
      expect(await manager.canCall(guardian, delegator, selector)).to.deep.equal([false, 0n]);
      expect(await manager.canCall(actors.manager, delegator, selector)).to.deep.equal([
        false,
        params.delays.managerSeconds,
      ]);
    }
    const upgrade = pool.getFunction("upgradeToAndCall").fragment.selector;
    expect(await manager.canCall(upgrader, pool, upgrade)).to.deep.equal([false, params.delays.upgraderSeconds]);
    expect(await manager.canCall(actors.manager, pool, upgrade)).to.deep.equal([false, 0n]);
  });

  it("Polygon-5: there are no fee signatures, and a permit is used up by its nonce", async () => {
    const { pool, polygon, token, actors } = await fixture();
    const { alice } = actors;
    await pool.connect(alice).deposit(10n * ONE, alice);
    for (const [fee, block, signature] of [
      [1n, 0n, "0x"],
      [0n, 1n, "0x"],
      [0n, 0n, "0x12"],
    ] as const) {
      await expect(pool.connect(alice).unstakeCerts(ONE, fee, block, signature))
        .to.be.revertedWithCustomError(pool, "LegacyParameters")
        .withArgs(fee, block, (signature.length - 2) / 2);
    }
    await polygon.pol.connect(alice).approve(pool, 0);
    const { v, r, s } = await signPermit(alice, await domainOf(polygon.pol, POL_DOMAIN), {
      owner: alice.address,
      spender: await pool.getAddress(),
      value: 5n * ONE,
      nonce: 0n,
      deadline: MaxUint256,
    });
    await pool.connect(alice).depositWithPermit(5n * ONE, alice, MaxUint256, v, r, s);
    await expect(pool.connect(alice).depositWithPermit(5n * ONE, alice, MaxUint256, v, r, s)).to.be.revertedWith(
      "ERC20: insufficient allowance",
    );
    expect(await token.balanceOf(alice)).to.equal(15n * ONE);
  });

  it("Polygon-6: the last of many users pays for a request and a claim what the second paid", async () => {
    const context = await fixture();
    const { pool, token, actors } = context;
    await delegated(context, 9_999n * ONE);
    const users = (await ethers.getSigners()).slice(30, 90);
    const requests: bigint[] = [];
    for (const user of users) {
      await token.connect(actors.alice).transfer(user, 10n * ONE);
      const receipt = await (await pool.connect(user).requestRedeem(10n * ONE, user, user)).wait();
      requests.push(receipt?.gasUsed ?? 0n);
    }
    const settled = (await (await pool.settleBatch()).wait())?.gasUsed ?? 0n;
    await unbond(context);
    await pool.finalizeBatch(1);
    const claims: bigint[] = [];
    for (const user of users) {
      const receipt = await (await pool.connect(user).claim([requestId(1n, user.address)], user, user)).wait();
      claims.push(receipt?.gasUsed ?? 0n);
    }
    // Addresses have more or fewer zero bytes in the call data: 12 gas each.
    for (const costs of [requests.slice(1), claims.slice(1, -1)]) {
      const [first = 0n] = costs;
      for (const cost of costs) expect(cost).to.be.within(first - 200n, first + 200n);
    }
    expect(settled).to.be.lessThan(1_000_000n);
  });

  it("Polygon-7: every function that changes state has a way to an event, by the compiler's syntax tree", async () => {
    expect(await checkEvents()).to.deep.equal([]);
  });

  it("Polygon-7: every function that changes state leaves an event when it does", async () => {
    const context = await fixture({ commission: 0n, params: { maxShareBps: 5_000n } });
    const { pool, delegator, token, polygon, shares, actors } = context;
    const { alice, bob } = actors;
    const asAlice = pool.connect(alice);
    const domain = await domainOf(polygon.pol, POL_DOMAIN);
    const permit = await signPermit(alice, domain, {
      owner: alice.address,
      spender: await pool.getAddress(),
      value: ONE,
      nonce: 0n,
      deadline: MaxUint256,
    });
    const sharePermit = await signPermit(alice, await domainOf(token, { name: "Ankr Staked MATIC", version: "1" }), {
      owner: alice.address,
      spender: bob.address,
      value: 1n,
      nonce: 0n,
      deadline: MaxUint256,
    });
    const ids = (batch: bigint): bigint[] => [requestId(batch, alice.address)];
    const governed = (name: string, args: unknown[]): Promise<void> =>
      order(context, delegator.interface.encodeFunctionData(name as never, args as never));
    const poolGoverned = (name: string, args: unknown[]): Promise<void> =>
      asManager(context, pool, pool.interface.encodeFunctionData(name as never, args as never));
    const next = async (batch: bigint): Promise<void> => {
      await unbond(context);
      await pool.finalizeBatch(batch);
    };

    const steps: [name: string, act: () => Promise<unknown>][] = [
      ["deposit", () => asAlice.deposit(900n * ONE, alice)],
      ["mint", () => asAlice.mint(ONE, alice)],
      ["stake", () => asAlice.stake(ONE, alice, 0, MAX)],
      ["stakeMatic", () => asAlice.stakeMatic(ONE, alice, 0, MAX)],
      ["stakeAndClaimCerts", () => asAlice.stakeAndClaimCerts(ONE)],
      ["depositWithPermit", () => asAlice.depositWithPermit(ONE, alice, MaxUint256, permit.v, permit.r, permit.s)],
      ["transfer", () => token.connect(alice).transfer(bob, ONE)],
      ["approve", () => token.connect(bob).approve(alice, ONE)],
      ["transferFrom", () => token.connect(alice).transferFrom(bob, alice, ONE)],
      ["permit", () => token.permit(alice, bob, 1, MaxUint256, sharePermit.v, sharePermit.r, sharePermit.s)],
      ["setOperator", () => asAlice.setOperator(bob, true)],
      ["delegate", () => pool.delegate(MAX)],
      ["harvest", async () => (await checkpoints(context), pool.harvest([]))],
      ["skim", async () => (await polygon.pol.mint(delegator, 100n * ONE), pool.skim())],
      [
        "sync",
        async () => {
          await polygon.pol.connect(bob).approve(polygon.stakeManager, MAX);
          await shares[0]?.connect(bob).buyVoucherPOL(ONE, ONE);
          await shares[0]?.connect(bob).transferPOL(delegator, ONE);
          return pool.sync(1);
        },
      ],
      ["requestRedeem", () => asAlice.requestRedeem(10n * ONE, alice, alice)],
      ["settleBatch", () => pool.settleBatch()],
      ["redeem", () => asAlice.redeem(ONE, alice, alice)],
      ["withdraw", () => asAlice.withdraw(ONE, alice, alice)],
      ["claim", () => asAlice.claim(ids(1n), alice, alice)],
      ["unstakeCerts", () => asAlice.unstakeCerts(600n * ONE, 0, 0, "0x")],
      [
        "continueBatch",
        async () => {
          // Three of four are in their notice epoch when the batch is settled.
          await checkpoints(context);
          for (const id of [FIRST_ID, FIRST_ID + 1n, FIRST_ID + 2n]) {
            await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(id);
          }
          await pool.settleBatch();
          await checkpoints(context);
          return pool.continueBatch(2);
        },
      ],
      ["finalizeBatch", () => next(2n)],
      ["claimInMatic", () => asAlice.claimInMatic(ids(2n), alice, alice)],
      ["claimLate", () => asAlice.claimLate(ids(2n), alice, alice)],
      ["setWeights", () => setWeights(context, [5_000n, 0n, 0n, 5_000n])],
      ["evacuate", () => delegator.evacuate(3, ONE)],
      ["rebalance", () => delegator.rebalance(3, 4, ONE)],
      ["setFee", () => poolGoverned("setFee", [100n])],
      ["setAssetCap", () => poolGoverned("setAssetCap", [ONE])],
      ["pauseStakes", () => pool.connect(actors.guardian).pauseStakes(5n * DAY)],
      ["resumeStakes", () => poolGoverned("resumeStakes", [])],
      ["setMaxCommission", () => governed("setMaxCommission", [20n])],
      ["setDeadSliceTime", () => governed("setDeadSliceTime", [DAY])],
      [
        "addPosition",
        async () => {
          await polygon.stakeManager.addValidator(80, actors.validatorOwner, actors.carol, ONE, 0, true);
          return governed("addPosition", [80n]);
        },
      ],
      ["removePosition", () => governed("removePosition", [5n])],
    ];
    const seen = new Set<string>();
    const ours = new Set(await Promise.all([pool, delegator, token].map((contract) => contract.getAddress())));
    for (const [name, act] of steps) {
      await act();
      const logs = await ethers.provider.getLogs({ fromBlock: "latest", toBlock: "latest" });
      expect(logs.filter(({ address }) => ours.has(address)).length, name).to.be.greaterThan(0);
      seen.add(name);
    }
    const missing = [pool, delegator, token]
      .flatMap(changing)
      .map(({ name }) => name)
      .filter((name) => !seen.has(name) && !POOLS_CALLS.includes(name) && name !== "burn");
    expect(missing).to.deep.equal([]);
  });

  it("Polygon-8: the pause can be reached, and ends by itself", async () => {
    const { pool, actors } = await fixture();
    await pool.connect(actors.guardian).pauseStakes(5n * DAY);
    const until = BigInt(await time.latest()) + 5n * DAY;
    await expect(pool.connect(actors.alice).deposit(ONE, actors.alice))
      .to.be.revertedWithCustomError(pool, "StakesArePaused")
      .withArgs(until);
    await time.increaseTo(until);
    await pool.connect(actors.alice).deposit(ONE, actors.alice);
  });

  it("Polygon-8: the compiler finds nothing unused", async () => {
    expect(await checkWarnings()).to.deep.equal([]);
  });
});

describe("findings of 2022, in the rebasing token", () => {
  it("Polygon-2: aMATICb is made by its list alone, against ankrMATIC of the same call, and never again", async () => {
    const context = await unmintedFixture();
    const { bond, token, pool, actors } = context;
    const { alice, stranger, deployer, upgrader, manager, guardian } = actors;
    const names = changing(bond).map(({ name }) => name);
    expect(names.filter((name) => /mint|issue|burn/i.test(name))).to.deep.equal(["mintGenesis"]);

    const { batches } = await threeHolders();
    await pool.connect(stranger).mint(3n * GENESIS_SHARES, stranger);
    await token.connect(stranger).approve(bond, MAX);
    for (const { batch, holdings, proof, shares } of batches) {
      // A role that wants all of it for itself, or for nothing, gets neither.
      for (const role of [deployer, upgrader, manager, guardian]) {
        const mine = [{ holder: role.address, shares }];
        await expect(bond.connect(role).mintGenesis(batch, mine, [...proof]))
          .to.be.revertedWithCustomError(bond, "NotInGenesis")
          .withArgs(batch);
        await expect(bond.connect(role).mintGenesis(batch, [...holdings], [...proof]))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(bond, 0, shares);
      }
      await expect(bond.connect(stranger).mintGenesis(batch, [...holdings], [...proof])).to.changeTokenBalance(
        token,
        bond,
        shares,
      );
    }
    expect(await bond.genesisSealed()).to.equal(true);
    expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES);
    for (const role of [deployer, upgrader, manager, guardian, stranger]) {
      await expect(bond.connect(role).mintGenesis(2, [{ holder: role.address, shares: 1 }], []))
        .to.be.revertedWithCustomError(bond, "NotInGenesis")
        .withArgs(2);
    }
    expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
  });

  it("Polygon-2: aMATICb is burnt by its holder's will alone: no role takes it, and the switcher spends an allowance", async () => {
    const context = await legacyFixture();
    const { bond, switcher, actors } = context;
    const { alice, deployer, upgrader, manager, guardian, treasury, stranger } = actors;
    await bond.connect(alice).approve(switcher, 0);
    for (const role of [deployer, upgrader, manager, guardian, treasury, stranger]) {
      const by = bond.connect(role);
      for (const release of [by.releaseBonds, by.releaseShares]) {
        await expect(release.staticCall(alice, ONE, role, role, 0))
          .to.be.revertedWithCustomError(bond, "NotSwitcher")
          .withArgs(role);
      }
      for (const take of [by.transferFrom, by.transferSharesFrom]) {
        await expect(take.staticCall(alice, role, ONE))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(role, 0, ONE);
      }
    }
    await expect(switcher.connect(alice).switchBonds(ONE, alice))
      .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
      .withArgs(switcher, 0, ONE);
    expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
  });
});
