import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { eventsOf } from "../../support/events";
import { ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { setTotalAssets } from "../../support/poolTotals";

/** All shares of the fixture: 300,000 behind aMATICb, and the seed. */
const SUPPLY = 300_001n * ONE;

/** Shares that are moved: what they are shown as, and what they cost an allowance. */
interface Moved {
  readonly shares: bigint;
  readonly bonds: bigint;
  readonly charge: bigint;
}

const RATES: readonly { readonly title: string; readonly assets: bigint; readonly moves: readonly Moved[] }[] = [
  {
    title: "at a MATIC a share",
    assets: SUPPLY,
    moves: [
      { shares: 1n, bonds: 1n, charge: 1n },
      { shares: GENESIS_SHARES, bonds: GENESIS_SHARES, charge: GENESIS_SHARES },
    ],
  },
  {
    title: "at 1.37 MATIC a share",
    assets: 41_100_137n * 10n ** 16n,
    moves: [
      // 1.37, 2.74 and 137 wei.
      { shares: 1n, bonds: 1n, charge: 2n },
      { shares: 2n, bonds: 2n, charge: 3n },
      { shares: 100n, bonds: 137n, charge: 137n },
      { shares: GENESIS_SHARES - 1n, bonds: 137_000n * ONE - 2n, charge: 137_000n * ONE - 1n },
      { shares: GENESIS_SHARES, bonds: 137_000n * ONE, charge: 137_000n * ONE },
    ],
  },
  {
    title: "at half a MATIC a share",
    assets: 150_000n * ONE + ONE / 2n,
    moves: [
      { shares: 1n, bonds: 0n, charge: 1n },
      { shares: 2n, bonds: 1n, charge: 1n },
      { shares: 3n, bonds: 1n, charge: 2n },
      { shares: GENESIS_SHARES, bonds: 50_000n * ONE, charge: 50_000n * ONE },
    ],
  },
  {
    title: "at far less than a wei a share",
    assets: 1_000_003n,
    moves: [
      { shares: 1n, bonds: 0n, charge: 1n },
      // 0.999… wei, and 333,333.22… wei.
      { shares: 300_000_099_999_700_000n, bonds: 0n, charge: 1n },
      { shares: 300_000_099_999_700_001n, bonds: 1n, charge: 2n },
      { shares: GENESIS_SHARES, bonds: 333_333n, charge: 333_334n },
    ],
  },
];

describe("AMATICb: transferShares and transferSharesFrom", () => {
  let context: Context;

  for (const { title, assets, moves } of RATES) {
    describe(title, () => {
      beforeEach(async () => {
        context = await legacyFixture();
        await setTotalAssets(context, assets);
      });

      for (const { shares, bonds, charge } of moves) {
        it(`moves exactly ${shares} shares, says ${bonds} bonds, and returns them`, async () => {
          const { bond, actors } = context;
          const { alice, bob } = actors;
          const supply = await bond.totalSupply();
          expect(await bond.connect(alice).transferShares.staticCall(bob, shares)).to.equal(bonds);
          expect(await eventsOf(bond, bond.connect(alice).transferShares(bob, shares))).to.deep.equal([
            { name: "Transfer", args: [alice.address, bob.address, bonds] },
            { name: "TransferShares", args: [alice.address, bob.address, shares] },
          ]);
          expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - shares);
          expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES + shares);
          expect(await bond.totalSupply()).to.equal(supply);
        });

        it(`A54: ${shares} shares of another cost an allowance of ${charge}, and one of a wei less is too little`, async () => {
          const { bond, actors } = context;
          const { alice, bob, stranger } = actors;
          await bond.connect(alice).approve(bob, charge - 1n);
          await expect(bond.connect(bob).transferSharesFrom(alice, stranger, shares))
            .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
            .withArgs(bob, charge - 1n, charge);
          await bond.connect(alice).approve(bob, charge);
          expect(await bond.connect(bob).transferSharesFrom.staticCall(alice, stranger, shares)).to.equal(bonds);
          expect(await eventsOf(bond, bond.connect(bob).transferSharesFrom(alice, stranger, shares))).to.deep.equal([
            { name: "Transfer", args: [alice.address, stranger.address, bonds] },
            { name: "TransferShares", args: [alice.address, stranger.address, shares] },
          ]);
          expect(await bond.allowance(alice, bob)).to.equal(0n);
          expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - shares);
          expect(await bond.sharesOf(stranger)).to.equal(shares);
          expect(await bond.balanceOf(stranger)).to.equal(bonds);
        });
      }

      it("S20-2: no shares cost nothing, move nothing and are logged", async () => {
        const { bond, actors } = context;
        const { alice, bob, stranger } = actors;
        for (const send of [
          () => bond.connect(alice).transferShares(bob, 0n),
          () => bond.connect(stranger).transferSharesFrom(alice, bob, 0n),
        ]) {
          expect(await eventsOf(bond, send())).to.deep.equal([
            { name: "Transfer", args: [alice.address, bob.address, 0n] },
            { name: "TransferShares", args: [alice.address, bob.address, 0n] },
          ]);
        }
        expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
      });

      it("to oneself changes nothing, but the allowance if one is needed", async () => {
        const { bond, actors } = context;
        const { alice, bob } = actors;
        for (const shares of [0n, 1n, GENESIS_SHARES]) {
          await bond.connect(alice).transferShares(alice, shares);
          expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
        }
        const { shares, charge } = moves[0] ?? expect.fail("no moves");
        await bond.connect(alice).approve(bob, charge + 5n);
        await bond.connect(bob).transferSharesFrom(alice, alice, shares);
        expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES);
        expect(await bond.allowance(alice, bob)).to.equal(5n);
      });

      it("S20-5: leaves an unlimited allowance", async () => {
        const { bond, actors } = context;
        const { alice, bob, stranger } = actors;
        await bond.connect(alice).approve(bob, MaxUint256);
        await bond.connect(bob).transferSharesFrom(alice, stranger, GENESIS_SHARES);
        expect(await bond.allowance(alice, bob)).to.equal(MaxUint256);
      });

      it("more shares than there are revert with what there is", async () => {
        const { bond, actors } = context;
        const { alice, bob } = actors;
        await bond.connect(alice).approve(bob, MaxUint256);
        for (const send of [
          () => bond.connect(alice).transferShares(bob, GENESIS_SHARES + 1n),
          () => bond.connect(alice).transferShares(alice, GENESIS_SHARES + 1n),
          () => bond.connect(bob).transferSharesFrom(alice, bob, GENESIS_SHARES + 1n),
        ]) {
          await expect(send())
            .to.be.revertedWithCustomError(bond, "InsufficientShares")
            .withArgs(alice, GENESIS_SHARES, GENESIS_SHARES + 1n);
        }
      });
    });
  }

  describe("whatever the rate", () => {
    beforeEach(async () => {
      context = await legacyFixture();
    });

    it("refuses the zero address as receiver, and aMATICb itself, even of nothing", async () => {
      const { bond, actors } = context;
      const { alice, bob } = actors;
      await bond.connect(alice).approve(bob, MaxUint256);
      for (const receiver of [ZeroAddress, await bond.getAddress()]) {
        for (const shares of [0n, 1n]) {
          for (const send of [
            () => bond.connect(alice).transferShares(receiver, shares),
            () => bond.connect(bob).transferSharesFrom(alice, receiver, shares),
          ]) {
            await expect(send()).to.be.revertedWithCustomError(bond, "ERC20InvalidReceiver").withArgs(receiver);
          }
        }
      }
    });

    it("needs the holder's own allowance too", async () => {
      const { bond, actors } = context;
      const { alice, bob } = actors;
      await expect(bond.connect(alice).transferSharesFrom(alice, bob, 1n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(alice, 0n, 1n);
    });

    it("is charged at the rate of the moment: what was enough before rewards is not after them", async () => {
      const { bond, actors } = context;
      const { alice, bob, stranger } = actors;
      await bond.connect(alice).approve(bob, 10n * ONE);
      await setTotalAssets(context, 2n * SUPPLY);
      await expect(bond.connect(bob).transferSharesFrom(alice, stranger, 10n * ONE))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(bob, 10n * ONE, 20n * ONE);
      await bond.connect(bob).transferSharesFrom(alice, stranger, 5n * ONE);
      expect(await bond.allowance(alice, bob)).to.equal(0n);
    });

    it("moves aMATICb and no ankrMATIC", async () => {
      const { bond, token, actors } = context;
      await expect(bond.connect(actors.alice).transferShares(actors.bob, ONE)).to.changeTokenBalances(
        token,
        [bond, actors.alice, actors.bob],
        [0n, 0n, 0n],
      );
    });
  });
});
