import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { impersonateAccount, setBalance } from "@nomicfoundation/hardhat-network-helpers";
import { resolveAddress } from "ethers";
import type { AddressLike } from "ethers";
import { ethers } from "hardhat";

/** Enough for any fee: Hardhat offers what was paid in the block before, be it in another file of tests. */
const PURSE = 10n ** 24n;

/** Who is at an address as a sender, be it a contract, and with ether for its transactions. */
export async function asContract(who: AddressLike): Promise<HardhatEthersSigner> {
  const address = await resolveAddress(who);
  await impersonateAccount(address);
  await setBalance(address, PURSE);
  return ethers.getSigner(address);
}
