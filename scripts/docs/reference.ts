import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { main as docgen } from "solidity-docgen/dist/main";
import type { Build } from "solidity-docgen/dist/site";

import { loadArtifacts } from "../checks/build";
import { ROOT, filesUnder } from "../lib/files";

/** Where the reference is kept. */
export const REFERENCE = path.join(ROOT, "docs/reference");

const INTERFACES = "contracts/interfaces";
const INDEX = "README.md";

/** Writes the reference of our interfaces, and of the standards that they extend, to a folder. */
export async function writeReference(folder: string): Promise<void> {
  const artifacts = await loadArtifacts(INTERFACES);
  await docgen([...new Set(artifacts.map(({ build }) => build as unknown as Build))], {
    root: ROOT,
    sourcesDir: INTERFACES,
    exclude: ["external"],
    outputDir: path.relative(ROOT, folder),
    pages: "files",
    templates: "scripts/docs/templates",
  });
  const pages = await pagesOf(folder);
  for (const [name, text] of pages) await writeFile(path.join(folder, name), tidy(text));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, INDEX), indexOf(pages));
}

/** Every page of a folder by its name, the index not. */
export async function pagesOf(folder: string): Promise<Map<string, string>> {
  const files = (await filesUnder(folder, ".md")).filter((file) => path.basename(file) !== INDEX);
  const names = files.map((file) => path.relative(folder, file).split(path.sep).join("/"));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return new Map(names.map((name, place) => [name, texts[place] ?? ""]));
}

/** Ways in which the pages of a folder are not those that they should be. */
export async function differencesBetween(kept: string, wanted: string): Promise<string[]> {
  const [before, after] = await Promise.all([allOf(kept), allOf(wanted)]);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => {
      if (!before.has(name)) return `${name} is missing`;
      return after.has(name) ? `${name} is out of date` : `${name} is of an interface that is gone`;
    });
}

async function allOf(folder: string): Promise<Map<string, string>> {
  const pages = await pagesOf(folder);
  pages.set(INDEX, await readFile(path.join(folder, INDEX), "utf8").catch(() => ""));
  return pages;
}

function tidy(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

function indexOf(pages: ReadonlyMap<string, string>): string {
  const lines = [...pages].map(([name, text]) => {
    const [heading = "", , title = ""] = text.trimStart().split("\n");
    return `- [${heading.replace(/^# /, "")}](${name}): ${title}`;
  });
  return [
    "# Reference of the interfaces",
    "",
    "Made from their NatSpec by `npm run docs`. What a contract declares by itself is in its interface too.",
    "",
    ...lines,
    "",
  ].join("\n");
}
