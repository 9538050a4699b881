import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { AbiCoder, ZeroHash, encodeRlp, id, toBeArray } from "ethers";
import { ethers } from "hardhat";

import { putStateReceiver } from "../../../scripts/lib/bridge/localFx";
import {
  BridgeRootChain__factory,
  FxChild__factory,
  FxRoot__factory,
  StateSender__factory,
} from "../../../typechain-types";
import type { BridgeRootChain, FxChild, FxRoot, StateReceiver, StateSender } from "../../../typechain-types";
import { asContract } from "../../support/asContract";
import { MessageProcessor__factory } from "../../typechain-types";
import type { MessageProcessor } from "../../typechain-types";

const SYSTEM = "0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE";

interface Chains {
  readonly deployer: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly system: HardhatEthersSigner;
  readonly rootChain: BridgeRootChain;
  readonly sender: StateSender;
  readonly receiver: StateReceiver;
  readonly fxRoot: FxRoot;
  readonly fxChild: FxChild;
  readonly processor: MessageProcessor;
}

/** Both chains on one network, with FxPortal between them. */
async function chains(): Promise<Chains> {
  const [deployer, stranger] = (await ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
  const sender = await new StateSender__factory(deployer).deploy();
  const fxRoot = await new FxRoot__factory(deployer).deploy(sender);
  const fxChild = await new FxChild__factory(deployer).deploy();
  await fxRoot.setFxChild(fxChild);
  await fxChild.setFxRoot(fxRoot);
  await sender.register(fxRoot, fxChild);
  return {
    deployer,
    stranger,
    system: await asContract(SYSTEM),
    rootChain: await new BridgeRootChain__factory(deployer).deploy(deployer),
    sender,
    receiver: await putStateReceiver(deployer, ethers.provider),
    fxRoot,
    fxChild,
    processor: await new MessageProcessor__factory(deployer).deploy(),
  };
}

/** What validators write down of a message. */
const record = (stateId: number, to: string, data: string): string =>
  encodeRlp([toBeArray(stateId), to, data, ZeroHash, "0x", "0x"]);

/** What FxRoot sends. */
const fxData = (from: string, to: string, message: string): string =>
  AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [from, to, message]);

