import type { Addressable, TypedDataDomain } from "ethers";
import { ethers } from "hardhat";

export * from "../../scripts/lib/permit";

/** The whole domain of a contract's signatures on this chain. */
export async function domainOf(
  contract: Addressable,
  named: { readonly name: string; readonly version: string },
): Promise<TypedDataDomain & { chainId: bigint; verifyingContract: string }> {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: named.name, version: named.version, chainId, verifyingContract: await contract.getAddress() };
}
