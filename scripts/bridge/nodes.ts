import type { Provider, Signer } from "ethers";

import type { RpcProvider } from "../lib/bridge/rpc";
import { nodeAt } from "../lib/nodes";

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

/** The node of the chain on the other side; undefined if none was named. */
export async function otherNode(url: string | undefined): Promise<ChainNode | undefined> {
  return url === undefined || url === "" ? undefined : nodeAt(url, "--other-rpc");
}

/** Fails if the other chain is not at hand. */
export function requireOther(other: ChainNode | undefined, chain: string): ChainNode {
  if (other !== undefined) return other;
  throw new Error(
    `--other-rpc is missing: name the URL of a node of ${chain}, or set OTHER_RPC_URL in the environment.`,
  );
}
