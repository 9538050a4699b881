import type { BlockTag, Provider } from "ethers";

import { ChildAnkrMATIC__factory, IRootChain__factory } from "../../../typechain-types";
import type { BridgeAdapter, ChildBridgeAdapter, IRootChain } from "../../../typechain-types";
import { messageOf } from "../amounts";
import { revertOf, revertText } from "../reverts";

import { findHeader, lastHeader } from "./headers";
import type { Header } from "./headers";
import { sentUp } from "./messages";
import type { DownMessage, Message, Route, UpMessage } from "./messages";
import { readReceipt } from "./rpc";
import type { RpcProvider } from "./rpc";
import { fxRouteOf, stateReceiverAt } from "./stateSync";

/** What waits for an account because of a limit, and when the limit lets it through. */
export interface Waiting {
  /** Shares that wait, of all messages to the account. */
  readonly shares: bigint;
  /** Shares that the limit lets through now. */
  readonly now: bigint;
  /** The limit of a day. */
  readonly limit: bigint;
  /** What is left of the cap on the supply; undefined where there is none. */
  readonly room: bigint | undefined;
  /** Seconds until all of it is let through, if nobody else uses the limit; undefined if the limit or the cap forbid it. */
  readonly seconds: bigint | undefined;
}

/** Where a message to Polygon is. */
export type DownStatus =
  | { readonly is: "travelling" }
  /** Its receiver failed, and it can be delivered again; `reason` says why that would fail too, if it would. */
  | { readonly is: "failed"; readonly reason: string | undefined }
  /** It was delivered, but is neither taken nor kept. */
  | { readonly is: "lost" }
  | { readonly is: "delivered"; readonly waiting: Waiting | undefined };

/** Where a withdrawal is. */
export type UpStatus =
  /** Its block is in no checkpoint yet; `last` is the last one that there is. */
  | { readonly is: "unchecked"; readonly last: Header | undefined }
  | { readonly is: "provable"; readonly header: Header }
  | { readonly is: "proven"; readonly waiting: Waiting | undefined };

/** Where a message is, by its direction. */
export type MessageStatus = DownStatus | UpStatus;

/** Both ends of the bridge, each connected to a provider of its chain. */
export interface ConnectedEnds {
  readonly bridge: BridgeAdapter;
  readonly child: ChildBridgeAdapter;
}

/** Time in which a limit refills, in seconds. */
const REFILL_PERIOD = 86_400n;

/** When a limit that refills over a day lets an amount through; in parts, if it is more than the limit. */
export function refillTime(shares: bigint, now: bigint, limit: bigint): bigint | undefined {
  if (shares <= now) return 0n;
  if (limit === 0n) return undefined;
  return ((shares - now) * REFILL_PERIOD + limit - 1n) / limit;
}

/** The provider of an end. */
function providerOf(end: BridgeAdapter | ChildBridgeAdapter): Provider {
  const provider = end.runner?.provider;
  if (!provider) throw new Error("An end of the bridge has no provider: connect it to one of its chain");
  return provider;
}

/** All is read at one block, as what arrives between two answers would make them contradict each other. */
async function atLatest(end: BridgeAdapter | ChildBridgeAdapter): Promise<{ blockTag: BlockTag }> {
  return { blockTag: await providerOf(end).getBlockNumber() };
}

/** RootChain, as an end on Ethereum knows it. */
export async function rootChainOf(bridge: BridgeAdapter): Promise<IRootChain> {
  return IRootChain__factory.connect(await bridge.ROOT_CHAIN(), bridge.runner);
}

/**
 * What waits to be minted for an account on Polygon.
 * @param added Shares that are not there yet.
 */
export async function waitingOnPolygon(child: ChildBridgeAdapter, receiver: string, added = 0n): Promise<Waiting> {
  const at = await atLatest(child);
  const token = ChildAnkrMATIC__factory.connect(await child.TOKEN(at), child.runner);
  const [pending, now, limit, cap, supply] = await Promise.all([
    child.pendingOf(receiver, at),
    child.remainingMint(at),
    token.mintingMaxLimitOf(child, at),
    token.supplyCap(at),
    token.totalSupply(at),
  ]);
  const shares = pending + added;
  const room = cap > supply ? cap - supply : 0n;
  return { shares, now, limit, room, seconds: shares > room ? undefined : refillTime(shares, now, limit) };
}

