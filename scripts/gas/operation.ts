import type { ContractTransactionResponse } from "ethers";

import type { World } from "./world";

/** Whether the caller, and what the call writes, was there before. */
export type Use = "first" | "later";

/** What a call cost. */
export interface Spent {
  readonly gas: bigint;
  /** Hashes of the transactions; none for a read. */
  readonly transactions: readonly string[];
}

/** One row of the table: an operation, in a state that is fully said. */
export interface Operation {
  readonly name: string;
  readonly use: Use;
  /** What was done after {@link inDailyUse} and before the call, and who calls. */
  readonly given: string;
  /** True if contracts of Polygon are called, tokens included: here they are the local model's. */
  readonly model: boolean;
  /** Gas by which runs may differ: calldata has hashes or times, and each byte that happens to be zero costs 12 less. */
  readonly spread?: number;
  /** True if the number of stakers and requests must not change the cost by a single unit of gas. */
  readonly flat?: boolean;
  /** Numbers of validators for which it makes sense; all if left out. */
  readonly validators?: (count: number) => boolean;
  readonly prepare?: (world: World) => Promise<void>;
  /** The call. A checkpoint's rewards are pending before it. */
  readonly call: (world: World) => Promise<Spent>;
}

/** Gas of transactions that were sent one after the other. */
export async function spent(...sent: readonly Promise<ContractTransactionResponse>[]): Promise<Spent> {
  let gas = 0n;
  const transactions: string[] = [];
  for (const sending of sent) {
    const receipt = await (await sending).wait();
    if (receipt === null) throw new Error("a transaction was not mined: automine is off");
    gas += receipt.gasUsed;
    transactions.push(receipt.hash);
  }
  return { gas, transactions };
}

/** Gas of as many calls as it takes until `done`. */
export async function spentUntil(
  done: () => Promise<boolean>,
  send: () => Promise<ContractTransactionResponse>,
): Promise<Spent> {
  let total: Spent = { gas: 0n, transactions: [] };
  while (!(await done())) {
    const one = await spent(send());
    total = { gas: total.gas + one.gas, transactions: [...total.transactions, ...one.transactions] };
  }
  return total;
}
