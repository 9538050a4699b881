import type { Interface } from "ethers";

import { exact, messageOf } from "../lib/amounts";
import { STATE_RECEIVER } from "../lib/bridge/stateSync";
import type { Message, UpMessage } from "../lib/bridge/messages";
import type { DownStatus, UpStatus, Waiting } from "../lib/bridge/status";
import { revertOf, revertText } from "../lib/reverts";
import { durationOf, timeOf } from "../lib/times";

import type { Ends } from "./ends";

/** How long a message to Polygon takes. */
export const TIME_DOWN = "22 to 30 minutes";

/** How long a withdrawal takes until it can be proven. */
export const TIME_UP = "30 minutes to 3 hours";

/** Why nothing can be sent to Polygon while that is paused. */
export function paused(until: bigint): string {
  return `Bridging to Polygon is paused until ${timeOf(until)}: try again then. The way back is open all the time.`;
}

/** Why more cannot be sent to Polygon than the cap leaves. */
export function aboveLock(shares: bigint, remaining: bigint): string {
  if (remaining === 0n) {
    return "As much is locked as may be: nothing can be sent until somebody comes back from Polygon, or the cap is raised.";
  }
  return (
    `${exact(shares)} ankrMATIC are more than the ${exact(remaining)} that can still be locked: ` +
    `send at most ${exact(remaining)}.`
  );
}

/** Why more cannot be sent back than this bridge brought. */
export function aboveMinted(shares: bigint, minted: bigint): string {
  return (
    `${exact(shares)} ankrMATIC are more than the ${exact(minted)} that this bridge has minted: ` +
    `the rest came by another bridge and goes back by that. Send at most ${exact(minted)}.`
  );
}

/** Why more cannot be sent back than the token lets the bridge burn now. */
export function aboveWithdrawal(shares: bigint, remaining: bigint | undefined): string {
  const now =
    remaining === undefined ? "" : `, and ${remaining === 0n ? "none" : exact(remaining)} can be sent back now`;
  return (
    `${exact(shares)} ankrMATIC are above the daily limit of the way back${now}; it refills over a day: ` +
    `wait${remaining === 0n ? "." : ", or send less."}`
  );
}

/** Why an account cannot send more than it has. */
export function notEnough(sender: string, has: bigint, asked: bigint): string {
  return `${sender} has ${exact(has)} ankrMATIC, which is less than ${exact(asked)}: send less, or all.`;
}

/** Why nobody sends to an end of the bridge. */
export function deadEnd(receiver: string): string {
  return `--to ${receiver} is the bridge itself, where nobody could ever get it out: name another.`;
}

/** What a call that was refused by a contract was refused for. */
export function explain(error: unknown, contracts: readonly Interface[], shares: bigint): string {
  const revert = revertOf(error, contracts);
  if (revert === undefined) return messageOf(error);
  const args = revert.args.toArray() as readonly unknown[];
  const [first, second] = args as [bigint, bigint];
  const [account, has, asked] = args as [string, bigint, bigint];
  switch (revert.name) {
    case "BridgingIsPaused":
      return paused(first);
    case "AboveLockCap":
      return aboveLock(first, second);
    case "AboveMinted":
      return aboveMinted(first, second);
    case "IXERC20_NotHighEnoughLimits":
      return aboveWithdrawal(shares, undefined);
    case "ERC20InsufficientBalance":
      return notEnough(account, has, asked);
    case "ERC20InsufficientAllowance":
      return `The allowance of ${exact(has)} ankrMATIC was not enough for ${exact(asked)}: run it again.`;
    default:
      return `It was refused: ${revertText(revert)}`;
  }
}

/** A message, in words. */
export function nameOf({ direction, nonce, receiver, shares }: Message): string {
  const what = receiver === undefined ? "the rate alone" : `${exact(shares)} ankrMATIC for ${receiver}`;
  return `Message ${nonce} to ${direction === "polygon" ? "Polygon" : "Ethereum"}: ${what}`;
}

