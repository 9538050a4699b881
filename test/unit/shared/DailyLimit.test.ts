import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { DailyLimit__Harness__factory } from "../../typechain-types";
import type { DailyLimit__Harness } from "../../typechain-types";

const DAY = 86_400n;
const LIMIT = 1_000n * 10n ** 18n;
/** Highest limit. */
const WIDEST = 2n ** 208n - 1n;

async function deploy(): Promise<DailyLimit__Harness> {
  const [deployer] = await ethers.getSigners();
  return new DailyLimit__Harness__factory(deployer).deploy();
}

describe("DailyLimit", () => {
  let flow: DailyLimit__Harness;
  let now: bigint;

  /** Sends the next transaction some seconds after the start. */
  async function after(seconds: bigint): Promise<void> {
    await time.setNextBlockTimestamp(now + seconds);
  }

  beforeEach(async () => {
    flow = await loadFixture(deploy);
    now = BigInt(await time.latest()) + 100n;
    await after(0n);
  });

  describe("that was never started", () => {
    it("is a limit of nothing, at any time", async () => {
      await time.increase(30n * DAY);
      expect([await flow.limitOf(), await flow.available()]).to.deep.equal([0n, 0n]);
      await expect(flow.tryUse(1n)).to.emit(flow, "Used").withArgs(1n, false);
    });

    it("gives nothing to who asks for nothing", async () => {
      await expect(flow.tryUse(0n)).to.emit(flow, "Used").withArgs(0n, true);
      expect(await flow.available()).to.equal(0n);
    });

    it("begins at nothing when it is changed, and fills over a day", async () => {
      await flow.change(LIMIT);
      expect([await flow.limitOf(), await flow.available()]).to.deep.equal([LIMIT, 0n]);
      await time.increaseTo(now + DAY / 4n);
      expect(await flow.available()).to.equal(LIMIT / 4n);
    });
  });

  describe("start", () => {
    it("makes all of it available", async () => {
      await flow.start(LIMIT);
      expect([await flow.limitOf(), await flow.available()]).to.deep.equal([LIMIT, LIMIT]);
    });

    it("may be of nothing", async () => {
      await flow.start(0n);
      await time.increase(DAY);
      expect([await flow.limitOf(), await flow.available()]).to.deep.equal([0n, 0n]);
    });

    it("takes any number of 208 bits, and none above", async () => {
      await flow.start(WIDEST);
      expect(await flow.available()).to.equal(WIDEST);
      for (const limit of [WIDEST + 1n, 2n ** 256n - 1n]) {
        await expect(flow.start(limit))
          .to.be.revertedWithCustomError(flow, "SafeCastOverflowedUintDowncast")
          .withArgs(208n, limit);
        await expect(flow.change(limit))
          .to.be.revertedWithCustomError(flow, "SafeCastOverflowedUintDowncast")
          .withArgs(208n, limit);
      }
      expect(await flow.limitOf()).to.equal(WIDEST);
    });
  });

  describe("tryUse", () => {
    beforeEach(async () => {
      await flow.start(LIMIT);
    });

    it("takes all that is available in any pieces, and not a wei more", async () => {
      await expect(flow.tryUse(LIMIT + 1n))
        .to.emit(flow, "Used")
        .withArgs(LIMIT + 1n, false);
      expect(await flow.available()).to.equal(LIMIT);
      await expect(flow.tryUse(LIMIT)).to.emit(flow, "Used").withArgs(LIMIT, true);
      expect(await flow.available()).to.equal(0n);
    });

    it("takes nothing at all if not all of it is available", async () => {
      await after(10n);
      await flow.tryUse(LIMIT - 5n);
      await expect(flow.tryUse(LIMIT)).to.emit(flow, "Used").withArgs(LIMIT, false);
      await time.increaseTo(now + 10n + DAY);
      expect(await flow.available()).to.equal(LIMIT);
    });

    it("takes no number that would overflow", async () => {
      for (const amount of [2n ** 208n, 2n ** 256n - 1n]) {
        await expect(flow.tryUse(amount)).to.emit(flow, "Used").withArgs(amount, false);
      }
    });
  });

  describe("its refill", () => {
    for (const limit of [1n, 86_399n, 86_400n, 86_401n, LIMIT, WIDEST]) {
      it(`of a limit of ${limit} is on a line over a day, rounded down, and ends there`, async () => {
        await flow.start(limit);
        await after(100n);
        await flow.tryUse(limit);
        expect(await flow.available()).to.equal(0n);
        for (const seconds of [1n, 2n, 43_199n, 43_200n, 86_399n, 86_400n]) {
          await time.increaseTo(now + 100n + seconds);
          expect(await flow.available(), `after ${seconds} seconds`).to.equal((limit * seconds) / DAY);
        }
        await time.increase(1_000n * DAY);
        expect(await flow.available()).to.equal(limit);
      });
    }

    it("goes on while who asks gets nothing: asking costs nobody anything", async () => {
      await flow.start(1n);
      await after(100n);
      await flow.tryUse(1n);
      for (const seconds of [1n, 40_000n, 86_399n]) {
        await after(100n + seconds);
        await flow.tryUse(1n);
      }
      await time.increaseTo(now + 100n + DAY);
      expect(await flow.available()).to.equal(1n);
    });
  });

  describe("change", () => {
    beforeEach(async () => {
      await flow.start(LIMIT);
      await after(100n);
      await flow.tryUse((LIMIT * 9n) / 10n);
    });

    it("up makes no wei available at that moment, and refills at the new pace", async () => {
      await after(100n + 864n);
      await flow.change(5n * LIMIT);
      const then = LIMIT / 10n + LIMIT / 100n;
      expect([await flow.limitOf(), await flow.available()]).to.deep.equal([5n * LIMIT, then]);
      await time.increaseTo(now + 100n + 864n + 8_640n);
      expect(await flow.available()).to.equal(then + LIMIT / 2n);
    });

    it("down takes what is above the new limit at once, and refills at the new pace", async () => {
      await after(100n + 864n);
      await flow.change(LIMIT / 20n);
      expect(await flow.available()).to.equal(LIMIT / 20n);
      await flow.tryUse(LIMIT / 20n);
      await time.increase(DAY / 2n);
      expect(await flow.available()).to.equal(LIMIT / 40n);
    });

    it("down far below what was used does not stay shut: it is full a day later", async () => {
      await after(101n);
      await flow.tryUse(LIMIT / 10n + LIMIT / DAY);
      await after(102n);
      await flow.change(LIMIT / 1_000n);
      const free = LIMIT / DAY;
      expect(await flow.available()).to.equal(free);
      await time.increaseTo(now + 102n + DAY / 2n);
      expect(await flow.available()).to.equal(free + LIMIT / 2_000n);
      await time.increaseTo(now + 102n + DAY);
      expect(await flow.available()).to.equal(LIMIT / 1_000n);
    });

    it("to what it is moves nothing", async () => {
      await after(100n + 864n);
      await flow.change(LIMIT);
      expect(await flow.available()).to.equal((LIMIT * 11n) / 100n);
      await time.increaseTo(now + 100n + 2n * 864n);
      expect(await flow.available()).to.equal((LIMIT * 12n) / 100n);
    });

    it("down and up again gains nothing, in whatever order and however often", async () => {
      await after(101n);
      await flow.change(LIMIT / 1_000n);
      await after(102n);
      await flow.change(10n * LIMIT);
      await after(103n);
      await flow.change(LIMIT);
      // A thousandth was left, and a second of the raised limit came to it.
      expect(await flow.available()).to.equal(LIMIT / 1_000n + (10n * LIMIT) / DAY);
    });

    it("to nothing stops at once, and what comes after it begins at nothing", async () => {
      await after(101n);
      await flow.change(0n);
      await expect(flow.tryUse(1n)).to.emit(flow, "Used").withArgs(1n, false);
      await after(200n);
      await flow.change(LIMIT);
      expect(await flow.available()).to.equal(0n);
      await time.increaseTo(now + 200n + DAY);
      expect(await flow.available()).to.equal(LIMIT);
    });
  });
});
