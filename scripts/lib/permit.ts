import { Signature } from "ethers";
import type { Addressable, Signer, TypedDataDomain } from "ethers";

/** Domain of POL's own signatures; its `version()` is another thing. */
export const POL_DOMAIN = { name: "Polygon Ecosystem Token", version: "1" } as const;

/** Domain of ankrMATIC's signatures. */
export const SHARE_DOMAIN = { name: "Ankr Staked MATIC", version: "1" } as const;

/** Domain of aMATICb's signatures. */
export const BOND_DOMAIN = { name: "Ankr MATIC Reward Earning Bond", version: "1" } as const;

/** The fields of an EIP-2612 permit, in their order. */
export const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What an EIP-2612 permit says. */
export interface Permit {
  readonly owner: string;
  readonly spender: string;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** A token with permits, as far as signing one needs it. */
interface PermitToken extends Addressable {
  readonly nonces: (owner: string) => Promise<bigint>;
}

/** Signs a permit. */
export async function signPermit(signer: Signer, domain: TypedDataDomain, permit: Permit): Promise<Signature> {
  return Signature.from(await signer.signTypedData(domain, PERMIT_TYPES, permit));
}

/** Signs the owner's next permit of a token, on the chain that the owner is connected to. */
export async function signNextPermit(
  owner: Signer,
  token: PermitToken,
  named: { readonly name: string; readonly version: string },
  terms: { readonly spender: string; readonly value: bigint; readonly deadline: bigint },
): Promise<Signature> {
  if (owner.provider === null) throw new Error("The owner of the permit is connected to no chain: connect its signer.");
  const [{ chainId }, verifyingContract, address] = await Promise.all([
    owner.provider.getNetwork(),
    token.getAddress(),
    owner.getAddress(),
  ]);
  const domain = { name: named.name, version: named.version, chainId, verifyingContract };
  return signPermit(owner, domain, { owner: address, nonce: await token.nonces(address), ...terms });
}
