import { Interface, dataLength, isCallException, isError, isHexString } from "ethers";
import type { ErrorDescription } from "ethers";

/** Errors of the language, and of OpenZeppelin's calls, whatever the contract. */
const COMMON = new Interface(["error Error(string)", "error Panic(uint256)", "error FailedCall()"]);

/** Bytes that name an error. */
const SELECTOR = 4;

/** The custom error that a contract answered with, if it is one of these contracts' errors. */
export function revertOf(error: unknown, contracts: readonly Interface[]): ErrorDescription | undefined {
  const data = revertData(error);
  if (data === undefined || dataLength(data) < SELECTOR) return undefined;
  return contracts.map((contract) => contract.parseError(data)).find((parsed) => parsed !== null) ?? undefined;
}

/** The error and its arguments, as they stand in the contract. */
export function revertText({ name, args }: ErrorDescription): string {
  return `${name}(${(args.toArray() as readonly unknown[]).map(String).join(", ")})`;
}

/** What a contract refused for, in its own words, by the data that it answered with. */
export function reasonOf(data: string, contracts: readonly Interface[]): string {
  const revert = revertOf({ data }, [...contracts, COMMON]);
  if (revert !== undefined) return revert.signature === "Error(string)" ? String(revert.args[0]) : revertText(revert);
  return data === "0x" ? "it gave no reason" : `an error that none of its contracts has, ${data}`;
}

/**
 * What a contract answered when it refused; clients and nodes wrap it in different depths. Undefined if no contract was asked.
 */
export function revertData(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  for (const [key, value] of Object.entries({ cause: undefined, ...error })) {
    if (key === "data" && typeof value === "string" && isHexString(value, true)) return value;
    if (["data", "error", "info", "cause", "parent"].includes(key)) {
      const inner = revertData(value);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** Undefined if the contract reverts, or answers with what cannot be read. */
export async function unlessRefused<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

/** Whether a call failed by what stands at the address: it reverts, or answers with what cannot be read. */
export function isRefused(error: unknown): boolean {
  // Hardhat's provider throws errors of its own.
  return isCallException(error) || revertData(error) !== undefined || isError(error, "BAD_DATA");
}
