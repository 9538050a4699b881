import type { Interface, Provider } from "ethers";

import { GUARDIAN, MANAGER, UPGRADER, roleName } from "../../deploy/access";
import { AccessManager__factory } from "../../typechain-types";
import type { AccessManager } from "../../typechain-types";
import { logsOf } from "../lib/logs";

import type { Head } from "./head";
import type { Governed } from "./places";

/** Somebody who holds a role. */
export interface HolderStatus {
  readonly account: string;
  /** Seconds between scheduling and executing. */
  readonly delay: bigint;
  /** When it begins to hold it, or the next delay begins, seconds; 0 if nothing is to come. */
  readonly from: bigint;
  /** The delay that begins then. */
  readonly nextDelay: bigint;
}

/** A role, and who holds it. */
export interface RoleStatus {
  readonly role: string;
  readonly holders: readonly HolderStatus[];
}

/** A call that the AccessManager was told of and that was neither made nor cancelled. */
export interface OperationStatus {
  readonly id: string;
  readonly caller: string;
  /** What it calls, as far as our contracts explain it. */
  readonly call: string;
  /** Seconds. */
  readonly readyAt: bigint;
  readonly expiresAt: bigint;
}

/** Who may do what on a chain, and what is about to be done. */
export interface GovernanceStatus {
  readonly roles: readonly RoleStatus[];
  readonly operations: readonly OperationStatus[];
}

const ABI = AccessManager__factory.createInterface();

interface Places {
  readonly manager: string;
  readonly since: number;
  readonly governed: readonly Governed[];
}
type Scheduled = Omit<OperationStatus, "readyAt" | "expiresAt">;

/** Reads roles and scheduled calls. There is no list of either but the events. */
export async function readGovernance(provider: Provider, places: Places, head: Head): Promise<GovernanceStatus> {
  const manager = AccessManager__factory.connect(places.manager, provider);
  const { members, scheduled } = await readEvents(provider, places, head);
  const roles: RoleStatus[] = [];
  for (const [role, accounts] of [...members].sort(([one], [other]) => Number(one - other))) {
    const holders = await holdersOf(manager, role, accounts, head);
    if (holders.length > 0 || role <= GUARDIAN) roles.push({ role: roleName(role), holders });
  }
  return { roles, operations: await waitingOf(manager, scheduled, head) };
}

/** Who was ever given a role, and what was ever scheduled. */
async function readEvents(
  provider: Provider,
  { manager, since, governed }: Places,
  head: Head,
): Promise<{ members: Map<bigint, Set<string>>; scheduled: Scheduled[] }> {
  const topics = (["RoleGranted", "OperationScheduled"] as const).map((name) => ABI.getEvent(name).topicHash);
  const logs = await logsOf(provider, { address: manager, topics: [topics] }, since, head.number);
  const members = new Map<bigint, Set<string>>([UPGRADER, MANAGER, GUARDIAN].map((role) => [role, new Set()]));
  const scheduled = new Map<string, Scheduled>();
  for (const log of logs) {
    const event = ABI.parseLog(log);
    if (event?.name === "RoleGranted") {
      const [role, account] = event.args as unknown as [bigint, string];
      members.set(role, (members.get(role) ?? new Set()).add(account));
    } else if (event?.name === "OperationScheduled") {
      const [id, , , caller, target, data] = event.args as unknown as [string, bigint, bigint, string, string, string];
      scheduled.set(id, { id, caller, call: callText(governed, target, data) });
    }
  }
  return { members, scheduled: [...scheduled.values()] };
}

async function holdersOf(
  manager: AccessManager,
  role: bigint,
  accounts: Iterable<string>,
  head: Head,
): Promise<HolderStatus[]> {
  const holders: HolderStatus[] = [];
  for (const account of accounts) {
    const access = await manager.getAccess(role, account, { blockTag: head.number });
    const { since, currentDelay: delay, pendingDelay, effect } = access;
    if (since === 0n) continue;
    const from = since > head.time ? since : effect;
    holders.push({ account, delay, from, nextDelay: effect === 0n ? delay : pendingDelay });
  }
  return holders;
}

/** Those that were neither executed nor cancelled, and have not expired; the next first. */
async function waitingOf(
  manager: AccessManager,
  scheduled: readonly Scheduled[],
  head: Head,
): Promise<OperationStatus[]> {
  const at = { blockTag: head.number };
  const window = await manager.expiration(at);
  const waiting: OperationStatus[] = [];
  for (const operation of scheduled) {
    const readyAt = await manager.getSchedule(operation.id, at);
    if (readyAt !== 0n) waiting.push({ ...operation, readyAt, expiresAt: readyAt + window });
  }
  return waiting.sort((one, other) => Number(one.readyAt - other.readyAt));
}

function callText(governed: readonly Governed[], target: string, data: string): string {
  const found = governed.find(({ at }) => BigInt(at) === BigInt(target));
  const call = found === undefined ? null : parsed(found.abi, data);
  if (found === undefined || call === null) return `${found?.name ?? target}: ${data.slice(0, 10)}`;
  const args = (call.args.toArray() as readonly unknown[]).map((value) => (value === "0x" ? "nothing" : String(value)));
  return `${found.name}.${call.name}(${args.join(", ")})`;
}

/** Null for what the ABI does not know, or cannot read. */
function parsed(abi: Interface, data: string): ReturnType<Interface["parseTransaction"]> {
  try {
    return abi.parseTransaction({ data });
  } catch {
    return null;
  }
}
