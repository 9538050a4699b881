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
import type { Steps } from "./steps";

/** AccessManager's own admin role: upgrades, roles and their delays. */
export const UPGRADER = 0n;
/** Weights, caps, limits, fees. */
export const MANAGER = 1n;
/** Pauses; lower limits of the bridge; cancelling of the manager's scheduled calls. */
export const GUARDIAN = 2n;

const ROLES = new Map([
  [UPGRADER, "upgrader"],
  [MANAGER, "manager"],
  [GUARDIAN, "guardian"],
]);

/** What a role is called. */
export function roleName(role: bigint): string {
  return ROLES.get(role) ?? `role ${role}`;
}

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
export async function configureRoles(
  steps: Steps,
  manager: AccessManager,
  { roles, delays }: Governance,
): Promise<void> {
  for (const [role, label] of [
    [MANAGER, "MANAGER"],
    [GUARDIAN, "GUARDIAN"],
  ] as const) {
    await steps.once(
      `label of ${label}`,
      async () => (await manager.queryFilter(manager.filters.RoleLabel(role))).length > 0,
      async () => manager.labelRole(role, label),
    );
  }
  await steps.once(
    "guardian of the manager",
    async () => (await manager.getRoleGuardian(MANAGER)) === GUARDIAN,
    async () => manager.setRoleGuardian(MANAGER, GUARDIAN),
  );
  await grant(steps, manager, MANAGER, roles.manager, delays.managerSeconds);
  await grant(steps, manager, GUARDIAN, roles.guardian, 0n);
}

/** Writes a matrix into the manager, and the delay of each contract's own admin. */
export async function grantPowers<Target extends string>(
  steps: Steps,
  manager: AccessManager,
  governed: Readonly<Record<Target, string>>,
  matrix: readonly Power<Target>[],
  { delays }: Governance,
): Promise<void> {
  for (const { target, role, selectors } of matrix) {
    await steps.once(
      `powers of the ${roleName(role)} over the ${target}`,
      async () => {
        const given = await Promise.all(
          selectors.map((selector) => manager.getTargetFunctionRole(governed[target], selector)),
        );
        return given.every((is) => is === role);
      },
      async () => manager.setTargetFunctionRole(governed[target], selectors, role),
    );
  }
  for (const [target, at] of Object.entries<string>(governed)) {
    await steps.once(
      `admin delay of the ${target}`,
      async () => {
        // The present delay says nothing of one that is still to take effect.
        const set = await manager.queryFilter(manager.filters.TargetAdminDelayUpdated(at));
        return set.at(-1)?.args.delay === delays.upgraderSeconds;
      },
      async () => manager.setTargetAdminDelay(at, delays.upgraderSeconds),
    );
  }
}

/** Gives the deployer a role, for what it sets up on its behalf. */
export async function lendRole(steps: Steps, manager: AccessManager, role: bigint): Promise<void> {
  await grant(steps, manager, role, await steps.deployer.getAddress(), 0n);
}

/** Takes a role from the deployer. */
export async function returnRole(steps: Steps, manager: AccessManager, role: bigint): Promise<void> {
  const self = await steps.deployer.getAddress();
  await steps.once(
    `${roleName(role)}: the deployer gives it back`,
    async () => !(await manager.hasRole(role, self)).isMember,
    async () => manager.renounceRole(role, self),
  );
}

/**
 * Gives the admin role to the upgrader, with its delay, and takes every role from the deployer: the manager's too, which it
 * may still hold if setting up the validators was cut off.
 */
export async function handOver(steps: Steps, manager: AccessManager, { roles, delays }: Governance): Promise<void> {
  const self = await steps.deployer.getAddress();
  if (Object.values(roles).includes(self)) {
    throw new Error("The deployer cannot hold a role: name other addresses in roles, it gives up its own at the end.");
  }
  // Before its grant delay, which takes effect in days: in a run after that the upgrader would have to wait.
  await grant(steps, manager, UPGRADER, roles.upgrader, delays.upgraderSeconds);
  await steps.once(
    "grant delay of the upgrader",
    async () => {
      const set = await manager.queryFilter(manager.filters.RoleGrantDelayChanged(UPGRADER));
      return set.at(-1)?.args.delay === delays.upgraderSeconds;
    },
    async () => manager.setGrantDelay(UPGRADER, delays.upgraderSeconds),
  );
  if (!(await manager.hasRole(UPGRADER, roles.upgrader)).isMember) {
    throw new Error(
      `${roles.upgrader} is not the upgrader yet: wait until its grant takes effect, then run this again.`,
    );
  }
  // The admin's last: until then a run that was cut off can be started again.
  for (const role of [MANAGER, GUARDIAN, UPGRADER]) {
    await returnRole(steps, manager, role);
    const { isMember } = await manager.hasRole(role, self);
    if (isMember) throw new Error(`The deployer still holds role ${role} of the AccessManager: it must not go on.`);
  }
}

async function grant(
  steps: Steps,
  manager: AccessManager,
  role: bigint,
  account: string,
  delay: bigint,
): Promise<void> {
  await steps.once(
    `${roleName(role)}: ${account}`,
    async () => {
      const { isMember, executionDelay } = await manager.hasRole(role, account);
      return isMember && executionDelay === delay;
    },
    async () => manager.grantRole(role, account, delay),
  );
}
