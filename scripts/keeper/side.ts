import type { Provider } from "ethers";

import type { Clock } from "./backoff";
import type { FeeLimits } from "./fees";
import { accepts, nothingSeen, remember } from "./heads";
import type { Seen } from "./heads";
import type { Log } from "./log";
import type { Metrics } from "./metrics";
import { conclude, perform } from "./perform";
import type { Outcome, Performed } from "./perform";
import type { Policy } from "./policy";
import type { Job, Proposal } from "./proposal";
import { readHead } from "./read";
import { messageOf } from "./rpc";
import type { Sender } from "./sender";
import type { Chain, Head } from "./state";

/** What one chain is looked after with. */
export interface Side {
  readonly chain: Chain;
  readonly provider: Provider;
  /** Undefined in a dry run. */
  readonly sender: Sender | undefined;
  readonly from: string;
  readonly limits: FeeLimits;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Blocks seen so far. */
  readonly seen: Seen;
  /** Calls that succeeded, by what they did on which evidence. */
  readonly done: Map<string, { readonly hash: string; readonly at: bigint }>;
}

/** A side that has seen and done nothing. */
export function openSide(options: Omit<Side, "seen" | "done">): Side {
  return { ...options, seen: nothingSeen(), done: new Map() };
}

/** How a chain's part of a pass went. */
export interface Report {
  readonly chain: Chain;
  /** Transactions that did something. */
  readonly done: number;
  /** Of a dry run: what would have been done. */
  readonly planned: number;
  readonly overtaken: number;
  /** True if every job had its turn. */
  readonly complete: boolean;
  /** What failed, for other reasons than that somebody was faster. */
  readonly failures: readonly string[];
}

/** A job that goes on finding work is left for the next pass after so many turns. */
const TURNS = 10;
/** Looks at a node that is behind before the pass gives up. */
const LOOKS = 3;

/** The last block of a node that is not behind what is known. */
export async function freshHead({ provider, seen, policy, clock, log, metrics, chain }: Side): Promise<Head> {
  for (let look = 1; ; look++) {
    const head = await readHead(provider);
    if (accepts(seen, head)) {
      metrics.block.set({ chain }, head.number);
      return head;
    }
    log.warn({ block: head.number, least: seen.least }, "the node is behind");
    if (look === LOOKS) throw new Error(`the node is behind: at block ${head.number}, after ${seen.least}`);
    await clock.sleep(policy.poll);
  }
}

/** A chain's part of a pass, as it goes. */
interface Round<State, Addresses> {
  readonly side: Side;
  readonly at: Addresses;
  readonly stop: AbortSignal;
  /** The state, read again if something changed it. */
  readonly current: () => Promise<State>;
  readonly forget: () => void;
  readonly report: { done: number; planned: number; overtaken: number; complete: boolean; failures: string[] };
}

/**
 * Does all that is worth doing on a chain, job after job. The state is read again after each transaction that was mined, so
 * that no decision rests on what is over. Throws if the chain cannot be read at all.
 * @param stop Aborted when nothing new is to be begun.
 */
export async function runJobs<State extends { readonly head: Head }, Addresses>(
  side: Side,
  jobs: readonly Job<State, Addresses>[],
  at: Addresses,
  read: (head: Head) => Promise<State>,
  stop: AbortSignal,
): Promise<Report> {
  const { chain } = side;
  let state: State | undefined;
  const round: Round<State, Addresses> = {
    side,
    at,
    stop,
    current: async () => (state ??= await read(await freshHead(side))),
    forget: () => {
      state = undefined;
    },
    report: { done: 0, planned: 0, overtaken: 0, complete: false, failures: [] },
  };
  let goesOn = await finishEarlier(round);
  if (goesOn) await round.current();
  for (const job of jobs) {
    goesOn &&= !stop.aborted && (await runJob(job, round));
  }
  return { ...round.report, chain, complete: goesOn };
}

/** Waits for what an earlier pass left behind; false if it is still not mined. */
async function finishEarlier<State, Addresses>(round: Round<State, Addresses>): Promise<boolean> {
  const { sender, log } = round.side;
  if (sender?.isWaiting() !== true) return true;
  const performed = conclude(await sender.resume());
  note(round.side, performed);
  log.info({ ...performed.details, outcome: performed.outcome }, "the transaction of an earlier pass");
  if (!sender.isWaiting()) return true;
  fail(round, "earlier", textOf(performed));
  return false;
}

