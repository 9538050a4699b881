import { readFile } from "node:fs/promises";
import path from "node:path";

import {
  getContractVersion,
  getStorageLayout,
  getStorageUpgradeReport,
  withValidationDefaults,
  type StorageLayout,
  type ValidationDataCurrent,
} from "@openzeppelin/upgrades-core";

import { ROOT } from "../lib/files";
import { loadDeployables } from "./build";

/** Where the snapshots of storage layouts are. */
export const SNAPSHOTS = path.join(ROOT, "audit/layouts");
const VALIDATIONS = path.join(ROOT, "cache/validations.json");

/** Types are called by the number of their syntax tree node, which changes with every edit anywhere. */
function withoutNodeNumbers(json: string): string {
  return json.replace(/\)\d+(?=[_,")])/g, ")");
}

/** The layout as it is kept: what says where each byte is, and nothing that moves with the text of the source. */
export function snapshotOf(layout: StorageLayout): string {
  const stable = (key: string, value: unknown): unknown => {
    if (key === "astId" || key === "solcVersion") return undefined;
    return key === "src" && typeof value === "string" ? value.replace(/:\d+$/, "") : value;
  };
  return `${withoutNodeNumbers(JSON.stringify(layout, stable, 2))}\n`;
}

/** Layouts of the deployable contracts that stand behind a proxy, by contract name. */
export async function currentLayouts(): Promise<Map<string, StorageLayout>> {
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

/** Why an upgrade from one snapshot to another would corrupt what is stored; undefined if it would not. */
export function layoutDanger(from: string, to: string): string | undefined {
  const report = getStorageUpgradeReport(
    JSON.parse(from) as StorageLayout,
    JSON.parse(to) as StorageLayout,
    withValidationDefaults({ kind: "uups" }),
  );
  return report.ok ? undefined : report.explain(false);
}
