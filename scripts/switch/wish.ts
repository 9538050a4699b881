import { parseDecimal } from "../lib/amounts";

/** What a holder wants to switch. */
export type Wish =
  | { readonly kind: "all" }
  /** MATIC wei. */
  | { readonly kind: "bonds"; readonly bonds: bigint }
  /** ankrMATIC wei. */
  | { readonly kind: "shares"; readonly shares: bigint };

/**
 * Reads the amount of the command line.
 * @param amount Decimal number with at most 18 decimals, or `max`.
 * @param inShares True if it counts shares and not aMATICb.
 */
export function parseWish(amount: string, inShares: boolean): Wish {
  if (amount === "max") return { kind: "all" };
  const wei = parseDecimal(amount);
  if (wei === undefined) {
    throw new Error(
      `--amount ${amount} is no amount: digits with at most 18 decimals after a point, like 12.5, or max for all`,
    );
  }
  if (wei === 0n) throw new Error("--amount is 0: name how much is to be switched, or max for all");
  return inShares ? { kind: "shares", shares: wei } : { kind: "bonds", bonds: wei };
}
