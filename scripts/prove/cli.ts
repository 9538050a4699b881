import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "../lib/files";
import { revisionOf } from "../python/revision";

import { FOLDER, allChecks } from "./checks";
import { isRight, proofsDocument } from "./document";
import type { Run } from "./document";
import { findTools, runCheck, versions } from "./halmos";

const DOCUMENT = "audit/proofs.md";

const HELP = `Proves the checks in ${FOLDER} for all inputs, with Halmos, and has the wrong variants there refuted.

usage: npm run prove [-- --only TEXT] [-- --seconds N] [-- --write]

  --only TEXT   only the checks whose name or file has this in it
  --seconds N   how long the solvers may take for one question; 120 if left out
  --write       write ${DOCUMENT}, if all came out as it must; not with --only
  --help        this text

Needs the Python tools: npm run python.
Exits with 1 if a check is not proven, or a wrong variant is not refuted, and with 2 if the arguments cannot be used.`;

const DONE = 0;
const FAULTY = 1;
const UNUSABLE = 2;

interface Options {
  readonly help: boolean;
  readonly only: string;
  readonly seconds: number;
  readonly write: boolean;
}

/** The command behind `npm run prove`; returns its exit code. */
export async function runProveCommand(args: readonly string[]): Promise<number> {
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
  try {
    return await prove(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return FAULTY;
  }
}

async function prove({ only, seconds, write }: Options): Promise<number> {
  const tools = findTools();
  const subject = write ? { contracts: revisionOf("contracts"), proofs: revisionOf(FOLDER) } : undefined;
  const checks = (await allChecks()).filter(({ file, name }) => `${file} ${name}`.includes(only));
  if (checks.length === 0) throw new Error(`${FOLDER} has no check with "${only}" in its name`);
  const runs: Run[] = [];
  for (const check of checks) {
    const started = Date.now();
    const run = { check, ...runCheck(tools, check, seconds), seconds: (Date.now() - started) / 1_000 };
    runs.push(run);
    const mark = isRight(run) ? "ok   " : "FAIL ";
    console.log(`${mark} ${path.basename(check.file)} ${check.name}: ${run.verdict}, ${run.seconds.toFixed(1)} s`);
  }
  const wrong = runs.filter((run) => !isRight(run));
  console.log(`${runs.length - wrong.length} of ${runs.length} came out as they must`);
  if (wrong.length > 0) return FAULTY;
  if (subject !== undefined) {
    writeFileSync(path.join(ROOT, DOCUMENT), proofsDocument({ ...subject, versions: versions() }, runs));
  }
  return DONE;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      seconds: { type: "string", default: "120" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new Error(`--seconds ${values.seconds}: give a whole number of at least 1`);
  }
  if (values.write && values.only !== "") throw new Error("--write keeps the results of all checks: leave out --only");
  return { help: values.help, only: values.only, seconds, write: values.write };
}
