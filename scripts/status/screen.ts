import { decimal, exact } from "../lib/amounts";
import { durationOf, timeOf } from "../lib/times";

import type { BatchStatus } from "./batches";
import type { EthereumStatus, LeftStatus } from "./ethereum";
import type { GovernanceStatus } from "./governance";
import type { Half } from "./half";
import type { Head } from "./head";
import type { PolygonStatus } from "./polygon";
import type { PositionStatus } from "./positions";
import type { Status } from "./run";

/** Columns of the screen. */
export const COLUMNS = 100;

/** Decimals of an amount, which is rounded down. */
const DECIMALS = 4;

const HUNDRED = 100n;

/** All of it, line by line. */
export function screenOf({ ethereum, polygon, crossing, problems }: Status): string[] {
  const below = "status" in ethereum ? ethereum.status : undefined;
  const above = "status" in polygon ? polygon.status : undefined;
  const sections = [
    ["ankrMATIC", ...headLines(ethereum), ...headLines(polygon)],
    [
      "RATE",
      ...(below === undefined ? [] : rateLines(below)),
      ...(above === undefined ? [] : childLines(above, below)),
    ],
    ...(below === undefined ? [] : [assetLines(below), validatorLines(below), batchLines(below)]),
    leftLines(below, above, crossing?.underWay),
    [
      "ROLES",
      ...(below === undefined ? [] : roleLines(ethereum.network, below.governance)),
      ...(above === undefined ? [] : roleLines(polygon.network, above.governance)),
    ],
    [
      "SCHEDULED",
      ...(below === undefined ? [] : operationLines(ethereum.network, below.governance, below.head)),
      ...(above === undefined ? [] : operationLines(polygon.network, above.governance, above.head)),
    ],
    ["LEDGERS", ...ledgerLines(below !== undefined, crossing !== undefined, problems)],
  ];
  return sections.flatMap(([title = "", ...lines], place) => {
    const shown = lines.length > 0 ? lines : ["  none"];
    return [...(place === 0 ? [] : [""]), title, ...shown.flatMap((line) => fitted(line))];
  });
}

/** Long lines go on below, a little to the right. */
function fitted(line: string): string[] {
  if (line.length <= COLUMNS) return [line];
  const end = line.lastIndexOf(" ", COLUMNS);
  const at = end > COLUMNS / 2 ? end : COLUMNS;
  return [line.slice(0, at), ...fitted(`      ${line.slice(at).trimStart()}`)];
}

function row(label: string, ...texts: string[]): string {
  return `  ${label.padEnd(16)} ${texts.join("")}`.trimEnd();
}

function amount(wei: bigint): string {
  return decimal(wei, DECIMALS).padStart(21);
}

function percent(bps: bigint): string {
  return `${bps / HUNDRED}.${(bps % HUNDRED).toString().padStart(2, "0")} %`;
}

function distance(time: bigint, now: bigint): string {
  return time > now ? `in ${durationOf(time - now)}` : `${durationOf(now - time)} ago`;
}

function headLines(half: Half<EthereumStatus | PolygonStatus>): string[] {
  const { network } = half;
  if ("missing" in half) return [row(network, `not shown. ${half.missing}`)];
  const { head, finished } = half.status;
  const still = finished ? "" : "; unfinished: the deployer still has power";
  return [row(network, `block ${head.number.toLocaleString("en-US")}, ${timeOf(head.time)}${still}`)];
}

function rateLines({ value, ratio, apr, lossCount }: EthereumStatus): string[] {
  const growth = apr.known
    ? `${decimal(apr.percentage, 2)} % a year, over ${durationOf(apr.to - apr.from)}`
    : `-, ${apr.why}`;
  return [
    row("1 ankrMATIC", `${exact(value)} MATIC`, lossCount === 0n ? "" : `; losses so far: ${lossCount}`),
    row("ratio", exact(ratio)),
    row("APR", growth),
  ];
}

function childLines({ rate, swap, head }: PolygonStatus, below: EthereumStatus | undefined): string[] {
  const swaps = row("swaps", swap.refusal === undefined ? "take it" : `are refused: ${swap.refusal}`);
  if (rate === undefined) return [row("on Polygon", "no rate has come yet"), swaps];
  const sent = below?.bridge === undefined ? "" : `, of ${below.bridge.lastNonce} sent`;
  return [
    row("on Polygon", `${exact(rate.value)} MATIC, as it was ${distance(rate.time, head.time)}`),
    row("", `of ${timeOf(rate.time)}, message ${rate.nonce}${sent}`),
    swaps,
  ];
}

