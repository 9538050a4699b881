import { format } from "prettier";

import { FOLDER } from "./patch";
import type { Control, Verdict } from "./run";

/** Where the table is kept. */
export const PAGE = "audit/seeded.md";

/** The page about a run: every bug, and what caught it. */
export async function page(
  { controls, verdicts }: { readonly controls: readonly Control[]; readonly verdicts: readonly Verdict[] },
  contracts: string,
): Promise<string> {
  const rows = verdicts.map(({ seeded, caught }) => {
    const { number, file, bug, source } = seeded;
    const link = `[${number}](../${file})`;
    return `| ${[link, bug, `\`${source.replace("contracts/", "")}\``, caught?.contract, caught?.law].join(" | ")} |`;
  });
  const text = `# Seeded bugs

A run of \`npm run seeded -- --write\`, which writes this page: each bug is one line that is changed in the contracts, kept in
\`${FOLDER}/\`. It is put into a copy of the tree, the campaigns that it names are played with the seed of \`npm test\`, and one
of them must fail by the law of an id of [invariants.md](invariants.md). Before that the same campaigns pass without it.

Contracts (\`git rev-parse HEAD:contracts\`): \`${contracts}\`. Bugs: ${verdicts.length}, all caught. Campaigns without a
bug: ${controls.map(({ contract }) => `\`${contract}\``).join(", ")}, all passed.

| bug | what is wrong | in | caught by | law |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
  return format(text, { parser: "markdown", printWidth: 120, proseWrap: "preserve" });
}
