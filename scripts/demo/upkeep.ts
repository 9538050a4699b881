import type { ErrorDescription } from "ethers";

import { harvest } from "./model";
import type { Model } from "./model";
import { standings, waitingRewards } from "./network";
import type { World } from "./world";

/** Name of the treasury in the model. */
export const TREASURY = "treasury";

/** What targets, rounded down, may leave at a validator; the next batch that sells from it takes it along. */
export const DUST = 10n ** 18n;

/** A batch, as it went. */
export interface BatchStory {
  readonly number: bigint;
  readonly day: number;
  readonly closedEpoch: bigint;
  readonly assets: bigint;
  /** POL wei that the buffer paid at once. */
  readonly netted: bigint;
  /** Validators that were sold from. */
  readonly sales: number;
  /** Epoch in which it could be claimed. */
  claimableEpoch?: bigint;
}

/** Closes and funds the open batch, by a stranger's call. */
export async function settle({ system, stranger }: World, day: number): Promise<BatchStory> {
  const { pool, delegator } = system;
  const { open, openAssets } = await pool.queue();
  await pool.connect(stranger).settleBatch();
  const { state, received } = await pool.batchOf(open);
  const closedEpoch = await delegator.epoch();
  const { unsold } = await pool.queue();
  if (unsold !== 0n)
    throw new Error(`Batch ${open} could not be funded: ${unsold} wei are left, see SaleFailed events.`);
  const sales = (await delegator.slicesOf(open)).length;
  const claimableEpoch = isClaimable(state) ? closedEpoch : undefined;
  return { number: open, day, closedEpoch, assets: openAssets, netted: received, sales, claimableEpoch };
}

/** Brings home what is due, by a stranger's calls; returns the batches that can be claimed now. */
export async function finalize(
  { system, polygon, stranger }: World,
  batches: readonly BatchStory[],
): Promise<BatchStory[]> {
  const pool = system.pool.connect(stranger);
  const epoch = await polygon.stakeManager.epoch();
  const ready: BatchStory[] = [];
  for (const batch of batches) {
    if (batch.claimableEpoch !== undefined) continue;
    // Polygon's word decides, and not the estimate of the pool: it is tried until it succeeds.
    const refusal = await pool.finalizeBatch.staticCall(batch.number).then(
      () => undefined,
      (error: unknown) => errorName(system.delegator.interface.parseError(dataOf(error)), error),
    );
    if (refusal === "BatchNotRipe") continue;
    if (refusal !== undefined) throw new Error(`finalizeBatch(${batch.number}) fails with ${refusal}`);
    await pool.finalizeBatch(batch.number);
    const { state } = await pool.batchOf(batch.number);
    if (!isClaimable(state)) continue;
    batch.claimableEpoch = epoch;
    ready.push(batch);
  }
  return ready;
}

/** Harvests all validators, by a stranger's call, and books in the model what Polygon said was waiting. */
export async function harvestAll(world: World, model: Model): Promise<bigint> {
  const rewards = await waitingRewards(world);
  await world.system.pool.connect(world.stranger).harvest([]);
  harvest(model, rewards, world.chain.now(), TREASURY);
  return rewards.reduce((sum, reward) => sum + reward, 0n);
}

/** Delegates the buffer, by a stranger's calls, as long as there is enough of it. */
export async function delegateAll({ system, stranger }: World): Promise<void> {
  while ((await system.lens.delegable()) > 0n) {
    await system.pool.connect(stranger).delegate(2n ** 255n);
  }
}

/** Moves stake away from every validator that gives reason to, by a stranger's calls; returns how much, by position. */
export async function evacuateAll(world: World): Promise<Map<number, bigint>> {
  const { delegator } = world.system;
  const { maxCommission } = await delegator.parameters();
  const moved = new Map<number, bigint>();
  for (const [index, standing] of (await standings(world)).entries()) {
    if (!standing.left && standing.commission <= maxCommission) continue;
    let left = standing.stake;
    if (left < DUST) continue;
    moved.set(index, left);
    while (left >= DUST) {
      await delegator.connect(world.stranger).evacuate(index + 1, left);
      left = (await delegator.positionAt(index + 1)).principal;
    }
  }
  return moved;
}

/** Stake that was moved, POL wei, between positions by their indices. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly assets: bigint;
}

/**
 * Moves stake, by a stranger's calls, from the validator that is furthest over its target to the one that is furthest under and takes
 * new stake, until a move would be less than a hundredth of all stake.
 */
export async function rebalanceAll({ system, stranger }: World): Promise<Move[]> {
  const { delegator, lens } = system;
  const moves: Move[] = [];
  const positions = Array.from({ length: Number(await delegator.positionCount()) }, (_, index) => index + 1);
  for (;;) {
    const table = await Promise.all(
      positions.map(async (position) => {
        const [{ principal }, target, accepts] = await Promise.all([
          delegator.positionAt(position),
          lens.targetOf(position),
          delegator.acceptsStake(position),
        ]);
        return { position, principal, excess: principal - target, accepts };
      }),
    );
    const total = table.reduce((sum, { principal }) => sum + principal, 0n);
    const ranked = table.toSorted((a, b) => (a.excess < b.excess ? -1 : 1));
    const [from, to] = [ranked.at(-1), ranked.find(({ accepts }) => accepts)];
    if (from === undefined || to === undefined) return moves;
    const assets = from.excess < -to.excess ? from.excess : -to.excess;
    if (assets <= 0n || assets < total / 100n) return moves;
    await delegator.connect(stranger).rebalance(from.position, to.position, assets);
    moves.push({ from: from.position - 1, to: to.position - 1, assets });
  }
}

function isClaimable(state: bigint): boolean {
  return state >= 2n;
}

function dataOf(error: unknown): string {
  if (error instanceof Error && "data" in error && typeof error.data === "string") return error.data;
  return "0x";
}

function errorName(description: ErrorDescription | null, error: unknown): string {
  return description?.name ?? (error instanceof Error ? error.message : String(error));
}
