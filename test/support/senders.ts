import type { Signer, TransactionRequest, TransactionResponse } from "ethers";

/** What happens around the sending of a transaction, which is counted from 0. */
export interface Hooks {
  readonly before?: (count: number) => Promise<void> | void;
  readonly after?: (count: number) => Promise<void> | void;
}

/** A signer that is the given one, but for what happens around each transaction that it sends. */
export function hooked<T extends Signer>(signer: T, { before, after }: Hooks): T {
  let sent = 0;
  const sendTransaction = async (request: TransactionRequest): Promise<TransactionResponse> => {
    const count = sent++;
    await before?.(count);
    const response = await signer.sendTransaction(request);
    await after?.(count);
    return response;
  };
  return new Proxy(signer, {
    get: (target, key) => {
      if (key === "sendTransaction") return sendTransaction;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

/** A signer whose line breaks before its transaction number `count`. */
export function breakingBefore<T extends Signer>(signer: T, count: number): T {
  return hooked(signer, {
    before: (sent) => {
      if (sent === count) throw new Error("the line is down");
    },
  });
}

/** A signer whose line breaks when transaction number `count` is mined, before the answer comes. */
export function breakingAfter<T extends Signer>(signer: T, count: number): T {
  return hooked(signer, {
    after: (sent) => {
      if (sent === count) throw new Error("the answer is lost");
    },
  });
}
