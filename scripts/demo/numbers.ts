const ONE = 10n ** 18n;

/** Wei as a decimal number with so many decimals, rounded down, thousands apart. */
export function decimal(wei: bigint, decimals: number): string {
  const sign = wei < 0n ? "-" : "";
  const size = wei < 0n ? -wei : wei;
  const whole = (size / ONE).toLocaleString("en-US");
  if (decimals === 0) return sign + whole;
  return `${sign}${whole}.${(size % ONE).toString().padStart(18, "0").slice(0, decimals)}`;
}

/** Wei as thousands, rounded down; a dot for nothing, a small mark for less than one. */
export function thousands(wei: bigint): string {
  if (wei === 0n) return ".";
  const count = wei / (1_000n * ONE);
  return count === 0n ? "<1" : count.toString();
}

/** Wei as a floating point number of tokens: to draw with, never to count with. */
export function drawn(wei: bigint): number {
  return Number(wei / 10n ** 9n) / 1e9;
}
