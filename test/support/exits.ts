import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";

import { DAY, MAX, ONE, checkpoints, requestId, unbond } from "./fixture";
import type { Context } from "./fixture";

/** Where a batch is on its way, in the order of the contract's enum. */
export const BATCH = { Open: 0n, Closed: 1n, Claimable: 2n, ClaimableShort: 3n, ClaimableLate: 4n } as const;

/** What each of four positions holds after {@link spread}. */
export const POSITION = 1_000n * ONE;

/** What {@link spread} leaves in the buffer: a wei is kept back, and three do not divide by four. */
export const CRUMBS = 4n;

/** A user stakes POL for itself. */
export async function stake({ pool }: Context, user: HardhatEthersSigner, assets: bigint): Promise<void> {
  await pool.connect(user).deposit(assets, user);
}

/** Delegates until no validator gets any more. */
export async function delegateAll({ pool, lens }: Context): Promise<void> {
  while ((await lens.delegable()) > 0n) await pool.delegate(MAX);
}

/**
 * Alice stakes 2,000 POL, Bob 1,000, and Carol 999 and 4 wei; with the seed that puts exactly {@link POSITION} on each of
 * four validators. A share is worth one POL.
 */
export async function spread(context: Context): Promise<void> {
  const { alice, bob, carol } = context.actors;
  await stake(context, alice, 2_000n * ONE);
  await stake(context, bob, 1_000n * ONE);
  await stake(context, carol, 999n * ONE + CRUMBS);
  await delegateAll(context);
}

/** Earns rewards, delegates them, and lets all of them vest: a share is worth more than before, and by no round number. */
export async function earn(context: Context): Promise<void> {
  await checkpoints(context, 50);
  await context.pool.harvest([]);
  await delegateAll(context);
  await time.increase(8n * DAY);
}

/** A user requests with its own shares, for itself. Returns the id of the request. */
export async function request({ pool }: Context, user: HardhatEthersSigner, shares: bigint): Promise<bigint> {
  const { open } = await pool.queue();
  await pool.connect(user).requestRedeem(shares, user, user);
  return requestId(open, user.address);
}

/** Begins a new epoch and closes the open batch. Returns its number. */
export async function settle(context: Context): Promise<bigint> {
  const { open } = await context.pool.queue();
  await checkpoints(context);
  await context.pool.settleBatch();
  return open;
}

/** Waits for the unbonding delay and brings the money of a batch home. */
export async function bringHome(context: Context, batch: bigint): Promise<void> {
  await unbond(context);
  await context.pool.finalizeBatch(batch);
}

/** Sum of numbers. */
export function sum(numbers: readonly bigint[]): bigint {
  return numbers.reduce((total, number) => total + number, 0n);
}
