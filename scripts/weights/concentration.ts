/** A number that is exact. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** How concentrated a stake is. */
export interface Concentration {
  /** Nakamoto coefficient of halting: fewest validators that together have a third of the stake, or more. */
  readonly halting: number;
  /** Nakamoto coefficient of a majority: fewest validators that together have more than half of the stake. */
  readonly majority: number;
  /** Herfindahl-Hirschman index: the sum of the squared parts; 1 if one validator has all. */
  readonly hhi: Fraction;
  /** Gini coefficient: 0 if all have the same; below 1. */
  readonly gini: Fraction;
}

/** Whether a part of all stake keeps a checkpoint, which takes more than two thirds, from being accepted. */
export function halts(part: bigint, total: bigint): boolean {
  return 3n * part >= total;
}

/** Whether a part of all stake is more than the rest of it. */
export function outweighs(part: bigint, total: bigint): boolean {
  return 2n * part > total;
}

/** Figures of the stakes of validators, in any unit; undefined if there is no stake. */
export function concentrationOf(stakes: readonly bigint[]): Concentration | undefined {
  const largestFirst = [...stakes].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
  const total = sum(stakes);
  if (total === 0n) return undefined;
  const count = BigInt(stakes.length);
  // The sum of the differences of all pairs, which Gini's mean difference is made of: in this order each stake is taken
  // from all that come before it, and those after it are taken from it.
  const differences = sum(largestFirst.map((stake, index) => stake * (count - 1n - 2n * BigInt(index))));
  return {
    halting: fewest(largestFirst, total, halts),
    majority: fewest(largestFirst, total, outweighs),
    hhi: { numerator: sum(stakes.map((stake) => stake * stake)), denominator: total * total },
    gini: { numerator: differences, denominator: count * total },
  };
}

/** A fraction as a decimal number with so many decimals, times `scale`, rounded down. */
export function decimalOf({ numerator, denominator }: Fraction, decimals: number, scale = 1n): string {
  const unit = 10n ** BigInt(decimals);
  const parts = (numerator * scale * unit) / denominator;
  const whole = (parts / unit).toLocaleString("en-US");
  return decimals === 0 ? whole : `${whole}.${(parts % unit).toString().padStart(decimals, "0")}`;
}

/** Sum of numbers. */
export function sum(numbers: readonly bigint[]): bigint {
  return numbers.reduce((total, one) => total + one, 0n);
}

function fewest(largestFirst: readonly bigint[], total: bigint, suffices: typeof halts): number {
  let part = 0n;
  for (const [index, stake] of largestFirst.entries()) {
    part += stake;
    if (suffices(part, total)) return index + 1;
  }
  return largestFirst.length;
}
