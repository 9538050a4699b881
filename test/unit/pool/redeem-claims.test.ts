import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { CRUMBS, bringHome, earn, request, settle, spread, stake } from "../../support/exits";
import { MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

const SHARES = 100n * ONE;

describe("PolygonPool: redeem and withdraw", () => {
  let context: Context;

  /** A request of Alice at a rate that is no whole number, paid whole. Returns what it is owed. */
  async function unevenRequest(shares: bigint): Promise<bigint> {
    await spread(context);
    await earn(context);
    const { pool, token, actors } = context;
    const owed = (shares * (await pool.totalAssets())) / (await token.totalSupply());
    await request(context, actors.alice, shares);
    await bringHome(context, await settle(context));
    expect(owed).to.be.greaterThan(shares);
    return owed;
  }

  beforeEach(async () => {
    context = await fixture();
  });

  describe("who may call (S7540-11)", () => {
    beforeEach(async () => {
      await stake(context, context.actors.alice, 1_000n * ONE);
      await request(context, context.actors.alice, SHARES);
      await settle(context);
    });

    it("the controller, which pays whom it likes from its own record", async () => {
      const { pool, token, polygon, actors } = context;
      const { alice, carol } = actors;
      const sent = await pool.connect(alice).redeem(SHARES, carol, alice);
      await expect(sent).to.changeTokenBalances(polygon.pol, [pool, alice, carol], [-SHARES, 0n, SHARES]);
      await expect(sent).to.changeTokenBalances(token, [alice, carol], [0n, 0n]);
      await expect(sent).to.emit(pool, "Withdraw").withArgs(alice, carol, alice, SHARES, SHARES);
      expect(await pool.maxRedeem(alice)).to.equal(0n);
    });

    it("S7540-17: its operator; the third topic of Withdraw is the controller", async () => {
      const { pool, polygon, actors } = context;
      const { alice, bob, carol } = actors;
      await pool.connect(alice).setOperator(bob, true);
      const sent = await pool.connect(bob).withdraw(SHARES / 4n, carol, alice);
      await expect(sent)
        .to.emit(pool, "Withdraw")
        .withArgs(bob, carol, alice, SHARES / 4n, SHARES / 4n);
      await expect(sent).to.changeTokenBalance(polygon.pol, carol, SHARES / 4n);
    });

    it("X-6: nobody else, whatever allowance it has", async () => {
      const { pool, token, actors } = context;
      const { alice, bob } = actors;
      await token.connect(alice).approve(bob, MAX);
      for (const call of ["redeem", "withdraw"] as const) {
        for (const amount of [0n, SHARES]) {
          await expect(pool.connect(bob)[call](amount, bob, alice))
            .to.be.revertedWithCustomError(pool, "NotController")
            .withArgs(bob, alice);
        }
      }
    });

    it("not the receiver or the owner of the burnt shares, if it is not the controller", async () => {
      const { pool, actors } = context;
      const { alice, carol } = actors;
      // Carol filed for herself with Alice's shares.
      await pool.connect(alice).setOperator(carol, true);
      await pool.connect(carol).requestRedeem(SHARES, carol, alice);
      await pool.connect(alice).setOperator(carol, false);
      await settle(context);
      await expect(pool.connect(alice).redeem(SHARES, alice, carol))
        .to.be.revertedWithCustomError(pool, "NotController")
        .withArgs(alice, carol);
      expect(await pool.maxRedeem(carol)).to.equal(SHARES);
    });

    it("refuses a receiver zero, also for nothing", async () => {
      const { pool, actors } = context;
      for (const call of ["redeem", "withdraw"] as const) {
        for (const amount of [0n, SHARES]) {
          await expect(
            pool.connect(actors.alice)[call](amount, ZeroAddress, actors.alice),
          ).to.be.revertedWithCustomError(pool, "ZeroAddress");
        }
      }
    });
  });

  describe("the limits (S7540-12, X-8)", () => {
    it("are exact: all of it passes, a wei more does not", async () => {
      const owed = await unevenRequest(SHARES + 7n);
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      expect(await pool.maxRedeem(alice)).to.equal(SHARES + 7n);
      expect(await pool.maxWithdraw(alice)).to.equal(owed);
      await expect(pool.connect(alice).redeem(SHARES + 8n, alice, alice))
        .to.be.revertedWithCustomError(pool, "InsufficientClaimable")
        .withArgs(alice, SHARES + 8n, SHARES + 7n);
      await expect(pool.connect(alice).withdraw(owed + 1n, alice, alice))
        .to.be.revertedWithCustomError(pool, "InsufficientClaimable")
        .withArgs(alice, owed + 1n, owed);
      expect(await pool.connect(alice).withdraw.staticCall(owed, alice, alice)).to.equal(SHARES + 7n);
      await expect(pool.connect(alice).redeem(SHARES + 7n, alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        owed,
      );
      expect(await pool.maxRedeem(alice)).to.equal(0n);
      expect(await pool.maxWithdraw(alice)).to.equal(0n);
    });

    it("count what is claimable alone, whatever is pending or in the wallet", async () => {
      await stake(context, context.actors.alice, 1_000n * ONE);
      const { pool, token, actors } = context;
      const { alice } = actors;
      await request(context, alice, SHARES);
      expect(await token.balanceOf(alice)).to.equal(900n * ONE);
      expect([await pool.maxRedeem(alice), await pool.maxWithdraw(alice)]).to.deep.equal([0n, 0n]);
      await expect(pool.connect(alice).redeem(1n, alice, alice))
        .to.be.revertedWithCustomError(pool, "InsufficientClaimable")
        .withArgs(alice, 1n, 0n);
      await settle(context);
      await request(context, alice, 2n * SHARES);
      expect([await pool.maxRedeem(alice), await pool.maxWithdraw(alice)]).to.deep.equal([SHARES, SHARES]);
    });

    it("hold while new stakes are paused", async () => {
      const { pool, actors } = context;
      const { alice, guardian } = actors;
      await stake(context, alice, 1_000n * ONE);
      await request(context, alice, SHARES);
      await settle(context);
      await pool.connect(guardian).pauseStakes(5n * 86_400n);
      expect(await pool.maxRedeem(alice)).to.equal(SHARES);
      await pool.connect(alice).redeem(SHARES, alice, alice);
      await request(context, alice, SHARES);
      expect(await pool.pendingRedeemRequest((2n << 160n) | BigInt(alice.address), alice)).to.equal(SHARES);
    });
  });

  describe("rounding within a request (S7540-14)", () => {
    it("redeem settles exactly the shares and pays the floor", async () => {
      const owed = await unevenRequest(SHARES);
      const { pool, actors } = context;
      const { alice } = actors;
      const paid = (owed * 33n) / SHARES;
      expect(await pool.connect(alice).redeem.staticCall(33n, alice, alice)).to.equal(paid);
      await expect(pool.connect(alice).redeem(33n, alice, alice))
        .to.emit(pool, "Withdraw")
        .withArgs(alice, alice, alice, paid, 33n);
      expect(await pool.maxRedeem(alice)).to.equal(SHARES - 33n);
      expect(await pool.maxWithdraw(alice)).to.equal(owed - paid);
    });

    it("withdraw pays exactly the assets and settles the ceiling of shares", async () => {
      const owed = await unevenRequest(SHARES);
      const { pool, actors } = context;
      const { alice } = actors;
      const assets = 1_000_000_007n;
      const settled = (SHARES * assets + owed - 1n) / owed;
      expect(await pool.connect(alice).withdraw.staticCall(assets, alice, alice)).to.equal(settled);
      await expect(pool.connect(alice).withdraw(assets, alice, alice))
        .to.emit(pool, "Withdraw")
        .withArgs(alice, alice, alice, assets, settled);
      expect(await pool.maxRedeem(alice)).to.equal(SHARES - settled);
      expect(await pool.maxWithdraw(alice)).to.equal(owed - assets);
    });

    it("S7540-15: a withdraw that leaves a wei leaves a share, and the last share takes all assets", async () => {
      const owed = await unevenRequest(SHARES);
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      // By the ceiling alone all shares would be gone.
      expect((SHARES * (owed - 1n) + owed - 1n) / owed).to.equal(SHARES);
      await expect(pool.connect(alice).withdraw(owed - 1n, alice, alice))
        .to.emit(pool, "Withdraw")
        .withArgs(alice, alice, alice, owed - 1n, SHARES - 1n);
      expect([await pool.maxRedeem(alice), await pool.maxWithdraw(alice)]).to.deep.equal([1n, 1n]);
      await expect(pool.connect(alice).redeem(1n, alice, alice)).to.changeTokenBalance(polygon.pol, alice, 1n);
    });
  });

  describe("over several requests (S7540-16)", () => {
    const FIRST = 100n * ONE;
    const SECOND = 40n * ONE;
    let firstOwed: bigint;
    let secondOwed: bigint;

    beforeEach(async () => {
      await spread(context);
      const { pool, token, actors } = context;
      firstOwed = FIRST;
      await request(context, actors.alice, FIRST);
      const first = await settle(context);
      await earn(context);
      secondOwed = (SECOND * (await pool.totalAssets())) / (await token.totalSupply());
      await request(context, actors.alice, SECOND);
      const second = await settle(context);
      await bringHome(context, first);
      await pool.finalizeBatch(second);
    });

    it("redeem takes the oldest first, each at its own rate, with one Withdraw", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      expect(await pool.maxWithdraw(alice)).to.equal(firstOwed + secondOwed);
      const part = 10n * ONE;
      const paid = firstOwed + (secondOwed * part) / SECOND;
      await expect(pool.connect(alice).redeem(FIRST + part, alice, alice))
        .to.emit(pool, "Withdraw")
        .withArgs(alice, alice, alice, paid, FIRST + part);
      const ids = await pool.requestsOf(alice);
      expect(ids).to.deep.equal([(2n << 160n) | BigInt(alice.address)]);
      expect(await pool.requestOf(ids[0] ?? 0n)).to.deep.equal([
        SECOND - part,
        secondOwed - (secondOwed * part) / SECOND,
        false,
      ]);
    });

    it("withdraw takes the oldest first, too", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      const more = 5n * ONE + 1n;
      const shares = FIRST + (SECOND * more + secondOwed - 1n) / secondOwed;
      await expect(pool.connect(alice).withdraw(firstOwed + more, alice, alice))
        .to.emit(pool, "Withdraw")
        .withArgs(alice, alice, alice, firstOwed + more, shares);
      expect(await pool.maxWithdraw(alice)).to.equal(secondOwed - more);
    });

    it("skips an older one that is not claimable yet", async () => {
      const { pool, actors } = context;
      const { bob } = actors;
      await request(context, bob, 100n * ONE);
      const older = await settle(context);
      await stake(context, actors.stranger, 500n * ONE);
      await request(context, bob, 10n * ONE);
      const younger = await settle(context);
      expect((await pool.batchOf(older)).state).to.equal(1n);
      expect((await pool.batchOf(younger)).state).to.equal(2n);
      expect(await pool.maxRedeem(bob)).to.equal(10n * ONE);
      await pool.connect(bob).redeem(10n * ONE, bob, bob);
      expect(await pool.requestsOf(bob)).to.deep.equal([(older << 160n) | BigInt(bob.address)]);
    });
  });

  describe("of nothing (S7540-18)", () => {
    it("are no-ops with an event, with and without anything claimable", async () => {
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      await stake(context, alice, 1_000n * ONE);
      for (const claimable of [false, true]) {
        if (claimable) {
          await request(context, alice, SHARES);
          await settle(context);
        }
        for (const call of ["redeem", "withdraw"] as const) {
          const sent = await pool.connect(alice)[call](0n, alice, alice);
          await expect(sent).to.emit(pool, "Withdraw").withArgs(alice, alice, alice, 0n, 0n);
          await expect(sent).to.changeTokenBalance(polygon.pol, alice, 0n);
        }
        expect(await pool.maxRedeem(alice)).to.equal(claimable ? SHARES : 0n);
      }
    });
  });

  describe("of a request that got nothing", () => {
    it("redeem settles its shares for nothing, and withdraw finds nothing in it", async () => {
      await spread(context);
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      const id = await request(context, alice, SHARES);
      // The crumbs are in the buffer: what is not netted is all lost.
      const batch = await settle(context);
      await slash(context, 1n, { bps: 10_000n, unbonding: true });
      await bringHome(context, batch);
      expect(await pool.maxRedeem(alice)).to.equal(SHARES);
      expect(await pool.maxWithdraw(alice)).to.equal(CRUMBS);
      await pool.connect(alice).withdraw(CRUMBS, alice, alice);
      expect(await pool.maxRedeem(alice)).to.equal(0n);
      expect(await pool.requestOf(id)).to.deep.equal([0n, 0n, false]);
      expect(await polygon.pol.balanceOf(pool)).to.equal(0n);
    });
  });
});
