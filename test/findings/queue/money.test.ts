import { expect } from "chai";
import { ethers } from "hardhat";

import {
  BATCH,
  CRUMBS,
  POSITION,
  bringHome,
  delegateAll,
  earn,
  request,
  settle,
  spread,
  stake,
  sum,
} from "../../support/exits";
import { MAX, ONE, fixture, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

describe("Attacks on the queue: how much is paid", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
  });

  it("A36: a request of a wei is sold, unbonded and paid like any other", async () => {
    const { pool, delegator, polygon, actors } = context;
    const { alice } = actors;
    await request(context, alice, CRUMBS + 1n);
    await expect(pool.settleBatch()).to.emit(delegator, "Sold").withArgs(1n, 1n, 1n, 1n);
    await bringHome(context, 1n);
    await expect(pool.connect(alice).redeem(CRUMBS + 1n, alice, alice)).to.changeTokenBalance(
      polygon.pol,
      alice,
      CRUMBS + 1n,
    );
  });

  it("A36: nothing is ever sold for nothing: no request of zero, no slice of zero", async () => {
    const { pool, delegator, actors } = context;
    const { alice } = actors;
    await expect(pool.connect(alice).requestRedeem(0n, alice, alice)).to.be.revertedWithCustomError(pool, "ZeroShares");
    // Exactly three positions: the fourth is not asked for the zero that is left.
    await request(context, alice, 2_000n * ONE);
    await request(context, actors.bob, 1_000n * ONE);
    await request(context, actors.carol, CRUMBS);
    await pool.settleBatch();
    const slices = await delegator.slicesOf(1n);
    expect(slices.map(({ assets }) => assets)).to.deep.equal([POSITION, POSITION, POSITION]);
    // Another batch finds these positions empty, and passes over them without a sale.
    await request(context, actors.carol, 100n * ONE);
    const batch = await settle(context);
    expect((await delegator.slicesOf(batch)).map(({ position }) => position)).to.deep.equal([4n]);
  });

  it("A36: the very first request is not deleted by a claim that comes too early", async () => {
    const { pool, actors } = context;
    const { alice } = actors;
    const id = await request(context, alice, 100n * ONE);
    expect(id >> 160n).to.equal(1n);
    await expect(pool.connect(alice).claim([id], alice, alice))
      .to.be.revertedWithCustomError(pool, "NothingToClaim")
      .withArgs(id, BATCH.Open);
    await pool.connect(alice).redeem(0n, alice, alice);
    expect(await pool.pendingRedeemRequest(id, alice)).to.equal(100n * ONE);
  });

  it("A39: a request over several validators, at a rate that is not 1, is paid to the wei", async () => {
    await earn(context);
    const { pool, token, delegator, polygon, actors } = context;
    const { alice } = actors;
    const shares = 1_700n * ONE;
    const owed = (shares * (await pool.totalAssets())) / (await token.totalSupply());
    expect(owed).to.be.greaterThan(shares + ONE);
    expect(owed).to.be.greaterThan((await delegator.positionAt(1n)).principal);
    await request(context, alice, shares);
    const batch = await settle(context);
    const slices = await delegator.slicesOf(batch);
    expect(slices.length).to.be.greaterThan(1);
    const { received } = await pool.batchOf(batch);
    expect(sum(slices.map(({ assets }) => assets)) + received).to.equal(owed);
    await bringHome(context, batch);
    await expect(pool.connect(alice).redeem(shares, alice, alice)).to.changeTokenBalance(polygon.pol, alice, owed);
  });

  it("A42: of a batch that brought an odd sum all is paid, to the last wei, whatever the order", async () => {
    const { pool, token, polygon, actors } = context;
    const members = (await ethers.getSigners()).slice(50, 57);
    for (const [index, member] of members.entries()) {
      const shares = 10n * ONE + BigInt(index) * 333_333_333_333_333_333n + 1n;
      await token.connect(actors.alice).transfer(member, shares);
      await request(context, member, shares);
    }
    const batch = await settle(context);
    await slash(context, 1n, { bps: 3_333n, unbonding: true });
    await bringHome(context, batch);
    const { units, received } = await pool.batchOf(batch);
    let paid = 0n;
    for (const index of [4, 0, 6, 2, 5, 1, 3]) {
      const member = members[index];
      if (member === undefined) throw new Error("there are seven members");
      const shares = await pool.maxRedeem(member);
      const part = await pool.maxWithdraw(member);
      expect(part).to.be.closeTo((shares * received) / units, 7n);
      for (const piece of [shares / 3n, shares - shares / 3n]) await pool.connect(member).redeem(piece, member, member);
      expect(await polygon.pol.balanceOf(member)).to.equal(part);
      paid += part;
    }
    expect(paid).to.equal(received);
    expect(await pool.reserved()).to.equal(0n);
    expect(await polygon.pol.balanceOf(pool)).to.equal(0n);
  });

  it("A43: new stakes while a request waits neither pay it early nor twice", async () => {
    const { pool, delegator, polygon, actors } = context;
    const { alice, stranger } = actors;
    const owed = 800n * ONE + CRUMBS;
    const id = await request(context, alice, owed);
    const batch = await settle(context);
    await stake(context, stranger, 5_000n * ONE);
    await expect(pool.connect(alice).claim([id], alice, alice))
      .to.be.revertedWithCustomError(pool, "NothingToClaim")
      .withArgs(id, BATCH.Closed);
    await expect(pool.connect(alice).redeem(1n, alice, alice))
      .to.be.revertedWithCustomError(pool, "InsufficientClaimable")
      .withArgs(alice, 1n, 0n);
    // The stake is free for delegation, down to the wei that stays.
    await delegateAll(context);
    expect(await delegator.buffer()).to.be.lessThan(ONE);
    await bringHome(context, batch);
    expect(await pool.reserved()).to.equal(owed);
    await pool.connect(alice).claim([id], alice, alice);
    expect(await pool.reserved()).to.equal(0n);
    expect(await polygon.pol.balanceOf(pool)).to.equal(0n);
  });

  it("A43: what open requests will need is not delegated", async () => {
    const { pool, delegator, actors } = context;
    await stake(context, actors.stranger, 500n * ONE);
    await request(context, actors.alice, 500n * ONE);
    await expect(pool.delegate(MAX))
      .to.be.revertedWithCustomError(delegator, "NothingToDelegate")
      .withArgs(CRUMBS - 1n);
    await settle(context);
    expect(await pool.maxWithdraw(actors.alice)).to.equal(500n * ONE);
  });

  it("A44: a batch that receives nine tenths pays nine tenths to each, and the rate of others stays", async () => {
    const { pool, token, actors } = context;
    const { alice, bob } = actors;
    await request(context, alice, 600n * ONE);
    await request(context, bob, 400n * ONE + CRUMBS);
    await pool.settleBatch();
    await slash(context, 1n, { bps: 1_000n, unbonding: true });
    const rate = await token.ratio();
    await unbond(context);
    await pool.finalizeBatch(1n);
    expect(await token.ratio()).to.equal(rate);
    expect(await pool.maxWithdraw(alice)).to.be.closeTo(540n * ONE, CRUMBS);
    expect(await pool.maxWithdraw(bob)).to.be.closeTo(360n * ONE, CRUMBS);
  });
});
