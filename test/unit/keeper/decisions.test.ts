import { expect } from "chai";

import { mint, release, syncRate } from "../../../scripts/keeper/jobs/bridge";
import { HARVEST_GAS, delegate, evacuate, harvest, skim, sync } from "../../../scripts/keeper/jobs/money";
import { autoClaim, continueFunding, finalize, settle } from "../../../scripts/keeper/jobs/requests";
import { parsePolicy } from "../../../scripts/keeper/policy";
import type { Job } from "../../../scripts/keeper/proposal";
import type {
  BatchState,
  BridgeState,
  EthereumAddresses,
  EthereumView,
  FeedState,
  PendingState,
  PositionState,
  SliceState,
} from "../../../scripts/keeper/state";
import { PolygonPool__factory } from "../../../typechain-types";

const ONE = 10n ** 18n;
const NOW = 100_000_000n;
const DAY = 86_400n;
const GWEI = 10n ** 9n;

const address = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;
const AT: EthereumAddresses & { bridge: string } = {
  pool: address(1),
  delegator: address(2),
  lens: address(3),
  autoClaim: address(4),
  bridge: address(5),
};
const policy = parsePolicy({});

const position = (own: Partial<PositionState> = {}): PositionState => ({
  position: 1n,
  share: address(11),
  principal: 1_000n * ONE,
  lastHarvestAt: NOW - DAY,
  displacedAt: 0n,
  named: address(11),
  commission: 5n,
  left: false,
  accepts: true,
  worth: 1_000n * ONE,
  rewards: 0n,
  ...own,
});

const bridge = (own: Partial<BridgeState> = {}): BridgeState => ({
  waiting: [],
  remaining: 1_000n * ONE,
  limit: 1_000n * ONE,
  lastNonce: 7n,
  sent: { nonce: 7n, time: NOW, lossCount: 0n },
  ...own,
});

const view = (own: Partial<EthereumView> = {}): EthereumView => ({
  head: { number: 1_000, hash: "0x", time: NOW, gasPrice: 10n * GWEI },
  epoch: 500n,
  withdrawalDelay: 80n,
  maxCommission: 10n,
  deadSliceTime: 7n * DAY,
  lossCount: 0n,
  queue: { open: 3n, openAssets: 0n, openUnits: 0n, funding: 0n, unsold: 0n },
  closedEpoch: 490n,
  batches: [],
  positions: [],
  delegable: 0n,
  stray: 0n,
  claims: [],
  bridge: undefined,
  snapshotFrom: undefined,
  feed: undefined,
  ...own,
});

/** What a job does, in short. */
const keys = (job: Job<EthereumView, EthereumAddresses>, own: Partial<EthereumView>, using = policy): string[] =>
  job.decide(view(own), using, AT).map(({ key }) => key);

/** A table of states and of what a job does with each. */
function table(
  job: Job<EthereumView, EthereumAddresses>,
  rows: readonly (readonly [string, Partial<EthereumView>, readonly string[]])[],
): void {
  for (const [what, own, expected] of rows) {
    it(`${expected.length === 0 ? "waits" : "acts"}: ${what}`, () => {
      expect(keys(job, own)).to.deep.equal(expected);
    });
  }
}

const one = (own: Partial<PositionState>): Partial<EthereumView> => ({ positions: [position(own)] });

describe("keeper decisions: sync", () => {
  const month = 30n * DAY;
  table(sync, [
    ["worth what the ledger says", one({}), []],
    ["a loss of the threshold", one({ worth: 999n * ONE }), ["sync 1"]],
    ["a loss one wei below it", one({ worth: 999n * ONE + 1n }), []],
    ["a surplus of the threshold", one({ worth: 1_100n * ONE }), ["sync 1"]],
    ["a surplus one wei below it", one({ worth: 1_100n * ONE - 1n }), []],
    ["worth that cannot be read", one({ worth: undefined }), []],
    ["a share contract that was just replaced", one({ named: address(12) }), ["sync 1"]],
    ["one that was replaced and had no stake", one({ named: address(12), principal: 0n }), []],
    ["one that was seen replaced", one({ named: address(12), displacedAt: NOW - month + 1n }), []],
    ["one that stayed replaced for 30 days", one({ named: address(12), displacedAt: NOW - month }), ["sync 1"]],
    ["one that is named again", one({ displacedAt: NOW - 5n }), ["sync 1"]],
  ]);

  it("acts on nothing at thresholds of zero when there is no difference", () => {
    expect(keys(sync, one({}), parsePolicy({ lossMin: "0", surplusMin: "0" }))).to.deep.equal([]);
  });
});

