const ONE = 10n ** 18n;

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
