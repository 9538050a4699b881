import type { Signer } from "ethers";

import type { EthereumNetwork, PolygonNetwork } from "../../deploy/networks";
import { BRIDGE_DEFAULTS, DEFAULTS, NOBODY, POLYGON_DEFAULTS } from "../../deploy/params";
import { WrappedPol__factory } from "../../typechain-types";
import { addLocalValidator, deployLocalStaking } from "../conformance/localStaking";
import { deployFx } from "../lib/bridge/localFx";
import type { RpcProvider } from "../lib/bridge/rpc";

/** Who holds the powers of a rehearsal. */
export interface LocalPeople {
  readonly upgrader: string;
  readonly manager: string;
  readonly guardian: string;
  readonly treasury: string;
}

const ONE = 10n ** 18n;
const VALIDATORS = [8n, 9n, 10n, 11n];

/**
 * Puts the local model of Polygon on a chain that plays both: staking contracts with four validators, FxPortal, the wrapped
 * native token. The deployer gets the POL of the seed stake.
 * @returns The configuration of either side.
 */
export async function prepareLocal(
  deployer: Signer,
  node: RpcProvider,
  people: LocalPeople,
): Promise<{ ethereum: EthereumNetwork; polygon: PolygonNetwork }> {
  const self = await deployer.getAddress();
  const chainId = (await deployer.provider?.getNetwork())?.chainId ?? 0n;
  const staking = await deployLocalStaking(deployer);
  await (await staking.pol.mint(staking.stakeManager, 1_000_000_000n * ONE)).wait();
  for (const id of VALIDATORS) {
    // A signing key of nobody's: no checkpoint is signed in a rehearsal.
    const signer = `0x${id.toString(16).padStart(40, "0")}`;
    await addLocalValidator(staking, { id, owner: self, signer, stake: 1_000_000n * ONE, commission: 5n });
  }
  await (await staking.pol.mint(self, DEFAULTS.seedWei)).wait();
  const fx = await deployFx(deployer, deployer, self, node);
  const wrapped = await new WrappedPol__factory(deployer).deploy();
  await wrapped.waitForDeployment();
  const { treasury, ...roles } = people;
  const weightBps = 10_000n / BigInt(VALIDATORS.length);
  return {
    ethereum: {
      side: "ethereum",
      chainId,
      counterpart: "itself",
      params: {
        ...DEFAULTS,
        roles,
        treasury,
        genesis: NOBODY,
        polygon: {
          stakeManager: await staking.stakeManager.getAddress(),
          pol: await staking.pol.getAddress(),
          matic: await staking.matic.getAddress(),
          migration: await staking.migration.getAddress(),
        },
      },
      bridge: {
        ...BRIDGE_DEFAULTS,
        roles,
        fxRoot: await fx.fxRoot.getAddress(),
        rootChain: await fx.rootChain.getAddress(),
      },
      validators: VALIDATORS.map((id) => ({ id, weightBps, capBps: DEFAULTS.maxShareBps })),
    },
    polygon: {
      side: "polygon",
      chainId,
      counterpart: "itself",
      params: {
        ...POLYGON_DEFAULTS,
        roles,
        fxChild: await fx.fxChild.getAddress(),
        wrappedNative: await wrapped.getAddress(),
      },
    },
  };
}
