import type { Provider } from "ethers";

import {
  Delegator__factory,
  IStakeManager__factory,
  IValidatorShare__factory,
  StakeManager__factory,
  ValidatorShare__factory,
} from "../../typechain-types";
import type { Delegator, IDelegator, IStakeManager, IValidatorShare } from "../../typechain-types";
import { messageOf } from "../lib/amounts";
import { mapBounded } from "../lib/parallel";
import { isRefused } from "../lib/reverts";

import { sum } from "./concentration";
import { WHOLE } from "./set";
import type { Obstacle, Position, Validator, ValidatorSet } from "./set";

/** Requests to the node at a time. */
const PARALLEL = 8;

/** Ids that are looked at together, until all validators are found. */
const PAGE = 32;

/** No validator is looked for beyond this id. */
const LAST_ID = 1_024;

const ACTIVE = 1n;
const RATE_ONE = 10n ** 29n;
const HUNDRED = 100n;

/** A set, and what was odd on the way. */
export interface Reading {
  readonly set: ValidatorSet;
  readonly notes: readonly string[];
}

/** What all readings share. */
interface Desk {
  readonly provider: Provider;
  readonly delegator: Delegator;
  readonly manager: IStakeManager;
  readonly managerAt: string;
  readonly block: number;
  readonly epoch: bigint;
  readonly maxCommission: bigint;
}

/** The time over which performance is measured. */
interface Window {
  readonly since: number;
  /** Epoch at its beginning. */
  readonly epoch: bigint;
  /** What a POL earned in it whose validator signed everything and keeps nothing, as StakeManager counts. */
  readonly earned: bigint;
}

/** Reads the set of validators through StakeManager, and the Delegator's positions, all at the last block. */
export async function readSet(provider: Provider, delegatorAt: string, window: number): Promise<Reading> {
  const block = await provider.getBlockNumber();
  const tag = { blockTag: block };
  const delegator = Delegator__factory.connect(delegatorAt, provider);
  const managerAt = await delegator.STAKE_MANAGER(tag).catch((error: unknown) => {
    if (!isRefused(error)) throw error;
    throw new Error(
      `What is at ${delegatorAt} does not answer as a Delegator does: check the address, or the address book by ` +
        `\`npx hardhat verify-state\` (${messageOf(error)})`,
      { cause: error },
    );
  });
  const manager = IStakeManager__factory.connect(managerAt, provider);
  const epoch = await manager.epoch(tag);
  const { maxCommission } = await delegator.parameters(tag);
  const desk: Desk = { provider, delegator, manager, managerAt, block, epoch, maxCommission };
  const network = await readNetwork(desk);
  const measured = await openWindow(desk, window);
  const positions = await readPositions(desk, measured);
  const known = new Set(network.validators.map(({ id }) => id));
  const left = [...new Set(positions.map(({ validator }) => validator))].filter((id) => !known.has(id));
  return {
    set: {
      readAt: {
        chainId: Number((await provider.getNetwork()).chainId),
        block,
        sinceBlock: measured?.since ?? null,
      },
      maxShareBps: await delegator.MAX_SHARE_BPS(tag),
      maxCommissionPercent: maxCommission,
      validators: [...network.validators, ...left.map((id) => ({ id, stakeWei: 0n }))],
      positions,
    },
    notes: network.notes,
  };
}

/** Every validator of the active set. StakeManager has no list of them, but it has their number. */
async function readNetwork({
  provider,
  manager,
  managerAt,
  block,
  epoch,
}: Desk): Promise<{ validators: Validator[]; notes: string[] }> {
  const tag = { blockTag: block };
  // The model's typings: our contracts do not ask for this number, so their interface of StakeManager does not have it.
  const expected = Number(await StakeManager__factory.connect(managerAt, provider).currentValidatorSetSize(tag));
  const validators: Validator[] = [];
  for (let first = 1; validators.length < expected; first += PAGE) {
    if (first > LAST_ID) {
      throw new Error(
        `StakeManager counts ${expected} validators, but only ${validators.length} have ids up to ${LAST_ID}: ` +
          "read them from a file, with --file",
      );
    }
    const ids = Array.from({ length: PAGE }, (_, index) => BigInt(first + index));
    const records = await mapBounded(ids, PARALLEL, async (id) => manager.validators(id, tag));
    for (const [index, { amount, status, deactivationEpoch, delegatedAmount }] of records.entries()) {
      const stays = deactivationEpoch === 0n || deactivationEpoch > epoch;
      const id = ids[index];
      if (id === undefined || amount === 0n || status !== ACTIVE || !stays) continue;
      validators.push({ id, stakeWei: amount + delegatedAmount });
    }
  }
  const [found, total] = [
    sum(validators.map(({ stakeWei }) => stakeWei)),
    await manager.currentValidatorSetTotalStake(tag),
  ];
  const notes: string[] = [];
  if (validators.length !== expected) {
    notes.push(`StakeManager counts ${expected} validators, but ${validators.length} are active by their records`);
  }
  if (found !== total) {
    notes.push(`The stakes of the validators come to ${found} wei, but StakeManager counts ${total}`);
  }
  return { validators, notes };
}

async function openWindow(
  { provider, manager, managerAt, block, epoch }: Desk,
  length: number,
): Promise<Window | undefined> {
  if (length === 0) return undefined;
  const since = block - length;
  if (length < 0) throw new Error(`--window ${length} is no number of blocks`);
  if (since < 0) throw new Error(`--window ${length}: the chain has ${block} blocks only, choose fewer`);
  const counter = StakeManager__factory.connect(managerAt, provider);
  const [then, epochThen] = await Promise.all([
    counter.rewardPerStake({ blockTag: since }),
    manager.epoch({ blockTag: since }),
  ]).catch((error: unknown) => {
    throw new Error(
      `--window ${length}: the node does not tell the state of block ${since}: ${messageOf(error)}. ` +
        "Take one that keeps old state, or a shorter time; 0 leaves performance out",
      { cause: error },
    );
  });
  const earned = (await counter.rewardPerStake({ blockTag: block })) - then;
  if (earned === 0n) {
    throw new Error(
      `--window ${length}: ${epoch - epochThen} checkpoints since block ${since} brought nothing, so that ` +
        "there is no performance to see: choose a longer time, or 0 to leave performance out",
    );
  }
  return { since, epoch: epochThen, earned };
}

