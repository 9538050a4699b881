import { setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { dataLength, toBeHex, zeroPadValue } from "ethers";
import { ethers } from "hardhat";

import { buildExit } from "../../scripts/lib/bridge/exit";
import { sentUp } from "../../scripts/lib/bridge/messages";
import { readReceipt } from "../../scripts/lib/bridge/rpc";
import { bridgedFixture, proofOf, submitCheckpoint } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { bring, deposit, twoChains, twoWithdrawals, withdrawal } from "../support/bridgeTasks";
import type { TwoChains } from "../support/bridgeTasks";
import { failureOf } from "../support/failures";
import { ONE } from "../support/fixture";
import { hooked } from "../support/senders";

/** Slot of `locked`, in its lowest 96 bits, `lockCap`, `pausedUntil` and `lastNonce` of the end on Ethereum. */
const BRIDGE_STORAGE = "0xdffc18c29a5b0a7aa60c856b7a12d10eaa36ba9b374b4c0a9dd20d813a841600";

/** A word that is the hash, or the root, of nothing. */
const UNKNOWN = zeroPadValue("0x01", 32);

describe("task bridge:exit", () => {
  let context: BridgedContext;
  let chains: TwoChains;
  let alice: string;
  let bob: string;
  let bridgeAddress: string;
  let childAddress: string;

  beforeEach(async () => {
    context = await bridgedFixture();
    chains = await twoChains(context);
    [alice, bob] = [context.actors.alice.address, context.actors.bob.address];
    [bridgeAddress, childAddress] = [await context.bridge.getAddress(), await context.child.adapter.getAddress()];
    await bring(context, 8_000n * ONE);
  });

  afterEach(async () => {
    await chains.close();
  });

  it("B23: proves a withdrawal for whoever it is for, with nothing but two nodes, and anyone pays for it", async () => {
    const { bridge, token, actors } = context;
    const had = await token.balanceOf(alice);
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    const { lines } = await chains.exit({ tx, from: actors.stranger.address });
    const block = await ethers.provider.getBlock("latest");
    expect(lines).to.deep.equal([
      `Message 1 to Ethereum: 5 ankrMATIC for ${alice}: proven, 5 ankrMATIC are released (transaction ` +
        `${block?.transactions[0]}).`,
    ]);
    expect(await token.balanceOf(alice)).to.equal(had + 5n * ONE);
    expect(await bridge.isConsumed(1n)).to.equal(true);
  });

  it("above the limit of releases: says what is released and what waits, and later what still does", async () => {
    const { bridge, actors } = context;
    await bridge.connect(actors.guardian).lowerReleaseLimit(2_000n * ONE);
    const tx = await withdrawal(context, 3_000n * ONE);
    await submitCheckpoint(context);
    const { lines } = await chains.exit({ tx });
    expect(lines[0]).to.match(
      /: proven, 2,000 ankrMATIC are released, and 1,000 wait for the daily limit \(transaction 0x[0-9a-f]{64}\)\.$/,
    );
    const again = await chains.exit({ tx });
    expect(again.lines).to.deep.equal([
      `Message 1 to Ethereum: 3,000 ankrMATIC for ${alice}: already proven.`,
      `1,000 ankrMATIC wait for ${alice}, of this message or others, and none can be paid now: anyone can call ` +
        `payPending(${alice}) of ${bridgeAddress}.`,
      "All can be paid in 12 hours, if nobody else uses the daily limit of 2,000; it refills evenly.",
    ]);
  });

  it("what was proven before is no failure, and sends nothing", async () => {
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    await chains.exit({ tx });
    const block = await ethers.provider.getBlockNumber();
    for (const options of [{}, { dryRun: true }]) {
      const { lines } = await chains.exit({ tx, ...options });
      expect(lines).to.deep.equal([`Message 1 to Ethereum: 5 ankrMATIC for ${alice}: already proven.`]);
    }
    const { lines, notes } = await chains.exit({ tx, print: true });
    expect(lines).to.deep.equal([]);
    expect(notes).to.deep.equal([`Message 1 to Ethereum: 5 ankrMATIC for ${alice}: already proven.`]);
    expect(await ethers.provider.getBlockNumber()).to.equal(block);
  });

  it("somebody else proves it in the same moment: no failure either", async () => {
    const { bridge, actors } = context;
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    const proof = await proofOf(context, tx);
    const before = async (): Promise<void> => {
      await bridge.receiveMessage(proof);
    };
    const slow = hooked(actors.stranger, { before });
    const { lines } = await chains.exit({ tx, network: { signers: [slow] } });
    expect(lines).to.deep.equal([
      `Message 1 to Ethereum: 5 ankrMATIC for ${alice}: already proven, by somebody else meanwhile, who was welcome to it.`,
    ]);
  });

  it("not in a checkpoint yet: says where the last one ends, and to come back", async () => {
    const tx = await withdrawal(context, 5n * ONE);
    const block = (await ethers.provider.getTransactionReceipt(tx))?.blockNumber ?? 0;
    const name = `Message 1 to Ethereum: 5 ankrMATIC for ${alice}`;
    const rest = "One comes every 14 to 26 minutes, at times only after hours. Run this again then.";
    expect(await failureOf(chains.exit({ tx }))).to.equal(
      `${name}. Waits for a checkpoint that has its block, ${block}: there is none yet. ${rest}`,
    );
    const { fx } = context;
    await fx.rootChain.submitHeaderBlock(0n, BigInt(block) - 1n, UNKNOWN);
    expect(await failureOf(chains.exit({ tx, print: true }))).to.equal(
      `${name}. Waits for a checkpoint that has its block, ${block}: the last one ends with block ${block - 1}. ${rest}`,
    );
  });

  it("two in one transaction: one by its position, and the other with all", async () => {
    const tx = await twoWithdrawals(context);
    const [three, four] = sentUp(await readReceipt(ethers.provider, tx), childAddress);
    await submitCheckpoint(context);
    const one = await chains.exit({ tx, position: four?.position });
    expect(one.lines).to.have.length(1);
    expect(one.lines[0]).to.include(`Message 2 to Ethereum: 4 ankrMATIC for ${bob}: proven, 4 ankrMATIC are released`);
    const all = await chains.exit({ tx });
    expect(all.lines[0]).to.include(
      `Message 1 to Ethereum: 3 ankrMATIC for ${alice}: proven, 3 ankrMATIC are released`,
    );
    expect(all.lines[1]).to.equal(`Message 2 to Ethereum: 4 ankrMATIC for ${bob}: already proven.`);
    const places = `${three?.position}, ${four?.position}`;
    expect(await failureOf(chains.exit({ tx, position: 0 }))).to.equal(
      `--position 0 is no message of this bridge: those of the transaction are at ${places}; leave it out to prove all ` +
        "of them.",
    );
  });

  it("B23: --print prints the proofs alone, which are accepted, and sends nothing", async () => {
    const { bridge } = context;
    const tx = await twoWithdrawals(context);
    await submitCheckpoint(context);
    const block = await ethers.provider.getBlockNumber();
    const { lines, notes } = await chains.exit({ tx, print: true, network: { signers: [] } });
    expect(await ethers.provider.getBlockNumber()).to.equal(block);
    expect(notes).to.deep.equal([]);
    const { rootChain } = context.fx;
    const positions = sentUp(await readReceipt(ethers.provider, tx), childAddress).map(({ position }) => position);
    expect(lines).to.have.length(2);
    for (const [index, position] of positions.entries()) {
      const child = ethers.provider;
      expect(lines[index]).to.equal(await buildExit({ child, rootChain, transaction: tx, position }));
      await bridge.receiveMessage(lines[index] ?? "");
    }
  });

  it("--dry-run tells whether the proof is accepted, and sends nothing", async () => {
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    const [block, proof] = [await ethers.provider.getBlockNumber(), await proofOf(context, tx)];
    const { lines } = await chains.exit({ tx, dryRun: true, network: { signers: [] } });
    expect(lines).to.deep.equal([
      `Message 1 to Ethereum: 5 ankrMATIC for ${alice}: the proof, of ${dataLength(proof)} bytes, is accepted; ` +
        "5 ankrMATIC would be released.",
      "Dry run: nothing is sent.",
    ]);
    expect(await ethers.provider.getBlockNumber()).to.equal(block);
  });

  it("a proof that is refused is not sent: the reason is told", async () => {
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    const word = BigInt(await ethers.provider.getStorage(bridgeAddress, BRIDGE_STORAGE));
    await setStorageAt(bridgeAddress, BRIDGE_STORAGE, toBeHex((word >> 96n) << 96n, 32));
    const block = await ethers.provider.getBlockNumber();
    expect(await failureOf(chains.exit({ tx }))).to.equal(`It was refused: AboveLocked(${5n * ONE}, 0)`);
    expect(await ethers.provider.getBlockNumber()).to.equal(block);
    await setStorageAt(bridgeAddress, BRIDGE_STORAGE, toBeHex(word, 32));
  });

  it("B25: a node with wrong receipts is told from a right one, and never believed", async () => {
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    const { polygon } = chains;
    polygon.distort = (method, answer) =>
      method === "eth_getTransactionReceipt" ? { ...(answer as object), cumulativeGasUsed: "0x1" } : answer;
    expect(await failureOf(chains.exit({ tx }))).to.match(
      /^The receipts of block \d+ make the root .*: this node serves wrong receipts; ask another$/,
    );
  });

  it("without a node of Polygon, or with a transaction that is none of a withdrawal, says what to do", async () => {
    const { bridge, actors } = context;
    const tx = await deposit(context, ONE);
    expect(await failureOf(chains.exit({ tx, otherRpc: undefined }))).to.equal(
      "--other-rpc is missing: name the URL of a node of Polygon, or set OTHER_RPC_URL in the environment.",
    );
    expect(await failureOf(chains.exit({ tx }))).to.equal(
      `Transaction ${tx} is on the other chain: withdrawals are sent on Polygon; where a message to Polygon is, ` +
        "bridge:status tells.",
    );
    const other = await context.child.token.connect(actors.bob).transfer(alice, 1n);
    expect(await failureOf(chains.exit({ tx: other.hash }))).to.equal(
      `Transaction ${other.hash} has no withdrawal of ${childAddress} in it: check the hash, and the addresses of the bridge.`,
    );
    expect(await failureOf(chains.exit({ tx: "0x12" }))).to.match(/^--tx 0x12 is no hash of a transaction: /);
    expect(await bridge.isConsumed(1n)).to.equal(false);
  });

  it("on a network without accounts, says so, once there is something to send", async () => {
    const tx = await withdrawal(context, 5n * ONE);
    await submitCheckpoint(context);
    expect(await failureOf(chains.exit({ tx, network: { signers: [] } }))).to.equal(
      "No account can send on this network: put DEPLOYER_PRIVATE_KEY, 32 bytes in hexadecimal, into the environment or .env",
    );
  });

  it("reads a checkpoint once for all messages of a transaction", async () => {
    const tx = await twoWithdrawals(context);
    await submitCheckpoint(context);
    let reads = 0;
    chains.polygon.distort = (method, answer) => {
      if (method === "eth_getBlockByNumber" && (answer as { number: string }).number === "0x0") reads++;
      return answer;
    };
    expect((await chains.exit({ tx })).lines).to.have.length(2);
    expect(reads).to.equal(1);
  });
});
