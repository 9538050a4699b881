import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { addLocalValidator } from "../../../scripts/conformance/localStaking";
import { delegated, order, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, FIRST_ID, ONE, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";

/** Half of the pool may be at one validator: two of four can be left. */
const CHOICE = { params: { maxShareBps: 5_000n } };

/** Adds a validator to Polygon that is no position yet; returns its share contract. */
async function addValidator(context: Context, id: bigint): Promise<string> {
  const { polygon, actors } = context;
  const signer = `0x${(0x5160000n + id).toString(16).padStart(40, "0")}`;
  const share = await addLocalValidator(polygon, {
    id,
    owner: actors.validatorOwner.address,
    signer,
    stake: 1_000_000n * ONE,
    commission: 5n,
  });
  return share.getAddress();
}

describe("Delegator: positions", () => {
  context("addPosition", () => {
    const add = ({ delegator }: Context, id: bigint): string =>
      delegator.interface.encodeFunctionData("addPosition", [id]);

    it("registers the share contract that StakeManager names now, with no weight", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      const share = await addValidator(context, 77n);
      await expect(order(context, add(context, 77n))).not.to.be.reverted;

      const [event] = await delegator.queryFilter(delegator.filters.PositionAdded(5));
      expect(event?.args).to.deep.equal([5n, 77n, share]);
      expect(await delegator.positionCount()).to.equal(5);
      const position = await delegator.positionAt(5);
      expect(position.share).to.equal(share);
      expect(position.validatorId).to.equal(77);
      expect(position.lastHarvestAt).to.equal(await time.latest());
      expect([position.principal, position.weightBps, position.capBps, position.openSlices]).to.deep.equal([
        0n,
        0n,
        0n,
        0n,
      ]);
      expect([position.displacedAt, await delegator.writtenOffOf(FIRST_ID)]).to.deep.equal([0n, 0n]);
      expect(await delegator.acceptsStake(5)).to.equal(true);
    });

    it("is for the manager alone", async () => {
      const { delegator, actors } = await fixture(CHOICE);
      await expect(delegator.connect(actors.stranger).addPosition(77))
        .to.be.revertedWithCustomError(delegator, "AccessManagedUnauthorized")
        .withArgs(actors.stranger.address);
      await expect(delegator.connect(actors.manager).addPosition(77)).to.be.reverted;
    });

    it("refuses the ids whose rates have two digits", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      for (const id of [0n, 1n, 7n]) {
        await expect(order(context, add(context, id)))
          .to.be.revertedWithCustomError(delegator, "FoundationValidator")
          .withArgs(id);
      }
    });

    it("refuses a validator without a share contract, and one that does not exist", async () => {
      const context = await fixture(CHOICE);
      const { delegator, polygon, actors } = context;
      await polygon.stakeManager.addValidator(78, actors.validatorOwner, actors.carol, ONE, 5, false);
      for (const id of [78n, 999n]) {
        await expect(order(context, add(context, id)))
          .to.be.revertedWithCustomError(delegator, "NoShareContract")
          .withArgs(id);
      }
    });

    it("refuses a share contract that is a position already", async () => {
      const context = await fixture(CHOICE);
      const { delegator, shares } = context;
      await expect(order(context, add(context, FIRST_ID + 2n)))
        .to.be.revertedWithCustomError(delegator, "AlreadyRegistered")
        .withArgs(3, await shares[2]?.getAddress());
    });

    it("takes the new share contract of a validator whose old one is a position", async () => {
      const context = await fixture(CHOICE);
      const { delegator, polygon, shares } = context;
      const replacement = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
      await polygon.stakeManager.createShareContract(FIRST_ID);
      await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, replacement);
      await order(context, add(context, FIRST_ID));
      expect((await delegator.positionAt(1)).share).to.equal(await shares[0]?.getAddress());
      expect((await delegator.positionAt(5)).share).to.equal(replacement);
    });

    it("refuses it while the old one has stake of the pool, which both would count", async () => {
      const context = await fixture(CHOICE);
      const { delegator, polygon, pool } = context;
      await delegated(context, 399n * ONE + 1n);
      const replacement = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
      await polygon.stakeManager.createShareContract(FIRST_ID);
      await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, replacement);
      await expect(order(context, add(context, FIRST_ID)))
        .to.be.revertedWithCustomError(delegator, "PositionInUse")
        .withArgs(1, 100n * ONE, 2_500, 0);

      // Once it is written off, what comes back of it is a recovery on either.
      await pool.sync(1);
      await time.increase(30n * DAY);
      await pool.sync(1);
      expect(await delegator.writtenOffOf(FIRST_ID)).to.equal(100n * ONE);
      await order(context, add(context, FIRST_ID));
      expect(await delegator.writtenOffOf(FIRST_ID)).to.equal(100n * ONE);
      const old = await delegator.positionAt(1);
      await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, old.share);
      await expect(pool.sync(1))
        .to.emit(delegator, "SurplusFound")
        .withArgs(1, FIRST_ID, 0n, 100n * ONE);
      expect(await delegator.writtenOffOf(FIRST_ID)).to.equal(0n);
    });

    it("gives the number of a removed position to the next, the lowest first", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      await setWeights(context, [5_000n, 0n, 0n, 5_000n]);
      for (const position of [3n, 2n]) {
        await order(context, delegator.interface.encodeFunctionData("removePosition", [position]));
      }
      expect(await delegator.positionCount()).to.equal(4);
      for (const [id, number] of [
        [90n, 2n],
        [91n, 3n],
        [92n, 5n],
      ] as const) {
        const share = await addValidator(context, id);
        await order(context, add(context, id));
        expect((await delegator.positionAt(number)).share).to.equal(share);
      }
      expect(await delegator.positionCount()).to.equal(5);
    });
  });

  context("addPosition with 64 positions", () => {
    const FULL = { validators: 64 };

    it("refuses the 65th, until one is removed", async () => {
      const context = await fixture(FULL);
      const { delegator } = context;
      expect(await delegator.MAX_POSITIONS()).to.equal(64);
      const share = await addValidator(context, 500n);
      const add = delegator.interface.encodeFunctionData("addPosition", [500]);
      await expect(order(context, add)).to.be.revertedWithCustomError(delegator, "TooManyPositions").withArgs(65, 64);

      const weights = Array.from({ length: 64 }, () => 156n);
      weights[0] = 10_000n - 62n * 156n;
      weights[63] = 0n;
      await setWeights(context, weights);
      await order(context, delegator.interface.encodeFunctionData("removePosition", [64]));
      await order(context, add);
      expect((await delegator.positionAt(64)).share).to.equal(share);
    });

    it("reaches each of them with a harvest of all, in one block", async () => {
      const context = await fixture(FULL);
      await delegated(context, 64_000n * ONE);
      expect((await principals(context)).every((principal) => principal > 0n)).to.equal(true);
      await checkpoints(context);
      const harvest = await (await context.pool.harvest([])).wait();
      const found = await context.delegator.queryFilter(
        context.delegator.filters.Harvested(),
        harvest?.blockNumber,
        harvest?.blockNumber,
      );
      expect(found.map(({ args }) => args.position)).to.deep.equal(Array.from({ length: 64 }, (_, i) => BigInt(i + 1)));
      expect(harvest?.gasUsed).to.be.lessThan(2n ** 24n);
    });
  });

  context("removePosition", () => {
    const remove = ({ delegator }: Context, position: bigint): string =>
      delegator.interface.encodeFunctionData("removePosition", [position]);

    it("gives up a position that has nothing left", async () => {
      const context = await fixture(CHOICE);
      const { delegator, shares } = context;
      await setWeights(context, [5_000n, 5_000n, 0n, 0n]);
      await order(context, remove(context, 3n));
      const [event] = await delegator.queryFilter(delegator.filters.PositionRemoved());
      expect(event?.args).to.deep.equal([3n, FIRST_ID + 2n, await shares[2]?.getAddress()]);
      const removed = await delegator.positionAt(3);
      expect([removed.share, removed.validatorId, removed.lastHarvestAt]).to.deep.equal([ZeroAddress, 0n, 0n]);
      await expect(delegator.acceptsStake(3)).to.be.revertedWithCustomError(delegator, "UnknownPosition").withArgs(3);
    });

    it("is for the manager alone, and for positions that there are", async () => {
      const context = await fixture(CHOICE);
      const { delegator, actors } = context;
      await expect(delegator.connect(actors.stranger).removePosition(1))
        .to.be.revertedWithCustomError(delegator, "AccessManagedUnauthorized")
        .withArgs(actors.stranger.address);
      for (const position of [0n, 5n, 2n ** 200n]) {
        await expect(order(context, remove(context, position)))
          .to.be.revertedWithCustomError(delegator, "UnknownPosition")
          .withArgs(position);
      }
    });

    it("refuses a position with a weight, with stake, or with sales on their way", async () => {
      const context = await fixture(CHOICE);
      const { delegator, pool, token, actors } = context;
      await expect(order(context, remove(context, 4n)))
        .to.be.revertedWithCustomError(delegator, "PositionInUse")
        .withArgs(4, 0, 2_500, 0);

      await delegated(context, 399n * ONE);
      const [, , , held] = await principals(context);
      await setWeights(context, [5_000n, 2_500n, 2_500n, 0n]);
      await expect(order(context, remove(context, 4n)))
        .to.be.revertedWithCustomError(delegator, "PositionInUse")
        .withArgs(4, held, 0, 0);

      // What is in the buffer is used first, then all stake of position 4.
      const asked = (held ?? 0n) + (await delegator.buffer());
      await pool.connect(actors.alice).requestRedeem(asked, actors.alice, actors.alice);
      expect(await token.totalSupply()).to.equal(400n * ONE - asked);
      await pool.settleBatch();
      await expect(order(context, remove(context, 4n)))
        .to.be.revertedWithCustomError(delegator, "PositionInUse")
        .withArgs(4, 0, 0, 1);

      await unbond(context);
      await pool.finalizeBatch(1);
      await order(context, remove(context, 4n));
      expect((await delegator.positionAt(4)).share).to.equal(ZeroAddress);

      // What goes over all positions passes it over.
      const staked = (await principals(context)).reduce((total, principal) => total + principal, 0n);
      expect((await delegator.reserves()).staked).to.equal(staked);
      await checkpoints(context);
      const rewards = named(await eventsOf(delegator, pool.harvest([])), "Harvested");
      expect(rewards.map(({ position }) => position as bigint)).to.deep.equal([1n, 2n, 3n]);
      await pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice);
    });
  });
});
