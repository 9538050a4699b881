import { isError } from "ethers";

const ONE = 10n ** 18n;

/** Wei as a decimal number to the last digit, thousands apart, without zeros at the end. */
export function exact(wei: bigint): string {
  const sign = wei < 0n ? "-" : "";
  const size = wei < 0n ? -wei : wei;
  const fraction = (size % ONE).toString().padStart(18, "0").replace(/0+$/, "");
  return `${sign}${(size / ONE).toLocaleString("en-US")}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Wei as a decimal number with so many decimals, rounded down, thousands apart. */
export function decimal(wei: bigint, decimals: number): string {
  const sign = wei < 0n ? "-" : "";
  const size = wei < 0n ? -wei : wei;
  const whole = (size / ONE).toLocaleString("en-US");
  if (decimals === 0) return sign + whole;
  return `${sign}${whole}.${(size % ONE).toString().padStart(18, "0").slice(0, decimals)}`;
}

/** Wei as a floating point number of tokens: to draw with, never to count with. */
export function drawn(wei: bigint): number {
  return Number(wei / 10n ** 9n) / 1e9;
}

/** Wei of a decimal number with at most 18 decimals; undefined if it is anything else. */
export function parseDecimal(amount: string): bigint | undefined {
  const match = /^([0-9]+)(?:\.([0-9]{1,18}))?$/.exec(amount);
  if (match === null) return undefined;
  const [, whole = "", fraction = ""] = match;
  return BigInt(whole) * ONE + BigInt(fraction.padEnd(18, "0"));
}

/**
 * The part of an error that tells a reader something: what the node said, if ethers made nothing of it, else the shorter
 * message if it has one.
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isError(error, "UNKNOWN_ERROR")) {
    const said = (error as { error?: { message?: unknown } }).error?.message;
    if (typeof said === "string") return said;
  }
  return "shortMessage" in error && typeof error.shortMessage === "string" ? error.shortMessage : error.message;
}
