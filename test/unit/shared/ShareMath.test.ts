import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { ShareMath__Harness__factory } from "../../typechain-types";
import type { ShareMath__Harness } from "../../typechain-types";

interface Case {
  readonly amount: bigint;
  readonly totalAssets: bigint;
  readonly totalShares: bigint;
}

interface Answer {
  readonly sharesFloor: bigint;
  readonly assetsFloor: bigint;
  readonly sharesCeil: bigint;
  readonly assetsCeil: bigint;
}

const CHUNK = 50;
const PANIC_OVERFLOW = 0x11n;

const few = fc.bigInt(1n, 2n ** 40n);
const many = fc.bigInt(2n ** 64n, 2n ** 104n);
/** Totals of a pool that has something in it: few wei, many, and many at a ratio near 1. */
const totals = fc.oneof(
  fc.record({ totalAssets: few, totalShares: few }),
  fc.record({ totalAssets: many, totalShares: many }),
  fc
    .tuple(fc.bigInt(10n ** 18n, 10n ** 28n), fc.bigInt(-(10n ** 6n), 10n ** 6n))
    .map(([totalAssets, apart]) => ({ totalAssets, totalShares: totalAssets + apart })),
);
const cases = fc
  .tuple(fc.oneof(fc.bigInt(0n, 1_000n), fc.bigInt(0n, 2n ** 104n)), totals)
  .map(([amount, both]): Case => ({ amount, ...both }));

describe("ShareMath", () => {
  let harness: ShareMath__Harness;
  let sample: Case[];
  let answers: Answer[];

  async function convert(all: readonly Case[]): Promise<Answer[]> {
    const found: Answer[] = [];
    for (let from = 0; from < all.length; from += CHUNK) {
      found.push(...(await harness.convert(all.slice(from, from + CHUNK))));
    }
    return found;
  }

  /** Each case with its answer; fails on the first for which the claim is false. */
  function forEachCase(claim: (subject: Case, answer: Answer) => boolean): void {
    expect(answers).to.have.length(sample.length);
    for (const [index, subject] of sample.entries()) {
      const answer = answers[index];
      const { amount, totalAssets, totalShares } = subject;
      const holds = answer !== undefined && claim(subject, answer);
      expect(holds, `amount ${amount} at ${totalAssets} assets and ${totalShares} shares`).to.equal(true);
    }
  }

  before(async () => {
    const [deployer] = await ethers.getSigners();
    harness = await new ShareMath__Harness__factory(deployer).deploy();
    sample = fc.sample(cases, tries(2_000));
    answers = await convert(sample);
  });

  it("S4626-10: gives the greatest number of shares that costs no more than the assets", () => {
    forEachCase(
      ({ amount, totalAssets, totalShares }, { sharesFloor }) =>
        sharesFloor * totalAssets <= amount * totalShares && (sharesFloor + 1n) * totalAssets > amount * totalShares,
    );
  });

  it("S4626-10: gives the greatest amount of assets that is worth no more than the shares", () => {
    forEachCase(
      ({ amount, totalAssets, totalShares }, { assetsFloor }) =>
        assetsFloor * totalShares <= amount * totalAssets && (assetsFloor + 1n) * totalShares > amount * totalAssets,
    );
  });

  it("S4626-10: asks for the least amount of assets that is worth no less than the shares", () => {
    forEachCase(
      ({ amount, totalAssets, totalShares }, { assetsCeil }) =>
        assetsCeil * totalShares >= amount * totalAssets &&
        (assetsCeil === 0n || (assetsCeil - 1n) * totalShares < amount * totalAssets),
    );
  });

  it("S20-7: asks for the least number of shares that is worth no less than the assets", () => {
    forEachCase(
      ({ amount, totalAssets, totalShares }, { sharesCeil }) =>
        sharesCeil * totalAssets >= amount * totalShares &&
        (sharesCeil === 0n || (sharesCeil - 1n) * totalAssets < amount * totalShares),
    );
  });

  it("A55: shares asked for are enough for the assets, and those of what shares are worth are never more", async () => {
    const enough = await convert(
      sample.map((subject, index) => ({ ...subject, amount: answers[index]?.sharesCeil ?? 0n })),
    );
    const back = await convert(
      sample.map((subject, index) => ({ ...subject, amount: answers[index]?.assetsFloor ?? 0n })),
    );
    for (const [index, { amount }] of sample.entries()) {
      expect((enough[index]?.assetsFloor ?? -1n) >= amount, `case ${index}`).to.equal(true);
      expect((back[index]?.sharesCeil ?? amount + 1n) <= amount, `case ${index}`).to.equal(true);
    }
  });

  it("S4626-3: assets turned into shares and back are never more than they were", async () => {
    const back = await convert(
      sample.map((subject, index) => ({ ...subject, amount: answers[index]?.sharesFloor ?? 0n })),
    );
    expect(back).to.have.length(sample.length);
    for (const [index, { assetsFloor, assetsCeil }] of back.entries()) {
      const { amount = -1n } = sample[index] ?? {};
      expect(assetsFloor <= amount && assetsCeil <= amount, `case ${index}`).to.equal(true);
    }
  });

  it("A14: shares turned into assets and back are never more than they were", async () => {
    const back = await convert(
      sample.map((subject, index) => ({ ...subject, amount: answers[index]?.assetsFloor ?? 0n })),
    );
    expect(back).to.have.length(sample.length);
    for (const [index, { sharesFloor }] of back.entries()) {
      expect(sharesFloor <= (sample[index]?.amount ?? -1n), `case ${index}`).to.equal(true);
    }
  });

  it("X-13: gives nothing for anything where there are no assets or no shares", async () => {
    const amounts = [0n, 1n, 10n ** 18n, 2n ** 256n - 1n];
    const nothing = await convert(
      amounts.flatMap((amount) => [
        { amount, totalAssets: 0n, totalShares: 0n },
        { amount, totalAssets: 0n, totalShares: 7n },
      ]),
    );
    expect(nothing.map(({ sharesFloor }) => sharesFloor)).to.deep.equal(Array(8).fill(0n));
    expect(nothing.map(({ assetsFloor }) => assetsFloor)).to.deep.equal(Array(8).fill(0n));
    expect(nothing.map(({ sharesCeil }) => sharesCeil)).to.deep.equal(Array(8).fill(0n));
    expect(nothing.map(({ assetsCeil }) => assetsCeil)).to.deep.equal(Array(8).fill(0n));
  });

  it("S4626-3: reverts only when the result does not fit 256 bits", async () => {
    const MAX = 2n ** 256n - 1n;
    const [largest] = await convert([{ amount: MAX, totalAssets: 5n, totalShares: 5n }]);
    expect(largest?.sharesFloor).to.equal(MAX);
    await expect(convert([{ amount: MAX, totalAssets: 5n, totalShares: 6n }])).to.be.revertedWithPanic(PANIC_OVERFLOW);
    await expect(convert([{ amount: MAX, totalAssets: 6n, totalShares: 5n }])).to.be.revertedWithPanic(PANIC_OVERFLOW);
  });
});
