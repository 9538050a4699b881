import { ZeroAddress } from "ethers";
import type { BlockTag } from "ethers";

import { IERC20__factory, IValidatorShare__factory } from "../../typechain-types";
import type { System } from "../system";

/** What is compared. */
export interface Watched {
  readonly system: Pick<System, "pool" | "delegator" | "lens" | "token" | "bond">;
  /** Positions known to have lost stake that nobody has synced since: they may be worth less than the ledger says. */
  readonly unsynced: ReadonlySet<bigint>;
}

/** Every difference between the two ledgers, and between them and what is there; at one block, the last if left out. */
export async function differences({ system, unsynced }: Watched, blockTag: BlockTag = "latest"): Promise<string[]> {
  const { pool, delegator, lens, token, bond } = system;
  const runner = pool.runner;
  const pol = IERC20__factory.connect(await pool.asset(), runner);
  const block = { blockTag };
  const [books, queue, real, held, poolPol, assets, supply, positions, bonds, backing] = await Promise.all([
    lens.books(block),
    pool.queue(block),
    delegator.reserves(block),
    delegator.ledger(block),
    pol.balanceOf(pool, block),
    pool.totalAssets(block),
    token.totalSupply(block),
    delegator.positionCount(block),
    bond.totalSharesSupply(block),
    token.balanceOf(bond, block),
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
  covered("ankrMATIC behind aMATICb", backing, bonds);
  covered("POL of the pool", poolPol, books.reserved);
  covered("POL and MATIC of the delegator", real.pol + real.matic, held.buffer);
  covered("POL of the delegator", real.pol, held.buffer - held.unconverted);
  for (let position = 1n; position <= positions; position++) {
    const { share, principal } = await delegator.positionAt(position, block);
    if (share === ZeroAddress || unsynced.has(position)) continue;
    const value = await IValidatorShare__factory.connect(share, runner).getTotalStake(delegator, block);
    covered(`stake of position ${position}`, value.stake, principal);
  }
  if (unsynced.size === 0) covered("unbonding", real.unbonding, held.unbonding);
  return found;
}
