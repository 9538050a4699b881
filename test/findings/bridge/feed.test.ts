import { setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { DAY, MAX, ONE } from "../../support/fixture";
import { now, polygonFixture } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { SHARES, numberOf, rateOf } from "../../support/rates";
import type { Rate, Refusal } from "../../support/rates";
import { implementationOf } from "../../support/upgrades";

describe("findings: the feed of the ratio on Polygon", () => {
  let polygon: Polygon;
  let start: bigint;

  beforeEach(async () => {
    polygon = await polygonFixture();
    start = await now();
  });

  const push = (nonce: bigint, rate: Rate) => polygon.feed.connect(polygon.adapter).push(nonce, rate);
  const rateNow = (): Promise<bigint> => polygon.feed.getRate();
  const valueOf = ({ totalAssets, totalSupply }: Rate): bigint => (ONE * totalAssets) / totalSupply;

  /** Pushes a rate that the feed does not take: it says why, and stays what it was. */
  async function refused(nonce: bigint, rate: Rate, reason: Refusal): Promise<void> {
    const { feed } = polygon;
    const before = [...(await feed.totals()), await feed.lastUpdated(), await feed.lossCount(), await feed.lastNonce()];
    await expect(push(nonce, rate))
      .to.emit(feed, "RateRefused")
      .withArgs(nonce, numberOf(reason), rate.totalAssets, rate.totalSupply, rate.lossCount, rate.time);
    const after = [...(await feed.totals()), await feed.lastUpdated(), await feed.lossCount(), await feed.lastNonce()];
    expect(after).to.deep.equal(before);
  }

  describe("A67: a message that failed is replayed later", () => {
    const first = () => rateOf(start - 3_600n);
    const second = () => rateOf(start, 500n);

    it("A67: #2, then the delayed #1: the rate stays #2's, however often #1 comes", async () => {
      await push(2n, second());
      for (let replay = 0; replay < 3; replay++) await refused(1n, first(), "OldNonce");
      await refused(2n, second(), "OldNonce");
      expect(await rateNow()).to.equal(valueOf(second()));
    });

    it("A67: an old rate with a new number does not come back either", async () => {
      await push(2n, second());
      await refused(3n, first(), "OldTime");
    });

    it("A67: the rate from before a loss does not come back after it", async () => {
      const low = rateOf(start + 60n, 0n, { totalAssets: SHARES / 2n, lossCount: 1n });
      await push(1n, first());
      await push(3n, low);
      await refused(2n, rateOf(start + 30n), "OldNonce");
      await refused(4n, rateOf(start + 60n), "FewerLosses");
      expect(await rateNow()).to.equal(valueOf(low));
    });

    it("A67: a number that is left out blocks nothing", async () => {
      await push(1n, first());
      await push(1_000_000n, second());
      expect(await rateNow()).to.equal(valueOf(second()));
    });
  });

  describe("A72: a change of the rate that Polygon does not hear of", () => {
    it("A72: silence shows: the rate's age is that on Ethereum, and grows until a message comes", async () => {
      const { feed } = polygon;
      await push(1n, rateOf(start - 1_800n));
      expect(await feed.isStale(DAY)).to.equal(false);
      await time.increase(DAY);
      expect(await feed.isStale(DAY)).to.equal(true);
      expect(await feed.lastUpdated()).to.equal(start - 1_800n);
      await push(2n, rateOf(await now()));
      expect(await feed.isStale(DAY)).to.equal(false);
    });

    it("A72: a refused rate does not make the last one look fresh", async () => {
      const { feed } = polygon;
      await push(1n, rateOf(start));
      await time.increase(DAY);
      await refused(2n, rateOf(await now(), 400n * DAY), "GrewTooFast");
      expect(await feed.isStale(DAY - 1n)).to.equal(true);
    });

    for (const [what, left] of [
      ["a thousandth of a per cent", 99_999n],
      ["a third", 66_667n],
      ["all", 0n],
    ] as const) {
      it(`A72: a lower rate, of a loss of ${what}, is taken at once and logged with the count of losses`, async () => {
        const { feed } = polygon;
        await push(1n, rateOf(start, 1_000n));
        const totalAssets = (rateOf(start, 1_000n).totalAssets * left) / 100_000n;
        const low = rateOf(start, 0n, { totalAssets, lossCount: 1n });
        await expect(push(2n, low)).to.emit(feed, "RateAccepted").withArgs(2n, totalAssets, SHARES, 1n, start);
        expect(await rateNow()).to.equal(valueOf(low));
        expect(await feed.lossCount()).to.equal(1n);
      });
    }

    it("A72: the message with the loss may be lost: any later one brings it", async () => {
      await push(1n, rateOf(start, 1_000n));
      // Losses 1 and 2 never arrive.
      const low = rateOf(start + 60n, 0n, { totalAssets: SHARES / 3n, lossCount: 3n });
      await push(9n, low);
      expect(await rateNow()).to.equal(valueOf(low));
    });

    it("A72: a lower rate that no loss explains is no rate", async () => {
      await push(1n, rateOf(start, 1_000n));
      await refused(2n, rateOf(start + 1n, 999n), "Fell");
    });
  });

  describe("A73: before the first message, and messages that say nothing", () => {
    it("A73: a fresh feed converts nothing, neither 1:1 nor by a division by zero", async () => {
      const { feed } = polygon;
      const reads = [
        () => feed.getRate(),
        () => feed.ratio(),
        () => feed.totals(),
        () => feed.convertToAssets(ONE),
        () => feed.convertToShares(ONE),
      ];
      for (const read of reads) await expect(read()).to.be.revertedWithCustomError(feed, "NoRate");
      expect(await feed.isStale(MAX)).to.equal(true);
    });

    for (const [what, change, reason] of [
      ["of an empty pool", { totalAssets: 0n, totalSupply: 0n }, "Impossible"],
      ["without shares", { totalSupply: 0n }, "Impossible"],
      ["without assets", { totalAssets: 0n }, "Impossible"],
      ["below one", { totalAssets: SHARES - 1n }, "Fell"],
      ["above two", { totalAssets: 2n * SHARES + 1n }, "Impossible"],
      ["beyond all POL there is", { totalAssets: MAX, totalSupply: MAX }, "Impossible"],
    ] as const) {
      it(`A73: a first message ${what} is refused, and leaves the feed as fresh as before`, async () => {
        const { feed } = polygon;
        const rate = rateOf(start, 0n, change);
        await expect(push(1n, rate))
          .to.emit(feed, "RateRefused")
          .withArgs(1n, numberOf(reason), rate.totalAssets, rate.totalSupply, rate.lossCount, rate.time);
        await expect(feed.getRate()).to.be.revertedWithCustomError(feed, "NoRate");
        await push(1n, rateOf(start));
        expect(await rateNow()).to.equal(ONE);
      });
    }

    it("A73: the bare implementation has no rate, and cannot be given an authority", async () => {
      const { feed, manager } = polygon;
      const bare = feed.attach(await implementationOf(feed)) as typeof feed;
      await expect(bare.getRate()).to.be.revertedWithCustomError(feed, "NoRate");
      await expect(bare.initialize(manager)).to.be.revertedWithCustomError(feed, "InvalidInitialization");
    });
  });

  describe("A95: a rate that can be moved", () => {
    beforeEach(async () => {
      await push(1n, rateOf(start, 1_000n));
    });

    it("A95: has 18 decimals, and is what a share is worth: 1e18 assets and more", async () => {
      expect(await rateNow()).to.equal(valueOf(rateOf(start, 1_000n)));
      expect(await rateNow()).to.be.greaterThan(ONE);
    });

    it("A95: no gift moves it: tokens or coins, to the feed, to the token, or to the adapter", async () => {
      const { feed, token, adapter, actors } = polygon;
      const before = await feed.totals();
      await token.connect(adapter).mint(actors.alice, 1_000n * ONE);
      for (const target of [feed, token, adapter]) {
        await token.connect(actors.alice).transfer(target, 100n * ONE);
        await setBalance(await target.getAddress(), 10n ** 24n);
      }
      expect(await feed.totals()).to.deep.equal(before);
      await token.connect(adapter).burn(adapter, 100n * ONE);
      expect(await feed.totals()).to.deep.equal(before);
    });

    it("A95: does not move by itself, nor by the hands of any role", async () => {
      const { feed, actors } = polygon;
      const before = await feed.totals();
      for (const account of Object.values<(typeof actors)["alice"]>({ ...actors })) {
        await expect(feed.connect(account).push(2n, rateOf(start, 1_001n)))
          .to.be.revertedWithCustomError(feed, "NotAdapter")
          .withArgs(account.address);
      }
      await time.increase(100n * DAY);
      expect(await feed.totals()).to.deep.equal(before);
    });

    it("A95: an adapter gone bad raises it by less than the swap's fee in a day, by however many messages", async () => {
      const before = await rateNow();
      const end = start + DAY;
      await time.increaseTo(end);
      let [seconds, nonce] = [1_000n, 2n];
      // In bigger and smaller bites, at every time of the day.
      for (let when = start; when <= end; when += 3_600n) {
        for (const bite of [DAY, 3_600n, 60n, 1n]) {
          const tried = rateOf(when, seconds + bite);
          const { feed, adapter } = polygon;
          if (await feed.connect(adapter).push.staticCall(nonce, tried)) seconds += bite;
          await push(nonce, tried);
          nonce += 1n;
        }
      }
      // The day itself and half of one that was saved up: 1.5 / 365.
      expect(seconds).to.be.greaterThan(1_000n + DAY);
      expect(((await rateNow()) - before) * 10_000n < 42n * before).to.equal(true);
    });

    it("A95: never reverts once there is a rate: not when it is old, nor after a total loss", async () => {
      const { feed } = polygon;
      await time.increase(5_000n * DAY);
      expect(await rateNow()).to.equal(valueOf(rateOf(start, 1_000n)));
      await push(2n, rateOf(start + 1n, 0n, { totalAssets: 0n, lossCount: 1n }));
      expect([await feed.getRate(), await feed.ratio()]).to.deep.equal([0n, MAX]);
    });

    it("A95: shows its age, and is asked cheaply", async () => {
      const { feed } = polygon;
      expect(await feed.lastUpdated()).to.equal(start);
      const gas = await ethers.provider.estimateGas({ to: feed, data: "0x679aefce" });
      expect(gas).to.be.lessThan(40_000n);
    });
  });
});
