import { behavesAsAsynchronousRedeem } from "../../behaviors/erc7540";
import type { AsynchronousVault } from "../../behaviors/erc7540";
import { earn, settle, spread, stake } from "../../support/exits";
import { ONE, checkpoints, fixture, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

const SHARES = 100n * ONE;

function subject(context: Context, mature: () => Promise<void>): AsynchronousVault {
  const { pool, token, polygon, actors } = context;
  const { alice, bob, stranger } = actors;
  return {
    vault: pool,
    share: token,
    asset: polygon.pol,
    holder: alice,
    second: bob,
    stranger,
    shares: SHARES,
    mature,
  };
}

describe("PolygonPool as a vault of ERC-7540", () => {
  describe("whose buffer pays the batches", () => {
    behavesAsAsynchronousRedeem(async () => {
      const context = await fixture();
      await stake(context, context.actors.alice, 1_000n * ONE);
      await stake(context, context.actors.bob, 1_000n * ONE);
      return subject(context, async () => {
        await settle(context);
      });
    });
  });

  describe("whose stake has to be unbonded, at a rate that is no whole number", () => {
    behavesAsAsynchronousRedeem(async () => {
      const context = await fixture();
      await spread(context);
      await earn(context);
      return subject(context, async () => {
        const batch = await settle(context);
        await unbond(context);
        await context.pool.finalizeBatch(batch);
      });
    });
  });

  describe("whose batches are paid short", () => {
    behavesAsAsynchronousRedeem(async () => {
      const context = await fixture();
      await spread(context);
      return subject(context, async () => {
        await checkpoints(context);
        const { open } = await context.pool.queue();
        await context.pool.settleBatch();
        for (const { position } of await context.delegator.slicesOf(open)) {
          await slash(context, position, { bps: 1_500n, unbonding: true });
        }
        await unbond(context);
        await context.pool.finalizeBatch(open);
      });
    });
  });
});
