import type { BridgeMessage } from "../../typechain-types/contracts/interfaces/IRatioFeed";

import { DAY } from "./fixture";
import { YEAR } from "./polygon";

/** What a message says of the value of a share. */
export type Rate = Readonly<Record<"totalAssets" | "totalSupply" | "lossCount" | "time", bigint>> &
  BridgeMessage.RateStruct;

/** Why a feed refuses a rate, in the order of its enumeration. */
export const REFUSALS = [
  ...(["None", "OldNonce", "Impossible", "FutureTime", "OldTime", "FewerLosses", "Fell", "GrewTooFast"] as const),
];
export type Refusal = (typeof REFUSALS)[number];

/** Number of a reason in the feed's events. */
export function numberOf(reason: Refusal): bigint {
  return BigInt(REFUSALS.indexOf(reason));
}

/** Shares of which a second of the highest growth is worth `SECOND` assets. */
export const SHARES = YEAR * 10n ** 11n;
export const SECOND = 10n ** 11n;

/** Seconds of growth that may be saved up. */
export const SAVED = DAY / 2n;

/** A rate at which each share is worth one asset, and as many seconds of growth more. */
export function rateOf(time: bigint, seconds = 0n, change: Partial<Rate> = {}): Rate {
  return { totalAssets: SHARES + seconds * SECOND, totalSupply: SHARES, lossCount: 0n, time, ...change };
}

const WIDEST = 2n ** 104n - 1n;
const SKEW = 900n;

/** The feed by its rules: what it should do with each message, told by fractions and not by its own arithmetic. */
export class FeedModel {
  last: (Rate & { nonce: bigint }) | undefined;
  /** Time of the rate after which more losses were known than before it; 0 while none is known. */
  lossTime = 0n;
  /** Seconds of growth that are saved up at the time of the last rate. */
  private saved = SAVED;

  /** Takes a message, and says why not. */
  take(nonce: bigint, rate: Rate, now: bigint): Refusal {
    const reason = this.judge(nonce, rate, now);
    if (reason !== "None") return reason;
    const { last } = this;
    if (last !== undefined) {
      const left = this.saved + rate.time - last.time - growthOf(last, rate);
      this.saved = left > SAVED ? SAVED : left;
    }
    if (rate.lossCount > (last?.lossCount ?? 0n)) this.lossTime = rate.time;
    this.last = { ...rate, nonce };
    return reason;
  }

  private judge(nonce: bigint, rate: Rate, now: bigint): Refusal {
    const { last } = this;
    const { totalAssets, totalSupply, lossCount, time } = rate;
    if (nonce <= (last?.nonce ?? 0n)) return "OldNonce";
    if (totalSupply === 0n || totalSupply > WIDEST || totalAssets > WIDEST || lossCount >= 2n ** 32n) {
      return "Impossible";
    }
    if (time > now + SKEW) return "FutureTime";
    if (last === undefined) return judgeFirst(rate, now);
    if (time < last.time) return "OldTime";
    if (lossCount < last.lossCount) return "FewerLosses";
    if (isLess(rate, last) && lossCount === last.lossCount) return "Fell";
    return growthOf(last, rate) > this.saved + time - last.time ? "GrewTooFast" : "None";
  }
}

function judgeFirst({ totalAssets, totalSupply, lossCount, time }: Rate, now: bigint): Refusal {
  if (totalAssets === 0n || totalAssets > 2n * totalSupply) return "Impossible";
  if (time < now - 7n * DAY) return "OldTime";
  return totalAssets < totalSupply && lossCount === 0n ? "Fell" : "None";
}

function isLess(rate: Rate, than: Rate): boolean {
  return rate.totalAssets * than.totalSupply < than.totalAssets * rate.totalSupply;
}

/** Fewest whole seconds in which one rate can become the other. */
function growthOf(from: Rate, to: Rate): bigint {
  if (!isLess(from, to)) return 0n;
  if (from.totalAssets === 0n) return 2n ** 64n;
  const seconds = (to.totalAssets * from.totalSupply * YEAR) / (from.totalAssets * to.totalSupply) - YEAR;
  const exact = (seconds + YEAR) * from.totalAssets * to.totalSupply === to.totalAssets * from.totalSupply * YEAR;
  return exact ? seconds : seconds + 1n;
}
