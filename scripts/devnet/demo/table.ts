import type { BridgeFigures } from "../../../deploy/acceptance/bridge";
import { columns } from "../../lib/columns";

import { COINS, PEOPLE } from "./book";
import type { Balance } from "./book";
import type { Finding } from "./verdict";

const PLACES = 4n;

/** Who has what after a step; a balance that is not what it should be bears a mark. */
export function balanceTable(balances: readonly Balance[]): string {
  const rows = PEOPLE.map((person) => [
    person,
    ...COINS.map((coin) => {
      const balance = balances.find((entry) => entry.who === person && entry.coin === coin);
      if (balance === undefined) return "";
      return `${short(balance.is)}${balance.is === balance.expected ? "" : " (!)"}`;
    }),
  ]);
  return columns([["", ...COINS], ...rows])
    .map((line) => `  ${line}`)
    .join("\n");
}

/** The two ends of the bridge in a line. */
export function bridgeLine(figures: BridgeFigures): string {
  const { locked, minted, pendingMints, inFlightDown, inFlightUp, pendingReleases } = figures;
  return (
    `bridge: locked ${short(locked)} = minted ${short(minted)} + pending ${short(pendingMints)} + ` +
    `on the way down ${short(inFlightDown)} + up ${short(inFlightUp)}; releases pending ${short(pendingReleases)}`
  );
}

/** What must hold, and whether it does. */
export function verdictLines(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ claim, against }) =>
      against.length === 0 ? [`  ok    ${claim}`] : [`  FAIL  ${claim}`, ...against.map((why) => `          ${why}`)],
    )
    .join("\n");
}

/** Wei as tokens, cut off after four digits: for people to read. */
function short(wei: bigint): string {
  const parts = wei / 10n ** (18n - PLACES);
  const one = 10n ** PLACES;
  return `${(parts / one).toLocaleString("en-US")}.${(parts % one).toString().padStart(Number(PLACES), "0")}`;
}
