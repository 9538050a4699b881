import { z } from "zod";

/** What Slither found at a place. */
export interface Finding {
  /** Slither's own name of it. */
  readonly id: string;
  readonly detector: string;
  readonly impact: string;
  /** Contract, function and variable, as far as it has them: `PolygonPool.deposit`. */
  readonly place: string;
  /** In Slither's words, with the lines. */
  readonly description: string;
}

/** A contract, or something in another element. */
interface Element {
  readonly name: string;
  readonly type: string;
  readonly type_specific_fields?: { readonly parent?: Element | undefined } | undefined;
}

const element: z.ZodType<Element> = z.lazy(() =>
  z.object({
    name: z.string(),
    type: z.string(),
    type_specific_fields: z.object({ parent: element.optional() }).optional(),
  }),
);

const report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({
    detectors: z
      .array(
        z.object({
          id: z.string(),
          check: z.string(),
          impact: z.string(),
          description: z.string(),
          elements: z.array(element),
        }),
      )
      .optional(),
  }),
});

/** Names from the contract down; what stands outside of any, like a pragma, has one of its own. */
function placeOf(first: Element | undefined): string {
  const names: string[] = [];
  for (let at = first; at !== undefined && at.type !== "enum"; at = at.type_specific_fields?.parent)
    names.push(at.name);
  return names.reverse().join(".");
}

/** The findings in Slither's JSON, each once. Fails if Slither did. */
export function findingsIn(json: unknown): Finding[] {
  const { success, error, results } = report.parse(json);
  if (!success) throw new Error(`Slither failed: ${error ?? "it does not say why"}`);
  const findings = (results.detectors ?? []).map(({ id, check, impact, description, elements }) => ({
    id,
    detector: check,
    impact,
    place: placeOf(elements[0]),
    description: description.trim(),
  }));
  return [...new Map(findings.map((finding) => [finding.id, finding])).values()];
}
