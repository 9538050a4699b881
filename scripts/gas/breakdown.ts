import { Interface } from "ethers";
import type { BaseContract } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import type { World } from "./world";

/** Where gas goes inside one call, without the calls that it makes. */
type Kind = "SLOAD" | "SSTORE" | "transient" | "call" | "log" | "keccak" | "compute";

const KINDS: readonly Kind[] = ["SLOAD", "SSTORE", "transient", "call", "log", "keccak", "compute"];

const OF: Readonly<Record<string, Kind>> = {
  SLOAD: "SLOAD",
  SSTORE: "SSTORE",
  TLOAD: "transient",
  TSTORE: "transient",
  CALL: "call",
  STATICCALL: "call",
  DELEGATECALL: "call",
  CALLCODE: "call",
  EXTCODESIZE: "call",
  BALANCE: "call",
  KECCAK256: "keccak",
  SHA3: "keccak",
};

/** A step of `debug_traceTransaction`. */
interface Step {
  readonly op: string;
  readonly gas: number;
  readonly gasCost: number;
  readonly depth: number;
  readonly stack: readonly string[];
  readonly memory: readonly string[];
}

/** A call, and what it cost by itself. */
interface Frame {
  readonly label: string;
  readonly depth: number;
  /** Gas when it began. */
  readonly gas: number;
  readonly own: Record<Kind, number>;
  readonly storage: string[];
}

/** Names of contracts by address and of functions by selector, both without 0x. */
interface Glossary {
  readonly contract: ReadonlyMap<string, string>;
  readonly selector: ReadonlyMap<string, string>;
}

const WAYS: Readonly<Record<string, string>> = { DELEGATECALL: "=>", STATICCALL: "?" };

function word(hex = "0"): bigint {
  return BigInt(hex.startsWith("0x") ? hex : `0x${hex}`);
}

function nameOf(address: string, { contract }: Glossary): string {
  return contract.get(address) ?? `0x${address.slice(0, 6)}`;
}

/** Names for addresses and selectors of the world's contracts. */
async function glossary(world: World): Promise<Glossary> {
  const { hre, pool, token, delegator, bond, switcher, autoClaim, polygon, bridge, child, fx } = world;
  const { pol, matic, migration, stakeManager, eventsHub, stakingInfo, registry } = polygon;
  const named: Record<string, BaseContract> = {
    pool,
    token,
    delegator,
    bond,
    switcher,
    autoClaim,
    pol,
    matic,
    migration,
    stakeManager,
    eventsHub,
    stakingInfo,
    registry,
    bridge,
    childToken: child.token,
    childAdapter: child.adapter,
    feed: child.feed,
    swap: child.swap,
    ...fx,
  };
  const contract = new Map<string, string>();
  const selector = new Map<string, string>();
  const add = (address: string, name: string): void => void contract.set(address.slice(2).toLowerCase(), name);
  const learn = ({ fragments }: Interface): void => {
    for (const fragment of fragments) {
      const { name, selector: id } = fragment as { name?: string; selector?: string };
      if (name !== undefined && id !== undefined && fragment.type === "function") selector.set(id.slice(2), name);
    }
  };
  for (const [name, instance] of Object.entries(named)) {
    const address = await instance.getAddress();
    add(address, name);
    add(await implementationOf(hre, address), `${name} impl`);
    learn(instance.interface);
  }
  const share = await hre.artifacts.readArtifact("ValidatorShare");
  learn(new Interface(share.abi));
  for (let position = 1n; position <= BigInt(world.validators); position++) {
    add((await delegator.positionAt(position)).share, `share ${position}`);
  }
  return { contract, selector };
}

async function implementationOf({ network }: HardhatRuntimeEnvironment, proxy: string): Promise<string> {
  const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  const value = (await network.provider.send("eth_getStorageAt", [proxy, slot, "latest"])) as string;
  return `0x${value.slice(-40)}`;
}

