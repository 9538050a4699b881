import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import type { AddressLike } from "ethers";
import { AbiCoder, ZeroAddress } from "ethers";
import { ethers } from "hardhat";

import { DEFAULTS, NOBODY, POLYGON_DEFAULTS, parseParams, parsePolygonParams } from "../../deploy/params";
import { deployPolygon } from "../../deploy/polygon";
import type { PolygonSystem } from "../../deploy/polygon";
import { finishSystem } from "../../deploy/system";
import { WrappedPol__factory } from "../../typechain-types";
import type { SwapPool, WrappedPol } from "../../typechain-types";

import { DAY, MAX, ONE } from "./fixture";
import type { Actors } from "./fixture";
import { unwatchLedgers } from "./ledgers";
import { now, scheduled } from "./polygon";
import type { Orders } from "./upgrades";

/** Native wei that the pool of the fixture may pay out in a day. */
export const PAYOUT_LIMIT = 500n * ONE;
/** The fee of the fixture. */
export const FEE_BPS = 50n;
/** Liquidity that stays for ever. */
export const LOCKED = 10n ** 15n;
/** Where it stays. */
export const DEAD = "0x000000000000000000000000000000000000dEaD";
/** Each user's native wei, and ankrMATIC wei. */
export const PURSE = 1_000_000n * ONE;
/** What carol provides in the funded fixture. */
export const PROVIDED = { assets: 1_000n * ONE, shares: 800n * ONE } as const;

/** What shares are worth: the quotient of Ethereum's totals. */
export interface Totals {
  readonly totalAssets: bigint;
  readonly totalSupply: bigint;
}

/** The first rate of the fixtures: nothing divides evenly. */
export const FIRST_RATE: Totals = {
  totalAssets: 107_000_000n * ONE + 7n,
  totalSupply: 100_000_000n * ONE + 3n,
};

/** The Polygon side as it is deployed; whoever plays FxChild brings messages from Ethereum. */
export interface Swap extends PolygonSystem, Orders {
  readonly manager: PolygonSystem["manager"];
  readonly wrapped: WrappedPol;
  readonly fxChild: HardhatEthersSigner;
}

const NAMES = [
  ...(["deployer", "upgrader", "manager", "guardian", "treasury"] as const),
  ...(["validatorOwner", "alice", "bob", "carol", "stranger"] as const),
];

const PEER = "0x00000000000000000000000000000000000a11ce";

async function deploySwap(): Promise<Swap> {
  const all = await ethers.getSigners();
  const actors = Object.fromEntries(NAMES.map((name, index) => [name, all[index]])) as unknown as Actors;
  const [fxChild] = all.slice(NAMES.length);
  if (fxChild === undefined) throw new Error("the network has too few accounts: raise accounts.count");
  const { deployer, alice, bob, carol } = actors;
  const roles = {
    upgrader: actors.upgrader.address,
    manager: actors.manager.address,
    guardian: actors.guardian.address,
  };
  const wrapped = await new WrappedPol__factory(deployer).deploy();
  const polygonParams = parsePolygonParams({
    ...POLYGON_DEFAULTS,
    roles,
    fxChild: fxChild.address,
    wrappedNative: await wrapped.getAddress(),
    swap: { feeBps: FEE_BPS, dailyLimitWei: PAYOUT_LIMIT },
  });
  const system = await deployPolygon(deployer, polygonParams, PEER);
  await finishSystem(system, polygonParams);
  const params = parseParams({
    ...DEFAULTS,
    genesis: NOBODY,
    polygon: { stakeManager: DEAD, pol: DEAD, matic: DEAD, migration: DEAD },
    roles,
    treasury: actors.treasury.address,
  });
  // A new bridge starts empty.
  await time.increase(DAY);
  const swap: Swap = { ...system, params, actors, wrapped, fxChild };
  for (const user of [alice, bob, carol]) {
    await mintShares(swap, user, PURSE);
    await setBalance(user.address, 3n * PURSE);
    await wrapped.connect(user).deposit({ value: PURSE });
    await system.token.connect(user).approve(system.swap, MAX);
    await wrapped.connect(user).approve(system.swap, MAX);
  }
  return swap;
}

async function deployFunded(): Promise<Swap> {
  const context = await deploySwap();
  const { carol } = context.actors;
  await context.swap.connect(carol).addLiquidity(PROVIDED.shares, 0n, carol, MAX, { value: PROVIDED.assets });
  return context;
}

