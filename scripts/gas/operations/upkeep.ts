import { MaxUint256 } from "ethers";

import type { Operation, Spent } from "../operation";
import { spent } from "../operation";
import { asManager, checkpoints, deposit, emptyBuffer, request, settle } from "../steps";
import { FIRST_ID, coins } from "../world";
import type { World } from "../world";

const several = (validators: number): boolean => validators >= 5;

async function delegateUpTo({ pool, people }: World, most: bigint): Promise<Spent> {
  return spent(pool.connect(people.keeper).delegate(most));
}

/** The buffer holds less than 1 POL, nothing is asked for, and one position is 10,000 POL under the others. */
async function onePositionUnder(world: World): Promise<void> {
  await settle(world);
  await emptyBuffer(world);
  await request(world, world.people.whale, coins(10_000));
  await settle(world);
}

async function onePositionUnderAndPol(world: World): Promise<void> {
  await onePositionUnder(world);
  await deposit(world, world.people.whale, coins(2_000));
}

async function onePositionUnderAndMatic(world: World): Promise<void> {
  await onePositionUnder(world);
  await world.pool.connect(world.people.regular).stakeAndClaimCerts(coins(2_000));
}

async function firstValidatorLeaves(world: World): Promise<void> {
  await world.polygon.stakeManager.connect(world.people.validatorOwner).unstakePOL(FIRST_ID);
  await checkpoints(world);
}

async function evacuateFirst({ delegator, people }: World): Promise<Spent> {
  const { principal } = await delegator.positionAt(1n);
  return spent(delegator.connect(people.keeper).evacuate(1n, principal));
}

async function strayTokens({ polygon, delegator, people }: World): Promise<void> {
  await polygon.pol.connect(people.whale).transfer(delegator, coins(5));
  await polygon.matic.connect(people.whale).transfer(delegator, coins(5));
}

/** The weight of position 1 grows by a tenth at the cost of position 2. */
async function shiftWeight(world: World): Promise<void> {
  const { delegator, params, validators } = world;
  const equal = 10_000n / BigInt(validators);
  const weights = Array.from({ length: validators }, () => equal);
  weights[0] = equal + equal / 10n;
  weights[1] = equal - equal / 10n;
  const caps = weights.map(() => params.maxShareBps);
  const data = delegator.interface.encodeFunctionData("setWeights", [weights, caps]);
  await asManager(world, await delegator.getAddress(), data);
}

/** Upkeep of the stake. */
export const UPKEEP: readonly Operation[] = [
  {
    name: "harvest of all",
    use: "later",
    given: "rewards of one checkpoint at every validator; all were harvested before; no MATIC waits",
    model: true,
    call: ({ pool, people }) => spent(pool.connect(people.keeper).harvest([])),
  },
  {
    name: "delegate to 1",
    use: "later",
    given: "1,000 POL to the position that is under its target, which has stake and rewards; no MATIC waits",
    model: true,
    prepare: onePositionUnderAndPol,
    call: (world) => delegateUpTo(world, coins(1_000)),
  },
  {
    name: "delegate to 1, converting MATIC",
    use: "later",
    given: "as delegate to 1, where the buffer is 2,000 MATIC",
    model: true,
    prepare: onePositionUnderAndMatic,
    call: (world) => delegateUpTo(world, coins(1_000)),
  },
  {
    name: "delegate to 5",
    use: "later",
    given: "the whole buffer; every position has stake and rewards; no MATIC waits",
    model: true,
    validators: several,
    call: (world) => delegateUpTo(world, MaxUint256),
  },
  {
    name: "evacuate",
    use: "later",
    given: "the whole position of a validator that has unstaked",
    model: true,
    validators: several,
    prepare: firstValidatorLeaves,
    call: evacuateFirst,
  },
  {
    name: "rebalance",
    use: "later",
    given: "1,000 POL from a position over its target to one under it",
    model: true,
    validators: several,
    prepare: shiftWeight,
    call: ({ delegator, people }) => spent(delegator.connect(people.keeper).rebalance(2n, 1n, coins(1_000))),
  },
  {
    name: "sync",
    use: "later",
    given: "a position that is worth its principal",
    model: true,
    call: ({ pool, people }) => spent(pool.connect(people.keeper).sync(1n)),
  },
  {
    name: "skim",
    use: "later",
    given: "5 POL and 5 MATIC at the delegator that no call accounted for",
    model: true,
    prepare: strayTokens,
    call: ({ pool, people }) => spent(pool.connect(people.keeper).skim()),
  },
];
