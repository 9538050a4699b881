import { readFile } from "node:fs/promises";
import path from "node:path";

import { ROOT } from "../../lib/files";

import { titlesIn } from "./proofs";

/** Findings and attacks, by id, which each have one row. */
const IDS: readonly string[] = [
  ...Array.from({ length: 8 }, (_, index) => `Polygon-${index + 1}`),
  ...Array.from({ length: 99 }, (_, index) => `A${String(index + 1).padStart(2, "0")}`),
];

/** What stands in the place of a test where an attack does not apply. */
const NONE = "none";

interface Row {
  readonly id: string;
  readonly test: string;
  /** Tests that it names, from the root. */
  readonly files: readonly string[];
}

function rowsIn(text: string): Row[] {
  return [...text.matchAll(/^\| (A\d+|Polygon-\d+) .*$/gm)].map(([line, id = ""]) => {
    const test = line.split("|").at(-2)?.trim() ?? "";
    return { id, test, files: [...test.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = ""]) => file) };
  });
}

/** What carries ids in a file: titles of tests, or the text where titles are no strings. */
async function bearersIn(file: string): Promise<readonly string[] | undefined> {
  const text = await readFile(path.join(ROOT, file), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return file.endsWith(".ts") ? [...titlesIn(text)] : [text];
}

async function problemsOf({ id, test, files }: Row): Promise<string[]> {
  if (test === NONE) return [];
  const found = await Promise.all(files.map(async (file) => [file, await bearersIn(file)] as const));
  const missing = found.filter(([, bearers]) => bearers === undefined).map(([file]) => `${id}: ${file} does not exist`);
  const word = new RegExp(`\\b${id}\\b`);
  if (found.some(([, bearers]) => bearers?.some((bearer) => word.test(bearer)))) return missing;
  return [...missing, `${id}: no title in the tests of its row carries it`];
}

/** Ids of `audit/findings.md` without a row, or with two, and rows whose tests do not carry their id. */
export async function findingProblems(text: string): Promise<string[]> {
  const rows = rowsIn(text);
  const counted = IDS.map((id) => [id, rows.filter((row) => row.id === id).length] as const);
  return [
    ...counted.filter(([, count]) => count !== 1).map(([id, count]) => `${id}: has ${count} rows`),
    ...(await Promise.all(rows.map(problemsOf))).flat(),
  ];
}
