import { expect } from "chai";

import { BATCH, CRUMBS, POSITION, bringHome, request, spread, stake } from "../../support/exits";
import { ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { announceLeaving, bookLoss, replaceShare, slash } from "../../support/losses";

describe("PolygonPool: settleBatch", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  describe("when nobody asked for anything", () => {
    it("has nothing to settle", async () => {
      const { pool, actors } = context;
      await expect(pool.connect(actors.stranger).settleBatch())
        .to.be.revertedWithCustomError(pool, "NothingToSettle")
        .withArgs(1n, 0n);
    });
  });

  describe("when the buffer covers the batch", () => {
    beforeEach(async () => {
      await stake(context, context.actors.alice, 1_000n * ONE);
      await request(context, context.actors.alice, 100n * ONE);
    });

    it("closes and funds it, and it is claimable at once", async () => {
      const { pool, delegator, polygon, actors } = context;
      const epoch = await delegator.epoch();
      const owed = 100n * ONE;
      const sent = await pool.connect(actors.stranger).settleBatch();
      await expect(sent).to.emit(pool, "BatchClosed").withArgs(1n, owed, owed, epoch);
      await expect(sent).to.emit(pool, "BatchFunded").withArgs(1n, owed, 0n, 0n);
      await expect(sent).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, owed, owed);
      await expect(sent).to.changeTokenBalances(polygon.pol, [delegator, pool], [-owed, owed]);
      expect(await pool.batchOf(1n)).to.deep.equal([BATCH.Claimable, owed, owed]);
      expect(await pool.queue()).to.deep.equal([2n, 0n, 0n, 0n, 0n, 0n]);
      expect(await pool.reserved()).to.equal(owed);
      expect(await pool.totalOwed()).to.equal(owed);
    });

    it("closes one batch per epoch", async () => {
      const { pool, delegator, actors } = context;
      await pool.settleBatch();
      await request(context, actors.alice, 50n * ONE);
      const epoch = await delegator.epoch();
      await expect(pool.settleBatch()).to.be.revertedWithCustomError(pool, "NothingToSettle").withArgs(2n, epoch);
      await checkpoints(context);
      await expect(pool.settleBatch())
        .to.emit(pool, "BatchClosed")
        .withArgs(2n, 50n * ONE, 50n * ONE, epoch + 1n);
    });

    it("closes a batch in an epoch that Polygon's governance set back", async () => {
      const { pool, polygon, delegator, actors } = context;
      await checkpoints(context, 10);
      await pool.settleBatch();
      await request(context, actors.alice, 50n * ONE);
      const earlier = (await delegator.epoch()) - 5n;
      await polygon.stakeManager.setCurrentEpoch(earlier);
      await expect(pool.settleBatch())
        .to.emit(pool, "BatchClosed")
        .withArgs(2n, 50n * ONE, 50n * ONE, earlier);
    });

    it("converts MATIC of the buffer when the POL does not suffice", async () => {
      const { pool, polygon, delegator, actors } = context;
      await pool.connect(actors.bob).stakeMatic(500n * ONE, actors.bob, 0, 2n ** 40n);
      await request(context, actors.alice, 900n * ONE);
      await request(context, actors.bob, 400n * ONE);
      // 1,001 POL and 500 MATIC are there, 1,400 are needed; a wei of MATIC stays.
      await expect(pool.settleBatch())
        .to.emit(delegator, "Converted")
        .withArgs(500n * ONE - 1n);
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
      expect(await polygon.pol.balanceOf(delegator)).to.equal(101n * ONE - 1n);
    });
  });

  describe("when it does not", () => {
    beforeEach(async () => {
      await spread(context);
    });

    it("takes the buffer, and sells the rest of one validator if that has enough", async () => {
      const { pool, delegator, actors } = context;
      const needed = 700n * ONE + CRUMBS;
      await request(context, actors.alice, needed);
      const epoch = await delegator.epoch();
      const sent = await pool.settleBatch();
      await expect(sent)
        .to.emit(delegator, "Sold")
        .withArgs(1n, 1n, 1n, 700n * ONE);
      await expect(sent).to.emit(pool, "BatchClosed").withArgs(1n, needed, needed, epoch);
      await expect(sent)
        .to.emit(pool, "BatchFunded")
        .withArgs(1n, CRUMBS, 700n * ONE, 0n);
      await expect(sent).not.to.emit(pool, "BatchClaimable");
      expect(await pool.batchOf(1n)).to.deep.equal([BATCH.Closed, needed, CRUMBS]);
      expect(await pool.queue()).to.deep.equal([2n, 0n, 0n, 0n, 0n, 700n * ONE]);
      expect(await pool.reserved()).to.equal(CRUMBS);
    });

    it("A39: goes on to the next validators if it has not; the slices sum to what is needed", async () => {
      const { pool, delegator, actors } = context;
      await request(context, actors.alice, 2_000n * ONE);
      await request(context, actors.bob, 500n * ONE + CRUMBS);
      await pool.settleBatch();
      const slices = await delegator.slicesOf(1n);
      expect(slices.map(({ position, assets }) => [position, assets])).to.deep.equal([
        [1n, POSITION],
        [2n, POSITION],
        [3n, 500n * ONE],
      ]);
    });

    it("passes over a validator that refuses to sell", async () => {
      const { pool, delegator, actors } = context;
      await announceLeaving(context, 1n);
      await request(context, actors.alice, 600n * ONE + CRUMBS);
      const sent = await pool.settleBatch();
      await expect(sent).to.emit(delegator, "SaleFailed").withArgs(1n, 1n);
      await expect(sent)
        .to.emit(delegator, "Sold")
        .withArgs(1n, 2n, 1n, 600n * ONE);
      expect((await pool.queue()).unsold).to.equal(0n);
    });

    it("leaves what could not be sold to fund, and funds that before it closes another batch", async () => {
      const { pool, actors } = context;
      await announceLeaving(context, 4n);
      await request(context, actors.alice, 2_000n * ONE);
      await request(context, actors.bob, 1_000n * ONE);
      await request(context, actors.carol, 400n * ONE + CRUMBS);
      await expect(pool.settleBatch())
        .to.emit(pool, "BatchFunded")
        .withArgs(1n, CRUMBS, 3n * POSITION, 400n * ONE);
      expect(await pool.queue()).to.deep.equal([2n, 0n, 0n, 1n, 400n * ONE, 3n * POSITION]);

      await request(context, actors.carol, 100n * ONE);
      await checkpoints(context);
      const sent = await pool.settleBatch();
      await expect(sent)
        .to.emit(pool, "BatchFunded")
        .withArgs(1n, 0n, 400n * ONE, 0n);
      await expect(sent)
        .to.emit(pool, "BatchFunded")
        .withArgs(2n, 0n, 100n * ONE, 0n);
      expect(await pool.queue()).to.deep.equal([3n, 0n, 0n, 0n, 0n, 3_500n * ONE]);
    });

    it("does not close the open batch while the older one cannot be funded", async () => {
      const { pool, delegator, actors } = context;
      await announceLeaving(context, 4n);
      await request(context, actors.alice, 2_000n * ONE);
      await request(context, actors.bob, 1_000n * ONE);
      await request(context, actors.carol, 400n * ONE + CRUMBS);
      await pool.settleBatch();
      await request(context, actors.carol, 100n * ONE);
      await expect(pool.settleBatch())
        .to.be.revertedWithCustomError(pool, "NothingToSettle")
        .withArgs(2n, await delegator.epoch());
    });

    it("A43: funds the older batch first from a new stake, which pays a waiting request but once", async () => {
      const { pool, actors } = context;
      await announceLeaving(context, 4n);
      await request(context, actors.alice, 2_000n * ONE);
      await request(context, actors.bob, 1_000n * ONE);
      await request(context, actors.carol, 400n * ONE + CRUMBS);
      await pool.settleBatch();
      await stake(context, actors.stranger, 300n * ONE);
      await expect(pool.settleBatch())
        .to.emit(pool, "BatchFunded")
        .withArgs(1n, 300n * ONE, 0n, 100n * ONE);
      expect(await pool.reserved()).to.equal(300n * ONE + CRUMBS);
      expect(await pool.maxRedeem(actors.carol)).to.equal(0n);
      await checkpoints(context);
      await pool.settleBatch();
      await bringHome(context, 1n);
      // 300 from the stake, 3,000 and 100 from the sales: every one of them once.
      expect(await pool.reserved()).to.equal(3_400n * ONE + CRUMBS);
      expect(await pool.maxWithdraw(actors.carol)).to.equal(400n * ONE + CRUMBS);
    });

    it("closes a batch that lost all but a few wei; they are claimable at once", async () => {
      const { pool, delegator, actors } = context;
      await request(context, actors.alice, 2_000n * ONE);
      await bookWholeLoss();
      expect((await pool.queue()).openAssets).to.be.lessThan(CRUMBS);
      const epoch = await delegator.epoch();
      const { openAssets } = await pool.queue();
      const sent = await pool.settleBatch();
      await expect(sent)
        .to.emit(pool, "BatchClosed")
        .withArgs(1n, 2_000n * ONE, openAssets, epoch);
      await expect(sent)
        .to.emit(pool, "BatchClaimable")
        .withArgs(1n, BATCH.ClaimableShort, 2_000n * ONE, openAssets);
      expect(await pool.maxRedeem(actors.alice)).to.equal(2_000n * ONE);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(openAssets);
    });

    it("ends the wait of a batch whose unsold part was lost", async () => {
      const { pool, actors } = context;
      for (const position of [1n, 2n, 3n, 4n]) await announceLeaving(context, position);
      await request(context, actors.alice, 1_000n * ONE + CRUMBS);
      await expect(pool.settleBatch())
        .to.emit(pool, "BatchFunded")
        .withArgs(1n, CRUMBS, 0n, 1_000n * ONE);
      await bookWholeLoss();
      expect((await pool.queue()).unsold).to.equal(0n);
      const sent = await pool.settleBatch();
      await expect(sent).to.emit(pool, "BatchFunded").withArgs(1n, 0n, 0n, 0n);
      await expect(sent)
        .to.emit(pool, "BatchClaimable")
        .withArgs(1n, BATCH.ClaimableShort, 1_000n * ONE + CRUMBS, CRUMBS);
    });

    async function bookWholeLoss(): Promise<void> {
      for (const position of [1n, 2n, 3n, 4n]) {
        await slash(context, position, { bps: 10_000n });
        await bookLoss(context, position);
      }
    }
  });

  it("A46: a batch that needs a validator whose share contract was replaced is funded once it is back", async () => {
    await spread(context);
    const { pool, actors } = context;
    await replaceShare(context, 1n);
    await request(context, actors.alice, 2_000n * ONE);
    await request(context, actors.bob, 1_000n * ONE);
    await request(context, actors.carol, 900n * ONE + CRUMBS);
    await expect(pool.settleBatch())
      .to.emit(pool, "BatchFunded")
      .withArgs(1n, CRUMBS, 3n * POSITION, 900n * ONE);
    // A stake by anyone serves as well as the validator's return.
    await stake(context, actors.stranger, 900n * ONE);
    await expect(pool.settleBatch())
      .to.emit(pool, "BatchFunded")
      .withArgs(1n, 900n * ONE, 0n, 0n);
    await bringHome(context, 1n);
    expect(await pool.maxWithdraw(actors.carol)).to.equal(900n * ONE + CRUMBS);
  });
});

