import type { Provider } from "ethers";

import type { Holding } from "../lib/genesis";
import { mapBounded } from "../lib/parallel";

/** A holder that is an account with code. */
export interface ContractHolder extends Holding {
  /** The code only points at that of another account, as EIP-7702 has it: somebody signs for this account. */
  readonly delegated: boolean;
}

/** Questions that are open at a node at a time. */
const PARALLEL = 20;

const DELEGATION = "0xef0100";

/**
 * Holders with code on the network of the provider. A contract that notes what it received, and does not ask for its
 * balance again, does not cope with a token whose balances grow.
 */
export async function contractHolders(
  provider: Provider,
  holdings: readonly Holding[],
): Promise<readonly ContractHolder[]> {
  const codes = await mapBounded(holdings, PARALLEL, ({ holder }) => provider.getCode(holder));
  return holdings.flatMap((holding, index) => {
    const code = codes[index] ?? "0x";
    return code === "0x" ? [] : [{ ...holding, delegated: code.startsWith(DELEGATION) }];
  });
}
