import { setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import type { BigNumberish, ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { checkpointTree } from "../../scripts/lib/bridge/checkpoint";
import { buildExit } from "../../scripts/lib/bridge/exit";
import { readBlocks } from "../../scripts/lib/bridge/rpc";
import { MessageEmitter__factory } from "../typechain-types";

import { provenWithdrawal, submitCheckpoint } from "./bridge";
import type { BridgedContext } from "./bridge";
import { DAY } from "./fixture";
import { scheduled } from "./polygon";

/** The lowest daily limit of releases on the fixture, shares: a tenth of the ceiling. */
export const FLOOR = 2_000n * 10n ** 18n;

/** What a message down says, word by word. */
export interface DownWords {
  readonly version: bigint;
  readonly kind: bigint;
  readonly nonce: bigint;
  readonly receiver: bigint;
  readonly shares: bigint;
  readonly totalAssets: bigint;
  readonly totalSupply: bigint;
  readonly lossCount: bigint;
  readonly time: bigint;
}

const FIELDS = ["version", "kind", "nonce", "receiver", "shares", "totalAssets", "totalSupply", "lossCount", "time"];

/** The messages to Polygon in a transaction, decoded from what StateSender emitted; who sent each, and to whom. */
export async function messagesDown(
  { fx }: BridgedContext,
  sent: Promise<ContractTransactionResponse> | ContractTransactionResponse,
): Promise<{ sender: string; receiver: string; at: string; words: DownWords }[]> {
  const receipt = await (await sent).wait();
  const address = await fx.stateSender.getAddress();
  const coder = AbiCoder.defaultAbiCoder();
  return (receipt?.logs ?? [])
    .filter((log) => log.address === address)
    .map((log) => {
      const { contractAddress, data } = fx.stateSender.interface.decodeEventLog("StateSynced", log.data, log.topics);
      const decoded: unknown[] = coder.decode(["address", "address", "bytes"], data as string).toArray();
      const [sender, receiver, message] = decoded as [string, string, string];
      expect(message.length).to.equal(2 + 9 * 64);
      const values = coder.decode(Array<string>(9).fill("uint256"), message);
      const words = Object.fromEntries(FIELDS.map((name, index) => [name, values[index] as bigint]));
      return {
        sender,
        receiver,
        at: contractAddress as string,
        words: words as unknown as DownWords,
      };
    });
}

/** A message up, word by word. */
export interface UpWords {
  readonly version?: BigNumberish;
  readonly kind?: BigNumberish;
  readonly nonce: BigNumberish;
  readonly receiver: BigNumberish;
  readonly shares: BigNumberish;
}

/** The five words of a withdrawal, or of what is none. */
export function messageUp({ version = 1, kind = 1, nonce, receiver, shares }: UpWords): string {
  return AbiCoder.defaultAbiCoder().encode(Array<string>(5).fill("uint256"), [version, kind, nonce, receiver, shares]);
}

/**
 * Messages of one's choice from the bridge's end on Polygon, as if its code had been another's for a transaction.
 * @returns Hash of the transaction; each message is the log of its position.
 */
export async function forge({ child, actors }: BridgedContext, messages: readonly string[]): Promise<string> {
  const address = await child.adapter.getAddress();
  const code = await ethers.provider.getCode(address);
  const emitter = await new MessageEmitter__factory(actors.stranger).deploy();
  await setCode(address, await ethers.provider.getCode(emitter));
  const { hash } = await MessageEmitter__factory.connect(address, actors.stranger).emitAll([...messages]);
  await setCode(address, code);
  return hash;
}

/** Payload of a log of a transaction whose block is in a checkpoint. */
export async function proofAt({ fx }: BridgedContext, transaction: string, position = 0): Promise<string> {
  return buildExit({ child: ethers.provider, rootChain: fx.rootChain, transaction, position });
}

/** Forges one message, and proves it. */
export async function provenForgery(context: BridgedContext, message: string): Promise<string> {
  const hash = await forge(context, [message]);
  await submitCheckpoint(context);
  return proofAt(context, hash);
}

/** Deletes the last checkpoint, and submits its blocks again in two. */
export async function resubmitInTwo({ fx: { rootChain } }: BridgedContext, middle: bigint): Promise<void> {
  const last = await rootChain.currentHeaderBlock();
  const { start, end } = await rootChain.headerBlocks(last);
  await rootChain.setNextHeaderBlock(last);
  for (const [from, to] of [
    [start, middle],
    [middle + 1n, end],
  ] as const) {
    const { root } = checkpointTree(await readBlocks(ethers.provider, from, to));
    await rootChain.submitHeaderBlock(from, to, root);
  }
}

type Setter = "setLockCap" | "setReleaseLimit" | "resumeBridging";

/** A call of the manager's to the bridge that has waited its day, to be executed at a time of choice. */
export async function scheduledOn(
  context: BridgedContext,
  setter: Setter,
  ...args: readonly bigint[]
): Promise<() => Promise<ContractTransactionResponse>> {
  const { bridge } = context;
  const data = bridge.interface.encodeFunctionData(setter as "setLockCap", [...args] as [bigint]);
  return scheduled(context, "manager", bridge, data);
}

/** The manager sets a parameter of the bridge, after its day. */
export async function setOn(context: BridgedContext, setter: Setter, ...args: readonly bigint[]): Promise<void> {
  await (
    await scheduledOn(context, setter, ...args)
  )();
}

/** What a bucket of a daily limit gets back in some seconds, rounded down. */
export function refill(limit: bigint, seconds: bigint): bigint {
  return (limit * seconds) / DAY;
}

/**
 * Shares of alice are bob's on Polygon, and the daily limit of releases is at its floor, all of it available.
 * @returns A proof of the withdrawal that bob makes of some of them, for carol.
 */
export async function withdrawalAtTheFloor(context: BridgedContext, shares: bigint): Promise<string> {
  const { bridge, child, actors } = context;
  await bridge.connect(actors.guardian).lowerReleaseLimit(FLOOR);
  return provenWithdrawal(context, child.adapter.connect(actors.bob).withdraw(shares, actors.carol));
}

/** The bridge has what is locked and what waits to be released, to the wei, and all that waits is somebody's. */
export async function expectBacked({ bridge, token, actors }: BridgedContext, gifts = 0n): Promise<void> {
  const [locked, pending] = [await bridge.locked(), await bridge.totalPending()];
  expect(await token.balanceOf(bridge), "what is in the bridge").to.equal(locked + pending + gifts);
  let sum = 0n;
  for (const { address } of Object.values({ ...actors })) sum += await bridge.pendingOf(address);
  expect(sum, "what waits").to.equal(pending);
}

/** Time of the last block. */
export async function lastTime(): Promise<bigint> {
  return BigInt(await time.latest());
}