async function readPositions(desk: Desk, window: Window | undefined): Promise<Position[]> {
  const { delegator, block } = desk;
  const tag = { blockTag: block };
  const count = Number(await delegator.positionCount(tag));
  const numbers = Array.from({ length: count }, (_, index) => BigInt(index) + 1n);
  const positions = await mapBounded(numbers, PARALLEL, async (number) => readPosition(desk, number, window));
  const used = positions.filter((position) => position !== undefined);
  if (used.length === 0) throw new Error(`The Delegator at ${await delegator.getAddress()} has no positions`);
  return used;
}

async function readPosition(desk: Desk, number: bigint, window: Window | undefined): Promise<Position | undefined> {
  const { provider, delegator, manager, block } = desk;
  const tag = { blockTag: block };
  const position = await delegator.positionAt(number, tag);
  if (position.validatorId === 0n) return undefined;
  const record = await manager.validators(position.validatorId, tag);
  const share = IValidatorShare__factory.connect(position.share, provider);
  return {
    position: number,
    validator: position.validatorId,
    principalWei: position.principal,
    weightBps: position.weightBps,
    capBps: position.capBps,
    commissionPercent: record.commissionRate,
    ...(await performanceOf(desk, position, record, window)),
    obstacles: await obstaclesOf(desk, number, position, record, share),
  };
}

async function obstaclesOf(
  { delegator, manager, block, epoch, maxCommission }: Desk,
  number: bigint,
  { share: pinned }: IDelegator.PositionStructOutput,
  record: IStakeManager.ValidatorStructOutput,
  share: IValidatorShare,
): Promise<Obstacle[]> {
  const tag = { blockTag: block };
  const found: Obstacle[] = [];
  const leaves = departure(record, epoch);
  if (leaves !== undefined) found.push(leaves);
  if (record.contractAddress !== pinned) found.push("replaced");
  // Who leaves is locked too, as a consequence.
  found.push(...(await closures(share, block)).filter((one) => one !== "locked" || leaves === undefined));
  if (!(await manager.delegationEnabled(tag))) found.push("all-closed");
  // What the Delegator itself says; the commission is for the rule to judge.
  const judged = found.length > 0 || record.commissionRate > maxCommission;
  if (!judged && !(await delegator.acceptsStake(number, tag))) found.push("refused");
  return found;
}

function departure(
  { status, deactivationEpoch }: IStakeManager.ValidatorStructOutput,
  epoch: bigint,
): "unstaked" | "leaving" | undefined {
  if (status !== ACTIVE || (deactivationEpoch !== 0n && deactivationEpoch <= epoch)) return "unstaked";
  return deactivationEpoch === 0n ? undefined : "leaving";
}

/** What the share contract says against new stake. */
async function closures(share: IValidatorShare, block: number): Promise<Obstacle[]> {
  const tag = { blockTag: block };
  const locked = await answerOf(share.locked(tag));
  const open = await answerOf(share.delegation(tag));
  const rate = await answerOf(share.exchangeRate(tag));
  if (locked === undefined || open === undefined || rate === undefined) return ["silent"];
  const found: Obstacle[] = [];
  if (locked) found.push("locked");
  if (!open) found.push("closed");
  if (rate !== RATE_ONE) found.push("rate");
  return found;
}

/**
 * What a delegated POL earned here before commission, of what it would have earned with a validator that signed every
 * checkpoint. Whether one signed stands in no storage; that it did not shows in what its delegators got.
 */
async function performanceOf(
  { provider, manager, block }: Desk,
  { share, validatorId }: IDelegator.PositionStructOutput,
  { commissionRate, lastCommissionUpdate }: IStakeManager.ValidatorStructOutput,
  window: Window | undefined,
): Promise<Pick<Position, "performanceBps" | "commissionChanged">> {
  const unknown = { performanceBps: null, commissionChanged: false };
  if (window === undefined || (await provider.getCode(share, window.since)) === "0x") return unknown;
  const [now, then] = [{ blockTag: block }, { blockTag: window.since }];
  const contract = ValidatorShare__factory.connect(share, provider);
  const after = await answerOf(contract.getRewardPerShare(now));
  const before = await answerOf(contract.getRewardPerShare(then));
  const shares = await answerOf(contract.totalSupply(then));
  // Without delegators all rewards are the validator's, and say nothing here.
  if (after === undefined || before === undefined || shares === undefined || shares === 0n) return unknown;
  const earlier = (await manager.validators(validatorId, then)).commissionRate;
  const commission = earlier > commissionRate ? earlier : commissionRate;
  const full = window.earned * (HUNDRED - commission);
  return {
    performanceBps: full === 0n ? 0n : smaller(WHOLE, nearest((after - before) * HUNDRED * WHOLE, full)),
    commissionChanged: lastCommissionUpdate !== 0n && lastCommissionUpdate >= window.epoch,
  };
}

/** The answer; undefined if the contract has none. What keeps the node from asking it fails. */
async function answerOf<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    // Of a failure without data a node tells nothing but this.
    if (isRefused(error) || /revert|invalid opcode|out of gas/i.test(messageOf(error))) return undefined;
    throw error;
  }
}

function nearest(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
