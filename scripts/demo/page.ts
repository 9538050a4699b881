import { decimal } from "../lib/amounts";

import { VALIDATORS } from "./cast";
import { draw, escaped, legend } from "./chart";
import type { Chart, Series } from "./chart";
import { drawn } from "./numbers";
import type { Day, Outcome, Story } from "./story";
import { STYLE } from "./style";
import { deviationOf } from "./verdict";
import type { Finding } from "./verdict";

/** The page: one file, no script, nothing fetched. */
export function page(story: Story, findings: readonly Finding[]): string {
  const failed = findings.filter(({ against }) => against.length > 0).length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>ankrMATIC: thirty days of liquid staking</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>ankrMATIC: thirty days of liquid staking</h1>
<p>${story.outcomes.length} stakers come with MATIC and POL, ${story.old.outcomes.length} have aMATICb of old, ${VALIDATORS.length} validators of every kind of health hold their stake, and
${story.checkpoints.toLocaleString("en-US")} checkpoints bring rewards, on a local model of Polygon's staking contracts. All upkeep, from harvest to
evacuation, is called by an account without any role. The real roles and delays are in force.</p>
</header>
${tiles(story, findings.length - failed, findings.length)}
<section class="card full"><h2>What was promised</h2>${checks(findings)}</section>
<div class="grid-2">
${valueCard(story.days)}
${ratioCard(story.days)}
${assetsCard(story.days)}
${aprCard(story.days)}
</div>
${distributionCard(story.days)}
${lastDayCard(story.days)}
${eventsCard(story)}
${daysCard(story.days)}
${stakersCard(story.outcomes)}
${oldHoldersCard(story)}
<footer>Made by <code>npm run demo</code>. Point at a chart to read a day's numbers.</footer>
</main>
</body>
</html>
`;
}

function tiles({ days, outcomes, rewards, comparisons }: Story, held: number, all: number): string {
  const last = days.at(-1);
  if (last === undefined) return "";
  const left = outcomes.filter(({ exit }) => exit !== undefined).length;
  const shown: readonly (readonly [value: string, label: string])[] = [
    [decimal(last.value, 6), "MATIC for 1 ankrMATIC, from 1"],
    [decimal(last.totalAssets, 0), "POL in the pool"],
    [decimal(rewards, 0), "POL of rewards, fee included"],
    [`${last.aprSeen.toFixed(2)} %`, "APR of the last day, after all fees"],
    [`${left} of ${outcomes.length}`, "stakers left, all of them paid"],
    [`${held} of ${all}`, `promises hold; ${comparisons} ledger comparisons`],
  ];
  const items = shown.map(
    ([value, label]) => `<div class="card tile"><b>${value}</b><span>${escaped(label)}</span></div>`,
  );
  return `<div class="tiles">${items.join("\n")}</div>`;
}

function checks(findings: readonly Finding[]): string {
  const items = findings.map(({ claim, seen, against }) =>
    against.length === 0
      ? `<li><span class="good">✓</span><span>${escaped(claim)}<small>${escaped(seen)}</small></span></li>`
      : `<li><span class="bad">✗</span><span>${escaped(claim)}<small class="bad">${against.map(escaped).join("<br>")}</small></span></li>`,
  );
  return `<ul class="checks">${items.join("\n")}</ul>`;
}

function card(title: string, lead: string, chart: Chart): string {
  const names = chart.series.length > 1 ? legend(chart.series) : "";
  const kind = chart.wide ? `<section class="card full">` : `<section class="card">`;
  const drawing = `<div${chart.wide ? ' class="wide"' : ""}>${draw(chart)}</div>`;
  return `${kind}<h2>${escaped(title)}</h2><p class="lead">${escaped(lead)}</p>${drawing}${names}</section>`;
}

function valueCard(days: readonly Day[]): string {
  return card(
    "Value of 1 ankrMATIC",
    "In MATIC, at midnight. It never falls: rewards vest over the day after their harvest.",
    {
      label: "Value of one ankrMATIC in MATIC by day",
      series: [
        { name: "on chain", color: 1, values: days.map(({ value }) => drawn(value)) },
        {
          name: "closed formula",
          color: 0,
          values: days.map(({ valueByFormula }) => drawn(valueByFormula)),
          dashed: true,
        },
      ],
      format: (value) => value.toFixed(4),
      hint: (index) =>
        hint(days[index], ({ value, valueByFormula }) => [
          `${decimal(value, 12)} MATIC`,
          `${decimal(valueByFormula, 12)} by the formula`,
        ]),
    },
  );
}

function ratioCard(days: readonly Day[]): string {
  return card("Ratio", "Shares for 1 MATIC, as integrations read it: starts at 1 and falls as rewards accrue.", {
    label: "Ratio, shares for one MATIC, by day",
    series: [{ name: "ratio", color: 3, values: days.map(({ ratio }) => drawn(ratio)) }],
    format: (value) => value.toFixed(4),
    hint: (index) => hint(days[index], ({ ratio }) => [decimal(ratio, 18)]),
  });
}

function assetsCard(days: readonly Day[]): string {
  const delegated = (day: Day): bigint => day.stakes.reduce((sum, stake) => sum + stake, 0n);
  return card("Assets", "In POL. What is unbonding is owed to those who left; the buffer serves them first.", {
    label: "Delegated stake, buffer and unbonding stake by day",
    stacked: true,
    from: 0,
    series: [
      { name: "delegated", color: 1, values: days.map((day) => drawn(delegated(day))) },
      { name: "unbonding", color: 2, values: days.map(({ unbonding }) => drawn(unbonding)) },
      { name: "buffer", color: 3, values: days.map(({ buffer }) => drawn(buffer)) },
    ],
    format: short,
    hint: (index) =>
      hint(days[index], (day) => [
        `${decimal(delegated(day), 0)} POL delegated`,
        `${decimal(day.unbonding, 0)} POL unbonding`,
        `${decimal(day.buffer, 0)} POL in the buffer`,
        `${decimal(day.totalAssets, 0)} POL belong to the holders`,
      ]),
  });
}

function aprCard(days: readonly Day[]): string {
  // On the first day nothing has vested.
  const judged = days.slice(1);
  const padded = (values: readonly number[]): number[] => [NaN, ...values];
  const chart: Chart = {
    label: "APR seen and by formula, by day",
    series: [
      { name: "seen", color: 1, values: padded(judged.map(({ aprSeen }) => aprSeen)) },
      { name: "by formula", color: 0, values: padded(judged.map(({ aprExpected }) => aprExpected)), dashed: true },
    ],
    format: (value) => `${value.toFixed(1)} %`,
    hint: (index) =>
      hint(days[index], ({ aprSeen, aprExpected }) => [
        `${aprSeen.toFixed(3)} % seen`,
        `${aprExpected.toFixed(3)} % by the formula`,
      ]),
  };
  return card(
    "APR",
    "After commissions and fee; the formula takes checkpoint reward, network stake and delegation. Peaks: rewards of the day before vest for fewer shares after an exit.",
    chart,
  );
}

function validatorSeries(days: readonly Day[]): Series[] {
  return VALIDATORS.map(({ name }, index) => ({
    name,
    color: index + 1,
    values: days.map(({ stakes }) => drawn(stakes[index] ?? 0n)),
  }));
}

function distributionCard(days: readonly Day[]): string {
  return card(
    "Stake by validator",
    "In POL. Whoever takes no new stake is passed over; whoever left, or asks too much, is evacuated at once, without unbonding.",
    {
      label: "Stake of the pool by validator and day",
      wide: true,
      stacked: true,
      from: 0,
      series: validatorSeries(days),
      marks: [
        { day: 4, label: "Ilex closes" },
        { day: 10, label: "Fir leaves" },
        { day: 15, label: "Ginkgo locked, Ilex opens" },
        { day: 19, label: "Hazel asks 25 %" },
      ],
      format: short,
      hint: (index) =>
        hint(days[index], ({ stakes }) =>
          VALIDATORS.map(({ name }, validator) => `${name}: ${decimal(stakes[validator] ?? 0n, 0)} POL`),
        ),
    },
  );
}

function lastDayCard(days: readonly Day[]): string {
  const stakes = days.at(-1)?.stakes ?? [];
  const total = stakes.reduce((sum, stake) => sum + stake, 0n);
  const rows = VALIDATORS.map(({ name, stake: own, commission, health }, index) => {
    const stake = stakes[index] ?? 0n;
    const part = total === 0n ? 0 : Number((stake * 10_000n) / total) / 100;
    // A quarter of the pool, the most that any validator may have, fills the bar.
    const bar = `<span class="bar"><i style="--c:var(--c${index + 1});width:${(part * 4).toFixed(1)}%"></i></span>`;
    return (
      `<tr><td class="text"><i class="swatch" style="--c:var(--c${index + 1})"></i>${name}</td><td class="text">${escaped(health)}</td>` +
      `<td>${own.toLocaleString("en-US")}</td><td>${commission} %</td><td>${decimal(stake, 0)}</td><td>${part.toFixed(1)} %</td>` +
      `<td class="text">${bar}</td></tr>`
    );
  });
  return (
    `<section class="card full"><h2>Validators</h2><p class="lead">Own stake, with that of other delegators, and commission at the start; ` +
    `stake of the pool at the end and its part of all that is delegated, of at most 25 %. In POL.</p><div class="scroll"><table><thead><tr>` +
    `<th class="text">validator</th><th class="text">health</th><th>others' stake</th><th>commission</th><th>stake of the pool</th><th>part</th>` +
    `<th class="text">of 25 %</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>`
  );
}

