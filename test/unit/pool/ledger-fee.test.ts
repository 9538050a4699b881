import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { DAY, MAX, ONE, asManager, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { SURPLUS_SECONDS, grow, reward, shrink } from "../../support/growth";

/** What booking rewards does, by the definition: the fee is paid in new shares, at the price of the moment before. */
function booked(rewards: bigint, feeBps: bigint, { assets, shares }: { assets: bigint; shares: bigint }) {
  const fee = (rewards * feeBps) / 10_000n;
  const feeShares = (fee * shares) / assets;
  return { fee, feeShares, assets: assets + fee, shares: shares + feeShares, streamed: rewards - fee };
}

describe("PolygonPool, the fee", () => {
  let context: Context;

  const totals = async () => ({
    assets: await context.pool.totalAssets(),
    shares: await context.token.totalSupply(),
  });
  const setFee = (bps: bigint) =>
    asManager(context, context.pool, context.pool.interface.encodeFunctionData("setFee", [bps]));

  beforeEach(async () => {
    context = await fixture();
    await context.pool.connect(context.actors.alice).deposit(999n * ONE, context.actors.alice);
  });

  it("is 5 % of the rewards, in new shares of the treasury, and the rest enters the stream", async () => {
    const { pool, token, actors } = context;
    const { fee, feeShares, assets, shares, streamed } = booked(200n * ONE, 500n, await totals());
    expect([fee, feeShares]).to.deep.equal([10n * ONE, 10n * ONE]);
    await context.polygon.pol.mint(context.delegator, 200n * ONE);
    await expect(pool.skim())
      .to.emit(pool, "RewardsBooked")
      .withArgs(200n * ONE, fee, feeShares, assets, shares);
    expect(await token.balanceOf(actors.treasury)).to.equal(feeShares);
    expect(await totals()).to.deep.equal({ assets: 1_010n * ONE, shares: 1_010n * ONE });
    expect(await pool.unvested()).to.equal(streamed);
    expect(await pool.totalPooled()).to.equal(1_200n * ONE);
  });

  it("A49: leaves the holders' value as it is at that moment, at any price", async () => {
    const { pool, token, actors, polygon, delegator } = context;
    await grow(context, 123n * ONE + 456n);
    const before = await totals();
    const held = await token.balanceOf(actors.treasury);
    const worth = await pool.convertToAssets(await token.balanceOf(actors.alice));
    const expected = booked(77n * ONE + 1n, 500n, before);
    await polygon.pol.mint(delegator, 77n * ONE + 1n);
    await expect(pool.skim())
      .to.emit(pool, "RewardsBooked")
      .withArgs(77n * ONE + 1n, expected.fee, expected.feeShares, expected.assets, expected.shares);
    expect(await totals()).to.deep.equal({ assets: expected.assets, shares: expected.shares });
    expect((await token.balanceOf(actors.treasury)) - held).to.equal(expected.feeShares);
    // Floored shares: the holders gain the remainder, less than a wei per share wei.
    const now = await pool.convertToAssets(await token.balanceOf(actors.alice));
    expect(now - worth >= 0n && now - worth <= 1n).to.equal(true);
  });

  it("A49: in the end the holders have gained 95 % and the treasury 5 % and its part of the growth", async () => {
    const { pool, token, actors } = context;
    await grow(context, 200n * ONE);
    // 1,200 POL belong to 1,000 shares of before and 10 of the fee.
    expect(await totals()).to.deep.equal({ assets: 1_200n * ONE, shares: 1_010n * ONE });
    expect(await pool.convertToAssets(await token.balanceOf(actors.treasury))).to.equal((1_200n * ONE * 10n) / 1_010n);
    expect(await pool.convertToAssets(999n * ONE)).to.equal((1_200n * ONE * 999n) / 1_010n);
  });

  it("is taken of a validator's rewards in the same way", async () => {
    const { pool, token, shares, delegator, actors } = context;
    await pool.delegate(MAX);
    await checkpoints(context, 3);
    const rewards = await shares[0]?.getLiquidRewards(delegator);
    if (rewards === undefined || rewards === 0n) throw new Error("position 1 has earned nothing");
    const expected = booked(rewards, 500n, await totals());
    await expect(pool.harvest([1n]))
      .to.emit(pool, "RewardsBooked")
      .withArgs(rewards, expected.fee, expected.feeShares, expected.assets, expected.shares);
    expect(await token.balanceOf(actors.treasury)).to.equal(expected.feeShares);
  });

  it("returns the rewards with the fee included", async () => {
    await context.polygon.pol.mint(context.delegator, 7n * ONE);
    expect(await context.pool.skim.staticCall()).to.equal(7n * ONE);
    expect(await context.pool.harvest.staticCall([])).to.equal(7n * ONE);
  });

  it("is rounded down to nothing for rewards of a few wei, and nothing is not minted", async () => {
    const { pool, token, actors, polygon, delegator } = context;
    await polygon.pol.mint(delegator, 19n);
    const skimmed = pool.skim();
    await expect(skimmed)
      .to.emit(pool, "RewardsBooked")
      .withArgs(19n, 0n, 0n, 1_000n * ONE, 1_000n * ONE);
    await expect(skimmed).not.to.emit(token, "Transfer");
    expect(await token.balanceOf(actors.treasury)).to.equal(0n);
    expect(await pool.unvested()).to.equal(19n);
  });

  it("a booking of no rewards changes nothing", async () => {
    const { pool } = context;
    const before = await totals();
    await expect(pool.skim()).not.to.emit(pool, "RewardsBooked");
    await expect(pool.harvest([])).not.to.emit(pool, "RewardsBooked");
    expect(await totals()).to.deep.equal(before);
  });

  it("A15: is never taken of stakes", async () => {
    const { pool, token, actors } = context;
    await pool.connect(actors.bob).stakeAndClaimCerts(500n * ONE);
    await pool.delegate(MAX);
    await pool.connect(actors.alice).requestRedeem(100n * ONE, actors.alice, actors.alice);
    await pool.settleBatch();
    await pool.skim();
    await pool.harvest([]);
    expect(await token.balanceOf(actors.treasury)).to.equal(0n);
  });

  it("is forgone where it would be more shares than there can be, and the harvest passes", async () => {
    context = await fixture({ validators: 1 });
    const { pool, token, polygon, delegator, actors } = context;
    await pool.connect(actors.alice).deposit(100_000n * ONE, actors.alice);
    for (let times = 0; times < 4; times++) await shrink(context, 9_999n);
    const supply = await token.totalSupply();
    const before = await totals();
    expect((50n * ONE * before.shares) / before.assets + supply).to.be.greaterThan(2n ** 104n - 1n);
    await polygon.pol.mint(delegator, 1_000n * ONE);
    await expect(pool.skim())
      .to.emit(pool, "RewardsBooked")
      .withArgs(1_000n * ONE, 0n, 0n, before.assets, before.shares);
    expect(await pool.unvested()).to.equal(1_000n * ONE);
    expect(await token.totalSupply()).to.equal(supply);
  });

  describe("setFee", () => {
    it("A47: harvests at the old fee what was earned before", async () => {
      const { pool, token, delegator, polygon, actors, manager } = context;
      await pool.delegate(MAX);
      await checkpoints(context, 5);
      await polygon.pol.mint(delegator, 40n * ONE);
      const data = pool.interface.encodeFunctionData("setFee", [1_000n]);
      await manager.connect(actors.manager).schedule(pool, data, 0);
      await time.increase(DAY);
      const before = await totals();
      const held = await polygon.pol.balanceOf(delegator);
      const buffer = await delegator.buffer();
      await manager.connect(actors.manager).execute(pool, data);

      const rewards = (await polygon.pol.balanceOf(delegator)) - buffer;
      expect(rewards).to.be.greaterThan(held - buffer);
      const expected = booked(rewards, 500n, before);
      expect(await token.balanceOf(actors.treasury)).to.equal(expected.feeShares);
      expect((await pool.parameters()).feeBps).to.equal(1_000n);
    });

    it("A47: takes the new fee of what is earned after it", async () => {
      const { pool, token, actors } = context;
      await setFee(1_000n);
      const expected = booked(100n * ONE, 1_000n, await totals());
      expect(expected.feeShares).to.equal(10n * ONE);
      await reward(context, 100n * ONE);
      expect(await token.balanceOf(actors.treasury)).to.equal(10n * ONE);
      expect(await pool.unvested()).to.equal(90n * ONE);
    });

    it("emits the old and the new fee", async () => {
      const { pool, manager, actors } = context;
      const data = pool.interface.encodeFunctionData("setFee", [0n]);
      await manager.connect(actors.manager).schedule(pool, data, 0);
      await time.increase(DAY);
      await expect(manager.connect(actors.manager).execute(pool, data)).to.emit(pool, "FeeSet").withArgs(500n, 0n);
    });

    it("A47: takes 0 and 1,000 bps, and refuses a single bps more", async () => {
      const { pool } = context;
      for (const bps of [0n, 1_000n]) {
        await setFee(bps);
        expect((await pool.parameters()).feeBps).to.equal(bps);
      }
      await expect(setFee(1_001n)).to.be.revertedWithCustomError(pool, "FeeOutOfBounds").withArgs(1_001n, 1_000n);
      await expect(setFee(MAX)).to.be.revertedWithCustomError(pool, "FeeOutOfBounds").withArgs(MAX, 1_000n);
    });

    it("a fee of 0 leaves everything to the holders", async () => {
      const { token, actors } = context;
      await setFee(0n);
      await grow(context, 100n * ONE);
      expect(await token.balanceOf(actors.treasury)).to.equal(0n);
      expect(await totals()).to.deep.equal({ assets: 1_100n * ONE, shares: 1_000n * ONE });
      expect(SURPLUS_SECONDS).to.equal(7n * DAY);
    });
  });
});
