/**
 * What every staker should have, computed from the rules alone: exact fractions, no wei, no contract of the pool asked.
 *
 * With A the assets that have vested and S all shares, a share is worth P = A / S. Stakes, unstakes and the fee happen at P and
 * leave it alone; only vesting moves it. So whoever staked a at the price P0 has gained a (P / P0 - 1) when the price is P: the
 * closed formula that the demo holds every staker to.
 *
 * The price follows from the stream. Rewards R of a harvest pay the fee f R in shares at P; A = (1 - f) R vests linearly over D, the
 * time since that validator's last harvest, at least one day and at most seven; over several validators D is the mean, weighted
 * by reward, in whole seconds, rounded up. Added to u that has not vested, with r left to go, it makes a stream of u + A over
 * (u r + A D) / (u + A), rounded up to ticks of 2^-24 second. Those two roundings are rules, and so part of the formula; that
 * the contracts count in whole wei is not.
 */

/** Parts of a wei in which the model counts: far below anything that the demo compares. */
const PARTS = 10n ** 30n;
const TICKS = 2n ** 24n;
const DAY = 86_400n;
const BPS = 10_000n;

/** A holder of shares. */
interface Holding {
  /** Parts of a wei of shares. */
  shares: bigint;
  /** The holder's own operations. */
  operations: bigint;
  /** Its part, in parts, of each rounding to a wei since it came that shifted all holders together. */
  exposure: bigint;
}

/** The pool by the rules. */
export interface Model {
  readonly feeBps: bigint;
  pooled: bigint;
  shares: bigint;
  unvested: bigint;
  since: bigint;
  end: bigint;
  /** Seconds, by position, from index 0. */
  readonly lastHarvest: bigint[];
  readonly holdings: Map<string, Holding>;
}

/** A pool with nothing but its seed, which was staked when the positions were registered. */
export function openModel(seed: bigint, feeBps: bigint, registeredAt: readonly bigint[]): Model {
  return {
    feeBps,
    pooled: seed * PARTS,
    shares: seed * PARTS,
    unvested: 0n,
    since: 0n,
    end: 0n,
    lastHarvest: [...registeredAt],
    holdings: new Map(),
  };
}

/** `assets` wei are staked at a time. Returns what it costs, in parts of a wei. */
export function stake(model: Model, who: string, assets: bigint, time: bigint): bigint {
  const cost = assets * PARTS;
  enter(model, who, cost, (cost * model.shares) / vested(model, time));
  return cost;
}

/** `shares` wei are minted at a time. Returns what they cost, in parts of a wei. */
export function mintShares(model: Model, who: string, shares: bigint, time: bigint): bigint {
  const cost = (shares * vested(model, time) * PARTS) / model.shares;
  enter(model, who, cost, shares * PARTS);
  return cost;
}

/** Shares leave at a time: `given` of the `owned` wei that the staker's wallet had. They are worth what is returned, in parts. */
export function unstake(model: Model, who: string, given: bigint, owned: bigint, time: bigint): bigint {
  const holding = holdingOf(model, who);
  const shares = (holding.shares * given) / owned;
  const assets = (shares * vested(model, time)) / model.shares;
  holding.shares -= shares;
  holding.operations += 1n;
  model.pooled -= assets;
  model.shares -= shares;
  round(model, 1n);
  return assets;
}

/** `shares` wei go from one holder to another, at no price. */
export function giveShares(model: Model, from: string, to: string, shares: bigint): void {
  const [giver, taker] = [holdingOf(model, from), holdingOf(model, to)];
  giver.shares -= shares * PARTS;
  taker.shares += shares * PARTS;
  giver.operations += 1n;
  taker.operations += 1n;
}

/** Rewards by position, wei, are harvested at a time. */
export function harvest(model: Model, rewards: readonly bigint[], time: bigint, treasury: string): void {
  let [total, weighted] = [0n, 0n];
  for (const [index, reward] of rewards.entries()) {
    if (reward === 0n) continue;
    const passed = time - (model.lastHarvest[index] ?? 0n);
    weighted += reward * (passed < DAY ? DAY : passed > 7n * DAY ? 7n * DAY : passed);
    total += reward;
    model.lastHarvest[index] = time;
  }
  if (total === 0n) return;
  const fee = (total * PARTS * model.feeBps) / BPS;
  const feeShares = (fee * model.shares) / vested(model, time);
  const left = unvestedAt(model, time);
  vest(model, total * PARTS - fee, ceilDiv(weighted, total), left, time);
  enter(model, treasury, fee, feeShares);
  // The fee itself is rounded before its shares are.
  holdingOf(model, treasury).operations += 1n;
  // For all holders: the fee and what had not vested, besides the shares that `enter` counts.
  round(model, 2n);
}

/** Value of all that a holder has at a time, in parts of a wei. */
export function valueOf(model: Model, who: string, time: bigint): bigint {
  const holding = model.holdings.get(who);
  return holding === undefined ? 0n : (holding.shares * vested(model, time)) / model.shares;
}

/** Value of 10^18 shares at a time, wei, rounded down. */
export function priceOf(model: Model, time: bigint): bigint {
  return (vested(model, time) * 10n ** 18n) / model.shares;
}

/**
 * Wei by which a holder's account may differ from the formula because contracts count in whole wei: one for each operation of its
 * own, the reading of its value in the end among them; and of the one for each operation of anybody's that shifted all holders
 * together, its part of the pool.
 */
export function allowanceOf(model: Model, who: string): bigint {
  const { operations, exposure } = holdingOf(model, who);
  return operations + 1n + ceilDiv(exposure, PARTS);
}

/** Wei to parts. */
export function toParts(wei: bigint): bigint {
  return wei * PARTS;
}

function enter(model: Model, who: string, assets: bigint, shares: bigint): void {
  model.pooled += assets;
  model.shares += shares;
  round(model, 1n);
  const holding = model.holdings.get(who) ?? { shares: 0n, operations: 0n, exposure: 0n };
  holding.shares += shares;
  holding.operations += 1n;
  model.holdings.set(who, holding);
}

/** The contracts rounded to a wei, `times` over; every holder of shares bears or gains its part of it. */
function round({ holdings, shares }: Model, times: bigint): void {
  for (const holding of holdings.values()) holding.exposure += (times * holding.shares * PARTS) / shares;
}

function vest(model: Model, assets: bigint, period: bigint, left: bigint, time: bigint): void {
  const now = time * TICKS;
  const weighted = assets * period * TICKS + (left === 0n ? 0n : left * (model.end - now));
  model.pooled += assets;
  model.unvested = left + assets;
  model.since = now;
  model.end = now + ceilDiv(weighted, model.unvested);
}

function vested(model: Model, time: bigint): bigint {
  return model.pooled - unvestedAt(model, time);
}

function unvestedAt({ unvested, since, end }: Model, time: bigint): bigint {
  const now = time * TICKS;
  return now >= end ? 0n : (unvested * (end - now)) / (end - since);
}

function holdingOf(model: Model, who: string): Holding {
  const holding = model.holdings.get(who);
  if (holding === undefined) throw new Error(`${who} never staked`);
  return holding;
}

function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
