import { id } from "ethers";
import type { Signer } from "ethers";

import {
  AccessManager__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  DeploymentFactory__factory,
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
import type { PolygonParams } from "./params";
import { deployProxy, implement, type Report } from "./proxies";

/** Names of the proxies on Polygon; their addresses depend on these and on the factory alone. */
export const POLYGON_SALTS = {
  token: id("ankrMATIC.ChildAnkrMATIC"),
  feed: id("ankrMATIC.RatioFeed"),
  adapter: id("ankrMATIC.ChildBridgeAdapter"),
  swap: id("ankrMATIC.SwapPool"),
} as const;

/** The Polygon side, deployed. */
export interface PolygonSystem {
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
 * @param peer Address that the bridge's end on Ethereum will have: its factory's `addressOf(SALTS.bridge)`.
 */
export async function deployPolygon(
  deployer: Signer,
  params: PolygonParams,
  peer: string,
  report: Report = () => undefined,
): Promise<PolygonSystem> {
  const self = await deployer.getAddress();
  report("access manager and factory on Polygon");
  const manager = await new AccessManager__factory(deployer).deploy(self);
  const factory = await new DeploymentFactory__factory(deployer).deploy(self);
  await Promise.all([manager.waitForDeployment(), factory.waitForDeployment()]);
  const at: GovernedOnPolygon = {
    token: await factory.addressOf(POLYGON_SALTS.token),
    feed: await factory.addressOf(POLYGON_SALTS.feed),
    adapter: await factory.addressOf(POLYGON_SALTS.adapter),
    swap: await factory.addressOf(POLYGON_SALTS.swap),
  };
  const authority = await manager.getAddress();

  report("feed, token and bridge on Polygon");
  const feedCode = new RatioFeed__factory(deployer);
  await deployProxy(
    factory,
    POLYGON_SALTS.feed,
    await implement(feedCode.deploy(at.adapter)),
    feedCode.interface.encodeFunctionData("initialize", [authority]),
  );
  const tokenCode = new ChildAnkrMATIC__factory(deployer);
  await deployProxy(
    factory,
    POLYGON_SALTS.token,
    await implement(tokenCode.deploy(at.feed)),
    tokenCode.interface.encodeFunctionData("initialize", [authority, params.supplyCapWei]),
  );
  const adapterCode = new ChildBridgeAdapter__factory(deployer);
  await deployProxy(
    factory,
    POLYGON_SALTS.adapter,
    await implement(adapterCode.deploy({ fxChild: params.fxChild, token: at.token, feed: at.feed, peer })),
    adapterCode.interface.encodeFunctionData("initialize", [authority]),
  );

  report("swap pool");
  const swapCode = new SwapPool__factory(deployer);
  await deployProxy(
    factory,
    POLYGON_SALTS.swap,
    await implement(swapCode.deploy(at.token, at.feed, params.wrappedNative)),
    swapCode.interface.encodeFunctionData("initialize", [authority, params.swap.feeBps, params.swap.dailyLimitWei]),
  );

  report("limits and powers on Polygon");
  const token = ChildAnkrMATIC__factory.connect(at.token, deployer);
  await (await token.setLimits(at.adapter, params.mintingLimitWei, params.burningLimitWei)).wait();
  await configureRoles(manager, params);
  await grantPowers(manager, { ...at }, polygonPowers(), params);
  return {
    manager,
    factory,
    token,
    feed: RatioFeed__factory.connect(at.feed, deployer),
    adapter: ChildBridgeAdapter__factory.connect(at.adapter, deployer),
    swap: SwapPool__factory.connect(at.swap, deployer),
  };
}
