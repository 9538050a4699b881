import type { JsonRpcProvider, Wallet } from "ethers";

import type { Adapters } from "../../deploy/adapters";
import { memoryJournal } from "../../deploy/book";
import type { Book, Journal } from "../../deploy/book";
import { DEFAULTS, parseParams, parsePolygonParams } from "../../deploy/params";
import type { Params, PolygonParams } from "../../deploy/params";
import type { PolygonSystem } from "../../deploy/polygon";
import { deployEthereum, deployPolygonSide } from "../../deploy/run";
import type { Report } from "../../deploy/steps";
import type { System } from "../../deploy/system";
import { WrappedPol__factory } from "../../typechain-types";
import type { BridgeAdapter, WrappedPol } from "../../typechain-types";
import { addLocalValidator, deployLocalStaking } from "../conformance/localStaking";
import type { LocalStaking } from "../conformance/localStaking";
import { deployFx } from "../lib/bridge/localFx";
import type { FxOnEthereum, FxOnPolygon } from "../lib/bridge/localFx";
import type { Carrier, Relay, RelayLog } from "../lib/relayer/relay";

import { FUNDS, ONE, VALIDATORS, networksOf } from "./site";
import type { Limits, Site } from "./site";
import { FEES, localAccounts, settlingWallet } from "./wallets";
import type { Accounts, Name } from "./wallets";

/** Seconds in a day. */
export const DAY = 86_400n;
/** Who has POL and MATIC. */
export const USERS = ["alice", "bob", "carol", "stranger"] as const satisfies readonly Name[];

/** Polygon's unbonding delay, in checkpoints of the staking model. */
export const UNBONDING_EPOCHS = 80n;
/** Seconds from one of them to the next. */
const EPOCH_SECONDS = 1_800n;
/** Reward of each for all validators, POL wei: about 5 % a year on what they have. */
const CHECKPOINT_REWARD = 12n * ONE;

/** Two chains with Polygon's contracts, or what stands in for them, and with nothing of ours. */
export interface StandIns {
  readonly ethereum: JsonRpcProvider;
  readonly polygon: JsonRpcProvider;
  readonly accounts: Accounts;
  /** Polygon's staking contracts, on Ethereum. */
  readonly staking: LocalStaking;
  readonly fx: FxOnEthereum & FxOnPolygon;
  /** Polygon's wrapped native token. */
  readonly wrapped: WrappedPol;
}

/** Addresses of what others read the rate from on a chain. */
export type AdapterAddresses = Readonly<Record<keyof Adapters<unknown>, string>>;

/** The whole system on two chains. */
export interface Devnet extends StandIns {
  readonly params: Params;
  readonly polygonParams: PolygonParams;
  readonly system: System;
  readonly bridge: BridgeAdapter;
  readonly child: PolygonSystem;
  readonly adapters: Readonly<Record<"ethereum" | "polygon", AdapterAddresses>>;
}

/** Wallet of an account on a chain. */
export function walletOf({ accounts }: Pick<Devnet, "accounts">, name: Name, chain: JsonRpcProvider): Wallet {
  return settlingWallet(accounts[name], chain);
}

/** Puts on two chains what of Polygon's a deployment needs. The deployer gets the POL of the seed stake. */
export async function buildStandIns(
  chains: Pick<StandIns, "ethereum" | "polygon">,
  report: Report = () => undefined,
): Promise<StandIns> {
  const { ethereum, polygon } = chains;
  const accounts = localAccounts();
  const onEthereum = settlingWallet(accounts.deployer, ethereum);
  const onPolygon = settlingWallet(accounts.deployer, polygon);
  report("Polygon's staking contracts");
  const staking = await deployStaking(onEthereum, accounts);
  report("Polygon's bridge");
  const fx = await deployFx(onEthereum, onPolygon, accounts.proposer.address, polygon);
  await staking.pol.mint(onEthereum, DEFAULTS.seedWei);
  report("wrapped native token of Polygon");
  const wrapped = await new WrappedPol__factory(onPolygon).deploy();
  return { ...chains, accounts, staking, fx, wrapped };
}

