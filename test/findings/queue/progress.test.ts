import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { BATCH, CRUMBS, request, settle, spread, stake } from "../../support/exits";
import { DAY, MAX, ONE, UNBONDING_EPOCHS, checkpoints, fixture, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { replaceShare } from "../../support/losses";
import { attempt, drain } from "../../support/passerBy";

describe("Attacks on the queue: that it goes on", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
  });

  it("A37, Polygon-6: a hundred requests of one batch are settled and brought home by the same two calls as one", async () => {
    const { pool, token, actors } = context;
    const { alice, bob } = actors;
    const start = await takeSnapshot();
    const gas = async (requests: number): Promise<bigint[]> => {
      await start.restore();
      await request(context, bob, 10n * ONE);
      await token.connect(alice).approve(bob, MAX);
      for (let index = 1; index < requests; index++) {
        await pool.connect(alice).requestRedeem(ONE, alice, alice);
      }
      const used: bigint[] = [];
      for (const call of [
        (): ReturnType<typeof pool.settleBatch> => pool.settleBatch(),
        (): ReturnType<typeof pool.settleBatch> => pool.finalizeBatch(1n),
      ]) {
        const receipt = await (await call()).wait();
        used.push(receipt?.gasUsed ?? 0n);
        await unbond(context);
      }
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
      return used;
    };
    expect(await gas(100)).to.deep.equal(await gas(2));
  });

  it("A40: an id keeps its meaning while others are claimed, in any order", async () => {
    const { pool, polygon, actors } = context;
    const { alice } = actors;
    await stake(context, actors.stranger, 100n * ONE);
    const ids: bigint[] = [];
    for (let index = 1n; index <= 5n; index++) {
      ids.push(await request(context, alice, index * ONE));
      await settle(context);
    }
    for (const index of [3, 0, 4, 1, 2]) {
      const id = ids[index] ?? 0n;
      await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        BigInt(index + 1) * ONE,
      );
    }
  });

  it("A41: a batch is due when the share contract says so, whatever the delay was at the request", async () => {
    const { pool, delegator, polygon, actors } = context;
    await request(context, actors.alice, 500n * ONE);
    await settle(context);
    await polygon.stakeManager.updateDynastyValue(2n * UNBONDING_EPOCHS);
    await checkpoints(context, Number(UNBONDING_EPOCHS) + 10);
    await expect(pool.finalizeBatch(1n)).to.be.revertedWithCustomError(delegator, "BatchNotRipe");
    await polygon.stakeManager.updateDynastyValue(UNBONDING_EPOCHS + 10n);
    await pool.finalizeBatch(1n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
  });

  it("A45, Polygon-1, Polygon-5: a user alone goes from request to payment, with no role, no signature and no one's help", async () => {
    const { pool, manager, polygon, actors } = context;
    const { carol } = actors;
    for (const role of [0n, 1n, 2n]) expect((await manager.hasRole(role, carol))[0]).to.equal(false);
    const asCarol = pool.connect(carol);
    const shares = 700n * ONE;
    await asCarol.unstakeCerts(shares, 0, 0, "0x");
    await asCarol.settleBatch();
    await unbond(context);
    await asCarol.finalizeBatch(1n);
    const ids = [...(await pool.requestsOf(carol))];
    await expect(asCarol.claim(ids, carol, carol)).to.changeTokenBalance(polygon.pol, carol, shares);
  });

  it("A45: no power of governance stands on the way", async () => {
    const { pool, polygon, actors } = context;
    const { alice, guardian } = actors;
    await pool.connect(guardian).pauseStakes(5n * DAY);
    await request(context, alice, 700n * ONE);
    await settle(context);
    await unbond(context);
    await pool.connect(actors.stranger).finalizeBatch(1n);
    await expect(pool.connect(alice).redeem(700n * ONE, alice, alice)).to.changeTokenBalance(
      polygon.pol,
      alice,
      700n * ONE,
    );
  });

  it("A46: a batch is settled whether the buffer is below, at or above what it needs, or the batch is empty", async () => {
    const { pool, actors } = context;
    const { alice } = actors;
    expect(await attempt(() => pool.settleBatch())).to.equal(false);
    // Below, the crumbs being netted; at; above.
    for (const [shares, extra, state] of [
      [100n * ONE, 0n, BATCH.Closed],
      [50n * ONE, 50n * ONE, BATCH.Claimable],
      [50n * ONE, 60n * ONE, BATCH.Claimable],
    ] as const) {
      if (extra > 0n) await stake(context, actors.stranger, extra);
      await request(context, alice, shares);
      const batch = await settle(context);
      expect((await pool.batchOf(batch)).state).to.equal(state);
    }
    expect(await context.delegator.buffer()).to.equal(10n * ONE);
    await checkpoints(context);
    expect(await attempt(() => pool.settleBatch())).to.equal(false);
  });

  it("A46: a batch that needs a validator gone for good ends all the same, with a loss that is booked", async () => {
    const { pool, actors } = context;
    const { alice, bob, carol, stranger } = actors;
    await replaceShare(context, 4n);
    await request(context, alice, 2_000n * ONE);
    await request(context, bob, 1_000n * ONE);
    await request(context, carol, 999n * ONE + CRUMBS);
    await settle(context);
    expect((await pool.queue()).unsold).to.equal(999n * ONE);
    await drain(context, stranger);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.ClaimableShort);
    expect((await pool.queue()).funding).to.equal(0n);
    const { units, received } = await pool.batchOf(1n);
    expect(received).to.equal(3_000n * ONE + CRUMBS);
    expect(await pool.maxWithdraw(alice)).to.equal((2_000n * ONE * received) / units);
  });
});
