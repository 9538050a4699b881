import { expect } from "chai";
import { AbiCoder, ZeroAddress, ZeroHash, id, keccak256, toBeHex } from "ethers";
import { ethers, upgrades } from "hardhat";

import { behavesLikeUUPS } from "../../behaviors/UUPS.behavior";
import { asContract } from "../../support/asContract";
import { MINTING, PEER, childBridgeFixture, deliverMessage, deposit } from "../../support/childBridge";
import { asStateReceiver, deliverAll, encode, kept, rateAlone, taken, withdrawal } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { MAX, ONE } from "../../support/fixture";
import { changingFunctionsOf, functionsOf } from "../../support/functions";
import { rateOf } from "../../support/rates";
import { asUpgrader, implementationOf, upgradeCall } from "../../support/upgrades";
import { ChildBridgeAdapter__factory, Upgradeable__factory } from "../../../typechain-types";

/** Another implementation of the bridge's end, wired to the same contracts. */
async function nextAdapter({ fxChild, token, feed, actors }: ChildBridge): Promise<string> {
  return (
    await new ChildBridgeAdapter__factory(actors.deployer).deploy({ fxChild, token, feed, peer: PEER })
  ).getAddress();
}

describe("ChildBridgeAdapter", () => {
  let world: ChildBridge;

  behavesLikeUUPS(async () => {
    const context = await childBridgeFixture();
    const { adapter, manager, actors } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await adapter.getAddress(), actors.stranger),
      initialization: adapter.interface.encodeFunctionData("initialize", [await manager.getAddress()]),
      next: () => nextAdapter(context),
    };
  });

  beforeEach(async () => {
    world = await childBridgeFixture();
  });

  describe("when it is deployed", () => {
    it("is wired to FxChild, the token, the feed, and its peer", async () => {
      const { adapter, fxChild, token, feed } = world;
      expect(await adapter.FX_CHILD()).to.equal(await fxChild.getAddress());
      expect(await adapter.TOKEN()).to.equal(await token.getAddress());
      expect(await adapter.FEED()).to.equal(await feed.getAddress());
      expect(await adapter.PEER()).to.equal(PEER);
    });

    it("has neither minted, nor owes, nor sent anything, and can mint and withdraw what the token lets it", async () => {
      const { adapter, actors } = world;
      expect([await adapter.minted(), await adapter.totalPending(), await adapter.lastNonce()]).to.deep.equal([
        0n,
        0n,
        0n,
      ]);
      expect([await adapter.remainingMint(), await adapter.remainingWithdrawal()]).to.deep.equal([MINTING, 0n]);
      expect(await adapter.pendingOf(actors.alice)).to.equal(0n);
      for (const nonce of [0n, 1n, 2n ** 64n - 1n]) expect(await adapter.isConsumed(nonce)).to.equal(false);
    });

    for (const missing of ["fxChild", "token", "feed", "peer"] as const) {
      it(`A69: needs ${missing}`, async () => {
        const { fxChild, token, feed, actors } = world;
        const factory = new ChildBridgeAdapter__factory(actors.deployer);
        const wiring = { fxChild, token, feed, peer: PEER, [missing]: ZeroAddress };
        await expect(factory.deploy(wiring)).to.be.revertedWithCustomError(factory, "ZeroAddress").withArgs();
      });
    }

    it("X-15: is the tunnel of FxPortal by its entry and by its event", () => {
      const { adapter } = world;
      expect(adapter.interface.getFunction("processMessageFromRoot").selector).to.equal(
        id("processMessageFromRoot(uint256,address,bytes)").slice(0, 10),
      );
      expect(adapter.interface.getEvent("MessageSent").topicHash).to.equal(
        "0x8c5261668696ce22758910d05bab8f186d6eb247ceac2af2e82c7dc17669b036",
      );
    });
  });

  describe("who may what", () => {
    it("A12, A69: changes state by these functions alone: no setter, no pause, no way to take anything", () => {
      const { adapter } = world;
      expect(
        changingFunctionsOf(adapter)
          .map(({ name }) => name)
          .sort(),
      ).to.deep.equal(
        [
          ...["processMessageFromRoot", "payPending", "withdraw", "withdrawWithPermit"],
          ...["initialize", "setAuthority", "upgradeToAndCall"],
        ].sort(),
      );
      expect(
        functionsOf(adapter)
          .filter(({ payable }) => payable)
          .map(({ name }) => name),
      ).to.deep.equal(["upgradeToAndCall"]);
    });

    it("A70: takes no native coin: none crosses this bridge", async () => {
      const { adapter, actors } = world;
      await expect(actors.alice.sendTransaction({ to: adapter, value: 1n })).to.be.revertedWithoutReason();
    });

    it("A12, A67: messages come from FxChild alone: from no role, no user, not from StateReceiver itself", async () => {
      const { adapter, stateReceiver, actors, other } = world;
      const message = deposit(world, 1n, actors.alice, ONE);
      const receiver = await asContract(await stateReceiver.getAddress());
      for (const caller of [...Object.values<typeof other>({ ...actors }), other, receiver]) {
        await expect(adapter.connect(caller).processMessageFromRoot(1n, PEER, message))
          .to.be.revertedWithCustomError(adapter, "NotFxChild")
          .withArgs(caller.address);
      }
      const fxChild = await asContract(await adapter.FX_CHILD());
      await adapter.connect(fxChild).processMessageFromRoot(1n, PEER, message);
      expect(await adapter.minted()).to.equal(ONE);
    });

    it("A12: a message of anyone but the peer is refused, and stays refused", async () => {
      const { adapter, fxChild, actors } = world;
      const message = deposit(world, 1n, actors.stranger, ONE);
      const senders = [actors.stranger.address, ZeroAddress, await adapter.getAddress(), await fxChild.getAddress()];
      for (const from of senders) await kept(world, message, "ForeignSender", [from], { from });
      await taken(world, message);
    });

    it("A12: FxChild takes orders from StateReceiver alone: a stranger delivers nothing that was not sent", async () => {
      const { adapter, fxChild, actors } = world;
      const data = AbiCoder.defaultAbiCoder().encode(
        ["address", "address", "bytes"],
        [PEER, await adapter.getAddress(), deposit(world, 1n, actors.stranger, ONE)],
      );
      await expect(fxChild.connect(actors.stranger).onStateReceive(1n, data)).to.be.revertedWith("Invalid sender");
    });

    it("A67: what FxChild's number of the message is does not matter", async () => {
      const { adapter, actors } = world;
      const fxChild = await asContract(await adapter.FX_CHILD());
      for (const [nonce, stateId] of [
        [1n, MAX],
        [2n, 0n],
        [3n, 0n],
      ] as const) {
        await adapter.connect(fxChild).processMessageFromRoot(stateId, PEER, deposit(world, nonce, actors.alice, ONE));
      }
      expect(await adapter.minted()).to.equal(3n * ONE);
    });
  });

  describe("messages that it does not know", () => {
    const words = (text: string): string[] => text.slice(2).match(/.{64}/g) ?? [];
    const joined = (list: readonly string[]): string => `0x${list.join("")}`;
    /** A deposit with one of its words replaced. */
    const altered = (index: number, value: bigint): string => {
      const list = words(deposit(world, 1n, world.actors.alice, ONE));
      list[index] = toBeHex(value, 32).slice(2);
      return joined(list);
    };

    for (const [what, message] of [
      ["nothing", () => "0x"],
      ["a single byte", () => "0x01"],
      ["a word", () => toBeHex(1n, 32)],
      ["a message with a byte less", () => deposit(world, 1n, world.actors.alice, ONE).slice(0, -2)],
      ["a message with a byte more", () => `${deposit(world, 1n, world.actors.alice, ONE)}00`],
      ["a message with a word more", () => deposit(world, 1n, world.actors.alice, ONE) + "00".repeat(32)],
      ["a message with a word less", () => joined(words(deposit(world, 1n, world.actors.alice, ONE)).slice(1))],
      ["a message of version 0", () => altered(0, 0n)],
      ["A71: a message of version 2", () => altered(0, 2n)],
      ["a version that is 1 in its last byte alone", () => altered(0, 257n)],
      ["a message of kind 0", () => altered(1, 0n)],
      ["A71: a message of kind 3", () => altered(1, 3n)],
      ["a kind that is 1 in its last byte alone", () => altered(1, 257n)],
      ["a number of more than 64 bits", () => altered(2, 2n ** 64n + 1n)],
      ["a receiver of more than 160 bits", () => altered(3, 2n ** 160n + BigInt(world.actors.alice.address))],
      ["a rate alone with a receiver", () => altered(1, 2n)],
      ["a rate alone with shares", () => rateAlone(1n, rateOf(world.start), { shares: 1n })],
      ["a withdrawal, sent the wrong way", () => withdrawal(1n, world.actors.alice.address, ONE)],
      ["4,000 bytes", () => `0x${"01".repeat(4_000)}`],
      [
        "a deposit as ABI has it as bytes",
        () => AbiCoder.defaultAbiCoder().encode(["bytes"], [deposit(world, 1n, world.actors.alice, ONE)]),
      ],
    ] as const) {
      it(`A71: ${what.replace("A71: ", "")} is refused, is kept, and consumes no number`, async () => {
        await kept(world, message(), "UnknownMessage", [message()]);
        expect(await world.adapter.isConsumed(1n)).to.equal(false);
        await taken(world, deposit(world, 1n, world.actors.alice, ONE));
      });
    }

    it("A68: 30,000 bytes, the most that Polygon lets through, are refused within the gas that a delivery gets", async () => {
      const { adapter, fxChild, actors } = world;
      const message = `0x${"01".repeat(30_000)}`;
      const data = AbiCoder.defaultAbiCoder().encode(
        ["address", "address", "bytes"],
        [PEER, await adapter.getAddress(), message],
      );
      const delivery = fxChild.connect(await asStateReceiver()).onStateReceive(1n, data, { gasLimit: 5_000_000n });
      await expect(delivery).to.be.revertedWithCustomError(adapter, "UnknownMessage").withArgs(message);
      expect(await adapter.isConsumed(1n)).to.equal(false);
      await taken(world, deposit(world, 1n, actors.alice, ONE));
    });

    for (const [what, shares] of [
      ["more shares than 96 bits", 2n ** 96n + MINTING],
      ["the largest number of shares", MAX],
    ] as const) {
      it(`${what} cannot be: what Ethereum locks is counted in 96 bits`, async () => {
        const { actors } = world;
        const waiting = shares - MINTING;
        await kept(world, deposit(world, 1n, actors.alice, shares), "SafeCastOverflowedUintDowncast", [96n, waiting]);
      });
    }

    it("a deposit for nobody cannot be: Ethereum refuses it, and so does the token", async () => {
      const nobody = { address: ZeroAddress };
      await kept(world, deposit(world, 1n, nobody, ONE), "ERC20InvalidReceiver", [ZeroAddress], { of: world.token });
    });

    it("a deposit of no shares is taken, mints nothing and breaks nothing", async () => {
      const { adapter, actors } = world;
      await taken(world, deposit(world, 1n, actors.alice, 0n));
      expect([await adapter.minted(), await adapter.totalPending()]).to.deep.equal([0n, 0n]);
      expect(await adapter.isConsumed(1n)).to.equal(true);
    });
  });

  describe("storage", () => {
    const ROOT = 0x17258ee04e96d907193554b5b549ef10b124300a22fc15f407be716dcd283200n;
    const word = (index: bigint): Promise<string> => ethers.provider.getStorage(world.adapter, index);
    const mapped = (key: bigint, slot: bigint): bigint =>
      BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, slot])));

    it("S7201-1: its root is the formula's, and its sums are the first word", async () => {
      const inner = AbiCoder.defaultAbiCoder().encode(
        ["uint256"],
        [BigInt(id("ankrmatic.storage.ChildBridgeAdapter")) - 1n],
      );
      expect(BigInt(keccak256(inner)) & ~0xffn).to.equal(ROOT);
      const { actors, adapter } = world;
      await deliverAll(
        world,
        deposit(world, 1n, actors.alice, MINTING + 5n),
        deposit(world, 258n, actors.bob, MINTING),
      );
      await adapter.connect(actors.alice).withdraw(7n, actors.alice);
      const minted = await adapter.minted();
      const pending = 2n * MINTING + 5n - 7n - minted;
      expect(await word(ROOT)).to.equal(toBeHex((1n << 192n) | (pending << 96n) | minted, 32));
      expect(await word(mapped(0n, ROOT + 1n))).to.equal(toBeHex(2n, 32));
      expect(await word(mapped(1n, ROOT + 1n))).to.equal(toBeHex(4n, 32));
      expect(BigInt(await word(mapped(BigInt(actors.bob.address), ROOT + 2n)))).to.equal(
        await adapter.pendingOf(actors.bob),
      );
      expect(await word(ROOT + 3n)).to.equal(ZeroHash);
    });

    it("S7201-3: is safe to upgrade, by OpenZeppelin's checks", async () => {
      const { fxChild, token, feed } = world;
      const wiring = await Promise.all([fxChild, token, feed].map((contract) => contract.getAddress()));
      const factory = await ethers.getContractFactory("ChildBridgeAdapter");
      const options = { kind: "uups" as const, constructorArgs: [[...wiring, PEER]] };
      expect(await upgrades.validateImplementation(factory, options).then(() => "safe", String)).to.equal("safe");
    });

    it("S7201-3: keeps all that it counted over an upgrade, and what goes on goes on", async () => {
      const { adapter, token, actors } = world;
      const { alice, bob } = actors;
      await deliverAll(world, deposit(world, 3n, alice, MINTING - ONE), deposit(world, 1n, bob, 4n * ONE));
      await adapter.connect(alice).withdraw(2n * ONE, bob);
      const state = async () => ({
        sums: [await adapter.minted(), await adapter.totalPending(), await adapter.lastNonce()],
        waiting: [await adapter.pendingOf(alice), await adapter.pendingOf(bob)],
        consumed: await Promise.all([0n, 1n, 2n, 3n].map((nonce) => adapter.isConsumed(nonce))),
        wiring: [await adapter.FX_CHILD(), await adapter.TOKEN(), await adapter.FEED(), await adapter.PEER()],
        authority: await adapter.authority(),
      });
      const before = await state();
      expect(before.consumed).to.deep.equal([false, true, false, true]);
      expect(before.waiting[1]).to.be.greaterThan(0n);
      const old = await implementationOf(adapter);
      await asUpgrader(world, adapter, upgradeCall(await nextAdapter(world)));
      expect(await implementationOf(adapter)).not.to.equal(old);
      expect(await state()).to.deep.equal(before);

      await kept(world, deposit(world, 3n, alice, 1n), "MessageConsumed", [3n]);
      await taken(world, deposit(world, 2n, alice, ONE));
      await adapter.payPending(bob);
      await adapter.connect(alice).withdraw(ONE, alice);
      expect(await adapter.lastNonce()).to.equal(2n);
      expect(await token.balanceOf(bob)).to.equal(4n * ONE);
    });

    it("S7201-1: the bare implementation holds nothing and does nothing", async () => {
      const { adapter, actors } = world;
      const bare = adapter.attach(await implementationOf(adapter)) as typeof adapter;
      await expect(bare.payPending(actors.alice))
        .to.be.revertedWithCustomError(adapter, "NothingToPay")
        .withArgs(actors.alice.address);
      await expect(bare.connect(actors.alice).withdraw(1n, actors.alice))
        .to.be.revertedWithCustomError(adapter, "AboveMinted")
        .withArgs(1n, 0n);
      const message = encode({
        ...{ version: 1n, kind: 1n, nonce: 1n, receiver: actors.alice.address, shares: ONE },
        rate: rateOf(world.start),
      });
      // FxChild would deliver to it, but the token knows the proxy alone: all that it could do is to wait.
      await deliverMessage(world, message, { to: await bare.getAddress() });
      expect(await world.token.totalSupply()).to.equal(0n);
    });
  });
});
