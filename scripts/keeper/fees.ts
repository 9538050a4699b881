/** What a transaction offers for a unit of gas, wei. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** What the operator allows on a chain. */
export interface FeeLimits {
  /** Wei for a unit of gas. */
  readonly maxGasPrice: bigint;
  /** Wei for a call. */
  readonly maxCost: bigint;
}

/** Nodes refuse a replacement that offers less than a tenth more; this is an eighth. */
const BUMP_PARTS = 8n;

/** The most that may be offered for a unit of gas: within the price and, for all of the gas, within the cost. */
export function ceilingOf(gasLimit: bigint, { maxGasPrice, maxCost }: FeeLimits): bigint {
  const byCost = maxCost / gasLimit;
  return byCost < maxGasPrice ? byCost : maxGasPrice;
}

/** What to offer: room for the base fee to double, within the ceiling. Undefined if the present price is above it. */
export function offer(baseFee: bigint, tip: bigint, ceiling: bigint): Fees | undefined {
  if (baseFee + tip > ceiling) return undefined;
  const wished = 2n * baseFee + tip;
  return { maxFeePerGas: wished < ceiling ? wished : ceiling, maxPriorityFeePerGas: tip };
}

/** What a replacement offers: an eighth more, or the present price if that is more. Undefined if it is above the ceiling. */
export function bump(fees: Fees, present: Fees | undefined, ceiling: bigint): Fees | undefined {
  const more = (value: bigint, now = 0n): bigint => {
    const raised = value + value / BUMP_PARTS + 1n;
    return raised > now ? raised : now;
  };
  const maxFeePerGas = more(fees.maxFeePerGas, present?.maxFeePerGas);
  if (maxFeePerGas > ceiling) return undefined;
  const tip = more(fees.maxPriorityFeePerGas, present?.maxPriorityFeePerGas);
  return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
}
