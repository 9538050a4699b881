import type { JsonRpcProvider, Wallet } from "ethers";

import { BRIDGE, deployBridge } from "../../deploy/bridge";
import {
  BRIDGE_DEFAULTS,
  DEFAULTS,
  NOBODY,
  POLYGON_DEFAULTS,
  parseBridgeParams,
  parseParams,
  parsePolygonParams,
} from "../../deploy/params";
import type { BridgeParams, Params, PolygonParams } from "../../deploy/params";
import { deployPolygon } from "../../deploy/polygon";
import type { PolygonSystem } from "../../deploy/polygon";
import type { Report } from "../../deploy/steps";
import { deploySystem, finishSystem, startValidators } from "../../deploy/system";
import type { System } from "../../deploy/system";
import { WrappedPol__factory } from "../../typechain-types";
import type { BridgeAdapter, WrappedPol } from "../../typechain-types";
import { addLocalValidator, deployLocalStaking } from "../conformance/localStaking";
import type { LocalStaking } from "../conformance/localStaking";
import { deployFx } from "../lib/bridge/localFx";
import type { FxOnEthereum, FxOnPolygon } from "../lib/bridge/localFx";
import type { Relay, RelayLog } from "../lib/relayer/relay";

import { FEES, localAccounts, settlingWallet } from "./wallets";
import type { Accounts, Name } from "./wallets";

/** One token, in wei. */
export const ONE = 10n ** 18n;
/** Seconds in a day. */
export const DAY = 86_400n;
/** POL and MATIC of each of those who use the system. */
export const FUNDS = 1_000_000n * ONE;
/** Who has them. */
export const USERS = ["alice", "bob", "carol", "stranger"] as const satisfies readonly Name[];

/** Polygon's unbonding delay, in checkpoints of the staking model. */
export const UNBONDING_EPOCHS = 80n;
/** Seconds from one of them to the next. */
const EPOCH_SECONDS = 1_800n;
/** Reward of each for all validators, POL wei: about 5 % a year on what they have. */
const CHECKPOINT_REWARD = 12n * ONE;
const FIRST_ID = 8n;
const VALIDATORS = ["validator1", "validator2", "validator3", "validator4"] as const satisfies readonly Name[];

/** Limits of the bridge that differ from the real deployment's. */
export type Limits = Partial<
  Pick<BridgeParams, "lockCapWei" | "releaseLimitWei" | "releaseCeilingWei"> &
    Pick<PolygonParams, "mintingLimitWei" | "burningLimitWei" | "supplyCapWei">
>;

/** The whole system on two chains. */
export interface Devnet {
  readonly ethereum: JsonRpcProvider;
  readonly polygon: JsonRpcProvider;
  readonly accounts: Accounts;
  /** Polygon's staking contracts, on Ethereum. */
  readonly staking: LocalStaking;
  readonly fx: FxOnEthereum & FxOnPolygon;
  readonly params: Params;
  readonly polygonParams: PolygonParams;
  /** Polygon's wrapped native token. */
  readonly wrapped: WrappedPol;
  readonly system: System;
  readonly bridge: BridgeAdapter;
  readonly child: PolygonSystem;
}

/** Wallet of an account on a chain. */
export function walletOf({ accounts }: Pick<Devnet, "accounts">, name: Name, chain: JsonRpcProvider): Wallet {
  return settlingWallet(accounts[name], chain);
}

/**
 * Deploys everything by the modules of every other deployment, with their roles and delays, hands the power over, and
 * fills the limits of the bridge, which start empty, by moving the clocks of both chains a day on.
 */
