// Storage layouts of everything upgradeable, kept in audit/layouts and compared with the compiled contracts.
//   npm run layout              fails on any difference, and says whether an upgrade over it would be safe
//   npm run layout -- --write   renews the snapshots
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import type { StorageLayout } from "@openzeppelin/upgrades-core";

import { filesUnder } from "../lib/files";
import { SNAPSHOTS, currentLayouts, layoutDanger, snapshotOf } from "./layouts";
import { runChecks } from "./report";

function differences(name: string, kept: string | undefined, layout: StorageLayout): string[] {
  const current = snapshotOf(layout);
  if (kept === current) return [];
  if (kept === undefined) return [`${name}: has no snapshot`];
  const danger = layoutDanger(kept, current);
  const verdict = danger === undefined ? "an upgrade over it is safe" : `an upgrade over it is NOT safe:\n${danger}`;
  return [`${name}: differs from its snapshot; ${verdict}`];
}

async function checkLayouts(): Promise<string[]> {
  const layouts = await currentLayouts();
  const files = await filesUnder(SNAPSHOTS, ".json");
  const kept = new Map(
    await Promise.all(files.map(async (file) => [path.basename(file, ".json"), await readFile(file, "utf8")] as const)),
  );
  const stale = [...kept.keys()].filter((name) => !layouts.has(name));
  const found = [
    ...stale.map((name) => `${name}: has a snapshot in audit/layouts, but there is no such contract`),
    ...[...layouts].flatMap(([name, layout]) => differences(name, kept.get(name), layout)),
  ];
  return found.length === 0 ? [] : [...found, "if that is meant: npm run layout -- --write, and commit it"];
}

/** Whatever lies outside a namespace collides with the next base contract that grows. */
async function checkNamespaced(): Promise<string[]> {
  return [...(await currentLayouts())]
    .filter(([, { storage }]) => storage.length > 0)
    .map(([name, { storage }]) => `${name}: ${storage.map(({ label }) => label).join(", ")} outside of a namespace`);
}

async function writeSnapshots(): Promise<void> {
  await rm(SNAPSHOTS, { recursive: true, force: true });
  await mkdir(SNAPSHOTS, { recursive: true });
  for (const [name, layout] of await currentLayouts()) {
    await writeFile(path.join(SNAPSHOTS, `${name}.json`), snapshotOf(layout));
    console.log(`wrote audit/layouts/${name}.json`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--write")) await writeSnapshots();
  await runChecks({
    "layout: all state is namespaced": checkNamespaced,
    "layout: equal to audit/layouts": checkLayouts,
  });
}

void main(process.argv.slice(2));
