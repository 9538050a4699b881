import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import type { BaseContract, Log } from "ethers";
import { ethers } from "hardhat";

import { behavesLikeERC20 } from "../../behaviors/ERC20.behavior";
import { fraction, greatestWithin, shownFor } from "../../support/bondModel";
import type { Totals } from "../../support/bondModel";
import { DAY, MAX, ONE, asManager, checkpoints } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, reward, shrink } from "../../support/growth";
import { GENESIS_SHARES, holdersOf, legacyFixture } from "../../support/legacy";
import { bookLoss, slash } from "../../support/losses";
import { AMATICb__factory } from "../../../typechain-types";
import { IPermitToken__factory } from "../../typechain-types";

/** All shares of a fresh fixture: the seed, and what is behind aMATICb. */
const SUPPLY = ONE + 3n * GENESIS_SHARES;

/** Everything that a contract emitted after a block. */
async function logsOf(contract: BaseContract, block: number): Promise<Log[]> {
  return ethers.provider.getLogs({ address: await contract.getAddress(), fromBlock: block + 1 });
}

describe("AMATICb", () => {
  let context: Context;

  describe("as a token, at a rate of 1", () => {
    behavesLikeERC20(
      async () => {
        context = await legacyFixture();
        const { bond, actors } = context;
        return {
          token: IPermitToken__factory.connect(await bond.getAddress(), actors.alice),
          holder: actors.alice,
          balance: GENESIS_SHARES,
          spender: actors.bob,
          recipient: actors.treasury,
        };
      },
      { name: "Ankr MATIC Reward Earning Bond", symbol: "aMATICb", decimals: 18n },
    );
  });

  describe("is a wrapper", () => {
    beforeEach(async () => {
      context = await legacyFixture();
    });

    it("that says that it is rebasing", async () => {
      expect(await context.bond.isRebasing()).to.equal(true);
      expect(await context.token.isRebasing()).to.equal(false);
    });

    it("of one ankrMATIC for each share", async () => {
      const { bond, token } = context;
      for (const holder of holdersOf(context)) expect(await bond.sharesOf(holder)).to.equal(GENESIS_SHARES);
      expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES);
      expect(await token.balanceOf(bond)).to.equal(3n * GENESIS_SHARES);
    });

    it("whose shares begin with the worth of a MATIC each", async () => {
      const { bond, actors } = context;
      expect(await bond.balanceOf(actors.alice)).to.equal(GENESIS_SHARES);
      expect(await bond.totalSupply()).to.equal(3n * GENESIS_SHARES);
      expect(await bond.ratio()).to.equal(ONE);
      expect(await bond.sharesToBonds(7n)).to.equal(7n);
      expect(await bond.bondsToShares(7n)).to.equal(7n);
    });

    it("that knows its switcher", async () => {
      expect(await context.bond.SWITCHER()).to.equal(await context.switcher.getAddress());
    });

    it("with nothing for accounts that never had any", async () => {
      const { bond, actors } = context;
      for (const account of [actors.stranger.address, ZeroAddress, await bond.getAddress()]) {
        expect(await bond.sharesOf(account)).to.equal(0n);
        expect(await bond.balanceOf(account)).to.equal(0n);
      }
    });
  });

  /** Balances, supply and conversions of both tokens, as they follow from totals that the test has worked out. */
  async function expectWorth(totals: Totals): Promise<void> {
    const { bond, token, pool, actors } = context;
    expect(await pool.totalAssets()).to.equal(totals.assets);
    expect(await token.totalSupply()).to.equal(totals.shares);
    const held = shownFor(GENESIS_SHARES, totals);
    for (const holder of holdersOf(context)) expect(await bond.balanceOf(holder)).to.equal(held);
    expect(await bond.totalSupply()).to.equal(shownFor(3n * GENESIS_SHARES, totals));
    expect(await bond.ratio()).to.equal(greatestWithin(fraction(ONE * totals.shares, totals.assets)));
    expect(await bond.sharesToBonds(7n * ONE)).to.equal(shownFor(7n * ONE, totals));
    expect(await bond.bondsToShares(7n * ONE)).to.equal(
      greatestWithin(fraction(7n * ONE * totals.shares, totals.assets)),
    );
    for (const holder of holdersOf(context)) expect(await bond.sharesOf(holder)).to.equal(GENESIS_SHARES);
    // The stranger's ankrMATIC earns what the same shares of aMATICb earn.
    const behind = await token.balanceOf(actors.stranger);
    expect(await token.balanceWithRewardsOf(actors.stranger)).to.equal(shownFor(behind, totals));
  }

  describe("grows", () => {
    it("with income, by the holders' part of it after the fee, to the wei", async () => {
      context = await legacyFixture();
      await grow(context, 12_345n * ONE + 678n);
      // 5 % of the income are the treasury's, as shares at the price of that moment: one MATIC.
      const income = 12_345n * ONE + 678n;
      const fee = (income * 500n) / 10_000n;
      const first = { assets: SUPPLY + income, shares: SUPPLY + fee };
      await expectWorth(first);

      await grow(context, 999n * ONE + 7n);
      const next = ((999n * ONE + 7n) * 500n) / 10_000n;
      const feeShares = greatestWithin(fraction(next * first.shares, first.assets));
      await expectWorth({ assets: first.assets + 999n * ONE + 7n, shares: first.shares + feeShares });
    });

    it("with harvests of the validators, as the same shares of ankrMATIC do, by what was really collected", async () => {
      context = await legacyFixture();
      const { bond, token, pool, delegator, actors } = context;
      await pool.connect(actors.stranger).mint(GENESIS_SHARES, actors.stranger);
      await pool.delegate(MAX);
      let before = await bond.balanceOf(actors.alice);
      for (let round = 0; round < 3; round++) {
        await checkpoints(context, 10);
        await pool.harvest([]);
        // In the middle of the stream, then after it.
        for (const seconds of [DAY / 2n, 7n * DAY]) {
          await time.increase(seconds);
          const balance = await bond.balanceOf(actors.alice);
          expect(balance).to.be.greaterThan(before);
          expect(balance).to.equal(await token.balanceWithRewardsOf(actors.stranger));
          before = balance;
        }
        const { buffer, principal } = await delegator.ledger();
        const fees = await token.balanceOf(actors.treasury);
        expect(fees).to.be.greaterThan(0n);
        const totals = { assets: buffer + principal, shares: SUPPLY + GENESIS_SHARES + fees };
        expect(before).to.equal(shownFor(GENESIS_SHARES, totals));
      }
    });

    it("S20-7: without an event of its own", async () => {
      context = await legacyFixture();
      const { bond } = context;
      const block = await ethers.provider.getBlockNumber();
      const before = await bond.totalSupply();
      await grow(context, 5_000n * ONE);
      expect(await bond.totalSupply()).to.be.greaterThan(before);
      expect(await logsOf(bond, block)).to.deep.equal([]);
    });
  });

  it("stays where it is until rewards vest", async () => {
    context = await legacyFixture();
    const { bond, actors } = context;
    await reward(context, 10_000n * ONE);
    // The fee is paid in shares at once, and what they are worth is there at once.
    expect(await bond.balanceOf(actors.alice)).to.be.within(GENESIS_SHARES, GENESIS_SHARES + 1n);
  });

  describe("falls", () => {
    it("with a loss, by the same part, to the wei", async () => {
      context = await legacyFixture();
      const { pool, actors } = context;
      // With these every validator gets exactly 75,001 POL, and a wei for each of the four is left.
      await pool.connect(actors.stranger).deposit(3n * ONE + 4n, actors.stranger);
      await shrink(context, 5_000n);
      await expectWorth({ assets: 2n * 75_001n * ONE + 4n, shares: SUPPLY + 3n * ONE + 4n });
      expect(await context.bond.ratio()).to.be.greaterThan(ONE);
    });

    it("S20-7: without an event of its own", async () => {
      context = await legacyFixture();
      const { bond } = context;
      const block = await ethers.provider.getBlockNumber();
      await shrink(context, 5_000n);
      expect(await bond.totalSupply()).to.be.lessThan(3n * GENESIS_SHARES);
      expect(await logsOf(bond, block)).to.deep.equal([]);
    });
  });

  describe("after a loss of everything", () => {
    beforeEach(async () => {
      context = await legacyFixture({ validators: 1 });
      const { pool, bond, actors } = context;
      await pool.delegate(MaxUint256);
      // What is in the buffer pays this request, so that the loss leaves nothing.
      await bond.connect(actors.carol).unstakeShares(ONE);
      await pool.settleBatch();
      await slash(context, 1n, { bps: 10_000n });
      await bookLoss(context, 1n);
      expect(await pool.totalAssets()).to.equal(0n);
    });

    it("X-13: every view answers", async () => {
      const { bond, actors } = context;
      expect(await bond.balanceOf(actors.alice)).to.equal(0n);
      expect(await bond.totalSupply()).to.equal(0n);
      expect(await bond.sharesOf(actors.alice)).to.equal(GENESIS_SHARES);
      expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES - ONE);
      expect(await bond.sharesToBonds(ONE)).to.equal(0n);
      expect(await bond.bondsToShares(ONE)).to.equal(0n);
      expect(await bond.sharesToMove(actors.alice, 0n)).to.equal(0n);
      expect(await bond.ratio()).to.equal(MaxUint256);
    });

    it("S20-2: transfers of nothing are logged, and any more is above the balance", async () => {
      const { bond, actors } = context;
      const { alice, bob } = actors;
      await expect(bond.connect(alice).transfer(bob, 0n)).to.emit(bond, "Transfer").withArgs(alice, bob, 0n);
      await expect(bond.connect(bob).transferFrom(alice, bob, 0n))
        .to.emit(bond, "TransferShares")
        .withArgs(alice, bob, 0n);
      await expect(bond.connect(alice).transfer(bob, 1n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
        .withArgs(alice, 0n, 1n);
      expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
    });

    it("A54: shares can be moved by their holder, and by another for a wei of allowance alone", async () => {
      const { bond, actors } = context;
      const { alice, bob } = actors;
      await expect(bond.connect(bob).transferSharesFrom(alice, bob, GENESIS_SHARES))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(bob, 0n, 1n);
      await bond.connect(alice).approve(bob, 1n);
      await expect(bond.connect(bob).transferSharesFrom(alice, bob, 7n))
        .to.emit(bond, "Transfer")
        .withArgs(alice, bob, 0n);
      expect(await bond.allowance(alice, bob)).to.equal(0n);
      await bond.connect(alice).transferShares(bob, 5n);
      expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES + 12n);
    });

    it("nothing can be unstaked, because it would bring nothing", async () => {
      const { bond, pool, actors } = context;
      await expect(bond.connect(actors.alice).unstakeShares(ONE)).to.be.revertedWithCustomError(pool, "ZeroAssets");
      await expect(bond.connect(actors.alice).unstakeBonds(0n)).to.be.revertedWithCustomError(pool, "ZeroShares");
      await expect(bond.connect(actors.alice).unstakeBonds(1n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
        .withArgs(actors.alice, 0n, 1n);
    });

    it("what comes in later is the holders', by their shares", async () => {
      const { bond, actors } = context;
      await grow(context, 600n * ONE);
      // No fee: at a price of nothing it cannot be paid in shares.
      const totals = { assets: 600n * ONE, shares: SUPPLY - ONE };
      expect(await bond.balanceOf(actors.alice)).to.equal(shownFor(GENESIS_SHARES, totals));
      expect(await bond.totalSupply()).to.equal(shownFor(3n * GENESIS_SHARES - ONE, totals));
    });
  });

  it("earns on while the manager changes what it may: fee, cap and pause touch no balance", async () => {
    context = await legacyFixture();
    const { bond, pool, actors } = context;
    await asManager(context, pool, pool.interface.encodeFunctionData("setFee", [1_000n]));
    await asManager(context, pool, pool.interface.encodeFunctionData("setAssetCap", [ONE]));
    await pool.connect(actors.guardian).pauseStakes(DAY);
    expect(await bond.balanceOf(actors.alice)).to.equal(GENESIS_SHARES);
    await grow(context, 1_000n * ONE);
    expect(await bond.balanceOf(actors.alice)).to.equal(
      shownFor(GENESIS_SHARES, { assets: SUPPLY + 1_000n * ONE, shares: SUPPLY + 100n * ONE }),
    );
  });

  it("cannot leave out token, pool or switcher", async () => {
    const { token, pool, switcher, actors } = await legacyFixture();
    const factory = new AMATICb__factory(actors.deployer);
    for (const [bondToken, bondPool, bondSwitcher] of [
      [ZeroAddress, pool, switcher],
      [token, ZeroAddress, switcher],
      [token, pool, ZeroAddress],
    ] as const) {
      await expect(factory.deploy(bondToken, bondPool, bondSwitcher)).to.be.revertedWithCustomError(
        factory,
        "ZeroAddress",
      );
    }
  });
});
