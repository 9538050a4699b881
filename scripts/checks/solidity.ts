import { readFile } from "node:fs/promises";
import path from "node:path";

import { parse } from "@solidity-parser/parser";
import type {
  BaseASTNode,
  ContractDefinition,
  ImportDirective,
  SourceUnit,
} from "@solidity-parser/parser/dist/src/ast-types";

import { ROOT, filesUnder } from "../lib/files";

/** A Solidity file, parsed. `name` is its path from the root of the repository, with forward slashes. */
export interface Source {
  readonly name: string;
  readonly text: string;
  readonly unit: SourceUnit;
}

/** Parses `text` as if it were the file `name`. */
export function parseSource(name: string, text: string): Source {
  return { name, text, unit: parse(text, { loc: true, range: true }) };
}

/** All Solidity files under the given folders of the repository. */
export async function loadSources(...folders: string[]): Promise<Source[]> {
  const files = (await Promise.all(folders.map((folder) => filesUnder(path.join(ROOT, folder), ".sol")))).flat();
  return Promise.all(
    files.map(async (file) => {
      const name = path.relative(ROOT, file).split(path.sep).join("/");
      return parseSource(name, await readFile(file, "utf8"));
    }),
  );
}

/** Contracts, libraries and interfaces of a file. */
export function contractsOf(source: Source): ContractDefinition[] {
  return source.unit.children.filter((node): node is ContractDefinition => node.type === "ContractDefinition");
}

/** What a file imports: paths from the root of the repository, or the names of packages as they are written. */
export function importsOf(source: Source): { readonly target: string; readonly node: ImportDirective }[] {
  return source.unit.children
    .filter((node): node is ImportDirective => node.type === "ImportDirective")
    .map((node) => ({
      target: node.path.startsWith(".") ? path.posix.join(path.posix.dirname(source.name), node.path) : node.path,
      node,
    }));
}

/** `file:line`, which editors and terminals turn into a link. */
export function at(source: Source, node: BaseASTNode): string {
  return `${source.name}:${node.loc?.start.line ?? 1}`;
}

/** The comment that ends right above a node. */
export function docAbove(source: Source, node: BaseASTNode): string {
  const lines = source.text
    .slice(0, node.range?.[0] ?? 0)
    .trimEnd()
    .split("\n");
  const first = lines.findLastIndex((line) => !/^\s*(\/\/|\/\*|\*)/.test(line));
  return lines.slice(first + 1).join("\n");
}
