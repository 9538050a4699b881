import { dataSlice, getCreateAddress, id, keccak256 } from "ethers";
import type { BytesLike, ContractTransactionResponse, Provider, Signer } from "ethers";

import { DeploymentFactory__factory, ERC1967Proxy__factory, Upgradeable__factory } from "../typechain-types";
import type { DeploymentFactory } from "../typechain-types";

import type { Journal } from "./book";
import { implementationsOf } from "./upgrades";

/** Says what is being done; the default keeps quiet. */
export type Report = (line: string) => void;

/** A typed contract factory, as far as its creation code goes. */
export interface Code<Args extends unknown[]> {
  readonly bytecode: string;
  getDeployTransaction(...args: Args): Promise<{ data: string }>;
}

/**
 * Steps of a deployment. Each looks at the chain first and does only what is not done yet, so that they can be repeated
 * after whatever cut an earlier run off; nothing is deployed twice. Every contract but the factory is at an address that
 * depends on its name and the factory alone.
 */
export interface Steps {
  readonly deployer: Signer;
  readonly factory: DeploymentFactory;
  /** Where the contract of a name is, or will be. */
  addressOf(name: string): Promise<string>;
  /** Deploys a contract that is no proxy. */
  contract<Args extends unknown[]>(name: string, code: Code<Args>, ...args: Args): Promise<string>;
  /** Deploys a proxy, which is initialized in the same transaction, before its implementation. */
  proxy<Args extends unknown[]>(
    name: string,
    initialization: BytesLike,
    code: Code<Args>,
    ...args: Args
  ): Promise<string>;
  /** Sends a transaction unless what it does is done. */
  once(name: string, isDone: () => Promise<boolean>, send: () => Promise<ContractTransactionResponse>): Promise<void>;
}

/** Slot of ERC-1967 in which a proxy keeps its implementation. */
export const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

/** Name of the implementation of a proxy. */
export function implementationOf(name: string): string {
  return `${name}.implementation`;
}

/** Salt of a name. */
export function saltOf(name: string): string {
  return id(`ankrMATIC.${name}`);
}

/** Begins a deployment, or goes on with one: the factory is there afterwards. */
export async function openSteps(deployer: Signer, journal: Journal, report: Report = () => undefined): Promise<Steps> {
  const provider = nodeOf(deployer);
  const factory = await openFactory(deployer, provider, journal, report);
  const { book } = journal;

  const addressOf = async (name: string): Promise<string> => factory.addressOf(saltOf(name));

  async function place(name: string, initCode: string, args: string, implementation?: string): Promise<string> {
    const at = await addressOf(name);
    report(name);
    const receipt = await (await factory.deploy(saltOf(name), initCode)).wait();
    if (receipt === null) throw new Error(`${name}: the deployment was not mined`);
    book.contracts[name] = {
      address: at,
      args,
      codeHash: keccak256(await nodeOf(deployer).getCode(at)),
      transaction: receipt.hash,
      block: receipt.blockNumber,
      ...(implementation === undefined ? {} : { implementation }),
    };
    await journal.save();
    return at;
  }

  /**
   * Takes what an earlier run deployed, and writes it down if that run did not come to it. Code does not say how a proxy
   * was initialized, so that what was sent then is compared.
   */
  async function adopt(
    name: string,
    at: string,
    initCode: string,
    args: string,
    implementation?: string,
  ): Promise<void> {
    const known = book.contracts[name];
    if (known !== undefined) {
      // Once all is done, parameters are governed; but those of a constructor are in the code, which is as planned.
      const isProxy = implementation !== undefined;
      if (known.args !== args && !isProxy) throw new Error(notAsPlanned(name, at, "its arguments in the address book"));
      if (known.args !== args && !book.finished) throw new Error(notAsPlanned(name, at, "its initialization"));
      return;
    }
    const [event] = await factory.queryFilter(factory.filters.Deployed(saltOf(name)));
    if (event === undefined) throw new Error(`${name}: there is code at ${at}, but its factory did not put it there`);
    const sent = await event.getTransaction();
    if (sent.data !== factory.interface.encodeFunctionData("deploy", [saltOf(name), initCode])) {
      throw new Error(notAsPlanned(name, at, "its initialization"));
    }
    book.contracts[name] = {
      address: at,
      args,
      codeHash: keccak256(await nodeOf(deployer).getCode(at)),
      transaction: event.transactionHash,
      block: event.blockNumber,
      ...(implementation === undefined ? {} : { implementation }),
    };
    await journal.save();
  }

  /** Of a proxy that was upgraded, or is about to be: the newest implementation is what the sources say now. */
  async function upgraded(name: string, newest: string, initCode: string): Promise<string> {
    const at = await addressOf(name);
    if ((await provider.getCode(newest)) !== (await runtimeCode(deployer, initCode, newest))) {
      throw new Error(notAsPlanned(`${name}, upgraded`, newest, "its code"));
    }
    const named = dataSlice(await provider.getStorage(at, IMPLEMENTATION_SLOT), 12);
    if (!implementationsOf(book, name).some((one) => BigInt(one) === BigInt(named))) {
      throw new Error(notAsPlanned(name, at, "its implementation"));
    }
    return at;
  }

  const steps: Steps = {
    deployer,
    factory,
    addressOf,
    async contract(name, code, ...args) {
      const { data } = await code.getDeployTransaction(...args);
      const encoded = dataSlice(data, (code.bytecode.length - 2) / 2);
      const at = await addressOf(name);
      const present = await provider.getCode(at);
      if (present === "0x") return place(name, data, encoded);
      if (present !== (await runtimeCode(deployer, data, at))) throw new Error(notAsPlanned(name, at, "its code"));
      await adopt(name, at, data, encoded);
      return at;
    },
    async proxy(name, initialization, code, ...args) {
      const newest = book.upgrades[name]?.at(-1);
      if (newest !== undefined) {
        const { data } = await code.getDeployTransaction(...args);
        return upgraded(name, newest.address, data);
      }
      const implementation = await steps.contract(implementationOf(name), code, ...args);
      const { data } = await new ERC1967Proxy__factory(deployer).getDeployTransaction(implementation, initialization);
      const encoded = dataSlice(data, (ERC1967Proxy__factory.bytecode.length - 2) / 2);
      const at = await addressOf(name);
      const present = await provider.getCode(at);
      if (present === "0x") return place(name, data, encoded, implementationOf(name));
      if (present !== (await proxyCode(deployer, provider, implementation))) {
        throw new Error(notAsPlanned(name, at, "its code"));
      }
      const named = dataSlice(await provider.getStorage(at, IMPLEMENTATION_SLOT), 12);
      if (BigInt(named) !== BigInt(implementation)) throw new Error(notAsPlanned(name, at, "its implementation"));
      await adopt(name, at, data, encoded, implementationOf(name));
      return at;
    },
    async once(name, isDone, send) {
      if (await isDone()) return;
      report(name);
      const receipt = await (await send()).wait();
      if (receipt === null) throw new Error(`${name}: the transaction was not mined`);
      book.steps[name] = { transaction: receipt.hash, block: receipt.blockNumber };
      await journal.save();
    },
  };
  return steps;
}

