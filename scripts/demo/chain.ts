import { network } from "hardhat";

/** Seconds from one transaction to the next, each in a block of its own. */
const BLOCK_SECONDS = 12n;

const SENDING = new Set(["eth_sendTransaction", "eth_sendRawTransaction"]);

/** Finds what is wrong after a transaction. */
export type Check = () => Promise<readonly string[]>;

/** The embedded chain, with a time of its own: every run of the demo happens at the same seconds. */
export interface Chain {
  /** Time of the latest block. */
  now(): bigint;
  /** Mines an empty block at a time. */
  mineAt(time: bigint): Promise<void>;
  /** The next transaction happens at this time. */
  continueAt(time: bigint): void;
  /** From now on `check` is asked after every transaction; what it finds fails that transaction's call. */
  watch(check: Check): void;
  /** Transactions since the beginning, and how many of them were checked. */
  readonly count: { transactions: number; checked: number };
}

/** Takes the clock of the embedded chain into its hands, from `start` on (seconds, in the future). */
export function takeChain(start: bigint): Chain {
  if (network.name !== "hardhat") {
    throw new Error(`The demo runs on the embedded chain, not on "${network.name}": unset HARDHAT_NETWORK.`);
  }
  const provider = network.provider;
  const send = provider.send.bind(provider);
  const count = { transactions: 0, checked: 0 };
  let now = start;
  let next = start;
  let check: Check | undefined;

  const stamp = async (time: bigint): Promise<void> => {
    now = time;
    next = time + BLOCK_SECONDS;
    await send("evm_setNextBlockTimestamp", [Number(time)]);
  };
  provider.send = async (method: string, params?: unknown[]): Promise<unknown> => {
    if (!SENDING.has(method)) return send(method, params);
    await stamp(next);
    const result: unknown = await send(method, params);
    count.transactions++;
    if (check !== undefined) {
      count.checked++;
      const found = await check();
      if (found.length > 0) throw new Error(`The ledgers do not balance:\n  ${found.join("\n  ")}`);
    }
    return result;
  };

  return {
    count,
    now: () => now,
    mineAt: async (time) => {
      await stamp(time);
      await send("evm_mine", []);
    },
    continueAt: (time) => {
      next = time;
    },
    watch: (asked) => {
      check = asked;
    },
  };
}
