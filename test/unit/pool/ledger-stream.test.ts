import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { DAY, MAX, ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { SURPLUS_SECONDS, grow, reward } from "../../support/growth";
import { EMPTY, TICKS, merge, unvestedAt } from "../../support/rewardStream";
import type { Stream } from "../../support/rewardStream";

describe("PolygonPool, rewards over time", () => {
  let context: Context;

  const now = async (): Promise<bigint> => BigInt(await time.latest());

  /** Rewards of which the holders' part is `net`, booked at a time of choice. */
  async function rewardAt(net: bigint, timestamp: bigint): Promise<void> {
    const { polygon, delegator, pool } = context;
    await polygon.pol.mint(delegator, net);
    await time.setNextBlockTimestamp(timestamp);
    await pool.skim();
  }

  beforeEach(async () => {
    // Without a fee a reward is what the stream gets.
    context = await fixture({ params: { feeBps: 0n } });
    await context.pool.connect(context.actors.alice).deposit(999n * ONE, context.actors.alice);
  });

  it("A10: what is booked is worth nothing in that block", async () => {
    const { pool } = context;
    await reward(context, 70n * ONE);
    expect(await pool.totalAssets()).to.equal(1_000n * ONE);
    expect(await pool.totalPooled()).to.equal(1_070n * ONE);
    expect(await pool.unvested()).to.equal(70n * ONE);
    expect(await pool.convertToAssets(ONE)).to.equal(ONE);
  });

  it("vests income of no one validator's harvest on a line over 7 days", async () => {
    const { pool } = context;
    const start = (await now()) + 10n;
    await rewardAt(70n * ONE, start);
    for (const days of [1n, 2n, 5n]) {
      await time.increaseTo(start + days * DAY);
      expect(await pool.totalAssets()).to.equal(1_000n * ONE + days * 10n * ONE);
    }
    await time.increaseTo(start + SURPLUS_SECONDS - 1n);
    expect(await pool.unvested()).to.equal((70n * ONE + SURPLUS_SECONDS - 1n) / SURPLUS_SECONDS);
    await time.increaseTo(start + SURPLUS_SECONDS);
    expect(await pool.unvested()).to.equal(0n);
    expect(await pool.totalAssets()).to.equal(1_070n * ONE);
  });

  it("A11: merges a second reward into the first, as defined, to the wei and the tick", async () => {
    const { pool } = context;
    const start = (await now()) + 10n;
    let stream: Stream = EMPTY;
    for (const [index, [assets, after]] of [
      [70n * ONE, 0n],
      [30n * ONE + 1n, 3n * DAY + 17n],
      [5n, 6n * DAY],
      [200n * ONE, 9n * DAY],
      [1n, 30n * DAY],
    ].entries()) {
      const at = start + (after ?? 0n);
      await rewardAt(assets ?? 0n, at);
      stream = merge(stream, assets ?? 0n, SURPLUS_SECONDS, at);
      expect(await pool.unvested(), `reward ${index}`).to.equal(unvestedAt(stream, at));
      await time.increaseTo(at + 12_345n);
      expect(await pool.unvested(), `after reward ${index}`).to.equal(unvestedAt(stream, at + 12_345n));
    }
  });

  it("S4626-6: a deposit gets the shares of its own second, in the middle of the stream", async () => {
    const { pool, token, actors } = context;
    const start = (await now()) + 10n;
    await rewardAt(70n * ONE, start);
    const stream = merge(EMPTY, 70n * ONE, SURPLUS_SECONDS, start);
    const at = start + 123_457n;
    await time.setNextBlockTimestamp(at);
    await pool.connect(actors.bob).deposit(10n * ONE, actors.bob);
    const assets = 1_070n * ONE - unvestedAt(stream, at);
    expect(await token.balanceOf(actors.bob)).to.equal((10n * ONE * 1_000n * ONE) / assets);
  });

  it("S4626-6: a mint costs what its shares are worth at its own second, rounded up", async () => {
    const { pool, polygon, actors } = context;
    const start = (await now()) + 10n;
    await rewardAt(70n * ONE, start);
    const stream = merge(EMPTY, 70n * ONE, SURPLUS_SECONDS, start);
    const at = start + 123_457n;
    await time.setNextBlockTimestamp(at);
    const held = await polygon.pol.balanceOf(actors.bob);
    await pool.connect(actors.bob).mint(10n * ONE, actors.bob);
    const assets = 1_070n * ONE - unvestedAt(stream, at);
    const cost = (10n * ONE * assets + 1_000n * ONE - 1n) / (1_000n * ONE);
    expect(held - (await polygon.pol.balanceOf(actors.bob))).to.equal(cost);
  });

  describe("A10: the period of a validator's rewards is the time since its last harvest", () => {
    beforeEach(async () => {
      await context.pool.delegate(MAX);
    });

    for (const [words, days, period] of [
      ["at least a day", 0n, DAY],
      ["the time itself", 3n, 3n * DAY],
      ["at most 7 days", 20n, 7n * DAY],
    ] as const) {
      it(`${words}, after ${days} days`, async () => {
        const { pool, delegator } = context;
        const { lastHarvestAt } = await delegator.positionAt(1n);
        await checkpoints(context, 1);
        const at = days === 0n ? (await now()) + 10n : lastHarvestAt + days * DAY;
        await time.setNextBlockTimestamp(at);
        await pool.harvest([1n]);
        const rewards = await pool.unvested();
        expect(rewards).to.be.greaterThan(0n);
        const stream = merge(EMPTY, rewards, period, at);
        expect(stream.end).to.equal((at + period) * TICKS);
        await time.increaseTo(at + period / 2n);
        expect(await pool.unvested()).to.equal(unvestedAt(stream, at + period / 2n));
        await time.increaseTo(at + period);
        expect(await pool.unvested()).to.equal(0n);
      });
    }
  });

  it("A10: who stakes before a harvest and asks to leave after it, in the same second, gains nothing", async () => {
    const { pool, token, actors, lens } = context;
    await pool.delegate(MAX);
    await checkpoints(context, 20);
    await pool.connect(actors.bob).deposit(1_000n * ONE, actors.bob);
    await pool.harvest([]);
    const shares = await token.balanceOf(actors.bob);
    await pool.connect(actors.bob).requestRedeem(shares, actors.bob, actors.bob);
    const [request = 0n] = await pool.requestsOf(actors.bob);
    // A second of the stream passed between the calls here, at most 1 / 86,400 of the rewards.
    const gain = (await lens.assetsOf(request, actors.bob)) - 1_000n * ONE;
    const rewards = (await pool.totalPooled()) - 1_000n * ONE;
    expect(gain <= rewards / 86_400n + 1n).to.equal(true);
  });

  it("A12: twenty bookings do no more to the rate than their sum does in that time", async () => {
    const { pool } = context;
    const rate = () => pool.convertToAssets(10n ** 30n);
    const start = (await now()) + 1_000n;
    const before = await rate();
    for (let times = 0n; times < 20n; times++) await rewardAt(ONE, start + 10n * times);
    // 20 POL that vest over 7 days, for 190 seconds.
    const most = (before * 20n * ONE * 190n) / (1_000n * ONE * SURPLUS_SECONDS);
    expect((await rate()) - before <= most).to.equal(true);
  });

  it("A12: there is no function that sets the rate", () => {
    const setters: string[] = [];
    for (const contract of [context.pool, context.token]) {
      contract.interface.forEachFunction(({ name }) => {
        if (/ratio|rate|repair|totalPooled/i.test(name) && /^(set|update|repair|push)/i.test(name)) setters.push(name);
      });
    }
    expect(setters).to.deep.equal([]);
  });

  it("S4626-2, S4626-12, A06: a donation of POL, MATIC or validator shares moves no view in that block", async () => {
    const { pool, token, polygon, delegator, actors, shares } = context;
    await pool.delegate(MAX);
    const [share] = shares;
    if (share === undefined) throw new Error("the fixture has validators");
    await polygon.pol.connect(actors.stranger).approve(polygon.stakeManager, 50n * ONE);
    await share.connect(actors.stranger).buyVoucherPOL(50n * ONE, 0n);
    const views = async () => ({
      assets: await pool.totalAssets(),
      pooled: await pool.totalPooled(),
      owed: await pool.totalOwed(),
      reserved: await pool.reserved(),
      unvested: await pool.unvested(),
      shares: await pool.convertToShares(10n ** 27n),
      worth: await pool.convertToAssets(10n ** 27n),
      preview: await pool.previewDeposit(10n ** 27n),
      cost: await pool.previewMint(10n ** 27n),
      most: await pool.maxDeposit(actors.bob),
      mostShares: await pool.maxMint(actors.bob),
      ratio: await token.ratio(),
      buffer: await delegator.buffer(),
    });
    const before = await views();
    const donor = actors.stranger;
    for (const donate of [
      () => polygon.pol.connect(donor).transfer(delegator, 5n * ONE),
      () => polygon.pol.connect(donor).transfer(pool, 5n * ONE),
      () => polygon.pol.connect(donor).transfer(token, 5n * ONE),
      () => polygon.matic.connect(donor).transfer(delegator, 5n * ONE),
      () => polygon.matic.connect(donor).transfer(pool, 5n * ONE),
      () => share.connect(donor).transferPOL(delegator, 5n * ONE),
    ]) {
      await donate();
      expect(await views()).to.deep.equal(before);
    }
    // What can be credited becomes a reward, over time.
    await pool.skim();
    expect(await pool.totalAssets()).to.equal(before.assets);
    expect((await pool.unvested()) >= 15n * ONE).to.equal(true);
  });

  it("MATIC at the delegator is turned into rewards 1:1, and POL at the pool too", async () => {
    const { pool, polygon, delegator, actors } = context;
    await polygon.matic.connect(actors.stranger).transfer(delegator, 3n * ONE);
    await polygon.pol.connect(actors.stranger).transfer(pool, 4n * ONE);
    expect(await pool.skim.staticCall()).to.equal(7n * ONE);
    await pool.skim();
    expect(await pool.unvested()).to.equal(7n * ONE);
    expect(await polygon.pol.balanceOf(pool)).to.equal(await pool.reserved());
    expect(await delegator.buffer()).to.equal(1_007n * ONE);
  });

  it("a reward after years of nothing starts a stream of its own", async () => {
    const { pool } = context;
    await grow(context, 10n * ONE);
    await time.increase(1_000n * DAY);
    await reward(context, 20n * ONE);
    expect(await pool.unvested()).to.equal(20n * ONE);
    expect(await pool.totalAssets()).to.equal(1_010n * ONE);
  });
});
