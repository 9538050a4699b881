import { setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { AbiCoder, getUint, id, keccak256, toBeHex } from "ethers";
import { ethers } from "hardhat";

import type { Context } from "./fixture";

// ERC-7201 root of the namespace in which the pool keeps its requests and batches; the number of the open batch stands in its
// first word.
const ROOT =
  getUint(
    keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [getUint(id("ankrmatic.storage.ExitLedger")) - 1n])),
  ) & ~0xffn;
const OPEN_BATCH_SHIFT = 208n;
const NUMBER_MASK = (1n << 32n) - 1n;

/**
 * Gives the open batch a number that is higher by `count`, as if so many batches had been settled since: for tests that
 * need more of them than can be settled in a test's time. Requests that are in the open batch keep the number that it had.
 */
export async function skipBatches({ pool }: Context, count: bigint): Promise<void> {
  const { open } = await pool.queue();
  const word = BigInt(await ethers.provider.getStorage(pool, ROOT));
  if (((word >> OPEN_BATCH_SHIFT) & NUMBER_MASK) !== open) {
    throw new Error("The number of the open batch is not where it was: look at ExitLedger and adapt OPEN_BATCH_SHIFT.");
  }
  const skipped = word + (count << OPEN_BATCH_SHIFT);
  await setStorageAt(await pool.getAddress(), ROOT, toBeHex(skipped, 32));
}
