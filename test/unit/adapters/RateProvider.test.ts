import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import type { ChildAdapters, PoolAdapters } from "../../../deploy/adapters";
import { adaptedPolygon, poolAdapters } from "../../support/adapters";
import { DAY, MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { functionsOf } from "../../support/functions";
import { grow, reward, shrink } from "../../support/growth";
import { unwatchLedgers } from "../../support/ledgers";
import { now } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { setTotalAssets } from "../../support/poolTotals";
import { tries } from "../../support/properties";
import { SHARES, rateOf } from "../../support/rates";
import { PoolRateProvider__factory } from "../../../typechain-types";
import { RateWalk__factory, StubPool__factory } from "../../typechain-types";

const GET_RATE = "0x679aefce";
const VALUE_OF_ALL = 10_000n * ONE;

/** Names of all functions of a provider, but the one that tells what it reads. */
const COMMON = ["getRate", "lastUpdated", "latest"];

describe("PoolRateProvider", () => {
  let context: Context & PoolAdapters;

  beforeEach(async () => {
    const core = await fixture();
    const { pool, actors } = core;
    await pool.connect(actors.alice).deposit(VALUE_OF_ALL - ONE, actors.alice);
    context = { ...core, ...(await poolAdapters(core)) };
  });

  it("SRATE-1: getRate has the selector that Balancer's pools call", () => {
    expect(context.rateProvider.getRate.fragment.selector).to.equal(GET_RATE);
  });

  it("SRATE-3, B11: has views alone: no owner, no upgrade, nothing to set", () => {
    const functions = functionsOf(context.rateProvider);
    expect(functions.every(({ stateMutability }) => stateMutability === "view")).to.equal(true);
    expect(functions.map(({ name }) => name).sort()).to.deep.equal(["POOL", ...COMMON]);
  });

  it("SRATE-1: is one asset for a share at the start, then what the totals say, rounded down", async () => {
    const { rateProvider } = context;
    expect(await rateProvider.getRate()).to.equal(ONE);
    // 10,000 shares; 1,370 POL of rewards, of which a 20th is paid in new shares at the rate of 1: 68.5 of them.
    await grow(context, 1_370n * ONE);
    const { totalAssets, totalSupply } = await rateProvider.latest();
    expect([totalAssets, totalSupply]).to.deep.equal([11_370n * ONE, 100_685n * (ONE / 10n)]);
    expect(await rateProvider.getRate()).to.equal((ONE * 113_700n) / 100_685n);
  });

  it("SAGG-4: is of this second: time and round are the block's", async () => {
    const { rateProvider } = context;
    for (const seconds of [1n, 100n, 3n * DAY]) {
      await time.increase(seconds);
      const { time: when, round } = await rateProvider.latest();
      expect([when, round, await rateProvider.lastUpdated()]).to.deep.equal(Array(3).fill(await now()));
    }
  });

  it("SRATE-1: counts what vests second by second, and not before", async () => {
    const { rateProvider } = context;
    await reward(context, 700n * ONE);
    const start = await now();
    const before = await rateProvider.getRate();
    // The fee is paid in shares at the rate of that moment.
    expect(before).to.equal(ONE);
    await time.increaseTo(start + DAY);
    const { totalAssets, totalSupply } = await rateProvider.latest();
    // 665 POL vest over 7 days, 95 on each.
    expect([totalAssets, totalSupply]).to.deep.equal([10_130n * ONE, 10_035n * ONE]);
    expect(await rateProvider.getRate()).to.equal((ONE * 10_130n) / 10_035n);
  });

  it("SRATE-2: falls by a loss, is 0 after a total one, and reverts at neither", async () => {
    const { rateProvider, pool } = context;
    await shrink(context, 3_000n);
    const { totalAssets, totalSupply } = await rateProvider.latest();
    expect(await rateProvider.getRate()).to.equal((ONE * totalAssets) / totalSupply);
    expect([totalAssets, totalSupply]).to.deep.equal([7_000n * ONE, VALUE_OF_ALL]);
    await setTotalAssets(context, 0n);
    expect([await rateProvider.getRate(), await pool.totalShares()]).to.deep.equal([0n, VALUE_OF_ALL]);
  });

  it("SRATE-2: goes on while stakes are paused", async () => {
    const { rateProvider, pool, actors } = context;
    await pool.connect(actors.guardian).pauseStakes(DAY);
    expect(await rateProvider.getRate()).to.equal(ONE);
  });

  it("SRATE-2: is cheap, with everything cold", async () => {
    const { rateProvider } = context;
    await reward(context, 700n * ONE);
    const gas = await ethers.provider.estimateGas({ to: rateProvider, data: GET_RATE });
    // Instrumented code costs more.
    if (process.env.SOLIDITY_COVERAGE !== "true") expect(gas).to.be.lessThan(21_000n + 25_000n);
  });

  it("SRATE-1: times the live ratio is 1 within 3 wei, at rates from 1 to 2", async () => {
    const { rateProvider, token } = context;
    const anyValue = fc.bigInt({ min: VALUE_OF_ALL, max: 2n * VALUE_OF_ALL });
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        await setTotalAssets(context, value);
        const product = ((await token.ratio()) * (await rateProvider.getRate())) / ONE;
        expect(product >= ONE - 3n && product <= ONE).to.equal(true, `${product} at ${value}`);
      }),
      tries(100),
    );
  });

  it("SRATE-1: is the floor of the quotient, for any totals that fit the pool", async () => {
    const { actors } = context;
    const stub = await new StubPool__factory(actors.deployer).deploy();
    const provider = await new PoolRateProvider__factory(actors.deployer).deploy(stub);
    const total = fc.bigInt({ min: 0n, max: 2n ** 104n - 1n });
    const supply = fc.bigInt({ min: ONE, max: 2n ** 104n - 1n });
    await fc.assert(
      fc.asyncProperty(total, supply, async (assets, shares) => {
        await stub.set(assets, shares);
        expect(await provider.getRate()).to.equal((assets * ONE) / shares);
      }),
      tries(50),
    );
  });

  it("A95, SRATE-3: falls in none of 10,000 steps of stakes, unstakes, rewards and fees", async () => {
    unwatchLedgers();
    const walk = await new RateWalk__factory(context.actors.deployer).deploy();
    const provider = await new PoolRateProvider__factory(context.actors.deployer).deploy(walk);
    const start = fc.record({
      shares: fc.bigInt({ min: ONE, max: 10n ** 28n }),
      valueBps: fc.bigInt({ min: 10_000n, max: 20_000n }),
      seed: fc.bigInt({ min: 0n, max: MAX }),
    });
    await fc.assert(
      fc.asyncProperty(start, async ({ shares, valueBps, seed }) => {
        const worth = (shares * valueBps) / 10_000n;
        const end = await walk.walk.staticCall(provider, worth, shares, seed, 100n);
        expect(end.rate).to.equal((end.assets * ONE) / end.shares);
        expect(end.rate).to.be.greaterThan((worth * ONE) / shares);
      }),
      tries(100),
    );
  });
});

