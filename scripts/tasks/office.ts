import { createRequire } from "node:module";

import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import { isNetwork } from "../../deploy/networks";
import type * as Chains from "../deploy/chains";
import type { Office } from "../governance/order";

// Loaded when a task runs: it imports typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

/** What tasks are given by who runs them from TypeScript; not on the command line. */
export interface Listener {
  readonly print?: (line: string) => void;
  /** File of the address book. */
  readonly book?: string;
}

/** Where the tools of governance work, on the network of a run. */
export async function officeOf(
  { network, ethers, artifacts }: HardhatRuntimeEnvironment,
  { print = console.log, book }: Listener,
): Promise<Office> {
  const { bookFile, requireUrlOf } = load("../deploy/chains") as typeof Chains;
  // Hardhat has an address where nothing answers for it, and would say only that.
  if (isNetwork(network.name)) requireUrlOf(network.name, process.env);
  return {
    network: network.name,
    provider: ethers.provider,
    signers: await ethers.getSigners(),
    artifacts,
    bookFile: book ?? bookFile(network.name),
    print,
  };
}

/** Errors are for the reader: without a stack, which Hardhat would print. */
export async function plainly(name: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HardhatPluginError(name, error.message, error);
  }
}
