import type { Provider } from "ethers";

/** The block at which a chain is read, all of it. */
export interface Head {
  readonly number: number;
  /** Seconds. */
  readonly time: bigint;
}

/** The last block of a chain. */
export async function headOf(provider: Provider): Promise<Head> {
  const block = await provider.getBlock("latest");
  if (block === null) throw new Error("the node has no block: wait until it has caught up");
  return { number: block.number, time: BigInt(block.timestamp) };
}
