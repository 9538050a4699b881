import path from "node:path";

import { lawOf } from "../lib/forge";

import type { Seeded } from "./patch";
import { closeScratch, multiply, openScratch, play, withPatch } from "./scratch";
import type { Played, Scratch } from "./scratch";

/** What became of a bug. */
export interface Verdict {
  readonly seeded: Seeded;
  /** Contract and id of the law that caught it; undefined if none did. */
  readonly caught: { readonly contract: string; readonly law: string } | undefined;
  /** Why it was not caught, or the message that caught it. */
  readonly message: string;
  readonly seconds: number;
}

/** A campaign on the contracts as they are. */
export interface Control {
  readonly contract: string;
  readonly passed: boolean;
  readonly message: string;
}

/** Says what goes on, a line at a time. */
export type Tell = (line: string) => void;

/** Plays what catches the bugs without any of them, then with each of them, in as many copies of the tree as told. */
export async function runSeeded(
  bugs: readonly Seeded[],
  jobs: number,
  tell: Tell,
): Promise<{ readonly controls: readonly Control[]; readonly verdicts: readonly Verdict[] }> {
  const contracts = [...new Set(bugs.flatMap(({ caughtBy }) => caughtBy))].sort();
  const verdicts: Verdict[] = [];
  let scratches: readonly Scratch[] = [];
  try {
    const first = await openScratch();
    scratches = [first];
    tell(`plays ${contracts.join(", ")} without a bug`);
    const controls = readControls(contracts, await play(first, contracts));
    for (const { contract, passed, message } of controls)
      tell(`${passed ? "passed  " : "FAILED  "} ${contract} ${message}`);
    scratches = await multiply(first, Math.min(jobs, bugs.length));
    const queue = bugs.values();
    await Promise.all(
      scratches.map(async (scratch) => {
        for (const seeded of queue) {
          const verdict = await runOne(scratch, seeded);
          verdicts.push(verdict);
          const { caught, message, seconds } = verdict;
          const name = path.posix.basename(seeded.file, ".patch");
          tell(`${caught ? "caught  " : "SURVIVED"} ${name}, ${Math.round(seconds)} s: ${message}`);
        }
      }),
    );
    return { controls, verdicts: verdicts.sort((a, b) => (a.seeded.file < b.seeded.file ? -1 : 1)) };
  } finally {
    await Promise.all(scratches.map(closeScratch));
  }
}

function readControls(contracts: readonly string[], played: Played): Control[] {
  return contracts.map((contract) => {
    if ("failure" in played) return { contract, passed: false, message: played.failure };
    const failed = played.outcomes.find((outcome) => outcome.contract === contract && !outcome.passed);
    return { contract, passed: failed === undefined, message: failed?.reason ?? "" };
  });
}

async function runOne(scratch: Scratch, seeded: Seeded): Promise<Verdict> {
  const started = Date.now();
  const played = await withPatch(scratch, seeded.file, async () => play(scratch, seeded.caughtBy));
  return { seeded, ...judge(played), seconds: (Date.now() - started) / 1_000 };
}

/** A bug is caught by a failure whose message begins with the id of a law. */
export function judge(played: Played): Pick<Verdict, "caught" | "message"> {
  if ("failure" in played) return { caught: undefined, message: played.failure };
  const failed = played.outcomes.filter(({ passed }) => !passed);
  for (const { contract, reason } of failed) {
    const law = lawOf(reason);
    if (law !== undefined) return { caught: { contract, law }, message: reason };
  }
  const [first] = failed;
  if (first) return { caught: undefined, message: `failed, but by no law: ${first.reason}` };
  return { caught: undefined, message: "nothing failed" };
}
