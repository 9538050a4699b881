import { createMPT, createMerkleProof } from "@ethereumjs/mpt";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, ZeroHash, concat, decodeRlp, encodeRlp, getBytes, hexlify, id, keccak256, toBeHex } from "ethers";
import { ethers } from "hardhat";

import { checkpointLeaf, checkpointTree } from "../../../scripts/lib/bridge/checkpoint";
import type { CheckpointTree, Leaf } from "../../../scripts/lib/bridge/checkpoint";
import { buildExit, messagePositions } from "../../../scripts/lib/bridge/exit";
import { findHeader, lastHeader } from "../../../scripts/lib/bridge/headers";
import { encodeReceipt, receiptKey, receiptsTrie } from "../../../scripts/lib/bridge/receiptsTrie";
import { readBlock, readReceipt, readReceipts } from "../../../scripts/lib/bridge/rpc";
import type { Receipt, RpcProvider } from "../../../scripts/lib/bridge/rpc";
import { BridgeRootChain__factory, IRootChain__factory } from "../../../typechain-types";
import {
  FIRST,
  blockOf,
  checkpoint,
  exitWorld,
  message,
  payloadOf,
  sentTogether,
  withBigBlock,
} from "../../support/exitWorld";
import type { ExitWorld } from "../../support/exitWorld";
import { failureOf } from "../../support/failures";
import { ScriptedRootChain__factory } from "../../typechain-types";

/** Root and nodes by the library that stands for the truth here. */
async function oracle(receipts: readonly string[]): Promise<{ root: string; proof(index: number): Promise<string[]> }> {
  const trie = await createMPT();
  for (const [index, receipt] of receipts.entries()) {
    await trie.put(getBytes(receiptKey(index)), getBytes(receipt));
  }
  return {
    root: hexlify(trie.root()),
    proof: async (index) => (await createMerkleProof(trie, getBytes(receiptKey(index)))).map((node) => hexlify(node)),
  };
}

/** Receipts of all types, with up to three logs. */
function synthetic(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const receipt: Receipt = {
      type: [0n, 1n, 2n, 4n, 0x7fn][index % 5] ?? 0n,
      status: index % 7 === 3 ? 0n : 1n,
      cumulativeGasUsed: 21_000n * BigInt(index),
      logsBloom: `0x${"00".repeat(256)}`,
      logs: Array.from({ length: index % 4 }, (_, position) => ({
        address: `0x${"a1".repeat(20)}`,
        topics: [id("MessageSent(bytes)"), ZeroHash].slice(0, position),
        data: position === 0 ? "0x" : message(index),
      })),
      transactionIndex: BigInt(index),
      blockNumber: 1n,
    };
    return encodeReceipt(receipt);
  });
}

/** A chain that gives its own answer to some requests. */
function answering(chain: RpcProvider, own: Record<string, (answer: unknown) => unknown>): RpcProvider {
  return {
    send: async (method, params) => {
      const change = own[method];
      if (change === undefined) return chain.send(method, params);
      return change(method === "eth_getBlockReceipts" ? undefined : await chain.send(method, params));
    },
  };
}

/** The answer with other fields. */
const but = (fields: object) => (answer: unknown) => ({ ...(answer as object), ...fields });

