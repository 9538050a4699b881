import { setCode, setStorageAt, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { dataLength, zeroPadValue } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import { exact } from "../../scripts/lib/amounts";
import { STATE_RECEIVER } from "../../scripts/lib/bridge/stateSync";
import { sentUp } from "../../scripts/lib/bridge/messages";
import { readReceipt } from "../../scripts/lib/bridge/rpc";
import { isProcessed, messageStatus, refillTime } from "../../scripts/lib/bridge/status";
import { durationOf } from "../../scripts/lib/times";
import { ChildBridgeAdapter__factory } from "../../typechain-types";
import { HELD, LIMITS, bridgedFixture, deliver, proofOf, submitCheckpoint } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { bring, callerWith, deposit, sentLine, twoChains, twoWithdrawals, withdrawal } from "../support/bridgeTasks";
import type { TwoChains } from "../support/bridgeTasks";
import { failureOf } from "../support/failures";
import { DAY, ONE } from "../support/fixture";
import { tries } from "../support/properties";
import { SLOTS } from "../support/upgrades";

const UNKNOWN = zeroPadValue("0x01", 32);

describe("task bridge:status", () => {
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
  });

  afterEach(async () => {
    await chains.close();
  });

  describe("of a message to Polygon", () => {
    const status = async (tx: string): Promise<string[]> => (await chains.status("ethereum", { tx })).lines;

    it("sent: without a node of Polygon, says how to see more", async () => {
      const tx = await deposit(context, 12n * ONE + 5n);
      const { lines } = await chains.status("ethereum", { tx, otherRpc: undefined });
      expect(lines).to.deep.equal([
        `Message 1 to Polygon: 12.000000000000000005 ankrMATIC for ${bob}, ${await sentLine(tx)}`,
        "To see where it is, name a node of Polygon with --other-rpc, or OTHER_RPC_URL in the environment.",
      ]);
    });

    it("on its way, with its age and the number of its state sync", async () => {
      const tx = await deposit(context, ONE);
      await time.increase(725n);
      expect(await status(tx)).to.deep.equal([
        `Message 1 to Polygon: 1 ankrMATIC for ${bob}, ${await sentLine(tx)}`,
        "On its way, as state sync 1: it arrives 22 to 30 minutes after it was sent.",
      ]);
      expect(await sentLine(tx)).to.match(/, 13 minutes ago$/);
    });

    it("delivered and minted", async () => {
      const tx = await deposit(context, ONE);
      await deliver(context);
      expect((await status(tx)).slice(1)).to.deep.equal([`Delivered and minted: nothing waits for ${bob}.`]);
    });

    it("delivered, and waiting for the limit: how much, until when, and who can make it move", async () => {
      const { child } = context;
      const tx = await deposit(context, 13_000n * ONE);
      await deliver(context);
      await time.increase(3_600n);
      const blockTag = await ethers.provider.getBlockNumber();
      const now = await child.adapter.remainingMint({ blockTag });
      expect(now).to.be.within(416n * ONE, 417n * ONE);
      const seconds = ((3_000n * ONE - now) * DAY + LIMITS.mintingLimitWei - 1n) / LIMITS.mintingLimitWei;
      expect((await status(tx)).slice(1)).to.deep.equal([
        "Delivered.",
        `3,000 ankrMATIC wait for ${bob}, of this message or others, and ${exact(now)} can be paid now: anyone can call ` +
          `payPending(${bob}) of ${childAddress}.`,
        `All can be paid in ${durationOf(seconds)}, if nobody else uses the daily limit of 10,000; it refills evenly.`,
      ]);
      await time.increase(seconds);
      expect((await status(tx)).slice(2)).to.deep.equal([
        `3,000 ankrMATIC wait for ${bob}, of this message or others, and all can be paid now: anyone can call ` +
          `payPending(${bob}) of ${childAddress}.`,
      ]);
      await child.adapter.payPending(bob);
      expect((await status(tx)).slice(1)).to.deep.equal([`Delivered and minted: nothing waits for ${bob}.`]);
    });

    it("more waits than the limit of a day: it is paid in parts", async () => {
      const tx = await deposit(context, 50_000n * ONE);
      await deliver(context);
      expect((await status(tx))[3]).to.equal(
        "All can be paid in 4 days, in parts, as they are more than the limit, if nobody else uses the daily limit of " +
          "10,000; it refills evenly.",
      );
      expect((await status(tx))[2]).to.include(", and none can be paid now: ");
    });

    it("the limit is 0: it waits until that is raised", async () => {
      const { child, actors } = context;
      await child.token.connect(actors.guardian).lowerMintingLimit(child.adapter, 0n);
      const tx = await deposit(context, 5n * ONE);
      await deliver(context);
      expect((await status(tx))[3]).to.equal(
        "The daily limit is 0, and the cap on the supply leaves 1,000,000: the rest waits until they are raised.",
      );
    });

    it("the rate alone", async () => {
      const { hash } = await context.bridge.syncRate();
      expect(await status(hash)).to.deep.equal([
        `Message 1 to Polygon: the rate alone, ${await sentLine(hash)}`,
        "On its way, as state sync 1: it arrives 22 to 30 minutes after it was sent.",
      ]);
      await deliver(context);
      expect((await status(hash)).slice(1)).to.deep.equal(["Delivered."]);
    });

    it("B24: failed on Polygon: says why it would fail again, then that it would not, and how to replay it", async () => {
      const { child, fx, actors } = context;
      const good = await ethers.provider.getStorage(childAddress, SLOTS.implementation);
      const wiring = { fxChild: actors.deployer, token: child.token, feed: child.feed, peer: bridgeAddress };
      const bad = await new ChildBridgeAdapter__factory(actors.deployer).deploy(wiring);
      await setStorageAt(childAddress, SLOTS.implementation, zeroPadValue(await bad.getAddress(), 32));
      await deposit(context, 7n * ONE);
      const tx = await deposit(context, ONE);
      await deliver(context);
      await deliver(context);
      const failed = "It failed on Polygon, which keeps it as state sync 2: anyone can deliver it again, at any time.";
      const how = `  cast send ${STATE_RECEIVER} "replayFailedStateSync(uint256)" 2 --rpc-url POLYGON_RPC_URL`;
      expect((await status(tx)).slice(1)).to.deep.equal([
        failed,
        `That would fail at present (NotFxChild(${await fx.fxChild.getAddress()})); once this is mended:`,
        how,
      ]);
      await setStorageAt(childAddress, SLOTS.implementation, good);
      expect((await status(tx)).slice(1)).to.deep.equal([failed, "That would succeed now:", how]);
      await fx.stateReceiver.connect(actors.stranger).replayFailedStateSync(2n);
      expect((await status(tx)).slice(1)).to.deep.equal([`Delivered and minted: nothing waits for ${bob}.`]);
    });

    it("failed in a way that has no name: tells what the node says of it", async () => {
      const { fx } = context;
      const code = await ethers.provider.getCode(fx.fxChild);
      await setCode(await fx.fxChild.getAddress(), "0x60006000fd");
      const tx = await deposit(context, ONE);
      await deliver(context);
      expect((await status(tx))[2]).to.match(/^That would fail at present \(.*revert.*\); once this is mended:$/);
      await setCode(await fx.fxChild.getAddress(), code);
      expect((await status(tx))[2]).to.equal("That would succeed now:");
    });

    it("delivered to nobody: neither taken nor kept", async () => {
      const { fx } = context;
      const code = await ethers.provider.getCode(fx.fxChild);
      await setCode(await fx.fxChild.getAddress(), "0x");
      const tx = await deposit(context, ONE);
      await deliver(context);
      await setCode(await fx.fxChild.getAddress(), code);
      expect((await status(tx)).slice(1)).to.deep.equal([
        "State sync 1 was delivered on Polygon, but it was not taken, nor is it kept there: report it, with this transaction.",
      ]);
    });

    it("two in one transaction: each by itself", async () => {
      const contract = await callerWith(context, 10n * ONE);
      const { interface: calls } = context.bridge;
      const data = [
        calls.encodeFunctionData("bridge", [2n * ONE, alice]),
        calls.encodeFunctionData("bridge", [3n * ONE, bob]),
      ];
      const { hash } = await contract.callAll([bridgeAddress, bridgeAddress], data);
      await deliver(context);
      const sent = await sentLine(hash);
      expect(await status(hash)).to.deep.equal([
        `Message 2 to Polygon: 2 ankrMATIC for ${alice}, ${sent}`,
        `Delivered and minted: nothing waits for ${alice}.`,
        `Message 3 to Polygon: 3 ankrMATIC for ${bob}, ${sent}`,
        "On its way, as state sync 3: it arrives 22 to 30 minutes after it was sent.",
      ]);
    });
  });

  describe("of a withdrawal", () => {
    const status = async (tx: string): Promise<string[]> => (await chains.status("polygon", { tx })).lines;

    beforeEach(async () => {
      await bring(context, 8_000n * ONE);
    });

    it("sent: without a node of Ethereum, says how to see more", async () => {
      const tx = await withdrawal(context, ONE);
      const { lines } = await chains.status("polygon", { tx, otherRpc: undefined });
      expect(lines).to.deep.equal([
        `Message 1 to Ethereum: 1 ankrMATIC for ${alice}, ${await sentLine(tx)}`,
        "To see where it is, name a node of Ethereum with --other-rpc, or OTHER_RPC_URL in the environment.",
      ]);
    });

    it("waits for the first checkpoint, then for the next one, then can be proven, then is proven and released", async () => {
      const often = "One comes every 14 to 26 minutes, at times only after hours.";
      const first = await withdrawal(context, ONE);
      const block = (await ethers.provider.getTransactionReceipt(first))?.blockNumber ?? 0;
      expect((await status(first)).slice(1)).to.deep.equal([
        `Waits for a checkpoint that has its block, ${block}: there is none yet. ${often}`,
      ]);
      await submitCheckpoint(context);
      const end = (await context.fx.rootChain.headerBlocks(10_000n)).end;
      const tx = await withdrawal(context, 2n * ONE);
      const later = (await ethers.provider.getTransactionReceipt(tx))?.blockNumber ?? 0;
      expect((await status(tx)).slice(1)).to.deep.equal([
        `Waits for a checkpoint that has its block, ${later}: the last one ends with block ${end}. ${often}`,
      ]);
      await submitCheckpoint(context);
      const { logs } = await readReceipt(ethers.provider, tx);
      const position = logs.findIndex(({ data }) => dataLength(data) === 224);
      expect((await status(tx)).slice(1)).to.deep.equal([
        "It can be proven on Ethereum now, by anyone:",
        `  npx hardhat bridge:exit --tx ${tx} --position ${position} --bridge ${bridgeAddress} --network ETHEREUM ` +
          "--other-rpc POLYGON_RPC_URL",
      ]);
      await context.bridge.receiveMessage(await proofOf(context, tx));
      expect((await status(tx)).slice(1)).to.deep.equal([`Proven and released: nothing waits for ${alice}.`]);
    });

    it("proven, and waiting for the limit of releases", async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.guardian).lowerReleaseLimit(2_000n * ONE);
      const tx = await withdrawal(context, 3_000n * ONE);
      await submitCheckpoint(context);
      await bridge.receiveMessage(await proofOf(context, tx));
      expect((await status(tx)).slice(1)).to.deep.equal([
        "Proven.",
        `1,000 ankrMATIC wait for ${alice}, of this message or others, and none can be paid now: anyone can call ` +
          `payPending(${alice}) of ${bridgeAddress}.`,
        "All can be paid in 12 hours, if nobody else uses the daily limit of 2,000; it refills evenly.",
      ]);
    });

    it("two in one transaction: each by itself", async () => {
      const tx = await twoWithdrawals(context);
      const [three, four] = sentUp(await readReceipt(ethers.provider, tx), childAddress);
      await submitCheckpoint(context);
      await chains.exit({ tx, position: three?.position });
      const sent = await sentLine(tx);
      expect(await status(tx)).to.deep.equal([
        `Message 1 to Ethereum: 3 ankrMATIC for ${alice}, ${sent}`,
        `Proven and released: nothing waits for ${alice}.`,
        `Message 2 to Ethereum: 4 ankrMATIC for ${bob}, ${sent}`,
        "It can be proven on Ethereum now, by anyone:",
        `  npx hardhat bridge:exit --tx ${tx} --position ${four?.position} --bridge ${bridgeAddress} --network ETHEREUM ` +
          "--other-rpc POLYGON_RPC_URL",
      ]);
    });
  });

  describe("what is in the way", () => {
    it("a hash that is none, or unknown; a transaction of the other chain", async () => {
      for (const tx of ["", "0x", "1", `${UNKNOWN}00`, UNKNOWN.slice(2)]) {
        expect(await failureOf(chains.status("ethereum", { tx }))).to.equal(
          `--tx ${tx} is no hash of a transaction: that is 0x and 64 digits from 0 to 9 and a to f`,
        );
      }
      expect(await failureOf(chains.status("ethereum", { tx: UNKNOWN }))).to.equal(
        `The node has no receipt of transaction ${UNKNOWN}: wait until it is mined, or check the hash and the network`,
      );
      const tx = await deposit(context, ONE);
      expect(await failureOf(chains.status("polygon", { tx }))).to.equal(
        `Transaction ${tx} is on the other chain: exchange --network and --other-rpc.`,
      );
    });

    it("a transaction that failed, or that sent nothing over this bridge", async () => {
      const { bridge, token, actors } = context;
      const data = bridge.interface.encodeFunctionData("bridge", [HELD + 1n, bob]);
      const call = { to: bridge, data, gasLimit: 1_000_000n };
      // The embedded network mines what fails, and throws.
      expect(await failureOf(actors.alice.sendTransaction(call))).to.include("ERC20InsufficientBalance");
      const hash = (await ethers.provider.getBlock("latest"))?.transactions[0] ?? "";
      expect(await failureOf(chains.status("ethereum", { tx: hash }))).to.equal(
        `Transaction ${hash} failed, so it sent no message: look up why, and send it again.`,
      );
      const other = await token.connect(actors.alice).transfer(bob, 1n);
      expect(await failureOf(chains.status("ethereum", { tx: other.hash }))).to.equal(
        `Transaction ${other.hash} sent no message over this bridge, of ${bridgeAddress} on Ethereum and ` +
          `${childAddress} on Polygon: check the hash, and the addresses.`,
      );
    });
  });

  describe("for integrators", () => {
    it("B23: isProcessed tells whether a message was proven, and refuses to speak of another log", async () => {
      const { bridge } = context;
      await bring(context, 10n * ONE);
      const tx = await withdrawal(context, 5n * ONE);
      const [message] = sentUp(await readReceipt(ethers.provider, tx), childAddress);
      const position = message?.position ?? -1;
      expect(await isProcessed(bridge, ethers.provider, tx, position)).to.equal(false);
      await submitCheckpoint(context);
      await bridge.receiveMessage(await proofOf(context, tx));
      expect(await isProcessed(bridge, ethers.provider, tx, position)).to.equal(true);
      expect(await failureOf(isProcessed(bridge, ethers.provider, tx, position + 1))).to.equal(
        `Log ${position + 1} of transaction ${tx} is no message of this bridge: those of the transaction are at ${position}`,
      );
      const none = await deposit(context, ONE);
      expect(await failureOf(isProcessed(bridge, ethers.provider, none, 0))).to.equal(
        `Log 0 of transaction ${none} is no message of this bridge: the transaction has none; check the hash and the network`,
      );
    });

    it("messageStatus speaks of both directions", async () => {
      const { bridge, child } = context;
      await bring(context, 10n * ONE);
      const tx = await withdrawal(context, 5n * ONE);
      const ends = { bridge, child: child.adapter };
      const [up] = sentUp(await readReceipt(ethers.provider, tx), childAddress);
      if (up === undefined) throw new Error("there is no message");
      expect(await messageStatus(ends, up)).to.deep.equal({ is: "unchecked", last: undefined });
      const down = { direction: "polygon", nonce: 1n, receiver: bob, shares: 10n * ONE, stateId: 1n } as const;
      expect(await messageStatus(ends, down)).to.deep.equal({ is: "delivered", waiting: undefined });
      expect(await messageStatus(ends, { ...down, nonce: 2n, stateId: 2n })).to.deep.equal({ is: "travelling" });
    });

    it("refillTime is the first second in which the limit lets the amount through", () => {
      const amount = fc.bigInt(1n, 10n ** 24n);
      fc.assert(
        fc.property(amount, amount, amount, (shares, used, limit) => {
          const now = used % (limit + 1n);
          const refilled = (seconds: bigint): bigint => now + (seconds * limit) / DAY;
          const seconds = refillTime(shares, now, limit) ?? -1n;
          expect(refilled(seconds) >= shares).to.equal(true);
          if (seconds > 0n) expect(refilled(seconds - 1n) < shares).to.equal(true);
          expect(seconds === 0n).to.equal(shares <= now);
        }),
        tries(500),
      );
      expect(refillTime(1n, 0n, 0n)).to.equal(undefined);
      expect(refillTime(0n, 0n, 0n)).to.equal(0n);
    });
  });
});
