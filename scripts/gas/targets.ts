import type { Use } from "./operation";

/** What an operation may cost at most, at every number of validators unless one is named. */
export interface Target {
  readonly operation: string;
  readonly use: Use;
  readonly gas: number;
  readonly validators?: number;
}

/**
 * What a prototype of the design, without the full set of features, reached on Polygon's own contracts at 200 runs. Where
 * it gave a range the upper end is the target; the lower end of the rate was read with no rewards vesting. Those of the
 * bridge are of a prototype of its own, at 10,000 runs, whose messages down had 7 words instead of 9.
 */
export const TARGETS: readonly Target[] = [
  { operation: "deposit", use: "first", gas: 141_700 },
  { operation: "deposit", use: "later", gas: 90_400 },
  { operation: "stakeAndClaimCerts", use: "later", gas: 96_700 },
  { operation: "requestRedeem", use: "later", gas: 94_100 },
  { operation: "requestRedeem again in the batch", use: "later", gas: 71_600 },
  { operation: "claim", use: "later", gas: 63_300 },
  { operation: "redeem", use: "later", gas: 63_300 },
  { operation: "withdraw", use: "later", gas: 63_300 },
  { operation: "transfer", use: "later", gas: 39_460 },
  { operation: "rateRead", use: "later", gas: 13_400 },
  { operation: "rateRead, all vested", use: "later", gas: 10_900 },
  { operation: "rateRead through the token", use: "later", gas: 18_900 },
  { operation: "rateRead through the token, all vested", use: "later", gas: 18_900 },
  { operation: "settleBatch netted", use: "later", gas: 105_500 },
  { operation: "settleBatch with one sale", use: "first", gas: 565_000 },
  { operation: "settleBatch with one sale", use: "later", gas: 565_000 },
  { operation: "harvest of all", use: "later", gas: 1_779_000, validators: 20 },
  { operation: "bridge", use: "first", gas: 132_096 },
  { operation: "bridge", use: "later", gas: 80_796 },
  { operation: "syncRate", use: "later", gas: 56_675 },
  { operation: "delivery of a deposit", use: "first", gas: 218_513 },
  { operation: "delivery of a deposit", use: "later", gas: 113_113 },
  { operation: "delivery of a rate", use: "later", gas: 86_293 },
  { operation: "ChildBridgeAdapter.withdraw", use: "later", gas: 53_303 },
  { operation: "receiveMessage", use: "later", gas: 222_966 },
  { operation: "receiveMessage, large", use: "later", gas: 382_288 },
];

/** The target of a row, if it has one. */
export function targetOf(operation: string, use: Use, validators: number): number | undefined {
  return TARGETS.find(
    (target) =>
      target.operation === operation && target.use === use && (target.validators ?? validators) === validators,
  )?.gas;
}
