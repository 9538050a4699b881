import { setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, ZeroAddress, zeroPadValue } from "ethers";
import { ethers } from "hardhat";

import { BURNING, MINTING, booksOf, childBridgeFixture, deliverMessage, deposit } from "../../support/childBridge";
import { MESSAGE_SENT, kept, rateAlone, taken, withdrawal } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { DAY, MAX, ONE } from "../../support/fixture";
import { SHARES, rateOf } from "../../support/rates";
import { asUpgrader, implementationOf, upgradeCall } from "../../support/upgrades";
import { CallBundle__factory, ChildBridgeAdapter__Next__factory } from "../../typechain-types";
import type { CallBundle, ChildBridgeAdapter__Next } from "../../typechain-types";

describe("ChildBridgeAdapter: messages that fail, and what becomes of them", () => {
  let world: ChildBridge;

  beforeEach(async () => {
    world = await childBridgeFixture();
  });

  /** Delivers messages while there is no adapter behind FxChild, and puts it back. */
  async function missed(...messages: readonly string[]): Promise<bigint[]> {
    const { adapter, stateReceiver } = world;
    const own = await adapter.getAddress();
    const code = await ethers.provider.getCode(own);
    await setCode(own, "0x");
    const ids: bigint[] = [];
    for (const message of messages) {
      const { stateId, hash } = await deliverMessage(world, message);
      await expect(hash).to.emit(stateReceiver, "StateCommitted").withArgs(stateId, false);
      ids.push(stateId);
    }
    await setCode(own, code);
    return ids;
  }

  const replay = (stateId: bigint, gasLimit = 1_000_000n) =>
    world.stateReceiver.connect(world.actors.stranger).replayFailedStateSync(stateId, { gasLimit });
  const gone = (stateId: bigint) => expect(replay(stateId)).to.be.revertedWith("!found");

  describe("there is no adapter behind FxChild", () => {
    it("A69: the message is kept, and anyone delivers it once the adapter is there: once", async () => {
      const { adapter, token, stateReceiver, actors } = world;
      const [id = 0n] = await missed(deposit(world, 1n, actors.alice, 3n * ONE));
      expect(await booksOf(world)).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
      const sent = await replay(id);
      await expect(sent).to.emit(stateReceiver, "StateSyncReplay").withArgs(id);
      await expect(sent)
        .to.emit(adapter, "DepositReceived")
        .withArgs(1n, actors.alice.address, 3n * ONE);
      expect(await token.balanceOf(actors.alice)).to.equal(3n * ONE);
      expect(await token.balanceOf(actors.stranger)).to.equal(0n);
      await gone(id);
      expect(await token.totalSupply()).to.equal(3n * ONE);
    });

    it("A67: replayed in any order, among messages that come as usual: each deposit once, the newest rate stays", async () => {
      const { adapter, token, feed, actors, start } = world;
      const { alice, bob } = actors;
      const [first = 0n, second = 0n, third = 0n] = await missed(
        deposit(world, 1n, alice, ONE, { rate: rateOf(start - 900n) }),
        rateAlone(2n, rateOf(start - 600n, 10n)),
        deposit(world, 3n, bob, 4n * ONE, { rate: rateOf(start - 300n, 20n) }),
      );
      await taken(world, deposit(world, 4n, alice, 16n * ONE, { rate: rateOf(start, 30n) }));
      for (const id of [third, first, second]) {
        await expect(replay(id)).to.emit(feed, "RateRefused");
        await gone(id);
      }
      expect([await token.balanceOf(alice), await token.balanceOf(bob)]).to.deep.equal([17n * ONE, 4n * ONE]);
      expect(await adapter.minted()).to.equal(21n * ONE);
      expect(await feed.totals()).to.deep.equal([rateOf(start, 30n).totalAssets, SHARES]);
      expect(await feed.lastNonce()).to.equal(4n);
    });

    it("A67: a rate that comes late is still taken if it is the newest there is", async () => {
      const { feed, start } = world;
      const [late = 0n] = await missed(rateAlone(2n, rateOf(start, 10n)));
      await taken(world, rateAlone(1n, rateOf(start - 600n)));
      await replay(late);
      expect(await feed.lastNonce()).to.equal(2n);
    });

    it("A67: a year later it is the same", async () => {
      const { token, actors } = world;
      const [id = 0n] = await missed(deposit(world, 1n, actors.alice, MINTING));
      await time.increase(365n * DAY);
      await replay(id);
      expect(await token.balanceOf(actors.alice)).to.equal(MINTING);
    });

    it("A76: a replay above the limit waits like any deposit, and replaying adds nothing", async () => {
      const { adapter, token, actors } = world;
      const [id = 0n] = await missed(deposit(world, 1n, actors.alice, MINTING + 5n));
      await replay(id);
      expect([await token.balanceOf(actors.alice), await adapter.pendingOf(actors.alice)]).to.deep.equal([MINTING, 5n]);
      await gone(id);
      expect(await adapter.totalPending()).to.equal(5n);
    });

    it("A68: with whatever gas: all of it happens, or nothing", async () => {
      const { token, adapter, feed, actors } = world;
      const [id = 0n] = await missed(deposit(world, 1n, actors.alice, MINTING + 5n));
      const none = await booksOf(world);
      let failures = 0;
      let gas = 30_000n;
      for (; ; gas += 9_000n) {
        const done = await replay(id, gas)
          .then((sent) => sent.wait())
          .then(
            () => true,
            () => false,
          );
        if (done) break;
        failures += 1;
        expect(await booksOf(world), `with ${gas} gas`).to.deep.equal(none);
        expect(await adapter.isConsumed(1n)).to.equal(false);
      }
      expect(failures).to.be.greaterThan(15);
      expect(gas).to.be.lessThan(1_000_000n);
      expect([await token.totalSupply(), await adapter.totalPending()]).to.deep.equal([MINTING, 5n]);
      expect(await feed.lastNonce()).to.equal(1n);
    });
  });

  describe("there is no FxChild", () => {
    it("A69: Polygon forgets the message: nothing is kept, and nothing can be replayed; later ones come through", async () => {
      const { adapter, fxChild, stateReceiver, token, actors } = world;
      const at = await fxChild.getAddress();
      const code = await ethers.provider.getCode(at);
      await setCode(at, "0x");
      const { stateId, receipt } = await deliverMessage(world, deposit(world, 1n, actors.alice, ONE));
      expect(receipt.status).to.equal(1);
      expect(receipt.logs).to.deep.equal([]);
      expect(await stateReceiver.failedStateSyncs(stateId)).to.equal("0x");
      expect(await stateReceiver.lastStateId()).to.equal(stateId);
      await setCode(at, code);
      await gone(stateId);
      await taken(world, deposit(world, 2n, actors.bob, ONE));
      expect(await adapter.isConsumed(1n)).to.equal(false);
      expect(await token.balanceOf(actors.alice)).to.equal(0n);
    });
  });

  describe("from inside another contract's call", () => {
    let bundle: CallBundle;
    let stranger: CallBundle;

    beforeEach(async () => {
      bundle = await new CallBundle__factory(world.actors.alice).deploy();
      stranger = bundle.connect(world.actors.stranger);
    });

    const call = async (target: ChildBridge["adapter" | "token" | "stateReceiver"], data: string) => ({
      target: await target.getAddress(),
      data,
    });
    const replaying = (id: bigint) => {
      const { stateReceiver } = world;
      return call(stateReceiver, stateReceiver.interface.encodeFunctionData("replayFailedStateSync", [id]));
    };
    const withdrawing = (shares: bigint) => {
      const { adapter, actors } = world;
      return call(adapter, adapter.interface.encodeFunctionData("withdraw", [shares, actors.bob.address]));
    };
    const approving = async () => {
      const { token, adapter } = world;
      const data = token.interface.encodeFunctionData("approve", [await adapter.getAddress(), MAX]);
      return call(token, data);
    };
    const paying = async (receiver: string) => {
      const { adapter } = world;
      return call(adapter, adapter.interface.encodeFunctionData("payPending", [receiver]));
    };

    it("A67: a message is replayed once: the same twice in one call undoes both", async () => {
      const { token, actors } = world;
      const [id = 0n] = await missed(deposit(world, 1n, actors.alice, ONE));
      await expect(stranger.all([await replaying(id), await replaying(id)])).to.be.revertedWith("!found");
      expect(await token.totalSupply()).to.equal(0n);
      await stranger.all([await replaying(id)]);
      expect(await token.balanceOf(actors.alice)).to.equal(ONE);
    });

    it("A67: replays, a withdrawal between them and a payment of what waits, all in one call, are as one by one", async () => {
      const { adapter, token, feed, start } = world;
      const self = { address: await bundle.getAddress() };
      const ids = await missed(
        deposit(world, 1n, self, MINTING, { rate: rateOf(start - 60n) }),
        deposit(world, 2n, self, 5n * ONE, { rate: rateOf(start, 7n) }),
      );
      const [first = 0n, second = 0n] = ids;
      const sent = await stranger.all([
        await approving(),
        await replaying(second),
        await withdrawing(4n * ONE),
        await replaying(first),
        await withdrawing(ONE),
      ]);
      const receipt = await sent.wait();
      const own = await adapter.getAddress();
      const topic = MESSAGE_SENT;
      const messages = receipt?.logs.filter(({ address, topics }) => address === own && topics[0] === topic) ?? [];
      const { bob } = world.actors;
      expect(messages.map(({ data }) => data)).to.deep.equal(
        [withdrawal(1n, bob.address, 4n * ONE), withdrawal(2n, bob.address, ONE)].map((message) =>
          AbiCoder.defaultAbiCoder().encode(["bytes"], [message]),
        ),
      );
      // The limit had 5 less than the deposits: they wait.
      expect(await adapter.pendingOf(self.address)).to.equal(5n * ONE);
      expect(await token.balanceOf(self.address)).to.equal(MINTING - 5n * ONE);
      expect(await adapter.minted()).to.equal(MINTING - 5n * ONE);
      expect(await feed.totals()).to.deep.equal([rateOf(start, 7n).totalAssets, SHARES]);
      await time.increase(DAY);
      await stranger.all([await paying(self.address), await withdrawing(BURNING)]);
      expect(await token.balanceOf(self.address)).to.equal(MINTING - BURNING);
    });

    it("A67: the rate before and after a replay may differ within one call", async () => {
      const { feed, start } = world;
      await taken(world, rateAlone(1n, rateOf(start - 600n)));
      const [id = 0n] = await missed(rateAlone(2n, rateOf(start, 0n, { totalAssets: SHARES / 2n, lossCount: 1n })));
      const before = await feed.getRate();
      await stranger.all([await replaying(id)]);
      expect(await feed.getRate()).to.equal(before / 2n);
    });
  });

  describe("a message of a later version", () => {
    /** A version 2 of the messages: nine words as in version 1, and a memo. */
    const second = (nonce: bigint, shares: bigint): string => {
      const message = deposit(world, nonce, world.actors.alice, shares, { version: 2n });
      return message + zeroPadValue("0x6d656d6f", 32).slice(2);
    };
    const third = (nonce: bigint, shares: bigint): string =>
      deposit(world, nonce, world.actors.alice, shares, { kind: 3n });

    async function upgrade(): Promise<ChildBridgeAdapter__Next> {
      const { adapter, actors } = world;
      const before = await implementationOf(adapter);
      const next = await new ChildBridgeAdapter__Next__factory(actors.deployer).deploy(before);
      await asUpgrader(world, adapter, upgradeCall(await next.getAddress()));
      return ChildBridgeAdapter__Next__factory.connect(await adapter.getAddress(), actors.stranger);
    }

    it("A71: fails, is kept, and is taken after an upgrade that knows it: once", async () => {
      const { adapter, token, actors } = world;
      const version = await kept(world, second(1n, 3n * ONE), "UnknownMessage", [second(1n, 3n * ONE)]);
      const kind = await kept(world, third(2n, 4n * ONE), "UnknownMessage", [third(2n, 4n * ONE)]);
      // What comes meanwhile is not held up.
      await taken(world, deposit(world, 3n, actors.bob, ONE));
      const next = await upgrade();
      await expect(replay(version.stateId)).to.emit(next, "MemoReceived").withArgs(zeroPadValue("0x6d656d6f", 32));
      await replay(kind.stateId);
      expect(await token.balanceOf(actors.alice)).to.equal(7n * ONE);
      for (const nonce of [1n, 2n, 3n]) expect(await adapter.isConsumed(nonce)).to.equal(true);
      await gone(version.stateId);
      await gone(kind.stateId);
    });

    it("A71: takes messages of version 1 as before, whenever they were sent", async () => {
      const { token, actors } = world;
      const [early = 0n] = await missed(deposit(world, 1n, actors.alice, ONE));
      await taken(world, deposit(world, 2n, actors.alice, 2n * ONE));
      await upgrade();
      await replay(early);
      await taken(world, deposit(world, 3n, actors.alice, 4n * ONE));
      await taken(world, second(4n, 8n * ONE));
      expect(await token.balanceOf(actors.alice)).to.equal(15n * ONE);
    });

    it("A71: is one message with one of version 1 of the same number", async () => {
      const { actors } = world;
      await taken(world, deposit(world, 1n, actors.alice, ONE));
      const { stateId } = await kept(world, second(1n, ONE), "UnknownMessage", [second(1n, ONE)]);
      await upgrade();
      await expect(replay(stateId)).to.be.revertedWithCustomError(world.adapter, "MessageConsumed").withArgs(1n);
      expect(await world.token.balanceOf(actors.alice)).to.equal(ONE);
    });

    it("A71: what no version knows stays where it is for ever", async () => {
      const unknown = deposit(world, 1n, world.actors.alice, ONE, { version: 9n, receiver: ZeroAddress });
      const { stateId } = await kept(world, unknown, "UnknownMessage", [unknown]);
      await upgrade();
      await expect(replay(stateId)).to.be.revertedWithCustomError(world.adapter, "UnknownMessage").withArgs(unknown);
    });
  });
});
