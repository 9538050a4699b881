import { networkOf } from "../../../deploy/networks";
import type { EthereumNetwork, PolygonNetwork } from "../../../deploy/networks";
import { genesisTree } from "../../../scripts/lib/genesis";
import type { GenesisTree } from "../../../scripts/lib/genesis";

import { accountOf } from "./people";

const ONE = 10n ** 18n;

/** The old holders: what the genesis of aMATICb mints. */
export const OLD_HOLDINGS = { alice: 600_000n * ONE, bob: 400_000n * ONE } as const;

/** The list of the old holders. */
export const GENESIS: GenesisTree = genesisTree(
  Object.entries(OLD_HOLDINGS).map(([name, shares]) => ({ holder: accountOf(name).address, shares })),
);

/** Both sides as they are configured for mainnet and Polygon; the environment has what only the deployer knows. */
export function configurationOf(validators: readonly bigint[]): { ethereum: EthereumNetwork; polygon: PolygonNetwork } {
  const weight = 10_000n / BigInt(validators.length);
  const first = 10_000n - weight * BigInt(validators.length - 1);
  const roles = ["UPGRADER", "MANAGER", "GUARDIAN"].flatMap((role) =>
    ["MAINNET", "POLYGON"].map((network) => [`${network}_${role}`, accountOf(role.toLowerCase()).address] as const),
  );
  const environment = {
    ...Object.fromEntries(roles),
    MAINNET_TREASURY: accountOf("treasury").address,
    MAINNET_VALIDATORS: validators.map((id, index) => `${id}:${index === 0 ? first : weight}:2500`).join(),
    MAINNET_GENESIS_ROOT: GENESIS.root,
    MAINNET_GENESIS_BATCHES: String(GENESIS.batches.length),
  };
  const [ethereum, polygon] = [networkOf("mainnet", environment), networkOf("polygon", environment)];
  if (ethereum.side !== "ethereum" || polygon.side !== "polygon") throw new Error("mainnet and polygon are swapped");
  return { ethereum, polygon };
}

/** What of the configuration does not depend on the validators: read with any four. */
export const GENERAL = configurationOf([8n, 9n, 10n, 11n]);

/** Addresses of Polygon's contracts, as a deployment has them. */
export const POLYGONS = {
  ...GENERAL.ethereum.params.polygon,
  fxRoot: GENERAL.ethereum.bridge.fxRoot,
  rootChain: GENERAL.ethereum.bridge.rootChain,
  fxChild: GENERAL.polygon.params.fxChild,
  wrappedNative: GENERAL.polygon.params.wrappedNative,
} as const;
