import type { Provider, Signer } from "ethers";

import { AMATICb__factory, BondSwitcher__factory } from "../../typechain-types";
import { addressParameter, requireContract, senderOf } from "../lib/accounts";
import { exact, messageOf } from "../lib/amounts";

import { comparison, execute, wayLine, wayOf } from "./execute";
import type { Switch } from "./execute";
import { quote, quoteLines, readState } from "./quote";
import type { Contracts, Quote } from "./quote";
import { parseWish } from "./wish";

/** What the task is told. */
export interface SwitchOptions {
  /** Decimal number, or `max`. */
  readonly amount: string;
  readonly switcher?: string | undefined;
  readonly receiver?: string | undefined;
  readonly from?: string | undefined;
  readonly shares: boolean;
  readonly upTo: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** Who sits in front of it. */
export interface Terminal {
  /** Takes a line of output. */
  readonly print: (line: string) => void;
  /** True if somebody can answer. */
  readonly interactive: boolean;
  /** Asks a question. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** The network of a run. */
export interface Network {
  readonly provider: Provider;
  readonly signers: readonly Signer[];
}

/** Shows what a switch comes to, asks, does it, and shows what it did. Fails, in words, if anything is in its way. */
export async function runSwitch(options: SwitchOptions, network: Network, terminal: Terminal): Promise<void> {
  const wish = parseWish(options.amount, options.shares);
  const { provider } = network;
  const signer = await senderOf(network.signers, options.from);
  const holder = await signer.getAddress();
  const receiver = options.receiver === undefined ? holder : addressParameter("receiver", options.receiver);
  const contracts = await contractsOf(options, provider);
  const state = await readState(contracts, provider, holder);
  const offer = await quote(contracts, state, wish, options.upTo);
  const order: Switch = { ...contracts, provider, signer, receiver, upTo: options.upTo };
  for (const line of quoteLines(state, offer, receiver)) terminal.print(line);
  if (options.dryRun) {
    terminal.print(`Dry run: nothing is sent. It would be ${wayLine(await wayOf(order, offer))}.`);
    return;
  }
  if (!(await agreed(options, offer, terminal))) {
    terminal.print("Nothing was switched.");
    return;
  }
  // Asked for only now: who takes time to agree may have got more for it meanwhile.
  const done = await execute(order, offer, await wayOf(order, offer));
  terminal.print(
    `Switched ${exact(done.shares)} shares: ${exact(done.received)} ankrMATIC to ${receiver}, ` +
      `fee ${exact(done.fee)} (transaction ${done.hash})`,
  );
  const reasons = await comparison(order, state, offer, done);
  if (reasons.length === 0) terminal.print("This is the quote, to the wei.");
  for (const reason of reasons) terminal.print(`The quote was ${exact(offer.received)} ankrMATIC: ${reason}.`);
}

async function agreed({ yes }: SwitchOptions, { received }: Quote, terminal: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) {
    throw new Error("Nobody can be asked, as the input is not a terminal: add --yes to switch without a question.");
  }
  return terminal.confirm(`Switch for ${exact(received)} ankrMATIC? This cannot be undone`);
}

/** The switcher knows its aMATICb, which must know it too. */
async function contractsOf(options: SwitchOptions, provider: Provider): Promise<Contracts> {
  if (options.switcher === undefined || options.switcher === "") {
    throw new Error("--switcher is missing: name the address of the switcher, or set SWITCHER in the environment.");
  }
  const at = addressParameter("switcher", options.switcher);
  await requireContract(provider, "switcher", at);
  const switcher = BondSwitcher__factory.connect(at, { provider });
  let bond: Contracts["bond"];
  let known: string;
  try {
    bond = AMATICb__factory.connect(await switcher.BOND(), { provider });
    known = await bond.SWITCHER();
  } catch (error) {
    throw new Error(`--switcher ${at} is not a switcher: ${messageOf(error)}`, { cause: error });
  }
  if (known !== at) throw new Error(`--switcher ${at} is not the switcher of its aMATICb, which is ${known}`);
  return { bond, switcher };
}
