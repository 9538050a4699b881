import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { id as hash } from "ethers";
import { ethers } from "hardhat";

import { addLocalValidator } from "../../../scripts/conformance/localStaking";
import { ScriptedShare__factory } from "../../typechain-types";
import { allocate, sum } from "../../support/allocator";
import { delegated, order, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, FIRST_ID, MAX, ONE, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { Kind, turnHostile } from "../../support/scriptedShares";

const CHOICE = { validators: 5, commission: 0n, params: { maxShareBps: 5_000n } };

/** Five positions of 200 POL each. */
async function even(): Promise<Context> {
  const context = await fixture(CHOICE);
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** Alice asks, the batch is settled, Polygon's delay passes, she claims: POL that she got. */
async function exit(context: Context, assets: bigint): Promise<bigint> {
  const { pool, polygon, actors } = context;
  const { open } = await pool.queue();
  await pool.connect(actors.alice).requestRedeem(assets, actors.alice, actors.alice);
  await checkpoints(context);
  await pool.settleBatch();
  while ((await pool.queue()).unsold > 0n) await pool.continueBatch(open);
  await unbond(context);
  if ((await pool.batchOf(open)).state === 1n) await pool.finalizeBatch(open);
  const before = await polygon.pol.balanceOf(actors.alice);
  await pool.connect(actors.alice).claim([requestId(open, actors.alice.address)], actors.alice, actors.alice);
  return (await polygon.pol.balanceOf(actors.alice)) - before;
}

describe("findings: validators", () => {
  it("A23: stakes go on whichever validators are locked or switched off, and wait in the buffer", async () => {
    const context = await even();
    const { pool, polygon, signers, delegator, actors } = context;
    for (const [index, signer] of signers.entries()) {
      if (index % 2 === 0) await polygon.stakeManager.cheatSetLocked(FIRST_ID + BigInt(index), true);
      else await polygon.stakeManager.connect(signer).updateValidatorDelegation(false);
      await pool.connect(actors.bob).deposit(10n * ONE, actors.bob);
      await pool.connect(actors.bob).stakeMatic(10n * ONE, actors.bob, 0, MAX);
    }
    await expect(pool.delegate(MAX)).to.be.revertedWithCustomError(delegator, "NothingToDelegate");
    expect(await delegator.buffer()).to.equal(100n * ONE + 1n);
    await polygon.stakeManager.cheatSetLocked(FIRST_ID, false);
    await pool.connect(actors.stranger).delegate(MAX);
    expect((await principals(context))[0]).to.be.greaterThan(200n * ONE);
  });

  it("A24: through notice and departure of a validator no user's call fails, and no request is lost", async () => {
    const context = await even();
    const { pool, polygon, actors } = context;
    const { alice, bob } = actors;
    await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID);
    for (const batch of [1n, 2n, 3n]) {
      await pool.connect(bob).deposit(ONE, bob);
      await pool.connect(alice).requestRedeem(50n * ONE, alice, alice);
      await pool.settleBatch();
      expect((await pool.queue()).unsold).to.equal(0);
      expect((await pool.batchOf(batch)).state).to.be.greaterThan(0);
      await checkpoints(context);
    }
    await unbond(context);
    for (const batch of [1n, 2n, 3n]) {
      await pool.finalizeBatch(batch);
      await expect(pool.connect(alice).claim([requestId(batch, alice.address)], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        50n * ONE,
      );
    }
  });

  it("A25: one of five that fails leaves the other four harvested, and is named", async () => {
    const context = await even();
    const { pool, delegator } = context;
    await checkpoints(context);
    await turnHostile(context, 3n, { withdrawRewardsPOL: { kind: Kind.BurnGas } });
    const events = await eventsOf(delegator, pool.harvest([]));
    expect(named(events, "HarvestFailed")).to.deep.equal([[3n, FIRST_ID + 2n]]);
    expect(named(events, "Harvested").map((args) => args.position as bigint)).to.deep.equal([1n, 2n, 4n, 5n]);
  });

  const states: Record<string, (context: Context) => Promise<unknown>> = {
    locked: ({ polygon }) => polygon.stakeManager.cheatSetLocked(FIRST_ID, true),
    "switched off": ({ polygon, signers }) => polygon.stakeManager.connect(signers[0]).updateValidatorDelegation(false),
    leaving: ({ polygon, actors }) => polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID),
    removed: ({ polygon }) => polygon.stakeManager.forceUnstakePOL(FIRST_ID),
    gone: async (context) => {
      const { polygon, actors } = context;
      await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID);
      await checkpoints(context, 81);
      await polygon.stakeManager.connect(actors.validatorOwner).unstakeClaimPOL(FIRST_ID);
    },
    "too dear": ({ polygon, actors }) =>
      polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID, 100),
  };
  for (const [state, enter] of Object.entries(states)) {
    it(`A26: the stake at a validator that is ${state} can be sold to the last wei, and claimed`, async () => {
      const context = await even();
      const { delegator, shares } = context;
      await setWeights(context, [0n, 2_500n, 2_500n, 2_500n, 2_500n]);
      await enter(context);
      expect(await exit(context, 200n * ONE + 1n)).to.equal(200n * ONE + 1n);
      expect((await principals(context))[0]).to.equal(0);
      expect(await shares[0]?.balanceOf(delegator)).to.equal(0);
      await order(context, delegator.interface.encodeFunctionData("removePosition", [1]));
    });
  }

  it("A27: a sale is claimed from the contract that it was made at, not from the one that is named now", async () => {
    const context = await even();
    const { pool, polygon, shares, actors, delegator } = context;
    await pool.connect(actors.alice).requestRedeem(100n * ONE + 1n, actors.alice, actors.alice);
    await pool.settleBatch();
    const replacement = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
    await polygon.stakeManager.createShareContract(FIRST_ID);
    await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, replacement);
    await unbond(context);
    // Polygon pays an old contract nothing; the slice waits for it, and nothing is taken for claimed.
    await expect(pool.finalizeBatch(1)).to.emit(delegator, "SliceFailed").withArgs(1, 1, 1);
    expect((await delegator.ledger()).unbonding).to.equal(100n * ONE);
    await polygon.stakeManager.updateValidatorContractAddress(
      FIRST_ID,
      await (shares[0] ?? expect.fail()).getAddress(),
    );
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).received).to.equal(100n * ONE + 1n);
  });

  it("A27: a contract that is zero, or of a validator without one, is never called", async () => {
    const context = await even();
    const { polygon, delegator, actors } = context;
    await polygon.stakeManager.addValidator(70, actors.validatorOwner, actors.carol, ONE, 0, false);
    await expect(order(context, delegator.interface.encodeFunctionData("addPosition", [70])))
      .to.be.revertedWithCustomError(delegator, "NoShareContract")
      .withArgs(70);
    await expect(context.pool.harvest([6]))
      .to.be.revertedWithCustomError(delegator, "UnknownPosition")
      .withArgs(6);
  });

  it("A28: foundation ids are refused, and a rate of 0.996 gets no stake", async () => {
    const context = await even();
    const { polygon, delegator, pool, actors } = context;
    await addLocalValidator(polygon, { id: 3n, owner: actors.carol.address, signer: actors.carol.address, stake: ONE });
    await expect(order(context, delegator.interface.encodeFunctionData("addPosition", [3])))
      .to.be.revertedWithCustomError(delegator, "FoundationValidator")
      .withArgs(3);
    context.unsynced.add(1n);
    await polygon.stakeManager.cheatSlash(FIRST_ID, 40, false);
    expect(await context.shares[0]?.exchangeRate()).to.equal(996n * 10n ** 26n);
    await setWeights(context, [5_000n, 1_250n, 1_250n, 1_250n, 1_250n]);
    await pool.connect(actors.alice).deposit(1_000n * ONE, actors.alice);
    const events = await eventsOf(delegator, pool.delegate(MAX));
    expect(named(events, "PassedOver")).to.deep.equal([[1n, FIRST_ID]]);
    expect((await principals(context))[0]).to.equal(200n * ONE);
  });

  it("A29: rewards that a stranger forces out, in either coin, are credited once, with the fee", async () => {
    const context = await even();
    const { pool, polygon, shares, delegator, token, actors } = context;
    await checkpoints(context, 3);
    const owed = sum(await Promise.all(shares.map((share) => share.getLiquidRewards(delegator))));
    const rate = await pool.convertToAssets(ONE);
    await shares[0]?.connect(actors.stranger).transfer(delegator, 0);
    await shares[1]?.connect(actors.stranger).transferFrom(actors.stranger, delegator, 0);
    await shares[2]?.connect(actors.stranger).transferPOL(delegator, 0);
    expect(await pool.convertToAssets(ONE)).to.equal(rate);
    const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
    expect(await pool.harvest.staticCall([])).to.equal(owed);
    await pool.harvest([]);
    const fee = (owed * 500n) / 10_000n;
    expect(await token.balanceOf(actors.treasury)).to.equal((fee * supply) / assets);
    expect(await polygon.matic.balanceOf(delegator)).to.equal(1);
    expect(await pool.harvest.staticCall([])).to.equal(0);
  });

  it("A30: exits, rewards and moves pay POL while the way to MATIC is locked and MATIC stands still", async () => {
    const context = await even();
    const { pool, polygon, delegator, actors } = context;
    await polygon.migration.updateUnmigrationLock(true);
    // Whoever pauses MATIC makes each of its transfers fail.
    const paused = await new ScriptedShare__factory(actors.deployer).deploy();
    const balanceOf = polygon.matic.interface.getFunction("balanceOf").selector;
    const zero = ethers.AbiCoder.defaultAbiCoder().encode(["uint256"], [0]);
    const at = await polygon.matic.getAddress();
    await ethers.provider.send("hardhat_setCode", [at, await ethers.provider.getCode(paused)]);
    const matic = ScriptedShare__factory.connect(at, actors.deployer);
    await matic.learn([balanceOf], [{ kind: Kind.Return, target: at, data: zero }]);
    await expect(polygon.matic.connect(actors.alice).transfer(actors.bob, 1)).to.be.reverted;

    await checkpoints(context);
    await pool.harvest([]);
    expect(await delegator.buffer()).to.be.greaterThan(ONE);
    await pool.delegate(MAX);
    await setWeights(context, [1_000n, 3_000n, 2_000n, 2_000n, 2_000n]);
    await delegator.rebalance(1, 2, ONE);
    const asked = 500n * ONE;
    const owed = await pool.convertToAssets(asked);
    expect(await exit(context, asked)).to.be.within(owed, owed + ONE);

    await pool.connect(actors.alice).requestRedeem(ONE, actors.alice, actors.alice);
    await checkpoints(context);
    await pool.settleBatch();
    const { open } = await pool.queue();
    if ((await pool.batchOf(open - 1n)).state === 1n) {
      await unbond(context);
      await pool.finalizeBatch(open - 1n);
    }
    const ids = [requestId(open - 1n, actors.alice.address)];
    await expect(
      pool.connect(actors.alice).claimInMatic(ids, actors.alice, actors.alice),
    ).to.be.revertedWithCustomError(polygon.migration, "UnmigrationLocked");
    await pool.connect(actors.alice).claim(ids, actors.alice, actors.alice);
  });

  it("A31: a bad implementation of all share contracts books no loss, and all goes on once it is replaced", async () => {
    const context = await even();
    const { pool, polygon, delegator, lens, actors } = context;
    await checkpoints(context);
    const key = hash("validatorShare");
    const good = await polygon.registry.contractMap(key);
    const before = await lens.books();
    // The watch cannot ask positions whose contract answers nothing.
    for (let position = 1n; position <= 5n; position++) context.unsynced.add(position);
    await polygon.registry.updateContractMap(key, await new ScriptedShare__factory(actors.deployer).deploy());

    for (let position = 1n; position <= 5n; position++) await pool.sync(position);
    expect(named(await eventsOf(delegator, pool.harvest([])), "HarvestFailed")).to.have.length(5);
    expect(await lens.books()).to.deep.equal(before);
    await pool.connect(actors.bob).deposit(10n * ONE, actors.bob);
    await expect(pool.delegate(MAX)).to.be.revertedWithCustomError(delegator, "NothingToDelegate");
    await pool.connect(actors.alice).requestRedeem(100n * ONE, actors.alice, actors.alice);
    expect(named(await eventsOf(delegator, pool.settleBatch()), "SaleFailed")).to.have.length(5);

    await polygon.registry.updateContractMap(key, good);
    context.unsynced.clear();
    await pool.continueBatch(1);
    await unbond(context);
    await pool.finalizeBatch(1);
    expect((await pool.batchOf(1)).received).to.equal(100n * ONE);
    await pool.harvest([]);
    await pool.delegate(MAX);
  });

  it("A31: no validator gets more of the pool than the constitutional maximum", async () => {
    const context = await even();
    const { delegator, polygon, pool, actors } = context;
    for (const index of [1n, 2n, 3n, 4n]) await polygon.stakeManager.cheatSetLocked(FIRST_ID + index, true);
    await pool.connect(actors.alice).deposit(10_000n * ONE, actors.alice);
    await pool.delegate(MAX);
    const [first = 0n] = await principals(context);
    // Half of what is delegated and what was to be delegated, 11,000.
    expect(first).to.equal(5_500n * ONE);
    await expect(pool.delegate(MAX)).to.be.revertedWithCustomError(delegator, "NothingToDelegate");
  });

  it("A32: shares that were given do not stand in the way of removing a validator", async () => {
    const context = await even();
    const { polygon, shares, delegator, actors } = context;
    await setWeights(context, [0n, 2_500n, 2_500n, 2_500n, 2_500n]);
    await exit(context, 200n * ONE + 1n);
    await polygon.pol.connect(actors.alice).approve(polygon.stakeManager, MAX);
    await shares[0]?.connect(actors.alice).buyVoucherPOL(1, 1);
    await shares[0]?.connect(actors.alice).transferPOL(delegator, 1);
    await order(context, delegator.interface.encodeFunctionData("removePosition", [1]));
    expect((await delegator.positionAt(1)).validatorId).to.equal(0);
  });

  it("A32: all stake of a validator can be moved while rewards are due, and no sum changes", async () => {
    const context = await even();
    const { polygon, delegator, lens } = context;
    await checkpoints(context, 2);
    await polygon.stakeManager.forceUnstakePOL(FIRST_ID);
    const before = await lens.books();
    await delegator.evacuate(1, 200n * ONE);
    expect((await principals(context))[0]).to.equal(0);
    expect((await lens.books()).principal).to.equal(before.principal);
    expect((await lens.books()).totalPooled).to.equal(before.totalPooled);
    expect(await context.pool.harvest.staticCall([])).to.be.greaterThan(0);
  });

  it("A33: numbers of positions are no ids, one of 100 % is no division by zero, and all is allocated", async () => {
    const context = await fixture({ validators: 1 });
    const { pool, delegator, actors } = context;
    await pool.connect(actors.alice).deposit(99n * ONE + 1n, actors.alice);
    const { placements } = allocate([{ principal: 0n, weight: 10_000n, cap: 10_000n, open: true }], 100n * ONE);
    expect(placements).to.deep.equal([[1n, 100n * ONE]]);
    await expect(pool.delegate(MAX))
      .to.emit(delegator, "Delegated")
      .withArgs(1, FIRST_ID, 100n * ONE);
    await expect(order(context, delegator.interface.encodeFunctionData("setWeights", [[9_999], [10_000]])))
      .to.be.revertedWithCustomError(delegator, "WrongWeightSum")
      .withArgs(9_999);
    await time.increase(DAY);
  });
});
