import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import hre from "hardhat";

import { gasTable } from "./gasTable";
import { replay } from "./replay";
import type { GasSample, Replay } from "./replay";
import { readTrace } from "./trace";
import type { Trace } from "./trace";
import { buildWorld } from "./world";

const HELP = `Replays every trace (*.json) of a folder on the local model of Polygon's staking contracts and compares
results, revert reasons, events and the whole state after every step.

usage: npm run conformance -- DIR [--gas]

  DIR      folder with traces, for example test/conformance/vectors
  --gas    also print how the model's gas compares with the recorded gas
  --help   this text

Exits with 0 if the model does exactly what was recorded, with 1 and the first difference if it does not, and with 2 if
the arguments, the folder or a file cannot be used.`;

const EQUAL = 0;
const DIFFERENT = 1;
const UNUSABLE = 2;

interface TraceFile {
  readonly file: string;
  readonly trace: Trace;
}

/** Where the command prints; the console unless a test listens. */
export interface Printer {
  log: (line: string) => void;
  error: (line: string) => void;
}

/** The command behind `npm run conformance`; returns its exit code. */
export async function runConformance(args: readonly string[], printer: Printer = console): Promise<number> {
  let files: readonly TraceFile[];
  let withGas: boolean;
  try {
    const options = readOptions(args);
    if (options.help) {
      printer.log(HELP);
      return EQUAL;
    }
    withGas = options.gas;
    // every file is read before the first is replayed, so that a broken one shows at once
    files = traceFilesOf(options.directory).map((file) => ({ file, trace: readTrace(file) }));
  } catch (error) {
    printer.error(messageOf(error));
    return UNUSABLE;
  }
  return replayAll(files, withGas, printer);
}

function describeDifference(file: string, difference: NonNullable<Replay["difference"]>): string {
  const { where, field, expected, actual } = difference;
  return `${file}: DIFFERENT\n  ${where}\n  ${field}\n    recorded: ${expected}\n    model:    ${actual}`;
}

async function replayAll(files: readonly TraceFile[], withGas: boolean, printer: Printer): Promise<number> {
  const world = await buildWorld(hre);
  const gas: GasSample[] = [];
  const started = Date.now();
  let [steps, reverts, values] = [0, 0, 0];
  for (const [i, { file, trace }] of files.entries()) {
    const label = `[${i + 1}/${files.length}] ${path.basename(file)}`;
    const result = await replay(world, trace).catch((error: unknown) => messageOf(error));
    if (typeof result === "string") {
      printer.error(`${label}: ${result}`);
      return UNUSABLE;
    }
    if (result.difference !== undefined) {
      printer.error(describeDifference(label, result.difference));
      return DIFFERENT;
    }
    printer.log(`${label}: ${result.steps} steps, ${result.reverts} of them reverts, ${result.values} values equal`);
    steps += result.steps;
    reverts += result.reverts;
    values += result.values;
    gas.push(...result.gas);
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  printer.log(`\n${files.length} traces, ${steps} steps (${reverts} reverts), ${values} values: equal (${seconds} s)`);
  if (withGas) printer.log(`\n${gasTable(gas)}`);
  return EQUAL;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readOptions(args: readonly string[]): { help: boolean; gas: boolean; directory: string } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { gas: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
  });
  const [directory, ...others] = positionals;
  if (!values.help && (directory === undefined || others.length > 0)) {
    throw new Error(`name exactly one folder with traces\n\n${HELP}`);
  }
  return { ...values, directory: directory ?? "" };
}

function traceFilesOf(directory: string): readonly string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${directory} is no folder: name the one that holds the traces`);
  }
  const files = readdirSync(directory).filter((file) => file.endsWith(".json"));
  if (files.length === 0) throw new Error(`${directory} holds no *.json: name the folder that holds the traces`);
  return files.sort().map((file) => path.join(directory, file));
}
