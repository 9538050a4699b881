import { format } from "prettier";

import { left, playedBefore } from "./journal";
import type { Entry, Journal } from "./journal";
import { partCount, partsOf, replayOf } from "./parts";
import type { Campaign, Size } from "./parts";

/** Where the summary is kept. */
export const PAGE = "audit/invariants-run.md";

/** What was played of a campaign. */
export interface Tally {
  readonly contract: string;
  readonly parts: number;
  readonly played: number;
  readonly runs: number;
  readonly calls: number;
  readonly seconds: number;
  readonly failures: readonly Entry[];
}

/** What the journal has of each campaign, at this size. */
export function tallies(campaigns: readonly Campaign[], size: Size, journal: Journal): Tally[] {
  return campaigns.map((campaign) => {
    const entries = partsOf([campaign], size)
      .map((part) => playedBefore(journal, part))
      .filter((entry) => entry !== undefined);
    const sum = (pick: (entry: Entry) => number): number => entries.reduce((total, entry) => total + pick(entry), 0);
    return {
      contract: campaign.contract,
      parts: partCount(campaign, size),
      played: entries.length,
      runs: sum(({ runs }) => runs),
      calls: sum(({ calls }) => calls),
      seconds: sum(({ seconds }) => seconds),
      failures: entries.filter(({ failure }) => failure !== ""),
    };
  });
}

/** A failure, and how to see it again. */
export function failureText(entry: Entry): string {
  return `${entry.contract}, part ${entry.index}: ${entry.failure}\n  ${replayOf(entry)}`;
}

/** The page about what was played on these contracts. */
export async function page(all: readonly Tally[], size: Size, contracts: string): Promise<string> {
  const rows = all.map(({ contract, parts, played, runs, calls, seconds, failures }) =>
    [
      `\`${contract}\``,
      `${number(played)} of ${number(parts)}`,
      runs === 0 ? "–" : `${number(runs)} of ${number(size.runs)}`,
      calls === 0 ? "–" : number(calls),
      failures.length,
      (seconds / 3_600).toFixed(2),
    ].join(" | "),
  );
  const failures = all.flatMap((tally) => tally.failures);
  const whole = all.every(({ parts, played }) => parts === played);
  const text = `# The long run of the invariants

What \`npm run invariants\` has played on these contracts, ${whole ? "all of it" : "which is a part of it"}; \`--write\` writes
this page. A sequence is ${size.depth} calls, a part ${size.partRuns} sequences with a seed of its own. Contracts without
sequences are fuzzed in one part, with the runs of the profile \`long\` in \`foundry.toml\`.

Contracts (\`git rev-parse HEAD:contracts\`): \`${contracts}\`.

| campaign | parts | sequences | calls | failures | hours |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.map((row) => `| ${row} |`).join("\n")}

${failures.length === 0 ? "Nothing failed." : `Failed:\n\n${failures.map((entry) => `- ${failureText(entry)}`).join("\n")}`}
`;
  return format(text, { parser: "markdown", printWidth: 120, proseWrap: "preserve" });
}

/** Sequences that are still to be played, in words. */
export function stillLeft(campaigns: readonly Campaign[], size: Size, journal: Journal): string {
  const rest = left(journal, partsOf(campaigns, size)).length;
  return rest === 0 ? "All parts were played." : `${number(rest)} parts of the whole are left: run the same to go on.`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
