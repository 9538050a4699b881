import { AbiCoder, ZeroHash, concat, keccak256 } from "ethers";

import type { Block } from "./rpc";

/** The part of a block that a checkpoint commits to. */
export type Leaf = Pick<Block, "number" | "timestamp" | "transactionsRoot" | "receiptsRoot">;

/** The tree of a checkpoint, and the proof of each of its blocks. */
export interface CheckpointTree {
  readonly root: string;
  /** Siblings from the leaf of a block upwards, one after the other. */
  proof(block: Leaf): string;
}

/** The leaf of a block. */
export function checkpointLeaf({ number, timestamp, transactionsRoot, receiptsRoot }: Leaf): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint256", "bytes32", "bytes32"],
      [number, timestamp, transactionsRoot, receiptsRoot],
    ),
  );
}

/** Layers of the tree from the leaves to the root. Missing leaves, up to a power of two, are zero words. */
function layersOf(leaves: readonly string[]): string[][] {
  const width = 2 ** Math.ceil(Math.log2(leaves.length));
  let layer = Array.from({ length: width }, (_, place) => leaves[place] ?? ZeroHash);
  const layers = [layer];
  while (layer.length > 1) {
    const below = layer;
    layer = Array.from({ length: below.length / 2 }, (_, place) =>
      keccak256(concat([below[2 * place] ?? ZeroHash, below[2 * place + 1] ?? ZeroHash])),
    );
    layers.push(layer);
  }
  return layers;
}

/** The tree of consecutive blocks, at least one. */
export function checkpointTree(blocks: readonly Leaf[]): CheckpointTree {
  const [first] = blocks;
  if (first === undefined) throw new Error("A checkpoint has at least one block: give the blocks of its range");
  const stray = blocks.find(({ number }, place) => number !== first.number + BigInt(place));
  if (stray !== undefined) throw new Error(`Block ${stray.number} is out of order: give the range without gaps`);

  const layers = layersOf(blocks.map(checkpointLeaf));
  return {
    root: layers[layers.length - 1]?.[0] ?? ZeroHash,
    proof: (block) => {
      const place = Number(block.number - first.number);
      if (layers[0]?.slice(0, blocks.length)[place] !== checkpointLeaf(block)) {
        const last = first.number + BigInt(blocks.length - 1);
        throw new Error(
          `Block ${block.number} is not in this checkpoint of the blocks ${first.number} to ${last}, or no longer the ` +
            "same: read it again, or find its checkpoint",
        );
      }
      // At each height, the sibling of the node above the leaf.
      return concat(layers.slice(0, -1).map((layer, height) => layer[(place >> height) ^ 1] ?? ZeroHash));
    },
  };
}