describe("Bridge between the chains (local model)", () => {
  describe("StateSender", () => {
    it("numbers and emits what FxRoot sends to FxChild", async () => {
      const { deployer, stranger, sender, fxRoot, fxChild, processor } = await loadFixture(chains);
      const to = await processor.getAddress();
      for (const [number, from] of [deployer, stranger].entries()) {
        await expect(fxRoot.connect(from).sendMessageToChild(to, "0x1234"))
          .to.emit(sender, "StateSynced")
          .withArgs(number + 1, await fxChild.getAddress(), fxData(from.address, to, "0x1234"));
      }
      expect(await sender.counter()).to.equal(2);
    });

    it("takes nothing from anyone else, who cannot register either", async () => {
      const { stranger, sender, fxChild } = await loadFixture(chains);
      const asStranger = sender.connect(stranger);
      await expect(asStranger.syncState(fxChild, "0x")).to.be.revertedWith("Invalid sender");
      await expect(asStranger.register(stranger, fxChild)).to.be.revertedWith(
        "StateSender.register: Not authorized to register",
      );
    });
  });

  describe("StateReceiver", () => {
    it("delivers messages in their order, through FxChild, for the system alone", async () => {
      const { deployer, system, receiver, fxChild, processor } = await loadFixture(chains);
      const child = await fxChild.getAddress();
      const data = fxData(deployer.address, await processor.getAddress(), "0x1234");
      await expect(receiver.commitState(0, record(1, child, data))).to.be.revertedWith("Not System Addess!");
      const asSystem = receiver.connect(system);
      await expect(asSystem.commitState(0, record(2, child, data))).to.be.revertedWith("StateIds are not sequential");
      await expect(asSystem.commitState(0, record(1, child, data), { gasLimit: 6_000_000n }))
        .to.emit(receiver, "StateCommitted")
        .withArgs(1, true)
        .and.to.emit(processor, "Processed")
        .withArgs(1, deployer.address, "0x1234");
      expect(await receiver.lastStateId()).to.equal(1);
    });

    it("put there again, begins again: no number is used, and nothing is kept", async () => {
      const { deployer, system, receiver, fxChild, processor } = await loadFixture(chains);
      const child = await fxChild.getAddress();
      const data = fxData(deployer.address, await processor.getAddress(), "0x1234");
      await processor.refuse(true);
      const asSystem = receiver.connect(system);
      for (const stateId of [1, 2])
        await asSystem.commitState(0, record(stateId, child, data), { gasLimit: 6_000_000n });
      expect([await receiver.lastStateId(), (await receiver.failedStateSyncs(2)).length > 2]).to.deep.equal([2n, true]);
      await putStateReceiver(deployer, ethers.provider);
      expect(await receiver.lastStateId()).to.equal(0n);
      for (const stateId of [1, 2]) expect(await receiver.failedStateSyncs(stateId)).to.equal("0x");
      await processor.refuse(false);
      await expect(asSystem.commitState(0, record(1, child, data), { gasLimit: 6_000_000n }))
        .to.emit(receiver, "StateCommitted")
        .withArgs(1, true);
    });

    it("keeps a message that fails, which anyone may deliver later, once", async () => {
      const { deployer, stranger, system, receiver, fxChild, processor } = await loadFixture(chains);
      const child = await fxChild.getAddress();
      const data = fxData(deployer.address, await processor.getAddress(), "0x1234");
      await processor.refuse(true);
      await expect(receiver.connect(system).commitState(0, record(1, child, data), { gasLimit: 6_000_000n }))
        .to.emit(receiver, "StateCommitted")
        .withArgs(1, false);
      const kept = AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [child, data]);
      expect(await receiver.failedStateSyncs(1)).to.equal(kept);
      const asStranger = receiver.connect(stranger);
      await expect(asStranger.replayFailedStateSync(1)).to.be.revertedWithCustomError(processor, "Refused");
      expect(await receiver.failedStateSyncs(1)).to.equal(kept);
      await processor.refuse(false);
      await expect(asStranger.replayFailedStateSync(1))
        .to.emit(receiver, "StateSyncReplay")
        .withArgs(1)
        .and.to.emit(processor, "Processed")
        .withArgs(1, deployer.address, "0x1234");
      await expect(asStranger.replayFailedStateSync(1)).to.be.revertedWith("!found");
    });

    it("gives a receiver 5,000,000 gas, and no more than that", async () => {
      const { deployer, system, receiver, fxChild, processor } = await loadFixture(chains);
      const data = fxData(deployer.address, await processor.getAddress(), "0x");
      await receiver
        .connect(system)
        .commitState(0, record(1, await fxChild.getAddress(), data), { gasLimit: 12_000_000n });
      // FxChild spends some of it, and keeps a 64th of what is left.
      const gas = await processor.gasAtEntry();
      expect(gas).to.be.lessThan((5_000_000n * 63n) / 64n);
      expect(gas).to.be.greaterThan((4_950_000n * 63n) / 64n);
    });

    it("loses a message whose receiver has no code", async () => {
      const { stranger, system, receiver } = await loadFixture(chains);
      const sent = receiver.connect(system).commitState(0, record(1, stranger.address, "0x1234"));
      await expect(sent).not.to.emit(receiver, "StateCommitted");
      expect(await receiver.lastStateId()).to.equal(1);
      expect(await receiver.failedStateSyncs(1)).to.equal("0x");
    });
  });

  describe("RootChain", () => {
    it("takes checkpoints without gaps, from the proposer alone", async () => {
      const { deployer, stranger, rootChain } = await loadFixture(chains);
      expect([await rootChain.currentHeaderBlock(), await rootChain.getLastChildBlock()]).to.deep.equal([0n, 0n]);
      await expect(rootChain.connect(stranger).submitHeaderBlock(0, 5, id("a"))).to.be.revertedWith("NOT_PROPOSER");
      await expect(rootChain.submitHeaderBlock(1, 5, id("a"))).to.be.revertedWith("INCORRECT_HEADER_DATA");
      await expect(rootChain.submitHeaderBlock(0, 5, id("a")))
        .to.emit(rootChain, "NewHeaderBlock")
        .withArgs(deployer.address, 10_000, 0, 0, 5, id("a"));
      for (const [start, end] of [
        [5, 9],
        [7, 9],
        [6, 5],
      ] as const) {
        await expect(rootChain.submitHeaderBlock(start, end, id("b"))).to.be.revertedWith("INCORRECT_HEADER_DATA");
      }
      await rootChain.submitHeaderBlock(6, 6, id("b"));
      const { root, start, end, proposer } = await rootChain.headerBlocks(20_000);
      expect([root, start, end, proposer]).to.deep.equal([id("b"), 6n, 6n, deployer.address]);
      expect([await rootChain.currentHeaderBlock(), await rootChain.getLastChildBlock()]).to.deep.equal([20_000n, 6n]);
      expect(await rootChain._nextHeaderBlock()).to.equal(30_000);
    });

    it("deletes checkpoints from an id on, for the proposer alone; their blocks may come again", async () => {
      const { stranger, rootChain } = await loadFixture(chains);
      for (const [block, root] of ["a", "b", "c"].entries()) await rootChain.submitHeaderBlock(block, block, id(root));
      await expect(rootChain.connect(stranger).setNextHeaderBlock(20_000)).to.be.revertedWith("NOT_PROPOSER");
      for (const wrong of [0, 15_000, 50_000]) {
        await expect(rootChain.setNextHeaderBlock(wrong)).to.be.revertedWith("INVALID_HEADER");
      }
      await rootChain.setNextHeaderBlock(20_000);
      expect((await rootChain.headerBlocks(20_000)).root).to.equal(ZeroHash);
      expect((await rootChain.headerBlocks(30_000)).root).to.equal(ZeroHash);
      expect([await rootChain.currentHeaderBlock(), await rootChain.getLastChildBlock()]).to.deep.equal([10_000n, 0n]);
      await rootChain.submitHeaderBlock(1, 2, id("d"));
      expect((await rootChain.headerBlocks(20_000)).end).to.equal(2);
    });
  });
});
