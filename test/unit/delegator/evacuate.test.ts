import { expect } from "chai";

import { sum } from "../../support/allocator";
import { delegated, gift, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { FIRST_ID, MAX, ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

const CHOICE = { validators: 5, commission: 0n, params: { maxShareBps: 5_000n } };

/** Five positions of 200 POL each. */
async function even(): Promise<Context> {
  const context = await fixture(CHOICE);
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** A validator announces to leave; from the next checkpoint on it is gone. */
async function leave(context: Context, position = 1n): Promise<void> {
  const { polygon, actors } = context;
  await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID + position - 1n);
}

async function moves(context: Context, from: bigint, assets: bigint): Promise<[bigint, bigint, bigint][]> {
  const { delegator, actors } = context;
  const events = await eventsOf(delegator, delegator.connect(actors.stranger).evacuate(from, assets));
  return named(events, "Migrated").map((args) => [args.from as bigint, args.to as bigint, args.assets as bigint]);
}

describe("Delegator: evacuate", () => {
  it("A26: lets anyone move the stake of a validator that left to the others, with no unbonding", async () => {
    const context = await even();
    const { shares, delegator } = context;
    await leave(context);
    await checkpoints(context);
    expect(await delegator.evacuate.staticCall(1, 200n * ONE)).to.equal(200n * ONE);
    expect(await moves(context, 1n, 200n * ONE)).to.deep.equal([2n, 3n, 4n, 5n].map((to) => [1n, to, 50n * ONE]));
    expect(await principals(context)).to.deep.equal([0n, 250n, 250n, 250n, 250n].map((pol) => pol * ONE));
    for (const [index, share] of shares.entries()) {
      const { stake } = await share.getTotalStake(delegator);
      expect(stake).to.equal(index === 0 ? 0n : 250n * ONE);
    }
    expect((await delegator.ledger()).unbonding).to.equal(0);
  });

  it("moves from a validator that Polygon's governance removed, at once", async () => {
    const context = await even();
    await context.polygon.stakeManager.forceUnstakePOL(FIRST_ID);
    expect(sum((await moves(context, 1n, 40n * ONE)).map(([, , assets]) => assets))).to.equal(40n * ONE);
  });

  it("moves from a validator whose commission is above the maximum, and not from one that charges just that", async () => {
    const context = await even();
    const { polygon, actors, delegator } = context;
    await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID, 16);
    await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID + 1n, 15);
    await expect(delegator.evacuate(2, ONE)).to.be.revertedWithCustomError(delegator, "NoReasonToEvacuate").withArgs(2);
    expect(sum((await moves(context, 1n, 200n * ONE)).map(([, , assets]) => assets))).to.equal(200n * ONE);
    expect((await principals(context))[0]).to.equal(0);
  });

  it("does nothing to a validator that is as it should be", async () => {
    const context = await even();
    const { delegator, polygon } = context;
    await expect(delegator.evacuate(1, ONE)).to.be.revertedWithCustomError(delegator, "NoReasonToEvacuate").withArgs(1);
    await polygon.stakeManager.cheatSetLocked(FIRST_ID, true);
    await expect(delegator.evacuate(1, ONE)).to.be.revertedWithCustomError(delegator, "NoReasonToEvacuate").withArgs(1);
  });

  it("A24: waits out the notice epoch of a validator that announced to leave", async () => {
    const context = await even();
    const { delegator } = context;
    await leave(context);
    await expect(delegator.evacuate(1, ONE)).to.be.revertedWithCustomError(delegator, "NoReasonToEvacuate").withArgs(1);
    // Above the maximum there is a reason, but Polygon refuses the move until the next checkpoint.
    await context.polygon.stakeManager.connect(context.actors.validatorOwner).updateCommissionRate(FIRST_ID, 100);
    await expect(delegator.evacuate(1, ONE)).to.be.revertedWithCustomError(delegator, "NothingToMove").withArgs(1);
    await checkpoints(context);
    expect(await moves(context, 1n, ONE)).to.have.length.greaterThan(0);
  });

  it("touches nothing of a validator whose share contract was replaced", async () => {
    const context = await even();
    const { delegator, polygon } = context;
    const share = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
    await polygon.stakeManager.createShareContract(FIRST_ID);
    await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, share);
    await leave(context);
    await checkpoints(context);
    await expect(delegator.evacuate(1, ONE)).to.be.revertedWithCustomError(delegator, "NoReasonToEvacuate").withArgs(1);
  });

  it("wants an amount, and a position that there is", async () => {
    const { delegator } = await even();
    await expect(delegator.evacuate(1, 0)).to.be.revertedWithCustomError(delegator, "ZeroAmount").withArgs();
    for (const position of [0n, 6n]) {
      await expect(delegator.evacuate(position, 1))
        .to.be.revertedWithCustomError(delegator, "UnknownPosition")
        .withArgs(position);
    }
  });

  it("moves all that is left when more is asked for: a few wei moved first stop nobody", async () => {
    const context = await even();
    const { delegator, actors } = context;
    await leave(context);
    await checkpoints(context);
    await delegator.connect(actors.stranger).evacuate(1, 100n);
    expect(await delegator.evacuate.staticCall(1, 200n * ONE)).to.equal(200n * ONE - 100n);
    await delegator.evacuate(1, MAX);
    expect((await principals(context))[0]).to.equal(0n);
  });

  it("moves to five at most in a call, none of them above its cap", async () => {
    const context = await fixture({ validators: 8, commission: 0n, params: { maxShareBps: 4_000n } });
    await setWeights(context, [4_000n, 1_200n, 1_000n, 1_000n, 800n, 700n, 700n, 600n]);
    await delegated(context, 999n * ONE + 1n);
    const caps = [4_000n, 1_500n, 1_100n, 4_000n, 4_000n, 4_000n, 4_000n, 600n];
    await setWeights(context, [4_000n, 1_200n, 1_000n, 1_000n, 800n, 700n, 700n, 600n], caps);
    await leave(context);
    await checkpoints(context);
    // By weight each of the others would grow by two thirds; the second, the third and the last are stopped by their caps.
    const first = await moves(context, 1n, 400n * ONE);
    expect(first).to.have.length(5);
    const held = await principals(context);
    expect(held[1]).to.equal(150n * ONE);
    expect(held[2]).to.equal(110n * ONE);
    while (((await principals(context))[0] ?? 0n) > ONE) {
      await moves(context, 1n, (await principals(context))[0] ?? 0n);
    }
    const last = await principals(context);
    expect(sum(last)).to.equal(1_000n * ONE);
    expect(last[7]).to.equal(60n * ONE);
    for (const [index, principal] of last.entries()) {
      expect(principal * 10_000n).to.be.at.most(1_000n * ONE * (caps[index] ?? 0n));
    }
  });

  it("passes over those who take no stake, and moves nothing if that are all", async () => {
    const context = await even();
    const { delegator, polygon, signers } = context;
    await leave(context);
    await checkpoints(context);
    await polygon.stakeManager.connect(signers[1]).updateValidatorDelegation(false);
    const events = await eventsOf(delegator, delegator.evacuate(1, 90n * ONE));
    expect(named(events, "PassedOver")).to.deep.equal([[2n, FIRST_ID + 1n]]);
    expect(named(events, "Migrated")).to.deep.equal([3n, 4n, 5n].map((to) => [1n, to, 30n * ONE]));

    await polygon.stakeManager.setDelegationEnabled(false);
    await expect(delegator.evacuate(1, 90n * ONE))
      .to.be.revertedWithCustomError(delegator, "NothingToMove")
      .withArgs(1);
  });

  it("moves no wei that no target has room for, from a validator that has more than all others", async () => {
    const context = await fixture({ validators: 3, commission: 0n, params: { maxShareBps: 6_000n } });
    await setWeights(context, [6_000n, 2_000n, 2_000n]);
    await delegated(context, 999n * ONE + 1n);
    expect(await principals(context)).to.deep.equal([600n, 200n, 200n].map((pol) => pol * ONE));
    await leave(context);
    await checkpoints(context);
    // Half a wei for each of the two, which is none.
    await expect(context.delegator.evacuate(1, 1n))
      .to.be.revertedWithCustomError(context.delegator, "NothingToMove")
      .withArgs(1);
  });

  it("moves no more than the ledger has, where strangers gave the position more", async () => {
    const context = await even();
    await gift(context, 70n * ONE);
    await leave(context);
    await checkpoints(context);
    expect(sum((await moves(context, 1n, MAX)).map(([, , assets]) => assets))).to.equal(200n * ONE);
    expect((await principals(context))[0]).to.equal(0);
  });

  it("moves no more than the stake is worth after a loss that nobody booked yet", async () => {
    const context = await even();
    const { polygon } = context;
    await leave(context);
    await checkpoints(context);
    context.unsynced.add(1n);
    await polygon.stakeManager.cheatSlash(FIRST_ID, 5_000, false);
    expect(sum((await moves(context, 1n, 200n * ONE)).map(([, , assets]) => assets))).to.equal(100n * ONE);
    expect((await principals(context))[0]).to.equal(100n * ONE);
    await expect(context.delegator.evacuate(1, ONE))
      .to.be.revertedWithCustomError(context.delegator, "NothingToMove")
      .withArgs(1);
  });
});

