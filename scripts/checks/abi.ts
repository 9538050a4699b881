// What our contracts can be asked, kept in audit/abi, one readable line for each function, event and error.
//   npm run abi              fails on any difference
//   npm run abi -- --write   renews the files
import { loadDeployables } from "./build";
import { runChecks } from "./report";
import { signaturesOf } from "./signatures";
import { lineDifferences, readTexts, writeTexts } from "./snapshots";
import type { Texts } from "./snapshots";

const FOLDER = "audit/abi";

async function currentSignatures(): Promise<Texts> {
  return new Map(
    (await loadDeployables()).map(({ contractName, abi }) => [`${contractName}.txt`, signaturesOf(abi)] as const),
  );
}

async function checkSignatures(): Promise<string[]> {
  const differences = lineDifferences(await readTexts(FOLDER), await currentSignatures());
  return differences.length === 0 ? [] : [...differences, "if that is meant: npm run abi -- --write, and commit it"];
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--write")) await writeTexts(FOLDER, await currentSignatures());
  await runChecks({ "abi: equal to audit/abi": checkSignatures });
}

void main(process.argv.slice(2));
