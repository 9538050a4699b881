import type { Block, Provider } from "ethers";

import {
  AprOracle__factory,
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  Delegator__factory,
  IERC20__factory,
  IStakeManager__factory,
  IValidatorShare__factory,
  PolygonPool__factory,
  PoolLens__factory,
  RatioFeed__factory,
} from "../../typechain-types";
import type { Delegator, IStakeManager, PolygonPool } from "../../typechain-types";
import { unlessRefused } from "../lib/reverts";

import type { Policy } from "./policy";
import type {
  BatchState,
  BridgeState,
  ClaimState,
  EthereumAddresses,
  EthereumState,
  FeedState,
  Head,
  PolygonAddresses,
  PolygonState,
  PositionState,
  SliceState,
  WaitingState,
} from "./state";
import { followEthereum, followPolygon, nextPage } from "./trail";
import type { Trail } from "./trail";

/** States of a batch, in the order of the contract's enum. */
const CLOSED = 1n;
const CLAIMABLE_LATE = 4n;

/** The last block of a chain, with the price of gas in it. */
export async function readHead(provider: Provider): Promise<Head> {
  const [block, fees] = await Promise.all([provider.getBlock("latest"), provider.getFeeData()]);
  if (typeof block?.hash !== "string") throw new Error("the node has no last block");
  const tip = fees.maxPriorityFeePerGas ?? 0n;
  const gasPrice = block.baseFeePerGas === null ? (fees.gasPrice ?? 0n) : block.baseFeePerGas + tip;
  return { number: block.number, hash: block.hash, time: BigInt(block.timestamp), gasPrice };
}

/** All that decisions on Ethereum rest on, at one block. */
export async function readEthereum(
  provider: Provider,
  at: EthereumAddresses,
  trail: Trail,
  head: Head,
  policy: Policy,
): Promise<EthereumState> {
  await followEthereum(trail, provider, at, head.number, policy);
  const tag = { blockTag: head.number };
  const pool = PolygonPool__factory.connect(at.pool, provider);
  const delegator = Delegator__factory.connect(at.delegator, provider);
  const lens = PoolLens__factory.connect(at.lens, provider);
  const stakeManager = IStakeManager__factory.connect(await delegator.STAKE_MANAGER(), provider);
  const [queue, epoch, withdrawalDelay, parameters, limits, count, delegable] = await Promise.all([
    pool.queue(tag),
    stakeManager.epoch(tag),
    stakeManager.withdrawalDelay(tag),
    pool.parameters(tag),
    delegator.parameters(tag),
    delegator.positionCount(tag),
    lens.delegable(tag),
  ]);
  const numbers = Array.from({ length: Number(count) }, (_, index) => BigInt(index) + 1n);
  const [positions, batches, stray, claims, bridge, snapshotFrom] = await Promise.all([
    Promise.all(numbers.map(async (number) => readPosition(delegator, stakeManager, number, epoch, head))),
    readBatches(pool, delegator, trail, epoch - withdrawalDelay, head),
    readStray(pool, delegator, head),
    readClaims(pool, at.autoClaim, trail, head, policy),
    at.bridge === undefined ? undefined : readBridge(provider, at.bridge, trail, head, policy),
    readSnapshotFrom(provider, at, head),
  ]);
  const { open, openAssets, openUnits, funding, unsold } = queue;
  return {
    head,
    epoch,
    withdrawalDelay,
    maxCommission: limits.maxCommission,
    deadSliceTime: limits.deadSliceTime,
    lossCount: parameters.lossCount,
    queue: { open, openAssets, openUnits, funding, unsold },
    closedEpoch: trail.closed.get(open - 1n),
    batches,
    positions: positions.filter((entry) => entry !== undefined),
    delegable,
    stray,
    claims,
    bridge,
    snapshotFrom,
  };
}

