import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { DAY, FIRST_ID, MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { SURPLUS_SECONDS, reward } from "../../support/growth";
import { bookLoss, slash } from "../../support/losses";
import { tries } from "../../support/properties";
import { EMPTY, absorb, merge, unvestedAt } from "../../support/rewardStream";

describe("PolygonPool, losses", () => {
  let context: Context;

  const now = async (): Promise<bigint> => BigInt(await time.latest());

  /** What position 1 is worth less than its principal. */
  async function missing(): Promise<bigint> {
    const { delegator, shares } = context;
    const { principal } = await delegator.positionAt(1n);
    const [share] = shares;
    if (share === undefined) throw new Error("the fixture has validators");
    const [stake] = await share.getTotalStake(delegator);
    return principal - stake;
  }

  beforeEach(async () => {
    context = await fixture({ validators: 1, params: { feeBps: 0n } });
    await context.pool.connect(context.actors.alice).deposit(999n * ONE, context.actors.alice);
    await context.pool.delegate(MAX);
  });

  it("are borne first by what has not vested: the value of a share stays, and no loss is counted", async () => {
    const { pool } = context;
    await reward(context, 200n * ONE);
    await slash(context, 1n, { bps: 1_000n });
    const loss = await missing();
    const held = await pool.unvested();
    expect(loss).to.be.lessThan(held);
    const at = (await now()) + 10n;
    await time.setNextBlockTimestamp(at);
    await expect(pool.sync(1n)).to.emit(pool, "LossBooked").withArgs(0n, loss, 0n, 0n);
    context.unsynced.clear();
    expect(await pool.totalPooled()).to.equal(1_200n * ONE - loss);
    expect(await pool.totalAssets()).to.be.at.least(1_000n * ONE);
    expect((await pool.parameters()).lossCount).to.equal(0n);
  });

  it("are borne for the rest by the holders and the open batch, at one factor", async () => {
    const { pool, actors, lens } = context;
    await pool.connect(actors.alice).requestRedeem(400n * ONE, actors.alice, actors.alice);
    await slash(context, 1n, { bps: 2_500n });
    const loss = await missing();
    // 1,000 POL are 600 of the holders and 400 of the request; what the request keeps is rounded down.
    const whole = 1_000n * ONE;
    const kept = (400n * ONE * (whole - loss)) / whole;
    const borne = 400n * ONE - kept;
    await expect(pool.sync(1n)).to.emit(pool, "LossBooked").withArgs(1n, 0n, loss, borne);
    context.unsynced.clear();
    expect((await pool.queue()).openAssets).to.equal(kept);
    expect(await pool.totalPooled()).to.equal(600n * ONE - (loss - borne));
    const [request = 0n] = await pool.requestsOf(actors.alice);
    expect(await lens.assetsOf(request, actors.alice)).to.equal(kept);
    expect((await pool.parameters()).lossCount).to.equal(1n);
  });

  it("empty the stream before they lower the value of a share", async () => {
    const { pool } = context;
    const start = (await now()) + 10n;
    await context.polygon.pol.mint(context.delegator, 50n * ONE);
    await time.setNextBlockTimestamp(start);
    await pool.skim();
    await slash(context, 1n, { bps: 2_000n });
    const loss = await missing();
    const at = start + 2n * DAY;
    const { absorbed } = absorb(merge(EMPTY, 50n * ONE, SURPLUS_SECONDS, start), loss, at);
    await time.setNextBlockTimestamp(at);
    await expect(pool.sync(1n))
      .to.emit(pool, "LossBooked")
      .withArgs(1n, absorbed, loss - absorbed, 0n);
    context.unsynced.clear();
    expect(await pool.unvested()).to.equal(0n);
    expect(await pool.totalAssets()).to.equal(1_050n * ONE - loss);
  });

  it("that come back vest over 7 days, without a fee", async () => {
    context = await fixture({ validators: 1 });
    const { pool, token, polygon, shares, delegator, actors } = context;
    await pool.connect(actors.alice).deposit(999n * ONE, actors.alice);
    await pool.delegate(MAX);
    await slash(context, 1n, { bps: 1_000n });
    await bookLoss(context, 1n);
    const [share] = shares;
    if (share === undefined) throw new Error("the fixture has validators");
    await polygon.pol.connect(actors.stranger).approve(polygon.stakeManager, 60n * ONE);
    await share.connect(actors.stranger).buyVoucherPOL(50n * ONE, 0n);
    await share.connect(actors.stranger).transferPOL(delegator, await share.balanceOf(actors.stranger));
    const back = -(await missing());
    expect(back).to.be.greaterThan(0n);
    const assets = await pool.totalAssets();
    const at = (await now()) + 10n;
    await time.setNextBlockTimestamp(at);
    const sync = pool.sync(1n);
    await expect(sync).to.emit(delegator, "SurplusFound").withArgs(1n, FIRST_ID, 0n, back);
    await expect(sync).not.to.emit(pool, "RewardsBooked");
    expect(await token.balanceOf(actors.treasury)).to.equal(0n);
    expect(await pool.totalAssets()).to.equal(assets);
    const stream = merge(EMPTY, back, SURPLUS_SECONDS, at);
    await time.increaseTo(at + 100_000n);
    expect(await pool.unvested()).to.equal(unvestedAt(stream, at + 100_000n));
    await time.increaseTo(at + SURPLUS_SECONDS);
    expect(await pool.totalAssets()).to.equal(assets + back);
  });

  it("S4626-2: in any order with rewards and time, totalAssets answers, and is what was pooled less what has not vested", async () => {
    const orders = fc.sample(
      fc.array(
        fc.record({ wait: fc.bigInt(10n, 3n * DAY), bps: fc.bigInt(1n, 4_000n), assets: fc.bigInt(1n, 100n * ONE) }),
        { minLength: 6, maxLength: 6 },
      ),
      tries<{ wait: bigint; bps: bigint; assets: bigint }[]>(3),
    );
    expect(orders).to.have.length(3);
    for (const order of orders) {
      context = await fixture({ validators: 1, params: { feeBps: 0n } });
      const { pool, polygon, delegator, actors } = context;
      await pool.connect(actors.alice).deposit(999n * ONE, actors.alice);
      await pool.delegate(MAX);
      let stream = EMPTY;
      let pooled = 1_000n * ONE;
      for (const [index, { wait, bps, assets }] of order.entries()) {
        const at = (await now()) + wait;
        if (index % 2 === 0) {
          await polygon.pol.mint(delegator, assets);
          await time.setNextBlockTimestamp(at);
          await pool.skim();
          stream = merge(stream, assets, SURPLUS_SECONDS, at);
          pooled += assets;
        } else {
          await slash(context, 1n, { bps });
          const loss = await missing();
          await time.setNextBlockTimestamp(at);
          await bookLoss(context, 1n);
          stream = absorb(stream, loss, at).reduced;
          pooled -= loss;
        }
        expect(await pool.totalPooled()).to.equal(pooled);
        expect(await pool.unvested()).to.equal(unvestedAt(stream, at));
        expect(await pool.totalAssets()).to.equal(pooled - unvestedAt(stream, at));
      }
    }
  });
});
