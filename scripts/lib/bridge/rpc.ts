import { z } from "zod";

import { mapBounded } from "../parallel";

/**
 * What is asked of a node of the child chain: the raw answers, as providers of ethers reshape blocks and receipts of types
 * that they do not know. `JsonRpcProvider`, `BrowserProvider` and Hardhat's provider all are one.
 */
export interface RpcProvider {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** Requests that are under way at the same time. */
const PARALLEL = 32;

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/i);
const word = z.string().regex(/^0x[0-9a-f]{64}$/i);
const quantity = z
  .string()
  .regex(/^0x[0-9a-f]+$/i)
  .transform(BigInt);

const log = z.object({ address: hex.length(42), topics: z.array(word).max(4), data: hex });

const receipt = z.object({
  // Nodes leave it out of the oldest receipts.
  type: quantity.default(0n),
  status: quantity,
  cumulativeGasUsed: quantity,
  logsBloom: hex.length(514),
  logs: z.array(log),
  transactionIndex: quantity,
  blockNumber: quantity,
});

const block = z.object({
  number: quantity,
  timestamp: quantity,
  transactionsRoot: word,
  receiptsRoot: word,
  transactions: z.array(word),
});

/** A log as the node tells it. */
export type Log = z.infer<typeof log>;

/** A receipt as the node tells it. */
export type Receipt = z.infer<typeof receipt>;

/** What an exit needs to know of a block. */
export type Block = z.infer<typeof block>;

function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const { data, error } = schema.safeParse(answer);
  if (error === undefined) return data;
  throw new Error(`The node's answer about ${what} cannot be read; ask another node.\n${z.prettifyError(error)}`);
}

const quantityOf = (value: bigint): string => `0x${value.toString(16)}`;

/** A block of the child chain. */
export async function readBlock(chain: RpcProvider, number: bigint): Promise<Block> {
  const answer = await chain.send("eth_getBlockByNumber", [quantityOf(number), false]);
  if (answer === null) {
    throw new Error(`The node has no block ${number}: wait until it has caught up, or ask another`);
  }
  return parse(block, answer, `block ${number}`);
}

/** The blocks from `start` to `end`, both included. */
export async function readBlocks(chain: RpcProvider, start: bigint, end: bigint): Promise<Block[]> {
  const numbers = Array.from({ length: Number(end - start + 1n) }, (_, offset) => start + BigInt(offset));
  return mapBounded(numbers, PARALLEL, (number) => readBlock(chain, number));
}

/** The receipt of a transaction. */
export async function readReceipt(chain: RpcProvider, transaction: string): Promise<Receipt> {
  const answer = await chain.send("eth_getTransactionReceipt", [transaction]);
  if (answer === null) {
    throw new Error(
      `The node has no receipt of transaction ${transaction}: wait until it is mined, or check the hash and the network`,
    );
  }
  return parse(receipt, answer, `the receipt of ${transaction}`);
}

/** All receipts of a block, in the order of its transactions. */
export async function readReceipts(chain: RpcProvider, { number, transactions }: Block): Promise<Receipt[]> {
  // Not every node knows the method, and each says so in words of its own; if it is down, the next request tells.
  const answer = await chain.send("eth_getBlockReceipts", [quantityOf(number)]).catch(() => null);
  if (answer !== null) return parse(z.array(receipt), answer, `the receipts of block ${number}`);
  return mapBounded(transactions, PARALLEL, (transaction) => readReceipt(chain, transaction));
}
