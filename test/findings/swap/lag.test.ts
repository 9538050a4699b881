import { takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { bridgedFixture, deliver, provenWithdrawal } from "../../support/bridge";
import { DAY, MAX, ONE } from "../../support/fixture";
import { failureOf } from "../../support/failures";
import { reward } from "../../support/growth";
import { YEAR, at, now } from "../../support/polygon";
import { tries } from "../../support/properties";
import { FIRST_RATE, fundedFixture, pushRate, set } from "../../support/swap";
import type { Swap } from "../../support/swap";

const HOUR = 3_600n;

describe("findings: the rate on Polygon lags behind Ethereum", () => {
  describe("A78: bought on Polygon at an old rate, sold on Ethereum", () => {
    it("A78: brings no more than a stake on Ethereum since the rate's time, whose growth is all there is to gain", async () => {
      const context = await bridgedFixture();
      const { bridge, child, pool, token, polygon, actors } = context;
      const { alice, carol, stranger } = actors;
      const { swap } = child;
      // Rewards of two months, at 5 % a year, vest within 7 days: as fast as the pool really grows.
      await reward(context, (await pool.totalAssets()) / 120n);
      await time.increase(HOUR);
      const stake = 1_000n * ONE;
      const before = await token.balanceOf(alice);
      await pool.connect(alice).deposit(stake, alice);
      const sharesOnEthereum = (await token.balanceOf(alice)) - before;
      await bridge.connect(carol).bridge(5_000n * ONE, carol);
      const told = await now();
      await deliver(context);
      await child.token.connect(carol).approve(swap, MAX);
      await swap.connect(carol).addLiquidity(5_000n * ONE, 0n, carol, MAX, { value: 1_000n * ONE });

      // The last second at which the pool takes that rate.
      await at(told + DAY, () => swap.connect(stranger).stake(0n, { value: stake }));
      const sharesOnPolygon = await child.token.balanceOf(stranger);
      expect(sharesOnPolygon).to.be.lessThanOrEqual(sharesOnEthereum);
      expect(sharesOnPolygon).to.be.greaterThan(sharesOnEthereum - ONE / 1_000n);

      await child.token.connect(stranger).approve(child.adapter, MAX);
      const proof = await provenWithdrawal(
        context,
        child.adapter.connect(stranger).withdraw(sharesOnPolygon, stranger),
      );
      await bridge.receiveMessage(proof);
      expect(await token.balanceOf(stranger)).to.equal(sharesOnPolygon);
      const pooled = await pool.totalPooled();
      await pool.connect(stranger).requestRedeem(sharesOnPolygon, stranger, stranger);
      const fixed = pooled - (await pool.totalPooled());
      const worthToStaker = await pool.convertToAssets(sharesOnEthereum);
      expect(fixed).to.be.lessThanOrEqual(worthToStaker);
      // A day's growth at that pace; back through the pool it would not pay the fee.
      expect(fixed - stake).to.be.lessThan((stake * 12n) / 10_000n);
      expect(await polygon.pol.balanceOf(bridge)).to.equal(0n);
    });

    it("A78: anyone brings a newer rate, and then what was gained is not there", async () => {
      const context = await bridgedFixture();
      const { bridge, child, pool, actors } = context;
      const { carol, stranger } = actors;
      const { swap, feed } = child;
      await bridge.connect(carol).bridge(5_000n * ONE, carol);
      await deliver(context);
      await child.token.connect(carol).approve(swap, MAX);
      await swap.connect(carol).addLiquidity(5_000n * ONE, 0n, carol, MAX, { value: 1_000n * ONE });
      await reward(context, (await pool.totalAssets()) / 120n);
      await time.increase(DAY - HOUR);
      const stale = await swap.quoteStake(1_000n * ONE);
      await bridge.connect(stranger).syncRate();
      await deliver(context);
      expect(await feed.getRate()).to.be.greaterThan(ONE);
      expect(await swap.quoteStake(1_000n * ONE)).to.be.lessThan(stale);
    });
  });

  describe("A78: bought and sold in the pool", () => {
    let context: Swap;

    /** The highest worth that the feed takes, at so many seconds after the last rate. */
    const highest = (assets: bigint, seconds: bigint): bigint => assets + (assets * seconds) / YEAR;

    beforeEach(async () => {
      context = await fundedFixture();
      // Nothing is to be had beyond the lowest possible fee.
      await set(context, "setFee", 42n);
    });

    it("A78: at the lowest fee no step of the rate within a day pays, not even the largest that the feed takes", async () => {
      const { swap, token, feed, actors } = context;
      const { alice } = actors;
      const told = await feed.lastUpdated();
      const held = await token.balanceOf(alice);
      const paid = 400n * ONE;
      await at(told + DAY, () => swap.connect(alice).stake(0n, { value: paid }));
      const shares = (await token.balanceOf(alice)) - held;
      // Twelve hours that were saved up, the day itself, and a clock that is 15 minutes ahead.
      const later = told + DAY + 900n;
      const totalAssets = highest(FIRST_RATE.totalAssets, DAY + DAY / 2n + 900n);
      const tooMuch = pushRate(
        context,
        { ...FIRST_RATE, totalAssets: totalAssets + totalAssets / 10n ** 6n },
        { time: later },
      );
      expect(await failureOf(tooMuch)).to.equal("the feed refused the rate");
      await pushRate(context, { ...FIRST_RATE, totalAssets }, { time: later });
      const worth = (shares * totalAssets) / FIRST_RATE.totalSupply;
      expect(worth * 10_000n).to.be.greaterThan(paid * 10_041n);
      expect((await swap.quoteUnstake(shares)).assets).to.be.lessThan(paid);
    });

    it("A78: nor do any steps of any size, bought at any age and in any amount", async () => {
      const { swap, token, feed, actors } = context;
      const { alice } = actors;
      const start = await takeSnapshot();
      const fraction = fc.oneof(fc.constant(1_000n), fc.bigInt({ min: 0n, max: 1_000n }));
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt({ min: 2n * HOUR, max: DAY }),
          fc.bigInt({ min: 2n, max: 400n * ONE }),
          fc.array(fc.tuple(fc.bigInt({ min: 1n, max: DAY }), fraction), { minLength: 1, maxLength: 4 }),
          async (age, paid, steps) => {
            await start.restore();
            const told = await feed.lastUpdated();
            const held = await token.balanceOf(alice);
            await at(told + age, () => swap.connect(alice).stake(0n, { value: paid }));
            const shares = (await token.balanceOf(alice)) - held;
            let [last, { totalAssets }, saved] = [told, FIRST_RATE, DAY / 2n];
            for (const [gap, thousandths] of steps) {
              // Up to a day after the rate at which it was bought.
              const next = last + gap > told + DAY ? told + DAY : last + gap;
              saved = saved + next - last > DAY / 2n + DAY ? DAY / 2n + DAY : saved + next - last;
              const grown = (saved * thousandths) / 1_000n;
              totalAssets = highest(totalAssets, grown);
              [last, saved] = [next, saved - grown > DAY / 2n ? DAY / 2n : saved - grown];
              if ((await now()) < next) await time.increaseTo(next);
              await pushRate(context, { ...FIRST_RATE, totalAssets }, { time: next });
              const brought = await swap.quoteUnstake(shares).then(
                ({ assets }) => assets,
                () => 0n,
              );
              expect(brought).to.be.lessThan(paid);
            }
          },
        ),
        tries(60),
      );
    });
  });
});
