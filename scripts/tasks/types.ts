import { cp, mkdir, readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";

import { TASK_TYPECHAIN_GENERATE_TYPES } from "@typechain/hardhat/dist/constants";
import { subtask } from "hardhat/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { runTypeChain } from "typechain";

import { filesUnder } from "../lib/files";
import { typingsFolder } from "./instrumented";
import { DEPLOYED_LIBRARIES } from "./sources";

/** A folder of typings and the source names, as prefixes, whose contracts it holds. */
interface TypingsFolder {
  readonly directory: string;
  readonly sources: readonly string[];
}

/** Library interfaces of contracts that are not ours, called from TypeScript. */
const CALLED_INTERFACES = ["@openzeppelin/contracts/token/ERC20/IERC20.sol"] as const;

/**
 * The committed folder is what integrators get: our own contracts and interfaces, and the library contracts that we
 * deploy as they are or call. Typings of contracts that only tests use are kept apart and out of git.
 */
const TYPINGS: readonly TypingsFolder[] = [
  { directory: "typechain-types", sources: ["contracts/", ...DEPLOYED_LIBRARIES, ...CALLED_INTERFACES] },
  { directory: "test/typechain-types", sources: ["test/contracts/"] },
];

interface CompileOutput {
  readonly artifactsEmittedPerJob: readonly { readonly artifactsEmittedPerFile: readonly unknown[] }[];
}

/**
 * Replaces the plugin's generator, which has one folder for all artifacts, dependencies included, and never removes
 * typings of contracts that are gone.
 */
subtask(
  TASK_TYPECHAIN_GENERATE_TYPES,
  async (args: { compileSolOutput: CompileOutput; quiet: boolean }, hre): Promise<void> => {
    const { compileSolOutput } = args;
    const changed = compileSolOutput.artifactsEmittedPerJob.some((job) => job.artifactsEmittedPerFile.length > 0);
    for (const folder of TYPINGS) {
      const target = path.join(hre.config.paths.root, typingsFolder(folder.directory));
      if (changed || (await filesUnder(target, "index.ts")).length === 0) await generate(hre, folder.sources, target);
    }
  },
);

/** Writes the typings to a scratch folder first, so that who reads the target meanwhile never finds it half empty. */
async function generate(hre: HardhatRuntimeEnvironment, sources: readonly string[], target: string): Promise<void> {
  const { root, artifacts, cache } = hre.config.paths;
  const isOurs = (file: string): boolean => {
    const source = path.relative(artifacts, file).split(path.sep).join("/");
    return !file.endsWith(".dbg.json") && sources.some((prefix) => source.startsWith(prefix));
  };
  const files = (await filesUnder(artifacts, ".json")).filter(isOurs);
  if (files.length === 0) return;

  const scratch = path.join(cache, `typechain-${process.pid}`, path.basename(target));
  await runTypeChain({
    cwd: root,
    inputDir: artifacts,
    allFiles: files,
    filesToProcess: files,
    outDir: scratch,
    target: "ethers-v6",
    flags: { alwaysGenerateOverloads: false, discriminateTypes: false, tsNocheck: false, environment: "hardhat" },
  });
  await mirror(scratch, target);
  await rm(path.dirname(scratch), { recursive: true });
}

/** Makes `target` equal to `source`; files that are the same already keep their time of change. */
async function mirror(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const wanted = new Map((await readdir(source, { withFileTypes: true })).map((entry) => [entry.name, entry]));
  for (const name of await readdir(target)) {
    if (!wanted.has(name)) await rm(path.join(target, name), { recursive: true });
  }
  for (const [name, entry] of wanted) {
    const from = path.join(source, name);
    const to = path.join(target, name);
    if (entry.isDirectory()) await mirror(from, to);
    else if ((await readFile(to, "utf8").catch(() => undefined)) !== (await readFile(from, "utf8"))) await cp(from, to);
  }
}
