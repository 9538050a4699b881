import type { Provider } from "ethers";

import {
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  RatioFeed__factory,
  SwapPool__factory,
} from "../../typechain-types";
import { messageOf } from "../lib/amounts";
import { revertData, revertOf, revertText } from "../lib/reverts";

import type { LeftStatus } from "./ethereum";
import { readGovernance } from "./governance";
import type { GovernanceStatus } from "./governance";
import { headOf } from "./head";
import type { Head } from "./head";
import type { PolygonPlaces } from "./places";

/** The last rate that came to Polygon. */
export interface RateStatus {
  readonly ratio: bigint;
  readonly value: bigint;
  /** When it was so on Ethereum. */
  readonly time: bigint;
  readonly nonce: bigint;
  readonly lossCount: bigint;
}

/** The swap pool. */
export interface SwapStatus {
  /** Why it takes no swaps now; undefined if it does. */
  readonly refusal: string | undefined;
  readonly assets: bigint;
  readonly shares: bigint;
  /** Native wei that can be paid out now, and in a day; none while it takes no swaps. */
  readonly payouts: LeftStatus;
  readonly pausedUntil: bigint;
}

/** The Polygon side at one block. Assets and shares in wei, times in seconds. */
export interface PolygonStatus {
  readonly head: Head;
  readonly finished: boolean;
  /** Undefined if none has come. */
  readonly rate: RateStatus | undefined;
  readonly supply: bigint;
  readonly minted: bigint;
  readonly pending: bigint;
  readonly supplyCap: LeftStatus;
  readonly minting: LeftStatus;
  readonly burning: LeftStatus;
  readonly swap: SwapStatus;
  readonly governance: GovernanceStatus;
}

/** What a swap is refused for that is too big for the pool, and not because of the rate. */
const TOO_BIG = ["AboveReserve", "AbovePayoutLimit", "ZeroOutput"];

const ONE = 10n ** 18n;

/** Reads all of it at the last block. */
export async function readPolygon(provider: Provider, places: PolygonPlaces): Promise<PolygonStatus> {
  const head = await headOf(provider);
  const at = { blockTag: head.number };
  const token = ChildAnkrMATIC__factory.connect(places.token, provider);
  const adapter = ChildBridgeAdapter__factory.connect(places.adapter, provider);
  const [supply, cap, minted, pending, mint, mintLimit, burn, burnLimit] = await Promise.all([
    token.totalSupply(at),
    token.supplyCap(at),
    adapter.minted(at),
    adapter.totalPending(at),
    token.mintingCurrentLimitOf(adapter, at),
    token.mintingMaxLimitOf(adapter, at),
    token.burningCurrentLimitOf(adapter, at),
    token.burningMaxLimitOf(adapter, at),
  ]);
  return {
    head,
    finished: places.finished,
    rate: await readRate(provider, places, at),
    ...{ supply, minted, pending },
    supplyCap: { left: cap > supply ? cap - supply : 0n, of: cap },
    minting: { left: mint, of: mintLimit },
    burning: { left: burn, of: burnLimit },
    swap: await readSwap(provider, places, at),
    governance: await readGovernance(provider, places, head),
  };
}

interface Tag {
  readonly blockTag: number;
}

async function readRate(provider: Provider, places: PolygonPlaces, at: Tag): Promise<RateStatus | undefined> {
  const feed = RatioFeed__factory.connect(places.feed, provider);
  const [time, nonce, lossCount] = await Promise.all([feed.lastUpdated(at), feed.lastNonce(at), feed.lossCount(at)]);
  // The rest has an answer only if there is a rate.
  if (time === 0n) return undefined;
  const [ratio, value] = await Promise.all([feed.ratio(at), feed.getRate(at)]);
  return { ratio, value, time, nonce, lossCount };
}

async function readSwap(provider: Provider, places: PolygonPlaces, at: Tag): Promise<SwapStatus> {
  const swap = SwapPool__factory.connect(places.swap, provider);
  const [{ dailyLimit, pausedUntil }, { assets, shares }, { assets: payable }] = await Promise.all([
    swap.parameters(at),
    swap.reserves(at),
    swap.available(at),
  ]);
  let refusal: string | undefined;
  try {
    await swap.quoteStake(ONE, at);
  } catch (error) {
    if (revertData(error) === undefined) throw error;
    const revert = revertOf(error, [swap.interface, RatioFeed__factory.createInterface()]);
    if (revert === undefined) refusal = messageOf(error);
    else if (!TOO_BIG.includes(revert.name)) refusal = revertText(revert);
  }
  return { refusal, assets, shares, payouts: { left: payable, of: dailyLimit }, pausedUntil };
}
