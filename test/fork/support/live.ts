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

/** Starts a copy of a live chain, after a look at its node: what is wrong is said by the name of the variable. */
export async function openLive(source: LiveSource, landmark: Landmark): Promise<Chain> {
  await requireNode(source, landmark);
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

/** Fails unless the node is there, is of the right chain, and has the block, with its state. */
async function requireNode(source: LiveSource, { chainId, name, address }: Landmark): Promise<void> {
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
  let text: string;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(`${variable}: nothing answers at ${hostOf(url)} (${messageOf(cause)})`, { cause: error });
  }
  const answer = answerSchema.safeParse(parsed(text));
  if (!answer.success) throw new Error(`${variable}: what answers at ${hostOf(url)} is no node of a chain`);
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
