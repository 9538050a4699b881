import { getAddress, isAddress, isHexString, ZeroAddress, ZeroHash } from "ethers";
import { z } from "zod";

/** Seconds in a day. */
export const DAY = 86_400n;

const address = z
  .string()
  .refine((value) => isAddress(value) && value !== ZeroAddress, "must be an address other than zero")
  .transform((value) => getAddress(value));
const wei = z.bigint().nonnegative();
/** Shares, as the switcher packs them. */
const share = wei.max(2n ** 96n - 1n);

/** Who governs, on either chain. */
const governance = {
  /** Who holds which power. */
  roles: z.object({
    /** Timelock or multisig: upgrades and roles. */
    upgrader: address,
    /** Weights, caps, limits, fees. */
    manager: address,
    /** Pauses; lowers limits; cancels scheduled calls of the manager. */
    guardian: address,
  }),
  /** Execution delays. */
  delays: z.object({
    upgraderSeconds: wei,
    managerSeconds: wei,
  }),
};

/**
 * Everything that a deployment on Ethereum needs to know. The unit stands in the name; what has none is an address.
 */
export const paramsSchema = z.object({
  /** Polygon's contracts. */
  polygon: z.object({
    stakeManager: address,
    pol: address,
    matic: address,
    migration: address,
  }),
  ...governance,
  /** Receives the fee, as shares. */
  treasury: address,
  /** Holders of the rebasing token, as `npx hardhat genesis:check` makes it from their list. */
  genesis: z.object({
    /** Root of the Merkle tree over the batches. */
    root: z.string().refine((value): boolean => isHexString(value, 32), "must be 32 bytes in hexadecimal"),
    batches: wei,
  }),
  /** The switch from the rebasing token to the share. */
  switcher: z.object({
    feeBps: wei.max(100n, "the fee is at most 1 %"),
    /** Shares that can be switched in all. */
    capWei: share,
    /** Shares that can be switched in a day; 0 for no limit. */
    dailyLimitWei: share,
  }),
  /** Seed stake, paid by the deployer, locked for ever. */
  seedWei: wei.min(10n ** 18n, "the seed must be at least 1 POL"),
  /** Cap on total assets: a whole number of POL. */
  assetCapWei: wei.refine((cap) => cap % 10n ** 18n === 0n, "must be a whole number of POL"),
  /** Fee on rewards. */
  feeBps: wei.max(1_000n, "the fee is at most 10 %"),
  /** Largest share of the pool that any validator can be given. */
  maxShareBps: wei.min(1n).max(10_000n),
  /** Highest commission that gets new stake. */
  maxCommissionPercent: wei.max(100n),
  /** Time after which a batch no longer waits for a dead slice. */
  deadSliceSeconds: wei.min(DAY).max(30n * DAY),
});

/** Validated parameters. */
export type Params = z.output<typeof paramsSchema>;

/** Who governs, and with which delays. */
export type Governance = Pick<Params, "roles" | "delays">;

/** What the bridge's end on Ethereum needs to know. */
export const bridgeParamsSchema = z.object({
  ...governance,
  /** FxPortal's FxRoot. */
  fxRoot: address,
  /** Polygon's RootChain: the proxy. */
  rootChain: address,
  /** Shares that can be locked. */
  lockCapWei: share,
  /** Shares that can be released in a day, at first. */
  releaseLimitWei: share,
  /** Highest number of them that the manager can set; the lowest is a tenth of it. */
  releaseCeilingWei: share.min(1n),
});

/** Validated parameters of the bridge's end on Ethereum. */
export type BridgeParams = z.output<typeof bridgeParamsSchema>;

/** Everything that a deployment on Polygon needs to know. */
export const polygonParamsSchema = z.object({
  ...governance,
  /** FxPortal's FxChild. */
  fxChild: address,
  /** The bridge's limits over a day, which are also the ceilings under which the manager may move them. */
  mintingLimitWei: share,
  burningLimitWei: share.min(1n),
  /** Most ankrMATIC that there can be on Polygon. */
  supplyCapWei: share,
  /** Polygon's wrapped native token. */
  wrappedNative: address,
  /** The pool that stakes and unstakes at once. */
  swap: z.object({
    feeBps: wei
      .min(42n, "the fee is at least 0.42 %, which is what the rate can grow by in a day")
      .max(100n, "the fee is at most 1 %"),
    /** Native wei that can be paid out in a day. */
    dailyLimitWei: wei.max(10n ** 30n, "the limit is at most 10^30"),
  }),
});

/** Validated parameters of a deployment on Polygon. */
export type PolygonParams = z.output<typeof polygonParamsSchema>;

/** The values of the real deployment, as far as they do not depend on the network. */
export const DEFAULTS = {
  delays: { upgraderSeconds: 7n * DAY, managerSeconds: DAY },
  seedWei: 10n ** 18n,
  assetCapWei: 1_000_000_000n * 10n ** 18n,
  feeBps: 500n,
  maxShareBps: 2_500n,
  maxCommissionPercent: 15n,
  deadSliceSeconds: 7n * DAY,
  switcher: { feeBps: 30n, capWei: 0n, dailyLimitWei: 0n },
} as const;

/** The bridge's limits of the real deployment. */
export const BRIDGE_DEFAULTS = {
  delays: DEFAULTS.delays,
  lockCapWei: 500_000_000n * 10n ** 18n,
  releaseLimitWei: 10_000_000n * 10n ** 18n,
  releaseCeilingWei: 20_000_000n * 10n ** 18n,
} as const;

/** The limits on Polygon of the real deployment. */
export const POLYGON_DEFAULTS = {
  delays: DEFAULTS.delays,
  mintingLimitWei: 20_000_000n * 10n ** 18n,
  burningLimitWei: 20_000_000n * 10n ** 18n,
  supplyCapWei: 500_000_000n * 10n ** 18n,
  swap: { feeBps: 50n, dailyLimitWei: 1_000_000n * 10n ** 18n },
} as const;

/** The genesis of a rebasing token that nobody holds: it is sealed from the start. */
export const NOBODY = { root: ZeroHash, batches: 0n } as const;

/** Checks parameters; the error names each value that is missing or impossible. */
export function parseParams(input: z.input<typeof paramsSchema>): Params {
  return parse(paramsSchema, input);
}

/** {@link parseParams} for the bridge's end on Ethereum. */
export function parseBridgeParams(input: z.input<typeof bridgeParamsSchema>): BridgeParams {
  const params = parse(bridgeParamsSchema, input);
  const { releaseLimitWei: limit, releaseCeilingWei: ceiling } = params;
  if (limit > ceiling || limit * 10n < ceiling) {
    throw new Error(
      `${UNUSABLE}\n  releaseLimitWei: must be within a tenth of releaseCeilingWei and releaseCeilingWei`,
    );
  }
  return params;
}

/** {@link parseParams} for Polygon. */
export function parsePolygonParams(input: z.input<typeof polygonParamsSchema>): PolygonParams {
  return parse(polygonParamsSchema, input);
}

const UNUSABLE = "Deployment parameters are not usable:";

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error([UNUSABLE, ...lines].join("\n"));
}
