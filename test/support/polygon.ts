import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import type { Addressable, BytesLike, ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { configureRoles, grantPowers, handOver, polygonPowers } from "../../deploy/access";
import type { Power } from "../../deploy/access";
import { DEFAULTS, NOBODY, parseParams } from "../../deploy/params";
import { openDeployment } from "../../deploy/system";
import { ChildAnkrMATIC__factory, RatioFeed__factory } from "../../typechain-types";
import type { ChildAnkrMATIC, RatioFeed } from "../../typechain-types";

import { DAY, ONE } from "./fixture";
import type { Actors } from "./fixture";
import { unwatchLedgers } from "./ledgers";
import type { Orders } from "./upgrades";

/** Most tokens on Polygon: about all POL. */
export const SUPPLY_CAP = 10_000_000_000n * ONE;
/** Limits, and ceilings, of the bridge of the fixture. */
export const MINTING = 10_000n * ONE;
export const BURNING = 5_000n * ONE;

/** Seconds in which the value of a share may double. */
export const YEAR = 365n * DAY;

/** Token and feed on Polygon, under an AccessManager with the delays of the deployment. */
export interface Polygon extends Orders {
  readonly token: ChildAnkrMATIC;
  readonly feed: RatioFeed;
  /** Pushes rates to the feed, and is the one bridge that is listed. */
  readonly adapter: HardhatEthersSigner;
  /** A second bridge, not listed. */
  readonly other: HardhatEthersSigner;
}

const SOMEWHERE = "0x000000000000000000000000000000000000dEaD";
const NAMES = [
  ...(["deployer", "upgrader", "manager", "guardian", "treasury"] as const),
  ...(["validatorOwner", "alice", "bob", "carol", "stranger"] as const),
];

/** The named accounts, and two more. */
export async function cast(): Promise<{ actors: Actors; more: [HardhatEthersSigner, HardhatEthersSigner] }> {
  const all = await ethers.getSigners();
  const actors = Object.fromEntries(NAMES.map((name, index) => [name, all[index]])) as unknown as Actors;
  return { actors, more: all.slice(NAMES.length) as [HardhatEthersSigner, HardhatEthersSigner] };
}

async function deployPolygon(): Promise<Polygon> {
  const { actors, more } = await cast();
  const [adapter, other] = more;
  const { deployer, upgrader, manager: weekday, guardian } = actors;
  const params = parseParams({
    ...DEFAULTS,
    genesis: NOBODY,
    polygon: { stakeManager: SOMEWHERE, pol: SOMEWHERE, matic: SOMEWHERE, migration: SOMEWHERE },
    roles: { upgrader: upgrader.address, manager: weekday.address, guardian: guardian.address },
    treasury: actors.treasury.address,
  });
  const { steps, manager } = await openDeployment(deployer);
  const authority = await manager.getAddress();

  const feedCode = new RatioFeed__factory(deployer);
  const feedStart = feedCode.interface.encodeFunctionData("initialize", [authority]);
  const feed = RatioFeed__factory.connect(
    await steps.proxy("RatioFeed", feedStart, feedCode, adapter.address),
    deployer,
  );

  const tokenCode = new ChildAnkrMATIC__factory(deployer);
  const tokenStart = tokenCode.interface.encodeFunctionData("initialize", [authority, SUPPLY_CAP]);
  const token = ChildAnkrMATIC__factory.connect(
    await steps.proxy("ChildAnkrMATIC", tokenStart, tokenCode, await feed.getAddress()),
    deployer,
  );
  await token.setLimits(adapter, MINTING, BURNING);

  const governed = { token: await token.getAddress(), feed: await feed.getAddress() };
  const matrix = polygonPowers().filter((power): power is Power<"token"> => power.target === "token");
  await configureRoles(steps, manager, params);
  await grantPowers<"token" | "feed">(steps, manager, governed, matrix, params);
  await handOver(steps, manager, params);
  // A new bridge starts empty.
  await time.increase(DAY);
  return { manager, params, actors, token, feed, adapter, other };
}

/** Fresh for each call: one bridge, the adapter, with full limits; no rate, no supply. */
export async function polygonFixture(): Promise<Polygon> {
  unwatchLedgers();
  return loadFixture(deployPolygon);
}

/** A call that a role with a delay has scheduled and waited for, to be executed at a time of choice. */
export async function scheduled(
  { manager, params, actors }: Orders,
  role: "upgrader" | "manager",
  target: Addressable,
  data: BytesLike,
): Promise<() => Promise<ContractTransactionResponse>> {
  const by = manager.connect(actors[role]);
  await by.schedule(target, data, 0);
  await time.increase(params.delays[role === "upgrader" ? "upgraderSeconds" : "managerSeconds"]);
  return () => by.execute(target, data);
}

/** A call of `setLimits` or `adjustLimits` that has waited. */
export async function scheduledLimits(
  polygon: Orders & Pick<Polygon, "token">,
  by: "upgrader" | "manager",
  bridge: string,
  minting: bigint,
  burning: bigint,
): Promise<() => Promise<ContractTransactionResponse>> {
  const { token } = polygon;
  const name = by === "upgrader" ? "setLimits" : "adjustLimits";
  const data = token.interface.encodeFunctionData(name as "setLimits", [bridge, minting, burning]);
  return scheduled(polygon, by, token, data);
}

/** Sends the next transaction at a time of choice. */
export async function at<T>(timestamp: bigint, send: () => Promise<T>): Promise<T> {
  await time.setNextBlockTimestamp(timestamp);
  return send();
}

/** Time of the last block. */
export async function now(): Promise<bigint> {
  return BigInt(await time.latest());
}
