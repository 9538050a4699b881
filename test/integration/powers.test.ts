import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { id } from "ethers";

import { GUARDIAN, MANAGER, UPGRADER } from "../../deploy/access";
import { DAY, MAX, ONE, asManager, fixture, requestId, unbond } from "../support/fixture";
import type { Context } from "../support/fixture";
import { GENESIS_SHARES, legacyFixture } from "../support/legacy";
import { feeOf } from "../support/switcher";
import { asUpgrader, upgradeCall } from "../support/upgrades";

const WEEK = 7n * DAY;

type Target = Context["pool"] | Context["delegator"] | Context["switcher"];

/** A call of each function that the manager has, with its target. */
function managersCalls({ pool, delegator, switcher }: Context): { target: Target; data: string }[] {
  const ofPool = pool.interface;
  const ofDelegator = delegator.interface;
  const ofSwitcher = switcher.interface;
  return [
    { target: pool, data: ofPool.encodeFunctionData("setFee", [100n]) },
    { target: pool, data: ofPool.encodeFunctionData("setAssetCap", [ONE]) },
    { target: pool, data: ofPool.encodeFunctionData("resumeStakes") },
    { target: delegator, data: ofDelegator.encodeFunctionData("addPosition", [8n]) },
    { target: delegator, data: ofDelegator.encodeFunctionData("removePosition", [1n]) },
    { target: delegator, data: ofDelegator.encodeFunctionData("setWeights", [[10_000n], [10_000n]]) },
    { target: delegator, data: ofDelegator.encodeFunctionData("setMaxCommission", [1n]) },
    { target: delegator, data: ofDelegator.encodeFunctionData("setDeadSliceTime", [DAY]) },
    { target: switcher, data: ofSwitcher.encodeFunctionData("setFee", [1n]) },
    { target: switcher, data: ofSwitcher.encodeFunctionData("setCap", [ONE]) },
    { target: switcher, data: ofSwitcher.encodeFunctionData("setDailyLimit", [ONE]) },
    { target: switcher, data: ofSwitcher.encodeFunctionData("resumeSwitches") },
  ];
}

