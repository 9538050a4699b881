// What is made from the contracts and kept: the reference of our interfaces in docs/reference, documents in audit/.
//   npm run docs               writes it
//   npm run docs -- --check    fails if it is out of date
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { documentDifferences, writeDocuments } from "./audit/documents";
import { REFERENCE, differencesBetween, writeReference } from "./reference";

async function check(): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), "reference-"));
  try {
    await writeReference(scratch);
    const reference = (await differencesBetween(REFERENCE, scratch)).map((line) => `docs/reference/${line}`);
    const differences = [...reference, ...(await documentDifferences())];
    for (const line of differences) console.error(line);
    if (differences.length > 0) throw new Error("Documents are out of date: run npm run docs, and commit them");
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function write(): Promise<void> {
  await rm(REFERENCE, { recursive: true, force: true });
  await writeReference(REFERENCE);
  await writeDocuments();
}

const [option, ...rest] = process.argv.slice(2);
const known = rest.length === 0 && (option === undefined || option === "--check");
const run = known ? (option === undefined ? write() : check()) : Promise.reject(new Error("The one option is --check"));
run.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
