import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { delegated } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, MAX, ONE, checkpoints, fixture, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";

async function even(): Promise<Context> {
  const context = await fixture();
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** Takes all POL out of Polygon's migration: MATIC cannot be turned into POL any more. Returns how much it was. */
async function drainMigration({ polygon }: Context): Promise<bigint> {
  const held = await polygon.pol.balanceOf(polygon.migration);
  await polygon.migration.burn(held);
  return held;
}

describe("Delegator: what comes in by the side", () => {
  context("skim", () => {
    it("A29: credits rewards that strangers forced out, in POL and in MATIC, once and with the fee", async () => {
      const context = await even();
      const { delegator, pool, polygon, shares, actors, token } = context;
      await checkpoints(context);
      const owed = await Promise.all(shares.map((share) => share.getLiquidRewards(delegator)));
      const ratio = await token.ratio();
      await shares[0]?.connect(actors.stranger).transferPOL(delegator, 0);
      await shares[1]?.connect(actors.stranger).transfer(delegator, 0);
      await shares[2]?.connect(actors.stranger).transferFrom(delegator, actors.stranger, 0);
      expect(await polygon.matic.balanceOf(delegator)).to.equal(owed[1]);
      expect(await token.ratio()).to.equal(ratio);

      const forced = (owed[0] ?? 0n) + (owed[1] ?? 0n) + (owed[2] ?? 0n);
      const fee = (forced * 500n) / 10_000n;
      const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
      const sent = pool.connect(actors.stranger).skim();
      await expect(sent)
        .to.emit(pool, "RewardsBooked")
        .withArgs(forced, fee, (fee * supply) / assets, assets + fee, supply + (fee * supply) / assets);
      await expect(sent).to.emit(delegator, "SurplusCollected").withArgs(forced);
      await expect(sent)
        .to.emit(delegator, "Converted")
        .withArgs((owed[1] ?? 0n) - 1n);
      expect(await polygon.matic.balanceOf(delegator)).to.equal(1);
      expect((await delegator.ledger()).unconverted).to.equal(1);
      // The last is the only one that has anything left.
      expect(await pool.harvest.staticCall([])).to.equal(owed[3]);
    });

    it("streams it over seven days", async () => {
      const context = await even();
      const { pool, polygon, delegator, actors } = context;
      await polygon.pol.connect(actors.stranger).transfer(delegator, 700n * ONE);
      const at = BigInt(await time.latest()) + 60n;
      await time.setNextBlockTimestamp(at);
      await pool.skim();
      expect(await pool.unvested()).to.equal(665n * ONE);
      await time.increaseTo(at + DAY);
      expect(await pool.unvested()).to.equal(570n * ONE);
      await time.increaseTo(at + 7n * DAY - 1n);
      expect(await pool.unvested()).to.be.greaterThan(0);
      await time.increaseTo(at + 7n * DAY);
      expect(await pool.unvested()).to.equal(0);
    });

    it("credits POL that was sent to the pool, but nothing that is reserved for claims", async () => {
      const context = await even();
      const { pool, polygon, delegator, actors } = context;
      await pool.connect(actors.bob).deposit(50n * ONE, actors.bob);
      await pool.connect(actors.alice).requestRedeem(30n * ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      expect(await pool.reserved()).to.equal(30n * ONE);
      await polygon.pol.connect(actors.stranger).transfer(pool, 7n * ONE);
      expect(await pool.skim.staticCall()).to.equal(7n * ONE);
      await expect(pool.skim()).to.changeTokenBalances(polygon.pol, [pool, delegator], [-7n * ONE, 7n * ONE]);
      await pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice);
      expect(await polygon.pol.balanceOf(pool)).to.equal(0);
    });

    it("does nothing when there is nothing", async () => {
      const { pool, delegator } = await even();
      const sent = pool.skim();
      await expect(sent).not.to.emit(delegator, "SurplusCollected");
      await expect(sent).not.to.emit(pool, "RewardsBooked");
      expect(await pool.skim.staticCall()).to.equal(0);
    });

    it("is a part of harvest", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      await polygon.pol.connect(actors.stranger).transfer(delegator, 3n * ONE);
      await polygon.matic.connect(actors.stranger).transfer(delegator, 4n * ONE);
      const events = await eventsOf(delegator, pool.harvest([1]));
      expect(named(events, "Converted")).to.deep.equal([[4n * ONE - 1n]]);
      expect(named(events, "SurplusCollected")).to.deep.equal([[7n * ONE]]);
    });
  });

  context("MATIC", () => {
    it("counts 1:1 at once and becomes POL by the next upkeep, all but a wei", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      await pool.connect(actors.bob).stakeMatic(100n * ONE, actors.bob, 0, MAX);
      const { buffer, unconverted } = await delegator.ledger();
      expect([buffer, unconverted]).to.deep.equal([100n * ONE + 1n, 100n * ONE]);
      await expect(pool.delegate(MAX))
        .to.emit(delegator, "Converted")
        .withArgs(100n * ONE - 1n);
      expect(await polygon.matic.balanceOf(delegator)).to.equal(1);
      expect(await polygon.matic.allowance(delegator, polygon.migration)).to.equal(0);
      expect((await delegator.ledger()).unconverted).to.equal(1);
      // The wei that stays is never a reason to go to Polygon again.
      expect(await eventsOf(delegator, pool.skim())).to.deep.equal([]);
    });

    it("waits in the buffer while it cannot be converted, and blocks nothing", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      const held = await drainMigration(context);
      await pool.connect(actors.bob).stakeMatic(100n * ONE, actors.bob, 0, MAX);
      await pool.connect(actors.bob).deposit(20n * ONE, actors.bob);

      const delegating = await eventsOf(delegator, pool.delegate(MAX));
      expect(named(delegating, "ConversionFailed")).to.deep.equal([[100n * ONE - 1n]]);
      expect(named(delegating, "Delegated").reduce((total, { assets }) => total + (assets as bigint), 0n)).to.equal(
        20n * ONE,
      );
      expect(await polygon.matic.allowance(delegator, polygon.migration)).to.equal(0);
      await expect(pool.skim())
        .to.emit(delegator, "ConversionFailed")
        .withArgs(100n * ONE - 1n);
      await expect(pool.harvest([]))
        .to.emit(delegator, "ConversionFailed")
        .withArgs(100n * ONE - 1n);

      // What MATIC cannot pay is sold.
      await pool.connect(actors.alice).requestRedeem(50n * ONE, actors.alice, actors.alice);
      const sent = await pool.settleBatch();
      const settling = await eventsOf(delegator, sent);
      expect(named(settling, "ConversionFailed")).to.deep.equal([[100n * ONE - 1n]]);
      await expect(sent)
        .to.emit(pool, "BatchFunded")
        .withArgs(1, 1, 50n * ONE - 1n, 0);
      expect(named(settling, "Sold").map(({ assets }) => assets as bigint)).to.deep.equal([50n * ONE - 1n]);

      await polygon.pol.mint(polygon.migration, held);
      await expect(pool.skim())
        .to.emit(delegator, "Converted")
        .withArgs(100n * ONE - 1n);
    });

    it("pays a batch once it is converted", async () => {
      const context = await even();
      const { pool, delegator, actors } = context;
      await pool.connect(actors.bob).stakeMatic(100n * ONE, actors.bob, 0, MAX);
      await pool.connect(actors.alice).requestRedeem(50n * ONE, actors.alice, actors.alice);
      const sent = await pool.settleBatch();
      const events = await eventsOf(delegator, sent);
      expect(named(events, "Converted")).to.deep.equal([[100n * ONE - 1n]]);
      await expect(sent)
        .to.emit(pool, "BatchFunded")
        .withArgs(1, 50n * ONE, 0, 0);
      expect(named(events, "Sold")).to.deep.equal([]);
    });

    it("waits up to 10,000,000; more is converted by the stake itself, which fails if that fails", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      const most = 10_000_000n * ONE;
      expect(await delegator.MAX_UNCONVERTED()).to.equal(most);
      await polygon.matic.mint(actors.bob, 2n * most);
      const bob = pool.connect(actors.bob);
      await bob.stakeMatic(most, actors.bob, 0, MAX);
      const held = await drainMigration(context);
      await expect(bob.stakeMatic(ONE, actors.bob, 0, MAX))
        .to.be.revertedWithCustomError(delegator, "TooMuchUnconverted")
        .withArgs(most + ONE, most);
      // POL is not concerned.
      await bob.deposit(ONE, actors.bob);

      await polygon.pol.mint(polygon.migration, held);
      await expect(bob.stakeMatic(ONE, actors.bob, 0, MAX))
        .to.emit(delegator, "Converted")
        .withArgs(most + ONE - 1n);
      expect((await delegator.ledger()).unconverted).to.equal(1);
    });
  });
});
