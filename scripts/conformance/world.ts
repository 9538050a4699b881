import { Wallet, ZeroAddress, getAddress, id } from "ethers";
import type { Interface } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types";

import {
  BatchReader__factory,
  EventsHub__factory,
  MaticToken__factory,
  PolygonEcosystemToken__factory,
  PolygonMigration__factory,
  Registry__factory,
  RootChain__factory,
  StakeManager__factory,
  StakingInfo__factory,
  StakingNFT__factory,
  ValidatorShare__factory,
} from "../../typechain-types";
import { deployLocalStaking } from "./localStaking";
import { rpcOf } from "./rpc";
import type { Rpc } from "./rpc";

const PLENTY_OF_ETHER = 10n ** 30n;
const DEAD = "0x000000000000000000000000000000000000dEaD";

const SHARE_INTERFACE = ValidatorShare__factory.createInterface();
const INTERFACES: Readonly<Record<string, Interface>> = {
  stakeManager: StakeManager__factory.createInterface(),
  stakingInfo: StakingInfo__factory.createInterface(),
  eventsHub: EventsHub__factory.createInterface(),
  stakingNFT: StakingNFT__factory.createInterface(),
  rootChain: RootChain__factory.createInterface(),
  registry: Registry__factory.createInterface(),
  pol: PolygonEcosystemToken__factory.createInterface(),
  matic: MaticToken__factory.createInterface(),
  migration: PolygonMigration__factory.createInterface(),
};

/** The chain on which a trace is replayed: the deployed model, and what the names in a trace mean there. */
export interface World {
  readonly rpc: Rpc;
  readonly chainId: bigint;
  /** Address of the contract that reads many values in one call. */
  readonly reader: string;
  readonly addressByName: Map<string, string>;
  readonly nameByAddress: Map<string, string>;
  readonly walletByName: Map<string, Wallet>;
}

/** Deploys the model on Hardhat's chain; nothing is known yet but the contracts and the accounts that own them. */
export async function buildWorld(hre: HardhatRuntimeEnvironment): Promise<World> {
  const rpc = rpcOf(hre.network.provider);
  const world: World = {
    rpc,
    chainId: BigInt((await rpc.send("eth_chainId", [])) as string),
    reader: "",
    addressByName: new Map(),
    nameByAddress: new Map(),
    walletByName: new Map(),
  };
  const [deployer] = await hre.ethers.getSigners();
  if (deployer === undefined) throw new Error("the Hardhat network has no accounts: see hardhat.config.ts");

  const governance = await addAccount(world, "governance");
  const migrationOwner = await addAccount(world, "deployer");
  const staking = await deployLocalStaking(deployer, { governance, migrationOwner });
  for (const [name, contract] of Object.entries(staking)) {
    addName(world, name, await (contract as { getAddress(): Promise<string> }).getAddress());
  }
  addName(world, "zero", ZeroAddress);
  addName(world, "dead", DEAD);
  const reader = await new BatchReader__factory(deployer).deploy();
  return { ...world, reader: await reader.getAddress() };
}

/** Makes an account whose key follows from its name, so that it can sign permits, and lets it send transactions. */
export async function addAccount(world: World, name: string): Promise<string> {
  const wallet = new Wallet(id(`conformance account ${name}`));
  world.walletByName.set(name, wallet);
  addName(world, name, wallet.address);
  await enableSender(world, wallet.address);
  return wallet.address;
}

/** Lets any address, contracts included, send transactions. */
export async function enableSender(world: World, address: string): Promise<void> {
  await world.rpc.send("hardhat_impersonateAccount", [address]);
  await world.rpc.send("hardhat_setBalance", [address, `0x${PLENTY_OF_ETHER.toString(16)}`]);
}

/** Gives an address a name. */
export function addName(world: World, name: string, address: string): void {
  world.addressByName.set(name, getAddress(address));
  world.nameByAddress.set(getAddress(address), name);
}

/** Address behind a name of a trace. */
export function addressOf(world: World, name: string): string {
  const address = world.addressByName.get(name);
  if (address === undefined) throw new Error(`the trace uses the name "${name}", which nobody bears`);
  return address;
}

/** Name of an address, or the address itself if it has none. */
export function nameOf(world: World, address: string): string {
  return world.nameByAddress.get(getAddress(address)) ?? getAddress(address);
}

/** ABI of the contract with that name. */
export function interfaceOf(name: string): Interface {
  const found = isShare(name) ? SHARE_INTERFACE : INTERFACES[name];
  if (found === undefined) throw new Error(`the trace calls or hears "${name}", which is no contract of the model`);
  return found;
}

/** Whether a name is that of a share contract: `v` and the validator's id. */
export function isShare(name: string): boolean {
  return /^v\d+$/.test(name);
}
