import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, MAX, ONE } from "../../support/fixture";
import { at, now } from "../../support/polygon";
import {
  DEAD,
  FIRST_RATE,
  LOCKED,
  PAYOUT_LIMIT,
  PROVIDED,
  fundedFixture,
  pushRate,
  set,
  shortfall,
  stateOf,
  swapFixture,
} from "../../support/swap";
import type { Swap } from "../../support/swap";
import { SwapVisitor__factory } from "../../typechain-types";

const { totalAssets: A, totalSupply: S } = FIRST_RATE;
const worth = (shares: bigint): bigint => (shares * A) / S;
const ceilWorth = (shares: bigint): bigint => (shares * A + S - 1n) / S;

describe("SwapPool, liquidity", () => {
  let context: Swap;

  afterEach(async () => {
    expect(await shortfall(context)).to.deep.equal([]);
  });

  describe("the first", () => {
    beforeEach(async () => {
      context = await swapFixture();
    });

    const add = (shares: bigint, value: bigint) => {
      const { swap, actors } = context;
      return swap.connect(actors.alice).addLiquidity(shares, 0n, actors.bob, MAX, { value });
    };

    for (const [what, shares, assets] of [
      ["native tokens alone", 0n, 5n * ONE],
      ["shares alone", 5n * ONE + 1n, 0n],
      ["both", 3n * ONE + 7n, 2n * ONE],
    ] as const) {
      it(`of ${what} is its value, of which a little is locked for ever`, async () => {
        const { swap, actors } = context;
        const value = assets + worth(shares);
        expect([...(await swap.previewAdd(shares, assets))]).to.deep.equal([value - LOCKED, 0n]);
        await expect(add(shares, assets))
          .to.emit(swap, "LiquidityAdded")
          .withArgs(actors.alice.address, actors.bob.address, assets, shares, value - LOCKED, 0n);
        expect(await swap.balanceOf(actors.bob)).to.equal(value - LOCKED);
        expect(await swap.balanceOf(DEAD)).to.equal(LOCKED);
        expect(await stateOf(swap)).to.deep.equal({ assets, shares, supply: value });
      });
    }

    it("is worth 1e18 or more", async () => {
      const { swap } = context;
      await expect(add(0n, ONE - 1n))
        .to.be.revertedWithCustomError(swap, "FirstLiquidityTooSmall")
        .withArgs(ONE - 1n, ONE);
      await expect(add(0n, 0n)).to.be.revertedWithCustomError(swap, "FirstLiquidityTooSmall").withArgs(0n, ONE);
      await expect(swap.previewAdd(1n, 0n))
        .to.be.revertedWithCustomError(swap, "FirstLiquidityTooSmall")
        .withArgs(1n, ONE);
      await add(0n, ONE);
      expect(await swap.totalSupply()).to.equal(ONE);
    });

    it("A05: its provider cannot make the next one's liquidity dear: gifts count for nothing, leaving leaves a rest", async () => {
      const { swap, token, actors } = context;
      const { alice, bob, carol } = actors;
      await add(0n, ONE);
      await swap.connect(bob).removeLiquidity(await swap.balanceOf(bob), bob, 0n, 0n);
      await token.connect(alice).transfer(swap, 1_000n * ONE);
      const gain = await swap.connect(carol).addLiquidity.staticCall(0n, 0n, carol, MAX, { value: ONE });
      // A wei of liquidity is still worth a wei, so that no more than one is lost.
      expect(gain).to.be.greaterThanOrEqual(ONE - 1n);
    });
  });

  describe("adding more", () => {
    beforeEach(async () => {
      context = await fundedFixture();
    });

    const add = (shares: bigint, value: bigint, least = 0n) => {
      const { swap, actors } = context;
      return swap.connect(actors.alice).addLiquidity(shares, least, actors.alice, MAX, { value });
    };

    it("in the pool's proportion brings as large a part of the supply, without a fee", async () => {
      const { swap, actors } = context;
      const { supply } = await stateOf(swap);
      await add(PROVIDED.shares / 4n, PROVIDED.assets / 4n);
      // The value of the reserves is rounded up, that of what is added down.
      const pool = PROVIDED.assets + ceilWorth(PROVIDED.shares);
      const value = PROVIDED.assets / 4n + worth(PROVIDED.shares / 4n);
      expect(await swap.balanceOf(actors.alice)).to.equal((value * supply) / pool);
      expect((await swap.available())[0]).to.equal(PAYOUT_LIMIT);
    });

    it("of native tokens alone bears no fee, and does not count in the daily limit", async () => {
      const { swap, actors } = context;
      const { supply } = await stateOf(swap);
      await expect(add(0n, 333n * ONE))
        .to.emit(swap, "LiquidityAdded")
        .withArgs(
          actors.alice.address,
          actors.alice.address,
          333n * ONE,
          0n,
          (333n * ONE * supply) / (PROVIDED.assets + ceilWorth(PROVIDED.shares)),
          0n,
        );
      expect((await swap.available())[0]).to.equal(PAYOUT_LIMIT);
    });

    it("of shares beyond the proportion bears the fee on what is beyond", async () => {
      const { swap, actors } = context;
      const { supply } = await stateOf(swap);
      const [assets, shares] = [100n * ONE, 100n * ONE];
      // For 100 the pool has 80 shares: 20 are beyond.
      const fee = (worth(20n * ONE) * 50n + 9_999n) / 10_000n;
      const value = assets + worth(80n * ONE) + worth(20n * ONE) - fee;
      const liquidity = (value * supply) / (PROVIDED.assets + ceilWorth(PROVIDED.shares));
      expect([...(await swap.previewAdd(shares, assets))]).to.deep.equal([liquidity, fee]);
      await expect(add(shares, assets))
        .to.emit(swap, "LiquidityAdded")
        .withArgs(actors.alice.address, actors.alice.address, assets, shares, liquidity, fee);
    });

    it("of shares bears no fee while the pool has no assets: there is nothing to be unstaked", async () => {
      const drained = await swapFixture();
      context = drained;
      const { alice, bob } = drained.actors;
      await drained.swap.connect(alice).addLiquidity(10n * ONE, 0n, alice, MAX);
      await expect(drained.swap.connect(bob).addLiquidity(10n * ONE, 0n, bob, MAX))
        .to.emit(drained.swap, "LiquidityAdded")
        .withArgs(
          bob.address,
          bob.address,
          0n,
          10n * ONE,
          (worth(10n * ONE) * worth(10n * ONE)) / ceilWorth(10n * ONE),
          0n,
        );
    });

    it("A79: what its liquidity could take out at once counts in the daily limit", async () => {
      const { swap, actors } = context;
      const { supply } = await stateOf(swap);
      const shares = 100n * ONE;
      const [liquidity] = await swap.previewAdd(shares, 0n);
      const taken = (PROVIDED.assets * liquidity + supply + liquidity - 1n) / (supply + liquidity);
      await add(shares, 0n);
      expect((await swap.available())[0]).to.equal(PAYOUT_LIMIT - taken);
      await expect(swap.connect(actors.alice).removeLiquidity(liquidity, actors.alice, 0n, 0n)).to.changeEtherBalance(
        actors.alice,
        taken - 1n,
      );
    });

    it("A79: shares for more than the daily limit fail, and so does their preview", async () => {
      const { swap } = context;
      const { supply } = await stateOf(swap);
      const shares = 10_000n * ONE;
      const value = worth(shares) - (worth(shares) * 50n + 9_999n) / 10_000n;
      const liquidity = (value * supply) / (PROVIDED.assets + ceilWorth(PROVIDED.shares));
      const taken = (PROVIDED.assets * liquidity + supply + liquidity - 1n) / (supply + liquidity);
      expect(taken).to.be.greaterThan(PAYOUT_LIMIT);
      for (const call of [() => add(shares, 0n), () => swap.previewAdd(shares, 0n)]) {
        await expect(call()).to.be.revertedWithCustomError(swap, "AbovePayoutLimit").withArgs(taken, PAYOUT_LIMIT);
      }
    });

    it("brings no less than what was asked for, and nothing for nothing", async () => {
      const { swap } = context;
      const [liquidity] = await swap.previewAdd(0n, ONE);
      await expect(add(0n, ONE, liquidity + 1n))
        .to.be.revertedWithCustomError(swap, "LessThanAsked")
        .withArgs(liquidity, liquidity + 1n);
      await expect(add(0n, 0n)).to.be.revertedWithCustomError(swap, "ZeroOutput");
      await add(0n, ONE, liquidity);
    });

    it("passes until the second of the deadline, and not after it", async () => {
      const { swap, actors } = context;
      const deadline = (await now()) + 100n;
      const send = () => swap.connect(actors.alice).addLiquidity(0n, 0n, actors.alice, deadline, { value: ONE });
      await at(deadline, send);
      await expect(send()).to.be.revertedWithCustomError(swap, "SwapExpired").withArgs(deadline);
    });

    it("does not bring it where it could not leave again", async () => {
      const { swap, token, wrapped, actors } = context;
      for (const end of [swap, token, wrapped]) {
        const address = await end.getAddress();
        await expect(swap.connect(actors.alice).addLiquidity(0n, 0n, address, MAX, { value: ONE }))
          .to.be.revertedWithCustomError(swap, "ReceiverIsDeadEnd")
          .withArgs(address);
        await expect(swap.connect(actors.carol).removeLiquidity(ONE, address, 0n, 0n))
          .to.be.revertedWithCustomError(swap, "ReceiverIsDeadEnd")
          .withArgs(address);
      }
      await expect(
        swap.connect(actors.alice).addLiquidity(0n, 0n, ZeroAddress, MAX, { value: ONE }),
      ).to.be.revertedWithCustomError(swap, "ZeroAddress");
      await expect(
        swap.connect(actors.carol).removeLiquidityWrapped(ONE, ZeroAddress, 0n, 0n),
      ).to.be.revertedWithCustomError(swap, "ZeroAddress");
    });

    it("needs an allowance and a balance of shares", async () => {
      const { swap, token, actors } = context;
      await expect(swap.connect(actors.stranger).addLiquidity(ONE, 0n, actors.stranger, MAX))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await swap.getAddress(), 0n, ONE);
    });

    it("fails while all that the pool has is worth nothing, and its preview with it", async () => {
      const only = await swapFixture();
      context = only;
      const { alice } = only.actors;
      await only.swap.connect(alice).addLiquidity(10n * ONE, 0n, alice, MAX);
      const start = await now();
      await pushRate(only, { totalAssets: 0n, totalSupply: ONE }, { losses: 1n, time: start });
      await at(start + 3_700n, () => pushRate(only, { totalAssets: 0n, totalSupply: ONE }, { time: start + 3_600n }));
      for (const call of [
        () => only.swap.connect(alice).addLiquidity(0n, 0n, alice, MAX, { value: ONE }),
        () => only.swap.previewAdd(ONE, ONE),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(only.swap, "PoolIsWorthless");
      }
      expect([...(await only.swap.available())]).to.deep.equal([0n, 0n]);
      await only.swap.connect(alice).removeLiquidity(ONE, alice, 0n, 0n);
    });

    it("goes on after a total loss while the pool has native tokens", async () => {
      const { swap, actors } = context;
      const start = await now();
      await pushRate(context, { totalAssets: 0n, totalSupply: ONE }, { losses: 1n, time: start });
      await at(start + 3_700n, () =>
        pushRate(context, { totalAssets: 0n, totalSupply: ONE }, { time: start + 3_600n }),
      );
      const { supply } = await stateOf(swap);
      await add(0n, PROVIDED.assets);
      expect(await swap.balanceOf(actors.alice)).to.equal(supply);
      // Shares are worth nothing, and buy nothing.
      await expect(add(PROVIDED.shares, 0n)).to.be.revertedWithCustomError(swap, "ZeroOutput");
      for (const quote of [
        () => swap.quoteStake(ONE),
        () => swap.quoteStakeFor(ONE),
        () => swap.quoteUnstakeFor(ONE),
      ]) {
        await expect(quote()).to.be.revertedWithCustomError(swap, "ZeroOutput");
      }
    });
  });

  describe("removing", () => {
    beforeEach(async () => {
      context = await fundedFixture();
    });

    for (const name of ["removeLiquidity", "removeLiquidityWrapped"] as const) {
      it(`${name} pays the same part of both reserves, rounded down`, async () => {
        const { swap, token, wrapped, actors } = context;
        const { carol, bob } = actors;
        const { supply } = await stateOf(swap);
        const liquidity = supply / 3n + 1n;
        const assets = (PROVIDED.assets * liquidity) / supply;
        const shares = (PROVIDED.shares * liquidity) / supply;
        expect([...(await swap.previewRemove(liquidity))]).to.deep.equal([assets, shares]);
        const sent = swap.connect(carol)[name](liquidity, bob, assets, shares);
        await expect(sent)
          .to.emit(swap, "LiquidityRemoved")
          .withArgs(carol.address, bob.address, liquidity, assets, shares);
        await expect(sent).to.changeTokenBalance(token, bob, shares);
        if (name === "removeLiquidity") await expect(sent).to.changeEtherBalance(bob, assets);
        else await expect(sent).to.changeTokenBalance(wrapped, bob, assets);
        expect(await stateOf(swap)).to.deep.equal({
          assets: PROVIDED.assets - assets,
          shares: PROVIDED.shares - shares,
          supply: supply - liquidity,
        });
      });

      it(`${name} pays no less than what was asked for, of either`, async () => {
        const { swap, actors } = context;
        const { carol } = actors;
        const [assets, shares] = await swap.previewRemove(ONE);
        const remove = swap.connect(carol)[name];
        await expect(remove(ONE, carol, assets + 1n, 0n))
          .to.be.revertedWithCustomError(swap, "LessThanAsked")
          .withArgs(assets, assets + 1n);
        await expect(remove(ONE, carol, 0n, shares + 1n))
          .to.be.revertedWithCustomError(swap, "LessThanAsked")
          .withArgs(shares, shares + 1n);
      });

      it(`${name} takes no liquidity that the caller has not, and none for nothing`, async () => {
        const { swap, actors } = context;
        const { carol, alice } = actors;
        const held = await swap.balanceOf(carol);
        await expect(swap.connect(carol)[name](held + 1n, carol, 0n, 0n))
          .to.be.revertedWithCustomError(swap, "ERC20InsufficientBalance")
          .withArgs(carol.address, held, held + 1n);
        await expect(swap.connect(alice)[name](1n, alice, 0n, 0n)).to.be.revertedWithCustomError(swap, "ZeroOutput");
        await expect(swap.connect(alice)[name](ONE, alice, 0n, 0n))
          .to.be.revertedWithCustomError(swap, "ERC20InsufficientBalance")
          .withArgs(alice.address, 0n, ONE);
      });
    }

    it("pays shares alone where the pool has no native tokens", async () => {
      context = await swapFixture();
      const { swap, token, wrapped, actors } = context;
      const { alice, bob } = actors;
      await swap.connect(alice).addLiquidity(5n * ONE, 0n, alice, MAX);
      const shares = (5n * ONE * ONE) / worth(5n * ONE);
      for (const name of ["removeLiquidity", "removeLiquidityWrapped"] as const) {
        const sent = swap.connect(alice)[name](ONE, bob, 0n, shares);
        await expect(sent).to.emit(swap, "LiquidityRemoved").withArgs(alice.address, bob.address, ONE, 0n, shares);
        await expect(sent).to.changeTokenBalances(token, [swap, bob], [-shares, shares]);
        await expect(sent).to.changeEtherBalance(bob, 0n);
        await expect(sent).to.changeTokenBalance(wrapped, bob, 0n);
      }
    });

    it("needs no rate, is never paused, and has no limit", async () => {
      const { swap, actors } = context;
      const { carol, guardian } = actors;
      await set(context, "setDailyLimit", 0n);
      await pushRate(context, { totalAssets: 1n, totalSupply: ONE }, { losses: 1n });
      await swap.connect(guardian).pauseSwaps(5n * DAY);
      await at((await now()) + 3n * DAY, () => swap.connect(carol).removeLiquidity(ONE, carol, 0n, 0n));
      await swap.connect(carol).removeLiquidityWrapped(ONE, carol, 0n, 0n);
      await swap.connect(carol).removeLiquidity(await swap.balanceOf(carol), carol, 0n, 0n);
    });

    it("a receiver that refuses native tokens keeps its liquidity, and is paid in wrapped ones or elsewhere", async () => {
      const { swap, token, wrapped, actors } = context;
      const visitor = await new SwapVisitor__factory(actors.deployer).deploy();
      await swap.connect(actors.carol).transfer(visitor, 3n * ONE);
      await visitor.behave(1n, ZeroAddress, "0x", 0n);
      const [assets, shares] = await swap.previewRemove(ONE);
      const call = (name: "removeLiquidity" | "removeLiquidityWrapped", receiver: string): string =>
        swap.interface.encodeFunctionData(name as "removeLiquidity", [ONE, receiver, 0n, 0n]);
      const self = await visitor.getAddress();
      await expect(visitor.exec(swap, call("removeLiquidity", self)))
        .to.be.revertedWithCustomError(visitor, "Refused")
        .withArgs(assets);
      expect(await swap.balanceOf(visitor)).to.equal(3n * ONE);
      await visitor.exec(swap, call("removeLiquidityWrapped", self));
      expect(await wrapped.balanceOf(visitor)).to.equal(assets);
      expect(await token.balanceOf(visitor)).to.equal(shares);
      await expect(visitor.exec(swap, call("removeLiquidity", actors.bob.address))).to.changeEtherBalance(
        actors.bob,
        (await swap.previewRemove(ONE))[0],
      );
    });
  });
});
