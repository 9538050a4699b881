import type { Provider, Signer } from "ethers";

import { startAnvil } from "../devnet/anvil";

/** Native coins that a simulated deployer has, wei: what a deployment costs is asked, not whether it can be paid. */
const FUNDS = 10n ** 24n;

/**
 * Runs work on a copy of a chain as it is now, with a signer of any account, and forgets it: nothing is sent to the chain.
 * @param url Node of the chain.
 */
export async function onACopy<Result>(
  url: string,
  chainId: bigint,
  account: string,
  work: (signer: Signer, provider: Provider) => Promise<Result>,
): Promise<Result> {
  const copy = await startAnvil({ chainId: Number(chainId), port: 0, accounts: 1, forkUrl: url });
  try {
    await copy.provider.send("anvil_impersonateAccount", [account]);
    await copy.provider.send("anvil_setBalance", [account, `0x${FUNDS.toString(16)}`]);
    return await work(await copy.provider.getSigner(account), copy.provider);
  } finally {
    await copy.stop();
  }
}
