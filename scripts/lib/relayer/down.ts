import { setTimeout as sleep } from "node:timers/promises";

import type { TransactionReceipt } from "ethers";

import { messageOf } from "../amounts";
import { commitState, readStateSync } from "../bridge/localFx";

import type { Carrier } from "./relay";

const TRIES = 200;
const PAUSE_MS = 25;

/** What nodes say to a transaction that another relayer sent a moment before: of one sender, to the letter the same. */
const ALREADY_KNOWN = /already (imported|known)/i;

/** Delivers the next message to Polygon, if there is one; returns whether there was. */
export async function deliverNext(relay: Carrier): Promise<boolean> {
  const { stateSender, stateReceiver, child, ethereumTag, log } = relay;
  const stateId = (await stateReceiver.lastStateId()) + 1n;
  const sync = await readStateSync(stateSender, stateId, ethereumTag);
  if (sync === undefined) return false;
  log({ what: "delivering", stateId });
  let transaction: string;
  try {
    transaction = await commitState(child, sync);
  } catch (error) {
    if (!ALREADY_KNOWN.test(messageOf(error))) throw error;
    await comes(relay, stateId);
    log({ what: "overtaken", action: `delivery of message ${stateId}` });
    return true;
  }
  const receipt = await receiptOf(relay, transaction);
  if (receipt.status !== 1) {
    if ((await stateReceiver.lastStateId()) < stateId) {
      throw new Error(`The delivery of message ${stateId} reverted, in transaction ${transaction}: look at its trace`);
    }
    log({ what: "overtaken", action: `delivery of message ${stateId}` });
    return true;
  }
  const committed = receipt.logs
    .map((entry) => stateReceiver.interface.parseLog(entry))
    .find((event) => event?.name === "StateCommitted");
  if (!committed) {
    log({ what: "delivery lost", stateId, transaction, advice: `there is no contract at ${sync.receiver}` });
  } else if (committed.args.getValue("success") === true) {
    log({ what: "delivered", stateId, transaction });
  } else {
    log({ what: "delivery failed", stateId, transaction, advice: `anyone may call replayFailedStateSync(${stateId})` });
  }
  return true;
}

/** Returns when a message that another relayer sent has been mined. */
async function comes({ stateReceiver }: Carrier, stateId: bigint): Promise<void> {
  const mined = await until(async () => ((await stateReceiver.lastStateId()) < stateId ? null : true));
  if (mined === null)
    throw new Error(`The delivery of message ${stateId} was not mined: does the node of Polygon mine?`);
}

/** The receipt of a transaction that was sent: nodes may need a moment to know it. */
async function receiptOf({ stateReceiver }: Carrier, transaction: string): Promise<TransactionReceipt> {
  const provider = stateReceiver.runner?.provider;
  if (!provider) throw new Error("StateReceiver has no provider: connect it to one of Polygon");
  const receipt = await until(() => provider.getTransactionReceipt(transaction));
  if (receipt === null) {
    throw new Error(`Transaction ${transaction} was not mined: does the node of Polygon mine?`);
  }
  return receipt;
}

/** Asks until there is an answer; null if there was none for too long. */
async function until<T>(ask: () => Promise<T | null>): Promise<T | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await ask();
    if (answer !== null) return answer;
    await sleep(PAUSE_MS);
  }
  return null;
}