/** All that decisions on Polygon rest on, at one block. */
export async function readPolygon(
  provider: Provider,
  at: PolygonAddresses,
  trail: Trail,
  head: Head,
  policy: Policy,
): Promise<PolygonState> {
  await followPolygon(trail, provider, at, head.number, policy);
  const tag = { blockTag: head.number };
  const adapter = ChildBridgeAdapter__factory.connect(at.adapter, provider);
  const token = ChildAnkrMATIC__factory.connect(at.token, provider);
  const [feed, remaining, limit, waiting, snapshotFrom] = await Promise.all([
    readFeed(provider, at, head),
    adapter.remainingMint(tag),
    token.mintingMaxLimitOf(at.adapter, tag),
    readWaiting(trail, policy, async (receiver) => adapter.pendingOf(receiver, tag)),
    readSnapshotFrom(provider, at, head),
  ]);
  return { head, feed, pending: { waiting, remaining, limit }, snapshotFrom };
}

async function readSnapshotFrom(
  provider: Provider,
  { aprOracle }: Pick<EthereumAddresses, "aprOracle">,
  head: Head,
): Promise<bigint | undefined> {
  if (aprOracle === undefined) return undefined;
  return AprOracle__factory.connect(aprOracle, provider).nextSnapshotAt({ blockTag: head.number });
}

/** The rate on Polygon. */
export async function readFeed(provider: Provider, at: PolygonAddresses, head: Head): Promise<FeedState> {
  const tag = { blockTag: head.number };
  const feed = RatioFeed__factory.connect(at.feed, provider);
  const [time, lossCount, lastNonce] = await Promise.all([
    feed.lastUpdated(tag),
    feed.lossCount(tag),
    feed.lastNonce(tag),
  ]);
  // The rest has an answer only if there is a rate.
  const lossTime = time === 0n ? 0n : (await feed.latest(tag)).lossTime;
  return { time, lossTime, lossCount, lastNonce };
}

async function readPosition(
  delegator: Delegator,
  stakeManager: IStakeManager,
  position: bigint,
  epoch: bigint,
  head: Head,
): Promise<PositionState | undefined> {
  const tag = { blockTag: head.number };
  const { share, validatorId, principal, lastHarvestAt, displacedAt } = await delegator.positionAt(position, tag);
  if (BigInt(share) === 0n) return undefined;
  const at = IValidatorShare__factory.connect(share, delegator.runner);
  // A share contract that fails stands in nobody's way.
  const [validator, accepts, stake, balance, rewards] = await Promise.all([
    stakeManager.validators(validatorId, tag),
    delegator.acceptsStake(position, tag),
    unlessRefused(at.getTotalStake(delegator, tag)),
    unlessRefused(at.balanceOf(delegator, tag)),
    unlessRefused(at.getLiquidRewards(delegator, tag)),
  ]);
  const { deactivationEpoch, commissionRate, contractAddress } = validator;
  return {
    position,
    share,
    principal,
    lastHarvestAt,
    displacedAt,
    named: contractAddress,
    commission: commissionRate,
    left: deactivationEpoch !== 0n && deactivationEpoch <= epoch,
    accepts,
    worth: stake === undefined || balance === undefined ? undefined : smaller(stake[0], balance),
    rewards: rewards ?? 0n,
  };
}

/** Batches with money on their way. Those for which all has come are not asked for again. */
async function readBatches(
  pool: PolygonPool,
  delegator: Delegator,
  trail: Trail,
  lastDue: bigint,
  head: Head,
): Promise<BatchState[]> {
  const tag = { blockTag: head.number };
  const numbers = [...trail.closed.keys()].filter((number) => !trail.done.has(number));
  const read = await Promise.all(
    numbers.map(async (batch): Promise<BatchState | undefined> => {
      const { state } = await pool.batchOf(batch, tag);
      if (state !== CLOSED && state !== CLAIMABLE_LATE) {
        // What a reorganisation may still take back is asked for again.
        if (state !== 0n && (trail.closed.get(batch) ?? 0n) < lastDue) trail.done.add(batch);
        return undefined;
      }
      const slices = await delegator.slicesOf(batch, tag);
      const states = slices.map(async ({ position, nonce, soldEpoch, failedAt }): Promise<SliceState> => {
        if (failedAt === 0n) return { soldEpoch, failedAt, revived: false };
        return { soldEpoch, failedAt, revived: await wouldPay(delegator, position, nonce, head) };
      });
      return { batch, late: state === CLAIMABLE_LATE, slices: await Promise.all(states) };
    }),
  );
  return read.filter((entry) => entry !== undefined && entry.slices.length > 0) as BatchState[];
}

