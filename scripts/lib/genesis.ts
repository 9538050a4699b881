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

/** Most holdings that the contract takes in a batch. */
const MOST_HOLDINGS = 300;

/** Sum of shares. */
export function sharesOf(holdings: readonly Holding[]): bigint {
  return holdings.reduce((sum, { shares }) => sum + shares, 0n);
}

/**
 * The leaf of one of so many batches, hashed twice so that no inner node can pass for one. The number of batches is in it,
 * so that none can be minted where another number was deployed.
 */
export function leafOf(batches: bigint, batch: bigint, holdings: readonly Holding[]): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "tuple(address holder, uint256 shares)[]"],
    [batches, batch, holdings],
  );
  return keccak256(keccak256(encoded));
}

/** Cuts a list into batches, in its order, and hashes them into a tree. */
export function genesisTree(holdings: readonly Holding[], size: number = BATCH_SIZE): GenesisTree {
  if (size < 1 || size > MOST_HOLDINGS) throw new Error(`A batch has 1 to ${MOST_HOLDINGS} holdings, not ${size}.`);
  if (holdings.length === 0) throw new Error("The list of holders is empty: use NOBODY of deploy/params.ts for none.");
  const parts: (readonly Holding[])[] = [];
  for (let from = 0; from < holdings.length; from += size) parts.push(holdings.slice(from, from + size));
  const leaves = parts.map((part, index) => leafOf(BigInt(parts.length), BigInt(index), part));
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
