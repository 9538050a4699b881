import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "../lib/files";
import { commitOf, treeOf } from "../lib/git";
import { mapBounded } from "../lib/parallel";

import { left, note, openJournal } from "./journal";
import type { Journal } from "./journal";
import { partsOf } from "./parts";
import type { Campaign, Part, Size } from "./parts";
import { compileFor, listCampaigns, playPart } from "./run";
import { PAGE, failureText, page, stillLeft, tallies } from "./summary";

const HELP = `Plays the campaigns of test/invariants at length, in parts, and goes on where it stopped: what was played is kept in
cache/invariants, for the contracts and tests that are checked out.

usage: npm run invariants -- [--only NAME,NAME] [--parts N] [--runs N] [--size N] [--depth N] [--jobs N] [--write]

  --only NAME,NAME  these test contracts alone
  --parts N         at most the first N parts of each
  --runs N          sequences of each campaign; 10000 if left out
  --size N          sequences of a part; 100 if left out
  --depth N         calls of a sequence; 200 if left out
  --jobs N          parts at a time; one for each core if left out
  --write           write what was played until now to ${PAGE}
  --help            this text

Exits with 1 if a part fails, with the command that plays it again, and with 2 if the arguments cannot be used. All of it
takes days on one core. What is not committed is played too, and not kept.`;

const DONE = 0;
const FAILED = 1;
const UNUSABLE = 2;

interface Options {
  readonly help: boolean;
  readonly only: readonly string[];
  readonly parts: number;
  readonly size: Size;
  readonly jobs: number;
  readonly write: boolean;
}

/** The command behind `npm run invariants`; returns its exit code. */
export async function runInvariants(args: readonly string[]): Promise<number> {
  let options: Options;
  let contracts: string | undefined;
  try {
    options = readOptions(args);
    if (options.help) {
      console.log(HELP);
      return DONE;
    }
    contracts = await committed(options.write);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return UNUSABLE;
  }
  const all = await listCampaigns();
  const unknown = options.only.filter((name) => !all.some(({ contract }) => contract === name));
  if (unknown.length > 0) {
    console.error(`--only ${unknown.join(",")}: there are ${all.map(({ contract }) => contract).join(", ")}`);
    return UNUSABLE;
  }
  const chosen = options.only.length === 0 ? all : all.filter(({ contract }) => options.only.includes(contract));
  const journal = await openJournal(contracts && `${contracts}-${await treeOf("test/invariants")}`);
  const failures = await playAll(chosen, options, journal);
  console.log(stillLeft(chosen, options.size, journal));
  if (contracts !== undefined && options.write) {
    writeFileSync(path.join(ROOT, PAGE), await page(tallies(all, options.size, journal), options.size, contracts));
  }
  return failures === 0 ? DONE : FAILED;
}

/** Plays what is left of the parts that are wanted; returns how many failed. */
async function playAll(campaigns: readonly Campaign[], options: Options, journal: Journal): Promise<number> {
  const wanted = partsOf(campaigns, options.size, options.parts);
  const todo = left(journal, wanted);
  console.log(`${wanted.length} parts, ${wanted.length - todo.length} of them played before`);
  if (todo.length === 0) return 0;
  await compileFor(campaigns);
  const started = Date.now();
  let done = 0;
  let failures = 0;
  await mapBounded(todo, options.jobs, async (part) => {
    const entry = await playPart(part);
    await note(journal, entry);
    ++done;
    const rest = ((Date.now() - started) / done) * (todo.length - done);
    console.log(
      `${said(part)}: ${entry.calls} calls, ${entry.seconds.toFixed(0)} s; ${done} of ${todo.length}, ${inHours(rest)} left`,
    );
    if (entry.failure === "") return;
    ++failures;
    console.error(`FAILED ${failureText(entry)}`);
  });
  return failures;
}

function said({ contract, index, runs, depth }: Part): string {
  return runs === 0 ? contract : `${contract} part ${index}, ${runs} sequences of ${depth}`;
}

function inHours(milliseconds: number): string {
  return `${(milliseconds / 3_600_000).toFixed(2)} h`;
}

/** Name of the contracts; undefined if something is not committed, which is refused where it would be written. */
async function committed(write: boolean): Promise<string | undefined> {
  try {
    return await commitOf(["contracts", "test/invariants", "foundry.toml"]);
  } catch (error) {
    if (write) throw error;
    console.log("Contracts or tests are not committed: what is played now is not kept.");
    return undefined;
  }
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      parts: { type: "string", default: String(Number.MAX_SAFE_INTEGER) },
      runs: { type: "string", default: "10000" },
      size: { type: "string", default: "100" },
      depth: { type: "string", default: "200" },
      jobs: { type: "string", default: String(availableParallelism()) },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return {
    help: values.help,
    only: values.only.split(",").filter(Boolean),
    parts: whole("--parts", values.parts),
    size: {
      runs: whole("--runs", values.runs),
      partRuns: whole("--size", values.size),
      depth: whole("--depth", values.depth),
    },
    jobs: whole("--jobs", values.jobs),
    write: values.write,
  };
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${option} ${text}: give a whole number of at least 1`);
  return value;
}
