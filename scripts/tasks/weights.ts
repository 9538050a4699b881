import { createRequire } from "node:module";

import { task, types } from "hardhat/config";

import type * as Weights from "../weights/run";

import { officeOf, plainly } from "./office";
import type { Listener } from "./office";

// Loaded when the task runs: it imports typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

/** Blocks of seven days on Ethereum. */
const WINDOW = 50_400;

task(
  "weights",
  "Proposes target weights for the pool's validators from stake, commission, performance and caps (docs/weights.md has the " +
    "rule), prints what they do to the concentration of stake, and writes a page and the batches that set them; sends " +
    "nothing. Performance is no count of signatures, which no storage has: it is what a delegated POL earned with a " +
    "validator before commission, of what signing every checkpoint of the time would have brought",
)
  .addOptionalParam(
    "file",
    "validators.json to read the set from, instead of the chain; docs/weights.md has the format",
  )
  .addOptionalParam("out", "directory for validators.html, validators.json and the Safe batches; reports if left out")
  .addOptionalParam(
    "window",
    "blocks over which performance is measured, which takes a node that keeps the state of the first of them; 0 leaves " +
      "performance out, and all count as if they had signed everything",
    WINDOW,
    types.int,
  )
  .addOptionalParam("address", "address of the Delegator, if the address book does not have it")
  .addOptionalParam("caller", "holder of the manager's role, if there are several")
  .addFlag("noBatch", "writes no batch; with --file no deployment is needed")
  .setAction(async ({ print, book, ...options }: Weights.WeightsOptions & Listener, hre) => {
    const { runWeights } = load("../weights/run") as typeof Weights;
    const listener = { ...(print && { print }), ...(book !== undefined && { book }) };
    await plainly("weights", (async () => runWeights(options, await officeOf(hre, listener)))());
  });