describe("Powers", () => {
  let context: Context;
  beforeEach(async () => (context = await fixture()));

  describe("the manager", () => {
    it("waits a day for each of its functions", async () => {
      const { manager, actors } = context;
      for (const { target, data } of managersCalls(context)) {
        const operation = await manager.hashOperation(actors.manager, target, data);
        await expect(actors.manager.sendTransaction({ to: target, data }))
          .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
          .withArgs(operation);
        await manager.connect(actors.manager).schedule(target, data, 0);
        await time.increase(DAY - 60n);
        await expect(actors.manager.sendTransaction({ to: target, data }))
          .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
          .withArgs(operation);
        await manager.connect(actors.manager).cancel(actors.manager, target, data);
      }
    });

    it("is nobody else: not the upgrader, the guardian, the deployer, the treasury or a stranger", async () => {
      const { upgrader, guardian, deployer, treasury, stranger } = context.actors;
      for (const { target, data } of managersCalls(context)) {
        for (const caller of [upgrader, guardian, deployer, treasury, stranger]) {
          await expect(caller.sendTransaction({ to: target, data }))
            .to.be.revertedWithCustomError(target, "AccessManagedUnauthorized")
            .withArgs(caller.address);
        }
      }
    });

    it("sets no asset cap that is not whole POL, or above 10^30 wei", async () => {
      const { pool, manager, actors } = context;
      const highest = 10n ** 30n;
      for (const cap of [ONE - 1n, ONE + 1n, highest + ONE]) {
        const data = pool.interface.encodeFunctionData("setAssetCap", [cap]);
        await manager.connect(actors.manager).schedule(pool, data, 0);
        await time.increase(DAY);
        await expect(manager.connect(actors.manager).execute(pool, data))
          .to.be.revertedWithCustomError(pool, "CapOutOfBounds")
          .withArgs(cap, highest);
      }
      await asManager(context, pool, pool.interface.encodeFunctionData("setAssetCap", [highest]));
      expect((await pool.parameters()).assetCap).to.equal(highest);
    });

    it("cannot begin a pause, but ends one", async () => {
      const { pool, actors } = context;
      await expect(pool.connect(actors.manager).pauseStakes(DAY))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(actors.manager.address);
      await pool.connect(actors.guardian).pauseStakes(5n * DAY);
      await asManager(context, pool, pool.interface.encodeFunctionData("resumeStakes"));
      await expect(pool.connect(actors.alice).deposit(ONE, actors.alice)).to.emit(pool, "Deposit");
    });
  });

  describe("the guardian", () => {
    it("alone pauses new stakes, at once", async () => {
      const { pool, actors } = context;
      for (const caller of [actors.upgrader, actors.manager, actors.deployer, actors.stranger]) {
        await expect(pool.connect(caller).pauseStakes(DAY))
          .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
      await expect(pool.connect(actors.guardian).pauseStakes(DAY)).to.emit(pool, "StakesPauseSet");
    });

    it("cancels what the manager scheduled, and no stranger does", async () => {
      const { manager, pool, actors } = context;
      const data = pool.interface.encodeFunctionData("setFee", [100n]);
      await manager.connect(actors.manager).schedule(pool, data, 0);
      await expect(manager.connect(actors.stranger).cancel(actors.manager, pool, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel")
        .withArgs(actors.stranger.address, actors.manager.address, pool, data.slice(0, 10));
      await manager.connect(actors.guardian).cancel(actors.manager, pool, data);
      await time.increase(DAY);
      await expect(manager.connect(actors.manager).execute(pool, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(await manager.hashOperation(actors.manager, pool, data));
    });

    it("does not cancel what the upgrader scheduled, and cannot be made to: the admin role is locked", async () => {
      const { manager, pool, actors } = context;
      const data = upgradeCall(await pool.getAddress());
      await manager.connect(actors.upgrader).schedule(pool, data, 0);
      await expect(manager.connect(actors.guardian).cancel(actors.upgrader, pool, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel")
        .withArgs(actors.guardian.address, actors.upgrader.address, pool, data.slice(0, 10));

      const lock = manager.interface.encodeFunctionData("setRoleGuardian", [UPGRADER, GUARDIAN]);
      await expect(asUpgrader(context, manager, lock))
        .to.be.revertedWithCustomError(manager, "AccessManagerLockedRole")
        .withArgs(UPGRADER);
    });
  });

  describe("the upgrader", () => {
    it("waits seven days to give or take a role, and a new upgrader seven more", async () => {
      const { manager, actors } = context;
      const { upgrader, stranger } = actors;
      const grant = (role: bigint): string =>
        manager.interface.encodeFunctionData("grantRole", [role, stranger.address, 0n]);
      for (const role of [UPGRADER, MANAGER, GUARDIAN]) {
        await expect(manager.connect(upgrader).grantRole(role, stranger, 0n))
          .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
          .withArgs(await manager.hashOperation(upgrader, manager, grant(role)));
      }
      await asUpgrader(context, manager, grant(GUARDIAN));
      expect((await manager.hasRole(GUARDIAN, stranger)).isMember).to.equal(true);

      await asUpgrader(context, manager, grant(UPGRADER));
      expect((await manager.hasRole(UPGRADER, stranger)).isMember).to.equal(false);
      await time.increase(WEEK);
      expect((await manager.hasRole(UPGRADER, stranger)).isMember).to.equal(true);
    });

    it("waits seven days to name another authority", async () => {
      const { manager, pool, actors } = context;
      const data = manager.interface.encodeFunctionData("updateAuthority", [
        await pool.getAddress(),
        await manager.getAddress(),
      ]);
      await expect(actors.upgrader.sendTransaction({ to: manager, data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(await manager.hashOperation(actors.upgrader, manager, data));
      await asUpgrader(context, manager, data);
      expect(await pool.authority()).to.equal(await manager.getAddress());
    });

    it("A88: stops no user and no upkeep by closing every contract", async () => {
      const { manager, pool, delegator, token, polygon, actors } = context;
      const { alice, stranger } = actors;
      for (const target of [pool, delegator, token]) {
        const close = manager.interface.encodeFunctionData("setTargetClosed", [await target.getAddress(), true]);
        await asUpgrader(context, manager, close);
      }
      await expect(pool.connect(actors.guardian).pauseStakes(DAY))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(actors.guardian.address);

      await pool.connect(alice).deposit(900n * ONE, alice);
      await pool.connect(stranger).delegate(MAX);
      await pool.connect(alice).requestRedeem(600n * ONE, alice, alice);
      await pool.connect(stranger).harvest([]);
      await pool.connect(stranger).settleBatch();
      await unbond(context);
      await pool.connect(stranger).finalizeBatch(1n);
      await expect(pool.connect(alice).claim([requestId(1n, alice.address)], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        600n * ONE,
      );
    });
  });

  describe("the deployer", () => {
    it("holds no role after the hand-over, and the factory is closed", async () => {
      const { manager, factory, actors } = context;
      for (const role of [UPGRADER, MANAGER, GUARDIAN]) {
        expect((await manager.hasRole(role, actors.deployer)).isMember).to.equal(false);
      }
      await expect(factory.connect(actors.deployer).deploy(id("another"), "0x00")).to.be.revertedWithCustomError(
        factory,
        "FactoryClosed",
      );
    });
  });
});

describe("Powers over the rebasing token and its switch", () => {
  let context: Context;
  beforeEach(async () => (context = await legacyFixture()));

  it("the guardian alone pauses switches, at once", async () => {
    const { switcher, actors } = context;
    for (const caller of [actors.upgrader, actors.manager, actors.treasury, actors.deployer, actors.stranger]) {
      await expect(switcher.connect(caller).pauseSwitches(DAY))
        .to.be.revertedWithCustomError(switcher, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
    await expect(switcher.connect(actors.guardian).pauseSwitches(DAY)).to.emit(switcher, "SwitchesPauseSet");
  });

  it("the guardian cancels a cap that the manager scheduled", async () => {
    const { manager, switcher, actors } = context;
    const data = switcher.interface.encodeFunctionData("setCap", [0n]);
    await manager.connect(actors.manager).schedule(switcher, data, 0);
    await manager.connect(actors.guardian).cancel(actors.manager, switcher, data);
    await time.increase(DAY);
    await expect(manager.connect(actors.manager).execute(switcher, data))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(await manager.hashOperation(actors.manager, switcher, data));
  });

  it("no role takes aMATICb or the ankrMATIC behind it: release is the switcher's, by its holder's call", async () => {
    const { bond, token, switcher, actors } = context;
    const { alice, upgrader, manager, guardian, treasury, deployer, stranger } = actors;
    for (const caller of [upgrader, manager, guardian, treasury, deployer, stranger, alice]) {
      const by = bond.connect(caller);
      for (const release of [by.releaseBonds, by.releaseShares]) {
        await expect(release(alice, ONE, caller, caller, 0n))
          .to.be.revertedWithCustomError(bond, "NotSwitcher")
          .withArgs(caller.address);
      }
    }
    for (const caller of [upgrader, manager, guardian, treasury, deployer, stranger]) {
      await expect(bond.connect(caller).transferSharesFrom(alice, caller, ONE))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(caller.address, 0n, ONE);
      await expect(switcher.connect(caller).switchShares(ONE, caller))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(await switcher.getAddress(), 0n, ONE);
    }
    expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
    expect(await token.balanceOf(bond)).to.equal(3n * GENESIS_SHARES);
  });

  it("nobody mints aMATICb after the seal, whatever role", async () => {
    const { bond, token, pool, actors } = context;
    const { upgrader, manager, guardian, treasury, deployer, stranger } = actors;
    await pool.connect(stranger).deposit(ONE, stranger);
    await token.connect(stranger).approve(bond, MAX);
    for (const caller of [upgrader, manager, guardian, treasury, deployer, stranger]) {
      const holdings = [{ holder: caller.address, shares: 1n }];
      await expect(bond.connect(caller).mintGenesis(2n, holdings, []))
        .to.be.revertedWithCustomError(bond, "NotInGenesis")
        .withArgs(2n);
    }
    expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES);
  });

  it("the upgrader stops no holder by closing every contract: moving, switching, unstaking and claiming go on", async () => {
    const { manager, pool, delegator, token, bond, switcher, polygon, actors } = context;
    const { alice, bob, stranger } = actors;
    for (const target of [pool, delegator, token, bond, switcher]) {
      const close = manager.interface.encodeFunctionData("setTargetClosed", [await target.getAddress(), true]);
      await asUpgrader(context, manager, close);
    }
    await expect(switcher.connect(actors.guardian).pauseSwitches(DAY))
      .to.be.revertedWithCustomError(switcher, "AccessManagedUnauthorized")
      .withArgs(actors.guardian.address);

    await bond.connect(alice).transfer(bob, 5n * ONE);
    await expect(switcher.connect(bob).switchShares(ONE, bob)).to.changeTokenBalance(token, bob, ONE - feeOf(ONE));
    await bond.connect(alice).unstakeShares(GENESIS_SHARES - 5n * ONE);
    await pool.connect(stranger).settleBatch();
    await expect(pool.connect(alice).claim([requestId(1n, alice.address)], alice, alice)).to.changeTokenBalance(
      polygon.pol,
      alice,
      GENESIS_SHARES - 5n * ONE,
    );
  });
});
