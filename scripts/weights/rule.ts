import { concentrationOf, sum } from "./concentration";
import type { Concentration } from "./concentration";
import { WHOLE } from "./set";
import type { Position, ValidatorSet } from "./set";

/** A missed bps of performance costs so many bps: who misses a tenth of the checkpoints gets nothing. */
export const MISS_FACTOR = 10n;

/** Steps between equal weights and those by score. */
export const TENTHS = 10n;

/** Scores are whole numbers of this precision. */
const PRECISION = 10n ** 18n;

/** Why a position gets no weight, in the order in which they are looked for. */
export type Bar = "obstacle" | "commission" | "performance" | "cap";

/** What the rule makes of a position. */
export interface Judged {
  readonly position: Position;
  readonly name: string | undefined;
  /** Stake of the validator that is not the pool's, wei. */
  readonly others: bigint;
  /** What is against it; none if it is fit. */
  readonly bars: readonly Bar[];
  /** What performance leaves, bps. */
  readonly signing: bigint;
  /** What the size of the validator leaves, bps, rounded down. */
  readonly size: bigint;
  /** 0 if it is not fit. */
  readonly score: bigint;
}

/** A position with its weight. */
export interface Weighed extends Judged {
  /** Proposed weight, bps. */
  readonly weight: bigint;
  /** Weight if all that are fit had the same, within their caps; bps. */
  readonly equal: bigint;
}

/** Concentration of the network's stake and of the pool's. */
export interface Figures {
  readonly network: Concentration | undefined;
  readonly pool: Concentration | undefined;
}

/** Proposed weights and what they come to. */
export interface Proposal {
  readonly positions: readonly Weighed[];
  /** The pool's stake that is moved, wei. */
  readonly poolStake: bigint;
  /** Mean stake of a validator of the network without the pool's, wei. */
  readonly mean: bigint;
  /** Tenths of the way from equal weights to those by score; all, unless that cost the network's coefficients. */
  readonly tenths: bigint;
  /** As things are. */
  readonly before: Figures;
  /** With the pool's stake moved to the proposed weights. */
  readonly after: Figures;
  /** With it moved to equal weights. */
  readonly equal: Figures;
  /** Stakes of the network's validators before and after, in parts of a wei; largest first. */
  readonly stakes: { readonly before: readonly bigint[]; readonly after: readonly bigint[] };
}

/** Proposes weights: `docs/weights.md` has the rule. Fails if the caps of those who are fit do not reach the whole. */
export function propose(set: ValidatorSet): Proposal {
  const mean = meanOthers(set);
  const judged = set.positions.map((position) => judge(set, position, mean));
  const caps = judged.map(({ position, score }) => (score === 0n ? 0n : position.capBps));
  const room = sum(caps);
  if (room < WHOLE) throw new Error(tooLittleRoom(judged, room));
  const even = allot(
    judged.map(({ score }) => (score === 0n ? 0n : 1n)),
    caps,
  );
  const before = figures(set, undefined);
  const equal = figures(set, even);
  for (let tenths = TENTHS; ; tenths -= 1n) {
    const weights = tenths === 0n ? even : allot(blended(judged, tenths), caps);
    const after = figures(set, weights);
    if (tenths > 0n && isLower(after.network, equal.network)) continue;
    return {
      positions: judged.map((one, index) => ({ ...one, weight: weights[index] ?? 0n, equal: even[index] ?? 0n })),
      poolStake: sum(set.positions.map(({ principalWei }) => principalWei)),
      ...{ mean, tenths, before, after, equal },
      stakes: { before: largestFirst(stakesOf(set, undefined)), after: largestFirst(stakesOf(set, weights)) },
    };
  }
}

/**
 * Gives out the whole, one bps after the other, each to whoever has the highest score for each bps that it would have
 * then: Webster's method, which rounds to the nearest. The first of equals goes first. No higher score brings a lower
 * weight, which the method of largest remainders would not promise.
 */
export function allot(scores: readonly bigint[], caps: readonly bigint[]): bigint[] {
  const weights = scores.map(() => 0n);
  for (let given = 0n; given < WHOLE; given += 1n) {
    let next: number | undefined;
    // Compared as fractions: score / (2 weight + 1).
    let [bestScore, bestSteps] = [0n, 1n];
    for (const [index, score] of scores.entries()) {
      const weight = weights[index] ?? 0n;
      if (weight === caps[index]) continue;
      const steps = 2n * weight + 1n;
      if (score * bestSteps > bestScore * steps) [next, bestScore, bestSteps] = [index, score, steps];
    }
    if (next === undefined) throw new Error(`the caps leave room for ${given} of ${WHOLE} bps`);
    weights[next] = (weights[next] ?? 0n) + 1n;
  }
  return weights;
}