/** What a deployment must know of the two chains. */
async function siteOf({ ethereum, polygon, accounts, staking, fx, wrapped }: StandIns): Promise<Site> {
  const { stakeManager, pol, matic, migration } = staking;
  const [onEthereum, onPolygon] = [await ethereum.getNetwork(), await polygon.getNetwork()];
  return {
    ethereum: {
      chainId: Number(onEthereum.chainId),
      contracts: {
        stakeManager: await stakeManager.getAddress(),
        pol: await pol.getAddress(),
        matic: await matic.getAddress(),
        migration: await migration.getAddress(),
        fxRoot: await fx.fxRoot.getAddress(),
        rootChain: await fx.rootChain.getAddress(),
      },
    },
    polygon: {
      chainId: Number(onPolygon.chainId),
      contracts: { fxChild: await fx.fxChild.getAddress(), wrappedNative: await wrapped.getAddress() },
    },
    accounts,
  };
}

/** Where the deployment on a devnet is written down. */
export interface Journals {
  readonly ethereum: Journal;
  readonly polygon: Journal;
}

/**
 * Deploys everything as `npx hardhat deploy` does, with the roles and delays of every other deployment, hands the power
 * over, and fills the limits of the bridge, which start empty, by moving the clocks of both chains a day on.
 */
export async function buildDevnet(
  chains: Pick<StandIns, "ethereum" | "polygon">,
  limits: Limits = {},
  report: Report = () => undefined,
  journals?: Journals,
): Promise<Devnet> {
  const standIns = await buildStandIns(chains, report);
  const { accounts } = standIns;
  const onEthereum = settlingWallet(accounts.deployer, chains.ethereum);
  const onPolygon = settlingWallet(accounts.deployer, chains.polygon);
  const { ethereum, polygon } = networksOf(await siteOf(standIns), limits);
  const below = journals?.ethereum ?? memoryJournal(ethereum.chainId, accounts.deployer.address);
  const above = journals?.polygon ?? memoryJournal(polygon.chainId, accounts.deployer.address);

  const core = { deployer: onEthereum, journal: below, report };
  await deployEthereum(core, ethereum);
  const side = { deployer: onPolygon, journal: above, report };
  const child = await deployPolygonSide(side, polygon, { book: below.book });
  const { system, bridge } = await deployEthereum(core, ethereum, { book: above.book, provider: chains.polygon });
  if (bridge === undefined) throw new Error("The Polygon side was deployed, but Ethereum's did not see it");

  const params = parseParams(ethereum.params);
  const polygonParams = parsePolygonParams(polygon.params);
  const adapters = {
    ethereum: adaptersIn(below.book, "PoolRateProvider"),
    polygon: adaptersIn(above.book, "ChildRateProvider"),
  };
  const devnet = { ...standIns, params, polygonParams, system, bridge, child, adapters };
  report("a day, which fills the limits of the bridge");
  await pass(devnet, DAY);
  return devnet;
}

function adaptersIn({ contracts }: Book, rateProvider: string): AdapterAddresses {
  const at = (name: string): string => {
    const address = contracts[name]?.address;
    if (address === undefined) throw new Error(`The deployment ended without ${name}`);
    return address;
  };
  return { rateProvider: at(rateProvider), priceFeed: at("PriceFeed"), aprOracle: at("AprOracle") };
}

async function deployStaking(governance: Wallet, accounts: Accounts): Promise<LocalStaking> {
  const staking = await deployLocalStaking(governance);
  const { stakeManager, pol, matic, migration } = staking;
  await stakeManager.setWithdrawalDelay(UNBONDING_EPOCHS);
  await stakeManager.setCheckpointReward(CHECKPOINT_REWARD);
  await pol.mint(stakeManager, 1_000_000_000n * ONE);
  await pol.mint(migration, 1_000_000_000n * ONE);
  await matic.mint(migration, 1_000_000_000n * ONE);
  for (const { id, signer } of VALIDATORS) {
    await addLocalValidator(staking, {
      id,
      owner: accounts.validatorOwner.address,
      signer: accounts[signer].address,
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
  const { ethereum, polygon, bridge, child } = devnet;
  return {
    ...carrierOf(devnet, log),
    bridge: bridge.connect(walletOf(devnet, payer, ethereum)),
    adapter: child.adapter.connect(polygon),
    exits: true,
    ...choice,
  };
}

/** The part of a relayer that needs nothing of ours. */
export function carrierOf(standIns: StandIns, log: RelayLog): Carrier {
  const { ethereum, polygon, fx } = standIns;
  return {
    stateSender: fx.stateSender.connect(ethereum),
    rootChain: fx.rootChain.connect(walletOf(standIns, "proposer", ethereum)),
    stateReceiver: fx.stateReceiver.connect(polygon),
    child: polygon,
    fees: FEES,
    checkpointBlocks: 1n,
    ethereumTag: "latest",
    log,
  };
}
