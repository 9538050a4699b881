import type { Provider } from "ethers";

import type { Book } from "../book";
import type { Steps } from "../steps";

/** What a book is compared with. */
export interface Found {
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly steps: Pick<Steps, "addressOf">;
  /** A copy of the book in which the steps have written down what was missing. */
  readonly written: Book;
}

/**
 * Every way in which an address book is not of the deployment that stands there. Others go by it and by nothing else: a
 * contract of somebody else, with the hash of its own code, must not pass for ours.
 */
export async function bookDifferences(book: Book, { provider, chainId, steps, written }: Found): Promise<string[]> {
  const differences: string[] = [];
  if (BigInt(book.chainId) !== chainId)
    differences.push(`the address book is of chain ${book.chainId} instead of ${chainId}`);
  if (!book.finished) differences.push("the address book does not have the hand-over, which was done");
  for (const [name, { address }] of Object.entries(book.contracts)) {
    const at = await steps.addressOf(name);
    if (isSame(at, address)) continue;
    differences.push(
      (await provider.getCode(at)) === "0x"
        ? `${name}: in the address book, at ${address}, but not of this deployment`
        : `${name}: at ${address} in the address book instead of ${at}`,
    );
  }
  for (const name of Object.keys(written.contracts)) {
    if (!(name in book.contracts)) differences.push(`${name}: not in the address book`);
  }
  for (const [name, address] of Object.entries(book.promised)) {
    const at = await steps.addressOf(name);
    if (!isSame(at, address)) differences.push(`${name}: promised at ${address} in the address book instead of ${at}`);
  }
  return differences;
}

function isSame(left: string, right: string): boolean {
  return BigInt(left) === BigInt(right);
}