describe("keeper decisions: harvest", () => {
  // 215,000 gas at 10 gwei are 0.00215 ETH; five times that at 15,000 POL for an ETH:
  const worthIt = (5n * (HARVEST_GAS.base + HARVEST_GAS.each) * 10n * GWEI * 15_000n * ONE) / ONE;
  table(harvest, [
    ["no rewards", one({ lastHarvestAt: 0n }), []],
    ["rewards worth five times the gas", one({ rewards: worthIt }), ["harvest 1"]],
    ["rewards one wei of ETH below that", one({ rewards: worthIt - 15_000n }), []],
    ["a second too early", one({ rewards: worthIt, lastHarvestAt: NOW - DAY + 1n }), []],
    ["a week after the last, whatever the gas", one({ rewards: ONE, lastHarvestAt: NOW - 7n * DAY }), ["harvest 1"]],
    ["a second less than a week after it", one({ rewards: ONE, lastHarvestAt: NOW - 7n * DAY + 1n }), []],
    ["a week after the last, a wei below the least", one({ rewards: ONE - 1n, lastHarvestAt: 0n }), []],
  ]);

  it("knows the border as a number", () => {
    expect(worthIt).to.equal(161_250n * 10n ** 15n);
  });

  it("shares the cost of a call between validators", () => {
    // 90,000 gas each, times 5, at 10 gwei: 67.5 POL. With the base of the call it takes 77 each for ten.
    const many = (rewards: bigint): PositionState[] =>
      Array.from({ length: 10 }, (_, index) => position({ position: BigInt(index) + 1n, rewards }));
    const needed = (5n * (HARVEST_GAS.base + 10n * HARVEST_GAS.each) * 10n * GWEI * 15_000n) / 10n;
    expect(needed).to.equal(76_875n * 10n ** 15n);
    expect(keys(harvest, { positions: many(needed) })).to.deep.equal(["harvest 1,2,3,4,5,6,7,8,9,10"]);
    expect(keys(harvest, { positions: many(needed - 15_000n) })).to.deep.equal([]);
  });

  it("makes calls of at most the number of validators that is set", () => {
    const positions = [1n, 2n, 3n].map((number) => position({ position: number, rewards: 1_000n * ONE }));
    const using = parsePolicy({ harvestBatch: "2" });
    expect(keys(harvest, { positions }, using)).to.deep.equal(["harvest 1,2", "harvest 3"]);
  });

  it("takes an answer of less than half of the rewards for nothing", () => {
    const [proposal] = harvest.decide(view(one({ rewards: 1_000n * ONE })), policy, AT);
    const answer = (rewards: bigint): string =>
      PolygonPool__factory.createInterface().encodeFunctionResult("harvest", [rewards]);
    expect(proposal?.brings?.(answer(500n * ONE))).to.equal(true);
    expect(proposal?.brings?.(answer(500n * ONE - 1n))).to.equal(false);
  });
});

describe("keeper decisions: skim", () => {
  table(skim, [
    ["stray tokens of the threshold", { stray: 100n * ONE }, ["skim"]],
    ["a wei less", { stray: 100n * ONE - 1n }, []],
    ["none", { stray: 0n }, []],
  ]);
});

describe("keeper decisions: evacuate", () => {
  const other = position({ position: 2n });
  const rows = (own: Partial<PositionState>, ...others: PositionState[]): Partial<EthereumView> => ({
    positions: [position({ accepts: false, ...own }), ...others],
  });
  table(evacuate, [
    ["a validator that stays", rows({}, other), []],
    ["one that left", rows({ left: true }, other), ["evacuate 1"]],
    ["one that left, and nobody takes stake", rows({ left: true }, { ...other, accepts: false }), []],
    ["one that left, and nobody else is there", rows({ left: true, accepts: true }), []],
    ["a commission at the limit", rows({ commission: 10n }, other), []],
    ["a commission above it", rows({ commission: 11n }, other), ["evacuate 1"]],
    ["stake of the threshold", rows({ left: true, principal: ONE }, other), ["evacuate 1"]],
    ["stake a wei below it", rows({ left: true, principal: ONE - 1n }, other), []],
    ["stake that is worth a wei less than it", rows({ left: true, worth: ONE - 1n }, other), []],
    ["a share contract that was replaced", rows({ left: true, named: address(12) }, other), []],
  ]);
});

