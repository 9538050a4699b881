import { z } from "zod";

/** What Halmos found out about a check. */
export type Verdict = "proven" | "refuted" | "timeout" | "stuck" | "always reverts" | "failed" | "incomplete";

/** A check that was run. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Paths through the code that were followed. */
  readonly paths: number;
}

/** Halmos' own numbers. */
const VERDICTS: Readonly<Record<number, Verdict>> = {
  0: "proven",
  1: "refuted",
  2: "timeout",
  3: "stuck",
  4: "always reverts",
  5: "failed",
};

const result = z.object({
  name: z.string(),
  exitcode: z.int(),
  num_paths: z.tuple([z.int(), z.int(), z.int()]).nullable(),
  num_bounded_loops: z.int().nullable(),
});

const report = z.object({ test_results: z.record(z.string(), z.array(result)) });

/** The outcome of the one check in Halmos' JSON. A loop that was left before its end proves nothing. */
export function outcomeIn(json: unknown, name: string): Outcome {
  const results = Object.values(report.parse(json).test_results).flat();
  const [only, ...more] = results.filter((each) => each.name.split("(")[0] === name);
  if (only === undefined || more.length > 0)
    throw new Error(`Halmos ran ${name} ${more.length + (only === undefined ? 0 : 1)} times, not once`);
  const verdict = VERDICTS[only.exitcode] ?? "failed";
  const cut = verdict === "proven" && (only.num_bounded_loops ?? 0) > 0;
  return { verdict: cut ? "incomplete" : verdict, paths: only.num_paths?.[0] ?? 0 };
}
