import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { DAY, ONE, asManager, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, shrink } from "../../support/growth";

/** Cap of this file's pools; the seed of 1 POL is in it. */
const CAP = 100n * ONE;
const SHARES_LIMIT = 2n ** 104n - 1n;

describe("PolygonPool, limits of staking", () => {
  let context: Context;

  const stake = (assets: bigint) => context.pool.connect(context.actors.alice).deposit(assets, context.actors.bob);
  const maxDeposit = () => context.pool.maxDeposit(context.actors.bob);
  const maxMint = () => context.pool.maxMint(context.actors.bob);

  /** The most that a deposit takes passes, a wei more does not. */
  async function expectExact(room: bigint): Promise<void> {
    const { pool, actors } = context;
    expect(await maxDeposit()).to.equal(room);
    await pool.connect(actors.alice).deposit.staticCall(room, actors.bob);
    await expect(pool.connect(actors.alice).deposit.staticCall(room + 1n, actors.bob))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(room + 1n, room);

    const shares = await maxMint();
    expect(shares).to.equal(await pool.convertToShares(room));
    await pool.connect(actors.alice).mint.staticCall(shares, actors.bob);
    await expect(pool.connect(actors.alice).mint.staticCall(shares + 2n, actors.bob)).to.be.revertedWithCustomError(
      pool,
      "AboveCap",
    );
  }

  /** Nothing can be staked. */
  async function expectShut(): Promise<void> {
    const { pool, actors } = context;
    expect(await maxDeposit()).to.equal(0n);
    expect(await maxMint()).to.equal(0n);
    await expect(pool.connect(actors.alice).deposit.staticCall(ONE, actors.bob)).to.be.revertedWithCustomError(
      pool,
      "AboveCap",
    );
  }

  beforeEach(async () => {
    context = await fixture({ params: { assetCapWei: CAP } });
  });

  describe("S4626-4: maxDeposit and maxMint are exactly what passes", () => {
    it("in a pool that has its seed alone", async () => {
      await expectExact(99n * ONE);
    });

    it("half-way to the cap", async () => {
      await stake(50n * ONE);
      await expectExact(49n * ONE);
    });

    it("when the smallest stake is just what fits", async () => {
      await stake(98n * ONE);
      await expectExact(ONE);
    });

    it("a wei below that, where there is room that no stake may use", async () => {
      await stake(98n * ONE + 1n);
      await expectShut();
    });

    it("at the cap", async () => {
      await stake(99n * ONE);
      await expectShut();
    });

    it("when rewards have gone beyond the cap", async () => {
      await stake(99n * ONE);
      await grow(context, 50n * ONE);
      expect(await context.pool.totalAssets()).to.be.greaterThan(CAP);
      await expectShut();
    });

    it("after rewards, at a price with a remainder", async () => {
      await stake(30n * ONE);
      await grow(context, 11n * ONE + 7n);
      await expectExact(CAP - (await context.pool.totalAssets()));
    });

    it("after a loss, which makes room", async () => {
      await stake(99n * ONE);
      await shrink(context, 5_000n);
      await expectExact(CAP - (await context.pool.totalAssets()));
    });

    it("for a receiver of zero: nothing", async () => {
      expect(await context.pool.maxDeposit(ZeroAddress)).to.equal(0n);
      expect(await context.pool.maxMint(ZeroAddress)).to.equal(0n);
    });

    it("whatever the receiver or the caller has", async () => {
      const { pool, actors, delegator } = context;
      for (const account of [actors.alice.address, await delegator.getAddress(), await pool.getAddress()]) {
        expect(await pool.maxDeposit(account)).to.equal(99n * ONE);
      }
    });

    it("while stakes are paused, if only for a second: nothing; and all of it again once the pause has ended", async () => {
      const { pool, actors } = context;
      const start = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(start);
      await pool.connect(actors.guardian).pauseStakes(5n * DAY);
      expect(await maxDeposit()).to.equal(0n);
      expect(await maxMint()).to.equal(0n);
      await time.increaseTo(start + 5n * DAY - 2n);
      expect(await maxDeposit()).to.equal(0n);
      await time.increaseTo(start + 5n * DAY);
      await expectExact(99n * ONE);
    });

    it("X-9: when the shares that fit would cost less than the smallest stake, no share can be minted", async () => {
      // Without a fee the totals are whole numbers of POL, so that exactly 1 POL of room can be left.
      context = await fixture({ params: { assetCapWei: CAP, feeBps: 0n } });
      const { pool, token } = context;
      await stake(70n * ONE);
      await grow(context, 28n * ONE);
      const assets = await pool.totalAssets();
      const supply = await token.totalSupply();
      expect(CAP - assets).to.equal(ONE);
      const fitting = (ONE * supply) / assets;
      expect((fitting * assets + supply - 1n) / supply).to.equal(ONE - 1n);
      expect(await maxDeposit()).to.equal(ONE);
      expect(await maxMint()).to.equal(0n);
      await expect(context.pool.connect(context.actors.alice).mint(fitting, context.actors.bob))
        .to.be.revertedWithCustomError(pool, "BelowMinimum")
        .withArgs(ONE - 1n, ONE);
    });
  });

  it("S4626-5, A22: delegating the buffer makes no room", async () => {
    await stake(90n * ONE);
    await context.pool.delegate(MaxUint256);
    await expectExact(9n * ONE);
  });

  it("S4626-6: previews answer while paused, beyond the cap and below the smallest stake", async () => {
    const { pool, actors } = context;
    await stake(99n * ONE);
    await pool.connect(actors.guardian).pauseStakes(60n);
    for (const amount of [0n, 1n, 1_000n * ONE]) {
      expect(await pool.previewDeposit(amount)).to.equal(amount);
      expect(await pool.previewMint(amount)).to.equal(amount);
    }
  });

  it("a cap that governance lowers below the assets shuts the way in and no other", async () => {
    const { pool, actors } = context;
    await stake(60n * ONE);
    await asManager(context, pool, pool.interface.encodeFunctionData("setAssetCap", [10n * ONE]));
    await expectShut();
    await context.token.connect(actors.bob).approve(actors.alice, MaxUint256);
    await pool.connect(actors.bob).requestRedeem(55n * ONE, actors.bob, actors.bob);
    await expectExact(4n * ONE);
  });

  it("S4626-4: the width of the packed shares is a limit too, for a pool that lost nearly everything", async () => {
    context = await fixture({ validators: 1 });
    const { pool, token } = context;
    await stake(100_000n * ONE);
    for (let times = 0; times < 3; times++) await shrink(context, 9_999n);
    const assets = await pool.totalAssets();
    const shares = await token.totalSupply();
    const room = ((SHARES_LIMIT - shares) * assets) / shares;
    expect(room).to.be.greaterThan(ONE);
    expect(await maxDeposit()).to.equal(room);
    await stake(room);
    expect(await token.totalSupply()).to.be.at.most(SHARES_LIMIT);
    await expectShut();
  });

  describe("X-13: a pool at total loss", () => {
    beforeEach(async () => {
      context = await fixture({ validators: 1 });
      const { pool, actors } = context;
      await pool.connect(actors.alice).deposit(50n * ONE, actors.alice);
      await pool.delegate(MaxUint256);
      // The buffer pays this request, so that the loss leaves nothing at all.
      await pool.connect(actors.alice).requestRedeem(ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      await shrink(context, 10_000n);
    });

    it("has shares and no assets, and every view answers", async () => {
      const { pool, token, actors } = context;
      expect(await pool.totalAssets()).to.equal(0n);
      expect(await pool.totalPooled()).to.equal(0n);
      expect(await pool.unvested()).to.equal(0n);
      expect(await token.totalSupply()).to.equal(50n * ONE);
      for (const amount of [0n, 1n, ONE, MaxUint256]) {
        expect(await pool.convertToShares(amount)).to.equal(0n);
        expect(await pool.convertToAssets(amount)).to.equal(0n);
        expect(await pool.previewDeposit(amount)).to.equal(0n);
        expect(await pool.previewMint(amount)).to.equal(0n);
      }
      expect(await maxDeposit()).to.equal(0n);
      expect(await maxMint()).to.equal(0n);
      expect(await pool.maxRedeem(actors.alice)).to.equal(0n);
      expect(await pool.maxWithdraw(actors.alice)).to.equal(0n);
      expect((await pool.parameters()).lossCount).to.equal(1n);
    });

    it("takes no stake, and no request for shares that are worth nothing", async () => {
      const { pool, actors } = context;
      await expectShut();
      await expect(pool.connect(actors.alice).mint(ONE, actors.alice))
        .to.be.revertedWithCustomError(pool, "BelowMinimum")
        .withArgs(0n, ONE);
      await expect(
        pool.connect(actors.alice).requestRedeem(ONE, actors.alice, actors.alice),
      ).to.be.revertedWithCustomError(pool, "ZeroAssets");
    });

    it("A49: takes no fee of what it is given, and is worth that much again", async () => {
      const { pool, token, actors } = context;
      await grow(context, 20n * ONE);
      expect(await pool.totalAssets()).to.equal(20n * ONE);
      expect(await token.balanceOf(actors.treasury)).to.equal(0n);
      expect(await pool.convertToAssets(49n * ONE)).to.equal((49n * ONE * 20n) / 50n);
    });
  });
});
