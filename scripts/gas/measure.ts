import type { HardhatRuntimeEnvironment } from "hardhat/types";

import type { Operation, Spent, Use } from "./operation";
import { LEAVING } from "./operations/leaving";
import { BATCHES } from "./operations/batches";
import { BRIDGE } from "./operations/bridge";
import { LEGACY } from "./operations/legacy";
import { STAKING } from "./operations/staking";
import { SWAP } from "./operations/swap";
import { TOKEN } from "./operations/token";
import { UPKEEP } from "./operations/upkeep";
import { checkpoints } from "./steps";
import type { World } from "./world";

/** Every row of the table. */
export const OPERATIONS: readonly Operation[] = [
  ...STAKING,
  ...LEAVING,
  ...TOKEN,
  ...LEGACY,
  ...BATCHES,
  ...UPKEEP,
  ...BRIDGE,
  ...SWAP,
];

/** A row as it is written to the file. */
export interface Figure {
  readonly operation: string;
  readonly validators: number;
  readonly use: Use;
  readonly gas: number;
  /** Transactions that it took, where it is not one. */
  readonly calls?: number;
  /** Measured on the local model of Polygon's contracts. */
  readonly model?: true;
  /** State of the caller and the pool. */
  readonly given: string;
}

/** A state of the chain that can be taken again and again. */
export async function savepoint({ network }: HardhatRuntimeEnvironment): Promise<() => Promise<void>> {
  let id: unknown = await network.provider.send("evm_snapshot");
  return async () => {
    await network.provider.send("evm_revert", [id]);
    id = await network.provider.send("evm_snapshot");
  };
}

/** Brings the world into the operation's state, with a checkpoint's rewards pending, and calls. */
export async function run(operation: Operation, world: World): Promise<Spent> {
  await operation.prepare?.(world);
  await checkpoints(world);
  return operation.call(world);
}

/** Operations that make sense for a number of validators. */
export function operationsFor(validators: number): Operation[] {
  return OPERATIONS.filter((operation) => operation.validators?.(validators) ?? true);
}

export function figure(
  { name, use, model, given }: Operation,
  validators: number,
  { gas, transactions }: Spent,
): Figure {
  return {
    operation: name,
    validators,
    use,
    gas: Number(gas),
    ...(transactions.length > 1 ? { calls: transactions.length } : {}),
    ...(model ? { model } : {}),
    given,
  };
}
