import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress, id } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { behavesLikeERC4626Deposit } from "../../behaviors/ERC4626Deposit.behavior";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, shrink } from "../../support/growth";
import { IERC20__factory, IERC7575__factory } from "../../../typechain-types";

/** Share prices at which everything is tried. */
const PRICES: readonly { name: string; change: (context: Context) => Promise<void> }[] = [
  { name: "1", change: () => Promise.resolve() },
  { name: "1.37, more or less", change: (context) => grow(context, 397n * ONE + 1n) },
  { name: "a third", change: (context) => shrink(context, 6_667n) },
  { name: "a millionth", change: (context) => shrink(context, 9_990n).then(() => shrink(context, 9_990n)) },
];

describe("PolygonPool, staking", () => {
  for (const { name, change } of PRICES) {
    describe(`at a share price of ${name}`, () => {
      behavesLikeERC4626Deposit(async () => {
        const context = await fixture();
        const { pool, token, polygon, actors } = context;
        await pool.connect(actors.carol).deposit(1_000n * ONE, actors.carol);
        await change(context);
        return {
          vault: IERC7575__factory.connect(await pool.getAddress(), actors.alice),
          asset: IERC20__factory.connect(await polygon.pol.getAddress(), actors.alice),
          share: IERC20__factory.connect(await token.getAddress(), actors.alice),
          payer: actors.alice,
          receiver: actors.bob,
          stranger: actors.stranger,
        };
      });
    });
  }

  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  it("S4626-1: POL is the asset, not MATIC, also while stakes are paused", async () => {
    const { pool, polygon, actors } = context;
    expect(await pool.asset()).to.equal(await polygon.pol.getAddress());
    await pool.connect(actors.guardian).pauseStakes(60n);
    expect(await pool.asset()).to.equal(await polygon.pol.getAddress());
  });

  it("S7575-1, S4626-13: the pool is no token", () => {
    for (const name of ["transfer", "transferFrom", "approve", "allowance", "balanceOf", "totalSupply", "decimals"]) {
      expect(context.pool.interface.hasFunction(name)).to.equal(false);
    }
  });

  it("X-10: deposit and mint are not overloaded", () => {
    const formats: string[] = [];
    context.pool.interface.forEachFunction((method) => {
      if (method.name === "deposit" || method.name === "mint") formats.push(method.format());
    });
    expect(formats).to.deep.equal(["deposit(uint256,address)", "mint(uint256,address)"]);
  });

  describe("the ways in", () => {
    const deadline = MaxUint256;

    /** Every way in that takes an amount, and the coin that it takes. */
    const ways: Record<string, (c: Context, assets: bigint) => Promise<ContractTransactionResponse>> = {
      deposit: ({ pool, actors }, assets) => pool.connect(actors.alice).deposit(assets, actors.alice),
      stake: ({ pool, actors }, assets) => pool.connect(actors.alice).stake(assets, actors.alice, 0n, deadline),
      stakeMatic: ({ pool, actors }, assets) =>
        pool.connect(actors.alice).stakeMatic(assets, actors.alice, 0n, deadline),
      stakeAndClaimCerts: ({ pool, actors }, assets) => pool.connect(actors.alice).stakeAndClaimCerts(assets),
    };
    const takesMatic = (name: string): boolean => name.startsWith("stakeMatic") || name === "stakeAndClaimCerts";

    for (const [name, enter] of Object.entries(ways)) {
      describe(name, () => {
        beforeEach(async () => {
          await grow(context, 3n * ONE);
        });

        it("S4626-8: moves the coin from the caller straight to the delegator, with the pool as the spender", async () => {
          const { polygon, delegator, pool, actors } = context;
          const coin = takesMatic(name) ? polygon.matic : polygon.pol;
          expect(await coin.allowance(actors.alice, delegator)).to.equal(0n);
          await expect(enter(context, 5n * ONE)).to.changeTokenBalances(
            coin,
            [actors.alice, pool, delegator],
            [-5n * ONE, 0n, 5n * ONE],
          );
        });

        it("S4626-9: emits one Deposit with the caller, the receiver, the assets and the shares", async () => {
          const { pool, token, actors } = context;
          const shares = (5n * ONE * (await token.totalSupply())) / (await pool.totalAssets());
          const entered = await enter(context, 5n * ONE);
          await expect(entered)
            .to.emit(pool, "Deposit")
            .withArgs(actors.alice.address, actors.alice.address, 5n * ONE, shares);
          const receipt = await entered.wait();
          const topic = id("Deposit(address,address,uint256,uint256)");
          expect(receipt?.logs.filter(({ topics }) => topics[0] === topic)).to.have.length(1);
        });

        it("counts 1 MATIC as 1 POL: totals and buffer grow by the assets, the shares as in every other way", async () => {
          const { pool, token, delegator, actors } = context;
          const assets = await pool.totalAssets();
          const pooled = await pool.totalPooled();
          const buffer = await delegator.buffer();
          const supply = await token.totalSupply();
          await enter(context, 5n * ONE);
          const shares = (5n * ONE * supply) / assets;
          expect(await pool.totalPooled()).to.equal(pooled + 5n * ONE);
          expect(await delegator.buffer()).to.equal(buffer + 5n * ONE);
          expect((await delegator.ledger()).unconverted).to.equal(takesMatic(name) ? 5n * ONE : 0n);
          expect(await token.balanceOf(actors.alice)).to.equal(shares);
          expect(await token.totalSupply()).to.equal(supply + shares);
        });

        it("reverts below 1 POL", async () => {
          await expect(enter(context, ONE - 1n))
            .to.be.revertedWithCustomError(context.pool, "BelowMinimum")
            .withArgs(ONE - 1n, ONE);
        });

        it("takes exactly 1 POL", async () => {
          await expect(enter(context, ONE)).to.emit(context.pool, "Deposit");
        });

        it("reverts while stakes are paused", async () => {
          const { pool, actors } = context;
          await pool.connect(actors.guardian).pauseStakes(3_600n);
          const { stakesPausedUntil } = await pool.parameters();
          await expect(enter(context, ONE))
            .to.be.revertedWithCustomError(pool, "StakesArePaused")
            .withArgs(stakesPausedUntil);
        });
      });
    }

    it("stakeAndClaimCerts emits the live event, with the MATIC that was staked", async () => {
      const { pool, actors } = context;
      await expect(ways.stakeAndClaimCerts?.(context, 7n * ONE))
        .to.emit(pool, "StakePendingV2")
        .withArgs(actors.alice.address, 7n * ONE, false);
    });

    it("S4626-8: the shares go to the receiver, the payment comes from the caller alone", async () => {
      const { pool, token, polygon, actors } = context;
      const { alice, bob } = actors;
      const stake = pool.connect(alice).stake(2n * ONE, bob, 0n, deadline);
      await expect(stake).to.changeTokenBalances(polygon.pol, [alice, bob], [-2n * ONE, 0n]);
      await expect(pool.connect(alice).stakeMatic(2n * ONE, bob, 0n, deadline)).to.changeTokenBalances(
        polygon.matic,
        [alice, bob],
        [-2n * ONE, 0n],
      );
      expect(await token.balanceOf(bob)).to.equal(4n * ONE);
    });

    it("revert for a receiver of zero", async () => {
      const { pool, actors } = context;
      const alice = pool.connect(actors.alice);
      for (const attempt of [
        () => alice.deposit(ONE, ZeroAddress),
        () => alice.mint(ONE, ZeroAddress),
        () => alice.stake(ONE, ZeroAddress, 0n, deadline),
        () => alice.stakeMatic(ONE, ZeroAddress, 0n, deadline),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(pool, "ZeroAddress");
      }
    });

    it("revert without an approval, or without the coins", async () => {
      const { pool, polygon, actors } = context;
      await polygon.pol.connect(actors.alice).approve(pool, ONE - 1n);
      await expect(pool.connect(actors.alice).deposit(ONE, actors.alice)).to.be.revertedWith(
        "ERC20: insufficient allowance",
      );
      await expect(pool.connect(actors.bob).deposit(1_000_001n * ONE, actors.bob)).to.be.revertedWith(
        "ERC20: transfer amount exceeds balance",
      );
    });

    it("A05, S4626-7: mint of nothing, and of shares that cost less than 1 POL, reverts", async () => {
      const { pool, actors } = context;
      await expect(pool.connect(actors.alice).mint(0n, actors.alice))
        .to.be.revertedWithCustomError(pool, "BelowMinimum")
        .withArgs(0n, ONE);
      await expect(pool.connect(actors.alice).mint(ONE - 1n, actors.alice))
        .to.be.revertedWithCustomError(pool, "BelowMinimum")
        .withArgs(ONE - 1n, ONE);
    });
  });

  describe("S4626-11, A17: a least result and a deadline", () => {
    for (const name of ["stake", "stakeMatic"] as const) {
      it(`${name} passes with exactly the least number of shares, at the second of the deadline`, async () => {
        const { pool, token, actors } = context;
        const deadline = BigInt(await time.latest()) + 100n;
        await time.setNextBlockTimestamp(deadline);
        await pool.connect(actors.alice)[name](5n * ONE, actors.alice, 5n * ONE, deadline);
        expect(await token.balanceOf(actors.alice)).to.equal(5n * ONE);
      });

      it(`${name} reverts a second after the deadline`, async () => {
        const { pool, actors } = context;
        const deadline = BigInt(await time.latest()) + 100n;
        await time.setNextBlockTimestamp(deadline + 1n);
        await expect(pool.connect(actors.alice)[name](5n * ONE, actors.alice, 0n, deadline))
          .to.be.revertedWithCustomError(pool, "DeadlinePassed")
          .withArgs(deadline);
      });

      it(`${name} reverts when a harvest before it made the shares dearer`, async () => {
        const { pool, token, polygon, actors } = context;
        const least = await pool.previewDeposit(5n * ONE);
        await grow(context, ONE);
        const shares = (5n * ONE * (await token.totalSupply())) / (await pool.totalAssets());
        await expect(pool.connect(actors.alice)[name](5n * ONE, actors.alice, least, MaxUint256))
          .to.be.revertedWithCustomError(pool, "TooFewShares")
          .withArgs(shares, least);
        // Without a least number the same call mints what the assets are worth.
        await pool.connect(actors.alice)[name](5n * ONE, actors.alice, 0n, MaxUint256);
        expect(await token.balanceOf(actors.alice)).to.equal(shares);
        expect(await polygon.pol.balanceOf(pool)).to.equal(0n);
      });
    }
  });

  it("Polygon-6: the cost of a deposit does not depend on the number of validators", async () => {
    const costs: bigint[] = [];
    for (const validators of [1, 12]) {
      const { pool, actors } = await fixture({ validators });
      await pool.connect(actors.alice).deposit(ONE, actors.alice);
      const receipt = await (await pool.connect(actors.alice).deposit(ONE, actors.alice)).wait();
      costs.push(receipt?.gasUsed ?? 0n);
    }
    expect(costs[0]).to.equal(costs[1]);
  });
});
