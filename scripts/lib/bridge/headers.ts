import type { BlockTag } from "ethers";

import type { IRootChain } from "../../../typechain-types";

/** A checkpoint as RootChain keeps it; both `start` and `end` are in it. */
export interface Header {
  readonly id: bigint;
  readonly root: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** Step of the ids of checkpoints. */
const ID_STEP = 10_000n;

async function headerAt(rootChain: IRootChain, id: bigint, blockTag: BlockTag): Promise<Header> {
  const { root, start, end } = await rootChain.headerBlocks(id, { blockTag });
  return { id, root, start, end };
}

/** The last checkpoint, if there is one. */
export async function lastHeader(rootChain: IRootChain, blockTag: BlockTag = "latest"): Promise<Header | undefined> {
  const id = await rootChain.currentHeaderBlock({ blockTag });
  return id === 0n ? undefined : headerAt(rootChain, id, blockTag);
}

/**
 * The checkpoint that has a block, if one has it already. All is read at one block of Ethereum, since a checkpoint that
 * arrives meanwhile, or is deleted, would lead the search astray.
 */
export async function findHeader(
  rootChain: IRootChain,
  block: bigint,
  blockTag: BlockTag = "latest",
): Promise<Header | undefined> {
  const at = blockTag === "latest" ? await latestBlock(rootChain) : blockTag;
  const last = await lastHeader(rootChain, at);
  if (last === undefined || block > last.end) return undefined;
  let [low, high] = [1n, last.id / ID_STEP];
  while (low <= high) {
    const middle = (low + high) / 2n;
    const header = await headerAt(rootChain, middle * ID_STEP, at);
    if (block < header.start) high = middle - 1n;
    else if (block > header.end) low = middle + 1n;
    else return header;
  }
  throw new Error(
    `RootChain's checkpoints reach to block ${last.end}, but none has block ${block}: is this RootChain's address the proxy's?`,
  );
}

async function latestBlock(rootChain: IRootChain): Promise<BlockTag> {
  const provider = rootChain.runner?.provider;
  if (!provider) throw new Error("RootChain has no provider: connect it to one of Ethereum");
  return provider.getBlockNumber();
}
