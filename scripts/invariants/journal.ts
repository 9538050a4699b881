import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { ROOT } from "../lib/files";

import type { Part } from "./parts";

const ENTRY = z.object({
  contract: z.string(),
  index: z.number(),
  runs: z.number(),
  depth: z.number(),
  seed: z.string(),
  calls: z.number(),
  seconds: z.number(),
  /** What failed; empty if nothing did. */
  failure: z.string(),
});

/** A part that was played. */
export type Entry = z.infer<typeof ENTRY>;

/** What was played on the same contracts and tests; without a file it is forgotten at the end. */
export interface Journal {
  readonly file: string | undefined;
  readonly entries: Entry[];
}

/** Opens the journal of a key, which names contracts and tests. */
export async function openJournal(key: string | undefined): Promise<Journal> {
  if (key === undefined) return { file: undefined, entries: [] };
  const file = path.join(ROOT, "cache", "invariants", `${key}.jsonl`);
  const text = await readFile(file, "utf8").catch(() => "");
  return { file, entries: readEntries(text) };
}

/** Lines that are whole: the last one is not if the process was ended while it wrote. */
export function readEntries(text: string): Entry[] {
  return text.split("\n").flatMap((line) => {
    try {
      return [ENTRY.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** Keeps a part that was played. */
export async function note(journal: Journal, entry: Entry): Promise<void> {
  journal.entries.push(entry);
  if (journal.file === undefined) return;
  await mkdir(path.dirname(journal.file), { recursive: true });
  await appendFile(journal.file, `${JSON.stringify(entry)}\n`);
}

/** How a part ended when it was played last, with the same size and seed. */
export function playedBefore({ entries }: Journal, part: Part): Entry | undefined {
  return entries.findLast(
    ({ contract, index, runs, depth, seed }) =>
      contract === part.contract &&
      index === part.index &&
      runs === part.runs &&
      depth === part.depth &&
      seed === part.seed,
  );
}

/** Parts that are still to be played: those that failed are played again. */
export function left(journal: Journal, parts: readonly Part[]): Part[] {
  return parts.filter((part) => playedBefore(journal, part)?.failure !== "");
}
