import { createRequire } from "node:module";

import { task, types } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";

import type * as Genesis from "../genesis/run";

// Loaded when a task runs: they import typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);
const genesis = (): typeof Genesis => load("../genesis/run") as typeof Genesis;

/** Where a task prints; not on the command line, but for who runs it from TypeScript. */
interface Listener {
  readonly print?: (line: string) => void;
}

task("genesis:check", "Checks the list of holders of aMATICb and makes the parameters of its deployment")
  .addParam("file", "the list: *.csv with the header address,shares, or *.json with {address, shares}; shares in wei")
  .addOptionalParam("expectTotal", "shares of all holders, in wei, if they are known")
  .addOptionalParam("json", "file to write root, batches, holders and shares to")
  .setAction(async ({ print = console.log, ...options }: Genesis.CheckOptions & Listener, hre) => {
    await plainly(genesis().checkList(options, hre.ethers.provider, print));
  });

task("genesis:mint", "Mints what is left of the list of holders of aMATICb, and checks the result")
  .addParam("file", "the list, as genesis:check takes it")
  .addParam("bond", "address of aMATICb")
  .addOptionalParam("from", "account that pays, one of those that the network has; the first if left out")
  .addOptionalParam(
    "fromBlock",
    "block of the deployment, from which events are read to check the result",
    0,
    types.int,
  )
  .addFlag("dryRun", "sends nothing, prints what would be sent")
  .setAction(async ({ print = console.log, ...options }: Genesis.MintOptions & Listener, hre) => {
    const network = { provider: hre.ethers.provider, signers: await hre.ethers.getSigners() };
    await plainly(genesis().mintList(options, network, print));
  });

/** Errors are for the reader: without a stack, which Hardhat would print. */
async function plainly(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HardhatPluginError("genesis", error.message, error);
  }
}
