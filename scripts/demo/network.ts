import { VALIDATORS } from "./cast";
import { CHECKPOINT_REWARD, idOf } from "./world";
import type { World } from "./world";

/** A validator as Polygon's contracts have it. */
export interface Standing {
  /** Stake of the pool, POL wei. */
  readonly stake: bigint;
  /** Percent. */
  readonly commission: bigint;
  /** True if it signs checkpoints. */
  readonly active: boolean;
  /** True if it has left for good: its last epoch is over. */
  readonly left: boolean;
}

/** All validators of the pool, by position, from index 0. Asks Polygon, and not the pool. */
export async function standings({ polygon, shares, system }: World): Promise<Standing[]> {
  const { stakeManager } = polygon;
  const epoch = await stakeManager.epoch();
  return Promise.all(
    shares.map(async (share, index) => {
      const [record, [stake], active] = await Promise.all([
        stakeManager.validators(idOf(index)),
        share.getTotalStake(system.delegator),
        stakeManager.isValidator(idOf(index)),
      ]);
      const left = record.deactivationEpoch !== 0n && record.deactivationEpoch <= epoch;
      return { stake, commission: record.commissionRate, active, left };
    }),
  );
}

/** Rewards that wait for the pool at each validator, POL wei. Asks Polygon, and not the pool. */
export async function waitingRewards({ shares, system }: World): Promise<bigint[]> {
  return Promise.all(shares.map((share) => share.getLiquidRewards(system.delegator)));
}

/**
 * `count` checkpoints, and what the pool should earn by them, POL wei.
 *
 * A checkpoint pays its reward C, less the proposer's bonus b, to all stake T of the network alike. A validator v that signs, has s_v
 * of the pool's stake and asks the commission c_v, so brings C (1 - b) (1 - c_v) s_v / T. With n checkpoints in a day, the fee f
 * and the pool's assets A this makes
 *
 *   APR = 365 n C (1 - b) (1 - f) / T * sum over v of (1 - c_v) s_v / A,
 *
 * and where all validators ask the same c, the sum is (1 - c) times the part of the assets that is delegated. What is
 * earned on one day is harvested in its evening and vests over the next, so it is that day's APR.
 */
export async function earn(world: World, count: number): Promise<bigint> {
  const { stakeManager } = world.polygon;
  const [all, network, bonus] = await Promise.all([
    standings(world),
    stakeManager.currentValidatorSetTotalStake(),
    stakeManager.proposerBonus(),
  ]);
  const weighted = all.reduce((sum, v) => sum + (v.active ? v.stake * (100n - v.commission) : 0n), 0n);
  await stakeManager.checkpoints(count);
  return (BigInt(count) * CHECKPOINT_REWARD * (100n - bonus) * weighted) / (100n * 100n * network);
}

/** The part of a year that `earned` of `assets` in a day makes, in percent, after the fee. */
export function aprOf(earned: bigint, assets: bigint, feeBps = 0n): number {
  const scaled = (earned * (10_000n - feeBps) * 365n * 10n ** 12n) / (assets * 10_000n);
  return Number(scaled) / 1e10;
}

/** Name of the validator with an index. */
export function nameOf(index: number): string {
  return VALIDATORS[index]?.name ?? `validator ${index + 1}`;
}
