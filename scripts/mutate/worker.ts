// A process that has Hardhat and the tests loaded, and tries one mutant after the other.
import hre from "hardhat";

import { ROOT } from "../lib/files";

import { isSameCode, loadBuild } from "./compiler";
import type { Build, Codes } from "./compiler";
import { mutated } from "./mutants";
import type { Mutant } from "./mutants";
import { runSuite } from "./suites";
import type { Failure } from "./suites";
import { putCode, removeCodes } from "./swap";
import { TARGETS, callersFirst, inOrder, testFiles } from "./targets";

/** What a worker is asked. */
export interface Job {
  readonly mutant: Mutant;
  /** Files of tests that found neighbours, the best first. */
  readonly first: readonly string[];
  /** Milliseconds that a single test may take. */
  readonly timeout: number;
}

/** What became of a mutant. */
export type Outcome =
  | { readonly outcome: "killed" | "timeout"; readonly file: string; readonly title: string }
  | { readonly outcome: "survived" | "same" | "refused" }
  | { readonly outcome: "error"; readonly reason: string };

/** A worker's answer. */
export interface Answer {
  readonly result: Outcome;
}

async function attempt(build: Build, { mutant, first, timeout }: Job): Promise<Outcome> {
  const target = TARGETS.find(({ file }) => file === mutant.file);
  if (target === undefined) throw new Error(`${mutant.file} is not among the targets`);
  const text = mutated(build.text(mutant.file), mutant.edit);
  let changed = false;
  for (const { contracts, tests } of target.stages) {
    const codes = build.compile(contracts, mutant.file, text);
    if (codes === undefined) return { outcome: "refused" };
    const different = [...codes].filter(([contract, code]) => !isSameCode(build.code(contract), code));
    if (different.length === 0) continue;
    changed = true;
    const files = await callersFirst(ROOT, await testFiles(ROOT, tests), mutant.where);
    for (const file of inOrder(files, first)) {
      const failure = await runWith(build, new Map(different), () => runSuite(file, timeout));
      if (failure === undefined) continue;
      const { title } = failure;
      if (failure.timeout) return { outcome: "timeout", file, title };
      const control = await runWith(build, build.control(contracts), () => runControl(file, title, timeout));
      if (control === undefined) return { outcome: "killed", file, title };
      return { outcome: "error", reason: `${file} fails without a mutant too: ${control.title}` };
    }
  }
  return { outcome: changed ? "survived" : "same" };
}

/** Runs tests with some contracts' code in the place of what was built. */
async function runWith<T>(build: Build, codes: Codes, tests: () => Promise<T>): Promise<T> {
  for (const [contract, code] of codes) putCode(build.code(contract), code);
  try {
    return await tests();
  } finally {
    removeCodes();
  }
}

/** The test that failed, on its own, or after those that it builds on. */
async function runControl(file: string, title: string, timeout: number): Promise<Failure | undefined> {
  return (await runSuite(file, timeout, title)) && runSuite(file, timeout);
}

async function main(): Promise<void> {
  // Each file of tests keeps its runner, which listens to the process, until it runs again.
  process.setMaxListeners(0);
  // A mutant that is too large to be deployed on a real chain is not found by that alone.
  hre.config.networks.hardhat.allowUnlimitedContractSize = true;
  const build = await loadBuild();
  process.on("message", (job: Job) => {
    attempt(build, job)
      .catch((error: unknown): Outcome => ({ outcome: "error", reason: String(error) }))
      .then((result) => process.send?.({ result } satisfies Answer))
      .catch((error: unknown) => {
        console.error(error);
        process.exit(1);
      });
  });
  process.on("disconnect", () => process.exit());
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
