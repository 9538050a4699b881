import { afterEach } from "mocha";
import { ethers, network } from "hardhat";

import type { System } from "../../deploy/system";
import type { LocalStaking } from "../../scripts/conformance/localStaking";

/** What the watch compares. */
export interface Watched {
  readonly system: System;
  readonly polygon: LocalStaking;
  /** Positions that a test took stake away from, and that nobody has synced since: they may be worth less than the ledger says. */
  readonly unsynced: Set<bigint>;
}

const MINING = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"]);

let watched: Watched | undefined;
let patched = false;
let violations: string[] = [];

/**
 * From now on both ledgers are compared with each other and with what is really there after every transaction. A
 * difference fails the call that made it, and the test, whatever the test expects of the call.
 */
export function watchLedgers(target: Watched): void {
  watched = target;
  if (patched) return;
  patched = true;
  const provider = network.provider;
  const send = provider.send.bind(provider);
  provider.send = async (method: string, params?: unknown[]): Promise<unknown> => {
    const result: unknown = await send(method, params);
    if (MINING.has(method) && watched !== undefined) await compare(watched);
    return result;
  };
}

/** Ends the watch: for tests that deploy something else. */
export function unwatchLedgers(): void {
  watched = undefined;
}

/** Every difference between the two ledgers, and between them and what is there. */
export async function differences({ system, polygon, unsynced }: Watched): Promise<string[]> {
  const { pool, delegator, lens, token } = system;
  const block = { blockTag: "latest" };
  const [books, queue, real, held, poolPol, assets, supply, positions] = await Promise.all([
    lens.books(block),
    pool.queue(block),
    delegator.reserves(block),
    delegator.ledger(block),
    polygon.pol.balanceOf(pool, block),
    pool.totalAssets(block),
    token.totalSupply(block),
    delegator.positionCount(block),
  ]);
  const found: string[] = [];
  const equal = (what: string, left: bigint, right: bigint): void => {
    if (left !== right) found.push(`${what}: ${left} is not ${right}`);
  };
  const covered = (what: string, there: bigint, owed: bigint): void => {
    if (there < owed) found.push(`${what}: ${there} is less than ${owed}`);
  };
  equal(
    "L1: pooled and owed = reserved, buffer, principal and unbonding",
    books.totalPooled + books.totalOwed,
    books.reserved + books.buffer + books.principal + books.unbonding,
  );
  equal(
    "L1a: pooled, open and unsold = buffer and principal",
    books.totalPooled + queue.openAssets + queue.unsold,
    books.buffer + books.principal,
  );
  equal("L1b: sold = unbonding", queue.sold, books.unbonding);
  if (assets > 0n) equal("shares of the pool = supply of the token", await pool.convertToShares(assets, block), supply);
  covered("POL of the pool", poolPol, books.reserved);
  covered("POL and MATIC of the delegator", real.pol + real.matic, held.buffer);
  covered("POL of the delegator", real.pol, held.buffer - held.unconverted);
  for (let position = 1n; position <= positions; position++) {
    const { share, principal } = await delegator.positionAt(position, block);
    if (share === ethers.ZeroAddress || unsynced.has(position)) continue;
    const value = await (await ethers.getContractAt("ValidatorShare", share)).getTotalStake(delegator, block);
    covered(`stake of position ${position}`, value[0], principal);
  }
  if (unsynced.size === 0) covered("unbonding", real.unbonding, held.unbonding);
  return found;
}

async function compare(target: Watched): Promise<void> {
  const found = await differences(target);
  if (found.length === 0) return;
  violations.push(...found);
  throw new Error(`The ledgers do not balance:\n  ${found.join("\n  ")}`);
}

afterEach("both ledgers balance", () => {
  const found = violations;
  violations = [];
  if (found.length > 0) throw new Error(`The ledgers did not balance:\n  ${found.join("\n  ")}`);
});
