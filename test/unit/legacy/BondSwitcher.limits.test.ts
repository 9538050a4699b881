import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { DAY, MAX, ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow } from "../../support/growth";
import { GENESIS_SHARES, SWITCH_CAP, legacyFixture } from "../../support/legacy";
import { count, expectNothingStays, feeOf, refill, scheduledLimit, set } from "../../support/switcher";

const LIMIT = 1_000n * ONE;

describe("BondSwitcher, cap and daily limit", () => {
  let context: Context;

  beforeEach(async () => {
    context = await legacyFixture();
  });

  afterEach(() => expectNothingStays(context));

  /** Sends the next transaction at a time of choice. */
  async function at<T>(timestamp: bigint, send: () => Promise<T>): Promise<T> {
    await time.setNextBlockTimestamp(timestamp);
    return send();
  }

  const soon = async (): Promise<bigint> => BigInt(await time.latest()) + 100n;

  describe("the cap", () => {
    it("A51: is reached exactly, and a share more is refused with what is left", async () => {
      const { switcher, actors } = context;
      await switcher.connect(actors.alice).switchShares(GENESIS_SHARES, actors.alice);
      await switcher.connect(actors.bob).switchShares(GENESIS_SHARES, actors.bob);
      const left = SWITCH_CAP - 2n * GENESIS_SHARES;
      const carol = switcher.connect(actors.carol);
      await expect(carol.switchShares(left + 1n, actors.carol))
        .to.be.revertedWithCustomError(switcher, "AboveRemaining")
        .withArgs(left + 1n, left);
      await expect(carol.switchBonds(left + 1n, actors.carol))
        .to.be.revertedWithCustomError(switcher, "AboveRemaining")
        .withArgs(left + 1n, left);
      await carol.switchBonds(left, actors.carol);
      expect(await count(switcher)).to.deep.equal({ cap: SWITCH_CAP, used: SWITCH_CAP, remaining: 0n });
      expect(await switcher.available()).to.equal(0n);
      await expect(carol.switchShares(2n, actors.carol))
        .to.be.revertedWithCustomError(switcher, "AboveRemaining")
        .withArgs(2n, 0n);
    });

    it("A51: is counted in shares: bonds that grew take no more of it", async () => {
      const { switcher, bond, actors } = context;
      await grow(context, 100_000n * ONE);
      const balance = await bond.balanceOf(actors.alice);
      expect(balance).to.be.greaterThan(GENESIS_SHARES);
      await switcher.connect(actors.alice).switchBonds(balance, actors.alice);
      expect(await switcher.remaining()).to.equal(SWITCH_CAP - GENESIS_SHARES);
    });

    it("is filled to the last share by switchUpTo, which tells how much it switched", async () => {
      const { switcher, token, actors } = context;
      await switcher.connect(actors.alice).switchUpTo(GENESIS_SHARES, actors.alice);
      await switcher.connect(actors.bob).switchUpTo(GENESIS_SHARES, actors.bob);
      const left = SWITCH_CAP - 2n * GENESIS_SHARES;
      const fee = feeOf(left);
      const carol = switcher.connect(actors.carol);
      expect(await carol.switchUpTo.staticCall(GENESIS_SHARES, actors.alice)).to.deep.equal([left, left - fee]);
      const sent = await carol.switchUpTo(GENESIS_SHARES, actors.alice);
      await expect(sent).to.changeTokenBalances(token, [actors.alice, actors.treasury], [left - fee, fee]);
      await expect(sent).to.emit(switcher, "Switched").withArgs(actors.carol.address, actors.alice.address, left, fee);
      expect(await switcher.remaining()).to.equal(0n);
      await expect(carol.switchUpTo(1n, actors.carol)).to.be.revertedWithCustomError(switcher, "ZeroShares");
    });

    it("leaves a last share that no fee can be taken from: switchUpTo says so", async () => {
      const { switcher, actors } = context;
      await set(context, "setCap", 1n);
      await expect(switcher.connect(actors.alice).switchUpTo(MAX, actors.alice))
        .to.be.revertedWithCustomError(switcher, "NothingAfterFee")
        .withArgs(1n, 1n);
    });

    it("lowered below what was switched stops new switches, and takes nothing back", async () => {
      const { switcher, token, actors } = context;
      await switcher.connect(actors.alice).switchShares(10n * ONE, actors.alice);
      await set(context, "setCap", 4n * ONE);
      expect(await count(switcher)).to.deep.equal({ cap: 4n * ONE, used: 10n * ONE, remaining: 0n });
      expect(await switcher.available()).to.equal(0n);
      expect(await token.balanceOf(actors.alice)).to.equal(10n * ONE - feeOf(10n * ONE));
      await expect(switcher.connect(actors.bob).switchShares(2n, actors.bob))
        .to.be.revertedWithCustomError(switcher, "AboveRemaining")
        .withArgs(2n, 0n);
      await expect(switcher.connect(actors.bob).switchUpTo(2n, actors.bob)).to.be.revertedWithCustomError(
        switcher,
        "ZeroShares",
      );
    });

    it("A51: raised gives what it was raised by, beyond what was switched ever", async () => {
      const { switcher, actors } = context;
      await switcher.connect(actors.alice).switchShares(10n * ONE, actors.alice);
      await set(context, "setCap", 4n * ONE);
      await set(context, "setCap", 12n * ONE);
      expect(await count(switcher)).to.deep.equal({ cap: 12n * ONE, used: 10n * ONE, remaining: 2n * ONE });
      await expect(switcher.connect(actors.bob).switchShares(2n * ONE + 1n, actors.bob))
        .to.be.revertedWithCustomError(switcher, "AboveRemaining")
        .withArgs(2n * ONE + 1n, 2n * ONE);
      await switcher.connect(actors.bob).switchShares(2n * ONE, actors.bob);
      expect(await switcher.remaining()).to.equal(0n);
    });
  });

  describe("the daily limit", () => {
    it("is off by default: all of the cap can be switched in one second", async () => {
      const { switcher, actors } = context;
      expect((await switcher.parameters()).dailyLimit).to.equal(0n);
      expect(await switcher.available()).to.equal(SWITCH_CAP);
      await switcher.connect(actors.alice).switchShares(GENESIS_SHARES, actors.alice);
      expect(await switcher.available()).to.equal(SWITCH_CAP - GENESIS_SHARES);
    });

    it("can be set from the start, and starts full then, too", async () => {
      context = await legacyFixture({ switcher: { dailyLimitWei: LIMIT } });
      const { switcher, actors } = context;
      expect((await switcher.parameters()).dailyLimit).to.equal(LIMIT);
      expect(await switcher.available()).to.equal(LIMIT);
      await switcher.connect(actors.alice).switchShares(LIMIT, actors.alice);
      expect(await switcher.available()).to.equal(0n);
    });

    it("does not open a cap that is lower", async () => {
      const { switcher, actors } = context;
      await set(context, "setCap", 10n);
      await set(context, "setDailyLimit", LIMIT);
      expect(await switcher.available()).to.equal(10n);
      expect(await switcher.remaining()).to.equal(10n);
      await expect(switcher.connect(actors.alice).switchShares(11n, actors.alice))
        .to.be.revertedWithCustomError(switcher, "AboveRemaining")
        .withArgs(11n, 10n);
    });

    describe("of 1,000 shares, used up", () => {
      let empty: bigint;

      beforeEach(async () => {
        const { switcher, actors } = context;
        await set(context, "setDailyLimit", LIMIT);
        expect(await switcher.available()).to.equal(LIMIT);
        empty = await soon();
        await at(empty, () => switcher.connect(actors.alice).switchShares(LIMIT, actors.alice));
        expect(await switcher.available()).to.equal(0n);
      });

      it("leaves the cap what it is without it", async () => {
        expect(await context.switcher.remaining()).to.equal(SWITCH_CAP - LIMIT);
      });

      it("refills on a line over a day, and no further", async () => {
        const { switcher } = context;
        for (const seconds of [1n, 2n, 86n, 12_345n, DAY / 2n, DAY - 1n, DAY]) {
          await time.increaseTo(empty + seconds);
          expect(await switcher.available(), `after ${seconds} seconds`).to.equal(refill(LIMIT, seconds));
        }
        await time.increaseTo(empty + 30n * DAY);
        expect(await switcher.available()).to.equal(LIMIT);
      });

      it("refuses a share more than it has got back, and gives exactly that", async () => {
        const { switcher, actors } = context;
        const alice = switcher.connect(actors.alice);
        const back = refill(LIMIT, 20_000n);
        await time.setNextBlockTimestamp(empty + 20_000n);
        await expect(alice.switchShares(back + 1n, actors.alice))
          .to.be.revertedWithCustomError(switcher, "AboveDailyLimit")
          .withArgs(back + 1n, back);
        const later = refill(LIMIT, 20_001n);
        await time.setNextBlockTimestamp(empty + 20_001n);
        await expect(alice.switchBonds(later + 1n, actors.alice))
          .to.be.revertedWithCustomError(switcher, "AboveDailyLimit")
          .withArgs(later + 1n, later);
        await at(empty + 20_002n, () => alice.switchShares(refill(LIMIT, 20_002n), actors.alice));
        expect(await switcher.available()).to.equal(0n);
      });

      it("goes on from what was used, however often", async () => {
        const { switcher, actors } = context;
        const alice = switcher.connect(actors.alice);
        let used = LIMIT;
        let last = empty;
        for (const [seconds, shares] of [
          [3_000n, 10n * ONE],
          [3_007n, 17n * ONE],
          [40_000n, 400n * ONE + 1n],
        ] as const) {
          used = used - refill(LIMIT, empty + seconds - last) + shares;
          last = empty + seconds;
          await at(last, () => alice.switchShares(shares, actors.alice));
          expect(await switcher.available()).to.equal(LIMIT - used);
        }
      });

      it("is the same for all holders", async () => {
        const { switcher, actors } = context;
        await time.setNextBlockTimestamp(empty + 1n);
        await expect(switcher.connect(actors.bob).switchShares(ONE, actors.bob))
          .to.be.revertedWithCustomError(switcher, "AboveDailyLimit")
          .withArgs(ONE, refill(LIMIT, 1n));
      });

      it("is filled by switchUpTo", async () => {
        const { switcher, token, actors } = context;
        const back = refill(LIMIT, 777n);
        const sent = await at(empty + 777n, () => switcher.connect(actors.bob).switchUpTo(MAX, actors.bob));
        await expect(sent).to.changeTokenBalance(token, actors.bob, back - feeOf(back));
        expect(await switcher.available()).to.equal(0n);
        expect(await switcher.remaining()).to.equal(SWITCH_CAP - LIMIT - back);
      });

      it("keeps nobody from unstaking", async () => {
        const { bond, pool, actors } = context;
        await expect(bond.connect(actors.bob).unstakeShares(GENESIS_SHARES)).to.emit(pool, "RedeemRequest");
      });
    });

    describe("when it is changed in the middle of a day", () => {
      /** Switches `shares` and changes the limit of 1,000 to another one after some seconds; returns that time. */
      async function changed(limit: bigint, shares: bigint, seconds: bigint): Promise<bigint> {
        const { switcher, actors } = context;
        await set(context, "setDailyLimit", LIMIT);
        const execute = await scheduledLimit(context, limit);
        const start = await soon();
        await at(start, () => switcher.connect(actors.alice).switchShares(shares, actors.alice));
        await expect(await at(start + seconds, execute))
          .to.emit(switcher, "DailyLimitSet")
          .withArgs(LIMIT, limit);
        return start + seconds;
      }

      it("lowered bites at once", async () => {
        const { switcher, actors } = context;
        const then = await changed(100n * ONE, 10n * ONE, 60n);
        expect(await switcher.available()).to.equal(100n * ONE);
        await time.setNextBlockTimestamp(then + 1n);
        await expect(switcher.connect(actors.alice).switchShares(100n * ONE + 1n, actors.alice))
          .to.be.revertedWithCustomError(switcher, "AboveDailyLimit")
          .withArgs(100n * ONE + 1n, 100n * ONE);
      });

      it("lowered leaves what was less already, and refills at the new pace", async () => {
        const { switcher } = context;
        const free = 50n * ONE + refill(LIMIT, 100n);
        const then = await changed(100n * ONE, 950n * ONE, 100n);
        expect(await switcher.available()).to.equal(free);
        await time.increaseTo(then + 1_000n);
        expect(await switcher.available()).to.equal(free + refill(100n * ONE, 1_000n));
      });

      it("lowered to a hundredth when it was used up does not stay shut: it is full a day later", async () => {
        const { switcher } = context;
        const limit = LIMIT / 100n;
        const then = await changed(limit, LIMIT, 1n);
        const free = refill(LIMIT, 1n);
        expect(await switcher.available()).to.equal(free);
        await time.increaseTo(then + DAY / 2n);
        expect(await switcher.available()).to.equal(free + limit / 2n);
        await time.increaseTo(then + DAY);
        expect(await switcher.available()).to.equal(limit);
      });

      it("raised grants nothing at once, and refills at the new pace", async () => {
        const { switcher } = context;
        const limit = 10n * LIMIT;
        const free = refill(LIMIT, 60n);
        const then = await changed(limit, LIMIT, 60n);
        expect(await switcher.available()).to.equal(free);
        await time.increaseTo(then + 1_000n);
        expect(await switcher.available()).to.equal(free + refill(limit, 1_000n));
        await time.increaseTo(then + DAY);
        expect(await switcher.available()).to.equal(limit);
      });

      it("raised while it is full grants nothing at once either", async () => {
        const { switcher } = context;
        await set(context, "setDailyLimit", LIMIT);
        await set(context, "setDailyLimit", 3n * LIMIT);
        expect(await switcher.available()).to.equal(LIMIT);
        await time.increase(DAY);
        expect(await switcher.available()).to.equal(3n * LIMIT);
      });

      it("set to what it is changes nothing", async () => {
        const { switcher } = context;
        const then = await changed(LIMIT, 600n * ONE, 500n);
        const free = 400n * ONE + refill(LIMIT, 500n);
        expect(await switcher.available()).to.equal(free);
        await time.increaseTo(then + 100n);
        expect(await switcher.available()).to.equal(free + refill(LIMIT, 100n));
      });

      it("removed is no limit any more", async () => {
        const { switcher, actors } = context;
        await changed(0n, LIMIT, 1n);
        expect((await switcher.parameters()).dailyLimit).to.equal(0n);
        expect(await switcher.available()).to.equal(SWITCH_CAP - LIMIT);
        await switcher.connect(actors.bob).switchShares(GENESIS_SHARES, actors.bob);
      });

      it("set again where there was none starts full", async () => {
        const { switcher } = context;
        await changed(0n, LIMIT, 1n);
        await set(context, "setDailyLimit", 5n * ONE);
        expect(await switcher.available()).to.equal(5n * ONE);
      });

      it("does not touch the count of what was switched", async () => {
        await changed(5n * ONE, 700n * ONE, 1n);
        expect((await count(context.switcher)).used).to.equal(700n * ONE);
      });
    });
  });
});
