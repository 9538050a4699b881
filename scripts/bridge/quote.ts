import type { Signer } from "ethers";

import { AnkrMATIC__factory, ChildAnkrMATIC__factory, IRatioFeed__factory } from "../../typechain-types";
import type { AnkrMATIC, BridgeAdapter, ChildAnkrMATIC, ChildBridgeAdapter } from "../../typechain-types";
import { exact, parseDecimal } from "../lib/amounts";
import { waitingOnEthereum, waitingOnPolygon } from "../lib/bridge/status";
import type { Waiting } from "../lib/bridge/status";
import { revertOf } from "../lib/reverts";

import { bridgeAt, childAt } from "./ends";
import type { Ends } from "./ends";
import type { ChainNode } from "./nodes";
import {
  TIME_DOWN,
  TIME_UP,
  aboveLock,
  aboveMinted,
  aboveWithdrawal,
  deadEnd,
  lateLine,
  notEnough,
  paused,
} from "./words";

/** Where shares go. */
export type Direction = "polygon" | "ethereum";

/** The end that takes the shares, and their token, on the chain that they leave. */
export type Start =
  | { readonly direction: "polygon"; readonly end: BridgeAdapter; readonly token: AnkrMATIC }
  | { readonly direction: "ethereum"; readonly end: ChildBridgeAdapter; readonly token: ChildAnkrMATIC };

/** What is to be sent. */
export interface Order {
  readonly start: Start;
  readonly here: ChainNode;
  /** A node of the other chain; undefined if none was named. */
  readonly there: ChainNode | undefined;
  readonly ends: Ends;
  readonly signer: Signer;
  readonly sender: string;
  readonly receiver: string;
  readonly shares: bigint;
  /** What the sender has. */
  readonly balance: bigint;
}

/** Reads an amount of the command line; undefined for all that there is. */
export function amountParameter(amount: string): bigint | undefined {
  if (amount === "all") return undefined;
  const wei = parseDecimal(amount);
  if (wei === undefined) {
    throw new Error(
      `--amount ${amount} is no amount: digits with at most 18 decimals after a point, like 12.5, or all`,
    );
  }
  if (wei === 0n) throw new Error("--amount is 0: name how much is to be sent, or all");
  return wei;
}

/** Reads a direction of the command line. */
export function directionParameter(direction: string): Direction {
  if (direction === "polygon" || direction === "ethereum") return direction;
  throw new Error(`--direction ${direction} is none: it is polygon or ethereum, where the ankrMATIC goes`);
}

/** Where shares start in a direction. */
export async function startOf(direction: Direction, ends: Ends, here: ChainNode): Promise<Start> {
  if (direction === "polygon") {
    const end = bridgeAt(ends.bridge, here);
    return { direction, end, token: AnkrMATIC__factory.connect(await end.TOKEN(), { provider: here }) };
  }
  const end = childAt(ends.child, here);
  return { direction, end, token: ChildAnkrMATIC__factory.connect(await end.TOKEN(), { provider: here }) };
}

/** Fails, in words, if the contracts would refuse to send it. */
export async function requirePossible({ start, here, ends, sender, receiver, shares, balance }: Order): Promise<void> {
  if (receiver === (start.direction === "polygon" ? ends.child : ends.bridge)) throw new Error(deadEnd(receiver));
  if (balance === 0n) throw new Error(`${sender} has no ankrMATIC here: choose the account that has some with --from.`);
  if (shares > balance) throw new Error(notEnough(sender, balance, shares));
  if (start.direction === "polygon") {
    const [remaining, { pausedUntil }, latest] = await Promise.all([
      start.end.remainingLock(),
      start.end.parameters(),
      here.getBlock("latest"),
    ]);
    if (pausedUntil > BigInt(latest?.timestamp ?? 0)) throw new Error(paused(pausedUntil));
    if (shares > remaining) throw new Error(aboveLock(shares, remaining));
    return;
  }
  const [minted, remaining] = await Promise.all([start.end.minted(), start.end.remainingWithdrawal()]);
  if (shares > minted) throw new Error(aboveMinted(shares, minted));
  if (shares > remaining) throw new Error(aboveWithdrawal(shares, remaining));
}

/** All that a sender should know, for a reader. */
export async function quoteLines(order: Order): Promise<string[]> {
  const { start, ends, sender, receiver, shares, balance, there } = order;
  const down = start.direction === "polygon";
  const chain = down ? "Polygon" : "Ethereum";
  const possible = down
    ? `${exact(await start.end.remainingLock())} ankrMATIC can be locked now`
    : `${exact(await start.end.remainingWithdrawal())} ankrMATIC can be sent back now`;
  const waiting =
    there === undefined
      ? undefined
      : down
        ? await waitingOnPolygon(childAt(ends.child, there), receiver, shares)
        : await waitingOnEthereum(bridgeAt(ends.bridge, there), receiver, shares);
  return [
    `sender     ${sender}`,
    `has        ${exact(balance)} ankrMATIC`,
    `sends      ${exact(shares)} ankrMATIC, ${await worthOf(start, shares)}`,
    `receiver   ${receiver} on ${chain}`,
    `limit      ${possible}`,
    `arrival    ${arrival(waiting, chain)}`,
    `takes      ${down ? TIME_DOWN : `${TIME_UP}, then anyone can prove it with bridge:exit`}`,
    ...(await warnings(order, waiting, chain)).map((warning) => `warning    ${warning}`),
  ];
}

function arrival(waiting: Waiting | undefined, chain: string): string {
  if (waiting === undefined) return `unknown: to see the limit on ${chain}, name a node of it with --other-rpc`;
  return `${exact(waiting.now)} ankrMATIC can be ${chain === "Polygon" ? "minted" : "released"} on ${chain} now`;
}

/** What shares are worth, at the rate that is known on their chain. */
async function worthOf({ token }: Start, shares: bigint): Promise<string> {
  try {
    return `worth ${exact(await token.sharesToBonds(shares))} MATIC at the present rate`;
  } catch (error) {
    if (revertOf(error, [IRatioFeed__factory.createInterface()])?.name !== "NoRate") throw error;
    return "whose worth is not known here yet";
  }
}

async function warnings(order: Order, waiting: Waiting | undefined, chain: string): Promise<string[]> {
  const { here, there, receiver } = order;
  const found: string[] = [];
  const late = waiting === undefined ? undefined : lateLine(waiting);
  if (late !== undefined) found.push(late);
  if (!isContract(await here.getCode(receiver))) return found;
  if (there === undefined) {
    found.push(`${receiver} is a contract here: make sure that it can move what it gets on ${chain}.`);
  } else if ((await there.getCode(receiver)) === "0x") {
    found.push(
      `${receiver} is a contract here, but there is none at that address on ${chain}: what it gets there may be ` +
        "out of reach for ever. Name another account with --to.",
    );
  }
  return found;
}

/** An account that delegates to code, by EIP-7702, still has its key, which is good on each chain. */
function isContract(code: string): boolean {
  return code !== "0x" && !/^0xef0100[0-9a-f]{40}$/i.test(code);
}