describe("scripts/lib/bridge", () => {
  describe("receipts", () => {
    it("have the keys 80, 01, 7f, 8180, 81ff, 820100 for the indexes 0, 1, 127, 128, 255, 256", () => {
      expect([0, 1, 127, 128, 255, 256].map(receiptKey)).to.deep.equal([
        "0x80",
        "0x01",
        "0x7f",
        "0x8180",
        "0x81ff",
        "0x820100",
      ]);
    });

    it("are a list behind the type, which is left out if it is 0; zero is the empty string", () => {
      const receipt: Receipt = {
        type: 0n,
        status: 0n,
        cumulativeGasUsed: 0n,
        logsBloom: `0x${"00".repeat(256)}`,
        logs: [],
        transactionIndex: 0n,
        blockNumber: 0n,
      };
      const list = concat(["0xf90106", "0x80", "0x80", "0xb90100", receipt.logsBloom, "0xc0"]);
      expect(ethers.getBytes(list)).to.have.length(3 + 0x106);
      expect(encodeReceipt(receipt)).to.equal(list);
      for (const type of [1n, 2n, 4n, 0x7fn]) {
        expect(encodeReceipt({ ...receipt, type })).to.equal(concat([toBeHex(type, 1), list]));
      }
    });

    for (const count of [1, 2, 16, 17, 127, 128, 129, 130, 256, 257, 300]) {
      it(`make the trie that the reference makes, node for node, for a block of ${count}`, async () => {
        const receipts = synthetic(count);
        const [own, truth] = [receiptsTrie(receipts), await oracle(receipts)];
        expect(own.root).to.equal(truth.root);
        const indexes = new Set([0, 1, 127, 128, 129, 255, 256, Math.floor(count / 2), count - 1]);
        for (const index of [...indexes].filter((each) => each < count)) {
          const nodes = own.proof(index).map((node) => encodeRlp(node));
          expect(nodes, `receipt ${index}`).to.deep.equal(await truth.proof(index));
        }
      });
    }

    it("make the root in the header of a real block, types 0, 1, 2, failures and creations among them", async () => {
      const { child, hashes } = await loadFixture(withBigBlock);
      const block = await readBlock(child, (await readReceipt(child, hashes[0] ?? "")).blockNumber);
      expect(block.transactions).to.deep.equal(hashes);
      const receipts = await readReceipts(child, block);
      expect(new Set(receipts.map(({ type }) => type))).to.deep.equal(new Set([0n, 1n, 2n]));
      expect(new Set(receipts.map(({ status }) => status))).to.deep.equal(new Set([0n, 1n]));
      const trie = receiptsTrie(receipts.map(encodeReceipt));
      expect(trie.root).to.equal(block.receiptsRoot);
      expect(trie.root).to.equal((await oracle(trie.receipts)).root);
    });

    it("make the root of the empty trie if there are none, as in a real block without any", async () => {
      await ethers.provider.send("evm_mine", []);
      const block = await readBlock(ethers.provider, BigInt(await ethers.provider.getBlockNumber()));
      expect(receiptsTrie([]).root).to.equal("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
      expect(receiptsTrie([]).root).to.equal(block.receiptsRoot);
    });

    it("are asked for by their index, and given encoded", () => {
      expect(() => receiptsTrie(synthetic(2)).proof(2)).to.throw("The block has 2 receipts, so none of index 2");
      expect(() => receiptsTrie(["0x00"])).to.throw("Receipt 0 is shorter than any receipt: give the encoded receipts");
    });
  });

  describe("checkpoints", () => {
    const blocks = (start: number, count: number): Leaf[] =>
      Array.from({ length: count }, (_, offset) => ({
        number: BigInt(start + offset),
        timestamp: 1_700_000_000n + 2n * BigInt(offset),
        transactionsRoot: id(`transactions ${offset}`),
        receiptsRoot: id(`receipts ${offset}`),
      }));
    const pair = (left: string, right: string): string => keccak256(concat([left, right]));

    it("have the hash of four words as the leaf of a block", () => {
      const [block] = blocks(7, 1) as [Leaf];
      const words = [toBeHex(7, 32), toBeHex(1_700_000_000, 32), id("transactions 0"), id("receipts 0")];
      expect(checkpointLeaf(block)).to.equal(keccak256(concat(words)));
    });

    it("are their block if there is one alone, with nothing to prove", () => {
      const [block] = blocks(7, 1) as [Leaf];
      const tree = checkpointTree([block]);
      expect([tree.root, tree.proof(block)]).to.deep.equal([checkpointLeaf(block), "0x"]);
    });

    it("are filled up to a power of two with zeros that are not hashed", () => {
      const five = blocks(100, 5);
      const [, , third, , last] = five as [Leaf, Leaf, Leaf, Leaf, Leaf];
      const [a, b, c, d, e] = five.map(checkpointLeaf) as [string, string, string, string, string];
      const zeros = pair(ZeroHash, ZeroHash);
      const [left, right] = [pair(pair(a, b), pair(c, d)), pair(pair(e, ZeroHash), zeros)];
      const tree = checkpointTree(five);
      expect(tree.root).to.equal(pair(left, right));
      expect(tree.proof(third)).to.equal(concat([d, pair(a, b), right]));
      expect(tree.proof(last)).to.equal(concat([ZeroHash, zeros, left]));
    });

    for (const count of [1, 2, 3, 7, 16, 256, 1024]) {
      it(`of ${count} blocks prove each of them`, () => {
        const all = blocks(5_000, count);
        const tree = checkpointTree(all);
        for (const [place, block] of all.entries()) {
          const siblings = ethers.getBytes(tree.proof(block));
          let [hash, index] = [checkpointLeaf(block), place];
          for (let at = 0; at < siblings.length; at += 32) {
            const sibling = hexlify(siblings.slice(at, at + 32));
            hash = index % 2 === 0 ? pair(hash, sibling) : pair(sibling, hash);
            index = Math.floor(index / 2);
          }
          expect([hash, index], `block ${place}`).to.deep.equal([tree.root, 0]);
        }
      });
    }

    it("prove no block that is not theirs, nor one that has changed", () => {
      const tree = checkpointTree(blocks(100, 3));
      const [block] = blocks(100, 1) as [Leaf];
      const changed = { ...block, timestamp: 1n };
      for (const other of [changed, { ...block, number: 99n }, { ...block, number: 103n }]) {
        expect(() => tree.proof(other)).to.throw(
          `Block ${other.number} is not in this checkpoint of the blocks 100 to 102, or no longer the same: ` +
            "read it again, or find its checkpoint",
        );
      }
    });

    it("have at least one block, and no gaps", () => {
      expect(() => checkpointTree([])).to.throw("A checkpoint has at least one block: give the blocks of its range");
      const [first, , third] = blocks(100, 3) as [Leaf, Leaf, Leaf];
      expect(() => checkpointTree([first, third])).to.throw("Block 102 is out of order: give the range without gaps");
    });
  });

  describe("headers", () => {
    /** Last blocks of checkpoints, from the block on that the first of them ends before. */
    const ENDS = [9, 10, 12, 19];

    async function withHeaders(): Promise<ExitWorld & { base: number }> {
      const world = await exitWorld();
      const base = Number((await world.rootChain.headerBlocks(10_000n)).end) + 1;
      while ((await ethers.provider.getBlockNumber()) < base + 20) await ethers.provider.send("evm_mine", []);
      for (const end of ENDS) await checkpoint(world, base + end);
      return { ...world, base };
    }

    it("are found for each block that a checkpoint has", async () => {
      const { rootChain, base } = await loadFixture(withHeaders);
      for (let block = 0; block <= 19; ++block) {
        const place = ENDS.findIndex((end) => block <= end);
        const header = await findHeader(rootChain, BigInt(base + block));
        const start = place === 0 ? 0 : (ENDS[place - 1] ?? 0) + 1;
        expect([header?.id, header?.start, header?.end], `block ${block}`).to.deep.equal([
          FIRST + 10_000n * BigInt(place),
          BigInt(base + start),
          BigInt(base + (ENDS[place] ?? 0)),
        ]);
      }
      for (const block of [0n, BigInt(base - 1)]) {
        expect((await findHeader(rootChain, block))?.id).to.equal(10_000n);
      }
    });

    it("are not there yet for a block past the last checkpoint, or before the first", async () => {
      const { rootChain, base, proposer } = await loadFixture(withHeaders);
      for (const block of [base + 20, base + 21, base + 10 ** 12]) {
        expect(await findHeader(rootChain, BigInt(block))).to.equal(undefined);
      }
      const fresh = await new BridgeRootChain__factory(proposer).deploy(proposer);
      expect(await findHeader(fresh, 0n)).to.equal(undefined);
      expect(await lastHeader(fresh)).to.equal(undefined);
    });

    it("are read at one block of Ethereum", async () => {
      const { rootChain, base } = await loadFixture(withHeaders);
      const now = await ethers.provider.getBlockNumber();
      const block = BigInt(base + 19);
      await rootChain.setNextHeaderBlock(FIRST + 10_000n);
      expect(await findHeader(rootChain, block)).to.equal(undefined);
      expect((await findHeader(rootChain, block, now))?.id).to.equal(FIRST + 30_000n);
      expect((await lastHeader(rootChain))?.end).to.equal(BigInt(base + 9));
      expect((await lastHeader(rootChain, now))?.end).to.equal(block);
    });

    it("tell who looks where RootChain is not whole that it may be another contract", async () => {
      const [deployer] = await ethers.getSigners();
      const rootChain = await new ScriptedRootChain__factory(deployer).deploy();
      const header = { root: ZeroHash, start: 5n, end: 9n, createdAt: 1n, proposer: ZeroAddress };
      await rootChain.setHeader(30_000n, header);
      expect(await failureOf(findHeader(rootChain, 4n))).to.equal(
        "RootChain's checkpoints reach to block 9, but none has block 4: is this RootChain's address the proxy's?",
      );
    });

    it("tell who looks to connect RootChain", async () => {
      const { rootChain } = await loadFixture(withHeaders);
      const unconnected = IRootChain__factory.connect(await rootChain.getAddress());
      expect(await failureOf(findHeader(unconnected, 1n))).to.equal(
        "RootChain has no provider: connect it to one of Ethereum",
      );
    });
  });

  describe("exits", () => {
    async function withMessage(): Promise<ExitWorld & { hash: string; block: number }> {
      const world = await exitWorld();
      const sent = world.emitter.emitAll([message(1), "0x"]);
      const block = await blockOf(sent);
      await checkpoint(world);
      return { ...world, hash: (await sent).hash, block };
    }

    it("are named by the positions of an emitter's messages in the receipt", async () => {
      const { child, emitter, other } = await loadFixture(withMessage);
      const { hash } = await emitter.emitAround(other, ["0x", message(1)]);
      const receipt = await readReceipt(child, hash);
      expect(messagePositions(receipt, await emitter.getAddress())).to.deep.equal([0, 3]);
      expect(messagePositions(receipt, await other.getAddress())).to.deep.equal([2]);
    });

    it("have ten fields", async () => {
      const world = await loadFixture(withMessage);
      const { child, block, hash } = world;
      const { timestamp, transactionsRoot, receiptsRoot } = await readBlock(child, BigInt(block));
      const receipt = encodeReceipt(await readReceipt(child, hash));
      const fields = decodeRlp(await payloadOf(world, hash)) as string[];
      const [header, proof, ...others] = fields;
      expect([header, others]).to.deep.equal([
        "0x4e20",
        [
          hexlify(ethers.toBeArray(block)),
          hexlify(ethers.toBeArray(timestamp)),
          transactionsRoot,
          receiptsRoot,
          receipt,
          encodeRlp([["0x2080", receipt]]),
          "0x0080",
          "0x",
        ],
      ]);
      expect(ethers.dataLength(proof ?? "") % 32).to.equal(0);
    });

    it("read the blocks of a checkpoint once when trees are kept", async () => {
      const { child, rootChain, hash } = await loadFixture(withMessage);
      const trees = new Map<string, CheckpointTree>();
      let reads = 0;
      const counting = answering(child, {
        eth_getBlockByNumber: (answer) => {
          reads++;
          return answer;
        },
      });
      const request = { child: counting, rootChain, transaction: hash, position: 0, trees };
      const first = await buildExit(request);
      expect(trees.size).to.equal(1);
      reads = 0;
      expect(await buildExit(request)).to.equal(first);
      expect(reads).to.equal(1);
    });

    it("take all receipts of a block at once from a node that gives them", async () => {
      const world = await loadFixture(withMessage);
      const { child, rootChain, hash } = world;
      const all = [await child.send("eth_getTransactionReceipt", [hash])];
      const giving = answering(child, { eth_getBlockReceipts: () => all });
      const payload = await payloadOf(world, hash);
      expect(await buildExit({ child: giving, rootChain, transaction: hash, position: 0 })).to.equal(payload);
      // One more after them, as nodes tell of a state sync from before such receipts were in the trie.
      const more = answering(child, { eth_getBlockReceipts: () => [...all, but({ type: "0x7f" })(all[0])] });
      expect(await buildExit({ child: more, rootChain, transaction: hash, position: 0 })).to.equal(payload);
    });

    it("are refused with what to do", async () => {
      const world = await loadFixture(withMessage);
      const { child, rootChain, emitter, hash, block } = world;
      const failure = async (request: Partial<Parameters<typeof buildExit>[0]>): Promise<string> =>
        failureOf(buildExit({ child, rootChain, transaction: hash, position: 0, ...request }));

      expect(await failure({ transaction: id("nothing") })).to.equal(
        `The node has no receipt of transaction ${id("nothing")}: wait until it is mined, or check the hash and the network`,
      );
      expect(await failure({ position: 2 })).to.equal(
        `Transaction ${hash} has 2 logs, none at position 2: count those of its receipt, from 0`,
      );
      expect(await failure({ position: 1 })).to.equal(
        `Log 1 of transaction ${hash} is no MessageSent: name the position of one that is`,
      );
      const later = await emitter.emitAll([message(2)]);
      expect(await failure({ transaction: later.hash })).to.equal(
        `Block ${block + 2} of transaction ${later.hash} is in no checkpoint (the last one ends with block ${block}): ` +
          "try again after the next one",
      );
      await rootChain.setNextHeaderBlock(10_000n);
      expect(await failure({})).to.equal(
        `Block ${block} of transaction ${hash} is in no checkpoint (there is none yet): try again after the next one`,
      );
    });

    it("are refused when receipts, blocks or RootChain do not agree", async () => {
      const world = await loadFixture(withMessage);
      const { child, rootChain, hash, block } = world;
      const failure = async (own: Record<string, (answer: unknown) => unknown>): Promise<string> =>
        failureOf(buildExit({ child: answering(child, own), rootChain, transaction: hash, position: 0 }));

      const gas = await failure({ eth_getTransactionReceipt: but({ cumulativeGasUsed: "0x1" }) });
      const { receiptsRoot } = await readBlock(child, BigInt(block));
      const wrong = encodeReceipt({ ...(await readReceipt(child, hash)), cumulativeGasUsed: 1n });
      expect(gas).to.equal(
        `The receipts of block ${block} make the root ${receiptsTrie([wrong]).root}, but its header has ${receiptsRoot}: ` +
          "this node serves wrong receipts; ask another",
      );
      const { root, start } = await rootChain.headerBlocks(FIRST);
      const time = await failure({ eth_getBlockByNumber: but({ timestamp: "0x1" }) });
      expect(time).to.match(
        new RegExp(`^Blocks ${start} to ${block} make the root 0x[0-9a-f]{64}, but checkpoint 20000 has ${root}: `),
      );
      expect(time).to.match(/the child node is of another chain or on a fork, or RootChain is another's; check both$/);
      expect(await failure({ eth_getTransactionReceipt: but({ transactionIndex: "0x1" }) })).to.equal(
        `Transaction ${hash} has moved to another block since it was looked up: try again`,
      );
      expect(await failure({ eth_getBlockByNumber: () => null })).to.match(
        /^The node has no block \d+: wait until it has caught up, or ask another$/,
      );
      expect(await failure({ eth_getTransactionReceipt: but({ logsBloom: "0x00" }) })).to.match(
        new RegExp(
          `^The node's answer about the receipt of ${hash} cannot be read; ask another node\\.\\n.*logsBloom`,
          "s",
        ),
      );
    });

    it("are of a transaction that shares its block with others", async () => {
      const world = await exitWorld();
      const hashes = await sentTogether([
        async () => world.other.emitAll([message(1)]),
        async () => world.emitter.emitAll([message(2)]),
        async () => world.emitter.emitAll([message(3)]),
      ]);
      await checkpoint(world);
      for (const [index, hash] of hashes.entries()) {
        const [, , sent] = await world.exits.read(await payloadOf(world, hash));
        expect(sent).to.equal(message(index + 1));
      }
    });
  });
});
