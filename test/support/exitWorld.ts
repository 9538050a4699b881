import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { concat, decodeRlp, encodeRlp, getBytes, hexlify, id, keccak256, toBeArray, toBeHex } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { checkpointTree } from "../../scripts/lib/bridge/checkpoint";
import { buildExit, encodeExit, exitPath } from "../../scripts/lib/bridge/exit";
import type { Header } from "../../scripts/lib/bridge/headers";
import { encodeReceipt, receiptsTrie } from "../../scripts/lib/bridge/receiptsTrie";
import { readBlock, readBlocks, readReceipt } from "../../scripts/lib/bridge/rpc";
import type { RpcProvider } from "../../scripts/lib/bridge/rpc";
import { BridgeRootChain__factory } from "../../typechain-types";
import type { BridgeRootChain } from "../../typechain-types";
import {
  ExitProof__Harness__factory,
  MessageEmitter__factory,
  RawMaskExit__Harness__factory,
} from "../typechain-types";
import type { ExitProof__Harness, MessageEmitter, RawMaskExit__Harness } from "../typechain-types";

/** One network that plays both chains: what is emitted on it is proven on it. */
export interface ExitWorld {
  readonly proposer: HardhatEthersSigner;
  readonly child: RpcProvider;
  readonly rootChain: BridgeRootChain;
  readonly exits: ExitProof__Harness;
  readonly control: RawMaskExit__Harness;
  readonly emitter: MessageEmitter;
  readonly other: MessageEmitter;
}

/** Id of the first checkpoint that a test makes. */
export const FIRST = 20_000n;

/** Both ends. Whatever the network did before is in a checkpoint, number 10,000, of which nothing can be proven. */
export async function exitWorld(): Promise<ExitWorld> {
  const [proposer] = (await ethers.getSigners()) as [HardhatEthersSigner];
  const rootChain = await new BridgeRootChain__factory(proposer).deploy(proposer);
  await rootChain.submitHeaderBlock(0n, await ethers.provider.getBlockNumber(), id("what was before"));
  return {
    proposer,
    child: ethers.provider,
    rootChain,
    exits: await new ExitProof__Harness__factory(proposer).deploy(rootChain),
    control: await new RawMaskExit__Harness__factory(proposer).deploy(),
    emitter: await new MessageEmitter__factory(proposer).deploy(),
    other: await new MessageEmitter__factory(proposer).deploy(),
  };
}

/** A message that is told from others by its number, of a length that is no whole number of words. */
export function message(number: number): string {
  return concat([toBeHex(number, 32), "0xabcdef"]);
}

/** Submits the checkpoint of all blocks up to `end`, or up to now, that are in none yet. */
export async function checkpoint({ child, rootChain }: ExitWorld, end?: number): Promise<Header> {
  const last = await rootChain.currentHeaderBlock();
  const start = (await rootChain.headerBlocks(last)).end + 1n;
  const to = BigInt(end ?? (await ethers.provider.getBlockNumber()));
  const { root } = checkpointTree(await readBlocks(child, start, to));
  await rootChain.submitHeaderBlock(start, to, root);
  return { id: last + 10_000n, root, start, end: to };
}

/** The payload of a log of a transaction. */
export async function payloadOf({ child, rootChain }: ExitWorld, transaction: string, position = 0): Promise<string> {
  return buildExit({ child, rootChain, transaction, position });
}

/** Number of the block of a transaction. */
export async function blockOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("the transaction was not mined");
  return receipt.blockNumber;
}

/** Exit id by its definition; `key` is the RLP of the transaction's index in its block. */
export function exitId(block: number | bigint, key: string, position: number): string {
  const nibbles = [...getBytes(key)].flatMap((byte) => [byte >> 4, byte & 15]);
  return keccak256(concat([toBeHex(block, 32), Uint8Array.from(nibbles), toBeHex(position, 32)]));
}

/** Transactions in the big block. */
export const BIG_BLOCK = 140;

