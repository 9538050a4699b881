import { createRequire } from "node:module";

import { task } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import type * as Deploy from "../deploy/run";
import type * as Safety from "../deploy/upgradeSafety";

// Loaded when a task runs: they import typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);
const deploy = (): typeof Deploy => load("../deploy/run") as typeof Deploy;

/** Where a task prints; not on the command line, but for who runs it from TypeScript. */
interface Listener {
  readonly print?: (line: string) => void;
}

task("deploy", "Deploys one side of the system to the network, or goes on with it, and verifies the result")
  .addFlag("dryRun", "sends nothing: does it on a copy of the chain, and prints the steps and their gas")
  .setAction(async ({ print = console.log, dryRun }: Listener & { readonly dryRun: boolean }, hre) => {
    const { upgradeProblems } = load("../deploy/upgradeSafety") as typeof Safety;
    await plainly(
      (async (): Promise<void> => {
        const problems = await upgradeProblems(hre);
        if (problems.length > 0) throw new Error(problems.join("\n"));
        await deploy().runDeploy({ ...(await chainOf(hre, print)), dryRun });
      })(),
    );
  });

task("verify-state", "Compares what is deployed on the network with its configuration and its address book").setAction(
  async ({ print = console.log }: Listener, hre) => plainly(deploy().runVerify(await chainOf(hre, print))),
);

async function chainOf(
  { network, ethers }: HardhatRuntimeEnvironment,
  print: Deploy.Chain["print"],
): Promise<Deploy.Chain> {
  return {
    name: network.name,
    provider: ethers.provider,
    signers: await ethers.getSigners(),
    environment: process.env,
    print,
  };
}

/** Errors are for the reader: without a stack, which Hardhat would print. */
async function plainly(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HardhatPluginError("deploy", error.message, error);
  }
}
