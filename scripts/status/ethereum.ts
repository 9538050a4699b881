import type { Provider } from "ethers";

import { differences, readFigures } from "../../deploy/acceptance/ledgers";
import {
  AMATICb__factory,
  AnkrMATIC__factory,
  AprOracle__factory,
  BondSwitcher__factory,
  BridgeAdapter__factory,
  Delegator__factory,
  IRootChain__factory,
  IStakeManager__factory,
  PolygonPool__factory,
  PoolLens__factory,
} from "../../typechain-types";
import type { AnkrMATIC, BondSwitcher, BridgeAdapter } from "../../typechain-types";
import { revertOf, revertText } from "../lib/reverts";

import { readBatches } from "./batches";
import type { BatchesStatus } from "./batches";
import { readGovernance } from "./governance";
import type { GovernanceStatus } from "./governance";
import { headOf } from "./head";
import type { Head } from "./head";
import type { EthereumPlaces } from "./places";
import { readPositions } from "./positions";
import type { PositionStatus } from "./positions";
import { vestedAtOf } from "./vesting";

/** Growth of a share's value in a year, or why it is not known. */
export type AprStatus =
  | {
      readonly known: true;
      readonly percentage: bigint;
      readonly days: bigint;
      readonly from: bigint;
      readonly to: bigint;
    }
  | { readonly known: false; readonly why: string };

/** Time from one checkpoint to the next: the mean over the last ones, seconds. */
export interface IntervalStatus {
  readonly seconds: bigint;
  /** Number of intervals that it is the mean of. */
  readonly of: bigint;
}

/** What is left of a bound, in the unit of both. */
export interface LeftStatus {
  readonly left: bigint;
  readonly of: bigint;
}

/** The bridge's end on Ethereum, shares. */
export interface BridgeStatus {
  readonly locked: bigint;
  readonly held: bigint;
  readonly pending: bigint;
  readonly lastNonce: bigint;
  readonly lock: LeftStatus;
  readonly release: LeftStatus;
  readonly pausedUntil: bigint;
}

/** The switch from aMATICb, shares. */
export interface SwitcherStatus {
  readonly ever: LeftStatus;
  /** What can be switched now; none in a pause. */
  readonly available: bigint;
  /** 0 if there is none. */
  readonly dailyLimit: bigint;
  readonly pausedUntil: bigint;
}

/** The Ethereum side at one block. POL and shares in wei, times in seconds. */
export interface EthereumStatus {
  readonly head: Head;
  readonly finished: boolean;
  /** Shares for 1e18 assets, and assets for 1e18 shares. */
  readonly ratio: bigint;
  readonly value: bigint;
  readonly apr: AprStatus;
  readonly shares: bigint;
  readonly totalAssets: bigint;
  readonly unvested: bigint;
  /** First second at which nothing is unvested; undefined if nothing is. */
  readonly vestedAt: bigint | undefined;
  readonly principal: bigint;
  readonly buffer: bigint;
  readonly unconverted: bigint;
  readonly unbonding: bigint;
  readonly reserved: bigint;
  readonly owed: bigint;
  readonly epoch: bigint;
  readonly withdrawalDelay: bigint;
  readonly interval: IntervalStatus | undefined;
  readonly maxCommission: bigint;
  readonly lossCount: bigint;
  readonly positions: readonly PositionStatus[];
  readonly batches: BatchesStatus;
  readonly stakes: LeftStatus;
  readonly stakesPausedUntil: bigint;
  readonly switcher: SwitcherStatus;
  /** Undefined as long as it is not deployed. */
  readonly bridge: BridgeStatus | undefined;
  readonly governance: GovernanceStatus;
  /** Every way in which the two ledgers, or they and what is there, do not balance. */
  readonly ledgers: readonly string[];
}

const ONE = 10n ** 18n;

/** Longest time over which the oracle tells the growth, days. */
const MOST_DAYS = 7n;

/** Intervals between checkpoints that are looked at, at most, and the step of their ids. */
const INTERVALS = 24n;
const ID_STEP = 10_000n;

interface Tag {
  readonly blockTag: number;
}

