import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { time } from "@nomicfoundation/hardhat-network-helpers";

import type { BondSwitcher } from "../../typechain-types";

import { DAY, asManager } from "./fixture";
import type { Context } from "./fixture";

/** Domain of aMATICb's signatures. */
export const BOND_DOMAIN = { name: "Ankr MATIC Reward Earning Bond", version: "1" } as const;

/** a / b, rounded up. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** The fee on shares, rounded up. */
export function feeOf(shares: bigint, bps = 30n): bigint {
  return ceilDiv(shares * bps, 10_000n);
}

/** What a bucket of a daily limit gets back in some seconds, rounded down. */
export function refill(limit: bigint, seconds: bigint): bigint {
  return (limit * seconds) / DAY;
}

type Setter = "setFee" | "setCap" | "setDailyLimit";

/** The manager sets a parameter of the switcher, after its day. */
export async function set(context: Context, setter: Setter, value: bigint): Promise<void> {
  const { switcher } = context;
  await asManager(context, switcher, switcher.interface.encodeFunctionData(setter as "setCap", [value]));
}

/**
 * The manager schedules a daily limit and waits its day, so that `execute` can set it at a time of choice, in the middle
 * of a day's switches.
 */
export async function scheduledLimit(
  { manager, switcher, params, actors }: Context,
  limit: bigint,
): Promise<() => Promise<ContractTransactionResponse>> {
  const data = switcher.interface.encodeFunctionData("setDailyLimit", [limit]);
  const by = manager.connect(actors.manager);
  await by.schedule(switcher, data, 0);
  await time.increase(params.delays.managerSeconds);
  return () => by.execute(switcher, data);
}

/** The cap, the count and the fee, as the switcher tells them. */
export async function count(switcher: BondSwitcher): Promise<{ cap: bigint; used: bigint; remaining: bigint }> {
  const { cap, used } = await switcher.parameters();
  return { cap, used, remaining: await switcher.remaining() };
}

/** Nothing is in the switcher, and aMATICb has exactly the ankrMATIC behind its shares. */
export async function expectNothingStays({ bond, token, switcher, polygon }: Context): Promise<void> {
  for (const coin of [bond, token, polygon.pol, polygon.matic]) {
    expect(await coin.balanceOf(switcher), "what the switcher has").to.equal(0n);
  }
  expect(await bond.sharesOf(switcher), "shares that the switcher has").to.equal(0n);
  expect(await token.balanceOf(bond), "ankrMATIC behind the shares").to.equal(await bond.totalSharesSupply());
}
