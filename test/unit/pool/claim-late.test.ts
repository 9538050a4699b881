import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BATCH, CRUMBS, POSITION, request, spread } from "../../support/exits";
import { DAY, ONE, asManager, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { replaceShare, restoreShare, slash } from "../../support/losses";

describe("PolygonPool: a batch with dead sales", () => {
  let context: Context;
  let alice: bigint;
  let bob: bigint;
  const OF_ALICE = 2_000n * ONE;
  const OF_BOB = 500n * ONE + CRUMBS;
  const UNITS = OF_ALICE + OF_BOB;

  // Positions 1 and 2 sold 1,000 each, position 3 the other 500; 1 and 2 are dead.
  const CAME = 500n * ONE + CRUMBS;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
    alice = await request(context, context.actors.alice, OF_ALICE);
    bob = await request(context, context.actors.bob, OF_BOB);
    await context.pool.settleBatch();
    await replaceShare(context, 1n);
    await replaceShare(context, 2n);
    await unbond(context);
    await context.pool.finalizeBatch(1n);
  });

  /** Lets the governed time pass and has the batch paid short. */
  async function giveUp(): Promise<void> {
    await time.increase(7n * DAY);
    await context.pool.finalizeBatch(1n);
  }

  /** A dead sale comes in. */
  async function comesIn(position: bigint): Promise<void> {
    await restoreShare(context, position);
    await context.pool.finalizeBatch(1n);
  }

  it("waits for the governed time from the first failure on", async () => {
    const { pool } = context;
    await time.increase(7n * DAY - 60n);
    await pool.finalizeBatch(1n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
    await time.increase(60n);
    await expect(pool.finalizeBatch(1n)).to.emit(pool, "BatchClaimable").withArgs(1n, BATCH.ClaimableLate, UNITS, CAME);
  });

  it("waits longer once governance lengthened the time, and no longer once it shortened it", async () => {
    const { pool, delegator } = context;
    await asManager(context, delegator, delegator.interface.encodeFunctionData("setDeadSliceTime", [30n * DAY]));
    await time.increase(28n * DAY);
    await pool.finalizeBatch(1n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);
    await asManager(context, delegator, delegator.interface.encodeFunctionData("setDeadSliceTime", [DAY]));
    await pool.finalizeBatch(1n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.ClaimableLate);
  });

  it("counts the time from the failure of the last sale that is left", async () => {
    const { pool } = context;
    // Position 2 works for a moment, is claimed, and position 1 stays dead: its own clock has run all the while.
    await comesIn(2n);
    await time.increase(7n * DAY);
    await expect(pool.finalizeBatch(1n))
      .to.emit(pool, "BatchClaimable")
      .withArgs(1n, BATCH.ClaimableLate, UNITS, CAME + POSITION);
  });

  it("pays pro rata what came; the rest stays owed", async () => {
    const { pool, polygon, actors } = context;
    await giveUp();
    const part = (OF_ALICE * CAME) / UNITS;
    expect(await pool.maxWithdraw(actors.alice)).to.equal(part);
    await expect(pool.connect(actors.alice).claim([alice], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      part,
    );
    // The last takes all that is left.
    await expect(pool.connect(actors.bob).claim([bob], actors.bob, actors.bob)).to.changeTokenBalance(
      polygon.pol,
      actors.bob,
      CAME - part,
    );
    expect(await pool.reserved()).to.equal(0n);
    expect(await pool.totalOwed()).to.equal(2n * POSITION);
    expect((await pool.queue()).sold).to.equal(2n * POSITION);
  });

  it("books what comes late, and is a short batch once all came", async () => {
    const { pool, actors } = context;
    await giveUp();
    await restoreShare(context, 1n);
    const sent = await pool.connect(actors.stranger).finalizeBatch(1n);
    await expect(sent).to.emit(pool, "BatchReceived").withArgs(1n, POSITION, POSITION, 1n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.ClaimableLate);
    expect(await pool.reserved()).to.equal(CAME + POSITION);
    await comesIn(2n);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.ClaimableShort);
    expect(await pool.reserved()).to.equal(CAME + 2n * POSITION);
    await expect(pool.finalizeBatch(1n))
      .to.be.revertedWithCustomError(pool, "NotFinalizable")
      .withArgs(1n, BATCH.ClaimableShort);
  });

  it("claimLate pays each its part of every piece, in any order, and each piece once", async () => {
    const { pool, polygon, actors } = context;
    await giveUp();
    await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
    await comesIn(2n);
    // Alice takes the first piece at once, Bob, who had not even claimed, takes both at the end.
    const first = (OF_ALICE * POSITION) / UNITS;
    expect(await pool.lateAssetsOf(alice)).to.equal(first);
    const sent = await pool.connect(actors.alice).claimLate([alice], actors.carol, actors.alice);
    await expect(sent).to.changeTokenBalances(polygon.pol, [pool, actors.carol], [-first, first]);
    await expect(sent).to.emit(pool, "LatePaid").withArgs(alice, actors.carol, first);
    await expect(sent).to.emit(pool, "Withdraw").withArgs(actors.alice, actors.carol, actors.alice, first, 0n);
    expect(await pool.lateAssetsOf(alice)).to.equal(0n);

    await comesIn(1n);
    const both = (OF_ALICE * 2n * POSITION) / UNITS;
    expect(await pool.lateAssetsOf(alice)).to.equal(both - first);
    await pool.connect(actors.bob).claim([bob], actors.bob, actors.bob);
    const ofBob = (OF_BOB * 2n * POSITION) / UNITS;
    await expect(pool.connect(actors.bob).claimLate([bob], actors.bob, actors.bob)).to.changeTokenBalance(
      polygon.pol,
      actors.bob,
      ofBob,
    );
    await expect(pool.connect(actors.alice).claimLate([alice], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      both - first,
    );
    // In all everybody got what it had asked for, but for a wei of rounding each.
    expect(await pool.reserved()).to.equal(2n * POSITION - both - ofBob);
    expect(2n * POSITION - both - ofBob).to.be.lessThanOrEqual(1n);
  });

  it("claimLate pays nothing for the same piece twice, nor for an id that is named twice", async () => {
    const { pool, polygon, actors } = context;
    await giveUp();
    await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
    await comesIn(1n);
    const part = (OF_ALICE * POSITION) / UNITS;
    const sent = await pool.connect(actors.alice).claimLate([alice, alice], actors.alice, actors.alice);
    await expect(sent).to.changeTokenBalance(polygon.pol, actors.alice, part);
    await expect(sent).to.emit(pool, "LatePaid").withArgs(alice, actors.alice, part);
    await expect(sent).to.emit(pool, "LatePaid").withArgs(alice, actors.alice, 0n);
    await expect(pool.connect(actors.alice).claimLate([alice], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      0n,
    );
  });

  it("claimLate pays the late part of a request that was claimed in pieces", async () => {
    const { pool, polygon, actors } = context;
    await giveUp();
    await pool.connect(actors.alice).redeem(1n, actors.alice, actors.alice);
    await comesIn(1n);
    const late = (OF_ALICE * POSITION) / UNITS;
    await expect(pool.connect(actors.alice).claimLate([alice], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      late,
    );
    const rest = (OF_ALICE * CAME) / UNITS - (1n * ((OF_ALICE * CAME) / UNITS)) / OF_ALICE;
    await expect(pool.connect(actors.alice).redeem(OF_ALICE - 1n, actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      rest,
    );
    expect(await pool.lateAssetsOf(alice)).to.equal(0n);
  });

  it("claimLate pays a request that was first claimed when all had come", async () => {
    const { pool, polygon, actors } = context;
    await giveUp();
    await comesIn(1n);
    await comesIn(2n);
    expect(await pool.lateAssetsOf(alice)).to.equal(0n);
    await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
    await expect(pool.connect(actors.alice).claimLate([alice], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      (OF_ALICE * 2n * POSITION) / UNITS,
    );
  });

  it("claimLate pays what came if that is less than was sold", async () => {
    const { pool, actors } = context;
    await giveUp();
    await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
    await restoreShare(context, 1n);
    await slash(context, 1n, { bps: 2_500n, unbonding: true });
    await expect(pool.finalizeBatch(1n))
      .to.emit(pool, "BatchReceived")
      .withArgs(1n, 750n * ONE, POSITION, 1n);
    expect(await pool.lateAssetsOf(alice)).to.equal((OF_ALICE * 750n * ONE) / UNITS);
    expect(await pool.totalOwed()).to.equal(CAME - (OF_ALICE * CAME) / UNITS + 750n * ONE + POSITION);
    expect(await pool.maxWithdraw(actors.bob)).to.equal(CAME - (OF_ALICE * CAME) / UNITS);
  });

  it("claimLate refuses strangers, foreign ids, receiver zero and more ids than 100", async () => {
    const { pool, actors } = context;
    await giveUp();
    const asAlice = pool.connect(actors.alice);
    await expect(pool.connect(actors.stranger).claimLate([alice], actors.stranger, actors.alice))
      .to.be.revertedWithCustomError(pool, "NotController")
      .withArgs(actors.stranger, actors.alice);
    await expect(asAlice.claimLate([bob], actors.alice, actors.alice))
      .to.be.revertedWithCustomError(pool, "NotController")
      .withArgs(actors.alice, actors.bob);
    await expect(asAlice.claimLate([alice], ZeroAddress, actors.alice)).to.be.revertedWithCustomError(
      pool,
      "ZeroAddress",
    );
    const many = Array.from({ length: 101 }, (_, index) => requestId(BigInt(index + 1), actors.alice.address));
    await expect(asAlice.claimLate(many, actors.alice, actors.alice))
      .to.be.revertedWithCustomError(pool, "TooManyIds")
      .withArgs(101n, 100n);
  });

  it("claimLate pays nothing for requests that have nothing late", async () => {
    const { pool, polygon, actors } = context;
    const unknown = requestId(77n, actors.alice.address);
    const sent = await pool.connect(actors.alice).claimLate([alice, unknown], actors.alice, actors.alice);
    await expect(sent).to.changeTokenBalance(polygon.pol, actors.alice, 0n);
    await expect(sent).to.emit(pool, "LatePaid").withArgs(unknown, actors.alice, 0n);
  });

  it("claimLate takes an operator of the controller", async () => {
    const { pool, polygon, actors } = context;
    await giveUp();
    await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
    await comesIn(1n);
    await pool.connect(actors.alice).setOperator(actors.carol, true);
    await expect(pool.connect(actors.carol).claimLate([alice], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      (OF_ALICE * POSITION) / UNITS,
    );
  });
});
