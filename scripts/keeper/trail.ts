import type { Log, Provider } from "ethers";

import { BridgeAdapter__factory, ChildBridgeAdapter__factory, PolygonPool__factory } from "../../typechain-types";

import type { Policy } from "./policy";
import type { EthereumAddresses, PolygonAddresses, SentRate } from "./state";

/**
 * What events told: whom to ask, and never what is so. An event that a reorganisation took back costs a question more, and
 * nothing else.
 */
export interface Trail {
  /** Next block to read. */
  next: number;
  /** Who made AutoClaim an operator at any time. */
  readonly controllers: Set<string>;
  /** Epochs in which batches were closed. */
  readonly closed: Map<bigint, bigint>;
  /** Batches for which nothing is on its way any more. */
  readonly done: Set<bigint>;
  /** Receivers for whom something had to wait at this end of the bridge. */
  readonly waiting: Set<string>;
  /** The last message that brought a rate, and its block. */
  sent: (Omit<SentRate, "time"> & { readonly block: number }) | undefined;
  /** Where the last pages ended. */
  readonly pages: { claims: number; waiting: number };
}

/** Begins at a block: that of the deployment, or an earlier one. */
export function newTrail(from: number): Trail {
  return {
    next: from,
    controllers: new Set(),
    closed: new Map(),
    done: new Set(),
    waiting: new Set(),
    sent: undefined,
    pages: { claims: 0, waiting: 0 },
  };
}

const POOL = PolygonPool__factory.createInterface();
const BRIDGE = BridgeAdapter__factory.createInterface();
const CHILD = ChildBridgeAdapter__factory.createInterface();

/** Reads what happened on Ethereum up to a block. */
export async function followEthereum(
  trail: Trail,
  provider: Provider,
  at: EthereumAddresses,
  upTo: number,
  policy: Policy,
): Promise<void> {
  const addresses = [at.pool, ...(at.bridge === undefined ? [] : [at.bridge])];
  const topics = [
    POOL.getEvent("OperatorSet").topicHash,
    POOL.getEvent("BatchClosed").topicHash,
    BRIDGE.getEvent("RateSent").topicHash,
    BRIDGE.getEvent("Released").topicHash,
  ];
  await follow(trail, provider, { address: addresses, topics: [topics] }, upTo, policy, (log) => {
    if (log.address === at.pool) {
      const event = POOL.parseLog(log);
      if (event?.name === "BatchClosed") trail.closed.set(event.args[0] as bigint, event.args[3] as bigint);
      if (event?.name === "OperatorSet" && event.args[1] === at.autoClaim) {
        trail.controllers.add(event.args[0] as string);
      }
      return;
    }
    const event = BRIDGE.parseLog(log);
    if (event?.name === "RateSent") {
      trail.sent = { nonce: event.args[0] as bigint, lossCount: event.args[3] as bigint, block: log.blockNumber };
    }
    if (event?.name === "Released" && event.args[2] !== 0n) trail.waiting.add(event.args[0] as string);
  });
}

/** Reads what happened on Polygon up to a block. */
export async function followPolygon(
  trail: Trail,
  provider: Provider,
  { adapter }: PolygonAddresses,
  upTo: number,
  policy: Policy,
): Promise<void> {
  const topics = [CHILD.getEvent("Minted").topicHash];
  await follow(trail, provider, { address: [adapter], topics: [topics] }, upTo, policy, (log) => {
    const event = CHILD.parseLog(log);
    if (event !== null && event.args[2] !== 0n) trail.waiting.add(event.args[0] as string);
  });
}

interface Filter {
  readonly address: string[];
  readonly topics: string[][];
}

/** Page by page; what was read stays read if a later page fails. The last blocks are read again every time. */
async function follow(
  trail: Trail,
  provider: Provider,
  filter: Filter,
  upTo: number,
  { logRange, reorgBlocks }: Pick<Policy, "logRange" | "reorgBlocks">,
  take: (log: Log) => void,
): Promise<void> {
  let range = logRange;
  let from = Math.min(trail.next, upTo + 1);
  while (from <= upTo) {
    const to = Math.min(from + range - 1, upTo);
    try {
      (await provider.getLogs({ ...filter, fromBlock: from, toBlock: to })).forEach(take);
    } catch (error) {
      // Nodes bound both the blocks and the events of an answer, each in its own words.
      if (range === 1) throw error;
      range = Math.ceil(range / 2);
      continue;
    }
    from = to + 1;
    trail.next = Math.max(0, from - reorgBlocks);
  }
}

/** The next `size` of all, where the last page ended; from the beginning after the end. */
export function nextPage<T>(all: readonly T[], pages: Trail["pages"], name: keyof Trail["pages"], size: number): T[] {
  if (all.length <= size) return [...all];
  const from = pages[name] % all.length;
  pages[name] = (from + size) % all.length;
  return [...all.slice(from, from + size), ...all.slice(0, Math.max(0, from + size - all.length))];
}
