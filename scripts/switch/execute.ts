import type { ContractTransactionResponse, Provider, Signer } from "ethers";

import { exact } from "../lib/amounts";
import { signedPermit } from "../lib/tokenPermit";

import { PROBE } from "./quote";
import type { Contracts, Quote, State } from "./quote";
import { explain } from "./words";

/** A switch that has been agreed to. */
export interface Switch extends Contracts {
  readonly provider: Provider;
  readonly signer: Signer;
  readonly receiver: string;
  readonly upTo: boolean;
}

/** How a switch is sent. */
export interface Way {
  /** Function of the switcher. */
  readonly call:
    | "switchBonds"
    | "switchBondsWithPermit"
    | "switchShares"
    | "switchSharesWithPermit"
    | "switchUpTo"
    | "switchUpToWithPermit";
  /** Allowance that is given before, in bonds; 0 if there is enough. */
  readonly allowance: bigint;
}

/** What a switch did. */
export interface Done {
  readonly hash: string;
  readonly block: number;
  readonly shares: bigint;
  readonly received: bigint;
  readonly fee: bigint;
}

/** Which function does it, and what it needs. An allowance that is enough is used as it is. */
export async function wayOf({ bond, switcher, signer, upTo }: Switch, { bonds, shares }: Quote): Promise<Way> {
  const needed = bonds ?? (await worthWithMargin(bond, shares));
  const enough = (await bond.allowance(signer, switcher)) >= needed;
  const allowance = enough ? 0n : needed;
  if (upTo) return { call: enough ? "switchUpTo" : "switchUpToWithPermit", allowance };
  if (bonds === undefined) return { call: enough ? "switchShares" : "switchSharesWithPermit", allowance };
  return { call: enough ? "switchBonds" : "switchBondsWithPermit", allowance };
}

/** What would be done, for a reader. */
export function wayLine({ call, allowance }: Way): string {
  if (allowance === 0n) return `${call}, for which the allowance is there`;
  return `${call}, after a signed permit over ${exact(allowance)} aMATICb`;
}

/** Does it. Fails in words if a contract refuses. */
export async function execute(order: Switch, { bonds, shares }: Quote, way: Way): Promise<Done> {
  const { bond, receiver, signer, provider } = order;
  const switcher = order.switcher.connect(signer);
  const spender = await switcher.getAddress();
  const allowed = { spender, role: "the switcher", value: way.allowance, unit: "aMATICb" };
  const permit = (): ReturnType<typeof signedPermit> => signedPermit(bond, provider, signer, allowed);
  const send = async (): Promise<ContractTransactionResponse> => {
    switch (way.call) {
      case "switchBonds":
        return switcher.switchBonds(bonds ?? 0n, receiver);
      case "switchBondsWithPermit":
        return switcher.switchBondsWithPermit(bonds ?? 0n, receiver, await permit());
      case "switchShares":
        return switcher.switchShares(shares, receiver);
      case "switchSharesWithPermit":
        return switcher.switchSharesWithPermit(shares, receiver, await permit());
      case "switchUpTo":
        return switcher.switchUpTo(shares, receiver);
      case "switchUpToWithPermit":
        return switcher.switchUpToWithPermit(shares, receiver, await permit());
    }
  };
  try {
    return await result(order, await send());
  } catch (error) {
    throw new Error(explain(error, [switcher.interface, bond.interface]), { cause: error });
  }
}

/**
 * Compares what was done with the quote, to the wei. Returns why they differ, nothing if they do not, and fails if there is
 * no reason for it.
 */
export async function comparison(order: Switch, state: State, { shares, fee }: Quote, done: Done): Promise<string[]> {
  const { bond, switcher, upTo } = order;
  const at = { blockTag: done.block };
  if (done.shares === shares && done.fee === fee) return [];
  const reasons: string[] = [];
  const worth = await bond.sharesToBonds(PROBE, at);
  if (worth !== state.worth && done.shares !== shares) {
    const rate = (of: bigint): string => exact(of / (PROBE / 10n ** 18n));
    reasons.push(`the rate moved meanwhile, from ${rate(state.worth)} to ${rate(worth)} MATIC for a share`);
  }
  if (upTo && done.shares < shares) reasons.push("others switched meanwhile, and less was left");
  const { feeBps } = await switcher.parameters(at);
  if (feeBps !== state.feeBps) reasons.push(`the fee went from ${state.feeBps} to ${feeBps} bps meanwhile`);
  const { fee: due } = await switcher.previewSwitchShares(done.shares, at);
  if ((done.shares !== shares && reasons.length === 0) || done.fee !== due) {
    throw new Error(
      `The switch is done, but not as quoted, and nothing moved: ${exact(done.shares)} shares with a fee of ` +
        `${exact(done.fee)} instead of ${exact(shares)} with ${exact(fee)}. Report transaction ${done.hash}.`,
    );
  }
  return reasons;
}

/**
 * Allowance for shares: their worth, rounded up, and a hundredth more, as they may be worth more when it is spent. The
 * switcher spends it for nobody but its owner.
 */
async function worthWithMargin(bond: Contracts["bond"], shares: bigint): Promise<bigint> {
  const worth = (await bond.sharesToBonds(shares)) + 1n;
  return worth + worth / 100n;
}

async function result({ switcher }: Switch, sent: ContractTransactionResponse): Promise<Done> {
  const receipt = await sent.wait();
  const address = await switcher.getAddress();
  const event = receipt?.logs
    .filter((log) => log.address === address)
    .map((log) => switcher.interface.parseLog(log))
    .find((log) => log?.name === "Switched");
  if (!receipt || !event) throw new Error(`Transaction ${sent.hash} says nothing of a switch: look it up.`);
  const [, , shares, fee] = event.args as unknown as [string, string, bigint, bigint];
  return { hash: sent.hash, block: receipt.blockNumber, shares, received: shares - fee, fee };
}
