import { createRequire } from "node:module";

import { task } from "hardhat/config";

import type * as Chains from "../deploy/chains";
import type * as Sources from "../deploy/sources";

import { plainly } from "./office";
import type { Listener } from "./office";

// Loaded when the task runs: they import typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

/** hardhat-verify's subtask for each service. */
const SUBTASKS: Readonly<Record<Sources.Service, string>> = {
  etherscan: "verify:etherscan",
  sourcify: "verify:sourcify",
};

interface Options {
  readonly service?: string;
}

// The tests hold that the subtasks get the right contract, address and arguments, and that the compiled code is found to be
// what is at the address. The services themselves were never reached from them.
task(
  "sources:verify",
  "Verifies the sources of everything in the address book on Etherscan (Polygonscan is part of it) and Sourcify, " +
    "implementations and proxies. The services are outside of what the tests can reach: look at the explorer afterwards",
)
  .addOptionalParam("service", "etherscan or sourcify; both if left out")
  .setAction(async ({ service, print = console.log, book }: Options & Listener, hre) => {
    const { SERVICES, verifySources } = load("../deploy/sources") as typeof Sources;
    const { bookFile } = load("../deploy/chains") as typeof Chains;
    await plainly(
      "sources:verify",
      (async (): Promise<void> => {
        const services = SERVICES.filter((one) => service === undefined || one === service);
        if (services.length === 0) throw new Error(`--service ${service} is neither of ${SERVICES.join(", ")}`);
        if (services.includes("etherscan") && hre.config.etherscan.apiKey === "") {
          throw new Error(
            "ETHERSCAN_API_KEY is not set: put the key of an account on etherscan.io into the environment or .env, " +
              "or take --service sourcify",
          );
        }
        await verifySources({
          artifacts: hre.artifacts,
          bookFile: book ?? bookFile(hre.network.name),
          services,
          print,
          // Each service by itself: hardhat-verify's verify:verify would leave the second out after a failure of the first.
          verify: async (name, { address, contract, constructorArguments }) => {
            const args = name === "etherscan" ? { constructorArgsParams: constructorArguments, force: false } : {};
            await hre.run(SUBTASKS[name], { address, contract, libraries: {}, ...args });
          },
        });
      })(),
    );
  });
