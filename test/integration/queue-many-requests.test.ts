import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { skipBatches } from "../support/batchNumbers";
import { BATCH, request, settle, stake } from "../support/exits";
import { ONE, fixture, requestId } from "../support/fixture";
import type { Context } from "../support/fixture";
import { BatchDriver__factory } from "../typechain-types";

/** Batches that one transaction can settle. */
const PER_CALL = 50;

/** One request of the user in each of so many batches, all paid from the buffer and none claimed. */
async function fileMany(context: Context, user: HardhatEthersSigner, shares: bigint, batches: number): Promise<void> {
  const { pool, polygon, actors } = context;
  const driver = await new BatchDriver__factory(actors.stranger).deploy();
  await pool.connect(user).setOperator(driver, true);
  for (let left = batches; left > 0; left -= PER_CALL) {
    await driver.drive(pool, polygon.stakeManager, user, shares, Math.min(left, PER_CALL), { gasLimit: 29_000_000n });
  }
  await pool.connect(user).setOperator(driver, false);
}

/** Gas that a call used. */
async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<bigint> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  return receipt.gasUsed;
}

describe("A controller with many open requests", function () {
  // Hundreds of batches, which an instrumented build settles ten times slower.
  this.timeout(600_000);

  let context: Context;
  let alice: HardhatEthersSigner;

  beforeEach(async () => {
    context = await fixture();
    ({ alice } = context.actors);
    await stake(context, alice, 10_000n * ONE);
    await stake(context, context.actors.bob, 10_000n * ONE);
  });

  /** The ids of Alice's requests in the batches `from` to `to`. */
  function ids(from: number, to: number): bigint[] {
    return Array.from({ length: to - from + 1 }, (_, index) => requestId(BigInt(from + index), alice.address));
  }

  it("S7540-12: sees 220 of them, oldest first, and redeems all of them in one call", async () => {
    await fileMany(context, alice, ONE, 220);
    const { pool, polygon } = context;
    expect(await pool.requestsOf(alice)).to.deep.equal(ids(1, 220));
    expect(await pool.maxRedeem(alice)).to.equal(220n * ONE);
    expect(await pool.maxWithdraw(alice)).to.equal(220n * ONE);
    await expect(pool.connect(alice).redeem(220n * ONE, alice, alice)).to.changeTokenBalance(
      polygon.pol,
      alice,
      220n * ONE,
    );
    expect(await pool.requestsOf(alice)).to.deep.equal([]);
    // The window begins anew.
    expect(await request(context, alice, ONE)).to.equal(requestId(221n, alice.address));
    expect(await pool.requestsOf(alice)).to.deep.equal(ids(221, 221));
  });

  it("A37: claims 100 in a call, from any of them", async () => {
    await fileMany(context, alice, ONE, 220);
    const { pool } = context;
    await pool.connect(alice).claim(ids(101, 200), alice, alice);
    expect(await pool.requestsOf(alice)).to.deep.equal([...ids(1, 100), ...ids(201, 220)]);
    await pool.connect(alice).claim(ids(1, 100), alice, alice);
    expect(await pool.requestsOf(alice)).to.deep.equal(ids(201, 220));
    await pool.connect(alice).claim(ids(201, 220).reverse(), alice, alice);
    expect(await pool.requestsOf(alice)).to.deep.equal([]);
    expect(await pool.reserved()).to.equal(0n);
  });

  it("A40: claims single ones in any order, and the others keep their ids", async () => {
    await fileMany(context, alice, ONE, 212);
    const { pool } = context;
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 212 }), { minLength: 1, maxLength: 12 }),
        async (order) => {
          await start.restore();
          const open = new Set(ids(1, 212));
          for (const batch of order) {
            const id = requestId(BigInt(batch), alice.address);
            await pool.connect(alice).claim([id], alice, alice);
            open.delete(id);
            expect(await pool.requestsOf(alice)).to.deep.equal([...open]);
          }
        },
      ),
      { numRuns: 5, seed: 40 },
    );
  });

  it("moves its window along with what is open: 150 at a time fit, however many went before", async () => {
    await fileMany(context, alice, ONE, 150);
    const { pool } = context;
    await pool.connect(alice).claim(ids(1, 100), alice, alice);
    await fileMany(context, alice, ONE, 100);
    expect(await pool.requestsOf(alice)).to.deep.equal(ids(101, 250));
    await pool.connect(alice).redeem(150n * ONE, alice, alice);
    expect(await pool.requestsOf(alice)).to.deep.equal([]);
  });

  it("S7540-12: is not slowed by 10,000 batches of others", async () => {
    const { pool } = context;
    const old = await request(context, alice, ONE);
    await settle(context);
    await skipBatches(context, 10_000n);
    const young = await request(context, alice, 2n * ONE);
    expect(young >> 160n).to.equal(10_002n);
    await settle(context);
    expect(await pool.requestsOf(alice)).to.deep.equal([old, young]);
    expect(await pool.maxRedeem(alice)).to.equal(3n * ONE);
    expect(await pool.maxRedeem.estimateGas(alice)).to.be.lessThan(100_000n);
    await pool.connect(alice).redeem(3n * ONE, alice, alice);
    expect(await pool.requestsOf(alice)).to.deep.equal([]);
  });

  it("may leave requests open in 256 batches that lie far apart, and no further", async () => {
    const { pool } = context;
    const filed: bigint[] = [];
    for (let word = 0; word < 256; word++) {
      filed.push(await request(context, alice, ONE));
      await skipBatches(context, 208n);
    }
    expect(await pool.requestsOf(alice)).to.deep.equal(filed);
    await expect(pool.connect(alice).requestRedeem(ONE, alice, alice))
      .to.be.revertedWithCustomError(pool, "TooManyOpenRequests")
      .withArgs(255n);
    // Nobody else is in the way, or put out of it.
    expect(await request(context, context.actors.bob, ONE)).to.be.greaterThan(0n);
  });
});