describe("ChildRateProvider", () => {
  let polygon: Polygon & ChildAdapters;
  let start: bigint;

  beforeEach(async () => {
    polygon = await adaptedPolygon();
    start = await now();
  });

  const push = (nonce: bigint, rate: ReturnType<typeof rateOf>) =>
    polygon.feed.connect(polygon.adapter).push(nonce, rate);

  it("SRATE-3, B11: has views alone: no owner, no upgrade, nothing to set", () => {
    const functions = functionsOf(polygon.rateProvider);
    expect(functions.every(({ stateMutability }) => stateMutability === "view")).to.equal(true);
    expect(functions.map(({ name }) => name).sort()).to.deep.equal(["FEED", ...COMMON]);
  });

  it("X-18: before the first rate everything reverts, and not with zeros", async () => {
    const { rateProvider, feed } = polygon;
    for (const read of [rateProvider.getRate, rateProvider.latest, rateProvider.lastUpdated]) {
      await expect(read()).to.be.revertedWithCustomError(feed, "NoRate");
    }
  });

  it("SRATE-1: is the quotient of the totals that came, rounded down, and the feed's own rate", async () => {
    const { rateProvider, feed } = polygon;
    await push(7n, rateOf(start - 1_800n, 0n, { totalAssets: 1_370n * ONE + 1n, totalSupply: 1_000n * ONE + 7n }));
    expect(await rateProvider.getRate()).to.equal((ONE * (1_370n * ONE + 1n)) / (1_000n * ONE + 7n));
    expect(await rateProvider.getRate()).to.equal(await feed.getRate());
    expect(await rateProvider.latest()).to.deep.equal([1_370n * ONE + 1n, 1_000n * ONE + 7n, start - 1_800n, 7n]);
  });

  it("B12, SAGG-4: its time is that on Ethereum, however late the rate arrives", async () => {
    const { rateProvider } = polygon;
    await time.increase(DAY);
    await push(1n, rateOf(start));
    await time.increase(3n * DAY);
    expect(await rateProvider.lastUpdated()).to.equal(start);
  });

  it("X-18, SRATE-2: then it answers with the last rate: old, after a refused one, after a total loss", async () => {
    const { rateProvider } = polygon;
    await push(1n, rateOf(start));
    await time.increase(1_000n * DAY);
    expect(await rateProvider.getRate()).to.equal(ONE);
    await push(2n, rateOf(start + 1n, 1_000n * DAY));
    expect((await rateProvider.latest()).round).to.equal(1n);
    await push(3n, rateOf(start + 2n, 0n, { totalAssets: 0n, lossCount: 1n }));
    expect(await rateProvider.getRate()).to.equal(0n);
    expect(await rateProvider.latest()).to.deep.equal([0n, SHARES, start + 2n, 3n]);
  });

  it("SRATE-1: times the token's ratio is 1 within 3 wei", async () => {
    const { rateProvider, token } = polygon;
    const odd = 123_456_789n;
    for (const [nonce, extra] of [1n, 1_370n, 5_000n, 9_999n].entries()) {
      // Within the growth that a day and a half allows: up to 0.4 %.
      const totalAssets = SHARES + (SHARES * extra) / 3_000_000n + odd;
      await push(BigInt(nonce) + 1n, rateOf(start, 0n, { totalAssets }));
      const product = ((await token.ratio()) * (await rateProvider.getRate())) / ONE;
      expect(product >= ONE - 3n && product <= ONE).to.equal(true, `${product}`);
    }
  });

  it("SRATE-2: is cheap, with everything cold", async () => {
    await push(1n, rateOf(start));
    const gas = await ethers.provider.estimateGas({ to: polygon.rateProvider, data: GET_RATE });
    expect(gas).to.be.lessThan(21_000n + 20_000n);
  });
});
