import { readFileSync } from "node:fs";

import { z } from "zod";

/** Decimal numbers are strings in a trace; names of accounts and contracts stand for addresses. */
const number = z.string().regex(/^-?\d+$/, "must be a decimal string");
const name = z.string().min(1);
const value = z.union([z.string(), z.boolean()]);
const state = z.record(z.string(), number);

const revert = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("string"), reason: z.string() }),
  z.object({ kind: z.literal("empty") }),
  z.object({ kind: z.literal("custom"), name: z.string(), selector: z.string() }),
  z.looseObject({ kind: z.enum(["panic", "invalid", "raw"]) }),
]);

const event = z.object({ at: name, name, args: z.record(z.string(), value) });

const permit = z.object({ token: name, signer: name, spender: name, value: number, deadline: number, nonce: number });

const outcome = {
  i: z.int(),
  ok: z.boolean(),
  returns: z.array(value).optional(),
  revert: revert.optional(),
  events: z.array(event).optional(),
  gas: number.optional(),
  changed: state,
  rewards: z.record(z.string(), z.object({ delegators: number, validator: number })).optional(),
  note: z.string().optional(),
};

const call = { from: name, to: name, fn: name, args: z.array(value), permit: permit.optional() };

const step = z.discriminatedUnion("kind", [
  z.strictObject({ ...outcome, kind: z.literal("call"), ...call }),
  z.strictObject({ ...outcome, kind: z.literal("gov"), ...call }),
  z.strictObject({
    ...outcome,
    kind: z.literal("checkpoint"),
    from: name,
    args: z.object({ checkpointReward: number, blockInterval: number, signedBy: z.array(name), proposer: name }),
  }),
  z.strictObject({
    ...outcome,
    kind: z.literal("checkpoints"),
    from: name,
    args: z.object({
      count: number,
      checkpointReward: number,
      blockInterval: number,
      signedBy: z.literal("all active"),
      proposer: z.literal("lowest id active"),
    }),
  }),
  z.strictObject({
    ...outcome,
    kind: z.literal("cheat"),
    fn: z.enum(["slash", "lockShare", "unlockShare", "drain", "give"]),
    args: z.array(z.string()),
  }),
]);

const trace = z.strictObject({
  format: z.literal(1),
  name,
  description: z.string(),
  setup: z.strictObject({
    withdrawalDelay: number,
    checkPointBlockInterval: number,
    proposerBonus: number,
    users: z.array(name),
    validators: z.array(z.strictObject({ name, id: number, stake: number, commissionRate: number })),
  }),
  initialState: state,
  steps: z.array(step).min(1),
  finalState: state,
});

/** One recorded run against Polygon's deployed code; `test/conformance/SCHEMA.md` describes every field. */
export type Trace = z.infer<typeof trace>;
export type Step = Trace["steps"][number];
export type CallStep = Extract<Step, { kind: "call" | "gov" }>;
export type CheckpointStep = Extract<Step, { kind: "checkpoint" }>;
export type CheckpointsStep = Extract<Step, { kind: "checkpoints" }>;
export type CheatStep = Extract<Step, { kind: "cheat" }>;
export type Permit = z.infer<typeof permit>;
export type Revert = z.infer<typeof revert>;
export type TraceEvent = z.infer<typeof event>;
export type Value = z.infer<typeof value>;
export type State = Readonly<Record<string, string>>;

/** Reads a trace; the error of a file that is none says what is wrong with it. */
export function readTrace(file: string): Trace {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseTrace(json, file);
}

/** Checks that a value has the format of a trace. */
export function parseTrace(json: unknown, file: string): Trace {
  const result = trace.safeParse(json);
  if (!result.success) {
    throw new Error(`${file} is not a trace of format 1:\n${z.prettifyError(result.error)}`);
  }
  return result.data;
}
