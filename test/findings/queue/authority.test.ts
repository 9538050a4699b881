import { expect } from "chai";

import { asContract } from "../../support/asContract";
import { bringHome, request, settle, spread, stake } from "../../support/exits";
import { MAX, ONE, fixture, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

const SHARES = 100n * ONE;

describe("Attacks on the queue: whose shares, whose claims", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    await stake(context, context.actors.alice, 1_000n * ONE);
  });

  it("A34: an allowance that a victim gave to the pool authorises nobody", async () => {
    const { pool, token, polygon, actors } = context;
    const { alice, stranger } = actors;
    await request(context, alice, SHARES);
    await settle(context);
    const id = requestId(1n, alice.address);
    await token.connect(alice).approve(pool, MAX);
    await polygon.pol.connect(alice).approve(pool, MAX);
    const attacker = pool.connect(stranger);
    for (const controller of [stranger, alice]) {
      await expect(attacker.requestRedeem(SHARES, controller, alice))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(stranger, 0n, SHARES);
    }
    for (const call of [
      (): Promise<unknown> => attacker.redeem(SHARES, stranger, alice),
      (): Promise<unknown> => attacker.withdraw(SHARES, stranger, alice),
      (): Promise<unknown> => attacker.claim([id], stranger, alice),
      (): Promise<unknown> => attacker.claimInMatic([id], stranger, alice),
      (): Promise<unknown> => attacker.claimLate([id], stranger, alice),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(pool, "NotController").withArgs(stranger, alice);
    }
    expect(await token.balanceOf(alice)).to.equal(900n * ONE);
    expect(await token.allowance(alice, pool)).to.equal(MAX);
    expect(await pool.maxRedeem(alice)).to.equal(SHARES);
  });

  it("A34: naming oneself for the controller does not open the request of another by its id", async () => {
    const { pool, actors } = context;
    const { alice, stranger } = actors;
    const id = await request(context, alice, SHARES);
    await settle(context);
    for (const call of ["claim", "claimInMatic", "claimLate"] as const) {
      await expect(pool.connect(stranger)[call]([id], stranger, stranger))
        .to.be.revertedWithCustomError(pool, "NotController")
        .withArgs(stranger, alice);
    }
  });

  it("A35: nobody claims for a contract behind its back, nor to it", async () => {
    const { pool, token, polygon, actors } = context;
    const { alice, stranger } = actors;
    const address = await polygon.registry.getAddress();
    const contract = await asContract(address);
    await token.connect(alice).transfer(contract, SHARES);
    const id = await request(context, contract, SHARES);
    await settle(context);
    for (const call of [
      (): Promise<unknown> => pool.connect(stranger).redeem(SHARES, address, address),
      (): Promise<unknown> => pool.connect(stranger).claim([id], address, address),
      (): Promise<unknown> => context.autoClaim.connect(stranger).claim(address),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(pool, "NotController");
    }
    expect(await polygon.pol.balanceOf(address)).to.equal(0n);
    await expect(pool.connect(contract).claim([id], contract, contract)).to.changeTokenBalance(
      polygon.pol,
      contract,
      SHARES,
    );
  });

  it("A38: odd receivers harm nobody: what they cannot use is lost to them, or a gift to the holders", async () => {
    const { pool, token, delegator, polygon, actors } = context;
    const { alice, bob } = actors;
    await stake(context, bob, 1_000n * ONE);
    await request(context, alice, 5n * SHARES);
    await request(context, bob, SHARES);
    await settle(context);
    const receivers = [polygon.pol, token, delegator, pool, polygon.stakeManager];
    for (const receiver of receivers) {
      const reserved = await pool.reserved();
      await pool.connect(alice).redeem(SHARES, receiver, alice);
      expect(await pool.reserved()).to.equal(reserved - SHARES);
    }
    await expect(pool.connect(bob).redeem(SHARES, bob, bob)).to.changeTokenBalance(polygon.pol, bob, SHARES);
    // What went to the pool and to the delegator becomes a reward.
    expect(await pool.skim.staticCall()).to.equal(2n * SHARES);
  });

  it("A92: the exit is asynchronous in all parts: no previews, maxima of what is claimable, two calls", async () => {
    const { pool, polygon, actors } = context;
    const { alice } = actors;
    await expect(pool.previewRedeem(SHARES)).to.be.revertedWithCustomError(pool, "AsynchronousRedeem");
    await expect(pool.previewWithdraw(SHARES)).to.be.revertedWithCustomError(pool, "AsynchronousRedeem");
    const before = await polygon.pol.balanceOf(alice);
    await request(context, alice, SHARES);
    expect(await pool.maxRedeem(alice)).to.equal(0n);
    await settle(context);
    expect(await pool.maxRedeem(alice)).to.equal(SHARES);
    expect(await polygon.pol.balanceOf(alice)).to.equal(before);
    await pool.connect(alice).redeem(SHARES, alice, alice);
    expect(await polygon.pol.balanceOf(alice)).to.equal(before + SHARES);
    expect(await pool.supportsInterface("0x620ee8e4")).to.equal(true);
    expect(await pool.supportsInterface("0xce3bbe50")).to.equal(false);
  });

  it("A93: two users of a batch have different ids, one moment and one loss factor", async () => {
    await spread(context);
    const { pool, actors } = context;
    const { alice, bob } = actors;
    const ids = [await request(context, alice, 300n * ONE), await request(context, bob, 100n * ONE)];
    expect(ids).to.deep.equal([requestId(1n, alice.address), requestId(1n, bob.address)]);
    expect(ids.includes(0n)).to.equal(false);
    const batch = await settle(context);
    expect([await pool.maxRedeem(alice), await pool.maxRedeem(bob)]).to.deep.equal([0n, 0n]);
    for (const { position } of await context.delegator.slicesOf(batch)) {
      await slash(context, position, { bps: 2_000n, unbonding: true });
    }
    await bringHome(context, batch);
    expect([await pool.maxRedeem(alice), await pool.maxRedeem(bob)]).to.deep.equal([300n * ONE, 100n * ONE]);
    const [ofAlice, ofBob] = [await pool.maxWithdraw(alice), await pool.maxWithdraw(bob)];
    expect(ofAlice).to.be.lessThan(300n * ONE);
    expect(ofAlice - 3n * ofBob).to.be.within(0n, 2n);
  });

  it("A93: owner, operator and holder of an allowance may request; a stranger may not; the events name each rightly", async () => {
    const { pool, token, actors } = context;
    const { alice, bob, carol, stranger } = actors;
    await pool.connect(alice).setOperator(bob, true);
    await token.connect(alice).approve(carol, SHARES);
    const id = requestId(1n, alice.address);
    for (const caller of [alice, bob, carol]) {
      await expect(pool.connect(caller).requestRedeem(SHARES, alice, alice))
        .to.emit(pool, "RedeemRequest")
        .withArgs(alice, alice, id, caller, SHARES);
    }
    await expect(pool.connect(stranger).requestRedeem(SHARES, alice, alice)).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
    await settle(context);
    await expect(pool.connect(bob).redeem(SHARES, carol, alice))
      .to.emit(pool, "Withdraw")
      .withArgs(bob, carol, alice, SHARES, SHARES);
  });
});
