import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { ROOT } from "../lib/files";

import { isNode, textOf } from "./ast";
import type { Node } from "./ast";

/** What of Hardhat's build info is used. */
interface BuildInfo {
  readonly input: {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly sources: Readonly<Record<string, { readonly content: string }>>;
  };
  readonly output: {
    readonly sources: Readonly<Record<string, { readonly ast: Node }>>;
    readonly contracts: Readonly<Record<string, Readonly<Record<string, Compiled>>>>;
  };
}

interface Compiled {
  readonly evm: { readonly bytecode: Linked; readonly deployedBytecode: Linked };
}

interface Linked {
  readonly object: string;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, Compiled>>>>;
}

/** Code that deploys a contract, and what it leaves on the chain; without `0x`. */
export interface Code {
  readonly creation: string;
  readonly runtime: string;
}

/** Code by contract. */
export type Codes = ReadonlyMap<string, Code>;

/** The contracts as they are built. */
export interface Build {
  /** The tree of a file. */
  unit(file: string): Node;
  text(file: string): string;
  code(contract: string): Code;
  /** Compiles contracts with the text of one file changed; nothing if the compiler refuses. */
  compile(contracts: readonly string[], file: string, text: string): Codes | undefined;
  /** The contracts without a change, but with other metadata: what fails with these does not look at what they do. */
  control(contracts: readonly string[]): Codes;
}

/** Reads what `npm run compile` wrote. */
export async function loadBuild(): Promise<Build> {
  const folder = path.join(ROOT, "artifacts/build-info");
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const { default: solc } = (await import("solc")) as { default: { compile(input: string): string } };
  const infos = names.map((name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as BuildInfo);

  const infoWith = (file: string): BuildInfo => {
    const found = infos.find(({ input, output }) => {
      const source = input.sources[file];
      return source !== undefined && file in output.sources && source.content === onDisk(file);
    });
    if (found === undefined) throw new Error(`${file} is not built as it is now: run npm run compile`);
    return found;
  };
  const files = new Map<string, string>();
  for (const { output } of infos) {
    for (const [file, contracts] of Object.entries(output.contracts)) {
      for (const name of Object.keys(contracts)) if (/^(contracts|test)\//.test(file)) files.set(name, file);
    }
  }
  const fileOf = (contract: string): string => {
    const file = files.get(contract);
    if (file === undefined) throw new Error(`There is no contract ${contract} in artifacts/: run npm run compile`);
    return file;
  };
  const text = (file: string): string => infoWith(file).input.sources[file]?.content ?? "";
  const compile = (contracts: readonly string[], changed: Readonly<Record<string, string>>): Codes | undefined => {
    const { input, output } = infoWith(Object.keys(changed)[0] ?? "");
    const needed = new Set(contracts.flatMap((contract) => [...sourcesOf(output, fileOf(contract))]));
    const sources = Object.fromEntries(
      [...needed].map((name) => [name, { content: changed[name] ?? input.sources[name]?.content ?? "" }]),
    );
    const kinds = ["evm.bytecode.object", "evm.deployedBytecode.object"];
    const outputSelection = Object.fromEntries(contracts.map((contract) => [fileOf(contract), { [contract]: kinds }]));
    const settings = { ...input.settings, outputSelection };
    const result = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings }))) as Output;
    if (result.errors?.some(({ severity }) => severity === "error")) return undefined;
    return new Map(contracts.map((contract) => [contract, codeOf(result, fileOf(contract), contract)]));
  };
  const controls = new Map<string, Codes>();
  return {
    text,
    unit: (file) => {
      const source = infoWith(file).output.sources[file];
      if (source === undefined) throw new Error(`${file} has no tree`);
      return source.ast;
    },
    code: (contract) => codeOf(infoWith(fileOf(contract)).output, fileOf(contract), contract),
    compile: (contracts, file, changed) => compile(contracts, { [file]: changed }),
    control: (contracts) => {
      const files = [...new Set(contracts.map(fileOf))];
      const known = controls.get(contracts.join());
      const control =
        known ?? compile(contracts, Object.fromEntries(files.map((f) => [f, `${text(f)}// As built.\n`])));
      if (control === undefined) throw new Error(`${contracts.join()} cannot be compiled`);
      controls.set(contracts.join(), control);
      return control;
    },
  };
}

/** Whether two codes do the same: the hash of the source at their end differs in any case. */
export function isSameCode(one: Code, other: Code): boolean {
  return withoutMetadata(one.creation) === withoutMetadata(other.creation);
}

/** The last two bytes say how long the metadata before them is. */
export function withoutMetadata(code: string): string {
  const length = Number.parseInt(code.slice(-4), 16) * 2 + 4;
  return code.slice(0, -length);
}

function codeOf(output: Output, file: string, contract: string): Code {
  const compiled = output.contracts?.[file]?.[contract];
  if (compiled === undefined) throw new Error(`${contract} of ${file} was not compiled`);
  return { creation: compiled.evm.bytecode.object, runtime: compiled.evm.deployedBytecode.object };
}

function onDisk(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

/** A file and all that it imports, directly or not. */
function sourcesOf(output: BuildInfo["output"], file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const nodes: unknown = output.sources[file]?.ast.nodes;
  for (const node of Array.isArray(nodes) ? nodes.filter(isNode) : []) {
    if (node.nodeType === "ImportDirective") sourcesOf(output, textOf(node, "absolutePath"), seen);
  }
  return seen;
}
