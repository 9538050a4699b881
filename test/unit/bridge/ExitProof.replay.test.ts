import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { concat, decodeRlp, encodeRlp, getBytes, hexlify, keccak256, toBeHex } from "ethers";
import type { RlpStructuredData } from "ethers";
import fc from "fast-check";

import { receiptsTrie, encodeReceipt } from "../../../scripts/lib/bridge/receiptsTrie";
import { readReceipt } from "../../../scripts/lib/bridge/rpc";
import {
  altered,
  bigBlock,
  blockOf,
  bytesOf,
  checkpoint,
  EDGES,
  exitId,
  exitWorld,
  FIRST,
  Field,
  message,
  payloadOf,
  withBigBlock,
} from "../../support/exitWorld";
import type { ExitWorld } from "../../support/exitWorld";
import { tries } from "../../support/properties";
import type { ExitProof__Harness, RawMaskExit__Harness } from "../../typechain-types";

/** Whether the payload would be accepted now. */
async function accepts(exits: ExitProof__Harness | RawMaskExit__Harness, payload: string): Promise<boolean> {
  try {
    await exits.consume.staticCall(payload);
    return true;
  } catch {
    return false;
  }
}

/** One message whose exit is consumed, by the library and by the control. */
async function consumed(): Promise<ExitWorld & { payload: string; block: number }> {
  const world = await exitWorld();
  const { emitter, exits, control } = world;
  const sent = emitter.emitAll([message(1), message(2)]);
  const block = await blockOf(sent);
  await checkpoint(world);
  const payload = await payloadOf(world, (await sent).hash);
  await exits.consume(payload);
  await control.consume(payload);
  return { ...world, payload, block };
}

