import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, MaxUint256, ZeroAddress, getAddress } from "ethers";
import type { BaseContract, TransactionReceipt } from "ethers";
import { ethers } from "hardhat";

import { POLYGON_DEFAULTS, parsePolygonParams } from "../../deploy/params";
import type { PolygonParams } from "../../deploy/params";
import { deployPolygon } from "../../deploy/polygon";
import type { PolygonSystem } from "../../deploy/polygon";
import { finishSystem } from "../../deploy/system";
import { commitState, deployFx } from "../../scripts/lib/bridge/localFx";
import { STATE_RECEIVER } from "../../scripts/lib/bridge/stateSync";
import type { FxOnPolygon } from "../../scripts/lib/bridge/localFx";
import { WrappedPol__factory } from "../../typechain-types";

import { asContract } from "./asContract";
import { DAY, ONE } from "./fixture";
import { unwatchLedgers } from "./ledgers";
import { cast, now } from "./polygon";
import { rateOf } from "./rates";
import type { Rate } from "./rates";
import type { Orders } from "./upgrades";

/** Where the bridge's end on Ethereum is said to be: nothing of Ethereum stands. */
export const PEER = getAddress(`0x${"e7".repeat(20)}`);

/** Limits of the bridge in this fixture, which are its ceilings too. */
export const MINTING = 10_000n * ONE;
export const BURNING = 5_000n * ONE;
export const SUPPLY_CAP = 1_000_000n * ONE;

/** Topic of FxPortal's `MessageSent(bytes)`. */
export const MESSAGE_SENT = "0x8c5261668696ce22758910d05bab8f186d6eb247ceac2af2e82c7dc17669b036";

/** Polygon's side of the bridge behind FxPortal's own FxChild; messages from Ethereum are made by the test. */
export interface ChildBridge extends Orders, PolygonSystem, FxOnPolygon {
  readonly params: PolygonParams;
  /** A second bridge, not listed. */
  readonly other: HardhatEthersSigner;
  /** Time of the rate that messages bring if the test does not care. */
  readonly start: bigint;
}

async function deployChildBridge(): Promise<ChildBridge> {
  const { actors, more } = await cast();
  const { deployer, upgrader, manager, guardian, alice, bob, carol } = actors;
  const { fxChild, stateReceiver } = await deployFx(deployer, deployer, deployer.address, ethers.provider);
  const wrapped = await new WrappedPol__factory(deployer).deploy();
  const params = parsePolygonParams({
    ...POLYGON_DEFAULTS,
    ...{ mintingLimitWei: MINTING, burningLimitWei: BURNING, supplyCapWei: SUPPLY_CAP },
    roles: { upgrader: upgrader.address, manager: manager.address, guardian: guardian.address },
    fxChild: await fxChild.getAddress(),
    wrappedNative: await wrapped.getAddress(),
  });
  const system = await deployPolygon(deployer, params, PEER);
  await finishSystem(system, params);
  for (const user of [alice, bob, carol]) await system.token.connect(user).approve(system.adapter, MaxUint256);
  // A new bridge starts empty.
  await time.increase(DAY);
  return { ...system, fxChild, stateReceiver, params, actors, other: more[0], start: await now() };
}

/**
 * Fresh for each call: limits are full, there is no supply and no rate. alice, bob and carol have approved the bridge
 * without limit.
 */
export async function childBridgeFixture(): Promise<ChildBridge> {
  unwatchLedgers();
  return loadFixture(deployChildBridge);
}

/** A message down, field by field; as what Ethereum sends if nothing is changed. */
export interface Message {
  readonly version: bigint;
  readonly kind: bigint;
  readonly nonce: bigint;
  readonly receiver: string;
  readonly shares: bigint;
  readonly rate: Rate;
}

/** A deposit. */
export function deposit(
  { start }: Pick<ChildBridge, "start">,
  nonce: bigint,
  receiver: { readonly address: string },
  shares: bigint,
  change: Partial<Message> = {},
): string {
  const { address } = receiver;
  return encode({ version: 1n, kind: 1n, nonce, receiver: address, shares, rate: rateOf(start), ...change });
}

/** A rate alone. */
export function rateAlone(nonce: bigint, rate: Rate, change: Partial<Message> = {}): string {
  return encode({ version: 1n, kind: 2n, nonce, receiver: ZeroAddress, shares: 0n, rate, ...change });
}

