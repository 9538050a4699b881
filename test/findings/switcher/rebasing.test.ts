import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { fraction, greatestWithin, shownFor, times } from "../../support/bondModel";
import type { Totals } from "../../support/bondModel";
import { eventsOf, named } from "../../support/events";
import { bringHome, settle } from "../../support/exits";
import { DAY, MAX, ONE, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, reward, shrink } from "../../support/growth";
import { GENESIS_SHARES, holdersOf, legacyFixture } from "../../support/legacy";
import { setTotalAssets } from "../../support/poolTotals";
import { tries } from "../../support/properties";

/** All shares of the fixture: 300,000 behind aMATICb, and the seed. */
const SUPPLY = 300_001n * ONE;

/** Ratios at which a whole balance is switched, and at which parts of one are moved. */
const RATIOS = 1_000;
const MOVES = 250;

/** MATIC wei that the fixture's shares are worth: from next to nothing over half and 1.37 to a hundred for one. */
const worths = fc.oneof(
  fc.bigInt(1n, 10n ** 9n),
  fc.bigInt(SUPPLY / 1_000n, SUPPLY),
  fc.bigInt(SUPPLY, 2n * SUPPLY),
  fc.bigInt(2n * SUPPLY, 100n * SUPPLY),
  fc.constantFrom(SUPPLY, SUPPLY / 2n, 41_100_137n * 10n ** 16n, SUPPLY + 1n, SUPPLY - 1n),
);

/** Number of events of one name. */
async function count(context: Context, name: "Transfer" | "TransferShares"): Promise<number> {
  return (await context.bond.queryFilter(context.bond.filters[name])).length;
}

