import { AccessManager__factory } from "../../typechain-types";
import type { AccessManager } from "../../typechain-types";
import { UPGRADER, roleName } from "../../deploy/access";

/** Somebody who may make a call. */
export interface Holder {
  readonly account: string;
  /** Seconds between scheduling and executing; 0 if nothing is to be scheduled. */
  readonly delay: bigint;
}

/** Who may make a call, by the AccessManager. */
export interface Authority {
  readonly role: bigint;
  readonly holders: readonly Holder[];
}

/** Role of whoever asks. */
export const PUBLIC = 2n ** 64n - 1n;

/** What a role is called. */
export function titleOf(role: bigint): string {
  return role === PUBLIC ? "anyone" : roleName(role);
}

/** Reads who may make a call now, from the first block on in which a role can have been given. */
export async function authorityOf(
  manager: AccessManager,
  target: string,
  data: string,
  fromBlock: number,
): Promise<Authority> {
  const selector = data.slice(0, 10);
  const isOwn = target === (await manager.getAddress());
  const { role, delay: atLeast } = isOwn
    ? await ownRestriction(manager, data)
    : { role: await manager.getTargetFunctionRole(target, selector), delay: 0n };
  if (role === PUBLIC) return { role, holders: [] };
  const holders: Holder[] = [];
  for (const account of await membersOf(manager, role, fromBlock)) {
    const { executionDelay } = await manager.hasRole(role, account);
    if (isOwn) {
      holders.push({ account, delay: executionDelay > atLeast ? executionDelay : atLeast });
      continue;
    }
    const { immediate, delay } = await manager.canCall(account, target, selector);
    // Neither: the target is closed.
    if (immediate || delay > 0n) holders.push({ account, delay });
  }
  return { role, holders };
}

/** Who can cancel what the account scheduled: itself, the upgrader, and the guardian of the role. */
export async function cancellersOf(
  manager: AccessManager,
  caller: string,
  target: string,
  data: string,
  fromBlock: number,
): Promise<string[]> {
  const role = await manager.getTargetFunctionRole(target, data.slice(0, 10));
  const guardian = await manager.getRoleGuardian(role);
  const found = [
    caller,
    ...(await membersOf(manager, guardian, fromBlock)),
    ...(await membersOf(manager, UPGRADER, fromBlock)),
  ];
  return [...new Set(found)];
}

/** Members of a role. There is no list of them but the events. */
async function membersOf(manager: AccessManager, role: bigint, fromBlock: number): Promise<string[]> {
  const granted = await manager.queryFilter(manager.filters.RoleGranted(role), fromBlock);
  const members: string[] = [];
  for (const account of new Set(granted.map(({ args }) => args.account))) {
    if ((await manager.hasRole(role, account)).isMember) members.push(account);
  }
  return members;
}

const OWN = AccessManager__factory.createInterface();

/** Role and delay of the manager's own functions, which it does not tell. */
async function ownRestriction(manager: AccessManager, data: string): Promise<{ role: bigint; delay: bigint }> {
  const call = OWN.parseTransaction({ data });
  switch (call?.name) {
    case "labelRole":
    case "setRoleAdmin":
    case "setRoleGuardian":
    case "setGrantDelay":
    case "setTargetAdminDelay":
      return { role: UPGRADER, delay: 0n };
    case "updateAuthority":
    case "setTargetClosed":
    case "setTargetFunctionRole":
      return { role: UPGRADER, delay: await manager.getTargetAdminDelay(String(call.args[0])) };
    case "grantRole":
    case "revokeRole":
      return { role: await manager.getRoleAdmin(BigInt(String(call.args[0]))), delay: 0n };
    default:
      throw new Error(
        `${call?.name ?? data} of the AccessManager is nobody's power: roles, delays and targets are what it governs`,
      );
  }
}
