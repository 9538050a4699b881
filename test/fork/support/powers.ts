import { Interface, toBeHex } from "ethers";
import type { JsonRpcProvider } from "ethers";

import { STATE_RECEIVER } from "../../../scripts/lib/bridge/stateSync";
import type { StateSync } from "../../../scripts/lib/bridge/stateSync";
import { FxChild__factory, IERC20__factory, IStakeManager__factory } from "../../../typechain-types";

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

/** What a POL that is staked earns is counted in this. */
export const REWARD_PRECISION = 10n ** 25n;

/**
 * Sets somebody's balance of a token.
 */
export async function give(node: JsonRpcProvider, token: string, account: string, amount: bigint): Promise<void> {
  await node.send("anvil_dealERC20", [account, token, toBeHex(amount)]);
  const balance = await IERC20__factory.connect(token, node).balanceOf(account);
  if (balance !== amount) throw new Error(`${account} has ${balance} of ${token}, and ${amount} were to be given`);
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
export async function deliver(node: JsonRpcProvider, { stateId, receiver, data }: StateSync): Promise<string> {
  const call = FxChild__factory.createInterface().encodeFunctionData("onStateReceive", [stateId, data]);
  return sendAs(node, STATE_RECEIVER, receiver, call);
}

/** Sends a transaction from any account. @returns Its hash. */
async function sendAs(node: JsonRpcProvider, from: string, to: string, data: string): Promise<string> {
  await payGas(node, from);
  await node.send("anvil_impersonateAccount", [from]);
  const sent = await (await node.getSigner(from)).sendTransaction({ to, data });
  await sent.wait();
  return sent.hash;
}

/** The slot that a view reads a value from; fails if it reads several that hold it. */
async function slotOf(node: JsonRpcProvider, contract: string, data: string, value: bigint): Promise<string> {
  const answer = (await node.send("eth_createAccessList", [{ to: contract, data }])) as {
    accessList: readonly { address: string; storageKeys: readonly string[] }[];
  };
  const read = answer.accessList
    .filter(({ address }) => BigInt(address) === BigInt(contract))
    .flatMap(({ storageKeys }) => storageKeys);
  const holding: string[] = [];
  for (const slot of read) if (BigInt(await node.getStorage(contract, slot)) === value) holding.push(slot);
  const [slot, other] = holding;
  if (slot === undefined || other !== undefined) {
    throw new Error(`${contract} reads ${value} from ${holding.length} slots instead of one`);
  }
  return slot;
}

async function read(node: JsonRpcProvider, to: string, contract: Interface, name: string): Promise<string> {
  const answer = await node.call({ to, data: contract.encodeFunctionData(name) });
  return String(contract.decodeFunctionResult(name, answer)[0]);
}

async function readUint(node: JsonRpcProvider, to: string, contract: Interface, name: string): Promise<bigint> {
  return BigInt(await read(node, to, contract, name));
}