/** What waits because of a limit, when it does not any more, and who can make it move. */
export function waitingLines({ shares, now, limit, room, seconds }: Waiting, receiver: string, end: string): string[] {
  const allOfIt = `${exact(shares)} ankrMATIC wait for ${receiver}, of this message or others`;
  if (seconds === 0n)
    return [`${allOfIt}, and all can be paid now: anyone can call payPending(${receiver}) of ${end}.`];
  const part = now === 0n ? "none" : exact(now);
  const first = `${allOfIt}, and ${part} can be paid now: anyone can call payPending(${receiver}) of ${end}.`;
  return [first, refillLine(shares, limit, room, seconds)];
}

function refillLine(shares: bigint, limit: bigint, room: bigint | undefined, seconds: bigint | undefined): string {
  if (seconds === undefined) {
    return (
      `The daily limit is ${exact(limit)}` +
      (room === undefined ? "" : `, and the cap on the supply leaves ${exact(room)}`) +
      ": the rest waits until they are raised."
    );
  }
  const inParts = shares > limit ? ", in parts, as they are more than the limit" : "";
  return (
    `All can be paid in ${durationOf(seconds)}${inParts}, if nobody else uses the daily limit of ${exact(limit)}; ` +
    "it refills evenly."
  );
}

/** What a sender should know if not all can arrive at once. */
export function lateLine({ shares, now, limit, room, seconds }: Waiting): string | undefined {
  if (seconds === 0n) return undefined;
  const rest = shares - now;
  return `${exact(rest)} would have to wait at the limit there. ${refillLine(rest, limit, room, seconds)}`;
}

/** Where a message to Polygon is. */
export function downLines(status: DownStatus, receiver: string | undefined, stateId: bigint, ends: Ends): string[] {
  switch (status.is) {
    case "travelling":
      return [`On its way, as state sync ${stateId}: it arrives ${TIME_DOWN} after it was sent.`];
    case "failed":
      return [
        `It failed on Polygon, which keeps it as state sync ${stateId}: anyone can deliver it again, at any time.`,
        status.reason === undefined
          ? "That would succeed now:"
          : `That would fail at present (${status.reason}); once this is mended:`,
        `  cast send ${STATE_RECEIVER} "replayFailedStateSync(uint256)" ${stateId} --rpc-url POLYGON_RPC_URL`,
      ];
    case "lost":
      return [
        `State sync ${stateId} was delivered on Polygon, but it was not taken, nor is it kept there: report it, with this ` +
          "transaction.",
      ];
    case "delivered":
      if (receiver === undefined) return ["Delivered."];
      if (status.waiting === undefined) return [`Delivered and minted: nothing waits for ${receiver}.`];
      return ["Delivered.", ...waitingLines(status.waiting, receiver, ends.child)];
  }
}

/** Why a withdrawal cannot be proven yet. */
export function uncheckedLine(block: bigint, last: bigint | undefined): string {
  const reach = last === undefined ? "there is none yet" : `the last one ends with block ${last}`;
  return (
    `Waits for a checkpoint that has its block, ${block}: ${reach}. One comes every 14 to 26 minutes, ` +
    "at times only after hours."
  );
}

/** Where a withdrawal is. */
export function upLines(status: UpStatus, message: UpMessage, transaction: string, ends: Ends): string[] {
  switch (status.is) {
    case "unchecked":
      return [uncheckedLine(message.block, status.last?.end)];
    case "provable":
      return [
        "It can be proven on Ethereum now, by anyone:",
        `  npx hardhat bridge:exit --tx ${transaction} --position ${message.position} --bridge ${ends.bridge} ` +
          "--network ETHEREUM --other-rpc POLYGON_RPC_URL",
      ];
    case "proven":
      if (status.waiting === undefined) return [`Proven and released: nothing waits for ${message.receiver}.`];
      return ["Proven.", ...waitingLines(status.waiting, message.receiver, ends.bridge)];
  }
}
