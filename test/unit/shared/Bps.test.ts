import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { Bps__Harness__factory } from "../../typechain-types";
import type { Bps__Harness } from "../../typechain-types";

describe("Bps", () => {
  let harness: Bps__Harness;

  before(async () => {
    const [deployer] = await ethers.getSigners();
    harness = await new Bps__Harness__factory(deployer).deploy();
  });

  it("counts 10,000 parts", async () => {
    expect(await harness.one()).to.equal(10_000n);
  });

  it("gives none for 0 parts and everything for all of them", async () => {
    expect(await harness.floor([12_345n, 12_345n], [0n, 10_000n])).to.deep.equal([0n, 12_345n]);
    expect(await harness.ceil([12_345n, 12_345n], [0n, 10_000n])).to.deep.equal([0n, 12_345n]);
  });

  it("rounds down: the greatest number that is no more than the exact part", async () => {
    const sample = fc.sample(fc.tuple(fc.bigInt(0n, 2n ** 128n), fc.bigInt(0n, 10_000n)), tries(1_000));
    const parts = await harness.floor(
      sample.map(([amount]) => amount),
      sample.map(([, bps]) => bps),
    );
    expect(parts).to.have.length(sample.length);
    for (const [index, [amount, bps]] of sample.entries()) {
      const part = parts[index] ?? -1n;
      const exact = part * 10_000n <= amount * bps && (part + 1n) * 10_000n > amount * bps;
      expect(exact, `${bps} bps of ${amount}`).to.equal(true);
    }
  });

  it("rounds up: the least number that is no less than the exact part", async () => {
    const sample = fc.sample(fc.tuple(fc.bigInt(0n, 2n ** 128n), fc.bigInt(0n, 10_000n)), tries(1_000));
    const parts = await harness.ceil(
      sample.map(([amount]) => amount),
      sample.map(([, bps]) => bps),
    );
    expect(parts).to.have.length(sample.length);
    for (const [index, [amount, bps]] of sample.entries()) {
      const part = parts[index] ?? -1n;
      const exact = part * 10_000n >= amount * bps && (part === 0n || (part - 1n) * 10_000n < amount * bps);
      expect(exact, `${bps} bps of ${amount}`).to.equal(true);
    }
  });

  it("takes a part of a single wei rounded down for nothing, rounded up for all of it", async () => {
    expect(await harness.floor([1n, 1n], [1n, 9_999n])).to.deep.equal([0n, 0n]);
    expect(await harness.ceil([1n, 1n, 0n], [1n, 9_999n, 9_999n])).to.deep.equal([1n, 1n, 0n]);
  });
});
