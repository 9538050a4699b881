import { setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { concat, zeroPadValue } from "ethers";
import { ethers } from "hardhat";

import { DAY, MAX, ONE } from "../../support/fixture";
import { functionsOf } from "../../support/functions";
import { now } from "../../support/polygon";
import {
  FIRST_RATE,
  PAYOUT_LIMIT,
  PROVIDED,
  PURSE,
  fundedFixture,
  mintShares,
  refreshRate,
  shortfall,
  stateOf,
} from "../../support/swap";
import type { Swap } from "../../support/swap";

describe("findings: the swap pool on Polygon", () => {
  let context: Swap;

  beforeEach(async () => {
    context = await fundedFixture();
  });

  afterEach(async () => {
    expect(await shortfall(context)).to.deep.equal([]);
  });

  describe("A79: the token is worthless elsewhere, and sold at its book value here", () => {
    /** Somebody mints what nothing stands behind, as a bridge gone bad could. */
    async function anomaly(): Promise<void> {
      const { token, swap, actors } = context;
      await mintShares(context, actors.stranger, 10_000_000n * ONE);
      await token.connect(actors.stranger).approve(swap, MAX);
    }

    /** Native wei that left the pool. */
    const gone = async (): Promise<bigint> => PROVIDED.assets - (await context.swap.reserves()).assets;

    beforeEach(anomaly);

    it("A79: by unstaking no more than the daily limit leaves at once, until the guardian pauses", async () => {
      const { swap, actors } = context;
      const by = swap.connect(actors.stranger);
      await by.unstake(await swap.quoteUnstakeFor(PAYOUT_LIMIT), 0n);
      expect(await gone()).to.equal(PAYOUT_LIMIT);
      await expect(by.unstake(ONE, 0n)).to.be.revertedWithCustomError(swap, "AbovePayoutLimit");
      await swap.connect(actors.guardian).pauseSwaps(5n * DAY);
      await time.increase(DAY);
      await refreshRate(context);
      const { pausedUntil } = await swap.parameters();
      for (const call of [() => by.unstake(ONE, 0n), () => by.addLiquidity(ONE, 0n, actors.stranger, MAX)]) {
        await expect(call()).to.be.revertedWithCustomError(swap, "SwapsArePaused").withArgs(pausedUntil);
      }
      expect(await gone()).to.equal(PAYOUT_LIMIT);
    });

    it("A79: by liquidity for worthless shares, which is removed at once, neither", async () => {
      const { swap, actors } = context;
      const { stranger } = actors;
      const by = swap.connect(stranger);
      // All that the bad shares would make it provider of nearly everything: that is refused.
      await expect(by.addLiquidity(10_000_000n * ONE, 0n, stranger, MAX)).to.be.revertedWithCustomError(
        swap,
        "AbovePayoutLimit",
      );
      // The most that is not, found by halving, again and again, in every mix of ways.
      for (let round = 0; round < 6; round++) {
        for (let shares = 10_000_000n * ONE; shares > ONE; shares /= 2n) {
          const liquidity = await swap.previewAdd(shares, 0n).then(
            ([preview]) => preview,
            () => 0n,
          );
          if (liquidity === 0n) continue;
          await by.addLiquidity(shares, 0n, stranger, MAX);
          await by.removeLiquidity(liquidity, stranger, 0n, 0n);
        }
        const [left] = await swap.available();
        if (left > ONE) await by.unstake((left * FIRST_RATE.totalSupply) / FIRST_RATE.totalAssets / 2n, 0n);
      }
      // A little refills while this goes on.
      const refilled = (PAYOUT_LIMIT * 3_600n) / DAY;
      expect(await gone()).to.be.greaterThan(PAYOUT_LIMIT - ONE);
      expect(await gone()).to.be.lessThan(PAYOUT_LIMIT + refilled);
    });

    it("A79: within a day of nobody noticing, no more than twice the limit", async () => {
      const { swap, actors } = context;
      const by = swap.connect(actors.stranger);
      const end = (await now()) + DAY;
      while ((await now()) < end - 3_600n) {
        const [left] = await swap.available();
        // Worth what is left, before the fee.
        await by.unstake((left * FIRST_RATE.totalSupply) / FIRST_RATE.totalAssets, 0n);
        await time.increase(3_500n);
        await refreshRate(context);
      }
      expect(await gone()).to.be.greaterThan(PAYOUT_LIMIT);
      expect(await gone()).to.be.lessThanOrEqual(2n * PAYOUT_LIMIT);
    });

    it("A79: providers take out what is left, whatever is paused", async () => {
      const { swap, actors } = context;
      const { carol } = actors;
      await swap.connect(actors.stranger).unstake(await swap.quoteUnstakeFor(PAYOUT_LIMIT), 0n);
      await swap.connect(actors.guardian).pauseSwaps(5n * DAY);
      const [assets] = await swap.previewRemove(await swap.balanceOf(carol));
      expect(assets).to.be.greaterThan(PROVIDED.assets - PAYOUT_LIMIT - ONE);
      await expect(
        swap.connect(carol).removeLiquidity(await swap.balanceOf(carol), carol, assets, 0n),
      ).to.changeEtherBalance(carol, assets);
    });
  });

  describe("A80: netting errors", () => {
    it("A80: an inventory and nothing else: each call moves both sides by what it says, and the supply of no token", async () => {
      const { swap, token, actors } = context;
      const { alice, bob } = actors;
      const supply = await token.totalSupply();
      const expected = { ...PROVIDED } as { assets: bigint; shares: bigint };
      const bought = await swap.quoteStake(100n * ONE);
      await swap.connect(alice).stake(bought, { value: 100n * ONE });
      [expected.assets, expected.shares] = [expected.assets + 100n * ONE, expected.shares - bought];
      const [paid] = await swap.quoteUnstake(70n * ONE);
      await swap.connect(bob).unstakeWrapped(70n * ONE, bob, paid, MAX);
      [expected.assets, expected.shares] = [expected.assets - paid, expected.shares + 70n * ONE];
      await swap.connect(alice).addLiquidity(5n * ONE, 0n, alice, MAX, { value: 9n * ONE });
      [expected.assets, expected.shares] = [expected.assets + 9n * ONE, expected.shares + 5n * ONE];
      const { assets, shares } = await stateOf(swap);
      expect({ assets, shares }).to.deep.equal(expected);
      expect(await ethers.provider.getBalance(swap)).to.equal(assets);
      expect(await token.balanceOf(swap)).to.equal(shares);
      expect(await token.totalSupply()).to.equal(supply);
    });

    it("A80: the reserves are worth at least what providers put in, and the fees are theirs", async () => {
      const { swap, actors } = context;
      const { alice } = actors;
      const worth = async (): Promise<bigint> => {
        const { assets, shares } = await stateOf(swap);
        return assets * FIRST_RATE.totalSupply + shares * FIRST_RATE.totalAssets;
      };
      let last = await worth();
      for (let round = 0n; round < 5n; round++) {
        await swap.connect(alice).stake(0n, { value: 10n * ONE + round });
        expect(await worth()).to.be.greaterThanOrEqual(last);
        last = await worth();
        const [, fee] = await swap.quoteUnstake(9n * ONE + round);
        await swap.connect(alice).unstake(9n * ONE + round, 0n);
        expect(await worth()).to.be.greaterThanOrEqual(last + fee * FIRST_RATE.totalSupply);
        last = await worth();
      }
    });
  });

  describe("A81: counters and balances drift", () => {
    it("A81: native tokens that are forced in and tokens that are given move no price, no reserve, no liquidity", async () => {
      const { swap, token, wrapped, actors } = context;
      const { alice, carol } = actors;
      const view = async (): Promise<unknown[]> => [
        await stateOf(swap),
        [...(await swap.available())],
        await swap.quoteStake(ONE),
        [...(await swap.quoteUnstake(ONE))],
        [...(await swap.previewAdd(ONE, ONE))],
        [...(await swap.previewRemove(ONE))],
      ];
      const before = await view();
      await setBalance(await swap.getAddress(), 10n ** 24n);
      await token.connect(alice).transfer(swap, 1_000n * ONE);
      await wrapped.connect(alice).transfer(swap, 1_000n * ONE);
      await swap.connect(carol).transfer(swap, ONE);
      expect(await view()).to.deep.equal(before);
    });

    it("A81: what was given is not what the next one is paid from", async () => {
      const { swap, actors } = context;
      await setBalance(await swap.getAddress(), 10n ** 24n);
      await expect(swap.connect(actors.alice).unstake(5_000n * ONE, 0n)).to.be.revertedWithCustomError(
        swap,
        "AboveReserve",
      );
    });

    it("A81: nobody rescues anything: what moves tokens are swaps and liquidity alone", () => {
      const { swap } = context;
      const paying = functionsOf(swap)
        .filter(({ constant }) => !constant)
        .map(({ name }) => name);
      expect(paying.sort()).to.deep.equal(
        [
          ...["stake", "stakeFor", "stakeWrapped"],
          ...["unstake", "unstakeFor", "unstakeWrapped", "unstakeWithPermit"],
          ...["addLiquidity", "removeLiquidity", "removeLiquidityWrapped"],
          ...["setFee", "setDailyLimit", "pauseSwaps", "resumeSwaps"],
          ...["approve", "transfer", "transferFrom"],
          ...["initialize", "setAuthority", "upgradeToAndCall"],
        ].sort(),
      );
    });

    it("A81: inventory that leaves before a user's call fails it, or is within what the user accepted", async () => {
      const { swap, token, actors } = context;
      const { alice, carol } = actors;
      const [assets] = await swap.quoteUnstake(400n * ONE);
      await swap.connect(carol).removeLiquidity(await swap.balanceOf(carol), carol, 0n, 0n);
      const { assets: left } = await stateOf(swap);
      await expect(swap.connect(alice).unstake(400n * ONE, assets))
        .to.be.revertedWithCustomError(swap, "AboveReserve")
        .withArgs(assets, left);
      expect(await token.balanceOf(alice)).to.equal(PURSE);
    });
  });

  describe("A83: a forwarder that speaks for anyone", () => {
    it("A83: an address at the end of the calldata changes nothing: the caller is who called", async () => {
      const { swap, token, actors } = context;
      const { alice, carol } = actors;
      const abi = swap.interface;
      const to = await swap.getAddress();
      const suffixed = (data: string): string => concat([data, zeroPadValue(carol.address, 20)]);
      const liquidity = await swap.balanceOf(carol);
      const held = await token.balanceOf(carol);
      await expect(
        alice.sendTransaction({ to, data: suffixed(abi.encodeFunctionData("unstake", [ONE, 0n])) }),
      ).to.changeTokenBalances(token, [alice, carol], [-ONE, 0n]);
      await expect(
        alice.sendTransaction({ to, data: suffixed(abi.encodeFunctionData("stake", [0n])), value: ONE }),
      ).to.emit(swap, "Staked");
      await expect(
        alice.sendTransaction({
          to,
          data: suffixed(abi.encodeFunctionData("removeLiquidity", [ONE, alice.address, 0n, 0n])),
        }),
      )
        .to.be.revertedWithCustomError(swap, "ERC20InsufficientBalance")
        .withArgs(alice.address, 0n, ONE);
      await expect(
        alice.sendTransaction({ to, data: suffixed(abi.encodeFunctionData("transfer", [alice.address, ONE])) }),
      )
        .to.be.revertedWithCustomError(swap, "ERC20InsufficientBalance")
        .withArgs(alice.address, 0n, ONE);
      expect([await swap.balanceOf(carol), await token.balanceOf(carol)]).to.deep.equal([liquidity, held]);
      for (const holder of [actors.upgrader, actors.manager, actors.guardian]) {
        const data = concat([abi.encodeFunctionData("pauseSwaps", [60n]), zeroPadValue(holder.address, 20)]);
        await expect(alice.sendTransaction({ to, data }))
          .to.be.revertedWithCustomError(swap, "AccessManagedUnauthorized")
          .withArgs(alice.address);
      }
    });

    it("A83: there is no forwarder to be set", () => {
      const names = functionsOf(context.swap).map(({ name }) => name.toLowerCase());
      expect(names.filter((name) => name.includes("forwarder"))).to.deep.equal([]);
    });
  });

  describe("A95: a price that can be moved", () => {
    it("A95: no swap, no liquidity and no gift moves the price within a block, or at all", async () => {
      const { swap, token, actors } = context;
      const { alice, bob } = actors;
      const price = (10n ** 17n * FIRST_RATE.totalSupply) / FIRST_RATE.totalAssets;
      for (const move of [
        () => swap.connect(alice).stake(0n, { value: 700n * ONE }),
        () => swap.connect(bob).unstake(300n * ONE, 0n),
        () => swap.connect(alice).addLiquidity(0n, 0n, alice, MAX, { value: 9_000n * ONE }),
        () => token.connect(bob).transfer(swap, 5_000n * ONE),
      ]) {
        await move();
        expect(await swap.quoteStake(10n ** 17n)).to.equal(price);
        expect((await swap.quoteUnstake(price)).assets).to.be.lessThan(10n ** 17n);
      }
    });
  });
});
