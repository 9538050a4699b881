import { Interface, type FunctionFragment } from "ethers";

import { definitionOf, loadArtifacts, loadDeployables, nodesOf, type Artifact } from "./build";

/** Set up once, by the deployment: no part of what the contract offers. */
const SET_UP = "initialize";

/** Getters of public constants and immutables, which say what they are where they are declared. */
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/** The function's signature with the names of its arguments. */
export function namedSignature({ name, inputs }: FunctionFragment): string {
  return `${name}(${inputs.map((input) => input.format("full")).join(", ")})`;
}

function functionsOf(artifacts: readonly Artifact[]): Map<string, FunctionFragment> {
  const functions = new Map<string, FunctionFragment>();
  for (const { abi } of artifacts) {
    new Interface(abi).forEachFunction((fragment) => functions.set(fragment.selector, fragment));
  }
  return functions;
}

/** Contracts and interfaces that `artifact` inherits from, itself left out. */
function basesOf(artifact: Artifact, known: readonly Artifact[]): Artifact[] {
  const ids = new Set(definitionOf(artifact).linearizedBaseContracts as number[]);
  const names = new Set<string>();
  for (const [sourceName, { ast }] of Object.entries(artifact.build.output.sources)) {
    for (const node of nodesOf(ast.nodes)) {
      if (node.nodeType === "ContractDefinition" && ids.has(node.id)) names.add(`${sourceName}:${String(node.name)}`);
    }
  }
  return known.filter((other) => other !== artifact && names.has(`${other.sourceName}:${other.contractName}`));
}

/** What the interface of a contract lacks, or calls by another name. */
function interfaceProblems(artifact: Artifact, known: readonly Artifact[]): string[] {
  const { sourceName, contractName } = artifact;
  const bases = basesOf(artifact, known);
  const own = bases.find((base) => base.contractName === `I${contractName}`);
  if (own === undefined) return [`${sourceName}: ${contractName} does not inherit I${contractName}`];

  const declared = functionsOf([own]);
  const library = functionsOf(bases.filter((base) => base.sourceName.startsWith("@openzeppelin/")));
  return [...functionsOf([artifact])].flatMap(([selector, fragment]) => {
    if (library.has(selector) || fragment.name === SET_UP || CONSTANT.test(fragment.name)) return [];
    const promise = declared.get(selector);
    if (promise === undefined) {
      return [`${sourceName}: ${fragment.format("sighash")} is missing in I${contractName}`];
    }
    // A name that is left out is an argument that the implementation does not use.
    const kept = fragment.inputs.every(({ name }, index) => name === "" || name === promise.inputs[index]?.name);
    if (kept) return [];
    return [`${sourceName}: ${namedSignature(fragment)} is ${namedSignature(promise)} in I${contractName}`];
  });
}

/**
 * Every deployed contract has an interface of its own that says all that can be called on it, in the same words; only
 * what a library brings along (proxy upgrades, authority) is left out.
 */
export async function checkInterfaces(): Promise<string[]> {
  const known = await loadArtifacts("contracts", "@openzeppelin");
  return (await loadDeployables()).flatMap((artifact) => interfaceProblems(artifact, known));
}
