import type { FunctionFragment } from "ethers";

import { PUBLIC, titleOf } from "./authority";
import { giveOrder } from "./order";
import type { Office, OrderOptions } from "./order";
import { changingOf, functionOf, targetOf, wordsOf } from "./target";
import type { Target, Words } from "./target";
import { parseValues, textOf } from "./values";

/** What the task is told. */
export interface GovernOptions extends OrderOptions {
  /** Name of the contract, in the address book and among the sources. */
  readonly contract: string;
  /** Where it is, if the book does not say. */
  readonly address?: string | undefined;
  /** Name of the function; a list of them if left out. */
  readonly function?: string | undefined;
  readonly args?: string | undefined;
}

/** Prepares an order of governance; sends it only if told to. Fails, in words, if anything is in its way. */
export async function runGovern(options: GovernOptions, office: Office): Promise<void> {
  const target = await targetOf(office, options.contract, options.address);
  const words = await wordsOf(office, target);
  if (options.function === undefined) return list(office, target, words);
  const method = functionOf(target, options.function);
  const values = argumentsOf(method, options.args, words);
  const { name, at, abi } = target;
  const given = method.inputs.map((input, index) => `${input.name} = ${textOf(values[index])}`).join(", ");
  await giveOrder(
    office,
    {
      title: `${name}.${method.name}(${given})`,
      slug: `${name}.${method.name}`,
      target,
      call: { to: at, data: abi.encodeFunctionData(method, values) },
      contracts: [abi],
    },
    options,
  );
}

/** Arguments; an error says what each of them is. */
function argumentsOf(
  method: FunctionFragment,
  text: string | undefined,
  words: (signature: string) => Words,
): unknown[] {
  try {
    return parseValues(method.inputs, text ?? "");
  } catch (error) {
    const help = describe(method, words).map((line) => `  ${line}`);
    throw new Error([error instanceof Error ? error.message : String(error), ...help].join("\n"), { cause: error });
  }
}

/** The functions that a role of the AccessManager may call. */
async function list({ print }: Office, target: Target, words: (signature: string) => Words): Promise<void> {
  const { name, at, abi, manager } = target;
  print(`${name} at ${at}, under the AccessManager ${target.managerAt}`);
  for (const method of changingOf(abi)) {
    const role = await manager.getTargetFunctionRole(at, method.selector);
    // The admin's is whatever no other role has: also what is open to all.
    if (role === 0n || role === PUBLIC) continue;
    print(`for the ${titleOf(role)}:`);
    for (const line of describe(method, words)) print(`  ${line}`);
  }
  print("What else is restricted, as upgradeToAndCall, is for the upgrader.");
}

/** What a function takes and does, units included. */
function describe(method: FunctionFragment, words: (signature: string) => Words): string[] {
  const { notice, of } = words(method.format("sighash"));
  return [
    `${method.name}(${method.inputs.map((input) => input.format("full")).join(", ")})`,
    ...(notice === undefined ? [] : [`  ${notice}`]),
    ...method.inputs.map(({ name, type }) => `  ${name} (${type})${name in of ? `: ${of[name]}` : ""}`),
  ];
}
