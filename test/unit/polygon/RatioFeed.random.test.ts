import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { time } from "@nomicfoundation/hardhat-network-helpers";

import { eventsOf, named } from "../../support/events";
import { DAY, ONE } from "../../support/fixture";
import { YEAR, now, polygonFixture } from "../../support/polygon";
import { tries } from "../../support/properties";
import { FeedModel, SAVED } from "../../support/rates";
import type { Rate, Refusal } from "../../support/rates";
import { ERC1967Proxy__factory, RatioFeed__factory } from "../../../typechain-types";
import type { RatioFeed } from "../../../typechain-types";
import { RatePusher__factory } from "../../typechain-types";
import type { RatePusher } from "../../typechain-types";

const STEPS = 10_000;
const BATCH = 125;

/** What comes over the bridge next: mostly what a pool would report, and everything that it would not. */
interface Step {
  readonly kind: "grow" | "edge" | "loss" | "jump" | "fall" | "replay" | "back" | "fewer" | "future" | "wide" | "still";
  readonly seconds: bigint;
  readonly parts: bigint;
  readonly supply: bigint;
}

const KINDS: readonly Step["kind"][] = [
  ...(["grow", "grow", "grow", "grow", "grow", "grow", "edge", "edge", "still", "still", "jump"] as const),
  ...(["loss", "fall", "replay", "back", "fewer", "future", "wide"] as const),
];

const step = fc.record<Step>({
  kind: fc.constantFrom(...KINDS),
  seconds: fc.oneof(fc.bigInt(0n, 60n), fc.bigInt(0n, 3n * 3_600n), fc.bigInt(0n, 5n * DAY)),
  parts: fc.bigInt(0n, 1_000n),
  supply: fc.bigInt(1n, 10n ** 9n),
});

/** The message of a step, after the last rate that was accepted. */
function messageOf({ kind, seconds, parts, supply }: Step, last: Rate & { nonce: bigint }): [bigint, Rate] {
  const nonce = last.nonce + 1n + (parts % 3n);
  const when = last.time + seconds;
  const totalSupply = supply * ONE;
  // Never less than before, as the pool rounds: the quotient is rounded up.
  const kept = (last.totalAssets * totalSupply + last.totalSupply - 1n) / last.totalSupply;
  const by = (allowed: bigint): bigint => kept + (kept * allowed) / YEAR;
  const rate = (change: Partial<Rate> = {}): Rate => ({
    totalAssets: by((seconds * parts) / 2_000n),
    totalSupply,
    lossCount: last.lossCount,
    time: when,
    ...change,
  });
  switch (kind) {
    case "grow":
      return [nonce, rate()];
    case "edge":
      // Around all that time and savings can allow.
      return [nonce, rate({ totalAssets: by(seconds + (SAVED * parts) / 1_000n) + (parts % 3n) })];
    case "still":
      return [nonce, { ...last, time: when }];
    case "jump":
      return [nonce, rate({ totalAssets: kept + (kept * (parts + 10n)) / 1_000n })];
    case "loss":
      return [nonce, rate({ totalAssets: kept - (kept * parts) / 50_000n, lossCount: last.lossCount + 1n })];
    case "fall":
      return [nonce, rate({ totalAssets: kept - (kept * (parts + 1n)) / 50_000n - 1n })];
    case "replay":
      return [last.nonce - (parts % (last.nonce + 1n)), rate()];
    case "back":
      return [nonce, rate({ time: last.time - 1n - parts })];
    case "fewer":
      return [nonce, rate({ lossCount: last.lossCount === 0n ? 2n ** 32n : last.lossCount - 1n })];
    case "future":
      return [nonce, rate({ time: when + 1_000n * YEAR })];
    case "wide":
      return [nonce, rate({ totalAssets: 2n ** 104n + parts })];
  }
}

