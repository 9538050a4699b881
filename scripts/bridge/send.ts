import type { ContractTransactionResponse } from "ethers";

import { addressParameter, senderOf } from "../lib/accounts";
import { exact } from "../lib/amounts";
import { signedPermit } from "../lib/tokenPermit";
import type { SignedPermit } from "../lib/tokenPermit";

import { findEnds, requireHere, requireThere } from "./ends";
import type { Named } from "./ends";
import { otherNode } from "./nodes";
import type { Network, Terminal } from "./nodes";
import { amountParameter, directionParameter, quoteLines, requirePossible, startOf } from "./quote";
import type { Order } from "./quote";
import { explain } from "./words";

/** What the task is told. */
export interface SendOptions extends Named {
  /** Decimal number, or `all`. */
  readonly amount: string;
  readonly to?: string | undefined;
  readonly direction: string;
  readonly from?: string | undefined;
  readonly otherRpc?: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** What was sent. */
interface Sent {
  readonly hash: string;
  readonly nonce: bigint;
}

/** Shows what is to be sent, asks, sends it, and tells how to follow it. Fails, in words, if anything is in its way. */
export async function runSend(options: SendOptions, network: Network, terminal: Terminal): Promise<void> {
  const order = await orderOf(options, network);
  await requirePossible(order);
  for (const line of await quoteLines(order)) terminal.print(line);
  const allowed = await isAllowed(order);
  if (options.dryRun) {
    const how = allowed
      ? "for which the allowance is there"
      : `after a signed permit over ${exact(order.shares)} ankrMATIC`;
    terminal.print(`Dry run: nothing is sent. It would be ${callOf(order, allowed)}, ${how}.`);
    return;
  }
  const chain = order.start.direction === "polygon" ? "Polygon" : "Ethereum";
  const what = `${exact(order.shares)} ankrMATIC to ${order.receiver} on ${chain}`;
  if (!(await agreed(options, what, terminal))) {
    terminal.print("Nothing was sent.");
    return;
  }
  const { hash, nonce } = await send(order);
  terminal.print(`Sent ${what}, as message ${nonce} (transaction ${hash})`);
  const end = order.start.direction === "polygon" ? `--bridge ${order.ends.bridge}` : `--child ${order.ends.child}`;
  terminal.print(
    `Where it is: npx hardhat bridge:status --tx ${hash} ${end} --network ${network.name} ` +
      `--other-rpc ${chain.toUpperCase()}_RPC_URL`,
  );
}

async function orderOf(options: SendOptions, { name, provider: here, signers }: Network): Promise<Order> {
  const amount = amountParameter(options.amount);
  const direction = directionParameter(options.direction);
  const down = direction === "polygon";
  const signer = await senderOf(signers, options.from);
  const sender = await signer.getAddress();
  const receiver = options.to === undefined ? sender : addressParameter("to", options.to);
  const there = await otherNode(options.otherRpc);
  const ends = await findEnds(options, there === undefined ? [here] : [here, there]);
  const opposite = down
    ? ", or add --direction ethereum to send from Polygon"
    : ", or leave --direction out to send from Ethereum";
  await requireHere(here, name, ends, down ? "bridge" : "child", opposite);
  if (there !== undefined) await requireThere(there, ends, down ? "child" : "bridge");
  const start = await startOf(direction, ends, here);
  const balance = await start.token.balanceOf(sender);
  return { start, here, there, ends, signer, sender, receiver, shares: amount ?? balance, balance };
}

async function agreed({ yes }: SendOptions, what: string, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) {
    throw new Error("Nobody can be asked, as the input is not a terminal: add --yes to send without a question.");
  }
  return terminal.confirm(`Send ${what}? This cannot be undone`);
}

/** An allowance that is enough is used as it is. */
async function isAllowed({ start, sender, shares }: Order): Promise<boolean> {
  return (await start.token.allowance(sender, start.end)) >= shares;
}

function callOf({ start }: Order, allowed: boolean): string {
  return `${start.direction === "polygon" ? "bridge" : "withdraw"}${allowed ? "" : "WithPermit"}`;
}

async function send(order: Order): Promise<Sent> {
  const { start } = order;
  try {
    // Asked for only now: who takes time to agree may have given one meanwhile.
    const allowed = await isAllowed(order);
    const response = await call(order, allowed ? undefined : await permitOf(order));
    const receipt = await response.wait();
    const address = await start.end.getAddress();
    const event = receipt?.logs
      .filter((log) => log.address === address)
      .map((log) => start.end.interface.parseLog(log))
      .find((log) => log?.name === "DepositSent" || log?.name === "WithdrawalSent");
    if (!event) throw new Error(`Transaction ${response.hash} says nothing of a message: look it up.`);
    const [nonce] = event.args.toArray() as [bigint];
    return { hash: response.hash, nonce };
  } catch (error) {
    throw new Error(explain(error, [start.end.interface, start.token.interface], order.shares), { cause: error });
  }
}

async function call(
  { start, signer, shares, receiver }: Order,
  permit: SignedPermit | undefined,
): Promise<ContractTransactionResponse> {
  if (start.direction === "polygon") {
    const end = start.end.connect(signer);
    return permit === undefined ? end.bridge(shares, receiver) : end.bridgeWithPermit(shares, receiver, permit);
  }
  const end = start.end.connect(signer);
  return permit === undefined ? end.withdraw(shares, receiver) : end.withdrawWithPermit(shares, receiver, permit);
}

async function permitOf({ start, here, signer, shares }: Order): Promise<SignedPermit> {
  const allowance = { spender: await start.end.getAddress(), role: "the bridge", value: shares, unit: "ankrMATIC" };
  return signedPermit(start.token, here, signer, allowance);
}
