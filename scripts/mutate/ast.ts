/** A node of solc's syntax tree; what else it has depends on its kind. */
export interface Node {
  readonly nodeType: string;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly [field: string]: unknown;
}

/** Where a node stands in its file, in bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether a value of the tree is a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

/** Where a node begins and ends. */
export function rangeOf(node: Node): Range {
  const [start = NaN, length = NaN] = node.src.split(":").map(Number);
  if (Number.isNaN(start) || Number.isNaN(length)) throw new Error(`${node.src} is no place in a source`);
  return { start, end: start + length };
}

/** The nodes right below a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value: unknown): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
    .sort((one, other) => rangeOf(one).start - rangeOf(other).start);
}

/** The node that a field holds. */
export function field(node: Node, name: string): Node {
  const value = node[name];
  if (!isNode(value)) throw new Error(`${node.nodeType} at ${node.src} has no ${name}`);
  return value;
}

/** The text that a field holds; empty if it holds none. */
export function textOf(node: Node, name: string): string {
  const value = node[name];
  return typeof value === "string" ? value : "";
}
