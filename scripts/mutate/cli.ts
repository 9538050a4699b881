import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { loadBuild } from "./compiler";
import { newWorker } from "./crew";
import { JOURNAL, contractsHash, killersOf, note, readJournal } from "./journal";
import type { Entry } from "./journal";
import { isMade, mutantsOf } from "./mutants";
import type { Mutant } from "./mutants";
import { faultsOf, readReasons, summarize, writeReport } from "./report";
import { TARGETS } from "./targets";
import type { Outcome } from "./worker";

const HELP = `Changes the money code in one place at a time, and runs its tests: they should fail. What fails has to pass again
with the code as it is, so no test that fails for another reason counts.

usage: npm run mutate -- [--file TEXT] [--only ID] [--sample N [--seed S]] [--again] [--jobs N] [--list] [--write]

  --file TEXT   mutants of files with TEXT in their path
  --only ID     this mutant alone, whatever the journal has
  --sample N    N of the mutants, drawn from all of them alike; a greater N keeps those of a smaller one
  --seed S      another draw; 1 if left out
  --again       try again what survived
  --jobs N      processes, each with a chain and a compiler; one for each core if left out
  --list        print the mutants, and what the journal has of them
  --write       write what is known of all mutants to audit/mutants.json and audit/mutation.md
  --help        this text

What is found goes into ${JOURNAL}, and is not tried again while the contracts are the same.
Exits with 1 if fewer than 90 % are killed, if a survivor has no reason in scripts/mutate/survivors.json, or if a mutant
could not be tried, and with 2 if the arguments cannot be used.`;

const DONE = 0;
const FAULTY = 1;
const UNUSABLE = 2;

/** Milliseconds for one test; a machine with much else to do needs some. */
const TEST_TIMEOUT = 300_000;

interface Options {
  readonly help: boolean;
  readonly list: boolean;
  readonly write: boolean;
  readonly again: boolean;
  readonly file: string | undefined;
  readonly only: string | undefined;
  readonly sample: number | undefined;
  readonly seed: number;
  readonly jobs: number;
}

/** The command behind `npm run mutate`; returns its exit code. */
export async function runMutate(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return UNUSABLE;
  }
  if (options.help) {
    console.log(HELP);
    return DONE;
  }
  const build = await loadBuild();
  const made = TARGETS.flatMap(({ file }) => mutantsOf(file, build.text(file), build.unit(file))).filter(isMade);
  const chosen = choose(made, options);
  if (chosen.length === 0) {
    console.error("No mutant is meant: see --list for their ids.");
    return UNUSABLE;
  }
  const contracts = await contractsHash();
  const found = readJournal(contracts);
  if (options.list) {
    for (const mutant of chosen) console.log(lineOf(mutant, found.get(mutant.id)?.result));
    console.log(`${chosen.length} mutants`);
    return DONE;
  }
  const open = chosen.filter(({ id }) => {
    const outcome = found.get(id)?.result.outcome;
    return outcome === undefined || options.only !== undefined || (options.again && outcome === "survived");
  });
  const untried = await tryAll(open, made, contracts, found, options.jobs);
  const reasons = await readReasons();
  const summary = summarize(options.write ? made : chosen, made.length, found, reasons);
  if (options.write) await writeReport(summary);
  const faults = [...untried, ...faultsOf(summary)];
  console.log(`${summary.killed} of ${summary.counted} killed, ${summary.percent.toFixed(1)} %`);
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? DONE : FAULTY;
}

/** Tries mutants, and once more alone those whose tests took too long; returns what could not be tried. */
async function tryAll(
  open: readonly Mutant[],
  made: readonly Mutant[],
  contracts: string,
  found: Map<string, Entry>,
  jobs: number,
): Promise<string[]> {
  const [late, faults]: [Mutant[], string[]] = [[], []];
  let tried = 0;
  const through = async (queue: Mutant[], timeout: number, last: boolean): Promise<void> => {
    const worker = newWorker();
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const started = Date.now();
      const result = await worker.ask({ mutant, first: killersOf(mutant, made, found), timeout });
      const seconds = Math.round((Date.now() - started) / 1_000);
      console.log(`${++tried}/${open.length} ${seconds} s ${lineOf(mutant, result)}`);
      if (result.outcome === "error") {
        faults.push(`${mutant.id} could not be tried: ${result.reason}`);
      } else if (result.outcome === "timeout" && !last) {
        late.push(mutant);
      } else {
        const entry = { contracts, id: mutant.id, result, seconds };
        note(entry);
        found.set(mutant.id, entry);
      }
    }
    worker.stop();
  };
  const queue = [...open];
  await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, () => through(queue, TEST_TIMEOUT, false)));
  tried -= late.length;
  await through([...late], 2 * TEST_TIMEOUT, true);
  return faults;
}

function choose(made: readonly Mutant[], { file, only, sample, seed }: Options): readonly Mutant[] {
  const chosen = made.filter(
    (mutant) => (only === undefined || mutant.id === only) && (file === undefined || mutant.file.includes(file)),
  );
  return sample === undefined ? chosen : drawn(chosen, sample, seed);
}

/** Some of the mutants, alike from all, the same ones for a seed. */
export function drawn(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const rank = ({ id }: Mutant): string => createHash("sha256").update(`${seed} ${id}`).digest("hex");
  const ranked = mutants.map((mutant) => ({ mutant, by: rank(mutant) }));
  return ranked
    .sort((one, other) => (one.by < other.by ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

function lineOf({ id, line, before, after }: Mutant, result: Outcome | undefined): string {
  const by = result !== undefined && "file" in result ? ` by ${result.file}: ${result.title}` : "";
  const reason = result?.outcome === "error" ? `, ${result.reason}` : "";
  return `${id} (line ${line}) ${result?.outcome ?? "open"}${by}${reason}\n    - ${before}\n    + ${after}`;
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      file: { type: "string" },
      only: { type: "string" },
      sample: { type: "string" },
      seed: { type: "string", default: "1" },
      jobs: { type: "string" },
      again: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return {
    ...values,
    file: values.file,
    only: values.only,
    sample: values.sample === undefined ? undefined : whole("--sample", values.sample, 1),
    seed: whole("--seed", values.seed, 0),
    jobs: values.jobs === undefined ? availableParallelism() : whole("--jobs", values.jobs, 1),
  };
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Error(`${option} ${text}: give a whole number of at least ${least}`);
  }
  return value;
}
