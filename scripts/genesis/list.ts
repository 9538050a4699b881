import { readFileSync } from "node:fs";
import path from "node:path";

import { ZeroAddress, getAddress } from "ethers";

import { exact, messageOf } from "../lib/amounts";
import { sharesOf } from "../lib/genesis";
import type { Holding } from "../lib/genesis";

import { readCsv } from "./csv";
import { readJson } from "./json";
import type { Problem, Row, Rows } from "./rows";

/** A list of holders, and everything that is wrong with it. */
export interface HolderList {
  readonly holdings: readonly Holding[];
  readonly problems: readonly Problem[];
}

/** How a list can be written. */
export type Format = "csv" | "json";

/** Most shares of one holder: what 96 bits hold. */
export const MOST_SHARES = 2n ** 96n - 1n;

const READERS: Readonly<Record<Format, (text: string) => Rows>> = { csv: readCsv, json: readJson };
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Reads and checks a list of holders.
 * @param text Contents of the file.
 * @param format How it is written.
 * @param expectedTotal Shares that the holders must have together, if that is known.
 */
export function parseHolders(text: string, format: Format, expectedTotal?: bigint): HolderList {
  const plain = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const { rows, problems: unread } = READERS[format](plain);
  const { holdings, problems } = checkRows(rows);
  const all = [...unread, ...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (all.length > 0) return { holdings, problems: all };
  if (holdings.length === 0) return { holdings, problems: [{ line: undefined, text: "the list has no holders" }] };
  return { holdings, problems: totalProblems(sharesOf(holdings), expectedTotal) };
}

/** Reads and checks the file of a list; `.csv` and `.json` are known. */
export function readHolders(file: string, expectedTotal?: bigint): HolderList {
  const format = path.extname(file).toLowerCase().slice(1);
  if (format !== "csv" && format !== "json") {
    throw new Error(`${file} is neither *.csv nor *.json: name it after the way it is written`);
  }
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  return parseHolders(text, format, expectedTotal);
}

/** As {@link readHolders}, but for lists that must be right: the error has a line for each problem. */
export function goodHolders(file: string, expectedTotal?: bigint): readonly Holding[] {
  const { holdings, problems } = readHolders(file, expectedTotal);
  if (problems.length === 0) return holdings;
  const lines = problems.map(({ line, text }) => (line === undefined ? `  ${text}` : `  line ${line}: ${text}`));
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  throw new Error(`${file} has ${count}; mend the list and check it again:\n${lines.join("\n")}`);
}

function checkRows(rows: readonly Row[]): HolderList {
  const holdings: Holding[] = [];
  const problems: Problem[] = [];
  const firstLine = new Map<string, number>();
  for (const row of rows) {
    const { line, address, shares } = row;
    const wrong = [addressProblem(address), sharesProblem(shares)].filter((text) => text !== undefined);
    const key = address.toLowerCase();
    const first = firstLine.get(key);
    if (first === undefined) firstLine.set(key, line);
    else wrong.push(`${address} is on line ${first} already: a holder has one line`);
    problems.push(...wrong.map((text) => ({ line, text })));
    if (wrong.length === 0) holdings.push({ holder: getAddress(address), shares: BigInt(shares) });
  }
  return { holdings, problems };
}

function addressProblem(address: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) return `"${address}" is no address: 0x and 40 hexadecimal digits`;
  if (address === ZeroAddress) return "the zero address cannot hold shares";
  try {
    getAddress(address);
    return undefined;
  } catch {
    return `${address} has a wrong checksum: a digit or the case of a letter was changed`;
  }
}

function sharesProblem(shares: string): string | undefined {
  if (!/^[1-9][0-9]*$/.test(shares))
    return `"${shares}" is no number of shares: a whole number of wei above 0, digits only`;
  return BigInt(shares) > MOST_SHARES ? `${shares} shares are more than 2^96 - 1` : undefined;
}

function totalProblems(total: bigint, expected: bigint | undefined): Problem[] {
  if (expected === undefined || total === expected) return [];
  const [size, word] = total > expected ? [total - expected, "more"] : [expected - total, "less"];
  const text = `the shares are ${total} wei in all, ${size} wei (${exact(size)}) ${word} than the ${expected} expected`;
  return [{ line: undefined, text }];
}
