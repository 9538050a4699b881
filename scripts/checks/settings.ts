import { readFile } from "node:fs/promises";
import path from "node:path";

import { ROOT } from "../lib/files";
import { solidity, type SoliditySettings } from "../tasks/settings";
import { at, loadSources } from "./solidity";

/** The values of the keys of `[profile.default]`, as they are written. */
function defaultProfile(toml: string): Map<string, string> {
  const section = toml.split(/^\[/m).find((part) => part.startsWith("profile.default]")) ?? "";
  return new Map(
    [...section.matchAll(/^(\w+) = (.+)$/gm)].map(([, key = "", value = ""]) => [key, value.trim()] as const),
  );
}

/** Where `foundry.toml` says something else than `solidity.json`. */
export function foundryDrift(toml: string, { settings }: SoliditySettings): string[] {
  const profile = defaultProfile(toml);
  const expected = {
    solc: '"./scripts/solc"',
    evm_version: `"${settings.evmVersion}"`,
    optimizer: String(settings.optimizer.enabled),
    optimizer_runs: String(settings.optimizer.runs),
    via_ir: String(settings.viaIR),
  };
  return Object.entries(expected)
    .filter(([key, value]) => profile.get(key) !== value)
    .map(([key, value]) => `foundry.toml: ${key} is ${profile.get(key) ?? "not set"}, solidity.json asks for ${value}`);
}

/** Compiler version and settings are the same wherever they have to be repeated. */
export async function checkSettings(): Promise<string[]> {
  const read = (file: string): Promise<string> => readFile(path.join(ROOT, file), "utf8");
  const problems = foundryDrift(await read("foundry.toml"), solidity);

  const manifest = JSON.parse(await read("package.json")) as { devDependencies: Record<string, string> };
  if (manifest.devDependencies.solc !== solidity.version) {
    problems.push(`package.json: solc is ${manifest.devDependencies.solc ?? "missing"}, not ${solidity.version}`);
  }
  for (const source of await loadSources("contracts", "test")) {
    const pragma = source.unit.children.find((node) => node.type === "PragmaDirective");
    if (pragma?.type === "PragmaDirective" && pragma.value === solidity.version) continue;
    problems.push(`${pragma ? at(source, pragma) : source.name}: needs "pragma solidity ${solidity.version};"`);
  }
  return problems;
}
