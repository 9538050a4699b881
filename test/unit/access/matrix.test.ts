import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { AddressLike, BaseContract } from "ethers";

import { GUARDIAN, MANAGER, UPGRADER, bridgePowers, powers } from "../../../deploy/access";
import { bridgedFixture } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { DAY, ONE, asManager } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { zeroCall } from "../../support/zeroCall";

/** Every function that takes orders, by the contract that has it and the role that gives them. */
const MATRIX: Readonly<Record<string, Readonly<Record<string, bigint>>>> = {
  token: { upgradeToAndCall: UPGRADER },
  pool: {
    upgradeToAndCall: UPGRADER,
    setFee: MANAGER,
    setAssetCap: MANAGER,
    resumeStakes: MANAGER,
    pauseStakes: GUARDIAN,
  },
  delegator: {
    upgradeToAndCall: UPGRADER,
    addPosition: MANAGER,
    removePosition: MANAGER,
    setWeights: MANAGER,
    setMaxCommission: MANAGER,
    setDeadSliceTime: MANAGER,
  },
  bond: { upgradeToAndCall: UPGRADER },
  switcher: {
    upgradeToAndCall: UPGRADER,
    setFee: MANAGER,
    setCap: MANAGER,
    setDailyLimit: MANAGER,
    resumeSwitches: MANAGER,
    pauseSwitches: GUARDIAN,
  },
  bridge: {
    upgradeToAndCall: UPGRADER,
    setLockCap: MANAGER,
    setReleaseLimit: MANAGER,
    resumeBridging: MANAGER,
    pauseBridging: GUARDIAN,
    lowerReleaseLimit: GUARDIAN,
  },
};

