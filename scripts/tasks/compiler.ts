import {
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  TASK_COMPILE_SOLIDITY_LOG_COMPILATION_ERRORS,
} from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";
import type { SolcBuild } from "hardhat/types";

/**
 * Hands Hardhat the compiler of the npm package `solc`, so that compiling needs nothing beyond `npm ci`: Hardhat on its
 * own would download a native binary on first use.
 */
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async (args: { solcVersion: string }): Promise<SolcBuild> => {
  const { default: solc } = (await import("solc")) as { default: { version(): string } };
  const longVersion = solc.version().replace(".Emscripten.clang", "");
  if (!longVersion.startsWith(`${args.solcVersion}+`)) {
    throw new Error(
      `solidity.json asks for ${args.solcVersion} but node_modules/solc is ${longVersion}: ` +
        `pin the same version of "solc" in package.json and run npm ci`,
    );
  }
  return {
    version: args.solcVersion,
    longVersion,
    compilerPath: require.resolve("solc/soljson.js"),
    isSolcJs: true,
  };
});

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly sourceLocation?: { readonly file: string } }[];
}

/** Leaves out warnings about the sources of dependencies: nobody here can act on them, and they hide our own. */
subtask(
  TASK_COMPILE_SOLIDITY_LOG_COMPILATION_ERRORS,
  async (args: { output: CompilerOutput; quiet: boolean }, _hre, runSuper): Promise<void> => {
    const errors = args.output.errors?.filter(
      ({ severity, sourceLocation }) => severity === "error" || !(sourceLocation?.file.startsWith("@") ?? false),
    );
    await runSuper({ ...args, output: { ...args.output, errors } });
  },
);
