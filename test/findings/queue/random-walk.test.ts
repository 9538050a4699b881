import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { BATCH, spread, stake } from "../../support/exits";
import { MAX, ONE, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { announceLeaving, replaceShare, restoreShare, slash } from "../../support/losses";
import { attempt, drain } from "../../support/passerBy";

/** A step of the walk: what is done is chosen by number, and so is all that it needs. */
interface Step {
  readonly action: number;
  readonly who: number;
  /** 1 to 500. */
  readonly amount: number;
}

/** What a step has to work with. */
interface Walk extends Context {
  readonly replaced: Set<bigint>;
  readonly leaving: Set<bigint>;
}

type Action = (walk: Walk, user: HardhatEthersSigner, amount: bigint) => Promise<unknown>;

/** A position of the four, by any number. */
function positionOf(amount: bigint): bigint {
  return (amount % 4n) + 1n;
}

const ask: Action = async ({ pool, token }, user, amount) => {
  const shares = ((await token.balanceOf(user)) * amount) / 500n;
  if ((await pool.convertToAssets(shares)) === 0n) return;
  await attempt(() => pool.connect(user).requestRedeem(shares, user, user));
};

const ACTIONS: readonly Action[] = [
  async (walk, user, amount): Promise<void> => {
    if ((await walk.pool.maxDeposit(user)) > 0n) await stake(walk, user, amount * ONE);
  },
  ask,
  ask,
  async (walk): Promise<void> => {
    await checkpoints(walk);
    await attempt(() => walk.pool.settleBatch());
  },
  async ({ pool }): Promise<boolean> => attempt(() => pool.delegate(MAX)),
  async (walk, _, amount): Promise<void> => {
    await checkpoints(walk, Number(amount % 90n) + 1);
    await walk.pool.harvest([]);
  },
  async (walk, _, amount): Promise<void> => {
    await slash(walk, positionOf(amount), { bps: amount * 10n, unbonding: amount % 2n === 0n });
    await walk.pool.sync(positionOf(amount));
  },
  // Two of the four may leave, so that the others sign checkpoints.
  async (walk, _, amount): Promise<void> => {
    const position = positionOf(amount);
    if (position <= 2n || walk.leaving.has(position)) return;
    walk.leaving.add(position);
    await announceLeaving(walk, position);
  },
  async (walk, _, amount): Promise<void> => {
    const position = positionOf(amount);
    if (walk.replaced.delete(position)) return restoreShare(walk, position);
    walk.replaced.add(position);
    return replaceShare(walk, position);
  },
  async ({ pool }, _, amount): Promise<void> => {
    const { open } = await pool.queue();
    await attempt(() => pool.finalizeBatch((amount % open) + 1n));
  },
  async ({ pool }, user): Promise<unknown> => pool.connect(user).redeem(await pool.maxRedeem(user), user, user),
];

const steps = fc.array(
  fc.record<Step>({
    action: fc.integer({ min: 0, max: ACTIONS.length - 1 }),
    who: fc.integer({ min: 0, max: 2 }),
    amount: fc.integer({ min: 1, max: 500 }),
  }),
  { minLength: 8, maxLength: 20 },
);

describe("Attacks on the queue: a state without a way out", () => {
  it("A46: from wherever anything took the queue, a passer-by brings everybody's money home", async () => {
    const context = await fixture();
    await spread(context);
    const { pool, polygon, actors, unsynced } = context;
    const users = [actors.alice, actors.bob, actors.carol];
    const start = await takeSnapshot();

    await fc.assert(
      fc.asyncProperty(steps, async (walked) => {
        await start.restore();
        // Slashing leaves rates that are no whole numbers, at which a position reads a wei short after each sale.
        for (const position of [1n, 2n, 3n, 4n]) unsynced.add(position);
        const walk: Walk = { ...context, replaced: new Set(), leaving: new Set() };
        for (const { action, who, amount } of walked) {
          await ACTIONS[action]?.(walk, users[who] ?? actors.alice, BigInt(amount));
        }
        await drain(context, actors.stranger);

        const { open, openUnits, funding } = await pool.queue();
        expect([openUnits, funding]).to.deep.equal([0n, 0n]);
        for (let batch = 1n; batch < open; batch++) {
          expect((await pool.batchOf(batch)).state).to.be.greaterThanOrEqual(BATCH.Claimable);
        }
        for (const user of users) {
          const [shares, owed] = [await pool.maxRedeem(user), await pool.maxWithdraw(user)];
          await expect(pool.connect(user).redeem(shares, user, user)).to.changeTokenBalance(polygon.pol, user, owed);
          expect(await pool.requestsOf(user)).to.deep.equal([]);
        }
      }),
      { numRuns: 12, seed: 46, endOnFailure: true },
    );
  });
});
