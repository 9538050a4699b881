import { MaxUint256, keccak256, toBeHex } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import { differences } from "../../deploy/acceptance/ledgers";
import { checkpoints, inDailyUse, request, requestId, settle, unbond } from "../gas/steps";
import { coins, deployWorld } from "../gas/world";
import type { World } from "../gas/world";

import { mineCalls } from "./blocks";
import { row } from "./rows";
import type { Row } from "./rows";

/** Validators of the pool. */
const VALIDATORS = 5;

/** Parts in which the crowd stakes, requests and claims; each part of the requests is a batch. */
export const PARTS = 10;

/** What each member stakes, POL, and requests of it, shares. */
const STAKED = coins(2);
const REQUESTED = coins(1);

/** Smallest amount that is delegated. */
const MIN_PLACEMENT = coins(1);

/** How large the crowd is. */
export interface Size {
  readonly stakers: number;
  /** At most one for each staker. */
  readonly requests: number;
}

/** What came out. */
export interface Load extends Size {
  readonly rows: readonly Row[];
  /** Differences between the ledgers, or between them and what is there, and after which step they were seen. */
  readonly differences: readonly string[];
  /** POL wei that the crowd was promised, and that it was paid. */
  readonly promised: bigint;
  readonly paid: bigint;
}

/** Says how far it is; it may throw to end the run. */
export type Report = (text: string) => void;

/** Gas of upkeep, call by call. */
interface Upkeep {
  readonly harvest: number[];
  readonly delegate: number[];
  readonly settleBatch: number[];
  readonly finalizeBatch: number[];
}

/**
 * A crowd stakes, requests and claims, in a pool in daily use, with rewards and upkeep between the parts. It stays on the
 * chain.
 */
export async function runLoad(hre: HardhatRuntimeEnvironment, size: Size, report: Report): Promise<Load> {
  const world = await deployWorld(hre, VALIDATORS);
  const { pool, people, polygon } = world;
  await inDailyUse(world);
  await sellOnce(world);
  const crowd = Array.from({ length: size.stakers }, (_, index) => member(index));
  const asking = crowd.slice(0, size.requests);
  const upkeep: Upkeep = { harvest: [], delegate: [], settleBatch: [], finalizeBatch: [] };
  const found: string[] = [];
  const check = async (step: string): Promise<void> => {
    const seen = await differences({ system: world, unsynced: new Set() });
    found.push(...seen.map((text) => `${step}: ${text}`));
  };
  const to = await pool.getAddress();
  const send = async (what: string, from: readonly string[], data: readonly string[]): Promise<number[]> => {
    const calls = data.map((each, index) => ({ from: from[index] ?? people.whale.address, to, data: each }));
    return mineCalls(hre, calls, (done) => {
      report(`${what}: ${done} of ${calls.length}`);
    });
  };

  const stakes: number[] = [];
  for (const [index, part] of inParts(crowd).entries()) {
    const data = part.map((who) => pool.interface.encodeFunctionData("deposit", [STAKED, who]));
    stakes.push(...(await send(`stakes, part ${index + 1} of ${PARTS}`, [], data)));
    const { harvest, delegate } = await maintain(world);
    upkeep.harvest.push(harvest);
    upkeep.delegate.push(...delegate);
    await check(`stakes, part ${index + 1}`);
  }

  const requests: number[] = [];
  const batches: Batch[] = [];
  for (const [index, part] of inParts(asking).entries()) {
    // A sale pays rewards on the side, which the next harvest finds: it is not compared with those before.
    await maintain(world);
    // The first request of a batch costs more, whoever makes it.
    await request(world, people.neighbour, REQUESTED);
    const { open } = await pool.queue();
    const data = part.map((who) => pool.interface.encodeFunctionData("requestRedeem", [REQUESTED, who, who]));
    requests.push(...(await send(`requests, part ${index + 1} of ${PARTS}`, part, data)));
    upkeep.settleBatch.push(await gasOf(pool.connect(people.keeper).settleBatch()));
    batches.push({ number: open, members: part });
    await check(`requests, part ${index + 1}`);
  }

  await unbond(world);
  let promised = 0n;
  for (const { number } of batches) {
    upkeep.finalizeBatch.push(await gasOf(pool.connect(people.keeper).finalizeBatch(number)));
    const { assets } = await pool.requestOf(requestId(number, people.neighbour));
    promised += (await pool.batchOf(number)).units - assets;
  }
  await check("unbonding");

  const claims: number[] = [];
  const before = await polygon.pol.balanceOf(pool);
  for (const [index, { number, members }] of batches.entries()) {
    const data = members.map((who) =>
      pool.interface.encodeFunctionData("claim", [[(number << 160n) | BigInt(who)], who, who]),
    );
    claims.push(...(await send(`claims, part ${index + 1} of ${PARTS}`, members, data)));
    await check(`claims, part ${index + 1}`);
  }
  const paid = before - (await polygon.pol.balanceOf(pool));

  const rows = [row("deposit", stakes), row("requestRedeem", requests), row("claim", claims)];
  for (const [operation, gas] of Object.entries(upkeep)) rows.push(row(operation, gas as number[]));
  return { ...size, rows, differences: found, promised, paid };
}

/** A batch, and who of the crowd is in it. */
interface Batch {
  readonly number: bigint;
  readonly members: readonly string[];
}

/**
 * The first sale of all costs more, and the harvest after it: both are over when the crowd comes. The buffer is empty then,
 * so that each batch needs a sale.
 */
async function sellOnce(world: World): Promise<void> {
  await settle(world);
  await maintain(world);
  await request(world, world.people.neighbour, REQUESTED);
  await settle(world);
  await maintain(world);
}

/**
 * A checkpoint's rewards are collected, and all of the buffer is delegated.
 * @returns Gas of the harvest, and of each delegation.
 */
async function maintain(world: World): Promise<{ harvest: number; delegate: number[] }> {
  const { pool, lens, people } = world;
  const keeper = pool.connect(people.keeper);
  await checkpoints(world);
  const harvest = await gasOf(keeper.harvest([]));
  const delegate: number[] = [];
  while ((await lens.delegable()) >= MIN_PLACEMENT) delegate.push(await gasOf(keeper.delegate(MaxUint256)));
  return { harvest, delegate };
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("a transaction was not mined: automine is off");
  return Number(receipt.gasUsed);
}

/** The list in {@link PARTS} parts of about the same length. */
function inParts(list: readonly string[]): string[][] {
  const border = (part: number): number => Math.floor((list.length * part) / PARTS);
  return Array.from({ length: PARTS }, (_, part) => list.slice(border(part), border(part + 1)));
}

/** An account without a zero byte in its address: calldata of all of them cost the same. */
function member(index: number): string {
  for (let salt = 0n; ; salt++) {
    const address = `0x${keccak256(toBeHex((BigInt(index) << 64n) + salt, 32)).slice(-40)}`;
    if (!/^0x(..)*00/.test(address)) return address;
  }
}
