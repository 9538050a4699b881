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

/** What the two ledgers say, and what is there. POL wei, unless it says otherwise. */
export interface Figures {
  /** Both sides of the books. */
  readonly books: Readonly<
    Record<"totalPooled" | "totalOwed" | "reserved" | "buffer" | "principal" | "unbonding", bigint>
  >;
  /** What the batches on their way are owed. */
  readonly queue: Readonly<Record<"openAssets" | "unsold" | "sold", bigint>>;
  /** What the delegator really has; MATIC in wei of it. */
  readonly real: Readonly<Record<"pol" | "matic" | "unbonding", bigint>>;
  /** What the delegator says that it has. */
  readonly held: Readonly<Record<"buffer" | "unconverted" | "unbonding", bigint>>;
  /** POL of the pool. */
  readonly poolPol: bigint;
  /** What the pool's shares are worth. */
  readonly assets: bigint;
  /** How many the pool counts, read by converting what they are worth; 0 if that is nothing. */
  readonly shares: bigint;
  /** How many the token counts. */
  readonly supply: bigint;
  /** Shares of aMATICb. */
  readonly bonds: bigint;
  /** Shares that aMATICb holds. */
  readonly backing: bigint;
  /** Each position that is not unsynced. */
  readonly positions: readonly { readonly position: bigint; readonly principal: bigint; readonly stake: bigint }[];
}

/** Reads what is compared, at one block. */
export async function readFigures({ system, unsynced }: Watched, blockTag: BlockTag = "latest"): Promise<Figures> {
  const { pool, delegator, lens, token, bond } = system;
  const runner = pool.runner;
  const pol = IERC20__factory.connect(await pool.asset(), runner);
  const block = { blockTag };
  const [books, queue, real, held, poolPol, assets, supply, count, bonds, backing] = await Promise.all([
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
  const shares = assets > 0n ? await pool.convertToShares(assets, block) : 0n;
  const positions = [];
  for (let position = 1n; position <= count; position++) {
    const { share, principal } = await delegator.positionAt(position, block);
    if (share === ZeroAddress || unsynced.has(position)) continue;
    const { stake } = await IValidatorShare__factory.connect(share, runner).getTotalStake(delegator, block);
    positions.push({ position, principal, stake });
  }
  return { books, queue, real, held, poolPol, assets, shares, supply, bonds, backing, positions };
}

/**
 * Every difference between the two ledgers, and between them and what is there.
 * @param read How it is read.
 */
export async function differences(
  watched: Watched,
  read: (watched: Watched) => Promise<Figures> = readFigures,
): Promise<string[]> {
  const { books, queue, real, held, poolPol, assets, shares, supply, bonds, backing, positions } = await read(watched);
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
  if (assets > 0n) equal("shares of the pool = supply of the token", shares, supply);
  covered("ankrMATIC behind aMATICb", backing, bonds);
  covered("POL of the pool", poolPol, books.reserved);
  covered("POL and MATIC of the delegator", real.pol + real.matic, held.buffer);
  covered("POL of the delegator", real.pol, held.buffer - held.unconverted);
  for (const { position, principal, stake } of positions) covered(`stake of position ${position}`, stake, principal);
  if (watched.unsynced.size === 0) covered("unbonding", real.unbonding, held.unbonding);
  return found;
}
