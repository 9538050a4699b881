import { expect } from "chai";
import { ZeroAddress, ZeroHash, toBeHex } from "ethers";
import { ethers, upgrades } from "hardhat";
import { time } from "@nomicfoundation/hardhat-network-helpers";

import { behavesLikeUUPS } from "../../behaviors/UUPS.behavior";
import { DAY, MAX, ONE } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { YEAR, at, now, polygonFixture } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { SAVED, SECOND, SHARES, numberOf, rateOf } from "../../support/rates";
import type { Rate, Refusal } from "../../support/rates";
import { asUpgrader, upgradeCall } from "../../support/upgrades";
import { RatioFeed__factory, Upgradeable__factory } from "../../../typechain-types";

/** Root of the feed's namespace. */
const ROOT = 0x5ca64ce3a06ce03bfaaaad125fc2468c76f1a4358af20def2491a2128cd8d700n;
const WIDEST = 2n ** 104n - 1n;

async function nextFeed({ adapter, actors }: Polygon): Promise<string> {
  return (await new RatioFeed__factory(actors.deployer).deploy(adapter)).getAddress();
}

describe("RatioFeed", () => {
  let polygon: Polygon;
  /** Time of the first rate. */
  let start: bigint;

  beforeEach(async () => {
    polygon = await polygonFixture();
    start = await now();
  });

  behavesLikeUUPS(async () => {
    const world = await polygonFixture();
    const { feed, manager, actors } = world;
    return {
      context: world,
      proxy: Upgradeable__factory.connect(await feed.getAddress(), actors.stranger),
      initialization: feed.interface.encodeFunctionData("initialize", [await manager.getAddress()]),
      next: () => nextFeed(world),
    };
  });

  const push = (nonce: bigint, rate: Rate) => polygon.feed.connect(polygon.adapter).push(nonce, rate);

  /** The adapter pushes a rate, and it is the rate from then on. */
  async function accepted(nonce: bigint, rate: Rate): Promise<void> {
    const { feed, adapter } = polygon;
    expect(await feed.connect(adapter).push.staticCall(nonce, rate)).to.equal(true);
    const { totalAssets, totalSupply, lossCount, time: when } = rate;
    await expect(push(nonce, rate))
      .to.emit(feed, "RateAccepted")
      .withArgs(nonce, totalAssets, totalSupply, lossCount, when);
    expect(await feed.totals()).to.deep.equal([totalAssets, totalSupply]);
    expect([await feed.lastNonce(), await feed.lastUpdated(), await feed.lossCount()]).to.deep.equal([
      nonce,
      when,
      lossCount,
    ]);
  }

  /** Everything that the feed keeps. */
  const words = async (): Promise<string[]> =>
    Promise.all([0n, 1n, 2n].map((word) => ethers.provider.getStorage(polygon.feed, ROOT + word)));

  /** The adapter pushes a rate, which is refused for that reason and changes nothing. */
  async function refused(nonce: bigint, rate: Rate, reason: Refusal): Promise<void> {
    const { feed, adapter } = polygon;
    const before = await words();
    expect(await feed.connect(adapter).push.staticCall(nonce, rate)).to.equal(false);
    const { totalAssets, totalSupply, lossCount, time: when } = rate;
    await expect(push(nonce, rate))
      .to.emit(feed, "RateRefused")
      .withArgs(nonce, numberOf(reason), totalAssets, totalSupply, lossCount, when);
    expect(await words()).to.deep.equal(before);
  }

  describe("who may what", () => {
    it("A12, A95: only the adapter pushes: no role, no stranger", async () => {
      const { feed, other, actors } = polygon;
      for (const account of [...Object.values<typeof other>({ ...actors }), other]) {
        await expect(feed.connect(account).push(1n, rateOf(start)))
          .to.be.revertedWithCustomError(feed, "NotAdapter")
          .withArgs(account.address);
      }
    });

    it("A12, A95: nothing else changes it", () => {
      expect(
        changingFunctionsOf(polygon.feed)
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(["initialize", "push", "setAuthority", "upgradeToAndCall"]);
    });

    it("names its adapter, and needs one", async () => {
      const { feed, adapter, actors } = polygon;
      expect(await feed.ADAPTER()).to.equal(adapter.address);
      const factory = new RatioFeed__factory(actors.deployer);
      await expect(factory.deploy(ZeroAddress)).to.be.revertedWithCustomError(factory, "ZeroAddress");
    });
  });

  describe("before the first rate", () => {
    it("A73, X-18: knows no rate, and says so", async () => {
      const { feed } = polygon;
      const reads = [
        () => feed.totals(),
        () => feed.getRate(),
        () => feed.ratio(),
        () => feed.latest(),
        () => feed.convertToAssets(0n),
        () => feed.convertToShares(0n),
      ];
      for (const read of reads) await expect(read()).to.be.revertedWithCustomError(feed, "NoRate");
    });

    it("is stale at any age, and has neither a time nor a number", async () => {
      const { feed } = polygon;
      expect(await feed.isStale(MAX)).to.equal(true);
      expect([await feed.lastUpdated(), await feed.lossCount(), await feed.lastNonce()]).to.deep.equal([0n, 0n, 0n]);
    });
  });

  describe("the first rate", () => {
    for (const [what, change] of [
      ["one asset for a share", { totalAssets: SHARES }],
      ["two assets for a share", { totalAssets: 2n * SHARES }],
      ["less than one asset after a loss", { totalAssets: SHARES - 1n, lossCount: 1n }],
      ["a single wei of each", { totalAssets: 1n, totalSupply: 1n }],
      ["the largest numbers", { totalAssets: WIDEST, totalSupply: WIDEST, lossCount: 2n ** 32n - 1n }],
    ] as const) {
      it(`can be ${what}`, () => accepted(1n, rateOf(start, 0n, change)));
    }

    for (const [what, change, reason] of [
      ["no assets", { totalAssets: 0n }, "Impossible"],
      ["no assets, with a loss", { totalAssets: 0n, lossCount: 1n }, "Impossible"],
      ["no shares", { totalSupply: 0n }, "Impossible"],
      ["nothing at all", { totalAssets: 0n, totalSupply: 0n }, "Impossible"],
      ["more than two assets for a share", { totalAssets: 2n * SHARES + 1n }, "Impossible"],
      ["more assets than 104 bits", { totalAssets: WIDEST + 1n, totalSupply: WIDEST }, "Impossible"],
      ["more shares than 104 bits", { totalAssets: WIDEST, totalSupply: WIDEST + 1n, lossCount: 1n }, "Impossible"],
      ["more losses than 32 bits", { lossCount: 2n ** 32n }, "Impossible"],
      ["the largest numbers of all", { totalAssets: MAX, totalSupply: MAX, lossCount: MAX, time: MAX }, "Impossible"],
      ["less than one asset without a loss", { totalAssets: SHARES - 1n }, "Fell"],
      ["of no time", { time: 0n }, "OldTime"],
    ] as const) {
      it(`A73: cannot be ${what}`, () => refused(1n, rateOf(start, 0n, change), reason));
    }

    it("has a number from 1", () => refused(0n, rateOf(start), "OldNonce"));

    it("is at most seven days old", async () => {
      const { feed } = polygon;
      const rate = rateOf(start);
      await time.setNextBlockTimestamp(start + 7n * DAY + 1n);
      await expect(push(1n, rate))
        .to.emit(feed, "RateRefused")
        .withArgs(1n, numberOf("OldTime"), ...values(rate));
      const next = rateOf(start + 2n);
      await time.setNextBlockTimestamp(start + 7n * DAY + 2n);
      await expect(push(1n, next))
        .to.emit(feed, "RateAccepted")
        .withArgs(1n, ...values(next));
    });
  });

  const values = ({ totalAssets, totalSupply, lossCount, time: when }: Rate) =>
    [totalAssets, totalSupply, lossCount, when] as const;

  describe("a rate after it", () => {
    beforeEach(async () => {
      await push(5n, rateOf(start));
      await time.increase(400n * DAY);
    });

    it("A67: must come by a newer message: none is taken twice, or after a later one", async () => {
      for (const nonce of [0n, 1n, 4n, 5n]) await refused(nonce, rateOf(start + 1n), "OldNonce");
      await accepted(6n, rateOf(start + 1n));
      await accepted(2n ** 64n - 1n, rateOf(start + 1n));
      await refused(7n, rateOf(start + 2n), "OldNonce");
    });

    it("may be of the same time, and not of an earlier one", async () => {
      await refused(6n, rateOf(start - 1n), "OldTime");
      await accepted(6n, rateOf(start));
    });

    it("may be ahead of Polygon's clock by 15 minutes, and not by more", async () => {
      const { feed } = polygon;
      const then = (await now()) + 10n;
      const early = rateOf(then + 901n);
      await at(then, () =>
        expect(push(6n, early))
          .to.emit(feed, "RateRefused")
          .withArgs(6n, numberOf("FutureTime"), ...values(early)),
      );
      const late = rateOf(then + 901n);
      await at(then + 1n, () =>
        expect(push(6n, late))
          .to.emit(feed, "RateAccepted")
          .withArgs(6n, ...values(late)),
      );
      expect(await feed.isStale(0n)).to.equal(false);
      await refused(7n, rateOf(MAX), "FutureTime");
    });

    for (const [what, change] of [
      ["no shares", { totalSupply: 0n }],
      ["nothing at all, with a loss", { totalAssets: 0n, totalSupply: 0n, lossCount: 1n }],
      ["more assets than 104 bits", { totalAssets: WIDEST + 1n }],
      ["more shares than 104 bits, with a loss", { totalSupply: WIDEST + 1n, lossCount: 1n }],
      ["more losses than 32 bits", { lossCount: 2n ** 32n }],
    ] as const) {
      it(`cannot be ${what}`, () => refused(6n, rateOf(start + 1n, 0n, change), "Impossible"));
    }

    it("A95: can be lower by no wei without a new loss", async () => {
      await refused(6n, rateOf(start + 1n, 0n, { totalAssets: SHARES - 1n }), "Fell");
      await refused(6n, rateOf(start + 1n, 0n, { totalSupply: SHARES + 1n }), "Fell");
      await refused(6n, rateOf(start + 1n, 0n, { totalAssets: 0n }), "Fell");
    });

    it("can be of other totals with the same quotient", async () => {
      await accepted(6n, rateOf(start + 1n, 0n, { totalAssets: 7n, totalSupply: 7n }));
      await accepted(7n, rateOf(start + 2n, 0n, { totalAssets: WIDEST, totalSupply: WIDEST }));
    });

    for (const [what, totalAssets] of [
      ["by a wei", SHARES - 1n],
      ["by half", SHARES / 2n],
      ["to a wei", 1n],
      ["to nothing", 0n],
    ] as const) {
      it(`A72: with a new loss can be lower ${what}`, () =>
        accepted(6n, rateOf(start + 1n, 0n, { totalAssets, lossCount: 1n })));
    }

    it("A72: a loss counts once, and there are never fewer", async () => {
      await accepted(6n, rateOf(start + 1n, 0n, { totalAssets: SHARES / 2n, lossCount: 3n }));
      await refused(7n, rateOf(start + 2n, 0n, { totalAssets: SHARES / 2n - 1n, lossCount: 3n }), "Fell");
      await refused(7n, rateOf(start + 2n, 0n, { totalAssets: SHARES / 2n, lossCount: 2n }), "FewerLosses");
      await accepted(7n, rateOf(start + 2n, 0n, { totalAssets: SHARES / 2n - 1n, lossCount: 4n }));
    });

    it("after a total loss can be nothing again, with a later time, and no more", async () => {
      await accepted(6n, rateOf(start + 1n, 0n, { totalAssets: 0n, lossCount: 1n }));
      await refused(7n, rateOf(start + YEAR, 0n, { totalAssets: 1n, lossCount: 1n }), "GrewTooFast");
      await accepted(7n, rateOf(start + 2n, 0n, { totalAssets: 0n, lossCount: 1n }));
    });

    describe("A95: that is higher", () => {
      for (const seconds of [0n, 1n, 3_600n, DAY, 30n * DAY, YEAR]) {
        it(`after ${seconds} seconds grew by at most as much as they allow, and half a day`, async () => {
          const most = rateOf(start + seconds, seconds + SAVED);
          await refused(6n, { ...most, totalAssets: most.totalAssets + 1n }, "GrewTooFast");
          await accepted(6n, most);
        });
      }

      it("counts the time on Ethereum, not that of its arrival", async () => {
        await time.increase(YEAR);
        await refused(6n, rateOf(start + 10n, SAVED + 11n), "GrewTooFast");
      });

      it("has the same bound with a new loss", async () => {
        await refused(6n, rateOf(start, SAVED + 1n, { lossCount: 1n }), "GrewTooFast");
        await accepted(6n, rateOf(start, SAVED, { lossCount: 1n }));
      });

      it("uses up what is saved: many messages of one time are not many days", async () => {
        await accepted(6n, rateOf(start, SAVED - 10n));
        // A step of one wei more is counted as a second.
        for (let nonce = 7n; nonce <= 16n; nonce++) {
          await accepted(
            nonce,
            rateOf(start, SAVED - 10n, { totalAssets: rateOf(start, SAVED - 10n).totalAssets + nonce }),
          );
        }
        await refused(
          17n,
          rateOf(start, SAVED - 10n, { totalAssets: rateOf(start, SAVED - 10n).totalAssets + 17n }),
          "GrewTooFast",
        );
      });

      it("saves up half a day and no more, however little the last one grew", async () => {
        await accepted(6n, rateOf(start + 300n * DAY));
        await refused(7n, rateOf(start + 300n * DAY + 5n, SAVED + 6n), "GrewTooFast");
        await accepted(7n, rateOf(start + 300n * DAY + 5n, SAVED + 5n));
      });

      it("is refused until time has caught up with it, and then accepted", async () => {
        const jump = SHARES / 10n;
        const seconds = YEAR / 10n;
        const high = { totalAssets: SHARES + jump };
        await refused(6n, rateOf(start + DAY, 0n, high), "GrewTooFast");
        await refused(7n, rateOf(start + seconds - SAVED - 1n, 0n, high), "GrewTooFast");
        await accepted(8n, rateOf(start + seconds - SAVED, 0n, high));
      });

      it("after a loss grows from where it fell to", async () => {
        await accepted(6n, rateOf(start, 0n, { totalAssets: SHARES / 2n, lossCount: 1n }));
        const most = SHARES / 2n + (1_000n + SAVED) * (SECOND / 2n);
        await refused(7n, rateOf(start + 1_000n, 0n, { totalAssets: most + 1n, lossCount: 1n }), "GrewTooFast");
        await accepted(7n, rateOf(start + 1_000n, 0n, { totalAssets: most, lossCount: 1n }));
      });
    });

    it("a refused one leaves its number to nobody: a later one is taken, an earlier too if it is newer", async () => {
      await refused(9n, rateOf(start + 1n, 2n * DAY), "GrewTooFast");
      await accepted(7n, rateOf(start + 1n, 1n));
    });
  });

  describe("views", () => {
    const totalAssets = 1_370n * ONE + 1n;
    const totalSupply = 1_000n * ONE;

    it("SRATE-1: are quotients of the totals, each rounded down once", async () => {
      const { feed } = polygon;
      await push(1n, { totalAssets, totalSupply, lossCount: 0n, time: start });
      expect(await feed.getRate()).to.equal((ONE * totalAssets) / totalSupply);
      expect(await feed.ratio()).to.equal((ONE * totalSupply) / totalAssets);
      for (const amount of [0n, 1n, 2n, ONE - 1n, 10n ** 30n]) {
        expect(await feed.convertToAssets(amount)).to.equal((amount * totalAssets) / totalSupply);
        expect(await feed.convertToShares(amount)).to.equal((amount * totalSupply) / totalAssets);
      }
      const product = ((await feed.getRate()) * (await feed.ratio())) / ONE;
      expect(product <= ONE && product >= ONE - 3n).to.equal(true);
    });

    it("SRATE-2, X-18: answer however old the rate is, with its true time", async () => {
      const { feed } = polygon;
      await push(1n, { totalAssets, totalSupply, lossCount: 0n, time: start });
      await time.increase(1_000n * DAY);
      expect(await feed.getRate()).to.equal((ONE * totalAssets) / totalSupply);
      expect(await feed.lastUpdated()).to.equal(start);
    });

    it("SRATE-2: answer after a total loss", async () => {
      const { feed } = polygon;
      await push(1n, { totalAssets, totalSupply, lossCount: 0n, time: start });
      await push(2n, { totalAssets: 0n, totalSupply, lossCount: 1n, time: start });
      expect(await feed.totals()).to.deep.equal([0n, totalSupply]);
      expect([await feed.getRate(), await feed.ratio()]).to.deep.equal([0n, MAX]);
      expect([await feed.convertToAssets(MAX), await feed.convertToShares(MAX)]).to.deep.equal([0n, 0n]);
    });

    it("is stale when it is older than asked, by its time on Ethereum", async () => {
      const { feed } = polygon;
      await push(1n, rateOf(start - 100n));
      await time.increaseTo(start + 1_000n);
      expect([await feed.isStale(1_099n), await feed.isStale(1_100n), await feed.isStale(MAX)]).to.deep.equal([
        true,
        false,
        false,
      ]);
      await push(2n, rateOf(start + 1_000n));
      await time.increaseTo(start + 1_100n);
      expect([await feed.isStale(99n), await feed.isStale(100n)]).to.deep.equal([true, false]);
    });
  });

  describe("latest", () => {
    /** All of it: the totals, the time, and the time of the last loss. */
    const latest = async (): Promise<bigint[]> => [...(await polygon.feed.latest())];
    const lower = (when: bigint, lossCount: bigint, totalAssets = SHARES / 2n): Rate =>
      rateOf(when, 0n, { totalAssets, lossCount });

    it("is the last rate, without a time of a loss while there was none", async () => {
      await push(1n, rateOf(start));
      expect(await latest()).to.deep.equal([SHARES, SHARES, start, 0n]);
      await push(2n, rateOf(start + 9n, 9n));
      expect(await latest()).to.deep.equal([SHARES + 9n * SECOND, SHARES, start + 9n, 0n]);
    });

    it("A72: has the time of the rate that brought a loss: the same while no later rate has confirmed it", async () => {
      await push(1n, rateOf(start));
      await push(2n, lower(start + 5n, 1n));
      expect(await latest()).to.deep.equal([SHARES / 2n, SHARES, start + 5n, start + 5n]);
      await push(3n, lower(start + 5n, 1n));
      expect(await latest()).to.deep.equal([SHARES / 2n, SHARES, start + 5n, start + 5n]);
      await push(4n, lower(start + 6n, 1n));
      expect(await latest()).to.deep.equal([SHARES / 2n, SHARES, start + 6n, start + 5n]);
    });

    it("A72: keeps the time of a loss over any number of later rates, until the next loss", async () => {
      await push(1n, rateOf(start));
      await push(2n, lower(start + 5n, 1n));
      for (let step = 1n; step <= 3n; step++) await push(2n + step, lower(start + 5n + step, 1n));
      expect((await latest())[3]).to.equal(start + 5n);
      await push(9n, lower(start + 20n, 4n, SHARES / 3n));
      expect(await latest()).to.deep.equal([SHARES / 3n, SHARES, start + 20n, start + 20n]);
    });

    it("A72: a first rate with losses brought them", async () => {
      await push(1n, rateOf(start - 3n, 0n, { lossCount: 2n }));
      expect(await latest()).to.deep.equal([SHARES, SHARES, start - 3n, start - 3n]);
    });

    it("A72: a loss after which a share is worth no less counts too", async () => {
      await push(1n, rateOf(start));
      await push(2n, rateOf(start + 5n, 5n, { lossCount: 1n }));
      expect(await latest()).to.deep.equal([SHARES + 5n * SECOND, SHARES, start + 5n, start + 5n]);
    });

    it("A72: a total loss counts as any", async () => {
      await push(1n, rateOf(start));
      await push(2n, lower(start + 5n, 1n, 0n));
      expect(await latest()).to.deep.equal([0n, SHARES, start + 5n, start + 5n]);
    });

    for (const [what, rate] of [
      ["of a fall without a loss", () => lower(start + 30n, 1n, SHARES / 3n)],
      ["of fewer losses", () => lower(start + 30n, 0n, SHARES / 3n)],
      ["of a loss and too much growth", () => rateOf(start + 30n, 2n * DAY, { lossCount: 9n })],
      ["of a loss before the last rate", () => lower(start - 1n, 9n)],
      ["of a loss that has not come yet", () => lower(start + YEAR, 9n)],
    ] as const) {
      it(`is not moved by a refused rate ${what}`, async () => {
        await push(1n, rateOf(start));
        await push(2n, lower(start + 20n, 1n));
        const before = await latest();
        await push(3n, rate());
        expect(await latest()).to.deep.equal(before);
      });
    }

    it("reads the time of a loss beside the largest count of losses", async () => {
      await push(2n ** 64n - 1n, rateOf(start, 0n, { lossCount: 2n ** 32n - 1n }));
      expect((await latest())[3]).to.equal(start);
    });
  });

  describe("storage", () => {
    it("S7201-1: is two words under its root: what readers need is the first", async () => {
      await push(3n, { totalAssets: 11n, totalSupply: 10n, lossCount: 7n, time: start });
      await push(4n, { totalAssets: 22n, totalSupply: 20n, lossCount: 7n, time: start + 1n });
      const [first = ZeroHash, second = ZeroHash, third = ZeroHash] = await words();
      expect(first).to.equal(toBeHex(((start + 1n) << 208n) | (20n << 104n) | 22n, 32));
      // Half a day before the first rate is where growth may begin; the first rate brought the losses.
      const grownUntil = start - SAVED;
      expect(second).to.equal(toBeHex((start << 144n) | (grownUntil << 96n) | (7n << 64n) | 4n, 32));
      expect(third).to.equal(ZeroHash);
    });

    it("S7201-3: is safe to upgrade, by OpenZeppelin's checks, and kept over an upgrade", async () => {
      const { feed, adapter } = polygon;
      const factory = await ethers.getContractFactory("RatioFeed");
      const options = { kind: "uups" as const, constructorArgs: [adapter.address] };
      expect(await upgrades.validateImplementation(factory, options).then(() => "safe", String)).to.equal("safe");
      await push(3n, rateOf(start, 5n, { lossCount: 2n }));
      const before = await words();
      await asUpgrader(polygon, feed, upgradeCall(await nextFeed(polygon)));
      expect(await words()).to.deep.equal(before);
      await accepted(4n, rateOf(start + DAY, 10n, { lossCount: 2n }));
    });
  });
});
