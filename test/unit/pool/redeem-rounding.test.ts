import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { bringHome, earn, request, settle, spread } from "../../support/exits";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

/** A claim that a random sequence makes: a part of what is claimable, in 1/1,000,000, as shares or as assets. */
interface Step {
  readonly inShares: boolean;
  readonly millionths: number;
  readonly wei: bigint;
}

/** A record as the rules of ERC-7540 in two directions have it: what is left of it, in shares and in assets. */
interface Record {
  readonly shares: bigint;
  readonly assets: bigint;
}

const step = fc.record<Step>({
  inShares: fc.boolean(),
  millionths: fc.oneof(fc.constantFrom(0, 1, 999_999, 1_000_000), fc.integer({ min: 0, max: 1_000_000 })),
  wei: fc.bigInt({ min: 0n, max: 3n }),
});

/** What a claim of `amount` on one record takes of it. */
function taken({ shares, assets }: Record, amount: bigint, inShares: boolean): Record {
  if (inShares) return { shares: amount, assets: amount === shares ? assets : (assets * amount) / shares };
  if (amount === assets) return { shares, assets };
  const ceiled = (shares * amount + assets - 1n) / assets;
  return { shares: ceiled < shares ? ceiled : shares - 1n, assets: amount };
}

describe("PolygonPool: random claims (S7540-14, S7540-15)", () => {
  let context: Context;

  /** Runs claims of Alice until nothing is left, against the rules above. */
  async function claimAll(steps: readonly Step[]): Promise<void> {
    const { pool, polygon, actors } = context;
    const { alice } = actors;
    const value = await pool.maxWithdraw(alice);
    let left: Record = { shares: await pool.maxRedeem(alice), assets: value };
    const before = await polygon.pol.balanceOf(alice);
    for (const { inShares, millionths, wei } of [...steps, { inShares: true, millionths: 1_000_000, wei: 0n }]) {
      if (left.shares === 0n) break;
      const whole = inShares ? left.shares : left.assets;
      const wished = (whole * BigInt(millionths)) / 1_000_000n + wei;
      const amount = wished < whole ? wished : whole;
      if (amount === 0n) continue;
      const { shares, assets } = taken(left, amount, inShares);
      const claim = inShares ? pool.connect(alice).redeem : pool.connect(alice).withdraw;
      await expect(claim(amount, alice, alice))
        .to.emit(pool, "Withdraw")
        .withArgs(alice, alice, alice, assets, shares);
      left = { shares: left.shares - shares, assets: left.assets - assets };
      expect(await pool.maxRedeem(alice)).to.equal(left.shares);
      expect(await pool.maxWithdraw(alice)).to.equal(left.assets);
      expect(left.assets === 0n, "no assets without shares, no shares without assets").to.equal(left.shares === 0n);
    }
    expect(left).to.deep.equal({ shares: 0n, assets: 0n });
    expect((await polygon.pol.balanceOf(alice)) - before).to.equal(value);
    expect(await pool.requestsOf(alice)).to.deep.equal([]);
  }

  /** Any record and any claims on it; each run begins at the same state. */
  async function holds(prepare: (shares: bigint) => Promise<void>): Promise<void> {
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.bigInt({ min: 2n, max: 40n }), fc.bigInt({ min: 2n, max: 900n * ONE })),
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (shares, steps) => {
          await start.restore();
          await prepare(shares);
          await claimAll(steps);
        },
      ),
      { numRuns: 15, seed: 7540 },
    );
  }

  beforeEach(async () => {
    context = await fixture();
    await spread(context);
  });

  it("pay every record to the wei, and end with its last share, at a rate that is no whole number", async () => {
    await earn(context);
    await holds(async (shares) => {
      await request(context, context.actors.alice, shares);
      await request(context, context.actors.bob, 70n * ONE + 1n);
      await bringHome(context, await settle(context));
    });
  });

  it("do so of a batch that was paid short, too", async () => {
    await holds(async (shares) => {
      await request(context, context.actors.alice, shares + 100n);
      await request(context, context.actors.bob, 70n * ONE + 1n);
      const batch = await settle(context);
      await slash(context, 1n, { bps: 1_234n, unbonding: true });
      await bringHome(context, batch);
    });
  });

  it("of two members of a short batch pay all that came, and to neither more than its part and a wei", async () => {
    const { pool, actors } = context;
    const { alice, bob } = actors;
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 1_000n, max: 900n * ONE }),
        fc.bigInt({ min: 1_000n, max: 900n * ONE }),
        fc.bigInt({ min: 1n, max: 9_999n }),
        fc.boolean(),
        async (ofAlice, ofBob, bps, aliceFirst) => {
          await start.restore();
          await request(context, alice, ofAlice);
          await request(context, bob, ofBob);
          const batch = await settle(context);
          for (const position of [1n, 2n]) await slash(context, position, { bps, unbonding: true });
          await bringHome(context, batch);
          const { units, received } = await pool.batchOf(batch);
          expect(units).to.equal(ofAlice + ofBob);
          const paid: bigint[] = [];
          const [first, second] = aliceFirst ? ([alice, bob] as const) : ([bob, alice] as const);
          for (const user of [first, second]) {
            paid.push(await pool.maxWithdraw(user));
            await pool.connect(user).redeem(await pool.maxRedeem(user), user, user);
          }
          const firstUnits = aliceFirst ? ofAlice : ofBob;
          const [toFirst, toSecond] = paid as [bigint, bigint];
          expect(toFirst).to.equal((firstUnits * received) / units);
          expect(toSecond).to.equal(received - toFirst);
          expect(await pool.reserved()).to.equal(0n);
        },
      ),
      { numRuns: 12, seed: 42 },
    );
  });
});
