import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

const hex = z.string().regex(/^0x[0-9a-f]*$/i);
const address = hex.length(42);

const deployedSchema = z.object({
  address,
  /** Arguments of the constructor, ABI-encoded. */
  args: hex,
  /** Hash of the code at the address. */
  codeHash: hex.length(66),
  transaction: hex.length(66),
  block: z.number().int(),
  /** Of a proxy: the name of its implementation. */
  implementation: z.string().optional(),
});

const upgradeSchema = z.object({
  /** The new implementation. */
  address,
  /** Arguments of its constructor, ABI-encoded. */
  args: hex,
  /** Hash of its code. */
  codeHash: hex.length(66),
  transaction: hex.length(66),
  block: z.number().int(),
  /** Call that goes with the upgrade, ABI-encoded; nothing if there is none. */
  migration: hex,
  /** Whether the proxy has been seen to have it. */
  executed: z.boolean(),
});

const bookSchema = z.object({
  chainId: z.number().int(),
  deployer: address,
  /** Where the factory is, or will be: written down before it is sent. */
  factory: z.object({ address, nonce: z.number().int() }).optional(),
  /** What was deployed, by name. */
  contracts: z.record(z.string(), deployedSchema),
  /** Implementations that were deployed since, by name of the proxy; all but the last were executed. */
  upgrades: z.record(z.string(), z.array(upgradeSchema)).default({}),
  /** Where contracts will be that the other chain must know before, by name. */
  promised: z.record(z.string(), address),
  /** Other transactions, by what they did. */
  steps: z.record(z.string(), z.object({ transaction: hex.length(66), block: z.number().int() })),
  /** Whether all power was handed over. */
  finished: z.boolean(),
});

/** A contract that was deployed. */
export type Deployed = z.infer<typeof deployedSchema>;

/** A next implementation of a proxy. */
export type Upgrade = z.infer<typeof upgradeSchema>;

/** All that is known of a deployment on one network. */
export type Book = z.infer<typeof bookSchema>;

/** Where a deployment is written down, after every step, so that a run that was cut off can go on. */
export interface Journal {
  readonly book: Book;
  save(): Promise<void>;
}

/** A journal that ends with the process, for tests and demonstrations. */
export function memoryJournal(chainId: bigint, deployer: string): Journal {
  return { book: emptyBook(chainId, deployer), save: async () => Promise.resolve() };
}

/** The journal in a file; a new one if there is none. A file of another chain or another deployer is refused. */
export async function fileJournal(file: string, chainId: bigint, deployer: string): Promise<Journal> {
  const book = (await readBook(file)) ?? emptyBook(chainId, deployer);
  if (BigInt(book.chainId) !== chainId) {
    throw new Error(
      `${file} is of chain ${book.chainId}, but this node is of chain ${chainId}: check the network's URL`,
    );
  }
  if (book.deployer !== deployer) {
    throw new Error(
      `${file} was begun by ${book.deployer}, and this key is of ${deployer}: go on with the same key, ` +
        "or move the file away to begin anew",
    );
  }
  return { book, save: async () => writeBook(file, book) };
}

/** Writes a book down: whole or not at all, whatever cuts it off. */
export async function writeBook(file: string, book: Book): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(book, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** The book in a file; undefined if there is no such file. */
export async function readBook(file: string): Promise<Book | undefined> {
  if (!existsSync(file)) return undefined;
  const { data, error } = bookSchema.safeParse(jsonOf(file, await readFile(file, "utf8")));
  if (data === undefined) throw new Error(`${file} is no address book of a deployment:\n${z.prettifyError(error)}`);
  return data;
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} is no JSON, and so no address book: take it from git, where it is committed (${why})`, {
      cause: error,
    });
  }
}

function emptyBook(chainId: bigint, deployer: string): Book {
  return { chainId: Number(chainId), deployer, contracts: {}, upgrades: {}, promised: {}, steps: {}, finished: false };
}
