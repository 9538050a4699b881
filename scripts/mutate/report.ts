import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { format } from "prettier";
import { z } from "zod";

import { ROOT } from "../lib/files";

import type { Entry } from "./journal";
import type { Mutant } from "./mutants";
import { TARGETS } from "./targets";

/** Why each survivor survives, by id. */
const REASONS = "scripts/mutate/survivors.json";

const LEAST_PERCENT = 90;

/** What is known of a file's mutants. */
interface Counts {
  readonly made: number;
  readonly counted: number;
  readonly killed: number;
}

/** What is known of the mutants. */
export interface Summary extends Counts {
  readonly percent: number;
  /** Mutants of which something is known, those without effect included. */
  readonly tried: number;
  /** Those that the compiler refuses, and those that come out as the same code. */
  readonly uncounted: number;
  readonly files: Readonly<Record<string, Counts>>;
  readonly survivors: readonly { readonly mutant: Mutant; readonly reason: string | undefined }[];
  /** Reasons for what did not survive. */
  readonly idle: readonly string[];
  readonly found: Readonly<Record<string, string>>;
}

/** The reasons that are written down. */
export async function readReasons(): Promise<Record<string, string>> {
  return z.record(z.string(), z.string().min(1)).parse(JSON.parse(await readFile(path.join(ROOT, REASONS), "utf8")));
}

/** Counts what the journal has of mutants. */
export function summarize(
  mutants: readonly Mutant[],
  made: number,
  found: ReadonlyMap<string, Entry>,
  reasons: Readonly<Record<string, string>>,
): Summary {
  const outcomeOf = ({ id }: Mutant): string | undefined => found.get(id)?.result.outcome;
  const count = (some: readonly Mutant[]): Counts => {
    const outcomes = some.map(outcomeOf);
    const killed = outcomes.filter((outcome) => outcome === "killed" || outcome === "timeout").length;
    const survived = outcomes.filter((outcome) => outcome === "survived").length;
    return { made: some.length, counted: killed + survived, killed };
  };
  const all = count(mutants);
  const tried = mutants.filter(({ id }) => found.has(id));
  const survivors = mutants.filter((mutant) => outcomeOf(mutant) === "survived");
  return {
    ...all,
    made,
    percent: all.counted === 0 ? 0 : (100 * all.killed) / all.counted,
    tried: tried.length,
    uncounted: tried.length - all.counted,
    files: Object.fromEntries(
      TARGETS.map(({ file }) => [file, count(mutants.filter((mutant) => mutant.file === file))]),
    ),
    survivors: survivors.map((mutant) => ({ mutant, reason: reasons[mutant.id] })),
    idle: tried.filter((mutant) => mutant.id in reasons && outcomeOf(mutant) !== "survived").map(({ id }) => id),
    found: Object.fromEntries(tried.map((mutant) => [mutant.id, foundOf(found.get(mutant.id))])),
  };
}

function foundOf(entry: Entry | undefined): string {
  if (entry === undefined) return "open";
  const { result } = entry;
  return result.outcome === "killed" ? `${result.file}: ${result.title}` : result.outcome;
}

/** What keeps the command from ending well. */
export function faultsOf({ percent, survivors, idle }: Summary): string[] {
  return [
    ...(percent < LEAST_PERCENT ? [`${percent.toFixed(1)} % is below ${LEAST_PERCENT} %`] : []),
    ...survivors
      .filter(({ reason }) => reason === undefined)
      .map(({ mutant: { id } }) => `${id} survives: add a test that finds it, or say in ${REASONS} why none can`),
    ...idle.map((id) => `${id} does not survive: take it out of ${REASONS}`),
  ];
}

/** Writes the summary for people and for programs. */
export async function writeReport(summary: Summary): Promise<void> {
  const contracts = execFileSync("git", ["rev-parse", "HEAD:contracts"], { cwd: ROOT }).toString().trim();
  const { percent, killed, counted, made, tried, files, found } = summary;
  const data = { contracts, made, tried, counted, killed, percent: Number(percent.toFixed(1)), files, mutants: found };
  await writeFile(path.join(ROOT, "audit/mutants.json"), await format(JSON.stringify(data), { parser: "json" }));
  const text = await format(pageOf(summary, contracts), { parser: "markdown", printWidth: 120, proseWrap: "always" });
  await writeFile(path.join(ROOT, "audit/mutation.md"), text);
}

function pageOf(summary: Summary, contracts: string): string {
  const { percent, killed, counted, made, tried, uncounted, files, survivors } = summary;
  const scope =
    tried === made ? `All ${made} mutants were tried` : `${tried} of ${made} mutants were tried, drawn from all alike`;
  return `# Mutation testing

Each mutant is the money code with one change. A mutant is killed when a test fails with it, and passes again with the
code as it is. \`npm run mutate -- --write\` tries what is not known yet and writes this page and
[mutants.json](mutants.json), which has the test that killed each of them; \`npm run mutate -- --help\` says more.

Contracts: \`${contracts}\` (\`git rev-parse HEAD:contracts\`). ${scope}. ${uncounted} of them are not counted: the
compiler refuses them, or makes the same code of them.

**${killed} of ${counted} killed, ${percent.toFixed(1)} %** (at least ${LEAST_PERCENT} %).

## What is mutated

The code that computes, holds or moves money, or limits it. Not: interfaces, the local model, adapters and lens that only
read, the messages' codec and the proofs of exits, pause and proxies, constructors, and the first setting of values.
Changes: an arithmetic operator; the boundary of a comparison; a comparison or an operator between conditions turned into
its opposite; a condition that always or never holds; an addition to a value turned into a subtraction; a statement or a
modifier left out; rounding the other way. Of changes that are many and alike one in two or three is made, by the hash of
its id.

| file | mutants | counted | killed |
| ---- | ------: | ------: | -----: |
${Object.entries(files)
  .map(([file, counts]) => `| \`${file}\` | ${counts.made} | ${counts.counted} | ${counts.killed} |`)
  .join("\n")}

## What survives

${
  survivors.length === 0
    ? "Nothing."
    : survivors
        .map(
          ({ mutant: { id, line, before, after }, reason }) =>
            `- \`${id}\`, line ${line}: ${reason ?? "not explained yet."}\n\n  \`\`\`diff\n  - ${before}\n  + ${after}\n  \`\`\``,
        )
        .join("\n")
}
`;
}
