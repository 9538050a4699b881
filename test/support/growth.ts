import { time } from "@nomicfoundation/hardhat-network-helpers";

import { DAY, MAX } from "./fixture";
import type { Context } from "./fixture";
import { bookLoss, slash } from "./losses";

/** Seconds over which income of no one validator's harvest vests. */
export const SURPLUS_SECONDS = 7n * DAY;

/** Gives the pool rewards of `assets` POL wei, which begin to vest now. */
export async function reward({ polygon, delegator, pool }: Context, assets: bigint): Promise<void> {
  await polygon.pol.mint(delegator, assets);
  await pool.skim();
}

/** As {@link reward}, and waits until all of it has vested. */
export async function grow(context: Context, assets: bigint): Promise<void> {
  await reward(context, assets);
  await time.increase(SURPLUS_SECONDS);
}

/** Delegates all that the pool has to its validators, takes `bps` of it away from each, and books the loss. */
export async function shrink(context: Context, bps: bigint): Promise<void> {
  const { pool, delegator, lens } = context;
  if ((await lens.delegable()) > 0n) await pool.delegate(MAX);
  const count = await delegator.positionCount();
  for (let position = 1n; position <= count; position++) await slash(context, position, { bps });
  for (let position = 1n; position <= count; position++) await bookLoss(context, position);
}
