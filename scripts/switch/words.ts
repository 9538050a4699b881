import type { Interface } from "ethers";

import { exact, messageOf } from "../lib/amounts";
import { revertOf, revertText } from "../lib/reverts";
import { timeOf } from "../lib/times";

/** Why nothing can be switched while switches are paused. */
export function paused(until: bigint): string {
  return `Switches are paused until ${timeOf(until)}: try again then. Unstaking is open all the time and has no fee.`;
}

/** Why more cannot be switched than the cap leaves. */
export function aboveRemaining(shares: bigint, remaining: bigint): string {
  if (remaining === 0n) return "The cap is used up: nothing can be switched. Unstaking is open and has no fee.";
  return (
    `${exact(shares)} shares are more than the ${exact(remaining)} that are left of the cap: ` +
    "switch less, or add --up-to for as much as there is."
  );
}

/** Why more cannot be switched than the daily limit allows now. */
export function aboveDailyLimit(shares: bigint, available: bigint): string {
  const now = available === 0n ? "and nothing is available now" : `and ${exact(available)} are available now`;
  return (
    `${exact(shares)} shares are above the daily limit, ${now}; it refills over a day: ` +
    `wait${available === 0n ? "." : ", switch less, or add --up-to for as much as there is."}`
  );
}

/** Why an account cannot switch more than it has. */
export function notEnough(holder: string, has: string, asked: string): string {
  return `${holder} has ${has}, which is less than ${asked}: switch less, or max for all of it.`;
}

/** Why crumbs cannot be switched. */
export function nothingAfterFee(shares: bigint): string {
  return `Nothing would be left of ${shares} wei of shares after the fee: switch more.`;
}

/** What a switch that was refused by a contract was refused for. */
export function explain(error: unknown, contracts: readonly Interface[]): string {
  const revert = revertOf(error, contracts);
  if (revert === undefined) return messageOf(error);
  const args = revert.args.toArray() as readonly unknown[];
  const [first, second] = args as [bigint, bigint];
  const [account, has, asked] = args as [string, bigint, bigint];
  switch (revert.name) {
    case "SwitchesArePaused":
      return paused(first);
    case "AboveRemaining":
      return aboveRemaining(first, second);
    case "AboveDailyLimit":
      return aboveDailyLimit(first, second);
    case "NothingAfterFee":
      return nothingAfterFee(first);
    case "ERC20InsufficientBalance":
      return notEnough(account, `${exact(has)} aMATICb`, exact(asked));
    case "InsufficientShares":
      return notEnough(account, `${exact(has)} shares`, exact(asked));
    case "ERC20InsufficientAllowance":
      return `The allowance of ${exact(has)} aMATICb was not enough for ${exact(asked)}: run it again.`;
    default:
      return `It was refused: ${revertText(revert)}`;
  }
}
