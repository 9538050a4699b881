import { expect } from "chai";
import { concat, dataSlice, decodeRlp, encodeRlp, id, toBeHex } from "ethers";
import { ethers } from "hardhat";

import { BridgeRootChain__factory, ChildBridgeAdapter__factory } from "../../../typechain-types";
import { asContract } from "../../support/asContract";
import {
  HELD,
  LIMITS,
  bridgedFixture,
  deliver,
  proofOf,
  provenWithdrawal,
  submitCheckpoint,
} from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { expectBacked, forge, messageUp, proofAt, provenForgery, resubmitInTwo, setOn } from "../../support/bridgeEnds";
import { Field, altered, bytesOf } from "../../support/exitWorld";
import { DAY, MAX, ONE } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { grow } from "../../support/growth";
import { bookLoss, slash } from "../../support/losses";
import { asUpgrader, upgradeCall } from "../../support/upgrades";
import { zeroCall } from "../../support/zeroCall";
import { BridgeAdapter__Upgrade__factory, MessageEmitter__factory } from "../../typechain-types";

const MESSAGE_SENT = id("MessageSent(bytes)");

describe("findings: the bridge from Polygon to Ethereum", () => {
  const LOCKED = 9_000n * ONE;
  let context: BridgedContext;

  /** Shares of alice are bob's on Polygon. */
  beforeEach(async () => {
    context = await bridgedFixture();
    const { bridge, actors } = context;
    await bridge.connect(actors.alice).bridge(LOCKED, actors.bob);
    await deliver(context);
  });

  afterEach(() => expectBacked(context));

  const withdraw = (shares: bigint, receiver = context.actors.carol.address) => {
    const { child, actors } = context;
    return child.adapter.connect(actors.bob).withdraw(shares, receiver);
  };

  /** Whether the bridge would take the payload now, from anyone. */
  async function accepts(payload: string): Promise<boolean> {
    return context.bridge
      .connect(context.actors.stranger)
      .receiveMessage.staticCall(payload)
      .then(
        () => true,
        () => false,
      );
  }

  describe("A57: one burn, proven many times", () => {
    it("A57: a withdrawal is paid along one of 256 paths to it, once", async () => {
      const { bridge, token, actors } = context;
      const proof = await provenWithdrawal(context, withdraw(5n * ONE));
      const accepted: number[] = [];
      for (let first = 0; first < 256; ++first) {
        if (await accepts(altered(proof, { path: concat([toBeHex(first, 1), "0x80"]) }))) accepted.push(first);
      }
      expect(accepted).to.deep.equal([0]);
      await bridge.receiveMessage(proof);
      for (let first = 0; first < 256; ++first) {
        const path = concat([toBeHex(first, 1), "0x80"]);
        const call = bridge.receiveMessage(altered(proof, { path }));
        if (first === 0) await expect(call).to.be.revertedWithCustomError(bridge, "ExitConsumed");
        else await expect(call, path).to.be.revertedWithCustomError(bridge, "MalformedPath").withArgs(path);
      }
      expect(await token.balanceOf(actors.carol)).to.equal(HELD + 5n * ONE);
      expect(await bridge.locked()).to.equal(LOCKED - 5n * ONE);
    });

    it("A57: other forms of the same numbers, and nodes behind the receipt, are the same exit", async () => {
      const { bridge } = context;
      const proof = await provenWithdrawal(context, withdraw(5n * ONE));
      await bridge.receiveMessage(proof);
      const fields = decodeRlp(proof) as string[];
      const field = (place: number): string => fields[place] ?? "";
      const nodes = decodeRlp(field(7)) as string[];
      for (const form of [
        altered(proof, { header: toBeHex(field(Field.header), 32) }),
        altered(proof, { number: toBeHex(field(Field.number), 32) }),
        altered(proof, { position: toBeHex(field(Field.position), 32) }),
        encodeRlp(fields.map((one, place) => (place === 3 ? toBeHex(one, 32) : one))),
        encodeRlp(fields.map((one, place) => (place === 7 ? encodeRlp([...nodes, ...nodes]) : one))),
      ]) {
        await expect(bridge.receiveMessage(form)).to.be.revertedWithCustomError(bridge, "ExitConsumed");
      }
    });

    it("A57: a checkpoint that is deleted and submitted again under another id proves it no second time", async () => {
      const { bridge } = context;
      const sent = await withdraw(5n * ONE);
      const block = BigInt((await sent.wait())?.blockNumber ?? 0);
      await submitCheckpoint(context);
      const before = await proofOf(context, sent.hash);
      await bridge.receiveMessage(before);
      await resubmitInTwo(context, block - 1n);
      const again = await proofOf(context, sent.hash);
      expect((decodeRlp(again) as string[])[Field.header]).not.to.equal((decodeRlp(before) as string[])[Field.header]);
      await expect(bridge.receiveMessage(again)).to.be.revertedWithCustomError(bridge, "ExitConsumed");
      // The old payload names a checkpoint that is another now.
      await expect(bridge.receiveMessage(before))
        .to.be.revertedWithCustomError(bridge, "BlockOutsideHeader")
        .withArgs(block, 0n, block - 1n);
    });

    it("A57: the same number in two blocks, as a reorganisation would leave it, is paid once", async () => {
      const { bridge, token, actors } = context;
      const message = messageUp({ nonce: 1n, receiver: actors.carol.address, shares: 5n * ONE });
      const [first, second] = [await forge(context, [message]), await forge(context, [message])];
      await submitCheckpoint(context);
      const proofs = [await proofAt(context, second), await proofAt(context, first)] as const;
      await expect(bridge.receiveMessage(proofs[0])).to.changeTokenBalance(token, actors.carol, 5n * ONE);
      await expect(bridge.receiveMessage(proofs[1]))
        .to.be.revertedWithCustomError(bridge, "MessageConsumed")
        .withArgs(1n);
    });

    it("A57: the same message twice in one transaction is paid once", async () => {
      const { bridge, actors } = context;
      const message = messageUp({ nonce: 1n, receiver: actors.carol.address, shares: 5n * ONE });
      const hash = await forge(context, [message, message]);
      await submitCheckpoint(context);
      await bridge.receiveMessage(await proofAt(context, hash, 1));
      await expect(bridge.receiveMessage(await proofAt(context, hash, 0)))
        .to.be.revertedWithCustomError(bridge, "MessageConsumed")
        .withArgs(1n);
      expect(await bridge.locked()).to.equal(LOCKED - 5n * ONE);
    });
  });

  describe("A58: whose word is believed", () => {
    it("A58: not that of another contract, which sends the very same message", async () => {
      const { bridge, actors } = context;
      const emitter = await new MessageEmitter__factory(actors.stranger).deploy();
      const message = messageUp({ nonce: 1n, receiver: actors.stranger.address, shares: LOCKED });
      const { hash } = await emitter.emitAll([message]);
      await submitCheckpoint(context);
      await expect(bridge.receiveMessage(await proofAt(context, hash)))
        .to.be.revertedWithCustomError(bridge, "ForeignEmitter")
        .withArgs(await emitter.getAddress());
    });

    it("A58: not that of another contract in the very transaction of a true withdrawal", async () => {
      const { bridge, token, child, actors } = context;
      const emitter = await new MessageEmitter__factory(actors.stranger).deploy();
      const address = await child.adapter.getAddress();
      // What surrounds the message of the peer is the emitter's; the peer's code is forged for the call alone.
      const code = await ethers.provider.getCode(address);
      await ethers.provider.send("hardhat_setCode", [address, await ethers.provider.getCode(emitter)]);
      const good = messageUp({ nonce: 1n, receiver: actors.carol.address, shares: ONE });
      const { hash } = await emitter.emitAround(address, [good]);
      await ethers.provider.send("hardhat_setCode", [address, code]);
      await submitCheckpoint(context);
      for (const position of [0, 2]) {
        await expect(bridge.receiveMessage(await proofAt(context, hash, position)))
          .to.be.revertedWithCustomError(bridge, "ForeignEmitter")
          .withArgs(await emitter.getAddress());
      }
      await expect(bridge.receiveMessage(await proofAt(context, hash, 1))).to.changeTokenBalance(
        token,
        actors.carol,
        ONE,
      );
    });

    it("A58: not that of a second end on Polygon, built as the first", async () => {
      const { bridge, child, fx, actors } = context;
      const second = await new ChildBridgeAdapter__factory(actors.stranger).deploy({
        fxChild: fx.fxChild,
        token: child.token,
        feed: child.feed,
        peer: bridge,
      });
      const at = await second.getAddress();
      const message = messageUp({ nonce: 1n, receiver: actors.stranger.address, shares: LOCKED });
      const emitter = await new MessageEmitter__factory(actors.stranger).deploy();
      await ethers.provider.send("hardhat_setCode", [at, await ethers.provider.getCode(emitter)]);
      const { hash } = await MessageEmitter__factory.connect(at, actors.stranger).emitAll([message]);
      await submitCheckpoint(context);
      await expect(bridge.receiveMessage(await proofAt(context, hash)))
        .to.be.revertedWithCustomError(bridge, "ForeignEmitter")
        .withArgs(at);
    });

    it("A58: no other event of the true one: not its account of the withdrawal, nor the burn", async () => {
      const { bridge } = context;
      const sent = await withdraw(5n * ONE);
      const receipt = await sent.wait();
      await submitCheckpoint(context);
      const proof = await proofOf(context, sent.hash);
      const others = (receipt?.logs ?? []).flatMap(({ topics: [topic = ""] }, position) =>
        topic === MESSAGE_SENT ? [] : [[position, topic] as const],
      );
      expect(others.length).to.be.greaterThan(1);
      for (const [position, topic] of others) {
        await expect(bridge.receiveMessage(altered(proof, { position: bytesOf(position) })))
          .to.be.revertedWithCustomError(bridge, "WrongTopic")
          .withArgs(topic);
      }
      const count = receipt?.logs.length ?? 0;
      await expect(bridge.receiveMessage(altered(proof, { position: bytesOf(count) })))
        .to.be.revertedWithCustomError(bridge, "LogIndexBeyondList")
        .withArgs(count, count);
    });

    it("A58: no block that is in no checkpoint yet, whichever checkpoint the payload names", async () => {
      const { bridge, fx } = context;
      await submitCheckpoint(context);
      const last = await fx.rootChain.currentHeaderBlock();
      const { start, end } = await fx.rootChain.headerBlocks(last);
      const sent = await withdraw(5n * ONE);
      const block = BigInt((await sent.wait())?.blockNumber ?? 0);
      // The proof that will be good, before its checkpoint is there.
      await submitCheckpoint(context);
      const proof = await proofOf(context, sent.hash);
      await fx.rootChain.setNextHeaderBlock(last + 10_000n);
      await expect(bridge.receiveMessage(proof))
        .to.be.revertedWithCustomError(bridge, "UnknownHeader")
        .withArgs(last + 10_000n);
      await expect(bridge.receiveMessage(altered(proof, { header: bytesOf(last) })))
        .to.be.revertedWithCustomError(bridge, "BlockOutsideHeader")
        .withArgs(block, start, end);
      for (const header of [0n, 5_000n, last + 1n]) {
        await expect(bridge.receiveMessage(altered(proof, { header: bytesOf(header) })))
          .to.be.revertedWithCustomError(bridge, "UnknownHeader")
          .withArgs(header);
      }
      await submitCheckpoint(context);
      await bridge.receiveMessage(await proofOf(context, sent.hash));
    });

    it("A58: no checkpoint of another RootChain, be it of the same blocks, or of another chain", async () => {
      const { bridge, fx, actors } = context;
      const proof = await provenWithdrawal(context, withdraw(5n * ONE));
      const block = BigInt((decodeRlp(proof) as string[])[Field.number] ?? 0n);
      const other = await new BridgeRootChain__factory(actors.stranger).deploy(actors.stranger);
      const [header] = await fx.rootChain.queryFilter(fx.rootChain.filters.NewHeaderBlock());
      const { start, end, root } = header?.args ?? { start: 0n, end: 0n, root: "" };
      await other.submitHeaderBlock(start, end, root);
      // The same blocks there, and here a checkpoint of another chain's.
      await fx.rootChain.setNextHeaderBlock(10_000n);
      await expect(bridge.receiveMessage(proof))
        .to.be.revertedWithCustomError(bridge, "UnknownHeader")
        .withArgs(10_000n);
      await fx.rootChain.submitHeaderBlock(start, end, id("another chain"));
      await expect(bridge.receiveMessage(proof))
        .to.be.revertedWithCustomError(bridge, "BlockNotInCheckpoint")
        .withArgs(10_000n, block);
      expect(await bridge.ROOT_CHAIN()).to.equal(await fx.rootChain.getAddress());
    });

    it("A58: a checkpoint of a root of zero proves nothing", async () => {
      const { bridge, fx } = context;
      const proof = await provenWithdrawal(context, withdraw(5n * ONE));
      const [header] = await fx.rootChain.queryFilter(fx.rootChain.filters.NewHeaderBlock());
      const { start, end } = header?.args ?? { start: 0n, end: 0n };
      await fx.rootChain.setNextHeaderBlock(10_000n);
      await fx.rootChain.submitHeaderBlock(start, end, ethers.ZeroHash);
      await expect(bridge.receiveMessage(proof))
        .to.be.revertedWithCustomError(bridge, "CheckpointRootZero")
        .withArgs(10_000n);
    });
  });

  describe("A59: a message is sent by a burn, and by nothing else", () => {
    it("A59: no function of the end on Polygon but the two of withdrawing sends one, whoever calls it", async () => {
      const { child, fx, actors, bridge } = context;
      const { adapter, token } = child;
      const to = await adapter.getAddress();
      const self = actors.bob.address;
      const data = messageUp({ nonce: 9n, receiver: self, shares: LOCKED });
      const none = `0x${"00".repeat(32)}`;
      const permit = { value: 1n, deadline: 0n, v: 0, r: none, s: none };
      const likely: Readonly<Record<string, string>> = {
        payPending: adapter.interface.encodeFunctionData("payPending", [self]),
        processMessageFromRoot: adapter.interface.encodeFunctionData("processMessageFromRoot", [
          1n,
          await bridge.getAddress(),
          data,
        ]),
        withdraw: adapter.interface.encodeFunctionData("withdraw", [3n, self]),
        withdrawWithPermit: adapter.interface.encodeFunctionData("withdrawWithPermit", [4n, self, permit]),
      };
      const fxChild = await asContract(fx.fxChild);
      const sending = new Set<string>();
      for (const method of changingFunctionsOf(adapter)) {
        for (const caller of [actors.bob, actors.stranger, actors.deployer, actors.guardian, fxChild]) {
          for (const call of [zeroCall(adapter.interface, method), likely[method.name]]) {
            if (call === undefined) continue;
            const supply = await token.totalSupply();
            const sent = await caller.sendTransaction({ to, data: call, gasLimit: 3_000_000n }).catch(() => undefined);
            const receipt = sent === undefined ? null : await ethers.provider.getTransactionReceipt(sent.hash);
            const messages = (receipt?.logs ?? []).filter(({ topics: [topic] }) => topic === MESSAGE_SENT);
            if (messages.length !== 0) sending.add(method.name);
            const said = messages.map(({ data: log }) => {
              const [message] = adapter.interface.decodeEventLog("MessageSent", log).toArray() as [string];
              return BigInt(dataSlice(message, 128));
            });
            const burned = supply - (await token.totalSupply());
            expect(burned, method.name).to.equal(said.reduce((sum, shares) => sum + shares, 0n));
          }
        }
      }
      expect([...sending].sort()).to.deep.equal(["withdraw", "withdrawWithPermit"]);
      expect(adapter.interface.getFunction("sendMessageToRoot" as "withdraw")).to.equal(null);
    });

    it("A59: a delivery from Ethereum sends none: what a state sync logs can be proven since Polygon's PIP-74", async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.alice).bridge(ONE, actors.bob);
      await bridge.syncRate();
      for (let i = 0; i < 2; ++i) {
        const { logs } = await deliver(context);
        expect(logs.length).to.be.greaterThan(0);
        expect(logs.filter(({ topics: [topic] }) => topic === MESSAGE_SENT)).to.deep.equal([]);
      }
    });
  });

  describe("A60: a message that cannot be executed, and those behind it", () => {
    it("A60: needs no rate: a withdrawal from before rewards, a loss and a pause is paid the shares that it names", async () => {
      const { bridge, token, pool, actors } = context;
      const first = await provenWithdrawal(context, withdraw(5n * ONE));
      const second = await provenWithdrawal(context, withdraw(6n * ONE));
      await grow(context, 500n * ONE);
      await pool.delegate(MAX);
      await slash(context, 1n, { bps: 5_000n });
      await bookLoss(context, 1n);
      await pool.connect(actors.guardian).pauseStakes(5n * DAY);
      await setOn(context, "setLockCap", 0n);
      await bridge.connect(actors.guardian).pauseBridging(5n * DAY);
      await expect(bridge.receiveMessage(second)).to.changeTokenBalance(token, actors.carol, 6n * ONE);
      await expect(bridge.receiveMessage(first)).to.changeTokenBalance(token, actors.carol, 5n * ONE);
    });

    it("A60: one that the bridge does not know keeps nobody waiting, and can be proven once the bridge knows it", async () => {
      const { bridge, child, fx, pool, token, actors } = context;
      const note = ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "string"], [2n, "from a later version"]);
      const next = await provenForgery(context, note);
      await expect(bridge.receiveMessage(next)).to.be.revertedWithCustomError(bridge, "UnknownMessage").withArgs(note);
      const known = await provenWithdrawal(context, withdraw(5n * ONE));
      await expect(bridge.receiveMessage(known)).to.changeTokenBalance(token, actors.carol, 5n * ONE);

      const { fxRoot, rootChain } = fx;
      const later = await new BridgeAdapter__Upgrade__factory(actors.deployer).deploy(
        { fxRoot, rootChain, pool, token, peer: child.adapter },
        LIMITS.releaseCeilingWei,
      );
      await asUpgrader(context, bridge, upgradeCall(await later.getAddress()));
      const upgraded = BridgeAdapter__Upgrade__factory.connect(await bridge.getAddress(), actors.stranger);
      await expect(upgraded.receiveNote(next)).to.emit(upgraded, "NoteReceived");
      await expect(upgraded.receiveNote(next)).to.be.revertedWithCustomError(upgraded, "ExitConsumed");
      // What was known before is known still, and what was paid stays paid.
      await expect(upgraded.receiveMessage(known)).to.be.revertedWithCustomError(upgraded, "ExitConsumed");
      await upgraded.receiveMessage(await provenWithdrawal(context, withdraw(ONE)));
      expect(await bridge.locked()).to.equal(LOCKED - 6n * ONE);
    });
  });

  describe("A63: more claims than there is in escrow", () => {
    it("A63: what is locked is what Polygon can burn, so that the last one to leave is paid as the first", async () => {
      const { bridge, child, token, actors } = context;
      await bridge.connect(actors.bob).bridge(500n * ONE, actors.alice);
      expect(await bridge.locked()).to.equal((await child.adapter.minted()) + 500n * ONE);
      await deliver(context);
      expect(await bridge.locked()).to.equal(await child.token.totalSupply());
      const proofs = [await provenWithdrawal(context, withdraw(4_000n * ONE))];
      expect(await bridge.locked()).to.equal((await child.token.totalSupply()) + 4_000n * ONE);
      const last = child.adapter.connect(actors.alice).withdraw(500n * ONE, actors.stranger);
      proofs.push(await provenWithdrawal(context, last));
      await bridge.receiveMessage(proofs[1] ?? "");
      await bridge.receiveMessage(proofs[0] ?? "");
      expect(await token.balanceOf(actors.stranger)).to.equal(500n * ONE);
      expect(await bridge.locked()).to.equal(await child.token.totalSupply());
    });
  });

  describe("A65: a checkpoint that is wrong", () => {
    it("A65: the thief gets a day's limit, the guardian makes it a tenth of the highest, and the rest waits", async () => {
      const { bridge, token, actors } = context;
      const { stranger, alice } = actors;
      await bridge.connect(alice).bridge(HELD - LOCKED, alice);
      const locked = await bridge.locked();
      await bridge.connect(actors.guardian).lowerReleaseLimit(await bridge.RELEASE_FLOOR());
      const forged = messageUp({ nonce: 1n, receiver: stranger.address, shares: locked });
      await bridge.receiveMessage(await provenForgery(context, forged));
      const floor = LIMITS.releaseCeilingWei / 10n;
      expect(await token.balanceOf(stranger)).to.equal(floor);
      expect(await bridge.pendingOf(stranger)).to.equal(locked - floor);
      // Seven days, the upgrader's delay, bring seven floors more: there is time to do something about the rest.
      for (let day = 0; day < 7; ++day) {
        await ethers.provider.send("evm_increaseTime", [Number(DAY)]);
        await bridge.payPending(stranger);
      }
      expect(await token.balanceOf(stranger)).to.equal(8n * floor);
      expect(await bridge.pendingOf(stranger)).to.equal(locked - 8n * floor);
    });
  });

  describe("A66: two exits for one burn", () => {
    it("A66: a withdrawal logs one message, and a proven one is no reason for another", async () => {
      const { bridge, child } = context;
      const sent = await withdraw(5n * ONE);
      const receipt = await sent.wait();
      const messages = (receipt?.logs ?? []).filter(({ topics: [topic] }) => topic === MESSAGE_SENT);
      expect(messages.map(({ address }) => address)).to.deep.equal([await child.adapter.getAddress()]);
      await submitCheckpoint(context);
      const { logs } = (await (await bridge.receiveMessage(await proofOf(context, sent.hash))).wait()) ?? { logs: [] };
      expect(logs.filter(({ topics: [topic] }) => topic === MESSAGE_SENT)).to.deep.equal([]);
    });

    it("A66: the token on Polygon has none of the functions by which Polygon's own bridge would take it back", () => {
      const { token } = context.child;
      const own = [
        ...["withdraw(uint256)", "withdraw(address,uint256)", "withdrawTo(address,uint256)"],
        "deposit(address,bytes)",
      ];
      for (const signature of own) expect(token.interface.getFunction(signature as "burn")).to.equal(null);
    });
  });

  it("A62: a log far behind the tenth of its receipt is proven like any other", async () => {
    const { bridge, token, actors } = context;
    const messages = Array.from({ length: 12 }, (_, place) =>
      messageUp({ nonce: BigInt(place) + 10n, receiver: actors.carol.address, shares: BigInt(place) + 1n }),
    );
    const hash = await forge(context, messages);
    await submitCheckpoint(context);
    const proof = await proofAt(context, hash, 11);
    await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, 12n);
  });
});
