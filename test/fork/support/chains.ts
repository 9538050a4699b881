import type { Environment } from "../../../deploy/networks";

import type { Chain, Landmark } from "./chain";
import { GENERAL, POLYGONS } from "./configuration";
import { openEmbedded } from "./embedded";
import { choiceOf, sourceOf } from "./environment";
import type { ForkedNetwork, Source } from "./environment";
import { openLive, requireNode } from "./live";

/** The two chains of the suite. */
export interface Chains {
  readonly ethereum: Chain;
  readonly polygon: Chain;
  /** Which they are, for the reader. */
  readonly title: string;
  stop(): Promise<void>;
}

const NETWORKS = ["mainnet", "polygon"] as const satisfies readonly ForkedNetwork[];

const LANDMARKS: Readonly<Record<ForkedNetwork, Landmark>> = {
  mainnet: { chainId: GENERAL.ethereum.chainId, name: "StakeManager", address: POLYGONS.stakeManager },
  polygon: { chainId: GENERAL.polygon.chainId, name: "FxChild", address: POLYGONS.fxChild },
};

/**
 * Opens both chains: live forks or the embedded snapshot, as the environment says; in a rehearsal live forks of the
 * embedded snapshot.
 */
export async function openChains(environment: Environment): Promise<Chains> {
  const opened: Chain[] = [];
  const stop = async (): Promise<void> => {
    for (const chain of opened.splice(0).reverse()) await chain.stop();
  };
  const open = async (source: Source): Promise<Chain> => {
    const landmark = LANDMARKS[source.network];
    const chain =
      source.kind === "live" ? await openLive(source, landmark) : await openEmbedded(source.network, landmark);
    opened.push(chain);
    return chain;
  };
  const choice = choiceOf(environment);
  const sources = NETWORKS.map((network) => sourceOf(network, choice === "environment" ? environment : {}));
  // Before either is opened, so that what is wrong is said at once.
  for (const source of sources) if (source.kind === "live") await requireNode(source, LANDMARKS[source.network]);
  try {
    const chains: Chain[] = [];
    for (const source of sources) {
      const chain = await open(source);
      chains.push(
        choice === "rehearsal" ? await open({ kind: "live", network: source.network, url: chain.url }) : chain,
      );
    }
    const [above, below] = chains as [Chain, Chain];
    await alignClocks(above, below);
    const why = sources.flatMap((source) =>
      source.kind === "embedded" && choice === "environment" ? [source.why] : [],
    );
    const title = [`Ethereum is ${above.title}`, `Polygon is ${below.title}`, ...why].join("; ");
    return {
      ...{ ethereum: above, polygon: below, stop },
      title: choice === "rehearsal" ? `Rehearsal against local nodes: ${title}` : title,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Forks of different times, and then the two chains would not agree on how old a message is. */
async function alignClocks(...chains: readonly Chain[]): Promise<void> {
  const times: number[] = [];
  for (const { provider } of chains) times.push((await provider.getBlock("latest"))?.timestamp ?? 0);
  const latest = Math.max(...times) + 1;
  for (const { provider } of chains) {
    await provider.send("evm_setNextBlockTimestamp", [latest]);
    await provider.send("evm_mine", []);
  }
}