function assetLines(status: EthereumStatus): string[] {
  const { totalAssets, shares, unvested, vestedAt, principal, buffer, unconverted, head } = status;
  const vesting = vestedAt === undefined ? "" : `  until ${timeOf(vestedAt)}, ${distance(vestedAt, head.time)}`;
  return [
    "ASSETS, POL",
    row("total", amount(totalAssets), `  vested, of ${decimal(shares, DECIMALS)} ankrMATIC`),
    row("unvested", amount(unvested), vesting),
    row("delegated", amount(principal)),
    row("buffer", amount(buffer), unconverted === 0n ? "" : `  of it MATIC: ${decimal(unconverted, DECIMALS)}`),
    row("unbonding", amount(status.unbonding)),
    row("reserved", amount(status.reserved), "  in the pool, for requests"),
    row("owed", amount(status.owed), "  to requests"),
  ];
}

function validatorLines({ positions, maxCommission }: EthereumStatus): string[] {
  const cells = (texts: readonly string[], state: string): string => {
    const [id = "", share = "", ...rest] = texts;
    const widths = [20, 10, 10, 10, 12];
    const figures = rest.map((text, place) => text.padStart(widths[place] ?? 0)).join("");
    return `  ${id.padStart(5)}  ${share.padEnd(11)}${figures}  ${state}`;
  };
  return [
    `VALIDATORS, commission at most ${maxCommission} %`,
    cells(["id", "share", "stake, POL", "target", "actual", "cap", "commission"], "state"),
    ...positions.map((position) =>
      cells(
        [
          ...[position.validator.toString(), shortened(position.share), decimal(position.principal, DECIMALS)],
          ...[percent(position.weightBps), percent(position.actualBps), percent(position.capBps)],
          position.commission === undefined ? "-" : `${position.commission} %`,
        ],
        stateOf(position),
      ),
    ),
  ];
}

function stateOf({ states, openSlices }: PositionStatus): string {
  const state = states.length === 0 ? "ok" : states.join(", ");
  return openSlices === 0n ? state : `${state}; sales: ${openSlices}`;
}

