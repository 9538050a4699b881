import { setTimeout as sleep } from "node:timers/promises";

import { messageOf } from "../amounts";
import type { CheckpointTree } from "../bridge/checkpoint";

import { submitNext } from "./checkpoints";
import { deliverNext } from "./down";
import { openExits, proveExit } from "./exits";
import type { Carrier, Relay } from "./relay";

/** How a relayer goes on and when it ends. */
export interface Pace {
  /** Milliseconds between two steps. */
  readonly intervalMs: number;
  /** Most milliseconds that it waits after trouble, which it does twice as long each time. */
  readonly maxBackoffMs: number;
  /** Ends it, after the transaction that is under way. */
  readonly signal: AbortSignal;
}

/**
 * One step: delivers what was sent, submits a checkpoint if there are blocks enough, and, if that is its business, proves
 * the exits that this makes possible.
 * @returns Number of things done; 0 if there was nothing to do.
 */
export async function relayOnce(relay: Carrier | Relay, signal?: AbortSignal): Promise<number> {
  // Each tree is built once in a step, and forgotten with it.
  const trees = new Map<string, CheckpointTree>();
  const goesOn = (): boolean => signal?.aborted !== true;
  let done = 0;
  while (goesOn() && (await deliverNext(relay))) done++;
  if (goesOn() && (await submitNext(relay, trees))) done++;
  if (!goesOn() || !("exits" in relay) || !relay.exits) return done;
  for (const exit of await openExits(relay)) {
    if (!goesOn()) break;
    if (await proveExit(relay, exit, trees)) done++;
  }
  return done;
}

/** Steps until it is told to stop. Trouble with a node is told to the log, and waited out. */
export async function runRelayer(relay: Carrier | Relay, { intervalMs, maxBackoffMs, signal }: Pace): Promise<void> {
  const goesOn = (): boolean => !signal.aborted;
  let backoffMs = intervalMs;
  while (goesOn()) {
    let pauseMs = intervalMs;
    try {
      await relayOnce(relay, signal);
      backoffMs = intervalMs;
    } catch (error) {
      if (!goesOn()) return;
      backoffMs = Math.min(2 * backoffMs, maxBackoffMs);
      pauseMs = backoffMs;
      relay.log({ what: "trouble", reason: messageOf(error), retryInMs: pauseMs });
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
