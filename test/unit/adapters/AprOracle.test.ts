import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";

import type { ChildAdapters, PoolAdapters } from "../../../deploy/adapters";
import { adaptedPolygon, poolAdapters } from "../../support/adapters";
import { DAY, MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { reward, shrink } from "../../support/growth";
import { unwatchLedgers } from "../../support/ledgers";
import { YEAR, at, now } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { setTotalAssets } from "../../support/poolTotals";
import { tries } from "../../support/properties";
import { AprOracle__factory } from "../../../typechain-types";
import type { AprOracle } from "../../../typechain-types";
import { StubSource__factory } from "../../typechain-types";
import type { StubSource } from "../../typechain-types";

const HOUR = 3_600n;
/** Seconds between two snapshots, at least. */
const GAP = 20n * HOUR;
/** Snapshots that are kept. */
const KEPT = 10;
const PER_CENT = ONE;
const WIDEST = 2n ** 104n - 1n;

/** Any token; the stub's oracle is made for it. */
const TOKEN = "0x00000000000000000000000000000000000A11cE";

interface Stubbed {
  readonly source: StubSource;
  readonly oracle: AprOracle;
}

async function stubbed(): Promise<Stubbed> {
  unwatchLedgers();
  const [deployer] = await ethers.getSigners();
  const source = await new StubSource__factory(deployer).deploy();
  return { source, oracle: await new AprOracle__factory(deployer).deploy(source, TOKEN) };
}

describe("AprOracle", () => {
  describe("over any rate", () => {
    let source: StubSource;
    let oracle: AprOracle;

    beforeEach(async () => {
      ({ source, oracle } = await stubbed());
    });

    /** The rate is this from now on, at a time of choice. */
    const say = (assets: bigint, shares: bigint, when: bigint) => source.set(assets, shares, when, 1n);

    /** A snapshot of this rate. */
    async function keep(assets: bigint, shares: bigint, when: bigint): Promise<void> {
      await say(assets, shares, when);
      await oracle.snapshot();
    }

    const apr = (days: bigint) => oracle.averagePercentageRate(TOKEN, days);

    describe("snapshot", () => {
      const start = 1_800_000_000n;

      it("A95: is all that changes it: no owner, no upgrade, nothing to set", () => {
        expect(changingFunctionsOf(oracle).map(({ name }) => name)).to.deep.equal(["snapshot"]);
      });

      it("may be taken by anyone, and tells what it kept", async () => {
        const [, , stranger] = await ethers.getSigners();
        await say(7n * ONE, 5n * ONE, start);
        expect(await oracle.nextSnapshotAt()).to.equal(0n);
        await expect(oracle.connect(stranger).snapshot())
          .to.emit(oracle, "SnapshotTaken")
          .withArgs(7n * ONE, 5n * ONE, start);
        expect(await oracle.nextSnapshotAt()).to.equal(start + GAP);
      });

      it("is taken once in 20 hours of the rate's own time, whoever calls how often", async () => {
        await keep(ONE, ONE, start);
        for (const when of [start - 1n, start, start + GAP - 1n]) {
          await say(ONE, ONE, when);
          await expect(oracle.snapshot())
            .to.be.revertedWithCustomError(oracle, "TooEarly")
            .withArgs(when, start + GAP);
        }
        await keep(ONE, ONE, start + GAP);
        expect(await oracle.nextSnapshotAt()).to.equal(start + 2n * GAP);
      });

      it("refuses numbers that do not fit rather than cut them off", async () => {
        for (const [bits, assets, shares, when] of [
          [104n, 2n ** 104n, ONE, start],
          [104n, ONE, 2n ** 104n, start],
          [48n, ONE, ONE, 2n ** 48n],
        ] as const) {
          await say(assets, shares, when);
          await expect(oracle.snapshot())
            .to.be.revertedWithCustomError(oracle, "SafeCastOverflowedUintDowncast")
            .withArgs(bits, 2n ** bits);
        }
      });

      it("keeps 10: who takes them as often as possible does not shorten what can be asked", async () => {
        const times: bigint[] = [];
        for (let n = 0n; n < 25n; n++) {
          times.push(start + n * GAP);
          await keep(ONE, ONE, start + n * GAP);
          if (times.length < KEPT) continue;
          for (let days = 1n; days <= 7n; days++) {
            const fit = times.filter((when) => when + days * DAY <= start + n * GAP);
            expect(await oracle.windowOf(days)).to.deep.equal([fit.at(-1), start + n * GAP]);
          }
        }
      });
    });

    describe("averagePercentageRate", () => {
      const start = 1_800_000_000n;

      it("has the name and the arguments that the first generation's readers call", () => {
        const { name, inputs } = oracle.averagePercentageRate.fragment;
        expect(`${name}(${inputs.map(({ type }) => type).join()})`).to.equal("averagePercentageRate(address,uint256)");
      });

      it("answers for its token alone", async () => {
        await keep(ONE, ONE, start);
        for (const other of [ZeroAddress, await source.getAddress()]) {
          await expect(oracle.averagePercentageRate(other, 1n))
            .to.be.revertedWithCustomError(oracle, "UnknownToken")
            .withArgs(other);
        }
        expect([await oracle.TOKEN(), await oracle.SOURCE()]).to.deep.equal([TOKEN, await source.getAddress()]);
      });

      it("answers for 1 to 7 days", async () => {
        await keep(ONE, ONE, start);
        await say(ONE, ONE, start + 7n * DAY);
        for (const days of [0n, 8n, MAX]) {
          for (const read of [apr, oracle.windowOf]) {
            await expect(read(days)).to.be.revertedWithCustomError(oracle, "DaysOutOfBounds").withArgs(days, 7n);
          }
        }
        for (const days of [1n, 7n]) expect(await apr(days)).to.equal(0n);
      });

      it("says so while no snapshot is old enough, to the second", async () => {
        await say(ONE, ONE, start);
        const refuse = async (days: bigint) => {
          for (const read of [apr, oracle.windowOf]) {
            await expect(read(days)).to.be.revertedWithCustomError(oracle, "TooFewSnapshots").withArgs(days);
          }
        };
        await refuse(1n);
        await oracle.snapshot();
        await refuse(1n);
        await say(ONE, ONE, start + 2n * DAY - 1n);
        expect(await apr(1n)).to.equal(0n);
        await refuse(2n);
        await say(ONE, ONE, start + 2n * DAY);
        expect(await apr(2n)).to.equal(0n);
      });

      it("is per cent a year with 18 decimals: what grows by a 7,300th a day grows by 5 % a year", async () => {
        await keep(7_300n * ONE, 5n * ONE, start);
        await say(7_301n * ONE, 5n * ONE, start + DAY);
        expect(await apr(1n)).to.equal(5n * PER_CENT);
        // As a quotient of totals, however many shares there are by then, and rounded down.
        await say(14_602n * ONE, 10n * ONE, start + DAY);
        expect(await apr(1n)).to.equal(5n * PER_CENT);
        // A wei of 14,600 POL is 2.5 units.
        await say(14_602n * ONE - 1n, 10n * ONE, start + DAY);
        expect(await apr(1n)).to.equal(5n * PER_CENT - 3n);
      });

      it("divides by the exact time, not by whole days", async () => {
        await keep(7_300n * ONE, ONE, start);
        await say(7_301n * ONE, ONE, start + (3n * DAY) / 2n);
        expect(await apr(1n)).to.equal((5n * PER_CENT * 2n) / 3n);
        await say(7_301n * ONE, ONE, start + 50n * DAY);
        expect(await apr(7n)).to.equal(PER_CENT / 10n);
        expect(await oracle.windowOf(7n)).to.deep.equal([start, start + 50n * DAY]);
      });

      it("begins at the newest snapshot that is old enough", async () => {
        await keep(7_300n * ONE, ONE, start);
        await keep(7_301n * ONE, ONE, start + DAY);
        await keep(7_303n * ONE, ONE, start + 2n * DAY);
        await say(7_303n * ONE, ONE, start + 2n * DAY);
        // Two parts of 7,301 in a day; three of 7,300 in two.
        expect(await apr(1n)).to.equal((2n * 36_500n * PER_CENT) / 7_301n);
        expect(await apr(2n)).to.equal((15n * PER_CENT) / 2n);
      });

      for (const [what, then, later] of [
        ["a loss", 100n * ONE, 99n * ONE],
        ["a loss of a wei", ONE, ONE - 1n],
        ["no growth", ONE, ONE],
        ["a total loss", ONE, 0n],
        ["nothing after nothing", 0n, 0n],
        ["something after nothing", 0n, ONE],
      ] as const) {
        it(`is 0 for ${what}`, async () => {
          await keep(then, ONE, start);
          await say(later, ONE, start + DAY);
          expect(await apr(1n)).to.equal(0n);
        });
      }

      it("reverts for no totals that a pool can have", async () => {
        const extremes = [0n, 1n, ONE, WIDEST];
        for (const then of extremes) {
          ({ source, oracle } = await stubbed());
          await keep(then, ONE, start);
          for (const later of extremes) {
            await say(later, WIDEST, start + 200n * YEAR);
            const grew = later * ONE - then * WIDEST;
            const expected = then === 0n || grew < 0n ? 0n : (100n * ONE * grew) / (then * WIDEST * 200n);
            expect(await apr(7n)).to.equal(expected);
          }
        }
      });

      it("A95: whoever chooses the times of snapshots cannot make it other than the pace of the growth", async () => {
        // 5 % of the first value in a year, evenly.
        const worth = (seconds: bigint): bigint => 20n * YEAR * ONE + seconds * ONE;
        const gaps = fc.array(fc.bigInt({ min: GAP, max: 3n * DAY }), { minLength: 8, maxLength: 14 });
        await fc.assert(
          fc.asyncProperty(gaps, fc.bigInt({ min: 0n, max: 3n * DAY }), async (chosen, last) => {
            ({ source, oracle } = await stubbed());
            let when = 0n;
            for (const gap of chosen) {
              when += gap;
              await keep(worth(when), 20n * YEAR * ONE, start + when);
            }
            when += last;
            await say(worth(when), 20n * YEAR * ONE, start + when);
            for (const days of [1n, 4n]) {
              const from = (await oracle.windowOf(days)).from - start;
              expect(await apr(days)).to.equal((100n * PER_CENT * YEAR * ONE) / worth(from));
            }
          }),
          tries(10),
        );
      });
    });
  });

  describe("on Ethereum", () => {
    let context: Context & PoolAdapters;

    beforeEach(async () => {
      const core = await fixture();
      const { pool, actors } = core;
      await pool.connect(actors.alice).deposit(9_999n * ONE, actors.alice);
      context = { ...core, ...(await poolAdapters(core)) };
    });

    it("is what a week of vesting rewards gave, after the fee", async () => {
      const { aprOracle, token } = context;
      await reward(context, 700n * ONE);
      const start = await now();
      await at(start + DAY, () => aprOracle.snapshot());
      await time.increaseTo(start + 2n * DAY);
      // 10,035 shares; 665 POL vest over 7 days, so that 10,130 POL become 10,225.
      const expected = (95n * 365n * 100n * PER_CENT) / 10_130n;
      expect(await aprOracle.averagePercentageRate(token, 1n)).to.equal(expected);
      expect(await aprOracle.windowOf(1n)).to.deep.equal([start + DAY, start + 2n * DAY]);
    });

    it("is 0 after a loss, and after a total one", async () => {
      const { aprOracle, token } = context;
      await aprOracle.snapshot();
      await time.increase(DAY);
      await shrink(context, 100n);
      expect(await aprOracle.averagePercentageRate(token, 1n)).to.equal(0n);
      await setTotalAssets(context, 0n);
      await aprOracle.snapshot();
      expect(await aprOracle.averagePercentageRate(token, 1n)).to.equal(0n);
    });
  });

  describe("on Polygon", () => {
    let polygon: Polygon & ChildAdapters;
    let start: bigint;

    beforeEach(async () => {
      polygon = await adaptedPolygon();
      start = await now();
    });

    const push = (nonce: bigint, totalAssets: bigint, when: bigint) =>
      polygon.feed
        .connect(polygon.adapter)
        .push(nonce, { totalAssets, totalSupply: 7_300n * ONE, lossCount: 0n, time: when });

    it("X-18: reverts before the first rate", async () => {
      const { aprOracle, token, feed } = polygon;
      for (const call of [
        () => aprOracle.snapshot(),
        () => aprOracle.averagePercentageRate(token, 1n),
        () => aprOracle.windowOf(1n),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(feed, "NoRate");
      }
      expect(await aprOracle.nextSnapshotAt()).to.equal(0n);
    });

    it("counts in the time of the rates on Ethereum, whenever they arrive and are kept", async () => {
      const { aprOracle, token } = polygon;
      await push(1n, 7_300n * ONE, start - 3n * HOUR);
      await time.increase(5n * HOUR);
      await expect(aprOracle.snapshot())
        .to.emit(aprOracle, "SnapshotTaken")
        .withArgs(7_300n * ONE, 7_300n * ONE, start - 3n * HOUR);
      await time.increase(2n * DAY);
      await push(2n, 7_301n * ONE, start + DAY - 3n * HOUR);
      expect(await aprOracle.averagePercentageRate(token, 1n)).to.equal(5n * PER_CENT);
    });

    it("does not take time that passes without a message for time without growth", async () => {
      const { aprOracle, token } = polygon;
      await push(1n, 7_300n * ONE, start);
      await aprOracle.snapshot();
      await time.increase(DAY);
      await push(2n, 7_301n * ONE, start + DAY);
      await time.increase(3n * DAY);
      expect(await aprOracle.averagePercentageRate(token, 1n)).to.equal(5n * PER_CENT);
      expect(await aprOracle.windowOf(1n)).to.deep.equal([start, start + DAY]);
    });

    it("takes no second snapshot of the same rate", async () => {
      const { aprOracle } = polygon;
      await push(1n, 7_300n * ONE, start);
      await aprOracle.snapshot();
      await time.increase(10n * DAY);
      await expect(aprOracle.snapshot())
        .to.be.revertedWithCustomError(aprOracle, "TooEarly")
        .withArgs(start, start + GAP);
    });
  });
});
