import ts from "typescript";

import { FIELDS, unreadable } from "./rows";
import type { Problem, Row, Rows } from "./rows";

/** An entry of the list, or the text of what is wrong with it. */
type Entry = { readonly address: string; readonly shares: string } | { readonly wrong: readonly string[] };

/**
 * Reads an array of `{ "address": "0x…", "shares": "wei" }`. `JSON.parse` says whether it is JSON; what it makes of it has
 * neither lines nor the digits of large numbers, so the entries are read from the syntax tree.
 */
export function readJson(text: string): Rows {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return unreadable(lineOfError(text, message), `this is no JSON: ${message}`);
  }
  const source = ts.parseJsonText("list.json", text);
  const list = source.statements[0]?.expression;
  if (list === undefined || !ts.isArrayLiteralExpression(list)) {
    return unreadable(undefined, 'the file must be an array of { "address": …, "shares": … }');
  }
  const rows: Row[] = [];
  const problems: Problem[] = [];
  for (const element of list.elements) {
    const line = source.getLineAndCharacterOfPosition(element.getStart(source)).line + 1;
    const entry = entryOf(element);
    if ("wrong" in entry) problems.push(...entry.wrong.map((text) => ({ line, text })));
    else rows.push({ line, ...entry });
  }
  return { rows, problems };
}

function entryOf(element: ts.Expression): Entry {
  if (!ts.isObjectLiteralExpression(element)) return { wrong: ['an entry must be { "address": …, "shares": … }'] };
  const known: readonly string[] = FIELDS;
  const values = new Map<string, string>();
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const property of element.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isStringLiteral(property.name)) continue;
    const name = property.name.text;
    if (!known.includes(name)) wrong.push(`"${name}" is not known: an entry has address and shares`);
    else if (seen.has(name)) wrong.push(`${name} stands there more than once`);
    else if (ts.isStringLiteral(property.initializer)) values.set(name, property.initializer.text);
    else if (isNumber(property.initializer)) wrong.push(`${name} must be in quotes: a number in JSON loses digits`);
    else wrong.push(`${name} must be a text in quotes`);
    seen.add(name);
  }
  wrong.push(...known.filter((name) => !seen.has(name)).map((name) => `${name} is missing`));
  const [address, shares] = [values.get("address"), values.get("shares")];
  return wrong.length > 0 || address === undefined || shares === undefined ? { wrong } : { address, shares };
}

function isNumber(value: ts.Expression): boolean {
  return ts.isNumericLiteral(value) || ts.isPrefixUnaryExpression(value);
}

/** The engine tells a position or quotes what it stumbled over, never both. */
function lineOfError(text: string, message: string): number | undefined {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return text.slice(0, Number(position)).split("\n").length;
  return message.includes("end of JSON") ? text.split("\n").length : undefined;
}