function judge(set: ValidatorSet, position: Position, mean: bigint): Judged {
  const { commissionPercent, performanceBps, capBps, obstacles } = position;
  const validator = set.validators.find(({ id }) => id === position.validator);
  const others = othersOf(set, position.validator);
  const missed = MISS_FACTOR * (WHOLE - (performanceBps ?? WHOLE));
  const signing = missed > WHOLE ? 0n : WHOLE - missed;
  const kept = 100n - commissionPercent;
  const bars: Bar[] = [];
  if (obstacles.length > 0) bars.push("obstacle");
  if (commissionPercent > set.maxCommissionPercent || kept === 0n) bars.push("commission");
  // Who has left signs nothing any more.
  if (obstacles.length === 0 && signing === 0n) bars.push("performance");
  if (capBps === 0n) bars.push("cap");
  const large = others > mean;
  return {
    position,
    name: validator?.name,
    ...{ others, bars, signing },
    size: large ? (WHOLE * mean) / others : WHOLE,
    score: bars.length > 0 ? 0n : (kept * signing * PRECISION * (large ? mean : 1n)) / (large ? others : 1n),
  };
}

/** Scores that are `tenths` of the way from their mean to what they are. */
function blended(judged: readonly Judged[], tenths: bigint): bigint[] {
  const scores = judged.map(({ score }) => score);
  const fit = BigInt(scores.filter((score) => score > 0n).length);
  const total = sum(scores);
  return scores.map((score) => (score === 0n ? 0n : tenths * score * fit + (TENTHS - tenths) * total));
}

function figures(set: ValidatorSet, weights: readonly bigint[] | undefined): Figures {
  return {
    network: concentrationOf(stakesOf(set, weights)),
    pool: concentrationOf(weights ?? set.positions.map(({ principalWei }) => principalWei)),
  };
}

/** Stakes of the validators in the set, with the pool's where it is or moved to weights; in 1/10,000 wei, to be exact. */
function stakesOf(set: ValidatorSet, weights: readonly bigint[] | undefined): bigint[] {
  const poolStake = sum(set.positions.map(({ principalWei }) => principalWei));
  return set.validators
    .filter(({ stakeWei }) => stakeWei > 0n)
    .map(({ id, stakeWei }) => {
      if (weights === undefined) return stakeWei * WHOLE;
      const weight = sum(set.positions.map(({ validator }, index) => (validator === id ? (weights[index] ?? 0n) : 0n)));
      return othersOf(set, id) * WHOLE + poolStake * weight;
    });
}

/** What is staked at a validator without the pool's. */
function othersOf({ validators, positions }: ValidatorSet, id: bigint): bigint {
  const stake = validators.find((validator) => validator.id === id)?.stakeWei ?? 0n;
  const own = sum(positions.filter(({ validator }) => validator === id).map(({ principalWei }) => principalWei));
  // A position that has lost is worth less than its principal until that is booked.
  return stake > own ? stake - own : 0n;
}

function meanOthers(set: ValidatorSet): bigint {
  const others = set.validators.filter(({ stakeWei }) => stakeWei > 0n).map(({ id }) => othersOf(set, id));
  const mean = others.length === 0 ? 0n : sum(others) / BigInt(others.length);
  return mean === 0n ? 1n : mean;
}

function isLower(after: Concentration | undefined, equal: Concentration | undefined): boolean {
  if (after === undefined || equal === undefined) return false;
  return after.halting < equal.halting || after.majority < equal.majority;
}

function largestFirst(stakes: readonly bigint[]): bigint[] {
  return [...stakes].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
}

function tooLittleRoom(judged: readonly Judged[], room: bigint): string {
  const fit = judged.filter(({ score }) => score > 0n).length;
  return (
    `No weights can be proposed: ${fit} of ${judged.length} positions are fit, and their caps come to ${room} of ` +
    `${WHOLE} bps. Register more validators, or raise caps in validators.json and read it with --file`
  );
}
