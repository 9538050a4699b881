import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";

import { DAY, checkpoints, unbond } from "./fixture";
import type { Context } from "./fixture";

/** Errors that say that there is nothing to do now. */
const IDLE = [
  "NothingToSettle",
  "NothingToDelegate",
  "NotFunding",
  "NoProgress",
  "NotFinalizable",
  "BatchNotRipe",
  "OpenBatchWorthless",
];

/** Makes a call that may have nothing to do; any other failure is one of the test. True if it did something. */
export async function attempt(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    if (IDLE.some((name) => message.includes(`'${name}(`))) return false;
    throw error;
  }
}

/** Everything that a passer-by can do for those who wait, until it changes nothing any more. */
export async function drain(context: Context, passerBy: HardhatEthersSigner): Promise<void> {
  const { delegator } = context;
  const pool = context.pool.connect(passerBy);
  for (let round = 0; round < 4; round++) {
    await unbond(context);
    await time.increase(31n * DAY);
    for (let position = 1n; position <= 4n; position++) await pool.sync(position);
    while (await attempt(() => pool.settleBatch())) await checkpoints(context);
    const { open } = await pool.queue();
    for (let batch = 1n; batch < open; batch++) {
      while ((await delegator.slicesOf(batch)).length > 0) {
        const before = (await delegator.slicesOf(batch)).length;
        await attempt(() => pool.finalizeBatch(batch));
        if ((await delegator.slicesOf(batch)).length === before) break;
      }
    }
  }
}
