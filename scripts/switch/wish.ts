const ONE = 10n ** 18n;

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
  const match = /^([0-9]+)(?:\.([0-9]{1,18}))?$/.exec(amount);
  if (match === null) {
    throw new Error(
      `--amount ${amount} is no amount: digits with at most 18 decimals after a point, like 12.5, or max for all`,
    );
  }
  const [, whole = "", fraction = ""] = match;
  const wei = BigInt(whole) * ONE + BigInt(fraction.padEnd(18, "0"));
  if (wei === 0n) throw new Error("--amount is 0: name how much is to be switched, or max for all");
  return inShares ? { kind: "shares", shares: wei } : { kind: "bonds", bonds: wei };
}
