// Sizes of our contracts in bytes, kept in audit/sizes.json; the limits are hardhat-contract-sizer's to check.
//   npm run size              fails on any difference
//   npm run size -- --write   renews the file
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { ROOT } from "../lib/files";
import { loadDeployables } from "./build";
import { runChecks } from "./report";
import { sizeDifferences } from "./sizeDifferences";
import type { Sizes } from "./sizeDifferences";

const FILE = path.join(ROOT, "audit/sizes.json");

const schema = z.record(z.string(), z.object({ runtime: z.number(), initcode: z.number() }));

const bytesOf = (code: string): number => (code.length - "0x".length) / 2;

async function currentSizes(): Promise<Sizes> {
  const sizes = (await loadDeployables()).map(
    ({ contractName, bytecode, deployedBytecode }) =>
      [contractName, { runtime: bytesOf(deployedBytecode), initcode: bytesOf(bytecode) }] as const,
  );
  return Object.fromEntries(sizes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function checkSizes(): Promise<string[]> {
  const kept = schema.parse(JSON.parse(await readFile(FILE, "utf8").catch(() => "{}")));
  const differences = sizeDifferences(kept, await currentSizes());
  return differences.length === 0 ? [] : [...differences, "if that is meant: npm run size -- --write, and commit it"];
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--write")) await writeFile(FILE, `${JSON.stringify(await currentSizes(), undefined, 2)}\n`);
  await runChecks({ "size: equal to audit/sizes.json": checkSizes });
}

void main(process.argv.slice(2));
