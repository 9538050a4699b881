/** What a pool holds: MATIC wei, and the shares that they belong to. */
export interface Totals {
  readonly assets: bigint;
  readonly shares: bigint;
}

/** An exact quotient of whole numbers that are not negative, in lowest terms. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** The quotient of two whole numbers. */
export function fraction(over: bigint, under: bigint): Fraction {
  if (over < 0n || under <= 0n) throw new Error(`${over} / ${under} is no quotient that this model knows`);
  let [divisor, rest] = [over, under];
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest];
  return { over: over / divisor, under: under / divisor };
}

/** The product of a quotient and a whole number. */
export function times({ over, under }: Fraction, factor: bigint): Fraction {
  return fraction(over * factor, under);
}

/** The sum of a quotient and a whole number. */
export function plus({ over, under }: Fraction, summand: bigint): Fraction {
  return fraction(over + summand * under, under);
}

/** True if the first is no more than the second. */
export function atMost(a: Fraction, b: Fraction): boolean {
  return a.over * b.under <= b.over * a.under;
}

/** A whole number as a quotient. */
export function whole(number: bigint): Fraction {
  return fraction(number, 1n);
}

/** The greatest whole number that is no more than the quotient. */
export function greatestWithin({ over, under }: Fraction): bigint {
  return (over - (over % under)) / under;
}

/** The least whole number that is no less than the quotient. */
export function leastReaching(quotient: Fraction): bigint {
  const within = greatestWithin(quotient);
  return atMost(quotient, whole(within)) ? within : within + 1n;
}

/** Exact worth of shares in MATIC wei; nothing where there are no shares. */
export function worthOf(shares: bigint, totals: Totals): Fraction {
  return totals.shares === 0n ? whole(0n) : times(fraction(totals.assets, totals.shares), shares);
}

/** Exact number of shares that are worth so many MATIC wei; none where nothing is worth anything. */
export function sharesWorth(bonds: bigint, totals: Totals): Fraction {
  return totals.assets === 0n ? whole(0n) : times(fraction(totals.shares, totals.assets), bonds);
}

/** Bonds that an account with so many shares is shown to have. */
export function shownFor(shares: bigint, totals: Totals): bigint {
  return greatestWithin(worthOf(shares, totals));
}

/**
 * Shares that leave an account for bonds that it has: the least number that is worth them, and all that it has if the
 * bonds are all that it is shown.
 */
export function sharesFor(bonds: bigint, held: bigint, totals: Totals): bigint {
  if (bonds > 0n && bonds === shownFor(held, totals)) return held;
  return leastReaching(sharesWorth(bonds, totals));
}

/** What an allowance loses for shares: the least whole number that is no less than their worth, and not nothing. */
export function chargeFor(shares: bigint, totals: Totals): bigint {
  if (shares === 0n) return 0n;
  const charge = leastReaching(worthOf(shares, totals));
  return charge === 0n ? 1n : charge;
}
