import type { Addressable, Signer } from "ethers";

import {
  AprOracle__factory,
  ChildRateProvider__factory,
  PoolRateProvider__factory,
  PriceFeed__factory,
} from "../typechain-types";
import type { AprOracle, ChildRateProvider, PoolRateProvider, PriceFeed } from "../typechain-types";

import type { PolygonSystem } from "./polygon";
import type { Report } from "./proxies";
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
  deployer: Signer,
  rateProvider: Addressable,
  token: Addressable,
): Promise<Omit<Adapters<never>, "rateProvider">> {
  const priceFeed = await new PriceFeed__factory(deployer).deploy(rateProvider);
  const aprOracle = await new AprOracle__factory(deployer).deploy(rateProvider, token);
  await Promise.all([priceFeed.waitForDeployment(), aprOracle.waitForDeployment()]);
  return { priceFeed, aprOracle };
}

/** Deploys the adapters on Ethereum. Anyone may do it, at any time after the system is there. */
export async function deployPoolAdapters(
  { pool, token }: Pick<System, "pool" | "token">,
  deployer: Signer,
  report: Report = () => undefined,
): Promise<PoolAdapters> {
  report("rate provider, price feed and APR oracle");
  const rateProvider = await new PoolRateProvider__factory(deployer).deploy(pool);
  await rateProvider.waitForDeployment();
  return { rateProvider, ...(await deployReaders(deployer, rateProvider, token)) };
}

/** Deploys the adapters on Polygon, where they revert until the bridge has brought a rate. */
export async function deployChildAdapters(
  { feed, token }: Pick<PolygonSystem, "feed" | "token">,
  deployer: Signer,
  report: Report = () => undefined,
): Promise<ChildAdapters> {
  report("rate provider, price feed and APR oracle on Polygon");
  const rateProvider = await new ChildRateProvider__factory(deployer).deploy(feed);
  await rateProvider.waitForDeployment();
  return { rateProvider, ...(await deployReaders(deployer, rateProvider, token)) };
}

/** Every way in which the adapters on Ethereum are not wired to a system; empty if they are. */
export async function poolAdapterDifferences(
  adapters: PoolAdapters,
  { pool, token }: Pick<System, "pool" | "token">,
): Promise<string[]> {
  const behind = await adapters.rateProvider.POOL();
  return [
    ...difference("pool of the rate provider", behind, await pool.getAddress()),
    ...(await wiring(adapters, token)),
  ];
}

/** Every way in which the adapters on Polygon are not wired to a system; empty if they are. */
export async function childAdapterDifferences(
  adapters: ChildAdapters,
  { feed, token }: Pick<PolygonSystem, "feed" | "token">,
): Promise<string[]> {
  const behind = await adapters.rateProvider.FEED();
  return [
    ...difference("feed of the rate provider", behind, await feed.getAddress()),
    ...(await wiring(adapters, token)),
  ];
}

async function wiring(
  { rateProvider, priceFeed, aprOracle }: Adapters<Addressable>,
  token: Addressable,
): Promise<string[]> {
  const source = await rateProvider.getAddress();
  return [
    ...difference("source of the price feed", await priceFeed.SOURCE(), source),
    ...difference("source of the APR oracle", await aprOracle.SOURCE(), source),
    ...difference("token of the APR oracle", await aprOracle.TOKEN(), await token.getAddress()),
  ];
}

function difference(what: string, is: string, shouldBe: string): string[] {
  return is === shouldBe ? [] : [`${what}: ${is} instead of ${shouldBe}`];
}
