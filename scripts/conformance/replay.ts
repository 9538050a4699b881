import { compareOutcome, compareRewards, compareStates } from "./compare";
import type { Difference } from "./compare";
import { execute } from "./execute";
import { setUp } from "./setup";
import { stateReaderOf } from "./state";
import type { State, Step, Trace } from "./trace";
import type { World } from "./world";

/** A step whose gas is known on both sides. */
export interface GasSample {
  readonly fn: string;
  readonly recorded: bigint;
  readonly model: bigint;
}

/** What a replay found. */
export interface Replay {
  readonly steps: number;
  readonly reverts: number;
  /** Number of single state values that were compared. */
  readonly values: number;
  readonly gas: readonly GasSample[];
  /** The first difference, with the place where it is; none if the model does what was recorded. */
  readonly difference?: Difference & { readonly where: string };
}

/** Replays a trace on the model, from a fresh chain, up to the first difference. Leaves the chain as it was. */
export async function replay(world: World, trace: Trace): Promise<Replay> {
  const before = await world.rpc.send("evm_snapshot", []);
  const names = new Map(world.addressByName);
  try {
    return await replayOnFreshChain(world, trace);
  } finally {
    await world.rpc.send("evm_revert", [before]);
    restore(world, names);
  }
}

async function replayOnFreshChain(world: World, trace: Trace): Promise<Replay> {
  await setUp(world, trace);
  const read = stateReaderOf(world, trace);
  const validators = trace.setup.validators.map(({ name }) => name);
  const gas: GasSample[] = [];
  let actual = await read();
  let expected: State = trace.initialState;
  let values = 0;
  let reverts = 0;
  let steps = 0;
  const result = (found?: Difference, where = ""): Replay => {
    const counts = { steps, reverts, values, gas };
    return found === undefined ? counts : { ...counts, difference: { ...found, where } };
  };

  const atStart = compareStates("initialState", expected, actual);
  if (atStart !== undefined) return result(atStart, "before step 0");
  for (const step of trace.steps) {
    const where = describe(step);
    const outcome = await execute(world, step).catch((error: unknown) => {
      throw new Error(`${where} cannot be carried out: ${messageOf(error)}`, { cause: error });
    });
    const inOutcome = compareOutcome(step, outcome);
    if (inOutcome !== undefined) return result(inOutcome, where);

    // a call that reverts is only simulated, so that there is nothing new to read
    const next = outcome.ok ? await read() : actual;
    expected = { ...expected, ...step.changed };
    const difference = compareStates("state", expected, next) ?? compareRewards(step, actual, next, validators);
    if (difference !== undefined) return result(difference, where);
    actual = next;
    steps += 1;
    reverts += step.ok ? 0 : 1;
    values += Object.keys(actual).length;
    if (step.gas !== undefined && outcome.gas !== undefined) {
      gas.push({ fn: callNameOf(step), recorded: BigInt(step.gas), model: BigInt(outcome.gas) });
    }
  }
  return result(compareStates("finalState", trace.finalState, actual), "after the last step");
}

function describe(step: Step): string {
  const from = "from" in step ? `, from ${step.from}` : "";
  return `step ${step.i} (${callNameOf(step)}${from})`;
}

function callNameOf(step: Step): string {
  if (step.kind === "call" || step.kind === "gov") return `${step.to}.${step.fn}`;
  return step.kind === "cheat" ? `cheat ${step.fn}` : step.kind;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function restore(world: World, names: ReadonlyMap<string, string>): void {
  world.addressByName.clear();
  world.nameByAddress.clear();
  for (const [name, address] of names) {
    world.addressByName.set(name, address);
    world.nameByAddress.set(address, name);
  }
}