function eventsCard({ days, events }: Story): string {
  const items = days.flatMap(({ day }) => {
    const texts = events.filter((event) => event.day === day).map(({ text }) => escaped(text));
    return texts.length === 0 ? [] : [`<li><b>day ${day}</b><span>${texts.join("<br>")}</span></li>`];
  });
  return `<section class="card full"><h2>What happened</h2><ul class="days">${items.join("\n")}</ul></section>`;
}

function daysCard(days: readonly Day[]): string {
  const rows = days.map(
    (day) =>
      `<tr><td>${day.day}</td><td>${decimal(day.ratio, 9)}</td><td>${decimal(day.value, 9)}</td><td>${decimal(day.totalAssets, 0)}</td>` +
      `<td>${decimal(day.buffer, 0)}</td><td>${decimal(day.unbonding, 0)}</td>` +
      day.stakes.map((stake) => `<td>${decimal(stake, 0)}</td>`).join("") +
      `<td>${day.aprSeen.toFixed(2)} %</td><td>${day.aprExpected.toFixed(2)} %</td></tr>`,
  );
  const names = VALIDATORS.map(({ name }) => `<th>${name}</th>`).join("");
  return (
    `<section class="card full"><h2>Every day</h2><p class="lead">At midnight, in POL.</p><div class="scroll"><table class="tight"><thead><tr><th>day</th>` +
    `<th>ratio</th><th>1 ankrMATIC</th><th>assets</th><th>buffer</th><th>unbonding</th>${names}<th>APR</th><th>formula</th></tr></thead>` +
    `<tbody>${rows.join("\n")}</tbody></table></div></section>`
  );
}

