import type { Addressable } from "ethers";

import type { AccessManager } from "../typechain-types";
import {
  BondSwitcher__factory,
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  Delegator__factory,
  PolygonPool__factory,
  SwapPool__factory,
} from "../typechain-types";

import type { Governance } from "./params";

/** AccessManager's own admin role: upgrades, roles and their delays. */
export const UPGRADER = 0n;
/** Weights, caps, limits, fees. */
export const MANAGER = 1n;
/** Pauses; lower limits of the bridge; cancelling of the manager's scheduled calls. */
export const GUARDIAN = 2n;

/** Addresses of the contracts on Ethereum that take orders. */
export interface Governed {
  readonly token: string;
  readonly pool: string;
  readonly delegator: string;
  readonly bond: string;
  readonly switcher: string;
}

/** Functions of one contract that one role may call. */
export interface Power<Target extends string> {
  readonly target: Target;
  readonly role: bigint;
  readonly selectors: string[];
}

/**
 * The whole matrix of powers over the core. What is not in it and is restricted, `upgradeToAndCall` of each contract,
 * belongs to the upgrader, which is AccessManager's rule.
 */
export function powers(): Power<keyof Governed>[] {
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

/** Powers over the bridge's end on Ethereum, as {@link powers}. */
export function bridgePowers(): Power<"bridge">[] {
  const bridge = BridgeAdapter__factory.createInterface();
  return [
    {
      target: "bridge",
      role: MANAGER,
      selectors: (["setLockCap", "setReleaseLimit", "resumeBridging"] as const).map(
        (name) => bridge.getFunction(name).selector,
      ),
    },
    {
      target: "bridge",
      role: GUARDIAN,
      selectors: (["pauseBridging", "lowerReleaseLimit"] as const).map((name) => bridge.getFunction(name).selector),
    },
  ];
}

/** Addresses of the contracts on Polygon that take orders. */
export interface GovernedOnPolygon {
  readonly token: string;
  readonly feed: string;
  readonly adapter: string;
  readonly swap: string;
}

/** Powers on Polygon, as {@link powers}. Listing a bridge and the cap on the supply are the upgrader's. */
export function polygonPowers(): Power<keyof GovernedOnPolygon>[] {
  const token = ChildAnkrMATIC__factory.createInterface();
  const swap = SwapPool__factory.createInterface();
  return [
    { target: "token", role: MANAGER, selectors: [token.getFunction("adjustLimits").selector] },
    { target: "token", role: GUARDIAN, selectors: [token.getFunction("lowerMintingLimit").selector] },
    {
      target: "swap",
      role: MANAGER,
      selectors: (["setFee", "setDailyLimit", "resumeSwaps"] as const).map((name) => swap.getFunction(name).selector),
    },
    { target: "swap", role: GUARDIAN, selectors: [swap.getFunction("pauseSwaps").selector] },
  ];
}

/** Names the roles and gives them. The caller is still the manager's admin, without delay; {@link handOver} ends that. */
export async function configureRoles(manager: AccessManager, { roles, delays }: Governance): Promise<void> {
  await (await manager.labelRole(MANAGER, "MANAGER")).wait();
  await (await manager.labelRole(GUARDIAN, "GUARDIAN")).wait();
  await (await manager.setRoleGuardian(MANAGER, GUARDIAN)).wait();
  await (await manager.grantRole(MANAGER, roles.manager, delays.managerSeconds)).wait();
  await (await manager.grantRole(GUARDIAN, roles.guardian, 0n)).wait();
}

/** Writes a matrix into the manager, and the delay of each contract's own admin. */
export async function grantPowers<Target extends string>(
  manager: AccessManager,
  governed: Readonly<Record<Target, string | Addressable>>,
  matrix: readonly Power<Target>[],
  { delays }: Governance,
): Promise<void> {
  for (const { target, role, selectors } of matrix) {
    await (await manager.setTargetFunctionRole(governed[target], selectors, role)).wait();
  }
  for (const target of Object.values<string | Addressable>(governed)) {
    await (await manager.setTargetAdminDelay(target, delays.upgraderSeconds)).wait();
  }
}

/**
 * Gives the admin role to the upgrader, with its delay, and takes every role from the caller: the manager's too, which it
 * may still hold if setting up the validators was cut off.
 */
export async function handOver(manager: AccessManager, deployer: string, params: Governance): Promise<void> {
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