describe("ExitProof: once and no more", () => {
  it("A57: tells who consumed an exit that it is used, and leaves the other messages of the receipt", async () => {
    const { exits, emitter, payload, block } = await loadFixture(consumed);
    await expect(exits.consume(payload))
      .to.be.revertedWithCustomError(exits, "ExitUsed")
      .withArgs(exitId(block, "0x80", 0));
    await expect(exits.consume(altered(payload, { position: "0x01" })))
      .to.emit(exits, "Consumed")
      .withArgs(exitId(block, "0x80", 1), await emitter.getAddress(), message(2));
  });

  it("A57: knows one path, none of the 255 with another first byte; the old rule pays 223 times more", async () => {
    const { exits, control, payload, block } = await loadFixture(consumed);
    const verdicts = { library: 0, control: 0 };
    for (let first = 0; first < 256; ++first) {
      const path = concat([toBeHex(first, 1), "0x80"]);
      const forged = altered(payload, { path });
      if (await accepts(control, forged)) verdicts.control++;
      if (await accepts(exits, forged)) verdicts.library++;
      if (first === 0) {
        expect((await exits.read(forged)).exitId).to.equal(exitId(block, "0x80", 0));
      } else {
        await expect(exits.read(forged), path).to.be.revertedWithCustomError(exits, "MalformedPath").withArgs(path);
      }
    }
    expect(verdicts).to.deep.equal({ library: 0, control: 223 });
  });

  it("A57: knows no path of an odd length, with a leading zero, in a longer form, or without an index", async () => {
    const { exits, payload } = await loadFixture(consumed);
    const malformed = [
      "0x",
      "0x00",
      "0x80",
      "0x0000",
      "0x10",
      "0x1080",
      "0x0080ff",
      "0x00c0",
      "0x008100",
      "0x008180ff",
    ];
    const longer = ["0x00820000", "0x00820080", "0x00b80180", "0x00b80105", "0x0083000100", "0x3080", "0x000080"];
    for (const path of [...malformed, ...longer, `0x00a1${"ff".repeat(33)}`, `0x00${"ff".repeat(64)}`]) {
      await expect(exits.read(altered(payload, { path })), path)
        .to.be.revertedWithCustomError(exits, "MalformedPath")
        .withArgs(path);
    }
  });

  it("A57: takes the path of every index for its own alone", async () => {
    const { exits, hashes, ...world } = await loadFixture(withBigBlock);
    for (const [index, key] of Object.entries(EDGES)) {
      const payload = await payloadOf({ ...world, exits }, hashes[Number(index)] ?? "");
      expect((decodeRlp(payload) as string[])[Field.path]).to.equal(concat(["0x00", key]));
      const stem = key.slice(2);
      for (const path of [`0x20${stem}`, `0x1${stem}0`, `0x00${stem}00`, `0x0081${stem}`, `0x0000${stem}`]) {
        // 0x81 before a byte from 0x80 on is the right form: the path of another index.
        if (path === "0x008180") continue;
        await expect(exits.read(altered(payload, { path })), path)
          .to.be.revertedWithCustomError(exits, "MalformedPath")
          .withArgs(path);
      }
    }
  });

  it("A57: is the same exit with the position or any number in another form", async () => {
    const { exits, payload, block } = await loadFixture(consumed);
    const used = exitId(block, "0x80", 0);
    const fields = decodeRlp(payload) as string[];
    const forms = [
      altered(payload, { position: "0x00" }),
      altered(payload, { position: "0x0000" }),
      altered(payload, { position: toBeHex(0, 32) }),
      altered(payload, { header: toBeHex(FIRST, 32) }),
      altered(payload, { number: toBeHex(block, 32) }),
      encodeRlp(fields.map((field, place) => (place === 3 ? toBeHex(BigInt(field), 32) : field))),
    ];
    for (const form of forms) {
      await expect(exits.consume(form)).to.be.revertedWithCustomError(exits, "ExitUsed").withArgs(used);
    }
  });

  it("A57: is the same exit with nodes behind the leaf", async () => {
    const { exits, payload, block } = await loadFixture(consumed);
    const fields = decodeRlp(payload) as string[];
    const nodes = decodeRlp(fields[7] ?? "") as RlpStructuredData[];
    const longer = encodeRlp([...nodes, ...nodes, encodeRlp("0x")]);
    const form = encodeRlp(fields.map((field, place) => (place === 7 ? longer : field)));
    await expect(exits.consume(form))
      .to.be.revertedWithCustomError(exits, "ExitUsed")
      .withArgs(exitId(block, "0x80", 0));
  });

  it("A57: is the same exit when its block is checkpointed again under another id", async () => {
    const world = await loadFixture(consumed);
    const { exits, rootChain, emitter, payload, block } = world;
    const [log] = await emitter.queryFilter(emitter.filters.MessageSent, block, block);
    await rootChain.setNextHeaderBlock(FIRST);
    await checkpoint(world, block - 1);
    await checkpoint(world, block);
    const again = await payloadOf(world, log?.transactionHash ?? "");
    expect((decodeRlp(again) as string[])[Field.header]).to.equal(bytesOf(FIRST + 10_000n));
    expect(again).not.to.equal(payload);
    await expect(exits.consume(again))
      .to.be.revertedWithCustomError(exits, "ExitUsed")
      .withArgs(exitId(block, "0x80", 0));
  });

  it("A57: proves the same or nothing when 400 payloads are damaged, so that none is accepted again", async () => {
    const { exits, payload } = await loadFixture(consumed);
    const bytes = getBytes(payload);
    const proven = await exits.read(payload);
    const damage = fc.record({
      place: fc.nat(bytes.length - 1),
      value: fc.integer({ min: 1, max: 255 }),
      kind: fc.constantFrom("flip", "insert", "delete"),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ place, value, kind }) => {
        const [head, tail] = [bytes.slice(0, place), bytes.slice(place)];
        const first = tail[0] ?? 0;
        const middle = {
          flip: [first ^ value, ...tail.slice(1)],
          insert: [value, ...tail],
          delete: [...tail.slice(1)],
        };
        const damaged = hexlify(Uint8Array.from([...head, ...middle[kind]]));
        expect(await accepts(exits, damaged)).to.equal(false);
        const read = await exits.read(damaged).catch(() => proven);
        expect(read).to.deep.equal(proven);
      }),
      tries(400),
    );
  });

  describe("a node of the trie in the place of a receipt", () => {
    /** Nodes from the root of the big block's trie to its receipt 128, and what a node further in is called by. */
    async function inner(): Promise<ExitWorld & { root: string; nodes: RlpStructuredData[]; payload: string }> {
      const world = await exitWorld();
      const hashes = await bigBlock(world);
      await checkpoint(world);
      const receipts = await Promise.all(hashes.map((hash) => readReceipt(world.child, hash)));
      const trie = receiptsTrie(receipts.map(encodeReceipt));
      const payload = await payloadOf(world, hashes[128] ?? "");
      return { ...world, root: trie.root, nodes: trie.proof(128), payload };
    }

    const forged = (payload: string, receipt: string, path: string, nodes: RlpStructuredData[]): string => {
      const fields = decodeRlp(altered(payload, { receipt, path })) as string[];
      return encodeRlp(fields.map((field, place) => (place === 7 ? encodeRlp(nodes) : field)));
    };

    it("A57: is proven by the walk along a path that ends at an extension, but is the path of no transaction", async () => {
      const { exits, control, root, nodes, payload } = await loadFixture(inner);
      // Keys 8180 to 818b share the nibbles 8, 1, 8: root, branch at 8, extension below 1.
      const [path, upper] = ["0x1818", nodes.slice(0, 3)];
      const extension = nodes[2] as string[];
      expect(extension).to.have.length(2);
      const reference = keccak256(encodeRlp(nodes[3] ?? "0x"));
      expect(extension[1]).to.equal(reference);
      expect(await control.walk(reference, path, encodeRlp(upper), root)).to.equal(true);
      await expect(exits.read(forged(payload, reference, path, upper)))
        .to.be.revertedWithCustomError(exits, "MalformedPath")
        .withArgs(path);
    });

    it("A57: is proven by the walk along a path that ends at a branch, but is the path of no transaction", async () => {
      const { exits, control, root, nodes, payload } = await loadFixture(inner);
      const [path, upper] = ["0x18", nodes.slice(0, 2)];
      expect(nodes[1]).to.have.length(17);
      expect(await control.walk("0x", path, encodeRlp(upper), root)).to.equal(true);
      await expect(exits.read(forged(payload, "0x", path, upper)))
        .to.be.revertedWithCustomError(exits, "MalformedPath")
        .withArgs(path);
    });
  });
});
