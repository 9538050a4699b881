/** Bytes of a contract as it lies on the chain, and of what deploys it, without the constructor's arguments. */
export interface Size {
  readonly runtime: number;
  readonly initcode: number;
}

/** By contract. */
export type Sizes = Readonly<Record<string, Size>>;

/** What grew, what shrank, what came and what went. */
export function sizeDifferences(kept: Sizes, current: Sizes): string[] {
  return [...new Set([...Object.keys(kept), ...Object.keys(current)])].sort().flatMap((name) => {
    const [before, now] = [kept[name], current[name]];
    if (before === undefined) return [`${name}: is new, ${now?.runtime ?? 0} bytes`];
    if (now === undefined) return [`${name}: is kept, and there is no such contract`];
    return (["runtime", "initcode"] as const)
      .filter((part) => before[part] !== now[part])
      .map((part) => {
        const change = now[part] - before[part];
        return `${name}: ${part} ${before[part]} -> ${now[part]} bytes (${change > 0 ? "+" : ""}${change})`;
      });
  });
}
