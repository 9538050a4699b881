import { coins } from "../world";
import type { World } from "../world";
import type { Operation, Spent } from "../operation";
import { spent, spentUntil } from "../operation";
import { checkpoints, emptyBuffer, request, settle, unbond } from "../steps";

/** Requested for the sale from one validator; less than any position of the base state has. */
const ONE_SALE = coins(10_000);

async function settleOnce({ pool, people }: World): Promise<Spent> {
  return spent(pool.connect(people.keeper).settleBatch());
}

/** The open batch is empty, and the buffer holds less than 1 POL. */
async function nothingToNet(world: World): Promise<void> {
  await settle(world);
  await emptyBuffer(world);
}

/** A request that needs a sale, and nothing else in the batch. */
async function oneSaleNeeded(world: World): Promise<void> {
  await nothingToNet(world);
  await request(world, world.people.whale, ONE_SALE);
}

/** As {@link oneSaleNeeded}, after every position has sold before. */
async function oneMoreSaleNeeded(world: World): Promise<void> {
  await nothingToNet(world);
  for (let position = 0; position < world.validators; position++) {
    await request(world, world.people.whale, coins(1_000));
    await settle(world);
  }
  await request(world, world.people.whale, ONE_SALE);
}

async function sixtyPercentRequested(world: World): Promise<void> {
  await nothingToNet(world);
  const { pool, people } = world;
  await request(world, people.whale, await pool.convertToShares(((await pool.totalAssets()) * 6n) / 10n));
}

/** Settles until the batch is wholly funded: a call makes ten sales at most. */
async function settleWhole({ pool, people }: World): Promise<Spent> {
  const { open } = await pool.queue();
  return spentUntil(
    async () => {
      const { open: now, funding } = await pool.queue();
      return now > open && funding === 0n;
    },
    () => pool.connect(people.keeper).settleBatch(),
  );
}

async function oneSaleDue(world: World): Promise<void> {
  await oneSaleNeeded(world);
  await settle(world);
  await unbond(world);
}

async function sixtyPercentDue(world: World): Promise<void> {
  await sixtyPercentRequested(world);
  await checkpoints(world);
  await settleWhole(world);
  await unbond(world);
}

/** Number of the last batch that was closed. */
async function lastClosed({ pool }: World): Promise<bigint> {
  return (await pool.queue()).open - 1n;
}

async function finalize(world: World): Promise<Spent> {
  const batch = await lastClosed(world);
  return spent(world.pool.connect(world.people.keeper).finalizeBatch(batch));
}

/** Batches; whoever calls pays for all members. */
export const BATCHES: readonly Operation[] = [
  {
    name: "settleBatch netted",
    use: "later",
    given: "the buffer covers the batch, and some of it is left; the pool holds POL for other claims",
    model: true,
    flat: true,
    call: settleOnce,
  },
  {
    name: "settleBatch with one sale",
    use: "first",
    given: "the buffer holds less than 1 POL; nothing was ever sold",
    model: true,
    prepare: oneSaleNeeded,
    call: settleOnce,
  },
  {
    name: "settleBatch with one sale",
    use: "later",
    given: "the buffer holds less than 1 POL; every position has sold before, and those sales are unbonding",
    model: true,
    prepare: oneMoreSaleNeeded,
    call: settleOnce,
  },
  {
    name: "settleBatch selling 60 % of the pool",
    use: "first",
    given: "the buffer holds less than 1 POL; nothing was ever sold; as many calls as it takes",
    model: true,
    prepare: sixtyPercentRequested,
    call: settleWhole,
  },
  {
    name: "finalizeBatch of one sale",
    use: "later",
    given: "one slice, due; the pool holds POL for other claims",
    model: true,
    prepare: oneSaleDue,
    call: finalize,
  },
  {
    name: "finalizeBatch of 60 % of the pool",
    use: "later",
    given: "all slices of the batch, due, in one call; the pool holds POL for other claims",
    model: true,
    prepare: sixtyPercentDue,
    call: finalize,
  },
];
