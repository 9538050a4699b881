import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { eventsOf } from "../../support/events";
import { ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { setTotalAssets } from "../../support/poolTotals";

/** All shares of the fixture: 300,000 behind aMATICb, and the seed. */
const SUPPLY = 300_001n * ONE;

/** What is shown of an account. */
interface Shown {
  readonly shares: bigint;
  readonly bonds: bigint;
}

/** A transfer of alice to bob, who both have 100,000 shares, and what it leaves. */
interface Transfer {
  readonly bonds: bigint;
  readonly shares: bigint;
  readonly alice: bigint;
  readonly bob: bigint;
  /** What an account that had nothing is shown for the same shares. */
  readonly fresh: bigint;
}

/** A worth of the pool and what follows from it, worked out by hand. */
interface Rate {
  readonly title: string;
  readonly assets: bigint;
  /** What 100,000 shares are shown as. */
  readonly shown: bigint;
  readonly transfers: readonly Transfer[];
}

const RATES: readonly Rate[] = [
  {
    title: "at a MATIC a share",
    assets: SUPPLY,
    shown: 100_000n * ONE,
    transfers: [
      { bonds: 1n, shares: 1n, alice: 100_000n * ONE - 1n, bob: 100_000n * ONE + 1n, fresh: 1n },
      { bonds: 10n * ONE, shares: 10n * ONE, alice: 99_990n * ONE, bob: 100_010n * ONE, fresh: 10n * ONE },
    ],
  },
  {
    title: "at 1.37 MATIC a share",
    // 300,001 times 1.37.
    assets: 41_100_137n * 10n ** 16n,
    shown: 137_000n * ONE,
    transfers: [
      // A share too many: 1.37 wei leave for 1.
      { bonds: 1n, shares: 1n, alice: 137_000n * ONE - 2n, bob: 137_000n * ONE + 1n, fresh: 1n },
      // 1.46 shares are 2, and 2.74 wei.
      { bonds: 2n, shares: 2n, alice: 137_000n * ONE - 3n, bob: 137_000n * ONE + 2n, fresh: 2n },
      // 243.07 shares are 244, and 334.28 wei: the receiver is shown a wei more than was sent.
      { bonds: 333n, shares: 244n, alice: 137_000n * ONE - 335n, bob: 137_000n * ONE + 334n, fresh: 334n },
      // 7.29927007299270072992… shares; a tenth of a wei too much.
      {
        bonds: 10n * ONE,
        shares: 7_299_270_072_992_700_730n,
        alice: 136_990n * ONE - 1n,
        bob: 137_010n * ONE,
        fresh: 10n * ONE,
      },
    ],
  },
  {
    title: "at half a MATIC a share",
    assets: 150_000n * ONE + ONE / 2n,
    shown: 50_000n * ONE,
    transfers: [
      { bonds: 1n, shares: 2n, alice: 50_000n * ONE - 1n, bob: 50_000n * ONE + 1n, fresh: 1n },
      { bonds: 10n * ONE, shares: 20n * ONE, alice: 49_990n * ONE, bob: 50_010n * ONE, fresh: 10n * ONE },
    ],
  },
  {
    title: "at far less than a wei a share",
    assets: 1_000_003n,
    // A third of it, but for the seed's part: 333,333.22…
    shown: 333_333n,
    transfers: [
      // 300,001e18 / 1,000,003 shares, rounded up.
      { bonds: 1n, shares: 300_000_099_999_700_001n, alice: 333_332n, bob: 333_334n, fresh: 1n },
      { bonds: 333n, shares: 99_900_033_299_900_100_300n, alice: 333_000n, bob: 333_666n, fresh: 333n },
    ],
  },
];

describe("AMATICb: transfer and transferFrom", () => {
  let context: Context;

  async function expectShown(who: "alice" | "bob" | "carol" | "stranger", { shares, bonds }: Shown): Promise<void> {
    const { bond, actors } = context;
    expect(await bond.sharesOf(actors[who]), `shares of ${who}`).to.equal(shares);
    expect(await bond.balanceOf(actors[who]), `balance of ${who}`).to.equal(bonds);
  }

  for (const { title, assets, shown, transfers } of RATES) {
    describe(title, () => {
      beforeEach(async () => {
        context = await legacyFixture();
        await setTotalAssets(context, assets);
        await expectShown("alice", { shares: GENESIS_SHARES, bonds: shown });
      });

      for (const { bonds, shares, alice: left, bob: grown, fresh } of transfers) {
        it(`moves ${shares} shares for ${bonds} wei, and says so once in bonds and once in shares`, async () => {
          const { bond, actors } = context;
          const { alice, bob } = actors;
          const supply = await bond.totalSupply();
          expect(await bond.sharesToMove(alice, bonds)).to.equal(shares);
          expect(await eventsOf(bond, bond.connect(alice).transfer(bob, bonds))).to.deep.equal([
            { name: "Transfer", args: [alice.address, bob.address, bonds] },
            { name: "TransferShares", args: [alice.address, bob.address, shares] },
          ]);
          await expectShown("alice", { shares: GENESIS_SHARES - shares, bonds: left });
          await expectShown("bob", { shares: GENESIS_SHARES + shares, bonds: grown });
          expect(await bond.totalSupply()).to.equal(supply);
        });

        it(`S20-7: ${bonds} wei by transferFrom charge ${bonds}, and move the same ${shares} shares`, async () => {
          const { bond, actors } = context;
          const { alice, bob, stranger } = actors;
          await bond.connect(alice).approve(bob, bonds + 7n);
          expect(await eventsOf(bond, bond.connect(bob).transferFrom(alice, stranger, bonds))).to.deep.equal([
            { name: "Transfer", args: [alice.address, stranger.address, bonds] },
            { name: "TransferShares", args: [alice.address, stranger.address, shares] },
          ]);
          expect(await bond.allowance(alice, bob)).to.equal(7n);
          await expectShown("alice", { shares: GENESIS_SHARES - shares, bonds: left });
          await expectShown("stranger", { shares, bonds: fresh });
        });
      }

      it("A55: the whole balance leaves no share behind", async () => {
        const { bond, actors } = context;
        expect(await bond.sharesToMove(actors.alice, shown)).to.equal(GENESIS_SHARES);
        await bond.connect(actors.alice).transfer(actors.stranger, shown);
        await expectShown("alice", { shares: 0n, bonds: 0n });
        await expectShown("stranger", { shares: GENESIS_SHARES, bonds: shown });
      });

      it("A55: an approval of exactly the balance moves all of it, and nothing of either is left", async () => {
        const { bond, actors } = context;
        const { alice, bob, stranger } = actors;
        await bond.connect(alice).approve(bob, await bond.balanceOf(alice));
        await bond.connect(bob).transferFrom(alice, stranger, await bond.balanceOf(alice));
        await expectShown("alice", { shares: 0n, bonds: 0n });
        await expectShown("stranger", { shares: GENESIS_SHARES, bonds: shown });
        expect(await bond.allowance(alice, bob)).to.equal(0n);
      });

      it("a wei less than the whole balance leaves no more than a wei and a share's worth", async () => {
        const { bond, actors } = context;
        await bond.connect(actors.alice).transfer(actors.stranger, shown - 1n);
        expect(await bond.balanceOf(actors.alice)).to.be.at.most(1n);
        expect(await bond.balanceOf(actors.stranger)).to.be.within(shown - 1n, shown);
      });

      it("S20-2: nothing moves nothing, and is logged, for strangers and empty accounts too", async () => {
        const { bond, actors } = context;
        const { alice, bob, stranger } = actors;
        for (const [send, from] of [
          [() => bond.connect(alice).transfer(bob, 0n), alice],
          [() => bond.connect(stranger).transfer(bob, 0n), stranger],
          [() => bond.connect(stranger).transferFrom(alice, bob, 0n), alice],
        ] as const) {
          expect(await eventsOf(bond, send())).to.deep.equal([
            { name: "Transfer", args: [from.address, bob.address, 0n] },
            { name: "TransferShares", args: [from.address, bob.address, 0n] },
          ]);
        }
        await expectShown("alice", { shares: GENESIS_SHARES, bonds: shown });
        await expectShown("bob", { shares: GENESIS_SHARES, bonds: shown });
      });

      it("to oneself changes nothing, be it a wei, a part or all", async () => {
        const { bond, actors } = context;
        const { alice } = actors;
        for (const bonds of [0n, 1n, shown / 3n, shown - 1n, shown]) {
          await bond.connect(alice).transfer(alice, bonds);
          await expectShown("alice", { shares: GENESIS_SHARES, bonds: shown });
        }
      });

      it("more than the balance reverts with what there is", async () => {
        const { bond, actors } = context;
        const { alice, bob, stranger } = actors;
        await bond.connect(alice).approve(bob, MaxUint256);
        for (const bonds of [shown + 1n, MaxUint256]) {
          for (const send of [
            () => bond.connect(alice).transfer(bob, bonds),
            () => bond.connect(bob).transferFrom(alice, stranger, bonds),
            () => bond.connect(alice).transfer(alice, bonds),
          ]) {
            await expect(send())
              .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
              .withArgs(alice, shown, bonds);
          }
          await expect(bond.sharesToMove(alice, bonds))
            .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
            .withArgs(alice, shown, bonds);
        }
      });

      it("S20-5: an allowance of exactly the bonds is enough, one of a wei less is not, an unlimited one stays", async () => {
        const { bond, actors } = context;
        const { alice, bob, stranger } = actors;
        await bond.connect(alice).approve(bob, 332n);
        await expect(bond.connect(bob).transferFrom(alice, stranger, 333n))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(bob, 332n, 333n);
        await bond.connect(alice).approve(bob, 333n);
        await bond.connect(bob).transferFrom(alice, stranger, 333n);
        expect(await bond.allowance(alice, bob)).to.equal(0n);
        await bond.connect(alice).approve(bob, MaxUint256);
        await bond.connect(bob).transferFrom(alice, stranger, 333n);
        expect(await bond.allowance(alice, bob)).to.equal(MaxUint256);
      });

      it("S20-7: all balances together are the supply, or up to a wei a holder less", async () => {
        const { bond, actors } = context;
        const { alice, bob, carol, stranger, treasury } = actors;
        for (const [to, bonds] of [
          [stranger, 1n],
          [treasury, 333n],
          [carol, shown / 7n],
          [bob, 2n],
        ] as const) {
          await bond.connect(alice).transfer(to, bonds);
          let together = 0n;
          for (const holder of [alice, bob, carol, stranger, treasury]) together += await bond.balanceOf(holder);
          expect(await bond.totalSupply()).to.be.within(together, together + 4n);
          expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES);
        }
      });
    });
  }

  describe("whatever the rate", () => {
    beforeEach(async () => {
      context = await legacyFixture();
    });

    it("S20-1: returns true", async () => {
      const { bond, actors } = context;
      const { alice, bob } = actors;
      expect(await bond.connect(alice).transfer.staticCall(bob, 1n)).to.equal(true);
      await bond.connect(alice).approve(bob, 1n);
      expect(await bond.connect(bob).transferFrom.staticCall(alice, bob, 1n)).to.equal(true);
    });

    it("refuses the zero address as receiver, and aMATICb itself, even of nothing", async () => {
      const { bond, actors } = context;
      const { alice, bob } = actors;
      await bond.connect(alice).approve(bob, MaxUint256);
      for (const receiver of [ZeroAddress, await bond.getAddress()]) {
        for (const bonds of [0n, 1n]) {
          await expect(bond.connect(alice).transfer(receiver, bonds))
            .to.be.revertedWithCustomError(bond, "ERC20InvalidReceiver")
            .withArgs(receiver);
          await expect(bond.connect(bob).transferFrom(alice, receiver, bonds))
            .to.be.revertedWithCustomError(bond, "ERC20InvalidReceiver")
            .withArgs(receiver);
        }
      }
    });

    it("refuses the zero address as sender", async () => {
      const { bond, actors } = context;
      await expect(bond.connect(actors.bob).transferFrom(ZeroAddress, actors.bob, 0n))
        .to.be.revertedWithCustomError(bond, "ERC20InvalidApprover")
        .withArgs(ZeroAddress);
    });

    it("S20-5: an allowance is in bonds: what was approved does not grow with the balance", async () => {
      const { bond, actors } = context;
      const { alice, bob, stranger } = actors;
      await bond.connect(alice).approve(bob, 100_000n * ONE);
      await setTotalAssets(context, 2n * SUPPLY);
      await expect(bond.connect(bob).transferFrom(alice, stranger, 200_000n * ONE))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(bob, 100_000n * ONE, 200_000n * ONE);
      await bond.connect(bob).transferFrom(alice, stranger, 100_000n * ONE);
      expect(await bond.sharesOf(stranger)).to.equal(50_000n * ONE);
    });

    it("moves aMATICb and no ankrMATIC", async () => {
      const { bond, token, actors } = context;
      await expect(bond.connect(actors.alice).transfer(actors.bob, ONE)).to.changeTokenBalances(
        token,
        [bond, actors.alice, actors.bob],
        [0n, 0n, 0n],
      );
    });
  });
});
