import { IERC20__factory } from "../../../typechain-types";
import type { Name } from "../wallets";
import type { Devnet } from "../world";

/** Who is looked at. */
export const PEOPLE = ["alice", "bob", "carol", "treasury"] as const satisfies readonly Name[];
export type Person = (typeof PEOPLE)[number];

/** What is looked at, chain by chain. */
export const COINS = [
  ...(["POL", "MATIC", "ankrMATIC"] as const),
  ...(["native on Polygon", "ankrMATIC on Polygon", "liquidity on Polygon"] as const),
];
export type Coin = (typeof COINS)[number];

/** A balance, and what it should be. */
export interface Balance {
  readonly who: Person;
  readonly coin: Coin;
  readonly is: bigint;
  readonly expected: bigint;
}

/** What each person should have, kept apart from the chains. */
export interface Book {
  /** Adds to what a person should have of a coin; a negative amount takes away. */
  add(who: Person, coin: Coin, amount: bigint): void;
  expected(who: Person, coin: Coin): bigint;
  /** All balances on the chains, beside what they should be. */
  compare(): Promise<Balance[]>;
}

/** A book that begins with what everybody has. */
export async function openBook(devnet: Devnet): Promise<Book> {
  const amounts = new Map<string, bigint>();
  const keyOf = (who: Person, coin: Coin): string => `${who}: ${coin}`;
  for (const who of PEOPLE) {
    for (const coin of COINS) amounts.set(keyOf(who, coin), await balanceOf(devnet, who, coin));
  }
  const expected = (who: Person, coin: Coin): bigint => amounts.get(keyOf(who, coin)) ?? 0n;
  return {
    expected,
    add: (who, coin, amount) => {
      amounts.set(keyOf(who, coin), expected(who, coin) + amount);
    },
    compare: async () => {
      const balances: Balance[] = [];
      for (const who of PEOPLE) {
        for (const coin of COINS) {
          balances.push({ who, coin, is: await balanceOf(devnet, who, coin), expected: expected(who, coin) });
        }
      }
      return balances;
    },
  };
}

async function balanceOf(
  { accounts, ethereum, polygon, staking, system, child }: Devnet,
  who: Person,
  coin: Coin,
): Promise<bigint> {
  const { address } = accounts[who];
  if (coin === "native on Polygon") return polygon.getBalance(address);
  const [token, chain] = {
    POL: [staking.pol, ethereum] as const,
    MATIC: [staking.matic, ethereum] as const,
    ankrMATIC: [system.token, ethereum] as const,
    "ankrMATIC on Polygon": [child.token, polygon] as const,
    "liquidity on Polygon": [child.swap, polygon] as const,
  }[coin];
  return IERC20__factory.connect(await token.getAddress(), chain).balanceOf(address);
}
