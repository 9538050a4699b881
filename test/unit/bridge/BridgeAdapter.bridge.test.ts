import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { HELD, LIMITS, bridgedFixture, deliver, provenWithdrawal } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { expectBacked, lastTime, messagesDown, setOn } from "../../support/bridgeEnds";
import { eventsOf } from "../../support/events";
import { DAY, ONE } from "../../support/fixture";
import { reward } from "../../support/growth";

const CAP = LIMITS.lockCapWei;

describe("BridgeAdapter, bridge", () => {
  let context: BridgedContext;
  let gifts: bigint;

  beforeEach(async () => {
    context = await bridgedFixture();
    gifts = 0n;
  });

  afterEach(() => expectBacked(context, gifts));

  describe("a deposit", () => {
    it("locks exactly what it was told, out of the caller's shares alone", async () => {
      const { bridge, token, actors } = context;
      const sent = await bridge.connect(actors.alice).bridge(123n * ONE + 7n, actors.bob);
      await expect(sent).to.changeTokenBalances(
        token,
        [actors.alice, bridge, actors.bob, actors.stranger],
        [-(123n * ONE + 7n), 123n * ONE + 7n, 0n, 0n],
      );
      expect(await bridge.locked()).to.equal(123n * ONE + 7n);
      expect(await bridge.remainingLock()).to.equal(CAP - 123n * ONE - 7n);
      expect(await bridge.totalPending()).to.equal(0n);
    });

    it("sends nine words: what is minted for whom, and the pool's totals in that very second", async () => {
      const { bridge, child, fx, pool, actors } = context;
      await reward(context, 777n * ONE);
      await time.increase(12_345n);
      const sent = await bridge.connect(actors.alice).bridge(5n * ONE, actors.bob);
      // A deposit moves neither total, so that after it they are what they were in its own second.
      const [totalAssets, totalSupply] = [await pool.totalAssets(), await pool.totalShares()];
      expect(await pool.unvested()).to.be.greaterThan(0n);
      expect(await messagesDown(context, sent)).to.deep.equal([
        {
          sender: await bridge.getAddress(),
          receiver: await child.adapter.getAddress(),
          at: await fx.fxChild.getAddress(),
          words: {
            version: 1n,
            kind: 1n,
            nonce: 1n,
            receiver: BigInt(actors.bob.address),
            shares: 5n * ONE,
            totalAssets,
            totalSupply,
            lossCount: 0n,
            time: await lastTime(),
          },
        },
      ]);
    });

    it("tells what it did, in order, and returns its number", async () => {
      const { bridge, pool, actors } = context;
      const alice = bridge.connect(actors.alice);
      expect(await bridge.lastNonce()).to.equal(0n);
      expect(await alice.bridge.staticCall(9n, actors.carol)).to.equal(1n);
      expect(await eventsOf(bridge, alice.bridge(9n, actors.carol))).to.deep.equal([
        { name: "DepositSent", args: [1n, actors.alice.address, actors.carol.address, 9n] },
        { name: "RateSent", args: [1n, await pool.totalAssets(), await pool.totalShares(), 0n] },
      ]);
      expect(await bridge.lastNonce()).to.equal(1n);
    });

    it("is numbered from 1 on, in one sequence with rates", async () => {
      const { bridge, actors } = context;
      const alice = bridge.connect(actors.alice);
      const calls = [
        () => alice.bridge(1n, actors.alice),
        () => bridge.connect(actors.stranger).syncRate(),
        () => bridge.connect(actors.stranger).syncRate(),
        () => alice.bridge(2n, actors.bob),
      ];
      const sent: bigint[][] = [];
      for (const call of calls) {
        for (const { words } of await messagesDown(context, call())) sent.push([words.nonce, words.kind, words.shares]);
      }
      expect(sent).to.deep.equal([
        [1n, 1n, 1n],
        [2n, 2n, 0n],
        [3n, 2n, 0n],
        [4n, 1n, 2n],
      ]);
    });

    it("of a wei arrives as a wei", async () => {
      const { bridge, child, actors } = context;
      await bridge.connect(actors.alice).bridge(1n, actors.bob);
      await deliver(context);
      expect(await child.token.balanceOf(actors.bob)).to.equal(1n);
      expect(await child.adapter.minted()).to.equal(await bridge.locked());
    });

    it("may be for a contract, ankrMATIC itself among them, but for the other end", async () => {
      const { bridge, token, actors } = context;
      for (const receiver of [await token.getAddress(), await bridge.getAddress()]) {
        await bridge.connect(actors.alice).bridge(1n, receiver);
      }
      expect(await bridge.locked()).to.equal(2n);
    });
  });

  describe("refuses", () => {
    const by = (shares: bigint, receiver: string) =>
      context.bridge.connect(context.actors.alice).bridge(shares, receiver);

    afterEach(async () => {
      expect([await context.bridge.locked(), await context.bridge.lastNonce()]).to.deep.equal([0n, 0n]);
    });

    it("nothing", async () => {
      await expect(by(0n, context.actors.bob.address)).to.be.revertedWithCustomError(context.bridge, "ZeroShares");
    });

    it("a receiver of zero", async () => {
      await expect(by(1n, ZeroAddress)).to.be.revertedWithCustomError(context.bridge, "ZeroAddress");
    });

    it("the other end as the receiver", async () => {
      const peer = await context.child.adapter.getAddress();
      await expect(by(1n, peer)).to.be.revertedWithCustomError(context.bridge, "ReceiverIsDeadEnd").withArgs(peer);
    });

    it("more than the caller has", async () => {
      const { token, actors } = context;
      await expect(by(HELD + 1n, actors.bob.address))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(actors.alice.address, HELD, HELD + 1n);
    });

    it("more than the caller allowed", async () => {
      const { bridge, token, actors } = context;
      await token.connect(actors.alice).approve(bridge, 5n);
      await expect(by(6n, actors.bob.address))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await bridge.getAddress(), 5n, 6n);
    });

    it("an amount that no cap could hold, with the room there is", async () => {
      for (const shares of [CAP + 1n, 2n ** 96n, MaxUint256]) {
        await expect(by(shares, context.actors.bob.address))
          .to.be.revertedWithCustomError(context.bridge, "AboveLockCap")
          .withArgs(shares, CAP);
      }
    });

    it("ETH", async () => {
      const { bridge, actors } = context;
      const data = bridge.interface.encodeFunctionData("bridge", [1n, actors.bob.address]);
      await expect(actors.alice.sendTransaction({ to: bridge, data, value: 1n })).to.be.revertedWithoutReason();
      await expect(actors.alice.sendTransaction({ to: bridge, value: 1n })).to.be.revertedWithoutReason();
    });
  });

  describe("the cap", () => {
    it("is reached to the wei, and a wei more is refused with what is left", async () => {
      const { bridge, actors } = context;
      await setOn(context, "setLockCap", 100n * ONE);
      await bridge.connect(actors.alice).bridge(60n * ONE, actors.alice);
      expect(await bridge.remainingLock()).to.equal(40n * ONE);
      await expect(bridge.connect(actors.bob).bridge(40n * ONE + 1n, actors.bob))
        .to.be.revertedWithCustomError(bridge, "AboveLockCap")
        .withArgs(40n * ONE + 1n, 40n * ONE);
      await bridge.connect(actors.bob).bridge(40n * ONE, actors.bob);
      expect(await bridge.remainingLock()).to.equal(0n);
      await expect(bridge.connect(actors.bob).bridge(1n, actors.bob))
        .to.be.revertedWithCustomError(bridge, "AboveLockCap")
        .withArgs(1n, 0n);
    });

    it("lowered below what is locked stops deposits, and takes nothing back", async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.alice).bridge(60n * ONE, actors.alice);
      await setOn(context, "setLockCap", 10n * ONE);
      expect([await bridge.locked(), await bridge.remainingLock()]).to.deep.equal([60n * ONE, 0n]);
      await expect(bridge.connect(actors.alice).bridge(1n, actors.alice))
        .to.be.revertedWithCustomError(bridge, "AboveLockCap")
        .withArgs(1n, 0n);
    });

    it("has room again for what came back", async () => {
      const { bridge, child, actors } = context;
      await setOn(context, "setLockCap", 60n * ONE);
      await bridge.connect(actors.alice).bridge(60n * ONE, actors.alice);
      await deliver(context);
      const proof = await provenWithdrawal(
        context,
        child.adapter.connect(actors.alice).withdraw(25n * ONE, actors.bob),
      );
      expect(await bridge.remainingLock()).to.equal(0n);
      await bridge.receiveMessage(proof);
      expect(await bridge.remainingLock()).to.equal(25n * ONE);
      await bridge.connect(actors.alice).bridge(25n * ONE, actors.alice);
    });
  });

  it("stops while it is paused, to the second, and not before", async () => {
    const { bridge, actors } = context;
    const start = (await lastTime()) + 100n;
    await time.setNextBlockTimestamp(start);
    await bridge.connect(actors.guardian).pauseBridging(5n * DAY);
    const until = start + 5n * DAY;
    expect(await bridge.remainingLock()).to.equal(0n);
    const permit = { value: 1n, deadline: until, v: 27, r: `0x${"11".repeat(32)}`, s: `0x${"11".repeat(32)}` };
    const alice = bridge.connect(actors.alice);
    await expect(alice.bridge(1n, actors.bob))
      .to.be.revertedWithCustomError(bridge, "BridgingIsPaused")
      .withArgs(until);
    await expect(alice.bridgeWithPermit(1n, actors.bob, permit))
      .to.be.revertedWithCustomError(bridge, "BridgingIsPaused")
      .withArgs(until);
    await time.setNextBlockTimestamp(until - 1n);
    await expect(alice.bridge(1n, actors.bob))
      .to.be.revertedWithCustomError(bridge, "BridgingIsPaused")
      .withArgs(until);
    await time.setNextBlockTimestamp(until);
    await alice.bridge(1n, actors.bob);
    expect(await bridge.remainingLock()).to.equal(CAP - 1n);
  });

  it("does not count what is given to it: a donation locks nothing, makes no room, and backs nothing", async () => {
    const { bridge, child, token, actors } = context;
    gifts = 50n * ONE;
    await token.connect(actors.carol).transfer(bridge, gifts);
    expect([await bridge.locked(), await bridge.remainingLock()]).to.deep.equal([0n, CAP]);
    const sent = await bridge.connect(actors.alice).bridge(10n * ONE, actors.alice);
    expect((await messagesDown(context, sent)).map(({ words }) => words.shares)).to.deep.equal([10n * ONE]);
    expect([await bridge.locked(), await bridge.remainingLock()]).to.deep.equal([10n * ONE, CAP - 10n * ONE]);
    await deliver(context);
    const proof = await provenWithdrawal(
      context,
      child.adapter.connect(actors.alice).withdraw(10n * ONE, actors.alice),
    );
    await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.alice, 10n * ONE);
    expect(await bridge.locked()).to.equal(0n);
  });

  it("costs the same however much was bridged before, and under 130,000 gas", async () => {
    const { bridge, actors } = context;
    const gasOf = async (): Promise<bigint> => {
      const receipt = await (await bridge.connect(actors.alice).bridge(ONE, actors.bob)).wait();
      return receipt?.gasUsed ?? 0n;
    };
    await gasOf();
    const early = await gasOf();
    for (let i = 0; i < 40; ++i) await gasOf();
    const late = await gasOf();
    // The count of StateSender, and the numbers in the calldata, have a byte more at most.
    expect(late - early).to.be.within(-64n, 64n);
    if (process.env.SOLIDITY_COVERAGE !== "true") expect(late).to.be.lessThan(130_000n);
  });
});