function nodeOf({ provider }: Signer): Provider {
  if (provider === null) throw new Error("The deployer must be connected to a node");
  return provider;
}

function notAsPlanned(name: string, at: string, what: string): string {
  return (
    `${name}: ${what} at ${at} is not what is to be deployed. The sources or the parameters have changed since that run: ` +
    "go on with those of then, or move the address book away to begin anew"
  );
}

/** Its address is in the book before it is sent, so that a run that was cut off finds it. */
async function openFactory(
  deployer: Signer,
  provider: Provider,
  journal: Journal,
  report: Report,
): Promise<DeploymentFactory> {
  const { book } = journal;
  const self = await deployer.getAddress();
  const code = new DeploymentFactory__factory(deployer);
  const present = book.factory === undefined ? "0x" : await provider.getCode(book.factory.address);
  if (book.factory !== undefined && present !== "0x") {
    const { data } = await code.getDeployTransaction(self);
    if (present !== (await runtimeCode(deployer, data, book.factory.address))) {
      throw new Error(notAsPlanned("DeploymentFactory", book.factory.address, "its code"));
    }
    const factory = code.attach(book.factory.address) as DeploymentFactory;
    const owner = await factory.DEPLOYER();
    if (owner !== self) throw new Error(`The factory ${book.factory.address} is ${owner}'s, not ${self}'s`);
    return factory;
  }
  const nonce = await deployer.getNonce();
  book.factory = { address: getCreateAddress({ from: self, nonce }), nonce };
  await journal.save();
  report("DeploymentFactory");
  const factory = await code.deploy(self, { nonce });
  await factory.waitForDeployment();
  return factory;
}

/** The code that a constructor leaves at an address: the node runs it, elsewhere, and its own address is put in place. */
export async function runtimeCode(deployer: Signer, initCode: string, at: string): Promise<string> {
  const provider = nodeOf(deployer);
  const from = await deployer.getAddress();
  const elsewhere = getCreateAddress({ from, nonce: await provider.getTransactionCount(from) });
  const code = await provider.call({ from, data: initCode });
  return code.replaceAll(elsewhere.slice(2).toLowerCase(), at.slice(2).toLowerCase());
}

/** The code of every proxy, from the creation of one that begins with a view. */
async function proxyCode(deployer: Signer, provider: Provider, implementation: string): Promise<string> {
  const view = Upgradeable__factory.createInterface().encodeFunctionData("UPGRADE_INTERFACE_VERSION");
  const { data } = await new ERC1967Proxy__factory(deployer).getDeployTransaction(implementation, view);
  return provider.call({ from: await deployer.getAddress(), data });
}
