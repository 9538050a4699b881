import { AbiCoder } from "ethers";
import type { Interface, LogParams, ParamType } from "ethers";

import type { Revert, TraceEvent, Value } from "./trace";
import { interfaceOf, nameOf } from "./world";
import type { World } from "./world";

/** What a call did, in the words of a trace. */
export interface Outcome {
  readonly ok: boolean;
  readonly returns: readonly Value[];
  readonly revert?: Revert;
  readonly events: readonly TraceEvent[];
  readonly gas?: string;
}

/** A log as the node returns it. */
export type RawLog = Pick<LogParams, "address" | "topics" | "data">;

const ERROR_SELECTOR = "0x08c379a0";
const PANIC_SELECTOR = "0x4e487b71";

/** Return values of a call, in order. */
export function decodeReturns(world: World, abi: Interface, fn: string, data: string): readonly Value[] {
  const outputs = abi.getFunction(fn)?.outputs ?? [];
  const values: unknown[] = [...abi.decodeFunctionResult(fn, data)];
  return outputs.map((output, i) => toValue(world, output, values[i]));
}

/** What kind of revert the return data of a failed call stands for. */
export function decodeRevert(data: string): Revert {
  if (data === "0x") return { kind: "empty" };
  const selector = data.slice(0, 10);
  if (selector === ERROR_SELECTOR) {
    const [reason] = AbiCoder.defaultAbiCoder().decode(["string"], `0x${data.slice(10)}`) as unknown as [string];
    return { kind: "string", reason };
  }
  if (selector === PANIC_SELECTOR) return { kind: "panic", data };
  const error = interfaceOf("migration").parseError(data);
  return error === null ? { kind: "raw", data } : { kind: "custom", name: error.name, selector };
}

/** Logs as events with names instead of addresses, in order. */
export function decodeLogs(world: World, logs: readonly RawLog[]): readonly TraceEvent[] {
  return logs.map((log) => {
    const at = nameOf(world, log.address);
    const event = interfaceOf(at).parseLog(log);
    if (event === null) throw new Error(`${at} emits a log that its ABI does not know: ${log.topics[0] ?? "no topic"}`);
    const values: unknown[] = [...event.args];
    const args = event.fragment.inputs.map((input, i) => [input.name, toValue(world, input, values[i])] as const);
    return { at, name: event.name, args: Object.fromEntries(args) };
  });
}

function toValue(world: World, type: ParamType, value: unknown): Value {
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "string") throw new Error(`a value of type ${type.type} has no place in a trace`);
  return type.baseType === "address" ? nameOf(world, value) : value;
}
