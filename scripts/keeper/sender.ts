import { Transaction, isError } from "ethers";
import type { Provider, TransactionReceipt, Wallet } from "ethers";

import type { Clock } from "./backoff";
import { bump, ceilingOf, offer } from "./fees";
import type { FeeLimits, Fees } from "./fees";
import type { Policy } from "./policy";
import type { Call } from "./proposal";
import { messageOf } from "./rpc";

/** How a transaction ended, or why it was not sent. */
export type Sent =
  /** It was mined, whether it succeeded or not. */
  | { readonly kind: "mined"; readonly receipt: TransactionReceipt }
  /** The price of gas, or what the call would cost, is above what the operator allows. */
  | { readonly kind: "dear"; readonly why: string }
  /** The last look before it was sent found it void. */
  | { readonly kind: "void"; readonly why: string }
  /** A transaction of this account, from elsewhere, is not mined yet, or was mined in its place. */
  | { readonly kind: "busy"; readonly why: string }
  /** It was sent and is not mined yet; nothing else is sent before it is. */
  | { readonly kind: "stuck"; readonly why: string };

/** Sends the transactions of one account on one chain, one after the other. */
export interface Sender {
  readonly address: string;
  /** Whether a transaction is on its way; it must be waited for before another is sent. */
  isWaiting(): boolean;
  /** Goes on waiting for the transaction that is on its way. */
  resume(): Promise<Sent>;
  /**
   * Sends a call and waits until it is mined.
   * @param gas What it is estimated to take.
   * @param holds Asked last of all whether the call is still to be made.
   */
  send(call: Call, gas: bigint, holds: () => Promise<boolean>): Promise<Sent>;
}

/** How nodes say that an account cannot pay. */
const POOR = /insufficient funds|enough funds/i;

