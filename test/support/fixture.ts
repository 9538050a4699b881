import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { ethers } from "hardhat";

import { DEFAULTS, NOBODY, parseParams } from "../../deploy/params";
import type { Params } from "../../deploy/params";
import { deploySystem, finishSystem, startValidators } from "../../deploy/system";
import type { System } from "../../deploy/system";
import { addLocalValidator, deployLocalStaking } from "../../scripts/conformance/localStaking";
import type { LocalStaking } from "../../scripts/conformance/localStaking";
import type {
  AnkrMATIC,
  AutoClaim,
  BondSwitcher,
  Delegator,
  PolygonPool,
  PoolLens,
  ValidatorShare,
} from "../../typechain-types";

import { watchLedgers } from "./ledgers";

/** One token, in wei. */
export const ONE = 10n ** 18n;
/** Largest number of 256 bits. */
export const MAX = 2n ** 256n - 1n;
export const DAY = 86_400n;

/** Polygon's unbonding delay on mainnet, in checkpoints. */
export const UNBONDING_EPOCHS = 80n;

/** Id of the first validator of a fixture; the others follow. Position 1 is the first validator. */
export const FIRST_ID = 8n;

/** Named accounts; all users have 1,000,000 POL and 1,000,000 MATIC and have approved the pool without limit. */
export interface Actors {
  readonly deployer: HardhatEthersSigner;
  readonly upgrader: HardhatEthersSigner;
  readonly manager: HardhatEthersSigner;
  readonly guardian: HardhatEthersSigner;
  readonly treasury: HardhatEthersSigner;
  /** Holds the validators' NFTs: unstakes them, changes their commission. */
  readonly validatorOwner: HardhatEthersSigner;
  readonly alice: HardhatEthersSigner;
  readonly bob: HardhatEthersSigner;
  readonly carol: HardhatEthersSigner;
  /** Has POL and MATIC, but no part in anything. */
  readonly stranger: HardhatEthersSigner;
}

/** The whole system on the local model of Polygon. */
export interface Context extends System {
  readonly system: System;
  /** Positions that the test takes stake away from: the watch does not ask their worth until they are taken out again. */
  readonly unsynced: Set<bigint>;
  readonly polygon: LocalStaking;
  readonly params: Params;
  readonly actors: Actors;
  /** Share contract of each position; index 0 is position 1. */
  readonly shares: readonly ValidatorShare[];
  /** Signing key of each validator; index 0 is position 1. */
  readonly signers: readonly HardhatEthersSigner[];
}

/** What a fixture may choose. */
export interface Choice {
  /** Number of validators with equal weights; 4 if left out. */
  readonly validators?: number;
  /** Commission in percent; 5 if left out. */
  readonly commission?: bigint;
  /** Values other than those of the real deployment; `maxShareBps` is 10,000 / n, rounded up, or 25 %, if left out. */
  readonly params?: Partial<
    Pick<Params, "feeBps" | "assetCapWei" | "maxShareBps" | "deadSliceSeconds" | "seedWei" | "genesis" | "switcher">
  >;
}

/**
 * Deploys everything by the same modules as production.
 * @param extend What else is deployed before power is handed over.
 */
