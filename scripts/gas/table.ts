import { columns } from "../lib/columns";

import type { Figure } from "./measure";
import { PEERS, PEER_FIGURES } from "./peers";
import type { PeerFigures } from "./peers";
import { TARGETS, targetOf } from "./targets";

const HEADINGS = ["operation", "use", "validators", "gas", "target", "", "sPOL", "MaticX", "stMATIC", "first gen."];

/** A gap in a column. */
const NONE = "";

function number(value: number | string | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : (value ?? NONE);
}

function verdict(gas: number, target: number | undefined): string {
  if (target === undefined) return NONE;
  return gas <= target ? "under" : `over by ${number(gas - target)}`;
}

function peersOf({ operation, use, validators }: Figure): PeerFigures | undefined {
  return PEER_FIGURES.find(
    (peer) => peer.operation === operation && peer.use === use && peer.validators === validators,
  );
}

function cells(figure: Figure): string[] {
  const { operation, use, validators, gas, calls, model } = figure;
  const target = targetOf(operation, use, validators);
  const peers = peersOf(figure);
  return [
    `${operation}${model === true ? " *" : NONE}${calls === undefined ? NONE : ` (${calls} calls)`}`,
    use,
    number(validators),
    number(gas),
    number(target),
    verdict(gas, target),
    number(peers?.sPOL),
    number(peers?.maticX),
    number(peers?.stMATIC),
    number(peers?.firstGeneration),
  ];
}

/** All figures, operation by operation, beside targets and the same of other systems. */
export function table(figures: readonly Figure[]): string {
  const order = [...new Set(figures.map(({ operation, use }) => `${operation} ${use}`))];
  const rows = [...figures]
    .sort((a, b) => order.indexOf(`${a.operation} ${a.use}`) - order.indexOf(`${b.operation} ${b.use}`))
    .map(cells);
  return [
    ...columns([HEADINGS, ...rows], { left: [0, 1, 5] }),
    "",
    "* calls Polygon's contracts or tokens: measured on the local model of them.",
    "first: caller and what it writes are new; later: both were there before.",
    `Others, on Polygon's own contracts: sPOL ${PEERS.sPOL}; MaticX ${PEERS.maticX}; stMATIC ${PEERS.stMATIC};`,
    `the first generation of this system: ${PEERS.firstGeneration}.`,
  ].join("\n");
}

/** The rows that are over their target, and targets that no row has. */
export function overTarget(figures: readonly Figure[]): string[] {
  const over = figures.flatMap(({ operation, use, validators, gas }) => {
    const target = targetOf(operation, use, validators);
    if (target === undefined || gas <= target) return [];
    return [`${operation}, ${use}, ${validators} validators: ${number(gas)} is over ${number(target)}`];
  });
  const measured = new Set(figures.map(({ operation }) => operation));
  const missing = TARGETS.filter(({ operation }) => !measured.has(operation));
  return [...over, ...missing.map(({ operation }) => `${operation}: has a target and was not measured`)];
}
