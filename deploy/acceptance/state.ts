import type { Addressable } from "ethers";

import {
  AMATICb__factory,
  AnkrMATIC__factory,
  BondSwitcher__factory,
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  Delegator__factory,
  PolygonPool__factory,
  RatioFeed__factory,
  SwapPool__factory,
} from "../../typechain-types";
import type { BridgeAdapter } from "../../typechain-types";
import { bridgePowers, polygonPowers, powers } from "../access";
import type { BridgeParams, Params, PolygonParams } from "../params";
import type { PolygonSystem } from "../polygon";
import type { StartingValidator, System } from "../system";

import { powerDifferences } from "./powers";

/** Holds the shares of the seed stake; nobody has its key. */
const SEED_HOLDER = "0x000000000000000000000000000000000000dEaD";

/** Collects what is not as it should be. */
interface Findings {
  readonly differences: string[];
  /** Compares two values, addresses whatever their case. */
  readonly compare: (what: string, is: Readable, shouldBe: Readable) => Promise<void>;
}

type Readable = bigint | boolean | string | Addressable | Promise<bigint | boolean | string>;

function findings(): Findings {
  const differences: string[] = [];
  const plain = async (value: Readable): Promise<string> => {
    const settled = await value;
    return typeof settled === "object" ? settled.getAddress() : String(settled);
  };
  return {
    differences,
    compare: async (what, is, shouldBe) => {
      const [found, expected] = [await plain(is), await plain(shouldBe)];
      if (found.toLowerCase() !== expected.toLowerCase()) {
        differences.push(`${what}: ${found} instead of ${expected}`);
      }
    },
  };
}

/** What the Ethereum side is compared with. */
export interface Plan {
  readonly deployer: string;
  readonly params: Params;
  readonly validators: readonly StartingValidator[];
  readonly bridge?: { readonly contract: BridgeAdapter; readonly params: BridgeParams; readonly peer: string };
}

/** Every way in which the Ethereum side is not what its parameters say: wiring, parameters, seed stake, powers. */
export async function systemDifferences(system: System, plan: Plan): Promise<string[]> {
  const { token, pool, delegator, bond, switcher, manager, factory } = system;
  const { params, bridge, deployer } = plan;
  const { differences, compare } = findings();
  const { stakeManager, pol } = params.polygon;

  await compare("AnkrMATIC.POOL", token.POOL(), pool);
  await compare("AnkrMATIC.vault(POL)", token.vault(pol), pool);
  await compare("PolygonPool.share", pool.share(), token);
  await compare("PolygonPool.asset", pool.asset(), pol);
  await compare("PolygonPool.DELEGATOR", pool.DELEGATOR(), delegator);
  await compare("PolygonPool.TREASURY", pool.TREASURY(), params.treasury);
  await compare("PolygonPool.LEGACY_BOND", pool.LEGACY_BOND(), bond);
  await compare("Delegator.POOL", delegator.POOL(), pool);
  await compare("Delegator.STAKE_MANAGER", delegator.STAKE_MANAGER(), stakeManager);
  await compare("Delegator.MAX_SHARE_BPS", delegator.MAX_SHARE_BPS(), params.maxShareBps);
  await compare("AMATICb.SWITCHER", bond.SWITCHER(), switcher);
  await compare("BondSwitcher.BOND", switcher.BOND(), bond);
  await compare("BondSwitcher.TREASURY", switcher.TREASURY(), params.treasury);
  for (const [name, contract] of Object.entries({ token, pool, delegator, bond, switcher })) {
    await compare(`authority of the ${name}`, contract.authority(), manager);
  }

  const { feeBps, assetCap } = await pool.parameters();
  await compare("fee on rewards, bps", feeBps, params.feeBps);
  await compare("cap on assets, wei", assetCap, params.assetCapWei);
  const { maxCommission, deadSliceTime } = await delegator.parameters();
  await compare("highest commission, percent", maxCommission, params.maxCommissionPercent);
  await compare("time for dead slices, s", deadSliceTime, params.deadSliceSeconds);
  const { feeBps: switchFeeBps, cap, dailyLimit } = await switcher.parameters();
  await compare("fee on switches, bps", switchFeeBps, params.switcher.feeBps);
  await compare("cap on switches, shares", cap, params.switcher.capWei);
  await compare("daily limit of switches, shares", dailyLimit, params.switcher.dailyLimitWei);
  const genesis = await bond.genesis();
  await compare("root of the genesis", genesis.root, params.genesis.root);
  await compare("batches of the genesis", genesis.batches, params.genesis.batches);
  if ((await token.balanceOf(SEED_HOLDER)) < params.seedWei) {
    differences.push(`seed stake: ${SEED_HOLDER} holds less than ${params.seedWei} shares`);
  }

  await compare("positions", delegator.positionCount(), BigInt(plan.validators.length));
  for (const [index, { id, weightBps, capBps }] of plan.validators.entries()) {
    const position = await delegator.positionAt(BigInt(index) + 1n);
    await compare(`validator of position ${index + 1}`, position.validatorId, id);
    await compare(`weight of validator ${id}, bps`, position.weightBps, weightBps);
    await compare(`cap of validator ${id}, bps`, position.capBps, capBps);
  }

  const governed = {
    token: { at: await token.getAddress(), interface: AnkrMATIC__factory.createInterface() },
    pool: { at: await pool.getAddress(), interface: PolygonPool__factory.createInterface() },
    delegator: { at: await delegator.getAddress(), interface: Delegator__factory.createInterface() },
    bond: { at: await bond.getAddress(), interface: AMATICb__factory.createInterface() },
    switcher: { at: await switcher.getAddress(), interface: BondSwitcher__factory.createInterface() },
  };
  const order = { manager, factory, deployer, governance: params };
  if (bridge === undefined) {
    return [...differences, ...(await powerDifferences({ ...order, governed, matrix: powers() }))];
  }
  const { contract, params: limits, peer } = bridge;
  await compare("BridgeAdapter.FX_ROOT", contract.FX_ROOT(), limits.fxRoot);
  await compare("BridgeAdapter.ROOT_CHAIN", contract.ROOT_CHAIN(), limits.rootChain);
  await compare("BridgeAdapter.POOL", contract.POOL(), pool);
  await compare("BridgeAdapter.TOKEN", contract.TOKEN(), token);
  await compare("BridgeAdapter.PEER", contract.PEER(), peer);
  await compare("BridgeAdapter.RELEASE_CEILING", contract.RELEASE_CEILING(), limits.releaseCeilingWei);
  await compare("authority of the bridge", contract.authority(), manager);
  const { lockCap, releaseLimit } = await contract.parameters();
  await compare("cap on what is locked, shares", lockCap, limits.lockCapWei);
  await compare("daily limit of releases, shares", releaseLimit, limits.releaseLimitWei);
  const all = {
    ...governed,
    bridge: { at: await contract.getAddress(), interface: BridgeAdapter__factory.createInterface() },
  };
  const matrix = [...powers(), ...bridgePowers()];
  return [...differences, ...(await powerDifferences({ ...order, governed: all, matrix }))];
}

