import type { BaseContract, Signer } from "ethers";

import type { Placeable } from "../../../scripts/conformance/localStaking";
import type { RpcProvider } from "../../../scripts/lib/bridge/rpc";

/** Gas of a constructor. */
const GAS = 15_000_000n;

/**
 * Puts a contract at an address of choice, as if it had been deployed there: its creation code runs at that address, with
 * its arguments, so that what it stores is in the address's own storage, and what it keeps in its code knows the address.
 */
export async function placeAt<Args extends unknown[], Contract extends BaseContract>(
  deployer: Signer,
  node: RpcProvider,
  at: string,
  code: Placeable<Args, Contract>,
  ...args: Args
): Promise<Contract> {
  const { data } = await code.getDeployTransaction(...args);
  await node.send("anvil_setCode", [at, data]);
  const runtime = await deployer.call({ to: at, gasLimit: GAS });
  await deployer.sendTransaction({ to: at, gasLimit: GAS });
  await node.send("anvil_setCode", [at, runtime]);
  return code.attach(at) as Contract;
}
