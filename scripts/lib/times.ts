/** A point in time, for a reader. */
export function timeOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", " UTC").replace("T", " ");
}

const UNITS = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
] as const;

/** A length of time, for a reader, in the largest unit that divides it. */
export function durationOf(seconds: bigint): string {
  const [name, size] = UNITS.find(([, unit]) => seconds !== 0n && seconds % unit === 0n) ?? ["second", 1n];
  const count = seconds / size;
  return `${count} ${name}${count === 1n ? "" : "s"}`;
}
