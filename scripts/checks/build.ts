import { readFile } from "node:fs/promises";
import path from "node:path";

import type { JsonFragment } from "ethers";

import { ROOT, filesUnder } from "../lib/files";

/** A node of the compiler's syntax tree, in as much as the checks look at it. */
export interface AstNode {
  readonly id: number;
  readonly nodeType: string;
  readonly src: string;
  readonly [field: string]: unknown;
}

/** A diagnostic of the compiler. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string };
}

/** One run of the compiler, as Hardhat keeps it. */
export interface BuildInfo {
  readonly output: {
    readonly errors?: readonly Diagnostic[];
    readonly sources: Readonly<Record<string, { readonly ast: AstNode }>>;
  };
}

/** A compiled contract together with the compiler run that it came from. */
export interface Artifact {
  readonly sourceName: string;
  readonly contractName: string;
  readonly abi: readonly JsonFragment[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly build: BuildInfo;
}

const ARTIFACTS = path.join(ROOT, "artifacts");

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

/** Artifacts whose source lies under one of the folders; the project must have been compiled. */
export async function loadArtifacts(...folders: string[]): Promise<Artifact[]> {
  const files = (await Promise.all(folders.map((folder) => filesUnder(path.join(ARTIFACTS, folder), ".json")))).flat();
  const builds = new Map<string, Promise<BuildInfo>>();
  const artifacts = await Promise.all(
    files
      .filter((file) => !file.endsWith(".dbg.json"))
      .map(async (file) => {
        const artifact = await readJson<Omit<Artifact, "build">>(file);
        const { buildInfo } = await readJson<{ buildInfo: string }>(file.replace(/\.json$/, ".dbg.json"));
        const origin = path.resolve(path.dirname(file), buildInfo);
        const build = builds.get(origin) ?? readJson<BuildInfo>(origin);
        builds.set(origin, build);
        return { ...artifact, build: await build };
      }),
  );
  if (artifacts.length === 0) throw new Error(`nothing compiled under ${folders.join(", ")}: run npm run compile`);
  return artifacts;
}

/** All nodes at and below `value`. */
export function* nodesOf(value: unknown): Generator<AstNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
  } else if (typeof value === "object" && value !== null) {
    if ("nodeType" in value) yield value as AstNode;
    for (const child of Object.values(value)) yield* nodesOf(child);
  }
}

/** The definition of a contract in the syntax tree of its compiler run. */
export function definitionOf({ build, sourceName, contractName }: Artifact): AstNode {
  const unit = build.output.sources[sourceName]?.ast;
  for (const node of nodesOf(unit?.nodes)) {
    if (node.nodeType === "ContractDefinition" && node.name === contractName) return node;
  }
  throw new Error(`${sourceName} has no syntax tree of ${contractName}: run npx hardhat compile --force`);
}

/** Whether the contract can be deployed by itself: no interface, no library, nothing abstract. */
export function isDeployable(artifact: Artifact): boolean {
  const { contractKind, abstract } = definitionOf(artifact);
  return contractKind === "contract" && abstract === false;
}

/** Our own contracts that get deployed. */
export async function loadDeployables(): Promise<Artifact[]> {
  const folders = ["contracts/adapters", "contracts/ethereum", "contracts/polygon", "contracts/shared"];
  return (await loadArtifacts(...folders)).filter(isDeployable);
}
