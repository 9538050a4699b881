import type { Log, Provider } from "ethers";

/**
 * Events of many blocks. Nodes answer for so many blocks or events at a time, each with a limit of its own: what one refuses is
 * halved.
 */
export async function logsOf(
  provider: Provider,
  filter: { readonly address: string; readonly topics: string[][] },
  fromBlock: number,
  toBlock: number,
): Promise<Log[]> {
  try {
    return await provider.getLogs({ ...filter, fromBlock, toBlock });
  } catch (error) {
    if (fromBlock >= toBlock) throw error;
    const middle = Math.floor((fromBlock + toBlock) / 2);
    const first = await logsOf(provider, filter, fromBlock, middle);
    return [...first, ...(await logsOf(provider, filter, middle + 1, toBlock))];
  }
}
