import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Addressable, ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { genesisTree } from "../../scripts/lib/genesis";
import type { AccessManager } from "../../typechain-types";
import { ChildAnkrMATIC__Thief__factory, Thief__factory } from "../typechain-types";

import { deliver, deployBridged, proofOf, submitCheckpoint } from "./bridge";
import type { BridgedContext } from "./bridge";
import { earn, request } from "./exits";
import { DAY, FIRST_ID, MAX, ONE, checkpoints } from "./fixture";
import { mintAll } from "./legacy";
import { unwatchLedgers, watchLedgers } from "./ledgers";
import { now } from "./polygon";
import { upgradeCall } from "./upgrades";

/** Seconds between two checkpoints, of staking and of the bridge. */
export const HALF_HOUR = 1_800n;
export const HOUR = 3_600n;
/** The delay of an upgrade. */
export const WEEK = 7n * DAY;

/** aMATICb of each of its two holders, shares. */
export const BONDS = 40_000n * ONE;
/** POL of whoever stakes to have a request open. */
const STAKE = 30_000n * ONE;
/** Both sides of the liquidity of the provider who stays, and of the shares beside it. */
export const STAYING = 100n * ONE;

/** Everybody who leaves or stays. */
export interface Holders {
  /** ankrMATIC on Ethereum. */
  readonly staker: HardhatEthersSigner;
  readonly bondHolder: HardhatEthersSigner;
  /** ankrMATIC on Polygon. */
  readonly bridged: HardhatEthersSigner;
  readonly provider: HardhatEthersSigner;
  /** Has a request in a batch that is unbonding. */
  readonly unbonding: HardhatEthersSigner;
  /** Has a request in the open batch. */
  readonly queued: HardhatEthersSigner;
  readonly stayingStaker: HardhatEthersSigner;
  readonly stayingBondHolder: HardhatEthersSigner;
  /** ankrMATIC on Polygon, and liquidity. */
  readonly stayingOnPolygon: HardhatEthersSigner;
  /** Could claim, and does not. */
  readonly forgetful: HardhatEthersSigner;
}

/** The whole system on both chains, with everybody in it. */
export interface HoldersContext extends BridgedContext {
  readonly holders: Holders;
  /** Receives what the upgrades steal. */
  readonly thief: HardhatEthersSigner;
}

const NEWCOMERS = [
  ...(["bondHolder", "bridged", "provider", "unbonding", "queued"] as const),
  ...(["stayingBondHolder", "stayingOnPolygon", "forgetful", "thief"] as const),
] as const;

async function deployWorld(): Promise<HoldersContext> {
  const accounts = (await ethers.getSigners()).slice(40);
  const people = Object.fromEntries(NEWCOMERS.map((name, index) => [name, accounts[index]])) as unknown as Record<
    (typeof NEWCOMERS)[number],
    HardhatEthersSigner
  >;
  const { bondHolder, stayingBondHolder, thief } = people;
  const tree = genesisTree([bondHolder, stayingBondHolder].map(({ address }) => ({ holder: address, shares: BONDS })));
  const genesis = { root: tree.root, batches: BigInt(tree.batches.length) };
  const context = await deployBridged({ validators: 5, params: { genesis } });
  const { pool, token, polygon, actors, child } = context;
  await mintAll(context, tree);
  await earn(context);
  // A validator, as soon as it may, goes above the highest commission: anyone may move its stake from now on.
  await checkpoints(context, 30);
  await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID, 16n);
  for (const user of [people.unbonding, people.queued, people.forgetful]) {
    await polygon.pol.mint(user, STAKE);
    await polygon.pol.connect(user).approve(pool, STAKE);
    await pool.connect(user).deposit(STAKE, user);
  }
  for (const user of [people.bridged, people.provider, people.stayingOnPolygon, actors.stranger]) {
    await child.token.connect(user).approve(child.adapter, MAX);
    await child.token.connect(user).approve(child.swap, MAX);
    await setBalance(user.address, 1_000_000n * ONE);
  }
  await token.connect(actors.stranger).approve(pool, MAX);
  const holders = { ...people, staker: actors.alice, stayingStaker: actors.bob };
  return { ...context, holders, thief };
}

/** Everybody has staked, at a rate of no round number; a validator may be evacuated; nothing is on Polygon. */
export async function holdersFixture(): Promise<HoldersContext> {
  const world = await loadFixture(deployWorld);
  watchLedgers(world);
  return world;
}

