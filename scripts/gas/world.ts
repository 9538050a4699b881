import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { MaxUint256, parseEther } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import { BRIDGE, deployBridge } from "../../deploy/bridge";
import {
  BRIDGE_DEFAULTS,
  DEFAULTS,
  POLYGON_DEFAULTS,
  parseBridgeParams,
  parseParams,
  parsePolygonParams,
} from "../../deploy/params";
import type { Params } from "../../deploy/params";
import { deployPolygon } from "../../deploy/polygon";
import type { PolygonSystem } from "../../deploy/polygon";
import { deploySystem, finishSystem, startValidators } from "../../deploy/system";
import type { System } from "../../deploy/system";
import { WrappedPol__factory } from "../../typechain-types";
import type { BridgeAdapter } from "../../typechain-types";
import { addLocalValidator, deployLocalStaking } from "../conformance/localStaking";
import type { LocalStaking } from "../conformance/localStaking";
import { deployFx } from "../lib/bridge/localFx";
import type { FxOnEthereum, FxOnPolygon } from "../lib/bridge/localFx";
import { genesisTree } from "../lib/genesis";
import type { GenesisTree } from "../lib/genesis";

/** Polygon's unbonding delay on mainnet, in checkpoints. */
export const UNBONDING_EPOCHS = 80;

/** Id of the first validator, which is position 1. */
export const FIRST_ID = 8n;

/** Accounts by what they have done before; all have POL and MATIC and an approval of the pool without limit. */
export interface People {
  /** Has staked both coins, requested, and claimed. */
  readonly regular: HardhatEthersSigner;
  /** Has never dealt with the pool. */
  readonly newcomer: HardhatEthersSigner;
  /** Holds most of the pool. */
  readonly whale: HardhatEthersSigner;
  /** Has a request in the open batch and one that can be claimed. */
  readonly neighbour: HardhatEthersSigner;
  /** Calls upkeep. */
  readonly keeper: HardhatEthersSigner;
  /** Receives what a measurement must get out of the way. */
  readonly sink: HardhatEthersSigner;
  readonly manager: HardhatEthersSigner;
  readonly validatorOwner: HardhatEthersSigner;
  readonly deployer: HardhatEthersSigner;
}

/** The bridge over FxPortal, both ends of it on the embedded chain. */
export interface Bridged {
  readonly bridge: BridgeAdapter;
  readonly child: PolygonSystem;
  readonly fx: FxOnEthereum & FxOnPolygon;
}

/** The whole system on the local model of Polygon's staking contracts, on the embedded chain. */
export interface World extends System, Bridged {
  readonly hre: HardhatRuntimeEnvironment;
  readonly polygon: LocalStaking;
  readonly params: Params;
  /** What the regular, the newcomer and the whale get of aMATICb; nothing of it is minted yet. */
  readonly genesis: GenesisTree;
  readonly people: People;
  readonly validators: number;
}

/** Amount in wei. */
export function coins(amount: number | bigint): bigint {
  return parseEther(amount.toString());
}

/** Limits of the bridge that one holder can use up; what they are costs nothing. */
const BRIDGE_LIMITS = {
  lockCapWei: coins(1_000_000),
  releaseLimitWei: coins(1_000),
  releaseCeilingWei: coins(2_000),
  mintingLimitWei: coins(2_000),
  burningLimitWei: coins(10_000),
  supplyCapWei: coins(1_000_000),
} as const;

async function deployBridged(
  hre: HardhatRuntimeEnvironment,
  system: System,
  deployer: HardhatEthersSigner,
  { roles }: Params,
): Promise<Bridged> {
  const fx = await deployFx(deployer, deployer, deployer.address, hre.ethers.provider);
  const wrapped = await new WrappedPol__factory(deployer).deploy();
  const polygonParams = parsePolygonParams({
    ...POLYGON_DEFAULTS,
    ...BRIDGE_LIMITS,
    roles,
    fxChild: await fx.fxChild.getAddress(),
    wrappedNative: await wrapped.getAddress(),
  });
  const bridgeParams = parseBridgeParams({
    ...BRIDGE_DEFAULTS,
    ...BRIDGE_LIMITS,
    roles,
    fxRoot: await fx.fxRoot.getAddress(),
    rootChain: await fx.rootChain.getAddress(),
  });
  const child = await deployPolygon(deployer, polygonParams, await system.steps.addressOf(BRIDGE));
  const bridge = await deployBridge(system, bridgeParams, child);
  await finishSystem(child, polygonParams);
  return { bridge, child, fx };
}

