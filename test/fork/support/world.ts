import type { JsonRpcProvider, Wallet } from "ethers";

import { memoryJournal } from "../../../deploy/book";
import type { Book } from "../../../deploy/book";
import type { EthereumNetwork, PolygonNetwork } from "../../../deploy/networks";
import type { PolygonSystem } from "../../../deploy/polygon";
import { deployEthereum, deployPolygonSide } from "../../../deploy/run";
import type { System } from "../../../deploy/system";
import { ONE } from "../../../scripts/devnet/site";
import { DAY, pass } from "../../../scripts/devnet/world";
import {
  IERC20__factory,
  IPolygonMigration__factory,
  IStakeManager__factory,
  IValidatorShare__factory,
} from "../../../typechain-types";
import type {
  BridgeAdapter,
  IERC20,
  IPolygonMigration,
  IStakeManager,
  IValidatorShare,
} from "../../../typechain-types";

import type { Chains } from "./chains";
import { GENERAL, POLYGONS, configurationOf } from "./configuration";
import { PEOPLE, accountOf, payGas, walletOf } from "./people";
import type { Person } from "./people";
import { give } from "./powers";
import { pickValidators } from "./validators";

/** POL and MATIC of each who stakes. */
const FUNDS = 1_000_000n * ONE;
/** Who has them. */
const USERS = ["alice", "bob", "carol", "stranger"] as const satisfies readonly Person[];

/** Validators of the pool: more than 10,000 / the largest share, as a deployment should have. */
const VALIDATORS = 5;

/** Polygon's contracts on Ethereum, as the pool sees them. */
export interface Staking {
  readonly stakeManager: IStakeManager;
  readonly pol: IERC20;
  readonly matic: IERC20;
  readonly migration: IPolygonMigration;
  /** Share contract of each position; index 0 is position 1. */
  readonly shares: readonly IValidatorShare[];
}

/** Everything, deployed on both chains as on mainnet and Polygon. */
export interface World {
  readonly ethereum: JsonRpcProvider;
  readonly polygon: JsonRpcProvider;
  readonly configuration: { readonly ethereum: EthereumNetwork; readonly polygon: PolygonNetwork };
  readonly books: { readonly ethereum: Book; readonly polygon: Book };
  readonly staking: Staking;
  readonly system: System;
  readonly bridge: BridgeAdapter;
  readonly child: PolygonSystem;
  /** Somebody's wallet on Ethereum. */
  readonly above: (person: Person) => Wallet;
  /** Somebody's wallet on Polygon. */
  readonly below: (person: Person) => Wallet;
}

/** Deploys both sides by the modules and the configuration of a real deployment, and lets a day pass. */
export async function deployWorld(chains: Pick<Chains, "ethereum" | "polygon">): Promise<World> {
  const [ethereum, polygon] = [chains.ethereum.provider, chains.polygon.provider];
  for (const person of PEOPLE) {
    for (const node of [ethereum, polygon]) await payGas(node, accountOf(person).address);
  }
  const above = (person: Person): Wallet => walletOf(person, ethereum);
  const below = (person: Person): Wallet => walletOf(person, polygon);
  const stakeManager = IStakeManager__factory.connect(POLYGONS.stakeManager, ethereum);
  const validators = await pickValidators(stakeManager, VALIDATORS, GENERAL.ethereum.params.maxCommissionPercent);
  const configuration = configurationOf(validators);
  const { pol, matic, migration } = POLYGONS;

  const [deployer, childDeployer] = [above("deployer"), below("deployer")];
  await give(ethereum, pol, deployer.address, configuration.ethereum.params.seedWei);
  const journal = memoryJournal(configuration.ethereum.chainId, deployer.address);
  const childJournal = memoryJournal(configuration.polygon.chainId, childDeployer.address);
  await deployEthereum({ deployer, journal }, configuration.ethereum);
  const child = await deployPolygonSide({ deployer: childDeployer, journal: childJournal }, configuration.polygon, {
    book: journal.book,
  });
  const { system, bridge } = await deployEthereum({ deployer, journal }, configuration.ethereum, {
    book: childJournal.book,
    provider: polygon,
  });
  if (bridge === undefined) throw new Error("the bridge was not deployed");

  for (const user of USERS) {
    for (const coin of [pol, matic]) await give(ethereum, coin, accountOf(user).address, FUNDS);
  }
  // The limits of a new bridge fill over a day.
  await pass({ ethereum, polygon }, DAY);
  const shares: IValidatorShare[] = [];
  for (const id of validators) {
    shares.push(IValidatorShare__factory.connect(await stakeManager.getValidatorContract(id), ethereum));
  }
  return {
    ...{ ethereum, polygon, configuration, system, bridge, child, above, below },
    books: { ethereum: journal.book, polygon: childJournal.book },
    staking: {
      stakeManager,
      pol: IERC20__factory.connect(pol, ethereum),
      matic: IERC20__factory.connect(matic, ethereum),
      migration: IPolygonMigration__factory.connect(migration, ethereum),
      shares,
    },
  };
}
