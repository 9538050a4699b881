import { childrenOf, field, isNode, rangeOf, textOf } from "./ast";
import type { Node, Range } from "./ast";

/** The kinds of change that are made to the contracts. */
export const OPERATORS = [
  "arithmetic",
  "boundary",
  "negation",
  "boolean",
  "always",
  "never",
  "assignment",
  "deletion",
  "rounding",
  "modifier",
] as const;

/** A kind of change. */
export type Operator = (typeof OPERATORS)[number];

/** A change at one place of a file. */
export interface Edit extends Range {
  readonly operator: Operator;
  readonly text: string;
}

type Swaps = Readonly<Record<string, string>>;

const ARITHMETIC: Swaps = { "+": "-", "-": "+", "*": "/", "/": "*", "%": "*" };
const BOUNDARY: Swaps = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const NEGATION: Swaps = { "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };
const BOOLEAN: Swaps = { "&&": "||", "||": "&&" };
const ASSIGNMENT: Swaps = { "+=": "-=", "-=": "+=" };
const INCREMENT: Swaps = { "++": "--", "--": "++" };

/** All changes below a node, in the order of the source. Code in assembly stays as it is. */
export function editsOf(node: Node, source: Buffer): Edit[] {
  const below = childrenOf(node).filter((child) => !isHead(node, child));
  return [...editsAt(node, source), ...below.flatMap((child) => editsOf(child, source))].sort(
    (one, other) => one.start - other.start || one.end - other.end,
  );
}

/** A loop that counts otherwise does not end or does nothing: any test finds that. */
function isHead(node: Node, child: Node): boolean {
  return (
    node.nodeType === "ForStatement" &&
    [node.initializationExpression, node.condition, node.loopExpression].includes(child)
  );
}

function isRevert(body: Node): boolean {
  const statements = Array.isArray(body.statements) ? body.statements.filter(isNode) : [body];
  return statements.length === 1 && statements[0]?.nodeType === "RevertStatement";
}

function editsAt(node: Node, source: Buffer): Edit[] {
  switch (node.nodeType) {
    case "BinaryOperation":
      return binary(node, source);
    case "Assignment":
      return replaced(node, [field(node, "leftHandSide"), field(node, "rightHandSide")], source, {
        assignment: ASSIGNMENT,
      });
    case "UnaryOperation":
      return unary(node);
    case "IfStatement":
      return condition(field(node, "condition"), isRevert(field(node, "trueBody")));
    case "Conditional":
      return condition(field(node, "condition"), false);

    case "Block":
    case "UncheckedBlock":
      return deletions(node, source);
    case "FunctionCall":
      return extreme(node);
    case "MemberAccess":
      return rounding(node, textOf(node, "memberName"));
    case "Identifier":
      return rounding(node, textOf(node, "name"));
    case "ModifierInvocation":
      return [{ operator: "modifier", ...rangeOf(node), text: "" }];
    default:
      return [];
  }
}

function binary(node: Node, source: Buffer): Edit[] {
  return replaced(node, [field(node, "leftExpression"), field(node, "rightExpression")], source, {
    arithmetic: ARITHMETIC,
    boundary: BOUNDARY,
    negation: NEGATION,
    boolean: BOOLEAN,
  });
}

/** The operator stands between both sides, beside spaces, brackets and comments. */
function replaced(
  node: Node,
  [left, right]: readonly [Node, Node],
  source: Buffer,
  kinds: Partial<Record<Operator, Swaps>>,
): Edit[] {
  const sign = textOf(node, "operator");
  const between = { start: rangeOf(left).end, end: rangeOf(right).start };
  const offset = source.subarray(between.start, between.end).indexOf(sign);
  if (offset < 0) throw new Error(`there is no ${sign} in the middle of ${node.src}`);
  const start = between.start + offset;
  return OPERATORS.flatMap((operator) => {
    const text = kinds[operator]?.[sign];
    return text === undefined ? [] : [{ operator, start, end: start + sign.length, text }];
  });
}

function unary(node: Node): Edit[] {
  const text = INCREMENT[textOf(node, "operator")];
  if (text === undefined) return [];
  const { start, end } = rangeOf(node);
  return [
    node.prefix === true
      ? { operator: "assignment", start, end: start + 2, text }
      : { operator: "assignment", start: end - 2, end, text },
  ];
}

/** Where all that follows is a revert, any test finds one that always comes. */
function condition(node: Node, guards: boolean): Edit[] {
  const range = rangeOf(node);
  const never: Edit = { operator: "never", ...range, text: "false" };
  return guards ? [never] : [{ operator: "always", ...range, text: "true" }, never];
}

/**
 * Calls, assignments and reverts. What is the whole of a block is left: that its condition never holds does the same.
 * An event is no money.
 */
function deletions(block: Node, source: Buffer): Edit[] {
  const statements = Array.isArray(block.statements) ? block.statements.filter(isNode) : [];
  if (statements.length < 2) return [];
  return statements
    .filter(({ nodeType }) => nodeType === "ExpressionStatement" || nodeType === "RevertStatement")
    .map((node) => {
      const { start, end } = rangeOf(node);
      return { operator: "deletion", start, end: source.indexOf(";", end) + 1, text: "" };
    });
}

/** A division that rounds down unless it is told otherwise, and the lesser of two for the greater. */
function extreme(node: Node): Edit[] {
  const called = field(node, "expression");
  const given = Array.isArray(node.arguments) ? node.arguments.length : 0;
  const { end } = rangeOf(node);
  switch (textOf(called, "memberName")) {
    case "mulDiv":
      return given === 3 ? [{ operator: "rounding", start: end - 1, end: end - 1, text: ", Math.Rounding.Ceil" }] : [];
    case "min":
      return [{ operator: "boundary", start: rangeOf(called).end - 3, end: rangeOf(called).end, text: "max" }];
    case "max":
      return [{ operator: "boundary", start: rangeOf(called).end - 3, end: rangeOf(called).end, text: "min" }];
    default:
      return [];
  }
}

/** `Floor` for `Ceil` and the other way round, at the end of a name or as the whole of it. */
function rounding(node: Node, name: string): Edit[] {
  const found = /(Floor|Ceil|^floor|^ceil)$/.exec(name)?.[1];
  if (found === undefined) return [];
  const { end } = rangeOf(node);
  const other: Swaps = { Floor: "Ceil", Ceil: "Floor", floor: "ceil", ceil: "floor" };
  return [{ operator: "rounding", start: end - found.length, end, text: other[found] ?? found }];
}
