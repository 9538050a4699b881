import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import { allocate, sum } from "../support/allocator";
import type { Plan, Seat } from "../support/allocator";
import { principals, setWeights } from "../support/delegating";
import { eventsOf, named } from "../support/events";
import { FIRST_ID, ONE, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";

/** One round: new weights, who is open, what is staked, and how much of it is delegated, in percent. */
interface Round {
  readonly weights: readonly bigint[];
  readonly slack: readonly bigint[];
  readonly open: readonly boolean[];
  readonly stake: bigint;
  readonly percent: bigint;
}

const VALIDATORS = 7;
const MAXIMUM = 4_000n;
const CHOICE = { validators: VALIDATORS, params: { maxShareBps: MAXIMUM } };
const SEED = 20_261_124;

/** Weights that sum to 10,000 and stay below the maximum, out of any seven numbers. */
function normalized(raw: readonly bigint[]): bigint[] {
  const total = sum(raw) + BigInt(raw.length);
  const weights = raw.map((value) => {
    const share = ((value + 1n) * 10_000n) / total;
    return share > MAXIMUM ? MAXIMUM : share;
  });
  let missing = 10_000n - sum(weights);
  return weights.map((weight) => {
    const more = missing < MAXIMUM - weight ? missing : MAXIMUM - weight;
    missing -= more;
    return weight + more;
  });
}

const seven = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength: VALIDATORS, maxLength: VALIDATORS });

const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    weights: seven(fc.bigInt(0n, 1_000n)).map(normalized),
    slack: seven(fc.bigInt(0n, 1_000n)),
    open: seven(fc.integer({ min: 0, max: 3 }).map((value) => value > 0)),
    stake: fc.bigInt(ONE, 100_000n * ONE),
    percent: fc.bigInt(1n, 100n),
  }),
  { minLength: 2, maxLength: 4 },
);

async function seats({ delegator }: Context): Promise<Seat[]> {
  const found: Seat[] = [];
  for (let position = 1n; position <= BigInt(VALIDATORS); position++) {
    const { principal, weightBps: weight, capBps: cap } = await delegator.positionAt(position);
    found.push({ principal, weight, cap, open: await delegator.acceptsStake(position) });
  }
  return found;
}

/** Sets the round up; what `delegate` will be asked to place is what comes back. */
async function prepare(context: Context, round: Round): Promise<bigint> {
  const { polygon, signers, pool, lens, actors } = context;
  const caps = round.weights.map((weight, index) => {
    const cap = weight + (round.slack[index] ?? 0n);
    return cap > MAXIMUM ? MAXIMUM : cap;
  });
  await setWeights(context, [...round.weights], caps);
  for (const [index, open] of round.open.entries()) {
    const share = context.shares[index];
    if ((await share?.delegation()) === open) continue;
    await polygon.stakeManager.connect(signers[index]).updateValidatorDelegation(open);
  }
  await pool.connect(actors.alice).deposit(round.stake, actors.alice);
  const asked = ((await lens.delegable()) * round.percent) / 100n;
  return asked < ONE ? ONE : asked;
}

/** Delegates, and returns what the events say. */
async function play({ delegator, pool }: Context, assets: bigint): Promise<Plan> {
  const events = await eventsOf(delegator, pool.delegate(assets));
  return {
    placements: named(events, "Delegated").map(({ position, assets: part }) => [position as bigint, part as bigint]),
    passedOver: named(events, "PassedOver").map(({ position }) => position as bigint),
  };
}

async function onCopy(body: () => Promise<void>): Promise<void> {
  const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
  await body();
  await ethers.provider.send("evm_revert", [snapshot]);
}

