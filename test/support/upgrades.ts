import { time } from "@nomicfoundation/hardhat-network-helpers";
import type { Addressable, BytesLike } from "ethers";
import { ethers } from "hardhat";

import type { Governance } from "../../deploy/params";
import { Upgradeable__factory } from "../../typechain-types";

import type { Context } from "./fixture";

/** Slots of ERC-1967. */
export const SLOTS = {
  implementation: "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",
  admin: "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103",
  beacon: "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50",
} as const;

/** Address in the implementation slot of a proxy. */
export async function implementationOf(proxy: Addressable): Promise<string> {
  const word = await ethers.provider.getStorage(proxy, SLOTS.implementation);
  return ethers.getAddress(ethers.dataSlice(word, 12));
}

/** The call that upgrades a proxy. */
export function upgradeCall(implementation: string, migration: BytesLike = "0x"): string {
  return Upgradeable__factory.createInterface().encodeFunctionData("upgradeToAndCall", [implementation, migration]);
}

/** What is needed to give orders, on either chain. */
export interface Orders extends Pick<Context, "manager" | "actors"> {
  readonly params: Governance;
}

/** A call of the upgrader's: scheduled, waited for, executed. */
export async function asUpgrader(
  { manager, params, actors }: Orders,
  target: Addressable,
  data: BytesLike,
): Promise<void> {
  await manager.connect(actors.upgrader).schedule(target, data, 0);
  await time.increase(params.delays.upgraderSeconds);
  await manager.connect(actors.upgrader).execute(target, data);
}
