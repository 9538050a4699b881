import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { DAY, MAX, ONE } from "../../support/fixture";
import { BURNING, MINTING, at, now, polygonFixture, scheduled, scheduledLimits } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";

describe("findings: the token on Polygon and its bridges", () => {
  let polygon: Polygon;

  beforeEach(async () => {
    polygon = await polygonFixture();
  });

  const mint = (amount: bigint) => {
    const { token, adapter, actors } = polygon;
    return token.connect(adapter).mint(actors.alice, amount);
  };
  const current = (): Promise<bigint> => polygon.token.mintingCurrentLimitOf(polygon.adapter);
  const tooMuch = (call: Promise<unknown>) =>
    expect(call).to.be.revertedWithCustomError(polygon.token, "IXERC20_NotHighEnoughLimits").withArgs();

  describe("A74: limits too large or too small", () => {
    /** What all views of a bridge say. */
    const views = async (bridge: string): Promise<bigint[]> => {
      const { token } = polygon;
      return [
        await token.mintingMaxLimitOf(bridge),
        await token.burningMaxLimitOf(bridge),
        await token.mintingCurrentLimitOf(bridge),
        await token.burningCurrentLimitOf(bridge),
      ];
    };

    for (const limit of [0n, 1n, 86_399n, 86_401n, 10n ** 28n]) {
      it(`A74: a limit of ${limit} wei is whole after 24 hours, as often as it is used`, async () => {
        const { token, other, actors } = polygon;
        await (
          await scheduledLimits(polygon, "upgrader", other.address, limit, limit)
        )();
        for (let use = 0; use < 3; use++) {
          const then = await now();
          await time.increaseTo(then + DAY);
          expect(await views(other.address)).to.deep.equal([limit, limit, limit, limit]);
          if (limit === 0n) continue;
          await token.connect(other).mint(other, limit);
          await token.connect(other).burn(other, limit);
          expect(await token.burningCurrentLimitOf(other)).to.equal(0n);
        }
        expect(await token.balanceOf(actors.alice)).to.equal(0n);
      });
    }

    it("A74: limits that would overflow in the refill cannot be set, and the bridge goes on as before", async () => {
      const { token, adapter } = polygon;
      for (const limit of [10n ** 30n + 1n, 2n ** 208n - 1n, 2n ** 208n, 2n ** 255n, MAX]) {
        await expect((await scheduledLimits(polygon, "upgrader", adapter.address, limit, 1n))())
          .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
          .withArgs(limit, 10n ** 30n);
      }
      expect(await views(adapter.address)).to.deep.equal([MINTING, BURNING, MINTING, BURNING]);
      await mint(MINTING);
    });

    it("A74: at the largest limit nothing overflows, at any age", async () => {
      const { token, other } = polygon;
      const most = 10n ** 30n;
      await (
        await scheduledLimits(polygon, "upgrader", other.address, most, most)
      )();
      await time.increase(100_000n * DAY);
      expect(await token.mintingMaxLimitOf(other)).to.equal(most);
      expect(await token.burningCurrentLimitOf(other)).to.equal(most);
      await token.connect(other).mint(other, await token.mintingCurrentLimitOf(other));
    });
  });

  describe("A75: a limit that is changed in the middle of its day", () => {
    it("A75: use, lower and raise one after the other: never more than the new limit less what was used", async () => {
      const { token, adapter, actors } = polygon;
      const raise = await scheduledLimits(polygon, "manager", adapter.address, MINTING, BURNING);
      const start = (await now()) + 100n;
      await at(start, () => mint(MINTING - 10n * ONE));
      await at(start + 1n, () => token.connect(actors.guardian).lowerMintingLimit(adapter, 4n * ONE));
      expect(await current()).to.equal(4n * ONE);
      await at(start + 2n, raise);
      // The lower limit was full: the raise begins at it.
      expect(await current()).to.equal(4n * ONE);
      await time.setNextBlockTimestamp(start + 3n);
      await tooMuch(mint(4n * ONE + MINTING / DAY + 1n));
      await time.increaseTo(start + 2n + DAY / 2n);
      expect(await current()).to.equal(4n * ONE + MINTING / 2n);
    });

    it("A75: who acts between lowering and raising gains nothing", async () => {
      const { token, adapter, actors } = polygon;
      const raise = await scheduledLimits(polygon, "manager", adapter.address, MINTING, BURNING);
      const start = (await now()) + 100n;
      await at(start, () => mint(MINTING));
      await at(start + 1n, () => token.connect(actors.guardian).lowerMintingLimit(adapter, ONE));
      const back = MINTING / DAY;
      expect(await current()).to.equal(back);
      await at(start + 2n, () => mint(back));
      await at(start + 3n, raise);
      expect(await current()).to.equal((2n * ONE) / DAY);
      expect(await token.totalSupply()).to.equal(MINTING + back);
    });

    it("A75: zero stops at once, and what comes after it begins at nothing", async () => {
      const { token, adapter, actors } = polygon;
      const raise = await scheduledLimits(polygon, "manager", adapter.address, MINTING, BURNING);
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      await tooMuch(mint(1n));
      await raise();
      expect(await current()).to.equal(0n);
      await time.increase(DAY);
      expect(await current()).to.equal(MINTING);
    });
  });

  describe("A77: a bridge, or its key, is bad", () => {
    /** The bridge mints all that it can, `days` times, a day apart. */
    async function plunder(days: number): Promise<bigint> {
      const { token, adapter } = polygon;
      let minted = 0n;
      for (let day = 0; day < days; day++) {
        const amount = await current();
        await token.connect(adapter).mint(adapter, amount);
        minted += amount;
        await time.increase(DAY);
      }
      return minted;
    }

    it("A77: in 30 days it mints the cap on the supply and no more, whatever its limit", async () => {
      const { token, adapter } = polygon;
      const cap = 5n * MINTING + 1n;
      const setCap = token.interface.encodeFunctionData("setSupplyCap", [cap]);
      await (
        await scheduled(polygon, "upgrader", token, setCap)
      )();
      expect(await plunder(30)).to.equal(cap);
      expect(await token.totalSupply()).to.equal(cap);
      await tooMuch(token.connect(adapter).mint(adapter, 1n));
    });

    it("A77: it mints its limit in a day and no more, in any pieces", async () => {
      const { token, adapter } = polygon;
      const start = (await now()) + 100n;
      let minted = 0n;
      for (let hour = 0n; hour < 24n; hour++) {
        await time.increaseTo(start + hour * 3_600n);
        const amount = await current();
        await at(start + hour * 3_600n + 1n, () => token.connect(adapter).mint(adapter, amount));
        minted += amount;
      }
      // It started full, and 23 hours of refill came to it.
      expect(minted <= MINTING + (MINTING * 23n) / 24n).to.equal(true);
      expect(await token.totalSupply()).to.equal(minted);
    });

    it("A77: the guardian stops it in one transaction, without delay", async () => {
      const { token, adapter, actors } = polygon;
      await plunder(1);
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      await time.increase(30n * DAY);
      expect(await current()).to.equal(0n);
      await tooMuch(token.connect(adapter).mint(adapter, 1n));
      // Who holds some can leave all the same.
      await token.connect(adapter).burn(adapter, 1n);
      await token.connect(adapter).transfer(actors.bob, ONE);
    });

    it("A77: it is not back before a day, and never above its ceiling; the guardian may cancel that, too", async () => {
      const { token, manager, adapter, actors } = polygon;
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      const raise = token.interface.encodeFunctionData("adjustLimits", [adapter.address, MINTING, BURNING]);
      await manager.connect(actors.manager).schedule(token, raise, 0);
      await manager.connect(actors.guardian).cancel(actors.manager, token, raise);
      await time.increase(DAY);
      await expect(manager.connect(actors.manager).execute(token, raise)).to.be.revertedWithCustomError(
        manager,
        "AccessManagerNotScheduled",
      );
      expect(await current()).to.equal(0n);
    });

    it("A77: it takes nothing from a holder who gave it no allowance", async () => {
      const { token, adapter, actors } = polygon;
      await mint(ONE);
      await expect(token.connect(adapter).burn(actors.alice, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(adapter.address, 0n, 1n);
    });

    it("A77: no other bridge comes up beside it but by the upgrader, after seven days", async () => {
      const { token, manager, other, actors } = polygon;
      const list = token.interface.encodeFunctionData("setLimits", [other.address, MAX, MAX]);
      const at7Days = polygon.params.delays.upgraderSeconds;
      expect(await manager.canCall(actors.upgrader, token, list.slice(0, 10))).to.deep.equal([false, at7Days]);
      for (const account of [actors.manager, actors.guardian, actors.deployer, actors.stranger]) {
        expect(await manager.canCall(account, token, list.slice(0, 10))).to.deep.equal([false, 0n]);
      }
    });
  });
});
