import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import type { ContractTransactionResponse, TransactionReceipt } from "ethers";
import { ethers } from "hardhat";

import { BRIDGE, deployBridge } from "../../deploy/bridge";
import { BRIDGE_DEFAULTS, POLYGON_DEFAULTS, parseBridgeParams, parsePolygonParams } from "../../deploy/params";
import type { BridgeParams, PolygonParams } from "../../deploy/params";
import { deployPolygon } from "../../deploy/polygon";
import type { PolygonSystem } from "../../deploy/polygon";
import { finishSystem } from "../../deploy/system";
import { checkpointTree } from "../../scripts/lib/bridge/checkpoint";
import { buildExit, messagePositions } from "../../scripts/lib/bridge/exit";
import { commitState, deployFx, readStateSync } from "../../scripts/lib/bridge/localFx";
import type { FxOnEthereum, FxOnPolygon } from "../../scripts/lib/bridge/localFx";
import { readBlocks, readReceipt } from "../../scripts/lib/bridge/rpc";
import { WrappedPol__factory } from "../../typechain-types";
import type { BridgeAdapter, WrappedPol } from "../../typechain-types";

import { DAY, ONE, deployAll } from "./fixture";
import type { Choice, Context } from "./fixture";
import { watchLedgers } from "./ledgers";

/** Limits of the fixture, shares. */
export const LIMITS = {
  lockCapWei: 500_000n * ONE,
  releaseLimitWei: 10_000n * ONE,
  releaseCeilingWei: 20_000n * ONE,
  mintingLimitWei: 10_000n * ONE,
  burningLimitWei: 5_000n * ONE,
  supplyCapWei: 1_000_000n * ONE,
} as const;

/** What each user of the fixture holds, shares. */
export const HELD = 100_000n * ONE;

/** The whole system and the bridge, on one network that plays both chains. */
export interface BridgedContext extends Context {
  readonly bridge: BridgeAdapter;
  readonly child: PolygonSystem;
  /** Polygon's wrapped native token. */
  readonly wrapped: WrappedPol;
  readonly fx: FxOnEthereum & FxOnPolygon;
  readonly bridgeParams: BridgeParams;
  readonly polygonParams: PolygonParams;
}

/**
 * Deploys both sides, as {@link bridgedFixture}, with a choice for the Ethereum side; for fixtures that begin with more.
 */
export async function deployBridged(choice: Choice = {}): Promise<BridgedContext> {
  let rest: Omit<BridgedContext, keyof Context> | undefined;
  const context = await deployAll(choice, async ({ system, actors, params }) => {
    const { deployer } = actors;
    const { roles } = params;
    const fx = await deployFx(deployer, deployer, deployer.address, ethers.provider);
    const wrapped = await new WrappedPol__factory(deployer).deploy();
    const { lockCapWei, releaseLimitWei, releaseCeilingWei, ...onPolygon } = LIMITS;
    const bridgeParams = parseBridgeParams({
      ...BRIDGE_DEFAULTS,
      ...{ lockCapWei, releaseLimitWei, releaseCeilingWei, roles },
      fxRoot: await fx.fxRoot.getAddress(),
      rootChain: await fx.rootChain.getAddress(),
    });
    const polygonParams = parsePolygonParams({
      ...POLYGON_DEFAULTS,
      ...onPolygon,
      roles,
      fxChild: await fx.fxChild.getAddress(),
      wrappedNative: await wrapped.getAddress(),
    });
    const child = await deployPolygon(deployer, polygonParams, await system.steps.addressOf(BRIDGE));
    const bridge = await deployBridge(system, bridgeParams, child);
    await finishSystem(child, polygonParams);
    rest = { bridge, child, wrapped, fx, bridgeParams, polygonParams };
  });
  if (rest === undefined) throw new Error("the bridge was not deployed");
  const bridged = { ...context, ...rest };
  const { alice, bob, carol } = context.actors;
  for (const user of [alice, bob, carol]) {
    await context.pool.connect(user).deposit(HELD, user);
    await context.token.connect(user).approve(bridged.bridge, ethers.MaxUint256);
    await bridged.child.token.connect(user).approve(bridged.child.adapter, ethers.MaxUint256);
  }
  // A new bridge starts empty on Polygon.
  await time.increase(DAY);
  return bridged;
}

const deployEmpty = async (): Promise<BridgedContext> => deployBridged();

/**
 * Fresh for each call, with the watch over both ledgers on: nothing has been bridged yet, all limits are full, there is no
 * rate on Polygon. alice, bob and carol have `HELD` shares, and have approved both ends without limit.
 */
export async function bridgedFixture(): Promise<BridgedContext> {
  const context = await loadFixture(deployEmpty);
  context.unsynced.clear();
  watchLedgers(context);
  return context;
}

/** Delivers the next message to Polygon. */
export async function deliver({ fx }: BridgedContext): Promise<TransactionReceipt> {
  const sync = await readStateSync(fx.stateSender, (await fx.stateReceiver.lastStateId()) + 1n);
  if (sync === undefined) throw new Error("there is no message to deliver");
  const receipt = await ethers.provider.getTransactionReceipt(await commitState(ethers.provider, sync));
  if (receipt === null) throw new Error("the delivery was not mined");
  return receipt;
}

/** Submits a checkpoint of all blocks that are in none yet. */
export async function submitCheckpoint({ fx: { rootChain } }: BridgedContext): Promise<void> {
  const last = await rootChain.currentHeaderBlock();
  const start = last === 0n ? 0n : (await rootChain.headerBlocks(last)).end + 1n;
  const end = BigInt(await ethers.provider.getBlockNumber());
  const { root } = checkpointTree(await readBlocks(ethers.provider, start, end));
  await rootChain.submitHeaderBlock(start, end, root);
}

/** The payload of the first message in a transaction of the bridge's end on Polygon; its block must be in a checkpoint. */
export async function proofOf({ fx, child }: BridgedContext, transaction: string): Promise<string> {
  const receipt = await readReceipt(ethers.provider, transaction);
  const [position] = messagePositions(receipt, await child.adapter.getAddress());
  if (position === undefined) throw new Error("there is no message in that transaction");
  return buildExit({ child: ethers.provider, rootChain: fx.rootChain, transaction, position });
}

/** A withdrawal, and the proof of it once it is in a checkpoint. */
export async function provenWithdrawal(
  context: BridgedContext,
  sent: Promise<ContractTransactionResponse>,
): Promise<string> {
  const { hash } = await sent;
  await submitCheckpoint(context);
  return proofOf(context, hash);
}
