import { expect } from "chai";
import { id, keccak256, toBeHex } from "ethers";
import { ethers } from "hardhat";

import { sum } from "../../support/allocator";
import { delegated, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import type { Emitted } from "../../support/events";
import { FIRST_ID, MAX, ONE, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { bookLoss, slash } from "../../support/losses";

/** Root of the delegator's record of batches, by ERC-7201: the oldest and the newest with slices come first. */
const UNBONDING_ROOT = BigInt(keccak256(toBeHex(BigInt(id("ankrmatic.storage.Unbonding")) - 1n, 32))) & ~0xffn;
const BATCH_BITS = 2n ** 40n - 1n;

const CHOICE = { validators: 5, params: { maxShareBps: 5_000n } };

/** Five positions of 200 POL each, and an empty buffer but for a wei. */
async function even(): Promise<Context> {
  const context = await fixture(CHOICE);
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** Alice asks for assets at a price of 1, and the batch is settled; what the delegator says. */
async function settle(context: Context, assets: bigint): Promise<Emitted[]> {
  const { pool, delegator, actors } = context;
  await pool.connect(actors.alice).requestRedeem(assets, actors.alice, actors.alice);
  return eventsOf(delegator, pool.connect(actors.stranger).settleBatch());
}

function sales(events: Emitted[]): [bigint, bigint][] {
  return named(events, "Sold").map(({ position, assets }) => [position as bigint, assets as bigint]);
}

describe("Delegator: fund", () => {
  context("the buffer", () => {
    it("pays first, all of the batch if it can", async () => {
      const context = await even();
      const { pool, polygon, actors } = context;
      await pool.connect(actors.bob).deposit(100n * ONE, actors.bob);
      await pool.connect(actors.alice).requestRedeem(60n * ONE, actors.alice, actors.alice);
      const sent = await pool.settleBatch();
      await expect(sent)
        .to.emit(pool, "BatchFunded")
        .withArgs(1, 60n * ONE, 0, 0);
      expect(await eventsOf(context.delegator, sent)).to.deep.equal([]);
      expect(await polygon.pol.balanceOf(pool)).to.equal(60n * ONE);
      expect(await context.delegator.buffer()).to.equal(40n * ONE + 1n);
    });
  });

  context("sales", () => {
    it("are all from the validator furthest over target, if it has enough", async () => {
      const context = await even();
      await setWeights(context, [2_000n, 2_000n, 1_500n, 2_000n, 2_500n]);
      const events = await settle(context, 180n * ONE + 1n);
      expect(sales(events)).to.deep.equal([[3n, 180n * ONE]]);
      expect(await principals(context)).to.deep.equal([200n, 200n, 20n, 200n, 200n].map((pol) => pol * ONE));
      const { openSlices } = await context.delegator.positionAt(3);
      expect(openSlices).to.equal(1);
    });

    it("go on with the next, down to those under target", async () => {
      const context = await even();
      await setWeights(context, [3_000n, 2_500n, 500n, 1_000n, 3_000n]);
      const events = await settle(context, 650n * ONE + 1n);
      expect(sales(events)).to.deep.equal([
        [3n, 200n * ONE],
        [4n, 200n * ONE],
        [2n, 200n * ONE],
        [1n, 50n * ONE],
      ]);
      expect(await context.delegator.slicesOf(1)).to.have.length(4);
    });

    it("are remembered with position, nonce, epoch and amount", async () => {
      const context = await even();
      const { delegator, polygon, shares } = context;
      const epoch = await polygon.stakeManager.epoch();
      expect(await delegator.epoch()).to.equal(epoch);
      const events = await settle(context, 250n * ONE + 1n);
      expect(named(events, "Sold")).to.deep.equal([
        [1n, 1n, 1n, 200n * ONE],
        [1n, 2n, 1n, 50n * ONE],
      ]);
      expect(await delegator.slicesOf(1)).to.deep.equal([
        [1n, 1n, epoch, 0n, 200n * ONE],
        [2n, 1n, epoch, 0n, 50n * ONE],
      ]);
      expect((await delegator.ledger()).unbonding).to.equal(250n * ONE);
      expect(await shares[0]?.unbonds_new(delegator, 1)).to.deep.equal([200n * ONE, epoch]);
      await checkpoints(context);
      expect(named(await settle(context, 10n * ONE), "Sold")).to.deep.equal([[2n, 3n, 1n, 10n * ONE]]);
    });

    it("pass over a validator that refuses, and say so", async () => {
      const context = await even();
      const { polygon, actors } = context;
      await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID);
      const events = await settle(context, 250n * ONE + 1n);
      expect(named(events, "SaleFailed")).to.deep.equal([[1n, 1n]]);
      expect(sales(events)).to.deep.equal([
        [2n, 200n * ONE],
        [3n, 50n * ONE],
      ]);
    });

    it("are never of nothing: a validator whose stake lost all its value is passed over", async () => {
      const context = await even();
      context.unsynced.add(1n);
      await context.polygon.stakeManager.cheatSlash(FIRST_ID, 10_000, false);
      const events = await settle(context, 250n * ONE + 1n);
      expect(named(events, "SaleFailed")).to.deep.equal([[1n, 1n]]);
      expect(sales(events)).to.deep.equal([
        [2n, 200n * ONE],
        [3n, 50n * ONE],
      ]);
      expect(await context.shares[0]?.unbondNonces(context.delegator)).to.equal(0);
    });

    it("A28: at a rate that is not 1 are of no more than the stake is worth", async () => {
      const context = await even();
      const { pool, delegator, shares } = context;
      context.unsynced.add(1n);
      await context.polygon.stakeManager.cheatSlash(FIRST_ID, 3_333, false);
      const worth = (200n * ONE * 6_667n) / 10_000n;
      expect(sales(await settle(context, 250n * ONE + 1n))).to.deep.equal([
        [1n, worth],
        [2n, 250n * ONE - worth],
      ]);
      // The ledger still has the loss in it, until somebody has it booked.
      expect((await principals(context))[0]).to.equal(200n * ONE - worth);
      expect((await shares[0]?.getTotalStake(delegator))?.stake).to.equal(0);
      await expect(pool.sync(1))
        .to.emit(delegator, "LossFound")
        .withArgs(1, FIRST_ID, 200n * ONE - worth);
      context.unsynced.clear();
      await unbond(context);
      await pool.finalizeBatch(1);
      expect((await pool.batchOf(1)).received).to.equal(250n * ONE + 1n);
    });

    it("A28: at such a rate leave at most a wei per sale to be booked", async () => {
      const context = await even();
      const { pool, delegator, shares } = context;
      context.unsynced.add(1n);
      await context.polygon.stakeManager.cheatSlash(FIRST_ID, 1_111, false);
      await pool.sync(1);
      await setWeights(context, [0n, 2_500n, 2_500n, 2_500n, 2_500n]);
      for (const assets of [7n * ONE + 3n, 11n * ONE + 7n, 13n * ONE + 1n]) {
        await settle(context, assets);
        await checkpoints(context);
      }
      const [principal = 0n] = await principals(context);
      const worth = (await shares[0]?.getTotalStake(delegator))?.stake ?? 0n;
      expect(principal - worth).to.be.within(0n, 3n);
      await pool.sync(1);
      expect((await principals(context))[0]).to.equal(worth);
    });

    it("find nothing while every validator refuses; the batch is funded by a later call", async () => {
      const context = await even();
      const { polygon, actors, pool, delegator } = context;
      for (let id = FIRST_ID; id < FIRST_ID + 5n; id++) {
        await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(id);
      }
      const events = await settle(context, 300n * ONE);
      expect(named(events, "SaleFailed").map(({ position }) => position as bigint)).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
      await expect(pool.continueBatch(1))
        .to.be.revertedWithCustomError(pool, "NoProgress")
        .withArgs(1, 300n * ONE - 1n);
      // Nobody signs the next checkpoint but a validator that is no position.
      await polygon.stakeManager.addValidator(99, actors.validatorOwner, actors.carol, 100_000_000n * ONE, 0, false);
      await checkpoints(context);
      expect(sales(await eventsOf(delegator, pool.continueBatch(1)))).to.deep.equal([
        [1n, 200n * ONE],
        [2n, 100n * ONE - 1n],
      ]);
    });
  });

  context("a batch that nothing can pay when it is closed", () => {
    it("waits for funding, with all that it is owed", async () => {
      const context = await even();
      const { polygon, actors, pool } = context;
      // The wei of the buffer goes to a batch of its own.
      await settle(context, 1n);
      await polygon.stakeManager.addValidator(99, actors.validatorOwner, actors.carol, 100_000_000n * ONE, 0, false);
      await checkpoints(context);
      for (let id = FIRST_ID; id < FIRST_ID + 5n; id++) {
        await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(id);
      }
      await pool.connect(actors.alice).requestRedeem(300n * ONE, actors.alice, actors.alice);
      await expect(pool.settleBatch()).not.to.emit(pool, "BatchFunded");
      const { funding, unsold } = await pool.queue();
      expect([funding, unsold]).to.deep.equal([2n, 300n * ONE]);
      await checkpoints(context);
      await expect(pool.continueBatch(2))
        .to.emit(pool, "BatchFunded")
        .withArgs(2, 0, 300n * ONE, 0);
    });
  });

  context("crumbs that strangers give to positions without weight", () => {
    it("are sold last: they do not use up the sales of a call", async () => {
      const context = await fixture({ validators: 14, params: { maxShareBps: 2_500n } });
      const { polygon, pool, delegator, shares, actors } = context;
      await setWeights(context, [...Array<bigint>(10).fill(0n), ...Array<bigint>(4).fill(2_500n)]);
      await delegated(context, 999n * ONE + 1n);
      const { stranger } = actors;
      await polygon.pol.connect(stranger).approve(polygon.stakeManager, MAX);
      for (const [index, share] of shares.slice(0, 10).entries()) {
        await share.connect(stranger).buyVoucherPOL(1n, 0n);
        await share.connect(stranger).transferPOL(delegator, 1n);
        await pool.sync(index + 1);
      }
      expect(sales(await settle(context, 100n * ONE))).to.deep.equal([[11n, 100n * ONE - 1n]]);
    });

    it("are sold all the same when nothing else is left", async () => {
      const context = await even();
      const { token, actors } = context;
      await settle(context, (await token.balanceOf(actors.alice)) - 10n);
      expect(await principals(context)).to.deep.equal([0n, 0n, 0n, 0n, ONE + 10n]);
      // Half of it is lost: what is left is less than the smallest placement.
      await slash(context, 5n, { bps: 5_000n });
      await bookLoss(context, 5n);
      await checkpoints(context);
      expect(sales(await settle(context, 10n))).to.deep.equal([[5n, 5n]]);
      expect(await principals(context)).to.deep.equal([0n, 0n, 0n, 0n, ONE / 2n]);
    });
  });

  context("many validators", () => {
    const MANY = { validators: 25, params: { maxShareBps: 2_500n } };

    it("are sold from ten at most in a call, and claimed from ten at most", async () => {
      const context = await fixture(MANY);
      const { pool, delegator, actors, polygon } = context;
      await delegated(context, 999n * ONE + 1n);
      expect([await delegator.MAX_SALES_PER_CALL(), await delegator.MAX_SLICES_PER_CALL()]).to.deep.equal([10n, 10n]);
      const first = sales(await settle(context, 990n * ONE));
      expect(first.map(([position]) => position)).to.deep.equal([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n]);
      expect((await pool.queue()).unsold).to.equal(590n * ONE - 1n);
      expect(sales(await eventsOf(delegator, pool.continueBatch(1)))).to.have.length(10);
      expect(sales(await eventsOf(delegator, pool.settleBatch()))).to.have.length(5);
      expect((await pool.queue()).unsold).to.equal(0);
      expect(await delegator.slicesOf(1)).to.have.length(25);

      await unbond(context);
      const claims: number[] = [];
      while ((await pool.batchOf(1)).state === 1n) {
        claims.push(named(await eventsOf(delegator, pool.finalizeBatch(1)), "SliceClaimed").length);
      }
      expect(claims).to.deep.equal([10, 10, 5]);
      await expect(
        pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice),
      ).to.changeTokenBalance(polygon.pol, actors.alice, 990n * ONE);
    });
  });

  context("batches with slices", () => {
    it("are all counted, whichever order they come home in", async () => {
      const context = await even();
      const { pool, delegator } = context;
      for (const assets of [10n, 20n, 30n]) {
        await settle(context, assets * ONE);
        await checkpoints(context);
      }
      // The first batch used the wei of the buffer.
      expect((await delegator.ledger()).unbonding).to.equal(60n * ONE - 1n);
      await unbond(context);
      for (const [batch, left] of [
        [2n, 40n * ONE - 1n],
        [1n, 30n * ONE],
        [3n, 0n],
      ] as const) {
        await pool.finalizeBatch(batch);
        expect((await delegator.ledger()).unbonding).to.equal(left);
        expect((await delegator.reserves()).unbonding).to.equal(left);
      }
      await settle(context, 5n * ONE);
      expect((await delegator.ledger()).unbonding).to.equal(5n * ONE);
    });

    it("are counted when they sell again after all that they sold came home", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      for (const id of [FIRST_ID, FIRST_ID + 1n, FIRST_ID + 2n, FIRST_ID + 3n]) {
        await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(id);
      }
      // Four are in their notice epoch: the fifth sells all that it has, and the buffer gives its wei.
      await settle(context, 300n * ONE);
      await unbond(context);
      await pool.finalizeBatch(1);
      expect((await delegator.reserves()).unbonding).to.equal(0);
      await pool.continueBatch(1);
      expect((await delegator.ledger()).unbonding).to.equal(100n * ONE - 1n);
      expect((await delegator.reserves()).unbonding).to.equal(100n * ONE - 1n);
    });

    it("are forgotten once they came home: what counts them all begins at the newest", async () => {
      const context = await even();
      const { pool, delegator } = context;
      for (const batch of [1n, 2n, 3n]) {
        await settle(context, 10n * ONE);
        await unbond(context);
        await pool.finalizeBatch(batch);
        const word = BigInt(await ethers.provider.getStorage(delegator, UNBONDING_ROOT));
        const [oldest, newest] = [word & BATCH_BITS, (word >> 40n) & BATCH_BITS];
        expect([oldest, newest]).to.deep.equal([batch, batch]);
      }
    });

    it("are not ripe before the delay that Polygon has now", async () => {
      const context = await even();
      const { pool, delegator, polygon } = context;
      await settle(context, 10n * ONE);
      await checkpoints(context, 79);
      const epoch = await delegator.epoch();
      await expect(pool.finalizeBatch(1)).to.be.revertedWithCustomError(delegator, "BatchNotRipe").withArgs(1, epoch);
      await polygon.stakeManager.setWithdrawalDelay(79);
      await expect(pool.finalizeBatch(1))
        .to.emit(delegator, "SliceClaimed")
        .withArgs(1, 1, 1, 10n * ONE - 1n, 10n * ONE - 1n);
    });
  });

  context("after everything was sold", () => {
    it("the next stake is delegated as before", async () => {
      const context = await even();
      const { pool, actors, token, delegator } = context;
      await settle(context, await token.balanceOf(actors.alice));
      await unbond(context);
      await pool.finalizeBatch(1);
      await delegated(context, 500n * ONE, actors.bob);
      expect(sum(await principals(context))).to.be.greaterThan(499n * ONE);
      const free = (await delegator.buffer()) - 1n;
      await expect(pool.delegate(MAX)).to.be.revertedWithCustomError(delegator, "NothingToDelegate").withArgs(free);
    });
  });
});
