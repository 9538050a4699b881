import { expect } from "chai";
import { ZeroAddress, concat } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import { HELD, bridgedFixture, deliver, proofOf, provenWithdrawal, submitCheckpoint } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { expectBacked, forge, messageUp, proofAt, provenForgery, setOn } from "../../support/bridgeEnds";
import { eventsOf } from "../../support/events";
import { exitId } from "../../support/exitWorld";
import { DAY, MAX, ONE } from "../../support/fixture";

describe("BridgeAdapter, receiveMessage", () => {
  const LOCKED = 9_000n * ONE;
  let context: BridgedContext;
  let gifts: bigint;

  /** Shares of alice are bob's on Polygon. */
  beforeEach(async () => {
    context = await bridgedFixture();
    gifts = 0n;
    const { bridge, actors } = context;
    await bridge.connect(actors.alice).bridge(LOCKED, actors.bob);
    await deliver(context);
  });

  afterEach(() => expectBacked(context, gifts));

  const withdraw = (shares: bigint) => {
    const { child, actors } = context;
    return child.adapter.connect(actors.bob).withdraw(shares, actors.carol);
  };

  /** Exit id of the one message of a transaction that is alone in its block. */
  async function exitIdOf(sent: ContractTransactionResponse): Promise<string> {
    const receipt = await sent.wait();
    const { topicHash } = context.child.adapter.interface.getEvent("MessageSent");
    const position = receipt?.logs.findIndex(({ topics }) => topics[0] === topicHash) ?? -1;
    return exitId(receipt?.blockNumber ?? 0, "0x80", position);
  }

  describe("a withdrawal", () => {
    it("is released to who it names, to the wei, by anyone's call", async () => {
      const { bridge, child, token, actors } = context;
      const proof = await provenWithdrawal(context, withdraw(400n * ONE + 3n));
      const by = bridge.connect(actors.stranger);
      expect(await by.receiveMessage.staticCall(proof)).to.equal(400n * ONE + 3n);
      await expect(by.receiveMessage(proof)).to.changeTokenBalances(
        token,
        [bridge, actors.carol, actors.bob, actors.stranger],
        [-(400n * ONE + 3n), 400n * ONE + 3n, 0n, 0n],
      );
      expect(await bridge.locked()).to.equal(LOCKED - 400n * ONE - 3n);
      expect(await bridge.locked()).to.equal(await child.adapter.minted());
      expect([await bridge.totalPending(), await bridge.pendingOf(actors.carol)]).to.deep.equal([0n, 0n]);
    });

    it("is told with its exit id, which is that of the log: block, transaction and place", async () => {
      const { bridge, actors } = context;
      const sent = await withdraw(7n);
      const id = await exitIdOf(sent);
      await submitCheckpoint(context);
      expect(await bridge.isConsumed(1n)).to.equal(false);
      expect(await eventsOf(bridge, bridge.receiveMessage(await proofOf(context, sent.hash)))).to.deep.equal([
        { name: "WithdrawalReceived", args: [1n, actors.carol.address, 7n, id] },
        { name: "Released", args: [actors.carol.address, 7n, 0n] },
      ]);
      expect(await bridge.isConsumed(1n)).to.equal(true);
    });

    it("of a wei is a wei, and the last wei can leave", async () => {
      const { bridge, token, actors } = context;
      const proof = await provenWithdrawal(context, withdraw(1n));
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, 1n);
      const rest = [5_000n * ONE - 1n, 4_000n * ONE];
      for (const shares of rest) {
        await bridge.receiveMessage(await provenWithdrawal(context, withdraw(shares)));
        await setOn(context, "setLockCap", LOCKED);
      }
      expect(await bridge.locked()).to.equal(0n);
      expect(await token.balanceOf(actors.carol)).to.equal(HELD + LOCKED);
      expect(await token.balanceOf(bridge)).to.equal(0n);
    });

    it("A60: is released in whatever order it is proven", async () => {
      const { bridge, token, actors } = context;
      const hashes: string[] = [];
      for (const shares of [1n, 10n, 100n, 1_000n]) hashes.push((await withdraw(shares)).hash);
      await submitCheckpoint(context);
      for (const [index, shares] of [
        [3, 1_000n],
        [0, 1n],
        [2, 100n],
        [1, 10n],
      ] as const) {
        const proof = await proofOf(context, hashes[index] ?? "");
        await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, shares);
        expect(await bridge.isConsumed(BigInt(index) + 1n)).to.equal(true);
      }
      expect(await bridge.locked()).to.equal(LOCKED - 1_111n);
    });

    it("A45: cannot be paused: not by a pause of deposits, a cap of nothing, nor the lowest limit", async () => {
      const { bridge, token, actors } = context;
      await setOn(context, "setLockCap", 0n);
      const guardian = bridge.connect(actors.guardian);
      await guardian.lowerReleaseLimit(await bridge.RELEASE_FLOOR());
      await guardian.pauseBridging(5n * DAY);
      const proof = await provenWithdrawal(context, withdraw(20n * ONE));
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, 20n * ONE);
    });

    it("takes its tokens from what is locked, not from what was given to the bridge", async () => {
      const { bridge, token, actors } = context;
      gifts = 3n * ONE;
      await token.connect(actors.alice).transfer(bridge, gifts);
      await bridge.receiveMessage(await provenWithdrawal(context, withdraw(5n * ONE)));
      expect(await bridge.locked()).to.equal(LOCKED - 5n * ONE);
      const message = messageUp({ nonce: 9n, receiver: actors.carol.address, shares: LOCKED - 5n * ONE + 1n });
      await expect(bridge.receiveMessage(await provenForgery(context, message)))
        .to.be.revertedWithCustomError(bridge, "AboveLocked")
        .withArgs(LOCKED - 5n * ONE + 1n, LOCKED - 5n * ONE);
    });
  });

  describe("refuses", () => {
    it("A57: a log that was proven before", async () => {
      const { bridge } = context;
      const sent = await withdraw(5n);
      const id = await exitIdOf(sent);
      await submitCheckpoint(context);
      const proof = await proofOf(context, sent.hash);
      await bridge.receiveMessage(proof);
      await expect(bridge.receiveMessage(proof)).to.be.revertedWithCustomError(bridge, "ExitConsumed").withArgs(id);
    });

    it("A57: a number that was proven before, in another block, and whatever else it says", async () => {
      const { bridge, actors } = context;
      await bridge.receiveMessage(await provenWithdrawal(context, withdraw(5n)));
      for (const message of [
        messageUp({ nonce: 1n, receiver: actors.carol.address, shares: 5n }),
        messageUp({ nonce: 1n, receiver: actors.stranger.address, shares: 1n }),
      ]) {
        await expect(bridge.receiveMessage(await provenForgery(context, message)))
          .to.be.revertedWithCustomError(bridge, "MessageConsumed")
          .withArgs(1n);
      }
      expect(await bridge.locked()).to.equal(LOCKED - 5n);
    });

    it("A64: more than is locked, however much it is, and leaves the number free", async () => {
      const { bridge, actors } = context;
      for (const shares of [LOCKED + 1n, 2n ** 96n, MAX]) {
        const message = messageUp({ nonce: 77n, receiver: actors.carol.address, shares });
        await expect(bridge.receiveMessage(await provenForgery(context, message)))
          .to.be.revertedWithCustomError(bridge, "AboveLocked")
          .withArgs(shares, LOCKED);
      }
      expect(await bridge.isConsumed(77n)).to.equal(false);
      expect(await bridge.locked()).to.equal(LOCKED);
    });

    it("A71: a message that it does not know, and says which", async () => {
      const { bridge, actors } = context;
      const good = { nonce: 3n, receiver: actors.carol.address, shares: ONE };
      const unknown = [
        messageUp({ ...good, version: 0 }),
        messageUp({ ...good, version: 2 }),
        messageUp({ ...good, version: 257 }),
        messageUp({ ...good, kind: 0 }),
        messageUp({ ...good, kind: 2 }),
        messageUp({ ...good, kind: 257 }),
        messageUp({ ...good, nonce: 2n ** 64n + 3n }),
        messageUp({ ...good, receiver: BigInt(actors.carol.address) + 2n ** 160n }),
        concat([messageUp(good), "0x00"]),
        messageUp(good).slice(0, -2),
        "0x01",
      ];
      const hash = await forge(context, unknown);
      await submitCheckpoint(context);
      for (const [position, message] of unknown.entries()) {
        await expect(bridge.receiveMessage(await proofAt(context, hash, position)), message)
          .to.be.revertedWithCustomError(bridge, "UnknownMessage")
          .withArgs(message);
      }
      expect(await bridge.locked()).to.equal(LOCKED);
    });

    it("a receiver of zero, to whom nothing can be released", async () => {
      const { bridge, token } = context;
      const proof = await provenForgery(context, messageUp({ nonce: 3n, receiver: 0n, shares: ONE }));
      await expect(bridge.receiveMessage(proof))
        .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
      expect([await bridge.locked(), await bridge.isConsumed(3n)]).to.deep.equal([LOCKED, false]);
    });

    it("ETH", async () => {
      const { bridge, actors } = context;
      const data = bridge.interface.encodeFunctionData("receiveMessage", ["0x"]);
      await expect(actors.alice.sendTransaction({ to: bridge, data, value: 1n })).to.be.revertedWithoutReason();
    });

    it("what is no proof at all", async () => {
      const { bridge } = context;
      for (const [proof, fields] of [
        ["0x", 0n],
        ["0x00", 0n],
        ["0xc0", 0n],
        ["0xc101", 1n],
        [concat(["0xcb", `0x${"01".repeat(11)}`]), 11n],
      ] as const) {
        await expect(bridge.receiveMessage(proof))
          .to.be.revertedWithCustomError(bridge, "MalformedPayload")
          .withArgs(fields);
      }
    });
  });

  describe("whatever a dishonest end on Polygon sent", () => {
    it("the last number of 64 bits is a number like any other", async () => {
      const { bridge, token, actors } = context;
      const last = 2n ** 64n - 1n;
      const proof = await provenForgery(
        context,
        messageUp({ nonce: last, receiver: actors.carol.address, shares: 4n }),
      );
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, 4n);
      expect([await bridge.isConsumed(last), await bridge.isConsumed(last - 1n)]).to.deep.equal([true, false]);
    });

    it("a withdrawal of nothing moves nothing, and uses its number up", async () => {
      const { bridge, token, actors } = context;
      const proof = await provenForgery(context, messageUp({ nonce: 3n, receiver: actors.carol.address, shares: 0n }));
      expect(await bridge.receiveMessage.staticCall(proof)).to.equal(0n);
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, 0n);
      expect([await bridge.locked(), await bridge.isConsumed(3n)]).to.deep.equal([LOCKED, true]);
    });

    it("all that is locked, and not a wei more, in any number of messages", async () => {
      const { bridge, actors } = context;
      const part = LOCKED / 3n;
      const messages = [1n, 2n, 3n, 4n].map((nonce) =>
        messageUp({ nonce, receiver: actors.carol.address, shares: part }),
      );
      const hash = await forge(context, messages);
      await submitCheckpoint(context);
      for (const position of [0, 1, 2]) await bridge.receiveMessage(await proofAt(context, hash, position));
      expect(await bridge.locked()).to.equal(0n);
      await expect(bridge.receiveMessage(await proofAt(context, hash, 3)))
        .to.be.revertedWithCustomError(bridge, "AboveLocked")
        .withArgs(part, 0n);
    });

    it("shares for the bridge itself stay in it, behind nothing, at the cost of nobody else", async () => {
      const { bridge, token } = context;
      const message = messageUp({ nonce: 3n, receiver: await bridge.getAddress(), shares: 50n });
      await bridge.receiveMessage(await provenForgery(context, message));
      gifts = 50n;
      expect(await bridge.locked()).to.equal(LOCKED - 50n);
      expect(await token.balanceOf(bridge)).to.equal(LOCKED);
    });
  });

  it("costs the same however many came before, for the same proof under 400,000 gas", async () => {
    const { bridge } = context;
    const gas: bigint[] = [];
    const lengths: number[] = [];
    for (let i = 0; i < 24; ++i) {
      const proof = await provenWithdrawal(context, withdraw(100n));
      const receipt = await (await bridge.receiveMessage(proof)).wait();
      gas.push(receipt?.gasUsed ?? 0n);
      lengths.push(proof.length);
    }
    // The first one sets the first bit of the word of numbers; proofs differ by a hash or by a byte of a number.
    const [early = 0n, late = 0n] = [gas[2], gas[23]];
    expect(Math.abs((lengths[23] ?? 0) - (lengths[2] ?? 0))).to.be.at.most(200);
    if (process.env.SOLIDITY_COVERAGE !== "true") {
      expect(late - early).to.be.within(-10_000n, 10_000n);
      for (const one of gas) expect(one).to.be.lessThan(400_000n);
    }
  });
});
