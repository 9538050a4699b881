import { columns } from "../lib/columns";

import type { Proposal } from "./rule";
import type { ValidatorSet } from "./set";
import { MEASURES, SUBJECTS, guardText, nameOf, performanceOf, polOf, reasonOf, valueOf } from "./words";

/** A line for each position, and why it gets its weight below. */
export function weightTable(proposal: Proposal, set: ValidatorSet): string[] {
  const head = ["position", "id", "others' stake", "pool's", "commission", "performance", "cap", "now", "proposed", ""];
  const rows = proposal.positions.map((one) => {
    const { position, others, weight } = one;
    return [
      position.position.toString(),
      position.validator.toString(),
      polOf(others),
      polOf(position.principalWei),
      `${position.commissionPercent} %`,
      performanceOf(one),
      position.capBps.toString(),
      position.weightBps.toString(),
      weight.toString(),
      one.name ?? "",
    ];
  });
  return [
    ...columns([head, ...rows], { left: [9] }),
    "stake in POL; cap and weights in bps",
    "",
    ...proposal.positions.map((one) => `  ${nameOf(one)}: ${one.weight} bps. ${reasonOf(one, set, proposal)}`),
  ];
}

/** The figures of concentration. */
export function figureTable(proposal: Proposal): string[] {
  const rows = SUBJECTS.flatMap(({ title, of }) =>
    MEASURES.map((measure) => [
      `${title}: ${measure.title}`,
      ...[proposal.before, proposal.after, proposal.equal].map((figures) => valueOf(measure, of(figures))),
    ]),
  );
  const guard = guardText(proposal);
  return [
    ...columns([["", "before", "after", "equal weights"], ...rows], { left: [0] }),
    ...MEASURES.map(({ title, help }) => `  ${title}: ${help}`),
    ...(guard === undefined ? [] : [guard]),
  ];
}
