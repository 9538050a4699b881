import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import type { SnapshotRestorer } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { MAX, ONE } from "../../support/fixture";
import { YEAR, at, now } from "../../support/polygon";
import { tries } from "../../support/properties";
import { pushRate, set, swapFixture } from "../../support/swap";
import type { Swap, Totals } from "../../support/swap";

/** Totals of any size, at which a share is worth a thousandth to a thousand assets; most often a little more than one. */
const totals = fc
  .tuple(
    fc.bigInt({ min: 10n ** 20n, max: 10n ** 28n }),
    fc.oneof(fc.bigInt({ min: 1_000_000n, max: 1_300_000n }), fc.bigInt({ min: 1_000n, max: 10n ** 9n })),
    fc.bigInt({ min: 0n, max: 10n ** 9n }),
  )
  .map(([totalSupply, millionths, more]): Totals => ({
    totalSupply,
    totalAssets: (totalSupply * millionths) / 1_000_000n + more,
  }));

/** An amount of any size up to some tokens; small ones as likely as large ones. */
const amount = fc.oneof(
  fc.bigInt({ min: 1n, max: 1_000n }),
  fc.bigInt({ min: 1n, max: 10n ** 9n }),
  fc.bigInt({ min: 1n, max: 100n * ONE }),
);

const CASES = 300;

describe("SwapPool, quotes", () => {
  let context: Swap;
  let present: SnapshotRestorer;

  before(async () => {
    context = await swapFixture();
    present = await takeSnapshot();
    const { swap, actors } = context;
    const { alice, bob } = actors;
    for (const user of [alice, bob]) {
      await swap.connect(user).addLiquidity(200_000n * ONE, 0n, user, MAX, { value: 200_000n * ONE });
    }
    await set(context, "setDailyLimit", 10n ** 30n);
    // In so long a time a share may come to be worth this; a loss then brings any rate below it.
    const later = (await now()) + 3_000n * YEAR;
    await at(later, () => pushRate(context, { totalAssets: 1_001n * ONE, totalSupply: ONE }, { time: later }));
  });

  // Who comes next on this chain is to live today.
  after(() => present.restore());

  /** Makes the rate what it is to be: a loss can bring any that is lower. */
  async function price(rate: Totals): Promise<void> {
    const time = await now();
    await pushRate(context, rate, { losses: 1n, time });
    await at(time + 3_700n, () => pushRate(context, rate, { time: time + 3_600n }));
  }

  it("quoteStakeFor is the smallest number of assets that brings at least so many shares", async () => {
    const { swap } = context;
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(totals, fc.array(amount, { minLength: 10, maxLength: 10 }), async (rate, amounts) => {
        await start.restore();
        await price(rate);
        for (const shares of amounts) {
          const assets = await swap.quoteStakeFor(shares);
          const brought = await swap.quoteStake(assets);
          expect(brought).to.be.greaterThanOrEqual(shares);
          expect(brought).to.equal((assets * rate.totalSupply) / rate.totalAssets);
          expect(((assets - 1n) * rate.totalSupply) / rate.totalAssets).to.be.lessThan(shares);
        }
      }),
      tries(CASES / 10),
    );
    await start.restore();
  });

  it("quoteUnstakeFor is the smallest number of shares that brings at least so many assets", async () => {
    const { swap } = context;
    const start = await takeSnapshot();
    const sold = (shares: bigint, { totalAssets, totalSupply }: Totals): bigint =>
      (((shares * totalAssets) / totalSupply) * 9_950n) / 10_000n;
    await fc.assert(
      fc.asyncProperty(totals, fc.array(amount, { minLength: 10, maxLength: 10 }), async (rate, amounts) => {
        await start.restore();
        await price(rate);
        for (const assets of amounts) {
          const shares = await swap.quoteUnstakeFor(assets);
          const [brought, fee] = await swap.quoteUnstake(shares);
          expect(brought).to.be.greaterThanOrEqual(assets);
          expect(brought).to.equal(sold(shares, rate));
          expect(brought + fee).to.equal((shares * rate.totalAssets) / rate.totalSupply);
          expect(sold(shares - 1n, rate)).to.be.lessThan(assets);
        }
      }),
      tries(CASES / 10),
    );
    await start.restore();
  });
});