/** What a sender works with. */
export interface SenderOptions {
  readonly wallet: Wallet;
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly limits: FeeLimits;
  readonly policy: Pick<Policy, "poll" | "stuck" | "giveUp" | "confirmations">;
  readonly clock: Clock;
  /** Told of what happens to a transaction on its way. */
  readonly report: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

/** A transaction that was sent and is not mined. All versions of it make the same call with the same nonce. */
interface UnderWay {
  readonly nonce: number;
  readonly call: Call;
  readonly gasLimit: bigint;
  fees: Fees;
  /** Signed versions by their hashes, the latest last. */
  readonly versions: Map<string, string>;
}

/** A sender for an account. */
export function openSender(options: SenderOptions): Sender {
  const { wallet, provider, chainId, limits, policy, clock, report } = options;
  let underWay: UnderWay | undefined;

  /** Signs the call of a transaction at its present fees. The hash is known before it is sent, whatever becomes of the answer. */
  const sign = async (transaction: UnderWay): Promise<void> => {
    const { nonce, call, gasLimit, fees, versions } = transaction;
    const raw = await wallet.signTransaction({ type: 2, chainId, nonce, ...call, gasLimit, ...fees, value: 0n });
    versions.set(Transaction.from(raw).hash ?? "", raw);
  };

  /** Sends the latest version, or sends it again. Returns why the node does not take it, if it says so. */
  const broadcast = async ({ versions }: UnderWay): Promise<string | undefined> => {
    const raw = [...versions.values()].at(-1) ?? "";
    try {
      await provider.broadcastTransaction(raw);
      return undefined;
    } catch (error) {
      if (POOR.test(messageOf(error))) return `${wallet.address} has too little coin for gas: send it some`;
      if (isError(error, "REPLACEMENT_UNDERPRICED")) return "another transaction with this nonce is waiting";
      // It may have arrived all the same, and a nonce that is used be used by it: the receipt decides.
      report("the node's answer to a transaction is unclear", { error: messageOf(error) });
      return undefined;
    }
  };

  const receiptOf = async ({ versions }: UnderWay): Promise<TransactionReceipt | null> => {
    for (const hash of versions.keys()) {
      const receipt = await provider.getTransactionReceipt(hash);
      if (receipt !== null) return receipt;
    }
    return null;
  };

  const presentFees = async (gasLimit: bigint): Promise<{ fees: Fees | undefined; why: string; ceiling: bigint }> => {
    const [block, { gasPrice, maxPriorityFeePerGas }] = await Promise.all([
      provider.getBlock("latest"),
      provider.getFeeData(),
    ]);
    const baseFee = block?.baseFeePerGas ?? gasPrice ?? 0n;
    const tip = maxPriorityFeePerGas ?? 0n;
    const ceiling = ceilingOf(gasLimit, limits);
    return { fees: offer(baseFee, tip, ceiling), why: `gas is at ${baseFee + tip} wei, above ${ceiling}`, ceiling };
  };

  /** One look at a transaction on its way; undefined as long as nothing is decided. */
  const look = async (transaction: UnderWay): Promise<Sent | undefined> => {
    // The count first: should it be above the nonce, the receipt is there, or another transaction took the nonce.
    const used = await provider.getTransactionCount(wallet.address, "latest");
    const receipt = await receiptOf(transaction);
    if (receipt !== null) {
      const head = await provider.getBlockNumber();
      return head - receipt.blockNumber + 1 >= policy.confirmations ? { kind: "mined", receipt } : undefined;
    }
    if (used <= transaction.nonce) return undefined;
    return { kind: "busy", why: `another transaction of ${wallet.address} was mined with nonce ${transaction.nonce}` };
  };

  /** Offers more, or, at the ceiling, sends the same again in case it was dropped. */
  const urge = async (transaction: UnderWay): Promise<void> => {
    const { fees, ceiling } = await presentFees(transaction.gasLimit);
    const raised = bump(transaction.fees, fees, ceiling);
    if (raised !== undefined) {
      transaction.fees = raised;
      await sign(transaction);
    }
    const refusal = await broadcast(transaction);
    const { nonce, fees: offered } = transaction;
    report(raised === undefined ? "sent again" : "sent again with higher fees", { nonce, ...offered, refusal });
  };

  const wait = async (transaction: UnderWay): Promise<Sent> => {
    const begun = clock.now();
    let urged = begun;
    let missing = 0;
    for (;;) {
      const seen = await look(transaction);
      // Twice, as the count and the receipt may come from two nodes.
      if (seen?.kind === "mined" || (seen?.kind === "busy" && ++missing > 2)) {
        underWay = undefined;
        return seen;
      }
      const now = clock.now();
      if (now - begun >= policy.giveUp) {
        return {
          kind: "stuck",
          why: `nonce ${transaction.nonce} is not mined: ${[...transaction.versions.keys()].join(", ")}`,
        };
      }
      if (now - urged >= policy.stuck) {
        urged = now;
        await urge(transaction);
      }
      await clock.sleep(policy.poll);
    }
  };

  const send: Sender["send"] = async (call, gas, holds) => {
    // A quarter more, for what changes before it is mined.
    const gasLimit = gas + gas / 4n;
    const { fees, why } = await presentFees(gasLimit);
    if (fees === undefined) return { kind: "dear", why };
    const [used, next] = await Promise.all([
      provider.getTransactionCount(wallet.address, "latest"),
      provider.getTransactionCount(wallet.address, "pending"),
    ]);
    if (next > used) {
      return {
        kind: "busy",
        why: `${next - used} transactions of ${wallet.address} wait to be mined: see to them first`,
      };
    }
    const transaction: UnderWay = { nonce: next, call, gasLimit, fees, versions: new Map() };
    await sign(transaction);
    if (!(await holds())) return { kind: "void", why: "the call is not to be made any more" };
    const refusal = await broadcast(transaction);
    if (refusal !== undefined) return { kind: "busy", why: refusal };
    underWay = transaction;
    report("sent", { nonce: next, hash: [...transaction.versions.keys()][0], gasLimit, ...fees });
    return wait(transaction);
  };

  return {
    address: wallet.address,
    isWaiting: () => underWay !== undefined,
    resume: async () => {
      if (underWay === undefined) throw new Error("no transaction is on its way");
      return wait(underWay);
    },
    send: async (call, gas, holds) => {
      if (underWay !== undefined) throw new Error("a transaction is on its way: wait for it first");
      return send(call, gas, holds);
    },
  };
}
