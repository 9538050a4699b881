import type { Signer } from "ethers";

import {
  AccessManager__factory,
  AMATICb__factory,
  AnkrMATIC__factory,
  AutoClaim__factory,
  BondSwitcher__factory,
  Delegator__factory,
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

import { configureRoles, grantPowers, handOver, lendRole, powers, returnRole } from "./access";
import type { Governed } from "./access";
import { memoryJournal } from "./book";
import type { Journal } from "./book";
import type { Governance, Params } from "./params";
import { openSteps } from "./steps";
import type { Report, Steps } from "./steps";

/** Names of the contracts that take orders; their addresses depend on these and on the factory alone. */
export const NAMES = {
  token: "AnkrMATIC",
  pool: "PolygonPool",
  delegator: "Delegator",
  bond: "AMATICb",
  switcher: "BondSwitcher",
} as const;

/** The Ethereum side, deployed. */
export interface System {
  readonly steps: Steps;
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

/** Begins a deployment on a chain, or goes on with one, and gives it its AccessManager, of which the deployer is admin. */
export async function openDeployment(
  deployer: Signer,
  report?: Report,
  journal?: Journal,
): Promise<{ steps: Steps; manager: AccessManager }> {
  const self = await deployer.getAddress();
  const chainId = (await deployer.provider?.getNetwork())?.chainId ?? 0n;
  const steps = await openSteps(deployer, journal ?? memoryJournal(chainId, self), report);
  const at = await steps.contract("AccessManager", new AccessManager__factory(deployer), self);
  return { steps, manager: AccessManager__factory.connect(at, deployer) };
}

/**
 * Deploys the Ethereum side but for the bridge, and wires it. The deployer must hold the seed stake in POL. Afterwards it is
 * still admin of the manager, so that positions and weights can be set at once; {@link finishSystem} ends that. What an
 * earlier run with the same journal did is not done again.
 */
export async function deploySystem(
  deployer: Signer,
  params: Params,
  report?: Report,
  journal?: Journal,
): Promise<System> {
  const self = await deployer.getAddress();
  const { steps, manager } = await openDeployment(deployer, report, journal);
  const at: Governed = {
    token: await steps.addressOf(NAMES.token),
    pool: await steps.addressOf(NAMES.pool),
    delegator: await steps.addressOf(NAMES.delegator),
    bond: await steps.addressOf(NAMES.bond),
    switcher: await steps.addressOf(NAMES.switcher),
  };
  const { stakeManager, pol, matic, migration } = params.polygon;
  const authority = await manager.getAddress();

  const token = new AnkrMATIC__factory(deployer);
  await steps.proxy(NAMES.token, token.interface.encodeFunctionData("initialize", [authority]), token, at.pool, pol);

  const delegator = new Delegator__factory(deployer);
  await steps.proxy(
    NAMES.delegator,
    delegator.interface.encodeFunctionData("initialize", [
      authority,
      params.maxCommissionPercent,
      params.deadSliceSeconds,
    ]),
    delegator,
    { pool: at.pool, stakeManager, pol, matic, migration },
    params.maxShareBps,
  );

  await approveSeed(steps, pol, at.pool, params.seedWei);
  const pool = new PolygonPool__factory(deployer);
  await steps.proxy(
    NAMES.pool,
    pool.interface.encodeFunctionData("initialize", [
      { authority, seeder: self, seed: params.seedWei, assetCap: params.assetCapWei, feeBps: params.feeBps },
    ]),
    pool,
    {
      token: at.token,
      delegator: at.delegator,
      pol,
      matic,
      migration,
      treasury: params.treasury,
      legacyBond: at.bond,
    },
  );

  const bond = new AMATICb__factory(deployer);
  await steps.proxy(
    NAMES.bond,
    bond.interface.encodeFunctionData("initialize", [authority, params.genesis.root, params.genesis.batches]),
    bond,
    at.token,
    at.pool,
    at.switcher,
  );
  const { feeBps, capWei, dailyLimitWei } = params.switcher;
  const switcher = new BondSwitcher__factory(deployer);
  await steps.proxy(
    NAMES.switcher,
    switcher.interface.encodeFunctionData("initialize", [authority, feeBps, capWei, dailyLimitWei]),
    switcher,
    at.bond,
    params.treasury,
  );

  const autoClaim = await steps.contract("AutoClaim", new AutoClaim__factory(deployer), at.pool);
  const lens = await steps.contract("PoolLens", new PoolLens__factory(deployer), at.pool, at.delegator);

  await configureRoles(steps, manager, params);
  await grantPowers(steps, manager, at, powers(), params);
  return {
    steps,
    manager,
    factory: steps.factory,
    token: AnkrMATIC__factory.connect(at.token, deployer),
    pool: PolygonPool__factory.connect(at.pool, deployer),
    delegator: Delegator__factory.connect(at.delegator, deployer),
    bond: AMATICb__factory.connect(at.bond, deployer),
    switcher: BondSwitcher__factory.connect(at.switcher, deployer),
    autoClaim: AutoClaim__factory.connect(autoClaim, deployer),
    lens: PoolLens__factory.connect(lens, deployer),
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
export async function startValidators(system: System, validators: readonly StartingValidator[]): Promise<void> {
  const { steps, manager, delegator } = system;
  const role = await manager.getTargetFunctionRole(delegator, delegator.getFunction("setWeights").fragment.selector);
  const weights = validators.map(({ weightBps }) => weightBps);
  const caps = validators.map(({ capBps }) => capBps);
  const isRegistered = async (index: number): Promise<boolean> => {
    if ((await delegator.positionCount()) <= BigInt(index)) return false;
    const { validatorId } = await delegator.positionAt(BigInt(index) + 1n);
    const planned = validators[index]?.id;
    if (validatorId === planned) return true;
    throw new Error(`Position ${index + 1} is of validator ${validatorId} instead of ${planned}: go on with that list`);
  };
  const areWeighted = async (): Promise<boolean> => {
    if (!(await isRegistered(validators.length - 1))) return false;
    const positions = await Promise.all(validators.map((_, index) => delegator.positionAt(BigInt(index) + 1n)));
    return positions.every(({ weightBps, capBps }, index) => weightBps === weights[index] && capBps === caps[index]);
  };
  if (!(await areWeighted())) {
    await lendRole(steps, manager, role);
    for (const [index, { id: validatorId }] of validators.entries()) {
      await steps.once(
        `position of validator ${validatorId}`,
        async () => isRegistered(index),
        async () => delegator.addPosition(validatorId),
      );
    }
    await steps.once("weights", areWeighted, async () => delegator.setWeights(weights, caps));
  }
  await returnRole(steps, manager, role);
}

/** Hands all power over and closes the factory, on either chain: from here on the deployer can do nothing. */
export async function finishSystem(
  { steps, manager }: Pick<System, "steps" | "manager">,
  params: Governance,
): Promise<void> {
  const { factory } = steps;
  await steps.once(
    "close the factory",
    async () => factory.closed(),
    async () => factory.close(),
  );
  await handOver(steps, manager, params);
}

/** The pool takes its seed stake while it is initialized. */
async function approveSeed(steps: Steps, pol: string, pool: string, seedWei: bigint): Promise<void> {
  const { deployer } = steps;
  const coin = IERC20__factory.connect(pol, deployer);
  await steps.once(
    "approve the seed stake",
    async () => (await deployer.provider?.getCode(pool)) !== "0x" || (await coin.allowance(deployer, pool)) >= seedWei,
    async () => coin.approve(pool, seedWei),
  );
}
