import { AbiCoder } from "ethers";

import { messageOf } from "../amounts";
import type { CheckpointTree } from "../bridge/checkpoint";
import { buildExit, messagePositions } from "../bridge/exit";
import { lastHeader } from "../bridge/headers";
import { readReceipt } from "../bridge/rpc";
import { mapBounded } from "../parallel";

import type { Relay } from "./relay";

const PARALLEL = 16;
const UP_WORDS = ["uint8", "uint8", "uint64", "address", "uint256"];

/** A withdrawal that can be proven. */
export interface Exit {
  readonly nonce: bigint;
  readonly transaction: string;
  /** Place of its message among the logs of the receipt. */
  readonly position: number;
}

/** The withdrawals in checkpoints that were not proven yet, oldest first. */
export async function openExits({ rootChain, bridge, adapter, child }: Relay): Promise<Exit[]> {
  const header = await lastHeader(rootChain);
  if (header === undefined) return [];
  const messages = await adapter.queryFilter(adapter.filters.MessageSent(), 0, Number(header.end));
  const open = await mapBounded(
    messages,
    PARALLEL,
    async ({ args: { message }, transactionHash: transaction, index }) => {
      const [, , nonce] = AbiCoder.defaultAbiCoder().decode(UP_WORDS, message) as unknown as [bigint, bigint, bigint];
      return (await bridge.isConsumed(nonce)) ? [] : [{ nonce, transaction, index }];
    },
  );
  const emitter = await adapter.getAddress();
  return mapBounded(open.flat(), PARALLEL, async ({ nonce, transaction, index }) => {
    // The node counts the logs of the block, the proof those of the receipt: the order is the same.
    const before = messages.filter((other) => other.transactionHash === transaction && other.index < index).length;
    const position = messagePositions(await readReceipt(child, transaction), emitter)[before];
    if (position === undefined) throw new Error(`Transaction ${transaction} has moved since it was found: try again`);
    return { nonce, transaction, position };
  });
}

/**
 * Proves a withdrawal on Ethereum. One that cannot be proven is told to the log, and keeps no other from it.
 * @returns Whether it was proven, by this relayer or by another at the same time.
 */
export async function proveExit(relay: Relay, exit: Exit, trees: Map<string, CheckpointTree>): Promise<boolean> {
  const { bridge, rootChain, child, fees, log } = relay;
  const { nonce, transaction, position } = exit;
  try {
    const proof = await buildExit({ child, rootChain, transaction, position, trees });
    log({ what: "proving exit", nonce, from: transaction });
    // With an estimate of its own, a refusal is told by its name.
    const gasLimit = ((await bridge.receiveMessage.estimateGas(proof)) * 6n) / 5n;
    const sent = await bridge.receiveMessage(proof, { ...fees, gasLimit });
    await sent.wait();
    log({ what: "proved exit", nonce, transaction: sent.hash });
    return true;
  } catch (error) {
    if (await bridge.isConsumed(nonce)) {
      log({ what: "overtaken", action: `exit ${nonce}` });
      return true;
    }
    log({ what: "exit refused", nonce, reason: messageOf(error) });
    return false;
  }
}
