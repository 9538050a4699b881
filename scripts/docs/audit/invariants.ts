import path from "node:path";

import { CORE } from "./invariants/core";
import { EDGES } from "./invariants/edges";
import { fuzzedPlaces, provenPlaces } from "./invariants/places";
import type { Place } from "./invariants/places";
import type { Group } from "./invariants/property";
import { table } from "./markdown";

/** Every property, by concern. */
export const GROUPS: readonly Group[] = [...CORE, ...EDGES];

const NOWHERE = "—";

/** Ways in which the properties are not those that the fuzz asserts, or a proof is of. */
export function propertyProblems(
  groups: readonly Group[],
  fuzzed: readonly Place[],
  proven: readonly Place[] = [],
): string[] {
  const known = groups.flatMap(({ properties }) => properties.map(([id]) => id));
  const asserted = new Set([...fuzzed, ...proven].flatMap(({ ids }) => ids));
  return [
    ...known
      .filter((id) => !asserted.has(id))
      .map((id) => `${id}: is a property, and no assertion under test/invariants begins its message with "${id}: "`),
    ...[...fuzzed, ...proven].flatMap(({ file, name, ids }) =>
      ids
        .filter((id) => !known.includes(id))
        .map((id) => `${file}, ${name}: asserts ${id}: add it to scripts/docs/audit/invariants`),
    ),
    ...known.filter((id, index) => known.indexOf(id) !== index).map((id) => `${id}: is the id of two properties`),
  ];
}

/** Places that are about a property, by file, linked from `audit/`. */
function placesOf(id: string, places: readonly Place[]): string {
  const names = new Map<string, string[]>();
  for (const { file, name, ids } of places) {
    if (ids.includes(id)) names.set(file, [...(names.get(file) ?? []), `\`${name}\``]);
  }
  const cells = [...names].map(([file, of]) => `[${path.basename(file, ".sol")}](../${file}): ${of.join(", ")}`);
  return cells.length === 0 ? NOWHERE : cells.join("; ");
}

function proofTable(proven: readonly Place[]): string[] {
  if (proven.length === 0) return [];
  const rows = proven.map(({ file, name, says }) => [`[${path.basename(file)}](../${file})`, `\`${name}\``, says]);
  const text = "[proofs.md](proofs.md) has the last results, and the bounds.";
  return ["## Proven for all inputs", "", text, "", ...table(["file", "proof", "that"], rows), ""];
}

/** The text of `audit/invariants.md`. Fails if a property is asserted nowhere, or an assertion is of no property. */
export async function invariantsDocument(): Promise<string> {
  const [fuzzed, proven] = await Promise.all([fuzzedPlaces(), provenPlaces()]);
  const problems = propertyProblems(GROUPS, fuzzed, proven);
  if (problems.length > 0) throw new Error(`The invariants cannot be told:\n  ${problems.join("\n  ")}`);
  return [
    "# Invariants",
    "",
    "What must hold, to the wei. Made by `npm run docs` from the words and formulas in `scripts/docs/audit/invariants/` and",
    "from the sources under `test/`: the id of a property begins the message of every assertion of it, and neither is without",
    "the other, unless a proof names it. [test/invariants/README.md](../test/invariants/README.md) says how the fuzz plays. `L1` to `L1b`, `R1` to `R5`",
    "and `S1` are also compared after every transaction of every TypeScript test on the fixture",
    "([test/support/ledgers.ts](../test/support/ledgers.ts)).",
    "",
    "`A` is `totalAssets`, `S` the supply of shares, `′` marks what is after a call, without it what is before it; amounts are in",
    "wei, times in seconds.",
    "",
    ...GROUPS.flatMap(({ title, properties }) => [
      `## ${title}`,
      "",
      ...table(
        ["id", "must hold", "as a formula", "fuzzed in", "proven in"],
        properties.map(([id, words, formula]) => [id, words, formula, placesOf(id, fuzzed), placesOf(id, proven)]),
      ),
      "",
    ]),
    ...proofTable(proven),
  ].join("\n");
}
