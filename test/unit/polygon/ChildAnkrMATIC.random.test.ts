import { expect } from "chai";
import fc from "fast-check";
import { MaxUint256 } from "ethers";
import { time } from "@nomicfoundation/hardhat-network-helpers";

import { DAY } from "../../support/fixture";
import { Limit } from "../../support/limits";
import { BURNING, MINTING, at, now, polygonFixture } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { SEED, tries } from "../../support/properties";

type Side = "minting" | "burning";

/** One step of a random day: some seconds pass, then a bridge uses a part of a limit, or the guardian lowers minting. */
interface Step {
  readonly kind: Side | "lower";
  readonly seconds: bigint;
  /** Of what is available, or of the limit, in 1/1,000. */
  readonly parts: bigint;
  readonly wei: bigint;
}

const step = fc.record<Step>({
  kind: fc.constantFrom<Step["kind"]>("minting", "burning", "minting", "burning", "minting", "burning", "lower"),
  seconds: fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(1n, 2n * DAY), fc.constant(DAY)),
  parts: fc.oneof(fc.constantFrom(0n, 500n, 1_000n), fc.bigInt(0n, 1_000n)),
  wei: fc.bigInt(0n, 3n),
});

describe("ChildAnkrMATIC: random use of its limits", () => {
  let polygon: Polygon;

  beforeEach(async () => {
    polygon = await polygonFixture();
    const { token, adapter, actors } = polygon;
    await token.connect(adapter).mint(actors.alice, MINTING);
    await token.connect(actors.alice).approve(adapter, MaxUint256);
    await time.increase(DAY);
  });

  async function take(side: Side, amount: bigint) {
    const { token, adapter, actors } = polygon;
    const by = token.connect(adapter);
    return side === "minting" ? by.mint(actors.alice, amount) : by.burn(actors.alice, amount);
  }

  async function run(steps: readonly Step[], check: (limits: Record<Side, Limit>) => Promise<void>): Promise<void> {
    const { token, adapter, actors } = polygon;
    const start = await now();
    const limits = { minting: new Limit(MINTING, start), burning: new Limit(BURNING, start) };
    let when = start;
    for (const { kind, seconds, parts, wei } of steps) {
      when += seconds;
      if (kind === "lower") {
        const minting = (limits.minting.most * (900n + parts)) / 1_900n;
        await at(when, () => token.connect(actors.guardian).lowerMintingLimit(adapter, minting));
        limits.minting.change(minting, when);
      } else {
        const limit = limits[kind];
        const free = limit.available(when);
        const amount = (free * parts) / 1_000n + wei;
        const held = await token.balanceOf(actors.alice);
        const attempt = at(when, () => take(kind, amount));
        if (limit.most === 0n || amount > free) {
          await expect(attempt).to.be.revertedWithCustomError(token, "IXERC20_NotHighEnoughLimits").withArgs();
        } else if (kind === "burning" && amount > held) {
          await expect(attempt)
            .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
            .withArgs(actors.alice.address, held, amount);
        } else {
          await attempt;
          limit.take(amount, when);
        }
      }
      await check(limits);
    }
  }

  it("S7281-2, S7281-4, S7281-5: each side is what the rules say, to the wei, whatever was done before", async () => {
    const { token, adapter } = polygon;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        polygon = await polygonFixture();
        const { actors } = polygon;
        await token.connect(adapter).mint(actors.alice, MINTING);
        await token.connect(actors.alice).approve(adapter, MaxUint256);
        await time.increase(DAY);
        await run(steps, async ({ minting, burning }) => {
          const when = await now();
          expect(await token.mintingCurrentLimitOf(adapter)).to.equal(minting.available(when));
          expect(await token.burningCurrentLimitOf(adapter)).to.equal(burning.available(when));
          expect(await token.mintingMaxLimitOf(adapter)).to.equal(minting.most);
          expect(await token.burningMaxLimitOf(adapter)).to.equal(burning.most);
        });
      }),
      tries(30),
    );
  });

  it("S7281-4: in no window does a bridge mint more than its limit and what refills in it", async () => {
    const { token, adapter, actors } = polygon;
    const mints: { readonly when: bigint; readonly amount: bigint }[] = [];
    const seconds = fc.sample(fc.bigInt(1n, DAY / 3n), { seed: SEED, numRuns: 200 });
    for (const [index, pause] of seconds.entries()) {
      const free = await token.mintingCurrentLimitOf(adapter);
      const amount = index % 3 === 0 ? free : free / 2n;
      const when = (await now()) + pause;
      await at(when, () => token.connect(adapter).mint(actors.alice, amount));
      mints.push({ when, amount });
    }
    const exceeded = mints.filter(({ when: from }, first) => {
      let sum = 0n;
      return mints.slice(first).some(({ when, amount }) => {
        sum += amount;
        return sum > MINTING + ((when - from) * MINTING) / DAY;
      });
    });
    expect(exceeded).to.deep.equal([]);
    expect(mints.reduce((sum, { amount }) => sum + amount, 0n) > 5n * MINTING).to.equal(true);
  });
});
