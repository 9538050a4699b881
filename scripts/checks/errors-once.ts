import type { BaseASTNode, CustomErrorDefinition } from "@solidity-parser/parser/dist/src/ast-types";

import { at, contractsOf, loadSources, type Source } from "./solidity";

const isError = (node: BaseASTNode): node is CustomErrorDefinition => node.type === "CustomErrorDefinition";

/** Second declarations: a custom error belongs to the one interface or library that owns the concept. */
export function duplicateErrors(sources: readonly Source[]): string[] {
  const first = new Map<string, string>();
  return sources.flatMap((source) => {
    const nodes: BaseASTNode[] = [...source.unit.children, ...contractsOf(source).flatMap(({ subNodes }) => subNodes)];
    return nodes.filter(isError).flatMap((error) => {
      const place = at(source, error);
      const owner = first.get(error.name);
      if (owner !== undefined) return [`${place}: error ${error.name} is declared in ${owner} already; import it`];
      first.set(error.name, place);
      return [];
    });
  });
}

/** Custom errors of our own contracts; the local model mirrors errors of others. */
export async function checkErrorsOnce(): Promise<string[]> {
  return duplicateErrors((await loadSources("contracts")).filter(({ name }) => !name.startsWith("contracts/local/")));
}
