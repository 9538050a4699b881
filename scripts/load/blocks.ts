import { toQuantity } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

/** One transaction. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** Called after each block with the number of calls that are done. */
export type Progress = (done: number) => void;

/** Calls in one block: with more, what Hardhat traces of a block takes gigabytes. */
const PER_BLOCK = 50;

const GAS_LIMIT = toQuantity(500_000);

/** The node's own answer; quantities are hexadecimal. */
interface Receipt {
  readonly gasUsed: string;
  readonly status: string;
}

/**
 * Sends calls from any accounts, many in a block, and free of charge, so that nobody needs coins.
 * @returns Gas that each of them used; all succeeded.
 */
export async function mineCalls(
  { network }: HardhatRuntimeEnvironment,
  calls: readonly Call[],
  progress: Progress,
): Promise<number[]> {
  const { provider } = network;
  const gas: number[] = [];
  await provider.send("evm_setAutomine", [false]);
  try {
    for (let start = 0; start < calls.length; start += PER_BLOCK) {
      const hashes: unknown[] = [];
      for (const call of calls.slice(start, start + PER_BLOCK)) {
        await provider.send("hardhat_impersonateAccount", [call.from]);
        hashes.push(await provider.send("eth_sendTransaction", [{ ...call, gas: GAS_LIMIT, gasPrice: "0x0" }]));
        await provider.send("hardhat_stopImpersonatingAccount", [call.from]);
      }
      await provider.send("hardhat_setNextBlockBaseFeePerGas", ["0x0"]);
      await provider.send("evm_mine");
      for (const hash of hashes) {
        const receipt = (await provider.send("eth_getTransactionReceipt", [hash])) as Receipt | null;
        if (receipt === null) throw new Error(`${String(hash)} was not mined: the block is full`);
        if (receipt.status !== "0x1") throw new Error(`${String(hash)} failed, call ${gas.length + 1} of its kind`);
        gas.push(Number(receipt.gasUsed));
      }
      // The traces of each block hang on small objects, for which Node.js by itself does not look in time.
      global.gc?.({ type: "minor" });
      progress(gas.length);
    }
  } finally {
    await provider.send("evm_setAutomine", [true]);
  }
  return gas;
}
