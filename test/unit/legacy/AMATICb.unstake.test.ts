import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { eventsOf } from "../../support/events";
import { bringHome, settle } from "../../support/exits";
import { DAY, MAX, ONE, asManager, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { grow } from "../../support/growth";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { setTotalAssets } from "../../support/poolTotals";

describe("AMATICb: unstakeBonds and unstakeShares", () => {
  let context: Context;
  let id: bigint;

  /** A fresh system at exactly 1.37 MATIC a share, all of it earned. */
  beforeEach(async () => {
    context = await legacyFixture({ params: { feeBps: 0n } });
    // 37 % of the 300,001 MATIC that are there.
    await grow(context, 11_100_037n * 10n ** 16n);
    id = requestId(1n, context.actors.alice.address);
    expect(await context.bond.balanceOf(context.actors.alice)).to.equal(137_000n * ONE);
  });

  const unstakeBonds = (bonds: bigint) => context.bond.connect(context.actors.alice).unstakeBonds(bonds);
  const unstakeShares = (shares: bigint) => context.bond.connect(context.actors.alice).unstakeShares(shares);

  /** Alice's request, and what is left of her and of all aMATICb after it. */
  async function expectRequested(shares: bigint, assets: bigint): Promise<void> {
    const { bond, pool, token, lens, actors } = context;
    expect(await pool.requestsOf(actors.alice)).to.deep.equal([id]);
    expect(await pool.pendingRedeemRequest(id, actors.alice)).to.equal(shares);
    expect(await lens.assetsOf(id, actors.alice)).to.equal(assets);
    expect(await bond.sharesOf(actors.alice)).to.equal(GENESIS_SHARES - shares);
    expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES - shares);
    expect(await token.balanceOf(bond)).to.equal(3n * GENESIS_SHARES - shares);
    expect(await pool.requestsOf(bond)).to.deep.equal([]);
  }

  describe("by bonds", () => {
    for (const [bonds, shares, assets, why] of [
      [1n, 1n, 1n, "1.37 wei, rounded down"],
      [333n, 244n, 334n, "243.07 shares are 244, which are worth 334.28 wei"],
      [10n * ONE, 7_299_270_072_992_700_730n, 10n * ONE, "a tenth of a wei too much"],
      [137_000n * ONE, GENESIS_SHARES, 137_000n * ONE, "the whole balance"],
    ] as const) {
      it(`requests ${assets} wei for ${bonds}: ${why}`, async () => {
        await unstakeBonds(bonds);
        await expectRequested(shares, assets);
      });
    }

    it("is one call of the pool, whose controller and receiver of the request is the caller", async () => {
      const { bond, pool, token, actors } = context;
      const { alice } = actors;
      const [own, self] = [await bond.getAddress(), alice.address];
      const sent = await unstakeBonds(333n);
      expect(await eventsOf(bond, sent)).to.deep.equal([
        { name: "Transfer", args: [self, ZeroAddress, 333n] },
        { name: "TransferShares", args: [self, ZeroAddress, 244n] },
      ]);
      expect(await eventsOf(pool, sent)).to.deep.equal([
        { name: "RedeemRequest", args: [self, own, id, own, 244n] },
        { name: "RequestQueued", args: [id, 334n] },
      ]);
      expect(await eventsOf(token, sent)).to.deep.equal([{ name: "Transfer", args: [own, ZeroAddress, 244n] }]);
    });

    it("returns the id of the request: batch and caller", async () => {
      const { bond, actors } = context;
      expect(await bond.connect(actors.alice).unstakeBonds.staticCall(ONE)).to.equal(id);
      expect(id).to.equal(2n ** 160n + BigInt(actors.alice.address));
    });

    it("of nothing reverts", async () => {
      await expect(unstakeBonds(0n)).to.be.revertedWithCustomError(context.pool, "ZeroShares");
    });

    it("of more than the balance reverts with what there is", async () => {
      const { bond, actors } = context;
      for (const bonds of [137_000n * ONE + 1n, MAX]) {
        await expect(unstakeBonds(bonds))
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
          .withArgs(actors.alice, 137_000n * ONE, bonds);
      }
    });

    it("of what somebody has who has nothing reverts", async () => {
      const { bond, actors } = context;
      await expect(bond.connect(actors.stranger).unstakeBonds(1n))
        .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
        .withArgs(actors.stranger, 0n, 1n);
    });

    it("takes no fee", async () => {
      const { token, actors } = context;
      await unstakeBonds(10n * ONE);
      expect(await token.balanceOf(actors.treasury)).to.equal(0n);
    });
  });

  describe("by shares", () => {
    for (const [shares, assets] of [
      [1n, 1n],
      [100n, 137n],
      [244n, 334n],
      [GENESIS_SHARES - 1n, 137_000n * ONE - 2n],
      [GENESIS_SHARES, 137_000n * ONE],
    ] as const) {
      it(`requests ${assets} wei for ${shares}, and logs as many bonds`, async () => {
        const { bond, actors } = context;
        const self = actors.alice.address;
        expect(await eventsOf(bond, unstakeShares(shares))).to.deep.equal([
          { name: "Transfer", args: [self, ZeroAddress, assets] },
          { name: "TransferShares", args: [self, ZeroAddress, shares] },
        ]);
        await expectRequested(shares, assets);
      });
    }

    it("returns the id of the request", async () => {
      const { bond, actors } = context;
      expect(await bond.connect(actors.alice).unstakeShares.staticCall(ONE)).to.equal(id);
    });

    it("of none reverts, and of more than there are with what there is", async () => {
      const { bond, pool, actors } = context;
      await expect(unstakeShares(0n)).to.be.revertedWithCustomError(pool, "ZeroShares");
      await expect(unstakeShares(GENESIS_SHARES + 1n))
        .to.be.revertedWithCustomError(bond, "InsufficientShares")
        .withArgs(actors.alice, GENESIS_SHARES, GENESIS_SHARES + 1n);
    });
  });

  describe("where a share is worth less than a MATIC", () => {
    it("a single share at half a wei would bring nothing, and reverts", async () => {
      await setTotalAssets(context, 150_000n * ONE + ONE / 2n);
      await expect(unstakeShares(1n)).to.be.revertedWithCustomError(context.pool, "ZeroAssets");
      await unstakeBonds(1n);
      await expectRequested(2n, 1n);
    });

    it("A55: the whole balance leaves no share behind, however many a wei is", async () => {
      await setTotalAssets(context, 1_000_003n);
      expect(await context.bond.balanceOf(context.actors.alice)).to.equal(333_333n);
      await unstakeBonds(333_333n);
      await expectRequested(GENESIS_SHARES, 333_333n);
    });
  });

  it("twice in a batch is one request", async () => {
    const { bond } = context;
    await unstakeBonds(137n * ONE);
    await unstakeShares(50n * ONE);
    await expectRequested(150n * ONE, 137n * ONE + (137n * ONE) / 2n);
    expect(await bond.balanceOf(context.actors.alice)).to.equal(137_000n * ONE - (411n * ONE) / 2n);
  });

  it("and a request of the caller's own ankrMATIC in the same batch are one request", async () => {
    const { bond, pool, switcher, token, actors } = context;
    const { alice } = actors;
    await switcher.connect(alice).switchShares(1_000n * ONE, alice);
    await unstakeShares(40n * ONE);
    await pool.connect(alice).requestRedeem(60n * ONE, alice, alice);
    expect(await pool.requestsOf(alice)).to.deep.equal([id]);
    expect(await pool.pendingRedeemRequest(id, alice)).to.equal(100n * ONE);
    expect(await token.balanceOf(alice)).to.equal(937n * ONE);
    expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - 1_040n * ONE);
  });

  it("of several holders in a batch are requests of their own", async () => {
    const { bond, pool, actors } = context;
    await unstakeShares(ONE);
    await bond.connect(actors.bob).unstakeShares(2n * ONE);
    expect(await pool.requestsOf(actors.alice)).to.deep.equal([id]);
    expect(await pool.requestsOf(actors.bob)).to.deep.equal([requestId(1n, actors.bob.address)]);
    expect(await pool.pendingRedeemRequest(id, actors.alice)).to.equal(ONE);
  });

  it("X-4, A34: name nobody else: there is no argument for it, and the pool takes aMATICb's word for its own shares alone", async () => {
    const { bond, pool, token, actors } = context;
    const requests = changingFunctionsOf(bond).filter(({ name }) => name.startsWith("unstake"));
    expect(requests.map((method) => method.format())).to.deep.equal([
      "unstakeBonds(uint256)",
      "unstakeShares(uint256)",
    ]);
    await expect(pool.connect(actors.bob).requestRedeem(1n, actors.bob, bond))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(actors.bob, 0n, 1n);
  });

  it("A52: what was requested is gone at once: it cannot be moved, switched or requested again", async () => {
    const { bond, switcher, actors } = context;
    const { alice, bob } = actors;
    await unstakeBonds(137_000n * ONE);
    await expect(bond.connect(alice).transfer(bob, 1n))
      .to.be.revertedWithCustomError(bond, "ERC20InsufficientBalance")
      .withArgs(alice, 0n, 1n);
    await expect(switcher.connect(alice).switchShares(2n, alice))
      .to.be.revertedWithCustomError(bond, "InsufficientShares")
      .withArgs(alice, 0n, 2n);
    await expect(unstakeShares(1n)).to.be.revertedWithCustomError(bond, "InsufficientShares").withArgs(alice, 0n, 1n);
  });

  it("A45: work while stakes and switches are paused", async () => {
    const { pool, switcher, actors } = context;
    await pool.connect(actors.guardian).pauseStakes(5n * DAY);
    await switcher.connect(actors.guardian).pauseSwitches(5n * DAY);
    await unstakeBonds(137n * ONE);
    await unstakeShares(100n * ONE);
    await expectRequested(200n * ONE, 274n * ONE);
  });

  it("work when the cap of the switcher leaves nothing", async () => {
    const { switcher, actors } = context;
    await asManager(context, switcher, switcher.interface.encodeFunctionData("setCap", [0n]));
    await expect(switcher.connect(actors.alice).switchShares(2n, actors.alice))
      .to.be.revertedWithCustomError(switcher, "AboveRemaining")
      .withArgs(2n, 0n);
    await unstakeBonds(137n * ONE);
    await expectRequested(100n * ONE, 137n * ONE);
  });

  it("are paid to the wei after Polygon's delay, to the holder, who alone can claim", async () => {
    const { pool, polygon, actors } = context;
    const { alice, bob } = actors;
    await pool.delegate(MAX);
    await unstakeBonds(333n * ONE);
    // 333 / 1.37 = 243.06… shares, rounded up: they are worth 0.1 wei more.
    const owed = 333n * ONE;
    const batch = await settle(context);
    expect(await pool.claimableRedeemRequest(id, alice)).to.equal(0n);
    await expect(pool.connect(alice).claim([id], alice, alice))
      .to.be.revertedWithCustomError(pool, "NothingToClaim")
      .withArgs(id, 1n);
    await bringHome(context, batch);
    await expect(pool.connect(bob).claim([id], bob, alice))
      .to.be.revertedWithCustomError(pool, "NotController")
      .withArgs(bob, alice);
    await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(polygon.pol, alice, owed);
    expect(await pool.totalOwed()).to.equal(0n);
  });

  it("leave the others' worth where it is, or a wei above", async () => {
    const { bond, actors } = context;
    for (const bonds of [1n, 333n, 10n * ONE, 50_000n * ONE + 7n]) {
      const before = await bond.balanceOf(actors.bob);
      await unstakeBonds(bonds);
      expect(await bond.balanceOf(actors.bob)).to.be.within(before, before + 1n);
    }
  });

  it("of everybody leave nothing of aMATICb, and nothing behind it", async () => {
    const { bond, token, actors } = context;
    for (const holder of [actors.alice, actors.bob, actors.carol]) {
      await bond.connect(holder).unstakeBonds(await bond.balanceOf(holder));
    }
    expect(await bond.totalSharesSupply()).to.equal(0n);
    expect(await bond.totalSupply()).to.equal(0n);
    expect(await token.balanceOf(bond)).to.equal(0n);
  });
});
