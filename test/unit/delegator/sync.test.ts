import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { ValidatorShare__factory } from "../../../typechain-types";
import { delegated, gift, order, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, FIRST_ID, MAX, ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { Kind, RATE_ONE, returns, turnHostile } from "../../support/scriptedShares";

const CHOICE = { validators: 4, params: { maxShareBps: 5_000n } };

/** Four positions of 250 POL each. */
async function even(): Promise<Context> {
  const context = await fixture(CHOICE);
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** A loss of part of the stake at position 1, not booked yet. */
async function slash(context: Context, bps: bigint): Promise<void> {
  context.unsynced.add(1n);
  await context.polygon.stakeManager.cheatSlash(FIRST_ID, bps, false);
}

/** Polygon's governance names another share contract for the validator of position 1. */
async function displace({ polygon }: Context): Promise<void> {
  const share = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
  await polygon.stakeManager.createShareContract(FIRST_ID);
  await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, share);
}

/** It names the old one again. */
async function restore({ polygon, shares }: Context): Promise<void> {
  await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, await (shares[0] ?? expect.fail()).getAddress());
}

describe("Delegator: sync", () => {
  context("a position that is worth what the ledger says", () => {
    it("is left as it is", async () => {
      const context = await even();
      expect(await eventsOf(context.delegator, context.pool.sync(1))).to.deep.equal([]);
      expect(await eventsOf(context.pool, context.pool.sync(2))).to.deep.equal([]);
    });

    it("must be one that there is", async () => {
      const { pool, delegator } = await even();
      for (const position of [0n, 5n]) {
        await expect(pool.sync(position))
          .to.be.revertedWithCustomError(delegator, "UnknownPosition")
          .withArgs(position);
      }
    });
  });

  context("a loss", () => {
    it("is booked by anyone's call, and lowers what a share is worth", async () => {
      const context = await even();
      const { pool, delegator, actors } = context;
      await slash(context, 2_000n);
      expect(await pool.convertToAssets(ONE)).to.equal(ONE);
      const sent = pool.connect(actors.stranger).sync(1);
      await expect(sent)
        .to.emit(delegator, "LossFound")
        .withArgs(1, FIRST_ID, 50n * ONE);
      await expect(sent)
        .to.emit(pool, "LossBooked")
        .withArgs(1, 0, 50n * ONE, 0);
      context.unsynced.clear();
      const { principal } = await delegator.positionAt(1);
      expect([principal, await delegator.writtenOffOf(FIRST_ID)]).to.deep.equal([200n * ONE, 50n * ONE]);
      expect(await pool.totalAssets()).to.equal(950n * ONE + 1n);
      expect(await pool.convertToAssets(ONE)).to.equal(((950n * ONE + 1n) * ONE) / (1_000n * ONE + 1n));
      expect((await pool.parameters()).lossCount).to.equal(1);
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
    });

    it("is borne by rewards first that have not vested, and by nobody else if they suffice", async () => {
      const context = await even();
      const { pool, polygon, delegator, actors } = context;
      await polygon.pol.connect(actors.stranger).transfer(delegator, 100n * ONE);
      await pool.skim();
      const at = BigInt(await time.latest()) + 1_000n;
      const assets = await pool.totalPooled();
      await slash(context, 2_000n);
      const left = (95n * ONE * (7n * DAY - 1_000n) + 7n * DAY - 1n) / (7n * DAY);
      await time.setNextBlockTimestamp(at);
      await expect(pool.sync(1))
        .to.emit(pool, "LossBooked")
        .withArgs(0, 50n * ONE, 0, 0);
      expect(await pool.unvested()).to.equal(left - 50n * ONE);
      expect(await pool.totalAssets()).to.equal(assets - left);
      expect((await pool.parameters()).lossCount).to.equal(0);
    });

    it("is shared with the requests of the open batch at one factor", async () => {
      const context = await even();
      const { pool, lens, actors } = context;
      await pool.connect(actors.alice).requestRedeem(100n * ONE, actors.alice, actors.alice);
      await slash(context, 4_000n);
      const whole = 1_000n * ONE + 1n;
      const openLeft = 100n * ONE - (100n * ONE * 100n * ONE) / whole;
      await expect(pool.sync(1))
        .to.emit(pool, "LossBooked")
        .withArgs(1, 0, 100n * ONE, 100n * ONE - openLeft);
      expect((await pool.queue()).openAssets).to.equal(openLeft);
      expect(await pool.totalPooled()).to.equal(whole - 100n * ONE - openLeft);
      const [id = 0n] = await pool.requestsOf(actors.alice);
      expect(await lens.assetsOf(id, actors.alice)).to.equal(openLeft);
    });

    it("of everything is booked too", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await slash(context, 10_000n);
      await expect(pool.sync(1))
        .to.emit(delegator, "LossFound")
        .withArgs(1, FIRST_ID, 250n * ONE);
      expect((await principals(context))[0]).to.equal(0);
    });
  });

  context("a surplus", () => {
    it("A06: moves nothing when it is given, and vests over seven days with the fee when it is found", async () => {
      const context = await even();
      const { pool, delegator, token } = context;
      const before = await pool.convertToAssets(ONE);
      await gift(context, 70n * ONE);
      expect(await pool.convertToAssets(ONE)).to.equal(before);
      const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
      const fee = (70n * ONE * 500n) / 10_000n;
      const at = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(at);
      const sent = pool.sync(1);
      await expect(sent)
        .to.emit(delegator, "SurplusFound")
        .withArgs(1, FIRST_ID, 70n * ONE, 0);
      await expect(sent)
        .to.emit(pool, "RewardsBooked")
        .withArgs(70n * ONE, fee, (fee * supply) / assets, assets + fee, supply + (fee * supply) / assets);
      expect((await principals(context))[0]).to.equal(320n * ONE);
      expect(await pool.unvested()).to.equal(70n * ONE - fee);
      await time.increaseTo(at + DAY);
      expect(await pool.unvested()).to.equal(((70n * ONE - fee) * 6n) / 7n);
      await time.increaseTo(at + 7n * DAY);
      expect(await pool.unvested()).to.equal(0);
    });

    it("is a recovery without fee up to the loss that was booked on the position, a reward beyond", async () => {
      const context = await even();
      const { pool, delegator, token, actors } = context;
      await slash(context, 2_000n);
      await pool.sync(1);
      // At a rate of 0.8, gifts of 30 and of 40 POL: 20 of the second are more than was lost.
      await gift(context, 30n * ONE);
      const first = pool.sync(1);
      await expect(first)
        .to.emit(delegator, "SurplusFound")
        .withArgs(1, FIRST_ID, 0, 30n * ONE);
      await expect(first).not.to.emit(pool, "RewardsBooked");
      expect(await token.balanceOf(actors.treasury)).to.equal(0);
      expect(await delegator.writtenOffOf(FIRST_ID)).to.equal(20n * ONE);

      await gift(context, 40n * ONE);
      const second = pool.sync(1);
      await expect(second)
        .to.emit(delegator, "SurplusFound")
        .withArgs(1, FIRST_ID, 20n * ONE, 20n * ONE);
      const [booked] = named(await eventsOf(pool, await second), "RewardsBooked");
      expect([booked?.rewards, booked?.fee]).to.deep.equal([20n * ONE, ONE]);
      expect(await delegator.writtenOffOf(FIRST_ID)).to.equal(0);
      expect((await principals(context))[0]).to.equal(270n * ONE);
    });

    it("of a recovery vests over seven days", async () => {
      const context = await even();
      const { pool } = context;
      await slash(context, 2_000n);
      await pool.sync(1);
      await gift(context, 42n * ONE);
      const at = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(at);
      await pool.sync(1);
      expect(await pool.unvested()).to.equal(42n * ONE);
      await time.increaseTo(at + 2n * DAY);
      expect(await pool.unvested()).to.equal(30n * ONE);
    });
  });

  context("a share contract that StakeManager names no more", () => {
    it("A27: has no loss booked on it for 30 days, whoever asks", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await displace(context);
      const at = BigInt(await time.latest()) + 5n;
      await time.setNextBlockTimestamp(at);
      await expect(pool.sync(1)).to.emit(delegator, "DisplacementSeen").withArgs(1, FIRST_ID, at);
      expect((await delegator.positionAt(1)).displacedAt).to.equal(at);
      await time.setNextBlockTimestamp(at + 30n * DAY - 1n);
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
      expect((await principals(context))[0]).to.equal(250n * ONE);

      await time.setNextBlockTimestamp(at + 30n * DAY);
      await expect(pool.sync(1))
        .to.emit(delegator, "LossFound")
        .withArgs(1, FIRST_ID, 250n * ONE);
      const { principal } = await delegator.positionAt(1);
      expect([principal, await delegator.writtenOffOf(FIRST_ID)]).to.deep.equal([0n, 250n * ONE]);
      expect(await delegator.DISPLACEMENT_TIME()).to.equal(30n * DAY);
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
    });

    it("has its clock set back by a break", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await displace(context);
      await pool.sync(1);
      await time.increase(29n * DAY);
      await restore(context);
      await expect(pool.sync(1)).to.emit(delegator, "DisplacementSeen").withArgs(1, FIRST_ID, 0);
      expect((await delegator.positionAt(1)).displacedAt).to.equal(0);

      await displace(context);
      const at = BigInt(await time.latest()) + 5n;
      await time.setNextBlockTimestamp(at);
      await expect(pool.sync(1)).to.emit(delegator, "DisplacementSeen").withArgs(1, FIRST_ID, at);
      await time.increase(2n * DAY);
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
      expect((await principals(context))[0]).to.equal(250n * ONE);
    });

    it("has its clock set back by new stake, too: it is placed only where the share contract is named", async () => {
      const context = await even();
      const { pool, delegator, actors } = context;
      await displace(context);
      await pool.sync(1);
      await time.increase(DAY);
      await restore(context);
      await pool.connect(actors.bob).deposit(100n * ONE, actors.bob);
      await expect(pool.delegate(MAX)).to.emit(delegator, "DisplacementSeen").withArgs(1, FIRST_ID, 0);

      await time.increase(40n * DAY);
      await displace(context);
      const at = BigInt(await time.latest()) + 5n;
      await time.setNextBlockTimestamp(at);
      await expect(pool.sync(1)).to.emit(delegator, "DisplacementSeen").withArgs(1, FIRST_ID, at);
      expect((await principals(context))[0]).to.equal(275n * ONE);
    });

    it("gives back without fee what was written off, if it is named again", async () => {
      const context = await even();
      const { pool, delegator, token, actors } = context;
      await displace(context);
      await pool.sync(1);
      await time.increase(30n * DAY);
      await pool.sync(1);
      const supply = await token.totalSupply();
      await restore(context);
      const sent = pool.connect(actors.stranger).sync(1);
      await expect(sent)
        .to.emit(delegator, "SurplusFound")
        .withArgs(1, FIRST_ID, 0, 250n * ONE);
      await expect(sent).not.to.emit(pool, "RewardsBooked");
      expect(await token.totalSupply()).to.equal(supply);
      await time.increase(7n * DAY);
      expect(await pool.totalAssets()).to.equal(1_000n * ONE + 1n);
    });

    it("has a surplus, or a loss, seen only when it is named again", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await gift(context, 10n * ONE);
      await displace(context);
      await pool.sync(1);
      await restore(context);
      const names = (await eventsOf(delegator, pool.sync(1))).map(({ name }) => name);
      expect(names).to.deep.equal(["DisplacementSeen", "SurplusFound"]);
    });

    it("does not have the stake of all other delegators there counted as a surplus of the new one", async () => {
      const context = await fixture(CHOICE);
      const { pool, polygon, delegator, shares, actors } = context;
      const { stakeManager } = polygon;
      await polygon.pol.connect(actors.bob).approve(stakeManager, MAX);
      await shares[0]?.connect(actors.bob).buyVoucherPOL(100_000n * ONE, 100_000n * ONE);
      await setWeights(context, [0n, 3_000n, 3_000n, 4_000n]);
      await delegated(context, 999n * ONE + 1n);
      await displace(context);
      await order(context, delegator.interface.encodeFunctionData("addPosition", [FIRST_ID]));
      await setWeights(context, [0n, 2_500n, 2_500n, 2_500n, 2_500n]);
      await pool.connect(actors.alice).deposit(100n * ONE, actors.alice);
      await pool.delegate(MAX);
      const { principal, share } = await delegator.positionAt(5);
      expect(principal).to.equal(100n * ONE);
      // Polygon's rate of the new contract divides all stake of the validator by the new shares alone.
      const { stake } = await ValidatorShare__factory.connect(share, actors.bob).getTotalStake(delegator);
      expect(stake).to.equal(100_100n * ONE);
      expect(await eventsOf(delegator, pool.sync(5))).to.deep.equal([]);
      expect((await delegator.positionAt(5)).principal).to.equal(100n * ONE);
    });
  });

  context("a read that fails", () => {
    const broken = {
      reverts: { kind: Kind.Revert },
      "burns all gas": { kind: Kind.BurnGas },
      "returns nothing": { kind: Kind.Return },
      "returns less than a word": { kind: Kind.Return, data: "0x1234" },
    };
    // Half of all that it holds is lost, if the other read is to be believed.
    const answering = { getTotalStake: returns(125n * ONE, RATE_ONE), balanceOf: returns(125n * ONE) };
    for (const read of ["getTotalStake", "balanceOf"]) {
      for (const [name, line] of Object.entries(broken)) {
        it(`books nothing when ${read} of the share contract ${name}`, async () => {
          const context = await even();
          const { pool, delegator } = context;
          await turnHostile(context, 1n, { ...answering, [read]: line });
          expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
          expect(await eventsOf(pool, pool.sync(1))).to.deep.equal([]);
          expect((await delegator.positionAt(1)).principal).to.equal(250n * ONE);
        });
      }
    }

    it("is one that answers: its word counts", async () => {
      const context = await even();
      await turnHostile(context, 1n, { getTotalStake: returns(249n * ONE, RATE_ONE), balanceOf: returns(250n * ONE) });
      await expect(context.pool.sync(1)).to.emit(context.delegator, "LossFound").withArgs(1, FIRST_ID, ONE);
    });
  });

  context("rewards of the validator", () => {
    it("are not a surplus of its stake", async () => {
      const context = await even();
      await checkpoints(context, 5);
      expect(await eventsOf(context.delegator, context.pool.sync(1))).to.deep.equal([]);
    });
  });
});
