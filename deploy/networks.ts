import { z } from "zod";

import { BRIDGE_DEFAULTS, DEFAULTS, NOBODY, POLYGON_DEFAULTS } from "./params";
import type { bridgeParamsSchema, paramsSchema, polygonParamsSchema } from "./params";
import type { StartingValidator } from "./system";

/** Values that a deployment takes from the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A network on which the Ethereum side is deployed. */
export interface EthereumNetwork {
  readonly side: "ethereum";
  readonly chainId: bigint;
  /** Network of the Polygon side. */
  readonly counterpart: string;
  readonly params: z.input<typeof paramsSchema>;
  readonly bridge: z.input<typeof bridgeParamsSchema>;
  readonly validators: readonly StartingValidator[];
}

/** A network on which the Polygon side is deployed. */
export interface PolygonNetwork {
  readonly side: "polygon";
  readonly chainId: bigint;
  /** Network of the Ethereum side. */
  readonly counterpart: string;
  readonly params: z.input<typeof polygonParamsSchema>;
}

/** What is known of a network. What is not, stands in the environment. */
export type Network = EthereumNetwork | PolygonNetwork;

/**
 * Addresses of Polygon's contracts on Ethereum's networks, from Polygon's own registry of them, `@maticnetwork/meta`; POL and
 * the migration, which it does not list, from the deployment files of its repositories `pol-token` and `pos-contracts`.
 */
const MAINNET = {
  stakeManager: "0x5e3Ef299fDDf15eAa0432E6e66473ace8c13D908",
  pol: "0x455e53CBB86018Ac2B8092FdCd39d8444aFFC3F6",
  matic: "0x7D1AfA7B718fb893dB30A3aBc0Cfc608AaCfeBB0",
  migration: "0x29e7DF7b6A1B2b07b731457f499E1696c60E2C4e",
} as const;

const SEPOLIA = {
  stakeManager: "0x4AE8f648B1Ec892B6cc68C89cc088583964d08bE",
  pol: "0x44499312f493F62f2DFd3C6435Ca3603EbFCeeBa",
  matic: "0x3fd0A53F4Bf853985a95F4Eb3F9C9FDE1F8e2b53",
  migration: "0x3A3B750E7d4d389Bc1d0be20E5D09530F82B9911",
} as const;

/** The networks that can be deployed to, two by two. The last pair runs on this machine: `npm run devnet` starts it. */
export const PAIRS = [
  { ethereum: "mainnet", polygon: "polygon" },
  { ethereum: "sepolia", polygon: "amoy" },
  { ethereum: "devnet", polygon: "devnet-polygon" },
] as const;

type Pair = (typeof PAIRS)[number];

/** Name of a network that can be deployed to. */
export type NetworkName = Pair["ethereum" | "polygon"];

/** The networks of the local pair, of which only the devnet itself knows the configuration. */
export type DevnetName = Extract<NetworkName, `devnet${string}`>;

/** All names. */
export const NETWORKS: readonly NetworkName[] = PAIRS.flatMap(({ ethereum, polygon }) => [ethereum, polygon]);

/** Whether there is a configuration of that name. */
export function isNetwork(name: string): name is NetworkName {
  return (NETWORKS as readonly string[]).includes(name);
}

/** Whether a network is one of the local pair. */
export function isDevnet(name: string): name is DevnetName {
  return name === "devnet" || name === "devnet-polygon";
}

/** What variables of the environment that are of a network begin with. */
export function prefixOf(name: NetworkName): string {
  return name.toUpperCase().replaceAll("-", "_");
}

/**
 * The configuration of a public network. Addresses of people and the list of validators are nobody's to know but the deployer's:
 * they come from the environment, under names that begin with the network's.
 */
export function networkOf(name: Exclude<NetworkName, DevnetName>, environment: Environment): Network {
  const prefix = prefixOf(name);
  const value = (key: string): string => environment[`${prefix}_${key}`] ?? "";
  const roles = { upgrader: value("UPGRADER"), manager: value("MANAGER"), guardian: value("GUARDIAN") };
  const ethereum = (
    chainId: bigint,
    counterpart: NetworkName,
    polygon: typeof MAINNET | typeof SEPOLIA,
    fxRoot: string,
    rootChain: string,
    genesis: { root: string; batches: bigint },
  ): EthereumNetwork => ({
    side: "ethereum",
    chainId,
    counterpart,
    params: { ...DEFAULTS, polygon, roles, treasury: value("TREASURY"), genesis },
    bridge: { ...BRIDGE_DEFAULTS, roles, fxRoot, rootChain },
    validators: validatorsOf(`${prefix}_VALIDATORS`, value("VALIDATORS")),
  });
  switch (name) {
    case "mainnet":
      return ethereum(
        1n,
        "polygon",
        MAINNET,
        "0xfe5e5D361b2ad62c541bAb87C45a0B9B018389a2",
        "0x86E4Dc95c7FBdBf52e33D563BbDB00823894C287",
        { root: value("GENESIS_ROOT"), batches: numberOf(`${prefix}_GENESIS_BATCHES`, value("GENESIS_BATCHES")) },
      );
    case "sepolia":
      return ethereum(
        11_155_111n,
        "amoy",
        SEPOLIA,
        "0x0E13EBEdDb8cf9f5987512d5E081FdC2F5b0991e",
        "0xbd07D7E1E93c8d4b2a261327F3C28a8EA7167209",
        NOBODY,
      );
    case "polygon":
      return {
        side: "polygon",
        chainId: 137n,
        counterpart: "mainnet",
        params: {
          ...POLYGON_DEFAULTS,
          roles,
          fxChild: "0x8397259c983751DAf40400790063935a11afa28a",
          wrappedNative: "0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270",
        },
      };
    case "amoy":
      return {
        side: "polygon",
        chainId: 80_002n,
        counterpart: "sepolia",
        params: {
          ...POLYGON_DEFAULTS,
          roles,
          fxChild: "0xE5930336866d0388f0f745A2d9207C7781047C0f",
          wrappedNative: value("WRAPPED_NATIVE"),
        },
      };
  }
}

const list = z.array(
  z.tuple([z.coerce.bigint().min(8n), z.coerce.bigint().min(1n).max(10_000n), z.coerce.bigint().min(1n).max(10_000n)]),
);

/** `id:weight:cap`, separated by commas; both in bps. */
function validatorsOf(name: string, text: string): StartingValidator[] {
  const parsed = list.min(1).safeParse(
    text
      .split(",")
      .filter((entry) => entry.trim() !== "")
      .map((entry) => entry.trim().split(":")),
  );
  if (!parsed.success) {
    throw new Error(`${name}: must be validators as id:weight:cap, separated by commas, weight and cap in bps`);
  }
  const validators = parsed.data.map(([id, weightBps, capBps]) => ({ id, weightBps, capBps }));
  const sum = validators.reduce((total, { weightBps }) => total + weightBps, 0n);
  if (sum !== 10_000n) throw new Error(`${name}: the weights add up to ${sum} bps instead of 10000`);
  const over = validators.find(({ capBps }) => capBps > DEFAULTS.maxShareBps);
  if (over !== undefined) {
    throw new Error(`${name}: validator ${over.id} has a cap above the largest share, ${DEFAULTS.maxShareBps} bps`);
  }
  if (new Set(validators.map(({ id }) => id)).size !== validators.length) throw new Error(`${name}: a validator twice`);
  return validators;
}

function numberOf(name: string, text: string): bigint {
  if (!/^\d+$/.test(text)) throw new Error(`${name}: must be a whole number, as genesis:check prints it`);
  return BigInt(text);
}
