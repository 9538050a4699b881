import type { Provider } from "ethers";

import { exact } from "../lib/amounts";
import { timeOf } from "../lib/times";
import type { AMATICb, BondSwitcher } from "../../typechain-types";

import type { Wish } from "./wish";
import { aboveDailyLimit, aboveRemaining, notEnough, nothingAfterFee, paused } from "./words";

/** The two contracts of a switch. */
export interface Contracts {
  readonly bond: AMATICb;
  readonly switcher: BondSwitcher;
}

/** All that a holder should know before a switch, as of one block. */
export interface State {
  readonly block: number;
  /** Time of the block, in seconds. */
  readonly time: bigint;
  readonly holder: string;
  /** What the holder has, in MATIC wei. */
  readonly bonds: bigint;
  /** What the holder has, in ankrMATIC wei. */
  readonly shares: bigint;
  readonly feeBps: bigint;
  readonly cap: bigint;
  readonly remaining: bigint;
  readonly dailyLimit: bigint;
  readonly available: bigint;
  readonly pausedUntil: bigint;
  /** Worth of {@link PROBE} shares: the rate, with more digits than it needs. */
  readonly worth: bigint;
}

/** What a switch will move. */
export interface Quote {
  /** What is switched if it is counted in bonds; undefined if it is counted in shares. */
  readonly bonds: bigint | undefined;
  /** Shares that the holder gives. */
  readonly shares: bigint;
  readonly received: bigint;
  readonly fee: bigint;
}

/** So many shares that their worth shows every movement of the rate. */
export const PROBE = 10n ** 36n;

/** Reads what a switch depends on. */
export async function readState({ bond, switcher }: Contracts, provider: Provider, holder: string): Promise<State> {
  const latest = await provider.getBlock("latest");
  if (latest === null) throw new Error("The node knows no block: is it running?");
  const at = { blockTag: latest.number };
  const [bonds, shares, terms, remaining, available, worth] = await Promise.all([
    bond.balanceOf(holder, at),
    bond.sharesOf(holder, at),
    switcher.parameters(at),
    switcher.remaining(at),
    switcher.available(at),
    bond.sharesToBonds(PROBE, at),
  ]);
  const { feeBps, cap, dailyLimit, pausedUntil } = terms;
  return {
    ...{ block: latest.number, time: BigInt(latest.timestamp), holder, bonds, shares, worth },
    ...{ feeBps, cap, remaining, dailyLimit, available, pausedUntil },
  };
}

/** What a wish comes to. Fails, in words, if the contracts would refuse it. */
export async function quote({ bond, switcher }: Contracts, state: State, wish: Wish, upTo: boolean): Promise<Quote> {
  const { block, time, holder, remaining, available, pausedUntil } = state;
  const at = { blockTag: block };
  refuseMoreThanHeld(state, wish);
  if (pausedUntil > time) throw new Error(paused(pausedUntil));
  const wanted =
    wish.kind === "bonds"
      ? await bond.sharesToMove(holder, wish.bonds, at)
      : wish.kind === "all"
        ? state.shares
        : wish.shares;
  if (remaining === 0n || (!upTo && wanted > remaining)) throw new Error(aboveRemaining(wanted, remaining));
  if (available === 0n || (!upTo && wanted > available)) throw new Error(aboveDailyLimit(wanted, available));
  const shares = wanted < available ? wanted : available;
  const { received, fee } = await switcher.previewSwitchShares(shares, at);
  if (received === 0n) throw new Error(nothingAfterFee(shares));
  return { bonds: wish.kind === "bonds" && !upTo ? wish.bonds : undefined, shares, received, fee };
}

/** The state and the quote, for a reader. */
export function quoteLines(state: State, { bonds, shares, received, fee }: Quote, receiver: string): string[] {
  const { holder, feeBps, cap, remaining, dailyLimit, available } = state;
  const daily = dailyLimit === 0n ? "no daily limit" : `daily limit ${exact(dailyLimit)}`;
  return [
    `holder     ${holder}`,
    `has        ${exact(state.bonds)} aMATICb, which are ${exact(state.shares)} shares`,
    `gives      ${bonds === undefined ? "" : `${exact(bonds)} aMATICb, which are `}${exact(shares)} shares`,
    `gets       ${exact(received)} ankrMATIC${receiver === holder ? "" : ` for ${receiver}`}`,
    `fee        ${exact(fee)} ankrMATIC (${Number(feeBps) / 100} %)`,
    `cap        ${exact(remaining)} shares are left of ${exact(cap)}`,
    `available  ${exact(available)} shares now (${daily})`,
    `pause      none at ${timeOf(state.time)}`,
  ];
}

function refuseMoreThanHeld({ holder, bonds, shares }: State, wish: Wish): void {
  if (shares === 0n) throw new Error(`${holder} has no aMATICb: choose the account that has some with --from.`);
  if (wish.kind === "bonds" && wish.bonds > bonds) {
    throw new Error(notEnough(holder, `${exact(bonds)} aMATICb`, exact(wish.bonds)));
  }
  if (wish.kind === "shares" && wish.shares > shares) {
    throw new Error(notEnough(holder, `${exact(shares)} shares`, exact(wish.shares)));
  }
}