describe("allocation of stake to validators, for random sets", () => {
  it("A33: does what an independent reckoning says, never above a cap, and accounts for every wei", async () => {
    const context = await fixture(CHOICE);
    const { delegator, pool } = context;
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        await onCopy(async () => {
          for (const round of all) {
            const assets = await prepare(context, round);
            const before = await seats(context);
            const buffer = await delegator.buffer();
            const plan = allocate(before, assets);
            if (plan.placements.length === 0) {
              await expect(pool.delegate(assets)).to.be.revertedWithCustomError(delegator, "NothingToDelegate");
              continue;
            }
            expect(await play(context, assets)).to.deep.equal(plan);

            const after = await principals(context);
            const placed = sum(plan.placements.map(([, part]) => part));
            expect(placed).to.be.at.most(assets);
            expect(sum(after) - sum(before.map(({ principal }) => principal))).to.equal(placed);
            expect(buffer - (await delegator.buffer())).to.equal(placed);
            const total = sum(before.map(({ principal }) => principal)) + assets;
            for (const [position, part] of plan.placements) {
              const index = Number(position) - 1;
              expect(part).to.be.greaterThan(0);
              expect((after[index] ?? 0n) * 10_000n).to.be.at.most(total * (before[index]?.cap ?? 0n));
              expect((after[index] ?? 0n) * 10_000n).to.be.at.most(total * MAXIMUM);
            }
          }
        });
      }),
      { seed: SEED, numRuns: 12 },
    );
  });

  it("A33: does not depend on the order in which validators were registered", async () => {
    const context = await fixture(CHOICE);
    const orders = fc.record({
      all: rounds,
      order: fc.shuffledSubarray(
        Array.from({ length: VALIDATORS }, (_, index) => index),
        { minLength: VALIDATORS },
      ),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ all, order }) => {
        // Equal distances are served by number, so the weights differ.
        const distinct = all.map((round) => ({
          ...round,
          weights: normalized(round.weights.map((_, i) => BigInt(i * i))),
        }));
        let plain: bigint[] = [];
        await onCopy(async () => {
          for (const round of distinct) await attempt(context, round);
          plain = await principals(context);
        });
        let shuffled: bigint[] = [];
        const move = <T>(values: readonly T[]): T[] => order.map((index) => values[index] as T);
        await onCopy(async () => {
          for (const round of distinct) {
            const { weights, slack, open } = round;
            await attempt(context, { ...round, weights: move(weights), slack: move(slack), open: move(open) });
          }
          shuffled = await principals(context);
        });
        expect(shuffled).to.deep.equal(move(plain));
      }),
      { seed: SEED, numRuns: 6 },
    );
  });

  it("A33: moves the stake of a validator that left as an independent reckoning says", async () => {
    const context = await fixture(CHOICE);
    const { polygon, delegator, actors } = context;
    await fc.assert(
      fc.asyncProperty(rounds, fc.bigInt(1n, 100n), async (all, percent) => {
        await onCopy(async () => {
          for (const round of all) await attempt(context, round);
          const held = await principals(context);
          const source = BigInt(held.findIndex((principal) => principal > 0n) + 1);
          if (source === 0n) return;
          await polygon.stakeManager.connect(actors.deployer).forceUnstakePOL(FIRST_ID + source - 1n);
          const assets = ((held[Number(source) - 1] ?? 0n) * percent) / 100n;
          const plan = allocate(await seats(context), assets, source);
          if (plan.placements.length === 0) {
            await expect(delegator.evacuate(source, assets)).to.be.revertedWithCustomError(delegator, "NothingToMove");
            return;
          }
          const events = await eventsOf(delegator, delegator.evacuate(source, assets));
          const moved = named(events, "Migrated").map(({ from: at, to, assets: part }) => {
            expect(at).to.equal(source);
            return [to as bigint, part as bigint];
          });
          expect(moved).to.deep.equal(plan.placements);
          expect(named(events, "PassedOver").map(({ position }) => position as bigint)).to.deep.equal(plan.passedOver);
          expect(sum(await principals(context))).to.equal(sum(held));
        });
      }),
      { seed: SEED, numRuns: 8 },
    );
  });
});

/** A round that may find nothing to do. */
async function attempt(context: Context, round: Round): Promise<void> {
  const assets = await prepare(context, round);
  if (allocate(await seats(context), assets).placements.length > 0) await play(context, assets);
}
