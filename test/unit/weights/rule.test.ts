import { expect } from "chai";
import fc from "fast-check";

import { concentrationOf } from "../../../scripts/weights/concentration";
import { allot, propose } from "../../../scripts/weights/rule";
import type { Proposal } from "../../../scripts/weights/rule";
import { tries } from "../../support/properties";
import { MAX_COMMISSION, MAX_SHARE, crowded, networks, seat, setOf } from "../../support/weights";
import type { Seat } from "../../support/weights";

const WHOLE = 10_000n;

function weightsOf({ positions }: Proposal): bigint[] {
  return positions.map(({ weight }) => weight);
}

function weightAt({ positions }: Proposal, index: number): bigint {
  return (positions[index] ?? expect.fail("there is no such position")).weight;
}

function sum(all: readonly bigint[]): bigint {
  return all.reduce((total, one) => total + one, 0n);
}

/** A copy in which one entry is another. */
function withSeat(all: readonly Seat[], index: number, changes: Partial<Seat>): Seat[] {
  return all.map((one, at) => (at === index ? { ...one, ...changes } : one));
}

function proposal(all: readonly Seat[], others: readonly bigint[] = []): Proposal {
  return propose(setOf(all, others));
}

describe("weights: allotment of the basis points", () => {
  const shares = fc
    .array(fc.tuple(fc.bigInt(0n, 10n ** 20n), fc.bigInt(0n, WHOLE)), { minLength: 1, maxLength: 5 })
    .map((all) => [...all, [1n, WHOLE] as [bigint, bigint]])
    .map((all) => ({ scores: all.map(([score]) => score), caps: all.map(([, cap]) => cap) }));

  it("is by score, rounded to the nearest", () => {
    const caps = [WHOLE, WHOLE, WHOLE];
    expect(allot([1n, 1n, 2n], caps)).to.deep.equal([2_500n, 2_500n, 5_000n]);
    expect(allot([1n, 1n, 1n], caps)).to.deep.equal([3_334n, 3_333n, 3_333n]);
    expect(allot([0n, 7n, 0n], caps)).to.deep.equal([0n, WHOLE, 0n]);
  });

  it("gives what is above a cap to the others, by their scores", () => {
    expect(allot([6n, 3n, 1n], [4_000n, WHOLE, WHOLE])).to.deep.equal([4_000n, 4_500n, 1_500n]);
    expect(allot([6n, 3n, 1n], [4_000n, 4_200n, WHOLE])).to.deep.equal([4_000n, 4_200n, 1_800n]);
  });

  it("refuses caps that leave no room for the whole", () => {
    expect(() => allot([1n, 0n], [9_999n, WHOLE])).to.throw("the caps leave room for 9999 of 10000 bps");
  });

  it("is what the 10,000 best of all steps make, each score over the odd numbers", () => {
    fc.assert(
      fc.property(shares, ({ scores, caps }) => {
        // Fractions over a common denominator would be huge: they are compared crosswise.
        const steps = scores
          .flatMap((score, index) =>
            Array.from({ length: score === 0n ? 0 : Number(caps[index]) }, (_, step) => ({
              ...{ index, score, odd: 2n * BigInt(step) + 1n },
            })),
          )
          .sort((a, b) => {
            const [left, right] = [a.score * b.odd, b.score * a.odd];
            return left > right ? -1 : left < right ? 1 : a.index - b.index;
          })
          .slice(0, Number(WHOLE));
        const expected = scores.map((_, index) => BigInt(steps.filter((step) => step.index === index).length));
        expect(allot(scores, caps)).to.deep.equal(expected);
      }),
      tries(10),
    );
  });

  it("gives nobody less for a higher score, and no other more", () => {
    fc.assert(
      fc.property(shares, fc.nat(), fc.bigInt(1n, 10n ** 20n), ({ scores, caps }, at, more) => {
        const raised = at % scores.length;
        const before = allot(scores, caps);
        const after = allot(
          scores.map((score, index) => (index === raised ? score + more : score)),
          caps,
        );
        for (const [index, weight] of after.entries()) {
          const was = before[index] ?? 0n;
          expect(index === raised ? weight >= was : weight <= was).to.equal(true);
        }
      }),
      tries(60),
    );
  });
});

