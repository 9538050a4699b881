import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import hre from "hardhat";

import { ROOT } from "../lib/files";

import { breakdown } from "./breakdown";
import { flatRows, uneven } from "./flat";
import type { FlatRow } from "./flat";
import { FIGURES, gasDifferences, readFigures, writeFigures } from "./kept";
import { OPERATIONS, figure, operationsFor, run, savepoint } from "./measure";
import type { Figure } from "./measure";
import { inDailyUse } from "./steps";
import { overTarget, table } from "./table";
import { deployWorld } from "./world";

const FEW = 10;

/** Numbers of validators that are measured, and the one with which nearly every operation is, for a check that is short. */
const ALL = "1,5,10,20";
const CHECKED = "5";

const HELP = `Measures the gas of every user and keeper operation on the embedded chain, in a pool in daily use, with a
checkpoint's rewards pending before each call, and prints it beside targets and the same of other systems.

usage: npm run gas -- [--json FILE] [--validators LIST] [--flat COUNT]
       npm run gas -- --check [--validators LIST]
       npm run gas -- --write
       npm run gas -- --breakdown OPERATION [--validators LIST]

  --json FILE            write the figures: a list of {operation, validators, use, gas, …}
  --check                measure with ${CHECKED} validators, and compare with what is kept in ${FIGURES}
  --write                renew what is kept
  --validators LIST      numbers of validators that divide 10,000, with commas; ${ALL} if left out
  --flat COUNT           compare user operations at ${FEW} and at COUNT stakers with open requests; 0 leaves it out;
                         10000 if left out
  --breakdown OPERATION  call by call, where the gas of one operation goes
  --help                 this text

Exits with 1 if a user operation costs more with more stakers or a figure is not the one that is kept, and with 2 if the
arguments cannot be used. A figure over its target is marked and does not change the exit code.`;

const DONE = 0;
const UNEVEN = 1;
const CHANGED = 1;
const UNUSABLE = 2;

interface Options {
  readonly help: boolean;
  readonly json: string | undefined;
  readonly check: boolean;
  readonly validators: readonly number[];
  readonly flat: number;
  readonly breakdown: string | undefined;
}

/** The command behind `npm run gas`; returns its exit code. */
export async function runGas(args: readonly string[]): Promise<number> {
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
  if (options.breakdown !== undefined) {
    await explain(options.breakdown, options.validators);
    return DONE;
  }
  const figures: Figure[] = [];
  for (const validators of options.validators) figures.push(...(await measureAll(validators)));
  if (options.check) return check(figures);
  if (options.json !== undefined) await write(options.json, figures);
  console.log(table(figures));
  const over = overTarget(figures);
  console.log(over.length === 0 ? "\nEvery target is met." : `\nOver target:\n  ${over.join("\n  ")}`);
  return options.flat === 0 ? DONE : compare(options.flat);
}

async function measureAll(validators: number): Promise<Figure[]> {
  await hre.network.provider.send("hardhat_reset");
  const world = await deployWorld(hre, validators);
  await inDailyUse(world);
  const again = await savepoint(hre);
  const operations = operationsFor(validators);
  const figures: Figure[] = [];
  for (const [index, operation] of operations.entries()) {
    await again();
    progress(`${validators} validators, ${index + 1} of ${operations.length}: ${operation.name}`);
    figures.push(figure(operation, validators, await run(operation, world)));
  }
  progress(`${validators} validators: ${operations.length} operations measured\n`);
  return figures;
}

async function compare(many: number): Promise<number> {
  const started = Date.now();
  const rows = await flatRows(hre, FEW, many, progress);
  progress(`${FEW} and ${many} stakers compared in ${((Date.now() - started) / 1_000).toFixed(0)} s\n`);
  const unequal = uneven(rows);
  const text = ({ operation, use, few, many: gas }: FlatRow): string =>
    `  ${operation}, ${use}: ${few}${few === gas ? "" : `, and ${gas} with more`}`;
  console.log(`\nGas with ${FEW} and with ${many} stakers, each with an open request:\n${rows.map(text).join("\n")}`);
  if (unequal.length === 0) {
    console.log("All equal.");
    return DONE;
  }
  console.error(`${unequal.length} of ${rows.length} operations cost more or less with more stakers.`);
  return UNEVEN;
}

async function explain(name: string, counts: readonly number[]): Promise<void> {
  for (const validators of counts) {
    await hre.network.provider.send("hardhat_reset");
    const world = await deployWorld(hre, validators);
    await inDailyUse(world);
    const again = await savepoint(hre);
    for (const operation of operationsFor(validators).filter((candidate) => candidate.name === name)) {
      await again();
      const { transactions } = await run(operation, world);
      for (const hash of transactions) {
        console.log(`\n${name}, ${operation.use}, ${validators} validators (${operation.given})`);
        console.log(await breakdown(world, hash));
      }
    }
  }
}

async function check(figures: readonly Figure[]): Promise<number> {
  const differences = gasDifferences(await readFigures(), figures);
  if (differences.length === 0) {
    console.log(`${figures.length} figures are as in ${FIGURES}.`);
    return DONE;
  }
  console.error(`Not as in ${FIGURES}:\n  ${differences.join("\n  ")}`);
  console.error("If that is meant: npm run gas -- --write, and commit it.");
  return CHANGED;
}

async function write(file: string, figures: readonly Figure[]): Promise<void> {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  await writeFigures(file, figures);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text.endsWith("\n")) process.stderr.write(text);
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "string" },
      check: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      validators: { type: "string" },
      flat: { type: "string" },
      breakdown: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.write && (values.check || values.json !== undefined || values.validators !== undefined)) {
    throw new Error(`--write renews all of ${FIGURES}: it goes with none of --check, --json and --validators`);
  }
  const list = values.validators ?? (values.check ? CHECKED : ALL);
  const counts = list.split(",").map((count) => wholeNumber("--validators", count, 1, 64));
  const odd = counts.find((count) => 10_000 % count !== 0);
  if (odd !== undefined) throw new Error(`--validators: ${odd} does not divide 10,000, so weights cannot be equal`);
  if (values.breakdown !== undefined && !OPERATIONS.some(({ name }) => name === values.breakdown)) {
    const names = [...new Set(OPERATIONS.map(({ name }) => name))].join("\n  ");
    throw new Error(`--breakdown: there is no operation ${values.breakdown}; there are\n  ${names}`);
  }
  return {
    help: values.help,
    json: values.write ? path.join(ROOT, FIGURES) : values.json,
    check: values.check,
    validators: counts,
    flat: wholeNumber("--flat", values.flat ?? (values.write ? "0" : "10000"), 0, 1_000_000),
    breakdown: values.breakdown,
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${option}: ${text} is no whole number from ${least} to ${most}; see --help`);
  }
  return value;
}
