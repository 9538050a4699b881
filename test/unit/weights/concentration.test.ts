import { expect } from "chai";
import fc from "fast-check";

import { concentrationOf, decimalOf, halts, outweighs } from "../../../scripts/weights/concentration";
import type { Concentration, Fraction } from "../../../scripts/weights/concentration";
import { tries } from "../../support/properties";

const stakes = fc.array(fc.bigInt(0n, 10n ** 27n), { minLength: 1, maxLength: 8 }).filter((all) => total(all) > 0n);

function total(all: readonly bigint[]): bigint {
  return all.reduce((sum, one) => sum + one, 0n);
}

function figuresOf(all: readonly bigint[]): Concentration {
  return concentrationOf(all) ?? expect.fail("there is stake");
}

function equal(a: Fraction, b: Fraction): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

/** Size of the smallest of all subsets that suffice. */
function smallestSubset(all: readonly bigint[], suffices: (part: bigint, total: bigint) => boolean): number {
  let smallest = Infinity;
  for (let mask = 1; mask < 2 ** all.length; mask++) {
    const chosen = all.filter((_, index) => (mask & (1 << index)) !== 0);
    if (chosen.length < smallest && suffices(total(chosen), total(all))) smallest = chosen.length;
  }
  return smallest;
}

describe("weights: concentration of stake", () => {
  // Reckoned by hand.
  const examples: readonly (readonly [
    what: string,
    stakes: readonly bigint[],
    halting: number,
    majority: number,
    hhi: string,
    gini: string,
  ])[] = [
    ["one validator with all", [7n], 1, 1, "10,000.00", "0.0000"],
    ["two of the same", [5n, 5n], 1, 2, "5,000.00", "0.0000"],
    ["three of the same: one has exactly a third", [9n, 9n, 9n], 1, 2, "3,333.33", "0.0000"],
    ["four of the same: one has less than a third", [1n, 1n, 1n, 1n], 2, 3, "2,500.00", "0.0000"],
    // Squares 16 + 9 + 4 + 1 of 100; differences of all pairs 1 + 2 + 3 + 1 + 2 + 1 = 10, of 4 times 10.
    ["4, 3, 2 and 1, in any order", [2n, 4n, 1n, 3n], 1, 2, "3,000.00", "0.2500"],
    // One of 34 is a third of 100 and more, one of 33 is not; squares 1,089 + 1,156 + 1,089.
    ["a wei less than a third", [33n, 33n, 34n], 1, 2, "3,334.00", "0.0066"],
    // 30 alone is less than a third; 30 + 20 is half and no more.
    ["exactly a half", [30n, 20n, 20n, 20n, 10n], 2, 3, "2,200.00", "0.1600"],
    ["a validator without stake", [3n, 0n], 1, 1, "10,000.00", "0.5000"],
  ];
  for (const [what, all, halting, majority, hhi, gini] of examples) {
    it(`of ${what}`, () => {
      const found = figuresOf(all);
      expect([found.halting, found.majority]).to.deep.equal([halting, majority]);
      expect(decimalOf(found.hhi, 2, 10_000n)).to.equal(hhi);
      expect(decimalOf(found.gini, 4)).to.equal(gini);
    });
  }

  it("is nothing where there is no stake", () => {
    expect(concentrationOf([])).to.equal(undefined);
    expect(concentrationOf([0n, 0n])).to.equal(undefined);
  });

  it("counts as many as the smallest of all groups that halt, or outweigh the rest", () => {
    fc.assert(
      fc.property(stakes, (all) => {
        const found = figuresOf(all);
        expect(found.halting).to.equal(smallestSubset(all, halts));
        expect(found.majority).to.equal(smallestSubset(all, outweighs));
      }),
      tries(300),
    );
  });

  it("halts exactly where Polygon's two thirds and one wei are not reached without the part", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 6n), fc.bigInt(0n, 10n ** 6n), (all, some) => {
        const part = some % (all + 1n);
        expect(halts(part, all)).to.equal(all - part < (all * 2n) / 3n + 1n);
      }),
      tries(1_000),
    );
  });

  it("agrees with the definitions: squared parts, and differences of all pairs", () => {
    fc.assert(
      fc.property(stakes, (all) => {
        const found = figuresOf(all);
        const sum = total(all);
        const pairs = all.flatMap((a) => all.map((b) => (a > b ? a - b : b - a)));
        const count = BigInt(all.length);
        expect(equal(found.gini, { numerator: total(pairs), denominator: 2n * count * sum })).to.equal(true);
        expect(equal(found.hhi, { numerator: total(all.map((one) => one ** 2n)), denominator: sum ** 2n })).to.equal(
          true,
        );
      }),
      tries(300),
    );
  });
});
