import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, ZeroHash, concat, decodeRlp, encodeRlp, hexlify, id } from "ethers";
import { ethers } from "hardhat";

import { checkpointLeaf } from "../../../scripts/lib/bridge/checkpoint";
import { encodeExit, exitPath } from "../../../scripts/lib/bridge/exit";
import { encodeReceipt, receiptsTrie } from "../../../scripts/lib/bridge/receiptsTrie";
import { readBlock, readReceipt } from "../../../scripts/lib/bridge/rpc";
import type { Receipt } from "../../../scripts/lib/bridge/rpc";
import {
  EDGES,
  FIRST,
  Field,
  actOf,
  altered,
  blockOf,
  bytesOf,
  checkpoint,
  exitId,
  exitWorld,
  message,
  payloadOf,
  payloadOfAny,
  sentTogether,
  withBigBlock,
} from "../../support/exitWorld";
import type { ExitWorld } from "../../support/exitWorld";
import { ExitProof__Harness__factory, ScriptedRootChain__factory } from "../../typechain-types";
import type { ExitProof__Harness, ScriptedRootChain } from "../../typechain-types";

/** A world with one message per block, in checkpoints of these lengths. */
const LENGTHS = [1, 2, 3, 7, 16];

async function withCheckpoints(): Promise<ExitWorld & { hashes: string[][] }> {
  const world = await exitWorld();
  const before = await ethers.provider.getBlockNumber();
  const hashes: string[][] = [];
  for (const [row, length] of LENGTHS.entries()) {
    const sent: string[] = [];
    for (let i = 0; i < length; ++i) sent.push((await world.emitter.emitAll([message(100 * row + i)])).hash);
    hashes.push(sent);
  }
  await checkpoint(world, before);
  let end = before;
  for (const length of LENGTHS) await checkpoint(world, (end += length));
  return { ...world, hashes };
}

async function withOneMessage(): Promise<ExitWorld & { payload: string; block: number }> {
  const world = await exitWorld();
  const sent = world.emitter.emitAll([message(1), "0x", message(2)]);
  const block = await blockOf(sent);
  await world.emitter.emitAll([message(3)]);
  await checkpoint(world);
  return { ...world, block, payload: await payloadOf(world, (await sent).hash) };
}

/** A prover over checkpoints that a test makes up. */
async function scripted(): Promise<{ rootChain: ScriptedRootChain; exits: ExitProof__Harness }> {
  const [deployer] = await ethers.getSigners();
  const rootChain = await new ScriptedRootChain__factory(deployer).deploy();
  return { rootChain, exits: await new ExitProof__Harness__factory(deployer).deploy(rootChain) };
}

