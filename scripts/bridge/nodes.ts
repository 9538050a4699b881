import { FetchRequest, JsonRpcProvider } from "ethers";
import type { Provider, Signer } from "ethers";

import { messageOf } from "../lib/amounts";
import type { RpcProvider } from "../lib/bridge/rpc";

/** A node that is asked both for what ethers knows and for raw answers. */
export type ChainNode = Provider & RpcProvider;

/** The network of a run. */
export interface Network {
  readonly name: string;
  readonly provider: ChainNode;
  readonly signers: readonly Signer[];
}

/** Who sits in front of it. */
export interface Terminal {
  /** Takes a line of output. */
  readonly print: (line: string) => void;
  /** Takes a line that is not part of the output, where something else reads that. */
  readonly note: (line: string) => void;
  /** True if somebody can answer. */
  readonly interactive: boolean;
  /** Asks a question. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** Longest time that a node has for an answer, in milliseconds. */
const PATIENCE = 60_000;

/** The node of the chain on the other side; undefined if none was named. */
export async function otherNode(url: string | undefined): Promise<ChainNode | undefined> {
  if (url === undefined || url === "") return undefined;
  if (!/^https?:\/\//.test(url)) throw new Error("--other-rpc is no URL of a node: it begins with https:// or http://");
  const request = new FetchRequest(url);
  request.timeout = PATIENCE;
  const first = new JsonRpcProvider(request);
  try {
    // Asked for here, once: a provider that does not know its chain asks for ever.
    const network = await first._detectNetwork();
    return new JsonRpcProvider(request, network, { staticNetwork: network });
  } catch (error) {
    // URLs of nodes have keys in them.
    const { host } = new URL(url);
    throw new Error(`The node of --other-rpc at ${host} does not answer: ${messageOf(error)}`, { cause: error });
  } finally {
    first.destroy();
  }
}

/** Fails if the other chain is not at hand. */
export function requireOther(other: ChainNode | undefined, chain: string): ChainNode {
  if (other !== undefined) return other;
  throw new Error(
    `--other-rpc is missing: name the URL of a node of ${chain}, or set OTHER_RPC_URL in the environment.`,
  );
}
