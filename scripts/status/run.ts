import { writeFile } from "node:fs/promises";

import { PAIRS } from "../../deploy/networks";
import type { Environment } from "../../deploy/networks";
import { bookFile, requireNetwork } from "../deploy/chains";

import { crossingOf } from "./bridge";
import type { CrossingStatus } from "./bridge";
import { readEthereum } from "./ethereum";
import type { EthereumStatus } from "./ethereum";
import { readHalf } from "./half";
import type { BookAt, Half } from "./half";
import { ethereumPlaces, polygonPlaces } from "./places";
import { readPolygon } from "./polygon";
import type { PolygonStatus } from "./polygon";
import { screenOf } from "./screen";

/** What the task is told. */
export interface StatusOptions {
  readonly network: string;
  /** File that gets all of it as JSON; `-` for JSON on the output, and nothing else. */
  readonly json?: string | undefined;
}

/** What a run of the task is given by its process. */
export interface Surroundings {
  readonly environment: Environment;
  readonly print: (line: string) => void;
  /** Where the address book of a network is; where deployments leave it, if left out. */
  readonly bookAt?: BookAt | undefined;
}

/** Both chains, each at one block of its own. */
export interface Status {
  readonly ethereum: Half<EthereumStatus>;
  readonly polygon: Half<PolygonStatus>;
  /** Undefined if there is one end of the bridge alone. */
  readonly crossing: CrossingStatus | undefined;
  /** What is not as it must be: ledgers that do not balance, a chain that could not be read. */
  readonly problems: readonly string[];
}

/** What else there is to do is for people: docs/status.md. */
const ADVICE = "a position that lost stake balances again once anyone has called sync(POSITION) of PolygonPool";

/** Prints one screen of everything. Fails, after that, if a ledger does not balance or a chain could not be read. */
export async function runStatus(
  { network, json }: StatusOptions,
  { environment, print, bookAt }: Surroundings,
): Promise<void> {
  const status = await readStatus(network, environment, bookAt);
  const { problems } = status;
  if (json === "-") print(jsonOf(status));
  else {
    if (json !== undefined) await writeFile(json, `${jsonOf(status)}\n`);
    for (const line of screenOf(status)) print(line);
  }
  if (problems.length > 0) throw new Error(["Not as it must be:", ...problems.map((line) => `  ${line}`)].join("\n"));
}

/** Reads both chains of a pair, as far as they are at hand; fails if not even the one that was asked for is. */
export async function readStatus(
  network: string,
  environment: Environment,
  bookAt: BookAt = (name) => bookFile(name, environment),
): Promise<Status> {
  const asked = requireNetwork(network);
  const pair = PAIRS.find((one) => one.ethereum === asked || one.polygon === asked);
  if (pair === undefined) throw new Error(`${asked} has no counterpart`);
  // Polygon first: whatever is there by then, Ethereum has locked before.
  const polygon = await readHalf(pair.polygon, { environment, bookAt }, async (provider, book) =>
    readPolygon(provider, polygonPlaces(book, pair.polygon)),
  );
  const ethereum = await readHalf(pair.ethereum, { environment, bookAt }, async (provider, book) =>
    readEthereum(provider, ethereumPlaces(book, pair.ethereum)),
  );
  const [first, second] = asked === pair.ethereum ? [ethereum, polygon] : [polygon, ethereum];
  if ("missing" in first && (!first.fails || "missing" in second)) throw new Error(first.missing);
  const crossing =
    "status" in ethereum && "status" in polygon ? crossingOf(ethereum.status, polygon.status) : undefined;
  return { ethereum, polygon, crossing, problems: problemsOf(ethereum, polygon, crossing) };
}

function problemsOf(
  ethereum: Half<EthereumStatus>,
  polygon: Half<PolygonStatus>,
  crossing: CrossingStatus | undefined,
): string[] {
  const unread = [ethereum, polygon].flatMap((half) =>
    "missing" in half && half.fails ? [`${half.network} was not read: ${half.missing}`] : [],
  );
  const ledgers = "status" in ethereum ? ethereum.status.ledgers : [];
  const advice = ledgers.length === 0 ? [] : [ADVICE];
  return [...ledgers, ...advice, ...(crossing?.differences ?? []), ...unread];
}

function jsonOf(status: Status): string {
  return JSON.stringify(status, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2);
}
