/** Calls at the beginning and at the end that are compared; half of all if there are fewer than twice as many. */
export const SAMPLE = 100;

/** Gas of all calls of one kind. */
export interface Row {
  readonly operation: string;
  readonly calls: number;
  /** The dearest of the first and of the last {@link SAMPLE}. */
  readonly first: number;
  readonly last: number;
  /** The cheapest and the dearest of all. */
  readonly least: number;
  readonly most: number;
}

/** What the gas of calls, in their order, comes to. */
export function row(operation: string, gas: readonly number[]): Row {
  if (gas.length === 0) throw new Error(`${operation} was never called: raise --stakers and --requests`);
  const sample = Math.min(SAMPLE, Math.ceil(gas.length / 2));
  return {
    operation,
    calls: gas.length,
    first: highest(gas.slice(0, sample)),
    last: highest(gas.slice(-sample)),
    least: -highest(gas.map((one) => -one)),
    most: highest(gas),
  };
}

/** Rows whose calls became dearer, or were so in between. Upkeep may be dearer at first: it may touch a validator more. */
export function risen(rows: readonly Row[]): Row[] {
  return rows.filter(({ first, last, most }) => last > first || most > first);
}

/** Not by spreading: there are more numbers than a call takes arguments. */
function highest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), -Infinity);
}
