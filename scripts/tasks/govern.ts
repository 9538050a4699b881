import { createRequire } from "node:module";

import { task } from "hardhat/config";

import type * as Govern from "../governance/run";

import { officeOf, plainly } from "./office";
import type { Listener } from "./office";

// Loaded when the task runs: it imports typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

task(
  "govern",
  "Prepares a call of governance: who may make it, whether it would go through, schedule, execute, Safe batches; sends " +
    "nothing without --send",
)
  .addParam("contract", "name of the contract, as in the address book; AccessManager for roles and delays")
  .addOptionalParam("function", "name of the function; left out: a list of those that are governed, with their units")
  .addOptionalParam(
    "args",
    "arguments with commas between, arrays and structs in square brackets, e.g. [2500,7500],[2500,7500]; whole numbers in " +
      "the unit of the contract (wei, bps, seconds)",
  )
  .addOptionalParam("address", "address of the contract, if the address book does not have it")
  .addOptionalParam("caller", "holder of the role, if there are several")
  .addOptionalParam("out", "directory for the batches of Safe's Transaction Builder")
  .addFlag("execute", "the execution of what was scheduled, once it can be executed")
  .addFlag("cancel", "the cancelling of what was scheduled")
  .addFlag("send", "sends it, with a key of the network that holds the role")
  .addFlag("anyway", "goes on though the call would revert now, because something before it will change that")
  .setAction(async ({ print, book, ...options }: Govern.GovernOptions & Listener, hre) => {
    const { runGovern } = load("../governance/run") as typeof Govern;
    const listener = { ...(print && { print }), ...(book !== undefined && { book }) };
    await plainly("govern", (async () => runGovern(options, await officeOf(hre, listener)))());
  });
