import { readBlock } from "../lib/bridge/rpc";
import type { Receipt } from "../lib/bridge/rpc";
import { sentDown, sentUp } from "../lib/bridge/messages";
import type { Message } from "../lib/bridge/messages";
import { downStatus, routeOf, upStatus } from "../lib/bridge/status";
import { durationOf, timeOf } from "../lib/times";

import { bridgeAt, childAt, findEnds, isHere, requireHere, requireThere } from "./ends";
import type { Ends, Named } from "./ends";
import { otherNode } from "./nodes";
import type { ChainNode, Network, Terminal } from "./nodes";
import { hashParameter, receiptOf } from "./transaction";
import { downLines, nameOf, upLines } from "./words";

/** What the task is told. */
export interface StatusOptions extends Named {
  readonly tx: string;
  readonly otherRpc?: string | undefined;
}

/** Tells of every message in a transaction where it is. */
export async function runStatus(options: StatusOptions, network: Network, terminal: Terminal): Promise<void> {
  const transaction = hashParameter(options.tx);
  const here = network.provider;
  const other = await otherNode(options.otherRpc);
  const ends = await findEnds(options, other === undefined ? [here] : [here, other]);
  const [ethereum, polygon] = [await isHere(here, ends, "bridge"), await isHere(here, ends, "child")];
  if (!ethereum && !polygon) await requireHere(here, network.name, ends, "bridge");
  const advice = "exchange --network and --other-rpc.";
  const receipt = await receiptOf(here, transaction, other, advice);
  const messages: Message[] = [
    ...(ethereum ? sentDown(receipt, await routeOf(bridgeAt(ends.bridge, here))) : []),
    ...(polygon ? sentUp(receipt, ends.child) : []),
  ];
  if (messages.length === 0) {
    throw new Error(
      `Transaction ${transaction} sent no message over this bridge, of ${ends.bridge} on Ethereum and ` +
        `${ends.child} on Polygon: check the hash, and the addresses.`,
    );
  }
  const sent = await sentLine(here, receipt);
  for (const message of messages) {
    terminal.print(`${nameOf(message)}, ${sent}`);
    for (const line of await linesOf(message, transaction, ends, other)) terminal.print(line);
  }
}

async function linesOf(
  message: Message,
  transaction: string,
  ends: Ends,
  other: ChainNode | undefined,
): Promise<string[]> {
  const [end, chain] =
    message.direction === "polygon" ? (["child", "Polygon"] as const) : (["bridge", "Ethereum"] as const);
  if (other === undefined) {
    return [`To see where it is, name a node of ${chain} with --other-rpc, or OTHER_RPC_URL in the environment.`];
  }
  await requireThere(other, ends, end);
  if (message.direction === "polygon") {
    return downLines(await downStatus(childAt(ends.child, other), message), message.receiver, message.stateId, ends);
  }
  return upLines(await upStatus(bridgeAt(ends.bridge, other), message), message, transaction, ends);
}

async function sentLine(node: ChainNode, { blockNumber }: Receipt): Promise<string> {
  const { timestamp } = await readBlock(node, blockNumber);
  const now = (await node.getBlock("latest"))?.timestamp ?? 0;
  const age = BigInt(now) - timestamp;
  return `sent at ${timeOf(timestamp)}, ${durationOf(age > 0n ? age : 0n)} ago`;
}
