import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { time } from "@nomicfoundation/hardhat-network-helpers";
import { JsonRpcProvider } from "ethers";
import { ethers, network } from "hardhat";

import { runExit } from "../../scripts/bridge/exit";
import type { ExitOptions } from "../../scripts/bridge/exit";
import type { Network, Terminal } from "../../scripts/bridge/nodes";
import { runSend } from "../../scripts/bridge/send";
import type { SendOptions } from "../../scripts/bridge/send";
import { runStatus } from "../../scripts/bridge/status";
import type { StatusOptions } from "../../scripts/bridge/status";
import { STATE_RECEIVER } from "../../scripts/lib/bridge/stateSync";

import { durationOf, timeOf } from "../../scripts/lib/times";
import { Caller__factory } from "../typechain-types";
import type { Caller } from "../typechain-types";

import { deliver } from "./bridge";
import type { BridgedContext } from "./bridge";
import { ONE } from "./fixture";

/** One of the two chains that the embedded network plays, as a node of it alone would show it. */
export interface ChainView {
  readonly url: string;
  /** Addresses, in small letters, that the chain has nothing at. */
  readonly hidden: Set<string>;
  /** Replaces an answer; asked with the true one. */
  distort: (method: string, answer: unknown) => unknown;
  readonly close: () => Promise<void>;
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Serves the embedded network over HTTP, without what is hidden. */
export async function serveChain(chainId: number, hide: readonly string[]): Promise<ChainView> {
  const hidden = new Set(hide.map((address) => address.toLowerCase()));
  const isHidden = (address: unknown): boolean => typeof address === "string" && hidden.has(address.toLowerCase());
  const view = { hidden, distort: (_method: string, answer: unknown): unknown => answer };

  async function answerTo({ method, params }: Request): Promise<unknown> {
    if (method === "eth_chainId") return `0x${chainId.toString(16)}`;
    if (method === "net_version") return String(chainId);
    const [first] = params as [unknown];
    if (method === "eth_getCode" && isHidden(first)) return "0x";
    if (method === "eth_call" && isHidden((first as { to?: unknown }).to)) return "0x";
    const answer: unknown = await network.provider.request({ method, params: [...params] });
    const receipt = answer as { to?: unknown } | null;
    return method === "eth_getTransactionReceipt" && isHidden(receipt?.to) ? null : view.distort(method, answer);
  }

  async function reply(request: Request): Promise<unknown> {
    try {
      return { jsonrpc: "2.0", id: request.id, result: await answerTo(request) };
    } catch (error) {
      const { code = -32000, message, data } = error as { code?: number; message: string; data?: unknown };
      return { jsonrpc: "2.0", id: request.id, error: { code, message, data } };
    }
  }

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Request | Request[];
      const answered = Array.isArray(asked) ? Promise.all(asked.map(reply)) : reply(asked);
      void answered.then((body) => outgoing.end(JSON.stringify(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(view, {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** What a task printed, and who answered it. */
export interface Conversation {
  readonly lines: string[];
  readonly notes: string[];
  readonly questions: string[];
  readonly terminal: Terminal;
}

/** Somebody who answers. */
export function conversation(answer = true, interactive = true, meanwhile?: () => Promise<unknown>): Conversation {
  const [lines, notes, questions]: [string[], string[], string[]] = [[], [], []];
  const confirm = async (question: string): Promise<boolean> => {
    questions.push(question);
    await meanwhile?.();
    return answer;
  };
  const print = (line: string): unknown => lines.push(line);
  const note = (line: string): unknown => notes.push(line);
  return { lines, notes, questions, terminal: { print, note, interactive, confirm } };
}

/** Both chains, each with a node of its own, and the tasks on them. */
export interface TwoChains {
  readonly ethereum: ChainView;
  readonly polygon: ChainView;
  readonly send: (on: "ethereum" | "polygon", options: Partial<SendOptions> & Own) => Promise<Conversation>;
  readonly status: (on: "ethereum" | "polygon", options: StatusOptions & Own) => Promise<Conversation>;
  readonly exit: (options: Partial<ExitOptions> & Pick<ExitOptions, "tx"> & Own) => Promise<Conversation>;
  readonly networkOf: (on: "ethereum" | "polygon") => Promise<Network>;
  readonly close: () => Promise<void>;
}

/** What belongs to the run and not to the task. */
export interface Own {
  readonly talk?: Conversation;
  readonly network?: Partial<Network>;
}

/** Splits the embedded network of the fixture in two. The tasks know the address of the end on their own chain. */
export async function twoChains({ bridge, child }: BridgedContext): Promise<TwoChains> {
  const [onEthereum, onPolygon] = [await bridge.getAddress(), await child.adapter.getAddress()];
  const ethereum = await serveChain(1, [onPolygon, STATE_RECEIVER]);
  const polygon = await serveChain(137, [onEthereum]);
  const views = { ethereum, polygon };
  const providers: JsonRpcProvider[] = [];

  async function networkOf(on: "ethereum" | "polygon", own: Partial<Network> = {}): Promise<Network> {
    const provider = new JsonRpcProvider(views[on].url, on === "ethereum" ? 1 : 137, {
      staticNetwork: true,
      cacheTimeout: -1,
    });
    providers.push(provider);
    return { name: on, provider, signers: await ethers.getSigners(), ...own };
  }

  const named = { ethereum: { bridge: onEthereum }, polygon: { child: onPolygon } };
  const others = { ethereum: { otherRpc: polygon.url }, polygon: { otherRpc: ethereum.url } };
  return {
    ethereum,
    polygon,
    networkOf,
    send: async (on, { talk = conversation(), network: own, ...options }) => {
      const direction = on === "ethereum" ? "polygon" : "ethereum";
      const defaults = { amount: "1", direction, yes: true, dryRun: false, ...named[on], ...others[on] };
      await runSend({ ...defaults, ...options }, await networkOf(on, own), talk.terminal);
      return talk;
    },
    status: async (on, { talk = conversation(), network: own, ...options }) => {
      await runStatus({ ...named[on], ...others[on], ...options }, await networkOf(on, own), talk.terminal);
      return talk;
    },
    exit: async ({ talk = conversation(), network: own, ...options }) => {
      const defaults = { print: false, dryRun: false, ...named.ethereum, ...others.ethereum };
      await runExit({ ...defaults, ...options }, await networkOf("ethereum", own), talk.terminal);
      return talk;
    },
    close: async () => {
      for (const provider of providers) provider.destroy();
      await ethereum.close();
      await polygon.close();
    },
  };
}

/** A deposit of alice for bob; its hash. */
export async function deposit({ bridge, actors }: BridgedContext, shares: bigint): Promise<string> {
  return (await bridge.connect(actors.alice).bridge(shares, actors.bob)).hash;
}

/** A withdrawal of bob for alice; its hash. */
export async function withdrawal({ child, actors }: BridgedContext, shares: bigint): Promise<string> {
  return (await child.adapter.connect(actors.bob).withdraw(shares, actors.alice)).hash;
}

/** Brings shares of alice to bob on Polygon. */
export async function bring(context: BridgedContext, shares: bigint): Promise<void> {
  await deposit(context, shares);
  await deliver(context);
}

/** A contract with shares on both chains, approved for both ends, which makes many calls in one transaction. */
export async function callerWith(context: BridgedContext, shares: bigint): Promise<Caller> {
  const { token, child, bridge, actors } = context;
  const caller = await new Caller__factory(actors.deployer).deploy();
  await bring(context, shares);
  await token.connect(actors.carol).transfer(caller, shares);
  await child.token.connect(actors.bob).transfer(caller, shares);
  const approvals = [
    token.interface.encodeFunctionData("approve", [await bridge.getAddress(), ethers.MaxUint256]),
    child.token.interface.encodeFunctionData("approve", [await child.adapter.getAddress(), ethers.MaxUint256]),
  ];
  await caller.callAll([token, child.token], approvals);
  return caller;
}

/** Two withdrawals of a contract in one transaction, of 3 for alice and of 4 for bob; its hash. */
export async function twoWithdrawals(context: BridgedContext): Promise<string> {
  const caller = await callerWith(context, 10n * ONE);
  const { adapter } = context.child;
  const { alice, bob } = context.actors;
  const data = [
    adapter.interface.encodeFunctionData("withdraw", [3n * ONE, alice.address]),
    adapter.interface.encodeFunctionData("withdraw", [4n * ONE, bob.address]),
  ];
  return (await caller.callAll([adapter, adapter], data)).hash;
}

/** When a transaction was sent, as the tasks tell it. */
export async function sentLine(hash: string): Promise<string> {
  const receipt = await ethers.provider.getTransactionReceipt(hash);
  const sent = BigInt((await receipt?.getBlock())?.timestamp ?? 0);
  return `sent at ${timeOf(sent)}, ${durationOf(BigInt(await time.latest()) - sent)} ago`;
}