/** One job, until it finds nothing new; false if the chain's other jobs must wait. One that fails keeps no other from its turn. */
async function runJob<State extends { readonly head: Head }, Addresses>(
  job: Job<State, Addresses>,
  round: Round<State, Addresses>,
): Promise<boolean> {
  const { side, at, stop, current, forget } = round;
  const decide = async (): Promise<Proposal[]> => job.decide(await current(), side.policy, at);
  const tried = new Set<string>();
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      const open = (await decide()).filter((proposal) => !tried.has(idOf(proposal)));
      if (open.length === 0) break;
      for (const proposal of open) {
        if (stop.aborted) return false;
        tried.add(idOf(proposal));
        const { head } = await current();
        const performed = await performOnce(proposal, head, side);
        note(side, performed);
        if (performed.outcome === "done") remind(side, proposal, performed, head.time);
        if (performed.mined !== undefined || performed.outcome === "refused") forget();
        if (!count(round, proposal, performed, await judge(proposal, performed, decide))) return false;
      }
    }
  } catch (error) {
    forget();
    fail(round, job.name, messageOf(error));
    side.log.error({ job: job.name, error: messageOf(error) }, "failed");
  }
  return side.sender?.isWaiting() !== true;
}

/** Enters an outcome where it belongs; false if the chain's other jobs must wait. */
function count<State, Addresses>(
  round: Round<State, Addresses>,
  proposal: Proposal,
  performed: Performed,
  outcome: Judgement,
): boolean {
  const { report, side } = round;
  say(side, proposal, performed, outcome);
  if (outcome === "done" || outcome === "planned" || outcome === "overtaken") report[outcome]++;
  if (outcome === "failed" || outcome === "waiting") {
    fail(round, proposal.job, `${proposal.key}: ${textOf(performed)}`);
  }
  return outcome !== "waiting";
}

function fail<State, Addresses>({ report, side }: Round<State, Addresses>, job: string, what: string): void {
  report.failures.push(`${job}: ${what}`);
  side.metrics.failures.inc({ chain: side.chain, job });
}

function idOf({ key, evidence }: Proposal): string {
  return `${key} | ${evidence}`;
}

/** Not again what succeeded on the same evidence, unless its transaction is gone from the chain. */
async function performOnce(proposal: Proposal, head: Head, side: Side): Promise<Performed> {
  const id = idOf(proposal);
  const before = side.done.get(id);
  if (before !== undefined && head.time < before.at + side.policy.repeatAfter) {
    if ((await side.provider.getTransactionReceipt(before.hash)) !== null) {
      return { outcome: "repeated", details: { hash: before.hash } };
    }
  }
  side.done.delete(id);
  return perform(proposal, head.gasPrice, side);
}

/** An outcome, once it is known what a refusal came from. */
type Judgement = Exclude<Outcome, "refused"> | "failed";

/** Whoever was faster left a state in which the call is not proposed, or for another reason. */
async function judge(proposal: Proposal, { outcome }: Performed, again: () => Promise<Proposal[]>): Promise<Judgement> {
  if (outcome !== "refused") return outcome;
  const id = idOf(proposal);
  return (await again()).some((other) => idOf(other) === id) ? "failed" : "overtaken";
}

function remind({ done, policy }: Side, proposal: Proposal, { mined }: Performed, now: bigint): void {
  if (mined === undefined) return;
  for (const [id, { at }] of done) if (now >= at + policy.repeatAfter) done.delete(id);
  done.set(idOf(proposal), { hash: mined.hash, at: now });
}

function note({ seen, metrics, chain }: Side, { mined }: Performed): void {
  if (mined === undefined) return;
  remember(seen, mined.blockNumber, mined.blockHash);
  metrics.gas.inc({ chain }, Number(mined.gasUsed));
  metrics.spent.inc({ chain }, Number(mined.fee) / 1e18);
}

function say({ chain, log, metrics }: Side, proposal: Proposal, performed: Performed, outcome: string): void {
  const { job, key, why, call } = proposal;
  metrics.proposals.inc({ chain, job, outcome });
  const line = { job, key, why, outcome, ...(outcome === "planned" ? call : {}), ...performed.details };
  if (outcome === "failed" || outcome === "waiting") log.error(line, key);
  else if (outcome === "idle" || outcome === "repeated") log.debug(line, key);
  else log.info(line, key);
}

function textOf({ details }: Performed): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}
