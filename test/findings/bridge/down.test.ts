import { setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, ZeroAddress } from "ethers";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { asContract } from "../../support/asContract";
import { HELD, bridgedFixture, deliver } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { DAY, ONE } from "../../support/fixture";
import { changingFunctionsOf, functionsOf } from "../../support/functions";
import { grow, shrink } from "../../support/growth";
import { now } from "../../support/polygon";
import { asUpgrader, implementationOf, upgradeCall } from "../../support/upgrades";
import { BridgeAdapter__factory, ChildBridgeAdapter__factory } from "../../../typechain-types";
import { ChildBridgeAdapter__Next__factory } from "../../typechain-types";

describe("findings: messages from Ethereum to Polygon", () => {
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
  });

  /** Locks shares of alice for a receiver on Polygon. */
  const lock = (shares: bigint, receiver = context.actors.bob.address) =>
    context.bridge.connect(context.actors.alice).bridge(shares, receiver);

  /** Delivers the next message while there is no adapter on Polygon; returns its number at StateReceiver. */
  async function miss(): Promise<bigint> {
    const { child, fx } = context;
    const own = await child.adapter.getAddress();
    const code = await ethers.provider.getCode(own);
    await setCode(own, "0x");
    const { hash } = await deliver(context);
    await setCode(own, code);
    const stateId = await fx.stateReceiver.lastStateId();
    await expect(hash).to.emit(fx.stateReceiver, "StateCommitted").withArgs(stateId, false);
    return stateId;
  }

  const replay = (stateId: bigint) => {
    const { fx, actors } = context;
    return fx.stateReceiver.connect(actors.stranger).replayFailedStateSync(stateId);
  };

  /** Block in which a message was sent. */
  const blockOf = async (sent: Promise<ContractTransactionResponse>): Promise<number> => {
    const receipt = await (await sent).wait();
    if (receipt === null) throw new Error("the message was not mined");
    return receipt.blockNumber;
  };

  /** What the feed says is what the pool said in a block on Ethereum, to the wei. */
  async function agrees(blockTag: number): Promise<void> {
    const { pool, child } = context;
    const { feed, token } = child;
    const at = { blockTag };
    expect(await feed.totals()).to.deep.equal([await pool.totalAssets(at), await pool.totalShares(at)]);
    for (const amount of [1n, ONE - 1n, ONE, 123_456_789n * ONE + 7n, 2n ** 100n]) {
      expect(await feed.convertToAssets(amount)).to.equal(await pool.convertToAssets(amount, at));
      expect(await feed.convertToShares(amount)).to.equal(await pool.convertToShares(amount, at));
    }
    expect(await token.ratio()).to.equal(await context.token.ratio(at));
    expect(await token.sharesToBonds(ONE)).to.equal(await context.token.sharesToBonds(ONE, at));
    expect(await token.bondsToShares(ONE)).to.equal(await context.token.bondsToShares(ONE, at));
    const [, , time_] = await feed.latest();
    expect(time_).to.equal((await ethers.provider.getBlock(blockTag))?.timestamp);
    expect(await feed.lossCount()).to.equal((await pool.parameters(at)).lossCount);
  }

  describe("A67: a message that failed is replayed later, by anyone", () => {
    it("A67: #1 fails, #2 arrives, #1 is replayed: both deposits once, the rate stays #2's", async () => {
      const { bridge, child } = context;
      await lock(3n * ONE);
      await time.increase(DAY);
      const second = await blockOf(lock(4n * ONE));
      const first = await miss();
      await deliver(context);
      await expect(replay(first)).to.emit(child.feed, "RateRefused");
      await expect(replay(first)).to.be.revertedWith("!found");
      expect(await child.token.balanceOf(context.actors.bob)).to.equal(7n * ONE);
      expect(await child.token.totalSupply()).to.equal(await bridge.locked());
      await agrees(second);
    });

    it("A67: a rate from before a loss does not come back after it", async () => {
      const { bridge, child } = context;
      await bridge.syncRate();
      const early = await miss();
      await shrink(context, 1_000n);
      const sent = await blockOf(bridge.syncRate());
      await deliver(context);
      await expect(replay(early)).to.emit(child.feed, "RateRefused");
      await agrees(sent);
    });
  });

  describe("A68: the gas of a delivery is given, and its failure is not seen", () => {
    it("A68: the first deposit of all, half above the limit, uses a fraction of it", async () => {
      const { child, fx } = context;
      await lock(15_000n * ONE);
      const { hash } = await deliver(context);
      await expect(hash).to.emit(fx.stateReceiver, "StateCommitted").withArgs(1n, true);
      expect([await child.adapter.minted(), await child.adapter.totalPending()]).to.deep.equal([
        10_000n * ONE,
        5_000n * ONE,
      ]);
    });

    it("A68: no message calls its receiver: one that refuses everything holds up nothing", async () => {
      const { child, fx } = context;
      // Code that reverts whatever it is asked.
      const hostile = ethers.getAddress(`0x${"bad0".repeat(10)}`);
      await setCode(hostile, "0x5f5ffd");
      await lock(ONE, hostile);
      const { hash } = await deliver(context);
      await expect(hash).to.emit(fx.stateReceiver, "StateCommitted").withArgs(1n, true);
      expect(await child.token.balanceOf(hostile)).to.equal(ONE);
    });
  });

  describe("A69: something on Polygon is not there yet", () => {
    it("A69: the adapter is missing: the message waits at StateReceiver, and is taken once it is there", async () => {
      const { child } = context;
      await lock(ONE);
      const stateId = await miss();
      expect(await child.token.totalSupply()).to.equal(0n);
      await replay(stateId);
      expect(await child.token.balanceOf(context.actors.bob)).to.equal(ONE);
    });

    it("A69: FxChild is missing: Polygon forgets the message, and the lock on Ethereum stays", async () => {
      const { bridge, child, fx } = context;
      const at = await fx.fxChild.getAddress();
      const code = await ethers.provider.getCode(at);
      await lock(ONE);
      await setCode(at, "0x");
      const { logs } = await deliver(context);
      await setCode(at, code);
      expect(logs).to.deep.equal([]);
      await expect(replay(1n)).to.be.revertedWith("!found");
      await lock(2n * ONE);
      await deliver(context);
      expect([await bridge.locked(), await child.token.totalSupply()]).to.deep.equal([3n * ONE, 2n * ONE]);
    });

    it("A69: neither end can be built without its peer, and neither has a setter for it", async () => {
      const { bridge, child, fx, pool, token, actors } = context;
      const { adapter, feed } = child;
      const below = new ChildBridgeAdapter__factory(actors.deployer);
      const wiring = { fxChild: fx.fxChild, token: child.token, feed, peer: ZeroAddress };
      await expect(below.deploy(wiring)).to.be.revertedWithCustomError(below, "ZeroAddress").withArgs();
      const above = new BridgeAdapter__factory(actors.deployer);
      const { fxRoot, rootChain } = fx;
      await expect(above.deploy({ fxRoot, rootChain, pool, token, peer: ZeroAddress }, ONE))
        .to.be.revertedWithCustomError(above, "ZeroAddress")
        .withArgs();
      for (const end of [bridge, adapter]) {
        const names = changingFunctionsOf(end).map(({ name }) => name);
        expect(names.filter((name) => /peer|tunnel|child|root/i.test(name) && name.startsWith("set"))).to.deep.equal(
          [],
        );
      }
    });
  });

  it("A70: no native coin crosses: neither end takes any, and there is nothing to strand", async () => {
    const { bridge, child, actors } = context;
    for (const end of [bridge, child.adapter]) {
      const payable = functionsOf(end).filter((method) => method.payable);
      expect(payable.map(({ name }) => name)).to.deep.equal(["upgradeToAndCall"]);
      await expect(actors.alice.sendTransaction({ to: end, value: 1n })).to.be.revertedWithoutReason();
    }
  });

  describe("A71: messages of another version", () => {
    it("A71: one that Polygon does not know yet fails, is kept, and is taken after the upgrade", async () => {
      const { bridge, child, fx, actors } = context;
      const { adapter } = child;
      await lock(5n * ONE);
      // What a later bridge on Ethereum would send, from the same address.
      const own = await bridge.getAddress();
      const rate = [1_000n * ONE, 1_000n * ONE, 0n, await now()];
      const message = AbiCoder.defaultAbiCoder().encode(
        ["uint256", "uint256", "uint256", "address", "uint256", "uint256[4]", "bytes32"],
        [2n, 1n, 2n, actors.carol.address, 7n * ONE, rate, ethers.ZeroHash],
      );
      await fx.fxRoot.connect(await asContract(own)).sendMessageToChild(adapter, message);
      await deliver(context);
      const { hash } = await deliver(context);
      await expect(hash).to.emit(fx.stateReceiver, "StateCommitted").withArgs(2n, false);
      await expect(replay(2n)).to.be.revertedWithCustomError(adapter, "UnknownMessage").withArgs(message);

      const next = await new ChildBridgeAdapter__Next__factory(actors.deployer).deploy(await implementationOf(adapter));
      const onPolygon = { manager: child.manager, actors, params: context.polygonParams };
      await asUpgrader(onPolygon, adapter, upgradeCall(await next.getAddress()));
      await replay(2n);
      expect(await child.token.balanceOf(actors.carol)).to.equal(7n * ONE);
      expect(await child.token.balanceOf(actors.bob)).to.equal(5n * ONE);
      await expect(replay(2n)).to.be.revertedWith("!found");
    });
  });

  describe("A72: what happened on Ethereum is known on Polygon", () => {
    beforeEach(async () => {
      await grow(context, 10n * ONE);
      await time.increase(DAY);
    });

    it("A72: each message brings the rate of its block, to the wei: a deposit, and a rate alone that anyone sends", async () => {
      const { bridge, actors } = context;
      const first = await blockOf(lock(ONE));
      await deliver(context);
      await agrees(first);
      await time.increase(DAY);
      const second = await blockOf(bridge.connect(actors.stranger).syncRate());
      await deliver(context);
      await agrees(second);
    });

    for (const [how, send] of [
      ["a deposit", () => lock(ONE)],
      ["a rate alone, which anyone sends", () => context.bridge.connect(context.actors.stranger).syncRate()],
    ] as const) {
      it(`A72: a loss reaches Polygon by ${how}, with its time; the next rate confirms it`, async () => {
        const { bridge, pool, child } = context;
        const { feed, token } = child;
        await bridge.syncRate();
        await deliver(context);
        const before = await feed.getRate();
        expect(before).to.be.greaterThan(ONE);
        await shrink(context, 500n);
        const lossBlock = await blockOf(send());
        await deliver(context);
        await agrees(lossBlock);
        expect(await token.getRate()).to.be.lessThan(before);
        const lossTime = BigInt((await ethers.provider.getBlock(lossBlock))?.timestamp ?? 0);
        expect((await feed.latest()).slice(2)).to.deep.equal([lossTime, lossTime]);
        expect(await feed.lossCount()).to.equal((await pool.parameters()).lossCount);

        await time.increase(3_600n);
        const next = await blockOf(bridge.syncRate());
        await deliver(context);
        await agrees(next);
        const [, , when, last] = await feed.latest();
        expect(last).to.equal(lossTime);
        expect(when).to.be.greaterThan(lossTime);
      });
    }

    it("A72: the message with the loss is lost: the next one brings it, and its deposit is minted", async () => {
      const { bridge, child, fx } = context;
      await bridge.syncRate();
      await deliver(context);
      await shrink(context, 500n);
      await bridge.syncRate();
      const at = await fx.fxChild.getAddress();
      const code = await ethers.provider.getCode(at);
      await setCode(at, "0x");
      await deliver(context);
      await setCode(at, code);
      const sent = await blockOf(lock(ONE));
      await deliver(context);
      await agrees(sent);
      expect(await child.token.balanceOf(context.actors.bob)).to.equal(ONE);
    });
  });

  it("A73: before the first message Polygon knows no rate; the first deposit brings it with the first share", async () => {
    const { child } = context;
    const reads = [
      () => child.token.getRate(),
      () => child.token.ratio(),
      () => child.token.sharesToBonds(ONE),
      () => child.token.bondsToShares(ONE),
      () => child.token.balanceWithRewardsOf(context.actors.bob),
      () => child.feed.latest(),
    ];
    for (const read of reads) await expect(read()).to.be.revertedWithCustomError(child.feed, "NoRate").withArgs();
    const sent = await blockOf(lock(ONE));
    await deliver(context);
    await agrees(sent);
    expect(await child.token.balanceWithRewardsOf(context.actors.bob)).to.equal(
      await context.pool.convertToAssets(ONE),
    );
    expect(await context.token.balanceOf(context.actors.alice)).to.equal(HELD - ONE);
  });
});
