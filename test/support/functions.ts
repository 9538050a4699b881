import { FunctionFragment } from "ethers";
import type { BaseContract } from "ethers";

/** All functions of a contract, by its ABI. */
export function functionsOf({ interface: abi }: BaseContract): FunctionFragment[] {
  return abi.fragments.filter((fragment) => FunctionFragment.isFragment(fragment));
}

/** Those of them that may change state. */
export function changingFunctionsOf(contract: BaseContract): FunctionFragment[] {
  return functionsOf(contract).filter(({ constant }) => !constant);
}
