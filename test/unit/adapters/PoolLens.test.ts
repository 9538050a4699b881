import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { MAX, ONE, UNBONDING_EPOCHS, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { announceLeaving, bookLoss, slash } from "../../support/losses";
import type { IPoolLens } from "../../../typechain-types/contracts/interfaces/IPoolLens";

const OPEN = 0n;
const CLOSED = 1n;
const CLAIMABLE = 2n;
const CLAIMABLE_SHORT = 3n;

describe("PoolLens", () => {
  let context: Context;

  /** Files a request of alice, and returns its id. */
  async function request(shares: bigint): Promise<bigint> {
    const { pool, actors } = context;
    const { open } = await pool.queue();
    await pool.connect(actors.alice).requestRedeem(shares, actors.alice, actors.alice);
    return requestId(open, actors.alice.address);
  }

  const plain = (views: readonly IPoolLens.RequestViewStructOutput[]) =>
    views.map(({ requestId: id, batch, state, shares, assets, readyEpoch }) => ({
      requestId: id,
      batch,
      state,
      shares,
      assets,
      readyEpoch,
    }));

  beforeEach(async () => {
    context = await fixture();
    await context.pool.connect(context.actors.alice).deposit(999n * ONE, context.actors.alice);
  });

  describe("books", () => {
    it("L1: has both ledgers, by where the assets are", async () => {
      const { pool, lens } = context;
      await pool.delegate(800n * ONE);
      await request(300n * ONE);
      await pool.settleBatch();
      await request(7n * ONE);
      const { totalPooled, totalOwed, reserved, buffer, principal, unbonding } = await lens.books();
      expect({ totalPooled, totalOwed, reserved, buffer, principal, unbonding }).to.deep.equal({
        totalPooled: 693n * ONE,
        totalOwed: 307n * ONE,
        reserved: 200n * ONE,
        buffer: 0n,
        principal: 700n * ONE,
        unbonding: 100n * ONE,
      });
    });
  });

  describe("assetsOf", () => {
    it("is what was fixed at the request, through all states, and nothing once it was claimed", async () => {
      const { pool, lens, actors } = context;
      await pool.delegate(MAX);
      const id = await request(300n * ONE);
      const expectWhole = async () => expect(await lens.assetsOf(id, actors.alice)).to.equal(300n * ONE);
      await expectWhole();
      await pool.settleBatch();
      await expectWhole();
      await unbond(context);
      await pool.finalizeBatch(1n);
      await expectWhole();
      await pool.connect(actors.alice).claim([id], actors.alice, actors.alice);
      expect(await lens.assetsOf(id, actors.alice)).to.equal(0n);
    });

    it("bears a loss that is booked while the batch is open", async () => {
      const { pool, lens, actors } = context;
      await pool.delegate(MAX);
      const id = await request(500n * ONE);
      await slash(context, 1n, { bps: 10_000n });
      await bookLoss(context, 1n);
      // A quarter of 1,000, less the wei of the buffer, is lost by the pool and the request alike.
      const { openAssets } = await pool.queue();
      expect(await lens.assetsOf(id, actors.alice)).to.equal(openAssets);
      expect(openAssets < 376n * ONE && openAssets > 374n * ONE).to.equal(true);
    });

    it("counts what is unsold, on its way and here, in proportion", async () => {
      const { pool, lens, actors } = context;
      await pool.delegate(MAX);
      const id = await request(500n * ONE);
      for (const position of [1n, 2n, 3n]) await announceLeaving(context, position);
      await pool.settleBatch();
      const { funding, unsold, sold } = await pool.queue();
      expect([funding, unsold > 0n, sold > 0n]).to.deep.equal([1n, true, true]);
      expect(await lens.assetsOf(id, actors.alice)).to.equal(500n * ONE);
    });

    it("is what a batch that was paid short pays", async () => {
      const { pool, lens, polygon, actors } = context;
      await pool.delegate(MAX);
      const id = await request(100n * ONE);
      await pool.settleBatch();
      await slash(context, 1n, { bps: 5_000n, unbonding: true });
      await unbond(context);
      await pool.finalizeBatch(1n);
      await bookLoss(context, 1n);
      const { state, received } = await pool.batchOf(1n);
      expect(state).to.equal(CLAIMABLE_SHORT);
      expect(await lens.assetsOf(id, actors.alice)).to.equal(received);
      await pool.connect(actors.alice).redeem(ONE, actors.alice, actors.alice);
      const { assets, touched } = await pool.requestOf(id);
      expect(touched).to.equal(true);
      expect(await lens.assetsOf(id, actors.alice)).to.equal(assets);
      expect(await polygon.pol.balanceOf(pool)).to.equal(assets);
    });

    it("is 0 for an unknown id, and for another's", async () => {
      const { lens, actors } = context;
      const id = await request(ONE);
      for (const unknown of [0n, 1n, MaxUint256, requestId(2n, actors.alice.address)]) {
        expect(await lens.assetsOf(unknown, actors.alice)).to.equal(0n);
      }
      expect(await lens.assetsOf(id, actors.bob)).to.equal(0n);
      expect(await lens.assetsOf(id, ZeroAddress)).to.equal(0n);
    });
  });

  describe("estimatedReadyEpoch", () => {
    it("is the delay from now while the batch is not funded, then from its last sale, and 0 once it can be claimed", async () => {
      const { pool, lens, delegator } = context;
      await pool.delegate(MAX);
      const id = await request(300n * ONE);
      const epoch = await delegator.epoch();
      expect(await lens.estimatedReadyEpoch(id)).to.equal(epoch + UNBONDING_EPOCHS);
      await pool.settleBatch();
      await context.polygon.stakeManager.checkpoints(3);
      expect(await lens.estimatedReadyEpoch(id)).to.equal(epoch + UNBONDING_EPOCHS);
      await unbond(context);
      await pool.finalizeBatch(1n);
      expect(await lens.estimatedReadyEpoch(id)).to.equal(0n);
    });

    it("is the delay from now for a batch that waits for funding, and then that of its latest sale", async () => {
      const { pool, lens, delegator } = context;
      await pool.delegate(MAX);
      const id = await request(500n * ONE);
      for (const position of [1n, 2n, 3n]) await announceLeaving(context, position);
      await pool.settleBatch();
      await checkpoints(context, 2);
      const epoch = await delegator.epoch();
      expect(await lens.estimatedReadyEpoch(id)).to.equal(epoch + UNBONDING_EPOCHS);
      await pool.continueBatch(1n);
      expect((await delegator.slicesOf(1n)).map(({ soldEpoch }) => soldEpoch)).to.include.members([epoch - 2n, epoch]);
      await checkpoints(context, 3);
      expect(await lens.estimatedReadyEpoch(id)).to.equal(epoch + UNBONDING_EPOCHS);
    });

    it("is 0 for an unknown batch", async () => {
      const { lens, actors } = context;
      for (const unknown of [0n, requestId(7n, actors.alice.address), MaxUint256]) {
        expect(await lens.estimatedReadyEpoch(unknown)).to.equal(0n);
      }
    });
  });

  describe("requestsOf", () => {
    beforeEach(async () => {
      const { pool } = context;
      await pool.delegate(MAX);
      await request(100n * ONE);
      await pool.settleBatch();
      await unbond(context);
      await pool.finalizeBatch(1n);
      await request(200n * ONE);
      await pool.settleBatch();
      await request(50n * ONE);
    });

    it("has a controller's requests, oldest first, with where each is on its way", async () => {
      const { lens, delegator, actors } = context;
      const epoch = await delegator.epoch();
      const { address } = actors.alice;
      const found = await lens.requestsOf(actors.alice, 0n, 10n);
      expect(plain(found)).to.deep.equal([
        {
          requestId: requestId(1n, address),
          batch: 1n,
          state: CLAIMABLE,
          shares: 100n * ONE,
          assets: 100n * ONE,
          readyEpoch: 0n,
        },
        {
          requestId: requestId(2n, address),
          batch: 2n,
          state: CLOSED,
          shares: 200n * ONE,
          assets: 200n * ONE,
          readyEpoch: epoch + UNBONDING_EPOCHS,
        },
        {
          requestId: requestId(3n, address),
          batch: 3n,
          state: OPEN,
          shares: 50n * ONE,
          assets: 50n * ONE,
          readyEpoch: epoch + UNBONDING_EPOCHS,
        },
      ]);
    });

    it("gives a part of them, none from beyond the end, and none of a stranger's", async () => {
      const { lens, actors } = context;
      const batches = async (from: bigint, count: bigint) =>
        (await lens.requestsOf(actors.alice, from, count)).map(({ batch }) => batch);
      expect(await batches(1n, 1n)).to.deep.equal([2n]);
      expect(await batches(1n, MaxUint256)).to.deep.equal([2n, 3n]);
      expect(await batches(0n, 0n)).to.deep.equal([]);
      expect(await batches(3n, 1n)).to.deep.equal([]);
      expect(await batches(MaxUint256, MaxUint256)).to.deep.equal([]);
      expect(await lens.requestsOf(actors.stranger, 0n, 10n)).to.deep.equal([]);
    });
  });

  describe("targetOf", () => {
    it("is a position's part of what is delegated, by its weight", async () => {
      const { pool, lens } = context;
      expect(await lens.targetOf(1n)).to.equal(0n);
      await pool.delegate(800n * ONE);
      expect(await lens.targetOf(1n)).to.equal(200n * ONE);
      expect(await lens.targetOf(4n)).to.equal(200n * ONE);
    });

    it("is 0 for an unknown position", async () => {
      const { lens } = context;
      for (const unknown of [0n, 5n, MaxUint256]) expect(await lens.targetOf(unknown)).to.equal(0n);
    });
  });

  describe("delegable", () => {
    it("is the buffer less what requests need and a wei", async () => {
      const { lens } = context;
      expect(await lens.delegable()).to.equal(1_000n * ONE - 1n);
      await request(300n * ONE);
      expect(await lens.delegable()).to.equal(700n * ONE - 1n);
    });

    it("leaves out the wei of MATIC that is not converted, so that delegate finds as much", async () => {
      const { pool, lens, delegator, actors } = context;
      await pool.connect(actors.alice).stakeMatic(10n * ONE, actors.alice, 0n, MAX);
      await pool.delegate(MAX);
      const { buffer, unconverted } = await delegator.ledger();
      expect(unconverted).to.equal(1n);
      await pool.connect(actors.alice).deposit(ONE, actors.alice);
      expect(await lens.delegable()).to.equal(ONE + buffer - 2n);
      await request(buffer - 1n);
      expect(await lens.delegable()).to.equal(0n);
      await expect(pool.delegate(MAX))
        .to.be.revertedWithCustomError(delegator, "NothingToDelegate")
        .withArgs(ONE - 1n);
    });

    it("is 0 where less than the smallest placement is free", async () => {
      const { pool, lens } = context;
      await pool.delegate(MAX);
      expect(await lens.delegable()).to.equal(0n);
    });
  });
});
