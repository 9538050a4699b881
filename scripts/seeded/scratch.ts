import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { ROOT } from "../lib/files";
import { FIXED_SEED, onlyContracts, readOutcomes, runForge, runProgram } from "../lib/forge";
import type { TestOutcome } from "../lib/forge";

/** What forge needs of the tree. */
const COPIED = [
  "contracts",
  "test/invariants",
  "foundry.toml",
  "package.json",
  "solidity.json",
  "scripts/forge",
  "scripts/solc",
];

/** Where forge keeps what it compiled, and what the control of a scratch left there. */
const CACHE = "cache";
const WARM = "warm";

const ENV = {
  FOUNDRY_PROFILE: process.env.FOUNDRY_PROFILE ?? "ci",
  // The sequence that fails is thrown away: shrinking it is time for nothing.
  FOUNDRY_INVARIANT_SHRINK_RUN_LIMIT: "0",
};

/** A copy of the tree, in which bugs may be. */
export interface Scratch {
  readonly root: string;
}

/** Outcomes of tests, or why there are none. */
export type Played = { readonly outcomes: readonly TestOutcome[] } | { readonly failure: string };

/** Copies the tree. The user's own is only read. */
export async function openScratch(): Promise<Scratch> {
  const scratch = await emptyScratch();
  for (const name of COPIED) await cp(path.join(ROOT, name), path.join(scratch.root, name), { recursive: true });
  for (const part of ["cache", "out"]) {
    const compiled = path.join(CACHE, "forge", part);
    await cp(path.join(ROOT, compiled), path.join(scratch.root, compiled), { recursive: true }).catch(() => {
      // Nothing was compiled yet: the first time takes longer.
    });
  }
  return scratch;
}

/** Keeps what the copy compiled, to begin with it for each patch, and copies the copy: `count` in all. */
export async function multiply(first: Scratch, count: number): Promise<Scratch[]> {
  await cp(path.join(first.root, CACHE), path.join(first.root, WARM), { recursive: true });
  const others = await Promise.all(
    Array.from({ length: count - 1 }, async () => {
      const other = await emptyScratch();
      for (const name of [...COPIED, CACHE, WARM]) {
        await cp(path.join(first.root, name), path.join(other.root, name), { recursive: true });
      }
      return other;
    }),
  );
  return [first, ...others];
}

async function emptyScratch(): Promise<Scratch> {
  const root = await mkdtemp(path.join(tmpdir(), "ankrmatic-seeded-"));
  await symlink(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
  return { root };
}

/** Removes the copy. */
export async function closeScratch({ root }: Scratch): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

/** Runs campaigns on the copy as it stands. */
export async function play({ root }: Scratch, contracts: readonly string[]): Promise<Played> {
  const args = ["test", "--json", "--fuzz-seed", FIXED_SEED, "--match-contract", onlyContracts(contracts)];
  const { stdout, stderr } = await runForge(root, args, ENV);
  const outcomes = readOutcomes(stdout);
  if (outcomes === undefined) return { failure: `forge did not run: ${lastLines(stderr || stdout)}` };
  const missing = contracts.filter((name) => !outcomes.some(({ contract }) => contract === name));
  if (missing.length > 0) return { failure: `there is no test contract ${missing.join(", ")}` };
  return { outcomes };
}

/** Does something while a patch is in the copy, and takes the patch out again. */
export async function withPatch(scratch: Scratch, file: string, work: () => Promise<Played>): Promise<Played> {
  const { root } = scratch;
  const patch = path.join(ROOT, file);
  const applied = await runProgram("git", ["apply", patch], { cwd: root });
  if (applied.code !== 0) return { failure: `it does not apply: ${lastLines(applied.stderr)}` };
  try {
    return await work();
  } finally {
    const reverted = await runProgram("git", ["apply", "--reverse", patch], { cwd: root });
    if (reverted.code !== 0) throw new Error(`${file} could not be taken out: ${reverted.stderr}`);
    // What was compiled before, without the failures that forge would try again.
    await rm(path.join(root, CACHE), { recursive: true });
    await cp(path.join(root, WARM), path.join(root, CACHE), { recursive: true });
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join(" ").slice(-300);
}
