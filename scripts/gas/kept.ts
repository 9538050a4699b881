import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { ROOT } from "../lib/files";

import type { Figure } from "./measure";
import { OPERATIONS } from "./measure";

/** The figures that are kept, from the root of the repository. */
export const FIGURES = "audit/gas/figures.json";

const schema = z.array(
  z.object({ operation: z.string(), validators: z.number(), use: z.enum(["first", "later"]), gas: z.number() }),
);

/** A figure as it is compared. */
export type Kept = z.output<typeof schema>[number];

/** Reads what is kept. */
export async function readFigures(): Promise<Kept[]> {
  return schema.parse(JSON.parse(await readFile(path.join(ROOT, FIGURES), "utf8")));
}

/** Writes figures as they are kept. */
export async function writeFigures(file: string, figures: readonly Figure[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(figures, undefined, 2)}\n`);
}

const keyOf = ({ operation, use, validators }: Kept): string => `${operation}, ${use}, ${validators} validators`;

function spreadOf({ operation, use }: Kept): number {
  return OPERATIONS.find(({ name, use: of }) => name === operation && of === use)?.spread ?? 0;
}

/** What differs between the figures that are kept and those that were measured, at the numbers of validators measured. */
export function gasDifferences(kept: readonly Kept[], measured: readonly Kept[]): string[] {
  const counts = new Set(measured.map(({ validators }) => validators));
  const before = new Map(kept.filter(({ validators }) => counts.has(validators)).map((one) => [keyOf(one), one.gas]));
  const now = new Set(measured.map(keyOf));
  return [
    ...[...before.keys()].filter((key) => !now.has(key)).map((key) => `${key}: is kept, and was not measured`),
    ...measured.flatMap((one) => {
      const was = before.get(keyOf(one));
      if (was === undefined) return [`${keyOf(one)}: ${one.gas} gas, is new`];
      const change = one.gas - was;
      if (Math.abs(change) <= spreadOf(one)) return [];
      return [`${keyOf(one)}: ${was} -> ${one.gas} gas (${change > 0 ? "+" : ""}${change})`];
    }),
  ];
}
