import { hexlify } from "ethers";
import type { FunctionFragment, Interface, ParamType } from "ethers";
import fc from "fast-check";

/** Values of a type of the ABI: numbers from the edges and from between, addresses of those that are given. */
function valuesOf({ baseType, type, arrayChildren, components }: ParamType, accounts: string[]): fc.Arbitrary<unknown> {
  if (arrayChildren !== null) return fc.array(valuesOf(arrayChildren, accounts), { maxLength: 3 });
  if (baseType === "tuple") return fc.tuple(...(components ?? []).map((part) => valuesOf(part, accounts)));
  if (type === "address") return fc.constantFrom(...accounts);
  if (type === "bool") return fc.boolean();
  if (type === "string") return fc.string();
  if (type === "bytes") return fc.uint8Array({ maxLength: 100 }).map(hexlify);
  if (type.startsWith("bytes")) {
    const length = Number(type.slice("bytes".length));
    return fc.uint8Array({ minLength: length, maxLength: length }).map(hexlify);
  }
  const largest = 2n ** BigInt(type.replace(/^u?int/, "")) - 1n;
  return fc.oneof(fc.constantFrom(0n, 1n, largest), fc.bigInt(0n, largest), fc.bigInt(0n, 10n ** 24n % (largest + 1n)));
}

/** Calls of a function, with any arguments of their types. */
export function callsOf(abi: Interface, method: FunctionFragment, accounts: string[]): fc.Arbitrary<string> {
  return fc
    .tuple(...method.inputs.map((input) => valuesOf(input, accounts)))
    .map((values) => abi.encodeFunctionData(method, values));
}
