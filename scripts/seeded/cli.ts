import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { columns } from "../lib/columns";
import { ROOT } from "../lib/files";
import { commitOf } from "../lib/git";

import { PAGE, keptCatches, page, withVerdicts } from "./page";
import { FOLDER, allSeeded, seededProblems } from "./patch";
import type { Seeded } from "./patch";
import { runSeeded } from "./run";
import type { Verdict } from "./run";

const HELP = `Puts each bug of ${FOLDER} into a copy of the tree, plays the campaigns of Foundry that it names, and expects one of
them to fail by a law of audit/invariants.md. First the same campaigns are played without a bug, and must pass.

usage: npm run seeded -- [--only NN,NN] [--jobs N] [--write]

  --only NN,NN  these bugs alone, by number
  --jobs N      copies, each with a forge of its own; one for each core if left out
  --write       write to ${PAGE} what caught each bug, if all were caught; of other bugs it keeps what it says
                of these contracts
  --help        this text

Exits with 1 if a bug is not caught, if its patch does not apply or does not compile, or if a campaign fails without it, and
with 2 if the arguments cannot be used. FOUNDRY_PROFILE chooses how long campaigns are, ci if unset.`;

const DONE = 0;
const SURVIVED = 1;
const UNUSABLE = 2;

interface Options {
  readonly help: boolean;
  readonly only: readonly string[];
  readonly jobs: number;
  readonly write: boolean;
}

/** The command behind `npm run seeded`; returns its exit code. */
export async function runSeededCommand(args: readonly string[]): Promise<number> {
  let options: Options;
  let all: readonly Seeded[];
  let bugs: readonly Seeded[];
  let contracts: string;
  try {
    options = readOptions(args);
    if (options.help) {
      console.log(HELP);
      return DONE;
    }
    all = await allSeeded();
    bugs = chosen(all, options.only);
    contracts = options.write ? await commitOf(["contracts", "test/invariants", FOLDER]) : "";
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return UNUSABLE;
  }
  const problems = bugs.flatMap(seededProblems);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return SURVIVED;

  const { controls, verdicts } = await runSeeded(bugs, options.jobs, console.log);
  console.log(["", ...table(verdicts)].join("\n"));
  const survived = verdicts.filter(({ caught }) => caught === undefined).length;
  const failed = controls.filter(({ passed }) => !passed).length;
  console.log(
    `\n${verdicts.length} bugs, ${survived} not caught; ${controls.length} campaigns without, ${failed} failed`,
  );
  if (survived + failed > 0) return SURVIVED;
  if (options.write) {
    const catches = withVerdicts(await keptCatches(contracts), verdicts);
    writeFileSync(path.join(ROOT, PAGE), await page(all, catches, contracts));
  }
  return DONE;
}

function table(verdicts: readonly Verdict[]): string[] {
  const heading = ["bug", "in", "caught by", "law", "seconds"];
  const rows = verdicts.map(({ seeded, caught, seconds }) => [
    path.posix.basename(seeded.file, ".patch"),
    path.posix.basename(seeded.source),
    caught?.contract ?? "-",
    caught?.law ?? "-",
    seconds.toFixed(0),
  ]);
  return columns([heading, ...rows], { left: [0, 1, 2, 3] });
}

function chosen(all: readonly Seeded[], only: readonly string[]): readonly Seeded[] {
  if (only.length === 0) return all;
  return only.map((number) => {
    const found = all.find((seeded) => seeded.number === number);
    if (!found) throw new Error(`--only ${number}: ${FOLDER} has no such bug; give numbers of two digits, with commas`);
    return found;
  });
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      jobs: { type: "string", default: String(availableParallelism()) },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const jobs = Number(values.jobs);
  if (!Number.isSafeInteger(jobs) || jobs < 1)
    throw new Error(`--jobs ${values.jobs}: give a whole number of at least 1`);
  const only = values.only.split(",").filter(Boolean);
  return { help: values.help, only, jobs, write: values.write };
}
