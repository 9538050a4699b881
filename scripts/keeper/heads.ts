import type { Head } from "./state";

/** Blocks that were seen on a chain, to tell a node that is behind from a chain that was reorganised. */
export interface Seen {
  /** Hashes by number. */
  readonly blocks: Map<number, string>;
  /** Block of our last transaction, or the highest that a pass rested on: what a state must not be older than. */
  least: number;
  /** Heads in a row that were older. */
  behind: number;
}

/** Nothing seen yet. */
export function nothingSeen(): Seen {
  return { blocks: new Map(), least: 0, behind: 0 };
}

/** Heads that are remembered. */
const REMEMBERED = 256;
/** So many old heads in a row are no node that is behind any more. */
const PATIENCE = 9;

/**
 * Whether a state at this head can be acted on. An old one cannot: it does not show what was done since, and doing it again
 * would be the answer to it. After a reorganisation the chain may be shorter than before, and that is its state.
 */
export function accepts(seen: Seen, { number, hash }: Head): boolean {
  const known = seen.blocks.get(number);
  const reorganised = known !== undefined && known !== hash;
  if (number < seen.least && !reorganised && ++seen.behind < PATIENCE) return false;
  if (number < seen.least || reorganised) {
    for (const old of seen.blocks.keys()) if (old >= number) seen.blocks.delete(old);
    seen.least = number;
  }
  seen.behind = 0;
  remember(seen, number, hash);
  return true;
}

/** Notes a block of which it is known that the chain reached it. */
export function remember(seen: Seen, number: number, hash: string): void {
  seen.blocks.set(number, hash);
  seen.least = Math.max(seen.least, number);
  for (const old of seen.blocks.keys()) {
    if (seen.blocks.size <= REMEMBERED) break;
    seen.blocks.delete(old);
  }
}
