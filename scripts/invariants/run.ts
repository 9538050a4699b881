import { rm } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { ROOT } from "../lib/files";
import { onlyContracts, readOutcomes, runForge } from "../lib/forge";

import type { Entry } from "./journal";
import { environmentOf } from "./parts";
import type { Campaign, Part } from "./parts";

const LIST = z.record(z.string(), z.record(z.string(), z.array(z.string())));

const LONG = { FOUNDRY_PROFILE: "long" };

/** Which campaigns there are. */
export async function listCampaigns(): Promise<Campaign[]> {
  const { code, stdout, stderr } = await runForge(ROOT, ["test", "--list", "--json"], LONG);
  if (code !== 0) throw new Error(`The contracts do not compile:\n${stderr}`);
  // The compiler's words come first.
  const listed = LIST.parse(JSON.parse(stdout.slice(stdout.indexOf("{"))));
  return Object.values(listed)
    .flatMap((contracts) => Object.entries(contracts))
    .map(([contract, tests]) => ({ contract, stateful: tests.some((test) => test.startsWith("invariant_")) }))
    .sort((a, b) => (a.contract < b.contract ? -1 : 1));
}

/**
 * Compiles what the campaigns need, by the shortest of runs, before several forges would do it at the same time: what is
 * compiled depends on what is to be run.
 */
export async function compileFor(campaigns: readonly Campaign[]): Promise<void> {
  const names = campaigns.map(({ contract }) => contract);
  const { stdout, stderr } = await runForge(ROOT, ["test", "--json", "--match-contract", onlyContracts(names)], {
    ...LONG,
    FOUNDRY_INVARIANT_RUNS: "1",
    FOUNDRY_INVARIANT_DEPTH: "1",
    FOUNDRY_FUZZ_RUNS: "1",
  });
  if (readOutcomes(stdout) === undefined) throw new Error(`forge does not run:\n${stderr}`);
}

/** Plays a part. */
export async function playPart(part: Part): Promise<Entry> {
  const started = Date.now();
  // Of its own, or a failure of one part would be tried first in all others.
  const failures = path.join(ROOT, "cache", "invariants", "failures", `${part.contract}-${part.index}`);
  await rm(failures, { recursive: true, force: true });
  const args = ["test", "--json", "--match-contract", onlyContracts([part.contract]), "--fuzz-seed", part.seed];
  const { stdout, stderr } = await runForge(ROOT, args, {
    ...environmentOf(part),
    FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR: failures,
    FOUNDRY_FUZZ_FAILURE_PERSIST_DIR: failures,
  });
  const outcomes = readOutcomes(stdout);
  const failed = outcomes?.filter(({ passed }) => !passed).map(({ test, reason }) => `${test}: ${reason}`);
  const played = outcomes?.reduce((sum, { runs }) => sum + runs, 0) ?? 0;
  return {
    ...part,
    calls: outcomes?.reduce((sum, { calls }) => sum + calls, 0) ?? 0,
    seconds: (Date.now() - started) / 1_000,
    failure: failed === undefined ? `forge did not run: ${stderr.trim().slice(-300)}` : shortfall(part, played, failed),
  };
}

/** What failed, or that less was played than was asked for. */
function shortfall({ runs }: Part, played: number, failed: readonly string[]): string {
  if (failed.length > 0) return failed.join("; ");
  return played < runs ? `forge played ${played} sequences of ${runs}: does the test set its own number?` : "";
}
