import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import { ethers } from "hardhat";

import type { ChildAdapters, PoolAdapters } from "../../../deploy/adapters";
import { adaptedPolygon, poolAdapters } from "../../support/adapters";
import { DAY, MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { functionsOf } from "../../support/functions";
import { grow } from "../../support/growth";
import { at, now } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { setTotalAssets } from "../../support/poolTotals";
import { SHARES, rateOf } from "../../support/rates";
import { PriceFeed__factory } from "../../../typechain-types";
import type { PriceFeed } from "../../../typechain-types";
import { StrictConsumer__factory, StubSource__factory } from "../../typechain-types";
import type { StrictConsumer } from "../../typechain-types";

const SELECTORS = {
  decimals: "0x313ce567",
  description: "0x7284e416",
  version: "0x54fd4d50",
  latestRoundData: "0xfeaf968c",
  getRoundData: "0x9a6fc8f5",
  latestAnswer: "0x50d25bcd",
  latestTimestamp: "0x8205bf6a",
} as const;

/** What both functions for rounds return. */
const ROUND = ["uint80", "int256", "uint256", "uint256", "uint80"] as const;

/** All reads of a feed that are about its latest round. */
const reads = (feed: PriceFeed) => [
  () => feed.latestRoundData(),
  () => feed.getRoundData(1n),
  () => feed.latestAnswer(),
  () => feed.latestTimestamp(),
];

describe("PriceFeed", () => {
  let consumer: StrictConsumer;

  const refuses = async (feed: PriceFeed, maxAge: bigint, reason: string): Promise<void> => {
    await expect(consumer.priceOf(feed, maxAge)).to.be.revertedWithCustomError(consumer, "Refused").withArgs(reason);
  };

  describe("on Ethereum", () => {
    let context: Context & PoolAdapters;

    beforeEach(async () => {
      const core = await fixture();
      const { pool, actors } = core;
      await pool.connect(actors.alice).deposit(9_999n * ONE, actors.alice);
      consumer = await new StrictConsumer__factory(actors.deployer).deploy();
      context = { ...core, ...(await poolAdapters(core)) };
    });

    it("SAGG-1, SAGG-5: has the functions of Chainlink's feeds, by selector, and no others but its source", async () => {
      const { priceFeed, rateProvider } = context;
      const selectors = functionsOf(priceFeed).map(({ name, selector }) => [name, selector]);
      const source = priceFeed.SOURCE.fragment.selector;
      expect(Object.fromEntries(selectors)).to.deep.equal({ ...SELECTORS, SOURCE: source });
      expect(functionsOf(priceFeed).every(({ constant }) => constant)).to.equal(true);
      expect(await priceFeed.SOURCE()).to.equal(await rateProvider.getAddress());
    });

    it("SAGG-1: has 18 decimals, a version, and says of what it is the price, in POL", async () => {
      const { priceFeed } = context;
      expect([await priceFeed.decimals(), await priceFeed.version()]).to.deep.equal([18n, 1n]);
      expect(await priceFeed.description()).to.equal("ankrMATIC / POL exchange rate");
    });

    it("SAGG-1: returns five words in Chainlink's order", async () => {
      const { priceFeed } = context;
      await grow(context, 100n * ONE);
      const second = await now();
      const rate = await context.rateProvider.getRate();
      expect(rate).to.be.greaterThan(ONE);
      const words = await ethers.provider.call({ to: priceFeed, data: SELECTORS.latestRoundData });
      expect(words).to.equal(AbiCoder.defaultAbiCoder().encode(ROUND, [second, rate, second, second, second]));
    });

    it("SAGG-3, SAGG-4: each second is a round, and its time", async () => {
      const { priceFeed } = context;
      let last = 0n;
      for (const seconds of [1n, 12n, DAY]) {
        await time.increase(seconds);
        const { roundId, startedAt, updatedAt, answeredInRound } = await priceFeed.latestRoundData();
        expect([roundId, startedAt, updatedAt, answeredInRound]).to.deep.equal(Array(4).fill(await now()));
        expect(await priceFeed.latestTimestamp()).to.equal(updatedAt);
        expect(roundId).to.be.greaterThan(last);
        last = roundId;
      }
    });

    it("SAGG-2: knows the latest round alone", async () => {
      const { priceFeed } = context;
      const second = await now();
      expect(await priceFeed.getRoundData(second)).to.deep.equal(await priceFeed.latestRoundData());
      for (const round of [0n, 1n, second - 1n, second + 1n, 2n ** 80n - 1n]) {
        await expect(priceFeed.getRoundData(round))
          .to.be.revertedWithCustomError(priceFeed, "NoDataPresent")
          .withArgs(round, second);
      }
    });

    it("SAGG-3: a strict reader accepts it, with an age of 0", async () => {
      const { priceFeed, rateProvider } = context;
      await grow(context, 100n * ONE);
      const rate = await rateProvider.getRate();
      expect(await consumer.priceOf(priceFeed, 0n)).to.equal(rate);
      expect(await priceFeed.latestAnswer()).to.equal(rate);
    });

    it("SAGG-3: after a total loss the answer is 0, which is true: a strict reader refuses it", async () => {
      const { priceFeed } = context;
      await setTotalAssets(context, 0n);
      expect((await priceFeed.latestRoundData()).answer).to.equal(0n);
      expect(await priceFeed.latestAnswer()).to.equal(0n);
      await refuses(priceFeed, MAX, "answer");
    });
  });

  describe("on Polygon", () => {
    let polygon: Polygon & ChildAdapters;
    let start: bigint;

    beforeEach(async () => {
      polygon = await adaptedPolygon();
      consumer = await new StrictConsumer__factory(polygon.actors.deployer).deploy();
      start = await now();
    });

    const push = (nonce: bigint, rate: ReturnType<typeof rateOf>) =>
      polygon.feed.connect(polygon.adapter).push(nonce, rate);

    it("SAGG-2, X-18: before the first rate it reverts, and does not answer zeros", async () => {
      const { priceFeed, feed } = polygon;
      for (const read of reads(priceFeed)) await expect(read()).to.be.revertedWithCustomError(feed, "NoRate");
      await expect(consumer.priceOf(priceFeed, MAX)).to.be.revertedWithCustomError(feed, "NoRate");
      expect(await priceFeed.decimals()).to.equal(18n);
    });

    it("SAGG-3: the round is the number of the message that brought the rate", async () => {
      const { priceFeed } = polygon;
      await push(5n, rateOf(start - 60n));
      expect(await priceFeed.latestRoundData()).to.deep.equal([5n, ONE, start - 60n, start - 60n, 5n]);
      await push(9n, rateOf(start, 60n));
      const answer = (ONE * rateOf(start, 60n).totalAssets) / SHARES;
      expect(await priceFeed.latestRoundData()).to.deep.equal([9n, answer, start, start, 9n]);
      expect(await priceFeed.latestAnswer()).to.equal(answer);
      expect(await consumer.priceOf(priceFeed, DAY)).to.equal(answer);
    });

    it("SAGG-2: knows neither the round before nor one that comes", async () => {
      const { priceFeed } = polygon;
      await push(5n, rateOf(start));
      await push(6n, rateOf(start));
      expect(await priceFeed.getRoundData(6n)).to.deep.equal(await priceFeed.latestRoundData());
      for (const round of [0n, 5n, 7n]) {
        await expect(priceFeed.getRoundData(round))
          .to.be.revertedWithCustomError(priceFeed, "NoDataPresent")
          .withArgs(round, 6n);
      }
    });

    it("SAGG-4: after 3 days without a push the time is still that on Ethereum, not that of arrival or now", async () => {
      const { priceFeed } = polygon;
      await time.increase(1_800n);
      await push(1n, rateOf(start));
      await time.increaseTo(start + 3n * DAY);
      const { updatedAt, startedAt, answer } = await priceFeed.latestRoundData();
      expect([updatedAt, startedAt, answer]).to.deep.equal([start, start, ONE]);
      expect(await priceFeed.latestTimestamp()).to.equal(start);
      expect(await consumer.priceOf(priceFeed, 3n * DAY)).to.equal(ONE);
      await refuses(priceFeed, 3n * DAY - 1n, "age");
    });

    it("SAGG-4: a time ahead of Polygon's clock is shown as the present, until the clock has caught up", async () => {
      const { priceFeed, rateProvider } = polygon;
      const ahead = start + 900n;
      await at(start + 10n, () => push(1n, rateOf(ahead)));
      expect(await rateProvider.lastUpdated()).to.equal(ahead);
      expect(await priceFeed.latestTimestamp()).to.equal(start + 10n);
      expect(await consumer.priceOf(priceFeed, 0n)).to.equal(ONE);
      await time.increaseTo(ahead + 1n);
      expect(await priceFeed.latestTimestamp()).to.equal(ahead);
    });

    it("SAGG-3: a refused rate makes no round", async () => {
      const { priceFeed } = polygon;
      await push(1n, rateOf(start));
      const before = await priceFeed.latestRoundData();
      await push(2n, rateOf(start, 400n * DAY));
      expect(await priceFeed.latestRoundData()).to.deep.equal(before);
    });

    it("X-18: a loss is the next round; after a total one the answer is 0, and a strict reader refuses it", async () => {
      const { priceFeed } = polygon;
      await push(1n, rateOf(start));
      await push(2n, rateOf(start + 1n, 0n, { totalAssets: SHARES / 2n, lossCount: 1n }));
      expect((await priceFeed.latestRoundData()).slice(0, 2)).to.deep.equal([2n, ONE / 2n]);
      await push(3n, rateOf(start + 2n, 0n, { totalAssets: 0n, lossCount: 2n }));
      expect((await priceFeed.latestRoundData()).slice(0, 2)).to.deep.equal([3n, 0n]);
      await refuses(priceFeed, MAX, "answer");
    });
  });

  describe("numbers that do not fit", () => {
    it("SAGG-3: it reverts rather than cut off a round or an answer", async () => {
      const [deployer] = await ethers.getSigners();
      const source = await new StubSource__factory(deployer).deploy();
      const feed = await new PriceFeed__factory(deployer).deploy(source);
      await source.set(ONE, ONE, 1n, 2n ** 80n);
      await expect(feed.latestRoundData())
        .to.be.revertedWithCustomError(feed, "SafeCastOverflowedUintDowncast")
        .withArgs(80n, 2n ** 80n);
      await source.set(2n ** 255n, ONE, 1n, 1n);
      await expect(feed.latestAnswer())
        .to.be.revertedWithCustomError(feed, "SafeCastOverflowedUintToInt")
        .withArgs(2n ** 255n);
    });
  });
});
