import type { Provider, Signer } from "ethers";

import { messageOf } from "../lib/amounts";
import { signPermit } from "../lib/permit";
import type { AMATICb } from "../../typechain-types";
import type { TokenPermit } from "../../typechain-types/contracts/interfaces/IBondSwitcher";

/** Time that a signed permit is good for, in seconds. */
const VALID = 1_800;

/** A permit by EIP-2612 over aMATICb, signed by its owner, over the domain that the contract tells (EIP-5267). */
export async function signedPermit(
  bond: AMATICb,
  provider: Provider,
  signer: Signer,
  spender: string,
  value: bigint,
): Promise<TokenPermit.PermitStruct> {
  const owner = await signer.getAddress();
  const [{ name, version, chainId, verifyingContract }, nonce, latest] = await Promise.all([
    bond.eip712Domain(),
    bond.nonces(owner),
    provider.getBlock("latest"),
  ]);
  const deadline = BigInt((latest?.timestamp ?? 0) + VALID);
  try {
    const domain = { name, version, chainId, verifyingContract };
    const { v, r, s } = await signPermit(signer, domain, { owner, spender, value, nonce, deadline });
    return { value, deadline, v, r, s };
  } catch (error) {
    throw new Error(
      `${owner} did not sign the permit: ${messageOf(error)}. Without one, approve ${value} wei of aMATICb for ` +
        `the switcher ${spender} first, and run this again.`,
      { cause: error },
    );
  }
}
