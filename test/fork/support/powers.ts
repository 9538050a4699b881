import { Interface, toBeHex } from "ethers";
import type { JsonRpcProvider } from "ethers";

import { settled } from "../../../scripts/devnet/wallets";
import { STATE_RECEIVER } from "../../../scripts/lib/bridge/stateSync";
import type { StateSync } from "../../../scripts/lib/bridge/stateSync";
import {
  FxChild__factory,
  IERC20__factory,
  IRootChain__factory,
  IStakeManager__factory,
} from "../../../typechain-types";

import { payGas } from "./people";

// Functions of Polygon's contracts that no contract of ours calls.
const STAKE_MANAGER = new Interface([
  "function governance() view returns (address)",
  "function setCurrentEpoch(uint256 epoch)",
  "function rewardPerStake() view returns (uint256)",
]);
const MIGRATION = new Interface([
  "function owner() view returns (address)",
  "function updateUnmigrationLock(bool lock)",
]);

/** Ids of checkpoints are multiples of it. */
const HEADER_STEP = 10_000n;

/** What a POL that is staked earns is counted in this. */
export const REWARD_PRECISION = 10n ** 25n;

/** Sets somebody's balance of a token. */
export async function give(node: JsonRpcProvider, token: string, account: string, amount: bigint): Promise<void> {
  await node.send("anvil_dealERC20", [account, token, toBeHex(amount)]);
  const balance = await IERC20__factory.connect(token, node).balanceOf(account);
  if (balance !== amount) throw new Error(`${account} has ${balance} of ${token}, and ${amount} were to be given`);
}

/** Sends a transaction from any account; it is mined, and did not revert. */
export async function sendAs(node: JsonRpcProvider, from: string, to: string, data: string): Promise<void> {
  await payGas(node, from);
  await node.send("anvil_impersonateAccount", [from]);
  await settled(node, await (await node.getSigner(from)).sendTransaction({ to, data }));
}

/** Polygon's governance sets the epoch that many later: as many checkpoints, without what they pay. */
export async function moveEpochs(node: JsonRpcProvider, stakeManager: string, count: bigint): Promise<void> {
  const epoch = await IStakeManager__factory.connect(stakeManager, node).epoch();
  const governance = await read(node, stakeManager, STAKE_MANAGER, "governance");
  const data = STAKE_MANAGER.encodeFunctionData("setCurrentEpoch", [epoch + count]);
  await sendAs(node, governance, stakeManager, data);
}

/**
 * Every POL that is staked earns `reward` / `REWARD_PRECISION` POL, for all validators alike: what a checkpoint that all
 * of them signed adds to StakeManager's `rewardPerStake`. The signatures are what nobody here can make, so it is added in
 * storage, where the view of it reads.
 */
export async function payRewards(node: JsonRpcProvider, stakeManager: string, reward: bigint): Promise<void> {
  const before = await readUint(node, stakeManager, STAKE_MANAGER, "rewardPerStake");
  const slot = await slotOf(node, stakeManager, STAKE_MANAGER.encodeFunctionData("rewardPerStake"), before);
  await node.send("anvil_setStorageAt", [stakeManager, slot, toBeHex(before + reward, 32)]);
  const after = await readUint(node, stakeManager, STAKE_MANAGER, "rewardPerStake");
  if (after !== before + reward) throw new Error(`rewardPerStake of ${stakeManager} cannot be raised`);
}

/** The owner of Polygon's migration closes, or opens, the way from POL to MATIC. */
export async function lockMigration(node: JsonRpcProvider, migration: string, locked: boolean): Promise<void> {
  const owner = await read(node, migration, MIGRATION, "owner");
  await sendAs(node, owner, migration, MIGRATION.encodeFunctionData("updateUnmigrationLock", [locked]));
}

/** Polygon's StateReceiver hands a message to FxChild. */
export async function deliver(node: JsonRpcProvider, { stateId, receiver, data }: StateSync): Promise<void> {
  const call = FxChild__factory.createInterface().encodeFunctionData("onStateReceive", [stateId, data]);
  await sendAs(node, STATE_RECEIVER, receiver, call);
}

/** A checkpoint of Polygon's blocks. */
export interface Checkpoint {
  readonly root: string;
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * A checkpoint more in Polygon's RootChain. Its validators' signatures are what nobody here can make, so that it is written
 * where the views of it read.
 */
export async function addCheckpoint(
  node: JsonRpcProvider,
  at: string,
  { root, start, end }: Checkpoint,
): Promise<void> {
  const rootChain = IRootChain__factory.connect(at, node);
  const { interface: abi } = rootChain;
  const last = await rootChain.currentHeaderBlock();
  const headerId = last + HEADER_STEP;
  // The next id is what is kept.
  const counter = await slotOf(node, at, abi.encodeFunctionData("currentHeaderBlock"), headerId);
  const createdAt = BigInt((await node.getBlock("latest"))?.timestamp ?? 0);
  const fields = [BigInt(root), start, end, createdAt, BigInt(STATE_RECEIVER)];
  const slots = (await slotsRead(node, at, abi.encodeFunctionData("headerBlocks", [headerId])))
    .filter(({ value }) => value === 0n)
    .map(({ slot }) => BigInt(slot))
    .sort((one, other) => (one < other ? -1 : 1));
  if (slots.length !== fields.length) throw new Error(`${at} reads a checkpoint from ${slots.length} slots`);
  for (const [index, field] of fields.entries()) {
    await node.send("anvil_setStorageAt", [at, toBeHex(slots[index] ?? 0n, 32), toBeHex(field, 32)]);
  }
  await node.send("anvil_setStorageAt", [at, counter, toBeHex(headerId + HEADER_STEP, 32)]);
  const written = await rootChain.headerBlocks(headerId);
  if ((await rootChain.currentHeaderBlock()) !== headerId || written.root !== root || written.end !== end) {
    throw new Error(`no checkpoint can be added to ${at}`);
  }
}

/** The slot that a view reads a value from; fails if it reads several that hold it. */
async function slotOf(node: JsonRpcProvider, contract: string, data: string, wanted: bigint): Promise<string> {
  const holding = (await slotsRead(node, contract, data)).filter(({ value }) => value === wanted);
  const [found, other] = holding;
  if (found === undefined || other !== undefined) {
    throw new Error(`${contract} reads ${wanted} from ${holding.length} slots instead of one`);
  }
  return found.slot;
}

/** The slots of a contract that a view of it reads, and what they hold. */
async function slotsRead(
  node: JsonRpcProvider,
  contract: string,
  data: string,
): Promise<{ slot: string; value: bigint }[]> {
  const answer = (await node.send("eth_createAccessList", [{ to: contract, data }])) as {
    accessList: readonly { address: string; storageKeys: readonly string[] }[];
  };
  const slots = answer.accessList
    .filter(({ address }) => BigInt(address) === BigInt(contract))
    .flatMap(({ storageKeys }) => storageKeys);
  const read: { slot: string; value: bigint }[] = [];
  for (const slot of slots) read.push({ slot, value: BigInt(await node.getStorage(contract, slot)) });
  return read;
}

async function read(node: JsonRpcProvider, to: string, contract: Interface, name: string): Promise<string> {
  const answer = await node.call({ to, data: contract.encodeFunctionData(name) });
  return String(contract.decodeFunctionResult(name, answer)[0]);
}

async function readUint(node: JsonRpcProvider, to: string, contract: Interface, name: string): Promise<bigint> {
  return BigInt(await read(node, to, contract, name));
}
