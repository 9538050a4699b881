import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { MaxUint256 } from "ethers";

import { UNBONDING_EPOCHS, coins } from "./world";
import type { World } from "./world";

/** Smallest amount that `delegate` places. */
const MIN_PLACEMENT = coins(1);

/** `count` checkpoints, signed by all validators: their rewards become pending. */
export async function checkpoints({ polygon }: World, count = 1): Promise<void> {
  await polygon.stakeManager.checkpoints(count);
}

/** As many checkpoints as unbonding takes. */
export async function unbond(world: World): Promise<void> {
  await checkpoints(world, UNBONDING_EPOCHS);
}

export async function deposit({ pool }: World, who: HardhatEthersSigner, assets: bigint): Promise<void> {
  await pool.connect(who).deposit(assets, who);
}

/** Files a request of the holder for itself. */
export async function request({ pool }: World, who: HardhatEthersSigner, shares: bigint): Promise<void> {
  await pool.connect(who).requestRedeem(shares, who, who);
}

/** Closes and funds the open batch in a new epoch, and returns its number. */
export async function settle(world: World): Promise<bigint> {
  const { open } = await world.pool.queue();
  await checkpoints(world);
  await world.pool.connect(world.people.keeper).settleBatch();
  return open;
}

/** Id of the controller's request in a batch. */
export function requestId(batch: bigint, controller: HardhatEthersSigner): bigint {
  return (batch << 160n) | BigInt(controller.address);
}

/** A request that can be claimed, out of the buffer; returns its id. */
export async function claimable(world: World, who: HardhatEthersSigner, shares: bigint): Promise<bigint> {
  await request(world, who, shares);
  return requestId(await settle(world), who);
}

/** Delegates all of the buffer that no request needs; less than the smallest placement stays. */
export async function emptyBuffer(world: World): Promise<void> {
  const { lens, pool, people } = world;
  while ((await lens.delegable()) >= MIN_PLACEMENT) await pool.connect(people.keeper).delegate(MaxUint256);
}

/** Mints aMATICb for all of its holders, with shares of the whale's, and seals it; each approves the switcher. */
export async function mintBonds({ bond, switcher, token, genesis, people }: World): Promise<void> {
  const { regular, newcomer, whale } = people;
  await token.connect(whale).approve(bond, MaxUint256);
  for (const { batch, holdings, proof } of genesis.batches) {
    await bond.connect(whale).mintGenesis(batch, [...holdings], [...proof]);
  }
  for (const holder of [regular, newcomer, whale]) await bond.connect(holder).approve(switcher, MaxUint256);
}

/** Takes all POL away from an account. */
export async function takePol({ polygon, people }: World, who: HardhatEthersSigner): Promise<void> {
  await polygon.pol.connect(who).transfer(people.sink, await polygon.pol.balanceOf(who));
}

/** A call of the manager's role: scheduled, waited for, executed. */
export async function asManager({ hre, manager, params, people }: World, target: string, data: string): Promise<void> {
  await manager.connect(people.manager).schedule(target, data, 0);
  await hre.network.provider.send("evm_increaseTime", [Number(params.delays.managerSeconds)]);
  await manager.connect(people.manager).execute(target, data);
}

/**
 * A pool in daily use, the state that every measurement starts from: all positions have stake and were harvested, rewards
 * are vesting, the buffer and every balance of POL and MATIC in it is above zero, a claimable batch waits for one of its
 * controllers, and the open batch has a request.
 */
export async function inDailyUse(world: World): Promise<void> {
  const { pool, people } = world;
  const { regular, neighbour, whale, keeper } = people;
  await deposit(world, whale, coins(1_000_000));
  await emptyBuffer(world);
  await deposit(world, regular, coins(10_000));
  await pool.connect(regular).stakeAndClaimCerts(coins(10_000));
  await deposit(world, neighbour, coins(10_000));
  await checkpoints(world);
  await pool.connect(keeper).harvest([]);
  await deposit(world, whale, coins(100_000));
  await request(world, neighbour, coins(100));
  await pool.connect(regular).claim([await claimable(world, regular, coins(100))], regular, regular);
  await request(world, neighbour, coins(100));
}