describe("Delegator: rebalance", () => {
  const TARGETS = [1_000n, 3_000n, 2_000n, 2_000n, 2_000n];

  it("lets anyone move stake from over target to under target, with no unbonding", async () => {
    const context = await even();
    const { delegator, actors, shares } = context;
    await setWeights(context, TARGETS);
    await expect(delegator.connect(actors.stranger).rebalance(1, 2, 60n * ONE))
      .to.emit(delegator, "Migrated")
      .withArgs(1, 2, 60n * ONE);
    await delegator.connect(actors.stranger).rebalance(1, 2, 40n * ONE);
    expect(await principals(context)).to.deep.equal([100n, 300n, 200n, 200n, 200n].map((pol) => pol * ONE));
    expect((await shares[1]?.getTotalStake(delegator))?.stake).to.equal(300n * ONE);
  });

  it("takes a target that has a fraction as its whole wei", async () => {
    const context = await fixture(CHOICE);
    const { delegator } = context;
    await delegated(context, 999n * ONE + 8n);
    // Of 1,000 POL and 7 wei, a quarter for the second.
    await setWeights(context, [1_000n, 2_500n, 2_500n, 2_000n, 2_000n]);
    await delegator.rebalance(1, 2, MAX);
    expect((await principals(context))[1]).to.equal(250n * ONE + 1n);
    // A tenth for the first, with room for more in the other.
    await setWeights(context, [1_000n, 2_500n, 3_000n, 2_000n, 1_500n]);
    await delegator.rebalance(1, 3, MAX);
    expect((await principals(context))[0]).to.equal(100n * ONE);
  });

  it("brings neither across its target, whatever is asked for", async () => {
    const context = await even();
    const { delegator } = context;
    await setWeights(context, [500n, 2_500n, 2_500n, 2_500n, 2_000n]);
    for (const [from, to] of [
      [1n, 5n],
      [2n, 1n],
      [5n, 2n],
      [1n, 1n],
    ] as const) {
      await expect(delegator.rebalance(from, to, 1))
        .to.be.revertedWithCustomError(delegator, "BeyondTarget")
        .withArgs(from, to);
    }
    // A stranger who moves a wei first does not stop who meant to move it all.
    await delegator.connect(context.actors.stranger).rebalance(1, 2, 1);
    expect(await delegator.rebalance.staticCall(1, 2, MAX)).to.equal(50n * ONE - 1n);
    await delegator.rebalance(1, 2, 50n * ONE);
    expect(await principals(context)).to.deep.equal([150n, 250n, 200n, 200n, 200n].map((pol) => pol * ONE));
    await expect(delegator.rebalance(1, 2, 1))
      .to.be.revertedWithCustomError(delegator, "BeyondTarget")
      .withArgs(1, 2);
  });

  it("wants an amount, and positions that there are", async () => {
    const { delegator } = await even();
    await expect(delegator.rebalance(1, 2, 0))
      .to.be.revertedWithCustomError(delegator, "ZeroAmount")
      .withArgs();
    await expect(delegator.rebalance(9, 2, 1))
      .to.be.revertedWithCustomError(delegator, "UnknownPosition")
      .withArgs(9);
    await expect(delegator.rebalance(1, 9, 1))
      .to.be.revertedWithCustomError(delegator, "UnknownPosition")
      .withArgs(9);
  });

  it("gives nothing to a validator that takes no stake", async () => {
    const context = await even();
    const { delegator, polygon, signers } = context;
    await setWeights(context, TARGETS);
    await polygon.stakeManager.connect(signers[1]).updateValidatorDelegation(false);
    await expect(delegator.rebalance(1, 2, ONE))
      .to.be.revertedWithCustomError(delegator, "NotAccepting")
      .withArgs(2);
  });

  it("says so when Polygon refuses the move", async () => {
    const context = await even();
    const { delegator } = context;
    await setWeights(context, TARGETS);
    await leave(context);
    await expect(delegator.rebalance(1, 2, ONE))
      .to.be.revertedWithCustomError(delegator, "MigrationFailed")
      .withArgs(1, 2, ONE);
    await checkpoints(context);
    await delegator.rebalance(1, 2, ONE);
  });

  it("leaves the rewards that the move pays to the next harvest", async () => {
    const context = await even();
    const { delegator, polygon, pool } = context;
    await setWeights(context, TARGETS);
    await checkpoints(context);
    const due =
      ((await context.shares[0]?.getLiquidRewards(delegator)) ?? 0n) +
      ((await context.shares[1]?.getLiquidRewards(delegator)) ?? 0n);
    const ratio = await context.token.ratio();
    await delegator.rebalance(1, 2, 100n * ONE);
    expect(due).to.be.greaterThan(0);
    const { buffer } = await delegator.ledger();
    expect((await polygon.pol.balanceOf(delegator)) - buffer).to.equal(due);
    expect(await context.token.ratio()).to.equal(ratio);
    expect(await pool.harvest.staticCall([1])).to.equal(due);
  });

  it("touches nothing of a validator whose share contract was replaced: Polygon would move what the new one holds", async () => {
    const context = await even();
    const { delegator, polygon } = context;
    const { stakeManager } = polygon;
    const share = await stakeManager.createShareContract.staticCall(FIRST_ID);
    await stakeManager.createShareContract(FIRST_ID);
    await stakeManager.updateValidatorContractAddress(FIRST_ID, share);
    await setWeights(context, TARGETS);
    await expect(delegator.rebalance(1, 2, ONE))
      .to.be.revertedWithCustomError(delegator, "Displaced")
      .withArgs(1, share);
    await expect(delegator.rebalance(2, 1, ONE))
      .to.be.revertedWithCustomError(delegator, "BeyondTarget")
      .withArgs(2, 1);
    await stakeManager.updateValidatorContractAddress(FIRST_ID, (await delegator.positionAt(1)).share);
    await delegator.rebalance(1, 2, ONE);
  });
});
