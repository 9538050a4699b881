import type { Interface, Signer } from "ethers";

import { addressParameter } from "../lib/accounts";
import { messageOf } from "../lib/amounts";
import { reasonOf, revertData } from "../lib/reverts";
import { durationOf, timeOf } from "../lib/times";
import { AccessManager__factory } from "../../typechain-types";

import { PUBLIC, authorityOf, cancellersOf, titleOf } from "./authority";
import type { Authority, Holder } from "./authority";
import { operationOf, refusalOf, refusalTo, timeOn } from "./operation";
import type { Operation } from "./operation";
import { writeBatch } from "./safe";
import type { Call } from "./safe";
import type { Desk, Target } from "./target";

/** A call that is to be made in governance's name. */
export interface Order {
  /** What it is, for a reader. */
  readonly title: string;
  /** What its files are called. */
  readonly slug: string;
  readonly target: Pick<Target, "manager" | "managerAt" | "since">;
  readonly call: Call;
  /** Contracts whose errors may come back. */
  readonly contracts: readonly Interface[];
}

/** What is to be done with an order. */
export interface OrderOptions {
  /** Holder of the role; needed if there are several. */
  readonly caller?: string | undefined;
  /** Where Safe batches are written. */
  readonly out?: string | undefined;
  /** Execute what was scheduled, instead of scheduling it. */
  readonly execute: boolean;
  /** Cancel what was scheduled. */
  readonly cancel: boolean;
  /** Send it, with a key of the network's; else it is printed. */
  readonly send: boolean;
  /** Go on though the call would revert now. */
  readonly anyway: boolean;
}

/** A desk with keys. */
export interface Office extends Desk {
  readonly signers: readonly Signer[];
}

/** One transaction of an order, and who may send it. */
interface Step {
  readonly verb: "call" | "schedule" | "execute" | "cancel";
  readonly call: Call;
  readonly senders: readonly string[];
}

/**
 * Shows who may give an order, whether it would go through now, and the transactions of it; writes them as Safe batches and
 * sends the one whose turn it is, if it is told to.
 * @returns Whether the call itself was made.
 */
export async function giveOrder(office: Office, order: Order, options: OrderOptions): Promise<boolean> {
  if (options.execute && options.cancel) throw new Error("--execute and --cancel exclude each other: choose one");
  const { manager, since } = order.target;
  const { print } = office;
  print(`${order.title} at ${order.call.to}`);
  // What somebody scheduled can be cancelled even if it holds the role no more.
  const scheduler =
    options.cancel && options.caller !== undefined ? addressParameter("caller", options.caller) : undefined;
  if (scheduler !== undefined) return cancelOrder(office, order, scheduler, options);
  const authority = await authorityOf(manager, order.call.to, order.call.data, since);
  const holder = holderOf(authority, options.caller);
  print(`  may be called by ${holdersText(authority)}`);
  if (options.cancel) return cancelOrder(office, order, holder.account, options);
  if (!options.execute) await tryOut(office, order, options);
  if (holder.delay === 0n) return callDirectly(office, order, holder, options);
  const operation = await operationOf(manager, holder.account, order.call.to, order.call.data);
  print(`  operation ${operation.id}`);
  return options.execute
    ? executeOrder(office, order, holder, operation, options)
    : scheduleOrder(office, order, holder, operation, options);
}

async function callDirectly(office: Office, order: Order, holder: Holder, options: OrderOptions): Promise<boolean> {
  if (options.execute)
    throw new Error(`${holder.account} has no delay: there is nothing to execute, leave --execute out`);
  office.print("  needs no schedule");
  const step: Step = { verb: "call", call: order.call, senders: [holder.account] };
  await show(office, order, [step], options);
  return options.send && dispatch(office, order, step);
}

async function scheduleOrder(
  office: Office,
  order: Order,
  holder: Holder,
  operation: Operation,
  options: OrderOptions,
): Promise<boolean> {
  const { readyAt } = operation;
  if (readyAt !== undefined) {
    throw new Error(
      `It is scheduled already, and can be executed ${spanOf(readyAt, operation.window)}: ` +
        "use --execute then, or --cancel",
    );
  }
  const now = await timeOn(office.provider);
  const schedule: Step = { verb: "schedule", call: operation.schedule, senders: [holder.account] };
  const execute: Step = { verb: "execute", call: operation.execute, senders: [holder.account] };
  const refusal = await refusalTo(office.provider, holder.account, schedule.call, order.contracts);
  if (refusal !== undefined) throw new Error(`It cannot be scheduled by ${holder.account}: ${refusal}`);
  office.print(`  scheduled now, it can be executed ${spanOf(now + holder.delay, operation.window)}`);
  await show(office, order, [schedule, execute], options);
  if (!options.send) return false;
  await dispatch(office, order, schedule);
  const { readyAt: from } = await operationOf(order.target.manager, holder.account, order.call.to, order.call.data);
  if (from === undefined) throw new Error(`The AccessManager does not know operation ${operation.id}: look it up`);
  office.print(`  scheduled: it can be executed ${spanOf(from, operation.window)}`);
  return false;
}

