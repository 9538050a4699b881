import { createHash } from "node:crypto";

import { childrenOf, textOf } from "./ast";
import type { Node } from "./ast";
import { editsOf } from "./operators";
import type { Edit, Operator } from "./operators";

/** A file with one change. */
export interface Mutant {
  /** Of file, function, kind of change, and number within these; other functions may change without it. */
  readonly id: string;
  readonly file: string;
  /** Function or modifier that the change is in. */
  readonly where: string;
  readonly edit: Edit;
  readonly line: number;
  /** The line as it was, and as it is. */
  readonly before: string;
  readonly after: string;
}

/** Of changes that are many and alike, one in so many is made, by the hash of its id: the same ones each time. */
const ONE_IN: Partial<Record<Operator, number>> = {
  deletion: 3,
  always: 3,
  never: 3,
  boundary: 2,
  assignment: 2,
  boolean: 2,
  modifier: 2,
};

/** What is done once, when a contract is deployed, and what every test would find. */
const LEFT_OUT = new Set(["constructor", "initialize"]);

/** Whether a mutant is one of those that are made. */
export function isMade({ id, where, edit: { operator } }: Mutant): boolean {
  const hash = createHash("sha256").update(id).digest().readUInt32BE();
  return !LEFT_OUT.has(where) && hash % (ONE_IN[operator] ?? 1) === 0;
}

/** All mutants of a file: of what its functions and modifiers do, not of constants and declarations. */
export function mutantsOf(file: string, text: string, unit: Node): Mutant[] {
  const source = Buffer.from(text);
  const counts = new Map<string, number>();
  return functionsOf(unit).flatMap((node) => {
    const where = nameOf(node);
    return thinned(editsOf(node, source)).map((edit) => {
      const key = `${file.replace(/^contracts\//, "")}:${where}:${edit.operator}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return { id: `${key}:${count}`, file, where, edit, ...lineOf(source, edit) };
    });
  });
}

/** The source of a file with the change in it. */
export function mutated(text: string, { start, end, text: put }: Edit): string {
  const source = Buffer.from(text);
  return Buffer.concat([source.subarray(0, start), Buffer.from(put), source.subarray(end)]).toString();
}

/**
 * A condition that is one comparison would have four mutants: that it always or never holds is at least as easy to find
 * as its negation, so that one is left out.
 */
function thinned(edits: readonly Edit[]): Edit[] {
  const conditions = edits.filter(({ operator }) => operator === "never");
  const within = ({ start, end }: Edit): boolean =>
    conditions.some((condition) => condition.start < start && end < condition.end);
  return edits.filter((edit) => edit.operator !== "negation" || !within(edit));
}

function functionsOf(node: Node): Node[] {
  if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition") return [node];
  return childrenOf(node).flatMap(functionsOf);
}

/** A constructor has a kind and no name. */
function nameOf(node: Node): string {
  const name = textOf(node, "name");
  return name === "" ? textOf(node, "kind") : name;
}

/** The change in one line, also where an expression is longer than that. */
function lineOf(source: Buffer, edit: Edit): Pick<Mutant, "line" | "before" | "after"> {
  const { start, end } = edit;
  const first = source.lastIndexOf("\n", start - 1) + 1;
  const next = source.indexOf("\n", end);
  const last = next < 0 ? source.length : next;
  const flat = (part: string): string => part.replaceAll(/\s+/g, " ").trim();
  const [head, tail] = [source.subarray(first, start).toString(), source.subarray(end, last).toString()];
  return {
    line: source.subarray(0, start).toString().split("\n").length,
    before: flat(`${head}${source.subarray(start, end).toString()}${tail}`),
    after: flat(`${head}${edit.text}${tail}`),
  };
}
