import { expect } from "chai";
import { ethers } from "hardhat";

import { Treasury__factory } from "../../typechain-types";
import type { Treasury } from "../../typechain-types";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { runGuide } from "../../support/guides";

describe("guide: stake from a contract", () => {
  let context: Context;
  let treasury: Treasury;

  beforeEach(async () => {
    context = await fixture();
    treasury = await new Treasury__factory(context.actors.alice).deploy(context.pool);
  });

  it("stakes by its code, and the contract is worth what was staked", async () => {
    const { pool, token, actors } = context;
    const guide = await runGuide("stake-from-a-contract", {
      you: actors.alice,
      at: { PolygonPool: await pool.getAddress() },
      treasury: await treasury.getAddress(),
    });
    await guide.next();
    expect(guide.left()).to.equal(0);
    // No rewards yet: a share is worth 1 POL.
    expect(await token.balanceOf(treasury)).to.equal(100n * ONE);
    expect(await treasury.worth()).to.equal(100n * ONE);
    expect(guide.scope.minShares).to.equal((100n * ONE * 9_999n) / 10_000n);
  });

  it("asks for the POL back and claims it, for its owner alone", async () => {
    const { pool, polygon, actors } = context;
    await polygon.pol.connect(actors.alice).approve(treasury, ethers.MaxUint256);
    await treasury.stake(10n * ONE, 0n);
    await treasury.unstake(4n * ONE);
    // The buffer covers it.
    await pool.settleBatch();
    const held = await polygon.pol.balanceOf(actors.alice);
    await treasury.claim();
    expect((await polygon.pol.balanceOf(actors.alice)) - held).to.equal(4n * ONE);
    await expect(treasury.connect(actors.bob).unstake(1n))
      .to.be.revertedWithCustomError(treasury, "NotOwner")
      .withArgs(actors.bob.address);
  });

  it("names what stops a stake, and what to ask before", async () => {
    const { pool, polygon, actors } = context;
    const { alice, guardian } = actors;
    await polygon.pol.connect(alice).approve(treasury, ethers.MaxUint256);
    const minimum = await pool.getMinimumStake();
    expect(minimum).to.equal(ONE);
    await expect(treasury.stake(ONE - 1n, 0n))
      .to.be.revertedWithCustomError(pool, "BelowMinimum")
      .withArgs(ONE - 1n, ONE);
    await expect(treasury.stake(ONE, ONE + 1n))
      .to.be.revertedWithCustomError(pool, "TooFewShares")
      .withArgs(ONE, ONE + 1n);
    const room = await pool.maxDeposit(alice);
    await polygon.pol.mint(alice, room);
    await expect(treasury.stake(room + 1n, 0n))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(room + 1n, room);
    await expect(pool.connect(alice).stake(ONE, alice, 0n, 1n))
      .to.be.revertedWithCustomError(pool, "DeadlinePassed")
      .withArgs(1n);
    await pool.connect(guardian).pauseStakes(3_600n);
    expect(await pool.maxDeposit(alice)).to.equal(0n);
    await expect(treasury.stake(ONE, 0n)).to.be.revertedWithCustomError(pool, "StakesArePaused");
  });
});