describe("RatioFeed: random messages", () => {
  let feed: RatioFeed;
  let pusher: RatePusher;

  beforeEach(async () => {
    const { manager, actors } = await polygonFixture();
    pusher = await new RatePusher__factory(actors.stranger).deploy();
    const code = await new RatioFeed__factory(actors.deployer).deploy(pusher);
    const initialization = code.interface.encodeFunctionData("initialize", [await manager.getAddress()]);
    const proxy = await new ERC1967Proxy__factory(actors.deployer).deploy(code, initialization);
    feed = RatioFeed__factory.connect(await proxy.getAddress(), ethers.provider);
  });

  /** What the feed says to a message, and what it is then. */
  interface Answer {
    readonly accepted: boolean;
    readonly rate: bigint;
    readonly lossTime: bigint;
  }

  /** Pushes messages in one transaction, and returns what the feed said to each. */
  async function pushAll(messages: readonly (readonly [bigint, Rate])[]): Promise<Answer[]> {
    const sent = pusher.pushAll(
      feed,
      messages.map(([nonce]) => nonce),
      messages.map(([, rate]) => rate),
      { gasLimit: 29_000_000n },
    );
    const [pushed] = named(await eventsOf(pusher, sent), "Pushed");
    const [accepted, rates, lossTimes] = pushed as unknown as [boolean[], bigint[], bigint[]];
    return accepted.map((value, index) => ({
      accepted: value,
      rate: rates[index] ?? -1n,
      lossTime: lossTimes[index] ?? -1n,
    }));
  }

  it("A95, SRATE-3: in 10,000 steps the rate falls by declared losses alone, and grows in no window above the bound", async () => {
    const start = await now();
    const model = new FeedModel();
    const first: Rate = { totalAssets: 1_000n * ONE, totalSupply: 1_000n * ONE, lossCount: 0n, time: start };
    expect(model.take(1n, first, start)).to.equal("None");
    expect((await pushAll([[1n, first]]))[0]?.accepted).to.equal(true);
    // No message of the walk but those that mean to be is ahead of the clock.
    await time.increase(500n * YEAR);
    const clock = await now();

    const steps = fc.sample(step, tries<Step>(STEPS));
    const history: Rate[] = [first];
    const reasons = new Map<Refusal, number>();
    for (let done = 0; done < steps.length; done += BATCH) {
      const expected: Answer[] = [];
      const messages = steps.slice(done, done + BATCH).map((one) => {
        if (model.last === undefined) throw new Error("the first rate was accepted");
        const [nonce, rate] = messageOf(one, model.last);
        const reason = model.take(nonce, rate, clock);
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        if (reason === "None") history.push(rate);
        const { totalAssets, totalSupply } = model.last;
        const { lossTime } = model;
        expected.push({ accepted: reason === "None", rate: (totalAssets * ONE) / totalSupply, lossTime });
        return [nonce, rate] as const;
      });
      expect(await pushAll(messages)).to.deep.equal(expected);
    }

    expectMonotone(history);
    expectBounded(history);
    expect([...reasons.keys()].sort()).to.deep.equal(
      ["FewerLosses", "Fell", "FutureTime", "GrewTooFast", "Impossible", "None", "OldNonce", "OldTime"].sort(),
    );
    expect(history.length * 3 > steps.length).to.equal(true);
  });

  /** The exact quotients never fall but where the count of losses grew. */
  function expectMonotone(history: readonly Rate[]): void {
    const fallen = history.filter((rate, index) => {
      const before = history[index - 1];
      if (before === undefined || rate.lossCount > before.lossCount) return false;
      return rate.totalAssets * before.totalSupply < before.totalAssets * rate.totalSupply;
    });
    expect(fallen).to.deep.equal([]);
  }

  /**
   * From any rate to any later one, less than a year away, the growth is at most that of the seconds between and half a day:
   * many small steps compound, hence 1 / (1 - x) in place of 1 + x.
   */
  function expectBounded(history: readonly Rate[]): void {
    let windows = 0;
    const broken: [Rate, Rate][] = [];
    for (const [index, from] of history.entries()) {
      for (const to of history.slice(index + 1)) {
        const left = YEAR - SAVED - (to.time - from.time);
        if (left <= 0n) break;
        windows += 1;
        if (to.totalAssets * from.totalSupply * left > from.totalAssets * to.totalSupply * YEAR)
          broken.push([from, to]);
      }
    }
    expect(broken).to.deep.equal([]);
    expect(windows).to.be.greaterThan(history.length);
  }

  it("A73: whatever comes first, the feed has a rate only if it is possible, and never reverts", async () => {
    const { adapter, feed: fresh } = await polygonFixture();
    const number = fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 2n ** 105n), fc.bigInt(0n, 2n ** 256n - 1n));
    const clock = await now();
    const when = fc.oneof(fc.bigInt(clock - 8n * DAY, clock + 2_000n), number);
    const nonce = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 64n - 1n));
    const rate = fc.record({ totalAssets: number, totalSupply: number, lossCount: number, time: when });
    await fc.assert(
      fc.asyncProperty(nonce, rate, async (sent, said) => {
        const accepted = await fresh.connect(adapter).push.staticCall(sent, said);
        expect(accepted).to.equal(new FeedModel().take(sent, said, await now()) === "None");
      }),
      tries(500),
    );
  });
});