describe("weights: the rule", () => {
  it("gives equals the same", () => {
    const all = [seat(), seat(), seat(), seat()];
    expect(weightsOf(proposal(all))).to.deep.equal([2_500n, 2_500n, 2_500n, 2_500n]);
  });

  it("takes a percent for a percent of commission", () => {
    // Scores 100, 95, 90, 85 of 370.
    const all = [0n, 5n, 10n, 15n].map((commission) => seat({ commission }));
    expect(weightsOf(proposal(all, [1_000_000n]))).to.deep.equal([2_703n, 2_568n, 2_432n, 2_297n]);
  });

  it("takes ten percent for a percent of what was missed, and all for a tenth", () => {
    // Scores 100, 90, 50, 0, and 100 for one who is not known, of 340.
    const all = [10_000n, 9_900n, 9_500n, 9_000n, null].map((performance) => seat({ performance }));
    expect(weightsOf(proposal(all))).to.deep.equal([2_941n, 2_647n, 1_471n, 0n, 2_941n]);
  });

  it("gives a validator of n times the mean stake an n-th", () => {
    // Others' stakes of 4, 2, 1 and 1, and 2 elsewhere: the mean is 2. Scores 1/2, 1, 1, 1.
    const all = [4n, 2n, 1n, 1n].map((others) => seat({ others: others * 1_000_000n, principal: 0n }));
    expect(weightsOf(proposal(all, [2_000_000n]))).to.deep.equal([1_429n, 2_857n, 2_857n, 2_857n]);
  });

  it("always gives out the whole, within every cap, and nothing to who is not fit", () => {
    fc.assert(
      fc.property(networks, ({ all, elsewhere }) => {
        const { positions } = proposal(all, elsewhere);
        expect(sum(positions.map(({ weight }) => weight))).to.equal(WHOLE);
        for (const [index, { weight, equal, bars }] of positions.entries()) {
          const { cap, fit, commission, performance } = all[index] ?? expect.fail();
          expect(weight <= cap && cap <= MAX_SHARE).to.equal(true);
          const sound = fit && cap > 0n && commission <= MAX_COMMISSION && (performance ?? WHOLE) > 9_000n;
          expect(bars.length === 0).to.equal(sound);
          if (!sound) expect([weight, equal]).to.deep.equal([0n, 0n]);
        }
      }),
      tries(60),
    );
  });

  for (const [what, arbitrary] of [
    ["small", networks],
    ["large", crowded],
  ] as const) {
    it(`leaves no Nakamoto coefficient of the network lower than equal weights do, if the pool is ${what}`, () => {
      fc.assert(
        fc.property(arbitrary, ({ all, elsewhere }) => {
          const { after, equal } = proposal(all, elsewhere);
          expect((after.network?.halting ?? 0) >= (equal.network?.halting ?? 0)).to.equal(true);
          expect((after.network?.majority ?? 0) >= (equal.network?.majority ?? 0)).to.equal(true);
        }),
        tries(100),
      );
    });
  }

  it("gives equal weights where any other would make two outweigh the rest of four", () => {
    const all = [0n, 5n, 10n, 15n].map((commission) => seat({ commission }));
    const { positions, tenths, after } = proposal(all);
    expect([tenths, after.network?.majority]).to.deep.equal([0n, 3]);
    expect(positions.map(({ weight, equal }) => [weight, equal])).to.deep.equal(Array(4).fill([2_500n, 2_500n]));
  });

  it("goes as far from equal weights as the coefficients let it, by tenths", () => {
    // The pool has 400 POL. By score alone it would make the second larger than a third.
    const all = [27n, 9n, 30n, 22n].map((others, index) =>
      seat({
        ...{ others, principal: 100n, commission: [5n, 7n, 1n, 0n][index] ?? 0n },
        performance: [9_923n, 9_991n, 9_347n, 9_103n][index] ?? 0n,
      }),
    );
    const { positions, tenths, equal, after } = proposal(all);
    const byScore = allot(
      positions.map(({ score }) => score),
      all.map(({ cap }) => cap),
    );
    const stakes = byScore.map((weight, index) => (all[index]?.others ?? 0n) * WHOLE + 400n * weight);
    expect(concentrationOf(stakes)?.halting).to.equal(1);
    expect(tenths > 0n && tenths < 10n).to.equal(true);
    expect([equal.network?.halting, after.network?.halting]).to.deep.equal([2, 2]);
    for (const [index, { weight }] of positions.entries()) {
      const [start, end] = [2_500n, byScore[index] ?? 0n];
      expect(start < end ? weight > start && weight < end : weight < start && weight > end).to.equal(true);
    }
  });

  it("gives nobody more for a higher commission, or a lower performance, while it is not drawn to equal weights", () => {
    fc.assert(
      fc.property(networks, fc.nat(), fc.bigInt(1n, 15n), ({ all, elsewhere }, at, by) => {
        const index = at % all.length;
        const { commission, performance } = all[index] ?? expect.fail();
        const before = proposal(all, elsewhere);
        const known = performance ?? WHOLE;
        for (const changes of [
          { commission: commission + by > 100n ? 100n : commission + by },
          { performance: known - by < 0n ? 0n : known - by },
        ]) {
          const after = proposal(withSeat(all, index, changes), elsewhere);
          fc.pre(before.tenths === after.tenths);
          expect(weightAt(after, index) <= weightAt(before, index)).to.equal(true);
        }
      }),
      tries(60),
    );
  });

  it("gives the larger of two that differ in nothing else no more", () => {
    fc.assert(
      fc.property(networks, fc.bigInt(1n, 50_000_000n), ({ all, elsewhere }, larger) => {
        const [first] = all;
        const twin = { ...(first ?? expect.fail()), others: (first?.others ?? 0n) + larger };
        const found = proposal([...all, twin], elsewhere);
        expect(weightAt(found, all.length) <= weightAt(found, 0)).to.equal(true);
      }),
      tries(60),
    );
  });

  it("does not know who belongs together: two halves of a validator get more than the whole", () => {
    const whole = proposal([seat(), seat(), seat(), seat()], [5_000_000n]);
    const halves = Array<Seat>(2).fill(seat({ others: 500_000n, principal: 500n }));
    const split = proposal([seat(), seat(), seat(), ...halves], [5_000_000n]);
    expect(weightAt(whole, 3)).to.equal(2_500n);
    expect(weightAt(split, 3) + weightAt(split, 4)).to.equal(4_000n);
  });

  it("does not depend on where the pool's stake is now", () => {
    fc.assert(
      fc.property(networks, ({ all, elsewhere }) => {
        const total = sum(all.map(({ principal }) => principal));
        const moved = all.map((one, index) => ({ ...one, principal: index === 0 ? total : 0n }));
        expect(weightsOf(proposal(moved, elsewhere))).to.deep.equal(weightsOf(proposal(all, elsewhere)));
      }),
      tries(40),
    );
  });

  it("counts the pool's stake at its new place, to the last part of a wei", () => {
    // The pool has 4,000 POL, all at the first: 1,000 of others' everywhere, and 1,000 each by the weights.
    const all = [4_000n, 0n, 0n, 0n].map((principal) => seat({ others: 1_000n, principal }));
    const { before, after, stakes, poolStake } = proposal(all, [8_000n]);
    expect(poolStake).to.equal(4_000n * 10n ** 18n);
    expect(before.network?.hhi).to.deep.equal({
      numerator: (25n + 1n + 1n + 1n + 64n) * 10n ** 50n,
      denominator: 256n * 10n ** 50n,
    });
    expect(stakes.after).to.deep.equal([8n, 2n, 2n, 2n, 2n].map((one) => one * 10n ** 25n));
    expect([before.pool?.halting, after.pool?.halting]).to.deep.equal([1, 2]);
    expect([before.network?.halting, after.network?.halting]).to.deep.equal([1, 1]);
  });

  it("says how much room there is if the caps of who is fit do not reach the whole", () => {
    const all = [seat(), seat(), seat({ fit: false }), seat({ cap: 1_999n })];
    expect(() => proposal(all)).to.throw("3 of 4 positions are fit, and their caps come to 9999 of 10000 bps");
    expect(() => proposal([seat({ fit: false })])).to.throw("0 of 1 positions are fit");
  });
});
