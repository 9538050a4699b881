import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { BaseContract } from "ethers";

import { GUARDIAN, MANAGER, UPGRADER, polygonPowers } from "../../../deploy/access";
import type { GovernedOnPolygon } from "../../../deploy/access";
import { BURNING, childBridgeFixture, deliverAll, deposit } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { DAY, ONE } from "../../support/fixture";
import { changingFunctionsOf, functionsOf } from "../../support/functions";
import { at, now, scheduled, scheduledLimits } from "../../support/polygon";
import { zeroCall } from "../../support/zeroCall";

/** Every function on Polygon that takes orders, by the contract that has it and the role that gives them. */
const MATRIX: Readonly<Record<keyof GovernedOnPolygon, Readonly<Record<string, bigint>>>> = {
  token: {
    upgradeToAndCall: UPGRADER,
    setLimits: UPGRADER,
    setSupplyCap: UPGRADER,
    setLockbox: UPGRADER,
    adjustLimits: MANAGER,
    lowerMintingLimit: GUARDIAN,
  },
  feed: { upgradeToAndCall: UPGRADER },
  adapter: { upgradeToAndCall: UPGRADER },
  swap: {
    upgradeToAndCall: UPGRADER,
    setFee: MANAGER,
    setDailyLimit: MANAGER,
    resumeSwaps: MANAGER,
    pauseSwaps: GUARDIAN,
  },
};

const TARGETS = ["token", "feed", "adapter", "swap"] as const;

