import type { Provider, Signer } from "ethers";

import { messageOf } from "./amounts";
import { signPermit } from "./permit";

/** Time that a signed permit is good for, in seconds. */
const VALID = 1_800;

/** A permit as the functions that end in `WithPermit` take it. */
export interface SignedPermit {
  readonly value: bigint;
  readonly deadline: bigint;
  readonly v: number;
  readonly r: string;
  readonly s: string;
}

/** A token that tells the domain of its permits. */
interface PermitToken {
  readonly eip712Domain: () => Promise<{ name: string; version: string; chainId: bigint; verifyingContract: string }>;
  readonly nonces: (owner: string) => Promise<bigint>;
}

/** What is allowed, in the words of the message for who does not sign it. */
export interface Allowance {
  readonly spender: string;
  /** What the spender is, like "the switcher". */
  readonly role: string;
  readonly value: bigint;
  readonly unit: string;
}

/** A permit by EIP-2612, signed by its owner, over the domain that the token tells (EIP-5267). */
export async function signedPermit(
  token: PermitToken,
  provider: Provider,
  signer: Signer,
  { spender, role, value, unit }: Allowance,
): Promise<SignedPermit> {
  const owner = await signer.getAddress();
  const [{ name, version, chainId, verifyingContract }, nonce, latest] = await Promise.all([
    token.eip712Domain(),
    token.nonces(owner),
    provider.getBlock("latest"),
  ]);
  const deadline = BigInt((latest?.timestamp ?? 0) + VALID);
  try {
    const domain = { name, version, chainId, verifyingContract };
    const { v, r, s } = await signPermit(signer, domain, { owner, spender, value, nonce, deadline });
    return { value, deadline, v, r, s };
  } catch (error) {
    throw new Error(
      `${owner} did not sign the permit: ${messageOf(error)}. Without one, approve ${value} wei of ${unit} for ` +
        `${role} ${spender} first, and run this again.`,
      { cause: error },
    );
  }
}
