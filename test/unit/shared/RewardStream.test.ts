import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { EMPTY, TICKS, absorb, merge, unvestedAt } from "../../support/rewardStream";
import type { Stream } from "../../support/rewardStream";
import { RewardStream__Harness__factory } from "../../typechain-types";
import type { RewardStream__Harness } from "../../typechain-types";

const DAY = 86_400n;
const WEEK = 7n * DAY;
const START = 1_800_000_000n;
const ONE = 10n ** 18n;

const amounts = fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 10n ** 26n));
const periods = fc.bigInt(DAY, WEEK);
/** A stream as a merge leaves it: with something in it, of any length, ending at any tick. */
const streams = fc
  .tuple(amounts, fc.bigInt(1n, WEEK * TICKS))
  .map(([unvested, ticks]): Stream => ({ unvested, since: START, end: START * TICKS + ticks }));

/** A stream, income and its period, and the time of the merge: before the stream's end or after it. */
const merges = fc.tuple(streams, amounts, periods, fc.bigInt(0n, 8n * DAY));

describe("RewardStream", () => {
  let harness: RewardStream__Harness;

  before(async () => {
    const [deployer] = await ethers.getSigners();
    harness = await new RewardStream__Harness__factory(deployer).deploy();
  });

  const plain = ({ unvested, since, end }: Stream): Stream => ({ unvested, since, end });

  describe("unvestedAt", () => {
    it("holds everything at the start and nothing from the end on", async () => {
      await fc.assert(
        fc.asyncProperty(streams, async (stream) => {
          const atEnd = (stream.end + TICKS - 1n) / TICKS;
          const [first, last, later] = await harness.unvestedAt(stream, [START, atEnd, atEnd + WEEK]);
          expect(first).to.equal(stream.unvested);
          expect(last).to.equal(0n);
          expect(later).to.equal(0n);
        }),
        tries(200),
      );
    });

    it("is the least number of wei that is no less than the exact line", async () => {
      await fc.assert(
        fc.asyncProperty(streams, fc.bigInt(0n, WEEK), async (stream, passed) => {
          const time = START + passed;
          fc.pre(time * TICKS < stream.end);
          const [held = -1n] = await harness.unvestedAt(stream, [time]);
          const exact = stream.unvested * (stream.end - time * TICKS);
          const whole = stream.end - stream.since * TICKS;
          expect(held * whole >= exact && (held - 1n) * whole < exact).to.equal(true);
        }),
        tries(300),
      );
    });

    it("never rises with time", async () => {
      await fc.assert(
        fc.asyncProperty(streams, fc.array(fc.bigInt(0n, 8n * DAY), { minLength: 20 }), async (stream, passed) => {
          const times = passed.map((seconds) => START + seconds).sort((a, b) => (a < b ? -1 : 1));
          const held = await harness.unvestedAt(stream, times);
          expect([...held]).to.deep.equal([...held].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)));
        }),
        tries(100),
      );
    });

    it("is 0 for a stream that never held anything", async () => {
      expect(await harness.unvestedAt(EMPTY, [0n, START])).to.deep.equal([0n, 0n]);
    });
  });

  describe("merge", () => {
    /** The stream before and after a merge, in ticks left. */
    async function merged(stream: Stream, assets: bigint, period: bigint, time: bigint) {
      const after = plain(await harness.merge(stream, assets, period, time));
      const remaining = stream.end > time * TICKS ? stream.end - time * TICKS : 0n;
      return {
        after,
        left: unvestedAt(stream, time),
        remaining,
        added: period * TICKS,
        next: after.end - time * TICKS,
      };
    }

    it("keeps the mean delay of all that it holds, rounded up to a tick", async () => {
      await fc.assert(
        fc.asyncProperty(merges, async ([stream, assets, period, passed]) => {
          const { after, left, remaining, added, next } = await merged(stream, assets, period, START + passed);
          expect(after.unvested).to.equal(left + assets);
          expect(after.since).to.equal(START + passed);
          const weighted = left * remaining + assets * added;
          expect(next * after.unvested >= weighted && (next - 1n) * after.unvested < weighted).to.equal(true);
        }),
        tries(500),
      );
    });

    it("ends no earlier than the nearer and no later than the further of the two ends", async () => {
      await fc.assert(
        fc.asyncProperty(merges, async ([stream, assets, period, passed]) => {
          const { left, remaining, added, next } = await merged(stream, assets, period, START + passed);
          const old = left === 0n ? added : remaining;
          expect(next >= (old < added ? old : added)).to.equal(true);
          expect(next <= (old > added ? old : added)).to.equal(true);
        }),
        tries(500),
      );
    });

    it("A11: releases no faster than its two parts together", async () => {
      await fc.assert(
        fc.asyncProperty(merges, async ([stream, assets, period, passed]) => {
          const { after, left, remaining, added, next } = await merged(stream, assets, period, START + passed);
          // U'/r' <= left/r + A/D, times all denominators; a stream that has ended releases nothing.
          const rate = remaining === 0n ? [assets, added] : [left * added + assets * remaining, remaining * added];
          const [numerator = 0n, denominator = 1n] = rate;
          expect(after.unvested * denominator <= numerator * next).to.equal(true);
        }),
        tries(500),
      );
    });

    it("A11: vests nothing of what came at the second of the merge", async () => {
      await fc.assert(
        fc.asyncProperty(merges, async ([stream, assets, period, passed]) => {
          const time = START + passed;
          const { after, left } = await merged(stream, assets, period, time);
          expect(await harness.unvestedAt(after, [time])).to.deep.equal([left + assets]);
        }),
        tries(200),
      );
    });

    it("A11: income a second before the end does not vest with the rest of the stream", async () => {
      const old: Stream = { unvested: 1_000n * ONE, since: START, end: (START + WEEK) * TICKS };
      const time = START + WEEK - 1n;
      const after = await harness.merge(old, 1_000n * ONE, WEEK, time);
      const [now = 0n, next = 0n] = await harness.unvestedAt(plain(after), [time, time + 1n]);
      // The two rates together: 2,000 POL a week.
      expect(now - next <= (2_000n * ONE) / WEEK + 1n).to.equal(true);
    });

    it("A12: a hundred merges in one block are one merge of their sum, within a tick each", async () => {
      const old: Stream = { unvested: 500n * ONE, since: START, end: (START + DAY) * TICKS };
      const steps = Array.from({ length: 100 }, () => ({ time: START, loss: 0n, assets: ONE, period: WEEK }));
      const [many] = await harness.replay(old, steps);
      const once = await harness.merge(old, 100n * ONE, WEEK, START);
      const last = many.at(-1);
      expect(last?.unvested).to.equal(once.unvested);
      const apart = (last?.end ?? 0n) - once.end;
      expect(apart >= 0n && apart <= 100n, `${apart} ticks`).to.equal(true);
    });

    it("A12: a stranger who merges a wei each second moves the end by less than the last wei's part", async () => {
      const old: Stream = { unvested: 1_000n * ONE, since: START, end: (START + DAY) * TICKS };
      const steps = Array.from({ length: 500 }, (_, index) => ({
        time: START + BigInt(index) + 1n,
        loss: 0n,
        assets: 1n,
        period: WEEK,
      }));
      const [many] = await harness.replay(old, steps);
      // Each merge rounds the end up by less than a tick: 2^-24 s, and the wei weigh nothing against 1e21.
      const moved = (many.at(-1)?.end ?? 0n) - old.end;
      expect(moved >= 0n && moved <= 500n, `${moved} ticks`).to.equal(true);
    });

    it("of nothing into nothing is an empty stream that ends at once", async () => {
      expect(plain(await harness.merge(EMPTY, 0n, WEEK, START))).to.deep.equal({
        unvested: 0n,
        since: START,
        end: START * TICKS,
      });
    });

    it("does not overflow at 2^96 wei over the longest period", async () => {
      const most = 2n ** 96n - 1n;
      const full: Stream = { unvested: most, since: START, end: (START + WEEK) * TICKS };
      expect(plain(await harness.merge(full, most, WEEK, START + 1n))).to.deep.equal(
        merge(full, most, WEEK, START + 1n),
      );
    });
  });

  describe("absorb", () => {
    const losses = fc.tuple(streams, amounts, fc.bigInt(0n, 8n * DAY));

    it("bears a loss up to what has not vested, and keeps the end", async () => {
      await fc.assert(
        fc.asyncProperty(losses, async ([stream, loss, passed]) => {
          const time = START + passed;
          const [[after = EMPTY], [absorbed]] = await harness.replay(stream, [{ time, loss, assets: 0n, period: 0n }]);
          const held = unvestedAt(stream, time);
          expect(absorbed).to.equal(loss < held ? loss : held);
          expect(plain(after).unvested).to.equal(held - (absorbed ?? 0n));
          expect(after.end).to.equal(stream.end > time * TICKS ? stream.end : time * TICKS);
        }),
        tries(300),
      );
    });

    it("vests the rest on a line to the same end", async () => {
      const full: Stream = { unvested: 1_000n, since: START, end: (START + 1_000n) * TICKS };
      const [[after = EMPTY]] = await harness.replay(full, [
        { time: START + 500n, loss: 400n, assets: 0n, period: 0n },
      ]);
      expect(await harness.unvestedAt(plain(after), [START + 500n, START + 750n, START + 1_000n])).to.deep.equal([
        100n,
        50n,
        0n,
      ]);
    });
  });

  describe("any sequence of income and losses", () => {
    const steps = fc.array(
      fc.record({
        gap: fc.oneof(fc.constant(0n), fc.bigInt(0n, 60n), fc.bigInt(0n, 3n * DAY)),
        loss: fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, { weight: 1, arbitrary: amounts }),
        assets: fc.oneof({ weight: 1, arbitrary: fc.constant(0n) }, { weight: 3, arbitrary: amounts }),
        period: periods,
      }),
      { minLength: 1, maxLength: 60 },
    );

    it("goes as computed from the definition, to the wei and the tick", async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (changes) => {
          let time = START;
          const timed = changes.map(({ gap, ...step }) => ({ ...step, time: (time += gap) }));
          const [found, absorbed] = await harness.replay(EMPTY, timed);
          let expected = EMPTY;
          for (const [index, step] of timed.entries()) {
            const outcome = step.loss === 0n ? undefined : absorb(expected, step.loss, step.time);
            expected = outcome?.reduced ?? expected;
            if (step.assets !== 0n) expected = merge(expected, step.assets, step.period, step.time);
            expect(plain(found[index] ?? EMPTY)).to.deep.equal(expected);
            expect(absorbed[index]).to.equal(outcome?.absorbed ?? 0n);
          }
        }),
        tries(150),
      );
    });

    it("never takes back what has vested, and in the end vests all that came in and was not lost", async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (changes) => {
          let time = START;
          const timed = changes.map(({ gap, ...step }) => ({ ...step, time: (time += gap) }));
          const [found, absorbed] = await harness.replay(EMPTY, timed);
          let kept = 0n;
          let vested = 0n;
          for (const [index, step] of timed.entries()) {
            kept += step.assets - (absorbed[index] ?? 0n);
            const vestedNow = kept - (found[index]?.unvested ?? 0n);
            expect(vestedNow >= vested).to.equal(true);
            vested = vestedNow;
          }
          expect(vested <= kept).to.equal(true);
          expect(await harness.unvestedAt(plain(found.at(-1) ?? EMPTY), [time + WEEK])).to.deep.equal([0n]);
        }),
        tries(150),
      );
    });
  });
});
