import { setStorageAt, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { MaxUint256, id, toBeHex } from "ethers";
import { ethers } from "hardhat";

import { eventsOf, named } from "../../support/events";
import { DAY, MAX, ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { grow, shrink } from "../../support/growth";
import { unwatchLedgers } from "../../support/ledgers";
import { GENESIS_SHARES, SWITCH_CAP, holdersOf, legacyFixture, threeHolders } from "../../support/legacy";
import { domainOf, signPermit } from "../../support/permit";
import { tries } from "../../support/properties";
import { BOND_DOMAIN, ceilDiv, expectNothingStays, feeOf, refill, set } from "../../support/switcher";

/** Root of the pool's ledger; the word there has the total assets in its lowest 104 bits. */
const LEDGER_ROOT = "0x2eb13de6ea9b9283b04a66ca4b69c84f92f7fb1b2e136dceadc5246c7deea400";

const ALL = 3n * GENESIS_SHARES;

describe("findings: aMATICb and its switcher", () => {
  let context: Context;

  beforeEach(async () => {
    context = await legacyFixture({ params: { feeBps: 0n } });
  });

  /** Old shares never exceed the ankrMATIC behind them. */
  async function expectBacked(): Promise<void> {
    const { bond, token } = context;
    expect(await token.balanceOf(bond)).to.equal(await bond.totalSharesSupply());
  }

  describe("A50: after the seal no share of aMATICb comes into being", () => {
    it("A50: these are all functions that change anything, and one of them mints: the genesis", () => {
      const { bond, switcher } = context;
      expect(
        changingFunctionsOf(bond)
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(
        [
          "approve",
          "initialize",
          "mintGenesis",
          "permit",
          "releaseBonds",
          "releaseShares",
          "setAuthority",
          "transfer",
          "transferFrom",
          "transferShares",
          "transferSharesFrom",
          "unstakeBonds",
          "unstakeShares",
          "upgradeToAndCall",
        ].sort(),
      );
      expect(
        changingFunctionsOf(switcher)
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(
        [
          "initialize",
          "pauseSwitches",
          "resumeSwitches",
          "setAuthority",
          "setCap",
          "setDailyLimit",
          "setFee",
          "switchBonds",
          "switchBondsWithPermit",
          "switchShares",
          "switchSharesWithPermit",
          "switchUpTo",
          "switchUpToWithPermit",
          "upgradeToAndCall",
        ].sort(),
      );
    });

    it("A50: the genesis does not, by a batch again, by one that is not in the list, or by a forged one", async () => {
      const { bond, token, pool, actors } = context;
      const { stranger } = actors;
      await pool.connect(stranger).deposit(500_000n * ONE, stranger);
      await token.connect(stranger).approve(bond, MAX);
      const by = bond.connect(stranger);
      for (const { batch, holdings, proof } of (await threeHolders()).batches) {
        await expect(by.mintGenesis(batch, [...holdings], [...proof]))
          .to.be.revertedWithCustomError(bond, "GenesisBatchDone")
          .withArgs(batch);
        for (const other of [2n, MaxUint256]) {
          await expect(by.mintGenesis(other, [...holdings], [...proof]))
            .to.be.revertedWithCustomError(bond, "NotInGenesis")
            .withArgs(other);
        }
      }
      await expect(by.mintGenesis(7n, [{ holder: stranger.address, shares: ONE }], []))
        .to.be.revertedWithCustomError(bond, "NotInGenesis")
        .withArgs(7n);
      expect(await bond.totalSharesSupply()).to.equal(ALL);
    });

    it("A50: nor does any name under which such tokens were minted or deposited into before", async () => {
      const { bond, switcher, actors } = context;
      const word = actors.stranger.address.slice(2).toLowerCase().padStart(64, "0");
      const amount = toBeHex(ONE, 32).slice(2);
      for (const signature of [
        "mint(address,uint256)",
        "mintBonds(address,uint256)",
        "mintApprovedTo(address,address,uint256)",
        "lockShares(uint256)",
        "lockSharesFor(address,address,uint256)",
        "deposit(uint256,address)",
        "wrap(uint256)",
        "stakeAndClaimBonds(uint256)",
        "switchBack(uint256,address)",
        "burn(address,uint256)",
      ]) {
        for (const to of [bond, switcher]) {
          const data = `${id(signature).slice(0, 10)}${word}${amount}${word}`;
          await expect(actors.stranger.sendTransaction({ to, data }), signature).to.be.revertedWithoutReason();
        }
      }
    });

    it("A50: what is sent to aMATICb or to the switcher is nobody's share, and opens nothing", async () => {
      const { bond, token, switcher, pool, actors } = context;
      const { stranger } = actors;
      await pool.connect(stranger).deposit(50n * ONE, stranger);
      const assets = await bond.totalSupply();
      await token.connect(stranger).transfer(bond, 20n * ONE);
      await token.connect(stranger).transfer(switcher, 30n * ONE);
      expect(await bond.totalSharesSupply()).to.equal(ALL);
      expect(await bond.totalSupply()).to.equal(assets);
      expect(await bond.sharesOf(stranger)).to.equal(0n);
      expect(await switcher.remaining()).to.equal(SWITCH_CAP);
      expect(await token.balanceOf(bond)).to.equal(ALL + 20n * ONE);
    });

    it("A50: all that is done with it only lowers the supply, and what is behind it with it", async () => {
      const { bond, switcher, pool, actors } = context;
      const { alice, bob, carol, stranger } = actors;
      let supply = ALL;
      for (const [leaves, act] of [
        [0n, () => bond.connect(alice).transfer(bob, 7n * ONE)],
        [3n * ONE, () => switcher.connect(bob).switchShares(3n * ONE, carol)],
        [0n, () => grow(context, 9_000n * ONE)],
        [4n * ONE, () => bond.connect(carol).unstakeShares(4n * ONE)],
        [0n, () => shrink(context, 1_000n)],
        [0n, () => bond.connect(carol).transferShares(stranger, ONE)],
        [5n * ONE, () => switcher.connect(alice).switchUpTo(5n * ONE, alice)],
        [0n, () => pool.connect(stranger).settleBatch()],
        [GENESIS_SHARES - 5n * ONE, () => bond.connect(carol).unstakeShares(GENESIS_SHARES - 5n * ONE)],
      ] as const) {
        await act();
        supply -= leaves;
        expect(await bond.totalSharesSupply()).to.equal(supply);
        await expectBacked();
      }
    });
  });

  describe("A51: the cap holds whatever the rate does", () => {
    it("A51: three holders with three times the cap in bonds get the cap in shares, and not one more", async () => {
      const { switcher, bond, token, actors } = context;
      await set(context, "setCap", GENESIS_SHARES);
      await grow(context, 600_002n * ONE);
      // The rate has tripled: each holder has as many bonds as the cap has shares, three times.
      expect(await bond.balanceOf(actors.alice)).to.equal(3n * GENESIS_SHARES);
      await switcher.connect(actors.alice).switchBonds(3n * GENESIS_SHARES - 3n, actors.stranger);
      await switcher
        .connect(actors.bob)
        .switchUpTo(GENESIS_SHARES, actors.stranger)
        .catch(() => undefined);
      await expect(switcher.connect(actors.carol).switchBonds(3n, actors.stranger))
        .to.be.revertedWithCustomError(switcher, "NothingAfterFee")
        .withArgs(1n, 1n);
      const out = (await token.balanceOf(actors.stranger)) + (await token.balanceOf(actors.treasury));
      expect(out).to.equal(GENESIS_SHARES - 1n);
      expect(await switcher.remaining()).to.equal(1n);
    });

    it("A51: there is no path back that would free the cap: ankrMATIC that returns changes no count", async () => {
      const { switcher, bond, token, actors } = context;
      const { alice } = actors;
      await switcher.connect(alice).switchShares(1_000n * ONE, alice);
      const used = 1_000n * ONE;
      const received = used - feeOf(used);
      await token.connect(alice).transfer(bond, received / 2n);
      await token.connect(alice).transfer(switcher, received / 4n);
      await bond.connect(alice).unstakeShares(2_000n * ONE);
      expect((await switcher.parameters()).used).to.equal(used);
      expect(await switcher.remaining()).to.equal(SWITCH_CAP - used);
      expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - 3_000n * ONE);
    });

    it("A51: caps that go down and up again never pay out what was switched before", async () => {
      const { switcher, token, actors } = context;
      let out = 0n;
      for (const cap of [40n * ONE, 10n * ONE, 55n * ONE, 0n, 55n * ONE, 60n * ONE]) {
        await set(context, "setCap", cap);
        const sent = switcher.connect(actors.alice).switchUpTo(GENESIS_SHARES / 2n, actors.stranger);
        if (cap > out) {
          const shares = cap - out;
          await expect(sent)
            .to.emit(switcher, "Switched")
            .withArgs(actors.alice.address, actors.stranger.address, shares, feeOf(shares));
          out = cap;
        } else {
          await expect(sent).to.be.revertedWithCustomError(switcher, "ZeroShares");
        }
        expect((await switcher.parameters()).used).to.equal(out);
      }
      expect((await token.balanceOf(actors.stranger)) + (await token.balanceOf(actors.treasury))).to.equal(60n * ONE);
    });

    it("A51: stolen aMATICb leaves no faster than the daily limit, and a pause stops it", async () => {
      const { switcher, bond, token, actors } = context;
      const { alice, stranger, guardian } = actors;
      const limit = 1_000n * ONE;
      await set(context, "setDailyLimit", limit);
      // The thief has Alice's key.
      await bond.connect(alice).transferShares(stranger, GENESIS_SHARES);
      await bond.connect(stranger).approve(switcher, MAX);
      const start = BigInt(await time.latest()) + 100n;
      await time.setNextBlockTimestamp(start);
      await switcher.connect(stranger).switchUpTo(MAX, stranger);
      let used = limit;
      let last = 0n;
      for (const hours of [1n, 2n, 5n, 23n]) {
        await time.setNextBlockTimestamp(start + hours * 3_600n);
        await switcher.connect(stranger).switchUpTo(MAX, stranger);
        used += refill(limit, (hours - last) * 3_600n);
        last = hours;
        expect((await switcher.parameters()).used).to.equal(used);
      }
      await switcher.connect(guardian).pauseSwitches(5n * DAY);
      const { pausedUntil } = await switcher.parameters();
      await expect(switcher.connect(stranger).switchUpTo(MAX, stranger))
        .to.be.revertedWithCustomError(switcher, "SwitchesArePaused")
        .withArgs(pausedUntil);
      expect(await token.balanceOf(stranger)).to.equal(used - (await token.balanceOf(actors.treasury)));
    });
  });

  describe("A52: what is on its way out is not there any more", () => {
    it("A52: a balance that was unstaked can neither be switched nor moved", async () => {
      const { bond, switcher, actors } = context;
      const { alice, bob } = actors;
      await bond.connect(alice).unstakeShares(GENESIS_SHARES);
      expect(await bond.totalSharesSupply()).to.equal(ALL - GENESIS_SHARES);
      await expect(switcher.connect(alice).switchShares(ONE, alice))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(alice.address, 0n, ONE);
      for (const attempt of [
        () => switcher.connect(alice).switchBonds(ONE, alice),
        () => bond.connect(alice).transfer(bob, ONE),
        () => bond.connect(alice).unstakeBonds(ONE),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
          .withArgs(alice.address, 0n, ONE);
      }
      await expectBacked();
    });

    it("A52: a balance that was switched can neither be unstaked nor moved nor switched again", async () => {
      const { bond, switcher, actors } = context;
      const { alice, bob } = actors;
      await switcher.connect(alice).switchBonds(GENESIS_SHARES, bob);
      expect(await bond.totalSharesSupply()).to.equal(ALL - GENESIS_SHARES);
      for (const attempt of [
        () => bond.connect(alice).unstakeShares(ONE),
        () => bond.connect(alice).transferShares(bob, ONE),
        () => switcher.connect(alice).switchShares(ONE, bob),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(bond, "InsufficientShares")
          .withArgs(alice.address, 0n, ONE);
      }
      await expectBacked();
    });

    it("A52: of one balance the first of two ways takes its part, and the second what is left", async () => {
      const { bond, switcher, actors } = context;
      const { alice } = actors;
      await bond.connect(alice).unstakeShares(GENESIS_SHARES - 10n);
      await expect(switcher.connect(alice).switchShares(11n, alice))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(alice.address, 10n, 11n);
      await switcher.connect(alice).switchShares(10n, alice);
      expect(await bond.sharesOf(alice)).to.equal(0n);
      await expectNothingStays(context);
    });
  });

  describe("A55: a whole balance can be switched at any rate", () => {
    it("A55: at 1,000 random rates nothing is left of it, and nothing reverts", async () => {
      const { bond, switcher, token, pool, actors } = context;
      const { alice, stranger, treasury } = actors;
      // The rate is written into the pool's ledger, which then does not balance with the delegator's.
      unwatchLedgers();
      await set(context, "setCap", 2n ** 96n - 1n);
      await bond.connect(stranger).approve(switcher, MAX);
      const supply = await pool.totalShares();
      const first = BigInt(await ethers.provider.getStorage(pool, LEDGER_ROOT));
      const above = (first >> 104n) << 104n;
      const digits = fc
        .integer({ min: 0, max: 31 })
        .chain((power) => fc.bigInt({ min: 10n ** BigInt(power), max: 10n ** BigInt(power + 1) - 1n }));
      const counted = { rates: 0, dust: 0 };
      await fc.assert(
        fc.asyncProperty(
          digits.map((assets) => (assets < 2n ** 104n ? assets : 2n ** 104n - 1n)),
          fc.oneof(fc.bigInt({ min: 2n, max: 50n }), fc.bigInt({ min: 2n, max: 90n * ONE })),
          async (assets, shares) => {
            await setStorageAt(await pool.getAddress(), LEDGER_ROOT, above | assets);
            await bond.connect(alice).transferShares(stranger, shares);
            const balance = (shares * assets) / supply;
            expect(await bond.balanceOf(stranger)).to.equal(balance);
            const by = switcher.connect(stranger);
            // What is worth less than a wei has no bonds to name; it goes by its shares.
            const sent = balance === 0n ? by.switchShares(shares, treasury) : by.switchBonds(balance, treasury);
            const events = await eventsOf(switcher, sent);
            expect(named(events, "Switched")).to.deep.equal([
              [stranger.address, treasury.address, shares, feeOf(shares)],
            ]);
            expect(await bond.sharesOf(stranger)).to.equal(0n);
            counted.rates += 1;
            if (balance === 0n) counted.dust += 1;
          },
        ),
        tries(1_000),
      );
      expect(counted.rates).to.equal(1_000);
      expect(counted.dust, "rates at which a balance is worth nothing are among them").to.be.greaterThan(0);
      expect(await token.balanceOf(bond)).to.equal(await bond.totalSharesSupply());
    });

    it("A55: an integrator that counts shares is credited what was debited, to the share", async () => {
      const { bond, switcher, token, actors } = context;
      const { alice, bob } = actors;
      await grow(context, 12_345n * ONE + 678n);
      const assets = ONE + ALL + 12_345n * ONE + 678n;
      for (const bonds of [1_000n, 1_001n, ONE, 999n * ONE + 1n]) {
        const [held, received] = [await bond.sharesOf(alice), await token.balanceOf(bob)];
        const shares = ceilDiv(bonds * (ONE + ALL), assets);
        await switcher.connect(alice).switchBonds(bonds, bob);
        expect(held - (await bond.sharesOf(alice))).to.equal(shares);
        expect((await token.balanceOf(bob)) - received).to.equal(shares - feeOf(shares));
      }
    });
  });

  describe("A18, S2612-5: permits of switches", () => {
    const shares = 40n * ONE;

    it("A18: one that somebody submitted before does no harm, and a stranger's call of it moves nothing", async () => {
      const { bond, switcher, token, actors } = context;
      const { alice, bob, stranger } = actors;
      await bond.connect(alice).approve(switcher, 0n);
      await bond.connect(bob).approve(switcher, 0n);
      const address = await switcher.getAddress();
      const signature = await signPermit(alice, await domainOf(bond, BOND_DOMAIN), {
        owner: alice.address,
        spender: address,
        value: 2n * shares,
        nonce: 0n,
        deadline: MaxUint256,
      });
      const { v, r, s } = signature;
      const permit = { value: 2n * shares, deadline: MaxUint256, v, r, s };
      for (const thief of [stranger, bob]) {
        const by = switcher.connect(thief);
        await expect(by.switchSharesWithPermit(shares, thief, permit))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, shares);
      }
      await bond.connect(stranger).permit(alice, switcher, 2n * shares, MaxUint256, v, r, s);
      for (const thief of [stranger, bob]) {
        await expect(switcher.connect(thief).switchShares(shares, thief))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, shares);
      }
      const by = switcher.connect(alice);
      await by.switchSharesWithPermit(shares, alice, permit);
      await by.switchBondsWithPermit(shares, alice, permit);
      expect(await token.balanceOf(alice)).to.equal(2n * (shares - feeOf(shares)));
      expect(await bond.allowance(alice, switcher)).to.equal(0n);
      for (const holder of holdersOf(context).slice(1)) expect(await bond.sharesOf(holder)).to.equal(GENESIS_SHARES);
      await expectNothingStays(context);
    });
  });
});
