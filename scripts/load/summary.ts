import { formatEther } from "ethers";

import { PARTS } from "./load";
import type { Load } from "./load";
import { SAMPLE, risen } from "./rows";
import type { Row } from "./rows";

/** What is wrong with a load, in sentences. */
export function faults({ rows, differences, promised, paid }: Load): string[] {
  return [
    ...risen(rows).map(
      ({ operation, first, last, most }) =>
        `${operation}: ${first} gas in the first calls, ${last} in the last, ${most} at most. It must not rise.`,
    ),
    ...differences.map((text) => `The ledgers do not balance after ${text}`),
    ...(promised === paid ? [] : [`${paid} POL wei were paid for requests of ${promised}`]),
  ];
}

/** What a run took of the machine. */
export interface Effort {
  readonly minutes: number;
  readonly megabytes: number;
}

/** The page about a load. */
export function summary(load: Load, { minutes, megabytes }: Effort): string {
  const { stakers, requests, rows, differences, promised, paid } = load;
  const heading = ["operation", "calls", `first ${SAMPLE}`, `last ${SAMPLE}`, "least", "most"];
  return `# Load

A run of \`npm run load -- --stakers ${stakers} --requests ${requests} --write\`, which writes this page.

${number(stakers)} stakers and ${number(requests)} requests on one chain. Each staker is an account of its own, to which
a stake is made for the first time, and each request is another staker's. They come in ${PARTS} parts, with a checkpoint's
rewards, a harvest and delegation between them. Each part of the requests is a batch, which is sold, unbonds, and is
claimed by each of its members.

Gas: of the dearest among the first ${SAMPLE} calls of a kind, and among the last ${SAMPLE} (of the first and the second
half where there are fewer than ${2 * SAMPLE}); of the cheapest and the dearest of all. The first request of a batch, which
costs more, is not among them. Upkeep costs what it touches: a batch that is sold of one validator more is dearer. All
figures but those of the last line are the same on every machine.

${table([heading, ...rows.map(cells)])}

- The ledgers were compared with each other, and with what is there, after each part: ${outcome(differences.length)}.
- Requests of ${formatEther(promised)} POL were paid ${promised === paid ? "to the wei" : `${formatEther(paid)} POL`}.
- It took ${minutes.toFixed(1)} minutes and ${megabytes} MB of memory, which depends on the machine.
`;
}

function outcome(count: number): string {
  return count === 0 ? "no difference" : `${count} differences`;
}

function cells({ operation, calls, first, last, least, most }: Row): string[] {
  return [operation, ...[calls, first, last, least, most].map(number)];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** Names to the left, numbers to the right, as the formatter wants it. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [heading = [], ...rest] = lines;
  return [text(heading), rule, ...rest.map(text)].join("\n");
}
