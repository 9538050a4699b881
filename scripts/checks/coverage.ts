// `npm run coverage`: solidity-coverage over contracts/ without local/, in two processes, then the thresholds.
import { execFileSync, spawn } from "node:child_process";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { z } from "zod";

import { ROOT } from "../lib/files";
import { runChecks } from "./report";

const Counts = z.record(z.string(), z.number());
const FileCoverage = z.looseObject({
  s: Counts,
  l: Counts,
  f: Counts,
  fnMap: z.record(z.string(), z.looseObject({ name: z.string(), line: z.number() })),
  b: z.record(z.string(), z.array(z.number())),
  branchMap: z.record(z.string(), z.looseObject({ line: z.number() })),
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

/** Not those that need the gas of what is deployed, or walk at random over what others reach step by step. */
const STEADY = "!(*.random|*.model|*.replay|*.gas).test.ts";

/** The tests of what is deployed, in two halves of about the same length. */
const MEASURED = [
  `test/unit/{adapters,base,claims,delegator,deploy,legacy,shared,token}/${STEADY}`,
  `test/{{unit/{access,bridge,polygon,pool,swap},findings/{bridge,swap}}/${STEADY},integration/loss-sharing.test.ts}`,
] as const;

/** The sum of what two runs over the same instrumented contracts counted. */
export function sumOf(one: Coverage, other: Coverage): Coverage {
  const add = (left: Record<string, number>, right: Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.entries(left).map(([id, hits]) => [id, hits + (right[id] ?? 0)]));
  return Object.fromEntries(
    Object.entries(one).map(([file, counts]) => {
      const more = other[file];
      if (more === undefined) throw new Error(`${file} was measured in one of the two runs only`);
      const b = Object.entries(counts.b).map(([id, arms]) => [
        id,
        arms.map((hits, arm) => hits + (more.b[id]?.[arm] ?? 0)),
      ]);
      return [
        file,
        {
          ...counts,
          s: add(counts.s, more.s),
          l: add(counts.l, more.l),
          f: add(counts.f, more.f),
          b: Object.fromEntries(b) as typeof counts.b,
        },
      ];
    }),
  );
}

/** Runs one half in a copy of the tree, as solidity-coverage writes into the folder that it is run in. */
async function measure(half: number, tests: string): Promise<Coverage> {
  const copy = path.join(ROOT, "cache/coverage-halves", String(half));
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of list.toString().split("\0").filter(Boolean)) {
    await cp(path.join(ROOT, file), path.join(copy, file)).catch((error: unknown) => {
      // Deleted, and not committed yet.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    });
  }
  // Not tracked, but imports of them must lead somewhere before they are led to the instrumented ones.
  const typings = "test/typechain-types";
  await cp(path.join(ROOT, typings), path.join(copy, typings), { recursive: true });
  await symlink(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  await hardhat(copy, ["coverage", "--testfiles", tests]);
  return Coverage.parse(JSON.parse(await readFile(path.join(copy, "coverage.json"), "utf8")));
}

async function hardhat(cwd: string, args: readonly string[]): Promise<void> {
  const marks = ["-r", "ts-node/register/transpile-only", "-r", path.join(__dirname, "coverageMarks.ts")];
  const child = spawn(process.execPath, [...marks, require.resolve("hardhat/internal/cli/bootstrap"), ...args], {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, SOLIDITY_COVERAGE: "true" },
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("exit", resolve);
  });
  if (status !== 0) throw new Error(`hardhat ${args.join(" ")} ended with ${status ?? "a signal"}`);
}

/** What of solidity-coverage's own reporter is used; it has no types. */
interface Istanbul {
  readonly Collector: new () => { add(coverage: Coverage): void };
  readonly Reporter: new (
    config: undefined,
    folder: string,
  ) => {
    addAll(kinds: readonly string[]): void;
    write(collector: { add(coverage: Coverage): void }, sync: boolean, done: () => void): void;
  };
}

/** Writes pages and lcov into `coverage/`. */
function writeReports(coverage: Coverage): void {
  const { Collector, Reporter } = createRequire(__filename)("sc-istanbul") as Istanbul;
  const [collector, reporter] = [new Collector(), new Reporter(undefined, path.join(ROOT, "coverage"))];
  collector.add(coverage);
  reporter.addAll(["html", "lcov"]);
  reporter.write(collector, true, () => undefined);
}

async function main(): Promise<void> {
  const halves = await Promise.allSettled(MEASURED.map(async (tests, half) => measure(half, tests)));
  const [one, other] = halves.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
  if (one === undefined || other === undefined) throw new Error("there are two halves");
  const coverage = sumOf(one, other);
  await writeFile(path.join(ROOT, "coverage.json"), JSON.stringify(coverage));
  writeReports(coverage);
  await runChecks({ "coverage: thresholds": () => Promise.resolve(thresholdProblems(coverage)) });
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
