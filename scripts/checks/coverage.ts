// `npm run coverage`: solidity-coverage over contracts/ without local/, then the thresholds.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { ROOT } from "../lib/files";
import { runChecks } from "./report";

const Counts = z.record(z.string(), z.number());
const FileCoverage = z.object({
  l: Counts,
  f: Counts,
  fnMap: z.record(z.string(), z.object({ name: z.string(), line: z.number() })),
  b: z.record(z.string(), z.array(z.number())),
  branchMap: z.record(z.string(), z.object({ line: z.number() })),
});
const Coverage = z.record(z.string(), FileCoverage);
type Coverage = z.infer<typeof Coverage>;

/** One thing that can be covered, and where it is. */
interface Item {
  readonly place: string;
  readonly covered: boolean;
}

interface Threshold {
  readonly what: string;
  readonly percent: number;
  readonly items: (coverage: Coverage) => Item[];
}

const THRESHOLDS: readonly Threshold[] = [
  {
    what: "lines",
    percent: 100,
    items: (coverage) =>
      Object.entries(coverage).flatMap(([file, { l }]) =>
        Object.entries(l).map(([line, hits]) => ({ place: `${file}:${line}`, covered: hits > 0 })),
      ),
  },
  {
    what: "functions",
    percent: 100,
    items: (coverage) =>
      Object.entries(coverage).flatMap(([file, { f, fnMap }]) =>
        Object.entries(f).map(([id, hits]) => ({
          place: `${file}:${fnMap[id]?.line ?? 0} ${fnMap[id]?.name ?? ""}`,
          covered: hits > 0,
        })),
      ),
  },
  {
    what: "branches",
    percent: 98,
    items: (coverage) =>
      Object.entries(coverage).flatMap(([file, { b, branchMap }]) =>
        Object.entries(b).flatMap(([id, hits]) =>
          hits.map((count, arm) => ({ place: `${file}:${branchMap[id]?.line ?? 0} arm ${arm}`, covered: count > 0 })),
        ),
      ),
  },
];

/** What misses its threshold. Uncovered items are printed even where the threshold holds, so that none is forgotten. */
export function thresholdProblems(coverage: Coverage, print: (line: string) => void = console.log): string[] {
  return THRESHOLDS.flatMap(({ what, percent, items }) => {
    const all = items(coverage);
    const missing = all.filter(({ covered }) => !covered);
    const reached = all.length === 0 ? 0 : (100 * (all.length - missing.length)) / all.length;
    print(`${what}: ${all.length - missing.length} of ${all.length}, ${reached.toFixed(2)} % (at least ${percent} %)`);
    for (const { place } of missing) print(`  not covered: ${place}`);
    return reached < percent ? [`${what}: ${reached.toFixed(2)} % is below ${percent} %`] : [];
  });
}

/**
 * The unit tests of what is deployed, and how losses are shared. Every step of an instrumented contract is traced, so the
 * rest of the tests, which add no line, would take many times as long.
 */
const MEASURED =
  "test/{unit/{access,adapters,base,bridge,claims,delegator,deploy,legacy,polygon,pool,shared,token}/*,integration/loss-sharing}.test.ts";

function hardhat(args: readonly string[], env: Readonly<Record<string, string>>): void {
  execFileSync(process.execPath, [require.resolve("hardhat/internal/cli/bootstrap"), ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
}

if (require.main === module) {
  hardhat(["coverage", "--testfiles", MEASURED], { SOLIDITY_COVERAGE: "true" });
  const coverage = Coverage.parse(JSON.parse(readFileSync(path.join(ROOT, "coverage.json"), "utf8")));
  void runChecks({ "coverage: thresholds": () => Promise.resolve(thresholdProblems(coverage)) });
}
