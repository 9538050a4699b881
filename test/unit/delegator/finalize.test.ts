import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { delegated } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, FIRST_ID, MAX, ONE, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { announceLeaving, replaceShare } from "../../support/losses";
import { Kind, RATE_ONE, returns, turnHostile } from "../../support/scriptedShares";

/** States of a batch. */
const [CLOSED, CLAIMABLE, SHORT, LATE] = [1n, 2n, 3n, 4n];

/** Four positions of 250 POL, and a batch of 450 sold from the first two: 250 and 200. */
async function sold(): Promise<Context> {
  const context = await fixture({ validators: 4 });
  const { pool, actors } = context;
  await delegated(context, 999n * ONE + 1n);
  await pool.connect(actors.alice).requestRedeem(450n * ONE + 1n, actors.alice, actors.alice);
  await pool.settleBatch();
  return context;
}

/** Governance names another share contract for the validator of position 1: Polygon lets the old one pay nothing. */
async function displace({ polygon }: Context): Promise<void> {
  const share = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
  await polygon.stakeManager.createShareContract(FIRST_ID);
  await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, share);
}

async function restore({ polygon, delegator }: Context): Promise<void> {
  const { share } = await delegator.positionAt(1);
  await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, share);
}

describe("Delegator: finalize", () => {
  it("claims what is due, and pays the pool", async () => {
    const context = await sold();
    const { pool, delegator, polygon } = context;
    await unbond(context);
    const sent = pool.finalizeBatch(1);
    await expect(sent).to.changeTokenBalances(polygon.pol, [pool, delegator], [450n * ONE, 0]);
    for (const [position, assets] of [
      [1n, 250n * ONE],
      [2n, 200n * ONE],
    ] as const) {
      await expect(sent).to.emit(delegator, "SliceClaimed").withArgs(1, position, 1, assets, assets);
      expect((await delegator.positionAt(position)).openSlices).to.equal(0);
    }
    expect(await delegator.slicesOf(1)).to.deep.equal([]);
  });

  it("claims some slices now and others when they are due", async () => {
    const context = await fixture({ validators: 4 });
    const { pool, delegator, actors, polygon } = context;
    await delegated(context, 999n * ONE + 1n);
    for (const id of [FIRST_ID + 1n, FIRST_ID + 2n, FIRST_ID + 3n]) {
      await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(id);
    }
    await pool.connect(actors.alice).requestRedeem(400n * ONE + 1n, actors.alice, actors.alice);
    await pool.settleBatch();
    await checkpoints(context, 3);
    await pool.continueBatch(1);
    expect((await delegator.slicesOf(1)).map(({ assets }) => assets)).to.deep.equal([250n * ONE, 150n * ONE]);
    await checkpoints(context, 77);
    const first = await eventsOf(delegator, pool.finalizeBatch(1));
    expect(named(first, "SliceClaimed")).to.deep.equal([[1n, 1n, 1n, 250n * ONE, 250n * ONE]]);
    expect((await pool.batchOf(1)).state).to.equal(CLOSED);
    await expect(pool.finalizeBatch(1)).to.be.revertedWithCustomError(delegator, "BatchNotRipe");
    await checkpoints(context, 3);
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).state).to.equal(CLAIMABLE);
  });

  it("A27: keeps a slice whose share contract was replaced, and claims it there when it is named again", async () => {
    const context = await sold();
    const { pool, delegator } = context;
    await displace(context);
    await unbond(context);
    const events = await eventsOf(delegator, pool.finalizeBatch(1));
    expect(named(events, "SliceFailed")).to.deep.equal([[1n, 1n, 1n]]);
    expect(named(events, "SliceClaimed")).to.deep.equal([[1n, 2n, 1n, 200n * ONE, 200n * ONE]]);
    const [slice] = await delegator.slicesOf(1);
    expect(slice?.failedAt).to.equal(await time.latest());
    expect((await pool.batchOf(1)).state).to.equal(CLOSED);

    await restore(context);
    await expect(pool.finalizeBatch(1))
      .to.emit(delegator, "SliceClaimed")
      .withArgs(1, 1, 1, 250n * ONE, 250n * ONE);
    expect((await pool.batchOf(1)).state).to.equal(CLAIMABLE);
  });

  it("waits for a dead slice for the governed time, then pays what came, and the rest late", async () => {
    const context = await sold();
    const { pool, delegator, actors, polygon } = context;
    await displace(context);
    await unbond(context);
    await pool.finalizeBatch(1);
    const failedAt = BigInt(await time.latest());
    await time.setNextBlockTimestamp(failedAt + 7n * DAY - 1n);
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).state).to.equal(CLOSED);
    expect((await delegator.slicesOf(1))[0]?.failedAt).to.equal(failedAt);
    await time.setNextBlockTimestamp(failedAt + 7n * DAY);
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).state).to.equal(LATE);

    const id = requestId(1n, actors.alice.address);
    const alice = pool.connect(actors.alice);
    await expect(alice.claim([id], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      200n * ONE + 1n,
    );
    await restore(context);
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).state).to.equal(SHORT);
    await expect(alice.claimLate([id], actors.alice, actors.alice)).to.changeTokenBalance(
      polygon.pol,
      actors.alice,
      250n * ONE,
    );
    await expect(pool.finalizeBatch(1)).to.be.revertedWithCustomError(pool, "NotFinalizable").withArgs(1, SHORT);
  });

  it("counts a slice that failed and came home no more: the next one that fails is all that is missing", async () => {
    const context = await fixture({ validators: 4 });
    const { pool, delegator, actors } = context;
    await delegated(context, 999n * ONE + 1n);
    for (const position of [2n, 3n, 4n]) await announceLeaving(context, position);
    await pool.connect(actors.alice).requestRedeem(400n * ONE + 1n, actors.alice, actors.alice);
    await pool.settleBatch();
    await checkpoints(context, 3);
    await pool.continueBatch(1);
    const [, second] = await delegator.slicesOf(1);
    await displace(context);
    await checkpoints(context, 77);
    await expect(pool.finalizeBatch(1)).to.emit(delegator, "SliceFailed").withArgs(1, 1, 1);
    await restore(context);
    await expect(pool.finalizeBatch(1)).to.emit(delegator, "SliceClaimed");

    await replaceShare(context, second?.position ?? 0n);
    await checkpoints(context, 3);
    await expect(pool.finalizeBatch(1)).to.emit(delegator, "SliceFailed").withArgs(1, second?.position, second?.nonce);
    await time.increase(7n * DAY);
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).state).to.equal(LATE);
  });

  it("pays less where the unbond lost value meanwhile, to its own batch alone", async () => {
    const context = await sold();
    const { pool, delegator, polygon } = context;
    await checkpoints(context);
    context.unsynced.add(1n);
    await polygon.stakeManager.cheatSlash(FIRST_ID, 1_000, false);
    await unbond(context);
    const assets = await pool.totalAssets();
    await expect(pool.finalizeBatch(1))
      .to.emit(delegator, "SliceClaimed")
      .withArgs(1, 1, 1, 250n * ONE, 225n * ONE);
    const { state, received } = await pool.batchOf(1);
    expect([state, received]).to.deep.equal([SHORT, 425n * ONE + 1n]);
    expect(await pool.totalAssets()).to.equal(assets);
  });

  it("does not let one dead slice keep the others from being claimed, whatever their number", async () => {
    const context = await fixture({ validators: 25 });
    const { pool, delegator, actors } = context;
    await delegated(context, 999n * ONE + 1n);
    await pool.connect(actors.alice).requestRedeem(1_000n * ONE - ONE, actors.alice, actors.alice);
    await pool.settleBatch();
    await pool.continueBatch(1);
    await pool.continueBatch(1);
    await displace(context);
    await unbond(context);
    const outcomes: [number, number][] = [];
    while ((await delegator.slicesOf(1)).length > 1) {
      const events = await eventsOf(delegator, pool.finalizeBatch(1));
      outcomes.push([named(events, "SliceClaimed").length, named(events, "SliceFailed").length]);
    }
    // Ten are tried in a call, in rotation: the dead one is tried again when all others have been.
    expect(outcomes).to.deep.equal([
      [9, 1],
      [10, 0],
      [5, 1],
    ]);
    expect((await delegator.slicesOf(1)).map(({ position }) => position)).to.deep.equal([1n]);
  });

  it("takes no more than the slice stood for; what a claim brings beyond is a surplus", async () => {
    const context = await sold();
    const { pool, delegator, polygon, actors } = context;
    // The share contract pays 300 POL of its own for an unbond of 250.
    const { share } = await delegator.positionAt(1);
    await polygon.pol.mint(share, 300n * ONE);
    await unbond(context);
    await turnHostile(context, 1n, {
      unstakeClaimTokens_newPOL: {
        kind: Kind.Call,
        target: await polygon.pol.getAddress(),
        data: polygon.pol.interface.encodeFunctionData("transfer", [await delegator.getAddress(), 300n * ONE]),
      },
      unbonds_new: returns(0n, 0n),
      withdrawExchangeRate: returns(RATE_ONE),
    });
    await expect(pool.finalizeBatch(1))
      .to.emit(delegator, "SliceClaimed")
      .withArgs(1, 1, 1, 250n * ONE, 250n * ONE);
    await expect(pool.connect(actors.stranger).skim())
      .to.emit(delegator, "SurplusCollected")
      .withArgs(50n * ONE);
  });

  it("moves a slice that is dead to the end of the wait only once", async () => {
    const context = await sold();
    const { pool, delegator } = context;
    await displace(context);
    await unbond(context);
    await pool.finalizeBatch(1);
    const [before] = await delegator.slicesOf(1);
    await time.increase(DAY);
    await pool.finalizeBatch(1);
    const [after] = await delegator.slicesOf(1);
    expect(after).to.deep.equal(before);
    expect(await pool.delegate.staticCall(MAX).catch(() => 0n)).to.equal(0);
  });
});
