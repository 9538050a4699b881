import { decimal } from "../lib/amounts";

import { decimalOf } from "./concentration";
import type { Concentration } from "./concentration";
import { MISS_FACTOR, TENTHS } from "./rule";
import type { Bar, Figures, Proposal, Weighed } from "./rule";
import { OBSTACLES, WHOLE } from "./set";
import type { ValidatorSet } from "./set";

/** What a validator is called. */
export function nameOf({ name, position }: Weighed): string {
  return name ?? `validator ${position.validator}`;
}

/** Bps as a percentage. */
export function percentOf(bps: bigint): string {
  return `${decimalOf({ numerator: bps, denominator: 100n }, 2)} %`;
}

/** How much of what signing everything brings a position earned. */
export function performanceOf({ position: { performanceBps, commissionChanged } }: Weighed): string {
  if (performanceBps === null) return "unknown";
  return `${commissionChanged ? "~" : ""}${percentOf(performanceBps)}`;
}

/** Why a position gets the weight that it gets. */
export function reasonOf(one: Weighed, set: ValidatorSet, { mean, tenths }: Proposal): string {
  if (one.bars.length > 0) return one.bars.map((bar) => barText(bar, one, set)).join("; ");
  const { position, size, signing, weight, equal, others } = one;
  const parts = [
    `${100n - position.commissionPercent} % after commission`,
    position.performanceBps === null
      ? "performance unknown, counted as full"
      : signing === WHOLE
        ? "missed nothing"
        : `${percentOf(signing)} for a performance of ${performanceOf(one)}`,
    size === WHOLE
      ? "no larger than the mean"
      : `${percentOf(size)} for ${decimalOf({ numerator: others, denominator: mean }, 2)} times the mean stake`,
  ];
  if (tenths < TENTHS) parts.push(`drawn towards equal weights, ${percentOf(equal)}`);
  if (weight === position.capBps) parts.push("held at its cap");
  else if (weight === 0n) parts.push("less than half a basis point is left");
  return parts.join("; ");
}

function barText(bar: Bar, { position }: Weighed, set: ValidatorSet): string {
  const { commissionPercent, obstacles } = position;
  switch (bar) {
    case "obstacle":
      return obstacles.map((obstacle) => OBSTACLES[obstacle]).join("; ");
    case "commission":
      return commissionPercent > set.maxCommissionPercent
        ? `its commission of ${commissionPercent} % is above the maximum of ${set.maxCommissionPercent} %`
        : "its commission of 100 % leaves nothing";
    case "performance":
      return (
        `it earned ${percentOf(position.performanceBps ?? 0n)} of what signing everything brings, ` +
        `not more than ${percentOf(WHOLE - WHOLE / MISS_FACTOR)}`
      );
    case "cap":
      return "its cap is 0: give it one in validators.json, and read that with --file";
  }
}

/** A figure of concentration: what it is, and its value, if there is any stake. */
export interface Measure {
  readonly title: string;
  readonly help: string;
  readonly show: (concentration: Concentration) => string;
}

/** The figures that are shown. */
export const MEASURES: readonly Measure[] = [
  {
    title: "Nakamoto coefficient, 1/3",
    help: "fewest validators with a third of the stake or more, which can stop checkpoints; more is better",
    show: ({ halting }) => halting.toString(),
  },
  {
    title: "Nakamoto coefficient, 1/2",
    help: "fewest validators with more than half of the stake; more is better",
    show: ({ majority }) => majority.toString(),
  },
  {
    title: "HHI",
    help: "Herfindahl-Hirschman index, 10,000 for one validator with all; less is better",
    show: ({ hhi }) => decimalOf(hhi, 2, WHOLE),
  },
  {
    title: "Gini",
    help: "0 if all have the same, below 1; less is better",
    show: ({ gini }) => decimalOf(gini, 4),
  },
];

/** Value of a measure, or what stands for none. */
export function valueOf({ show }: Measure, concentration: Concentration | undefined): string {
  return concentration === undefined ? "no stake" : show(concentration);
}

/** Network and pool, in the order in which they are shown. */
export const SUBJECTS: readonly {
  readonly title: string;
  readonly of: (figures: Figures) => Concentration | undefined;
}[] = [
  { title: "network", of: ({ network }) => network },
  { title: "pool", of: ({ pool }) => pool },
];

/** What the guard did, if it did anything. */
export function guardText({ tenths }: Proposal): string | undefined {
  if (tenths === TENTHS) return undefined;
  const way = tenths === 0n ? "equal weights" : `${tenths} tenths of the way from equal weights to them`;
  return (
    "Weights by score alone would leave the network with a lower Nakamoto coefficient than equal weights: " +
    `${way} are proposed.`
  );
}

/** Where the figures come from. */
export function originOf({ readAt, positions }: ValidatorSet, file: string | undefined): string {
  const from = file === undefined ? "Read from the chain" : `Read from ${file}`;
  if (readAt === undefined) return `${from}, which does not say of which block it is.`;
  const at = `${from}${file === undefined ? "" : ", which is"} of block ${readAt.block} of chain ${readAt.chainId}`;
  if (readAt.sinceBlock === null) return `${at}; performance was not measured, and counts as full where it is unknown.`;
  const unknown = positions.filter(({ performanceBps }) => performanceBps === null).length;
  return (
    `${at}; performance since block ${readAt.sinceBlock}: what a delegated POL earned before commission, ` +
    `of what signing every checkpoint brings${unknown === 0 ? "" : `; unknown for ${unknown}, which counts as full`}.`
  );
}

/** POL in millions, or in whole POL if there are few. */
export function polOf(wei: bigint): string {
  const million = 10n ** 24n;
  return wei < million ? decimal(wei, 0) : `${decimal(wei / 1_000_000n, 2)} M`;
}
