import { parseUnits } from "ethers";
import { z } from "zod";

/** A decimal number of a unit, as a whole number of its smallest parts. */
function decimal(decimals: number): z.ZodType<bigint, string> {
  return z.string().transform((text, context) => {
    const [, , fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
    if (!/^\d+(\.\d+)?$/.test(text) || fraction.length > decimals) {
      context.addIssue(`must be a number with at most ${decimals} decimals`);
      return z.NEVER;
    }
    return parseUnits(text, decimals);
  });
}

function whole(minimum: number): z.ZodType<number, string> {
  return z.string().regex(/^\d+$/, "must be a whole number").transform(Number).pipe(z.number().int().min(minimum));
}

const gwei = decimal(9);
const token = decimal(18);
const seconds = whole(0).transform(BigInt);
const pause = whole(0).transform((value) => value * 1000);

/** One number that the operator may set: how it is read, what it is if left out, what it does. */
interface Knob<T> {
  readonly schema: z.ZodType<T, string>;
  readonly unit: string;
  readonly fallback: string;
  readonly help: string;
}

function knob<T>(schema: z.ZodType<T, string>, unit: string, fallback: string, help: string): Knob<T> {
  return { schema, unit, fallback, help };
}

/** All of them. `maxGasPrice` is `--max-gas-price` on the command line and `KEEPER_MAX_GAS_PRICE` in the environment. */
export const KNOBS = {
  maxGasPrice: knob(gwei, "gwei", "50", "highest price of gas that is paid on Ethereum"),
  maxCost: knob(token, "ETH", "0.1", "most that one call may cost on Ethereum, whatever happens to the price of gas"),
  polygonMaxGasPrice: knob(gwei, "gwei", "1000", "highest price of gas that is paid on Polygon"),
  polygonMaxCost: knob(token, "POL", "1", "most that one call may cost on Polygon"),
  polPerEth: knob(token, "POL", "15000", "what an ETH is worth; to compare rewards with the gas that collects them"),

  harvestFactor: knob(whole(0).transform(BigInt), "times", "5", "rewards are collected if worth so many times the gas"),
  harvestMin: knob(token, "POL", "1", "rewards of a validator below which nothing is ever collected there"),
  harvestMinAge: knob(seconds, "s", "86400", "time since a validator's last harvest before which none is made"),
  harvestMaxAge: knob(seconds, "s", "604800", "time since it after which one is made whatever the gas costs"),
  harvestBatch: knob(whole(1), "validators", "10", "most validators in one harvest"),
  lossMin: knob(token, "POL", "1", "smallest loss of a validator that is booked"),
  surplusMin: knob(token, "POL", "100", "smallest surplus of a validator that is booked"),
  settleMin: knob(token, "POL", "1", "requests below it wait until more come, or settle-epochs have passed"),
  settleEpochs: knob(whole(1).transform(BigInt), "epochs", "24", "epochs after the last batch that any request waits"),
  delegateMin: knob(token, "POL", "1000", "buffer, less what requests need, from which on it is delegated"),
  evacuateMin: knob(token, "POL", "1", "stake from which on it is moved away from a validator that gives reason to"),
  skimMin: knob(token, "POL", "100", "stray tokens from which on they are booked as rewards"),
  claimMin: knob(token, "POL", "1", "claimable assets from which on AutoClaim is called for a holder"),
  claimPage: knob(whole(1), "holders", "200", "holders asked for, and paid, in one pass; the next pass goes on"),
  payMin: knob(token, "ankrMATIC", "1", "what must wait for a receiver of the bridge for it to be paid"),
  rateAge: knob(seconds, "s", "21600", "age of the rate on Polygon at which a new one is sent"),
  delivery: knob(seconds, "s", "7200", "time that a message to Polygon is given to arrive before another is sent"),

  interval: knob(pause, "s", "300", "time from the beginning of a pass to that of the next"),
  jitter: knob(pause, "s", "60", "each pass begins by up to so much later, so that two keepers do not move in step"),
  passTimeout: knob(pause, "s", "240", "time after which a pass begins nothing new"),
  rpcTimeout: knob(pause, "s", "15", "time that a node has for an answer"),
  rpcAttempts: knob(whole(1), "times", "6", "how often a request is sent before the pass gives up"),
  rpcBackoff: knob(whole(0), "ms", "500", "wait before the second attempt; it doubles with each"),
  poll: knob(whole(1), "ms", "4000", "wait between two looks at a transaction that was sent"),
  stuck: knob(pause, "s", "120", "time after which a transaction that was not mined is sent again with higher fees"),
  giveUp: knob(
    pause,
    "s",
    "900",
    "time after which a pass no longer waits for a transaction; the next goes on with it",
  ),
  confirmations: knob(whole(1), "blocks", "1", "blocks that a transaction waits for, its own included"),
  repeatAfter: knob(seconds, "s", "21600", "time before a call is sent again that succeeded and changed nothing"),
  logRange: knob(whole(1), "blocks", "2000", "most blocks in one request for events; halved where a node refuses"),
  reorgBlocks: knob(whole(0), "blocks", "64", "blocks whose events are read again in every pass"),
} as const;

/** Name of a number that the operator may set. */
export type KnobName = keyof typeof KNOBS;

/** What the keeper goes by; amounts in wei, ages in seconds as bigint, waits in milliseconds as numbers. */
export type Policy = { readonly [K in KnobName]: z.output<(typeof KNOBS)[K]["schema"]> };

/** Reads a policy from texts; what is left out has its fallback. The error names every text that cannot be read. */
export function parsePolicy(texts: Readonly<Partial<Record<KnobName, string>>>): Policy {
  const problems: string[] = [];
  const values = Object.entries(KNOBS).map(([name, { schema, fallback, unit }]) => {
    const text = texts[name as KnobName] ?? fallback;
    const { data, error } = (schema as z.ZodType<unknown, string>).safeParse(text);
    if (error !== undefined) {
      problems.push(`--${optionOf(name)} "${text}" ${error.issues.map(({ message }) => message).join(", ")} (${unit})`);
    }
    return [name, data] as const;
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const policy = Object.fromEntries(values) as unknown as Policy;
  if (policy.polPerEth === 0n) throw new Error('--pol-per-eth "0" must be more than 0 (POL)');
  return policy;
}

/** `maxGasPrice` as `max-gas-price`. */
export function optionOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `maxGasPrice` as `KEEPER_MAX_GAS_PRICE`. */
export function variableOf(name: string): string {
  return `KEEPER_${optionOf(name).replaceAll("-", "_").toUpperCase()}`;
}
