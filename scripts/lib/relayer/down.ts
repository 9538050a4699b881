import { setTimeout as sleep } from "node:timers/promises";

import type { TransactionReceipt } from "ethers";

import { commitState, readStateSync } from "../bridge/localFx";

import type { Carrier } from "./relay";

const RECEIPT_TRIES = 200;
const RECEIPT_PAUSE_MS = 25;

/** Delivers the next message to Polygon, if there is one; returns whether there was. */
export async function deliverNext(relay: Carrier): Promise<boolean> {
  const { stateSender, stateReceiver, child, ethereumTag, log } = relay;
  const stateId = (await stateReceiver.lastStateId()) + 1n;
  const sync = await readStateSync(stateSender, stateId, ethereumTag);
  if (sync === undefined) return false;
  log({ what: "delivering", stateId });
  const transaction = await commitState(child, sync);
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

/** The receipt of a transaction that was sent: nodes may need a moment to know it. */
async function receiptOf({ stateReceiver }: Carrier, transaction: string): Promise<TransactionReceipt> {
  const provider = stateReceiver.runner?.provider;
  if (!provider) throw new Error("StateReceiver has no provider: connect it to one of Polygon");
  for (let tries = 0; tries < RECEIPT_TRIES; tries++) {
    const receipt = await provider.getTransactionReceipt(transaction);
    if (receipt !== null) return receipt;
    await sleep(RECEIPT_PAUSE_MS);
  }
  throw new Error(`Transaction ${transaction} was not mined: does the node of Polygon mine?`);
}
