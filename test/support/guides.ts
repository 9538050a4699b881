import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

import hre from "hardhat";
import { ArgumentsParser } from "hardhat/internal/cli/ArgumentsParser";
import { HARDHAT_PARAM_DEFINITIONS } from "hardhat/internal/core/params/hardhat-params";
import ts from "typescript";

import { ROOT } from "../../scripts/lib/files";
import * as packageEntry from "../../scripts/package/entry";

/** A fenced block of a guide. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** A guide whose TypeScript is run block by block. */
export interface RunningGuide {
  /** What the blocks have declared so far, by name. */
  readonly scope: Readonly<Record<string, unknown>>;
  /** Runs the next block of TypeScript. */
  next(): Promise<void>;
  /** How many blocks of TypeScript are left. */
  left(): number;
}

/** A command of a guide, as Hardhat understands it. */
export interface Command {
  readonly task: string;
  readonly network: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
}

const load = createRequire(__filename);

/** The fenced blocks of a guide in `docs/guides`, in their order. */
export async function blocksOf(guide: string): Promise<Block[]> {
  const text = await readFile(path.join(ROOT, "docs/guides", `${guide}.md`), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", block = ""]) => ({
    language,
    text: block,
  }));
}

/** The blocks of one language. */
export async function textsOf(guide: string, language: string): Promise<string[]> {
  return (await blocksOf(guide)).filter((block) => block.language === language).map(({ text }) => text);
}

/** A guide with the variables that its code may use. The package is what the repository would pack. */
export async function runGuide(guide: string, variables: Readonly<Record<string, unknown>>): Promise<RunningGuide> {
  const blocks = await textsOf(guide, "ts");
  const values: Record<string, unknown> = { ...variables };
  const imported = (name: string): unknown => (name === "@ankr/ankrmatic" ? packageEntry : load(name));
  const scope = new Proxy(values, {
    // Names that nothing has declared yet are declared by an assignment, and not in the global object.
    has: (target, key) => key !== "imported" && (key in target || !(key in globalThis)),
    get: (target, key) => {
      if (typeof key === "symbol") return undefined;
      if (!(key in target)) throw new Error(`${guide}.md uses ${key}, which nothing declares`);
      return target[key];
    },
  });
  let place = 0;
  return {
    scope: values,
    left: () => blocks.length - place,
    async next() {
      const block = blocks[place];
      if (block === undefined) throw new Error(`${guide}.md has no more blocks`);
      place += 1;
      const body = `return (async () => { with (scope) {\n${statementsOf(block)}\n} })()`;
      const run = vm.compileFunction(body, ["scope", "imported"], { filename: `${guide}.md#${place}` }) as (
        scope: object,
        imported: (name: string) => unknown,
      ) => Promise<void>;
      await run(scope, imported);
    },
  };
}

/** Declarations at the top as assignments, so that the next block sees what they declare. */
function statementsOf(block: string): string {
  // An import may be used by a later block.
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  const source = ts.createSourceFile("block.js", ts.transpile(block, options), ts.ScriptTarget.ES2022, true);
  return source.statements
    .flatMap((statement) => {
      if (ts.isImportDeclaration(statement)) return [importOf(statement)];
      if (!ts.isVariableStatement(statement)) return [statement.getText()];
      return statement.declarationList.declarations.map(
        ({ name, initializer }) => `(${name.getText()} = ${initializer?.getText() ?? "undefined"});`,
      );
    })
    .join("\n");
}

function importOf({ importClause, moduleSpecifier }: ts.ImportDeclaration): string {
  const names = importClause?.namedBindings;
  if (names === undefined || !ts.isNamedImports(names)) throw new Error("guides import by name");
  return `(${names.getText()} = imported(${moduleSpecifier.getText()}));`;
}

/** The Hardhat commands of a guide. Fails if Hardhat would not take one. */
export async function commandsOf(guide: string): Promise<Command[]> {
  const lines = (await textsOf(guide, "sh")).flatMap((text) => text.split("\n"));
  return lines.filter((line) => line.startsWith("npx hardhat ")).map(commandOf);
}

function commandOf(line: string): Command {
  const words = line
    .replace(/\s+#.*$/, "")
    .split(/\s+/)
    .slice(2);
  const parser = new ArgumentsParser();
  const { hardhatArguments, allUnparsedCLAs } = parser.parseHardhatArguments(
    HARDHAT_PARAM_DEFINITIONS,
    {} as Parameters<ArgumentsParser["parseHardhatArguments"]>[1],
    words,
  );
  const { taskName, unparsedCLAs } = parser.parseScopeAndTaskNames(allUnparsedCLAs, hre.tasks, hre.scopes);
  const definition = hre.tasks[taskName];
  if (definition === undefined) throw new Error(`${line}: there is no such task`);
  const { network } = hardhatArguments;
  if (network !== undefined && !(network in hre.config.networks)) throw new Error(`${line}: there is no such network`);
  const args = parser.parseTaskArguments(definition, unparsedCLAs) as Command["args"];
  return { task: taskName, network, args };
}

/** The Solidity of a guide as a file of the repository would have it. */
export async function solidityOf(guide: string): Promise<string[]> {
  return (await textsOf(guide, "solidity")).map((text) => text.replaceAll('"@ankr/ankrmatic/', '"../../../'));
}