/** Brings shares of carol's to somebody on Polygon. */
export async function toPolygon(world: HoldersContext, receiver: Addressable, shares: bigint): Promise<void> {
  await world.bridge.connect(world.actors.carol).bridge(shares, receiver);
  await deliver(world);
}

/** Both of the provider who stays, then shares and as many native tokens of the one who leaves. */
export async function provide({ child, holders }: HoldersContext, shares: bigint): Promise<void> {
  const { stayingOnPolygon, provider } = holders;
  await child.swap.connect(stayingOnPolygon).addLiquidity(STAYING, 0n, stayingOnPolygon, MAX, { value: STAYING });
  await child.swap.connect(provider).addLiquidity(shares, 0n, provider, MAX, { value: shares });
}

/** Uses up, at the same time, all that may be burned on Polygon and all that may be released. */
export async function useUpLimits(world: HoldersContext): Promise<void> {
  const { child, bridge, actors } = world;
  const { stranger } = actors;
  const hashes: string[] = [];
  const { burningLimitWei: burning } = world.polygonParams;
  const { releaseLimitWei: release } = world.bridgeParams;
  for (let burned = 0n; burned < release; burned += burning) {
    await toPolygon(world, stranger, burning);
    await time.increase(DAY);
    hashes.push((await child.adapter.connect(stranger).withdraw(burning, stranger)).hash);
  }
  await submitCheckpoint(world);
  for (const hash of hashes) await bridge.connect(stranger).receiveMessage(await proofOf(world, hash));
}

/** One call that was scheduled with a delay. */
export interface Scheduled {
  readonly manager: AccessManager;
  readonly by: HardhatEthersSigner;
  readonly target: Addressable;
  readonly data: string;
  readonly operation: string;
  /** Time from which on it can be executed. */
  readonly from: bigint;
}

/** Schedules a call for as soon as the delay of the caller's role allows. */
export async function schedule(
  manager: AccessManager,
  by: HardhatEthersSigner,
  target: Addressable,
  data: string,
): Promise<Scheduled> {
  await manager.connect(by).schedule(target, data, 0);
  const operation = await manager.hashOperation(by, target, data);
  return { manager, by, target, data, operation, from: await manager.getSchedule(operation) };
}

/** Executes what was scheduled. */
export async function execute({ manager, by, target, data }: Scheduled): Promise<ContractTransactionResponse> {
  return manager.connect(by).execute(target, data);
}

/** The upgrader schedules upgrades that steal all that the contracts hold, and all ankrMATIC on Polygon. */
export async function announceTheft(world: HoldersContext): Promise<Scheduled[]> {
  const { pool, delegator, token, polygon, shares, bridge, manager, child, actors, holders, thief } = world;
  const { deployer, upgrader } = actors;
  const code = await new Thief__factory(deployer).deploy();
  const steal = async (...tokens: readonly Addressable[]): Promise<string> => {
    const loot = await Promise.all(tokens.map((coin) => coin.getAddress()));
    return upgradeCall(await code.getAddress(), code.interface.encodeFunctionData("steal", [loot, thief.address]));
  };
  const childCode = await new ChildAnkrMATIC__Thief__factory(deployer).deploy(child.feed);
  const seized = Object.values(holders).map(({ address }: HardhatEthersSigner) => address);
  const seize = childCode.interface.encodeFunctionData("seize", [seized, thief.address]);
  const childUpgrade = upgradeCall(await childCode.getAddress(), seize);
  return [
    await schedule(manager, upgrader, pool, await steal(polygon.pol)),
    // Shares first: to move them pays out their rewards.
    await schedule(manager, upgrader, delegator, await steal(...shares, polygon.pol, polygon.matic)),
    await schedule(manager, upgrader, bridge, await steal(token)),
    await schedule(child.manager, upgrader, child.swap, await steal(child.token)),
    await schedule(child.manager, upgrader, child.token, childUpgrade),
  ];
}

/** The week from the first announcement on. */
export interface Window {
  readonly world: HoldersContext;
  readonly start: bigint;
  /** The first time at which any of the upgrades can be executed. */
  readonly end: bigint;
  readonly upgrades: readonly Scheduled[];
}

/** Opens the week. */
export async function openWindow(world: HoldersContext): Promise<Window> {
  const upgrades = await announceTheft(world);
  const end = upgrades.map(({ from }) => from).reduce((least, from) => (from < least ? from : least));
  return { world, start: end - WEEK, end, upgrades };
}

