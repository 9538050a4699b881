import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { ethers } from "hardhat";

import { differences } from "../../deploy/acceptance/ledgers";
import { DEFAULTS, parseParams } from "../../deploy/params";
import type { Params } from "../../deploy/params";
import { deploySystem, finishSystem, startValidators } from "../../deploy/system";
import type { System } from "../../deploy/system";
import type { ValidatorShare } from "../../typechain-types";
import { addLocalValidator, deployLocalStaking } from "../conformance/localStaking";
import type { LocalStaking } from "../conformance/localStaking";
import type { GenesisTree } from "../lib/genesis";

import { FIRST_ID, ONE, paysInMatic, STAKERS, VALIDATORS } from "./cast";
import type { Staker } from "./cast";
import { takeChain } from "./chain";
import type { Chain } from "./chain";
import { genesisOf, OLD_HOLDERS, SWITCH_CAP } from "./oldHolders";
import type { OldAccount } from "./oldHolders";

/** Seconds in a day. */
export const DAY = 86_400n;
/** Polygon's unbonding delay, in checkpoints. */
export const UNBONDING_EPOCHS = 80n;
/** Reward of a checkpoint for the whole network, before the proposer's bonus. */
export const CHECKPOINT_REWARD = 1_250n * ONE;

/** A staker and its wallet. */
export interface Account extends Staker {
  readonly signer: HardhatEthersSigner;
}

/** Everything that the demo plays with. */
export interface World {
  readonly chain: Chain;
  readonly polygon: LocalStaking;
  readonly system: System;
  readonly params: Params;
  /** Share contract of each position, from index 0. */
  readonly shares: readonly ValidatorShare[];
  /** Time at which each position was registered. */
  readonly registeredAt: readonly bigint[];
  readonly accounts: readonly Account[];
  readonly oldAccounts: readonly OldAccount[];
  /** The list of the old holders, which is not minted yet. */
  readonly genesis: GenesisTree;
  /** Polygon's governance; its key deployed the pool, and can do nothing there any more. */
  readonly governance: HardhatEthersSigner;
  readonly manager: HardhatEthersSigner;
  /** Owns the validators. */
  readonly owner: HardhatEthersSigner;
  /** Signing key of each validator, from index 0. */
  readonly keys: readonly HardhatEthersSigner[];
  /** Calls all upkeep; has no role, no shares and no tokens. */
  readonly stranger: HardhatEthersSigner;
}

/** Deploys Polygon's contracts and the pool, by the modules of every other deployment, with the roles and delays of the real one. */
export async function buildWorld(start: bigint, report: (line: string) => void): Promise<World> {
  const chain = takeChain(start);
  const [governance, upgrader, manager, guardian, treasury, owner, stranger, ...others] = await ethers.getSigners();
  if (!governance || !upgrader || !manager || !guardian || !treasury || !owner || !stranger) {
    throw new Error("The embedded chain has too few accounts: raise networks.hardhat.accounts.count.");
  }
  report("Polygon's staking contracts");
  const polygon = await deployLocalStaking(governance);
  const { stakeManager, pol, matic, migration } = polygon;
  await stakeManager.setWithdrawalDelay(UNBONDING_EPOCHS);
  await stakeManager.setCheckpointReward(CHECKPOINT_REWARD);
  // What Polygon pays out of: rewards are minted to it in time, and the migration holds both coins.
  await pol.mint(stakeManager, 10_000_000n * ONE);
  await pol.mint(migration, 1_000_000_000n * ONE);
  await matic.mint(migration, 1_000_000_000n * ONE);

  report(`${VALIDATORS.length} validators`);
  const keys = others.slice(0, VALIDATORS.length);
  const shares: ValidatorShare[] = [];
  for (const [index, { stake, commission }] of VALIDATORS.entries()) {
    shares.push(
      await addLocalValidator(polygon, {
        id: idOf(index),
        owner: owner.address,
        signer: keys[index]?.address ?? "",
        stake: stake * ONE,
        commission,
      }),
    );
  }

  const oldSigners = others.slice(-OLD_HOLDERS.length);
  const genesis = genesisOf(oldSigners);
  const params = parseParams({
    ...DEFAULTS,
    genesis: { root: genesis.root, batches: BigInt(genesis.batches.length) },
    switcher: { ...DEFAULTS.switcher, capWei: SWITCH_CAP },
    polygon: {
      stakeManager: await stakeManager.getAddress(),
      pol: await pol.getAddress(),
      matic: await matic.getAddress(),
      migration: await migration.getAddress(),
    },
    roles: { upgrader: upgrader.address, manager: manager.address, guardian: guardian.address },
    treasury: treasury.address,
  });
  await pol.mint(governance, params.seedWei);
  const system = await deploySystem(governance, params, report);
  report("validators of the pool");
  await startValidators(
    system,
    VALIDATORS.map(({ weightBps }, index) => ({ id: idOf(index), weightBps, capBps: capOf(weightBps) })),
  );
  await finishSystem(system, params);

  report(`${STAKERS.length} wallets`);
  const accounts = await openWallets(polygon, system, others.slice(VALIDATORS.length));
  chain.watch(() => differences({ system, unsynced: new Set() }));
  return {
    chain,
    polygon,
    system,
    params,
    shares,
    registeredAt: await registrations(system),
    accounts,
    oldAccounts: OLD_HOLDERS.map((holder, index) => ({ ...holder, signer: signerAt(oldSigners, index) })),
    genesis,
    governance,
    manager,
    owner,
    keys,
    stranger,
  };
}

/** Id of the validator with an index. */
export function idOf(index: number): bigint {
  return FIRST_ID + BigInt(index);
}

/** Twice the weight, but never above the constitutional maximum. */
export function capOf(weightBps: bigint): bigint {
  return weightBps * 2n < DEFAULTS.maxShareBps ? weightBps * 2n : DEFAULTS.maxShareBps;
}

function signerAt(signers: readonly HardhatEthersSigner[], index: number): HardhatEthersSigner {
  const signer = signers[index];
  if (signer === undefined) throw new Error("The embedded chain has too few accounts for the old holders.");
  return signer;
}

async function openWallets(
  { pol, matic }: LocalStaking,
  { pool }: System,
  signers: readonly HardhatEthersSigner[],
): Promise<Account[]> {
  const accounts: Account[] = [];
  for (const [index, staker] of STAKERS.entries()) {
    const signer = signers[index];
    if (signer === undefined) throw new Error("The embedded chain has too few accounts for the stakers.");
    const coin = paysInMatic(staker) ? matic : pol;
    await coin.mint(signer, staker.amount);
    // A permit needs no approval.
    if (staker.entry !== "depositWithPermit") await coin.connect(signer).approve(pool, staker.amount);
    accounts.push({ ...staker, signer });
  }
  return accounts;
}

async function registrations({ delegator }: System): Promise<bigint[]> {
  const positions = await Promise.all(VALIDATORS.map((_, index) => delegator.positionAt(index + 1)));
  return positions.map(({ lastHarvestAt }) => lastHarvestAt);
}
