import { expect } from "chai";
import { ZeroAddress } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import { CRUMBS, bringHome, earn, request, settle, spread } from "../../support/exits";
import { MAX, ONE, fixture, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { bookLoss, slash } from "../../support/losses";

const ANY = MAX;

describe("PolygonPool: views of requests", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
  });

  it("S7540-9: pending, claimable and claimed add up to what was requested, at every moment", async () => {
    const { pool, actors } = context;
    const { alice, bob } = actors;
    const shares = 300n * ONE;
    const id = await request(context, alice, shares);
    const expectShares = async (pending: bigint, claimable: bigint): Promise<void> => {
      expect(await pool.pendingRedeemRequest(id, alice)).to.equal(pending);
      expect(await pool.claimableRedeemRequest(id, alice)).to.equal(claimable);
      expect(await pool.connect(bob).pendingRedeemRequest(id, alice)).to.equal(pending);
      expect(await pool.connect(bob).claimableRedeemRequest(id, alice)).to.equal(claimable);
    };
    await expectShares(shares, 0n);
    const batch = await settle(context);
    await expectShares(shares, 0n);
    await bringHome(context, batch);
    await expectShares(0n, shares);
    await pool.connect(alice).redeem(100n * ONE, alice, alice);
    await expectShares(0n, shares - 100n * ONE);
    await pool.connect(alice).redeem(200n * ONE, alice, alice);
    await expectShares(0n, 0n);
  });

  it("S7540-9: show a request to the name of its own controller alone, not to the owner of the shares", async () => {
    const { pool, actors } = context;
    const { alice, bob } = actors;
    await pool.connect(alice).setOperator(bob, true);
    await pool.connect(bob).requestRedeem(ONE, bob, alice);
    const id = requestId(1n, bob.address);
    expect(await pool.pendingRedeemRequest(id, bob)).to.equal(ONE);
    expect(await pool.pendingRedeemRequest(id, alice)).to.equal(0n);
    expect(await pool.pendingRedeemRequest(requestId(1n, alice.address), bob)).to.equal(0n);
    await settle(context);
    await bringHome(context, 1n);
    expect(await pool.claimableRedeemRequest(id, bob)).to.equal(ONE);
    expect(await pool.claimableRedeemRequest(id, alice)).to.equal(0n);
  });

  it("X-11: know no request 0, which would sum up others", async () => {
    const { pool, actors } = context;
    const { alice } = actors;
    await request(context, alice, ONE);
    for (const id of [0n, BigInt(alice.address), MAX]) {
      expect(await pool.pendingRedeemRequest(id, alice)).to.equal(0n);
      expect(await pool.claimableRedeemRequest(id, alice)).to.equal(0n);
    }
  });

  it("S7540-8: a batch has an id of its own for each controller, and a later batch another", async () => {
    const { actors } = context;
    const ids = [
      await request(context, actors.alice, ONE),
      await request(context, actors.bob, ONE),
      await settle(context).then(() => request(context, actors.alice, ONE)),
    ];
    expect(ids).to.deep.equal([
      requestId(1n, actors.alice.address),
      requestId(1n, actors.bob.address),
      requestId(2n, actors.alice.address),
    ]);
    expect(new Set(ids).size).to.equal(3);
  });

  it("S7540-13: previewRedeem and previewWithdraw revert for everybody and everything, the other previews never", async () => {
    const { pool, actors } = context;
    expect(pool.getFunction("previewRedeem").fragment.selector).to.equal("0x4cdad506");
    expect(pool.getFunction("previewWithdraw").fragment.selector).to.equal("0x0a28a477");
    // Through the provider, for no signer calls from address zero.
    const anyone = pool.connect(ethers.provider);
    for (const from of [ZeroAddress, actors.alice.address]) {
      for (const amount of [0n, 1n, ONE, MAX]) {
        for (const call of ["previewRedeem", "previewWithdraw"] as const) {
          await expect(anyone[call](amount, { from })).to.be.revertedWithCustomError(pool, "AsynchronousRedeem");
        }
      }
      expect(await anyone.previewDeposit(0n, { from })).to.equal(0n);
      expect(await anyone.previewMint(0n, { from })).to.equal(0n);
    }
  });

  describe("never revert, for any input (S7540-9, S7540-12)", () => {
    /** Every view of requests and batches, with inputs that are random or near to what there is. */
    async function answerAnything(): Promise<void> {
      const { pool, lens, actors } = context;
      const users = [actors.alice, actors.bob, actors.carol, actors.stranger].map(({ address }) => address);
      const address = fc.oneof(
        fc.constantFrom(...users, ZeroAddress),
        fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
      );
      const number = fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: ANY }));
      const batchOf = fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }));
      const id = fc.oneof(
        number,
        fc.tuple(batchOf, fc.constantFrom(...users)).map(([b, user]) => requestId(b, user)),
      );
      await fc.assert(
        fc.asyncProperty(id, number, address, address, async (anyId, batch, controller, operator) => {
          const pending = await pool.pendingRedeemRequest(anyId, controller);
          const claimable = await pool.claimableRedeemRequest(anyId, controller);
          expect(pending === 0n || claimable === 0n, "never both").to.equal(true);
          const { shares } = await pool.requestOf(anyId);
          expect(pending + claimable).to.equal(BigInt.asUintN(160, anyId) === BigInt(controller) ? shares : 0n);
          expect(await pool.maxRedeem(controller)).to.be.lessThanOrEqual(4_000n * ONE + CRUMBS);
          expect(await pool.maxWithdraw(controller)).to.be.lessThanOrEqual(await pool.reserved());
          expect((await pool.batchOf(batch)).state).to.be.lessThanOrEqual(4n);
          expect(await pool.lateAssetsOf(anyId)).to.equal(0n);
          expect(await pool.isOperator(controller, operator)).to.equal(false);
          for (const open of await pool.requestsOf(controller)) {
            expect(BigInt.asUintN(160, open)).to.equal(BigInt(controller));
          }
          expect(await lens.assetsOf(anyId, controller)).to.be.lessThanOrEqual(await pool.totalOwed());
        }),
        { numRuns: 60, seed: 7540 },
      );
    }

    it("with nothing requested", answerAnything);

    it("with requests in an open, a closed, a claimable and a short batch", async () => {
      const { actors } = context;
      await request(context, actors.alice, 100n * ONE);
      const short = await settle(context);
      await slash(context, 1n, { bps: 3_000n, unbonding: true });
      await bringHome(context, short);
      await request(context, actors.alice, 50n * ONE);
      await bringHome(context, await settle(context));
      await request(context, actors.bob, 50n * ONE);
      await settle(context);
      await request(context, actors.carol, 50n * ONE);
      await answerAnything();
    });

    it("when the pool has lost everything", async () => {
      const { actors } = context;
      await earn(context);
      await request(context, actors.alice, 100n * ONE);
      await settle(context);
      await request(context, actors.bob, 100n * ONE);
      for (const position of [1n, 2n, 3n, 4n]) {
        await slash(context, position, { bps: 10_000n, unbonding: true });
        await bookLoss(context, position);
        context.unsynced.add(position);
      }
      await answerAnything();
      await settle(context);
      await answerAnything();
    });
  });
});
