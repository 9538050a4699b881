import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { HDNodeWallet, Wallet } from "ethers";
import { ethers, network } from "hardhat";

import type { Clock } from "../../scripts/keeper/backoff";
import { openKeeper } from "../../scripts/keeper/keeper";
import type { Keeper } from "../../scripts/keeper/keeper";
import { openLog } from "../../scripts/keeper/log";
import { openMetrics } from "../../scripts/keeper/metrics";
import type { Metrics } from "../../scripts/keeper/metrics";
import { parsePolicy } from "../../scripts/keeper/policy";
import type { KnobName, Policy } from "../../scripts/keeper/policy";
import { TransportProvider, messageOf, patient } from "../../scripts/keeper/rpc";
import type { Answer, Transport } from "../../scripts/keeper/rpc";
import { openSender } from "../../scripts/keeper/sender";
import { openSide } from "../../scripts/keeper/side";
import type { Side } from "../../scripts/keeper/side";
import type { Chain, EthereumAddresses, PolygonAddresses } from "../../scripts/keeper/state";

import type { AdaptedContext } from "./adapters";
import type { BridgedContext } from "./bridge";
import type { Context } from "./fixture";

/** Mnemonic of Hardhat's accounts. */
const MNEMONIC = "test test test test test test test test test test test junk";

/** The key of one of Hardhat's accounts; those from 60 on are nobody else's. */
export function keyOf(account: number): Wallet {
  return new Wallet(HDNodeWallet.fromPhrase(MNEMONIC, "", `m/44'/60'/0'/0/${account}`).privateKey);
}

let queue: Promise<unknown> = Promise.resolve();

/** The embedded chain as a node. One request after the other, so that the watch over the ledgers sees each transaction alone. */
export const embedded: Transport = async (requests) => {
  const turn = queue.then(async () => answer(requests));
  queue = turn;
  return turn;
};

const answer: Transport = async (requests) => {
  const answers: Answer[] = [];
  for (const { method, params } of requests) {
    try {
      answers.push({ result: await network.provider.send(method, params as unknown[]) });
    } catch (error) {
      const { code = -32_603, data } = error as { code?: number; data?: unknown };
      answers.push({ error: { code, message: messageOf(error), data } });
    }
  }
  return answers;
};

/** The embedded chain behind a door of its own, for who talks to nodes over HTTP. */
export interface Door {
  readonly url: string;
  close(): void;
}

/** Opens one. */
export async function openDoor(): Promise<Door> {
  const node = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string; params: unknown }[];
      void embedded(asked).then((answers) => {
        response.end(JSON.stringify(answers.map((answer, index) => ({ id: asked[index]?.id, ...answer }))));
      });
    });
  });
  await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(node.address() as AddressInfo).port}`,
    close() {
      node.closeAllConnections();
      node.close();
    },
  };
}

/** A clock on which nobody waits. */
export function virtualClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
      return new Promise((resolve) => setImmediate(resolve));
    },
    random: () => 0.5,
  };
}

/** A line of the log. */
export type Line = Readonly<Record<string, unknown>>;

/** A keeper on the embedded chain, and what there is to see of it. */
export interface Rig {
  readonly keeper: Keeper;
  readonly wallet: Wallet;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly policy: Policy;
  readonly metrics: Metrics;
  readonly lines: Line[];
  /** What was done, in order: keys of proposals with this outcome. */
  readonly keys: (outcome?: string) => string[];
}

/** What a rig may choose. */
export interface RigChoice {
  /** Account that pays; 60 if left out. */
  readonly account?: number;
  readonly texts?: Partial<Record<KnobName, string>>;
  /** Nodes of the chains; the embedded chain if left out. */
  readonly nodes?: Partial<Record<Chain, Transport>>;
  readonly dryRun?: boolean;
  readonly clock?: ReturnType<typeof virtualClock>;
}

/** Addresses of a fixture. */
export async function addressesOf(
  context: Context | BridgedContext | AdaptedContext,
): Promise<{ ethereum: EthereumAddresses; polygon: PolygonAddresses | undefined }> {
  const { pool, delegator, lens, autoClaim } = context;
  const [at, vault, view, payer] = await Promise.all(
    [pool, delegator, lens, autoClaim].map(async (contract) => contract.getAddress()),
  );
  const core = { pool: at ?? "", delegator: vault ?? "", lens: view ?? "", autoClaim: payer ?? "" };
  if (!("child" in context)) return { ethereum: core, polygon: undefined };
  const { token, feed, adapter } = context.child;
  const oracles = "onEthereum" in context ? [context.onEthereum, context.onPolygon] : [];
  const [above, below] = await Promise.all(oracles.map(async ({ aprOracle }) => aprOracle.getAddress()));
  const oracle = (at: string | undefined): { aprOracle?: string } => (at === undefined ? {} : { aprOracle: at });
  return {
    ethereum: { ...core, bridge: await context.bridge.getAddress(), ...oracle(above) },
    polygon: {
      ...oracle(below),
      token: await token.getAddress(),
      feed: await feed.getAddress(),
      adapter: await adapter.getAddress(),
    },
  };
}

/** A keeper for a fixture. The bridge's side is looked after if the fixture has one. */
export async function rig(context: Context | BridgedContext, choice: RigChoice = {}): Promise<Rig> {
  const { account = 60, texts = {}, nodes = {}, dryRun = false, clock = virtualClock() } = choice;
  const policy = parsePolicy({ passTimeout: "600", reorgBlocks: "0", ...texts });
  const wallet = keyOf(account);
  const metrics = openMetrics();
  const lines: Line[] = [];
  const log = openLog("debug", { write: (text) => lines.push(JSON.parse(text) as Line) });
  const { chainId } = await ethers.provider.getNetwork();
  const limits = { maxGasPrice: policy.maxGasPrice, maxCost: policy.maxCost };
  const sideOf = (chain: Chain): Side => {
    const backoff = { attempts: policy.rpcAttempts, first: policy.rpcBackoff };
    const sideLog = log.child({ chain });
    const transport = patient(nodes[chain] ?? embedded, backoff, clock, (error) => {
      metrics.rpcErrors.inc({ chain });
      sideLog.warn({ error }, "the node gives no answer");
    });
    const provider = new TransportProvider(transport, chainId);
    const report = (what: string, details: Line): void => {
      sideLog.info(details, what);
    };
    const sender = dryRun ? undefined : openSender({ wallet, provider, chainId, limits, policy, clock, report });
    return openSide({ chain, provider, sender, from: wallet.address, limits, policy, clock, log: sideLog, metrics });
  };
  const at = await addressesOf(context);
  const keeper = openKeeper({
    ethereum: { side: sideOf("ethereum"), at: at.ethereum, fromBlock: 0 },
    polygon: at.polygon === undefined ? undefined : { side: sideOf("polygon"), at: at.polygon, fromBlock: 0 },
    ...{ policy, clock, log, metrics },
  });
  const keys = (outcome = "done"): string[] =>
    lines.filter((line) => line.outcome === outcome && typeof line.key === "string").map(({ key }) => String(key));
  return { keeper, wallet, clock, policy, metrics, lines, keys };
}