async function wouldPay(delegator: Delegator, position: bigint, nonce: bigint, head: Head): Promise<boolean> {
  const tag = { blockTag: head.number };
  const { share } = await delegator.positionAt(position, tag);
  const at = IValidatorShare__factory.connect(share, delegator.runner);
  const from = await delegator.getAddress();
  const call = at.unstakeClaimTokens_newPOL.staticCall(nonce, { from, ...tag }).then(() => true);
  return (await unlessRefused(call)) ?? false;
}

async function readStray(pool: PolygonPool, delegator: Delegator, head: Head): Promise<bigint> {
  const tag = { blockTag: head.number };
  const [pol, matic] = (await Promise.all([delegator.POL(), delegator.MATIC()])).map((at) =>
    IERC20__factory.connect(at, pool.runner),
  );
  if (pol === undefined || matic === undefined) return 0n;
  const [atPool, reserved, atDelegator, inMatic, buffer] = await Promise.all([
    pol.balanceOf(pool, tag),
    pool.reserved(tag),
    pol.balanceOf(delegator, tag),
    matic.balanceOf(delegator, tag),
    delegator.buffer(tag),
  ]);
  return atPool - reserved + atDelegator + inMatic - buffer;
}

async function readClaims(
  pool: PolygonPool,
  autoClaim: string,
  trail: Trail,
  head: Head,
  { claimPage }: Policy,
): Promise<ClaimState[]> {
  const tag = { blockTag: head.number };
  const claims = await Promise.all(
    nextPage([...trail.controllers], trail.pages, "claims", claimPage).map(async (controller) => {
      const [appointed, assets] = await Promise.all([
        pool.isOperator(controller, autoClaim, tag),
        pool.maxWithdraw(controller, tag),
      ]);
      return { controller, assets: appointed ? assets : 0n };
    }),
  );
  return claims.filter(({ assets }) => assets > 0n);
}

async function readBridge(
  provider: Provider,
  at: string,
  trail: Trail,
  head: Head,
  policy: Policy,
): Promise<BridgeState> {
  const tag = { blockTag: head.number };
  const bridge = BridgeAdapter__factory.connect(at, provider);
  const [remaining, { releaseLimit }, lastNonce, waiting, block] = await Promise.all([
    bridge.remainingRelease(tag),
    bridge.parameters(tag),
    bridge.lastNonce(tag),
    readWaiting(trail, policy, async (receiver) => bridge.pendingOf(receiver, tag)),
    trail.sent === undefined ? null : provider.getBlock(trail.sent.block),
  ]);
  return { waiting, remaining, limit: releaseLimit, lastNonce, sent: sentRate(trail, lastNonce, block) };
}

/** Not what a reorganisation took back. */
function sentRate({ sent }: Trail, lastNonce: bigint, block: Block | null): BridgeState["sent"] {
  if (sent === undefined || block === null || sent.nonce > lastNonce) return undefined;
  return { nonce: sent.nonce, lossCount: sent.lossCount, time: BigInt(block.timestamp) };
}

async function readWaiting(
  trail: Trail,
  { claimPage }: Policy,
  pendingOf: (receiver: string) => Promise<bigint>,
): Promise<WaitingState[]> {
  const waiting = await Promise.all(
    nextPage([...trail.waiting], trail.pages, "waiting", claimPage).map(async (receiver) => ({
      receiver,
      shares: await pendingOf(receiver),
    })),
  );
  return waiting.filter(({ shares }) => shares > 0n);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
