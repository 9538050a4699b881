import { mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { DAY, MAX, ONE } from "../../support/fixture";
import { at, now } from "../../support/polygon";
import {
  FIRST_RATE,
  PAYOUT_LIMIT,
  PROVIDED,
  fundedFixture,
  pushRate,
  ratelessFixture,
  refreshRate,
} from "../../support/swap";
import type { Swap } from "../../support/swap";

const HOUR = 3_600n;

/** Everything that needs a rate, called by alice; the quotes among it. */
function needing({ swap, actors }: Swap): [name: string, call: () => Promise<unknown>][] {
  const { alice } = actors;
  const by = swap.connect(alice);
  return [
    ["stake", () => by.stake(0n, { value: ONE })],
    ["stakeFor", () => by.stakeFor(alice, 0n, MAX, { value: ONE })],
    ["stakeWrapped", () => by.stakeWrapped(ONE, alice, 0n, MAX)],
    ["unstake", () => by.unstake(ONE, 0n)],
    ["unstakeFor", () => by.unstakeFor(ONE, alice, 0n, MAX)],
    ["unstakeWrapped", () => by.unstakeWrapped(ONE, alice, 0n, MAX)],
    ["addLiquidity", () => by.addLiquidity(ONE, 0n, alice, MAX, { value: ONE })],
    ["quoteStake", () => swap.quoteStake(ONE)],
    ["quoteStakeFor", () => swap.quoteStakeFor(ONE)],
    ["quoteUnstake", () => swap.quoteUnstake(ONE)],
    ["quoteUnstakeFor", () => swap.quoteUnstakeFor(ONE)],
    ["previewAdd", () => swap.previewAdd(ONE, ONE)],
  ];
}

describe("SwapPool, the rate", () => {
  it("A73: before the first rate nothing is priced; views that never revert answer", async () => {
    const context = await ratelessFixture();
    const { swap, feed } = context;
    for (const [name, call] of needing(context)) {
      await expect(call(), name).to.be.revertedWithCustomError(feed, "NoRate");
    }
    expect([...(await swap.available())]).to.deep.equal([0n, 0n]);
    expect([...(await swap.previewRemove(ONE))]).to.deep.equal([0n, 0n]);
  });

  describe("its age", () => {
    it("A72, X-18: a rate of 24 hours is good, and one of a second more is not", async () => {
      const context = await fundedFixture();
      const { swap, feed, actors } = context;
      const told = await feed.lastUpdated();
      await at(told + DAY, () => swap.connect(actors.alice).stake(0n, { value: ONE }));
      expect((await swap.available())[1]).to.be.greaterThan(0n);
      // The first of them is mined a second later.
      await time.setNextBlockTimestamp(told + DAY + 1n);
      for (const [name, call] of needing(context)) {
        await expect(call(), name).to.be.revertedWithCustomError(swap, "RateTooOld").withArgs(told, DAY);
        await mine();
      }
      expect([...(await swap.available())]).to.deep.equal([0n, 0n]);
    });

    it("X-18: the pool alone refuses: the feed goes on telling the last rate, and a new one opens the pool", async () => {
      const context = await fundedFixture();
      const { swap, feed, token, actors } = context;
      await time.increase(3n * DAY);
      expect(await feed.getRate()).to.equal((ONE * FIRST_RATE.totalAssets) / FIRST_RATE.totalSupply);
      expect(await token.getRate()).to.equal(await feed.getRate());
      await refreshRate(context);
      await swap.connect(actors.alice).stake(0n, { value: ONE });
    });

    it("a rate whose time is ahead of the clock is as good as one of now", async () => {
      const context = await fundedFixture();
      await pushRate(context, FIRST_RATE, { time: (await now()) + 10n * 60n });
      for (const [, call] of needing(context)) await call();
    });
  });

  describe("after a loss", () => {
    const lower = { ...FIRST_RATE, totalAssets: (FIRST_RATE.totalAssets * 9n) / 10n };

    it("A72: it waits for a rate that is an hour younger than the loss, in all that needs a rate", async () => {
      const context = await fundedFixture();
      const { swap } = context;
      const lost = await now();
      await pushRate(context, lower, { losses: 1n, time: lost });
      for (const later of [undefined, lost + HOUR - 1n]) {
        if (later !== undefined) await at(lost + HOUR + 10n, () => pushRate(context, lower, { time: later }));
        for (const [name, call] of needing(context)) {
          await expect(call(), name)
            .to.be.revertedWithCustomError(swap, "LossUnconfirmed")
            .withArgs(lost, lost + HOUR);
        }
        expect([...(await swap.available())]).to.deep.equal([0n, 0n]);
      }
      await pushRate(context, lower, { time: lost + HOUR });
      for (const [, call] of needing(context)) await call();
      expect((await swap.available())[0]).to.be.greaterThan(0n);
    });

    it("A72: a second loss has to be confirmed by itself", async () => {
      const context = await fundedFixture();
      const { swap, actors } = context;
      const lost = await now();
      await pushRate(context, lower, { losses: 1n, time: lost });
      const lowest = { ...FIRST_RATE, totalAssets: FIRST_RATE.totalAssets / 2n };
      await at(lost + 2n * HOUR, () => pushRate(context, lowest, { losses: 1n, time: lost + HOUR }));
      await expect(swap.connect(actors.alice).stake(0n, { value: ONE }))
        .to.be.revertedWithCustomError(swap, "LossUnconfirmed")
        .withArgs(lost + HOUR, lost + 2n * HOUR);
    });

    it("the confirmed rate is the price: a share of a tenth less buys and sells for a tenth less", async () => {
      const context = await fundedFixture();
      const { swap } = context;
      const lost = await now();
      await pushRate(context, lower, { losses: 1n, time: lost });
      await at(lost + 2n * HOUR, () => pushRate(context, lower, { time: lost + HOUR }));
      expect(await swap.quoteStake(ONE)).to.equal((ONE * lower.totalSupply) / lower.totalAssets);
      const worth = (ONE * lower.totalAssets) / lower.totalSupply;
      expect((await swap.quoteUnstake(ONE)).assets).to.equal((worth * 9_950n) / 10_000n);
    });
  });

  describe("what is available", () => {
    it("is the smaller of reserve and limit, and the shares that there are", async () => {
      const { swap, actors } = await fundedFixture();
      expect([...(await swap.available())]).to.deep.equal([PAYOUT_LIMIT, PROVIDED.shares]);
      const carol = swap.connect(actors.carol);
      await carol.removeLiquidity(((await swap.totalSupply()) * 3n) / 4n, actors.carol, 0n, 0n);
      const { assets, shares } = await swap.reserves();
      expect(assets).to.be.lessThan(PAYOUT_LIMIT);
      expect([...(await swap.available())]).to.deep.equal([assets, shares]);
    });

    it("A90: is nothing in a pause, and comes back when it ends by itself", async () => {
      const context = await fundedFixture();
      const { swap, actors } = context;
      await swap.connect(actors.guardian).pauseSwaps(2n * DAY);
      expect([...(await swap.available())]).to.deep.equal([0n, 0n]);
      const { pausedUntil } = await swap.parameters();
      for (const [name, call] of needing(context)) {
        await expect(call(), name).to.be.revertedWithCustomError(swap, "SwapsArePaused").withArgs(pausedUntil);
      }
      await time.increaseTo(pausedUntil);
      await refreshRate(context);
      for (const [, call] of needing(context)) await call();
    });
  });
});
