import { createRequire } from "node:module";

import { task } from "hardhat/config";

import type * as Safety from "../deploy/upgradeSafety";
import type * as Layout from "../upgrade/layout";
import type * as Upgrade from "../upgrade/run";

import { officeOf, plainly } from "./office";
import type { Listener } from "./office";

// Loaded when a task runs: they import typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

task(
  "upgrade:prepare",
  "Compares the storage layout with the committed snapshot, deploys the next implementation of a proxy, and shows how and " +
    "until when the upgrade is scheduled and executed",
)
  .addParam("contract", "name of the contract, as in the address book")
  .addOptionalParam(
    "args",
    "arguments of the constructor, with commas between, structs in square brackets; as they are now if left out",
  )
  .addOptionalParam("call", "function of the new implementation that is called with the upgrade, a reinitializer")
  .addOptionalParam("callArgs", "its arguments")
  .addOptionalParam(
    "since",
    "commit of the present implementation, if its snapshot of the layout is not the present one",
  )
  .addOptionalParam("caller", "upgrader, if there are several")
  .addOptionalParam("out", "directory for the batches of Safe's Transaction Builder")
  .addFlag("send", "schedules it too, with a key of the network that holds the role")
  .addFlag("dryRun", "checks everything and sends nothing")
  .setAction(async ({ print, book, ...options }: Upgrade.PrepareOptions & Listener, hre) => {
    const { runPrepare } = load("../upgrade/run") as typeof Upgrade;
    const { upgradeProblems } = load("../deploy/upgradeSafety") as typeof Safety;
    const { layoutRefusal } = load("../upgrade/layout") as typeof Layout;
    const checks: Upgrade.Checks = {
      safety: async (contract) => upgradeProblems(hre, [contract]),
      layout: layoutRefusal,
    };
    await plainly(
      "upgrade:prepare",
      (async () => runPrepare(options, await officeOf(hre, listenerOf(print, book)), checks))(),
    );
  });

task(
  "upgrade:execute",
  "Executes an upgrade that was prepared and scheduled, or shows how, once its time has come; looks at the proxy afterwards",
)
  .addParam("contract", "name of the contract, as in the address book")
  .addOptionalParam("caller", "upgrader, if there are several")
  .addOptionalParam("out", "directory for the batch of Safe's Transaction Builder")
  .addFlag("send", "executes it, with a key of the network that holds the role")
  .setAction(async ({ print, book, ...options }: Upgrade.UpgradeOptions & Listener, hre) => {
    const { runExecute } = load("../upgrade/run") as typeof Upgrade;
    await plainly("upgrade:execute", (async () => runExecute(options, await officeOf(hre, listenerOf(print, book))))());
  });

function listenerOf(print: Listener["print"], book: Listener["book"]): Listener {
  return { ...(print && { print }), ...(book !== undefined && { book }) };
}
