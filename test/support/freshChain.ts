import { clearSnapshots } from "@nomicfoundation/hardhat-network-helpers";
import { network } from "hardhat";

import { unwatchLedgers } from "./ledgers";

/** A new chain: with the time of today, and no fee, code or account that other tests left. */
export async function freshChain(): Promise<void> {
  unwatchLedgers();
  await network.provider.send("hardhat_reset");
  await clearSnapshots();
}

/** Each file of a parallel worker begins on its own chain, so that no order of files matters; see `hardhat.config.ts`. */
export const mochaHooks = { beforeAll: freshChain };
