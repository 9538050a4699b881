import { setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, ZeroAddress } from "ethers";
import type { Interface } from "ethers";
import { ethers } from "hardhat";

import { ValidatorShare__factory } from "../../typechain-types";
import { ScriptedShare__factory } from "../typechain-types";
import type { ScriptedShare } from "../typechain-types";

import type { Context } from "./fixture";
import { FIRST_ID, asManager } from "./fixture";

/** What a scripted function does; the same numbers as in the contract. */
export const Kind = { Revert: 0n, Return: 1n, BurnGas: 2n, ReturnBomb: 3n, Call: 4n } as const;

/** One function's part in a script. */
export interface Line {
  readonly kind: bigint;
  /** Returned bytes, or call data for `target`. */
  readonly data?: string;
  readonly target?: string;
}

/** Names of functions of a share contract, and what they do. */
export type Script = Readonly<Record<string, Line>>;

/** Rate of a validator at which a share is worth exactly one POL. */
export const RATE_ONE = 10n ** 29n;

/** A function that returns numbers. */
export function returns(...words: (bigint | boolean)[]): Line {
  const types = words.map((word) => (typeof word === "boolean" ? "bool" : "uint256"));
  return { kind: Kind.Return, data: AbiCoder.defaultAbiCoder().encode(types, words) };
}

/** A contract that looks open for stake, and holds none. */
export const INVITING: Script = {
  locked: returns(false),
  delegation: returns(true),
  exchangeRate: returns(RATE_ONE),
  getTotalStake: returns(0n, RATE_ONE),
  withdrawExchangeRate: returns(RATE_ONE),
  unbonds_new: returns(0n, 0n),
  unbondNonces: returns(0n),
};

/** Tells a scripted contract what to do, on top of what it was told before. */
export async function tell(share: ScriptedShare, script: Script): Promise<void> {
  const shares: Interface = ValidatorShare__factory.createInterface();
  const selectors = Object.keys(script).map((name) => shares.getFunction(name)?.selector ?? expect.fail(name));
  const scripts = Object.values(script).map(({ kind, data = "0x", target = ZeroAddress }) => ({ kind, target, data }));
  await share.learn(selectors, scripts);
}

/** Replaces the code of a position's share contract by a scripted one. Its worth is not asked by the watch any more. */
export async function turnHostile(context: Context, position: bigint, script: Script): Promise<ScriptedShare> {
  const { share: at } = await context.delegator.positionAt(position);
  const template = await new ScriptedShare__factory(context.actors.deployer).deploy();
  context.unsynced.add(position);
  await setCode(at, await ethers.provider.getCode(template));
  const share = ScriptedShare__factory.connect(at, context.actors.deployer);
  await tell(share, script);
  return share;
}

/** Has Polygon's governance name a scripted contract for a new validator, and registers it. Returns its position too. */
export async function registerHostile(
  context: Context,
  script: Script,
): Promise<{ share: ScriptedShare; position: bigint }> {
  const { polygon, actors, delegator } = context;
  const count = await delegator.positionCount();
  const id = FIRST_ID + 50n + count;
  const signer = ethers.getCreateAddress({ from: actors.validatorOwner.address, nonce: id });
  await polygon.stakeManager.addValidator(id, actors.validatorOwner.address, signer, 1n, 5n, true);
  const share = await new ScriptedShare__factory(actors.deployer).deploy();
  const owner = AbiCoder.defaultAbiCoder().encode(["address"], [await polygon.stakeManager.getAddress()]);
  await tell(share, { ...INVITING, owner: { kind: Kind.Return, data: owner }, ...script });
  await polygon.stakeManager.updateValidatorContractAddress(id, share);
  await asManager(context, delegator, delegator.interface.encodeFunctionData("addPosition", [id]));
  return { share, position: count + 1n };
}
