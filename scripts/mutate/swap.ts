import hre from "hardhat";
import type { Artifact } from "hardhat/types";

import type { Code } from "./compiler";

/** By the code that was built, the code that stands for it now; with `0x`. */
const codes = new Map<string, string>();

/** From now on a contract is deployed with other code. */
export function putCode(built: Code, now: Code): void {
  codes.set(`0x${built.creation}`, `0x${now.creation}`);
  codes.set(`0x${built.runtime}`, `0x${now.runtime}`);
}

/** From now on all contracts are deployed as they were built. */
export function removeCodes(): void {
  codes.clear();
}

function codeNow(built: string): string {
  return codes.get(built) ?? built;
}

interface Loaded {
  readonly filename: string;
  _compile(code: string, filename: string): void;
}

type Loader = (module: Loaded, filename: string) => void;

/**
 * Makes generated factories and Hardhat's artifacts ask for the code each time. Factories keep it in a constant, so
 * their text is changed when they are loaded: this must be called before the first one is.
 */
export function swapCodes(): void {
  (globalThis as { codeNow?: typeof codeNow }).codeNow = codeNow;
  const { extensions } = require as unknown as { extensions: Record<string, Loader> };
  const load = extensions[".ts"];
  if (load === undefined) throw new Error("run it with -r hardhat/register");
  extensions[".ts"] = (module, filename): void => {
    if (/typechain-types\/factories\/.*__factory\.ts$/.test(filename.replaceAll("\\", "/"))) {
      const compile = module._compile.bind(module);
      module._compile = (code, name): void => {
        compile(askingForCode(code), name);
      };
    }
    load(module, filename);
  };
  swapArtifacts();
}

/** The text of a compiled factory that asks for its code. One without code is an interface's. */
export function askingForCode(factory: string): string {
  if (!factory.includes("const _bytecode =")) return factory;
  const changed = factory
    .replace("super(_abi, _bytecode,", "super(_abi, globalThis.codeNow(_bytecode),")
    .replace(/static bytecode = _bytecode;/, "static get bytecode() { return globalThis.codeNow(_bytecode); }");
  if (changed.split("globalThis.codeNow").length !== 3)
    throw new Error("a generated factory does not look as expected");
  return changed;
}

function swapArtifacts(): void {
  const swapped = (artifact: Artifact): Artifact => ({
    ...artifact,
    bytecode: codeNow(artifact.bytecode),
    deployedBytecode: codeNow(artifact.deployedBytecode),
  });
  const { artifacts } = hre;
  const [read, readSync] = [artifacts.readArtifact.bind(artifacts), artifacts.readArtifactSync.bind(artifacts)];
  artifacts.readArtifact = async (name: string): Promise<Artifact> => swapped(await read(name));
  artifacts.readArtifactSync = (name: string): Artifact => swapped(readSync(name));
}
