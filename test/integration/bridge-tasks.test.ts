import { setBalance, setCode, setStorageAt, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, ZeroAddress, concat, formatEther, getAddress, keccak256, toBeHex } from "ethers";
import { ethers } from "hardhat";

import { exact } from "../../scripts/lib/amounts";
import { durationOf } from "../../scripts/lib/times";
import { HELD, LIMITS, bridgedFixture, deliver } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { conversation, twoChains } from "../support/bridgeTasks";
import type { Conversation, TwoChains } from "../support/bridgeTasks";
import { failureOf } from "../support/failures";
import { DAY, ONE } from "../support/fixture";
import { grow } from "../support/growth";

/** Where OpenZeppelin's ERC-20 keeps balances: the first field of its namespace. */
const BALANCES = "0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00";

const NOBODY = getAddress(toBeHex(0xdead, 20));

describe("task bridge:send", () => {
  let context: BridgedContext;
  let chains: TwoChains;

  beforeEach(async () => {
    context = await bridgedFixture();
    chains = await twoChains(context);
  });

  afterEach(async () => {
    await chains.close();
  });

  /** Function of an end that the last block called. */
  async function calledLast(): Promise<string | undefined> {
    const [transaction] = (await ethers.provider.getBlock("latest", true))?.prefetchedTransactions ?? [];
    const data = transaction?.data ?? "0x";
    return (
      context.bridge.interface.parseTransaction({ data }) ?? context.child.adapter.interface.parseTransaction({ data })
    )?.name;
  }

  /** Brings shares of alice to her on Polygon. */
  async function bring(shares: bigint): Promise<void> {
    const { bridge, actors } = context;
    await bridge.connect(actors.alice).bridge(shares, actors.alice);
    await deliver(context);
  }

  const from = (): string => context.actors.alice.address;
  const send = (options: Parameters<TwoChains["send"]>[1]): Promise<Conversation> =>
    chains.send("ethereum", { from: from(), ...options });
  const sendBack = (options: Parameters<TwoChains["send"]>[1]): Promise<Conversation> =>
    chains.send("polygon", { from: from(), ...options });

  describe("to Polygon", () => {
    it("tells who sends what to whom, what it is worth, both limits and how long it takes", async () => {
      await grow(context, 54_321n * ONE);
      const { pool, actors } = context;
      const [assets, supply] = [await pool.totalAssets(), await pool.totalShares()];
      expect(assets).to.be.greaterThan(supply);
      const { lines } = await send({ amount: "12.5", to: actors.bob.address, dryRun: true });
      expect(lines).to.deep.equal([
        `sender     ${from()}`,
        "has        100,000 ankrMATIC",
        `sends      12.5 ankrMATIC, worth ${formatEther((125n * (ONE / 10n) * assets) / supply)} MATIC at the present rate`,
        `receiver   ${actors.bob.address} on Polygon`,
        "limit      500,000 ankrMATIC can be locked now",
        "arrival    10,000 ankrMATIC can be minted on Polygon now",
        "takes      22 to 30 minutes",
        "Dry run: nothing is sent. It would be bridge, for which the allowance is there.",
      ]);
    });

    it("without a node of Polygon, says that it cannot see the limit there", async () => {
      const { lines } = await send({ dryRun: true, otherRpc: undefined });
      expect(lines[5]).to.equal("arrival    unknown: to see the limit on Polygon, name a node of it with --other-rpc");
      expect(lines).to.have.length(8);
    });

    it("sends to the wei, with the allowance that is there, and tells how to follow the message", async () => {
      const { bridge, token, actors } = context;
      const { lines } = await send({ amount: "1.234567890123456789", to: actors.bob.address });
      expect(await calledLast()).to.equal("bridge");
      expect(await token.balanceOf(actors.alice)).to.equal(HELD - 1_234_567_890_123_456_789n);
      expect(await bridge.locked()).to.equal(1_234_567_890_123_456_789n);
      const hash = (await ethers.provider.getBlock("latest"))?.transactions[0] ?? "";
      expect(lines.slice(7)).to.deep.equal([
        `Sent 1.234567890123456789 ankrMATIC to ${actors.bob.address} on Polygon, as message 1 (transaction ${hash})`,
        `Where it is: npx hardhat bridge:status --tx ${hash} --bridge ${await bridge.getAddress()} --network ethereum ` +
          "--other-rpc POLYGON_RPC_URL",
      ]);
      await deliver(context);
      expect(await context.child.token.balanceOf(actors.bob)).to.equal(1_234_567_890_123_456_789n);
    });

    it("without an allowance signs a permit: one transaction, and no allowance is left", async () => {
      const { bridge, token, actors } = context;
      await token.connect(actors.alice).approve(bridge, 0n);
      const nonce = await actors.alice.getNonce();
      const { lines } = await send({ amount: "10", dryRun: true });
      expect(lines.at(-1)).to.equal(
        "Dry run: nothing is sent. It would be bridgeWithPermit, after a signed permit over 10 ankrMATIC.",
      );
      await send({ amount: "10" });
      expect(await calledLast()).to.equal("bridgeWithPermit");
      expect((await actors.alice.getNonce()) - nonce).to.equal(1);
      expect(await token.allowance(actors.alice, bridge)).to.equal(0n);
      expect(await bridge.locked()).to.equal(10n * ONE);
    });

    it("all sends what there is, to the wei, and the receiver is the sender if none is named", async () => {
      const { token, actors, bridge } = context;
      await token.connect(actors.alice).transfer(actors.bob, 1n);
      const { lines } = await send({ amount: "all" });
      expect(await token.balanceOf(actors.alice)).to.equal(0n);
      expect(await bridge.locked()).to.equal(HELD - 1n);
      expect(lines[3]).to.equal(`receiver   ${actors.alice.address} on Polygon`);
    });

    it("a dry run sends nothing and signs nothing", async () => {
      const { token, actors, bridge } = context;
      await token.connect(actors.alice).approve(bridge, 0n);
      const [block, nonce] = [await ethers.provider.getBlockNumber(), await actors.alice.getNonce()];
      const talk = conversation(true, false);
      await send({ dryRun: true, yes: false, talk });
      expect(talk.questions).to.deep.equal([]);
      expect(await ethers.provider.getBlockNumber()).to.equal(block);
      expect(await actors.alice.getNonce()).to.equal(nonce);
      expect(await token.nonces(actors.alice)).to.equal(0n);
    });

    it("the end may be known from the other one alone, if a node of Polygon is named", async () => {
      const { child, bridge } = context;
      await send({ bridge: undefined, child: await child.adapter.getAddress() });
      expect(await bridge.locked()).to.equal(ONE);
    });
  });

  describe("back to Ethereum", () => {
    it("tells the same of the way back", async () => {
      await grow(context, 54_321n * ONE);
      await bring(1_000n * ONE);
      const { feed } = context.child;
      const [assets, supply] = await feed.totals();
      const { lines } = await sendBack({ amount: "400", dryRun: true });
      expect(lines).to.deep.equal([
        `sender     ${from()}`,
        "has        1,000 ankrMATIC",
        `sends      400 ankrMATIC, worth ${formatEther((400n * ONE * assets) / supply)} MATIC at the present rate`,
        `receiver   ${from()} on Ethereum`,
        "limit      1,000 ankrMATIC can be sent back now",
        "arrival    10,000 ankrMATIC can be released on Ethereum now",
        "takes      30 minutes to 3 hours, then anyone can prove it with bridge:exit",
        "Dry run: nothing is sent. It would be withdraw, for which the allowance is there.",
      ]);
    });

    it("withdraws, with a permit if there is no allowance", async () => {
      const { child, actors } = context;
      await bring(1_000n * ONE);
      const { lines } = await sendBack({ amount: "400", to: actors.carol.address });
      expect(await calledLast()).to.equal("withdraw");
      const hash = (await ethers.provider.getBlock("latest"))?.transactions[0] ?? "";
      expect(lines.slice(7)).to.deep.equal([
        `Sent 400 ankrMATIC to ${actors.carol.address} on Ethereum, as message 1 (transaction ${hash})`,
        `Where it is: npx hardhat bridge:status --tx ${hash} --child ${await child.adapter.getAddress()} ` +
          "--network polygon --other-rpc ETHEREUM_RPC_URL",
      ]);
      await child.token.connect(actors.alice).approve(child.adapter, 0n);
      await sendBack({ amount: "all" });
      expect(await calledLast()).to.equal("withdrawWithPermit");
      expect(await child.token.balanceOf(actors.alice)).to.equal(0n);
      expect(await child.token.allowance(actors.alice, child.adapter)).to.equal(0n);
      expect(await child.adapter.minted()).to.equal(0n);
    });

    it("more than the daily limit of the way back, or than is left of it, fails with what is left", async () => {
      await bring(8_000n * ONE);
      expect(await failureOf(sendBack({ amount: "5000.000000000000000001" }))).to.equal(
        "5,000.000000000000000001 ankrMATIC are above the daily limit of the way back, and 5,000 can be sent back now; " +
          "it refills over a day: wait, or send less.",
      );
      await sendBack({ amount: "5000" });
      expect(await failureOf(sendBack({ amount: "3000" }))).to.match(
        /^3,000 ankrMATIC are above the daily limit of the way back, and (none|0\.\d+) can be sent back now; it refills over a day: wait/,
      );
    });

    it("more than this bridge minted fails: the rest came by another", async () => {
      const { child, actors } = context;
      const slot = keccak256(
        AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [actors.alice.address, BALANCES]),
      );
      await setStorageAt(await child.token.getAddress(), slot, 100n * ONE);
      expect(await failureOf(sendBack({ amount: "all" }))).to.equal(
        "100 ankrMATIC are more than the 0 that this bridge has minted: the rest came by another bridge and goes back " +
          "by that. Send at most 0.",
      );
    });

    it("where the first rate came too late to be taken, says that no worth is known yet", async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.alice).bridge(10n * ONE, actors.alice);
      await time.increase(60n * DAY);
      await deliver(context);
      const { lines } = await sendBack({ amount: "10", dryRun: true });
      expect(lines[2]).to.equal("sends      10 ankrMATIC, whose worth is not known here yet");
    });
  });

  describe("asking", () => {
    it("asks once, with what goes where, and does it on a yes", async () => {
      const { questions } = await send({ amount: "100", yes: false });
      expect(questions).to.deep.equal([`Send 100 ankrMATIC to ${from()} on Polygon? This cannot be undone`]);
      expect(await context.bridge.locked()).to.equal(100n * ONE);
    });

    it("does nothing on a no", async () => {
      const { lines } = await send({ yes: false, talk: conversation(false) });
      expect(lines.at(-1)).to.equal("Nothing was sent.");
      expect(await context.bridge.locked()).to.equal(0n);
    });

    it("where nobody can answer, refuses without --yes and says so; with it, does it", async () => {
      const talk = conversation(true, false);
      expect(await failureOf(send({ yes: false, talk }))).to.equal(
        "Nobody can be asked, as the input is not a terminal: add --yes to send without a question.",
      );
      expect(talk.lines).to.have.length(7);
      expect(await context.bridge.locked()).to.equal(0n);
      await send({ talk });
      expect(talk.questions).to.deep.equal([]);
      expect(await context.bridge.locked()).to.equal(ONE);
    });
  });

  describe("warnings", () => {
    /** The warnings of a dry run. */
    const warningsOf = async (options: Parameters<TwoChains["send"]>[1], back = false): Promise<string[]> => {
      const { lines } = await (back ? sendBack : send)({ dryRun: true, ...options });
      return lines.filter((line) => line.startsWith("warning    ")).map((line) => line.slice(11));
    };

    it("what the limit on Polygon would let wait, and for how long", async () => {
      expect(await warningsOf({ amount: "10000" })).to.deep.equal([]);
      expect(await warningsOf({ amount: "12000" })).to.deep.equal([
        "2,000 would have to wait at the limit there. All can be paid in 4 hours 48 minutes, if nobody else uses the " +
          "daily limit of 10,000; it refills evenly.",
      ]);
      expect(await warningsOf({ amount: "25000" })).to.deep.equal([
        "15,000 would have to wait at the limit there. All can be paid in 1 day 12 hours, in parts, as they are more " +
          "than the limit, if nobody else uses the daily limit of 10,000; it refills evenly.",
      ]);
    });

    it("what waits there for the receiver already counts", async () => {
      const { bridge, child, actors } = context;
      await bridge.connect(actors.alice).bridge(15_000n * ONE, actors.alice);
      await deliver(context);
      await time.increase(DAY / 4n);
      const blockTag = await ethers.provider.getBlockNumber();
      const now = await child.adapter.remainingMint({ blockTag });
      expect(now).to.be.within(2_500n * ONE, 2_501n * ONE);
      const rest = 6_000n * ONE - now;
      const seconds = (rest * DAY + LIMITS.mintingLimitWei - 1n) / LIMITS.mintingLimitWei;
      expect(await warningsOf({ amount: "1000" })).to.deep.equal([
        `${exact(rest)} would have to wait at the limit there. All can be paid in ${durationOf(seconds)}, if nobody else ` +
          "uses the daily limit of 10,000; it refills evenly.",
      ]);
    });

    it("a limit of zero: the rest waits until it is raised", async () => {
      const { child, actors } = context;
      await child.token.connect(actors.guardian).lowerMintingLimit(child.adapter, 0n);
      expect(await warningsOf({ amount: "12" })).to.deep.equal([
        "12 would have to wait at the limit there. The daily limit is 0, and the cap on the supply leaves 1,000,000: " +
          "the rest waits until they are raised.",
      ]);
    });

    it("what the limit of releases would let wait", async () => {
      const { bridge, actors } = context;
      await bring(5_000n * ONE);
      await bridge.connect(actors.guardian).lowerReleaseLimit(2_000n * ONE);
      expect(await warningsOf({ amount: "3000" }, true)).to.deep.equal([
        "1,000 would have to wait at the limit there. All can be paid in 12 hours, if nobody else uses the daily " +
          "limit of 2,000; it refills evenly.",
      ]);
    });

    it("a receiver that is a contract here and nothing there", async () => {
      const { pool, actors } = context;
      const to = await pool.getAddress();
      expect(await warningsOf({ to })).to.deep.equal([]);
      chains.polygon.hidden.add(to.toLowerCase());
      expect(await warningsOf({ to })).to.deep.equal([
        `${to} is a contract here, but there is none at that address on Polygon: what it gets there may be out of reach ` +
          "for ever. Name another account with --to.",
      ]);
      expect(await warningsOf({ to, otherRpc: undefined })).to.deep.equal([
        `${to} is a contract here: make sure that it can move what it gets on Polygon.`,
      ]);
      expect(await warningsOf({ to: actors.bob.address })).to.deep.equal([]);
    });

    it("but not one that is an account with code by EIP-7702", async () => {
      const { pool, actors } = context;
      await setCode(actors.bob.address, concat(["0xef0100", await pool.getAddress()]));
      chains.polygon.hidden.add(actors.bob.address.toLowerCase());
      expect(await warningsOf({ to: actors.bob.address })).to.deep.equal([]);
    });
  });

  describe("what is in the way", () => {
    it("a pause: tells until when, and that the way back is open", async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.guardian).pauseBridging(DAY);
      const until = BigInt(await time.latest()) + DAY;
      const text = new Date(Number(until) * 1_000).toISOString();
      expect(await failureOf(send({ dryRun: true }))).to.equal(
        `Bridging to Polygon is paused until ${text.slice(0, 10)} ${text.slice(11, 19)} UTC: try again then. ` +
          "The way back is open all the time.",
      );
      await time.increaseTo(until);
      await send({});
      expect(await bridge.locked()).to.equal(ONE);
    });

    it("the cap on what is locked, in part and in whole", async () => {
      const { bridge } = context;
      const { params, manager, actors } = context;
      const lower = bridge.interface.encodeFunctionData("setLockCap", [40n * ONE]);
      await manager.connect(actors.manager).schedule(bridge, lower, 0);
      await time.increase(params.delays.managerSeconds);
      await manager.connect(actors.manager).execute(bridge, lower);
      expect(await failureOf(send({ amount: "40.000000000000000001" }))).to.equal(
        "40.000000000000000001 ankrMATIC are more than the 40 that can still be locked: send at most 40.",
      );
      await send({ amount: "40" });
      expect(await failureOf(send({ amount: "1" }))).to.equal(
        "As much is locked as may be: nothing can be sent until somebody comes back from Polygon, or the cap is raised.",
      );
    });

    it("more than the sender has", async () => {
      const { treasury } = context.actors;
      expect(await failureOf(send({ amount: "100000.000000000000000001" }))).to.equal(
        `${from()} has 100,000 ankrMATIC, which is less than 100,000.000000000000000001: send less, or all.`,
      );
      for (const amount of ["all", "1"]) {
        expect(await failureOf(send({ amount, from: treasury.address }))).to.equal(
          `${treasury.address} has no ankrMATIC here: choose the account that has some with --from.`,
        );
      }
    });

    for (const amount of ["", "-1", "+1", "1e3", "1,000", "0x10", "1.", ".5", "1.0000000000000000001", "max", "1 "]) {
      it(`"${amount}" is no amount`, async () => {
        expect(await failureOf(send({ amount }))).to.equal(
          `--amount ${amount} is no amount: digits with at most 18 decimals after a point, like 12.5, or all`,
        );
      });
    }

    it("an amount of zero, a direction that is none, receivers that are none", async () => {
      const { bridge, child } = context;
      for (const amount of ["0", "0.0", "0.000000000000000000"]) {
        expect(await failureOf(send({ amount }))).to.equal("--amount is 0: name how much is to be sent, or all");
      }
      expect(await failureOf(send({ direction: "up" }))).to.equal(
        "--direction up is none: it is polygon or ethereum, where the ankrMATIC goes",
      );
      expect(await failureOf(send({ to: ZeroAddress }))).to.equal("--to is the zero address: name another");
      expect(await failureOf(send({ to: "bob" }))).to.match(/^--to bob is no address: /);
      const dead = (end: string): string =>
        `--to ${end} is the bridge itself, where nobody could ever get it out: name another.`;
      const [above, below] = [await bridge.getAddress(), await child.adapter.getAddress()];
      expect(await failureOf(send({ to: below }))).to.equal(dead(below));
      await bring(ONE);
      expect(await failureOf(sendBack({ to: above }))).to.equal(dead(above));
      expect(await failureOf(send({ from: NOBODY }))).to.equal(
        `--from ${NOBODY} is none of the 100 accounts that this network is configured with`,
      );
    });

    it("meanwhile: a pause, the cap, the balance, an allowance: each fails in words, and nothing is sent", async () => {
      const { bridge, token, actors } = context;
      const failing = (meanwhile: () => Promise<unknown>, amount = "100000"): Promise<string> =>
        failureOf(send({ amount, yes: false, talk: conversation(true, true, meanwhile) }));
      expect(await failing(() => token.connect(actors.alice).transfer(actors.bob, HELD))).to.equal(
        `${from()} has 0 ankrMATIC, which is less than 100,000: send less, or all.`,
      );
      await token.connect(actors.bob).transfer(actors.alice, HELD);
      expect(await failing(() => bridge.connect(actors.guardian).pauseBridging(DAY))).to.match(
        /^Bridging to Polygon is paused until .* The way back is open all the time\.$/,
      );
      expect(await bridge.locked()).to.equal(0n);
    });

    it("an account that cannot pay for gas fails with the node's words", async () => {
      const balance = await ethers.provider.getBalance(from());
      await setBalance(from(), 0n);
      try {
        expect(await failureOf(send({}))).to.include("Sender doesn't have enough funds to send tx");
      } finally {
        await setBalance(from(), balance);
      }
    });
  });
});
