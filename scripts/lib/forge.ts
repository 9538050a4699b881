import { spawn } from "node:child_process";

import { z } from "zod";

/** What `npm test` gives to forge, so that a failure can be had again. */
export const FIXED_SEED = "0x616e6b724d41544943";

/** What a process printed, and its exit code; -1 if a signal ended it. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => err.push(data));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

/** Runs forge in a tree that has `scripts/forge`. */
export async function runForge(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  return runProgram(process.execPath, ["scripts/forge", ...args], { cwd: root, env });
}

const RESULTS = z.record(
  z.string(),
  z.object({
    test_results: z.record(
      z.string(),
      z.object({
        status: z.string(),
        reason: z.string().nullable(),
        kind: z.looseObject({ Invariant: z.looseObject({ runs: z.number(), calls: z.number() }).optional() }),
      }),
    ),
  }),
);

/** How a test of forge ended. */
export interface TestOutcome {
  readonly contract: string;
  readonly test: string;
  readonly passed: boolean;
  readonly reason: string;
  /** Sequences and calls of a campaign; 0 for other tests. */
  readonly runs: number;
  readonly calls: number;
}

/** What `forge test --json` printed, test by test; undefined if it got no further than the compiler. */
export function readOutcomes(stdout: string): readonly TestOutcome[] | undefined {
  let results: z.infer<typeof RESULTS>;
  try {
    results = RESULTS.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
  return Object.entries(results).flatMap(([suite, { test_results: tests }]) =>
    Object.entries(tests).map(([test, { status, reason, kind }]) => ({
      contract: suite.slice(suite.lastIndexOf(":") + 1),
      test,
      passed: status === "Success",
      reason: reason ?? "",
      runs: kind.Invariant?.runs ?? 0,
      calls: kind.Invariant?.calls ?? 0,
    })),
  );
}

/** The id that begins the message of an assertion, whatever forge says before it. */
export function lawOf(reason: string): string | undefined {
  return /(?:^|: )([A-Z]\d+[a-z]?): /.exec(reason)?.[1];
}

/** Pattern for `--match-contract` that has just these. */
export function onlyContracts(names: readonly string[]): string {
  return `^(${names.join("|")})$`;
}
