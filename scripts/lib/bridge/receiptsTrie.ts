import type { RlpStructuredData } from "ethers";
import { concat, encodeRlp, getBytes, hexlify, keccak256, toBeArray } from "ethers";

import type { Receipt } from "./rpc";

/** A trie of receipts, and the way to each. */
export interface ReceiptsTrie {
  readonly root: string;
  /** The encoded receipts, in the order of their transactions. */
  readonly receipts: readonly string[];
  /** Nodes from the root to the receipt of a transaction, as they stand in the exit payload: not yet encoded. */
  proof(index: number): RlpStructuredData[];
}

interface Entry {
  readonly nibbles: readonly number[];
  readonly value: string;
}

interface Node {
  readonly fields: RlpStructuredData[];
  readonly hash: string;
  /** The node after this one on the way to a key; none after a leaf. */
  next(nibbles: readonly number[]): Node | undefined;
}

/** Shortest value whose node is named by its hash, whatever is in the node besides. */
const SHORTEST_VALUE = 32;

/** The bytes of a receipt that are in its block's trie: its type, unless that is 0, and its consensus fields. */
export function encodeReceipt({ type, status, cumulativeGasUsed, logsBloom, logs }: Receipt): string {
  const fields = encodeRlp([
    toBeArray(status),
    toBeArray(cumulativeGasUsed),
    logsBloom,
    logs.map(({ address, topics, data }) => [address, topics, data]),
  ]);
  return type === 0n ? fields : concat([toBeArray(type), fields]);
}

/** The key of a transaction's receipt. */
export function receiptKey(index: number): string {
  return encodeRlp(toBeArray(index));
}

function nibblesOf(bytes: string): number[] {
  return [...getBytes(bytes)].flatMap((byte) => [byte >> 4, byte & 15]);
}

/** Nibbles with the flags that say whether there is an odd number of them, and whether the node is a leaf. */
function compact(nibbles: readonly number[], leaf: boolean): string {
  const odd = nibbles.length % 2;
  const flagged = [2 * Number(leaf) + odd, ...(odd === 1 ? [] : [0]), ...nibbles];
  const bytes = new Uint8Array(flagged.length / 2);
  return hexlify(bytes.map((_, i) => 16 * (flagged[2 * i] ?? 0) + (flagged[2 * i + 1] ?? 0)));
}

function hashed(fields: RlpStructuredData[], next: Node["next"]): Node {
  return { fields, hash: keccak256(encodeRlp(fields)), next };
}

/** Length of what all keys have in common from `depth` on. */
function commonLength([first, ...others]: readonly Entry[], depth: number): number {
  const shared = (first?.nibbles ?? [])
    .slice(depth)
    .findIndex((nibble, offset) => others.some(({ nibbles }) => nibbles[depth + offset] !== nibble));
  return Math.max(shared, 0);
}

/** The node of entries, at least one, whose keys are equal up to `depth`. No key is the beginning of another. */
function nodeOf(entries: readonly Entry[], depth: number): Node {
  const [first] = entries as [Entry, ...Entry[]];
  if (entries.length === 1) {
    const rest = first.nibbles.slice(depth);
    return hashed([compact(rest, true), first.value], () => undefined);
  }
  const shared = commonLength(entries, depth);
  if (shared > 0) {
    const child = nodeOf(entries, depth + shared);
    const path = first.nibbles.slice(depth, depth + shared);
    return hashed([compact(path, false), child.hash], () => child);
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(({ nibbles }) => nibbles[depth] === nibble);
    return below.length === 0 ? undefined : nodeOf(below, depth + 1);
  });
  return hashed([...children.map((child) => child?.hash ?? "0x"), "0x"], (nibbles) => children[nibbles[depth] ?? 16]);
}

/** The trie of a block's receipts, which are given encoded and in the order of its transactions. */
export function receiptsTrie(receipts: readonly string[]): ReceiptsTrie {
  const short = receipts.findIndex((receipt) => getBytes(receipt).length < SHORTEST_VALUE);
  if (short !== -1) throw new Error(`Receipt ${short} is shorter than any receipt: give the encoded receipts`);
  const entries = receipts.map((value, index) => ({ nibbles: nibblesOf(receiptKey(index)), value }));
  const root = entries.length === 0 ? undefined : nodeOf(entries, 0);
  return {
    root: root?.hash ?? keccak256(encodeRlp("0x")),
    receipts,
    proof: (index) => {
      const entry = entries[index];
      if (entry === undefined) throw new Error(`The block has ${entries.length} receipts, so none of index ${index}`);
      const fields: RlpStructuredData[] = [];
      for (let node = root; node !== undefined; node = node.next(entry.nibbles)) fields.push(node.fields);
      return fields;
    },
  };
}