/** Deploys everything by the same modules as production, with validators of equal stake and weight. */
export async function deployWorld(hre: HardhatRuntimeEnvironment, validators: number): Promise<World> {
  if (10_000 % validators !== 0) throw new Error(`${validators} validators cannot have equal weights in whole bps`);
  const signers = await hre.ethers.getSigners();
  const account = (index: number): HardhatEthersSigner => {
    const signer = signers[index];
    if (signer === undefined) throw new Error(`account ${index} is missing: raise accounts.count in hardhat.config.ts`);
    return signer;
  };
  const [deployer, upgrader, manager, guardian, treasury] = [
    account(0),
    account(1),
    account(2),
    account(3),
    account(4),
  ];
  const people: People = {
    deployer,
    manager,
    validatorOwner: account(5),
    regular: account(6),
    newcomer: account(7),
    whale: account(8),
    neighbour: account(9),
    keeper: account(10),
    sink: account(11),
  };

  const polygon = await deployLocalStaking(deployer);
  await polygon.stakeManager.setWithdrawalDelay(UNBONDING_EPOCHS);
  await polygon.pol.mint(polygon.stakeManager, coins(1_000_000_000n));
  await polygon.pol.mint(polygon.migration, coins(1_000_000_000n));
  await polygon.matic.mint(polygon.migration, coins(1_000_000_000n));
  const ids = Array.from({ length: validators }, (_, index) => FIRST_ID + BigInt(index));
  for (const [index, id] of ids.entries()) {
    const owner = people.validatorOwner.address;
    const signer = account(20 + index).address;
    await addLocalValidator(polygon, { id, owner, signer, stake: coins(1_000_000), commission: 5n });
  }

  const holders = [people.regular, people.newcomer, people.whale];
  const genesis = genesisTree(holders.map(({ address }) => ({ holder: address, shares: coins(10_000) })));
  const weightBps = 10_000n / BigInt(validators);
  const params = parseParams({
    ...DEFAULTS,
    genesis: { root: genesis.root, batches: BigInt(genesis.batches.length) },
    switcher: { ...DEFAULTS.switcher, capWei: genesis.shares },
    maxShareBps: weightBps > DEFAULTS.maxShareBps ? weightBps : DEFAULTS.maxShareBps,
    polygon: {
      stakeManager: await polygon.stakeManager.getAddress(),
      pol: await polygon.pol.getAddress(),
      matic: await polygon.matic.getAddress(),
      migration: await polygon.migration.getAddress(),
    },
    roles: { upgrader: upgrader.address, manager: manager.address, guardian: guardian.address },
    treasury: treasury.address,
  });
  await polygon.pol.mint(deployer, params.seedWei);
  const system = await deploySystem(deployer, params);
  const capBps = params.maxShareBps;
  await startValidators(
    system,
    ids.map((id) => ({ id, weightBps, capBps })),
  );
  const bridged = await deployBridged(hre, system, deployer, params);
  await finishSystem(system, params);

  for (const user of [people.regular, people.newcomer, people.whale, people.neighbour]) {
    for (const coin of [polygon.pol, polygon.matic]) {
      await coin.mint(user, coins(10_000_000n));
      await coin.connect(user).approve(system.pool, MaxUint256);
    }
  }
  await polygon.pol.mint(people.sink, 1n);
  await polygon.matic.mint(people.sink, 1n);
  return { ...system, ...bridged, hre, polygon, params, genesis, people, validators };
}
