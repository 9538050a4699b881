import { id } from "ethers";
import type { BaseContract, Signer } from "ethers";

import {
  EventsHub__factory,
  MaticToken__factory,
  PolygonEcosystemToken__factory,
  PolygonMigration__factory,
  Registry__factory,
  RootChain__factory,
  StakeManager__factory,
  StakingInfo__factory,
  StakingNFT__factory,
  UpgradableProxy__factory,
  ValidatorShareFactory__factory,
  ValidatorShare__factory,
} from "../../typechain-types";
import type {
  EventsHub,
  MaticToken,
  PolygonEcosystemToken,
  PolygonMigration,
  Registry,
  RootChain,
  StakeManager,
  StakingInfo,
  StakingNFT,
  ValidatorShare,
} from "../../typechain-types";

/** The local model of Polygon's staking contracts, deployed. */
export interface LocalStaking {
  readonly pol: PolygonEcosystemToken;
  readonly matic: MaticToken;
  readonly migration: PolygonMigration;
  readonly registry: Registry;
  readonly stakingInfo: StakingInfo;
  readonly eventsHub: EventsHub;
  readonly stakingNFT: StakingNFT;
  readonly stakeManager: StakeManager;
  readonly rootChain: RootChain;
}

/** Who holds the powers of Polygon; the deployer if left out. */
export interface LocalStakingOwners {
  readonly governance?: string;
  readonly migrationOwner?: string;
}

/** A typed contract factory, as far as it is needed to put a contract somewhere. */
export interface Placeable<Args extends unknown[], Contract extends BaseContract> {
  deploy(...args: Args): Promise<Contract>;
  getDeployTransaction(...args: Args): Promise<{ data: string }>;
  attach(address: string): BaseContract;
}

/** Puts a contract on the chain that Polygon has at a known address; of one behind a proxy, the proxy. */
export type Place = <Args extends unknown[], Contract extends BaseContract>(
  name: keyof LocalStaking,
  code: Placeable<Args, Contract>,
  ...args: Args
) => Promise<Contract>;

const deployed: Place = async (_, code, ...args) => code.deploy(...args);

/**
 * Deploys the model as Polygon's contracts stand on Ethereum: manager, event hub, migration and share contracts behind
 * proxies. There are no validators and no tokens yet: `stakeManager.addValidator`, `pol.mint` and `matic.mint` make them.
 * @param place Deploys, if left out, at whatever address comes next.
 */
export async function deployLocalStaking(
  deployer: Signer,
  owners: LocalStakingOwners = {},
  place: Place = deployed,
): Promise<LocalStaking> {
  const self = await deployer.getAddress();
  const governance = owners.governance ?? self;

  const behindProxy = async (name: keyof LocalStaking, implementation: BaseContract): Promise<string> => {
    const proxy = await place(name, new UpgradableProxy__factory(deployer), implementation);
    return proxy.getAddress();
  };

  const pol = await place("pol", new PolygonEcosystemToken__factory(deployer));
  const matic = await place("matic", new MaticToken__factory(deployer));
  const registry = await place("registry", new Registry__factory(deployer), self);
  const stakingInfo = await place("stakingInfo", new StakingInfo__factory(deployer), registry);
  const eventsHub = EventsHub__factory.connect(
    await behindProxy("eventsHub", await new EventsHub__factory(deployer).deploy()),
    deployer,
  );
  const migration = PolygonMigration__factory.connect(
    await behindProxy("migration", await new PolygonMigration__factory(deployer).deploy()),
    deployer,
  );
  const stakeManager = StakeManager__factory.connect(
    await behindProxy("stakeManager", await new StakeManager__factory(deployer).deploy()),
    deployer,
  );
  const share = await new ValidatorShare__factory(deployer).deploy();
  const shareFactory = await new ValidatorShareFactory__factory(deployer).deploy();
  const stakingNFT = await place("stakingNFT", new StakingNFT__factory(deployer), stakeManager);
  const rootChain = await place("rootChain", new RootChain__factory(deployer), stakeManager);

  await eventsHub.initialize(registry);
  await migration.initialize(matic, pol, owners.migrationOwner ?? self);
  await stakeManager.initialize({
    governance,
    rootChain,
    registry,
    token: pol,
    tokenMatic: matic,
    migration,
    logger: stakingInfo,
    nft: stakingNFT,
    shareFactory,
  });
  const registered = { stakeManager, validatorShare: share, eventsHub, pol, matic, polygonMigration: migration };
  for (const [key, contract] of Object.entries(registered)) {
    await registry.updateContractMap(id(key), contract);
  }
  return { pol, matic, migration, registry, stakingInfo, eventsHub, stakingNFT, stakeManager, rootChain };
}

/** A validator to add to the model. */
export interface LocalValidator {
  /** Unused id; 1 to 7 use the old rate precision. */
  readonly id: bigint;
  /** Holds the NFT: unstakes, restakes, changes the commission. */
  readonly owner: string;
  /** Signs checkpoints, and switches delegation on and off. */
  readonly signer: string;
  /** Own stake, in POL wei. */
  readonly stake: bigint;
  /** Percent of the delegators' rewards; 0 if left out. */
  readonly commission?: bigint;
}

/** Fee that a validator pays for Polygon's consensus layer when it joins, in POL wei. */
export const HEIMDALL_FEE = 10n ** 18n;

/** Adds a validator that accepts delegation, together with the POL that it stakes, and returns its share contract. */
export async function addLocalValidator(staking: LocalStaking, validator: LocalValidator): Promise<ValidatorShare> {
  const { id: validatorId, owner, signer, stake, commission = 0n } = validator;
  const { stakeManager, pol } = staking;
  await pol.mint(stakeManager, stake + HEIMDALL_FEE);
  await stakeManager.addValidator(validatorId, owner, signer, stake, commission, true);
  return ValidatorShare__factory.connect(await stakeManager.getValidatorContract(validatorId), stakeManager.runner);
}
