import { expect } from "chai";

import { asContract } from "../../support/asContract";
import { BATCH, CRUMBS, POSITION, bringHome, delegateAll, request, settle, spread, stake } from "../../support/exits";
import { ONE, UNBONDING_EPOCHS, checkpoints, fixture, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { announceLeaving, replaceShare, restoreShare, slash } from "../../support/losses";

describe("PolygonPool: finalizeBatch", () => {
  let context: Context;

  describe("of a batch with one sale", () => {
    const OWED = 700n * ONE + CRUMBS;

    beforeEach(async () => {
      context = await fixture();
      await spread(context);
      await request(context, context.actors.alice, OWED);
      await context.pool.settleBatch();
    });

    it("brings the money home and makes the batch claimable, whoever calls", async () => {
      const { pool, delegator, polygon, actors } = context;
      await unbond(context);
      const sent = await pool.connect(actors.stranger).finalizeBatch(1n);
      await expect(sent)
        .to.emit(delegator, "SliceClaimed")
        .withArgs(1n, 1n, 1n, 700n * ONE, 700n * ONE);
      await expect(sent)
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 700n * ONE, 700n * ONE, 0n);
      await expect(sent).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, OWED, OWED);
      await expect(sent).to.changeTokenBalance(polygon.pol, pool, 700n * ONE);
      expect(await pool.reserved()).to.equal(OWED);
      expect((await pool.queue()).sold).to.equal(0n);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(OWED);
    });

    it("refuses a batch that is not due, down to the last epoch", async () => {
      const { pool, delegator } = context;
      await checkpoints(context, Number(UNBONDING_EPOCHS) - 1);
      await expect(pool.finalizeBatch(1n))
        .to.be.revertedWithCustomError(delegator, "BatchNotRipe")
        .withArgs(1n, await delegator.epoch());
      await checkpoints(context);
      await pool.finalizeBatch(1n);
    });

    it("refuses batches that are unknown, open, or done", async () => {
      const { pool, actors } = context;
      await request(context, actors.bob, ONE);
      for (const batch of [0n, 2n, 99n]) {
        await expect(pool.finalizeBatch(batch))
          .to.be.revertedWithCustomError(pool, "NotFinalizable")
          .withArgs(batch, BATCH.Open);
      }
      await bringHome(context, 1n);
      await expect(pool.finalizeBatch(1n))
        .to.be.revertedWithCustomError(pool, "NotFinalizable")
        .withArgs(1n, BATCH.Claimable);
    });

    it("A41: follows a delay that was shortened meanwhile", async () => {
      const { pool, polygon, actors } = context;
      await polygon.stakeManager.updateDynastyValue(2);
      await checkpoints(context, 2);
      await pool.finalizeBatch(1n);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(OWED);
    });

    it("A41: follows a delay that was lengthened meanwhile", async () => {
      const { pool, polygon, delegator, lens } = context;
      const id = (1n << 160n) | BigInt(context.actors.alice.address);
      const sold = await delegator.epoch();
      expect(await lens.estimatedReadyEpoch(id)).to.equal(sold + UNBONDING_EPOCHS);
      await polygon.stakeManager.updateDynastyValue(UNBONDING_EPOCHS + 5n);
      expect(await lens.estimatedReadyEpoch(id)).to.equal(sold + UNBONDING_EPOCHS + 5n);
      await checkpoints(context, Number(UNBONDING_EPOCHS) + 4);
      await expect(pool.finalizeBatch(1n))
        .to.be.revertedWithCustomError(delegator, "BatchNotRipe")
        .withArgs(1n, await delegator.epoch());
      await checkpoints(context);
      await pool.finalizeBatch(1n);
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
    });

    it("S4626-12: keeps a donation out of what the batch received", async () => {
      const { pool, polygon, delegator, actors } = context;
      await polygon.pol.connect(actors.stranger).transfer(pool, 55n * ONE);
      await polygon.pol.connect(actors.stranger).transfer(delegator, 66n * ONE);
      await bringHome(context, 1n);
      expect(await pool.reserved()).to.equal(OWED);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(OWED);
    });

    it("A44: pays less if the unbonding brought less, and only this batch bears it", async () => {
      const { pool, delegator, actors } = context;
      // 10 % of what position 1 has unbonding: 70 of the 700.
      await slash(context, 1n, { bps: 1_000n, unbonding: true });
      await unbond(context);
      const pooled = await pool.totalPooled();
      const sent = await pool.finalizeBatch(1n);
      await expect(sent)
        .to.emit(delegator, "SliceClaimed")
        .withArgs(1n, 1n, 1n, 700n * ONE, 630n * ONE);
      await expect(sent)
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 630n * ONE, 700n * ONE, 0n);
      await expect(sent)
        .to.emit(pool, "BatchClaimable")
        .withArgs(1n, BATCH.ClaimableShort, OWED, 630n * ONE + CRUMBS);
      expect(await pool.totalPooled()).to.equal(pooled);
      expect(await pool.totalOwed()).to.equal(630n * ONE + CRUMBS);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(630n * ONE + CRUMBS);
    });
  });

  describe("of a batch with three sales", () => {
    const OWED = 2_500n * ONE + CRUMBS;

    beforeEach(async () => {
      context = await fixture();
      await spread(context);
      await request(context, context.actors.alice, 2_000n * ONE);
      await request(context, context.actors.bob, 500n * ONE + CRUMBS);
      await context.pool.settleBatch();
    });

    it("brings all of them home in one call", async () => {
      const { pool } = context;
      await unbond(context);
      await expect(pool.finalizeBatch(1n))
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 2_500n * ONE, 2_500n * ONE, 0n);
    });

    it("X-19: keeps what came of some, and pays nobody before all came", async () => {
      const { pool, delegator, actors } = context;
      await replaceShare(context, 1n);
      await unbond(context);
      const sent = await pool.finalizeBatch(1n);
      await expect(sent).to.emit(delegator, "SliceFailed").withArgs(1n, 1n, 1n);
      await expect(sent)
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 1_500n * ONE, 1_500n * ONE, 1n);
      await expect(sent).not.to.emit(pool, "BatchClaimable");
      expect(await pool.reserved()).to.equal(1_500n * ONE + CRUMBS);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(0n);
      expect(await pool.maxRedeem(actors.bob)).to.equal(0n);

      await restoreShare(context, 1n);
      await expect(pool.finalizeBatch(1n)).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, OWED, OWED);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(2_000n * ONE);
      expect(await pool.maxWithdraw(actors.bob)).to.equal(500n * ONE + CRUMBS);
    });

    it("tries a failing sale again with every call, and gets nowhere without harm", async () => {
      const { pool } = context;
      await replaceShare(context, 2n);
      await unbond(context);
      await pool.finalizeBatch(1n);
      const before = await pool.batchOf(1n);
      await expect(pool.finalizeBatch(1n)).to.emit(pool, "BatchReceived").withArgs(1n, 0n, 0n, 1n);
      expect(await pool.batchOf(1n)).to.deep.equal(before);
    });

    it("waits while Polygon lacks the POL, and takes it when it is there", async () => {
      const { pool, delegator, polygon, actors } = context;
      await unbond(context);
      const manager = await asContract(polygon.stakeManager);
      const held = await polygon.pol.balanceOf(manager);
      await polygon.pol.connect(manager).transfer(actors.stranger, held - 1_200n * ONE);
      // 1,000 and 1,000 are due, then 500: the first is paid, the second finds 200.
      const sent = await pool.finalizeBatch(1n);
      await expect(sent).to.emit(delegator, "SliceFailed");
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
      await polygon.pol.connect(actors.stranger).transfer(manager, held - 1_200n * ONE);
      await expect(pool.finalizeBatch(1n)).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, OWED, OWED);
    });

    it("is not fooled by a caller with little gas: it reverts, and no sale looks dead", async () => {
      const { pool, delegator } = context;
      await unbond(context);
      for (let gasLimit = 150_000n; gasLimit <= 1_050_000n; gasLimit += 150_000n) {
        await expect(pool.finalizeBatch(1n, { gasLimit })).to.be.revertedWithCustomError(delegator, "NotEnoughGas");
      }
      for (const { failedAt } of await delegator.slicesOf(1n)) expect(failedAt).to.equal(0n);
      await pool.finalizeBatch(1n);
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
    });

    it("claims from a validator that has left and was paid out (A26)", async () => {
      const { pool, polygon, actors } = context;
      await announceLeaving(context, 1n);
      await unbond(context);
      await checkpoints(context, 2);
      await polygon.stakeManager.connect(actors.validatorOwner).unstakeClaimPOL(8n);
      await expect(pool.finalizeBatch(1n)).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, OWED, OWED);
    });
  });

  describe("of a batch that was sold in two epochs", () => {
    beforeEach(async () => {
      context = await fixture();
      await spread(context);
      await announceLeaving(context, 4n);
      const { alice, bob, carol } = context.actors;
      await request(context, alice, 2_000n * ONE);
      await request(context, bob, 1_000n * ONE);
      await request(context, carol, 400n * ONE + CRUMBS);
      await context.pool.settleBatch();
    });

    it("brings the first sales home while the rest is not even sold, and stays closed", async () => {
      const { pool } = context;
      await unbond(context);
      const sent = await pool.finalizeBatch(1n);
      await expect(sent)
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 3n * POSITION, 3n * POSITION, 0n);
      await expect(sent).not.to.emit(pool, "BatchClaimable");
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
      await pool.continueBatch(1n);
      await bringHome(context, 1n);
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
    });

    it("has nothing due while none of its sales is, or none was made", async () => {
      const { pool, delegator } = context;
      await unbond(context);
      await pool.finalizeBatch(1n);
      await expect(pool.finalizeBatch(1n))
        .to.be.revertedWithCustomError(delegator, "BatchNotRipe")
        .withArgs(1n, await delegator.epoch());
    });

    it("claims what is due and leaves what is not, in one call", async () => {
      const { pool, delegator } = context;
      await checkpoints(context, 5);
      await pool.continueBatch(1n);
      await checkpoints(context, Number(UNBONDING_EPOCHS) - 5);
      await expect(pool.finalizeBatch(1n))
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 3n * POSITION, 3n * POSITION, 1n);
      await expect(pool.finalizeBatch(1n)).to.be.revertedWithCustomError(delegator, "BatchNotRipe");
      await checkpoints(context, 5);
      await expect(pool.finalizeBatch(1n))
        .to.emit(pool, "BatchReceived")
        .withArgs(1n, 400n * ONE, 400n * ONE, 0n);
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
    });
  });

  describe("of a batch with more sales than one call makes or claims", () => {
    const VALIDATORS = 24;
    const EACH = 100n * ONE;

    beforeEach(async () => {
      context = await fixture({ validators: VALIDATORS });
      await stake(context, context.actors.alice, BigInt(VALIDATORS) * EACH);
      await delegateAll(context);
      const left = await context.delegator.buffer();
      await request(context, context.actors.alice, BigInt(VALIDATORS) * EACH);
      await context.pool.settleBatch();
      expect(left).to.be.lessThan(2n * ONE);
    });

    it("is sold in several calls, claimed in several, and paid whole", async () => {
      const { pool, delegator, actors } = context;
      const owed = BigInt(VALIDATORS) * EACH;
      expect(await delegator.slicesOf(1n)).to.have.length(10);
      await pool.continueBatch(1n);
      expect(await delegator.slicesOf(1n)).to.have.length(20);
      await pool.continueBatch(1n);
      const slices = await delegator.slicesOf(1n);
      expect(slices).to.have.length(VALIDATORS);
      await unbond(context);
      for (const left of [VALIDATORS - 10, VALIDATORS - 20]) {
        await pool.finalizeBatch(1n);
        expect(await delegator.slicesOf(1n)).to.have.length(left);
        expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
      }
      await expect(pool.finalizeBatch(1n)).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.Claimable, owed, owed);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(owed);
    });

    it("goes on in rotation: dead sales starve no other", async () => {
      const { pool, delegator } = context;
      await pool.continueBatch(1n);
      await pool.continueBatch(1n);
      const sold = (await delegator.slicesOf(1n)).map(({ position }) => position);
      const dead = sold.slice(0, 3);
      for (const position of dead) await replaceShare(context, position);
      await unbond(context);
      for (let call = 0; call < 4; call++) await pool.finalizeBatch(1n);
      const left = (await delegator.slicesOf(1n)).map(({ position }) => position);
      expect([...left].sort()).to.deep.equal([...dead].sort());
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
      for (const position of dead) await restoreShare(context, position);
      await pool.finalizeBatch(1n);
      expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
    });
  });

  it("settles batches independently: a younger one may be claimable before an older one", async () => {
    context = await fixture();
    await spread(context);
    const { pool, actors } = context;
    await request(context, actors.alice, 100n * ONE + CRUMBS);
    const first = await settle(context);
    await stake(context, actors.stranger, 50n * ONE);
    await request(context, actors.bob, 50n * ONE);
    const second = await settle(context);
    expect((await pool.batchOf(first)).state).to.equal(BATCH.Closed);
    expect((await pool.batchOf(second)).state).to.equal(BATCH.Claimable);
    expect(await pool.maxWithdraw(actors.bob)).to.equal(50n * ONE);
    await bringHome(context, first);
    expect(await pool.maxWithdraw(actors.alice)).to.equal(100n * ONE + CRUMBS);
  });
});
