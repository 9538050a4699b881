import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { ROOT, filesUnder } from "../lib/files";

/** Texts by the names of their files. */
export type Texts = ReadonlyMap<string, string>;

/** The files of a folder from the root of the repository, by name. */
export async function readTexts(folder: string): Promise<Texts> {
  const files = await filesUnder(path.join(ROOT, folder), "");
  return new Map(
    await Promise.all(files.map(async (file) => [path.basename(file), await readFile(file, "utf8")] as const)),
  );
}

/** Makes these the files of a folder, and no others. */
export async function writeTexts(folder: string, texts: Texts): Promise<void> {
  await rm(path.join(ROOT, folder), { recursive: true, force: true });
  await mkdir(path.join(ROOT, folder), { recursive: true });
  for (const [name, text] of texts) await writeFile(path.join(ROOT, folder, name), text);
}

/** Files and lines that came and that went. */
export function lineDifferences(kept: Texts, current: Texts): string[] {
  return [...new Set([...kept.keys(), ...current.keys()])].sort().flatMap((name) => {
    const [before, now] = [kept.get(name), current.get(name)];
    if (before === now) return [];
    if (before === undefined) return [`${name}: is missing`];
    if (now === undefined) return [`${name}: is kept, and of nothing that there is`];
    const [old, own] = [before.split("\n"), now.split("\n")];
    const lines = [
      ...old.filter((line) => !own.includes(line)).map((line) => `${name}: - ${line}`),
      ...own.filter((line) => !old.includes(line)).map((line) => `${name}: + ${line}`),
    ];
    return lines.length === 0 ? [`${name}: has its lines in another order, or twice`] : lines;
  });
}
