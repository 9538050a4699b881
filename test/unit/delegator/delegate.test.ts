import { expect } from "chai";

import { sum } from "../../support/allocator";
import { delegated, order, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { FIRST_ID, MAX, ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

const CHOICE = { validators: 5, params: { maxShareBps: 5_000n } };

/** Delegates all, and returns who got what and who was passed over. */
async function placements(
  context: Context,
  maxAssets = MAX,
): Promise<{ placed: [bigint, bigint][]; passed: bigint[] }> {
  const events = await eventsOf(context.delegator, context.pool.delegate(maxAssets));
  return {
    placed: named(events, "Delegated").map(({ position, assets }) => [position as bigint, assets as bigint]),
    passed: named(events, "PassedOver").map(({ position }) => position as bigint),
  };
}

/** Alice stakes. The seed stake of 1 POL is in the buffer too, and a wei stays there: that much can be placed. */
async function stake({ pool, actors }: Context, assets: bigint): Promise<void> {
  await pool.connect(actors.alice).deposit(assets, actors.alice);
}

describe("Delegator: delegate", () => {
  context("targets", () => {
    it("fills the furthest under its target first, then the next, each up to its target", async () => {
      const context = await fixture(CHOICE);
      await setWeights(context, [1_000n, 4_000n, 2_000n, 3_000n, 0n]);
      await stake(context, 999n * ONE + 1n);
      const { placed, passed } = await placements(context);
      expect(placed).to.deep.equal([
        [2n, 400n * ONE],
        [4n, 300n * ONE],
        [3n, 200n * ONE],
        [1n, 100n * ONE],
      ]);
      expect(passed).to.deep.equal([]);
      expect(await context.delegator.buffer()).to.equal(1);
    });

    it("evens out what earlier calls left uneven", async () => {
      const context = await fixture(CHOICE);
      await setWeights(context, [5_000n, 5_000n, 0n, 0n, 0n]);
      await stake(context, 999n * ONE + 1n);
      await placements(context);
      expect(await principals(context)).to.deep.equal([500n * ONE, 500n * ONE, 0n, 0n, 0n]);

      await setWeights(context, [2_000n, 2_000n, 3_000n, 3_000n, 0n]);
      await stake(context, 500n * ONE);
      // Of 1,500 the first two should have 300 and have 500; the others should have 450 and share what there is.
      expect((await placements(context)).placed).to.deep.equal([
        [3n, 450n * ONE],
        [4n, 50n * ONE],
      ]);
    });

    it("places no more than it is asked to", async () => {
      const context = await fixture(CHOICE);
      await stake(context, 999n * ONE + 1n);
      const { placed } = await placements(context, 10n * ONE);
      expect(placed.map(([position]) => position)).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
      expect(sum(placed.map(([, assets]) => assets))).to.equal(10n * ONE);
      expect(await context.delegator.buffer()).to.equal(990n * ONE + 1n);
    });

    it("names validator and amount in its event, and returns the sum", async () => {
      const { delegator, pool, actors } = await fixture(CHOICE);
      await pool.connect(actors.alice).deposit(4n * ONE + 1n, actors.alice);
      expect(await pool.delegate.staticCall(MAX)).to.equal(5n * ONE);
      const sent = pool.connect(actors.stranger).delegate(MAX);
      for (const position of [1n, 2n, 3n, 4n, 5n]) {
        await expect(sent)
          .to.emit(delegator, "Delegated")
          .withArgs(position, FIRST_ID + position - 1n, ONE);
      }
    });
  });

  context("limits", () => {
    it("serves five validators in a call, and the next in the next", async () => {
      const context = await fixture({ validators: 7, params: { maxShareBps: 5_000n } });
      await setWeights(context, [2_000n, 1_900n, 1_800n, 1_700n, 1_600n, 600n, 400n]);
      await stake(context, 999n * ONE + 1n);
      const first = await placements(context);
      expect(first.placed.map(([position]) => position)).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
      expect(await context.delegator.MAX_PLACEMENTS_PER_CALL()).to.equal(5);
      expect(await context.delegator.buffer()).to.equal(100n * ONE + 1n);
      const second = await placements(context);
      expect(second.placed).to.deep.equal([
        [6n, 60n * ONE],
        [7n, 40n * ONE],
      ]);
    });

    it("brings none above its cap, of the pool with what is placed, rounded down", async () => {
      const context = await fixture(CHOICE);
      const weights = [5_000n, 2_000n, 1_000n, 1_000n, 1_000n];
      await setWeights(context, weights, [5_000n, 2_500n, 1_000n, 1_000n, 1_000n]);
      await context.polygon.stakeManager.cheatSetLocked(FIRST_ID, true);
      // Of 3 wei, no part that a cap allows is a whole one.
      await stake(context, 999n * ONE + 1n + 3n);
      // Without the first, the second would get 2/5 of all and each other 1/5; their caps are 25 % and 10 %.
      const { placed, passed } = await placements(context);
      expect(passed).to.deep.equal([1n]);
      expect(placed).to.deep.equal([
        [2n, 250n * ONE],
        [3n, 100n * ONE],
        [4n, 100n * ONE],
        [5n, 100n * ONE],
      ]);
      expect(await context.delegator.buffer()).to.equal(450n * ONE + 1n + 3n);
      await expect(context.pool.delegate(MAX))
        .to.be.revertedWithCustomError(context.delegator, "NothingToDelegate")
        .withArgs(450n * ONE + 3n);
    });

    it("places nothing below 1 POL", async () => {
      const context = await fixture(CHOICE);
      const { pool, delegator } = context;
      expect(await delegator.MIN_PLACEMENT()).to.equal(ONE);
      // The seed stake is 1 POL, of which a wei stays.
      await expect(pool.delegate(MAX))
        .to.be.revertedWithCustomError(delegator, "NothingToDelegate")
        .withArgs(ONE - 1n);
      await stake(context, 10n * ONE);
      // Of 1 POL, each could take a fifth, and the last of them half: its cap.
      for (const tooLittle of [0n, ONE - 1n, ONE]) {
        await expect(pool.delegate(tooLittle))
          .to.be.revertedWithCustomError(delegator, "NothingToDelegate")
          .withArgs(11n * ONE - 1n);
      }
    });

    it("leaves out who would get less than 1 POL, and what is left when all others are served", async () => {
      const context = await fixture(CHOICE);
      await stake(context, 10n * ONE);
      // A fifth of 4.5 POL is too little for one of five; a fourth is enough for the others.
      const { placed, passed } = await placements(context, 4n * ONE + ONE / 2n);
      expect(placed).to.deep.equal([2n, 3n, 4n, 5n].map((position) => [position, (9n * ONE) / 8n]));
      expect(passed).to.deep.equal([]);
      // Now the first is alone under its target, and takes all of the next.
      expect((await placements(context, ONE)).placed).to.deep.equal([[1n, ONE]]);
    });

    it("finds nothing to do while every validator refuses", async () => {
      const context = await fixture(CHOICE);
      await stake(context, 99n * ONE);
      await context.polygon.stakeManager.setDelegationEnabled(false);
      await expect(context.pool.delegate(MAX))
        .to.be.revertedWithCustomError(context.delegator, "NothingToDelegate")
        .withArgs(100n * ONE - 1n);
    });

    it("keeps what the open batch and the one that waits for funding need", async () => {
      const context = await fixture(CHOICE);
      const { pool, delegator, actors, polygon } = context;
      await delegated(context, 999n * ONE + 1n);
      expect(await principals(context)).to.deep.equal(Array.from({ length: 5 }, () => 200n * ONE));
      // A batch of 300 finds four validators in their notice epoch: it sells 200, 100 less a wei wait.
      for (const id of [FIRST_ID, FIRST_ID + 1n, FIRST_ID + 2n, FIRST_ID + 3n]) {
        await polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(id);
      }
      await pool.connect(actors.alice).requestRedeem(300n * ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      const { unsold } = await pool.queue();
      expect(unsold).to.equal(100n * ONE - 1n);
      await pool.connect(actors.alice).requestRedeem(50n * ONE, actors.alice, actors.alice);

      await stake(context, 160n * ONE);
      await expect(pool.delegate(MAX))
        .to.emit(delegator, "Delegated")
        .withArgs(5, FIRST_ID + 4n, 10n * ONE);
      expect(await delegator.buffer()).to.equal(150n * ONE);
      await expect(pool.delegate(MAX)).to.be.revertedWithCustomError(delegator, "NothingToDelegate").withArgs(0);
    });
  });

  context("validators that take no stake", () => {
    /** Each makes position 1 refuse, by what Polygon's validators and governance can do. */
    const refusals: Record<string, (context: Context) => Promise<unknown>> = {
      "is locked": ({ polygon }) => polygon.stakeManager.cheatSetLocked(FIRST_ID, true),
      "has delegation switched off": ({ polygon, signers }) =>
        polygon.stakeManager.connect(signers[0]).updateValidatorDelegation(false),
      "announced to leave": ({ polygon, actors }) =>
        polygon.stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID),
      "has left": async (context) => {
        await context.polygon.stakeManager.connect(context.actors.validatorOwner).unstakePOL(FIRST_ID);
        await checkpoints(context);
      },
      "was removed by Polygon's governance": ({ polygon }) => polygon.stakeManager.forceUnstakePOL(FIRST_ID),
      "left and claimed its stake": async (context) => {
        const { stakeManager } = context.polygon;
        await stakeManager.connect(context.actors.validatorOwner).unstakePOL(FIRST_ID);
        await checkpoints(context, 81);
        await stakeManager.connect(context.actors.validatorOwner).unstakeClaimPOL(FIRST_ID);
      },
      "charges more than the governed maximum": (context) =>
        order(context, context.delegator.interface.encodeFunctionData("setMaxCommission", [4])),
      "has another share contract now": async ({ polygon }) => {
        const share = await polygon.stakeManager.createShareContract.staticCall(FIRST_ID);
        await polygon.stakeManager.createShareContract(FIRST_ID);
        await polygon.stakeManager.updateValidatorContractAddress(FIRST_ID, share);
      },
    };

    for (const [name, refuse] of Object.entries(refusals)) {
      const all = name === "charges more than the governed maximum";
      it(`passes over one that ${name}; its weight counts for the others`, async () => {
        const context = await fixture(CHOICE);
        const { delegator, pool } = context;
        await setWeights(context, [5_000n, 2_000n, 1_500n, 1_500n, 0n]);
        await refuse(context);
        await stake(context, 999n * ONE + 1n);
        expect(await delegator.acceptsStake(1)).to.equal(false);
        if (all) {
          await expect(pool.delegate(MAX))
            .to.be.revertedWithCustomError(delegator, "NothingToDelegate")
            .withArgs(1_000n * ONE);
          return;
        }
        const { placed, passed } = await placements(context);
        expect(passed).to.deep.equal([1n]);
        expect(placed).to.deep.equal([
          [2n, 400n * ONE],
          [3n, 300n * ONE],
          [4n, 300n * ONE],
        ]);
      });
    }

    it("passes over one whose commission alone is above the maximum", async () => {
      const context = await fixture({ ...CHOICE, commission: 0n });
      const { delegator, polygon, actors } = context;
      await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID, 16);
      await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID + 1n, 15);
      expect(await delegator.acceptsStake(1)).to.equal(false);
      expect(await delegator.acceptsStake(2)).to.equal(true);
      await stake(context, 99n * ONE + 1n);
      const { placed, passed } = await placements(context);
      expect(passed).to.deep.equal([1n]);
      expect(placed).to.deep.equal([2n, 3n, 4n, 5n].map((position) => [position, 25n * ONE]));
    });

    it("A28: passes over one whose rate is not exactly 1", async () => {
      const context = await fixture(CHOICE);
      await delegated(context, 999n * ONE + 1n);
      context.unsynced.add(1n);
      await context.polygon.stakeManager.cheatSlash(FIRST_ID, 1, false);
      expect(await context.shares[0]?.exchangeRate()).to.equal(9_999n * 10n ** 25n);
      await setWeights(context, [5_000n, 2_000n, 1_500n, 1_500n, 0n]);
      await stake(context, 1_000n * ONE);
      const { placed, passed } = await placements(context);
      expect(passed).to.deep.equal([1n]);
      // Without the first there are 1,800: 2/5 are 720, 3/10 are 540, and the fifth has 200 that it should not have.
      expect(placed).to.deep.equal([
        [2n, 520n * ONE],
        [3n, 340n * ONE],
        [4n, 140n * ONE],
      ]);
    });

    it("uses one again that is open again", async () => {
      const context = await fixture(CHOICE);
      const { polygon, signers } = context;
      await polygon.stakeManager.connect(signers[0]).updateValidatorDelegation(false);
      await delegated(context, 999n * ONE + 1n);
      expect(await principals(context)).to.deep.equal([0n, 250n, 250n, 250n, 250n].map((pol) => pol * ONE));
      await polygon.stakeManager.connect(signers[0]).updateValidatorDelegation(true);
      await stake(context, 100n * ONE);
      expect((await placements(context)).placed).to.deep.equal([[1n, 100n * ONE]]);
    });
  });
});
