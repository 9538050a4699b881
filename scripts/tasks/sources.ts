import path from "node:path";

import {
  TASK_COMPILE_SOLIDITY_GET_SOURCE_NAMES,
  TASK_COMPILE_SOLIDITY_GET_SOURCE_PATHS,
  TASK_TEST_GET_TEST_FILES,
} from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";

import { ROOT, filesUnder } from "../lib/files";

/** Where Solidity lives that only tests use: `contracts/` holds nothing but what is deployed and the local model. */
export const TEST_SOURCES = path.join(ROOT, "test/contracts");

/**
 * Contracts of others that are deployed as they are, FxPortal's on local networks alone; named here because no contract of
 * ours imports them.
 */
export const DEPLOYED_LIBRARIES = [
  "@openzeppelin/contracts/access/manager/AccessManager.sol",
  "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol",
  "@maticnetwork/fx-portal/contracts/FxRoot.sol",
  "@maticnetwork/fx-portal/contracts/FxChild.sol",
] as const;

subtask(
  TASK_COMPILE_SOLIDITY_GET_SOURCE_PATHS,
  async (args: { sourcePath?: string }, _hre, runSuper): Promise<string[]> => [
    ...((await runSuper(args)) as string[]),
    ...(await filesUnder(TEST_SOURCES, ".sol")),
  ],
);

subtask(TASK_COMPILE_SOLIDITY_GET_SOURCE_NAMES, async (args: unknown, _hre, runSuper): Promise<string[]> => [
  ...((await runSuper(args)) as string[]),
  ...DEPLOYED_LIBRARIES,
]);

/** Only `*.test.ts` are tests: everything else below `test/` is imported by them. */
subtask(TASK_TEST_GET_TEST_FILES, async (args: { testFiles: string[] }): Promise<string[]> => {
  if (args.testFiles.length > 0) return args.testFiles.map((file) => path.resolve(file));
  return filesUnder(path.join(ROOT, "test"), ".test.ts");
});
