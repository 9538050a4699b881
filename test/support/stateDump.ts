import { AbiCoder } from "ethers";
import type { BaseContract, FunctionFragment, ParamType } from "ethers";
import { ethers } from "hardhat";

import { revertData } from "../../scripts/lib/reverts";

import { functionsOf } from "./functions";

/** Values that views are asked with. */
export interface Probes {
  readonly accounts: readonly string[];
  readonly numbers: readonly bigint[];
}

/** Most questions that one function is asked. */
const MOST = 150;

/** What every view of a contract answers, errors included, by question. */
export async function dumpOf(name: string, contract: BaseContract, probes: Probes): Promise<Record<string, string>> {
  const at = await contract.getAddress();
  const answers: Record<string, string> = {};
  for (const view of functionsOf(contract).filter(({ constant }) => constant)) {
    for (const args of questionsOf(view, probes)) {
      const data = contract.interface.encodeFunctionData(view, args);
      const key = `${name}.${view.name}(${args.map(String).join(", ")})`;
      answers[key] = await answerOf(at, data);
    }
  }
  return answers;
}

async function answerOf(to: string, data: string): Promise<string> {
  try {
    return String(await ethers.provider.send("eth_call", [{ to, data }, "latest"]));
  } catch (error) {
    const reason = revertData(error);
    if (reason === undefined) throw error;
    return `reverts with ${reason}`;
  }
}

/** Every combination of probes that fits the function, as far as there are not too many. */
function questionsOf({ inputs }: FunctionFragment, probes: Probes): unknown[][] {
  let questions: unknown[][] = [[]];
  for (const input of inputs) {
    const values = valuesOf(input, probes);
    questions = questions.flatMap((begun) => values.map((value) => [...begun, value]));
  }
  return questions.slice(0, MOST);
}

function valuesOf(type: ParamType, { accounts, numbers }: Probes): unknown[] {
  const integer = /^uint(\d+)$/.exec(type.type);
  if (integer !== null) return numbers.filter((number) => number < 2n ** BigInt(integer[1] ?? 0));
  if (type.type === "address") return [...accounts];
  if (type.type === "bytes4") return ["0x01ffc9a7", "0xe3bc4e65", "0xffffffff"];
  // Whatever else there is, zero of it.
  return [
    AbiCoder.defaultAbiCoder()
      .decode([type], `0x${"00".repeat(256)}`)
      .toArray()[0],
  ];
}
