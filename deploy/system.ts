import { id } from "ethers";
import type { Signer } from "ethers";

import {
  AccessManager__factory,
  AMATICb__factory,
  AnkrMATIC__factory,
  AutoClaim__factory,
  BondSwitcher__factory,
  Delegator__factory,
  DeploymentFactory__factory,
  IERC20__factory,
  PolygonPool__factory,
  PoolLens__factory,
} from "../typechain-types";
import type {
  AccessManager,
  AMATICb,
  AnkrMATIC,
  AutoClaim,
  BondSwitcher,
  Delegator,
  DeploymentFactory,
  PolygonPool,
  PoolLens,
} from "../typechain-types";

import { configureRoles, grantPowers, handOver, powers } from "./access";
import type { Governed } from "./access";
import type { Governance, Params } from "./params";
import { deployProxy, implement, type Report } from "./proxies";

/** Names of the proxies; their addresses depend on these and on the factory alone. */
export const SALTS = {
  token: id("ankrMATIC.AnkrMATIC"),
  pool: id("ankrMATIC.PolygonPool"),
  delegator: id("ankrMATIC.Delegator"),
  bond: id("ankrMATIC.AMATICb"),
  switcher: id("ankrMATIC.BondSwitcher"),
  bridge: id("ankrMATIC.BridgeAdapter"),
} as const;

/** The Ethereum side, deployed. */
export interface System {
  readonly manager: AccessManager;
  readonly factory: DeploymentFactory;
  readonly token: AnkrMATIC;
  readonly pool: PolygonPool;
  readonly delegator: Delegator;
  readonly bond: AMATICb;
  readonly switcher: BondSwitcher;
  readonly autoClaim: AutoClaim;
  readonly lens: PoolLens;
}

/**
 * Deploys the Ethereum side and wires it. The deployer must hold the seed stake in POL. Afterwards it is still admin of the
 * manager, so that positions and weights can be set at once; {@link finishSystem} ends that.
 */
export async function deploySystem(
  deployer: Signer,
  params: Params,
  report: Report = () => undefined,
): Promise<System> {
  const self = await deployer.getAddress();
  report("access manager and factory");
  const manager = await new AccessManager__factory(deployer).deploy(self);
  const factory = await new DeploymentFactory__factory(deployer).deploy(self);
  await Promise.all([manager.waitForDeployment(), factory.waitForDeployment()]);

  const at: Governed = {
    token: await factory.addressOf(SALTS.token),
    pool: await factory.addressOf(SALTS.pool),
    delegator: await factory.addressOf(SALTS.delegator),
    bond: await factory.addressOf(SALTS.bond),
    switcher: await factory.addressOf(SALTS.switcher),
  };
  const { stakeManager, pol, matic, migration } = params.polygon;
  const authority = await manager.getAddress();

  report("share token");
  const tokenFactory = new AnkrMATIC__factory(deployer);
  await deployProxy(
    factory,
    SALTS.token,
    await implement(tokenFactory.deploy(at.pool, pol)),
    tokenFactory.interface.encodeFunctionData("initialize", [authority]),
  );

  report("delegator");
  const delegatorFactory = new Delegator__factory(deployer);
  await deployProxy(
    factory,
    SALTS.delegator,
    await implement(
      delegatorFactory.deploy({ pool: at.pool, stakeManager, pol, matic, migration }, params.maxShareBps),
    ),
    delegatorFactory.interface.encodeFunctionData("initialize", [
      authority,
      params.maxCommissionPercent,
      params.deadSliceSeconds,
    ]),
  );

  report("pool, with its seed stake");
  const poolFactory = new PolygonPool__factory(deployer);
  const poolImplementation = await implement(
    poolFactory.deploy({
      token: at.token,
      delegator: at.delegator,
      pol,
      matic,
      migration,
      treasury: params.treasury,
      legacyBond: at.bond,
    }),
  );
  await (await IERC20__factory.connect(pol, deployer).approve(at.pool, params.seedWei)).wait();
  await deployProxy(
    factory,
    SALTS.pool,
    poolImplementation,
    poolFactory.interface.encodeFunctionData("initialize", [
      { authority, seeder: self, seed: params.seedWei, assetCap: params.assetCapWei, feeBps: params.feeBps },
    ]),
  );

  report("rebasing token and switcher");
  const bondFactory = new AMATICb__factory(deployer);
  await deployProxy(
    factory,
    SALTS.bond,
    await implement(bondFactory.deploy(at.token, at.pool, at.switcher)),
    bondFactory.interface.encodeFunctionData("initialize", [authority, params.genesis.root, params.genesis.batches]),
  );
  const { feeBps, capWei, dailyLimitWei } = params.switcher;
  const switcherFactory = new BondSwitcher__factory(deployer);
  await deployProxy(
    factory,
    SALTS.switcher,
    await implement(switcherFactory.deploy(at.bond, params.treasury)),
    switcherFactory.interface.encodeFunctionData("initialize", [authority, feeBps, capWei, dailyLimitWei]),
  );

  report("claims and views");
  const autoClaim = await new AutoClaim__factory(deployer).deploy(at.pool);
  const lens = await new PoolLens__factory(deployer).deploy(at.pool, at.delegator);
  await Promise.all([autoClaim.waitForDeployment(), lens.waitForDeployment()]);

  report("powers");
  await configureRoles(manager, params);
  await grantPowers(manager, at, powers(), params);
  return {
    manager,
    factory,
    token: AnkrMATIC__factory.connect(at.token, deployer),
    pool: PolygonPool__factory.connect(at.pool, deployer),
    delegator: Delegator__factory.connect(at.delegator, deployer),
    bond: AMATICb__factory.connect(at.bond, deployer),
    switcher: BondSwitcher__factory.connect(at.switcher, deployer),
    autoClaim,
    lens,
  };
}

/** A validator to start with. */
export interface StartingValidator {
  readonly id: bigint;
  readonly weightBps: bigint;
  readonly capBps: bigint;
}

/**
 * Registers the validators that the pool starts with and sets their weights. The deployer lends itself the manager's role
 * for it, which only an admin can, and gives it back.
 */
export async function startValidators(
  system: System,
  deployer: Signer,
  validators: readonly StartingValidator[],
): Promise<void> {
  const { manager, delegator } = system;
  const self = await deployer.getAddress();
  const role = await manager.getTargetFunctionRole(delegator, delegator.getFunction("setWeights").fragment.selector);
  await (await manager.grantRole(role, self, 0n)).wait();
  for (const { id: validatorId } of validators) {
    await (await delegator.addPosition(validatorId)).wait();
  }
  await (
    await delegator.setWeights(
      validators.map(({ weightBps }) => weightBps),
      validators.map(({ capBps }) => capBps),
    )
  ).wait();
  await (await manager.renounceRole(role, self)).wait();
}

/** Hands all power over and closes the factory, on either chain: from here on the deployer can do nothing. */
export async function finishSystem(
  { factory, manager }: Pick<System, "factory" | "manager">,
  deployer: Signer,
  params: Governance,
): Promise<void> {
  if (!(await factory.closed())) await (await factory.close()).wait();
  await handOver(manager, await deployer.getAddress(), params);
}