async function executeOrder(
  office: Office,
  order: Order,
  holder: Holder,
  operation: Operation,
  options: OrderOptions,
): Promise<boolean> {
  const { readyAt, window } = operation;
  if (readyAt === undefined) {
    throw new Error(`It is not scheduled by ${holder.account}, or has expired: leave --execute out to schedule it`);
  }
  const now = await timeOn(office.provider);
  if (now < readyAt) throw new Error(`It cannot be executed yet: ${spanOf(readyAt, window)}, now it is ${timeOf(now)}`);
  await tryOut(office, order, options);
  office.print(`  can be executed now, until ${timeOf(readyAt + window)}`);
  const step: Step = { verb: "execute", call: operation.execute, senders: [holder.account] };
  await show(office, order, [step], options);
  return options.send && dispatch(office, order, step);
}

async function cancelOrder(office: Office, order: Order, caller: string, options: OrderOptions): Promise<boolean> {
  const { manager, since } = order.target;
  const { to, data } = order.call;
  const operation = await operationOf(manager, caller, to, data);
  office.print(`  operation ${operation.id}`);
  if (operation.readyAt === undefined) throw new Error(`It is not scheduled by ${caller}: nothing to cancel`);
  const senders = await cancellersOf(manager, caller, to, data, since);
  office.print(`  scheduled, it could be executed ${spanOf(operation.readyAt, operation.window)}`);
  office.print(`  can be cancelled by ${senders.join(", ")}`);
  const step: Step = { verb: "cancel", call: operation.cancel, senders };
  await show(office, order, [step], options);
  if (options.send) await dispatch(office, order, step);
  return false;
}

/** Fails if the call would revert now, unless that is expected. */
async function tryOut({ provider, print }: Office, order: Order, { anyway }: OrderOptions): Promise<void> {
  const refusal = await refusalOf(provider, order.target.managerAt, order.call, order.contracts);
  if (refusal === undefined) {
    print("  would go through now");
    return;
  }
  if (!anyway) {
    throw new Error(`It would revert now: ${refusal}. Add --anyway if something that comes before it will change that`);
  }
  print(`  would revert now: ${refusal}`);
}

function holderOf({ role, holders }: Authority, wanted: string | undefined): Holder {
  if (role === PUBLIC) throw new Error("Anyone may call it, without governance: call it directly");
  if (wanted !== undefined) {
    const account = addressParameter("caller", wanted);
    const found = holders.find((holder) => holder.account === account);
    if (found === undefined) {
      throw new Error(`--caller ${account} may not: it takes ${holdersText({ role, holders })}`);
    }
    return found;
  }
  const [first] = holders;
  if (first === undefined) {
    throw new Error(`Nobody may call it: the ${titleOf(role)} has no holder now, or the target is closed`);
  }
  if (holders.length > 1)
    throw new Error(`Several may call it, name one with --caller: ${holdersText({ role, holders })}`);
  return first;
}

function holdersText({ role, holders }: Authority): string {
  const each = holders.map(
    ({ account, delay }) => `${account} (${delay === 0n ? "no delay" : `delay of ${durationOf(delay)}`})`,
  );
  return `the ${titleOf(role)}: ${each.length === 0 ? "nobody" : each.join(", ")}`;
}

function spanOf(from: bigint, window: bigint): string {
  return `from ${timeOf(from)} until ${timeOf(from + window)}`;
}

/** Prints transactions, and writes each as a batch for a Safe of who may send it. */
async function show(office: Office, order: Order, steps: readonly Step[], { out }: OrderOptions): Promise<void> {
  const { provider, print } = office;
  const { chainId } = await provider.getNetwork();
  for (const { verb, call, senders } of steps) {
    print(`${verb}: by ${senders.join(" or ")}`);
    print(`  to    ${call.to}`);
    print("  value 0");
    print(`  data  ${call.data}`);
    if (out === undefined) continue;
    // Whoever may cancel has the same batch: it names no sender.
    const [safe = ""] = senders.length === 1 ? senders : [];
    const file = await writeBatch(out, `${order.slug}.${verb}`, {
      ...{ chainId, time: await timeOn(provider), safe },
      name: `${verb} ${order.slug}`,
      description: `${order.title} at ${order.call.to}`,
      calls: [call],
    });
    print(`  Safe batch ${file}`);
  }
}

/** Sends a transaction with a key of who may. Always true: what fails throws. */
async function dispatch(office: Office, order: Order, { verb, call, senders }: Step): Promise<boolean> {
  const signer = await keyOf(office.signers, senders);
  try {
    const receipt = await (await signer.sendTransaction(call)).wait();
    if (receipt === null) throw new Error("it was not mined");
    office.print(`${verb}: sent by ${await signer.getAddress()}, transaction ${receipt.hash}`);
    return true;
  } catch (error) {
    const data = revertData(error);
    const contracts = [...order.contracts, AccessManager__factory.createInterface()];
    const why = data === undefined ? messageOf(error) : reasonOf(data, contracts);
    throw new Error(`The ${verb} failed: ${why}`, { cause: error });
  }
}

async function keyOf(signers: readonly Signer[], senders: readonly string[]): Promise<Signer> {
  for (const signer of signers) if (senders.includes(await signer.getAddress())) return signer;
  throw new Error(
    `The network has no key of ${senders.join(" or ")}: leave --send out, and send what is printed from there, ` +
      "or load the batch of --out into the Safe",
  );
}
