import { parseUnits, toQuantity } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import { OPERATIONS, run, savepoint } from "./measure";
import type { Operation } from "./operation";
import { checkpoints, inDailyUse } from "./steps";
import { coins, deployWorld } from "./world";
import type { World } from "./world";

/** Validators of the pool in which it is measured. */
const VALIDATORS = 5;

/** Address of the first of the crowd; the others follow. */
const FIRST_MEMBER = BigInt("0xc0ffee0000000000000000000000000000000000");

/** Gas limit and price of their transactions. */
const GAS = toQuantity(200_000);
const GAS_PRICE = toQuantity(parseUnits("10", "gwei"));

/** Gas of an operation in a pool with few stakers and open requests, and with many. */
export interface FlatRow {
  readonly operation: string;
  readonly use: string;
  readonly few: bigint;
  readonly many: bigint;
}

/** Says how far it is. */
export type Progress = (text: string) => void;

/** Operations whose cost the number of stakers and requests must not change. */
export function flatOperations(): Operation[] {
  return OPERATIONS.filter(({ flat }) => flat === true);
}

/** The same operations with `few` and with `many` stakers, each of whom has an open request. */
export async function flatRows(
  hre: HardhatRuntimeEnvironment,
  few: number,
  many: number,
  progress: Progress,
): Promise<FlatRow[]> {
  const low = await gasWith(hre, few, progress);
  const high = await gasWith(hre, many, progress);
  return flatOperations().map(({ name, use }, index) => {
    const [atFew, atMany] = [low[index], high[index]];
    if (atFew === undefined || atMany === undefined) throw new Error(`${name} was not measured twice`);
    return { operation: name, use, few: atFew, many: atMany };
  });
}

async function gasWith(hre: HardhatRuntimeEnvironment, stakers: number, progress: Progress): Promise<bigint[]> {
  await hre.network.provider.send("hardhat_reset");
  const world = await deployWorld(hre, VALIDATORS);
  await inDailyUse(world);
  // half of the requests can be claimed, the others are in the open batch
  const half = Math.floor(stakers / 2);
  await crowd(world, 0, half, progress);
  await checkpoints(world);
  await world.pool.connect(world.people.keeper).settleBatch();
  await crowd(world, half, stakers, progress);
  const again = await savepoint(hre);
  const gas: bigint[] = [];
  for (const operation of flatOperations()) {
    await again();
    progress(`${stakers} stakers: ${operation.name}`);
    gas.push((await run(operation, world)).gas);
  }
  return gas;
}

/** Stakers `from` to `to`, each an account of its own with shares and a request in the open batch. */
async function crowd({ hre, pool, people }: World, from: number, to: number, progress: Progress): Promise<void> {
  const { provider } = hre.network;
  const poolAddress = await pool.getAddress();
  // the price is given because Hardhat would look for one before every transaction
  const send = (sender: string, data: string): Promise<unknown> =>
    provider.send("eth_sendTransaction", [{ from: sender, to: poolAddress, data, gas: GAS, gasPrice: GAS_PRICE }]);
  for (let index = from; index < to; index++) {
    if (index % 100 === 0) progress(`staker ${index} of ${to}`);
    const member = toQuantity(FIRST_MEMBER + BigInt(index));
    await provider.send("hardhat_impersonateAccount", [member]);
    await provider.send("hardhat_setBalance", [member, toQuantity(coins(1))]);
    await send(people.whale.address, pool.interface.encodeFunctionData("deposit", [coins(2), member]));
    await send(member, pool.interface.encodeFunctionData("requestRedeem", [coins(1), member, member]));
    await provider.send("hardhat_stopImpersonatingAccount", [member]);
  }
}

/** Rows that are not equal. */
export function uneven(rows: readonly FlatRow[]): FlatRow[] {
  return rows.filter(({ few, many }) => few !== many);
}
