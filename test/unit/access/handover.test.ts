import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { GUARDIAN, MANAGER, UPGRADER, bridgePowers, powers } from "../../../deploy/access";
import { bridgedFixture } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { DAY, asManager } from "../../support/fixture";
import { asUpgrader, implementationOf, upgradeCall } from "../../support/upgrades";

/** Each role, and what its new holder will have to wait for each call. */
const ROLES = [
  [MANAGER, DAY],
  [GUARDIAN, 0n],
  [UPGRADER, 7n * DAY],
] as const;

describe("roles that are handed to others", () => {
  let context: BridgedContext;
  let former: string[];

  before(async () => {
    const old = await bridgedFixture();
    const { manager, actors } = old;
    const { alice, bob, carol } = actors;
    former = [actors.manager.address, actors.guardian.address, actors.upgrader.address];
    context = { ...old, actors: { ...actors, manager: alice, guardian: bob, upgrader: carol } };
    const call = manager.interface;
    for (const [index, [role, delay]] of ROLES.entries()) {
      const next = [alice, bob, carol][index]?.address ?? "";
      await asUpgrader(old, manager, call.encodeFunctionData("grantRole", [role, next, delay]));
    }
    // Whom the upgrader names as upgrader is one after seven days more; and takes the role from the old one.
    await time.increase(7n * DAY);
    for (const [index, [role]] of ROLES.entries()) {
      await asUpgrader(context, manager, call.encodeFunctionData("revokeRole", [role, former[index] ?? ""]));
    }
  });

  it("A89: the new holders can call all that the old ones could, after the same delay", async () => {
    const { manager, actors } = context;
    const holders = new Map([
      [MANAGER, actors.manager],
      [GUARDIAN, actors.guardian],
    ]);
    for (const { target, role, selectors } of [...powers(), ...bridgePowers()]) {
      for (const selector of selectors) {
        const answer = await manager.canCall(holders.get(role) ?? "", context[target], selector);
        expect([...answer], `${target} ${selector}`).to.deep.equal([role === GUARDIAN, role === GUARDIAN ? 0n : DAY]);
      }
    }
    for (const target of ["token", "pool", "delegator", "bond", "switcher", "bridge"] as const) {
      const upgrade = context[target].interface.getFunction("upgradeToAndCall").selector;
      const answer = await manager.canCall(actors.upgrader, context[target], upgrade);
      expect([...answer], target).to.deep.equal([false, 7n * DAY]);
    }
  });

  it("A89: the old ones can call none of it, and are members of no role", async () => {
    const { manager } = context;
    for (const old of former) {
      for (const [role] of ROLES) expect((await manager.hasRole(role, old)).isMember).to.equal(false);
      for (const { target, selectors } of [...powers(), ...bridgePowers()]) {
        for (const selector of selectors) {
          expect([...(await manager.canCall(old, context[target], selector))]).to.deep.equal([false, 0n]);
        }
      }
      const upgrade = context.pool.interface.getFunction("upgradeToAndCall").selector;
      expect([...(await manager.canCall(old, context.pool, upgrade))]).to.deep.equal([false, 0n]);
    }
  });

  it("A89: the new manager sets the fee, the new guardian pauses, and the new upgrader upgrades and names others", async () => {
    const { pool, manager, actors } = context;
    await asManager(context, pool, pool.interface.encodeFunctionData("setFee", [123n]));
    expect((await pool.parameters()).feeBps).to.equal(123n);
    await pool.connect(actors.guardian).pauseStakes(DAY);
    const before = await implementationOf(pool);
    await asUpgrader(context, pool, upgradeCall(before));
    const grant = manager.interface.encodeFunctionData("grantRole", [GUARDIAN, actors.stranger.address, 0n]);
    await asUpgrader(context, manager, grant);
    expect((await manager.hasRole(GUARDIAN, actors.stranger)).isMember).to.equal(true);
  });
});
