import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { getAddress } from "ethers";
import { z } from "zod";

import { readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import { BRIDGE } from "../../deploy/bridge";
import { PAIRS, isDevnet } from "../../deploy/networks";
import type { Environment } from "../../deploy/networks";
import { POLYGON_NAMES } from "../../deploy/polygon";
import { NAMES } from "../../deploy/system";
import { bookFile } from "../deploy/chains";
import { devnetFile } from "../devnet/file";
import { ROOT } from "../lib/files";

import type { EthereumAddresses, PolygonAddresses } from "./state";

/** Name of the contract in the books of both chains. */
const APR_ORACLE = "AprOracle";

/** A chain and where the contracts are on it. */
export interface Located<Addresses> {
  readonly chainId: bigint;
  readonly at: Addresses;
  /** Block before all contracts. */
  readonly fromBlock: number;
  /** Where a node is, if the file says so. */
  readonly url?: string | undefined;
}

/** Where everything is. */
export interface Locations {
  readonly ethereum: Located<EthereumAddresses>;
  /** Undefined if nothing is known of the Polygon side. */
  readonly polygon?: Located<PolygonAddresses> | undefined;
}

/** Public networks of the Polygon side, by those of the Ethereum side. */
export const COUNTERPARTS: Readonly<Record<string, string>> = Object.fromEntries(
  PAIRS.filter(({ ethereum }) => !isDevnet(ethereum)).map(({ ethereum, polygon }) => [ethereum, polygon]),
);

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
  .transform((value) => getAddress(value));
const chain = { url: z.string().optional(), chainId: z.number().int() };

/** What `npm run devnet` writes. */
const pairSchema = z.object({
  ethereum: z.object({
    ...chain,
    contracts: z.object({
      pool: address,
      delegator: address,
      lens: address,
      autoClaim: address,
      bridge: address.optional(),
      aprOracle: address.optional(),
    }),
  }),
  polygon: z
    .object({
      ...chain,
      contracts: z.object({ token: address, feed: address, adapter: address, aprOracle: address.optional() }),
    })
    .optional(),
});

/**
 * Reads where everything is: from the address books of the deployment, or from one file for both chains as the devnet
 * writes it.
 * @param files Files to read instead of those that belong to the network.
 * @param environment DEVNET_FILE of it is what the devnet has written, DEPLOYMENTS_DIR where the books are.
 */
export async function locate(
  network: string,
  files: { readonly ethereum?: string | undefined; readonly polygon?: string | undefined },
  environment: Environment = {},
): Promise<Locations> {
  const counterpart = COUNTERPARTS[network];
  const file = files.ethereum ?? fileOf(network, environment);
  const text = await contentOf(file, network);
  const pair = pairSchema.safeParse(text);
  if (pair.success) {
    const { ethereum, polygon } = pair.data;
    return { ethereum: located(ethereum), polygon: polygon === undefined ? undefined : located(polygon) };
  }
  if (isObject(text) && "ethereum" in text) {
    throw new Error(`${file} cannot be read as the addresses of two chains:\n${z.prettifyError(pair.error)}`);
  }
  const book = await readBook(absolute(file));
  if (book === undefined) throw new Error(`${file} is gone`);
  const other = files.polygon ?? (counterpart === undefined ? undefined : bookFile(counterpart, environment));
  const polygonBook = other === undefined ? undefined : await readBook(absolute(other));
  if (files.polygon !== undefined && polygonBook === undefined) throw new Error(`there is no file ${files.polygon}`);
  return { ethereum: ethereumOf(file, book), polygon: polygonBook === undefined ? undefined : polygonOf(polygonBook) };
}

function ethereumOf(file: string, book: Book): Located<EthereumAddresses> {
  const at = (name: string): string => {
    const found = addressIn(book, name);
    if (found === undefined) throw new Error(`${file} has no ${name}: finish the deployment first`);
    return found;
  };
  return {
    chainId: BigInt(book.chainId),
    fromBlock: firstBlock(book),
    at: {
      pool: at(NAMES.pool),
      delegator: at(NAMES.delegator),
      lens: at("PoolLens"),
      autoClaim: at("AutoClaim"),
      bridge: addressIn(book, BRIDGE),
      aprOracle: addressIn(book, APR_ORACLE),
    },
  };
}

function polygonOf(book: Book): Located<PolygonAddresses> | undefined {
  const [token, feed, adapter] = [POLYGON_NAMES.token, POLYGON_NAMES.feed, POLYGON_NAMES.adapter].map((name) =>
    addressIn(book, name),
  );
  if (token === undefined || feed === undefined || adapter === undefined) return undefined;
  return {
    chainId: BigInt(book.chainId),
    fromBlock: firstBlock(book),
    at: { token, feed, adapter, aprOracle: addressIn(book, APR_ORACLE) },
  };
}

function addressIn({ contracts }: Book, name: string): string | undefined {
  const found = contracts[name]?.address;
  return found === undefined ? undefined : getAddress(found);
}

function firstBlock({ contracts }: Book): number {
  return Math.min(...Object.values(contracts).map(({ block }) => block), Number.MAX_SAFE_INTEGER);
}

function located<Addresses>(entry: {
  readonly url?: string | undefined;
  readonly chainId: number;
  readonly contracts: Addresses;
}): Located<Addresses> {
  return { chainId: BigInt(entry.chainId), fromBlock: 0, at: entry.contracts, url: entry.url };
}

async function contentOf(file: string, network: string): Promise<unknown> {
  if (!existsSync(absolute(file))) {
    throw new Error(
      `There is no ${file}: deploy to ${network} first, start the devnet, or say where the addresses are with --addresses FILE`,
    );
  }
  try {
    return JSON.parse(await readFile(absolute(file), "utf8"));
  } catch {
    throw new Error(`${file} is no JSON`);
  }
}

/** The file that belongs to a network. */
function fileOf(network: string, environment: Environment): string {
  if (network in COUNTERPARTS) return bookFile(network, environment);
  return network === "devnet" ? devnetFile(environment) : path.join("reports", `${network}.json`);
}

function absolute(file: string): string {
  return path.resolve(ROOT, file);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
