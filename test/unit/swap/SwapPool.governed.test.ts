import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { DAY, ONE } from "../../support/fixture";
import { at, now, scheduled } from "../../support/polygon";
import { PAYOUT_LIMIT, fundedFixture, refreshRate, set } from "../../support/swap";
import type { Swap } from "../../support/swap";

const COOLDOWN = 30n * DAY;

describe("SwapPool, what is governed", () => {
  let context: Swap;

  beforeEach(async () => {
    context = await fundedFixture();
  });

  /** A call of the manager that has waited its day. */
  const call = (name: "setFee" | "setDailyLimit" | "resumeSwaps", ...args: bigint[]) => {
    const { swap } = context;
    return scheduled(context, "manager", swap, swap.interface.encodeFunctionData(name as "setFee", args as [bigint]));
  };

  describe("setFee", () => {
    it("sets 42 to 100 bps, and logs the old and the new one", async () => {
      const { swap } = context;
      let previous = 50n;
      for (const bps of [42n, 100n]) {
        const execute = await call("setFee", bps);
        await expect(execute()).to.emit(swap, "UnstakeFeeSet").withArgs(previous, bps);
        expect((await swap.parameters()).feeBps).to.equal(bps);
        previous = bps;
      }
    });

    it("refuses more than 1 %", async () => {
      const { swap } = context;
      for (const bps of [101n, 10_000n, 2n ** 16n + 50n]) {
        await expect((await call("setFee", bps))())
          .to.be.revertedWithCustomError(swap, "FeeOutOfBounds")
          .withArgs(bps, 100n);
      }
    });

    it("A78: refuses less than what the rate can grow by in a day", async () => {
      const { swap } = context;
      for (const bps of [0n, 41n]) {
        await expect((await call("setFee", bps))())
          .to.be.revertedWithCustomError(swap, "FeeTooLow")
          .withArgs(bps, 42n);
      }
    });
  });

  describe("setDailyLimit", () => {
    it("logs the old and the new one, and refuses more than 1e30", async () => {
      const { swap } = context;
      await expect((await call("setDailyLimit", 7n))())
        .to.emit(swap, "PayoutLimitSet")
        .withArgs(PAYOUT_LIMIT, 7n);
      await expect((await call("setDailyLimit", 10n ** 30n))())
        .to.emit(swap, "PayoutLimitSet")
        .withArgs(7n, 10n ** 30n);
      await expect((await call("setDailyLimit", 10n ** 30n + 1n))())
        .to.be.revertedWithCustomError(swap, "PayoutLimitOutOfBounds")
        .withArgs(10n ** 30n + 1n, 10n ** 30n);
    });

    it("A75: a higher one gives nothing at once, and refills at its own pace", async () => {
      const { swap } = context;
      const execute = await call("setDailyLimit", 4n * PAYOUT_LIMIT);
      await refreshRate(context);
      const start = (await now()) + 100n;
      await at(start, execute);
      await refreshRate(context);
      await time.increaseTo(start + DAY / 24n);
      // What was full stays; a 24th of the new one comes in an hour. The reserve is larger.
      expect((await swap.available())[0]).to.equal(PAYOUT_LIMIT + (4n * PAYOUT_LIMIT) / 24n);
    });

    it("A75: a lower one bites at once, and a higher one after it does not bring back what it took", async () => {
      const { swap } = context;
      await set(context, "setDailyLimit", ONE);
      expect((await swap.available())[0]).to.equal(ONE);
      const raise = await call("setDailyLimit", PAYOUT_LIMIT);
      await refreshRate(context);
      const start = (await now()) + 100n;
      await at(start, raise);
      expect((await swap.available())[0]).to.equal(ONE);
    });

    it("of 0 pays out nothing, and stops neither staking nor balanced liquidity", async () => {
      const { swap, actors } = context;
      await set(context, "setDailyLimit", 0n);
      const by = swap.connect(actors.alice);
      const assets = (await swap.quoteStakeFor(ONE)) - 1n;
      await expect(by.unstake(ONE, 0n))
        .to.be.revertedWithCustomError(swap, "AbovePayoutLimit")
        .withArgs((assets * 9_950n) / 10_000n, 0n);
      await by.stake(0n, { value: ONE });
      const { assets: has, shares } = await swap.reserves();
      await by.addLiquidity((shares * ONE) / has, 0n, actors.alice, 2n ** 64n, { value: ONE });
    });
  });

  describe("pauseSwaps and resumeSwaps", () => {
    it("A90: lasts a second to five days, is logged, and comes again after 30 days at the earliest", async () => {
      const { swap, actors } = context;
      const guardian = swap.connect(actors.guardian);
      for (const duration of [0n, 5n * DAY + 1n]) {
        await expect(guardian.pauseSwaps(duration))
          .to.be.revertedWithCustomError(swap, "PauseOutOfBounds")
          .withArgs(duration, 5n * DAY);
      }
      const start = (await now()) + 100n;
      const until = start + 5n * DAY;
      await expect(at(start, () => guardian.pauseSwaps(5n * DAY)))
        .to.emit(swap, "SwapsPauseSet")
        .withArgs(actors.guardian.address, until);
      expect((await swap.parameters()).pausedUntil).to.equal(until);
      for (const again of [start + 10n, until + COOLDOWN - 1n]) {
        await time.setNextBlockTimestamp(again);
        await expect(guardian.pauseSwaps(1n))
          .to.be.revertedWithCustomError(swap, "PauseCoolingDown")
          .withArgs(until + COOLDOWN);
      }
      await at(until + COOLDOWN, () => guardian.pauseSwaps(1n));
    });

    it("the manager ends it early, and cannot end what is none", async () => {
      const { swap, actors, manager } = context;
      await expect((await call("resumeSwaps"))()).to.be.revertedWithCustomError(swap, "NotPaused");
      await manager
        .connect(actors.manager)
        .cancel(actors.manager, swap, swap.interface.encodeFunctionData("resumeSwaps"));
      await swap.connect(actors.guardian).pauseSwaps(5n * DAY);
      const resume = await call("resumeSwaps");
      await refreshRate(context);
      const end = (await now()) + 100n;
      await expect(at(end, resume))
        .to.emit(swap, "SwapsPauseSet")
        .withArgs(await manager.getAddress(), end);
      await swap.connect(actors.alice).stake(0n, { value: ONE });
      // From then on the cool-down counts.
      await expect(swap.connect(actors.guardian).pauseSwaps(1n))
        .to.be.revertedWithCustomError(swap, "PauseCoolingDown")
        .withArgs(end + COOLDOWN);
    });
  });
});
