import type { Exit } from "./cast";
import { ask, collect, enter, wealthOf } from "./counter";
import { INCIDENTS } from "./incidents";
import { allowanceOf, mintShares, openModel, priceOf, stake, unstake, valueOf } from "./model";
import type { Model } from "./model";
import { aprOf, earn, nameOf, standings } from "./network";
import {
  compareOldHolders,
  mintGenesis,
  moveOldHolders,
  oldHoldersUnstake,
  oldOutcomes,
  openHistory,
  payOldHolders,
} from "./oldHolders";
import type { OldHistory } from "./oldHolders";
import type { Progress } from "./progress";
import type { Day, Outcome, Story, StoryEvent } from "./story";
import { delegateAll, evacuateAll, finalize, harvestAll, rebalanceAll, settle, TREASURY } from "./upkeep";
import type { BatchStory } from "./upkeep";
import { buildWorld, DAY } from "./world";
import type { Account, World } from "./world";

/** Days that the demo lasts. */
const DAYS = 30;

/** Midnight before the first day: a time of its own, so that every run is the same. */
const FIRST_MIDNIGHT = BigInt(Date.UTC(2100, 0, 1)) / 1000n;
/** The deployment takes most of this, so that a day's work is done in time. */
const SETUP_SECONDS = 2_400n;
/** Parts of a day, each with 16 of its 48 checkpoints. */
const WATCHES = 3n;
const CHECKPOINTS_PER_WATCH = 16;
/** Before midnight: the last checkpoints, and the upkeep of the evening, every day at the same second. */
const LAST_CHECKPOINTS = 3_600n;
const EVENING = 1_800n;

/** The demo under way. */
interface Stage {
  readonly world: World;
  readonly model: Model;
  readonly days: Day[];
  readonly events: StoryEvent[];
  readonly batches: BatchStory[];
  readonly waiting: { readonly account: Account; readonly exit: Exit; readonly batch: bigint }[];
  /** By staker: the batch that paid it; what it cost and what was unstaked by the model, in parts of a wei. */
  readonly gone: Map<string, bigint>;
  readonly cost: Map<string, bigint>;
  readonly unstaked: Map<string, bigint>;
  readonly old: OldHistory;
  value: bigint;
  earned: bigint;
  rewards: bigint;
}