/** Every call of a transaction, in order, with what it cost by itself. */
export async function breakdown(world: World, hash: string): Promise<string> {
  const names = await glossary(world);
  const { provider } = world.hre.network;
  const { structLogs: steps } = (await provider.send("debug_traceTransaction", [hash, {}])) as { structLogs: Step[] };
  const receipt = (await provider.send("eth_getTransactionReceipt", [hash])) as { gasUsed: string; to: string };
  const transaction = (await provider.send("eth_getTransactionByHash", [hash])) as { gas: string; input: string };
  const target = receipt.to.slice(2).toLowerCase();
  const root = `${nameOf(target, names)}.${names.selector.get(transaction.input.slice(2, 10)) ?? "?"}`;
  const frames = framesOf(steps, root, names);

  const inside = KINDS.reduce((sum, kind) => sum + totalOf(frames, kind), 0);
  const before = Number(transaction.gas) - (steps[0]?.gas ?? 0);
  const used = Number(receipt.gasUsed);
  return [
    `gasUsed ${used} = ${before} before the first step + ${inside} inside - ${before + inside - used} refunded`,
    ...frames.map(line),
    `in all: ${KINDS.map((kind) => `${kind} ${totalOf(frames, kind)}`).join(", ")}`,
  ].join("\n");
}

function totalOf(frames: readonly Frame[], kind: Kind): number {
  return frames.reduce((sum, { own }) => sum + own[kind], 0);
}

/** The calls of a trace, in the order in which they began. */
function framesOf(steps: readonly Step[], root: string, names: Glossary): Frame[] {
  const [first] = steps;
  if (first === undefined) throw new Error("the transaction ran no code");
  const frames = [frame(root, first)];
  // the calls that have not returned, with the step that made each
  const open: { readonly frame: Frame; readonly caller?: Step }[] = frames.map((outermost) => ({ frame: outermost }));
  for (const [index, step] of steps.entries()) {
    const current = open.at(-1);
    const next = steps[index + 1];
    if (current === undefined) break;
    if (next !== undefined && next.depth > step.depth) {
      const inner = frame(calleeOf(step, names), next);
      frames.push(inner);
      open.push({ frame: inner, caller: step });
      continue;
    }
    const cost = next?.depth === step.depth ? step.gas - next.gas : step.gasCost;
    record(current.frame, step, cost);
    if (next !== undefined && next.depth < step.depth) {
      open.pop();
      const inside = current.frame.gas - (step.gas - cost);
      const parent = open.at(-1);
      if (parent !== undefined && current.caller !== undefined) {
        parent.frame.own.call += current.caller.gas - next.gas - inside;
      }
    }
  }
  return frames;
}

function frame(label: string, { depth, gas }: Step): Frame {
  const own = { SLOAD: 0, SSTORE: 0, transient: 0, call: 0, log: 0, keccak: 0, compute: 0 };
  return { label, depth, gas, own, storage: [] };
}

function record({ own, storage }: Frame, { op, stack }: Step, cost: number): void {
  const kind = op.startsWith("LOG") ? "log" : (OF[op] ?? "compute");
  own[kind] += cost;
  if (kind !== "SLOAD" && kind !== "SSTORE") return;
  const slot = word(stack.at(-1)).toString(16).padStart(64, "0");
  storage.push(`${op} ${slot.slice(0, 4)}..${slot.slice(-4)} ${cost}`);
}

/** Contract and function that a step calls; `=>` is a delegated call, `?` one that cannot write. */
function calleeOf(step: Step, names: Glossary): string {
  const way = WAYS[step.op] ?? ">";
  const target = word(step.stack.at(-2)).toString(16).padStart(40, "0").slice(-40);
  const offset = Number(word(step.stack.at(step.op === "CALL" ? -4 : -3)));
  const id = step.memory
    .join("")
    .replaceAll("0x", "")
    .slice(offset * 2, offset * 2 + 8);
  return `${way} ${nameOf(target, names)}.${names.selector.get(id) ?? id}`;
}

function line({ label, depth, own, storage }: Frame): string {
  const parts = KINDS.filter((kind) => own[kind] !== 0).map((kind) => `${kind} ${own[kind]}`);
  const total = KINDS.reduce((sum, kind) => sum + own[kind], 0);
  const indent = "  ".repeat(depth);
  return [`${indent}${label}: ${total} (${parts.join(", ")})`, ...storage.map((entry) => `${indent}    ${entry}`)].join(
    "\n",
  );
}
