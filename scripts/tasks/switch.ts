import { createRequire } from "node:module";

import { task } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";

import type * as Switch from "../switch/run";

// Loaded when the task runs: it imports typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

/** Who answers on the command line. */
const console_: Switch.Terminal = {
  print: console.log,
  interactive: process.stdin.isTTY,
  confirm: async (message) => {
    const { confirm } = await import("@inquirer/prompts");
    return confirm({ message, default: false });
  },
};

task("switch", "Switches aMATICb to ankrMATIC: shows the quote, asks, and does it")
  .addParam("amount", "how much: a decimal number of aMATICb, or max for all")
  .addOptionalParam("switcher", "address of the switcher; SWITCHER of the environment if left out")
  .addOptionalParam("receiver", "account that gets the ankrMATIC; the holder if left out")
  .addOptionalParam("from", "account that switches, one of those that the network has; the first if left out")
  .addFlag("shares", "the amount counts shares, which are ankrMATIC, and not aMATICb")
  .addFlag("upTo", "switches as much of it as the cap and the daily limit leave")
  .addFlag("yes", "does not ask")
  .addFlag("dryRun", "sends nothing, shows the quote")
  .setAction(async ({ terminal, ...options }: Switch.SwitchOptions & { readonly terminal?: Switch.Terminal }, hre) => {
    const { runSwitch } = load("../switch/run") as typeof Switch;
    const network = { provider: hre.ethers.provider, signers: await hre.ethers.getSigners() };
    try {
      const switcher = options.switcher ?? process.env.SWITCHER;
      await runSwitch({ ...options, switcher }, network, terminal ?? console_);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // For the reader: without a stack, which Hardhat would print.
      throw new HardhatPluginError("switch", error.message, error);
    }
  });
