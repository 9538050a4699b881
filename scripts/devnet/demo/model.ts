/**
 * What everything should come to, computed from the rules alone: no contract of the pool, the bridge or the swap pool is
 * asked. Amounts are wei.
 */

/** Assets of the pool, all of them vested, and shares. */
export interface Totals {
  readonly assets: bigint;
  readonly shares: bigint;
}

const BPS = 10_000n;

/** Shares that assets buy, rounded down. */
export function sharesFor(assets: bigint, totals: Totals): bigint {
  return (assets * totals.shares) / totals.assets;
}

/** Assets that shares are worth, rounded down. */
export function assetsFor(shares: bigint, totals: Totals): bigint {
  return (shares * totals.assets) / totals.shares;
}

/** The totals after a stake, which got shares. */
export function afterStake({ assets, shares }: Totals, staked: bigint, got: bigint): Totals {
  return { assets: assets + staked, shares: shares + got };
}

/** The totals after rewards have vested, and the shares that are the treasury's for its fee. */
export function afterRewards(totals: Totals, rewards: bigint, feeBps: bigint): { totals: Totals; feeShares: bigint } {
  const feeShares = sharesFor((rewards * feeBps) / BPS, totals);
  return { totals: { assets: totals.assets + rewards, shares: totals.shares + feeShares }, feeShares };
}

/** Native tokens that shares are sold for in the swap pool: their worth less the fee, which is rounded up. */
export function saleOf(shares: bigint, totals: Totals, feeBps: bigint): bigint {
  const worth = assetsFor(shares, totals);
  return worth - (worth * feeBps + BPS - 1n) / BPS;
}

/** The swap pool with one provider: what it has, its liquidity, and the provider's part of that. */
export interface Reserves {
  readonly assets: bigint;
  readonly shares: bigint;
  readonly liquidity: bigint;
  readonly owned: bigint;
}

/** Liquidity that nobody can ever take out. */
const LOCKED_LIQUIDITY = 10n ** 15n;

/** The swap pool after its first liquidity, which is as much as it is worth. */
export function firstLiquidity(assets: bigint, shares: bigint, totals: Totals): Reserves {
  const liquidity = assets + assetsFor(shares, totals);
  return { assets, shares, liquidity, owned: liquidity - LOCKED_LIQUIDITY };
}

/** What the provider gets for all of its liquidity. */
export function allLiquidity({ assets, shares, liquidity, owned }: Reserves): { assets: bigint; shares: bigint } {
  return { assets: (assets * owned) / liquidity, shares: (shares * owned) / liquidity };
}
