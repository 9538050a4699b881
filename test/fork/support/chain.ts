import type { JsonRpcProvider } from "ethers";

import type { Anvil } from "../../../scripts/devnet/anvil";

/** Chain of a network: its id, and a contract of Polygon's that must be there. */
export interface Landmark {
  readonly chainId: bigint;
  readonly name: string;
  readonly address: string;
}

/** A chain of the suite, on a node of its own. */
export interface Chain {
  readonly provider: JsonRpcProvider;
  /** Node that others may copy it from. */
  readonly url: string;
  /** What it is, for the reader. */
  readonly title: string;
  stop(): Promise<void>;
}

/** Wei of the price of a block's gas from which a chain goes on: what everyone here offers is more. */
const BASE_FEE = 10n ** 9n;

/**
 * The chain of a node that has just been started. Logs are looked for from its first block on: what the suite deploys has
 * none before, and nodes of live chains refuse to search all of them.
 */
export async function chainOf(anvil: Anvil, title: (block: number) => string): Promise<Chain> {
  const { provider, url } = anvil;
  await provider.send("anvil_setNextBlockBaseFeePerGas", [`0x${BASE_FEE.toString(16)}`]);
  const block = await provider.getBlockNumber();
  const getLogs = provider.getLogs.bind(provider);
  provider.getLogs = async (filter) =>
    getLogs("fromBlock" in filter && filter.fromBlock === 0 ? { ...filter, fromBlock: block } : filter);
  return { provider, url, title: title(block), stop: async () => anvil.stop() };
}