/** Lets time pass until so many seconds after the announcement, with a checkpoint of staking each half an hour. */
export async function passTo({ world, start }: Window, seconds: bigint): Promise<void> {
  let next = start + (((await now()) - start) / HALF_HOUR) * HALF_HOUR + HALF_HOUR;
  for (; next <= start + seconds; next += HALF_HOUR) {
    await time.setNextBlockTimestamp(next);
    await world.polygon.stakeManager.checkpoints(1);
  }
}

/**
 * Does something so many seconds after the announcement. It is done within that half an hour, before any of the upgrades
 * can be executed: each is refused after it.
 */
export async function at<T>(week: Window, seconds: bigint, act: () => Promise<T>): Promise<T> {
  await passTo(week, seconds);
  const result = await act();
  const passed = (await now()) - week.start;
  expect(passed, "seconds since the announcement").to.be.within(seconds, seconds + HALF_HOUR - 1n);
  expect(await now()).to.be.lessThan(week.end);
  for (const { manager, by, target, data, operation, from } of week.upgrades) {
    expect(from).to.be.greaterThanOrEqual(week.end);
    await expect(manager.connect(by).execute.staticCall(target, data))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
      .withArgs(operation);
  }
  return result;
}

/** All upgrades are executed, as soon as they can be. The ledgers end with them. */
export async function heist({ upgrades }: Window): Promise<void> {
  unwatchLedgers();
  for (const upgrade of upgrades) {
    if ((await now()) < upgrade.from) await time.setNextBlockTimestamp(upgrade.from);
    await execute(upgrade);
  }
}

// ---------------------------------------------------------------- hostility

/**
 * Just before somebody asks: keepers take the fee, empty the buffer, and use up the epoch's one closing of a batch for a
 * request of their own.
 */
export async function beforeRequest({ pool, lens, actors }: HoldersContext): Promise<void> {
  const keeper = pool.connect(actors.stranger);
  await keeper.harvest([]);
  while ((await lens.delegable()) > 0n) await keeper.delegate(MAX);
  await keeper.requestRedeem(ONE / 2n, actors.stranger, actors.stranger);
  await keeper.settleBatch();
}

/** Just before a batch is closed: keepers move stake away from a validator. */
export async function beforeSettlement({ delegator, actors }: HoldersContext): Promise<void> {
  await delegator.connect(actors.stranger).evacuate(1n, 100n * ONE);
}

/** All that the guardian can pause; each pause lasts five days. */
export async function pauseAll({ pool, switcher, bridge, child, actors }: HoldersContext): Promise<void> {
  const { guardian } = actors;
  const longest = 5n * DAY;
  await pool.connect(guardian).pauseStakes(longest);
  await switcher.connect(guardian).pauseSwitches(longest);
  await bridge.connect(guardian).pauseBridging(longest);
  await child.swap.connect(guardian).pauseSwaps(longest);
}

/** All that the guardian can lower; the more often, the more is rounded down. */
export async function lowerAll({ bridge, child, actors }: HoldersContext): Promise<void> {
  const { guardian } = actors;
  await bridge.connect(guardian).lowerReleaseLimit(await bridge.RELEASE_FLOOR());
  await child.token.connect(guardian).lowerMintingLimit(child.adapter, 0n);
}

/** The manager schedules everything that could stand in the way of those who leave, as far as its bounds let it. */
export async function worstOrders(world: HoldersContext): Promise<Scheduled[]> {
  const { pool, delegator, switcher, bridge, child, manager, actors } = world;
  const onEthereum: [Addressable, string][] = [
    [pool, pool.interface.encodeFunctionData("setFee", [1_000n])],
    [pool, pool.interface.encodeFunctionData("setAssetCap", [0n])],
    [delegator, delegator.interface.encodeFunctionData("setDeadSliceTime", [30n * DAY])],
    // The lowest at which keepers still find somebody to take the buffer.
    [delegator, delegator.interface.encodeFunctionData("setMaxCommission", [5n])],
    [delegator, delegator.interface.encodeFunctionData("setWeights", worstWeights())],
    [switcher, switcher.interface.encodeFunctionData("setFee", [100n])],
    [switcher, switcher.interface.encodeFunctionData("setDailyLimit", [1n])],
    [switcher, switcher.interface.encodeFunctionData("setCap", [0n])],
    [bridge, bridge.interface.encodeFunctionData("setLockCap", [0n])],
    [bridge, bridge.interface.encodeFunctionData("setReleaseLimit", [await bridge.RELEASE_FLOOR()])],
  ];
  const limits: [string, bigint, bigint] = [await child.adapter.getAddress(), 0n, await burningFloor(world)];
  const onPolygon: [Addressable, string][] = [
    [child.token, child.token.interface.encodeFunctionData("adjustLimits", limits)],
    [child.swap, child.swap.interface.encodeFunctionData("setFee", [100n])],
    [child.swap, child.swap.interface.encodeFunctionData("setDailyLimit", [0n])],
  ];
  const orders: Scheduled[] = [];
  for (const [target, data] of onEthereum) orders.push(await schedule(manager, actors.manager, target, data));
  for (const [target, data] of onPolygon) orders.push(await schedule(child.manager, actors.manager, target, data));
  return orders;
}

