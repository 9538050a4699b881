import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { sum } from "../../support/allocator";
import { asContract } from "../../support/asContract";
import { delegated } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, FIRST_ID, ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

const CHOICE = { validators: 4 };

/** Four positions of 250 POL each. */
async function even(): Promise<Context> {
  const context = await fixture(CHOICE);
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** What each validator owes the delegator, by Polygon's own view. */
async function due({ shares, delegator }: Context): Promise<bigint[]> {
  return Promise.all(shares.map((share) => share.getLiquidRewards(delegator)));
}

async function harvest(context: Context, positions: bigint[]): Promise<[bigint, bigint, bigint, bigint][]> {
  const { delegator, pool, actors } = context;
  const events = await eventsOf(delegator, pool.connect(actors.stranger).harvest(positions));
  return named(events, "Harvested").map(({ position, validatorId, rewards, period }) => [
    position as bigint,
    validatorId as bigint,
    rewards as bigint,
    period as bigint,
  ]);
}

describe("Delegator: harvest", () => {
  context("what it collects", () => {
    it("is what each validator owes, measured, into the buffer", async () => {
      const context = await even();
      const { delegator, pool, polygon } = context;
      await checkpoints(context, 3);
      const owed = await due(context);
      expect(owed.every((reward) => reward > 0n)).to.equal(true);
      const buffer = await delegator.buffer();
      expect(await pool.harvest.staticCall([])).to.equal(sum(owed));
      const found = await harvest(context, []);
      expect(found.map(([position, id, rewards]) => [position, id, rewards])).to.deep.equal(
        owed.map((reward, index) => [BigInt(index) + 1n, FIRST_ID + BigInt(index), reward]),
      );
      expect(await delegator.buffer()).to.equal(buffer + sum(owed));
      expect(await polygon.pol.balanceOf(delegator)).to.equal(buffer + sum(owed));
      expect(await due(context)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("is of the positions that were named, and duplicates bring nothing more", async () => {
      const context = await even();
      await checkpoints(context);
      const [first, second, third, fourth] = await due(context);
      const found = await harvest(context, [3n, 1n, 3n, 3n]);
      expect(found.map(([position, , rewards]) => [position, rewards])).to.deep.equal([
        [3n, third],
        [1n, first],
      ]);
      expect(await due(context)).to.deep.equal([0n, second, 0n, fourth]);
    });

    it("pays the fee in shares at the price of before, and streams the rest", async () => {
      const context = await even();
      const { pool, token, actors } = context;
      await checkpoints(context);
      const [reward = 0n] = await due(context);
      const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
      const fee = (reward * 500n) / 10_000n;
      await expect(pool.harvest([1]))
        .to.emit(pool, "RewardsBooked")
        .withArgs(reward, fee, (fee * supply) / assets, assets + fee, supply + (fee * supply) / assets);
      expect(await token.balanceOf(actors.treasury)).to.equal((fee * supply) / assets);
      expect(await pool.totalPooled()).to.equal(assets + reward);
      expect(await pool.unvested()).to.equal(reward - fee);
    });

    it("is nothing while nothing was earned, and then no clock starts again", async () => {
      const context = await even();
      const { pool, delegator } = context;
      const { lastHarvestAt } = await delegator.positionAt(1);
      await expect(pool.harvest([])).not.to.emit(delegator, "Harvested");
      expect((await delegator.positionAt(1)).lastHarvestAt).to.equal(lastHarvestAt);
    });
  });

  context("the time over which it vests", () => {
    it("is the time since that validator's last harvest, at least a day, at most seven", async () => {
      const context = await even();
      const { delegator } = context;
      const { lastHarvestAt: start } = await delegator.positionAt(1);
      const periodAt = async (seconds: bigint, positions: bigint[]): Promise<bigint[]> => {
        await checkpoints(context);
        await time.setNextBlockTimestamp(start + seconds);
        return (await harvest(context, positions)).map(([, , , period]) => period);
      };
      const offset = (await delegator.positionAt(2)).lastHarvestAt - start;
      expect(await periodAt(3n * DAY, [1n])).to.deep.equal([3n * DAY]);
      expect(await periodAt(5n * DAY, [1n, 2n])).to.deep.equal([2n * DAY, 5n * DAY - offset]);
      expect(await periodAt(5n * DAY + 3_600n, [1n])).to.deep.equal([DAY]);
      expect(await periodAt(30n * DAY, [1n, 2n])).to.deep.equal([7n * DAY, 7n * DAY]);
      expect((await delegator.positionAt(1)).lastHarvestAt).to.equal(start + 30n * DAY);
    });

    it("ends to the second, and the release is linear", async () => {
      const context = await even();
      const { pool, delegator } = context;
      const { lastHarvestAt } = await delegator.positionAt(1);
      const at = lastHarvestAt + 4n * DAY;
      await checkpoints(context);
      const [reward = 0n] = await due(context);
      await time.setNextBlockTimestamp(at);
      await pool.harvest([1]);
      const streamed = reward - (reward * 500n) / 10_000n;
      const end = at + 4n * DAY;
      const pooled = await pool.totalPooled();
      for (const seconds of [0n, 1n, DAY, 2n * DAY + 17n, 4n * DAY - 1n]) {
        if (seconds > 0n) await time.increaseTo(at + seconds);
        const left = end - at - seconds;
        const unvested = (streamed * left + 4n * DAY - 1n) / (4n * DAY);
        expect(await pool.unvested()).to.equal(unvested);
        expect(await pool.totalAssets()).to.equal(pooled - unvested);
      }
      await time.increaseTo(end);
      expect(await pool.unvested()).to.equal(0);
      expect(await pool.totalAssets()).to.equal(pooled);
    });

    it("A11: of several validators is the mean, weighted by what each brought", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await checkpoints(context);
      const start = (await delegator.positionAt(1)).lastHarvestAt;
      await time.setNextBlockTimestamp(start + 3n * DAY);
      await harvest(context, [1n]);
      await checkpoints(context, 2);
      // The first stream has ended when the second begins.
      await time.setNextBlockTimestamp(start + 8n * DAY);
      const found = await harvest(context, [1n, 2n]);
      expect(found.map(([, , , period]) => period)).to.deep.equal([5n * DAY, 7n * DAY]);
      const rewards = sum(found.map(([, , reward]) => reward));
      const weighted = sum(found.map(([, , reward, period]) => reward * period));
      const mean = (weighted + rewards - 1n) / rewards;
      await time.increaseTo(start + 8n * DAY + mean - 1n);
      expect(await pool.unvested()).to.be.greaterThan(0);
      await time.increaseTo(start + 8n * DAY + mean);
      expect(await pool.unvested()).to.equal(0);
    });
  });

  context("arguments", () => {
    it("are positions that there are", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await checkpoints(context);
      for (const position of [0n, 5n, 2n ** 255n]) {
        await expect(pool.harvest([1n, position]))
          .to.be.revertedWithCustomError(delegator, "UnknownPosition")
          .withArgs(position);
      }
    });

    it("are 64 at most", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await checkpoints(context);
      await expect(pool.harvest(Array.from({ length: 65 }, () => 1n)))
        .to.be.revertedWithCustomError(delegator, "TooManyPositions")
        .withArgs(65, 64);
      const [reward] = await due(context);
      expect(await pool.harvest.staticCall(Array.from({ length: 64 }, () => 1n))).to.equal(reward);
    });
  });

  context("failure", () => {
    it("A25: of one validator does not keep the others from being collected, and is named", async () => {
      const context = await even();
      const { delegator, pool, polygon } = context;
      await checkpoints(context);
      const [first, , third, fourth] = await due(context);
      const share = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID + 1n);
      await polygon.stakeManager.createShareContract(FIRST_ID + 1n);
      await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID + 1n, share);
      const events = await eventsOf(delegator, pool.harvest([]));
      expect(named(events, "HarvestFailed")).to.deep.equal([[2n, FIRST_ID + 1n]]);
      expect(named(events, "Harvested").map((args) => [args.position as bigint, args.rewards as bigint])).to.deep.equal(
        [
          [1n, first],
          [3n, third],
          [4n, fourth],
        ],
      );
    });

    it("of all of them, because Polygon has no POL, books nothing; later it brings everything", async () => {
      const context = await even();
      const { delegator, pool, polygon, actors } = context;
      await checkpoints(context);
      const owed = sum(await due(context));
      const manager = await asContract(polygon.stakeManager);
      const all = await polygon.pol.balanceOf(manager);
      await polygon.pol.connect(manager).transfer(actors.carol, all);
      const events = await eventsOf(delegator, pool.harvest([]));
      expect(events.map(({ name }) => name)).to.deep.equal(Array.from({ length: 4 }, () => "HarvestFailed"));
      await polygon.pol.connect(actors.carol).transfer(manager, all);
      expect(await pool.harvest.staticCall([])).to.equal(owed);
    });

    it("A26: is none when a validator has left: what it earned is still collected", async () => {
      const context = await even();
      const { polygon, actors } = context;
      await checkpoints(context);
      const [reward = 0n] = await due(context);
      await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID);
      await checkpoints(context, 81);
      await polygon.stakeManager.connect(actors.validatorOwner).unstakeClaimPOL(FIRST_ID);
      const [[position, , rewards] = [0n, 0n, 0n, 0n]] = await harvest(context, [1n]);
      expect(position).to.equal(1);
      expect(rewards).to.be.at.least(reward);
    });
  });
});
