import { readFile } from "node:fs/promises";
import path from "node:path";

import ts from "typescript";

import { ROOT, filesUnder } from "../lib/files";

/** Files under `from` import no file under any of `never`. The first entry that matches decides. */
const DIRECTIONS: readonly { readonly from: string; readonly never: readonly string[] }[] = [
  { from: "scripts/lib/", never: ["deploy/", "test/", "scripts/demo/", "scripts/gas/", "scripts/conformance/"] },
  { from: "scripts/", never: ["test/"] },
  { from: "deploy/", never: ["test/", "scripts/demo/", "scripts/gas/", "scripts/conformance/"] },
  { from: "test/support/", never: ["test/unit/", "test/integration/", "test/conformance/", "test/findings/"] },
];

/** Folders below `test/` whose files are imported by tests and hold none themselves. */
const NOT_TESTS = /^test\/(support|behaviors|contracts|typechain-types)\//;

export interface Script {
  readonly name: string;
  readonly text: string;
}

/** Relative imports of a file, as paths from the root of the repository. */
function importedFiles({ name, text }: Script): string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((target) => target.startsWith("."))
    .map((target) => path.posix.join(path.posix.dirname(name), target));
}

/** Helpers know nothing of what uses them: `scripts/lib` ← `deploy` ← `test/support` ← tests. */
export function directionProblems(scripts: readonly Script[]): string[] {
  return scripts.flatMap((script) => {
    const direction = DIRECTIONS.find(({ from }) => script.name.startsWith(from));
    if (direction === undefined) return [];
    return importedFiles(script)
      .filter((target) => direction.never.some((folder) => target.startsWith(folder)))
      .map((target) => `${script.name}: ${direction.from} must not import ${target}`);
  });
}

/** Tests that no runner would find: only `*.test.ts` is run. */
export function hiddenTests(scripts: readonly Script[]): string[] {
  return scripts
    .filter(({ name }) => name.startsWith("test/") && !NOT_TESTS.test(name) && !name.endsWith(".test.ts"))
    .filter(({ text }) => /^\s*(describe|context|it)\(/m.test(text))
    .map(({ name }) => `${name}: holds tests but is not called *.test.ts, so nothing runs it`);
}

/** Directions between folders of TypeScript, and the names of test files. */
export async function checkTypeScript(): Promise<string[]> {
  const files = (
    await Promise.all(["scripts", "deploy", "test"].map((folder) => filesUnder(path.join(ROOT, folder), ".ts")))
  ).flat();
  const scripts = await Promise.all(
    files.map(async (file) => ({
      name: path.relative(ROOT, file).split(path.sep).join("/"),
      text: await readFile(file, "utf8"),
    })),
  );
  return [...directionProblems(scripts), ...hiddenTests(scripts)];
}
