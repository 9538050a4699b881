import type {
  BaseASTNode,
  ContractDefinition,
  FunctionDefinition,
  Mapping,
  StateVariableDeclaration,
  StructDefinition,
} from "@solidity-parser/parser/dist/src/ast-types";
import { visit } from "@solidity-parser/parser";

import { at, contractsOf, loadSources, type Source } from "./solidity";

const MAX_FILE_LINES = 500;
const MAX_COLUMNS = 120;
const MAX_PARAMETERS = 5;
const INITIALIZER = /^_{0,2}(re)?initialize|_init(_unchained)?$/;

const isFunction = (node: BaseASTNode): node is FunctionDefinition => node.type === "FunctionDefinition";
const isVariable = (node: BaseASTNode): node is StateVariableDeclaration => node.type === "StateVariableDeclaration";
const isStruct = (node: BaseASTNode): node is StructDefinition => node.type === "StructDefinition";

/** The sections of a contract, in the order in which they stand. */
const SECTIONS = [
  "using",
  "type",
  "constant",
  "storage",
  "immutable",
  "event or error",
  "modifier",
  "constructor",
  "initializer",
  "function",
  "_authorizeUpgrade",
] as const;
type Section = (typeof SECTIONS)[number];

const SECTIONS_BY_TYPE: Readonly<Partial<Record<BaseASTNode["type"], readonly Section[]>>> = {
  UsingForDeclaration: ["using"],
  StructDefinition: ["type", "storage"],
  EnumDefinition: ["type"],
  TypeDefinition: ["type"],
  EventDefinition: ["event or error"],
  CustomErrorDefinition: ["event or error"],
  ModifierDefinition: ["modifier"],
};

/** The sections in which a member may stand: a namespace's struct and its root constant belong together. */
function sectionsOf(node: BaseASTNode): readonly Section[] {
  if (isVariable(node)) {
    const [variable] = node.variables;
    if (variable?.isDeclaredConst) return ["constant", "storage"];
    return variable?.isImmutable ? ["immutable"] : ["storage"];
  }
  if (isFunction(node)) {
    if (node.isConstructor) return ["constructor"];
    if (node.name === "_authorizeUpgrade") return ["_authorizeUpgrade"];
    return INITIALIZER.test(node.name ?? "") ? ["initializer", "function"] : ["function"];
  }
  const sections = SECTIONS_BY_TYPE[node.type];
  if (sections === undefined) throw new Error(`scripts/checks/style.ts has no section for ${node.type}: add it`);
  return sections;
}

function orderProblems(source: Source, contract: ContractDefinition): string[] {
  if (contract.kind === "interface") return [];
  let reached = 0;
  for (const node of contract.subNodes) {
    const next = sectionsOf(node)
      .map((section) => SECTIONS.indexOf(section))
      .find((rank) => rank >= reached);
    if (next === undefined) {
      const [section] = sectionsOf(node);
      return [`${at(source, node)}: ${section} after ${SECTIONS[reached]}; the order is ${SECTIONS.join(", ")}`];
    }
    reached = next;
  }
  return [];
}

/** Events and errors of a contract are part of its interface; a library may own those of its concept. */
function placementProblems(source: Source, contract: ContractDefinition): string[] {
  if (contract.kind === "interface" || contract.kind === "library") return [];
  return contract.subNodes
    .filter(({ type }) => type === "EventDefinition" || type === "CustomErrorDefinition")
    .map((node) => `${at(source, node)}: events and errors of ${contract.name} belong in its interface`);
}

/** A leading underscore marks what cannot be called or read from outside; constants are told by their capitals. */
function underscoreProblems(source: Source, contract: ContractDefinition): string[] {
  if (contract.kind === "interface" || contract.kind === "library") return [];
  const named = contract.subNodes.flatMap((node): { node: BaseASTNode; name: string; hidden: boolean }[] => {
    if (isFunction(node) && node.name !== null && node.name !== "") {
      return [{ node, name: node.name, hidden: node.visibility === "internal" || node.visibility === "private" }];
    }
    if (!isVariable(node)) return [];
    return node.variables
      .filter((variable) => !variable.isDeclaredConst && !variable.isImmutable)
      .map(({ name, visibility }) => ({ node, name: name ?? "", hidden: visibility !== "public" }));
  });
  return named
    .filter(({ name, hidden }) => name.startsWith("_") !== hidden)
    .map(({ node, name, hidden }) => `${at(source, node)}: ${name} must ${hidden ? "" : "not "}start with _`);
}

/** Signatures that a standard or a live integration fixes are public; everything else is ours to keep short. */
function parameterProblems(source: Source, contract: ContractDefinition): string[] {
  return contract.subNodes
    .filter(isFunction)
    .filter(
      ({ visibility, isConstructor }) => !isConstructor && (visibility === "internal" || visibility === "private"),
    )
    .filter(({ parameters }) => parameters.length > MAX_PARAMETERS)
    .map(
      (node) =>
        `${at(source, node)}: ${node.name ?? ""} takes ${node.parameters.length} parameters, ` +
        `more than ${MAX_PARAMETERS}: pass a struct`,
    );
}

/** The linter looks at state variables alone, and ours live in structs. */
function mappingProblems(source: Source): string[] {
  const problems: string[] = [];
  const report = (mapping: Mapping): void => {
    if (mapping.keyName === null) problems.push(`${at(source, mapping)}: name the key of this mapping`);
  };
  for (const struct of contractsOf(source).flatMap(({ subNodes }) => subNodes.filter(isStruct))) {
    visit(struct, { Mapping: report });
  }
  return problems;
}

function lengthProblems(source: Source): string[] {
  const lines = source.text.trimEnd().split("\n").length;
  return lines > MAX_FILE_LINES ? [`${source.name}: ${lines} lines, more than ${MAX_FILE_LINES}: split it`] : [];
}

/** The formatter never breaks an import of a single name; whatever else is too long is text, which it leaves alone. */
const UNBREAKABLE = /^import \{[^,]+\} from "[^"]+";$/;

/** Lines that are wider than the screen. */
export function widthProblems(sources: readonly Source[]): string[] {
  return sources.flatMap(({ name, text }) =>
    text.split("\n").flatMap((line, index) => {
      if (line.length <= MAX_COLUMNS || UNBREAKABLE.test(line)) return [];
      return [`${name}:${index + 1}: ${line.length} columns, more than ${MAX_COLUMNS}`];
    }),
  );
}

/** The parts of the house style that solhint has no rule for. */
export function styleProblems(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => [
    ...lengthProblems(source),
    ...mappingProblems(source),
    ...contractsOf(source).flatMap((contract) => [
      ...orderProblems(source, contract),
      ...placementProblems(source, contract),
      ...underscoreProblems(source, contract),
      ...parameterProblems(source, contract),
    ]),
  ]);
}

/** House style of what is deployed. The local model follows the shape of the contracts that it stands for. */
export async function checkStyle(): Promise<string[]> {
  const sources = await loadSources("contracts", "test");
  const own = sources.filter(({ name }) => name.startsWith("contracts/") && !name.startsWith("contracts/local/"));
  return [...widthProblems(sources), ...styleProblems(own)];
}