describe("Polygon-6, A37: what a user pays in gas", function () {
  // Hundreds of batches, which an instrumented build settles ten times slower.
  this.timeout(600_000);

  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await stake(context, context.actors.alice, 10_000n * ONE);
    await stake(context, context.actors.bob, 10_000n * ONE);
  });

  /** Gas of Bob's request and claim, when Alice has so many open requests and each of so many others has one in his batch. */
  async function costs(batches: number, others: number): Promise<{ asks: bigint; claims: bigint; redeems: bigint }> {
    const { pool, token, actors } = context;
    const { alice, bob } = actors;
    await fileMany(context, alice, ONE, batches);
    for (const other of (await ethers.getSigners()).slice(50, 50 + others)) {
      await token.connect(alice).transfer(other, ONE);
      await pool.connect(other).requestRedeem(ONE, other, other);
    }
    const { open } = await pool.queue();
    const asks = await gasOf(pool.connect(bob).requestRedeem(ONE, bob, bob));
    await settle(context);
    const start = await takeSnapshot();
    const redeems = await gasOf(pool.connect(bob).redeem(ONE, bob, bob));
    await start.restore();
    const claims = await gasOf(pool.connect(bob).claim([requestId(open, bob.address)], bob, bob));
    return { asks, claims, redeems };
  }

  it("is the same to the unit whether 10 or 300 requests are open, and 2 or 50 others are in his batch", async () => {
    const start = await takeSnapshot();
    const few = await costs(10, 2);
    await start.restore();
    const many = await costs(300, 50);
    // An id has the batch's number in it, and a byte of calldata that is not zero costs more than one that is.
    expect(many.asks).to.equal(few.asks);
    expect(many.redeems).to.equal(few.redeems);
    expect(many.claims - few.claims).to.be.lessThan(40n);
  });

  it("is the same for one's own next request, whether one has 10 or 150 open", async () => {
    const { pool, actors } = context;
    const { alice } = actors;
    const next = (): Promise<bigint> => gasOf(pool.connect(alice).requestRedeem(ONE, alice, alice));
    await fileMany(context, alice, ONE, 10);
    const few = await next();
    await settle(context);
    await fileMany(context, alice, ONE, 139);
    expect(await next()).to.equal(few);
    expect((await pool.batchOf(150n)).state).to.equal(BATCH.Claimable);
  });

  it("is the same for a settlement, whether 2 or 50 are in the batch", async () => {
    const { pool, token, actors } = context;
    const { alice, bob } = actors;
    const users = (await ethers.getSigners()).slice(50, 100);
    for (const user of users) await token.connect(alice).transfer(user, ONE);
    const start = await takeSnapshot();
    const settlement = async (members: readonly HardhatEthersSigner[]): Promise<bigint> => {
      await start.restore();
      await request(context, bob, ONE);
      for (const user of members) await request(context, user, ONE);
      return gasOf(pool.settleBatch());
    };
    expect(await settlement(users)).to.equal(await settlement(users.slice(0, 1)));
  });
});
