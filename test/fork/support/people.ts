import { Wallet, id } from "ethers";
import type { JsonRpcProvider } from "ethers";

import { settlingWallet } from "../../../scripts/devnet/wallets";
import type { Account } from "../../../scripts/devnet/wallets";

/** Who takes part. Their keys are nobody else's: those that local nodes give away have code on live chains. */
export const PEOPLE = [
  ...(["deployer", "upgrader", "manager", "guardian", "treasury"] as const),
  ...(["alice", "bob", "carol", "stranger"] as const),
];

/** Name of somebody who takes part. */
export type Person = (typeof PEOPLE)[number];

/** Native wei that everybody has on both chains, for gas. */
const NATIVE = 10n ** 24n;

/** Somebody's account, the same on both chains. */
export function accountOf(person: string): Account {
  const key = id(`ankrMATIC, fork suite: ${person}`);
  return { key, address: new Wallet(key).address };
}

/** Somebody's wallet on a chain, whose transactions are mined, and did not revert, when they are answered for. */
export function walletOf(person: string, provider: JsonRpcProvider): Wallet {
  return settlingWallet(accountOf(person), provider);
}

/** Gives an account native tokens. */
export async function payGas(provider: JsonRpcProvider, account: string): Promise<void> {
  await provider.send("anvil_setBalance", [account, `0x${NATIVE.toString(16)}`]);
}
