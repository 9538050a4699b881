import { readFile } from "node:fs/promises";

import { getAddress } from "ethers";
import { z } from "zod";

import type { EthereumNetwork, PolygonNetwork } from "../../deploy/networks";
import { BRIDGE_DEFAULTS, DEFAULTS, NOBODY, POLYGON_DEFAULTS } from "../../deploy/params";
import type { BridgeParams, PolygonParams } from "../../deploy/params";

import type { Name } from "./wallets";

/** One token, in wei. */
export const ONE = 10n ** 18n;
/** POL and MATIC of each of those who use the system. */
export const FUNDS = 1_000_000n * ONE;
/** Validators of a devnet, which have equal weights, and whose key signs for them. */
export const VALIDATORS = [
  { id: 8n, signer: "validator1" },
  { id: 9n, signer: "validator2" },
  { id: 10n, signer: "validator3" },
  { id: 11n, signer: "validator4" },
] as const satisfies readonly { readonly id: bigint; readonly signer: Name }[];

/** Limits of the bridge that differ from the real deployment's. */
export type Limits = Partial<
  Pick<BridgeParams, "lockCapWei" | "releaseLimitWei" | "releaseCeilingWei"> &
    Pick<PolygonParams, "mintingLimitWei" | "burningLimitWei" | "supplyCapWei">
>;

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address")
  .transform((value) => getAddress(value));
const account = z.object({ address });

const siteSchema = z.object({
  ethereum: z.object({
    chainId: z.number().int(),
    contracts: z.object({
      ...{ stakeManager: address, pol: address, matic: address, migration: address },
      ...{ fxRoot: address, rootChain: address },
    }),
  }),
  polygon: z.object({
    chainId: z.number().int(),
    contracts: z.object({ fxChild: address, wrappedNative: address }),
  }),
  accounts: z.object({ upgrader: account, manager: account, guardian: account, treasury: account }),
});

/** What a deployment must know of the two chains that it goes on; part of what `npm run devnet` writes down. */
export type Site = z.output<typeof siteSchema>;

/** Reads where Polygon's contracts are on a devnet, and who governs there. */
export async function readSite(file: string): Promise<Site> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new Error(
      `There is no ${file}: start two chains with \`npm run devnet -- --bare\`, or name the file of those that run in ` +
        "DEVNET_FILE of the environment",
      { cause: error },
    );
  }
  const { data, error } = siteSchema.safeParse(jsonOf(file, text));
  if (data === undefined) throw new Error(`${file} is no file of a devnet:\n${z.prettifyError(error)}`);
  return data;
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: start the devnet anew, which writes it`, { cause: error });
  }
}

/** The configuration of both sides on a devnet: the values of the real deployment, on the contracts that stand there. */
export function networksOf(
  { ethereum, polygon, accounts }: Site,
  limits: Limits = {},
): { ethereum: EthereumNetwork; polygon: PolygonNetwork } {
  const roles = {
    upgrader: accounts.upgrader.address,
    manager: accounts.manager.address,
    guardian: accounts.guardian.address,
  };
  const { fxRoot, rootChain, stakeManager, pol, matic, migration } = ethereum.contracts;
  return {
    ethereum: {
      side: "ethereum",
      chainId: BigInt(ethereum.chainId),
      counterpart: "devnet-polygon",
      params: {
        ...DEFAULTS,
        genesis: NOBODY,
        switcher: { ...DEFAULTS.switcher, capWei: FUNDS },
        polygon: { stakeManager, pol, matic, migration },
        roles,
        treasury: accounts.treasury.address,
      },
      bridge: { ...BRIDGE_DEFAULTS, ...limits, roles, fxRoot, rootChain },
      validators: VALIDATORS.map(({ id }) => ({
        id,
        weightBps: 10_000n / BigInt(VALIDATORS.length),
        capBps: DEFAULTS.maxShareBps,
      })),
    },
    polygon: {
      side: "polygon",
      chainId: BigInt(polygon.chainId),
      counterpart: "devnet",
      params: { ...POLYGON_DEFAULTS, ...limits, roles, ...polygon.contracts },
    },
  };
}
