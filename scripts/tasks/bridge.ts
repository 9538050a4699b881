import { createRequire } from "node:module";

import { task, types } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import type * as Exit from "../bridge/exit";
import type { Network, Terminal } from "../bridge/nodes";
import type * as Send from "../bridge/send";
import type * as Status from "../bridge/status";

// Loaded when a task runs: they import typings, and a configuration that needs these could not make them.
const load = createRequire(__filename);

/** Who answers; not on the command line, but for who runs a task from TypeScript. */
interface Answering {
  readonly terminal?: Terminal;
}

/** Who answers on the command line. */
const console_: Terminal = {
  print: (line) => {
    console.log(line);
  },
  note: (line) => {
    console.error(line);
  },
  interactive: process.stdin.isTTY,
  confirm: async (message) => {
    const { confirm } = await import("@inquirer/prompts");
    return confirm({ message, default: false });
  },
};

const BRIDGE = "the bridge's end on Ethereum; BRIDGE_ADAPTER of the environment, or what the other end names";
const CHILD = "the bridge's end on Polygon; CHILD_BRIDGE_ADAPTER of the environment, or what the other end names";
const OTHER = "URL of a node of the other chain; OTHER_RPC_URL of the environment if left out";
const FROM = "account that sends, one of those that the network has; the first if left out";

task("bridge:send", "Sends ankrMATIC over the bridge: shows what happens, asks, and does it")
  .addParam("amount", "how much: a decimal number of ankrMATIC, or all")
  .addOptionalParam("to", "account on the other chain that gets it; the sender if left out")
  .addOptionalParam("direction", "where it goes: polygon or ethereum", "polygon")
  .addOptionalParam("bridge", BRIDGE)
  .addOptionalParam("child", CHILD)
  .addOptionalParam("otherRpc", `${OTHER}. Without one, the limits there are not shown`)
  .addOptionalParam("from", FROM)
  .addFlag("yes", "does not ask")
  .addFlag("dryRun", "sends nothing, shows what would happen")
  .setAction(async ({ terminal = console_, ...options }: Send.SendOptions & Answering, hre) => {
    const { runSend } = load("../bridge/send") as typeof Send;
    await plainly(runSend(fromEnvironment(options), await networkOf(hre), terminal));
  });

task("bridge:status", "Tells where the messages of a transaction over the bridge are, in either direction")
  .addParam("tx", "hash of the transaction, on the network")
  .addOptionalParam("bridge", BRIDGE)
  .addOptionalParam("child", CHILD)
  .addOptionalParam("otherRpc", OTHER)
  .setAction(async ({ terminal = console_, ...options }: Status.StatusOptions & Answering, hre) => {
    const { runStatus } = load("../bridge/status") as typeof Status;
    await plainly(runStatus(fromEnvironment(options), await networkOf(hre), terminal));
  });

task("bridge:exit", "Proves withdrawals from Polygon on Ethereum, which releases them; anyone can, for anyone")
  .addParam("tx", "hash of the transaction on Polygon")
  .addOptionalParam(
    "position",
    "place of one message among the transaction's logs; all if left out",
    undefined,
    types.int,
  )
  .addOptionalParam("bridge", BRIDGE)
  .addOptionalParam("child", CHILD)
  .addOptionalParam("otherRpc", "URL of a node of Polygon; OTHER_RPC_URL of the environment if left out")
  .addOptionalParam("from", FROM)
  .addFlag("print", "sends nothing, prints the proofs alone")
  .addFlag("dryRun", "sends nothing, tells whether the proofs are accepted")
  .setAction(async ({ terminal = console_, ...options }: Exit.ExitOptions & Answering, hre) => {
    const { runExit } = load("../bridge/exit") as typeof Exit;
    await plainly(runExit(fromEnvironment(options), await networkOf(hre), terminal));
  });

/** What the command line may leave to the environment. */
interface Environment {
  readonly bridge?: string | undefined;
  readonly child?: string | undefined;
  readonly otherRpc?: string | undefined;
}

function fromEnvironment<T extends Environment>(options: T): T {
  const { BRIDGE_ADAPTER, CHILD_BRIDGE_ADAPTER, OTHER_RPC_URL } = process.env;
  return {
    ...options,
    bridge: options.bridge ?? BRIDGE_ADAPTER,
    child: options.child ?? CHILD_BRIDGE_ADAPTER,
    otherRpc: options.otherRpc ?? OTHER_RPC_URL,
  };
}

async function networkOf(hre: HardhatRuntimeEnvironment): Promise<Network> {
  return { name: hre.network.name, provider: hre.ethers.provider, signers: await hre.ethers.getSigners() };
}

/** Errors are for the reader: without a stack, which Hardhat would print. */
async function plainly(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HardhatPluginError("bridge", error.message, error);
  }
}
