import type { BlockTag, RlpStructuredData } from "ethers";
import { concat, encodeRlp, id, toBeArray } from "ethers";

import type { IRootChain } from "../../../typechain-types";

import { checkpointTree } from "./checkpoint";
import type { CheckpointTree, Leaf } from "./checkpoint";
import { findHeader, lastHeader } from "./headers";
import type { Header } from "./headers";
import { encodeReceipt, receiptKey, receiptsTrie } from "./receiptsTrie";
import type { ReceiptsTrie } from "./receiptsTrie";
import { readBlock, readBlocks, readReceipt, readReceipts } from "./rpc";
import type { Block, Receipt, RpcProvider } from "./rpc";

/** Topic of the event that is a message. */
export const MESSAGE_SENT = id("MessageSent(bytes)");

/** What an exit payload is made of. */
export interface ExitParts {
  readonly headerId: bigint;
  /** Siblings in the checkpoint's tree, from the leaf upwards. */
  readonly blockProof: string;
  readonly block: Leaf;
  /** The encoded receipt. */
  readonly receipt: string;
  /** Nodes of the trie from its root to the receipt. */
  readonly nodes: RlpStructuredData[];
  /** Path in the trie, behind a byte of flags that are zero. */
  readonly path: string;
  /** Place of the log among those of the receipt, from 0. */
  readonly position: number;
}

/** Where a message is, and where to look for the proof. */
export interface ExitRequest {
  /** The chain that the message was sent on. */
  readonly child: RpcProvider;
  /** RootChain, connected to a provider of Ethereum. */
  readonly rootChain: IRootChain;
  /** Hash of the transaction on the child chain. */
  readonly transaction: string;
  /** Place of the log among those of the receipt, from 0; not the node's `logIndex`, which counts those of the block. */
  readonly position: number;
  /** Block of Ethereum at which RootChain is read; the latest if left out. */
  readonly blockTag?: BlockTag;
  /** Trees that were built before, by the checkpoint's root; new ones are added. */
  readonly trees?: Map<string, CheckpointTree>;
}

/** The ten fields in their order. */
export function encodeExit({ headerId, blockProof, block, receipt, nodes, path, position }: ExitParts): string {
  return encodeRlp([
    toBeArray(headerId),
    blockProof,
    toBeArray(block.number),
    toBeArray(block.timestamp),
    block.transactionsRoot,
    block.receiptsRoot,
    receipt,
    encodeRlp(nodes),
    path,
    toBeArray(position),
  ]);
}

/** The path of a transaction's receipt. */
export function exitPath(index: number): string {
  return concat(["0x00", receiptKey(index)]);
}

/** Places of the messages of one emitter among the logs of a receipt. */
export function messagePositions({ logs }: Receipt, emitter: string): number[] {
  return logs.flatMap(({ address, topics }, position) =>
    address.toLowerCase() === emitter.toLowerCase() && topics[0] === MESSAGE_SENT ? [position] : [],
  );
}

/** The trie of a block, whose root is the one in its header. */
export function trieOf(block: Block, receipts: readonly Receipt[]): ReceiptsTrie {
  const encoded = receipts.map(encodeReceipt);
  const trie = receiptsTrie(encoded);
  if (trie.root === block.receiptsRoot) return trie;
  // Before state syncs had receipts in the trie, nodes told one of them nevertheless, after all others.
  const shorter = receiptsTrie(encoded.slice(0, -1));
  if (shorter.root === block.receiptsRoot) return shorter;
  throw new Error(
    `The receipts of block ${block.number} make the root ${trie.root}, but its header has ${block.receiptsRoot}: ` +
      "this node serves wrong receipts; ask another",
  );
}

function requireMessage(receipt: Receipt, transaction: string, position: number): void {
  const log = receipt.logs[position];
  if (log === undefined) {
    throw new Error(
      `Transaction ${transaction} has ${receipt.logs.length} logs, none at position ${position}: ` +
        "count those of its receipt, from 0",
    );
  }
  if (log.topics[0] === MESSAGE_SENT) return;
  throw new Error(`Log ${position} of transaction ${transaction} is no MessageSent: name the position of one that is`);
}

async function headerOf({ rootChain, transaction, blockTag }: ExitRequest, block: bigint): Promise<Header> {
  const header = await findHeader(rootChain, block, blockTag);
  if (header !== undefined) return header;
  const last = await lastHeader(rootChain, blockTag);
  const reach = last === undefined ? "there is none yet" : `the last one ends with block ${last.end}`;
  throw new Error(
    `Block ${block} of transaction ${transaction} is in no checkpoint (${reach}): try again after the next one`,
  );
}

async function treeOf({ child, trees }: ExitRequest, header: Header): Promise<CheckpointTree> {
  const known = trees?.get(header.root);
  if (known !== undefined) return known;
  const tree = checkpointTree(await readBlocks(child, header.start, header.end));
  if (tree.root !== header.root) {
    throw new Error(
      `Blocks ${header.start} to ${header.end} make the root ${tree.root}, but checkpoint ${header.id} has ` +
        `${header.root}: the child node is of another chain or on a fork, or RootChain is another's; check both`,
    );
  }
  trees?.set(header.root, tree);
  return tree;
}

/**
 * The payload that proves a message on Ethereum. It is built only from what agrees with the roots that are known: of the
 * block, and of the checkpoint.
 */
export async function buildExit(request: ExitRequest): Promise<string> {
  const { child, transaction, position } = request;
  const receipt = await readReceipt(child, transaction);
  requireMessage(receipt, transaction, position);
  const header = await headerOf(request, receipt.blockNumber);
  const tree = await treeOf(request, header);
  const block = await readBlock(child, receipt.blockNumber);
  const trie = trieOf(block, await readReceipts(child, block));
  const index = Number(receipt.transactionIndex);
  const proven = trie.receipts[index];
  if (block.transactions[index] !== transaction.toLowerCase() || proven === undefined) {
    throw new Error(`Transaction ${transaction} has moved to another block since it was looked up: try again`);
  }
  return encodeExit({
    headerId: header.id,
    blockProof: tree.proof(block),
    block,
    receipt: proven,
    nodes: trie.proof(index),
    path: exitPath(index),
    position,
  });
}
