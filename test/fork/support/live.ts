import { FetchRequest } from "ethers";
import { z } from "zod";

import { startAnvil } from "../../../scripts/devnet/anvil";
import { messageOf } from "../../../scripts/lib/amounts";

import { chainOf } from "./chain";
import type { Chain, Landmark } from "./chain";
import { variablesOf } from "./environment";
import type { Source } from "./environment";

/** A source that is a copy of a live chain. */
export type LiveSource = Extract<Source, { kind: "live" }>;

/** Milliseconds in which a node must answer. */
const PATIENCE = 20_000;

const answerSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }),
  z.object({ result: z.string().regex(/^0x[0-9a-f]*$/i) }),
]);

/** Starts a copy of a live chain, whose node has been looked at. */
export async function openLive(source: LiveSource, landmark: Landmark): Promise<Chain> {
  const { url: forkUrl, network, block: forkBlock } = source;
  const anvil = await startAnvil({
    ...{ chainId: Number(landmark.chainId), port: 0, accounts: 1, forkUrl },
    ...(forkBlock === undefined ? {} : { forkBlock }),
  }).catch((error: unknown) => {
    // URLs of nodes have keys in them.
    throw new Error(`${variablesOf(network).url}: ${messageOf(error).replaceAll(forkUrl, hostOf(forkUrl))}`);
  });
  return chainOf(anvil, (block) => `a live fork of chain ${landmark.chainId} at block ${block}`);
}

/**
 * Fails unless the node is there, is of the right chain, and has the block, with its state and Polygon's contracts. What is
 * wrong is said by the name of the variable.
 */
export async function requireNode(source: LiveSource, { chainId, name, address }: Landmark): Promise<void> {
  const { network, block } = source;
  const variables = variablesOf(network);
  const is = BigInt(await ask(source, "eth_chainId", []));
  if (is !== chainId) {
    throw new Error(`${variables.url}: the node is of chain ${is} instead of ${chainId}, which is that of ${network}`);
  }
  const latest = BigInt(await ask(source, "eth_blockNumber", []));
  if (block !== undefined && block > latest) {
    throw new Error(`${variables.block}: the node's latest block is ${latest}, before ${block}`);
  }
  const where = block === undefined ? "latest" : `0x${block.toString(16)}`;
  const code = await ask(source, "eth_getCode", [address, where]).catch((error: unknown) => {
    if (block === undefined) throw error;
    throw new Error(
      `${variables.block}: the node has no state of block ${block}; take a later one, or an archive node. ` +
        `It said: ${messageOf(error)}`,
    );
  });
  if (code === "0x") {
    throw new Error(
      `${block === undefined ? variables.url : variables.block}: there is no ${name} at ${address} in that block`,
    );
  }
}

/** One question, without the provider: that one asks again for ever when nobody answers. */
async function ask({ url, network }: LiveSource, method: string, params: unknown[]): Promise<string> {
  const variable = variablesOf(network).url;
  const request = new FetchRequest(url);
  request.timeout = PATIENCE;
  request.body = { jsonrpc: "2.0", id: 1, method, params };
  const response = await request.send().catch((error: unknown) => {
    // Without the cause: it has the whole URL.
    throw new Error(
      `${variable}: nothing answers at ${hostOf(url)} (${messageOf(error).replaceAll(url, hostOf(url))})`,
    );
  });
  const answer = answerSchema.safeParse(parsed(response.hasBody() ? response.bodyText : ""));
  if (!answer.success) {
    throw new Error(
      `${variable}: what answers at ${hostOf(url)} is no node of a chain, or wants another key ` +
        `(HTTP ${response.statusCode})`,
    );
  }
  if ("error" in answer.data) throw new Error(`${variable}: the node refuses ${method}: ${answer.data.error.message}`);
  return answer.data.result;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A URL without what may be secret in it. */
function hostOf(url: string): string {
  return new URL(url).host;
}