/**
 * What waits to be released to an account on Ethereum.
 * @param added Shares that are not there yet.
 */
export async function waitingOnEthereum(bridge: BridgeAdapter, receiver: string, added = 0n): Promise<Waiting> {
  const at = await atLatest(bridge);
  const [pending, now, { releaseLimit: limit }] = await Promise.all([
    bridge.pendingOf(receiver, at),
    bridge.remainingRelease(at),
    bridge.parameters(at),
  ]);
  const shares = pending + added;
  return { shares, now, limit, room: undefined, seconds: refillTime(shares, now, limit) };
}

/** What messages of a bridge to Polygon pass, as `sentDown` asks for it. */
export async function routeOf(bridge: BridgeAdapter): Promise<Route> {
  const [address, fxRoot] = await Promise.all([bridge.getAddress(), bridge.FX_ROOT()]);
  return { bridge: address, ...(await fxRouteOf(fxRoot, bridge.runner)) };
}

/**
 * Whether a withdrawal was proven on Ethereum already.
 * @param bridge The bridge's end on Ethereum.
 * @param polygon A node of Polygon.
 * @param transaction Hash of the transaction on Polygon.
 * @param position Place of the log among those of the receipt, from 0.
 */
export async function isProcessed(
  bridge: BridgeAdapter,
  polygon: RpcProvider,
  transaction: string,
  position: number,
): Promise<boolean> {
  const messages = sentUp(await readReceipt(polygon, transaction), await bridge.PEER());
  const message = messages.find((candidate) => candidate.position === position);
  if (message !== undefined) return bridge.isConsumed(message.nonce);
  throw new Error(`Log ${position} of transaction ${transaction} is no message of this bridge: ${placesOf(messages)}`);
}

/** Where in a transaction messages are, for who asked for another place. */
export function placesOf(messages: readonly UpMessage[]): string {
  if (messages.length === 0) return "the transaction has none; check the hash and the network";
  return `those of the transaction are at ${messages.map(({ position }) => position).join(", ")}`;
}

/** Where a message to Polygon is. */
export async function downStatus(child: ChildBridgeAdapter, message: DownMessage): Promise<DownStatus> {
  const at = await atLatest(child);
  const { nonce, receiver, stateId } = message;
  if (await child.isConsumed(nonce, at)) {
    const waiting = receiver === undefined ? undefined : await waitingOnPolygon(child, receiver);
    return { is: "delivered", waiting: waiting?.shares === 0n ? undefined : waiting };
  }
  const stateReceiver = stateReceiverAt(at.blockTag, child.runner);
  if ((await stateReceiver.lastStateId()) < stateId) return { is: "travelling" };
  if ((await stateReceiver.failedStateSync(stateId)) === "0x") return { is: "lost" };
  try {
    await stateReceiver.tryReplay(stateId);
    return { is: "failed", reason: undefined };
  } catch (error) {
    const revert = revertOf(error, [child.interface]);
    return { is: "failed", reason: revert === undefined ? messageOf(error) : revertText(revert) };
  }
}

/** Where a withdrawal is. */
export async function upStatus(bridge: BridgeAdapter, message: UpMessage): Promise<UpStatus> {
  const at = await atLatest(bridge);
  if (await bridge.isConsumed(message.nonce, at)) {
    const waiting = await waitingOnEthereum(bridge, message.receiver);
    return { is: "proven", waiting: waiting.shares === 0n ? undefined : waiting };
  }
  const rootChain = await rootChainOf(bridge);
  const header = await findHeader(rootChain, message.block, at.blockTag);
  if (header !== undefined) return { is: "provable", header };
  return { is: "unchecked", last: await lastHeader(rootChain, at.blockTag) };
}

/** Where a message is, in either direction. */
export async function messageStatus({ bridge, child }: ConnectedEnds, message: Message): Promise<MessageStatus> {
  return message.direction === "polygon" ? downStatus(child, message) : upStatus(bridge, message);
}
