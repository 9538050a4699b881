import { bridgeBookDifferences } from "../../deploy/acceptance/bridge";

import type { EthereumStatus } from "./ethereum";
import type { PolygonStatus } from "./polygon";

/** Both ends of the bridge beside each other. */
export interface CrossingStatus {
  /** Locked on Ethereum, and neither minted on Polygon nor waiting there: under way in either direction. */
  readonly underWay: bigint;
  /** Messages that were sent to Polygon since that of the last rate. */
  readonly messages: bigint;
  /** Every way in which the ends do not fit. */
  readonly differences: readonly string[];
}

/**
 * Compares the ends, as far as it can be done without asking for every message: what is on Polygon was locked before, the
 * bridge holds what it owes, and nobody else mints. Polygon must have been read first.
 */
export function crossingOf(
  { bridge }: Pick<EthereumStatus, "bridge">,
  { minted, pending, supply, rate }: Pick<PolygonStatus, "minted" | "pending" | "supply" | "rate">,
): CrossingStatus | undefined {
  if (bridge === undefined) return undefined;
  const difference = bridge.locked - minted - pending;
  const underWay = difference > 0n ? difference : 0n;
  const differences = bridgeBookDifferences({
    ...{ locked: bridge.locked, pendingReleases: bridge.pending, held: bridge.held },
    ...{ minted, pendingMints: pending, childSupply: supply, inFlightDown: underWay, inFlightUp: 0n },
  });
  return { underWay, messages: bridge.lastNonce - (rate?.nonce ?? 0n), differences };
}
