import { draw, legend } from "../lib/page/chart";
import { escaped, pageOf, tiles } from "../lib/page/html";

import { decimalOf, sum } from "./concentration";
import type { Proposal, Weighed } from "./rule";
import { WHOLE } from "./set";
import type { ValidatorSet } from "./set";
import { MEASURES, SUBJECTS, guardText, nameOf, percentOf, performanceOf, polOf, reasonOf, valueOf } from "./words";

/** Colours of the style: as it is, as it is proposed. */
const [NOW, NEXT, NEUTRAL] = [10, 1, 0];

/** The page: one file, no script, nothing fetched. `notes` say where its figures come from. */
export function page(proposal: Proposal, set: ValidatorSet, notes: readonly string[]): string {
  const fit = proposal.positions.filter(({ bars }) => bars.length === 0).length;
  const guard = guardText(proposal);
  return pageOf(
    "ankrMATIC: weights of the validators",
    `<header>
<h1>Weights of the validators</h1>
<p>Proposed weights of the pool's ${set.positions.length} positions, of which ${fit} are fit for new stake, and what they do to the
concentration of stake. The pool has ${polOf(proposal.poolStake)} POL delegated; no validator may have more than ${percentOf(set.maxShareBps)}
of it. ${notes.map(escaped).join(" ")}</p>${guard === undefined ? "" : `\n<p class="bad">${escaped(guard)}</p>`}
</header>
${headline(proposal)}
${positionsCard(proposal, set)}
${figuresCard(proposal)}
${stakesCard(proposal)}
<footer>Made by <code>npx hardhat weights</code>; the rule is in <code>docs/weights.md</code>.</footer>`,
  );
}

function headline(proposal: Proposal): string {
  return tiles(
    MEASURES.map((measure) => {
      const [before, after] = [proposal.before, proposal.after].map(({ network }) => valueOf(measure, network));
      return [before === after ? `${after}` : `${before} → ${after}`, `${measure.title}, of the network`] as const;
    }),
  );
}

function positionsCard(proposal: Proposal, set: ValidatorSet): string {
  const widest = proposal.positions.reduce((most, { weight, position: { weightBps } }) => {
    const larger = weight > weightBps ? weight : weightBps;
    return larger > most ? larger : most;
  }, 1n);
  const rows = proposal.positions.map((one) => positionRow(one, proposal, set, widest));
  return (
    `<section class="card full"><h2>Weights and why</h2><p class="lead">Stake in POL: at the validator without the pool's, and the ` +
    `pool's. Bars: now above, proposed below.</p>${legendOfWeights()}<div class="scroll"><table class="tight narrow"><thead><tr><th>position</th>` +
    `<th class="text">validator</th><th>others' stake</th><th>pool's</th><th>commission</th><th>performance</th><th>cap</th>` +
    `<th>now</th><th>proposed</th><th class="text"></th><th class="text">why</th></tr></thead><tbody>${rows.join("\n")}` +
    `</tbody></table></div></section>`
  );
}

function legendOfWeights(): string {
  return legend([
    { name: "now", color: NOW, values: [] },
    { name: "proposed", color: NEXT, values: [] },
  ]);
}

function positionRow(one: Weighed, proposal: Proposal, set: ValidatorSet, widest: bigint): string {
  const { position, others, weight, bars } = one;
  const bar = (bps: bigint, color: number): string =>
    `<span class="bar"><i style="--c:var(--c${color});width:${decimalOf({ numerator: bps * 100n, denominator: widest }, 1)}%"></i></span>`;
  const id = one.name === undefined ? "" : ` <small>${position.validator}</small>`;
  return (
    `<tr><td>${position.position}</td><td class="text">${escaped(nameOf(one))}${id}</td><td>${polOf(others)}</td>` +
    `<td>${polOf(position.principalWei)}</td><td>${position.commissionPercent} %</td><td>${performanceOf(one)}</td>` +
    `<td>${percentOf(position.capBps)}</td><td>${percentOf(position.weightBps)}</td><td><b>${percentOf(weight)}</b></td>` +
    `<td class="text">${bar(position.weightBps, NOW)}${bar(weight, NEXT)}</td>` +
    `<td class="text prose${bars.length > 0 ? " bad" : ""}">${escaped(reasonOf(one, set, proposal)).replaceAll(" %", "&nbsp;%")}</td></tr>`
  );
}

function figuresCard(proposal: Proposal): string {
  const rows = SUBJECTS.flatMap(({ title, of }) =>
    MEASURES.map((measure) => {
      const values = [proposal.before, proposal.after, proposal.equal].map(
        (figures) => `<td>${valueOf(measure, of(figures))}</td>`,
      );
      return (
        `<tr><td class="text">${title}</td><td class="text">${measure.title}</td>${values.join("")}` +
        `<td class="text">${escaped(measure.help)}</td></tr>`
      );
    }),
  );
  return (
    `<section class="card full"><h2>Concentration</h2><p class="lead">The network: the stake of every validator of the active set. The pool: its own ` +
    `stake over its positions. After: the pool's stake moved to the proposed weights; beside it, to equal weights of all that are fit, within their ` +
    `caps.</p><div class="scroll"><table><thead><tr><th class="text">stake of the</th><th class="text">figure</th><th>before</th><th>after</th>` +
    `<th>equal weights</th><th class="text"></th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>`
  );
}

/** Where the curve crosses a line is the Nakamoto coefficient. */
function stakesCard({ stakes }: Proposal): string {
  const [before, after] = [cumulated(stakes.before), cumulated(stakes.after)];
  // A line needs two points.
  if (before.length < 2) return "";
  const series = [
    { name: "before", color: NOW, values: before },
    { name: "after", color: NEXT, values: after },
    { name: "a third, a half", color: NEUTRAL, values: before.map(() => 100 / 3), dashed: true },
  ];
  const half = { name: "a half", color: NEUTRAL, values: before.map(() => 50), dashed: true };
  const chart = draw({
    label: "Part of the network's stake that the largest validators have together, by their number",
    counted: "validator",
    wide: true,
    from: 0,
    series: [...series, half],
    format: (value) => `${value.toFixed(0)} %`,
    hint: (index) =>
      [
        `The ${index + 1} largest`,
        `${(before[index] ?? 0).toFixed(2)} % before`,
        `${(after[index] ?? 0).toFixed(2)} % after`,
      ].join("\n"),
  });
  return (
    `<section class="card full"><h2>How many have a third, how many a half</h2><p class="lead">Part of the network's stake that its largest ` +
    `validators have together. The Nakamoto coefficient is where the curve reaches a dashed line: the further to the right, the better.</p>` +
    `<div class="wide">${chart}</div>${legend(series)}</section>`
  );
}

/** Percent that the first, the first two, … have: to draw with. */
function cumulated(stakes: readonly bigint[]): number[] {
  const total = sum(stakes);
  let part = 0n;
  return stakes.map((stake) => {
    part += stake;
    return Number((part * 100n * WHOLE) / total) / Number(WHOLE);
  });
}