/** What the Polygon side is compared with. */
export interface PolygonPlan {
  readonly deployer: string;
  readonly params: PolygonParams;
  /** The bridge's end on Ethereum. */
  readonly peer: string;
}

/** Every way in which the Polygon side is not what its parameters say: wiring, limits, powers. */
export async function polygonDifferences(system: PolygonSystem, plan: PolygonPlan): Promise<string[]> {
  const { token, feed, adapter, swap, manager, factory } = system;
  const { params, peer, deployer } = plan;
  const { differences, compare } = findings();
  await compare("ChildAnkrMATIC.FEED", token.FEED(), feed);
  await compare("RatioFeed.ADAPTER", feed.ADAPTER(), adapter);
  await compare("ChildBridgeAdapter.TOKEN", adapter.TOKEN(), token);
  await compare("ChildBridgeAdapter.FEED", adapter.FEED(), feed);
  await compare("ChildBridgeAdapter.FX_CHILD", adapter.FX_CHILD(), params.fxChild);
  await compare("ChildBridgeAdapter.PEER", adapter.PEER(), peer);
  await compare("cap on the supply, shares", token.supplyCap(), params.supplyCapWei);
  const { minting, burning } = await token.ceilingsOf(adapter);
  await compare("ceiling of minting, shares", minting, params.mintingLimitWei);
  await compare("ceiling of burning, shares", burning, params.burningLimitWei);
  await compare("limit of minting, shares", token.mintingMaxLimitOf(adapter), params.mintingLimitWei);
  await compare("limit of burning, shares", token.burningMaxLimitOf(adapter), params.burningLimitWei);
  for (const [name, contract] of Object.entries({ token, feed, adapter, swap })) {
    await compare(`authority of the ${name}`, contract.authority(), manager);
  }
  await compare("SwapPool.TOKEN", swap.TOKEN(), token);
  await compare("SwapPool.FEED", swap.FEED(), feed);
  await compare("SwapPool.WRAPPED", swap.WRAPPED(), params.wrappedNative);
  const { feeBps, dailyLimit } = await swap.parameters();
  await compare("fee on swaps, bps", feeBps, params.swap.feeBps);
  await compare("daily limit of swaps, wei", dailyLimit, params.swap.dailyLimitWei);
  // One bridge is listed: another could mint, too.
  const listed = await token.queryFilter(token.filters.BridgeCeilingsSet());
  for (const bridge of new Set(listed.map(({ args }) => args.bridge))) {
    const ceilings = await token.ceilingsOf(bridge);
    const isOurs = bridge === (await adapter.getAddress());
    if (!isOurs && ceilings.minting + ceilings.burning > 0n) differences.push(`${bridge} is listed as a bridge, too`);
  }
  // What another bridge minted while it was listed would be there still.
  await compare("supply that our bridge did not mint, shares", foreign(system), 0n);
  const governed = {
    token: { at: await token.getAddress(), interface: ChildAnkrMATIC__factory.createInterface() },
    feed: { at: await feed.getAddress(), interface: RatioFeed__factory.createInterface() },
    adapter: { at: await adapter.getAddress(), interface: ChildBridgeAdapter__factory.createInterface() },
    swap: { at: await swap.getAddress(), interface: SwapPool__factory.createInterface() },
  };
  return [
    ...differences,
    ...(await powerDifferences({
      ...{ manager, factory, deployer, governance: params, governed },
      matrix: polygonPowers(),
    })),
  ];
}

async function foreign({ token, adapter }: Pick<PolygonSystem, "token" | "adapter">): Promise<bigint> {
  const blockTag = await token.runner?.provider?.getBlockNumber();
  const at = blockTag === undefined ? {} : { blockTag };
  return (await token.totalSupply(at)) - (await adapter.minted(at));
}
