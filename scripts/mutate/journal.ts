import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { ROOT, filesUnder } from "../lib/files";

import type { Mutant } from "./mutants";
import type { Outcome } from "./worker";

/** Where a run keeps what it found. */
export const JOURNAL = "cache/mutate/journal.jsonl";

/** What was found of one mutant. */
export interface Entry {
  /** Hash of all contracts: with others it has to be found again. */
  readonly contracts: string;
  readonly id: string;
  readonly result: Exclude<Outcome, { readonly outcome: "error" }>;
  readonly seconds: number;
}

/** Found so far with these contracts, by id; the last entry counts. */
export function readJournal(contracts: string): Map<string, Entry> {
  let text = "";
  try {
    text = readFileSync(path.join(ROOT, JOURNAL), "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const entries = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry);
  return new Map(entries.filter((entry) => entry.contracts === contracts).map((entry) => [entry.id, entry]));
}

/** Adds what was found. */
export function note(entry: Entry): void {
  const file = path.join(ROOT, JOURNAL);
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** Hash of what is in `contracts/`. */
export async function contractsHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await filesUnder(path.join(ROOT, "contracts"), ".sol")) {
    hash.update(`${path.relative(ROOT, file)}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Files of tests that killed mutants of the same function, then of the same file, the most successful first. */
export function killersOf(
  { file, where }: Mutant,
  mutants: readonly Mutant[],
  found: ReadonlyMap<string, Entry>,
): string[] {
  const scores = new Map<string, number>();
  for (const mutant of mutants.filter((other) => other.file === file)) {
    const result = found.get(mutant.id)?.result;
    if (result?.outcome !== "killed") continue;
    scores.set(result.file, (scores.get(result.file) ?? 0) + (mutant.where === where ? 1_000 : 1));
  }
  return [...scores].sort(([, one], [, other]) => other - one).map(([name]) => name);
}