describe("ExitProof", () => {
  describe("what it reads", () => {
    it("is sender and message of any transaction of a block, whatever its type and index", async () => {
      const world = await loadFixture(withBigBlock);
      const { child, exits, emitter, hashes } = world;
      const block = (await readReceipt(child, hashes[0] ?? "")).blockNumber;
      for (const [index, key] of Object.entries(EDGES)) {
        const hash = hashes[Number(index)] ?? "";
        const { type, transactionIndex } = await readReceipt(child, hash);
        expect([type, transactionIndex]).to.deep.equal([BigInt(Number(index) % 3), BigInt(index)]);
        expect(await exits.read(await payloadOf(world, hash)), index).to.deep.equal([
          exitId(block, key, 0),
          await emitter.getAddress(),
          message(Number(index)),
        ]);
      }
    });

    it("is each message of a receipt by its position, those of other emitters too, told apart by emitter", async () => {
      const world = await exitWorld();
      const { exits, emitter, other } = world;
      const [own, others] = [await emitter.getAddress(), await other.getAddress()];
      // Another transaction before it in the same block: positions are those of the receipt, not of the block.
      const hashes = await sentTogether([
        async () => other.emitAll([message(1)]),
        async () => emitter.emitAround(other, [message(2), "0x", message(3)]),
      ]);
      const block = BigInt(await ethers.provider.getBlockNumber());
      await checkpoint(world);
      const text = (word: string): string => hexlify(Buffer.from(word));
      const wanted = [
        [own, text("before")],
        [others, message(2)],
        undefined,
        [others, message(3)],
        [own, text("after")],
      ];
      for (const [position, log] of wanted.entries()) {
        if (log === undefined) continue;
        const read = await exits.read(await payloadOf(world, hashes[1] ?? "", position));
        expect(read, `log ${position}`).to.deep.equal([exitId(block, "0x01", position), ...log]);
      }
    });

    it("is any block of a checkpoint, whatever its length: here the first and the last", async () => {
      const world = await loadFixture(withCheckpoints);
      for (const [row, hashes] of world.hashes.entries()) {
        for (const place of new Set([0, hashes.length - 1])) {
          const payload = await payloadOf(world, hashes[place] ?? "");
          const [header, proof] = decodeRlp(payload) as string[];
          expect(BigInt(header ?? "")).to.equal(FIRST + 10_000n * BigInt(row + 1));
          expect((proof ?? "").length).to.equal(2 + 64 * Math.ceil(Math.log2(hashes.length)));
          const [, , sent] = await world.exits.read(payload);
          expect(sent, `block ${place} of ${hashes.length}`).to.equal(message(100 * row + place));
        }
      }
    });

    it("is a receipt of type 0x7F, which ends a block with state syncs, also of a block without other gas", async () => {
      const { rootChain, exits } = await scripted();
      const emitter = ethers.getAddress(`0x${"c1".repeat(20)}`);
      const data = ethers.AbiCoder.defaultAbiCoder().encode(["bytes"], [message(5)]);
      const ordinary: Receipt = {
        type: 2n,
        status: 1n,
        cumulativeGasUsed: 21_000n,
        logsBloom: `0x${"00".repeat(256)}`,
        logs: [],
        transactionIndex: 0n,
        blockNumber: 90_000_000n,
      };
      for (const before of [0, 1, 2]) {
        const synced: Receipt = {
          ...ordinary,
          type: 0x7fn,
          cumulativeGasUsed: 21_000n * BigInt(before),
          logs: [{ address: emitter, topics: [id("MessageSent(bytes)")], data }],
        };
        const others = Array.from({ length: before }, (_, index) => ({
          ...ordinary,
          cumulativeGasUsed: 21_000n * BigInt(index + 1),
        }));
        const receipts = [...others, synced].map(encodeReceipt);
        const receipt = receipts[before] ?? "";
        expect(receipt.slice(0, 4)).to.equal("0x7f");
        const trie = receiptsTrie(receipts);
        const block = {
          number: ordinary.blockNumber,
          timestamp: 1_800_000_000n,
          transactionsRoot: id("transactions"),
          receiptsRoot: trie.root,
        };
        const header = { root: checkpointLeaf(block), start: block.number, end: block.number, createdAt: 1n };
        await rootChain.setHeader(10_000n, { ...header, proposer: ZeroAddress });
        const [nodes, path] = [trie.proof(before), exitPath(before)];
        const parts = { headerId: 10_000n, blockProof: "0x", block, receipt, nodes, path, position: 0 };
        const key = ["0x80", "0x01", "0x02"][before] ?? "";
        expect(await exits.read(encodeExit(parts))).to.deep.equal([exitId(block.number, key, 0), emitter, message(5)]);
      }
    });
  });

  describe("what it refuses", () => {
    it("is a checkpoint that is unknown: 0, no multiple of 10,000, the next one, one that was deleted", async () => {
      const { exits, rootChain, payload } = await loadFixture(withOneMessage);
      for (const header of [0n, 5_000n, 19_999n, 30_000n, 2n ** 256n - 1n]) {
        await expect(exits.read(altered(payload, { header: bytesOf(header) })))
          .to.be.revertedWithCustomError(exits, "UnknownHeader")
          .withArgs(header);
      }
      await rootChain.setNextHeaderBlock(FIRST);
      await expect(exits.read(payload)).to.be.revertedWithCustomError(exits, "UnknownHeader").withArgs(FIRST);
    });

    it("A58: is a checkpoint whose root is zero, even for the proof that a tree of zeros would make", async () => {
      const { payload, block } = await loadFixture(withOneMessage);
      const { rootChain, exits } = await scripted();
      const header = { root: ZeroHash, start: 0n, end: block, createdAt: 1n, proposer: ZeroAddress };
      await rootChain.setHeader(FIRST, header);
      for (const blockProof of ["0x", ZeroHash]) {
        await expect(exits.read(altered(payload, { blockProof })))
          .to.be.revertedWithCustomError(exits, "CheckpointRootZero")
          .withArgs(FIRST);
      }
    });

    it("is a block before, after, or past the last of the checkpoints", async () => {
      const world = await loadFixture(withCheckpoints);
      const { exits, rootChain, hashes } = world;
      const last = FIRST + 10_000n * BigInt(LENGTHS.length);
      const { start, end } = await rootChain.headerBlocks(last);
      // The checkpoint of seven blocks lies before it, the submission of the checkpoints after it.
      const previous = await payloadOf(world, hashes[3]?.[6] ?? "");
      expect(BigInt((decodeRlp(previous) as string[])[Field.number] ?? "")).to.equal(start - 1n);
      await expect(exits.read(altered(previous, { header: bytesOf(last) })))
        .to.be.revertedWithCustomError(exits, "BlockOutsideHeader")
        .withArgs(start - 1n, start, end);
      const final = await payloadOf(world, hashes[4]?.[15] ?? "");
      await expect(exits.read(altered(final, { header: bytesOf(last - 10_000n) })))
        .to.be.revertedWithCustomError(exits, "BlockOutsideHeader")
        .withArgs(end, start - 7n, start - 1n);
      await expect(exits.read(altered(final, { number: bytesOf(end + 1n) })))
        .to.be.revertedWithCustomError(exits, "BlockOutsideHeader")
        .withArgs(end + 1n, start, end);
    });

    it("is a block with another number, time or root than the checkpoint's", async () => {
      const { exits, payload, block } = await loadFixture(withOneMessage);
      const fields = decodeRlp(payload) as string[];
      for (const [place, number] of [[2, block - 1] as const, ...[3, 4, 5].map((field) => [field, block] as const)]) {
        const wrong = bytesOf(BigInt(fields[place] ?? "") - 1n);
        const forged = encodeRlp(fields.map((field, index) => (index === place ? wrong : field)));
        await expect(exits.read(forged))
          .to.be.revertedWithCustomError(exits, "BlockNotInCheckpoint")
          .withArgs(FIRST, number);
      }
    });

    it("is a proof of the block that is too short, too long, or of another", async () => {
      const { exits, payload, block } = await loadFixture(withOneMessage);
      const proof = (decodeRlp(payload) as string[])[Field.blockProof] ?? "";
      const others = ["0x", proof.slice(0, -64), concat([proof, ZeroHash]), `0x${"11".repeat(32 * 255)}`];
      for (const blockProof of [...others, `0x${"11".repeat(32 * 256)}`, proof.replace(/.$/, "_")]) {
        const flipped = blockProof.replace("_", proof.endsWith("0") ? "1" : "0");
        await expect(exits.read(altered(payload, { blockProof: flipped })))
          .to.be.revertedWithCustomError(exits, "BlockNotInCheckpoint")
          .withArgs(FIRST, block);
      }
    });

    it("is a receipt that is not in the block, or not of that transaction", async () => {
      const world = await loadFixture(withBigBlock);
      const { child, exits, hashes } = world;
      const payload = await payloadOf(world, hashes[1] ?? "");
      const { receiptsRoot } = await readBlock(child, (await readReceipt(child, hashes[1] ?? "")).blockNumber);
      const receipt = (decodeRlp(payload) as string[])[Field.receipt] ?? "";
      const another = (decodeRlp(await payloadOf(world, hashes[2] ?? "")) as string[])[Field.receipt] ?? "";
      const moreShares = receipt.replace(message(1).slice(2), message(9).slice(2));
      expect(moreShares).not.to.equal(receipt);
      for (const change of [{ receipt: another }, { receipt: moreShares }, { receipt: `0x02${receipt.slice(4)}` }]) {
        await expect(exits.read(altered(payload, change)))
          .to.be.revertedWithCustomError(exits, "ReceiptNotInBlock")
          .withArgs(receiptsRoot, 1n);
      }
      await expect(exits.read(altered(payload, { path: "0x0002" })))
        .to.be.revertedWithCustomError(exits, "ReceiptNotInBlock")
        .withArgs(receiptsRoot, 2n);
    });

    it("is a position at which the receipt has no log: past the last, or of a transaction that failed", async () => {
      const { exits, payload } = await loadFixture(withOneMessage);
      for (const position of [3n, 4n, 2n ** 256n - 1n]) {
        await expect(exits.read(altered(payload, { position: bytesOf(position) })))
          .to.be.revertedWithCustomError(exits, "LogIndexBeyondList")
          .withArgs(position, 3n);
      }
      const world = await loadFixture(withBigBlock);
      for (const index of [3, 5]) {
        expect(actOf(index)).to.equal(index === 3 ? "failure" : "creation");
        await expect(world.exits.read(await payloadOfAny(world, world.hashes, index)))
          .to.be.revertedWithCustomError(exits, "LogIndexBeyondList")
          .withArgs(0n, 0n);
      }
    });

    it("is a log that is another event, or has no topic", async () => {
      const { exits, payload } = await loadFixture(withOneMessage);
      await expect(exits.read(altered(payload, { position: "0x01" })))
        .to.be.revertedWithCustomError(exits, "WrongTopic")
        .withArgs(id("Noise(bytes)"));

      const world = await exitWorld();
      const { hash } = await world.emitter.emitAnonymous();
      await checkpoint(world);
      await expect(world.exits.read(await payloadOfAny(world, [hash], 0)))
        .to.be.revertedWithCustomError(exits, "WrongTopic")
        .withArgs(ZeroHash);
    });

    it("is a payload that is not exactly one list of ten fields", async () => {
      const { exits, payload } = await loadFixture(withOneMessage);
      const fields = decodeRlp(payload) as string[];
      for (const [malformed, found] of [
        ["0x", 0],
        ["0x80", 0],
        ["0xc0", 0],
        [encodeRlp(payload), 0],
        [concat([payload, "0x00"]), 0],
        [payload.slice(0, -2), 0],
        [encodeRlp(fields.slice(0, 9)), 9],
        [encodeRlp([...fields, "0x"]), 11],
        [encodeRlp([...fields, ...fields]), 20],
        // The last field claims a byte more than there is.
        [payload.replace(/80$/, "81"), 10],
      ] as const) {
        await expect(exits.read(malformed)).to.be.revertedWithCustomError(exits, "MalformedPayload").withArgs(found);
      }
    });

    it("is a proof of the block that is no sequence of words", async () => {
      const { exits, payload } = await loadFixture(withOneMessage);
      const proof = (decodeRlp(payload) as string[])[Field.blockProof] ?? "";
      const { length } = ethers.getBytes(proof);
      for (const [blockProof, size] of [
        ["0x01", 1],
        [proof.slice(0, -2), length - 1],
        [concat([proof, "0x00"]), length + 1],
      ] as const) {
        await expect(exits.read(altered(payload, { blockProof })))
          .to.be.revertedWithCustomError(exits, "MalformedBlockProof")
          .withArgs(size);
      }
    });
  });
});
