import type { Provider, Signer } from "ethers";
import { ZeroAddress, getAddress } from "ethers";

import { messageOf } from "./amounts";

/** An address from the command line; `name` is the parameter that it was given for. */
export function addressParameter(name: string, value: string): string {
  let address: string;
  try {
    address = getAddress(value);
  } catch (error) {
    throw new Error(`--${name} ${value} is no address: ${messageOf(error)}`, { cause: error });
  }
  if (address === ZeroAddress) throw new Error(`--${name} is the zero address: name another`);
  return address;
}

/** The account that sends: the one that was asked for, else the first that the network is configured with. */
export async function senderOf(signers: readonly Signer[], from: string | undefined): Promise<Signer> {
  const [first] = signers;
  if (first === undefined) {
    throw new Error(
      "No account can send on this network: put DEPLOYER_PRIVATE_KEY, 32 bytes in hexadecimal, into the environment or .env",
    );
  }
  if (from === undefined) return first;
  const wanted = addressParameter("from", from);
  for (const signer of signers) if ((await signer.getAddress()) === wanted) return signer;
  throw new Error(`--from ${wanted} is none of the ${signers.length} accounts that this network is configured with`);
}

/** Fails where the network has no contract. */
export async function requireContract(provider: Provider, name: string, address: string): Promise<void> {
  if ((await provider.getCode(address)) !== "0x") return;
  const { chainId, name: network } = await provider.getNetwork();
  throw new Error(
    `--${name} ${address} has no code on the network "${network}" (chain ${chainId}): ` +
      "is --network the right one, and the address?",
  );
}