export async function buildDevnet(
  chains: Pick<Devnet, "ethereum" | "polygon">,
  limits: Limits = {},
  report: Report = () => undefined,
): Promise<Devnet> {
  const { ethereum, polygon } = chains;
  const accounts = localAccounts();
  const onEthereum = settlingWallet(accounts.deployer, ethereum);
  const onPolygon = settlingWallet(accounts.deployer, polygon);
  const roles = {
    upgrader: accounts.upgrader.address,
    manager: accounts.manager.address,
    guardian: accounts.guardian.address,
  };

  report("Polygon's staking contracts");
  const staking = await deployStaking(onEthereum, accounts);
  report("Polygon's bridge");
  const fx = await deployFx(onEthereum, onPolygon, accounts.proposer.address, polygon);

  const params = parseParams({
    ...DEFAULTS,
    genesis: NOBODY,
    switcher: { ...DEFAULTS.switcher, capWei: FUNDS },
    polygon: {
      stakeManager: await staking.stakeManager.getAddress(),
      pol: await staking.pol.getAddress(),
      matic: await staking.matic.getAddress(),
      migration: await staking.migration.getAddress(),
    },
    roles,
    treasury: accounts.treasury.address,
  });
  await staking.pol.mint(onEthereum, params.seedWei);
  const system = await deploySystem(onEthereum, params, report);
  report("validators of the pool");
  await startValidators(
    system,
    VALIDATORS.map((_, index) => ({
      id: FIRST_ID + BigInt(index),
      weightBps: 10_000n / BigInt(VALIDATORS.length),
      capBps: params.maxShareBps,
    })),
  );
  report("wrapped native token of Polygon");
  const wrapped = await new WrappedPol__factory(onPolygon).deploy();
  const polygonParams = parsePolygonParams({
    ...POLYGON_DEFAULTS,
    ...limits,
    roles,
    fxChild: await fx.fxChild.getAddress(),
    wrappedNative: await wrapped.getAddress(),
  });
  const child = await deployPolygon(onPolygon, polygonParams, await system.steps.addressOf(BRIDGE), report);
  const bridgeParams = parseBridgeParams({
    ...BRIDGE_DEFAULTS,
    ...limits,
    roles,
    fxRoot: await fx.fxRoot.getAddress(),
    rootChain: await fx.rootChain.getAddress(),
  });
  const bridge = await deployBridge(system, bridgeParams, child);
  report("hand-over on both chains");
  await finishSystem(system, params);
  await finishSystem(child, polygonParams);
  const devnet = { ...chains, accounts, staking, fx, params, polygonParams, wrapped, system, bridge, child };
  report("a day, which fills the limits of the bridge");
  await pass(devnet, DAY);
  return devnet;
}

async function deployStaking(governance: Wallet, accounts: Accounts): Promise<LocalStaking> {
  const staking = await deployLocalStaking(governance);
  const { stakeManager, pol, matic, migration } = staking;
  await stakeManager.setWithdrawalDelay(UNBONDING_EPOCHS);
  await stakeManager.setCheckpointReward(CHECKPOINT_REWARD);
  await pol.mint(stakeManager, 1_000_000_000n * ONE);
  await pol.mint(migration, 1_000_000_000n * ONE);
  await matic.mint(migration, 1_000_000_000n * ONE);
  for (const [index, name] of VALIDATORS.entries()) {
    await addLocalValidator(staking, {
      id: FIRST_ID + BigInt(index),
      owner: accounts.validatorOwner.address,
      signer: accounts[name].address,
      stake: 1_000_000n * ONE,
      commission: 5n,
    });
  }
  for (const user of USERS) {
    await pol.mint(accounts[user].address, FUNDS);
    await matic.mint(accounts[user].address, FUNDS);
  }
  return staking;
}

/** Moves the clocks of both chains on, together: the age of a rate is the difference between them. */
export async function pass(
  { ethereum, polygon }: Pick<Devnet, "ethereum" | "polygon">,
  seconds: bigint,
): Promise<void> {
  for (const chain of [ethereum, polygon]) {
    await chain.send("evm_increaseTime", [Number(seconds)]);
    await chain.send("evm_mine", []);
  }
}

/** Checkpoints of the staking model, which bring rewards and end unbonding, and the time that they take. */
export async function passEpochs(
  devnet: Pick<Devnet, "ethereum" | "polygon" | "staking">,
  count: bigint,
): Promise<void> {
  await devnet.staking.stakeManager.checkpoints(count);
  await pass(devnet, count * EPOCH_SECONDS);
}

/** How a relayer differs from the usual one. */
export type RelayChoice = Partial<Pick<Relay, "checkpointBlocks" | "exits" | "ethereumTag" | "child">> & {
  /** Pays for exits. */
  readonly payer?: Name;
};

/** A relayer between the two chains, which has nothing but its keys. */
export function relayOf(devnet: Devnet, log: RelayLog, { payer = "relayer", ...choice }: RelayChoice = {}): Relay {
  const { ethereum, polygon, fx, bridge, child } = devnet;
  return {
    stateSender: fx.stateSender.connect(ethereum),
    rootChain: fx.rootChain.connect(walletOf(devnet, "proposer", ethereum)),
    bridge: bridge.connect(walletOf(devnet, payer, ethereum)),
    stateReceiver: fx.stateReceiver.connect(polygon),
    adapter: child.adapter.connect(polygon),
    child: polygon,
    fees: FEES,
    checkpointBlocks: 1n,
    exits: true,
    ethereumTag: "latest",
    log,
    ...choice,
  };
}
