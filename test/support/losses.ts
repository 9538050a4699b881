import { FIRST_ID } from "./fixture";
import type { Context } from "./fixture";

/** What a slashing meets. */
export interface Slashing {
  /** Part of the position's stake that is taken, in bps. */
  readonly bps: bigint;
  /** True if what is unbonding is taken from, too. */
  readonly unbonding?: boolean;
}

/** Takes stake away from a position. Nobody has booked the loss yet, and the watch does not ask the position's worth. */
export async function slash(
  { polygon, unsynced }: Context,
  position: bigint,
  { bps, unbonding = false }: Slashing,
): Promise<void> {
  unsynced.add(position);
  await polygon.stakeManager.cheatSlash(FIRST_ID + position - 1n, bps, !unbonding);
}

/** Books what a position lost; from here on it is worth its principal. */
export async function bookLoss({ pool, unsynced }: Context, position: bigint): Promise<void> {
  await pool.sync(position);
  unsynced.delete(position);
}

/** A validator announces to leave: in this epoch its share contract neither buys nor sells. */
export async function announceLeaving({ polygon, actors }: Context, position: bigint): Promise<void> {
  await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID + position - 1n);
}

/** Polygon replaces a validator's share contract: what is unbonding at the old one cannot be claimed. */
export async function replaceShare({ polygon }: Context, position: bigint): Promise<void> {
  const { stakeManager } = polygon;
  const id = FIRST_ID + position - 1n;
  const replacement = await stakeManager.createShareContract.staticCall(id);
  await stakeManager.createShareContract(id);
  await stakeManager.updateValidatorContractAddress(id, replacement);
}

/** Polygon names the share contract of the position again. */
export async function restoreShare({ polygon, shares }: Context, position: bigint): Promise<void> {
  const share = shares[Number(position) - 1];
  if (share === undefined) throw new Error(`position ${position} is none of this fixture's ${shares.length}`);
  await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID + position - 1n, share);
}
