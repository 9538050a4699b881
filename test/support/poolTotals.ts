import { setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { AbiCoder, id, keccak256, toBeHex } from "ethers";
import { ethers } from "hardhat";

import type { Totals } from "./bondModel";
import type { Context } from "./fixture";
import { unwatchLedgers } from "./ledgers";

/** Bits of the total in the first word of `PoolLedger`. */
const TOTAL_BITS = 104n;

/** Root of a namespace by ERC-7201. */
function rootOf(namespace: string): bigint {
  const inner = AbiCoder.defaultAbiCoder().encode(["uint256"], [BigInt(id(namespace)) - 1n]);
  return BigInt(keccak256(inner)) & ~0xffn;
}

/**
 * Writes into the pool what its shares are worth in all, at once and without anything that would make them so. There is
 * no POL behind it: the watch over the ledgers ends, and nothing can be settled or claimed any more.
 */
export async function setTotalAssets({ pool }: Context, assets: bigint): Promise<Totals> {
  if (assets >= 2n ** TOTAL_BITS) throw new Error(`${assets} MATIC wei do not fit the pool's ${TOTAL_BITS} bits`);
  unwatchLedgers();
  const root = rootOf("ankrmatic.storage.PoolLedger");
  const word = BigInt(await ethers.provider.getStorage(pool, root));
  await setStorageAt(await pool.getAddress(), root, toBeHex(((word >> TOTAL_BITS) << TOTAL_BITS) | assets, 32));
  return { assets, shares: (word >> TOTAL_BITS) % 2n ** TOTAL_BITS };
}
