import { impersonateAccount, setBalance } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";
import type { AddressLike } from "ethers";
import { resolveAddress } from "ethers";

/** Enough for any fee: the base fee that a file of tests meets is what the files before it left. */
const PURSE = 10n ** 24n;

/** Who is at an address as a sender, be it a contract, and with ether for its transactions. */
export async function asContract(who: AddressLike): Promise<HardhatEthersSigner> {
  const address = await resolveAddress(who);
  await impersonateAccount(address);
  await setBalance(address, PURSE);
  return ethers.getSigner(address);
}
