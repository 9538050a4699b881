import { createRequire } from "node:module";

import { task } from "hardhat/config";

import type * as Status from "../status/run";

import { plainly } from "./office";
import type { Listener } from "./office";

// Loaded when the task runs: it imports typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

task(
  "status",
  "Shows on one screen how the system is on the network and on that of the other side; fails if a ledger does not " +
    "balance. Sends nothing, and needs no key",
)
  .addOptionalParam("json", "file that gets all of it as JSON, in wei and seconds; - for JSON instead of the screen")
  .setAction(async ({ json, print = console.log }: Pick<Status.StatusOptions, "json"> & Listener, hre) => {
    const { runStatus } = load("../status/run") as typeof Status;
    await plainly("status", runStatus({ network: hre.network.name, json }, { environment: process.env, print }));
  });
