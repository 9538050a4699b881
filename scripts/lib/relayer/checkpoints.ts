import { checkpointTree } from "../bridge/checkpoint";
import type { CheckpointTree } from "../bridge/checkpoint";
import { lastHeader } from "../bridge/headers";
import { readBlocks } from "../bridge/rpc";

import type { Carrier } from "./relay";

/** Submits a checkpoint of all blocks that are in none, if they are enough; returns whether they were. */
export async function submitNext(relay: Carrier, trees: Map<string, CheckpointTree>): Promise<boolean> {
  const { rootChain, stateReceiver, child, checkpointBlocks, fees, log } = relay;
  const last = await lastHeader(rootChain);
  const start = last === undefined ? 0n : last.end + 1n;
  const provider = stateReceiver.runner?.provider;
  if (!provider) throw new Error("StateReceiver has no provider: connect it to one of Polygon");
  const end = BigInt(await provider.getBlockNumber());
  if (end + 1n - start < checkpointBlocks) return false;
  const tree = checkpointTree(await readBlocks(child, start, end));
  log({ what: "submitting checkpoint", start, end, root: tree.root });
  try {
    const sent = await rootChain.submitHeaderBlock(start, end, tree.root, fees);
    await sent.wait();
    log({ what: "submitted checkpoint", start, end, transaction: sent.hash });
  } catch (error) {
    // Another proposer's checkpoint begins at the same block.
    if ((await lastHeader(rootChain))?.id === last?.id) throw error;
    log({ what: "overtaken", action: `checkpoint from block ${start}` });
    return true;
  }
  trees.set(tree.root, tree);
  return true;
}
