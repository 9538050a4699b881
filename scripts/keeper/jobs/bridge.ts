import { BridgeAdapter__factory, ChildBridgeAdapter__factory } from "../../../typechain-types";
import type { Policy } from "../policy";
import type { Job, Proposal } from "../proposal";
import type {
  EthereumAddresses,
  EthereumView,
  FeedState,
  PendingState,
  PolygonAddresses,
  PolygonState,
  SentRate,
} from "../state";

const BRIDGE = BridgeAdapter__factory.createInterface();
const CHILD = ChildBridgeAdapter__factory.createInterface();

/** Time after a loss from which on a rate confirms it for the swap pool, seconds. */
export const CONFIRMATION = 3_600n;

/** A receiver is paid when the limit leaves it all it waits for, or this part of a day's limit: not in crumbs. */
const PARTS_OF_DAY = 10n;

/** Sends the rate to Polygon when it is old there, when a loss happened, and when a loss is to be confirmed. */
export const syncRate: Job<EthereumView, EthereumAddresses> = {
  name: "syncRate",
  chain: "ethereum",
  decide: ({ bridge, feed, head, lossCount }, policy, { bridge: to }) => {
    if (bridge === undefined || to === undefined) return [];
    const why = reasonToSend(expectedRate(feed, bridge.sent, head.time, policy), lossCount, head.time, policy);
    if (why === undefined) return [];
    return [
      {
        job: "syncRate",
        key: "syncRate",
        evidence: String(bridge.lastNonce),
        call: { to, data: BRIDGE.encodeFunctionData("syncRate") },
        why,
      },
    ];
  },
};

type Expected = Omit<FeedState, "lastNonce">;

/** The rate that Polygon has, or will have once what is on its way has arrived; undefined if there will be none. */
function expectedRate(
  feed: FeedState | undefined,
  sent: SentRate | undefined,
  now: bigint,
  { delivery }: Policy,
): Expected | undefined {
  if (feed === undefined) return sent === undefined ? undefined : { ...sent, lossTime: 0n };
  const arriving = sent !== undefined && sent.nonce > feed.lastNonce && now < sent.time + delivery;
  if (!arriving) return feed.time === 0n ? undefined : feed;
  const { time, lossCount } = sent;
  return { time, lossCount, lossTime: lossCount > feed.lossCount ? time : feed.lossTime };
}

function reasonToSend(
  rate: Expected | undefined,
  lossCount: bigint,
  now: bigint,
  { rateAge }: Policy,
): string | undefined {
  if (rate === undefined) return "Polygon has no rate";
  if (lossCount > rate.lossCount) return "Polygon does not know of a loss";
  const { time, lossTime } = rate;
  if (lossTime !== 0n && time < lossTime + CONFIRMATION && now >= lossTime + CONFIRMATION) {
    return "a loss is to be confirmed on Polygon";
  }
  return now >= time + rateAge ? `the rate on Polygon is ${now - time} s old` : undefined;
}

/** Releases on Ethereum what waits for the daily limit. */
export const release: Job<EthereumView, EthereumAddresses> = {
  name: "release",
  chain: "ethereum",
  decide: ({ bridge }, policy, { bridge: to }) => {
    if (bridge === undefined || to === undefined) return [];
    return payments(bridge, policy, "release", (receiver) => ({
      to,
      data: BRIDGE.encodeFunctionData("payPending", [receiver]),
    }));
  },
};

/** Mints on Polygon what waits for the limit of minting. */
export const mint: Job<PolygonState, PolygonAddresses> = {
  name: "mint",
  chain: "polygon",
  decide: ({ pending }, policy, { adapter: to }) =>
    payments(pending, policy, "mint", (receiver) => ({
      to,
      data: CHILD.encodeFunctionData("payPending", [receiver]),
    })),
};

/** Shares out what the limit leaves, to those who wait for most first: the order in which they came is not known. */
function payments(
  { waiting, remaining, limit }: PendingState,
  { payMin }: Policy,
  job: string,
  callFor: (receiver: string) => Proposal["call"],
): Proposal[] {
  let left = remaining;
  const proposals: Proposal[] = [];
  const part = limit / PARTS_OF_DAY > payMin ? limit / PARTS_OF_DAY : payMin;
  for (const { receiver, shares } of waiting.toSorted((a, b) => (a.shares > b.shares ? -1 : 1))) {
    const paid = shares < left ? shares : left;
    if (paid === 0n || shares < payMin || (paid < shares && paid < part)) continue;
    left -= paid;
    proposals.push({
      job,
      key: `${job} ${receiver}`,
      evidence: String(shares),
      call: callFor(receiver),
      why: `${paid} of ${shares} wei that wait for ${receiver} are within the limit`,
      idle: ["NothingToPay"],
    });
  }
  return proposals;
}