/** Indexes at which the length of the key changes, and their neighbours. */
export const EDGES: Readonly<Record<number, string>> = {
  0: "0x80",
  1: "0x01",
  127: "0x7f",
  128: "0x8180",
  129: "0x8181",
  139: "0x818b",
};

/** What the transaction of an index in the big block does. */
export function actOf(index: number): "message" | "failure" | "creation" {
  if (index in EDGES) return "message";
  if (index % 7 === 3) return "failure";
  return index % 7 === 5 ? "creation" : "message";
}

/**
 * One block of 140 transactions, types 0, 1 and 2 in turn, some of which fail and some of which create a contract; all
 * others send the message of their index.
 * @returns Hashes by index.
 */
export async function bigBlock({ emitter }: ExitWorld): Promise<string[]> {
  const signers = (await ethers.getSigners()).slice(1, 21);
  // At equal fees, the order in the block is that of sending.
  const price = 100n * 10n ** 9n;
  const to = await emitter.getAddress();
  const acts = Array.from({ length: BIG_BLOCK }, (_, index) => async (): Promise<{ hash: string }> => {
    const type = index % 3;
    const fees = type === 2 ? { maxFeePerGas: price, maxPriorityFeePerGas: price } : { gasPrice: price };
    const list = type === 1 ? { accessList: [{ address: to, storageKeys: [] }] } : {};
    const call = {
      message: { to, data: emitter.interface.encodeFunctionData("emitAll", [[message(index)]]) },
      failure: { to, data: emitter.interface.encodeFunctionData("refuse") },
      creation: { data: "0x5f5ff3" },
    }[actOf(index)];
    const signer = signers[index % signers.length];
    if (signer === undefined) throw new Error("the network has too few accounts");
    return signer.sendTransaction({ ...call, ...fees, ...list, type, gasLimit: 100_000n });
  });
  return sentTogether(acts);
}

/** A world with a block of many kinds of transactions in a checkpoint. */
export async function withBigBlock(): Promise<ExitWorld & { hashes: string[] }> {
  const world = await exitWorld();
  const hashes = await bigBlock(world);
  await checkpoint(world);
  return { ...world, hashes };
}

/** Places of the fields of a payload. */
export const Field = { header: 0, blockProof: 1, number: 2, receipt: 6, path: 8, position: 9 } as const;

/** Fields to put in the place of others. */
type Change = Readonly<Partial<Record<keyof typeof Field, string>>>;

/** The payload with other fields. */
export function altered(payload: string, change: Change): string {
  const fields = decodeRlp(payload) as string[];
  for (const [name, value] of Object.entries(change)) fields[Field[name as keyof typeof Field]] = value;
  return encodeRlp(fields);
}

/** A number as a payload has it. */
export const bytesOf = (number: bigint | number): string => hexlify(toBeArray(number));

/** The payload of a log that need not be a message, or need not exist. */
export async function payloadOfAny(world: ExitWorld, hashes: readonly string[], index: number): Promise<string> {
  const { child } = world;
  const { blockNumber } = await readReceipt(child, hashes[index] ?? "");
  const receipts = await Promise.all(hashes.map((hash) => readReceipt(child, hash)));
  const trie = receiptsTrie(receipts.map(encodeReceipt));
  const { start, end } = await world.rootChain.headerBlocks(FIRST);
  const tree = checkpointTree(await readBlocks(child, start, end));
  const block = await readBlock(child, blockNumber);
  return encodeExit({
    headerId: FIRST,
    blockProof: tree.proof(block),
    block,
    receipt: trie.receipts[index] ?? "",
    nodes: trie.proof(index),
    path: exitPath(index),
    position: 0,
  });
}

/** Sends transactions that end up in one block, in their order. */
export async function sentTogether(calls: readonly (() => Promise<{ hash: string }>)[]): Promise<string[]> {
  await ethers.provider.send("evm_setAutomine", [false]);
  try {
    const hashes: string[] = [];
    for (const call of calls) hashes.push((await call()).hash);
    await ethers.provider.send("evm_mine", []);
    return hashes;
  } finally {
    await ethers.provider.send("evm_setAutomine", [true]);
  }
}
