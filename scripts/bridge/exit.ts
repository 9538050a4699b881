import { dataLength } from "ethers";
import type { ContractTransactionReceipt } from "ethers";

import type { BridgeAdapter } from "../../typechain-types";
import { senderOf } from "../lib/accounts";
import { exact } from "../lib/amounts";
import type { CheckpointTree } from "../lib/bridge/checkpoint";
import { buildExit } from "../lib/bridge/exit";
import { sentUp } from "../lib/bridge/messages";
import type { UpMessage } from "../lib/bridge/messages";
import { placesOf, rootChainOf, upStatus } from "../lib/bridge/status";

import { bridgeAt, findEnds, requireHere, requireThere } from "./ends";
import type { Named } from "./ends";
import { otherNode, requireOther } from "./nodes";
import type { ChainNode, Network, Terminal } from "./nodes";
import { hashParameter, receiptOf } from "./transaction";
import { explain, nameOf, uncheckedLine, waitingLines } from "./words";

/** What the task is told. */
export interface ExitOptions extends Named {
  readonly tx: string;
  readonly otherRpc?: string | undefined;
  /** Place of one message among the logs of the transaction; all messages if left out. */
  readonly position?: number | undefined;
  readonly from?: string | undefined;
  /** Prints the payloads alone, and sends nothing. */
  readonly print: boolean;
  readonly dryRun: boolean;
}

/** Builds the proof of a message. */
type Prove = (message: UpMessage) => Promise<string>;

/** Proves the withdrawals of a transaction on Ethereum. Anyone can, for anyone. */
export async function runExit(options: ExitOptions, network: Network, terminal: Terminal): Promise<void> {
  const transaction = hashParameter(options.tx);
  const here = network.provider;
  const polygon = requireOther(await otherNode(options.otherRpc), "Polygon");
  const ends = await findEnds(options, [here, polygon]);
  await requireHere(here, network.name, ends, "bridge", ", and a node of Polygon with --other-rpc");
  await requireThere(polygon, ends, "child");
  const messages = await chosen(options, transaction, ends.child, here, polygon);
  const bridge = bridgeAt(ends.bridge, here);
  const rootChain = await rootChainOf(bridge);
  const trees = new Map<string, CheckpointTree>();
  const prove: Prove = ({ position }) => buildExit({ child: polygon, rootChain, transaction, position, trees });
  const say = options.print ? terminal.note : terminal.print;
  for (const message of messages) {
    const status = await upStatus(bridge, message);
    if (status.is === "unchecked") {
      throw new Error(`${nameOf(message)}. ${uncheckedLine(message.block, status.last?.end)} Run this again then.`);
    }
    if (status.is === "proven") {
      say(`${nameOf(message)}: already proven.`);
      if (status.waiting === undefined) continue;
      for (const line of waitingLines(status.waiting, message.receiver, ends.bridge)) say(line);
    } else {
      await exit(options, network, terminal, bridge, message, await prove(message));
    }
  }
}

/** The messages that are to be proven: one, or all of the transaction. */
async function chosen(
  { position }: ExitOptions,
  transaction: string,
  child: string,
  here: ChainNode,
  polygon: ChainNode,
): Promise<UpMessage[]> {
  const advice = "withdrawals are sent on Polygon; where a message to Polygon is, bridge:status tells.";
  const receipt = await receiptOf(polygon, transaction, here, advice);
  const messages = sentUp(receipt, child);
  if (messages.length === 0) {
    throw new Error(
      `Transaction ${transaction} has no withdrawal of ${child} in it: check the hash, and the addresses of the bridge.`,
    );
  }
  if (position === undefined) return messages;
  const one = messages.filter((message) => message.position === position);
  if (one.length > 0) return one;
  throw new Error(
    `--position ${position} is no message of this bridge: ${placesOf(messages)}; leave it out to prove all of them.`,
  );
}

/** Does with a proof what was asked for: shows it, tries it, or sends it. */
async function exit(
  options: ExitOptions,
  { signers }: Network,
  { print, note }: Terminal,
  bridge: BridgeAdapter,
  message: UpMessage,
  proof: string,
): Promise<void> {
  let sent: ContractTransactionReceipt | null;
  try {
    const paid = await bridge.receiveMessage.staticCall(proof);
    if (options.print) {
      print(proof);
      return;
    }
    if (options.dryRun) {
      const size = `the proof, of ${dataLength(proof)} bytes, is accepted`;
      print(`${nameOf(message)}: ${size}; ${exact(paid)} ankrMATIC would be released.`);
      print("Dry run: nothing is sent.");
      return;
    }
    const signer = await senderOf(signers, options.from);
    sent = await (await bridge.connect(signer).receiveMessage(proof)).wait();
  } catch (error) {
    // Anyone can prove it, and somebody may just have done so.
    if (!(await bridge.isConsumed(message.nonce))) {
      throw new Error(explain(error, [bridge.interface], message.shares), { cause: error });
    }
    const say = options.print ? note : print;
    say(`${nameOf(message)}: already proven, by somebody else meanwhile, who was welcome to it.`);
    return;
  }
  print(`${nameOf(message)}: ${await releaseOf(bridge, sent)}`);
}

async function releaseOf(bridge: BridgeAdapter, sent: ContractTransactionReceipt | null): Promise<string> {
  const address = await bridge.getAddress();
  const event = sent?.logs
    .filter((log) => log.address === address)
    .map((log) => bridge.interface.parseLog(log))
    .find((log) => log?.name === "Released");
  if (!sent || !event) throw new Error(`Transaction ${sent?.hash ?? ""} says nothing of a release: look it up.`);
  const [, shares, rest] = event.args.toArray() as [string, bigint, bigint];
  const waits = rest === 0n ? "" : `, and ${exact(rest)} wait for the daily limit`;
  return `proven, ${exact(shares)} ankrMATIC are released${waits} (transaction ${sent.hash}).`;
}
