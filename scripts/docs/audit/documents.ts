import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { ROOT } from "../../lib/files";

import { dependenciesDocument } from "./dependencies";
import { invariantsDocument } from "./invariants";
import { powersDocument } from "./powers";

/** Documents under `audit/` that are made, by their path, and how each is. */
export const DOCUMENTS: Readonly<Record<string, () => Promise<string>>> = {
  "audit/powers.md": powersDocument,
  "audit/invariants.md": invariantsDocument,
  "audit/dependencies.md": dependenciesDocument,
};

/** Writes all of them. */
export async function writeDocuments(): Promise<void> {
  for (const [file, make] of Object.entries(DOCUMENTS)) await writeFile(path.join(ROOT, file), await make());
}

/** Ways in which what is kept is not what would be written. */
export async function documentDifferences(): Promise<string[]> {
  const differences: string[] = [];
  for (const [file, make] of Object.entries(DOCUMENTS)) {
    const kept = await readFile(path.join(ROOT, file), "utf8").catch(() => undefined);
    if (kept !== (await make())) differences.push(`${file} is ${kept === undefined ? "missing" : "out of date"}`);
  }
  return differences;
}
