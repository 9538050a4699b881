import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { runTypeChain } from "typechain";
import ts from "typescript";

import { readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import { loadArtifacts, loadDeployables } from "../checks/build";
import { ROOT, filesUnder } from "../lib/files";

import { CONTRACTS } from "./addresses";
import type { AddressBook, ChainAddresses } from "./addresses";

/** What the package is built into. */
export const DIST = path.join(ROOT, "dist");

/** TypeScript from which the package is compiled, put together anew each time. */
const STAGE = path.join(ROOT, "cache/package");

const ENTRY = "scripts/package/entry.ts";
const ADDRESS_BOOK = "scripts/package/addressBook.ts";
const TYPINGS = "typechain-types";

/** Builds `dist/` from the artifacts, which must be there. */
export async function buildPackage(): Promise<void> {
  for (const folder of [DIST, STAGE]) await rm(folder, { recursive: true, force: true });
  const abis = await writeAbis(path.join(DIST, "abi"));
  await writeTypings(abis, path.join(STAGE, TYPINGS));
  const addresses = addressesOf(await readBooks(path.join(ROOT, "deployments")));
  await writeText(path.join(DIST, "addresses.json"), json(addresses));
  await copySources();
  await writeText(path.join(STAGE, ADDRESS_BOOK), addressModule(addresses));
  // Twice, since the types of ethers for the one kind of module are strangers to those for the other.
  for (const kind of ["commonjs", "module"] as const) {
    const outDir = path.join(DIST, kind);
    for (const folder of [STAGE, outDir]) await writeText(path.join(folder, "package.json"), json({ type: kind }));
    compile(outDir);
  }
  await cp(path.join(ROOT, "scripts/package/README.md"), path.join(DIST, "README.md"));
}

/**
 * Addresses by chain id, of deployments that are whole: of what stands behind a proxy the proxy's, as its implementation is
 * nobody's to call.
 */
export function addressesOf(books: readonly Book[]): AddressBook {
  const chains = books.filter(({ finished }) => finished).map((book) => [String(book.chainId), chainOf(book)] as const);
  const twice = chains.find(([id], place) => chains.findIndex(([other]) => other === id) !== place);
  if (twice !== undefined) throw new Error(`Two books in deployments/ are of chain ${twice[0]}: remove one`);
  return Object.fromEntries(chains);
}

function chainOf({ chainId, contracts }: Book): ChainAddresses {
  const implementations = new Set(Object.values(contracts).map(({ implementation }) => implementation));
  const entries = Object.entries(contracts).filter(([name]) => !implementations.has(name));
  const stranger = entries.find(([name]) => !CONTRACTS.some((known) => known === name));
  if (stranger !== undefined) {
    throw new Error(`${stranger[0]} of chain ${chainId} is not in CONTRACTS of scripts/package/addresses.ts: add it`);
  }
  return Object.fromEntries(entries.map(([name, { address }]) => [name, address]));
}

async function readBooks(folder: string): Promise<Book[]> {
  const books = await Promise.all((await filesUnder(folder, ".json")).map(readBook));
  return books.filter((book) => book !== undefined);
}

/** One file for each contract that is deployed and each interface; their paths. */
async function writeAbis(folder: string): Promise<string[]> {
  const artifacts = [...(await loadDeployables()), ...(await loadArtifacts("contracts/interfaces"))];
  const files = artifacts.map(({ contractName, abi }) => ({ file: path.join(folder, `${contractName}.json`), abi }));
  if (new Set(files.map(({ file }) => file)).size !== files.length) throw new Error("Two contracts have the same name");
  for (const { file, abi } of files) await writeText(file, json(abi));
  return files.map(({ file }) => file);
}

/** From the ABIs alone, so that no byte code is in them. */
async function writeTypings(abis: string[], outDir: string): Promise<void> {
  await runTypeChain({
    cwd: ROOT,
    inputDir: path.join(DIST, "abi"),
    allFiles: abis,
    filesToProcess: abis,
    outDir,
    target: "ethers-v6",
    flags: {
      alwaysGenerateOverloads: false,
      discriminateTypes: false,
      tsNocheck: false,
      node16Modules: true,
      environment: undefined,
    },
  });
}

/** The entry and all that it imports, but for the typings. */
async function copySources(): Promise<void> {
  const seen = new Set<string>();
  const queue = [ENTRY];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = await readFile(path.join(ROOT, name), "utf8");
    await writeText(path.join(STAGE, name), withExtensions(text));
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith(".")) continue;
      const target = path.posix.join(path.posix.dirname(name), fileName);
      if (target !== TYPINGS) queue.push(`${target}.ts`);
    }
  }
}

/** Relative imports as modules of ECMAScript need them: with the name of the file. */
function withExtensions(text: string): string {
  return text.replace(/(from "\.[^"]*)(?=";$)/gm, (from) =>
    from.endsWith(TYPINGS) ? `${from}/index.js` : `${from}.js`,
  );
}

function addressModule(addresses: AddressBook): string {
  return `import type { AddressBook } from "./addresses.js";\n\nexport const ADDRESSES: AddressBook = ${json(addresses)}`;
}

/** With the options of the repository, but for what the package's users need. */
function compile(outDir: string): void {
  const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      ...{ types: [], noEmit: false, declaration: true, rootDir: STAGE, outDir },
      // The generator imports types that it does not use.
      noUnusedLocals: false,
    },
    ROOT,
  );
  const program = ts.createProgram([path.join(STAGE, ENTRY)], options);
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (diagnostics.length === 0) return;
  const host = {
    getCanonicalFileName: (file: string) => file,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => "\n",
  };
  throw new Error(`The package does not compile:\n${ts.formatDiagnostics(diagnostics, host)}`);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
