const [MINUTE, HOUR, DAY] = [60n, 3_600n, 86_400n] as const;

/** A point in time, for a reader. */
export function timeOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", " UTC").replace("T", " ");
}

/** A span of time for a reader, in its two largest units and rounded up. */
export function durationOf(seconds: bigint): string {
  const unit = seconds <= DAY - MINUTE ? MINUTE : HOUR;
  const rounded = ((seconds + unit - 1n) / unit) * unit;
  const parts = [
    [rounded / DAY, "day"],
    [(rounded % DAY) / HOUR, "hour"],
    [(rounded % HOUR) / MINUTE, "minute"],
  ] as const;
  const told = parts
    .filter(([count]) => count > 0n)
    .map(([count, name]) => `${count} ${name}${count === 1n ? "" : "s"}`);
  return told.length === 0 ? "0 minutes" : told.join(" ");
}
