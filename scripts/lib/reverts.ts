import { dataLength, isHexString } from "ethers";
import type { ErrorDescription, Interface } from "ethers";

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

/** Clients and nodes wrap what a contract answered in different depths. */
function revertData(error: unknown): string | undefined {
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
