import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";

import type { Context } from "./fixture";
import { MAX, asManager } from "./fixture";

/** POL wei delegated to each position, number 1 first. */
export async function principals({ delegator }: Context): Promise<bigint[]> {
  const count = await delegator.positionCount();
  const all: bigint[] = [];
  for (let position = 1n; position <= count; position++) all.push((await delegator.positionAt(position)).principal);
  return all;
}

/** Alice, or another, stakes POL and all of the buffer is delegated. */
export async function delegated(context: Context, assets: bigint, by?: HardhatEthersSigner): Promise<void> {
  const { pool, lens, actors } = context;
  const staker = by ?? actors.alice;
  await pool.connect(staker).deposit(assets, staker);
  for (let calls = 0; calls < 20 && (await lens.delegable()) > 0n; calls++) await pool.delegate(MAX);
}

/** The manager sets weights and caps; the caps are the constitutional maximum if left out. */
export async function setWeights(context: Context, weights: bigint[], caps?: bigint[]): Promise<void> {
  const { delegator, params } = context;
  const all = caps ?? weights.map((weight) => (weight === 0n ? 0n : params.maxShareBps));
  await asManager(context, delegator, delegator.interface.encodeFunctionData("setWeights", [weights, all]));
}

/** A call of the manager to the delegator; one that was refused before, and is scheduled since, is executed again. */
export async function order(context: Context, data: string): Promise<void> {
  const { manager, delegator, actors } = context;
  const operation = await manager.hashOperation(actors.manager, delegator, data);
  if ((await manager.getSchedule(operation)) === 0n) return asManager(context, delegator, data);
  await manager.connect(actors.manager).execute(delegator, data);
}

/** Alice buys stake at the validator of position 1 and gives it to the delegator. */
export async function gift({ polygon, shares, actors, delegator }: Context, assets: bigint): Promise<void> {
  await polygon.pol.connect(actors.alice).approve(polygon.stakeManager, MAX);
  const share = shares[0]?.connect(actors.alice);
  await share?.buyVoucherPOL(assets, 0);
  await share?.transferPOL(delegator, await share.balanceOf(actors.alice));
}
