/** A stream of rewards: wei that had not vested at `since` (seconds), all of it vested at `end` (ticks). */
export interface Stream {
  readonly unvested: bigint;
  readonly since: bigint;
  readonly end: bigint;
}

/** Ticks in a second. */
export const TICKS = 2n ** 24n;

/** A stream without rewards. */
export const EMPTY: Stream = { unvested: 0n, since: 0n, end: 0n };

/** Quotient of two numbers that are not negative, rounded up. */
export function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** Wei that have not vested at `time` (seconds): the unvested part falls on a straight line, and is rounded up. */
export function unvestedAt({ unvested, since, end }: Stream, time: bigint): bigint {
  const left = end - time * TICKS;
  return left <= 0n ? 0n : ceilDiv(unvested * left, end - since * TICKS);
}

/** The stream after income of `assets` wei that alone would vest over `period` seconds: the mean delay is kept. */
export function merge(stream: Stream, assets: bigint, period: bigint, time: bigint): Stream {
  const now = time * TICKS;
  const left = unvestedAt(stream, time);
  const unvested = left + assets;
  const remaining = stream.end > now ? stream.end - now : 0n;
  const delay = unvested === 0n ? 0n : ceilDiv(left * remaining + assets * period * TICKS, unvested);
  return { unvested, since: time, end: now + delay };
}

/** The stream after a loss, and what of it the stream bore: as much as it held. */
export function absorb(stream: Stream, loss: bigint, time: bigint): { reduced: Stream; absorbed: bigint } {
  const left = unvestedAt(stream, time);
  const absorbed = loss < left ? loss : left;
  const now = time * TICKS;
  return { reduced: { unvested: left - absorbed, since: time, end: stream.end > now ? stream.end : now }, absorbed };
}
