import { takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { BATCH, CRUMBS, POSITION, bringHome, earn, request, settle, spread, stake } from "../support/exits";
import { DAY, ONE, checkpoints, fixture, unbond } from "../support/fixture";
import type { Context } from "../support/fixture";
import { announceLeaving, bookLoss, replaceShare, restoreShare, slash } from "../support/losses";

describe("A loss between request and payment", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
  });

  describe("that meets an open batch, the unsold part of a closed one, and the pool", () => {
    const SOLD = 3n * POSITION;
    const UNSOLD = 400n * ONE;
    const OPEN = 100n * ONE;
    const POOLED = 500n * ONE;

    // Batch 1: 3,000 sold, 400 not, because position 4 is in its notice epoch. Batch 2 is open with 100. The pool's other 500
    // and all that is neither netted nor sold are the 1,000 on position 4.
    beforeEach(async () => {
      const { alice, bob, carol } = context.actors;
      await announceLeaving(context, 4n);
      await request(context, alice, 2_000n * ONE);
      await request(context, bob, 1_000n * ONE);
      await request(context, carol, UNSOLD + CRUMBS);
      await context.pool.settleBatch();
      await request(context, carol, OPEN);
      expect(await context.pool.totalPooled()).to.equal(POOLED);
    });

    it("is borne by all three at one factor", async () => {
      const { pool, delegator } = context;
      await slash(context, 4n, { bps: 3_000n });
      const sent = await pool.sync(4n);
      await expect(sent)
        .to.emit(delegator, "LossFound")
        .withArgs(4n, 11n, 300n * ONE);
      await expect(sent)
        .to.emit(pool, "LossBooked")
        .withArgs(1n, 0n, 300n * ONE, 150n * ONE);
      expect(await pool.totalPooled()).to.equal((POOLED * 7n) / 10n);
      expect(await pool.queue()).to.deep.equal([2n, (OPEN * 7n) / 10n, OPEN, 1n, (UNSOLD * 7n) / 10n, SOLD]);
      expect((await pool.parameters()).lossCount).to.equal(1n);
    });

    it("leaves the sold slices alone; each member of the batch bears the rest by its part", async () => {
      const { pool, actors } = context;
      await slash(context, 4n, { bps: 3_000n });
      await bookLoss(context, 4n);
      context.unsynced.add(4n);
      await checkpoints(context);
      await pool.continueBatch(1n);
      await bringHome(context, 1n);
      const units = SOLD + UNSOLD + CRUMBS;
      const received = SOLD + (UNSOLD * 7n) / 10n + CRUMBS;
      const { state, received: came } = await pool.batchOf(1n);
      expect([state, came]).to.deep.equal([BATCH.ClaimableShort, received]);
      expect(await pool.maxWithdraw(actors.alice)).to.equal((2_000n * ONE * received) / units);
      expect(await pool.maxWithdraw(actors.bob)).to.equal((1_000n * ONE * received) / units);
      expect(await pool.maxWithdraw(actors.carol)).to.equal(((UNSOLD + CRUMBS) * received) / units);
    });

    it("is no loss of those who join the open batch later: they get more units for their assets", async () => {
      const { pool, actors } = context;
      const { carol, stranger } = actors;
      await slash(context, 4n, { bps: 3_000n });
      await bookLoss(context, 4n);
      context.unsynced.add(4n);
      // 0.7 POL a share now: 70 POL buy 100 shares, which are owed 70 POL, which are 100 units, as Carol's are.
      await stake(context, stranger, 70n * ONE);
      const late = await request(context, stranger, 100n * ONE);
      expect(await pool.requestOf(late)).to.deep.equal([100n * ONE, 100n * ONE, false]);
      const { openAssets, openUnits } = await pool.queue();
      expect([openAssets, openUnits]).to.deep.equal([140n * ONE, 200n * ONE]);

      await settle(context);
      await unbond(context);
      await pool.finalizeBatch(1n);
      await pool.finalizeBatch(2n);
      expect(await pool.maxWithdraw(stranger)).to.equal(70n * ONE);
      expect(await pool.claimableRedeemRequest((2n << 160n) | BigInt(carol.address), carol)).to.equal(OPEN);
      await pool.connect(carol).claim([(2n << 160n) | BigInt(carol.address)], carol, carol);
      expect(await pool.maxWithdraw(stranger)).to.equal(70n * ONE);
      expect(await pool.reserved()).to.be.greaterThanOrEqual(70n * ONE);
    });

    it("blends requests that one controller made before and after it", async () => {
      const { pool, lens, actors } = context;
      const { carol } = actors;
      await slash(context, 4n, { bps: 5_000n });
      await bookLoss(context, 4n);
      const id = await request(context, carol, 200n * ONE);
      // 200 shares at 0.5 are owed 100 POL, which are 200 units at 0.5; with 100 units from before.
      expect(await pool.requestOf(id)).to.deep.equal([300n * ONE, 300n * ONE, false]);
      expect(await lens.assetsOf(id, carol)).to.equal(150n * ONE);
    });

    it("is met again by those who stay for the next one", async () => {
      const { pool } = context;
      for (const factor of [1n, 2n]) {
        await slash(context, 4n, { bps: 5_000n });
        await bookLoss(context, 4n);
        const { openAssets, openUnits, unsold } = await pool.queue();
        expect([openAssets, openUnits, unsold]).to.deep.equal([OPEN >> factor, OPEN, UNSOLD >> factor]);
        expect(await pool.totalPooled()).to.equal(POOLED >> factor);
      }
      expect((await pool.parameters()).lossCount).to.equal(2n);
    });

    it("may be total: what was sold is all that is left", async () => {
      const { pool, token, actors } = context;
      await slash(context, 4n, { bps: 10_000n });
      await expect(pool.sync(4n))
        .to.emit(pool, "LossBooked")
        .withArgs(1n, 0n, POSITION, OPEN + UNSOLD);
      context.unsynced.clear();
      expect(await pool.totalAssets()).to.equal(0n);
      expect(await token.totalSupply()).to.equal(POOLED);
      expect(await pool.queue()).to.deep.equal([2n, 0n, OPEN, 1n, 0n, SOLD]);
      await expect(
        pool.connect(actors.carol).requestRedeem(ONE, actors.carol, actors.carol),
      ).to.be.revertedWithCustomError(pool, "ZeroAssets");

      const sent = await settle(context);
      expect(sent).to.equal(2n);
      expect((await pool.batchOf(2n)).state).to.equal(BATCH.ClaimableShort);
      await bringHome(context, 1n);
      const units = SOLD + UNSOLD + CRUMBS;
      expect(await pool.maxWithdraw(actors.bob)).to.equal((1_000n * ONE * (SOLD + CRUMBS)) / units);
      // Batch 2 pays nothing, and its requests can be cleared away.
      const id = (2n << 160n) | BigInt(actors.carol.address);
      expect(await pool.claimableRedeemRequest(id, actors.carol)).to.equal(OPEN);
      expect(await pool.connect(actors.carol).claim.staticCall([id], actors.carol, actors.carol)).to.equal(0n);
      await pool.connect(actors.carol).claim([id], actors.carol, actors.carol);
      expect(await pool.claimableRedeemRequest(id, actors.carol)).to.equal(0n);
    });
  });

  describe("that hits what is unbonding", () => {
    it("A44: is borne by the batch whose slice it is, and by nobody else", async () => {
      const { pool, actors } = context;
      const { alice, bob } = actors;
      await request(context, alice, 500n * ONE + CRUMBS);
      const first = await settle(context);
      await request(context, bob, 500n * ONE);
      const second = await settle(context);
      const { delegator } = context;
      expect((await delegator.slicesOf(first))[0]?.position).to.equal(1n);
      expect((await delegator.slicesOf(second))[0]?.position).to.equal(2n);
      await slash(context, 1n, { bps: 4_000n, unbonding: true });
      await unbond(context);
      await pool.finalizeBatch(first);
      await pool.finalizeBatch(second);
      expect(await pool.maxWithdraw(alice)).to.equal(300n * ONE + CRUMBS);
      expect(await pool.maxWithdraw(bob)).to.equal(500n * ONE);
      // The pool's own 500 on position 1 lose 200, of which no request bears anything.
      await expect(pool.sync(1n))
        .to.emit(pool, "LossBooked")
        .withArgs(1n, 0n, 200n * ONE, 0n);
      expect(await pool.totalPooled()).to.equal(2_800n * ONE);
      expect(await pool.maxWithdraw(bob)).to.equal(500n * ONE);
    });

    it("leaves claimable batches and the POL that is reserved for them alone", async () => {
      const { pool, actors } = context;
      await request(context, actors.alice, 700n * ONE + CRUMBS);
      await bringHome(context, await settle(context));
      for (const position of [1n, 2n, 3n, 4n]) {
        await slash(context, position, { bps: 10_000n, unbonding: true });
        await bookLoss(context, position);
      }
      expect(await pool.totalAssets()).to.equal(0n);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(700n * ONE + CRUMBS);
      await pool.connect(actors.alice).redeem(700n * ONE + CRUMBS, actors.alice, actors.alice);
      expect(await pool.totalOwed()).to.equal(0n);
    });
  });

  describe("while rewards have not vested", () => {
    it("is borne by those first: no request feels it, and no share falls", async () => {
      const { pool, actors } = context;
      await checkpoints(context, 50);
      await request(context, actors.alice, 1_000n * ONE);
      await pool.harvest([]);
      expect(await pool.unvested()).to.be.greaterThan(10n * ONE);
      await slash(context, 1n, { bps: 100n });
      const sent = await pool.sync(1n);
      await expect(sent)
        .to.emit(pool, "LossBooked")
        .withArgs(0n, 10n * ONE, 0n, 0n);
      context.unsynced.clear();
      expect((await pool.queue()).openAssets).to.equal(1_000n * ONE);
      expect((await pool.parameters()).lossCount).to.equal(0n);
    });

    it("is borne by requests and shares for the rest", async () => {
      const { pool, actors } = context;
      await checkpoints(context, 50);
      await request(context, actors.alice, 1_000n * ONE);
      await pool.harvest([]);
      await slash(context, 1n, { bps: 10_000n });
      const pooled = await pool.totalPooled();
      await pool.sync(1n);
      context.unsynced.clear();
      const [event] = await pool.queryFilter(pool.filters.LossBooked());
      const fromStream = event?.args.fromStream ?? 0n;
      expect(fromStream).to.be.greaterThan(0n);
      expect(await pool.unvested()).to.equal(0n);
      const rest = POSITION - fromStream;
      const whole = pooled - fromStream + 1_000n * ONE;
      const openLeft = 1_000n * ONE - (1_000n * ONE * rest) / whole;
      expect(event?.args.rest).to.equal(rest);
      expect(event?.args.fromRequests).to.equal(1_000n * ONE - openLeft);
      expect((await pool.queue()).openAssets).to.equal(openLeft);
      expect(await pool.totalPooled()).to.equal(pooled - fromStream + (1_000n * ONE - openLeft) - rest);
    });
  });

  describe("that comes back", () => {
    it("goes to the holders of shares, over time and without a fee; open requests that bore it get none of it", async () => {
      const { pool, token, delegator, actors } = context;
      await replaceShare(context, 4n);
      await pool.sync(4n);
      await request(context, actors.alice, 1_000n * ONE);
      await time.increase(30n * DAY);
      const lost = POSITION;
      const whole = 4_000n * ONE + CRUMBS;
      const openLeft = 1_000n * ONE - (1_000n * ONE * lost) / whole;
      await expect(pool.sync(4n))
        .to.emit(pool, "LossBooked")
        .withArgs(1n, 0n, lost, 1_000n * ONE - openLeft);
      const pooled = await pool.totalPooled();

      await restoreShare(context, 4n);
      const fees = await token.balanceOf(actors.treasury);
      await expect(pool.sync(4n)).to.emit(delegator, "SurplusFound").withArgs(4n, 11n, 0n, lost);
      expect(await token.balanceOf(actors.treasury)).to.equal(fees);
      expect((await pool.queue()).openAssets).to.equal(openLeft);
      expect(await pool.totalPooled()).to.equal(pooled + lost);
      await time.increase(7n * DAY);
      expect(await pool.totalAssets()).to.equal(pooled + lost);
    });
  });

  it("is shared by one formula, for any amounts: nobody escapes by asking first", async () => {
    await earn(context);
    const { pool, token, delegator, actors } = context;
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 1n, max: 1_900n * ONE }),
        fc.bigInt({ min: 1n, max: 9_999n }),
        fc.bigInt({ min: 1n, max: 4n }),
        async (shares, bps, position) => {
          await start.restore();
          context.unsynced.clear();
          await request(context, actors.alice, shares);
          const [{ openAssets }, pooled, supply] = [
            await pool.queue(),
            await pool.totalPooled(),
            await token.totalSupply(),
          ];
          const { principal } = await delegator.positionAt(position);
          await slash(context, position, { bps });
          await pool.sync(position);
          const loss = principal - (await delegator.positionAt(position)).principal;
          expect(loss).to.be.closeTo((principal * bps) / 10_000n, 1n);
          const whole = pooled + openAssets;
          const left = openAssets - (openAssets * loss) / whole;
          expect((await pool.queue()).openAssets).to.equal(left);
          expect(await pool.totalPooled()).to.equal(pooled + openAssets - left - loss);
          // Each has the same part left of what it had; the request less than a wei more, the pool less than one less.
          const after = await pool.totalPooled();
          expect((left - 1n) * pooled).to.be.lessThan((after + 1n) * openAssets);
          expect(left * pooled).to.be.greaterThanOrEqual(after * openAssets);
          expect(await token.totalSupply()).to.equal(supply);
        },
      ),
      { numRuns: 20, seed: 44 },
    );
  });
});

