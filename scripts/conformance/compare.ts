import type { Outcome } from "./outcome";
import type { State, Step, TraceEvent } from "./trace";

/** The first thing in which model and trace disagree. */
export interface Difference {
  /** Where: a state key, `returns[0]`, `events[2].args.amount`, … */
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

/** Compares what a step did with what was recorded. */
export function compareOutcome(step: Step, actual: Outcome): Difference | undefined {
  const revert = { expected: step.revert, actual: actual.revert };
  return (
    differs(
      "ok",
      step.ok,
      actual.ok,
      `${show(step.ok)} ${show(revert.expected)}`,
      `${show(actual.ok)} ${show(revert.actual)}`,
    ) ??
    compareTrees("revert", revert.expected, revert.actual) ??
    (step.returns === undefined ? undefined : compareTrees("returns", step.returns, actual.returns)) ??
    (step.events === undefined
      ? undefined
      : compareTrees("events", collapseNft(step.events), collapseNft(actual.events)))
  );
}

/** Compares states; a key that one side lacks counts as "0" there. Keys without a place in the model are differences. */
export function compareStates(prefix: string, expected: State, actual: State): Difference | undefined {
  for (const key of [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()) {
    const value = key in actual ? actual[key] : undefined;
    if (value === undefined)
      return { field: `${prefix}.${key}`, expected: expected[key] ?? "0", actual: "no such key" };
    const difference = differs(`${prefix}.${key}`, expected[key] ?? "0", value);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Compares the rewards that a step booked with the increase of the two views; a validator left out got nothing. */
export function compareRewards(
  step: Step,
  before: State,
  after: State,
  validators: readonly string[],
): Difference | undefined {
  if (!["checkpoint", "checkpoints", "cheat"].includes(step.kind)) return undefined;
  const unknown = Object.keys(step.rewards ?? {}).find((name) => !validators.includes(name));
  if (unknown !== undefined) return { field: `rewards.${unknown}`, expected: "rewards", actual: "no such validator" };
  for (const name of validators) {
    const expected = step.rewards?.[name] ?? { delegators: "0", validator: "0" };
    const increase = (view: string): string =>
      (BigInt(after[`${name}.${view}`] ?? "0") - BigInt(before[`${name}.${view}`] ?? "0")).toString();
    const actual = { delegators: increase("delegatorsReward"), validator: increase("validatorReward") };
    const difference = compareTrees(`rewards.${name}`, expected, actual);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The recording holds some logs of the staking NFT twice: a run of equal ones counts once, on both sides. */
function collapseNft(events: readonly TraceEvent[]): readonly TraceEvent[] {
  return events.filter((event, i) => event.at !== "stakingNFT" || show(event) !== show(events[i - 1]));
}

function compareTrees(field: string, expected: unknown, actual: unknown): Difference | undefined {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let i = 0; i < Math.max(expected.length, actual.length); ++i) {
      const difference = compareTrees(`${field}[${i}]`, expected[i], actual[i]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = compareTrees(`${field}.${key}`, expected[key], actual[key]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return differs(field, expected, actual);
}

function differs(
  field: string,
  expected: unknown,
  actual: unknown,
  expectedText = show(expected),
  actualText = show(actual),
): Difference | undefined {
  return expected === actual ? undefined : { field, expected: expectedText.trim(), actual: actualText.trim() };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
