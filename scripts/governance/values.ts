import { getAddress, isHexString } from "ethers";
import type { ParamType } from "ethers";

import { messageOf } from "../lib/amounts";

/**
 * Arguments of a function or constructor from the command line: as they stand in the call, with commas between; arrays and
 * structs in square brackets; whole numbers in the unit of the contract. Each is checked against its type.
 */
export function parseValues(inputs: readonly ParamType[], text: string, option = "args"): unknown[] {
  const parts = text.trim() === "" ? [] : split(text, option);
  if (parts.length !== inputs.length) {
    throw new Error(`--${option} has ${parts.length} values, but takes ${inputs.length}: ${signatureOf(inputs)}`);
  }
  return inputs.map((input, index) => valueOf(input, parts[index] ?? "", `--${option}: ${nameOf(input, index)}`));
}

/** What a function takes, with names: `uint256 bps, address account`. */
export function signatureOf(inputs: readonly ParamType[]): string {
  if (inputs.length === 0) return "nothing";
  return inputs.map((input) => input.format("full")).join(", ");
}

/** A value for a reader, as it could be written on the command line. */
export function textOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(textOf).join(",")}]` : String(value);
}

function nameOf({ name, type }: ParamType, index: number): string {
  return name === "" ? `value ${index + 1} (${type})` : name;
}

/** Splits at the commas that are in no brackets. */
function split(text: string, option: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const sign of text) {
    if (sign === "[") depth += 1;
    if (sign === "]") depth -= 1;
    if (depth < 0) break;
    if (sign === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else {
      part += sign;
    }
  }
  if (depth !== 0) throw new Error(`--${option}: the brackets of ${text} do not close each other`);
  return [...parts, part].map((one) => one.trim());
}

function valueOf(type: ParamType, text: string, what: string): unknown {
  const { baseType, arrayChildren, arrayLength, components } = type;
  if (baseType === "array" && arrayChildren !== null) {
    const parts = within(text, what);
    if (arrayLength !== null && arrayLength !== -1 && parts.length !== arrayLength) {
      throw new Error(`${what} has ${parts.length} values instead of ${arrayLength}`);
    }
    return parts.map((part, index) => valueOf(arrayChildren, part, `${what}[${index}]`));
  }
  if (baseType === "tuple" && components !== null) {
    const parts = within(text, what);
    if (parts.length !== components.length) {
      throw new Error(`${what} has ${parts.length} values, but takes ${components.length}: ${signatureOf(components)}`);
    }
    return components.map((input, index) => valueOf(input, parts[index] ?? "", `${what}.${nameOf(input, index)}`));
  }
  return simple(type.type, unquoted(text), what);
}

/** What is in square brackets. */
function within(text: string, what: string): string[] {
  if (!text.startsWith("[") || !text.endsWith("]")) {
    throw new Error(`${what}: ${text} must be in square brackets, with commas between the values`);
  }
  const inner = text.slice(1, -1).trim();
  return inner === "" ? [] : split(inner, what.replace(/^--/, ""));
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

function simple(type: string, text: string, what: string): unknown {
  const integer = /^(u?)int(\d+)$/.exec(type);
  if (integer !== null) return integerOf(text, integer[1] === "u", BigInt(integer[2] ?? 0), what);
  const bytes = /^bytes(\d*)$/.exec(type);
  if (bytes !== null) {
    const length = bytes[1] === "" ? true : Number(bytes[1]);
    if (!isHexString(text, length)) throw new Error(`${what}: ${text} is no ${type} in hexadecimal digits after 0x`);
    return text;
  }
  switch (type) {
    case "address":
      try {
        return getAddress(text);
      } catch (error) {
        throw new Error(`${what}: ${text} is no address: ${messageOf(error)}`, { cause: error });
      }
    case "bool":
      if (text !== "true" && text !== "false") throw new Error(`${what}: ${text} is neither true nor false`);
      return text === "true";
    case "string":
      return text;
    default:
      throw new Error(`${what}: values of ${type} cannot be given on the command line`);
  }
}

function integerOf(text: string, unsigned: boolean, bits: bigint, what: string): bigint {
  if (!/^(-?\d[\d_]*|0x[0-9a-f]+)$/i.test(text)) {
    throw new Error(`${what}: ${text} is no whole number; it is in the unit of the contract, wei or bps, without one`);
  }
  const value = BigInt(text.replaceAll("_", ""));
  const [lowest, highest] = unsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  if (value < lowest || value > highest) throw new Error(`${what}: ${text} does not fit into ${bits} bits`);
  return value;
}
