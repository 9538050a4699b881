import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { ethers } from "hardhat";

import { writeBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import type { NetworkName } from "../../deploy/networks";
import { NAMES } from "../../deploy/system";
import { POLYGON_NAMES } from "../../deploy/polygon";
import { BRIDGE } from "../../deploy/bridge";
import { crossingOf } from "../../scripts/status/bridge";
import { readEthereum } from "../../scripts/status/ethereum";
import { ethereumPlaces, polygonPlaces } from "../../scripts/status/places";
import { readPolygon } from "../../scripts/status/polygon";
import { screenOf } from "../../scripts/status/screen";
import { runStatus } from "../../scripts/status/run";
import type { Status } from "../../scripts/status/run";

import type { AdaptedContext } from "./adapters";
import type { BridgedContext } from "./bridge";
import { serveChain } from "./bridgeTasks";
import type { ChainView } from "./bridgeTasks";
import type { Context } from "./fixture";

const CHAIN = 31_337;

/** What a deployment of the fixture would have written down, as far as it is read. */
async function bookOf(contracts: Readonly<Record<string, { getAddress(): Promise<string> }>>): Promise<Book> {
  const entries = Object.entries(contracts).map(async ([name, contract]) => {
    const deployed = { args: "0x", codeHash: ethers.ZeroHash, transaction: ethers.ZeroHash, block: 0 };
    return [name, { address: await contract.getAddress(), ...deployed }] as const;
  });
  return {
    ...{ chainId: CHAIN, deployer: ethers.ZeroAddress, upgrades: {}, promised: {}, steps: {}, finished: true },
    contracts: Object.fromEntries(await Promise.all(entries)),
  };
}

/** The address book of the Ethereum side of a fixture: with the bridge and the oracle, if it has them. */
export async function bookBelow(context: Context): Promise<Book> {
  const { token, pool, delegator, bond, switcher, lens, manager } = context;
  return bookOf({
    ...{ AccessManager: manager, PoolLens: lens, [NAMES.token]: token, [NAMES.pool]: pool },
    ...{ [NAMES.delegator]: delegator, [NAMES.bond]: bond, [NAMES.switcher]: switcher },
    ...(isBridged(context) ? { [BRIDGE]: context.bridge } : {}),
    ...(isAdapted(context) ? { AprOracle: context.onEthereum.aprOracle } : {}),
  });
}

function isBridged(context: Context): context is BridgedContext {
  return "bridge" in context;
}

function isAdapted(context: Context): context is AdaptedContext {
  return "onEthereum" in context;
}

/** {@link bookBelow} of the Polygon side. */
export async function bookAbove({ child }: BridgedContext): Promise<Book> {
  const { manager, token, feed, adapter, swap } = child;
  return bookOf({
    ...{ AccessManager: manager, [POLYGON_NAMES.token]: token, [POLYGON_NAMES.feed]: feed },
    ...{ [POLYGON_NAMES.adapter]: adapter, [POLYGON_NAMES.swap]: swap },
  });
}

/** The status of a fixture. */
export async function statusOf(context: Context): Promise<Status> {
  const below = await readEthereum(ethers.provider, ethereumPlaces(await bookBelow(context), "devnet"));
  const ethereum = { network: "devnet", status: below } as const;
  if (!isBridged(context)) {
    const polygon = { network: "devnet-polygon", missing: "It has no Polygon side", fails: false } as const;
    return { ethereum, polygon, crossing: undefined, problems: below.ledgers };
  }
  const above = await readPolygon(ethers.provider, polygonPlaces(await bookAbove(context), "devnet-polygon"));
  const crossing = crossingOf(below, above);
  const problems = [...below.ledgers, ...(crossing?.differences ?? [])];
  return { ethereum, polygon: { network: "devnet-polygon", status: above }, crossing, problems };
}

/** The lines under a title of the screen, without the spaces that are for the eye. */
export async function section(context: Context, title: string): Promise<string[]> {
  const lines = screenOf(await statusOf(context));
  const from = lines.findIndex((line) => line.startsWith(title));
  const to = lines.indexOf("", from);
  return lines.slice(from + 1, to === -1 ? undefined : to).map((line) => line.trim().replaceAll(/ +/g, " "));
}

/** The pair `devnet` and `devnet-polygon`, as the task finds it: books, nodes, variables. */
export interface StatusWorld {
  readonly ethereum: ChainView;
  readonly polygon: ChainView;
  /** Folder of the books. */
  readonly folder: string;
  readonly bookAt: (name: NetworkName) => string;
  /** Runs the task; the lines that it printed before it failed, and what it failed with. */
  readonly run: (options?: {
    readonly network?: string;
    readonly json?: string;
    readonly environment?: Readonly<Record<string, string>>;
  }) => Promise<{ readonly lines: string[]; readonly failure: string | undefined }>;
  readonly close: () => Promise<void>;
}

/** Serves both sides of a fixture. */
export async function statusWorld(context: BridgedContext): Promise<StatusWorld> {
  const folder = await mkdtemp(path.join(tmpdir(), "status-"));
  const bookAt = (name: NetworkName): string => path.join(folder, `${name}.json`);
  await writeBook(bookAt("devnet"), await bookBelow(context));
  await writeBook(bookAt("devnet-polygon"), await bookAbove(context));
  const [ethereum, polygon] = [await serveChain(CHAIN, []), await serveChain(CHAIN, [])];
  const nodes = { DEVNET_RPC_URL: ethereum.url, DEVNET_POLYGON_RPC_URL: polygon.url };
  return {
    ...{ ethereum, polygon, folder, bookAt },
    run: async ({ network = "devnet", json, environment = nodes } = {}) => {
      const lines: string[] = [];
      const print = (line: string): void => void lines.push(line);
      try {
        await runStatus({ network, json }, { environment, print, bookAt });
      } catch (error) {
        return { lines, failure: error instanceof Error ? error.message : String(error) };
      }
      return { lines, failure: undefined };
    },
    close: async () => {
      await ethereum.close();
      await polygon.close();
      await rm(folder, { recursive: true });
    },
  };
}
