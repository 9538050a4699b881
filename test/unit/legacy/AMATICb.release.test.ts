import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { asContract } from "../../support/asContract";
import { eventsOf } from "../../support/events";
import { ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { setTotalAssets } from "../../support/poolTotals";

/** All shares of the fixture at 1.37 MATIC each. */
const ASSETS = 41_100_137n * 10n ** 16n;

describe("AMATICb: releaseBonds and releaseShares", () => {
  let context: Context;
  let switcher: HardhatEthersSigner;
  let treasury: string;

  beforeEach(async () => {
    context = await legacyFixture();
    treasury = context.actors.treasury.address;
    switcher = await asContract(context.switcher);
  });

  const releaseBonds = (bonds: bigint, fee: bigint) => {
    const { bond, actors } = context;
    return bond.connect(switcher).releaseBonds(actors.alice, bonds, actors.bob, treasury, fee);
  };
  const releaseShares = (shares: bigint, fee: bigint) => {
    const { bond, actors } = context;
    return bond.connect(switcher).releaseShares(actors.alice, shares, actors.bob, treasury, fee);
  };

  it("are the switcher's alone: no role, and no holder with an allowance, can call them", async () => {
    const { bond, pool, actors } = context;
    const { alice } = actors;
    const poolItself = await asContract(pool);
    for (const caller of [...Object.values<HardhatEthersSigner>({ ...actors }), poolItself]) {
      await bond.connect(alice).approve(caller, MaxUint256);
      for (const release of ["releaseBonds", "releaseShares"] as const) {
        await expect(bond.connect(caller)[release].staticCall(alice, 1n, caller, caller, 0n))
          .to.be.revertedWithCustomError(bond, "NotSwitcher")
          .withArgs(caller);
      }
    }
  });

  describe("by bonds, at 1.37 MATIC a share", () => {
    beforeEach(async () => {
      await setTotalAssets(context, ASSETS);
    });

    it("burn the shares of the bonds, pay out as many ankrMATIC, and charge the bonds", async () => {
      const { bond, token, actors } = context;
      const { alice, bob } = actors;
      await bond.connect(alice).approve(switcher, 340n);
      const sent = await releaseBonds(333n, 3n);
      const own = await bond.getAddress();
      expect(await eventsOf(bond, sent)).to.deep.equal([
        { name: "Transfer", args: [alice.address, ZeroAddress, 333n] },
        { name: "TransferShares", args: [alice.address, ZeroAddress, 244n] },
      ]);
      expect(await eventsOf(token, sent)).to.deep.equal([
        { name: "Transfer", args: [own, bob.address, 241n] },
        { name: "Transfer", args: [own, treasury, 3n] },
      ]);
      expect(await bond.allowance(alice, switcher)).to.equal(7n);
      expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - 244n);
      expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES - 244n);
      expect(await token.balanceOf(bond)).to.equal(3n * GENESIS_SHARES - 244n);
    });

    it("A55: take every share for the whole balance, with an allowance of exactly that", async () => {
      const { bond, token, actors } = context;
      await bond.connect(actors.alice).approve(switcher, 137_000n * ONE);
      await releaseBonds(137_000n * ONE, 0n);
      expect(await bond.sharesOf(actors.alice)).to.equal(0n);
      expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
      expect(await token.balanceOf(actors.bob)).to.equal(GENESIS_SHARES);
    });

    it("revert above the allowance and above the balance", async () => {
      const { bond, actors } = context;
      const { alice } = actors;
      await bond.connect(alice).approve(switcher, 332n);
      await expect(releaseBonds(333n, 0n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(switcher, 332n, 333n);
      await bond.connect(alice).approve(switcher, MaxUint256);
      await expect(releaseBonds(137_000n * ONE + 1n, 0n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
        .withArgs(alice, 137_000n * ONE, 137_000n * ONE + 1n);
    });
  });

  describe("by shares, at 1.37 MATIC a share", () => {
    beforeEach(async () => {
      await setTotalAssets(context, ASSETS);
    });

    it("burn the shares, pay out as many ankrMATIC, and charge their worth, rounded up", async () => {
      const { bond, token, actors } = context;
      const { alice, bob } = actors;
      await bond.connect(alice).approve(switcher, 340n);
      const sent = await releaseShares(244n, 1n);
      const own = await bond.getAddress();
      // 334.28 wei.
      expect(await eventsOf(bond, sent)).to.deep.equal([
        { name: "Transfer", args: [alice.address, ZeroAddress, 334n] },
        { name: "TransferShares", args: [alice.address, ZeroAddress, 244n] },
      ]);
      expect(await eventsOf(token, sent)).to.deep.equal([
        { name: "Transfer", args: [own, bob.address, 243n] },
        { name: "Transfer", args: [own, treasury, 1n] },
      ]);
      expect(await bond.allowance(alice, switcher)).to.equal(5n);
      expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - 244n);
      expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES - 244n);
      expect(await token.balanceOf(bond)).to.equal(3n * GENESIS_SHARES - 244n);
    });

    it("revert above the allowance and above what there is", async () => {
      const { bond, actors } = context;
      const { alice } = actors;
      await bond.connect(alice).approve(switcher, 334n);
      await expect(releaseShares(244n, 0n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(switcher, 334n, 335n);
      await bond.connect(alice).approve(switcher, MaxUint256);
      await expect(releaseShares(GENESIS_SHARES + 1n, 0n))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(alice, GENESIS_SHARES, GENESIS_SHARES + 1n);
    });
  });

  it("A54: charge a wei for shares that are worth none", async () => {
    const { bond, token, actors } = context;
    await setTotalAssets(context, 1_000_003n);
    await bond.connect(actors.alice).approve(switcher, 0n);
    await expect(releaseShares(5n, 0n))
      .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
      .withArgs(switcher, 0n, 1n);
    await bond.connect(actors.alice).approve(switcher, 1n);
    await releaseShares(5n, 0n);
    expect(await token.balanceOf(actors.bob)).to.equal(5n);
    expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
  });

  it("S20-5: leave an unlimited allowance", async () => {
    const { bond, actors } = context;
    await releaseBonds(ONE, 0n);
    await releaseShares(ONE, 0n);
    expect(await bond.allowance(actors.alice, switcher)).to.equal(MaxUint256);
  });

  it("A02: burn nothing of a holder who gave the switcher no allowance", async () => {
    const { bond, actors } = context;
    await bond.connect(actors.alice).approve(switcher, 0n);
    for (const release of [() => releaseBonds(1n, 0n), () => releaseShares(1n, 0n)]) {
      await expect(release())
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
        .withArgs(switcher, 0n, 1n);
    }
    expect(await bond.sharesOf(actors.alice)).to.equal(GENESIS_SHARES);
  });
});