describe("the matrix of powers", () => {
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
  });

  const contractOf = (name: string): BaseContract => {
    const { token, pool, delegator, bond, switcher, bridge } = context;
    const found = { token, pool, delegator, bond, switcher, bridge }[name];
    if (found === undefined) throw new Error(`the matrix names ${name}, which the system does not have`);
    return found;
  };

  for (const [name, rights] of Object.entries(MATRIX)) {
    describe(name, () => {
      it("A01: refuses a stranger in exactly the functions of the matrix", async () => {
        const contract = contractOf(name);
        const { stranger } = context.actors;
        const refusal = contract.interface.encodeErrorResult("AccessManagedUnauthorized", [stranger.address]);
        const refused: string[] = [];
        for (const method of changingFunctionsOf(contract)) {
          const data = zeroCall(contract.interface, method);
          const outcome = await stranger.call({ to: await contract.getAddress(), data }).then(
            () => "passed",
            (error: unknown) => (error as { data?: string }).data ?? "",
          );
          if (outcome === refusal) refused.push(method.name);
        }
        // The manager alone may replace itself: AccessManager.updateAuthority, which the upgrader calls.
        expect(refused.sort()).to.deep.equal([...Object.keys(rights), "setAuthority"].sort());
      });

      it("gives each function to its role", async () => {
        const contract = contractOf(name);
        const { manager } = context;
        for (const [method, role] of Object.entries(rights)) {
          const selector = contract.interface.getFunction(method)?.selector ?? "";
          expect(await manager.getTargetFunctionRole(contract, selector), method).to.equal(role);
        }
      });

      it("refuses every other role, and the holders of the right one without their delay", async () => {
        const contract = contractOf(name);
        const { manager, actors, params } = context;
        const holders: readonly [bigint, AddressLike & { address: string }, bigint][] = [
          [UPGRADER, actors.upgrader, params.delays.upgraderSeconds],
          [MANAGER, actors.manager, params.delays.managerSeconds],
          [GUARDIAN, actors.guardian, 0n],
        ];
        for (const [method, role] of Object.entries(rights)) {
          const selector = contract.interface.getFunction(method)?.selector ?? "";
          for (const [held, holder, delay] of holders) {
            const [immediate, wait] = await manager.canCall(holder, contract, selector);
            const mine = held === role;
            expect([immediate, wait], `${method} by role ${held}`).to.deep.equal([
              mine && delay === 0n,
              mine ? delay : 0n,
            ]);
          }
        }
      });

      it("can be closed by nobody without the upgrader's delay", async () => {
        const contract = contractOf(name);
        expect(await context.manager.isTargetClosed(contract)).to.equal(false);
        await time.increase(5n * DAY);
        expect(await context.manager.getTargetAdminDelay(contract)).to.equal(7n * DAY);
      });
    });
  }

  it("A88: the deployment writes this matrix and nothing else", () => {
    const written = [...powers(), ...bridgePowers()].flatMap(({ target, role, selectors }) =>
      selectors.map((selector) => [target, contractOf(target).interface.getFunction(selector)?.name, role]),
    );
    const expected = Object.entries(MATRIX).flatMap(([target, rights]) =>
      Object.entries(rights)
        .filter(([, role]) => role !== UPGRADER)
        .map(([method, role]) => [target, method, role]),
    );
    const byName = (a: unknown[], b: unknown[]): number => (a.join() < b.join() ? -1 : 1);
    expect(written.sort(byName)).to.deep.equal(expected.sort(byName));
  });

  it("A01: a stranger's call of any function of any contract changes no supply", async () => {
    const { token, pool, actors, polygon } = context;
    await pool.connect(actors.alice).deposit(10n * ONE, actors.alice);
    await polygon.pol.connect(actors.stranger).approve(pool, 0n);
    await polygon.matic.connect(actors.stranger).approve(pool, 0n);
    const supply = await token.totalSupply();
    for (const name of Object.keys(MATRIX)) {
      const contract = contractOf(name);
      for (const method of changingFunctionsOf(contract)) {
        const data = zeroCall(contract.interface, method);
        const to = await contract.getAddress();
        await actors.stranger.sendTransaction({ to, data, gasLimit: 5_000_000n }).catch(() => undefined);
        expect(await token.totalSupply(), `${name}.${method.name}`).to.equal(supply);
      }
    }
  });

  describe("delays", () => {
    const setFee = () => context.pool.interface.encodeFunctionData("setFee", [700n]);

    it("the manager waits a day", async () => {
      const { manager, pool, actors } = context;
      const asItself = manager.connect(actors.manager);
      await expect(pool.connect(actors.manager).setFee(700n)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerNotScheduled",
      );
      await asItself.schedule(pool, setFee(), 0);
      const operation = await manager.hashOperation(actors.manager, pool, setFee());
      const due = BigInt(await time.latest()) + DAY;
      await time.setNextBlockTimestamp(due - 1n);
      await expect(asItself.execute(pool, setFee()))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(operation);
      await time.setNextBlockTimestamp(due);
      await asItself.execute(pool, setFee());
      expect((await pool.parameters()).feeBps).to.equal(700n);
    });

    it("the manager may also call the contract itself once it has waited", async () => {
      const { manager, pool, actors } = context;
      await manager.connect(actors.manager).schedule(pool, setFee(), 0);
      await time.increase(DAY);
      await pool.connect(actors.manager).setFee(700n);
      expect((await pool.parameters()).feeBps).to.equal(700n);
    });

    it("the guardian cancels what the manager has scheduled", async () => {
      const { manager, pool, actors } = context;
      await manager.connect(actors.manager).schedule(pool, setFee(), 0);
      const operation = await manager.hashOperation(actors.manager, pool, setFee());
      await expect(manager.connect(actors.guardian).cancel(actors.manager, pool, setFee()))
        .to.emit(manager, "OperationCanceled")
        .withArgs(operation, 1n);
      await time.increase(DAY);
      await expect(manager.connect(actors.manager).execute(pool, setFee()))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(operation);
    });

    it("nobody else cancels it but the manager itself and the upgrader", async () => {
      const { manager, pool, actors } = context;
      await manager.connect(actors.manager).schedule(pool, setFee(), 0);
      const selector = pool.interface.getFunction("setFee").selector;
      for (const account of [actors.stranger, actors.treasury, actors.deployer]) {
        await expect(manager.connect(account).cancel(actors.manager, pool, setFee()))
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCancel")
          .withArgs(account.address, actors.manager.address, await pool.getAddress(), selector);
      }
      await manager.connect(actors.manager).cancel(actors.manager, pool, setFee());
    });

    it("the guardian cannot cancel an upgrade", async () => {
      const { manager, pool, actors } = context;
      const data = pool.interface.encodeFunctionData("upgradeToAndCall", [actors.stranger.address, "0x"]);
      await manager.connect(actors.upgrader).schedule(pool, data, 0);
      await expect(manager.connect(actors.guardian).cancel(actors.upgrader, pool, data)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerUnauthorizedCancel",
      );
    });

    it("roles, their members and their functions change only after the upgrader's seven days", async () => {
      const { manager, pool, actors } = context;
      const upgrader = manager.connect(actors.upgrader);
      const { interface: abi } = manager;
      for (const data of [
        abi.encodeFunctionData("grantRole", [MANAGER, actors.stranger.address, 0n]),
        abi.encodeFunctionData("revokeRole", [GUARDIAN, actors.guardian.address]),
        abi.encodeFunctionData("setTargetFunctionRole", [await pool.getAddress(), ["0x69fe0e2d"], GUARDIAN]),
        abi.encodeFunctionData("setTargetClosed", [await pool.getAddress(), true]),
        abi.encodeFunctionData("updateAuthority", [await pool.getAddress(), actors.stranger.address]),
        abi.encodeFunctionData("setRoleGuardian", [MANAGER, UPGRADER]),
        abi.encodeFunctionData("setGrantDelay", [MANAGER, 1n]),
        abi.encodeFunctionData("setTargetAdminDelay", [await pool.getAddress(), 0n]),
      ]) {
        await expect(actors.upgrader.sendTransaction({ to: manager, data })).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotScheduled",
        );
        await upgrader.schedule(manager, data, 0);
        const operation = await manager.hashOperation(actors.upgrader, manager, data);
        const due = BigInt(await time.latest()) + 7n * DAY;
        expect(await manager.getSchedule(operation)).to.equal(due);
      }
    });
  });

  describe("the guardian", () => {
    it("A90: pauses stakes at once, and only the manager's resume ends it early", async () => {
      const { pool, actors } = context;
      const start = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(start);
      await expect(pool.connect(actors.guardian).pauseStakes(5n * DAY))
        .to.emit(pool, "StakesPauseSet")
        .withArgs(actors.guardian.address, start + 5n * DAY);
      await expect(pool.connect(actors.guardian).resumeStakes())
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(actors.guardian.address);
      await asManager(context, pool, pool.interface.encodeFunctionData("resumeStakes"));
      expect((await pool.parameters()).stakesPausedUntil).to.equal(BigInt(await time.latest()));
      await pool.connect(actors.alice).deposit(ONE, actors.alice);
    });

    it("cannot pause for longer than 5 days, nor again within 30 days", async () => {
      const { pool, actors } = context;
      const guardian = pool.connect(actors.guardian);
      await expect(guardian.pauseStakes(5n * DAY + 1n))
        .to.be.revertedWithCustomError(pool, "PauseOutOfBounds")
        .withArgs(5n * DAY + 1n, 5n * DAY);
      await guardian.pauseStakes(DAY);
      const { stakesPausedUntil } = await pool.parameters();
      await time.increaseTo(stakesPausedUntil);
      await pool.connect(actors.alice).deposit(ONE, actors.alice);
      await expect(guardian.pauseStakes(DAY))
        .to.be.revertedWithCustomError(pool, "PauseCoolingDown")
        .withArgs(stakesPausedUntil + 30n * DAY);
      await time.increaseTo(stakesPausedUntil + 30n * DAY);
      await guardian.pauseStakes(DAY);
    });

    it("A45, A90: pauses neither requests, nor batches, nor claims, nor upkeep", async () => {
      const { pool, polygon, actors } = context;
      const alice = pool.connect(actors.alice);
      await alice.deposit(100n * ONE, actors.alice);
      await pool.connect(actors.guardian).pauseStakes(5n * DAY);
      await alice.requestRedeem(5n * ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      await expect(alice.redeem(5n * ONE, actors.alice, actors.alice)).to.changeTokenBalance(
        polygon.pol,
        actors.alice,
        5n * ONE,
      );
      await pool.delegate(30n * ONE);
      await pool.harvest([]);
      await pool.skim();
      await pool.sync(1n);
    });

    it("nothing to resume reverts", async () => {
      const { pool } = context;
      await expect(
        asManager(context, pool, pool.interface.encodeFunctionData("resumeStakes")),
      ).to.be.revertedWithCustomError(pool, "NotPaused");
    });
  });
});
