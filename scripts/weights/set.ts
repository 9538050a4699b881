import { z } from "zod";

/** Sum of all weights: one whole, in bps. */
export const WHOLE = 10_000n;

/** What keeps a position from new stake, and its words. */
export const OBSTACLES = {
  unstaked: "it has left the set of validators",
  leaving: "it has announced to leave",
  replaced: "StakeManager names another share contract for it",
  locked: "its share contract is locked",
  closed: "it has switched delegation off",
  "all-closed": "Polygon has switched delegation off for all validators",
  rate: "its rate is not exactly 1",
  silent: "its share contract does not answer",
  refused: "the Delegator's acceptsStake says no",
} as const;

/** Name of an obstacle. */
export type Obstacle = keyof typeof OBSTACLES;

const OBSTACLE_NAMES = Object.keys(OBSTACLES) as [Obstacle, ...Obstacle[]];

const wei = z
  .string({ error: "must be a number of wei in quotes: a number in JSON loses digits" })
  .regex(/^[0-9]{1,60}$/, "must be a number of wei: digits alone")
  .transform((digits) => BigInt(digits));
const whole = (most: number): z.ZodType<bigint, number> =>
  z
    .int()
    .min(0)
    .max(most)
    .transform((value) => BigInt(value));
const id = z
  .int()
  .min(1)
  .transform((value) => BigInt(value));
const bps = whole(Number(WHOLE));
const percent = whole(100);

const validatorSchema = z.strictObject({
  /** Id in StakeManager. */
  id,
  /** What people call it. */
  name: z.string().max(40).optional(),
  /** Own stake and all that is delegated to it, the pool's included; 0 if it is not in the active set. */
  stakeWei: wei,
});

const positionSchema = z.strictObject({
  /** Number of the position in the Delegator. */
  position: id,
  /** Id of its validator. */
  validator: id,
  /** The pool's stake there. */
  principalWei: wei,
  /** Present weight. */
  weightBps: bps,
  /** Cap that it is to have: the present one, unless it is edited. */
  capBps: bps,
  commissionPercent: percent,
  /** What it earned of what signing every checkpoint brings; null if that is not known, which counts as all of it. */
  performanceBps: bps.nullable(),
  /** True if the commission changed while the performance was measured, which is then reckoned with the higher one. */
  commissionChanged: z.boolean().default(false),
  /** What keeps it from new stake. */
  obstacles: z.array(z.enum(OBSTACLE_NAMES)),
});

const setSchema = z
  .strictObject({
    /** Where and when it was read. */
    readAt: z
      .strictObject({
        chainId: z.int().min(1),
        block: z.int().min(0),
        /** First block of the time over which performance was measured; null if it was not. */
        sinceBlock: z.int().min(0).nullable(),
      })
      .optional(),
    /** The pool's constitutional maximum per validator. */
    maxShareBps: bps,
    /** The governed maximum. */
    maxCommissionPercent: percent,
    /** Every validator of the active set, and those of the positions. */
    validators: z.array(validatorSchema).min(1),
    positions: z.array(positionSchema).min(1),
  })
  .superRefine(({ maxShareBps, validators, positions }, context) => {
    const issue = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    const stakes = new Map<bigint, bigint>();
    for (const [index, { id: known, stakeWei }] of validators.entries()) {
      if (stakes.has(known)) issue(["validators", index, "id"], `validator ${known} stands there more than once`);
      stakes.set(known, stakeWei);
    }
    const numbers = new Set<bigint>();
    for (const [index, one] of positions.entries()) {
      const at = (field: keyof Position): (string | number)[] => ["positions", index, field];
      const stake = stakes.get(one.validator);
      if (numbers.has(one.position)) issue(at("position"), `position ${one.position} stands there more than once`);
      numbers.add(one.position);
      if (one.capBps > maxShareBps) issue(at("capBps"), `is above maxShareBps, ${maxShareBps}`);
      if (stake === undefined) {
        issue(at("validator"), `validator ${one.validator} is not among the validators`);
      } else if (one.obstacles.length === 0 && stake === 0n) {
        issue(at("obstacles"), `validator ${one.validator} has no stake in the set: is it unstaked?`);
      } else if (one.obstacles.length === 0 && stake < one.principalWei) {
        issue(at("principalWei"), `is more than the stakeWei of validator ${one.validator}`);
      }
    }
  });

/** All that a proposal rests on. */
export type ValidatorSet = z.output<typeof setSchema>;

/** A validator of the network. */
export type Validator = z.output<typeof validatorSchema>;

/** A validator that the pool uses. */
export type Position = z.output<typeof positionSchema>;

/** Reads a file; an error names every value that is wrong. */
export function parseSet(text: string, file: string): ValidatorSet {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const { data, error } = setSchema.safeParse(json);
  if (data !== undefined) return data;
  const lines = error.issues.map(({ path, message }) => `  ${pathOf(path)}: ${message}`);
  throw new Error([`${file} is no set of validators, docs/weights.md has the format:`, ...lines].join("\n"));
}

/** Writes a set as a file that {@link parseSet} reads. */
export function formatSet(set: ValidatorSet): string {
  const plain = (key: string, value: unknown): unknown => {
    if (typeof value !== "bigint") return value;
    return key.endsWith("Wei") ? value.toString() : Number(value);
  };
  return `${JSON.stringify(set, plain, 2)}\n`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0
    ? "the file"
    : path
        .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
        .join("")
        .replace(/^\./, "");
}
