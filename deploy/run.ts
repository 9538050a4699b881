import { VoidSigner } from "ethers";
import type { Provider, Signer, TransactionResponse } from "ethers";

import { ChildAnkrMATIC__factory, ChildBridgeAdapter__factory, RatioFeed__factory } from "../typechain-types";
import type { BridgeAdapter } from "../typechain-types";

import { bookDifferences } from "./acceptance/book";
import { codeDifferences } from "./acceptance/code";
import { polygonDifferences, systemDifferences } from "./acceptance/state";
import { deployChildAdapters, deployPoolAdapters } from "./adapters";
import type { Book, Journal } from "./book";
import { BRIDGE, bridgeDifferences, deployBridge } from "./bridge";
import type { EthereumNetwork, PolygonNetwork } from "./networks";
import { parseBridgeParams, parseParams, parsePolygonParams } from "./params";
import { POLYGON_NAMES, deployPolygon } from "./polygon";
import type { PolygonSystem } from "./polygon";
import type { Report } from "./steps";
import { deploySystem, finishSystem, startValidators } from "./system";
import type { System } from "./system";

/** What a deployment works with. */
export interface Run {
  readonly deployer: Signer;
  readonly journal: Journal;
  readonly report?: Report | undefined;
}

/** The other chain, once something is there. */
export interface Counterpart {
  readonly book: Book;
  readonly provider: Provider;
}

/** The Ethereum side, with the bridge if the Polygon side was there. */
export interface Ethereum {
  readonly system: System;
  readonly bridge?: BridgeAdapter;
}

/** The contracts of the Polygon side that the bridge's end on Ethereum is to fit to. */
export function polygonOf({
  book,
  provider,
}: Counterpart): Pick<PolygonSystem, "adapter" | "token" | "feed"> | undefined {
  const at = (name: string): string | undefined => book.contracts[name]?.address;
  const [adapter, token, feed] = [at(POLYGON_NAMES.adapter), at(POLYGON_NAMES.token), at(POLYGON_NAMES.feed)];
  if (adapter === undefined || token === undefined || feed === undefined) return undefined;
  return {
    adapter: ChildBridgeAdapter__factory.connect(adapter, provider),
    token: ChildAnkrMATIC__factory.connect(token, provider),
    feed: RatioFeed__factory.connect(feed, provider),
  };
}

/**
 * Deploys the Ethereum side as far as it can: the core, and, once the Polygon side is there, the bridge, after which power is
 * handed over. It can be repeated after whatever cut it off.
 */
export async function deployEthereum(run: Run, network: EthereumNetwork, counterpart?: Counterpart): Promise<Ethereum> {
  const { deployer, journal, report } = run;
  const params = parseParams(network.params);
  const bridgeParams = parseBridgeParams(network.bridge);
  const system = await deploySystem(deployer, params, report, journal);
  await startValidators(system, network.validators);
  journal.book.promised[BRIDGE] = await system.steps.addressOf(BRIDGE);
  await journal.save();

  const polygon = counterpart === undefined ? undefined : polygonOf(counterpart);
  if (polygon === undefined) return { system };
  const bridge = await deployBridge(system, bridgeParams, polygon);
  requireNone("The two ends of the bridge do not fit together", await bridgeDifferences(bridge, polygon));
  await deployPoolAdapters(system.steps, system);
  await finishSystem(system, params);
  journal.book.finished = true;
  await journal.save();
  return { system, bridge };
}

/** Deploys the Polygon side, whole, and hands power over. The core on Ethereum is there before. */
export async function deployPolygonSide(
  { deployer, journal, report }: Run,
  network: PolygonNetwork,
  counterpart: Pick<Counterpart, "book">,
): Promise<PolygonSystem> {
  const params = parsePolygonParams(network.params);
  const system = await deployPolygon(deployer, params, peerOf(counterpart), report, journal);
  await deployChildAdapters(system.steps, system);
  await finishSystem(system, params);
  journal.book.finished = true;
  await journal.save();
  return system;
}

/** Every way in which the Ethereum side is not what its configuration and its book say. Nothing is sent. */
export async function verifyEthereum(
  provider: Provider,
  book: Book,
  network: EthereumNetwork,
  counterpart: Counterpart,
): Promise<string[]> {
  const params = parseParams(network.params);
  const polygon = polygonOf(counterpart);
  if (polygon === undefined) return ["the Polygon side is not deployed"];
  return verify(provider, book, async (run) => {
    const { system, bridge } = await deployEthereum(run, network, counterpart);
    if (bridge === undefined) return ["the bridge is not deployed"];
    const { chainId } = network;
    return [
      ...(await bookDifferences(book, { provider, chainId, steps: system.steps, written: run.journal.book })),
      ...(await codeDifferences(provider, book)),
      ...(await systemDifferences(system, {
        deployer: book.deployer,
        params,
        validators: network.validators,
        bridge: {
          contract: bridge,
          params: parseBridgeParams(network.bridge),
          peer: await polygon.adapter.getAddress(),
        },
      })),
      ...(await bridgeDifferences(bridge, polygon)),
    ];
  });
}

/** Every way in which the Polygon side is not what its configuration and its book say. Nothing is sent. */
export async function verifyPolygon(
  provider: Provider,
  book: Book,
  network: PolygonNetwork,
  counterpart: Pick<Counterpart, "book">,
): Promise<string[]> {
  return verify(provider, book, async (run) => {
    const system = await deployPolygonSide(run, network, counterpart);
    const plan = { deployer: book.deployer, params: parsePolygonParams(network.params), peer: peerOf(counterpart) };
    const { chainId } = network;
    return [
      ...(await bookDifferences(book, { provider, chainId, steps: system.steps, written: run.journal.book })),
      ...(await codeDifferences(provider, book)),
      ...(await polygonDifferences(system, plan)),
    ];
  });
}

function peerOf({ book }: Pick<Counterpart, "book">): string {
  const peer = book.promised[BRIDGE];
  if (peer === undefined) throw new Error("The core on Ethereum is not deployed yet: begin there, then come back");
  return peer;
}

function requireNone(what: string, differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw new Error([`${what}:`, ...differences.map((line) => `  ${line}`)].join("\n"));
}

/** Signs nothing: a step that is not done shows. */
class Onlooker extends VoidSigner {
  override async sendTransaction(): Promise<TransactionResponse> {
    return Promise.reject(new Error("a step is not done"));
  }
}

/** Runs the same steps as a deployment, with a key that signs nothing, and says which one is not done. */
async function verify(provider: Provider, book: Book, compare: (run: Run) => Promise<string[]>): Promise<string[]> {
  let step = "the factory";
  const run: Run = {
    deployer: new Onlooker(book.deployer, provider),
    journal: { book: structuredClone(book), save: async () => Promise.resolve() },
    report: (name) => {
      step = name;
    },
  };
  try {
    return await compare(run);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`${step}: ${why}`];
  }
}
