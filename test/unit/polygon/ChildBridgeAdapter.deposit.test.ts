import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { MINTING, SUPPLY_CAP, childBridgeFixture, deliverAll, deposit, kept } from "../../support/childBridge";
import { deliverMessage, rateAlone, taken } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { DAY, ONE } from "../../support/fixture";
import { YEAR, at, now, scheduled, scheduledLimits } from "../../support/polygon";
import { SHARES, numberOf, rateOf } from "../../support/rates";
import type { Rate, Refusal } from "../../support/rates";

/** What of the minting limit is back after some seconds. */
const refilled = (seconds: bigint, limit = MINTING): bigint => (limit * seconds) / DAY;

describe("ChildBridgeAdapter: deposits", () => {
  let world: ChildBridge;

  beforeEach(async () => {
    world = await childBridgeFixture();
  });

  /** What was minted and not withdrawn, what waits, and what waits for alice and for bob. */
  const sums = async (): Promise<bigint[]> => {
    const { adapter, actors } = world;
    return [
      await adapter.minted(),
      await adapter.totalPending(),
      await adapter.pendingOf(actors.alice),
      await adapter.pendingOf(actors.bob),
    ];
  };

  /** Uses up the limit for carol, at a time that is returned: from there it refills from nothing. */
  async function useUp(nonce = 1_000n): Promise<bigint> {
    const empty = (await now()) + 100n;
    await at(empty, () => deliverMessage(world, deposit(world, nonce, world.actors.carol, MINTING)));
    expect(await world.adapter.remainingMint()).to.equal(0n);
    return empty;
  }

  describe("processMessageFromRoot", () => {
    it("mints a deposit to its receiver, to the wei, and logs it", async () => {
      const { adapter, token, feed, actors, start } = world;
      const { hash } = await taken(world, deposit(world, 1n, actors.alice, 7n * ONE + 3n));
      await expect(hash)
        .to.emit(adapter, "DepositReceived")
        .withArgs(1n, actors.alice.address, 7n * ONE + 3n);
      await expect(hash)
        .to.emit(adapter, "Minted")
        .withArgs(actors.alice.address, 7n * ONE + 3n, 0n);
      await expect(hash)
        .to.emit(token, "Transfer")
        .withArgs(ZeroAddress, actors.alice.address, 7n * ONE + 3n);
      await expect(hash).to.emit(feed, "RateAccepted").withArgs(1n, SHARES, SHARES, 0n, start);
      expect(await token.balanceOf(actors.alice)).to.equal(7n * ONE + 3n);
      expect(await token.totalSupply()).to.equal(7n * ONE + 3n);
      expect(await sums()).to.deep.equal([7n * ONE + 3n, 0n, 0n, 0n]);
      expect(await adapter.remainingMint()).to.equal(MINTING - 7n * ONE - 3n);
    });

    it("A67: takes deposits in any order, each once", async () => {
      const { adapter, token, actors } = world;
      const messages = [7n, 2n, 5n, 1n].map((nonce) => deposit(world, nonce, actors.alice, nonce * ONE));
      await deliverAll(world, ...messages);
      expect(await token.balanceOf(actors.alice)).to.equal(15n * ONE);
      for (const [index, nonce] of [7n, 2n, 5n, 1n].entries()) {
        await kept(world, messages[index] ?? "", "MessageConsumed", [nonce]);
        expect(await adapter.isConsumed(nonce)).to.equal(true);
      }
      for (const nonce of [0n, 3n, 4n, 6n, 8n]) expect(await adapter.isConsumed(nonce)).to.equal(false);
      expect(await sums()).to.deep.equal([15n * ONE, 0n, 0n, 0n]);
    });

    for (const nonce of [0n, 255n, 256n, 2n ** 32n, 2n ** 64n - 1n]) {
      it(`A67: takes number ${nonce} once, and no other with it`, async () => {
        const { adapter, actors } = world;
        await taken(world, deposit(world, nonce, actors.alice, ONE));
        await kept(world, deposit(world, nonce, actors.bob, ONE), "MessageConsumed", [nonce]);
        const near = [nonce - 1n, nonce + 1n, nonce ^ 256n, nonce ^ 1n].filter((n) => n >= 0n && n < 2n ** 64n);
        for (const free of near) expect(await adapter.isConsumed(free)).to.equal(false);
      });
    }

    it("A67: one number is one message, whatever its kind, its receiver and its amount", async () => {
      const { actors, start } = world;
      await taken(world, rateAlone(1n, rateOf(start)));
      await kept(world, deposit(world, 1n, actors.alice, ONE), "MessageConsumed", [1n]);
      await taken(world, deposit(world, 2n, actors.alice, ONE));
      await kept(world, rateAlone(2n, rateOf(start)), "MessageConsumed", [2n]);
      await kept(world, deposit(world, 2n, actors.bob, 2n * ONE), "MessageConsumed", [2n]);
    });

    describe("a rate alone", () => {
      it("goes to the feed, and mints nothing", async () => {
        const { adapter, feed, start } = world;
        const { hash, receipt } = await taken(world, rateAlone(4n, rateOf(start, 3n)));
        await expect(hash).to.emit(feed, "RateAccepted").withArgs(4n, rateOf(start, 3n).totalAssets, SHARES, 0n, start);
        const own = await adapter.getAddress();
        expect(receipt.logs.filter(({ address }) => address === own)).to.deep.equal([]);
        expect(await sums()).to.deep.equal([0n, 0n, 0n, 0n]);
        expect(await adapter.isConsumed(4n)).to.equal(true);
      });

      it("A67: that is refused is done with: it is no message to be replayed", async () => {
        const { feed, start } = world;
        await taken(world, rateAlone(4n, rateOf(start, 3n)));
        const { hash } = await taken(world, rateAlone(3n, rateOf(start, 2n)));
        await expect(hash).to.emit(feed, "RateRefused");
        await kept(world, rateAlone(3n, rateOf(start, 2n)), "MessageConsumed", [3n]);
      });

      it("A67: an old one after a new one changes nothing, nor does the old one's deposit bring it", async () => {
        const { feed, actors, start } = world;
        await taken(world, rateAlone(9n, rateOf(start, 100n)));
        await taken(world, rateAlone(8n, rateOf(start - 60n)));
        await taken(world, deposit(world, 7n, actors.alice, ONE, { rate: rateOf(start - 120n) }));
        expect(await feed.totals()).to.deep.equal([rateOf(start, 100n).totalAssets, SHARES]);
        expect(await feed.lastNonce()).to.equal(9n);
      });
    });

    describe("a rate that the feed refuses", () => {
      /** For each reason: the rate that was taken before, by message 5, and the message that brings the refused one. */
      const cases: Readonly<
        Record<Exclude<Refusal, "None">, readonly [(start: bigint) => Rate, (start: bigint) => Rate, bigint]>
      > = {
        OldNonce: [(start) => rateOf(start), (start) => rateOf(start + 1n, 1n), 4n],
        Impossible: [(start) => rateOf(start), (start) => rateOf(start, 0n, { totalSupply: 0n }), 6n],
        FutureTime: [(start) => rateOf(start), (start) => rateOf(start + YEAR), 6n],
        OldTime: [(start) => rateOf(start), (start) => rateOf(start - 1n), 6n],
        FewerLosses: [(start) => rateOf(start, 0n, { lossCount: 2n }), (start) => rateOf(start, 0n), 6n],
        Fell: [(start) => rateOf(start, 1n), (start) => rateOf(start), 6n],
        GrewTooFast: [(start) => rateOf(start), (start) => rateOf(start, DAY), 6n],
      };

      for (const [reason, [before, refused, nonce]] of Object.entries(cases)) {
        it(`A60: ${reason}: its deposit is minted all the same, once`, async () => {
          const { token, feed, actors, start } = world;
          await taken(world, rateAlone(5n, before(start)));
          const totals = await feed.totals();
          const rate = refused(start);
          const { totalAssets, totalSupply, lossCount, time: when } = rate;
          const message = deposit(world, nonce, actors.alice, 3n * ONE, { rate });
          const { hash } = await taken(world, message);
          await expect(hash)
            .to.emit(feed, "RateRefused")
            .withArgs(nonce, numberOf(reason as Refusal), totalAssets, totalSupply, lossCount, when);
          expect(await token.balanceOf(actors.alice)).to.equal(3n * ONE);
          expect(await feed.totals()).to.deep.equal(totals);
          await kept(world, message, "MessageConsumed", [nonce]);
        });
      }

      it("A73: by the first message of all: its deposit is minted, and there is no rate yet", async () => {
        const { token, feed, actors, start } = world;
        await taken(world, deposit(world, 1n, actors.alice, ONE, { rate: rateOf(start, 2n * YEAR) }));
        expect(await token.balanceOf(actors.alice)).to.equal(ONE);
        await expect(token.getRate()).to.be.revertedWithCustomError(feed, "NoRate").withArgs();
      });

      it("its part that waits is paid like any other", async () => {
        const { adapter, token, actors, start } = world;
        const rate = rateOf(start, 2n * YEAR);
        await taken(world, deposit(world, 1n, actors.alice, MINTING + ONE, { rate }));
        await time.increase(DAY);
        await adapter.payPending(actors.alice);
        expect(await token.balanceOf(actors.alice)).to.equal(MINTING + ONE);
      });
    });
  });

  describe("above the limit", () => {
    it("A76: mints what the limit has left, and lets the rest wait", async () => {
      const { adapter, token, actors } = world;
      const { hash } = await taken(world, deposit(world, 1n, actors.alice, MINTING + 5n));
      await expect(hash)
        .to.emit(adapter, "DepositReceived")
        .withArgs(1n, actors.alice.address, MINTING + 5n);
      await expect(hash).to.emit(adapter, "Minted").withArgs(actors.alice.address, MINTING, 5n);
      expect(await token.balanceOf(actors.alice)).to.equal(MINTING);
      expect(await sums()).to.deep.equal([MINTING, 5n, 5n, 0n]);
    });

    it("A76: takes exactly the limit without a wei waiting", async () => {
      await taken(world, deposit(world, 1n, world.actors.alice, MINTING));
      expect(await sums()).to.deep.equal([MINTING, 0n, 0n, 0n]);
    });

    it("A76: mints what is back since the limit was used up, and lets the rest wait", async () => {
      const { adapter, token, actors } = world;
      const empty = await useUp();
      const { hash } = await at(empty + 1n, () => deliverMessage(world, deposit(world, 1n, actors.alice, ONE)));
      const back = refilled(1n);
      await expect(hash)
        .to.emit(adapter, "Minted")
        .withArgs(actors.alice.address, back, ONE - back);
      expect(await token.balanceOf(actors.alice)).to.equal(back);
      expect(await sums()).to.deep.equal([MINTING + back, ONE - back, ONE - back, 0n]);
    });

    it("A76: lets all of it wait when nothing is left, and mints nothing", async () => {
      const { adapter, token, actors } = world;
      // Of a limit of one wei, once it is used, nothing is back for a day.
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 1n);
      await taken(world, deposit(world, 1n, actors.carol, 1n));
      const { hash } = await taken(world, deposit(world, 2n, actors.alice, ONE));
      await expect(hash).to.emit(adapter, "Minted").withArgs(actors.alice.address, 0n, ONE);
      await expect(hash).not.to.emit(token, "Transfer");
      expect(await sums()).to.deep.equal([1n, ONE, ONE, 0n]);
    });

    it("A60, A76: takes any number of deposits with the limit at nothing, and fails none", async () => {
      const { adapter, token, actors } = world;
      await world.token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      await deliverAll(
        world,
        ...[1n, 2n, 3n].map((nonce) => deposit(world, nonce, actors.alice, nonce * MINTING)),
        ...[4n, 5n].map((nonce) => deposit(world, nonce, actors.bob, nonce)),
      );
      expect(await sums()).to.deep.equal([0n, 6n * MINTING + 9n, 6n * MINTING, 9n]);
      expect(await token.totalSupply()).to.equal(0n);
    });

    it("pays what waits for a receiver with its next deposit, as far as the limit goes", async () => {
      const { adapter, token, actors } = world;
      const empty = await useUp();
      await at(empty + 10n, () => deliverMessage(world, deposit(world, 1n, actors.alice, 100n * ONE)));
      const { hash } = await at(empty + DAY / 2n, () => deliverMessage(world, deposit(world, 2n, actors.alice, ONE)));
      const waited = 100n * ONE - refilled(10n);
      await expect(hash)
        .to.emit(adapter, "Minted")
        .withArgs(actors.alice.address, waited + ONE, 0n);
      expect(await token.balanceOf(actors.alice)).to.equal(101n * ONE);
      expect(await sums()).to.deep.equal([MINTING + 101n * ONE, 0n, 0n, 0n]);
    });

    it("A60, A76: nobody else's queue blocks a deposit: it takes what the limit has", async () => {
      const { token, actors } = world;
      const empty = await useUp();
      await at(empty + 1n, () => deliverMessage(world, deposit(world, 1n, actors.alice, 90n * MINTING)));
      await at(empty + 1n + DAY / 4n, () => deliverMessage(world, deposit(world, 2n, actors.bob, MINTING / 5n)));
      expect(await token.balanceOf(actors.bob)).to.equal(MINTING / 5n);
      expect(await sums()).to.deep.equal([
        MINTING + refilled(1n) + MINTING / 5n,
        90n * MINTING - refilled(1n),
        90n * MINTING - refilled(1n),
        0n,
      ]);
    });
  });

  describe("payPending", () => {
    it("A76: mints what has refilled, to the wei, for anyone's call", async () => {
      const { adapter, token, actors } = world;
      const empty = await useUp();
      await at(empty + 1n, () => deliverMessage(world, deposit(world, 1n, actors.alice, MINTING)));
      let paid = refilled(1n);
      for (const seconds of [1n, 86n, 12_345n]) {
        const moment = (await now()) + seconds;
        await time.setNextBlockTimestamp(moment);
        const sent = await adapter.connect(actors.stranger).payPending(actors.alice);
        paid += refilled(seconds);
        await expect(sent)
          .to.emit(adapter, "Minted")
          .withArgs(actors.alice.address, refilled(seconds), MINTING - paid);
        expect(await token.balanceOf(actors.alice)).to.equal(paid);
        expect(await sums()).to.deep.equal([MINTING + paid, MINTING - paid, MINTING - paid, 0n]);
      }
      expect(await token.balanceOf(actors.stranger)).to.equal(0n);
    });

    it("returns what it paid, and pays all once the limit has it", async () => {
      const { adapter, token, actors } = world;
      await taken(world, deposit(world, 1n, actors.alice, MINTING + 5n));
      await time.increase(1n);
      expect(await adapter.payPending.staticCall(actors.alice)).to.equal(5n);
      await adapter.payPending(actors.alice);
      expect(await token.balanceOf(actors.alice)).to.equal(MINTING + 5n);
      expect(await sums()).to.deep.equal([MINTING + 5n, 0n, 0n, 0n]);
    });

    it("has nothing to pay to who waits for nothing, nor twice", async () => {
      const { adapter, actors } = world;
      const nothing = (address: string) =>
        expect(adapter.payPending(address)).to.be.revertedWithCustomError(adapter, "NothingToPay").withArgs(address);
      await taken(world, deposit(world, 1n, actors.alice, MINTING + 5n));
      await nothing(actors.bob.address);
      await nothing(ZeroAddress);
      await adapter.payPending(actors.alice);
      await nothing(actors.alice.address);
      expect(await sums()).to.deep.equal([MINTING + 5n, 0n, 0n, 0n]);
    });

    it("has nothing to pay while the limit is at nothing", async () => {
      const { adapter, token, actors } = world;
      await taken(world, deposit(world, 1n, actors.alice, MINTING + 5n));
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      await time.increase(DAY);
      await expect(adapter.payPending(actors.alice))
        .to.be.revertedWithCustomError(adapter, "NothingToPay")
        .withArgs(actors.alice.address);
      expect(await sums()).to.deep.equal([MINTING, 5n, 5n, 0n]);
    });

    it("A60, A76: a long queue of one is no queue of another", async () => {
      const { adapter, token, actors } = world;
      await useUp();
      await deliverAll(
        world,
        deposit(world, 1n, actors.alice, 50n * MINTING),
        deposit(world, 2n, actors.bob, 3n * ONE),
      );
      await time.increase(DAY / 2n);
      await adapter.payPending(actors.bob);
      expect(await token.balanceOf(actors.bob)).to.equal(3n * ONE);
      expect(await adapter.pendingOf(actors.bob)).to.equal(0n);
      expect(await adapter.totalPending()).to.equal(await adapter.pendingOf(actors.alice));
    });

    it("A76: whoever pays themselves first, all that waited is minted in as many days as the limit takes", async () => {
      const { adapter, token, actors } = world;
      const { alice, bob } = actors;
      await useUp();
      await deliverAll(world, deposit(world, 1n, alice, 2n * MINTING), deposit(world, 2n, bob, MINTING));
      for (let day = 0; day < 3; day++) {
        await time.increase(DAY);
        for (const receiver of [alice, bob]) {
          if ((await adapter.pendingOf(receiver)) > 0n) await adapter.payPending(receiver);
        }
      }
      expect([await token.balanceOf(alice), await token.balanceOf(bob)]).to.deep.equal([2n * MINTING, MINTING]);
      expect(await adapter.totalPending()).to.equal(0n);
    });
  });

  describe("the token does not let it mint", () => {
    it("A76: the cap on the supply is reached: what is above it waits, until there is room", async () => {
      const { adapter, token, actors } = world;
      const setCap = async (cap: bigint) =>
        (await scheduled(world, "upgrader", token, token.interface.encodeFunctionData("setSupplyCap", [cap])))();
      await setCap(10n * ONE);
      await deliverAll(world, deposit(world, 1n, actors.alice, 12n * ONE), deposit(world, 2n, actors.bob, ONE));
      expect(await sums()).to.deep.equal([10n * ONE, 3n * ONE, 2n * ONE, ONE]);
      expect(await adapter.remainingMint()).to.equal(0n);
      await adapter.connect(actors.alice).withdraw(ONE / 2n, actors.alice);
      await adapter.payPending(actors.bob);
      expect(await token.balanceOf(actors.bob)).to.equal(ONE / 2n);
      await setCap(SUPPLY_CAP);
      for (const receiver of [actors.alice, actors.bob]) await adapter.payPending(receiver);
      expect(await sums()).to.deep.equal([12n * ONE + ONE / 2n, 0n, 0n, 0n]);
      expect(await token.totalSupply()).to.equal(12n * ONE + ONE / 2n);
    });

    it("A76, A77: another bridge has taken the room of the cap: deposits wait, and none is lost", async () => {
      const { adapter, token, actors, other } = world;
      await (
        await scheduledLimits(world, "upgrader", other.address, SUPPLY_CAP, SUPPLY_CAP)
      )();
      await time.increase(DAY);
      await token.connect(other).mint(other, SUPPLY_CAP - ONE);
      await taken(world, deposit(world, 1n, actors.alice, 3n * ONE));
      expect(await sums()).to.deep.equal([ONE, 2n * ONE, 2n * ONE, 0n]);
      await token.connect(other).burn(other, 5n * ONE);
      await adapter.payPending(actors.alice);
      expect(await token.balanceOf(actors.alice)).to.equal(3n * ONE);
    });

    it("A60, A77: the guardian has stopped it: deposits wait; the manager's day later they are paid", async () => {
      const { adapter, token, actors } = world;
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      await taken(world, deposit(world, 1n, actors.alice, 3n * ONE));
      expect(await sums()).to.deep.equal([0n, 3n * ONE, 3n * ONE, 0n]);
      const raise = await scheduledLimits(world, "manager", await adapter.getAddress(), MINTING, 500n * ONE);
      const raised = (await now()) + 10n;
      await at(raised, raise);
      await at(raised + 1n, () => adapter.payPending(actors.alice));
      expect(await token.balanceOf(actors.alice)).to.equal(refilled(1n));
      await time.increase(DAY);
      await adapter.payPending(actors.alice);
      expect(await sums()).to.deep.equal([3n * ONE, 0n, 0n, 0n]);
    });

    it("A60: it is off the token's list: deposits wait, and are paid when it is back on it", async () => {
      const { adapter, token, actors } = world;
      const own = await adapter.getAddress();
      await taken(world, deposit(world, 1n, actors.alice, ONE));
      await (
        await scheduledLimits(world, "upgrader", own, 0n, 0n)
      )();
      await deliverAll(world, deposit(world, 2n, actors.alice, 3n * ONE), rateAlone(3n, rateOf(await now(), 1n)));
      expect(await sums()).to.deep.equal([ONE, 3n * ONE, 3n * ONE, 0n]);
      expect(await world.feed.lastNonce()).to.equal(3n);
      await expect(adapter.payPending(actors.alice))
        .to.be.revertedWithCustomError(adapter, "NothingToPay")
        .withArgs(actors.alice.address);
      await expect(adapter.connect(actors.alice).withdraw(1n, actors.alice))
        .to.be.revertedWithCustomError(token, "IXERC20_NotHighEnoughLimits")
        .withArgs();
      await (
        await scheduledLimits(world, "upgrader", own, MINTING, MINTING)
      )();
      await time.increase(DAY);
      await adapter.payPending(actors.alice);
      expect(await token.balanceOf(actors.alice)).to.equal(4n * ONE);
      await adapter.connect(actors.alice).withdraw(4n * ONE, actors.alice);
    });
  });
});
