import { setTimeout as sleep } from "node:timers/promises";

import { HDNodeWallet, Mnemonic, Wallet, parseUnits } from "ethers";
import type { JsonRpcProvider, TransactionRequest, TransactionResponse } from "ethers";

/** The mnemonic of every local node: its keys are known to everybody. */
const MNEMONIC = "test test test test test test test test test test test junk";

/** What every transaction on a local chain offers. */
export const FEES = { maxFeePerGas: parseUnits("100", "gwei"), maxPriorityFeePerGas: parseUnits("1", "gwei") } as const;

/** Milliseconds between questions for a receipt. */
const POLLING = 10;

/** Who is who, in the order of the mnemonic; the same key on both chains. */
export const NAMES = [
  ...(["deployer", "upgrader", "manager", "guardian", "treasury", "validatorOwner"] as const),
  ...(["alice", "bob", "carol", "stranger", "proposer", "relayer"] as const),
  ...(["validator1", "validator2", "validator3", "validator4"] as const),
];

/** Name of an account of the devnet. */
export type Name = (typeof NAMES)[number];

/** An account of the mnemonic. */
export interface Account {
  readonly address: string;
  readonly key: string;
}

/** All accounts by name. */
export type Accounts = Readonly<Record<Name, Account>>;

/** The accounts of a local node. */
export function localAccounts(): Accounts {
  const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0");
  const accounts = NAMES.map((name, index) => {
    const { address, privateKey: key } = root.deriveChild(index);
    return [name, { address, key }] as const;
  });
  return Object.fromEntries(accounts) as unknown as Accounts;
}

/** A wallet with fixed fees, whose transactions are mined, and did not revert, when they are answered for. */
export function settlingWallet({ key }: Account, provider: JsonRpcProvider): Wallet {
  const wallet = new Wallet(key, provider);
  const send = wallet.sendTransaction.bind(wallet);
  wallet.sendTransaction = async (request: TransactionRequest): Promise<TransactionResponse> => {
    const sent = await send({ ...FEES, ...request });
    await settled(provider, sent);
    return sent;
  };
  return wallet;
}

/**
 * Waits until a transaction on a local chain is mined; fails if it reverted. A node may answer a moment before the receipt
 * is there, and whoever then waits for the next block, as ethers does, waits for ever: there is none without a transaction.
 */
export async function settled(provider: JsonRpcProvider, sent: TransactionResponse): Promise<void> {
  while ((await provider.getTransactionReceipt(sent.hash)) === null) await sleep(POLLING);
  await sent.wait();
}
