import type { Signer } from "ethers";

import {
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  RatioFeed__factory,
  SwapPool__factory,
} from "../typechain-types";
import type {
  AccessManager,
  ChildAnkrMATIC,
  ChildBridgeAdapter,
  DeploymentFactory,
  RatioFeed,
  SwapPool,
} from "../typechain-types";

import { configureRoles, grantPowers, polygonPowers } from "./access";
import type { GovernedOnPolygon } from "./access";
import type { Journal } from "./book";
import type { PolygonParams } from "./params";
import type { Report, Steps } from "./steps";
import { openDeployment } from "./system";

/** Names of the contracts on Polygon that take orders; their addresses depend on these and on the factory alone. */
export const POLYGON_NAMES = {
  token: "ChildAnkrMATIC",
  feed: "RatioFeed",
  adapter: "ChildBridgeAdapter",
  swap: "SwapPool",
} as const;

/** The Polygon side, deployed. */
export interface PolygonSystem {
  readonly steps: Steps;
  readonly manager: AccessManager;
  readonly factory: DeploymentFactory;
  readonly token: ChildAnkrMATIC;
  readonly feed: RatioFeed;
  readonly adapter: ChildBridgeAdapter;
  readonly swap: SwapPool;
}

/**
 * Deploys the Polygon side and lists its one bridge, whose limits start empty and fill over a day. Afterwards the
 * deployer is still admin of the manager, until `finishSystem`.
 * @param peer Address that the bridge's end on Ethereum will have: its factory's address of `BRIDGE`.
 */
export async function deployPolygon(
  deployer: Signer,
  params: PolygonParams,
  peer: string,
  report?: Report,
  journal?: Journal,
): Promise<PolygonSystem> {
  const { steps, manager } = await openDeployment(deployer, report, journal);
  const at: GovernedOnPolygon = {
    token: await steps.addressOf(POLYGON_NAMES.token),
    feed: await steps.addressOf(POLYGON_NAMES.feed),
    adapter: await steps.addressOf(POLYGON_NAMES.adapter),
    swap: await steps.addressOf(POLYGON_NAMES.swap),
  };
  const authority = await manager.getAddress();

  const feed = new RatioFeed__factory(deployer);
  const feedStart = feed.interface.encodeFunctionData("initialize", [authority]);
  await steps.proxy(POLYGON_NAMES.feed, feedStart, feed, at.adapter);

  const token = new ChildAnkrMATIC__factory(deployer);
  const tokenStart = token.interface.encodeFunctionData("initialize", [authority, params.supplyCapWei]);
  await steps.proxy(POLYGON_NAMES.token, tokenStart, token, at.feed);

  const adapter = new ChildBridgeAdapter__factory(deployer);
  const adapterStart = adapter.interface.encodeFunctionData("initialize", [authority]);
  const wiring = { fxChild: params.fxChild, token: at.token, feed: at.feed, peer };
  await steps.proxy(POLYGON_NAMES.adapter, adapterStart, adapter, wiring);

  const swap = new SwapPool__factory(deployer);
  const { feeBps, dailyLimitWei } = params.swap;
  const swapStart = swap.interface.encodeFunctionData("initialize", [authority, feeBps, dailyLimitWei]);
  await steps.proxy(POLYGON_NAMES.swap, swapStart, swap, at.token, at.feed, params.wrappedNative);

  const system = {
    steps,
    manager,
    factory: steps.factory,
    token: ChildAnkrMATIC__factory.connect(at.token, deployer),
    feed: RatioFeed__factory.connect(at.feed, deployer),
    adapter: ChildBridgeAdapter__factory.connect(at.adapter, deployer),
    swap: SwapPool__factory.connect(at.swap, deployer),
  };
  await listBridge(system, params);
  await configureRoles(steps, manager, params);
  await grantPowers(steps, manager, at, polygonPowers(), params);
  return system;
}

/** What the bridge may mint and burn, at most. */
async function listBridge(
  { steps, token, adapter }: Pick<PolygonSystem, "steps" | "token" | "adapter">,
  { mintingLimitWei, burningLimitWei }: PolygonParams,
): Promise<void> {
  await steps.once(
    "limits of the bridge",
    async () => {
      const { minting, burning } = await token.ceilingsOf(adapter);
      return minting === mintingLimitWei && burning === burningLimitWei;
    },
    async () => token.setLimits(adapter, mintingLimitWei, burningLimitWei),
  );
}
