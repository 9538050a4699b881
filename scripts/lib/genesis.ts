import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, keccak256 } from "ethers";

/** What one account gets in the genesis of aMATICb: shares in ankrMATIC wei. */
export interface Holding {
  readonly holder: string;
  readonly shares: bigint;
}

/** Holdings that are minted in one transaction, and the proof that the list has them. */
export interface GenesisBatch {
  readonly batch: bigint;
  readonly holdings: readonly Holding[];
  readonly shares: bigint;
  readonly proof: readonly string[];
}

/** A list of holders as the contract knows it. */
export interface GenesisTree {
  readonly root: string;
  readonly batches: readonly GenesisBatch[];
  readonly shares: bigint;
}

/** Holdings of one batch: 250 of them cost about 7.5 million gas. */
export const BATCH_SIZE = 250;

/** Sum of shares. */
export function sharesOf(holdings: readonly Holding[]): bigint {
  return holdings.reduce((sum, { shares }) => sum + shares, 0n);
}

/** The leaf of a batch, hashed twice so that no inner node can pass for one. */
export function leafOf(batch: bigint, holdings: readonly Holding[]): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "tuple(address holder, uint256 shares)[]"],
    [batch, holdings],
  );
  return keccak256(keccak256(encoded));
}

/** Cuts a list into batches, in its order, and hashes them into a tree. */
export function genesisTree(holdings: readonly Holding[], size: number = BATCH_SIZE): GenesisTree {
  if (holdings.length === 0) throw new Error("The list of holders is empty: use NOBODY of deploy/params.ts for none.");
  const parts: (readonly Holding[])[] = [];
  for (let from = 0; from < holdings.length; from += size) parts.push(holdings.slice(from, from + size));
  const leaves = parts.map((part, index) => leafOf(BigInt(index), part));
  const tree = SimpleMerkleTree.of(leaves);
  return {
    root: tree.root,
    batches: parts.map((part, index) => ({
      batch: BigInt(index),
      holdings: part,
      shares: sharesOf(part),
      proof: tree.getProof(index),
    })),
    shares: sharesOf(holdings),
  };
}
