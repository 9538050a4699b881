import { readFile } from "node:fs/promises";
import path from "node:path";

import ts from "typescript";

import { ROOT } from "../../lib/files";

/** A test that proves something: its file under `test/`, and its title; what is computed in a title is written `…`. */
export type Proof = readonly [file: string, title: string];

/** Titles of the tests in a file. */
export function titlesIn(text: string): Set<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "it") {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.add(title.text);
      if (title !== undefined && ts.isTemplateExpression(title)) {
        titles.add([title.head.text, ...title.templateSpans.map(({ literal }) => literal.text)].join("…"));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("test.ts", text, ts.ScriptTarget.Latest));
  return titles;
}

/** Those of the proofs that name a test that does not exist, and why. */
export async function missingProofs(proofs: readonly Proof[]): Promise<string[]> {
  const files = new Map<string, Set<string> | undefined>();
  for (const file of new Set(proofs.map(([name]) => name))) {
    const text = await readFile(path.join(ROOT, "test", file), "utf8").catch(() => undefined);
    files.set(file, text === undefined ? undefined : titlesIn(text));
  }
  const missing = proofs.flatMap(([file, title]) => {
    const titles = files.get(file);
    if (titles === undefined) return [`test/${file} does not exist`];
    return titles.has(title) ? [] : [`test/${file} has no test "${title}"`];
  });
  return [...new Set(missing)];
}

/** Proofs as they stand in a cell of a table, linked from `audit/`. */
export function proofCell(proofs: readonly Proof[]): string {
  return proofs.map(([file, title]) => `[${title}](../test/${file})`).join("; ");
}
