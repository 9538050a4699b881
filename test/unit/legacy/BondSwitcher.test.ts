import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { eventsOf } from "../../support/events";
import { MAX, ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, shrink } from "../../support/growth";
import { GENESIS_SHARES, SWITCH_CAP, legacyFixture } from "../../support/legacy";
import { ceilDiv, count, expectNothingStays, feeOf, set } from "../../support/switcher";

/** All shares of the pool: the seed, and what the stranger staked for the genesis. */
const SUPPLY = ONE + 3n * GENESIS_SHARES;

/** Rates by name: how the pool gets there from one POL for one share, and its total assets then. */
const RATES: readonly {
  readonly name: string;
  readonly assets: bigint;
  readonly arrange: (context: Context) => Promise<void>;
}[] = [
  { name: "at a rate of 1", assets: SUPPLY, arrange: () => Promise.resolve() },
  {
    name: "at a rate above 1",
    assets: SUPPLY + 71_234n * ONE + 567n,
    arrange: (context) => grow(context, 71_234n * ONE + 567n),
  },
  {
    name: "at a rate below 1, after a loss",
    assets: (SUPPLY * 6_300n) / 10_000n,
    arrange: (context) => shrink(context, 3_700n),
  },
];

describe("BondSwitcher", () => {
  let context: Context;

  beforeEach(async () => {
    // Without a fee of the pool its rewards are what the shares earn, and the treasury gets the switches' fee alone.
    context = await legacyFixture({ params: { feeBps: 0n } });
  });

  afterEach(() => expectNothingStays(context));

  for (const { name, assets, arrange } of RATES) {
    describe(name, () => {
      const worthOf = (shares: bigint): bigint => (shares * assets) / SUPPLY;
      const sharesFor = (bonds: bigint): bigint => ceilDiv(bonds * SUPPLY, assets);

      beforeEach(async () => {
        await arrange(context);
        expect(await context.pool.totalAssets(), "the rate that the numbers below are for").to.equal(assets);
      });

      it("switchBonds takes the shares worth the bonds, rounded up, and pays them out but for the fee", async () => {
        const { switcher, bond, token, actors } = context;
        const { alice, bob, treasury } = actors;
        for (const bonds of [1_234n * ONE + 7n, ONE / 3n, 1_000n]) {
          const shares = sharesFor(bonds);
          const fee = feeOf(shares);
          const held = await bond.sharesOf(alice);
          expect(await switcher.previewSwitch(alice, bonds)).to.deep.equal([shares, shares - fee, fee]);
          expect(await switcher.connect(alice).switchBonds.staticCall(bonds, bob)).to.equal(shares - fee);
          await expect(switcher.connect(alice).switchBonds(bonds, bob)).to.changeTokenBalances(
            token,
            [bob, treasury, bond, alice, switcher],
            [shares - fee, fee, -shares, 0n, 0n],
          );
          expect(await bond.sharesOf(alice)).to.equal(held - shares);
        }
      });

      it("switchShares takes exactly the shares", async () => {
        const { switcher, bond, token, actors } = context;
        const { alice, bob, treasury } = actors;
        for (const shares of [1_234n * ONE + 7n, ONE / 3n, 2n]) {
          const fee = feeOf(shares);
          expect(await switcher.previewSwitchShares(shares)).to.deep.equal([shares - fee, fee]);
          expect(await switcher.connect(alice).switchShares.staticCall(shares, bob)).to.equal(shares - fee);
          await expect(switcher.connect(alice).switchShares(shares, bob)).to.changeTokenBalances(
            token,
            [bob, treasury, bond, alice, switcher],
            [shares - fee, fee, -shares, 0n, 0n],
          );
        }
        expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - 1_234n * ONE - 7n - ONE / 3n - 2n);
      });

      it("A55: switchBonds of the whole balance leaves no share", async () => {
        const { switcher, bond, actors } = context;
        const { alice } = actors;
        const balance = worthOf(GENESIS_SHARES);
        expect(await bond.balanceOf(alice)).to.equal(balance);
        const fee = feeOf(GENESIS_SHARES);
        expect(await switcher.previewSwitch(alice, balance)).to.deep.equal([GENESIS_SHARES, GENESIS_SHARES - fee, fee]);
        await switcher.connect(alice).switchBonds(balance, alice);
        expect(await bond.sharesOf(alice)).to.equal(0n);
        expect(await bond.balanceOf(alice)).to.equal(0n);
        expect(await context.token.balanceOf(alice)).to.equal(GENESIS_SHARES - fee);
      });

      it("A55: an allowance of exactly the balance is enough to switch all of it, and is spent", async () => {
        const { switcher, bond, actors } = context;
        const { alice } = actors;
        await bond.connect(alice).approve(switcher, worthOf(GENESIS_SHARES));
        await switcher.connect(alice).switchBonds(worthOf(GENESIS_SHARES), alice);
        expect(await bond.sharesOf(alice)).to.equal(0n);
        expect(await bond.allowance(alice, switcher)).to.equal(0n);
      });

      it("switchBonds charges the allowance exactly the bonds, and switchShares their worth, rounded up", async () => {
        const { switcher, bond, actors } = context;
        const { alice } = actors;
        const [allowance, bonds, shares] = [9_000n * ONE, 77n * ONE + 1n, 55n * ONE + 3n];
        await bond.connect(alice).approve(switcher, allowance);
        await switcher.connect(alice).switchBonds(bonds, alice);
        expect(await bond.allowance(alice, switcher)).to.equal(allowance - bonds);
        await switcher.connect(alice).switchShares(shares, alice);
        const charged = ceilDiv(shares * assets, SUPPLY);
        expect(await bond.allowance(alice, switcher)).to.equal(allowance - bonds - charged);
      });

      it("tells the same in its events as in aMATICb's and in ankrMATIC's", async () => {
        const { switcher, bond, token, actors } = context;
        const { alice, bob, treasury } = actors;
        const bonds = 321n * ONE + 5n;
        const shares = sharesFor(bonds);
        const fee = feeOf(shares);
        const sent = await switcher.connect(alice).switchBonds(bonds, bob);
        expect(await eventsOf(switcher, sent)).to.deep.equal([
          { name: "Switched", args: [alice.address, bob.address, shares, fee] },
        ]);
        expect(await eventsOf(bond, sent)).to.deep.equal([
          { name: "Transfer", args: [alice.address, ZeroAddress, bonds] },
          { name: "TransferShares", args: [alice.address, ZeroAddress, shares] },
        ]);
        expect(await eventsOf(token, sent)).to.deep.equal([
          { name: "Transfer", args: [await bond.getAddress(), bob.address, shares - fee] },
          { name: "Transfer", args: [await bond.getAddress(), treasury.address, fee] },
        ]);
      });

      it("the rate is the same before and after, for holders of either token", async () => {
        const { switcher, bond, pool, actors } = context;
        const before = [await pool.totalAssets(), await bond.balanceOf(actors.carol)];
        await switcher.connect(actors.alice).switchShares(99n * ONE, actors.bob);
        expect([await pool.totalAssets(), await bond.balanceOf(actors.carol)]).to.deep.equal(before);
        expect(await bond.balanceOf(actors.alice)).to.equal(worthOf(GENESIS_SHARES - 99n * ONE));
      });
    });
  }

  it("A55: a whole balance of dust, worth less than its shares, leaves none of them", async () => {
    const { switcher, bond, token, actors } = context;
    const { alice, bob, stranger } = actors;
    await shrink(context, 7_000n);
    // 0.3 MATIC for a share: five of them are worth 1 wei, which four would be worth, too.
    await bond.connect(alice).transferShares(stranger, 5n);
    await bond.connect(stranger).approve(switcher, 1n);
    expect(await switcher.previewSwitch(stranger, 1n)).to.deep.equal([5n, 4n, 1n]);
    await switcher.connect(stranger).switchBonds(1n, bob);
    expect(await bond.sharesOf(stranger)).to.equal(0n);
    expect(await token.balanceOf(bob)).to.equal(4n);
  });

  describe("the fee", () => {
    for (const [shares, fee] of [
      [1_000n, 3n],
      [1_001n, 4n],
      [999n, 3n],
      [333n, 1n],
      [334n, 2n],
      [10_000n * ONE, 30n * ONE],
      [10_000n * ONE + 1n, 30n * ONE + 1n],
    ] as const) {
      it(`of 0.3 % on ${shares} shares is ${fee}`, async () => {
        const { switcher, token, actors } = context;
        expect(await switcher.previewSwitchShares(shares)).to.deep.equal([shares - fee, fee]);
        await expect(switcher.connect(actors.alice).switchShares(shares, actors.bob)).to.changeTokenBalances(
          token,
          [actors.bob, actors.treasury],
          [shares - fee, fee],
        );
      });
    }

    it("that leaves nothing refuses the switch", async () => {
      const { switcher, actors } = context;
      const alice = switcher.connect(actors.alice);
      await expect(alice.switchShares(1n, actors.bob))
        .to.be.revertedWithCustomError(switcher, "NothingAfterFee")
        .withArgs(1n, 1n);
      await expect(alice.switchBonds(1n, actors.bob))
        .to.be.revertedWithCustomError(switcher, "NothingAfterFee")
        .withArgs(1n, 1n);
      expect(await switcher.previewSwitchShares(1n)).to.deep.equal([0n, 1n]);
    });

    it("can be nothing: then all shares are received, even of one", async () => {
      const { switcher, token, actors } = context;
      await set(context, "setFee", 0n);
      for (const shares of [1n, 12_345n]) {
        expect(await switcher.previewSwitchShares(shares)).to.deep.equal([shares, 0n]);
        await expect(switcher.connect(actors.alice).switchShares(shares, actors.bob)).to.changeTokenBalances(
          token,
          [actors.bob, actors.treasury],
          [shares, 0n],
        );
      }
    });

    it("is at most 1 %", async () => {
      const { switcher, token, actors } = context;
      await set(context, "setFee", 100n);
      for (const [shares, fee] of [
        [10_000n, 100n],
        [10_001n, 101n],
        [99n, 1n],
      ] as const) {
        expect(await switcher.previewSwitchShares(shares)).to.deep.equal([shares - fee, fee]);
        await expect(switcher.connect(actors.alice).switchShares(shares, actors.bob)).to.changeTokenBalances(
          token,
          [actors.bob, actors.treasury],
          [shares - fee, fee],
        );
      }
    });
  });

  describe("what is switched", () => {
    it("counts with its fee, in shares, whatever their worth", async () => {
      const { switcher, actors } = context;
      await switcher.connect(actors.alice).switchShares(100n * ONE, actors.bob);
      await grow(context, 30_000n * ONE);
      await switcher.connect(actors.alice).switchShares(50n * ONE, actors.bob);
      const used = 150n * ONE;
      expect(await count(switcher)).to.deep.equal({ cap: SWITCH_CAP, used, remaining: SWITCH_CAP - used });
    });

    it("an unlimited allowance is not spent", async () => {
      const { switcher, bond, actors } = context;
      await switcher.connect(actors.alice).switchBonds(ONE, actors.bob);
      await switcher.connect(actors.alice).switchShares(ONE, actors.bob);
      expect(await bond.allowance(actors.alice, switcher)).to.equal(MAX);
    });

    it("can go to the treasury, which then has the fee as well", async () => {
      const { switcher, token, actors } = context;
      await expect(switcher.connect(actors.alice).switchShares(1_000n, actors.treasury)).to.changeTokenBalance(
        token,
        actors.treasury,
        1_000n,
      );
    });

    it("is asked for a preview whatever the cap, the daily limit and a pause", async () => {
      const { switcher, actors } = context;
      await set(context, "setDailyLimit", ONE);
      await set(context, "setCap", 0n);
      await switcher.connect(actors.guardian).pauseSwitches(60n);
      expect(await switcher.previewSwitch(actors.alice, 1_000n)).to.deep.equal([1_000n, 997n, 3n]);
      expect(await switcher.previewSwitchShares(10_000_000n * ONE)).to.deep.equal([9_970_000n * ONE, 30_000n * ONE]);
    });
  });

  describe("switchUpTo", () => {
    it("takes no more than the caller has: the largest number switches all of it", async () => {
      const { switcher, bond, token, actors } = context;
      const fee = feeOf(GENESIS_SHARES);
      const alice = switcher.connect(actors.alice);
      expect(await alice.switchUpTo.staticCall(MAX, actors.carol)).to.deep.equal([
        GENESIS_SHARES,
        GENESIS_SHARES - fee,
      ]);
      await alice.switchUpTo(MAX, actors.carol);
      expect(await bond.sharesOf(actors.alice)).to.equal(0n);
      expect(await token.balanceOf(actors.carol)).to.equal(GENESIS_SHARES - fee);
    });
  });

  describe("refuses", () => {
    it("a receiver of zero", async () => {
      const { switcher, actors } = context;
      const alice = switcher.connect(actors.alice);
      await expect(alice.switchBonds(ONE, ZeroAddress)).to.be.revertedWithCustomError(switcher, "ZeroAddress");
      await expect(alice.switchShares(ONE, ZeroAddress)).to.be.revertedWithCustomError(switcher, "ZeroAddress");
      await expect(alice.switchUpTo(ONE, ZeroAddress)).to.be.revertedWithCustomError(switcher, "ZeroAddress");
    });

    it("an amount of zero, from a holder and from who holds nothing", async () => {
      const { switcher, actors } = context;
      for (const caller of [actors.alice, actors.stranger]) {
        const by = switcher.connect(caller);
        await expect(by.switchBonds(0n, caller)).to.be.revertedWithCustomError(switcher, "ZeroShares");
        await expect(by.switchShares(0n, caller)).to.be.revertedWithCustomError(switcher, "ZeroShares");
        await expect(by.switchUpTo(0n, caller)).to.be.revertedWithCustomError(switcher, "ZeroShares");
      }
    });

    it("more than the caller has", async () => {
      const { switcher, bond, actors } = context;
      const alice = switcher.connect(actors.alice);
      await expect(alice.switchBonds(GENESIS_SHARES + 1n, actors.alice))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
        .withArgs(actors.alice.address, GENESIS_SHARES, GENESIS_SHARES + 1n);
      await expect(switcher.previewSwitch(actors.alice, GENESIS_SHARES + 1n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
        .withArgs(actors.alice.address, GENESIS_SHARES, GENESIS_SHARES + 1n);
      await expect(alice.switchShares(GENESIS_SHARES + 1n, actors.alice))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(actors.alice.address, GENESIS_SHARES, GENESIS_SHARES + 1n);
    });

    it("a receiver where ankrMATIC would stay for ever: the switcher itself, and aMATICb", async () => {
      const { switcher, bond, actors } = context;
      const alice = switcher.connect(actors.alice);
      for (const deadEnd of [await switcher.getAddress(), await bond.getAddress()]) {
        for (const attempt of [
          () => alice.switchBonds(ONE, deadEnd),
          () => alice.switchShares(ONE, deadEnd),
          () => alice.switchUpTo(ONE, deadEnd),
        ]) {
          await expect(attempt()).to.be.revertedWithCustomError(switcher, "ReceiverIsDeadEnd").withArgs(deadEnd);
        }
      }
    });

    it("without an allowance, or with one of a wei too little", async () => {
      const { switcher, bond, actors } = context;
      const address = await switcher.getAddress();
      for (const allowance of [0n, 500n * ONE - 1n]) {
        await bond.connect(actors.alice).approve(switcher, allowance);
        const alice = switcher.connect(actors.alice);
        for (const attempt of [
          () => alice.switchBonds(500n * ONE, actors.alice),
          () => alice.switchShares(500n * ONE, actors.alice),
          () => alice.switchUpTo(500n * ONE, actors.alice),
        ]) {
          await expect(attempt())
            .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
            .withArgs(address, allowance, 500n * ONE);
        }
      }
      expect((await count(switcher)).used).to.equal(0n);
    });
  });

  it("counts nothing of a switch that was refused", async () => {
    const { switcher, token, bond, actors } = context;
    await expect(switcher.connect(actors.stranger).switchShares(ONE, actors.stranger))
      .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
      .withArgs(await switcher.getAddress(), 0n, ONE);
    expect(await count(switcher)).to.deep.equal({ cap: SWITCH_CAP, used: 0n, remaining: SWITCH_CAP });
    expect(await token.balanceOf(actors.treasury)).to.equal(0n);
  });
});