/** Plays all of it. */
export async function play(progress: Progress): Promise<Story> {
  const of = DAYS + 1;
  const world = await buildWorld(FIRST_MIDNIGHT - SETUP_SECONDS, (line) => {
    progress.step(1, of, `deploying: ${line}`);
  });
  const stage: Stage = {
    world,
    model: openModel(world.params.seedWei, world.params.feeBps, world.registeredAt),
    days: [],
    events: [],
    batches: [],
    waiting: [],
    gone: new Map(),
    unstaked: new Map(),
    old: openHistory(),
    cost: new Map(),
    value: 10n ** 18n,
    earned: 0n,
    rewards: 0n,
  };
  await mintGenesis(world, stage.model, world.genesis);
  for (let day = 1; day <= DAYS; day++) {
    const said = stage.events.length;
    try {
      await playDay(stage, day);
    } catch (error) {
      throw new Error(`day ${day}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    const news = stage.events.slice(said).map(({ text }) => text);
    progress.step(day + 1, of, [`day ${day}`, ...news].join(" · "));
  }
  const story = await conclude(stage);
  progress.end();
  return story;
}

async function playDay(stage: Stage, day: number): Promise<void> {
  const { world } = stage;
  const midnight = FIRST_MIDNIGHT + BigInt(day - 1) * DAY;
  world.chain.continueAt(midnight + 60n);
  await morning(stage, day);
  const assets = await world.system.pool.totalAssets({ blockTag: "latest" });

  let earned = 0n;
  for (let watch = 1n; watch <= WATCHES; watch++) {
    world.chain.continueAt(midnight + (watch * DAY) / WATCHES - LAST_CHECKPOINTS);
    // The first checkpoint of a day alone: whoever announced to leave is out after it.
    if (watch === 1n) {
      earned += await earn(world, 1);
      earned += await earn(world, CHECKPOINTS_PER_WATCH - 1);
    } else {
      earned += await earn(world, CHECKPOINTS_PER_WATCH);
    }
    for (const batch of await finalize(world, stage.batches)) await payOut(stage, day, batch);
  }

  world.chain.continueAt(midnight + DAY - EVENING);
  await evening(stage, day);
  await world.chain.mineAt(midnight + DAY);
  await compareOldHolders(world, stage.old);
  stage.days.push(await lookAt(stage, day, assets));
  stage.earned = earned;
}

/** Who comes, who goes, what goes wrong; then the upkeep: requests first, from what came in. */
async function morning(stage: Stage, day: number): Promise<void> {
  const { world, model, events } = stage;
  for (const incident of INCIDENTS.filter((one) => one.day === day)) {
    await incident.happen(world);
    events.push({ day, text: incident.text });
  }
  const coming = world.accounts.filter((account) => account.day === day);
  for (const account of coming) {
    const entered = await enter(world, account);
    const time = world.chain.now();
    const cost =
      "assets" in entered
        ? stake(model, account.name, entered.assets, time)
        : mintShares(model, account.name, entered.shares, time);
    stage.cost.set(account.name, cost);
  }
  if (coming.length > 0) events.push({ day, text: count(coming.length, "staker comes", "stakers come") });

  for (const text of await moveOldHolders(world, model, stage.old, day)) events.push({ day, text });

  const going = world.accounts.filter(({ exit }) => exit?.day === day);
  for (const account of going) await leave(stage, account);
  if (going.length > 0) events.push({ day, text: count(going.length, "staker unstakes", "stakers unstake") });
  if (going.length > 0 || oldHoldersUnstake(day)) {
    const batch = await settle(world, day);
    stage.batches.push(batch);
    if (batch.claimableEpoch !== undefined) {
      events.push({ day, text: `batch ${batch.number} is netted from the buffer at once` });
      await payOut(stage, day, batch);
    } else {
      events.push({
        day,
        text: `batch ${batch.number} sells stake of ${count(batch.sales, "validator", "validators")}`,
      });
    }
  }
  await delegateAll(world);
}

async function leave(stage: Stage, account: Account): Promise<void> {
  const { world, model } = stage;
  if (account.exit === undefined) return;
  const { open } = await world.system.pool.queue();
  const { given, owned } = await ask(world, account, account.exit);
  // The request is the last thing that the account did.
  stage.unstaked.set(account.name, unstake(model, account.name, given, owned, world.chain.now()));
  stage.waiting.push({ account, exit: account.exit, batch: open });
}

async function payOut(stage: Stage, day: number, batch: BatchStory): Promise<void> {
  const due = stage.waiting.filter((one) => one.batch === batch.number);
  for (const { account, exit } of due) {
    await collect(stage.world, account, exit);
    stage.gone.set(account.name, batch.number);
  }
  const old = await payOldHolders(stage.world, stage.old, batch.number);
  const waited = (batch.claimableEpoch ?? 0n) - batch.closedEpoch;
  const after = waited === 0n ? "at once" : `after ${waited} epochs`;
  const whom = [count(due.length, "staker", "stakers"), ...(old > 0 ? [count(old, "old holder", "old holders")] : [])];
  stage.events.push({ day, text: `batch ${batch.number} is paid ${after}, ${whom.join(" and ")}` });
}

/** Harvest, guard, rebalancing: a stranger does all of it. The rewards stay in the buffer overnight and serve requests first. */
async function evening(stage: Stage, day: number): Promise<void> {
  const { world, events } = stage;
  stage.rewards += await harvestAll(world, stage.model);
  for (const [index, assets] of await evacuateAll(world)) {
    events.push({ day, text: `${whole(assets)} POL are evacuated from ${nameOf(index)} at once` });
  }
  for (const { from, to, assets } of await rebalanceAll(world)) {
    events.push({ day, text: `${whole(assets)} POL move from ${nameOf(from)} to ${nameOf(to)}, without unbonding` });
  }
}

async function lookAt(stage: Stage, day: number, assetsOfDay: bigint): Promise<Day> {
  const { world, model } = stage;
  const { token, pool, delegator } = world.system;
  const block = { blockTag: "latest" };
  const [ratio, value, totalAssets, ledger, all] = await Promise.all([
    token.ratio(block),
    token.sharesToBonds(10n ** 18n, block),
    pool.totalAssets(block),
    delegator.ledger(block),
    standings(world),
  ]);
  const aprSeen = aprOf(value - stage.value, stage.value);
  stage.value = value;
  return {
    day,
    ratio,
    value,
    valueByFormula: priceOf(model, world.chain.now()),
    totalAssets,
    buffer: ledger.buffer,
    unbonding: ledger.unbonding,
    stakes: all.map(({ stake: held }) => held),
    aprSeen,
    aprExpected: aprOf(stage.earned, assetsOfDay, world.params.feeBps),
  };
}

async function conclude(stage: Stage): Promise<Story> {
  const { world, model } = stage;
  const { token, pool, bond, switcher } = world.system;
  const block = { blockTag: "latest" };
  const now = world.chain.now();
  const outcomes: Outcome[] = [];
  for (const account of world.accounts) {
    const wealth = await wealthOf(world, account);
    const batch = stage.gone.get(account.name);
    outcomes.push({
      name: account.name,
      paid: account.amount,
      gain: wealth - account.amount,
      gainParts:
        valueOf(model, account.name, now) +
        (stage.unstaked.get(account.name) ?? 0n) -
        (stage.cost.get(account.name) ?? 0n),
      allowance: allowanceOf(model, account.name),
      exit: account.exit === undefined || batch === undefined ? undefined : { ...account.exit, batch },
    });
  }
  const { cap, used } = await switcher.parameters(block);
  const treasuryShares = await token.balanceOf(world.params.treasury, block);
  return {
    days: stage.days,
    events: stage.events,
    outcomes,
    batches: stage.batches,
    treasury: {
      shares: treasuryShares,
      value: await token.sharesToBonds(treasuryShares, block),
      parts: valueOf(model, TREASURY, now),
      allowance: allowanceOf(model, TREASURY),
    },
    old: {
      outcomes: await oldOutcomes(world, model, stage.old),
      compared: stage.old.compared,
      different: stage.old.different,
      refusal: stage.old.refusal,
      cap,
      used,
      sealed: await bond.genesisSealed(block),
    },
    owed: await pool.totalOwed(block),
    checkpoints: DAYS * Number(WATCHES) * CHECKPOINTS_PER_WATCH,
    transactions: world.chain.count.transactions,
    comparisons: world.chain.count.checked,
    rewards: stage.rewards,
  };
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function whole(wei: bigint): string {
  return (wei / 10n ** 18n).toLocaleString("en-US");
}
