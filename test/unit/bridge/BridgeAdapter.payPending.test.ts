import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { LIMITS, bridgedFixture, deliver, provenWithdrawal, submitCheckpoint } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import {
  FLOOR,
  expectBacked,
  forge,
  lastTime,
  messageUp,
  proofAt,
  provenForgery,
  refill,
  scheduledOn,
  setOn,
  withdrawalAtTheFloor,
} from "../../support/bridgeEnds";
import { eventsOf } from "../../support/events";
import { DAY, ONE } from "../../support/fixture";
import { at } from "../../support/polygon";

const LIMIT = LIMITS.releaseLimitWei;

describe("BridgeAdapter, the daily limit of releases and payPending", () => {
  const LOCKED = 100_000n * ONE;
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
    const { bridge, actors } = context;
    await bridge.connect(actors.alice).bridge(LOCKED, actors.bob);
    await deliver(context);
  });

  afterEach(() => expectBacked(context));

  /** Proofs of withdrawals of any size, as Polygon's own limit would let through in a few days. */
  async function proofs(...withdrawals: readonly (readonly [receiver: { address: string }, shares: bigint])[]) {
    const messages = withdrawals.map(([receiver, shares], index) =>
      messageUp({ nonce: BigInt(index) + 1n, receiver: receiver.address, shares }),
    );
    const hash = await forge(context, messages);
    await submitCheckpoint(context);
    const found: string[] = [];
    for (const position of messages.keys()) found.push(await proofAt(context, hash, position));
    return found as [string, ...string[]];
  }

  const nothingFor = (receiver: { address: string }) =>
    expect(context.bridge.payPending(receiver.address))
      .to.be.revertedWithCustomError(context.bridge, "NothingToPay")
      .withArgs(receiver.address);

  describe("a withdrawal above the limit", () => {
    it("A65: is paid as far as the limit goes, the rest waits, and its number is used up", async () => {
      const { bridge, token, actors } = context;
      const { carol } = actors;
      const proof = await withdrawalAtTheFloor(context, 5_000n * ONE);
      expect(await bridge.receiveMessage.staticCall(proof)).to.equal(FLOOR);
      const sent = await bridge.receiveMessage(proof);
      await expect(sent).to.changeTokenBalance(token, carol, FLOOR);
      expect((await eventsOf(bridge, sent))[1]).to.deep.equal({
        name: "Released",
        args: [carol.address, FLOOR, 3_000n * ONE],
      });
      expect(await bridge.locked()).to.equal(LOCKED - 5_000n * ONE);
      expect([await bridge.pendingOf(carol), await bridge.totalPending()]).to.deep.equal([3_000n * ONE, 3_000n * ONE]);
      expect([await bridge.remainingRelease(), await bridge.isConsumed(1n)]).to.deep.equal([0n, true]);
    });

    it("A60: waits whole when nothing is left of the limit, and does not revert", async () => {
      const { bridge, token, actors } = context;
      const [first, second] = await proofs([actors.alice, LIMIT], [actors.carol, 7n * ONE]);
      await bridge.receiveMessage(first);
      // In the very second in which the limit was used up.
      expect(await bridge.receiveMessage.staticCall(second ?? "")).to.equal(0n);
      const sent = at((await lastTime()) + 1n, () => bridge.receiveMessage(second ?? ""));
      const back = refill(LIMIT, 1n);
      await expect(sent).to.changeTokenBalance(token, actors.carol, back);
      expect(await bridge.pendingOf(actors.carol)).to.equal(7n * ONE - back);
    });

    it("A65: all that is proven in a day is paid up to the limit, however much it is", async () => {
      const { bridge, token, actors } = context;
      const shares = LOCKED / 4n;
      const all = await proofs(
        [actors.carol, shares],
        [actors.alice, shares],
        [actors.bob, shares],
        [actors.carol, shares],
      );
      const held = await token.balanceOf(bridge);
      const start = (await lastTime()) + 100n;
      for (const [index, proof] of all.entries()) await at(start + BigInt(index), () => bridge.receiveMessage(proof));
      expect(held - (await token.balanceOf(bridge))).to.equal(LIMIT + 3n * refill(LIMIT, 1n));
      expect(await bridge.locked()).to.equal(0n);
      expect(await bridge.totalPending()).to.equal(LOCKED - LIMIT - 3n * refill(LIMIT, 1n));
    });
  });

  describe("what waits", () => {
    let empty: bigint;

    /** 3,000 shares wait for carol, and the limit of 2,000 is used up. */
    beforeEach(async () => {
      const { bridge } = context;
      const proof = await withdrawalAtTheFloor(context, 5_000n * ONE);
      empty = (await lastTime()) + 100n;
      await at(empty, () => bridge.receiveMessage(proof));
    });

    it("is paid by anyone's call as the limit refills, to the second", async () => {
      const { bridge, token, actors } = context;
      const { carol, stranger } = actors;
      let paid = 0n;
      for (const [from, to] of [
        [0n, 1n],
        [1n, 61n],
        [61n, 50_000n],
      ] as const) {
        const back = refill(FLOOR, to - from);
        const sent = await at(empty + to, () => bridge.connect(stranger).payPending(carol));
        await expect(sent).to.changeTokenBalances(token, [carol, stranger, bridge], [back, 0n, -back]);
        paid += back;
        expect(await eventsOf(bridge, sent)).to.deep.equal([
          { name: "Released", args: [carol.address, back, 3_000n * ONE - paid] },
        ]);
        expect(await bridge.pendingOf(carol)).to.equal(3_000n * ONE - paid);
      }
    });

    it("is told before: what the call would pay, and what the limit leaves", async () => {
      const { bridge, actors } = context;
      await time.increaseTo(empty + 4_321n);
      expect(await bridge.remainingRelease()).to.equal(refill(FLOOR, 4_321n));
      expect(await bridge.payPending.staticCall(actors.carol)).to.equal(refill(FLOOR, 4_321n));
    });

    it("is nothing in the second in which the limit was used up", async () => {
      const { bridge, actors } = context;
      expect(await bridge.remainingRelease()).to.equal(0n);
      await expect(bridge.payPending.staticCall(actors.carol))
        .to.be.revertedWithCustomError(bridge, "NothingToPay")
        .withArgs(actors.carol.address);
    });

    it("is paid whole after a day and a half, not a second before, and then there is nothing to pay", async () => {
      const { bridge, token, actors } = context;
      await at(empty + DAY, () => bridge.payPending(actors.carol));
      expect(await bridge.pendingOf(actors.carol)).to.equal(1_000n * ONE);
      await time.increaseTo(empty + DAY + DAY / 2n - 1n);
      expect(await bridge.payPending.staticCall(actors.carol)).to.be.lessThan(1_000n * ONE);
      const sent = await at(empty + DAY + DAY / 2n, () => bridge.payPending(actors.carol));
      await expect(sent).to.changeTokenBalance(token, actors.carol, 1_000n * ONE);
      expect([await bridge.pendingOf(actors.carol), await bridge.totalPending()]).to.deep.equal([0n, 0n]);
      await time.increase(DAY);
      await nothingFor(actors.carol);
    });

    it("is nothing for who has nothing waiting, with any limit", async () => {
      const { bridge, actors } = context;
      await time.increaseTo(empty + DAY);
      await nothingFor(actors.stranger);
      await nothingFor({ address: "0x0000000000000000000000000000000000000000" });
      expect(await bridge.remainingRelease()).to.equal(FLOOR);
    });

    it("comes with the next withdrawal for the same account, together", async () => {
      const { bridge, child, token, actors } = context;
      await time.increase(DAY);
      const proof = await provenWithdrawal(
        context,
        child.adapter.connect(actors.bob).withdraw(40n * ONE, actors.carol),
      );
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, FLOOR);
      expect(await bridge.pendingOf(actors.carol)).to.equal(3_040n * ONE - FLOOR);
      expect(await bridge.totalPending()).to.equal(3_040n * ONE - FLOOR);
    });

    it("A60: keeps nobody else waiting: another's withdrawal is paid out of what has refilled", async () => {
      const { bridge, child, token, actors } = context;
      await time.increase(DAY / 2n);
      const proof = await provenWithdrawal(
        context,
        child.adapter.connect(actors.bob).withdraw(100n * ONE, actors.alice),
      );
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.alice, 100n * ONE);
      expect(await bridge.pendingOf(actors.carol)).to.equal(3_000n * ONE);
      await bridge.payPending(actors.carol);
      expect(await bridge.pendingOf(actors.carol)).to.be.lessThan(2_101n * ONE);
    });

    it("A60: two who wait are paid apart, in whatever order they are called", async () => {
      const { bridge, token, actors } = context;
      const message = messageUp({ nonce: 2n, receiver: actors.alice.address, shares: 2_500n * ONE });
      const proof = await provenForgery(context, message);
      const second = (await lastTime()) + 10n;
      await at(second, () => bridge.receiveMessage(proof));
      const waiting = 2_500n * ONE - refill(FLOOR, second - empty);
      expect(await bridge.pendingOf(actors.alice)).to.equal(waiting);
      expect(await bridge.totalPending()).to.equal(3_000n * ONE + waiting);
      await expect(at(second + 600n, () => bridge.payPending(actors.alice))).to.changeTokenBalances(
        token,
        [actors.alice, actors.carol],
        [refill(FLOOR, 600n), 0n],
      );
      await expect(at(second + 900n, () => bridge.payPending(actors.carol))).to.changeTokenBalances(
        token,
        [actors.alice, actors.carol],
        [0n, refill(FLOOR, 300n)],
      );
    });

    it("is no part of what is locked: it makes room for deposits, and no withdrawal can take it", async () => {
      const { bridge, actors } = context;
      await setOn(context, "setLockCap", LOCKED);
      expect(await bridge.remainingLock()).to.equal(5_000n * ONE);
      const message = messageUp({ nonce: 8n, receiver: actors.stranger.address, shares: LOCKED - 5_000n * ONE + 1n });
      await expect(bridge.receiveMessage(await provenForgery(context, message)))
        .to.be.revertedWithCustomError(bridge, "AboveLocked")
        .withArgs(LOCKED - 5_000n * ONE + 1n, LOCKED - 5_000n * ONE);
    });

    it("A45: is paid at the floor's pace at least, whatever governance does against it", async () => {
      const { bridge, actors } = context;
      const guardian = bridge.connect(actors.guardian);
      await setOn(context, "setLockCap", 0n);
      await guardian.pauseBridging(5n * DAY);
      await bridge.payPending(actors.carol);
      const [waiting, last] = [await bridge.pendingOf(actors.carol), await lastTime()];
      for (let hour = 1n; hour <= 6n; ++hour) {
        await at(last + hour * 3_600n, () => guardian.lowerReleaseLimit(FLOOR));
      }
      await at(last + 6n * 3_600n + 1n, () => bridge.payPending(actors.carol));
      // Each of the guardian's calls rounds the refill down once more, and does no other harm.
      const paid = 6n * refill(FLOOR, 3_600n) + refill(FLOOR, 1n);
      expect(await bridge.pendingOf(actors.carol)).to.equal(waiting - paid);
    });

    it("is paid faster when the limit is raised, though not at once", async () => {
      const { bridge, actors } = context;
      const raise = await scheduledOn(context, "setReleaseLimit", 20_000n * ONE);
      const then = (await lastTime()) + 10n;
      await at(then, () => bridge.payPending(actors.carol));
      const waiting = await bridge.pendingOf(actors.carol);
      await at(then + 1n, raise);
      expect(await bridge.remainingRelease()).to.equal(refill(FLOOR, 1n));
      await at(then + 61n, () => bridge.payPending(actors.carol));
      expect(await bridge.pendingOf(actors.carol)).to.equal(waiting - refill(FLOOR, 1n) - refill(20_000n * ONE, 60n));
    });

    it("is paid to a holder whom the pause of deposits keeps from sending", async () => {
      const { bridge, token, actors } = context;
      await bridge.connect(actors.guardian).pauseBridging(DAY);
      await time.increaseTo(empty + 86n);
      await expect(bridge.payPending(actors.carol)).to.changeTokenBalance(token, actors.carol, refill(FLOOR, 87n));
    });

    it("costs under 100,000 gas, however many wait", async () => {
      const { bridge, actors } = context;
      const receipt = await (await at(empty + 60n, () => bridge.payPending(actors.carol))).wait();
      const again = await (await at(empty + 120n, () => bridge.payPending(actors.carol))).wait();
      expect(again?.gasUsed).to.equal(receipt?.gasUsed);
      if (process.env.SOLIDITY_COVERAGE !== "true") expect(receipt?.gasUsed ?? 0n).to.be.lessThan(100_000n);
    });
  });
});
