import type { Interface } from "ethers";

import type { AccessManager, DeploymentFactory } from "../../typechain-types";
import { GUARDIAN, MANAGER, UPGRADER, roleName } from "../access";
import type { Power } from "../access";
import type { Governance } from "../params";

/** Who may do what on one chain, as it should be. */
export interface Order<Target extends string> {
  readonly manager: AccessManager;
  readonly factory: DeploymentFactory;
  readonly deployer: string;
  readonly governance: Governance;
  readonly governed: Readonly<Record<Target, { readonly at: string; readonly interface: Interface }>>;
  readonly matrix: readonly Power<Target>[];
}

/** Role of whoever asks: AccessManager lets a function with it be called by anyone. */
const PUBLIC = 2n ** 64n - 1n;

const nameOf = (role: bigint): string => (role === PUBLIC ? "anyone" : roleName(role));

/**
 * Every way in which powers are not as they should be: holders and delays of all roles that ever were, the role of each
 * function of each contract, the delays of the contracts' admin, and whatever the deployer or its factory can still do.
 */
export async function powerDifferences<Target extends string>(order: Order<Target>): Promise<string[]> {
  return [
    ...(await holderDifferences(order)),
    ...(await functionDifferences(order)),
    ...(await delayDifferences(order)),
    ...(await deployerDifferences(order)),
  ];
}

async function holderDifferences<Target extends string>({
  manager,
  governance: { roles, delays },
}: Order<Target>): Promise<string[]> {
  const expected = [
    { role: UPGRADER, account: roles.upgrader, delay: delays.upgraderSeconds },
    { role: MANAGER, account: roles.manager, delay: delays.managerSeconds },
    { role: GUARDIAN, account: roles.guardian, delay: 0n },
  ];
  const differences: string[] = [];
  for (const { role, account, delay } of expected) {
    const { isMember, executionDelay } = await manager.hasRole(role, account);
    if (!isMember) differences.push(`${nameOf(role)}: ${account} is not`);
    else if (executionDelay !== delay) {
      differences.push(`${nameOf(role)}: ${account} has a delay of ${executionDelay} s instead of ${delay} s`);
    }
    const { pendingDelay, effect } = await manager.getAccess(role, account);
    if (effect !== 0n && pendingDelay !== delay) {
      differences.push(`${nameOf(role)}: ${account} will have a delay of ${pendingDelay} s instead of ${delay} s`);
    }
  }
  // Whoever was ever given a role: there is no list of holders but the events.
  const granted = await manager.queryFilter(manager.filters.RoleGranted());
  const known = new Set(expected.map(({ role, account }) => `${role} ${account}`));
  for (const key of new Set(granted.map(({ args }) => `${args.roleId} ${args.account}`))) {
    const [role = "", account = ""] = key.split(" ");
    if (known.has(key)) continue;
    // A grant that is still to take effect counts, too.
    const { since } = await manager.getAccess(BigInt(role), account);
    if (since !== 0n) differences.push(`${nameOf(BigInt(role))}: ${account} is one, too`);
  }
  return differences;
}

async function functionDifferences<Target extends string>({
  manager,
  governed,
  matrix,
}: Order<Target>): Promise<string[]> {
  const differences: string[] = [];
  for (const [target, { at, interface: abi }] of Object.entries<Order<Target>["governed"][Target]>(governed)) {
    if (await manager.isTargetClosed(at)) differences.push(`${target}: closed in the AccessManager`);
    const selectors: { name: string; selector: string }[] = [];
    abi.forEachFunction(({ name, selector }) => selectors.push({ name, selector }));
    const roles = await Promise.all(selectors.map(({ selector }) => manager.getTargetFunctionRole(at, selector)));
    for (const [index, { name, selector }] of selectors.entries()) {
      const should =
        matrix.find((power) => power.target === target && power.selectors.includes(selector))?.role ?? UPGRADER;
      const is = roles[index] ?? PUBLIC;
      if (is !== should) differences.push(`${target}.${name}: for the ${nameOf(is)} instead of the ${nameOf(should)}`);
    }
  }
  const addresses = new Set(
    Object.values<Order<Target>["governed"][Target]>(governed).map(({ at }) => at.toLowerCase()),
  );
  const set = await manager.queryFilter(manager.filters.TargetFunctionRoleUpdated());
  for (const target of new Set(set.map(({ args }) => args.target))) {
    if (!addresses.has(target.toLowerCase())) differences.push(`roles were given over ${target}, which is not ours`);
  }
  return differences;
}

async function delayDifferences<Target extends string>({
  manager,
  governed,
  governance: { delays },
}: Order<Target>): Promise<string[]> {
  const differences: string[] = [];
  for (const [target, { at }] of Object.entries<Order<Target>["governed"][Target]>(governed)) {
    const set = await manager.queryFilter(manager.filters.TargetAdminDelayUpdated(at));
    const delay = set.at(-1)?.args.delay ?? 0n;
    if (delay !== delays.upgraderSeconds) {
      differences.push(`${target}: admin delay of ${delay} s instead of ${delays.upgraderSeconds} s`);
    }
  }
  const grants = await manager.queryFilter(manager.filters.RoleGrantDelayChanged(UPGRADER));
  const delay = grants.at(-1)?.args.delay ?? 0n;
  if (delay !== delays.upgraderSeconds) {
    differences.push(`upgrader: grant delay of ${delay} s instead of ${delays.upgraderSeconds} s`);
  }
  for (const [role, guardian] of [
    [MANAGER, GUARDIAN],
    [GUARDIAN, UPGRADER],
  ] as const) {
    const is = await manager.getRoleGuardian(role);
    if (is !== guardian)
      differences.push(`${nameOf(role)}: guarded by the ${nameOf(is)} instead of the ${nameOf(guardian)}`);
    const admin = await manager.getRoleAdmin(role);
    if (admin !== UPGRADER) differences.push(`${nameOf(role)}: administered by the ${nameOf(admin)}`);
  }
  return differences;
}

async function deployerDifferences<Target extends string>({
  manager,
  factory,
  deployer,
  governed,
}: Order<Target>): Promise<string[]> {
  const differences: string[] = [];
  if (!(await factory.closed())) differences.push("the factory is not closed: the deployer can still deploy with it");
  for (const [who, account] of [
    ["the deployer", deployer],
    ["the factory", await factory.getAddress()],
  ] as const) {
    for (const [target, { at, interface: abi }] of Object.entries<Order<Target>["governed"][Target]>(governed)) {
      const selectors: { name: string; selector: string }[] = [];
      abi.forEachFunction(({ name, selector }) => selectors.push({ name, selector }));
      const answers = await Promise.all(selectors.map(({ selector }) => manager.canCall(account, at, selector)));
      for (const [index, { immediate, delay }] of answers.entries()) {
        if (immediate || delay > 0n) differences.push(`${who} can call ${target}.${selectors[index]?.name ?? ""}`);
      }
    }
  }
  return differences;
}