describe("keeper decisions: delegate", () => {
  const positions = [position()];
  table(delegate, [
    ["buffer of the threshold", { delegable: 1_000n * ONE, positions }, ["delegate"]],
    ["a wei less", { delegable: 1_000n * ONE - 1n, positions }, []],
    ["nobody takes stake", { delegable: 1_000n * ONE, positions: [position({ accepts: false })] }, []],
  ]);

  it("never tries less than the contract delegates", () => {
    const using = parsePolicy({ delegateMin: "0" });
    expect(keys(delegate, { delegable: ONE, positions }, using)).to.deep.equal(["delegate"]);
    expect(keys(delegate, { delegable: ONE - 1n, positions }, using)).to.deep.equal([]);
  });
});

describe("keeper decisions: settle and continue", () => {
  const asked = (
    openAssets: bigint,
    own: Partial<EthereumView["queue"]> = {},
    rest: Partial<EthereumView> = {},
  ): Partial<EthereumView> => ({
    queue: { open: 3n, openAssets, openUnits: openAssets, funding: 0n, unsold: 0n, ...own },
    ...rest,
  });
  table(settle, [
    ["nothing was asked for", asked(0n), []],
    ["requests of the threshold", asked(ONE), ["settle 3"]],
    ["a wei less", asked(ONE - 1n), []],
    ["a wei less, 24 epochs after the last batch", asked(ONE - 1n, {}, { closedEpoch: 476n }), ["settle 3"]],
    ["a wei less, 23 epochs after it", asked(ONE - 1n, {}, { closedEpoch: 477n }), []],
    ["a batch was closed in this epoch", asked(ONE, {}, { closedEpoch: 500n }), []],
    ["one was closed in an epoch with the same low bits", asked(ONE, {}, { closedEpoch: 500n + 2n ** 32n }), []],
    ["the epoch was set back", asked(1n, {}, { closedEpoch: 600n }), ["settle 3"]],
    ["no batch was ever closed", asked(1n, {}, { closedEpoch: undefined }), ["settle 3"]],
    ["a loss met the open batch", asked(0n, { openUnits: 1n }), ["settle 3"]],
  ]);
  table(continueFunding, [
    ["no batch lacks anything", asked(ONE), []],
    ["a batch lacks something", asked(0n, { funding: 2n, unsold: 1n }), ["continue 2"]],
  ]);
});

describe("keeper decisions: finalize", () => {
  const slice = (own: Partial<SliceState> = {}): SliceState => ({
    soldEpoch: 420n,
    failedAt: 0n,
    revived: false,
    ...own,
  });
  const batch = (...slices: SliceState[]): BatchState => ({ batch: 2n, late: false, slices });
  const long = NOW - 7n * DAY;
  const young = slice({ soldEpoch: 421n });
  const dead = slice({ failedAt: long });
  const queue = { open: 3n, openAssets: 0n, openUnits: 0n, funding: 2n, unsold: 1n };
  table(finalize, [
    ["an unbond that is due", { batches: [batch(slice())] }, ["finalize 2"]],
    ["one that is due in the next epoch", { batches: [batch(young)] }, []],
    ["one of two is due", { batches: [batch(young, slice())] }, ["finalize 2"]],
    ["one that failed", { batches: [batch(slice({ failedAt: NOW - 1n }))] }, []],
    ["one that failed and would succeed", { batches: [batch(slice({ failedAt: 1n, revived: true }))] }, ["finalize 2"]],
    ["all dead for the governed time", { batches: [batch(dead, dead)] }, ["finalize 2"]],
    ["all dead, the last for a second less", { batches: [batch(dead, slice({ failedAt: long + 1n }))] }, []],
    ["one of them not dead but not due", { batches: [batch(dead, young)] }, []],
    ["a batch that was paid before its dead", { batches: [{ ...batch(dead), late: true }] }, []],
    ["a dead batch that is not funded yet", { batches: [batch(dead)], queue }, []],
  ]);
});

describe("keeper decisions: AutoClaim", () => {
  const claim = (assets: bigint): Partial<EthereumView> => ({ claims: [{ controller: address(77), assets }] });
  table(autoClaim, [
    ["claimable assets of the threshold", claim(ONE), [`claim ${address(77)}`]],
    ["a wei less", claim(ONE - 1n), []],
    ["nothing", claim(0n), []],
  ]);
});