/** All of the stake is to leave the first of five validators. */
function worstWeights(): [bigint[], bigint[]] {
  const weights = [0n, 2_500n, 2_500n, 2_500n, 2_500n];
  return [weights, weights];
}

/** The lowest daily limit of burning that the manager can set, shares. */
export async function burningFloor({ child }: HoldersContext): Promise<bigint> {
  const { burning } = await child.token.ceilingsOf(child.adapter);
  return (burning + 9n) / 10n;
}

// ---------------------------------------------------------------- leaving

/** A request as it was filed. */
export interface Filed {
  readonly id: bigint;
  /** POL wei that were fixed. */
  readonly assets: bigint;
}

/**
 * A holder requests all of its shares in ankrMATIC. What is fixed is computed from the totals that the call left, and what
 * it took from them.
 */
export async function requestAll(world: HoldersContext, holder: HardhatEthersSigner): Promise<Filed> {
  const shares = await world.token.balanceOf(holder);
  const id = await request(world, holder, shares);
  return { id, assets: await expectWorth(world, id, shares) };
}

/** The same for aMATICb. */
export async function unstakeAllBonds(world: HoldersContext, holder: HardhatEthersSigner): Promise<Filed> {
  const { pool, bond } = world;
  const { open } = await pool.queue();
  const shares = await bond.sharesOf(holder);
  await bond.connect(holder).unstakeShares(shares);
  const id = (open << 160n) | BigInt(holder.address);
  return { id, assets: await expectWorth(world, id, shares) };
}

/** @returns POL wei of a request that was just filed: what its shares were worth, rounded down. */
async function expectWorth({ pool }: HoldersContext, id: bigint, shares: bigint): Promise<bigint> {
  const block = { blockTag: await ethers.provider.getBlockNumber() };
  const { assets } = await pool.requestOf(id);
  const [totalAssets, totalShares] = [await pool.totalAssets(block), await pool.totalShares(block)];
  expect(assets).to.equal((shares * (totalAssets + assets)) / (totalShares + shares));
  return assets;
}

/** A holder brings its batch home and claims; it gets exactly what was fixed. */
export async function claimAll(world: HoldersContext, holder: HardhatEthersSigner, filed: Filed): Promise<void> {
  const { pool, polygon } = world;
  await expect(pool.connect(holder).claim([filed.id], holder, holder)).to.changeTokenBalance(
    polygon.pol,
    holder,
    filed.assets,
  );
}

/** A holder on Polygon burns as much of what it has as the limit lets it. @returns Hash, if it could burn anything. */
export async function withdrawSome(
  { child }: HoldersContext,
  holder: HardhatEthersSigner,
): Promise<string | undefined> {
  const held = await child.token.balanceOf(holder);
  const free = await child.adapter.remainingWithdrawal();
  const shares = held < free ? held : free;
  if (shares === 0n) return undefined;
  return (await child.adapter.connect(holder).withdraw(shares, holder)).hash;
}

/** Proves withdrawals of half an hour ago, the guardian being first, and takes what waits and is released by now. */
export async function receiveSome(
  world: HoldersContext,
  hashes: readonly string[],
  holders: readonly HardhatEthersSigner[],
): Promise<void> {
  const { bridge } = world;
  await submitCheckpoint(world);
  for (const hash of hashes) {
    const proof = await proofOf(world, hash);
    await lowerAll(world);
    await bridge.receiveMessage(proof);
  }
  for (const holder of holders) {
    if ((await bridge.pendingOf(holder)) > 0n && (await bridge.remainingRelease()) > 0n) {
      await lowerAll(world);
      await bridge.payPending(holder);
    }
  }
}
