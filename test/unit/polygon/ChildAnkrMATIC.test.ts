import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers, upgrades } from "hardhat";

import { behavesLikeERC20 } from "../../behaviors/ERC20.behavior";
import { behavesLikeERC7281 } from "../../behaviors/ERC7281.behavior";
import { behavesLikeUUPS } from "../../behaviors/UUPS.behavior";
import { DAY, MAX, ONE } from "../../support/fixture";
import { changingFunctionsOf, functionsOf } from "../../support/functions";
import { BURNING, MINTING, SUPPLY_CAP, at, now, polygonFixture } from "../../support/polygon";
import { scheduled, scheduledLimits } from "../../support/polygon";
import type { Polygon } from "../../support/polygon";
import { asUpgrader, upgradeCall } from "../../support/upgrades";
import { ChildAnkrMATIC__factory, IERC7281__factory, Upgradeable__factory } from "../../../typechain-types";
import { IPermitToken__factory } from "../../typechain-types";

/** Another implementation of the token, with the same feed. */
async function nextToken({ feed, actors }: Polygon): Promise<string> {
  return (await new ChildAnkrMATIC__factory(actors.deployer).deploy(feed)).getAddress();
}

describe("ChildAnkrMATIC", () => {
  let polygon: Polygon;

  behavesLikeERC20(
    async () => {
      const { token, adapter, actors } = await polygonFixture();
      await token.connect(adapter).mint(actors.alice, 1_000n * ONE);
      return {
        token: IPermitToken__factory.connect(await token.getAddress(), actors.alice),
        holder: actors.alice,
        balance: 1_000n * ONE,
        spender: actors.bob,
        recipient: actors.carol,
      };
    },
    { name: "Ankr Staked MATIC", symbol: "ankrMATIC", decimals: 18n },
  );

  behavesLikeERC7281(async () => {
    const world = await polygonFixture();
    const { token, adapter, other, actors } = world;
    return {
      token: IERC7281__factory.connect(await token.getAddress(), adapter),
      bridge: adapter,
      minting: MINTING,
      burning: BURNING,
      second: other,
      user: actors.alice,
      stranger: actors.stranger,
      prepare: ({ address }, minting, burning) => scheduledLimits(world, "upgrader", address, minting, burning),
      setLockbox: async (lockbox) => {
        const data = token.interface.encodeFunctionData("setLockbox", [lockbox]);
        return (await scheduled(world, "upgrader", token, data))();
      },
    };
  });

  behavesLikeUUPS(async () => {
    const world = await polygonFixture();
    const { token, manager, actors } = world;
    return {
      context: world,
      proxy: Upgradeable__factory.connect(await token.getAddress(), actors.stranger),
      initialization: token.interface.encodeFunctionData("initialize", [await manager.getAddress(), ONE]),
      next: () => nextToken(world),
    };
  });

  describe("when it is deployed", () => {
    beforeEach(async () => {
      polygon = await polygonFixture();
    });

    it("has no supply, its feed, and a cap", async () => {
      const { token, feed } = polygon;
      expect(await token.totalSupply()).to.equal(0n);
      expect(await token.FEED()).to.equal(await feed.getAddress());
      expect(await token.supplyCap()).to.equal(SUPPLY_CAP);
      expect(await token.isRebasing()).to.equal(false);
    });

    it("needs a feed", async () => {
      const factory = new ChildAnkrMATIC__factory(polygon.actors.deployer);
      await expect(factory.deploy(ZeroAddress)).to.be.revertedWithCustomError(factory, "ZeroAddress");
    });

    it("A66, S3156-1: has no function of the PoS bridge's tokens, and no flash mint", () => {
      const { token } = polygon;
      for (const name of ["withdraw", "deposit", "withdrawTo", "depositFor", "flashLoan", "changeChildChain"]) {
        expect(token.interface.hasFunction(name), name).to.equal(false);
      }
    });

    it("S7201-3: is safe to upgrade, by OpenZeppelin's checks", async () => {
      const factory = await ethers.getContractFactory("ChildAnkrMATIC");
      const options = { kind: "uups" as const, constructorArgs: [await polygon.feed.getAddress()] };
      const verdict = await upgrades.validateImplementation(factory, options).then(() => "safe", String);
      expect(verdict).to.equal("safe");
    });

    it("S7201-3, S5267-4: keeps balances, limits, cap and domain over an upgrade", async () => {
      const { token, adapter, actors } = polygon;
      await token.connect(adapter).mint(actors.alice, 7n * ONE);
      const state = async () => ({
        supply: await token.totalSupply(),
        alice: await token.balanceOf(actors.alice),
        limits: [await token.mintingMaxLimitOf(adapter), await token.burningMaxLimitOf(adapter)],
        ceilings: await token.ceilingsOf(adapter),
        cap: await token.supplyCap(),
        domain: await token.eip712Domain(),
        feed: await token.FEED(),
      });
      const before = await state();
      await asUpgrader(polygon, token, upgradeCall(await nextToken(polygon)));
      expect(await state()).to.deep.equal(before);
      await token.connect(adapter).mint(actors.alice, ONE);
      expect(await token.balanceOf(actors.alice)).to.equal(8n * ONE);
    });
  });

  describe("what a share is worth", () => {
    const RATE = { totalAssets: 1_370n * ONE + 1n, totalSupply: 1_000n * ONE };

    beforeEach(async () => {
      polygon = await polygonFixture();
    });

    it("X-18, A73: is not known before the first rate; balances and transfers do not need it", async () => {
      const { token, feed, adapter, actors } = polygon;
      await token.connect(adapter).mint(actors.alice, ONE);
      const reads = [
        () => token.getRate(),
        () => token.ratio(),
        () => token.sharesToBonds(1n),
        () => token.bondsToShares(1n),
        () => token.balanceWithRewardsOf(actors.alice),
      ];
      for (const read of reads) await expect(read()).to.be.revertedWithCustomError(feed, "NoRate");
      await token.connect(actors.alice).transfer(actors.bob, ONE);
    });

    it("is the feed's: the quotient of the totals on Ethereum, rounded down", async () => {
      const { token, feed, adapter, actors } = polygon;
      await feed.connect(adapter).push(1n, { ...RATE, lossCount: 0n, time: await now() });
      await token.connect(adapter).mint(actors.alice, 3n * ONE + 1n);
      const { totalAssets, totalSupply } = RATE;
      expect(await token.getRate()).to.equal((ONE * totalAssets) / totalSupply);
      expect(await token.ratio()).to.equal((ONE * totalSupply) / totalAssets);
      expect(await token.sharesToBonds(12_345n)).to.equal((12_345n * totalAssets) / totalSupply);
      expect(await token.bondsToShares(12_345n)).to.equal((12_345n * totalSupply) / totalAssets);
      const worth = ((3n * ONE + 1n) * totalAssets) / totalSupply;
      expect(await token.balanceWithRewardsOf(actors.alice)).to.equal(worth);
      expect(await token.balanceWithRewardsOf(actors.bob)).to.equal(0n);
    });

    it("SRATE-2: is nothing after a total loss, and any number of shares for a MATIC", async () => {
      const { token, feed, adapter } = polygon;
      await feed.connect(adapter).push(1n, { ...RATE, lossCount: 0n, time: await now() });
      await feed.connect(adapter).push(2n, { ...RATE, totalAssets: 0n, lossCount: 1n, time: await now() });
      expect(await token.getRate()).to.equal(0n);
      expect(await token.ratio()).to.equal(MAX);
      expect(await token.sharesToBonds(ONE)).to.equal(0n);
      expect(await token.bondsToShares(ONE)).to.equal(0n);
    });
  });

  describe("who may what", () => {
    beforeEach(async () => {
      polygon = await polygonFixture();
    });

    it("A01: takes orders in these functions alone, and from no stranger, user or bridge", async () => {
      const { token, adapter, other, actors } = polygon;
      const orders = {
        setLimits: [adapter.address, 1n, 1n],
        adjustLimits: [adapter.address, 1n, 1n],
        lowerMintingLimit: [adapter.address, 1n],
        setSupplyCap: [1n],
        setLockbox: [ZeroAddress],
        upgradeToAndCall: [adapter.address, "0x"],
      } as const;
      for (const [name, args] of Object.entries(orders)) {
        const data = token.interface.encodeFunctionData(name as "setLimits", [...args] as [string, bigint, bigint]);
        for (const account of [actors.stranger, actors.deployer, actors.alice, adapter, other]) {
          await expect(account.sendTransaction({ to: token, data }), name)
            .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
            .withArgs(account.address);
        }
      }
      const users = ["approve", "transfer", "transferFrom", "permit", "mint", "burn"];
      const others = ["initialize", "setAuthority"];
      expect(
        changingFunctionsOf(token)
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal([...Object.keys(orders), ...users, ...others].sort());
      expect(functionsOf(token).filter(({ payable }) => payable)).to.have.length(1);
    });

    describe("setLimits", () => {
      it("A77: is the upgrader's, after seven days: neither manager nor guardian lists a bridge", async () => {
        const { token, manager, other, actors } = polygon;
        for (const account of [actors.manager, actors.guardian]) {
          await expect(token.connect(account).setLimits(other, 1n, 1n))
            .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
            .withArgs(account.address);
        }
        await expect(token.connect(actors.upgrader).setLimits(other, 1n, 1n)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotScheduled",
        );
        const list = await scheduledLimits(polygon, "upgrader", other.address, 5n, 3n);
        const sent = await list();
        await expect(sent).to.emit(token, "BridgeCeilingsSet").withArgs(other.address, 5n, 3n);
        await expect(sent).to.emit(token, "BridgeLimitsSet").withArgs(5n, 3n, other.address);
        expect(await token.ceilingsOf(other)).to.deep.equal([5n, 3n]);
      });

      it("A74: takes 1e30 wei on either side, and nothing above", async () => {
        const { token, other } = polygon;
        const most = 10n ** 30n;
        for (const [minting, burning, bad] of [
          [most + 1n, 0n, most + 1n],
          [0n, most + 1n, most + 1n],
          [MAX, MAX, MAX],
        ] as const) {
          await expect((await scheduledLimits(polygon, "upgrader", other.address, minting, burning))())
            .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
            .withArgs(bad, most);
        }
        await (
          await scheduledLimits(polygon, "upgrader", other.address, most, most)
        )();
        expect(await token.mintingMaxLimitOf(other)).to.equal(most);
      });

      it("refuses the zero address", async () => {
        const { token } = polygon;
        const list = await scheduledLimits(polygon, "upgrader", ZeroAddress, 1n, 1n);
        await expect(list()).to.be.revertedWithCustomError(token, "ZeroAddress");
      });

      it("takes a bridge off the list with zeros: the manager cannot bring it back", async () => {
        const { token, adapter } = polygon;
        await (
          await scheduledLimits(polygon, "upgrader", adapter.address, 0n, 0n)
        )();
        expect(await token.ceilingsOf(adapter)).to.deep.equal([0n, 0n]);
        await expect((await scheduledLimits(polygon, "manager", adapter.address, 1n, 0n))())
          .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
          .withArgs(1n, 0n);
      });
    });

    describe("adjustLimits", () => {
      it("is the manager's, after a day, up to the ceilings", async () => {
        const { token, manager, adapter, actors } = polygon;
        await expect(token.connect(actors.manager).adjustLimits(adapter, 1n, 1n)).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotScheduled",
        );
        const lower = await scheduledLimits(polygon, "manager", adapter.address, 2n, BURNING / 2n);
        const raise = await scheduledLimits(polygon, "manager", adapter.address, MINTING, BURNING);
        const start = (await now()) + 100n;
        await at(start, lower);
        expect([await token.mintingMaxLimitOf(adapter), await token.burningMaxLimitOf(adapter)]).to.deep.equal([
          2n,
          BURNING / 2n,
        ]);
        await at(start + 1n, () =>
          expect(raise()).to.emit(token, "BridgeLimitsSet").withArgs(MINTING, BURNING, adapter.address),
        );
        expect(await token.mintingCurrentLimitOf(adapter)).to.equal(2n);
        expect(await token.burningCurrentLimitOf(adapter)).to.equal(BURNING / 2n);
        expect(await token.ceilingsOf(adapter)).to.deep.equal([MINTING, BURNING]);
      });

      for (const [side, more] of [
        ["minting", [MINTING + 1n, BURNING]],
        ["burning", [MINTING, BURNING + 1n]],
      ] as const) {
        it(`A77: does not raise ${side} above its ceiling`, async () => {
          const { token, adapter } = polygon;
          const ceiling = side === "minting" ? MINTING : BURNING;
          await expect((await scheduledLimits(polygon, "manager", adapter.address, ...more))())
            .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
            .withArgs(ceiling + 1n, ceiling);
        });
      }

      it("A77: gives nothing to an account that is not listed", async () => {
        const { token, other } = polygon;
        await expect((await scheduledLimits(polygon, "manager", other.address, 0n, 1n))())
          .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
          .withArgs(1n, 0n);
      });

      it("leaves burning a tenth of its ceiling, and refuses a wei less", async () => {
        const { token, adapter } = polygon;
        const least = BURNING / 10n;
        for (const [minting, burning] of [
          [MINTING, least - 1n],
          [0n, 0n],
        ] as const) {
          await expect((await scheduledLimits(polygon, "manager", adapter.address, minting, burning))())
            .to.be.revertedWithCustomError(token, "BurningLimitTooLow")
            .withArgs(burning, least);
        }
        expect(await token.burningMaxLimitOf(adapter)).to.equal(BURNING);
        await expect((await scheduledLimits(polygon, "manager", adapter.address, 0n, least))())
          .to.emit(token, "BridgeLimitsSet")
          .withArgs(0n, least, adapter.address);
        expect(await token.burningCurrentLimitOf(adapter)).to.equal(least);
        // The tenth is the ceiling's, which the manager does not move: it does not shrink with the limit.
        await expect((await scheduledLimits(polygon, "manager", adapter.address, 0n, least - 1n))())
          .to.be.revertedWithCustomError(token, "BurningLimitTooLow")
          .withArgs(least - 1n, least);
      });

      for (const [ceiling, least] of [
        [1n, 1n],
        [9n, 1n],
        [10n, 1n],
        [11n, 2n],
        [10n ** 30n - 1n, 10n ** 29n],
      ] as const) {
        it(`rounds that tenth up: of ${ceiling} wei it is ${least}`, async () => {
          const { token, other } = polygon;
          await (
            await scheduledLimits(polygon, "upgrader", other.address, 0n, ceiling)
          )();
          await expect((await scheduledLimits(polygon, "manager", other.address, 0n, least - 1n))())
            .to.be.revertedWithCustomError(token, "BurningLimitTooLow")
            .withArgs(least - 1n, least);
          await (
            await scheduledLimits(polygon, "manager", other.address, 0n, least)
          )();
          expect(await token.burningMaxLimitOf(other)).to.equal(least);
        });
      }

      it("is in vain for an account that is not listed: zeros stay zeros", async () => {
        const { token, other } = polygon;
        await expect((await scheduledLimits(polygon, "manager", other.address, 0n, 0n))())
          .to.emit(token, "BridgeLimitsSet")
          .withArgs(0n, 0n, other.address);
        expect(await token.mintingMaxLimitOf(other)).to.equal(0n);
      });
    });

    describe("lowerMintingLimit", () => {
      it("A77: is the guardian's, at once: one call stops a bridge", async () => {
        const { token, adapter, actors } = polygon;
        await expect(token.connect(actors.guardian).lowerMintingLimit(adapter, 0n))
          .to.emit(token, "BridgeLimitsSet")
          .withArgs(0n, BURNING, adapter.address);
        await expect(token.connect(adapter).mint(actors.alice, 1n)).to.be.revertedWithCustomError(
          token,
          "IXERC20_NotHighEnoughLimits",
        );
        expect(await token.ceilingsOf(adapter)).to.deep.equal([MINTING, BURNING]);
      });

      it("leaves burning as it is, by which holders leave", async () => {
        const { token, adapter, actors } = polygon;
        await token.connect(actors.guardian).lowerMintingLimit(adapter, 1n);
        expect(await token.mintingCurrentLimitOf(adapter)).to.equal(1n);
        expect(await token.burningCurrentLimitOf(adapter)).to.equal(BURNING);
      });

      it("takes not a wei of what refills for burning, in however many calls", async () => {
        const { token, adapter, actors } = polygon;
        await token.connect(adapter).mint(adapter, BURNING);
        const empty = (await now()) + 100n;
        await at(empty, () => token.connect(adapter).burn(adapter, BURNING));
        for (let second = 1n; second <= 30n; second++) {
          await at(empty + second, () => token.connect(actors.guardian).lowerMintingLimit(adapter, MINTING - second));
          expect(await token.burningCurrentLimitOf(adapter)).to.equal((BURNING * second) / DAY);
        }
      });

      it("of a bridge that is not listed can be nothing but zero", async () => {
        const { token, other, actors } = polygon;
        const guardian = token.connect(actors.guardian);
        await expect(guardian.lowerMintingLimit(other, 1n))
          .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
          .withArgs(1n, 0n);
        await expect(guardian.lowerMintingLimit(other, 0n))
          .to.emit(token, "BridgeLimitsSet")
          .withArgs(0n, 0n, other.address);
      });

      it("raises nothing, not even what it lowered", async () => {
        const { token, adapter, actors } = polygon;
        const guardian = token.connect(actors.guardian);
        await guardian.lowerMintingLimit(adapter, 5n);
        await expect(guardian.lowerMintingLimit(adapter, 6n))
          .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
          .withArgs(6n, 5n);
      });

      it("is not the manager's", async () => {
        const { token, adapter, actors } = polygon;
        await expect(token.connect(actors.manager).lowerMintingLimit(adapter, 0n))
          .to.be.revertedWithCustomError(token, "AccessManagedUnauthorized")
          .withArgs(actors.manager.address);
      });
    });

    describe("setSupplyCap", () => {
      const setCap = async (cap: bigint) => {
        const { token } = polygon;
        return scheduled(polygon, "upgrader", token, token.interface.encodeFunctionData("setSupplyCap", [cap]));
      };

      it("A77: bounds the supply whatever the limits: the room counts in what a bridge can mint", async () => {
        const { token, adapter, actors } = polygon;
        await expect((await setCap(10n))())
          .to.emit(token, "SupplyCapSet")
          .withArgs(SUPPLY_CAP, 10n);
        expect(await token.mintingCurrentLimitOf(adapter)).to.equal(10n);
        await expect(token.connect(adapter).mint(actors.alice, 11n)).to.be.revertedWithCustomError(
          token,
          "IXERC20_NotHighEnoughLimits",
        );
        await token.connect(adapter).mint(adapter, 10n);
        expect(await token.mintingCurrentLimitOf(adapter)).to.equal(0n);
        await token.connect(adapter).burn(adapter, 4n);
        expect(await token.mintingCurrentLimitOf(adapter)).to.equal(4n);
      });

      it("below the supply stops minting, and takes nothing from holders", async () => {
        const { token, adapter, actors } = polygon;
        await token.connect(adapter).mint(actors.alice, 10n);
        await (
          await setCap(4n)
        )();
        expect(await token.mintingCurrentLimitOf(adapter)).to.equal(0n);
        await token.connect(adapter).mint(actors.alice, 0n);
        await expect(token.connect(adapter).mint(actors.alice, 1n)).to.be.revertedWithCustomError(
          token,
          "IXERC20_NotHighEnoughLimits",
        );
        await token.connect(actors.alice).transfer(actors.bob, 10n);
        await token.connect(actors.bob).approve(adapter, 10n);
        await token.connect(adapter).burn(actors.bob, 10n);
        expect(await token.totalSupply()).to.equal(0n);
      });

      it("is at most 1e30 wei", async () => {
        const { token } = polygon;
        await expect((await setCap(10n ** 30n + 1n))())
          .to.be.revertedWithCustomError(token, "LimitOutOfBounds")
          .withArgs(10n ** 30n + 1n, 10n ** 30n);
        await (
          await setCap(10n ** 30n)
        )();
        expect(await token.supplyCap()).to.equal(10n ** 30n);
      });
    });

    it("X-17: there is no lockbox: any address but zero is refused, even from the upgrader", async () => {
      const { token, adapter } = polygon;
      const data = token.interface.encodeFunctionData("setLockbox", [adapter.address]);
      await expect((await scheduled(polygon, "upgrader", token, data))())
        .to.be.revertedWithCustomError(token, "NoLockbox")
        .withArgs(adapter.address);
    });
  });
});