async function deployRateless(): Promise<Swap> {
  const context = await deploySwap();
  const params = parsePolygonParams({
    ...POLYGON_DEFAULTS,
    roles: context.params.roles,
    fxChild: context.fxChild.address,
    wrappedNative: await context.wrapped.getAddress(),
  });
  // The same again, behind a feed that nothing has reached.
  return { ...context, ...(await deployPolygon(context.actors.deployer, params, PEER)) };
}

/** No liquidity, a fresh rate; alice, bob and carol have `PURSE` of shares and of wrapped, and twice as much native. */
export async function swapFixture(): Promise<Swap> {
  unwatchLedgers();
  return loadFixture(deploySwap);
}

/** {@link swapFixture} with carol's `PROVIDED`. */
export async function fundedFixture(): Promise<Swap> {
  unwatchLedgers();
  return loadFixture(deployFunded);
}

/** A pool that no rate has reached. */
export async function ratelessFixture(): Promise<Swap> {
  unwatchLedgers();
  return loadFixture(deployRateless);
}

/** A message from Ethereum: a deposit if it has a receiver, and the rate. */
async function message(
  { adapter, feed, fxChild }: Swap,
  rate: Totals & { readonly lossCount: bigint; readonly time: bigint },
  receiver: AddressLike = ZeroAddress,
  shares = 0n,
): Promise<void> {
  let nonce = (await feed.lastNonce()) + 1n;
  while (await adapter.isConsumed(nonce)) nonce += 1n;
  const data = AbiCoder.defaultAbiCoder().encode(
    Array(9).fill("uint256"),
    [1n, receiver === ZeroAddress ? 2n : 1n, nonce, await ethers.resolveAddress(receiver), shares].concat([
      rate.totalAssets,
      rate.totalSupply,
      rate.lossCount,
      rate.time,
    ]),
  );
  await adapter.connect(fxChild).processMessageFromRoot(0n, PEER, data);
}

/** The rate that the feed has, as a message would tell it. */
async function rateNow({ feed }: Swap): Promise<Totals & { lossCount: bigint; time: bigint }> {
  const time_ = await feed.lastUpdated();
  if (time_ === 0n) return { ...FIRST_RATE, lossCount: 0n, time: await now() };
  const { totalAssets, totalSupply } = await feed.totals();
  return { totalAssets, totalSupply, lossCount: await feed.lossCount(), time: time_ };
}

/** Mints ankrMATIC over the bridge; the rate stays what it is, or is the first one. */
export async function mintShares(context: Swap, receiver: AddressLike, shares: bigint): Promise<void> {
  await message(context, await rateNow(context), receiver, shares);
}

/** Brings a rate of the present time, or another; fails unless the feed takes it. */
export async function pushRate(
  context: Swap,
  totals: Totals,
  { time: at, losses = 0n }: { readonly time?: bigint; readonly losses?: bigint } = {},
): Promise<void> {
  const time_ = at ?? (await now());
  const lossCount = (await context.feed.lossCount()) + losses;
  await message(context, { ...totals, lossCount, time: time_ });
  const taken = await context.feed.latest();
  if (taken.time !== time_ || taken.totalAssets !== totals.totalAssets || taken.totalSupply !== totals.totalSupply) {
    throw new Error("the feed refused the rate");
  }
}

/** The same rate as before, told again now. */
export async function refreshRate(context: Swap): Promise<void> {
  await pushRate(context, await rateNow(context));
}

type Governed = "setFee" | "setDailyLimit";

/** The manager sets a parameter after its day, and Ethereum tells its rate again. */
export async function set(context: Swap, setter: Governed, value: bigint): Promise<void> {
  const { swap } = context;
  const data = swap.interface.encodeFunctionData(setter as "setFee", [value]);
  await (
    await scheduled(context, "manager", swap, data)
  )();
  await refreshRate(context);
}

/** All numbers that the pool keeps. */
export async function stateOf(swap: SwapPool): Promise<Record<"assets" | "shares" | "supply", bigint>> {
  const { assets, shares } = await swap.reserves();
  return { assets, shares, supply: await swap.totalSupply() };
}

/** Both reserves are there: what the pool holds is at least what it counts. */
export async function shortfall({ swap, token }: Swap): Promise<string[]> {
  const { assets, shares } = await swap.reserves();
  const held = { assets: await ethers.provider.getBalance(swap), shares: await token.balanceOf(swap) };
  return [
    ...(held.assets < assets ? [`${held.assets} native wei instead of ${assets}`] : []),
    ...(held.shares < shares ? [`${held.shares} shares instead of ${shares}`] : []),
  ];
}
