import type {
  BaseASTNode,
  ContractDefinition,
  CustomErrorDefinition,
  EventDefinition,
  FunctionDefinition,
  StateVariableDeclaration,
  VariableDeclaration,
} from "@solidity-parser/parser/dist/src/ast-types";

import { at, contractsOf, docAbove, loadSources, type Source } from "./solidity";

const LOCAL = "contracts/local/";

/** A doc comment, taken apart. */
interface Doc {
  readonly inherited: boolean;
  readonly title: boolean;
  readonly notice: boolean;
  readonly params: ReadonlySet<string>;
  readonly returns: ReadonlySet<string>;
}

function parseDoc(comment: string): Doc {
  const text = comment.replace(/^\s*(\/\/\/|\/\*\*|\*\/|\*)/gm, "").trim();
  const names = (tag: string): ReadonlySet<string> =>
    new Set([...text.matchAll(new RegExp(`@${tag}\\s+([\\w$]+)\\s+\\S`, "g"))].map(([, name = ""]) => name));
  return {
    inherited: /@inheritdoc\s+\w/.test(text),
    title: /@title\s+\S/.test(text),
    // Text without a tag is a notice to the compiler as well.
    notice: /@notice\s+\S/.test(text) || /^[^@\s]/.test(text),
    params: names("param"),
    returns: names("return"),
  };
}

type Documented = FunctionDefinition | EventDefinition | CustomErrorDefinition | StateVariableDeclaration;

/** What can be called, read, caught or listened to from outside. */
function isExternal(node: BaseASTNode): node is Documented {
  switch (node.type) {
    case "EventDefinition":
    case "CustomErrorDefinition":
      return true;
    case "FunctionDefinition": {
      const { visibility, isConstructor } = node as FunctionDefinition;
      return !isConstructor && (visibility === "external" || visibility === "public");
    }
    case "StateVariableDeclaration":
      return (node as StateVariableDeclaration).variables.some(({ visibility }) => visibility === "public");
    default:
      return false;
  }
}

function nameOf(node: Documented): string {
  return node.type === "StateVariableDeclaration" ? (node.variables[0]?.name ?? "") : (node.name ?? "receive");
}

/** Errors carry their arguments' names; functions and events have units and rounding to tell. */
function missingTags(node: Documented, doc: Doc): string[] {
  if (doc.inherited) return [];
  const names = (variables: readonly VariableDeclaration[]): string[] => variables.flatMap(({ name }) => name ?? []);
  const params = node.type === "FunctionDefinition" || node.type === "EventDefinition" ? names(node.parameters) : [];
  const returns = node.type === "FunctionDefinition" ? names(node.returnParameters ?? []) : [];
  return [
    ...(doc.notice ? [] : ["@notice"]),
    ...params.filter((name) => !doc.params.has(name)).map((name) => `@param ${name}`),
    ...returns.filter((name) => !doc.returns.has(name)).map((name) => `@return ${name}`),
  ];
}

function contractProblems(source: Source, contract: ContractDefinition): string[] {
  const doc = parseDoc(docAbove(source, contract));
  const missing = [...(doc.title ? [] : ["@title"]), ...(doc.notice ? [] : ["@notice"])];
  return missing.length === 0 ? [] : [`${at(source, contract)}: ${contract.name} lacks ${missing.join(", ")}`];
}

/** What is external and not, or not wholly, explained. */
export function natSpecProblems(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    contractsOf(source).flatMap((contract) => {
      // The local model mirrors functions that are explained in the interfaces of what it stands for.
      const members = source.name.startsWith(LOCAL) ? [] : contract.subNodes.filter(isExternal);
      return [
        ...contractProblems(source, contract),
        ...members.flatMap((node) => {
          const missing = missingTags(node, parseDoc(docAbove(source, node)));
          return missing.length === 0 ? [] : [`${at(source, node)}: ${nameOf(node)} lacks ${missing.join(", ")}`];
        }),
      ];
    }),
  );
}

/** NatSpec of everything under `contracts/`. */
export async function checkNatSpec(): Promise<string[]> {
  return natSpecProblems(await loadSources("contracts"));
}
