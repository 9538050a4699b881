import type { Addressable } from "ethers";

import {
  AprOracle__factory,
  ChildRateProvider__factory,
  PoolRateProvider__factory,
  PriceFeed__factory,
} from "../typechain-types";
import type { AprOracle, ChildRateProvider, PoolRateProvider, PriceFeed } from "../typechain-types";

import type { PolygonSystem } from "./polygon";
import type { Steps } from "./steps";
import type { System } from "./system";

/** The adapters of a chain, which others read the rate from. Nobody owns them, and none can be upgraded. */
export interface Adapters<Provider> {
  readonly rateProvider: Provider;
  readonly priceFeed: PriceFeed;
  readonly aprOracle: AprOracle;
}

/** The adapters on Ethereum. */
export type PoolAdapters = Adapters<PoolRateProvider>;

/** The adapters on Polygon. */
export type ChildAdapters = Adapters<ChildRateProvider>;

async function deployReaders(
  steps: Steps,
  rateProvider: string,
  token: Addressable,
): Promise<Omit<Adapters<never>, "rateProvider">> {
  const { deployer } = steps;
  const priceFeed = await steps.contract("PriceFeed", new PriceFeed__factory(deployer), rateProvider);
  const oracle = new AprOracle__factory(deployer);
  const aprOracle = await steps.contract("AprOracle", oracle, rateProvider, await token.getAddress());
  return {
    priceFeed: PriceFeed__factory.connect(priceFeed, deployer),
    aprOracle: AprOracle__factory.connect(aprOracle, deployer),
  };
}

/** Deploys the adapters on Ethereum, or goes on with it; before the hand-over, which closes the factory. */
export async function deployPoolAdapters(
  steps: Steps,
  { pool, token }: Pick<System, "pool" | "token">,
): Promise<PoolAdapters> {
  const code = new PoolRateProvider__factory(steps.deployer);
  const at = await steps.contract("PoolRateProvider", code, await pool.getAddress());
  const rateProvider = PoolRateProvider__factory.connect(at, steps.deployer);
  return { rateProvider, ...(await deployReaders(steps, at, token)) };
}

/** As {@link deployPoolAdapters}, on Polygon, where the adapters revert until the bridge has brought a rate. */
export async function deployChildAdapters(
  steps: Steps,
  { feed, token }: Pick<PolygonSystem, "feed" | "token">,
): Promise<ChildAdapters> {
  const code = new ChildRateProvider__factory(steps.deployer);
  const at = await steps.contract("ChildRateProvider", code, await feed.getAddress());
  const rateProvider = ChildRateProvider__factory.connect(at, steps.deployer);
  return { rateProvider, ...(await deployReaders(steps, at, token)) };
}
