import { Signature } from "ethers";
import type { Provider, Signer } from "ethers";

import { messageOf } from "../lib/amounts";
import type { AMATICb } from "../../typechain-types";
import type { IBondSwitcher } from "../../typechain-types/contracts/interfaces/IBondSwitcher";

/** Time that a signed permit is good for, in seconds. */
const VALID = 1_800;

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** A permit by EIP-2612 over aMATICb, signed by its owner, over the domain that the contract tells (EIP-5267). */
export async function signedPermit(
  bond: AMATICb,
  provider: Provider,
  signer: Signer,
  spender: string,
  value: bigint,
): Promise<IBondSwitcher.PermitStruct> {
  const owner = await signer.getAddress();
  const [{ name, version, chainId, verifyingContract }, nonce, latest] = await Promise.all([
    bond.eip712Domain(),
    bond.nonces(owner),
    provider.getBlock("latest"),
  ]);
  const deadline = BigInt((latest?.timestamp ?? 0) + VALID);
  try {
    const signature = await signer.signTypedData({ name, version, chainId, verifyingContract }, TYPES, {
      ...{ owner, spender, value, nonce, deadline },
    });
    const { v, r, s } = Signature.from(signature);
    return { value, deadline, v, r, s };
  } catch (error) {
    throw new Error(
      `${owner} did not sign the permit: ${messageOf(error)}. Without one, approve ${value} wei of aMATICb for ` +
        `the switcher ${spender} first, and run this again.`,
      { cause: error },
    );
  }
}
