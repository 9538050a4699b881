import { Interface, isCallException } from "ethers";
import type { Provider } from "ethers";

import {
  AutoClaim__factory,
  BridgeAdapter__factory,
  ChildBridgeAdapter__factory,
  Delegator__factory,
  PolygonPool__factory,
} from "../../typechain-types";

import type { FeeLimits } from "./fees";
import type { Proposal } from "./proposal";
import type { Sender, Sent } from "./sender";

/** What became of a proposal. */
export type Outcome =
  /** It was done. */
  | "done"
  /** It would have been done, but for a dry run. */
  | "planned"
  /** Nothing can be done, or would come of it, now. */
  | "idle"
  /** Gas is too dear for it now. */
  | "dear"
  /** It succeeded before and changed nothing. */
  | "repeated"
  /** Somebody was faster. */
  | "overtaken"
  /** It was refused, or reverted. Whether somebody else was faster shows in the state after it. */
  | "refused"
  /** The account is busy, or a transaction is not mined. */
  | "waiting";

/** What became of a proposal, and what is to be said of it. */
export interface Performed {
  readonly outcome: Outcome;
  readonly details: Readonly<Record<string, unknown>>;
  /** What was mined, if anything was. */
  readonly mined?: Extract<Sent, { kind: "mined" }>["receipt"];
}

/** What a proposal is performed with. */
export interface Hands {
  readonly provider: Provider;
  /** Undefined in a dry run. */
  readonly sender: Sender | undefined;
  /** Account that simulations run as. */
  readonly from: string;
  readonly limits: FeeLimits;
}

/** Errors of all contracts on the way, their names being unique. */
const ERRORS = new Interface(
  [
    AutoClaim__factory,
    BridgeAdapter__factory,
    ChildBridgeAdapter__factory,
    Delegator__factory,
    PolygonPool__factory,
  ].flatMap(({ abi }) => [...Interface.from(abi).fragments].filter(({ type }) => type === "error")),
);

/**
 * Simulates a proposal on top of what waits to be mined, looks at its price, sends it and waits. The last thing before it is
 * sent is another simulation: a rival may have been at it meanwhile.
 */
export async function perform(proposal: Proposal, gasPrice: bigint, hands: Hands): Promise<Performed> {
  const { provider, sender, from, limits } = hands;
  const transaction = { ...proposal.call, from, blockTag: "pending" };
  const look = async (): Promise<Performed | undefined> => {
    try {
      const answer = await provider.call(transaction);
      const brings = proposal.brings?.(answer) ?? true;
      return brings ? undefined : { outcome: "idle", details: { answer } };
    } catch (error) {
      const refused = refusalOf(proposal, error);
      if (refused.outcome !== "refused") return refused;
      // Without what waits to be mined it would succeed: somebody's call to the same end is on its way.
      const before = await provider.call({ ...transaction, blockTag: "latest" }).catch(() => undefined);
      return before === undefined ? refused : { ...refused, outcome: "overtaken" };
    }
  };
  const refused = await look();
  if (refused !== undefined) return refused;
  let gas: bigint;
  try {
    gas = await provider.estimateGas(transaction);
  } catch (error) {
    return refusalOf(proposal, error);
  }

  // What must be sent along; what is burned is less, mostly by the million that the delegator keeps ready.
  const price = { gas, gasPrice, costAtMost: gas * gasPrice, worth: proposal.worthWei };
  if (gasPrice > limits.maxGasPrice) return { outcome: "dear", details: { ...price, allowed: limits.maxGasPrice } };
  if (price.costAtMost > limits.maxCost) return { outcome: "dear", details: { ...price, allowed: limits.maxCost } };
  if (sender === undefined) return { outcome: "planned", details: price };
  let late: Performed | undefined;
  const sent = await sender.send(proposal.call, gas, async () => {
    late = await look();
    return late === undefined;
  });
  return late ?? conclude(sent);
}

/** What is said of a call that reverts; whatever else went wrong is thrown again. */
function refusalOf({ idle = [] }: Proposal, error: unknown): Performed {
  if (!isCallException(error)) throw error;
  const refusal = errorOf(error.data);
  const isIdle = idle.some((name) => refusal.startsWith(`${name}(`));
  return { outcome: isIdle ? "idle" : "refused", details: { refusal } };
}

/** What a transaction came to. */
export function conclude(sent: Sent): Performed {
  if (sent.kind === "dear") return { outcome: "dear", details: { why: sent.why } };
  if (sent.kind !== "mined") return { outcome: "waiting", details: { why: sent.why } };
  const { receipt } = sent;
  const { hash, blockNumber, gasUsed } = receipt;
  const details = { hash, block: blockNumber, gas: gasUsed, cost: receipt.fee };
  return { outcome: receipt.status === 1 ? "done" : "refused", details, mined: receipt };
}

/** The error of a revert, with its arguments. */
export function errorOf(data: string | null): string {
  const parsed = data === null || data === "0x" ? null : ERRORS.parseError(data);
  if (parsed === null) return `unknown error ${data ?? ""}`;
  return `${parsed.name}(${parsed.args.map(String).join(", ")})`;
}
