import path from "node:path";

import { table } from "../docs/audit/markdown";

import type { Check } from "./checks";
import type { Outcome } from "./verdict";

/** A check with what came of it. */
export interface Run extends Outcome {
  readonly check: Check;
  /** Seconds that it took. */
  readonly seconds: number;
}

/** What the results speak of. */
export interface Subject {
  /** Git's names of `contracts/` and `test/proofs/`. */
  readonly contracts: string;
  readonly proofs: string;
  /** Halmos and its solvers, with versions. */
  readonly versions: readonly string[];
}

/** True if it came out as it must. */
export function isRight({ check, verdict }: Run): boolean {
  return verdict === (check.control ? "refuted" : "proven");
}

function rows(runs: readonly Run[]): string[][] {
  return runs.map(({ check, verdict, paths, seconds }) => [
    `[${path.basename(check.file)}](../${check.file})`,
    `\`${check.name}\``,
    check.says,
    verdict,
    `${paths}`,
    seconds.toFixed(1),
  ]);
}

/** The text of `audit/proofs.md`. */
export function proofsDocument({ contracts, proofs, versions }: Subject, runs: readonly Run[]): string {
  const headings = ["file", "check", "for all inputs", "result", "paths", "seconds"];
  return [
    "# Proofs",
    "",
    `Made by \`npm run prove -- --write\`, with ${versions.join(", ")}, of the contracts that`,
    `\`git rev-parse HEAD:contracts\` names ${contracts}, by the proofs that`,
    `\`git rev-parse HEAD:test/proofs\` names ${proofs}.`,
    "",
    "Halmos runs each check on the compiled code with symbols for its arguments, and solvers look for values that break what",
    "it asserts; *proven* is that there are none. Arithmetic that overflows, or an index out of bounds, breaks a check as well,",
    "but for the stream's; what reverts with an error of its own breaks nothing: that is the tests' to say.",
    "What holds only in bounds says so, by words or by the width of the arguments, as their types have it.",
    "[test/proofs/README.md](../test/proofs/README.md) tells how the proofs are made.",
    "",
    ...table(headings, rows(runs.filter(({ check }) => !check.control))),
    "",
    "## Controls",
    "",
    "Wrong variants, to which a counterexample must be found: that shows that the proofs above are not of nothing.",
    "",
    ...table(headings, rows(runs.filter(({ check }) => check.control))),
    "",
  ].join("\n");
}
