import type { Provider } from "ethers";

import { chainIdOf } from "./rpc";
import type { Transport } from "./rpc";
import type { Chain } from "./state";

/** Where a node is, and what says so, for who has to change it. */
export interface Node {
  readonly url: string;
  /** An option, and a variable of the environment. */
  readonly named: string;
}

/** The chain of a node is another than that of the addresses. */
export class WrongChain extends Error {}

/** The same, once the node has said that it is of that chain: until then every request asks for it first. */
export function onChain(transport: Transport, chain: Chain, chainId: bigint, { named }: Node): Transport {
  let isKnown = false;
  return async (requests) => {
    if (!isKnown) {
      const found = await chainIdOf(transport);
      if (found !== chainId) {
        throw new WrongChain(
          `the node of ${chain} is of chain ${found}, the addresses of chain ${chainId}: check ${named}`,
        );
      }
      isKnown = true;
    }
    return transport(requests);
  };
}

/** Fails if a node has nothing where the contracts should be. */
export async function requireContracts(provider: Provider, chain: Chain, at: object): Promise<void> {
  for (const [name, address] of Object.entries(at) as [string, string | undefined][]) {
    if (address === undefined || (await provider.getCode(address)) !== "0x") continue;
    throw new Error(
      `the node of ${chain} has no contract at ${address}, where the addresses have ${name}: it is behind, another chain ` +
        "of the same number, or the addresses are old",
    );
  }
}
