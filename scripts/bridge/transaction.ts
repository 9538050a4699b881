import { readReceipt } from "../lib/bridge/rpc";
import type { Receipt } from "../lib/bridge/rpc";

import type { ChainNode } from "./nodes";

/** A hash from the command line. */
export function hashParameter(value: string): string {
  if (/^0x[0-9a-fA-F]{64}$/.test(value)) return value.toLowerCase();
  throw new Error(`--tx ${value} is no hash of a transaction: that is 0x and 64 digits from 0 to 9 and a to f`);
}

/**
 * The receipt of a transaction that sent something.
 * @param advice What to say if it is on the other chain.
 */
export async function receiptOf(
  node: ChainNode,
  transaction: string,
  other: ChainNode | undefined,
  advice: string,
): Promise<Receipt> {
  const find = (where: ChainNode): Promise<unknown> => where.send("eth_getTransactionReceipt", [transaction]);
  if (other !== undefined && (await find(node)) === null && (await find(other)) !== null) {
    throw new Error(`Transaction ${transaction} is on the other chain: ${advice}`);
  }
  const receipt = await readReceipt(node, transaction);
  if (receipt.status === 0n) {
    throw new Error(`Transaction ${transaction} failed, so it sent no message: look up why, and send it again.`);
  }
  return receipt;
}
