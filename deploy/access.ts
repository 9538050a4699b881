import type { AccessManager } from "../typechain-types";
import { BondSwitcher__factory, Delegator__factory, PolygonPool__factory } from "../typechain-types";

import type { Params } from "./params";

/** AccessManager's own admin role: upgrades, roles and their delays. */
export const UPGRADER = 0n;
/** Weights, caps, fees. */
export const MANAGER = 1n;
/** Pauses of new stakes and of switches; cancelling of the manager's scheduled calls. */
export const GUARDIAN = 2n;

/** Addresses of the contracts that take orders. */
export interface Governed {
  readonly token: string;
  readonly pool: string;
  readonly delegator: string;
  readonly bond: string;
  readonly switcher: string;
}

/** Functions of one contract that one role may call. */
export interface Power {
  readonly target: keyof Governed;
  readonly role: bigint;
  readonly selectors: string[];
}

/**
 * The whole matrix of powers. What is not in it and is restricted, `upgradeToAndCall` of each contract, belongs to the
 * upgrader, which is AccessManager's rule.
 */
export function powers(): Power[] {
  const pool = PolygonPool__factory.createInterface();
  const delegator = Delegator__factory.createInterface();
  const switcher = BondSwitcher__factory.createInterface();
  return [
    {
      target: "pool",
      role: MANAGER,
      selectors: (["setFee", "setAssetCap", "resumeStakes"] as const).map((name) => pool.getFunction(name).selector),
    },
    { target: "pool", role: GUARDIAN, selectors: [pool.getFunction("pauseStakes").selector] },
    {
      target: "delegator",
      role: MANAGER,
      selectors: (["addPosition", "removePosition", "setWeights", "setMaxCommission", "setDeadSliceTime"] as const).map(
        (name) => delegator.getFunction(name).selector,
      ),
    },
    {
      target: "switcher",
      role: MANAGER,
      selectors: (["setFee", "setCap", "setDailyLimit", "resumeSwitches"] as const).map(
        (name) => switcher.getFunction(name).selector,
      ),
    },
    { target: "switcher", role: GUARDIAN, selectors: [switcher.getFunction("pauseSwitches").selector] },
  ];
}

/**
 * Writes the matrix into the manager. The caller is still its admin, without delay; {@link handOver} ends that.
 */
export async function configureAccess(manager: AccessManager, governed: Governed, params: Params): Promise<void> {
  for (const { target, role, selectors } of powers()) {
    await (await manager.setTargetFunctionRole(governed[target], selectors, role)).wait();
  }
  await (await manager.labelRole(MANAGER, "MANAGER")).wait();
  await (await manager.labelRole(GUARDIAN, "GUARDIAN")).wait();
  await (await manager.setRoleGuardian(MANAGER, GUARDIAN)).wait();
  await (await manager.grantRole(MANAGER, params.roles.manager, params.delays.managerSeconds)).wait();
  await (await manager.grantRole(GUARDIAN, params.roles.guardian, 0n)).wait();
  for (const target of Object.values<string>({ ...governed })) {
    await (await manager.setTargetAdminDelay(target, params.delays.upgraderSeconds)).wait();
  }
}

/**
 * Gives the admin role to the upgrader, with its delay, and takes every role from the caller: the manager's too, which it
 * may still hold if setting up the validators was cut off.
 */
export async function handOver(manager: AccessManager, deployer: string, params: Params): Promise<void> {
  if (Object.values(params.roles).includes(deployer)) {
    throw new Error("The deployer cannot hold a role: name other addresses in roles, it gives up its own at the end.");
  }
  await (await manager.setGrantDelay(UPGRADER, params.delays.upgraderSeconds)).wait();
  await (await manager.grantRole(UPGRADER, params.roles.upgrader, params.delays.upgraderSeconds)).wait();
  // The admin's last: until then a run that was cut off can be started again.
  for (const role of [MANAGER, GUARDIAN, UPGRADER]) {
    await (await manager.renounceRole(role, deployer)).wait();
    const { isMember } = await manager.hasRole(role, deployer);
    if (isMember) throw new Error(`The deployer still holds role ${role} of the AccessManager: it must not go on.`);
  }
}
