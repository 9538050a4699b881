import { toBeHex } from "ethers";
import type { ParamType, Signature } from "ethers";

import { signPermit } from "../lib/permit";

import { decodeLogs, decodeReturns, decodeRevert } from "./outcome";
import type { Outcome, RawLog } from "./outcome";
import type { CallStep, CheatStep, CheckpointStep, CheckpointsStep, Permit, Step, Value } from "./trace";
import { addressOf, enableSender, interfaceOf, isShare } from "./world";
import type { World } from "./world";

/** Room for the largest step; below the cap that one transaction has on Ethereum. */
const GAS_LIMIT = toBeHex(16_000_000);
const NO_ROOT = `0x${"0".repeat(64)}`;
const SILENT: Outcome = { ok: true, returns: [], events: [] };

interface Call {
  readonly from: string;
  readonly to: string;
  readonly fn: string;
  readonly args: readonly unknown[];
}

/** Carries one step of a trace out on the model. A call that would revert leaves no trace on the chain. */
export async function execute(world: World, step: Step): Promise<Outcome> {
  switch (step.kind) {
    case "call":
    case "gov":
      return run(world, { ...step, args: await argumentsOf(world, step) });
    case "checkpoint":
      return checkpoint(world, step);
    case "checkpoints":
      return checkpoints(world, step);
    case "cheat":
      await cheat(world, step);
      return SILENT;
  }
}

/** Sends a call that prepares a step and must not fail. */
export async function mustRun(world: World, call: Call): Promise<Outcome> {
  const outcome = await run(world, call);
  if (!outcome.ok) {
    throw new Error(`${call.to}.${call.fn} reverts while the replayer prepares: ${JSON.stringify(outcome.revert)}`);
  }
  return outcome;
}

async function run(world: World, call: Call): Promise<Outcome> {
  const abi = interfaceOf(call.to);
  if (abi.getFunction(call.fn)?.inputs.length !== call.args.length) {
    throw new Error(`${call.to} of the model has no function ${call.fn} with ${call.args.length} argument(s)`);
  }
  const transaction = {
    from: addressOf(world, call.from),
    to: addressOf(world, call.to),
    data: abi.encodeFunctionData(call.fn, call.args),
    gas: GAS_LIMIT,
  };
  const { ok, data } = await world.rpc.simulate(transaction);
  if (!ok) return { ok, returns: [], revert: decodeRevert(data), events: [] };

  const returns = decodeReturns(world, abi, call.fn, data);
  const hash = await world.rpc.send("eth_sendTransaction", [transaction]);
  const receipt = (await world.rpc.send("eth_getTransactionReceipt", [hash])) as { gasUsed: string; logs: RawLog[] };
  return { ok, returns, events: decodeLogs(world, receipt.logs), gas: BigInt(receipt.gasUsed).toString() };
}

/** Of the RootChain's event a trace keeps proposer and reward only. */
async function checkpoint(world: World, step: CheckpointStep): Promise<Outcome> {
  const { checkpointReward, blockInterval, signedBy, proposer } = step.args;
  const before = await world.rpc.send("evm_snapshot", []);
  await setCheckpointReward(world, checkpointReward);
  const outcome = await run(world, {
    from: step.from,
    to: "rootChain",
    fn: "submitCheckpoint",
    args: [blockInterval, signedBy.map(idOf), addressOf(world, `${proposer}.signer`), NO_ROOT],
  });
  if (!outcome.ok) await world.rpc.send("evm_revert", [before]);
  const events = outcome.events.map(({ at, name, args }) => {
    const kept = Object.entries(args).filter(([key]) => key === "proposer" || key === "reward");
    return { at, name, args: Object.fromEntries(kept) };
  });
  return { ...outcome, events };
}

async function checkpoints(world: World, step: CheckpointsStep): Promise<Outcome> {
  const { count, checkpointReward, blockInterval } = step.args;
  await setCheckpointReward(world, checkpointReward);
  const call = { from: step.from, to: "stakeManager", fn: "checkpointsOf", args: [count, blockInterval] };
  return { ...(await run(world, call)), events: [] };
}

async function setCheckpointReward(world: World, reward: string): Promise<void> {
  const { data } = await world.rpc.simulate({
    from: addressOf(world, "deployer"),
    to: addressOf(world, "stakeManager"),
    data: interfaceOf("stakeManager").encodeFunctionData("CHECKPOINT_REWARD"),
  });
  if (BigInt(data) === BigInt(reward)) return;
  await mustRun(world, { from: "governance", to: "stakeManager", fn: "updateCheckpointReward", args: [reward] });
}

async function cheat(world: World, step: CheatStep): Promise<void> {
  const [first = "", second = "", third = ""] = step.args;
  const manager = { from: "deployer", to: "stakeManager" };
  switch (step.fn) {
    case "slash":
      await mustRun(world, { ...manager, fn: "cheatSlash", args: [idOf(first), second, third === "noPool"] });
      return;
    case "lockShare":
    case "unlockShare":
      await mustRun(world, { ...manager, fn: "cheatSetLocked", args: [idOf(first), step.fn === "lockShare"] });
      return;
    case "drain":
      await enableSender(world, addressOf(world, second));
      await mustRun(world, { from: second, to: first, fn: "transfer", args: [addressOf(world, "deployer"), third] });
      return;
    case "give":
      await mustRun(world, { from: "deployer", to: first, fn: "mint", args: [addressOf(world, second), third] });
  }
}

async function argumentsOf(world: World, step: CallStep): Promise<readonly unknown[]> {
  const inputs = interfaceOf(step.to).getFunction(step.fn)?.inputs ?? [];
  const signature = step.permit === undefined ? undefined : await sign(world, step, step.permit);
  return step.args.map((arg, i) => toArgument(world, inputs[i], arg, signature));
}

function toArgument(world: World, type: ParamType | undefined, arg: Value, signature?: Signature): unknown {
  if (typeof arg === "string" && arg.startsWith("permit.")) {
    if (signature === undefined) throw new Error(`the argument ${arg} needs the step's field "permit"`);
    return { "permit.v": signature.v, "permit.r": signature.r, "permit.s": signature.s }[arg];
  }
  return typeof arg === "string" && type?.baseType === "address" ? addressOf(world, arg) : arg;
}

/** Signs what `step.permit` says, which need not be what the call is given. */
async function sign(world: World, step: CallStep, permit: Permit): Promise<Signature> {
  const wallet = world.walletByName.get(permit.signer);
  if (wallet === undefined) throw new Error(`"${permit.signer}" signs a permit but has no key`);
  const owner = step.fn === "permit" ? String(step.args[0]) : step.from;
  const domain = {
    name: permitNameOf(permit.token),
    version: "1",
    chainId: world.chainId,
    verifyingContract: addressOf(world, permit.token),
  };
  const message = {
    owner: addressOf(world, owner),
    spender: addressOf(world, permit.spender),
    value: BigInt(permit.value),
    nonce: BigInt(permit.nonce),
    deadline: BigInt(permit.deadline),
  };
  return signPermit(wallet, domain, message);
}

function permitNameOf(token: string): string {
  return isShare(token) ? `Delegated POL #${BigInt(idOf(token)).toString(16)}` : "Polygon Ecosystem Token";
}

/** Id of the validator that a name of the form `v8` stands for. */
function idOf(name: string): string {
  if (!isShare(name)) throw new Error(`"${name}" is no validator: expected v and its id`);
  return name.slice(1);
}
