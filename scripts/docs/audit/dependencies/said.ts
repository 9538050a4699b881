/** Where a package's code ends up. */
export const REACHES = {
  chain: "the chain: its Solidity is in what is deployed",
  build: "the build: it makes, checks or sends what is deployed",
  operation: "operation: it runs at an operator's, with keys or without",
  package: "the package for integrators",
  tests: "tests alone",
  source: "the sources alone: it reads or formats them",
} as const;

/** What is said of a direct dependency. */
export interface Dependency {
  readonly reach: keyof typeof REACHES;
  /** What it is for, and what it is trusted with. */
  readonly use: string;
}

/** Direct dependencies, by name. */
export const SAID: Readonly<Record<string, Dependency>> = {
  "@openzeppelin/contracts": {
    reach: "chain",
    use: "libraries and bases of our contracts; AccessManager and ERC1967Proxy are deployed as they are",
  },
  "@openzeppelin/contracts-upgradeable": { reach: "chain", use: "upgradeable bases: ERC-20, permit, AccessManaged" },
  "@maticnetwork/fx-portal": {
    reach: "chain",
    use:
      "its proof libraries are part of `BridgeAdapter`. They take several forms of one exit for valid: `ExitProof` " +
      "admits one form, and `BridgeAdapter` counts an exit by its log and its number (A57). FxRoot and FxChild in tests",
  },
  solc: { reach: "build", use: "the compiler; its output is what is deployed" },
  hardhat: { reach: "build", use: "compiles, runs tests, sends deployments" },
  ethers: {
    reach: "build",
    use: "encodes and signs every transaction of deployment, keeper and tasks; of the package, too",
  },
  "@nomicfoundation/hardhat-ethers": { reach: "build", use: "signers of Hardhat for ethers" },
  "@openzeppelin/hardhat-upgrades": { reach: "build", use: "validates upgrades and layouts; deploys nothing" },
  "@openzeppelin/upgrades-core": { reach: "build", use: "layouts and their comparison, for `npm run layout`" },
  "@nomicfoundation/hardhat-toolbox": { reach: "build", use: "brings Hardhat's plugins together" },
  "@nomicfoundation/hardhat-ignition-ethers": { reach: "build", use: "unused; hardhat-toolbox asks for it" },
  "@nomicfoundation/hardhat-verify": { reach: "build", use: "`sources:verify`: shows the sources to explorers" },
  "ts-node": { reach: "build", use: "runs TypeScript" },
  typescript: { reach: "build", use: "checks types, builds the package; checks read test titles and imports with it" },
  typechain: { reach: "build", use: "typings of the contracts, which are committed" },
  "@typechain/ethers-v6": { reach: "build", use: "the same, for ethers" },
  "@typechain/hardhat": {
    reach: "build",
    use: "hardhat-toolbox asks for it; `scripts/tasks/types.ts` makes the typings",
  },
  dotenv: { reach: "build", use: "reads `.env`: addresses of nodes, and keys" },
  zod: { reach: "package", use: "checks configurations and address books; the package's one dependency" },
  "@inquirer/prompts": { reach: "operation", use: "asks before a task sends" },
  commander: { reach: "operation", use: "options of the keeper and the devnet" },
  "csv-parse": { reach: "operation", use: "reads the list of aMATICb's holders" },
  "@openzeppelin/merkle-tree": { reach: "operation", use: "the tree over that list; the root is deployed" },
  pino: { reach: "operation", use: "the keeper's log" },
  "prom-client": { reach: "operation", use: "the keeper's metrics" },
  "@foundry-rs/anvil": { reach: "tests", use: "nodes of the devnet and of tests between two chains" },
  "@foundry-rs/forge": { reach: "tests", use: "runs the stateful fuzz" },
  "@layerzerolabs/toolbox-foundry": { reach: "tests", use: "forge-std alone" },
  "@ethereumjs/mpt": { reach: "tests", use: "an independent trie, which proofs of exits are compared with" },
  "@nomicfoundation/hardhat-chai-matchers": { reach: "tests", use: "assertions" },
  "@nomicfoundation/hardhat-network-helpers": { reach: "tests", use: "time and snapshots of the embedded chain" },
  chai: { reach: "tests", use: "assertions" },
  mocha: { reach: "tests", use: "runs the tests" },
  "fast-check": { reach: "tests", use: "random cases" },
  "@types/chai": { reach: "tests", use: "types" },
  "@types/mocha": { reach: "tests", use: "types" },
  "@types/node": { reach: "build", use: "types" },
  "hardhat-gas-reporter": { reach: "tests", use: "gas of tests, with `REPORT_GAS`" },
  "hardhat-contract-sizer": { reach: "tests", use: "`npm run size`" },
  "@nomicfoundation/edr": {
    reach: "tests",
    use: "Hardhat's own machine, in its version; tells `npm run coverage` what ran",
  },
  "solidity-coverage": { reach: "tests", use: "instruments copies of the contracts for `npm run coverage`" },
  "@solidity-parser/parser": { reach: "source", use: "our own checks" },
  "solidity-docgen": { reach: "source", use: "`docs/reference`" },
  eslint: { reach: "source", use: "lint" },
  "typescript-eslint": { reach: "source", use: "lint" },
  prettier: { reach: "source", use: "format" },
  "prettier-plugin-solidity": { reach: "source", use: "format" },
  solhint: { reach: "source", use: "lint" },
};