function stakersCard(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => {
    const { name, paid, gain, allowance, exit } = outcome;
    const left =
      exit === undefined
        ? "stays"
        : `${exit.percent} % on day ${exit.day}, batch ${exit.batch}, ${PAYOUTS[exit.payout]}`;
    return (
      `<tr><td class="text">${name}</td><td>${decimal(paid, 2)}</td><td class="text">${escaped(left)}</td><td>${decimal(gain, 9)}</td>` +
      `<td>${deviationOf(outcome).toFixed(2)}</td><td>${allowance}</td></tr>`
    );
  });
  return (
    `<section class="card full"><h2>Every staker</h2><p class="lead">What it brought and gained, in POL; how many wei that is from the closed ` +
    `formula, and how many its operations allow.</p><div class="scroll"><table><thead><tr><th class="text">staker</th><th>brought</th>` +
    `<th class="text">left</th><th>gained</th><th>wei apart</th><th>allowed</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>`
  );
}

function oldHoldersCard({ old: { outcomes, cap, used } }: Story): string {
  const rows = outcomes.map(
    ({ name, brought, told, bonds, certificates, pol, fee, gain }) =>
      `<tr><td class="text">${name}</td><td>${decimal(brought, 2)}</td><td class="text">${escaped(told)}</td><td>${decimal(bonds, 2)}</td>` +
      `<td>${decimal(certificates, 2)}</td><td>${decimal(pol, 2)}</td><td>${decimal(fee, 2)}</td><td>${decimal(gain, 9)}</td></tr>`,
  );
  return (
    `<section class="card full"><h2>Holders of aMATICb</h2><p class="lead">The old, rebasing token of the same stake. It earns what ankrMATIC earns; ` +
    `${decimal(used, 0)} of ${decimal(cap, 0)} shares were switched to ankrMATIC, for 0.3 %. What each has at the end, in MATIC; the fee in shares.</p>` +
    `<div class="scroll"><table><thead><tr><th class="text">holder</th><th>brought</th><th class="text">does</th><th>aMATICb</th><th>ankrMATIC, worth</th>` +
    `<th>POL</th><th>fee</th><th>gained</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div></section>`
  );
}

const PAYOUTS = {
  claim: "claimed in POL",
  claimInMatic: "claimed in MATIC",
  redeem: "redeemed in POL",
  autoClaim: "paid by AutoClaim",
} as const;

function hint(day: Day | undefined, lines: (day: Day) => readonly string[]): string {
  return day === undefined ? "" : [`Day ${day.day}`, ...lines(day)].join("\n");
}

function short(value: number): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : `${(value / 1e3).toFixed(0)} k`;
}
