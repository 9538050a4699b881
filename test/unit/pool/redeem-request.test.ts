import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { asContract } from "../../support/asContract";
import { earn, request, spread, stake } from "../../support/exits";
import { MAX, ONE, fixture, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { bookLoss, slash } from "../../support/losses";

const SHARES = 100n * ONE;

describe("PolygonPool: requestRedeem", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await stake(context, context.actors.alice, 1_000n * ONE);
  });

  describe("who may call (S7540-2, S7540-3, X-3)", () => {
    it("the owner, without any allowance", async () => {
      const { pool, token, actors } = context;
      expect(await token.allowance(actors.alice, actors.alice)).to.equal(0n);
      await pool.connect(actors.alice).requestRedeem(SHARES, actors.alice, actors.alice);
      expect(await token.balanceOf(actors.alice)).to.equal(900n * ONE);
    });

    it("an operator of the owner; an allowance that it also has stays as it is", async () => {
      const { pool, token, actors } = context;
      await pool.connect(actors.alice).setOperator(actors.bob, true);
      await token.connect(actors.alice).approve(actors.bob, SHARES + 7n);
      await pool.connect(actors.bob).requestRedeem(SHARES, actors.alice, actors.alice);
      expect(await token.allowance(actors.alice, actors.bob)).to.equal(SHARES + 7n);
    });

    it("a holder of the owner's allowance, which falls by the shares", async () => {
      const { pool, token, actors } = context;
      await token.connect(actors.alice).approve(actors.bob, SHARES + 7n);
      await pool.connect(actors.bob).requestRedeem(SHARES, actors.alice, actors.alice);
      expect(await token.allowance(actors.alice, actors.bob)).to.equal(7n);
    });

    it("a holder of an unlimited allowance, which stays unlimited", async () => {
      const { pool, token, actors } = context;
      await token.connect(actors.alice).approve(actors.bob, MAX);
      await pool.connect(actors.bob).requestRedeem(SHARES, actors.alice, actors.alice);
      expect(await token.allowance(actors.alice, actors.bob)).to.equal(MAX);
    });

    it("not the holder of an allowance that is a wei too small", async () => {
      const { pool, token, actors } = context;
      await token.connect(actors.alice).approve(actors.bob, SHARES - 1n);
      await expect(pool.connect(actors.bob).requestRedeem(SHARES, actors.bob, actors.alice))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(actors.bob, SHARES - 1n, SHARES);
    });

    it("not a stranger", async () => {
      const { pool, token, actors } = context;
      await expect(pool.connect(actors.stranger).requestRedeem(SHARES, actors.alice, actors.alice))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(actors.stranger, 0n, SHARES);
    });

    it("not an operator that was stopped", async () => {
      const { pool, token, actors } = context;
      await pool.connect(actors.alice).setOperator(actors.bob, true);
      await pool.connect(actors.alice).setOperator(actors.bob, false);
      await expect(pool.connect(actors.bob).requestRedeem(SHARES, actors.alice, actors.alice))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(actors.bob, 0n, SHARES);
    });
  });

  describe("what a request does", () => {
    it("S7540-4, X-7: burns the shares of the owner in the call", async () => {
      const { pool, token, actors } = context;
      const supply = await token.totalSupply();
      await expect(pool.connect(actors.alice).requestRedeem(SHARES, actors.alice, actors.alice))
        .to.emit(token, "Transfer")
        .withArgs(actors.alice, ZeroAddress, SHARES);
      expect(await token.balanceOf(actors.alice)).to.equal(900n * ONE);
      expect(await token.totalSupply()).to.equal(supply - SHARES);
    });

    it("S7540-6: emits RedeemRequest once, with controller, owner, id, sender and shares, and RequestQueued", async () => {
      const { pool, actors } = context;
      const { alice, bob } = actors;
      await pool.connect(alice).setOperator(bob, true);
      const id = requestId(1n, bob.address);
      const sent = await pool.connect(bob).requestRedeem(SHARES, bob, alice);
      await expect(sent).to.emit(pool, "RedeemRequest").withArgs(bob, alice, id, bob, SHARES);
      await expect(sent).to.emit(pool, "RequestQueued").withArgs(id, SHARES);
      const receipt = await sent.wait();
      const topic = pool.getEvent("RedeemRequest").fragment.topicHash;
      expect(topic).to.equal("0x1fdc681a13d8c5da54e301c7ce6542dcde4581e4725043fdab2db12ddc574506");
      expect(receipt?.logs.filter(({ topics }) => topics[0] === topic)).to.have.length(1);
      expect(pool.getEvent("RedeemRequest").fragment.inputs.at(-1)?.name).to.equal("shares");
    });

    it("S7540-1: returns the id, which names batch and controller", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      expect(pool.getFunction("requestRedeem").fragment.selector).to.equal("0x7d41c86e");
      expect(await pool.connect(alice).requestRedeem.staticCall(SHARES, alice, alice)).to.equal(
        (1n << 160n) | BigInt(alice.address),
      );
    });

    it("X-20: lowers assets and shares together and leaves the rate where it is", async () => {
      await spread(context);
      await earn(context);
      const { pool, token, actors } = context;
      const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
      expect(assets).to.be.greaterThan(supply);
      const owed = (SHARES * assets) / supply;
      await expect(pool.connect(actors.alice).requestRedeem(SHARES, actors.alice, actors.alice))
        .to.emit(pool, "RequestQueued")
        .withArgs(requestId(1n, actors.alice.address), owed);
      expect(await pool.totalAssets()).to.equal(assets - owed);
      expect(await pool.totalOwed()).to.equal(owed);
      const left = await pool.totalAssets();
      // Rounding may raise what a share is worth, and never lowers it.
      expect(left * supply).to.be.greaterThanOrEqual(assets * (supply - SHARES));
    });

    it("S7540-7: a second request of a controller in a batch adds to the first", async () => {
      const { pool, actors } = context;
      const first = await request(context, actors.alice, SHARES);
      const second = await request(context, actors.alice, 2n * SHARES);
      expect(second).to.equal(first);
      expect(await pool.requestOf(first)).to.deep.equal([3n * SHARES, 3n * SHARES, false]);
      expect(await pool.requestsOf(actors.alice)).to.deep.equal([first]);
      expect(await pool.pendingRedeemRequest(first, actors.alice)).to.equal(3n * SHARES);
    });

    it("S7540-10: pays nothing, however full the buffer is", async () => {
      const { pool, polygon, actors } = context;
      const sent = pool.connect(actors.alice).requestRedeem(SHARES, actors.alice, actors.alice);
      await expect(sent).to.changeTokenBalances(polygon.pol, [actors.alice, pool], [0n, 0n]);
      expect(await pool.pendingRedeemRequest(requestId(1n, actors.alice.address), actors.alice)).to.equal(SHARES);
      expect(await pool.maxRedeem(actors.alice)).to.equal(0n);
    });
  });

  describe("what it refuses", () => {
    it("S7540-5: zero shares", async () => {
      const { pool, actors } = context;
      await expect(
        pool.connect(actors.alice).requestRedeem(0, actors.alice, actors.alice),
      ).to.be.revertedWithCustomError(pool, "ZeroShares");
    });

    it("S7540-5: shares that are worth nothing", async () => {
      await spread(context);
      await slash(context, 1n, { bps: 10n });
      await bookLoss(context, 1n);
      const { pool, actors } = context;
      expect(await pool.convertToAssets(1)).to.equal(0n);
      await expect(
        pool.connect(actors.alice).requestRedeem(1, actors.alice, actors.alice),
      ).to.be.revertedWithCustomError(pool, "ZeroAssets");
    });

    it("S7540-5: a wei more than the balance", async () => {
      const { pool, token, actors } = context;
      const balance = await token.balanceOf(actors.alice);
      await expect(pool.connect(actors.alice).requestRedeem(balance + 1n, actors.alice, actors.alice))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(actors.alice, balance, balance + 1n);
      await pool.connect(actors.alice).requestRedeem(balance, actors.alice, actors.alice);
    });

    it("S7540-22: controller zero, whose assets nobody could claim", async () => {
      const { pool, actors } = context;
      await expect(
        pool.connect(actors.alice).requestRedeem(SHARES, ZeroAddress, actors.alice),
      ).to.be.revertedWithCustomError(pool, "ZeroAddress");
    });
  });

  describe("whom it takes for controller (X-4)", () => {
    it("refuses one that did not allow the caller", async () => {
      const { pool, actors } = context;
      await expect(pool.connect(actors.alice).requestRedeem(SHARES, actors.bob, actors.alice))
        .to.be.revertedWithCustomError(pool, "ControllerNotConsenting")
        .withArgs(actors.bob, actors.alice);
    });

    it("takes one that made the caller its operator", async () => {
      const { pool, actors } = context;
      await pool.connect(actors.bob).setOperator(actors.alice, true);
      await pool.connect(actors.alice).requestRedeem(SHARES, actors.bob, actors.alice);
      expect(await pool.requestsOf(actors.bob)).to.deep.equal([requestId(1n, actors.bob.address)]);
      expect(await pool.requestsOf(actors.alice)).to.deep.equal([]);
    });

    it("takes the caller itself, for shares that it may spend", async () => {
      const { pool, token, actors } = context;
      await token.connect(actors.alice).approve(actors.bob, SHARES);
      await pool.connect(actors.bob).requestRedeem(SHARES, actors.bob, actors.alice);
      expect(await pool.requestsOf(actors.bob)).to.deep.equal([requestId(1n, actors.bob.address)]);
    });

    it("takes the owner, whoever calls", async () => {
      const { pool, token, actors } = context;
      await token.connect(actors.alice).approve(actors.bob, SHARES);
      await pool.connect(actors.bob).requestRedeem(SHARES, actors.alice, actors.alice);
      expect(await pool.requestsOf(actors.alice)).to.deep.equal([requestId(1n, actors.alice.address)]);
    });

    it("takes any that the legacy bond names for its own shares, and none for the shares of others", async () => {
      const { pool, token, actors } = context;
      const bond = await asContract(await pool.LEGACY_BOND());
      await token.connect(actors.alice).transfer(bond, SHARES);
      await pool.connect(bond).requestRedeem(SHARES, actors.carol, bond);
      expect(await pool.requestsOf(actors.carol)).to.deep.equal([requestId(1n, actors.carol.address)]);

      await token.connect(actors.alice).approve(bond, SHARES);
      await expect(pool.connect(bond).requestRedeem(SHARES, actors.carol, actors.alice))
        .to.be.revertedWithCustomError(pool, "ControllerNotConsenting")
        .withArgs(actors.carol, bond);
    });

    it("gives nobody but the bond itself that liberty, with the bond's shares", async () => {
      const { pool, token, actors } = context;
      const bond = await asContract(await pool.LEGACY_BOND());
      await token.connect(actors.alice).transfer(bond, SHARES);
      await token.connect(bond).approve(actors.bob, SHARES);
      await expect(pool.connect(actors.bob).requestRedeem(SHARES, actors.carol, bond))
        .to.be.revertedWithCustomError(pool, "ControllerNotConsenting")
        .withArgs(actors.carol, actors.bob);
    });
  });
});

