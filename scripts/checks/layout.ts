// Storage layouts of everything upgradeable, kept in audit/layouts and compared with the compiled contracts.
//   npm run layout              fails on any difference, and says whether an upgrade over it would be safe
//   npm run layout -- --write   renews the snapshots
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import {
  getContractVersion,
  getStorageLayout,
  getStorageUpgradeReport,
  withValidationDefaults,
  type StorageLayout,
  type ValidationDataCurrent,
} from "@openzeppelin/upgrades-core";

import { ROOT, filesUnder } from "../lib/files";
import { loadDeployables } from "./build";
import { runChecks } from "./report";

const SNAPSHOTS = path.join(ROOT, "audit/layouts");
const VALIDATIONS = path.join(ROOT, "cache/validations.json");

/** Types are called by the number of their syntax tree node, which changes with every edit anywhere. */
function withoutNodeNumbers(json: string): string {
  return json.replace(/\)\d+(?=[_,")])/g, ")");
}

/** The layout as it is kept: what says where each byte is, and nothing that moves with the text of the source. */
function snapshotOf(layout: StorageLayout): string {
  const stable = (key: string, value: unknown): unknown => {
    if (key === "astId" || key === "solcVersion") return undefined;
    return key === "src" && typeof value === "string" ? value.replace(/:\d+$/, "") : value;
  };
  return `${withoutNodeNumbers(JSON.stringify(layout, stable, 2))}\n`;
}

/** Layouts of the deployable contracts that stand behind a proxy, by contract name. */
async function currentLayouts(): Promise<Map<string, StorageLayout>> {
  const data = JSON.parse(await readFile(VALIDATIONS, "utf8")) as ValidationDataCurrent;
  const layouts = new Map<string, StorageLayout>();
  for (const { sourceName, contractName } of await loadDeployables()) {
    const name = `${sourceName}:${contractName}`;
    const run = data.log.find((candidate) => name in candidate);
    if (run === undefined) throw new Error(`${name} was not validated: run npx hardhat compile --force`);
    const isUpgradeable = run[name]?.inherit.some((base) => base.endsWith(":UUPSUpgradeable")) ?? false;
    if (isUpgradeable) layouts.set(contractName, getStorageLayout(data, getContractVersion(run, name)));
  }
  return layouts;
}

function differences(name: string, kept: string | undefined, layout: StorageLayout): string[] {
  const current = snapshotOf(layout);
  if (kept === current) return [];
  if (kept === undefined) return [`${name}: has no snapshot; npm run layout -- --write makes one`];
  const report = getStorageUpgradeReport(
    JSON.parse(kept) as StorageLayout,
    JSON.parse(current) as StorageLayout,
    withValidationDefaults({ kind: "uups" }),
  );
  const verdict = report.ok
    ? "an upgrade over it is safe"
    : `an upgrade over it is NOT safe:\n${report.explain(false)}`;
  return [`${name}: differs from its snapshot; ${verdict}`];
}

async function checkLayouts(): Promise<string[]> {
  const layouts = await currentLayouts();
  const files = await filesUnder(SNAPSHOTS, ".json");
  const kept = new Map(
    await Promise.all(files.map(async (file) => [path.basename(file, ".json"), await readFile(file, "utf8")] as const)),
  );
  const stale = [...kept.keys()].filter((name) => !layouts.has(name));
  return [
    ...stale.map((name) => `${name}: has a snapshot in audit/layouts, but there is no such contract`),
    ...[...layouts].flatMap(([name, layout]) => differences(name, kept.get(name), layout)),
  ];
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