describe("the matrix of powers on Polygon", () => {
  let world: ChildBridge;

  beforeEach(async () => {
    world = await childBridgeFixture();
  });

  for (const name of TARGETS) {
    const rights = MATRIX[name];
    const contractOf = (): BaseContract => world[name];

    describe(name, () => {
      it("A01: refuses a stranger in exactly the functions of the matrix", async () => {
        const contract = contractOf();
        const { stranger } = world.actors;
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

      it("gives each function to its role, and to its holder after its delay alone", async () => {
        const contract = contractOf();
        const { manager, actors, params } = world;
        const holders = [
          [UPGRADER, actors.upgrader, params.delays.upgraderSeconds],
          [MANAGER, actors.manager, params.delays.managerSeconds],
          [GUARDIAN, actors.guardian, 0n],
        ] as const;
        for (const [method, role] of Object.entries(rights)) {
          const selector = contract.interface.getFunction(method)?.selector ?? "";
          expect(await manager.getTargetFunctionRole(contract, selector), method).to.equal(role);
          for (const [held, holder, delay] of holders) {
            const mine = held === role;
            expect(await manager.canCall(holder, contract, selector), `${method} by role ${held}`).to.deep.equal([
              mine && delay === 0n,
              mine ? delay : 0n,
            ]);
          }
          for (const nobody of [actors.deployer, actors.treasury, actors.alice, actors.stranger, world.adapter]) {
            expect(await manager.canCall(nobody, contract, selector), method).to.deep.equal([false, 0n]);
          }
        }
      });

      it("can be closed by nobody without the upgrader's delay", async () => {
        expect(await world.manager.isTargetClosed(contractOf())).to.equal(false);
        await time.increase(5n * DAY);
        expect(await world.manager.getTargetAdminDelay(contractOf())).to.equal(7n * DAY);
      });

      it("is under the manager on Polygon", async () => {
        expect(await world[name].authority()).to.equal(await world.manager.getAddress());
      });
    });
  }

  it("A88: the deployment writes this matrix and nothing else", () => {
    const written = polygonPowers().flatMap(({ target, role, selectors }) =>
      selectors.map((selector) => [
        target,
        functionsOf(world[target]).find((method) => method.selector === selector)?.name,
        role,
      ]),
    );
    const expected = TARGETS.flatMap((target) =>
      Object.entries(MATRIX[target])
        .filter(([, role]) => role !== UPGRADER)
        .map(([method, role]) => [target, method, role]),
    );
    const byName = (a: unknown[], b: unknown[]): number => (a.join() < b.join() ? -1 : 1);
    expect(written.sort(byName)).to.deep.equal(expected.sort(byName));
  });

  it("the deployer has no role left, and its factory is closed", async () => {
    const { manager, factory, actors } = world;
    for (const role of [UPGRADER, MANAGER, GUARDIAN]) {
      expect((await manager.hasRole(role, actors.deployer)).isMember).to.equal(false);
    }
    expect(await factory.closed()).to.equal(true);
  });

  it("A01: a stranger's call of any function of any contract changes no supply and no count", async () => {
    const { token, adapter, actors } = world;
    await deliverAll(world, deposit(world, 1n, actors.alice, 10n * ONE));
    for (const name of TARGETS) {
      const contract = world[name];
      for (const method of changingFunctionsOf(contract)) {
        const data = zeroCall(contract.interface, method);
        const to = await contract.getAddress();
        await actors.stranger.sendTransaction({ to, data, gasLimit: 5_000_000n }).catch(() => undefined);
        expect([await token.totalSupply(), await adapter.minted()], `${name}.${method.name}`).to.deep.equal([
          10n * ONE,
          10n * ONE,
        ]);
      }
    }
  });

  describe("nobody stops a withdrawal", () => {
    /** What alice can withdraw at that time, all of which she does. */
    async function leave(when: bigint): Promise<bigint> {
      const { adapter, actors } = world;
      await time.setNextBlockTimestamp(when);
      // The next block is that of the withdrawal: what is free then is asked for as of then.
      const free = await adapter.remainingWithdrawal({ blockTag: "pending" });
      if (free > 0n) await adapter.connect(actors.alice).withdraw(free, actors.alice);
      return free;
    }

    it("guardian and manager at their worst, for 5 days: a tenth of the ceiling leaves each day", async () => {
      const { token, adapter, actors } = world;
      const own = await adapter.getAddress();
      await deliverAll(world, deposit(world, 1n, actors.alice, 2n * BURNING));
      const floor = BURNING / 10n;
      const worst = await scheduledLimits(world, "manager", own, 0n, floor);
      const start = (await now()) + 1_000n;
      await at(start - 10n, worst);
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      // From nothing on: whatever was free before has left.
      await leave(start);
      for (let day = 1n; day <= 5n; day++) {
        // The guardian as often as it likes.
        for (let hour = 1n; hour < 24n; hour += 4n) {
          await at(start + (day - 1n) * DAY + hour * 3_600n, () =>
            token.connect(actors.guardian).lowerMintingLimit(adapter, 0n),
          );
        }
        expect(await leave(start + day * DAY)).to.equal(floor);
      }
    });

    it("a limit that the manager moves up and down gives no less, but for a wei at each move", async () => {
      const { adapter, token, actors, manager } = world;
      const own = await adapter.getAddress();
      await deliverAll(world, deposit(world, 1n, actors.alice, 2n * BURNING));
      const floor = BURNING / 10n;
      const moves = 8n;
      const calls: string[] = [];
      for (let move = 0n; move < moves; move++) {
        // No two are alike, as each can be scheduled once.
        const limits = [own, 0n, move % 2n === 0n ? floor + move : BURNING - move] as const;
        calls.push(token.interface.encodeFunctionData("adjustLimits", [...limits]));
      }
      const by = manager.connect(actors.manager);
      for (const call of calls) await by.schedule(token, call, 0);
      const first = (await now()) + DAY + 100n;
      await time.increaseTo(first - 10n);
      await by.execute(token, calls[0] ?? "");
      await leave(first);
      for (const [index, call] of calls.slice(1).entries()) {
        await at(first + BigInt(index + 1) * 3_600n, () => by.execute(token, call));
      }
      const left = await leave(first + DAY);
      expect(left).to.be.greaterThan(floor - moves);
    });

    it("the manager cannot go below that tenth, and the guardian has no hand in burning at all", async () => {
      const { token, adapter, actors } = world;
      const own = await adapter.getAddress();
      await expect((await scheduledLimits(world, "manager", own, 0n, BURNING / 10n - 1n))())
        .to.be.revertedWithCustomError(token, "BurningLimitTooLow")
        .withArgs(BURNING / 10n - 1n, BURNING / 10n);
      for (const method of ["adjustLimits", "setLimits"] as const) {
        await expect(token.connect(actors.guardian)[method](own, 0n, 0n))
          .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
          .withArgs(actors.guardian.address);
      }
    });

    it("the cap on the supply, at nothing, does not keep anyone from leaving", async () => {
      const { token, adapter, actors } = world;
      await deliverAll(world, deposit(world, 1n, actors.alice, 10n * ONE));
      await (
        await scheduled(world, "upgrader", token, token.interface.encodeFunctionData("setSupplyCap", [0n]))
      )();
      await adapter.connect(actors.alice).withdraw(10n * ONE, actors.alice);
      expect(await token.totalSupply()).to.equal(0n);
    });

    it("to take the bridge off the list takes the upgrader 7 days, in which what the limits allow can leave", async () => {
      const { token, adapter, manager, actors } = world;
      const own = await adapter.getAddress();
      await deliverAll(world, deposit(world, 1n, actors.alice, 2n * BURNING));
      const data = token.interface.encodeFunctionData("setLimits", [own, 0n, 0n]);
      await manager.connect(actors.upgrader).schedule(token, data, 0);
      await time.increase(6n * DAY);
      await adapter.connect(actors.alice).withdraw(BURNING, actors.alice);
      await expect(manager.connect(actors.upgrader).execute(token, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(await manager.hashOperation(actors.upgrader, token, data));
    });
  });
});
