import { decimal } from "../lib/amounts";

import { VALIDATORS } from "./cast";
import { thousands } from "./numbers";
import type { Day } from "./story";
import type { Finding } from "./verdict";

/** The days, a line each. */
export function dayTable(days: readonly Day[]): string {
  const head = [
    "day",
    "ratio",
    "1 ankrMATIC",
    "assets",
    "buffer",
    "unbonding",
    ...VALIDATORS.map(({ name }) => name.slice(0, 3)),
    "APR",
    "formula",
  ];
  const lines = days.map((day) => [
    day.day.toString(),
    decimal(day.ratio, 8),
    decimal(day.value, 8),
    decimal(day.totalAssets, 0),
    decimal(day.buffer, 0),
    decimal(day.unbonding, 0),
    ...day.stakes.map(thousands),
    percent(day.aprSeen),
    percent(day.aprExpected),
  ]);
  const note = `ratio is shares per MATIC; amounts are POL; stake by validator, ${VALIDATORS[0]?.name ?? ""} to ${
    VALIDATORS.at(-1)?.name ?? ""
  }, is in thousands of POL; APR in %`;
  return `${align([head, ...lines])}\n${note}`;
}

/** What was promised, and whether it holds. */
export function verdictLines(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ claim, seen, against }) =>
      against.length === 0
        ? [`  ok    ${claim} (${seen})`]
        : [`  FAIL  ${claim}`, ...against.map((reason) => `          ${reason}`)],
    )
    .join("\n");
}

function percent(value: number): string {
  return value.toFixed(2);
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(" ")).join("\n");
}
