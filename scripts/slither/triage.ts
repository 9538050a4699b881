import { z } from "zod";

import type { Finding } from "./findings";

const schema = z.strictObject({
  /** Detectors that are not run, and why. */
  excluded: z.record(z.string(), z.string().min(1)),
  explained: z.array(
    z.strictObject({
      detector: z.string(),
      /** Why what is found there is as it should be. */
      reason: z.string().min(1),
      /** How many findings at which place. */
      places: z.record(z.string(), z.int().positive()),
    }),
  ),
});

/** Findings that are known, with reasons. */
export type Triage = z.infer<typeof schema>;

/** Reads a triage. */
export function parseTriage(json: unknown): Triage {
  return schema.parse(json);
}

const at = ({ detector, place }: Pick<Finding, "detector" | "place">): string => `${detector} at ${place}`;

/** Ways in which the triage is not of these findings: one that is not explained, an explanation of nothing. */
export function triageProblems(triage: Triage, findings: readonly Finding[], excluded: readonly string[]): string[] {
  const explained = triage.explained.flatMap(({ detector, places }) =>
    Object.entries(places).map(([place, count]) => ({ where: at({ detector, place }), count })),
  );
  const known = new Set(explained.map(({ where }) => where));
  const reasons = Object.keys(triage.excluded);
  return [
    ...findings
      .filter((finding) => !known.has(at(finding)))
      .map((finding) => `${at(finding)} is not explained: ${finding.description}`),
    ...explained.flatMap(({ where, count }) => {
      const found = findings.filter((finding) => at(finding) === where);
      const descriptions = found.map(({ description }) => `: ${description}`).join("");
      return found.length === count ? [] : [`${where}: ${count} explained, ${found.length} found${descriptions}`];
    }),
    ...explained
      .filter(({ where }, index) => explained.findIndex((other) => other.where === where) !== index)
      .map(({ where }) => `${where} is explained twice`),
    ...excluded.filter((name) => !reasons.includes(name)).map((name) => `${name} is excluded without a reason`),
    ...reasons.filter((name) => !excluded.includes(name)).map((name) => `${name} has a reason, and is not excluded`),
  ];
}
