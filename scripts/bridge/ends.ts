import { BridgeAdapter__factory, ChildBridgeAdapter__factory } from "../../typechain-types";
import type { BridgeAdapter, ChildBridgeAdapter } from "../../typechain-types";
import { addressParameter } from "../lib/accounts";
import { messageOf } from "../lib/amounts";

import type { ChainNode } from "./nodes";

/** Addresses of a bridge as the command line or the environment name them; one is enough. */
export interface Named {
  /** The end on Ethereum. */
  readonly bridge?: string | undefined;
  /** The end on Polygon. */
  readonly child?: string | undefined;
}

/** Addresses of both ends of a bridge. */
export interface Ends {
  readonly bridge: string;
  readonly child: string;
}

/** One end of a bridge. */
export type End = keyof Ends;

/** Names of the chains of the ends. */
export const CHAINS = { bridge: "Ethereum", child: "Polygon" } as const satisfies Ends;

/** The other end. */
const opposite = (end: End): End => (end === "bridge" ? "child" : "bridge");

const hasCode = async (node: ChainNode, address: string): Promise<boolean> => (await node.getCode(address)) !== "0x";

/** The bridge's end on Ethereum. */
export const bridgeAt = (address: string, node: ChainNode): BridgeAdapter =>
  BridgeAdapter__factory.connect(address, { provider: node });

/** The bridge's end on Polygon. */
export const childAt = (address: string, node: ChainNode): ChildBridgeAdapter =>
  ChildBridgeAdapter__factory.connect(address, { provider: node });

/** Both ends: what was not named is read from the one that was, and what can be compared is. */
export async function findEnds(named: Named, nodes: readonly ChainNode[]): Promise<Ends> {
  const given = { bridge: parameter("bridge", named.bridge), child: parameter("child", named.child) };
  const [known] = (["bridge", "child"] as const).filter((end) => given[end] !== undefined);
  if (known === undefined) {
    throw new Error(
      "Which bridge? Name its end on Ethereum with --bridge, or BRIDGE_ADAPTER in the environment, or its end on " +
        "Polygon with --child, or CHILD_BRIDGE_ADAPTER.",
    );
  }
  const peers = {
    bridge: await peerOf("bridge", given.bridge, nodes),
    child: await peerOf("child", given.child, nodes),
  };
  const [bridge, child] = [given.bridge ?? peers.child, given.child ?? peers.bridge];
  if ((peers.bridge ?? peers.child) === undefined || bridge === undefined || child === undefined) {
    throw new Error(await nowhere(known, given[known] ?? "", nodes));
  }
  const ends = { bridge, child };
  for (const end of ["bridge", "child"] as const) {
    const peer = given[end] === undefined ? await peerOf(end, ends[end], nodes) : peers[end];
    if (peer !== undefined && peer !== ends[opposite(end)]) {
      throw new Error(
        `${ends[end]} on ${CHAINS[end]} is the end of another bridge, to ${peer} and not to ${ends[opposite(end)]}: ` +
          "check --bridge and --child, and BRIDGE_ADAPTER and CHILD_BRIDGE_ADAPTER in the environment.",
      );
    }
  }
  return ends;
}

/** Fails if the selected network does not have an end. */
export async function requireHere(node: ChainNode, network: string, ends: Ends, end: End, advice = ""): Promise<void> {
  if (await hasCode(node, ends[end])) return;
  const { chainId } = await node.getNetwork();
  const here = `The network "${network}" (chain ${chainId})`;
  if (!(await hasCode(node, ends[opposite(end)]))) {
    throw new Error(`${here} has neither end of this bridge, ${ends.bridge} and ${ends.child}: is --network right?`);
  }
  throw new Error(
    `${here} has the bridge's end on ${CHAINS[opposite(end)]}: choose ${CHAINS[end]}'s with --network${advice}.`,
  );
}

/** Fails if the node of the other chain does not have an end. */
export async function requireThere(node: ChainNode, ends: Ends, end: End): Promise<void> {
  if (await hasCode(node, ends[end])) return;
  const { chainId } = await node.getNetwork();
  throw new Error(
    `The node of --other-rpc, of chain ${chainId}, has no code at ${ends[end]}, the bridge's end on ${CHAINS[end]}: ` +
      `is it a node of ${CHAINS[end]}?`,
  );
}

/** Whether a chain has an end. */
export async function isHere(node: ChainNode, ends: Ends, end: End): Promise<boolean> {
  return hasCode(node, ends[end]);
}

function parameter(end: End, value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : addressParameter(end, value);
}

/** The peer that an end names, if a node has that end. */
async function peerOf(end: End, address: string | undefined, nodes: readonly ChainNode[]): Promise<string | undefined> {
  if (address === undefined) return undefined;
  for (const node of nodes) {
    if (!(await hasCode(node, address))) continue;
    try {
      // Both ends have a peer; what else is asked for only the right one has.
      if (end === "bridge") await bridgeAt(address, node).ROOT_CHAIN();
      else await childAt(address, node).FX_CHILD();
      return await bridgeAt(address, node).PEER();
    } catch (error) {
      throw new Error(`--${end} ${address} is not a bridge's end on ${CHAINS[end]}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  return undefined;
}

async function nowhere(end: End, address: string, nodes: readonly ChainNode[]): Promise<string> {
  const chains = await Promise.all(nodes.map((node) => node.getNetwork()));
  const ids = chains.map(({ chainId }) => `chain ${chainId}`).join(" and on ");
  const advice =
    nodes.length > 1 ? "are --network and --other-rpc right" : `is --network right, or is --other-rpc missing`;
  return `--${end} ${address} has no code on ${ids}: ${advice}, and the address?`;
}
