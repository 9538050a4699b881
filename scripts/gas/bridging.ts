import type { ContractTransactionResponse } from "ethers";
import { MaxUint256 } from "ethers";

import { checkpointTree } from "../lib/bridge/checkpoint";
import { buildExit, messagePositions } from "../lib/bridge/exit";
import { commitState, readStateSync } from "../lib/bridge/localFx";
import { readBlocks, readReceipt } from "../lib/bridge/rpc";

import type { Spent } from "./operation";
import { checkpoints } from "./steps";
import { coins } from "./world";
import type { World } from "./world";

/** Seconds in which a limit refills. */
const DAY = 86_400;

/** Lets the daily limits refill. Rewards vest afterwards as before. */
export async function aDay(world: World): Promise<void> {
  await world.hre.network.provider.send("evm_increaseTime", [DAY]);
  await checkpoints(world);
  await world.pool.connect(world.people.keeper).harvest([]);
}

/** Delivers the next message to Polygon: the whole transaction of its nodes. */
export async function deliver({ hre, fx }: World): Promise<Spent> {
  const { provider } = hre.ethers;
  const sync = await readStateSync(fx.stateSender, (await fx.stateReceiver.lastStateId()) + 1n);
  if (sync === undefined) throw new Error("no message is under way: send one in the row's preparation");
  const hash = await commitState(provider, sync);
  const receipt = await provider.getTransactionReceipt(hash);
  const [committed] = await fx.stateReceiver.queryFilter(fx.stateReceiver.filters.StateCommitted(sync.stateId));
  if (receipt === null || committed?.args.success !== true) throw new Error(`message ${sync.stateId} was not taken`);
  return { gas: receipt.gasUsed, transactions: [hash] };
}

/** Submits a checkpoint of all blocks that are in none yet. */
async function submitCheckpoint({ hre, fx: { rootChain } }: World): Promise<void> {
  const last = await rootChain.currentHeaderBlock();
  const start = last === 0n ? 0n : (await rootChain.headerBlocks(last)).end + 1n;
  const end = BigInt(await hre.ethers.provider.getBlockNumber());
  const { root } = checkpointTree(await readBlocks(hre.ethers.provider, start, end));
  await rootChain.submitHeaderBlock(start, end, root);
}

/** How a withdrawal is in its block, and that in its checkpoint. */
export interface Surroundings {
  /** Blocks of the checkpoint. */
  readonly blocks: number;
  /** Sends what is in the same block: half of it before the withdrawal, half after. */
  readonly crowd?: number;
}

/** The payload that proves a withdrawal, once a checkpoint has it. */
export async function provable(
  world: World,
  withdraw: () => Promise<ContractTransactionResponse>,
  { blocks, crowd = 0 }: Surroundings,
): Promise<string> {
  const { hre, child, fx } = world;
  const { provider } = hre.ethers;
  // What was before is in a checkpoint of its own.
  await submitCheckpoint(world);
  // The checkpoint was a block itself.
  await provider.send("hardhat_mine", [`0x${Math.floor((blocks - 2) / 2).toString(16)}`]);
  const { hash: transaction } = crowd === 0 ? await withdraw() : await amid(world, crowd, withdraw);
  const [start, end] = [await coveredBlocks(world), await provider.getBlockNumber()];
  await provider.send("hardhat_mine", [`0x${(start + blocks - 1 - end).toString(16)}`]);
  await submitCheckpoint(world);
  const [position] = messagePositions(await readReceipt(provider, transaction), await child.adapter.getAddress());
  if (position === undefined) throw new Error("there is no message in that transaction");
  return buildExit({ child: provider, rootChain: fx.rootChain, transaction, position });
}

async function coveredBlocks({ fx: { rootChain } }: World): Promise<number> {
  return Number((await rootChain.headerBlocks(await rootChain.currentHeaderBlock())).end) + 1;
}

/** Sends a transaction in a block with `crowd` others, in the middle of them. */
async function amid(
  { hre, people }: World,
  crowd: number,
  send: () => Promise<ContractTransactionResponse>,
): Promise<ContractTransactionResponse> {
  const { provider } = hre.ethers;
  const transfer = { from: people.sink.address, to: people.keeper.address, value: "0x1", gas: "0x5208" };
  const others = async (): Promise<void> => {
    for (let sent = 0; sent < crowd / 2; sent++) await provider.send("eth_sendTransaction", [transfer]);
  };
  await provider.send("evm_setAutomine", [false]);
  await others();
  const sent = await send();
  await others();
  await provider.send("evm_mine", []);
  await provider.send("evm_setAutomine", [true]);
  return sent;
}

/** Holders approve both ends, and the limits on Polygon, which begin empty, are full. */
export async function openBridge(world: World): Promise<void> {
  const { token, bridge, child, people } = world;
  for (const holder of [people.regular, people.whale]) {
    await token.connect(holder).approve(bridge, MaxUint256);
    await child.token.connect(holder).approve(child.adapter, MaxUint256);
  }
  await aDay(world);
}

/**
 * A bridge in daily use: the regular and the whale hold shares on Polygon, the feed has a rate, something came back, and
 * every limit was used. Of the limit of minting a quarter is left, of that of releases nearly all.
 */
export async function bridgeInUse(world: World): Promise<void> {
  await openBridge(world);
  const { bridge, child, people } = world;
  const { regular, whale } = people;
  await bridge.connect(whale).bridge(coins(1_000), whale);
  await bridge.connect(regular).bridge(coins(500), regular);
  for (let message = 0; message < 2; message++) await deliver(world);
  const proof = await provable(world, () => child.adapter.connect(regular).withdraw(coins(1), regular), { blocks: 4 });
  await bridge.connect(people.keeper).receiveMessage(proof);
}
