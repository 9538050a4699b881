import { lawOf } from "../lib/forge";

import type { Seeded } from "./patch";
import { closeScratch, openScratches, play, withPatch } from "./scratch";
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
  readonly seconds: number;
}

/** Says what goes on, a line at a time. */
export type Tell = (line: string) => void;

/** Plays what catches the bugs without any of them, then with each of them, in as many scratch copies as told. */
export async function runSeeded(
  bugs: readonly Seeded[],
  jobs: number,
  tell: Tell,
): Promise<{ readonly controls: readonly Control[]; readonly verdicts: readonly Verdict[] }> {
  const contracts = [...new Set(bugs.flatMap(({ caughtBy }) => caughtBy))].sort();
  const controls: Control[] = [];
  const verdicts: Verdict[] = [];
  const tasks = [
    ...contracts.map((contract) => async (scratch: Scratch): Promise<void> => {
      const control = await runControl(scratch, contract);
      controls.push(control);
      tell(`${control.passed ? "passed  " : "FAILED  "} ${contract} without a bug ${control.message}`);
    }),
    ...bugs.map((seeded) => async (scratch: Scratch): Promise<void> => {
      const verdict = await runOne(scratch, seeded);
      verdicts.push(verdict);
      const said = verdict.caught ? "caught  " : "SURVIVED";
      tell(`${said} ${seeded.file.split("/").at(-1) ?? ""}, ${Math.round(verdict.seconds)} s: ${verdict.message}`);
    }),
  ];
  const queue = tasks.values();
  const scratches = await openScratches(Math.min(jobs, tasks.length));
  try {
    await Promise.all(
      scratches.map(async (scratch) => {
        for (const task of queue) await task(scratch);
      }),
    );
  } finally {
    await Promise.all(scratches.map(closeScratch));
  }
  return {
    controls: controls.sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    verdicts: verdicts.sort((a, b) => (a.seeded.file < b.seeded.file ? -1 : 1)),
  };
}

async function runControl(scratch: Scratch, contract: string): Promise<Control> {
  const started = Date.now();
  const played = await play(scratch, [contract]);
  const seconds = (Date.now() - started) / 1_000;
  if ("failure" in played) return { contract, passed: false, message: played.failure, seconds };
  const failed = played.outcomes.find(({ passed }) => !passed);
  return { contract, passed: failed === undefined, message: failed?.reason ?? "", seconds };
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