describe("An open batch that lost nearly everything", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
    await request(context, context.actors.alice, 1_000n * ONE);
  });

  /** Every position loses the same part. */
  async function lose(bps: bigint): Promise<void> {
    for (const position of [1n, 2n, 3n, 4n]) {
      await slash(context, position, { bps });
      await bookLoss(context, position);
      context.unsynced.add(position);
    }
  }

  it("takes requests while a unit is worth a thousandth", async () => {
    await lose(9_990n);
    const { pool, token, actors } = context;
    const { openAssets, openUnits } = await pool.queue();
    expect(openAssets * 1_000n).to.be.greaterThanOrEqual(openUnits);
    const owed = (100n * ONE * (await pool.totalAssets())) / (await token.totalSupply());
    const id = await request(context, actors.bob, 100n * ONE);
    expect(await pool.requestOf(id)).to.deep.equal([100n * ONE, (owed * openUnits) / openAssets, false]);
  });

  it("takes none below that, until it is closed; the next batch takes them again", async () => {
    await lose(9_991n);
    const { pool, actors } = context;
    const { bob } = actors;
    await expect(pool.connect(bob).requestRedeem(100n * ONE, bob, bob))
      .to.be.revertedWithCustomError(pool, "OpenBatchWorthless")
      .withArgs(1n);
    await settle(context);
    const id = await request(context, bob, 100n * ONE);
    expect(id).to.equal((2n << 160n) | BigInt(bob.address));
    const { openAssets, openUnits } = await pool.queue();
    expect(openAssets).to.equal(openUnits);
  });

  it("keeps a request of a wei from becoming nothing, which would close the batch to all others", async () => {
    const { pool, actors } = context;
    await settle(context);
    await request(context, actors.bob, 1n);
    await slash(context, 2n, { bps: 9_000n });
    await bookLoss(context, 2n);
    const { openAssets, openUnits } = await pool.queue();
    expect([openAssets, openUnits]).to.deep.equal([1n, 1n]);
    await request(context, actors.carol, ONE);
  });

  it("takes none when it is worth nothing at all, though the pool has new stake", async () => {
    const { pool, polygon, actors } = context;
    const { bob, stranger } = actors;
    await lose(10_000n);
    // What is left is the crumbs of the buffer, of which the batch has a part; a gift gives the shares their worth again.
    expect((await pool.queue()).openAssets).to.be.lessThan(CRUMBS);
    await polygon.pol.connect(stranger).transfer(pool, 1_000n * ONE);
    await pool.skim();
    await time.increase(8n * DAY);
    await expect(pool.connect(bob).requestRedeem(100n * ONE, bob, bob))
      .to.be.revertedWithCustomError(pool, "OpenBatchWorthless")
      .withArgs(1n);
    await settle(context);
    await request(context, bob, 100n * ONE);
  });
});
