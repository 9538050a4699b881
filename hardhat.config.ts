import { availableParallelism } from "node:os";

import "dotenv/config";
import "@nomicfoundation/hardhat-toolbox";
import "@openzeppelin/hardhat-upgrades";
import "hardhat-contract-sizer";
import "./scripts/tasks";

import type { HardhatUserConfig } from "hardhat/config";

import { devnetNetworks, environment, outputPaths, publicNetworks, solidity } from "./scripts/tasks/settings";

const config: HardhatUserConfig = {
  solidity,
  paths: outputPaths,
  networks: {
    hardhat: {
      // Prague brings EIP-7702, so tests can meet senders that are accounts with code.
      hardfork: "prague",
      accounts: { count: 100 },
    },
    ...publicNetworks,
    ...devnetNetworks,
  },
  mocha: {
    // Instrumented contracts are traced step by step.
    timeout: environment.SOLIDITY_COVERAGE ? 600_000 : 120_000,
    forbidOnly: environment.CI,
    forbidPending: true,
    // With `--parallel`: one worker for each core, in each a new chain for each file and the watch over the ledgers.
    jobs: availableParallelism(),
    require: ["hardhat/register", "./test/support/freshChain.ts", "./test/support/ledgers.ts"],
  },
  contractSizer: {
    only: ["^contracts/(?!interfaces/)"],
    unit: "B",
    strict: true,
  },
  etherscan: {
    // One key for all chains: Etherscan's API of version 2.
    apiKey: environment.ETHERSCAN_API_KEY,
  },
  sourcify: { enabled: true },
  gasReporter: {
    enabled: environment.REPORT_GAS,
    offline: true,
    excludeContracts: ["contracts/local/", "test/contracts/"],
  },
};

export default config;
