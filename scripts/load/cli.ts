import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import hre from "hardhat";

import { ROOT } from "../lib/files";

import { PARTS, runLoad } from "./load";
import type { Load } from "./load";
import { faults, summary } from "./summary";

/** Where the figures are kept. */
const FILE = "audit/load.md";

const HELP = `Has many stakers, each with a request, in a pool on the embedded chain, compares the gas of the first calls
with that of the last, and both ledgers with each other and with what is there.

usage: npm run load -- [--stakers N] [--requests N] [--minutes N] [--write]

  --stakers N   stakers, each an account of its own; 100000 if left out
  --requests N  requests, at most one of each staker; as many as stakers if left out
  --minutes N   ends the run if it takes longer; 120 if left out
  --write       write the figures to ${FILE}, if nothing is wrong with them
  --help        this text

Exits with 1 if a call cost more or less than the first of its kind, if a ledger is off, if a claim was not paid, or if
time ran out, and with 2 if the arguments cannot be used. 100,000 stakers take about 12 GB of memory.`;

const DONE = 0;
const FAULTY = 1;
const UNUSABLE = 2;

/** What the user wants. */
interface Options {
  readonly help: boolean;
  readonly stakers: number;
  readonly requests: number;
  readonly minutes: number;
  readonly write: boolean;
}

/** The command behind `npm run load`; returns its exit code. */
export async function runLoadCommand(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return UNUSABLE;
  }
  if (options.help) {
    console.log(HELP);
    return DONE;
  }
  const started = Date.now();
  lastLine = started;
  const minutes = (): number => (Date.now() - started) / 60_000;
  let load: Load;
  try {
    load = await runLoad(hre, options, (text) => {
      progress(`${minutes().toFixed(1)} min, ${text}`);
      if (minutes() > options.minutes) throw new TimeUp(`${options.minutes} minutes are over at ${text}`);
    });
  } catch (error) {
    if (!(error instanceof TimeUp)) throw error;
    console.error(`\n${error.message}: raise --minutes, or lower --stakers and --requests.`);
    return FAULTY;
  }
  progress("\n");
  const { maxRSS } = process.resourceUsage();
  const text = summary(load, { minutes: minutes(), megabytes: Math.round(maxRSS / 1_024) });
  console.log(text);
  const wrong = faults(load);
  for (const fault of wrong) console.error(fault);
  if (wrong.length > 0) return FAULTY;
  if (options.write) writeFileSync(path.join(ROOT, FILE), text);
  return DONE;
}

class TimeUp extends Error {}

/** When it was written last, where nobody watches. */
let lastLine = 0;

/** One line that is written over, or one a minute if nobody watches. */
function progress(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[K${text}`);
  } else if (Date.now() - lastLine > 60_000) {
    lastLine = Date.now();
    process.stderr.write(`${text}\n`);
  }
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stakers: { type: "string", default: "100000" },
      requests: { type: "string" },
      minutes: { type: "string", default: "120" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const stakers = whole("--stakers", values.stakers, PARTS);
  const requests = whole("--requests", values.requests ?? values.stakers, PARTS);
  if (requests > stakers) throw new Error(`--requests ${requests}: at most one for each of the ${stakers} stakers`);
  return { stakers, requests, minutes: whole("--minutes", values.minutes, 1), write: values.write, help: values.help };
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`${option} ${text}: give a whole number of at least ${least}`);
  }
  return value;
}