describe("PolygonPool: unstakeCerts", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await stake(context, context.actors.alice, 1_000n * ONE);
  });

  it("requests with the caller's shares for the caller", async () => {
    const { pool, actors } = context;
    const { alice } = actors;
    const id = requestId(1n, alice.address);
    const sent = pool.connect(alice).unstakeCerts(SHARES, 0, 0, "0x");
    await expect(sent).to.emit(pool, "RedeemRequest").withArgs(alice, alice, id, alice, SHARES);
    await expect(sent).to.emit(pool, "RequestQueued").withArgs(id, SHARES);
    await expect(sent).to.emit(pool, "TokensBurned").withArgs(alice, SHARES, SHARES, 0n, false);
    expect(await pool.pendingRedeemRequest(id, alice)).to.equal(SHARES);
  });

  it("reports the assets that it fixed, which are more than the shares once rewards came", async () => {
    await spread(context);
    await earn(context);
    const { pool, token, actors } = context;
    const owed = (SHARES * (await pool.totalAssets())) / (await token.totalSupply());
    expect(owed).to.be.greaterThan(SHARES);
    await expect(pool.connect(actors.alice).unstakeCerts(SHARES, 0, 0, "0x"))
      .to.emit(pool, "TokensBurned")
      .withArgs(actors.alice, owed, SHARES, 0n, false);
  });

  it("S7540-10: is a request and no payment", async () => {
    const { pool, polygon, actors } = context;
    const before = await polygon.pol.balanceOf(actors.alice);
    await pool.connect(actors.alice).unstakeCerts(SHARES, 0, 0, "0x");
    expect(await polygon.pol.balanceOf(actors.alice)).to.equal(before);
  });

  it("refuses a fee, a last block and a signature, each alone", async () => {
    const { pool, actors } = context;
    const alice = pool.connect(actors.alice);
    await expect(alice.unstakeCerts(SHARES, 1, 0, "0x"))
      .to.be.revertedWithCustomError(pool, "LegacyParameters")
      .withArgs(1n, 0n, 0n);
    await expect(alice.unstakeCerts(SHARES, 0, 2, "0x"))
      .to.be.revertedWithCustomError(pool, "LegacyParameters")
      .withArgs(0n, 2n, 0n);
    await expect(alice.unstakeCerts(SHARES, 0, 0, "0x001122"))
      .to.be.revertedWithCustomError(pool, "LegacyParameters")
      .withArgs(0n, 0n, 3n);
  });

  it("refuses what requestRedeem refuses", async () => {
    const { pool, token, actors } = context;
    await expect(pool.connect(actors.alice).unstakeCerts(0, 0, 0, "0x")).to.be.revertedWithCustomError(
      pool,
      "ZeroShares",
    );
    await expect(pool.connect(actors.stranger).unstakeCerts(1, 0, 0, "0x"))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(actors.stranger, 0n, 1n);
  });

  it("costs no fee", async () => {
    expect(await context.pool.ethUnstakeFee()).to.equal(0n);
  });
});
