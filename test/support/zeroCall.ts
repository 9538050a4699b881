import { ZeroAddress } from "ethers";
import type { FunctionFragment, Interface, ParamType } from "ethers";

/** Zero of a type: an empty array, an address of zero, a tuple of zeros. */
function zeroOf({ baseType, type, components }: ParamType): unknown {
  if (baseType === "array") return [];
  if (baseType === "tuple") return (components ?? []).map(zeroOf);
  if (type === "address") return ZeroAddress;
  if (type === "bool") return false;
  if (type === "string") return "";
  if (type === "bytes") return "0x";
  return type.startsWith("bytes") ? `0x${"00".repeat(Number(type.slice("bytes".length)))}` : 0n;
}

/** A call of the function with all arguments zero. */
export function zeroCall(abi: Interface, method: FunctionFragment): string {
  return abi.encodeFunctionData(method, method.inputs.map(zeroOf));
}
