import { ZeroHash, encodeRlp, solidityPackedKeccak256, toBeArray, toQuantity } from "ethers";
import type { Signer } from "ethers";

import {
  BridgeRootChain__factory,
  FxChild__factory,
  FxRoot__factory,
  StateReceiver__factory,
  StateSender__factory,
} from "../../../typechain-types";
import type { BridgeRootChain, FxChild, FxRoot, StateReceiver, StateSender } from "../../../typechain-types";

import type { RpcProvider } from "./rpc";
import { STATE_RECEIVER } from "./stateSync";

/** Sender of what Polygon's nodes execute on their own. */
export const SYSTEM = "0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE";

/** Where the stand-in for StateReceiver keeps the number of the last message, and those that failed. */
const LAST_ID_SLOT = 0n;
const FAILED_SLOT = 1n;

/** Gas of a delivery: the receiver gets its 5,000,000 whatever an estimate says. */
const DELIVERY_GAS = 6_000_000n;

/** What of the bridge stands on Ethereum: FxPortal's own FxRoot, and stand-ins for what is around it. */
export interface FxOnEthereum {
  readonly stateSender: StateSender;
  readonly fxRoot: FxRoot;
  readonly rootChain: BridgeRootChain;
}

/** What of the bridge stands on Polygon: FxPortal's own FxChild, and the stand-in at 0x…1001. */
export interface FxOnPolygon {
  readonly fxChild: FxChild;
  readonly stateReceiver: StateReceiver;
}

/**
 * Puts FxPortal on two local chains, which may be the same, and wires it.
 * @param proposer Account that submits checkpoints.
 * @param child Node of the second chain; one that takes `hardhat_setCode`, as anvil and Hardhat do.
 */
export async function deployFx(
  onEthereum: Signer,
  onPolygon: Signer,
  proposer: string,
  child: RpcProvider,
): Promise<FxOnEthereum & FxOnPolygon> {
  const stateSender = await new StateSender__factory(onEthereum).deploy();
  const fxRoot = await new FxRoot__factory(onEthereum).deploy(stateSender);
  const rootChain = await new BridgeRootChain__factory(onEthereum).deploy(proposer);
  const fxChild = await new FxChild__factory(onPolygon).deploy();
  await Promise.all([stateSender, fxRoot, rootChain, fxChild].map((contract) => contract.waitForDeployment()));
  await (await fxRoot.setFxChild(fxChild)).wait();
  await (await fxChild.setFxRoot(fxRoot)).wait();
  await (await stateSender.register(fxRoot, fxChild)).wait();
  return { stateSender, fxRoot, rootChain, fxChild, stateReceiver: await putStateReceiver(onPolygon, child) };
}

/**
 * Puts the stand-in for StateReceiver at its address. It has got no message yet: what an earlier one on the same chain
 * counted and kept is taken away, since a new StateSender counts from 1 again.
 */
export async function putStateReceiver(onPolygon: Signer, child: RpcProvider): Promise<StateReceiver> {
  const model = await new StateReceiver__factory(onPolygon).deploy();
  await model.waitForDeployment();
  const code = await child.send("eth_getCode", [await model.getAddress(), "latest"]);
  await child.send("hardhat_setCode", [STATE_RECEIVER, code]);
  const stateReceiver = StateReceiver__factory.connect(STATE_RECEIVER, onPolygon);
  const clear = (slot: bigint): Promise<unknown> =>
    child.send("hardhat_setStorageAt", [STATE_RECEIVER, toQuantity(slot), ZeroHash]);
  for (let stateId = await stateReceiver.lastStateId(); stateId > 0n; stateId--) {
    await clear(BigInt(solidityPackedKeccak256(["uint256", "uint256"], [stateId, FAILED_SLOT])));
  }
  await clear(LAST_ID_SLOT);
  return stateReceiver;
}

/** A message on its way down, as StateSender numbered it. */
export interface StateSync {
  readonly stateId: bigint;
  readonly receiver: string;
  readonly data: string;
}

/** The message of a number; undefined if it was not sent yet, up to a block of Ethereum: the latest if left out. */
export async function readStateSync(
  stateSender: StateSender,
  stateId: bigint,
  upTo: string | number = "latest",
): Promise<StateSync | undefined> {
  const [event] = await stateSender.queryFilter(stateSender.filters.StateSynced(stateId), 0, upTo);
  if (event === undefined) return undefined;
  const { contractAddress: receiver, data } = event.args;
  return { stateId, receiver, data };
}

/** What Polygon's validators write down of a message: only the first three fields are read. */
export function stateRecord({ stateId, receiver, data }: StateSync): string {
  return encodeRlp([toBeArray(stateId), receiver, data, ZeroHash, "0x", "0x"]);
}

/**
 * Delivers a message as the second chain's nodes would; it must be the next one.
 * @returns Hash of the transaction. Whether the receiver took the message is in `StateCommitted`.
 */
export async function commitState(child: RpcProvider, sync: StateSync): Promise<string> {
  await child.send("hardhat_impersonateAccount", [SYSTEM]);
  await child.send("hardhat_setBalance", [SYSTEM, `0x${(10n ** 20n).toString(16)}`]);
  const data = StateReceiver__factory.createInterface().encodeFunctionData("commitState", [0n, stateRecord(sync)]);
  const call = { from: SYSTEM, to: STATE_RECEIVER, data, gas: `0x${DELIVERY_GAS.toString(16)}` };
  return (await child.send("eth_sendTransaction", [call])) as string;
}
