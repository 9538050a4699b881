import { Signature } from "ethers";
import type { Addressable, Signer, TypedDataDomain } from "ethers";
import { ethers } from "hardhat";

/** Domain of POL's own signatures; its `version()` is another thing. */
export const POL_DOMAIN = { name: "Polygon Ecosystem Token", version: "1" } as const;

/** Domain of ankrMATIC's signatures. */
export const SHARE_DOMAIN = { name: "Ankr Staked MATIC", version: "1" } as const;

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

/** The whole domain of a contract's signatures on this chain. */
export async function domainOf(
  contract: Addressable,
  named: { readonly name: string; readonly version: string },
): Promise<TypedDataDomain & { chainId: bigint; verifyingContract: string }> {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: named.name, version: named.version, chainId, verifyingContract: await contract.getAddress() };
}

/** Signs a permit. */
export async function signPermit(signer: Signer, domain: TypedDataDomain, permit: Permit): Promise<Signature> {
  return Signature.from(await signer.signTypedData(domain, PERMIT_TYPES, permit));
}