/** The nine words of a message down, by the documents and not by the library. */
export function encode({ version, kind, nonce, receiver, shares, rate }: Message): string {
  const { totalAssets, totalSupply, lossCount, time: when } = rate;
  return AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "uint256", "address", "uint256", "uint256", "uint256", "uint256", "uint256"],
    [version, kind, nonce, receiver, shares, totalAssets, totalSupply, lossCount, when],
  );
}

/** The five words of a message up, by the documents and not by the library. */
export function withdrawal(nonce: bigint, receiver: string, shares: bigint): string {
  const words = ["uint256", "uint256", "uint256", "address", "uint256"];
  return AbiCoder.defaultAbiCoder().encode(words, [1n, 1n, nonce, receiver, shares]);
}

/** A message as it came to Polygon. */
export interface Delivery {
  readonly stateId: bigint;
  readonly hash: string;
  readonly receipt: TransactionReceipt;
}

/** Who sends a message on Ethereum, and to whom. */
export interface Route {
  readonly from?: string;
  readonly to?: string;
}

/** Polygon delivers a message, through its StateReceiver and FxChild, with the gas that they get. */
export async function deliverMessage(
  { fxChild, stateReceiver, adapter }: Pick<ChildBridge, "fxChild" | "stateReceiver" | "adapter">,
  message: string,
  { from = PEER, to }: Route = {},
): Promise<Delivery> {
  const stateId = (await stateReceiver.lastStateId()) + 1n;
  const data = AbiCoder.defaultAbiCoder().encode(
    ["address", "address", "bytes"],
    [from, to ?? (await adapter.getAddress()), message],
  );
  const hash = await commitState(ethers.provider, { stateId, receiver: await fxChild.getAddress(), data });
  const receipt = await ethers.provider.getTransactionReceipt(hash);
  if (receipt === null) throw new Error("the delivery was not mined");
  return { stateId, hash, receipt };
}

/** Polygon delivers messages that are taken, one after the other. */
export async function deliverAll(world: ChildBridge, ...messages: readonly string[]): Promise<void> {
  for (const message of messages) await taken(world, message);
}

/** Polygon delivers a message, and it is taken. */
export async function taken(world: ChildBridge, message: string): Promise<Delivery> {
  const delivery = await deliverMessage(world, message);
  await expect(delivery.hash).to.emit(world.stateReceiver, "StateCommitted").withArgs(delivery.stateId, true);
  return delivery;
}

/**
 * Polygon delivers a message that fails: it changes nothing, is kept by StateReceiver, and fails again, for that reason,
 * when a stranger delivers it once more.
 */
export async function kept(
  world: ChildBridge,
  message: string,
  error: string,
  args: readonly unknown[],
  route: Route & { readonly of?: BaseContract } = {},
): Promise<Delivery> {
  const { stateReceiver, fxChild, adapter, actors } = world;
  const before = await booksOf(world);
  const delivery = await deliverMessage(world, message, route);
  await expect(delivery.hash).to.emit(stateReceiver, "StateCommitted").withArgs(delivery.stateId, false);
  expect(await stateReceiver.failedStateSyncs(delivery.stateId)).to.equal(
    AbiCoder.defaultAbiCoder().encode(
      ["address", "bytes"],
      [
        await fxChild.getAddress(),
        AbiCoder.defaultAbiCoder().encode(
          ["address", "address", "bytes"],
          [route.from ?? PEER, route.to ?? (await adapter.getAddress()), message],
        ),
      ],
    ),
  );
  await expect(stateReceiver.connect(actors.stranger).replayFailedStateSync(delivery.stateId))
    .to.be.revertedWithCustomError(route.of ?? adapter, error)
    .withArgs(...args);
  expect(await stateReceiver.failedStateSyncs(delivery.stateId)).not.to.equal("0x");
  expect(await booksOf(world)).to.deep.equal(before);
  return delivery;
}

/** What the bridge has counted, and the feed. */
export async function booksOf({ adapter, token, feed }: ChildBridge): Promise<readonly bigint[]> {
  const counted = [await adapter.minted(), await adapter.totalPending(), await adapter.lastNonce()];
  return [...counted, await token.totalSupply(), await feed.lastNonce(), await feed.lastUpdated()];
}

/** Polygon's StateReceiver, as a sender. */
export async function asStateReceiver(): Promise<HardhatEthersSigner> {
  return asContract(STATE_RECEIVER);
}
