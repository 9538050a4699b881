import type { Provider } from "ethers";

import { readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import type { Environment, NetworkName } from "../../deploy/networks";
import { requireChain, urlOf, urlVariable } from "../deploy/chains";
import { messageOf } from "../lib/amounts";
import { nodeAt } from "../lib/nodes";
import { isRefused } from "../lib/reverts";

/** One chain: what was read, or why nothing was. */
export type Half<Status> =
  | { readonly network: NetworkName; readonly status: Status }
  | {
      readonly network: NetworkName;
      readonly missing: string;
      /** True if it should have been there: nothing was deployed, or nobody asked for it, otherwise. */
      readonly fails: boolean;
    };

/** Where the address book of a network is. */
export type BookAt = (network: NetworkName) => string;

/** Reads one chain, wherever it is known from. */
export async function readHalf<Status>(
  network: NetworkName,
  { environment, bookAt }: { readonly environment: Environment; readonly bookAt: BookAt },
  read: (provider: Provider, book: Book) => Promise<Status>,
): Promise<Half<Status>> {
  const file = bookAt(network);
  const book = await readBook(file);
  if (book === undefined) {
    const missing =
      `There is no ${file}: deploy with \`npx hardhat deploy --network ${network}\`, or put the address book of whoever ` +
      "did there";
    return { network, missing, fails: false };
  }
  const url = urlOf(network, environment);
  const variable = urlVariable(network);
  if (url === undefined) {
    const missing = `${variable} is not set: put the URL of a node of ${network} into the environment or .env`;
    return { network, missing, fails: false };
  }
  try {
    const provider = await nodeAt(url, variable);
    try {
      await requireChain(provider, network, BigInt(book.chainId));
      await requireCode(provider, network, book);
      return { network, status: await read(provider, book).catch(explain(network)) };
    } finally {
      provider.destroy();
    }
  } catch (error) {
    return { network, missing: messageOf(error), fails: true };
  }
}

/** What a contract answers that is not what the book says tells a reader nothing. */
function explain(network: NetworkName): (error: unknown) => never {
  return (error) => {
    if (!isRefused(error)) throw error;
    throw new Error(
      "a contract of the address book does not answer as ours do, " +
        `\`npx hardhat verify-state --network ${network}\` tells which (${messageOf(error)})`,
      { cause: error },
    );
  };
}

/** Fails where nothing of the book stands: a chain that was reset, or a node that is far behind. */
async function requireCode(provider: Provider, network: NetworkName, { contracts }: Book): Promise<void> {
  const [first] = Object.values(contracts);
  if (first !== undefined && (await provider.getCode(first.address)) !== "0x") return;
  throw new Error(
    `The node of ${network} has no contract at ${first?.address ?? "any address"} of the address book: it is behind, or ` +
      "another chain of the same number",
  );
}
