import { expect } from "chai";
import { ZeroAddress, getAddress, toBeHex } from "ethers";
import hre, { ethers } from "hardhat";
import { HardhatPluginError } from "hardhat/plugins";

import { runExit } from "../../scripts/bridge/exit";
import { durationOf } from "../../scripts/lib/times";
import { ChildBridgeAdapter__factory } from "../../typechain-types";
import { bridgedFixture, proofOf, submitCheckpoint } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { bring, conversation, deposit, twoChains, withdrawal } from "../support/bridgeTasks";
import type { TwoChains } from "../support/bridgeTasks";
import { failureOf } from "../support/failures";
import { ONE } from "../support/fixture";

const NOBODY = getAddress(toBeHex(0xdead, 20));
const VARIABLES = ["BRIDGE_ADAPTER", "CHILD_BRIDGE_ADAPTER", "OTHER_RPC_URL"] as const;

describe("tasks bridge:*, addresses and networks", () => {
  let context: BridgedContext;
  let chains: TwoChains;
  let bridge: string;
  let child: string;

  beforeEach(async () => {
    context = await bridgedFixture();
    chains = await twoChains(context);
    [bridge, child] = [await context.bridge.getAddress(), await context.child.adapter.getAddress()];
  });

  afterEach(async () => {
    for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
    await chains.close();
  });

  describe("the ends", () => {
    it("one is enough, of whichever chain, if a node of its chain is at hand", async () => {
      const tx = await deposit(context, ONE);
      for (const named of [{ bridge }, { bridge, child }, { bridge: "", child }]) {
        const { lines } = await chains.status("ethereum", { tx, ...named });
        expect(lines[1]).to.equal("On its way, as state sync 1: it arrives 22 to 30 minutes after it was sent.");
      }
    });

    it("the other chain's end may be named without a node of it, and is compared with the peer", async () => {
      const tx = await deposit(context, ONE);
      const { lines } = await chains.status("ethereum", { tx, bridge, child, otherRpc: undefined });
      expect(lines).to.have.length(2);
    });

    it("none named: says what to name, and where", async () => {
      for (const named of [{ bridge: undefined }, { bridge: "", child: "" }]) {
        expect(await failureOf(chains.send("ethereum", named))).to.equal(
          "Which bridge? Name its end on Ethereum with --bridge, or BRIDGE_ADAPTER in the environment, or its end on " +
            "Polygon with --child, or CHILD_BRIDGE_ADAPTER.",
        );
      }
    });

    it("no address", async () => {
      expect(await failureOf(chains.send("ethereum", { bridge: "0x12" }))).to.match(/^--bridge 0x12 is no address: /);
      expect(await failureOf(chains.send("ethereum", { child: ZeroAddress }))).to.equal(
        "--child is the zero address: name another",
      );
    });

    it("no code on any chain that is at hand", async () => {
      expect(await failureOf(chains.send("ethereum", { bridge: NOBODY }))).to.equal(
        `--bridge ${NOBODY} has no code on chain 1 and on chain 137: are --network and --other-rpc right, and the address?`,
      );
      expect(await failureOf(chains.send("ethereum", { bridge: undefined, child, otherRpc: undefined }))).to.equal(
        `--child ${child} has no code on chain 1: is --network right, or is --other-rpc missing, and the address?`,
      );
      expect(await failureOf(chains.send("ethereum", { bridge: NOBODY, child, otherRpc: undefined }))).to.match(
        new RegExp(`^--bridge ${NOBODY} has no code on chain 1: `),
      );
    });

    it("something else, or the ends exchanged", async () => {
      const pool = await context.pool.getAddress();
      for (const other of [pool, child]) {
        expect(await failureOf(chains.send("ethereum", { bridge: other }))).to.match(
          new RegExp(`^--bridge ${other} is not a bridge's end on Ethereum: `),
        );
      }
      for (const other of [pool, bridge]) {
        expect(await failureOf(chains.send("ethereum", { bridge: undefined, child: other }))).to.match(
          new RegExp(`^--child ${other} is not a bridge's end on Polygon: `),
        );
      }
    });

    it("ends of two bridges", async () => {
      const { fx, child: onPolygon, actors } = context;
      const code = new ChildBridgeAdapter__factory(actors.deployer);
      const wiring = { fxChild: fx.fxChild, token: onPolygon.token, feed: onPolygon.feed };
      const second = await (await code.deploy({ ...wiring, peer: NOBODY })).getAddress();
      const third = await (await code.deploy({ ...wiring, peer: bridge })).getAddress();
      const advice = "check --bridge and --child, and BRIDGE_ADAPTER and CHILD_BRIDGE_ADAPTER in the environment.";
      expect(await failureOf(chains.send("ethereum", { child: second }))).to.equal(
        `${bridge} on Ethereum is the end of another bridge, to ${child} and not to ${second}: ${advice}`,
      );
      expect(await failureOf(chains.send("ethereum", { bridge: undefined, child: third }))).to.equal(
        `${bridge} on Ethereum is the end of another bridge, to ${child} and not to ${third}: ${advice}`,
      );
      expect(await failureOf(chains.send("polygon", { bridge, child: second, otherRpc: undefined }))).to.equal(
        `${second} on Polygon is the end of another bridge, to ${NOBODY} and not to ${bridge}: ${advice}`,
      );
    });
  });

  describe("the networks", () => {
    it("the network of the other chain: says which to choose, or which direction", async () => {
      expect(await failureOf(chains.send("polygon", { direction: "polygon" }))).to.equal(
        "The network \"polygon\" (chain 137) has the bridge's end on Polygon: choose Ethereum's with --network, or add " +
          "--direction ethereum to send from Polygon.",
      );
      expect(await failureOf(chains.send("ethereum", { direction: "ethereum" }))).to.equal(
        "The network \"ethereum\" (chain 1) has the bridge's end on Ethereum: choose Polygon's with --network, or leave " +
          "--direction out to send from Ethereum.",
      );
      await bring(context, ONE);
      const options = { tx: await withdrawal(context, ONE), child, otherRpc: chains.ethereum.url };
      const onPolygon = runExit(
        { ...options, print: false, dryRun: false },
        await chains.networkOf("polygon"),
        conversation().terminal,
      );
      expect(await failureOf(onPolygon)).to.equal(
        "The network \"polygon\" (chain 137) has the bridge's end on Polygon: choose Ethereum's with --network, and a node " +
          "of Polygon with --other-rpc.",
      );
    });

    it("a network that has neither end", async () => {
      const tx = await deposit(context, ONE);
      chains.ethereum.hidden.add(bridge.toLowerCase());
      const text = `The network "ethereum" (chain 1) has neither end of this bridge, ${bridge} and ${child}: is --network right?`;
      for (const call of [
        () => chains.status("ethereum", { tx, bridge: undefined, child }),
        () => chains.send("ethereum", { bridge: undefined, child }),
        () => chains.exit({ tx, bridge: undefined, child }),
      ]) {
        expect(await failureOf(call())).to.equal(text);
      }
    });

    it("a node of the other chain that is of some other chain", async () => {
      const tx = await deposit(context, ONE);
      const otherRpc = chains.ethereum.url;
      const text = `The node of --other-rpc, of chain 1, has no code at ${child}, the bridge's end on Polygon: is it a node of Polygon?`;
      for (const call of [
        () => chains.send("ethereum", { otherRpc }),
        () => chains.status("ethereum", { tx, otherRpc }),
        () => chains.exit({ tx, otherRpc }),
      ]) {
        expect(await failureOf(call())).to.equal(text);
      }
    });

    it("a node that is none, or does not answer; its URL, which may have a key in it, is not told", async () => {
      expect(await failureOf(chains.send("ethereum", { otherRpc: "polygon" }))).to.equal(
        "--other-rpc is no URL of a node: it begins with https:// or http://",
      );
      expect(await failureOf(chains.send("ethereum", { otherRpc: "http://" }))).to.equal(
        "--other-rpc is no URL of a node: it begins with https:// or http://",
      );
      const failure = await failureOf(chains.send("ethereum", { otherRpc: "http://127.0.0.1:9/secret" }));
      expect(failure).to.match(/^The node of --other-rpc at 127\.0\.0\.1:9 does not answer: /);
      expect(failure).not.to.include("secret");
    });
  });

  describe("the command line", () => {
    it("takes addresses and the other node from the environment, and Polygon for the direction", async () => {
      process.env.BRIDGE_ADAPTER = bridge;
      process.env.CHILD_BRIDGE_ADAPTER = child;
      process.env.OTHER_RPC_URL = chains.polygon.url;
      const { alice } = context.actors;
      const sending = conversation();
      await hre.run("bridge:send", { amount: "2", from: alice.address, yes: true, terminal: sending.terminal });
      expect(await context.bridge.locked()).to.equal(2n * ONE);
      const tx = (await ethers.provider.getBlock("latest"))?.transactions[0] ?? "";
      expect(sending.lines.at(-2)).to.equal(
        `Sent 2 ankrMATIC to ${alice.address} on Polygon, as message 1 (transaction ${tx})`,
      );
      const asking = conversation();
      await hre.run("bridge:status", { tx, terminal: asking.terminal });
      expect(asking.lines[1]).to.equal("On its way, as state sync 1: it arrives 22 to 30 minutes after it was sent.");
    });

    it("bridge:exit --print prints the proof to the output and nothing else, so that it can be piped", async () => {
      await bring(context, ONE);
      const tx = await withdrawal(context, ONE);
      await submitCheckpoint(context);
      const { log, error } = console;
      const [printed, noted]: [string[], string[]] = [[], []];
      console.log = (line: string) => printed.push(line);
      console.error = (line: string) => noted.push(line);
      const options = { tx, bridge, otherRpc: chains.polygon.url, print: true };
      try {
        await hre.run("bridge:exit", options);
        await context.bridge.receiveMessage(printed[0] ?? "");
        await hre.run("bridge:exit", options);
      } finally {
        Object.assign(console, { log, error });
      }
      expect(printed).to.deep.equal([await proofOf(context, tx)]);
      expect(noted).to.deep.equal([
        `Message 1 to Ethereum: 1 ankrMATIC for ${context.actors.alice.address}: already proven.`,
      ]);
    });

    it("a failure is one of Hardhat's, which it prints without a stack and ends with a code for", async () => {
      for (const [task, options] of [
        ["bridge:send", { amount: "1" }],
        ["bridge:status", { tx: toBeHex(1, 32) }],
        ["bridge:exit", { tx: toBeHex(1, 32), otherRpc: chains.polygon.url }],
      ] as const) {
        const failure: unknown = await hre.run(task, options).catch((error: unknown) => error);
        expect(failure).to.be.instanceOf(HardhatPluginError);
        expect((failure as HardhatPluginError).message).to.match(/^Which bridge\? /);
      }
    });
  });

  it("spans of time are rounded up, in their two largest units", () => {
    const told = [0n, 1n, 60n, 61n, 3_600n, 7_260n, 86_340n, 86_341n, 86_400n, 90_000n, 90_001n, 172_800n];
    expect(told.map(durationOf)).to.deep.equal([
      ...["0 minutes", "1 minute", "1 minute", "2 minutes", "1 hour", "2 hours 1 minute", "23 hours 59 minutes"],
      ...["1 day", "1 day", "1 day 1 hour", "1 day 2 hours", "2 days"],
    ]);
  });
});