describe("keeper decisions: syncRate", () => {
  const feed = (own: Partial<FeedState> = {}): FeedState => ({
    time: NOW,
    lossTime: 0n,
    lossCount: 0n,
    lastNonce: 7n,
    ...own,
  });
  const SIX = 6n * 3_600n;
  const arriving = (own: Partial<NonNullable<BridgeState["sent"]>> = {}): BridgeState =>
    bridge({ sent: { nonce: 8n, time: NOW - 60n, lossCount: 0n, ...own } });
  const lossAt = NOW - 3_600n;
  const fresh = { bridge: bridge(), feed: feed() };
  table(syncRate, [
    ["there is no bridge", { feed: feed({ time: 0n }) }, []],
    ["a fresh rate", fresh, []],
    [
      "no rate",
      { ...fresh, feed: feed({ time: 0n, lastNonce: 0n }), bridge: bridge({ sent: undefined }) },
      ["syncRate"],
    ],
    ["no rate, but one on its way", { feed: feed({ time: 0n, lastNonce: 0n }), bridge: arriving() }, []],
    ["a rate of the age that is set", { ...fresh, feed: feed({ time: NOW - SIX }) }, ["syncRate"]],
    ["one a second younger", { ...fresh, feed: feed({ time: NOW - SIX + 1n }) }, []],
    ["an old one, and a new one on its way", { feed: feed({ time: NOW - SIX }), bridge: arriving() }, []],
    [
      "an old one, and a new one that did not arrive in its time",
      { feed: feed({ time: NOW - SIX }), bridge: arriving({ time: NOW - 7_200n }) },
      ["syncRate"],
    ],
    ["a loss that Polygon does not know of", { ...fresh, lossCount: 1n }, ["syncRate"]],
    ["a loss whose rate is on its way", { feed: feed(), bridge: arriving({ lossCount: 1n }), lossCount: 1n }, []],
    ["a loss that is not confirmed", { ...fresh, feed: feed({ time: lossAt, lossTime: lossAt }) }, ["syncRate"]],
    [
      "a loss that is not to be confirmed yet",
      { ...fresh, feed: feed({ time: lossAt + 1n, lossTime: lossAt + 1n }) },
      [],
    ],
    ["a loss that is confirmed", { ...fresh, feed: feed({ lossTime: lossAt }) }, []],
    ["Polygon is silent, the last rate sent is fresh", { bridge: bridge() }, []],
    ["Polygon is silent, none was ever sent", { bridge: bridge({ sent: undefined }) }, ["syncRate"]],
    [
      "Polygon is silent, the last rate sent is old",
      { bridge: bridge({ sent: { nonce: 7n, time: NOW - SIX, lossCount: 0n } }) },
      ["syncRate"],
    ],
  ]);
});

describe("keeper decisions: what waits for limits of the bridge", () => {
  const A = address(21);
  const B = address(22);
  const pending = (remaining: bigint, ...waiting: [string, bigint][]): PendingState => ({
    remaining,
    limit: 1_000n * ONE,
    waiting: waiting.map(([receiver, shares]) => ({ receiver, shares })),
  });
  const rows: [string, PendingState, string[]][] = [
    ["all that waits is within the limit", pending(5n * ONE, [A, 5n * ONE]), [A]],
    ["all but a wei, which is less than a tenth of a day", pending(5n * ONE - 1n, [A, 5n * ONE]), []],
    ["a tenth of a day's limit of more", pending(100n * ONE, [A, 500n * ONE]), [A]],
    ["a wei less than that", pending(100n * ONE - 1n, [A, 500n * ONE]), []],
    ["the least that is paid", pending(5n * ONE, [A, ONE]), [A]],
    ["a wei less waits", pending(5n * ONE, [A, ONE - 1n]), []],
    ["nothing is left of the limit", pending(0n, [A, 5n * ONE]), []],
    ["two, the larger first", pending(200n * ONE, [A, 50n * ONE], [B, 150n * ONE]), [B, A]],
    ["two, and enough for the larger", pending(150n * ONE, [A, 50n * ONE], [B, 150n * ONE]), [B]],
  ];
  for (const [what, state, expected] of rows) {
    it(`pays ${expected.length}: ${what}`, () => {
      const released = keys(release, { bridge: bridge(state) });
      expect(released).to.deep.equal(expected.map((receiver) => `release ${receiver}`));
      const { head, feed } = view({ feed: { time: NOW, lossTime: 0n, lossCount: 0n, lastNonce: 1n } });
      if (feed === undefined) throw new Error("no feed");
      const at = { token: address(6), feed: address(7), adapter: address(8) };
      const minted = mint.decide({ head, feed, pending: state, snapshotFrom: undefined }, policy, at);
      expect(minted.map(({ key }) => key)).to.deep.equal(expected.map((receiver) => `mint ${receiver}`));
      expect(minted.map(({ call }) => call.to)).to.deep.equal(expected.map(() => at.adapter));
    });
  }
});