function shortened(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

function batchLines(status: EthereumStatus): string[] {
  const { epoch, withdrawalDelay, interval, batches } = status;
  const pace =
    interval === undefined
      ? "no two checkpoints to tell how long that is"
      : `a checkpoint every ${durationOf(interval.seconds)}, the mean of the last ${interval.of}`;
  return [
    `BATCHES, POL; epoch ${epoch}, unbonding takes ${withdrawalDelay}; ${pace}`,
    ...batches.batches.map((batch) => batchLine(batch, status)),
    row("claimable", amount(batches.claimable), "  of batches that are done"),
  ];
}

function batchLine(batch: BatchStatus, status: EthereumStatus): string {
  const { stage, assets, unsold, dead } = batch;
  const told = [
    ...(stage === "unfunded" ? [`${decimal(unsold, DECIMALS)} to fund`] : []),
    ripeText(batch, status),
    ...(dead > 0 ? [`dead sales: ${dead}`] : []),
  ];
  return row(`${stage} ${batch.batch}`, amount(assets), `  ${told.join("; ")}`);
}

/** When the last unbond is due, by the pace of the last checkpoints. */
function ripeText({ stage, assets, readyEpoch }: BatchStatus, { epoch, interval, head }: EthereumStatus): string {
  if (stage === "late") return "paid without what may still come";
  if (assets === 0n) return "nobody is in it";
  if (readyEpoch <= epoch) return "ripe: anyone may finalize it";
  const isSold = stage === "unbonding";
  const told = `${isSold ? "" : "if settled now, "}epoch ${readyEpoch}`;
  if (interval === undefined) return told;
  const time = head.time + (readyEpoch - epoch) * interval.seconds;
  return `${told}, about ${minuteOf(time)}${isSold ? `, ${distance(time, head.time)}` : ""}`;
}

/** An estimate has no seconds. */
function minuteOf(time: bigint): string {
  return timeOf(time).slice(0, "2026-01-01 00:00".length);
}

function leftLines(
  below: EthereumStatus | undefined,
  above: PolygonStatus | undefined,
  underWay: bigint | undefined,
): string[] {
  const line = (label: string, { left, of }: LeftStatus, unit = "", note = ""): string =>
    row(label, amount(left), " of", amount(of), unit === "" ? "" : ` ${unit}`, note);
  const waiting = (pending: bigint): string => (pending === 0n ? "" : `; waiting: ${decimal(pending, DECIMALS)}`);
  const lines: string[] = [];
  if (below !== undefined) {
    const { stakes, switcher, bridge } = below;
    const { ever, available, dailyLimit } = switcher;
    lines.push(line("stakes", stakes, "POL"), line("switches", ever));
    if (dailyLimit > 0n) lines.push(line("  now", { left: available, of: dailyLimit }, "a day"));
    if (bridge === undefined) lines.push(row("bridge", "not deployed yet"));
    else {
      lines.push(line("lock", bridge.lock));
      lines.push(line("release", bridge.release, "a day", waiting(bridge.pending)));
    }
  }
  if (above !== undefined) {
    const { minting, burning, supplyCap, swap, pending } = above;
    lines.push(line("mint, Polygon", minting, "a day", waiting(pending)));
    lines.push(line("burn, Polygon", burning, "a day"));
    lines.push(line("supply, Polygon", supplyCap));
    lines.push(line("swaps pay out", swap.payouts, "POL a day"));
    const reserves = `${decimal(swap.assets, DECIMALS)} POL and ${decimal(swap.shares, DECIMALS)} ankrMATIC`;
    lines.push(row("swap pool", `has ${reserves}`));
  }
  if (underWay !== undefined)
    lines.push(row("over the bridge", `${decimal(underWay, DECIMALS)} ankrMATIC are under way`));
  return ["LEFT, ankrMATIC unless it is said", ...lines, ...pauses(below, above).map((text) => row("paused", text))];
}

function pauses(below: EthereumStatus | undefined, above: PolygonStatus | undefined): string[] {
  const flows: readonly (readonly [string, bigint, Head])[] = [
    ...(below === undefined
      ? []
      : ([
          ["stakes", below.stakesPausedUntil, below.head],
          ["switches", below.switcher.pausedUntil, below.head],
          ["bridging", below.bridge?.pausedUntil ?? 0n, below.head],
        ] as const)),
    ...(above === undefined ? [] : ([["swaps", above.swap.pausedUntil, above.head]] as const)),
  ];
  const paused = flows.filter(([, until, { time }]) => until > time);
  if (paused.length === 0) return ["nothing"];
  return paused.map(([name, until, { time }]) => `${name} until ${timeOf(until)}, ${distance(until, time)}`);
}

function roleLines(network: string, { roles }: GovernanceStatus): string[] {
  return roles.flatMap(({ role, holders }) => {
    if (holders.length === 0) return [row(network, `${role.padEnd(9)} nobody`)];
    return holders.map(({ account, delay, from, nextDelay }) => {
      const wait = (seconds: bigint): string => (seconds === 0n ? "at once" : `after ${durationOf(seconds)}`);
      const next = from === 0n ? "" : `; from ${timeOf(from)} ${wait(nextDelay)}`;
      return row(network, `${role.padEnd(9)} ${account} ${wait(delay)}${next}`);
    });
  });
}

function operationLines(network: string, { operations }: GovernanceStatus, { time }: Head): string[] {
  return operations.map(({ call, caller, readyAt, expiresAt }) => {
    const when =
      readyAt > time
        ? `from ${timeOf(readyAt)}, ${distance(readyAt, time)},`
        : `now, until ${timeOf(expiresAt)}, ${distance(expiresAt, time)},`;
    return row(network, `${when} by ${shortened(caller)}: ${call}`);
  });
}

function ledgerLines(isEthereum: boolean, isBoth: boolean, problems: readonly string[]): string[] {
  if (problems.length > 0) return problems.map((line) => `  NOT SO: ${line}`);
  if (!isEthereum) return ["  not compared: Ethereum was not read"];
  return [`  both ledgers, and what is there, balance to the wei${isBoth ? "; so do the ends of the bridge" : ""}`];
}
