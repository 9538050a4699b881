import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { ROOT } from "../lib/files";
import { pythonTool } from "../python/environment";
import { revisionOf } from "../python/revision";

import { slitherDocument } from "./document";
import { findingsIn } from "./findings";
import type { Finding } from "./findings";
import { parseTriage, triageProblems } from "./triage";

const CONFIG = "slither.config.json";
const TRIAGE = "audit/slither-triage.json";
const DOCUMENT = "audit/slither.md";

const HELP = `Runs Slither on the contracts, and compares what it finds with what is explained in ${TRIAGE}.

usage: npm run slither [-- --write]

  --write   write ${DOCUMENT}, if nothing is wrong
  --help    this text

Needs the Python tools: npm run python.
Exits with 1 if a finding is not explained, if an explanation is of nothing, or if Slither cannot run, and with 2 if the
arguments cannot be used.`;

const DONE = 0;
const FAULTY = 1;
const UNUSABLE = 2;

const configSchema = z.object({ detectors_to_exclude: z.string() });

/** The command behind `npm run slither`; returns its exit code. */
export function runSlitherCommand(args: readonly string[]): number {
  let options;
  try {
    options = parseArgs({
      args: [...args],
      options: { write: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
    }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return UNUSABLE;
  }
  if (options.help) {
    console.log(HELP);
    return DONE;
  }
  try {
    return analyse(options.write);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return FAULTY;
  }
}

function analyse(write: boolean): number {
  const slither = pythonTool("slither");
  const contracts = write ? revisionOf("contracts") : "";
  compile();
  const findings = findWith(slither);
  const triage = parseTriage(read(TRIAGE));
  const excluded = configSchema.parse(read(CONFIG)).detectors_to_exclude.split(",");
  const problems = triageProblems(triage, findings, excluded);
  for (const problem of problems) console.error(`${problem}\n`);
  if (problems.length > 0) {
    console.error(`Mend the contract, or explain it in ${TRIAGE}.`);
    return FAULTY;
  }
  console.log(`Slither: ${findings.length} findings, all explained`);
  if (write) {
    const version = spawnSync(slither, ["--version"], { encoding: "utf8" }).stdout.trim();
    writeFileSync(path.join(ROOT, DOCUMENT), slitherDocument({ version, contracts }, triage, findings));
  }
  return DONE;
}

/** Slither reads every build that is kept; one that an artifact was left of would be of older sources. */
function compile(): void {
  npm("run", "-s", "compile", "--", "--quiet");
  if (readdirSync(path.join(ROOT, "artifacts/build-info")).length === 1) return;
  console.log("Compiling anew: there are builds of several times");
  npm("exec", "--", "hardhat", "compile", "--force", "--quiet");
}

function npm(...args: readonly string[]): void {
  const run = spawnSync("npm", args, { cwd: ROOT, stdio: "inherit" });
  if (run.status !== 0) throw new Error("The contracts do not compile: npm run compile says why");
}

function findWith(slither: string): Finding[] {
  const folder = mkdtempSync(path.join(tmpdir(), "slither-"));
  try {
    const file = path.join(folder, "findings.json");
    const run = spawnSync(slither, [".", "--json", file, "--fail-none"], { cwd: ROOT, encoding: "utf8" });
    if (run.status !== 0 || !existsSync(file)) throw new Error(`Slither failed:\n${run.stdout}${run.stderr}`);
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    return findingsIn(json);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
}