export async function deployAll(
  { validators = 4, commission = 5n, params: own = {} }: Choice = {},
  extend?: (context: Context) => Promise<void>,
): Promise<Context> {
  const all = await ethers.getSigners();
  const named = all.slice(0, 10) as [HardhatEthersSigner, ...HardhatEthersSigner[]];
  const [deployer, upgrader, manager, guardian, treasury, validatorOwner, alice, bob, carol, stranger] = named;
  const actors = {
    deployer,
    upgrader,
    manager,
    guardian,
    treasury,
    validatorOwner,
    alice,
    bob,
    carol,
    stranger,
  } as Actors;
  const polygon = await deployLocalStaking(deployer);
  await polygon.stakeManager.setWithdrawalDelay(UNBONDING_EPOCHS);
  await polygon.pol.mint(polygon.stakeManager, 1_000_000_000n * ONE);
  await polygon.pol.mint(polygon.migration, 1_000_000_000n * ONE);
  await polygon.matic.mint(polygon.migration, 1_000_000_000n * ONE);
  const signers = all.slice(20, 20 + validators);
  const shares: ValidatorShare[] = [];
  for (const [index, signer] of signers.entries()) {
    shares.push(
      await addLocalValidator(polygon, {
        id: FIRST_ID + BigInt(index),
        owner: actors.validatorOwner.address,
        signer: signer.address,
        stake: 1_000_000n * ONE,
        commission,
      }),
    );
  }

  const equalBps = 10_000n / BigInt(validators);
  const remainder = 10_000n % BigInt(validators);
  const fair = equalBps + (remainder === 0n ? 0n : remainder);
  const params = parseParams({
    ...DEFAULTS,
    genesis: NOBODY,
    switcher: { ...DEFAULTS.switcher, capWei: 1_000_000n * ONE },
    maxShareBps: fair > DEFAULTS.maxShareBps ? fair : DEFAULTS.maxShareBps,
    ...own,
    polygon: {
      stakeManager: await polygon.stakeManager.getAddress(),
      pol: await polygon.pol.getAddress(),
      matic: await polygon.matic.getAddress(),
      migration: await polygon.migration.getAddress(),
    },
    roles: { upgrader: actors.upgrader.address, manager: actors.manager.address, guardian: actors.guardian.address },
    treasury: actors.treasury.address,
  });
  await polygon.pol.mint(deployer, params.seedWei);
  const system = await deploySystem(deployer, params);
  await startValidators(
    system,
    shares.map((_, index) => ({
      id: FIRST_ID + BigInt(index),
      weightBps: equalBps + (index === 0 ? remainder : 0n),
      capBps: params.maxShareBps,
    })),
  );
  const context: Context = { ...system, system, polygon, params, actors, shares, signers, unsynced: new Set() };
  await extend?.(context);
  await finishSystem(system, params);

  for (const user of [actors.alice, actors.bob, actors.carol, actors.stranger]) {
    for (const coin of [polygon.pol, polygon.matic]) {
      await coin.mint(user, 1_000_000n * ONE);
      await coin.connect(user).approve(system.pool, MAX);
    }
  }
  return context;
}

const fixtures = new Map<string, () => Promise<Context>>();

/**
 * The system of a choice, fresh for each call and fast after the first, with the watch over both ledgers on. Use one
 * choice per describe block.
 */
export async function fixture(choice: Choice = {}): Promise<Context> {
  const key = JSON.stringify(choice, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  let deploy = fixtures.get(key);
  if (deploy === undefined) {
    deploy = (): Promise<Context> => deployAll(choice);
    fixtures.set(key, deploy);
  }
  const context = await loadFixture(deploy);
  context.unsynced.clear();
  watchLedgers(context);
  return context;
}

/** `count` checkpoints, each signed by all active validators. */
export async function checkpoints({ polygon }: Context, count = 1): Promise<void> {
  await polygon.stakeManager.checkpoints(count);
}

/** As many checkpoints as unbonding takes. */
export async function unbond(context: Context): Promise<void> {
  await checkpoints(context, Number(await context.polygon.stakeManager.withdrawalDelay()));
}

/** A call of the manager's role: scheduled, waited for, executed. */
export async function asManager(
  { manager, params, actors }: Context,
  target: PolygonPool | Delegator | AnkrMATIC | BondSwitcher,
  data: string,
): Promise<void> {
  await manager.connect(actors.manager).schedule(target, data, 0);
  await time.increase(params.delays.managerSeconds);
  await manager.connect(actors.manager).execute(target, data);
}

/** Id of the controller's request in a batch, as `requestRedeem` makes it. */
export function requestId(batch: bigint, controller: string): bigint {
  return (batch << 160n) | BigInt(controller);
}

export type { AutoClaim, PoolLens };
