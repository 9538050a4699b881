import type { GasSample } from "./replay";

/** A table of the median gas of every call, recorded and on the model, and by how much they differ. */
export function gasTable(samples: readonly GasSample[]): string {
  const groups = new Map<string, GasSample[]>();
  for (const sample of samples) {
    const fn = sample.fn.replace(/^v\d+\./, "share.");
    groups.set(fn, [...(groups.get(fn) ?? []), sample]);
  }
  const rows = [...groups].sort().map(([fn, group]) => {
    const recorded = median(group.map((sample) => sample.recorded));
    const model = median(group.map((sample) => sample.model));
    const percent = ((Number(model) / Number(recorded) - 1) * 100).toFixed(0);
    return [fn, String(group.length), String(recorded), String(model), `${percent} %`];
  });
  return [["call", "count", "recorded", "model", "off by"], ...rows].map(toLine).join("\n");
}

function toLine([fn = "", ...numbers]: readonly string[]): string {
  return fn.padEnd(42) + numbers.map((number) => number.padStart(10)).join("");
}

function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => Number(a - b));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
