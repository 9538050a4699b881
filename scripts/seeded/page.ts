import { readFile } from "node:fs/promises";
import path from "node:path";

import { format } from "prettier";

import { ROOT } from "../lib/files";

import { FOLDER } from "./patch";
import type { Seeded } from "./patch";
import type { Verdict } from "./run";

/** Where the table is kept. */
export const PAGE = "audit/seeded.md";

/** What caught a bug, by the bug's number. */
export type Catches = ReadonlyMap<string, { readonly contract: string; readonly law: string }>;

/** What the page that is kept says of these contracts; nothing if it is of others. */
export async function keptCatches(contracts: string): Promise<Catches> {
  const text = await readFile(path.join(ROOT, PAGE), "utf8").catch(() => "");
  return readCatches(text, contracts);
}

/** What a page says of these contracts. */
export function readCatches(text: string, contracts: string): Catches {
  if (!text.includes(`\`${contracts}\``)) return new Map();
  const rows = text.matchAll(/^\| \[(\d\d)\].*\| `(\w+)` *\| (\w+) *\|$/gm);
  return new Map([...rows].map(([, number = "", contract = "", law = ""]) => [number, { contract, law }]));
}

/** What was kept, with what was caught since. */
export function withVerdicts(kept: Catches, verdicts: readonly Verdict[]): Catches {
  const added = verdicts.flatMap(({ seeded, caught }) => (caught ? [[seeded.number, caught] as const] : []));
  return new Map([...kept, ...added]);
}

/** The page: every bug, and what caught it. */
export async function page(bugs: readonly Seeded[], catches: Catches, contracts: string): Promise<string> {
  const rows = bugs.map(({ number, file, bug, source }) => {
    const { contract, law } = catches.get(number) ?? {};
    const cells = [`[${number}](../${file})`, bug, `\`${source.replace("contracts/", "")}\``];
    return `| ${[...cells, contract === undefined ? "not run" : `\`${contract}\``, law ?? "–"].join(" | ")} |`;
  });
  const caught = bugs.filter(({ number }) => catches.has(number)).length;
  const text = `# Seeded bugs

Written by \`npm run seeded -- --write\`. Each bug is one line that is changed in the contracts, kept in \`${FOLDER}/\`. It is put
into a copy of the tree, the campaigns that it names are played with the seed of \`npm test\`, and one of them must fail with a
message that begins with the id of a law of [invariants.md](invariants.md). Before that the same campaigns pass without it.

Contracts (\`git rev-parse HEAD:contracts\`): \`${contracts}\`. Caught: ${caught} of ${bugs.length}.

| bug | what is wrong | in | caught by | law |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
  return format(text, { parser: "markdown", printWidth: 120 });
}
