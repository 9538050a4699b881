import { table } from "../docs/audit/markdown";

import type { Finding } from "./findings";
import type { Triage } from "./triage";

/** What a result speaks of. */
export interface Subject {
  /** Slither's version. */
  readonly version: string;
  /** Git's name of `contracts/`. */
  readonly contracts: string;
}

const countBy = (findings: readonly Finding[], detector: string): number =>
  findings.filter((finding) => finding.detector === detector).length;

/** The text of `audit/slither.md`. */
export function slitherDocument({ version, contracts }: Subject, triage: Triage, findings: readonly Finding[]): string {
  const detectors = [...new Map(findings.map(({ detector, impact }) => [detector, impact]))].sort();
  return [
    "# Slither",
    "",
    `Made by \`npm run slither -- --write\`, with Slither ${version}, of the contracts that`,
    `\`git rev-parse HEAD:contracts\` names ${contracts}.`,
    "`contracts/local/`, the tests and the dependencies are left out.",
    "",
    `${findings.length} findings, each explained below; \`npm run slither\` fails on one that is not, and on an`,
    "explanation of nothing. The reasons are kept in [slither-triage.json](slither-triage.json).",
    "",
    ...table(
      ["detector", "impact", "findings"],
      detectors.map(([detector, impact]) => [detector, impact, `${countBy(findings, detector)}`]),
    ),
    "",
    "## Detectors that are not run",
    "",
    ...table(["detector", "why"], Object.entries(triage.excluded)),
    "",
    "## Explained",
    "",
    ...table(
      ["detector", "at", "why it is as it should be"],
      triage.explained.map(({ detector, places, reason }) => [
        detector,
        Object.entries(places)
          .map(([place, count]) => (count === 1 ? `\`${place}\`` : `\`${place}\` (${count})`))
          .join(", "),
        reason,
      ]),
    ),
    "",
  ].join("\n");
}
