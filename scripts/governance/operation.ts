import { concat, keccak256, toBeHex, zeroPadBytes, zeroPadValue } from "ethers";
import type { Interface, Provider } from "ethers";

import { AccessManager__factory } from "../../typechain-types";
import type { AccessManager } from "../../typechain-types";
import { messageOf } from "../lib/amounts";
import type { RpcProvider } from "../lib/bridge/rpc";
import { reasonOf, revertData } from "../lib/reverts";

import type { Call } from "./safe";

/** A node, as far as it is asked. */
export type Node = Provider & RpcProvider;

/** A call that the AccessManager delays, and how it goes through. */
export interface Operation {
  readonly id: string;
  readonly schedule: Call;
  readonly execute: Call;
  readonly cancel: Call;
  /** When it can be executed; undefined if it is not scheduled, or has expired. */
  readonly readyAt: bigint | undefined;
  /** Seconds in which it can be executed after that. */
  readonly window: bigint;
}

/** What the AccessManager knows of a call by an account. */
export async function operationOf(
  manager: AccessManager,
  account: string,
  target: string,
  data: string,
): Promise<Operation> {
  const to = await manager.getAddress();
  const id = await manager.hashOperation(account, target, data);
  const readyAt = await manager.getSchedule(id);
  const abi = AccessManager__factory.createInterface();
  return {
    id,
    // 0: as soon as the delay allows.
    schedule: { to, data: abi.encodeFunctionData("schedule", [target, data, 0n]) },
    execute: { to, data: abi.encodeFunctionData("execute", [target, data]) },
    cancel: { to, data: abi.encodeFunctionData("cancel", [account, target, data]) },
    readyAt: readyAt === 0n ? undefined : readyAt,
    window: await manager.expiration(),
  };
}

/** Slot in which OpenZeppelin's AccessManager has the call that it is just executing. */
const EXECUTION_SLOT = toBeHex(3n, 32);

/**
 * Why a call would revert if the AccessManager executed it now; undefined if it would not. It is asked of the node, from the
 * manager's address and with the manager's note of what it executes in place, without which no contract obeys it.
 */
export async function refusalOf(
  node: RpcProvider,
  manager: string,
  { to, data }: Call,
  contracts: readonly Interface[],
): Promise<string | undefined> {
  const executing = keccak256(concat([zeroPadValue(to, 32), zeroPadBytes(data.slice(0, 10), 32)]));
  const state = { [manager]: { stateDiff: { [EXECUTION_SLOT]: executing } } };
  return refusalIn(node, { from: manager, to, data }, contracts, [state]);
}

/** Why a call would revert if the account sent it now; undefined if it would not. */
export async function refusalTo(
  node: RpcProvider,
  from: string,
  call: Call,
  contracts: readonly Interface[],
): Promise<string | undefined> {
  return refusalIn(node, { from, ...call }, contracts, []);
}

async function refusalIn(
  node: RpcProvider,
  call: Call & { readonly from: string },
  contracts: readonly Interface[],
  overrides: readonly object[],
): Promise<string | undefined> {
  try {
    await node.send("eth_call", [call, "latest", ...overrides]);
    return undefined;
  } catch (error) {
    const data = revertData(error);
    if (data !== undefined) return reasonOf(data, [...contracts, AccessManager__factory.createInterface()]);
    throw new Error(
      `The node cannot try the call out (eth_call with an override of state): ${messageOf(error)}. Ask another node`,
      { cause: error },
    );
  }
}

/** Time of the newest block. */
export async function timeOn(provider: Provider): Promise<bigint> {
  const block = await provider.getBlock("latest");
  if (block === null) throw new Error("The node has no block: wait until it has caught up");
  return BigInt(block.timestamp);
}