describe("findings: the rebasing token", () => {
  describe("A52: a balance that waits to be unstaked", () => {
    it("A52: is moved out at once: the same cannot be transferred, switched or requested", async () => {
      const { bond, switcher, actors } = await legacyFixture();
      const { alice, bob } = actors;
      await bond.connect(alice).approve(bob, MAX);
      await bond.connect(alice).unstakeBonds(GENESIS_SHARES);
      const leave = [
        () => bond.connect(alice).transfer(bob, 1n),
        () => bond.connect(bob).transferFrom(alice, bob, 1n),
        () => bond.connect(alice).unstakeBonds(1n),
        () => switcher.connect(alice).switchBonds(1n, alice),
      ];
      for (const attempt of leave) {
        await expect(attempt()).to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance").withArgs(alice, 0n, 1n);
      }
      const leaveByShares = [
        () => bond.connect(alice).transferShares(bob, 2n),
        () => bond.connect(bob).transferSharesFrom(alice, bob, 2n),
        () => bond.connect(alice).unstakeShares(2n),
        () => switcher.connect(alice).switchShares(2n, alice),
      ];
      for (const attempt of leaveByShares) {
        await expect(attempt()).to.be.revertedWithCustomError(bond, "InsufficientShares").withArgs(alice, 0n, 2n);
      }
      await expect(switcher.connect(alice).switchUpTo(2n, alice))
        .to.be.revertedWithCustomError(switcher, "ZeroShares")
        .withArgs();
    });

    it("A52: no more than the rest can be used after a request of a part, and the totals say the same", async () => {
      const { bond, token, pool, switcher, actors } = await legacyFixture();
      const { alice, bob } = actors;
      await bond.connect(alice).unstakeShares(60_000n * ONE);
      expect(await bond.totalSharesSupply()).to.equal(240_000n * ONE);
      expect(await bond.totalSupply()).to.equal(240_000n * ONE);
      expect(await token.balanceOf(bond)).to.equal(240_000n * ONE);
      expect(await pool.totalOwed()).to.equal(60_000n * ONE);
      await expect(switcher.connect(alice).switchShares(40_000n * ONE + 1n, alice))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(alice, 40_000n * ONE, 40_000n * ONE + 1n);
      await bond.connect(alice).transfer(bob, 15_000n * ONE);
      await switcher.connect(alice).switchBonds(25_000n * ONE, alice);
      expect(await bond.sharesOf(alice)).to.equal(0n);
    });

    it("A52: it is paid once, and earns nothing on the way that the others would miss", async () => {
      const context = await legacyFixture();
      const { bond, pool, polygon, actors } = context;
      const { alice, bob } = actors;
      await pool.delegate(MAX);
      await bond.connect(alice).unstakeBonds(GENESIS_SHARES);
      await reward(context, 2_000n * ONE);
      const id = requestId(1n, alice.address);
      const batch = await settle(context);
      await bringHome(context, batch);
      await time.increase(7n * DAY);
      await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        GENESIS_SHARES,
      );
      await expect(pool.connect(alice).claim([id], alice, alice))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(id, 2n);
      // 200,001 shares are left, and 100 more of the fee.
      const totals = { assets: 202_001n * ONE, shares: 200_101n * ONE };
      expect(await bond.balanceOf(bob)).to.equal(shownFor(GENESIS_SHARES, totals));
    });
  });

  describe("A53: gifts to the contract", () => {
    it("A53: of ankrMATIC change no balance, no supply and no conversion", async () => {
      const context = await legacyFixture();
      const { bond, token, pool, actors } = context;
      const { stranger } = actors;
      await grow(context, 12_345n * ONE + 6n);
      const state = async () => [
        await bond.totalSupply(),
        await bond.totalSharesSupply(),
        ...(await Promise.all(holdersOf(context).map((holder) => bond.balanceOf(holder)))),
        await bond.sharesToBonds(ONE),
        await bond.bondsToShares(ONE),
        await bond.ratio(),
      ];
      await pool.connect(stranger).mint(7_777n * ONE, stranger);
      const before = await state();
      await token.connect(stranger).transfer(bond, 7_777n * ONE);
      expect(await state()).to.deep.equal(before);
    });

    it("A53: cannot be taken out by anyone, not even by the last who leaves", async () => {
      const context = await legacyFixture();
      const { bond, token, pool, actors } = context;
      await pool.connect(actors.stranger).mint(5n * ONE, actors.stranger);
      await token.connect(actors.stranger).transfer(bond, 5n * ONE);
      for (const holder of holdersOf(context)) await bond.connect(holder).unstakeBonds(GENESIS_SHARES);
      expect(await bond.totalSharesSupply()).to.equal(0n);
      expect(await token.balanceOf(bond)).to.equal(5n * ONE);
      await expect(bond.connect(actors.alice).unstakeShares(1n))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(actors.alice, 0n, 1n);
    });

    it("A53: the sum of the balances is the supply, within a wei for each holder but one", async () => {
      const context = await legacyFixture();
      const { bond, actors } = context;
      const holders = [...holdersOf(context), actors.stranger, actors.treasury];
      await bond.connect(actors.alice).transferShares(actors.stranger, 12_345n * ONE + 1n);
      await bond.connect(actors.bob).transferShares(actors.treasury, 7n);
      for (const assets of fc.sample(worths, tries<bigint>(100))) {
        await setTotalAssets(context, assets);
        const balances = await Promise.all(holders.map((holder) => bond.balanceOf(holder)));
        const together = balances.reduce((sum, balance) => sum + balance, 0n);
        expect(await bond.totalSupply(), `${assets} wei`).to.be.within(together, together + 4n);
      }
    });
  });

  describe("A54: shares whose worth is rounded to nothing", () => {
    // 300,001e18 shares are worth so much.
    for (const [what, assets] of [
      ["half a wei", SUPPLY / 2n],
      ["far less than a wei", 10n ** 15n],
      ["nothing", 0n],
    ] as const) {
      it(`A54: cannot be moved one by one without an allowance, at ${what} a share`, async () => {
        const context = await legacyFixture();
        const { bond, switcher, actors } = context;
        const { alice, bob } = actors;
        await setTotalAssets(context, assets);
        for (let turn = 0; turn < 50; turn++) {
          await expect(bond.connect(bob).transferSharesFrom(alice, bob, 1n))
            .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
            .withArgs(bob, 0n, 1n);
          await bond.connect(bob).transferFrom(alice, bob, 0n);
        }
        expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
        expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES);
        // Nor does the switcher take what it has no allowance for.
        await bond.connect(alice).approve(switcher, 0n);
        await expect(switcher.connect(alice).switchShares(2n, alice))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(switcher, 0n, 1n);
      });

      it(`A54: cost at least a wei of allowance each time, at ${what} a share`, async () => {
        const context = await legacyFixture();
        const { bond, actors } = context;
        const { alice, bob } = actors;
        await setTotalAssets(context, assets);
        await bond.connect(alice).approve(bob, 5n);
        for (let left = 4n; left >= 0n; left--) {
          await bond.connect(bob).transferSharesFrom(alice, bob, 1n);
          expect(await bond.allowance(alice, bob)).to.equal(left);
        }
        await expect(bond.connect(bob).transferSharesFrom(alice, bob, 1n))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(bob, 0n, 1n);
        expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES + 5n);
      });
    }

    it("A54: an amount of a wei always moves a share, so that nothing is sent for nothing", async () => {
      const context = await legacyFixture();
      const { bond, actors } = context;
      for (const assets of [SUPPLY / 2n, SUPPLY, 137n * SUPPLY, 10n ** 15n]) {
        await setTotalAssets(context, assets);
        expect(await bond.sharesToMove(actors.alice, 1n)).to.be.greaterThan(0n);
      }
    });
  });

  describe("A55: a wei here and there", () => {
    it(`A55, S20-7: the whole balance can be approved and switched at ${RATIOS} ratios, and leaves no share`, async () => {
      const context = await legacyFixture();
      const { bond, token, switcher, actors } = context;
      const { alice, bob } = actors;
      // Bob hands alice what she is to switch, at most 240 shares at a time: all of them are below the cap.
      await bond.connect(alice).transferShares(bob, GENESIS_SHARES);
      await bond.connect(actors.carol).transferShares(bob, GENESIS_SHARES);
      const cases = fc.sample(
        fc.tuple(worths, fc.oneof(fc.bigInt(2n, 100n), fc.bigInt(2n, 240n * ONE)), fc.boolean()),
        tries<[bigint, bigint, boolean]>(RATIOS),
      );
      let switched = 0n;
      for (const [assets, shares, asShares] of cases) {
        await setTotalAssets(context, assets);
        await bond.connect(bob).transferShares(alice, shares);
        const balance = await bond.balanceOf(alice);
        expect(balance).to.equal(shownFor(shares, { assets, shares: SUPPLY }));
        if (asShares || balance === 0n) {
          // Their worth, rounded up: at most a wei more than the balance.
          await bond.connect(alice).approve(switcher, balance + 1n);
          await switcher.connect(alice).switchShares(shares, alice);
          expect(await bond.allowance(alice, switcher)).to.be.at.most(1n);
        } else {
          await bond.connect(alice).approve(switcher, balance);
          await switcher.connect(alice).switchBonds(balance, alice);
          expect(await bond.allowance(alice, switcher)).to.equal(0n);
        }
        expect(await bond.sharesOf(alice), `${shares} shares at ${assets} wei`).to.equal(0n);
        switched += shares;
      }
      expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES - switched);
      expect(await token.balanceOf(bond)).to.equal(3n * GENESIS_SHARES - switched);
      expect((await token.balanceOf(alice)) + (await token.balanceOf(actors.treasury))).to.equal(switched);
      expect(await token.balanceOf(switcher)).to.equal(0n);
    });

    it(`A55, S20-7: a receiver is shown no less than was sent at ${MOVES} ratios, and the log says what was sent`, async () => {
      const context = await legacyFixture();
      const { bond, actors } = context;
      const { alice, bob, carol, stranger } = actors;
      const ring = [alice, bob, carol, alice] as const;
      const cases = fc.sample(fc.tuple(worths, fc.bigInt(0n, 10_000n)), tries<[bigint, bigint]>(MOVES));
      for (const [turn, [assets, part]] of cases.entries()) {
        const { shares } = await setTotalAssets(context, assets);
        const [from, to] = [ring[turn % 3] ?? alice, ring[(turn % 3) + 1] ?? bob];
        const [had, before] = [await bond.balanceOf(from), await bond.balanceOf(to)];
        const bonds = (had * part) / 10_000n;
        await bond.connect(from).approve(stranger, bonds);
        const events = await eventsOf(bond, bond.connect(stranger).transferFrom(from, to, bonds));
        expect(named(events, "Transfer")).to.deep.equal([[from.address, to.address, bonds]]);
        expect(await bond.allowance(from, stranger)).to.equal(0n);
        const gained = (await bond.balanceOf(to)) - before;
        // A share's worth, rounded up, and a wei.
        const most = bonds + assets / shares + 2n;
        expect(gained, `${bonds} at ${assets} wei`).to.be.within(bonds, bonds === 0n ? 0n : most);
      }
      expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES);
    });

    it("A55: who needs it exact moves shares: what leaves one account reaches the other to the wei", async () => {
      const context = await legacyFixture();
      const { bond, actors } = context;
      const { alice, bob } = actors;
      let sent = 0n;
      for (const [assets, shares] of fc.sample(
        fc.tuple(worths, fc.bigInt(0n, 900n * ONE)),
        tries<[bigint, bigint]>(100),
      )) {
        await setTotalAssets(context, assets);
        await bond.connect(alice).transferShares(bob, shares);
        sent += shares;
        expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - sent);
        expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES + sent);
      }
    });

    it("S20-7: balances move without events", async () => {
      const context = await legacyFixture();
      const { bond, actors } = context;
      const before = [await count(context, "Transfer"), await count(context, "TransferShares")];
      await grow(context, 10_000n * ONE);
      expect(await bond.balanceOf(actors.alice)).to.be.greaterThan(GENESIS_SHARES);
      await shrink(context, 3_000n);
      expect(await bond.balanceOf(actors.alice)).to.be.lessThan(GENESIS_SHARES);
      expect([await count(context, "Transfer"), await count(context, "TransferShares")]).to.deep.equal(before);
    });
  });

  describe("A56: the direction of a rate", () => {
    async function totalsAt(context: Context, assets: bigint): Promise<Totals> {
      const totals = await setTotalAssets(context, assets);
      expect(totals.shares).to.equal(SUPPLY);
      return totals;
    }

    it("A56: ratio is shares for a MATIC: it falls as rewards accrue, and rises by a loss", async () => {
      const context = await legacyFixture();
      const { bond } = context;
      expect(await bond.ratio()).to.equal(ONE);
      await grow(context, 10_000n * ONE);
      const grown = await bond.ratio();
      expect(grown).to.be.lessThan(ONE);
      await shrink(context, 1_000n);
      expect(await bond.ratio()).to.be.greaterThan(grown);
    });

    it("A56: each converter is named by what it returns, and is the other's reverse", async () => {
      const context = await legacyFixture();
      const { bond } = context;
      await totalsAt(context, 41_100_137n * 10n ** 16n);
      expect(await bond.sharesToBonds(100n * ONE)).to.equal(137n * ONE);
      expect(await bond.bondsToShares(137n * ONE)).to.equal(100n * ONE);
      await totalsAt(context, SUPPLY / 2n);
      expect(await bond.sharesToBonds(100n * ONE)).to.equal(50n * ONE);
      expect(await bond.bondsToShares(50n * ONE)).to.equal(100n * ONE);
    });

    it("A56: ratio and the worth of a share multiply to one, within 3 wei, for rates of 1 to 2", async () => {
      const context = await legacyFixture();
      const { bond } = context;
      for (const assets of fc.sample(fc.bigInt(SUPPLY, 2n * SUPPLY), tries<bigint>(100))) {
        await totalsAt(context, assets);
        const product = ((await bond.ratio()) * (await bond.sharesToBonds(ONE))) / ONE;
        expect(product).to.be.within(ONE - 3n, ONE);
      }
    });

    it("A56: at any rate both tokens name the same, and it is the exact quotient rounded down", async () => {
      const context = await legacyFixture();
      const { bond, token, pool } = context;
      for (const assets of fc.sample(worths, tries<bigint>(100))) {
        const totals = await totalsAt(context, assets);
        const rate = times(fraction(totals.shares, totals.assets), ONE);
        expect(await bond.ratio()).to.equal(greatestWithin(rate));
        expect(await token.ratio()).to.equal(greatestWithin(rate));
        expect(await bond.bondsToShares(ONE)).to.equal(greatestWithin(rate));
        expect(await bond.sharesToBonds(ONE)).to.equal(shownFor(ONE, totals));
        expect(await pool.convertToAssets(ONE)).to.equal(shownFor(ONE, totals));
      }
    });

    it("A56: nobody switches without the fee, be it the treasury or a role", async () => {
      const { bond, token, switcher, actors } = await legacyFixture();
      const { alice, bob, treasury, manager, guardian, upgrader, deployer } = actors;
      for (const caller of [treasury, manager, guardian, upgrader, deployer]) {
        await bond.connect(alice).transferShares(caller, 1_000n * ONE);
        await bond.connect(caller).approve(switcher, MAX);
        await expect(switcher.connect(caller).switchShares(1_000n * ONE, bob)).to.changeTokenBalances(
          token,
          [bob, treasury, switcher],
          [997n * ONE, 3n * ONE, 0n],
        );
      }
    });
  });
});
