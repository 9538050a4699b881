import { MaxUint256 } from "ethers";
import type { Addressable, ContractTransactionResponse, JsonRpcProvider } from "ethers";

import { pass } from "../../../scripts/devnet/world";
import { parseStateSync } from "../../../scripts/lib/bridge/stateSync";
import type { StateSync } from "../../../scripts/lib/bridge/stateSync";
import { FxRoot__factory } from "../../../typechain-types";
import type { IERC20 } from "../../../typechain-types";

import { POLYGONS } from "./configuration";
import type { Person } from "./people";
import { moveEpochs, payRewards } from "./powers";
import type { World } from "./world";

/** Time of the last block. */
export async function now(node: JsonRpcProvider): Promise<bigint> {
  return BigInt((await node.getBlock("latest"))?.timestamp ?? 0);
}

/** Lets the pool take somebody's coins without limit. */
async function approve({ system, above }: World, coin: IERC20, person: Person): Promise<void> {
  await coin.connect(above(person)).approve(system.pool, MaxUint256);
}

/** Somebody stakes POL, by the name of the standard. */
export async function stakePol(world: World, person: Person, assets: bigint): Promise<void> {
  const { system, staking, above } = world;
  await approve(world, staking.pol, person);
  await system.pool.connect(above(person)).deposit(assets, above(person));
}

/** Somebody stakes MATIC, by the name that live integrations call. */
export async function stakeMatic(world: World, person: Person, assets: bigint): Promise<void> {
  const { system, staking, above } = world;
  await approve(world, staking.matic, person);
  await system.pool.connect(above(person)).stakeAndClaimCerts(assets);
}

/** A stranger has everything that can be delegated put on the validators. */
export async function delegateAll({ system, above }: World): Promise<void> {
  await system.pool.connect(above("stranger")).delegate(MaxUint256);
}

/** Checkpoints of Polygon: `count` epochs, in which every POL that is staked earns `reward` / 10^25, and their time. */
export async function checkpoints(world: World, count: bigint, reward: bigint, seconds: bigint): Promise<void> {
  const { ethereum, staking } = world;
  const stakeManager = await staking.stakeManager.getAddress();
  await moveEpochs(ethereum, stakeManager, count);
  if (reward > 0n) await payRewards(ethereum, stakeManager, reward);
  await pass(world, seconds);
}

/** A call of the manager's on Ethereum: scheduled, waited for, executed. */
export async function asManager(world: World, target: Addressable, data: string): Promise<ContractTransactionResponse> {
  const { system, configuration, above } = world;
  const manager = system.manager.connect(above("manager"));
  await manager.schedule(target, data, 0);
  await pass(world, configuration.ethereum.params.delays.managerSeconds);
  return manager.execute(target, data);
}

/** The message that a transaction on Ethereum gave to Polygon's StateSender. */
export async function sentSync(
  { ethereum }: Pick<World, "ethereum">,
  { hash }: ContractTransactionResponse,
): Promise<StateSync> {
  const sender = await FxRoot__factory.connect(POLYGONS.fxRoot, ethereum).stateSender();
  const { logs } = (await ethereum.getTransactionReceipt(hash)) ?? { logs: [] };
  const syncs = logs.filter(({ address }) => address === sender).map((log) => parseStateSync(log));
  const [sync] = syncs;
  if (sync === undefined || syncs.length !== 1) throw new Error(`there are ${syncs.length} messages in ${hash}`);
  return sync;
}

/** Somebody sends shares to Polygon; nobody delivers them yet. */
export async function sendShares(world: World, from: Person, shares: bigint, to: Person = from): Promise<StateSync> {
  const { system, bridge, above, below } = world;
  await system.token.connect(above(from)).approve(bridge, shares);
  return sentSync(world, await bridge.connect(above(from)).bridge(shares, below(to)));
}
