import { Interface, isHexString } from "ethers";

/** Errors that the language and OpenZeppelin's calls raise, whatever the contract. */
const COMMON = new Interface(["error Error(string)", "error Panic(uint256)", "error FailedCall()"]);

/** What a contract answered when it refused: clients and nodes wrap it in different depths. Undefined if it was not asked. */
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

/** What a contract refused for, in its own words: the error and its arguments. */
export function reasonOf(data: string, contracts: readonly Interface[]): string {
  if (data === "0x") return "it gave no reason";
  for (const contract of [...contracts, COMMON]) {
    const parsed = contract.parseError(data);
    if (parsed === null) continue;
    const [first] = parsed.args.toArray() as readonly unknown[];
    if (parsed.signature === "Error(string)") return String(first);
    return `${parsed.name}(${parsed.args.toArray().map(String).join(", ")})`;
  }
  return `an error that none of its contracts has, ${data}`;
}