/** Reads all of it at the last block. */
export async function readEthereum(provider: Provider, places: EthereumPlaces): Promise<EthereumStatus> {
  const head = await headOf(provider);
  const at = { blockTag: head.number };
  const token = AnkrMATIC__factory.connect(places.token, provider);
  const pool = PolygonPool__factory.connect(places.pool, provider);
  const delegator = Delegator__factory.connect(places.delegator, provider);
  const bond = AMATICb__factory.connect(places.bond, provider);
  const lens = PoolLens__factory.connect(places.lens, provider);
  const bridge = places.bridge === undefined ? undefined : BridgeAdapter__factory.connect(places.bridge, provider);
  const stakeManager = IStakeManager__factory.connect(await delegator.STAKE_MANAGER(at), provider);
  const [books, { unconverted }, { assetCap, stakesPausedUntil, lossCount }, { maxCommission }] = await Promise.all([
    lens.books(at),
    delegator.ledger(at),
    pool.parameters(at),
    delegator.parameters(at),
  ]);
  const [ratio, value, shares, totalAssets, unvested, epoch, withdrawalDelay] = await Promise.all([
    token.ratio(at),
    pool.convertToAssets(ONE, at),
    pool.totalShares(at),
    pool.totalAssets(at),
    pool.unvested(at),
    stakeManager.epoch(at),
    stakeManager.withdrawalDelay(at),
  ]);
  const { principal, buffer, unbonding, reserved, totalOwed: owed } = books;
  return {
    head,
    finished: places.finished,
    ...{ ratio, value, shares, totalAssets, unvested, lossCount },
    apr: await readApr(provider, places, at),
    vestedAt: unvested === 0n ? undefined : await vestedAtOf(provider, places.pool, head.number),
    ...{ principal, buffer, unconverted, unbonding, reserved, owed },
    ...{ epoch, withdrawalDelay, maxCommission },
    interval: bridge === undefined ? undefined : await readInterval(bridge, at),
    positions: await readPositions(delegator, stakeManager, at),
    batches: await readBatches({ pool, delegator, lens }, at),
    // What has vested counts.
    stakes: { left: assetCap > totalAssets ? assetCap - totalAssets : 0n, of: assetCap },
    stakesPausedUntil,
    switcher: await readSwitcher(BondSwitcher__factory.connect(places.switcher, provider), at),
    bridge: bridge === undefined ? undefined : await readBridge(bridge, token, at),
    governance: await readGovernance(provider, places, head),
    ledgers: await differences({ system: { pool, delegator, lens, token, bond }, unsynced: new Set() }, (watched) =>
      readFigures(watched, head.number),
    ),
  };
}

/** Over as many days as the oracle has an answer for, 7 at most. */
async function readApr(provider: Provider, { aprOracle, token }: EthereumPlaces, at: Tag): Promise<AprStatus> {
  if (aprOracle === undefined) return { known: false, why: "the oracle is not deployed yet" };
  const oracle = AprOracle__factory.connect(aprOracle, provider);
  for (let days = MOST_DAYS; days > 0n; days--) {
    try {
      const percentage = await oracle.averagePercentageRate(token, days, at);
      const { from, to } = await oracle.windowOf(days, at);
      return { known: true, percentage, days, from, to };
    } catch (error) {
      const revert = revertOf(error, [oracle.interface]);
      if (revert === undefined) throw error;
      if (revert.name !== "TooFewSnapshots") return { known: false, why: revertText(revert) };
    }
  }
  return { known: false, why: "no snapshot is a day old yet: anyone may call AprOracle.snapshot()" };
}

/** The mean of the last times between two checkpoints; undefined if there are not two. */
async function readInterval(bridge: BridgeAdapter, at: Tag): Promise<IntervalStatus | undefined> {
  const rootChain = IRootChain__factory.connect(await bridge.ROOT_CHAIN(at), bridge.runner);
  const last = await rootChain.currentHeaderBlock(at);
  const of = last / ID_STEP > INTERVALS ? INTERVALS : last / ID_STEP - 1n;
  if (of < 1n) return undefined;
  const [newest, oldest] = await Promise.all([
    rootChain.headerBlocks(last, at),
    rootChain.headerBlocks(last - of * ID_STEP, at),
  ]);
  return { seconds: (newest.createdAt - oldest.createdAt) / of, of };
}

async function readSwitcher(switcher: BondSwitcher, at: Tag): Promise<SwitcherStatus> {
  const [{ cap, dailyLimit, pausedUntil }, remaining, available] = await Promise.all([
    switcher.parameters(at),
    switcher.remaining(at),
    switcher.available(at),
  ]);
  return { ever: { left: remaining, of: cap }, available, dailyLimit, pausedUntil };
}

async function readBridge(bridge: BridgeAdapter, token: AnkrMATIC, at: Tag): Promise<BridgeStatus> {
  const [{ lockCap, releaseLimit, pausedUntil }, locked, held, pending, lastNonce, lock, release] = await Promise.all([
    bridge.parameters(at),
    bridge.locked(at),
    token.balanceOf(bridge, at),
    bridge.totalPending(at),
    bridge.lastNonce(at),
    bridge.remainingLock(at),
    bridge.remainingRelease(at),
  ]);
  return {
    ...{ locked, held, pending, lastNonce, pausedUntil },
    lock: { left: lock, of: lockCap },
    release: { left: release, of: releaseLimit },
  };
}
