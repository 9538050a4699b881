import path from "node:path";
import Module from "node:module";

import { ROOT } from "../lib/files";
import { environment, outputPaths } from "./settings";

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Folders of typings, and where those of the instrumented contracts stand while coverage is measured. */
export function typingsFolder(directory: string): string {
  return environment.SOLIDITY_COVERAGE ? path.join(outputPaths.cache, directory) : directory;
}

/**
 * Typings carry the bytecode that is deployed, so under coverage every import of them must lead to those of the
 * instrumented contracts. The committed ones are not touched.
 */
function redirectTypings(directories: readonly string[]): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const resolve = loader._resolveFilename.bind(Module);
  loader._resolveFilename = (request, ...rest): string => {
    const file = resolve(request, ...rest);
    for (const directory of directories) {
      const committed = path.join(ROOT, directory) + path.sep;
      if (file.startsWith(committed)) return path.join(ROOT, typingsFolder(directory), file.slice(committed.length));
    }
    return file;
  };
}

if (environment.SOLIDITY_COVERAGE) redirectTypings(["typechain-types", "test/typechain-types"]);