describe("PolygonPool: continueBatch", () => {
  let context: Context;
  const REST = 400n * ONE;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
    await announceLeaving(context, 4n);
    await request(context, context.actors.alice, 2_000n * ONE);
    await request(context, context.actors.bob, 1_000n * ONE);
    await request(context, context.actors.carol, REST + CRUMBS);
    await context.pool.settleBatch();
  });

  it("sells what a notice epoch left open, once it is over", async () => {
    const { pool, delegator, actors } = context;
    await checkpoints(context);
    const sent = await pool.connect(actors.stranger).continueBatch(1n);
    await expect(sent).to.emit(delegator, "Sold").withArgs(1n, 4n, 1n, REST);
    await expect(sent).to.emit(pool, "BatchFunded").withArgs(1n, 0n, REST, 0n);
    expect(await pool.queue()).to.deep.equal([2n, 0n, 0n, 0n, 0n, 3n * POSITION + REST]);
  });

  it("makes no progress while the validator still refuses", async () => {
    const { pool } = context;
    await expect(pool.continueBatch(1n)).to.be.revertedWithCustomError(pool, "NoProgress").withArgs(1n, REST);
  });

  it("refuses every batch that does not wait for funding", async () => {
    const { pool } = context;
    for (const batch of [0n, 2n, 99n]) {
      await expect(pool.continueBatch(batch)).to.be.revertedWithCustomError(pool, "NotFunding").withArgs(batch, 1n);
    }
    await checkpoints(context);
    await pool.continueBatch(1n);
    for (const batch of [0n, 1n]) {
      await expect(pool.continueBatch(batch)).to.be.revertedWithCustomError(pool, "NotFunding").withArgs(batch, 0n);
    }
  });

  it("completes the batch if its sales came home meanwhile", async () => {
    const { pool, actors } = context;
    await bringHome(context, 1n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
    await stake(context, actors.stranger, REST);
    const total = 3n * POSITION + REST + CRUMBS;
    const sent = await pool.continueBatch(1n);
    await expect(sent).to.emit(pool, "BatchFunded").withArgs(1n, REST, 0n, 0n);
    await expect(sent).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, total, total);
  });
});
