import { network } from "hardhat";

import { differences } from "../../deploy/acceptance/ledgers";
import type { Watched } from "../../deploy/acceptance/ledgers";
import { figuresAtOnce } from "./figures";

const MINING = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"]);

let watched: Watched | undefined;
let patched = false;
let violations: string[] = [];

/**
 * From now on both ledgers are compared with each other and with what is really there after every transaction. A
 * difference fails the call that made it, and the test, whatever the test expects of the call.
 */
export function watchLedgers(target: Watched): void {
  // Under coverage the same tests run to see what they reach, and each question would be instrumented code.
  if (process.env.SOLIDITY_COVERAGE === "true") return;
  watched = target;
  if (patched) return;
  patched = true;
  const provider = network.provider;
  const send = provider.send.bind(provider);
  provider.send = async (method: string, params?: unknown[]): Promise<unknown> => {
    const result: unknown = await send(method, params);
    if (MINING.has(method) && watched !== undefined) await compare(watched);
    return result;
  };
}

/** Ends the watch: for tests that deploy something else. */
export function unwatchLedgers(): void {
  watched = undefined;
}

async function compare(target: Watched): Promise<void> {
  const found = await differences(target, figuresAtOnce);
  if (found.length === 0) return;
  violations.push(...found);
  throw new Error(`The ledgers do not balance:\n  ${found.join("\n  ")}`);
}

/** Fails a test during which the ledgers did not balance; parallel workers get it by `hardhat.config.ts`. */
export const mochaHooks = {
  afterEach: (): void => {
    const found = violations;
    violations = [];
    if (found.length > 0) throw new Error(`The ledgers did not balance:\n  ${found.join("\n  ")}`);
  },
};

// A worker runs many files, and a hook that is registered here would be in force for the first of them alone.
if (process.env.MOCHA_WORKER_ID === undefined) afterEach("both ledgers balance", mochaHooks.afterEach);
