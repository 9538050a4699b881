import type {
  ContractDefinition,
  StateVariableDeclaration,
  StructDefinition,
} from "@solidity-parser/parser/dist/src/ast-types";
import { erc7201Slot } from "../lib/erc7201";

import { at, contractsOf, docAbove, loadSources, type Source } from "./solidity";

const ANNOTATION = /@custom:storage-location\s+erc7201:(\S+)/;
const SLOT_NAME = /(_STORAGE|_SLOT|_LOCATION)$/;

interface Namespace {
  readonly id: string;
  readonly struct: StructDefinition;
}

/** Namespaces of a contract: its structs whose doc comment, right above, carries the annotation. */
function namespacesOf(source: Source, contract: ContractDefinition): Namespace[] {
  return contract.subNodes
    .filter((node): node is StructDefinition => node.type === "StructDefinition")
    .flatMap((struct) => {
      const id = ANNOTATION.exec(docAbove(source, struct))?.[1];
      return id === undefined ? [] : [{ id, struct }];
    });
}

function slotConstantsOf(contract: ContractDefinition): StateVariableDeclaration[] {
  return contract.subNodes
    .filter((node): node is StateVariableDeclaration => node.type === "StateVariableDeclaration")
    .filter(
      ({ variables: [variable] }) => (variable?.isDeclaredConst ?? false) && SLOT_NAME.test(variable?.name ?? ""),
    );
}

/**
 * Recomputes each root slot from the name in its annotation. Every annotated struct has its constant in the same
 * contract, in the same order, no constant stands alone, and no two contracts share a namespace.
 */
export function slotProblems(sources: readonly Source[]): string[] {
  const owners = new Map<string, string>();
  return sources.flatMap((source) =>
    contractsOf(source).flatMap((contract) => {
      const namespaces = namespacesOf(source, contract);
      const constants = slotConstantsOf(contract);
      const problems: string[] = [];
      if (namespaces.length !== constants.length) {
        problems.push(
          `${at(source, contract)}: ${contract.name} has ${namespaces.length} structs with ` +
            `@custom:storage-location and ${constants.length} root constants (…_STORAGE, …_SLOT, …_LOCATION)`,
        );
      }
      namespaces.forEach(({ id, struct }, index) => {
        const owner = owners.get(id);
        if (owner !== undefined) problems.push(`${at(source, struct)}: namespace ${id} already belongs to ${owner}`);
        owners.set(id, contract.name);
        const constant = constants[index];
        if (constant === undefined) return;
        const value = constant.initialValue;
        const literal = value?.type === "NumberLiteral" ? value.number.toLowerCase() : undefined;
        const expected = erc7201Slot(id);
        if (literal !== expected) {
          problems.push(`${at(source, constant)}: the root of ${id} is ${expected}, not ${literal ?? "an expression"}`);
        }
      });
      return problems;
    }),
  );
}

/** ERC-7201 roots of our own contracts; the local model has the plain slots of what it stands for. */
export async function checkSlots(): Promise<string[]> {
  return slotProblems((await loadSources("contracts")).filter(({ name }) => !name.startsWith("contracts/local/")));
}
