import { AprOracle__factory } from "../../../typechain-types";
import type { Job, Proposal } from "../proposal";
import type { EthereumAddresses, EthereumView, PolygonAddresses, PolygonState } from "../state";

const ORACLE = AprOracle__factory.createInterface();

/** Keeps the present rate, so that the yearly rate can be told: as often as the oracle takes one. */
export const snapshot: Job<EthereumView, EthereumAddresses> = {
  name: "snapshot",
  chain: "ethereum",
  decide: ({ head, snapshotFrom }, _, { aprOracle }) => snapshots(head.time, snapshotFrom, aprOracle),
};

/** The same on Polygon, where a rate that came over the bridge is as old as it says. */
export const childSnapshot: Job<PolygonState, PolygonAddresses> = {
  name: "snapshot",
  chain: "polygon",
  decide: ({ feed, snapshotFrom }, _, { aprOracle }) =>
    feed.time === 0n ? [] : snapshots(feed.time, snapshotFrom, aprOracle),
};

function snapshots(time: bigint, from: bigint | undefined, to: string | undefined): Proposal[] {
  if (from === undefined || to === undefined || time < from) return [];
  return [
    {
      job: "snapshot",
      key: "snapshot",
      evidence: String(from),
      call: { to, data: ORACLE.encodeFunctionData("snapshot") },
      why: from === 0n ? "the yearly rate has no snapshot yet" : "the last snapshot of the yearly rate is 20 hours old",
      idle: ["TooEarly"],
    },
  ];
}
