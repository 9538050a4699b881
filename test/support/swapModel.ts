import { DAY } from "./fixture";
import type { Totals } from "./swap";

/** What the pool should be after any sequence of calls, by its rules and not by its code. */
export interface SwapModel {
  rate: Totals;
  assets: bigint;
  shares: bigint;
  supply: bigint;
  feeBps: bigint;
  limit: bigint;
  /** Assets that count in the limit at `usedAt`. */
  used: bigint;
  usedAt: bigint;
}

/** A refusal: the error's name and its arguments. */
export type Refusal = readonly [name: string, ...args: bigint[]];

/** What comes out, or why not. */
export type Outcome<T> = { readonly refused: Refusal } | { readonly refused?: undefined; readonly value: T };

const BPS = 10_000n;
const FIRST_VALUE = 10n ** 18n;
const LOCKED = 10n ** 15n;

const passed = <T>(value: T): Outcome<T> => ({ value });
const refused = (...refusal: Refusal): { readonly refused: Refusal } => ({ refused: refusal });

/** a / b, rounded up. */
export const up = (a: bigint, b: bigint): bigint => (a === 0n ? 0n : (a - 1n) / b + 1n);

/** Assets that the limit leaves. */
export function leftOf({ limit, used, usedAt }: SwapModel, now: bigint): bigint {
  const refilled = ((now - usedAt) * limit) / DAY;
  return limit - (used > refilled ? used - refilled : 0n);
}

/** Counts assets in the limit. */
export function use(model: SwapModel, assets: bigint, now: bigint): void {
  if (assets === 0n) return;
  const left = leftOf(model, now);
  [model.used, model.usedAt] = [model.limit - left + assets, now];
}

/** What a stake of `assets` brings. */
export function stakeOf({ rate, shares: reserve }: SwapModel, assets: bigint): Outcome<bigint> {
  const shares = rate.totalAssets === 0n ? 0n : (assets * rate.totalSupply) / rate.totalAssets;
  if (shares === 0n) return refused("ZeroOutput");
  return shares > reserve ? refused("AboveReserve", shares, reserve) : passed(shares);
}

/** What shares are sold for: each part of the price of which a fee is left is paid in whole wei. */
export function saleOf({ rate, feeBps }: SwapModel, shares: bigint): { readonly assets: bigint; readonly fee: bigint } {
  const worth = (shares * rate.totalAssets) / rate.totalSupply;
  const assets = (worth * (BPS - feeBps)) / BPS;
  return { assets, fee: worth - assets };
}

/** What an unstake of `shares` brings. */
export function unstakeOf(model: SwapModel, shares: bigint, now: bigint): Outcome<ReturnType<typeof saleOf>> {
  const sale = saleOf(model, shares);
  if (sale.assets === 0n) return refused("ZeroOutput");
  if (sale.assets > model.assets) return refused("AboveReserve", sale.assets, model.assets);
  const left = leftOf(model, now);
  return sale.assets > left ? refused("AbovePayoutLimit", sale.assets, left) : passed(sale);
}

/** What adding brings the provider. */
export interface Added {
  readonly liquidity: bigint;
  readonly locked: bigint;
  readonly fee: bigint;
  /** Assets that it could take out at once, beyond what it brought. */
  readonly taken: bigint;
}

/** What adding `assets` and `shares` brings. */
export function addOf(model: SwapModel, shares: bigint, assets: bigint, now: bigint): Outcome<Added> {
  const { rate, supply } = model;
  const matching = model.assets === 0n ? shares : (assets * model.shares) / model.assets;
  const balanced = matching < shares ? matching : shares;
  const excess = saleOf(model, shares - balanced);
  const value = assets + (balanced * rate.totalAssets) / rate.totalSupply + excess.assets;
  const { fee } = excess;
  if (supply === 0n) {
    if (value < FIRST_VALUE) return refused("FirstLiquidityTooSmall", value, FIRST_VALUE);
    return passed({ liquidity: value - LOCKED, locked: LOCKED, fee, taken: 0n });
  }
  const worth = model.assets + up(model.shares * rate.totalAssets, rate.totalSupply);
  if (worth === 0n) return refused("PoolIsWorthless");
  const liquidity = (value * supply) / worth;
  if (liquidity === 0n) return refused("ZeroOutput");
  const owned = up((model.assets + assets) * liquidity, supply + liquidity);
  const taken = owned > assets ? owned - assets : 0n;
  const left = leftOf(model, now);
  if (taken > left) return refused("AbovePayoutLimit", taken, left);
  return passed({ liquidity, locked: 0n, fee, taken });
}

/** What removing brings. */
export function removalOf(model: SwapModel, liquidity: bigint): { readonly assets: bigint; readonly shares: bigint } {
  if (model.supply === 0n) return { assets: 0n, shares: 0n };
  return {
    assets: (model.assets * liquidity) / model.supply,
    shares: (model.shares * liquidity) / model.supply,
  };
}

/** Value of the reserves, exact, as a multiple of 1 / total supply. */
export function worthOf({ rate, assets, shares }: SwapModel): bigint {
  return assets * rate.totalSupply + shares * rate.totalAssets;
}
