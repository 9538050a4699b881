import { AbiCoder, dataLength, dataSlice, getAddress, getCreateAddress, keccak256 } from "ethers";
import type { Interface, Signer } from "ethers";

import { readBook, writeBook } from "../../deploy/book";
import type { Book, Upgrade } from "../../deploy/book";
import { IMPLEMENTATION_SLOT, runtimeCode } from "../../deploy/steps";
import { implementationsOf, preparedOf } from "../../deploy/upgrades";
import { Upgradeable__factory } from "../../typechain-types";
import { giveOrder } from "../governance/order";
import type { Office, Order, OrderOptions } from "../governance/order";
import { functionOf, targetOf } from "../governance/target";
import type { Target } from "../governance/target";
import { parseValues, textOf } from "../governance/values";
import { messageOf } from "../lib/amounts";

/** What both tasks are told. */
export interface UpgradeOptions {
  /** Name of the proxy, in the address book and among the sources. */
  readonly contract: string;
  readonly caller?: string | undefined;
  /** Where Safe batches are written. */
  readonly out?: string | undefined;
  /** Schedules or executes with a key of the network's; else that is printed. */
  readonly send: boolean;
}

/** What `upgrade:prepare` is told. */
export interface PrepareOptions extends UpgradeOptions {
  /** Arguments of the constructor; those of the present implementation if left out. */
  readonly args?: string | undefined;
  /** Function of the new implementation that is called with the upgrade. */
  readonly call?: string | undefined;
  readonly callArgs?: string | undefined;
  /** Commit whose snapshot of the layout is compared; this one if left out. */
  readonly since?: string | undefined;
  readonly dryRun: boolean;
}

/** What is asked before an implementation is deployed; each answers with what is wrong. */
export interface Checks {
  /** OpenZeppelin's upgrade checks of a contract. */
  readonly safety: (contract: string) => Promise<readonly string[]>;
  readonly layout: (contract: string, since: string | undefined) => Promise<string | undefined>;
}

/** A proxy and what the book has of it. */
interface Proxy {
  readonly target: Target;
  readonly book: Book;
  /** The implementation that it has now. */
  readonly present: string;
  /** Arguments of that one's constructor, ABI-encoded. */
  readonly args: string;
}

/**
 * Deploys the contract of the present sources as the next implementation of a proxy, writes it into the book, and shows how
 * it is scheduled. Run again, it finds what it deployed and goes on from there.
 */
export async function runPrepare(options: PrepareOptions, office: Office, checks: Checks): Promise<void> {
  const { contract } = options;
  const { target, book, present, args: presentArgs } = await proxyOf(office, contract);
  const problems = [...(await checks.safety(contract)), await checks.layout(contract, options.since)];
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new Error([`${contract} must not be upgraded to these sources:`, ...found].join("\n"));
  office.print(
    `${contract} at ${target.at} has the implementation ${present}; the new layout goes on from the committed one`,
  );

  const args = encodedArgs(target.abi, options.args, presentArgs);
  const migration = migrationOf(target, options);
  const deployer = deployerOf(office);
  const { bytecode } = await office.artifacts.readArtifact(contract);
  const initCode = `${bytecode}${args.slice(2)}`;
  await requireAnother(office, deployer, initCode, present);

  const last = preparedOf(book, contract);
  // A Safe may have executed it, and nobody have written it down.
  if (last !== undefined && isSame(last.address, present)) last.executed = true;
  const prepared = preparedOf(book, contract);
  const isThere =
    prepared?.args === args &&
    prepared.migration === migration &&
    (await office.provider.getCode(prepared.address)) === (await runtimeCode(deployer, initCode, prepared.address));
  if (prepared !== undefined && isThere) {
    office.print(`The implementation is at ${prepared.address}, from an earlier run`);
    return propose(office, target, prepared, options);
  }
  await refuseScheduled(office, target, prepared, options);
  if (options.dryRun) {
    const self = await deployer.getAddress();
    const at = getCreateAddress({ from: self, nonce: await office.provider.getTransactionCount(self) });
    const gas = await office.provider.estimateGas({ from: self, data: initCode });
    office.print(`Dry run: ${self} would deploy it at ${at}, for ${gas.toLocaleString("en-US")} gas. Nothing is sent.`);
    return;
  }
  const upgrade = await place(deployer, initCode, args, migration);
  // One that was prepared before and never executed is no longer to come.
  book.upgrades[contract] = [...(book.upgrades[contract] ?? []).filter(({ executed }) => executed), upgrade];
  await writeBook(office.bookFile, book);
  office.print(`The implementation is at ${upgrade.address}, transaction ${upgrade.transaction}`);
  await propose(office, target, upgrade, options);
}

/** Executes what was prepared and scheduled, or shows how, and looks at the proxy afterwards. */
export async function runExecute(options: UpgradeOptions, office: Office): Promise<void> {
  const { contract } = options;
  const { target, present, book } = await proxyOf(office, contract);
  const prepared = preparedOf(book, contract);
  if (prepared === undefined) {
    throw new Error(
      `${office.bookFile} has no upgrade of ${contract} to execute: npx hardhat upgrade:prepare makes one`,
    );
  }
  await requireCode(office, prepared);
  if (!isSame(present, prepared.address)) {
    const order = orderOf(target, prepared);
    const isDone = await giveOrder(office, order, { ...options, execute: true, cancel: false, anyway: false });
    if (!isDone) {
      office.print("Once it is executed, run this again: it looks at the proxy and writes it into the book.");
      return;
    }
  }
  const is = await implementationAt(office, target.at);
  if (!isSame(is, prepared.address)) {
    throw new Error(`${contract} at ${target.at} has the implementation ${is} instead of ${prepared.address}`);
  }
  prepared.executed = true;
  await writeBook(office.bookFile, book);
  office.print(`${contract} at ${target.at} has the implementation ${is} now.`);
}

async function proxyOf(office: Office, contract: string): Promise<Proxy> {
  const { bookFile } = office;
  const book = await readBook(bookFile);
  const known = book?.contracts[contract];
  if (book === undefined || known?.implementation === undefined) {
    throw new Error(`${bookFile} has no proxy ${contract}: deploy first, and check --network and the name`);
  }
  const target = await targetOf(office, contract, undefined);
  const present = await implementationAt(office, target.at);
  const expected = implementationsOf(book, contract);
  if (!expected.some((one) => isSame(one, present))) {
    throw new Error(
      `${contract} at ${target.at} has the implementation ${present}, which ${bookFile} does not know: ` +
        "npx hardhat verify-state tells more",
    );
  }
  const upgrades = book.upgrades[contract] ?? [];
  const args =
    upgrades.find(({ address }) => isSame(address, present))?.args ?? book.contracts[known.implementation]?.args;
  if (args === undefined) throw new Error(`${bookFile} has no implementation of ${contract}: it was written by hand`);
  return { target, book, present, args };
}

function encodedArgs(abi: Interface, text: string | undefined, present: string): string {
  const { inputs } = abi.deploy;
  const coder = AbiCoder.defaultAbiCoder();
  if (text !== undefined) return coder.encode(inputs, parseValues(inputs, text));
  try {
    // What cannot be read back by the constructor's own types is of another constructor.
    const values = coder.decode(inputs, present);
    if (coder.encode(inputs, values) === present) return present;
  } catch (error) {
    throw new Error(`The arguments of the present implementation do not fit, give --args: ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new Error("The constructor takes other arguments than that of the present implementation: give --args");
}

function migrationOf(target: Target, { call, callArgs }: PrepareOptions): string {
  if (call === undefined) {
    if (callArgs !== undefined) throw new Error("--call-args needs --call, the function that takes them");
    return "0x";
  }
  const method = functionOf(target, call);
  return target.abi.encodeFunctionData(method, parseValues(method.inputs, callArgs ?? "", "call-args"));
}

function deployerOf({ signers, network }: Office): Signer {
  const [deployer] = signers;
  if (deployer !== undefined) return deployer;
  throw new Error(
    `No key can deploy on ${network}: put DEPLOYER_PRIVATE_KEY, 32 bytes in hexadecimal, into the environment or .env`,
  );
}

/** Fails if the sources are what the proxy runs already. */
async function requireAnother(office: Office, deployer: Signer, initCode: string, present: string): Promise<void> {
  const same = (await office.provider.getCode(present)) === (await runtimeCode(deployer, initCode, present));
  if (same)
    throw new Error(`The implementation ${present} is these sources already, with these arguments: nothing to do`);
}

async function requireCode({ provider }: Office, { address, codeHash }: Upgrade): Promise<void> {
  const is = keccak256(await provider.getCode(address));
  if (is !== codeHash)
    throw new Error(`The code at ${address} has the hash ${is} instead of ${codeHash}: do not upgrade`);
}

/** Another that is under way is cancelled first, so that nobody executes it by mistake. */
async function refuseScheduled(
  { print }: Office,
  target: Target,
  prepared: Upgrade | undefined,
  { caller }: UpgradeOptions,
): Promise<void> {
  if (prepared === undefined) return;
  const { call } = orderOf(target, prepared);
  const scheduled = await target.manager.queryFilter(target.manager.filters.OperationScheduled(), prepared.block);
  for (const { args } of scheduled) {
    if (args.target !== call.to || args.data !== call.data) continue;
    if ((await target.manager.getSchedule(args.operationId)) === 0n) continue;
    const upgradeArgs = textOf([prepared.address, prepared.migration]).slice(1, -1);
    throw new Error(
      `Another upgrade of ${target.name} is scheduled, to ${prepared.address}. Execute it, or cancel it first: ` +
        `npx hardhat govern --contract ${target.name} --function upgradeToAndCall --args ${upgradeArgs} ` +
        `--cancel --caller ${caller ?? args.caller}`,
    );
  }
  print(`${prepared.address}, which was prepared and not scheduled, is given up`);
}

async function place(deployer: Signer, initCode: string, args: string, migration: string): Promise<Upgrade> {
  const receipt = await (await deployer.sendTransaction({ data: initCode })).wait();
  const address = receipt?.contractAddress ?? undefined;
  if (receipt === null || address === undefined) throw new Error("The implementation was not mined");
  const code = (await deployer.provider?.getCode(address)) ?? "0x";
  if (code !== (await runtimeCode(deployer, initCode, address))) {
    throw new Error(`The code at ${address} is not what was deployed: ask another node`);
  }
  return {
    address,
    args,
    codeHash: keccak256(code),
    transaction: receipt.hash,
    block: receipt.blockNumber,
    migration,
    executed: false,
  };
}

function orderOf({ name, at, abi, manager, managerAt, since }: Target, { address, migration }: Upgrade): Order {
  const method = Upgradeable__factory.createInterface();
  const call =
    dataLength(migration) === 0 ? "" : ` and ${abi.parseTransaction({ data: migration })?.name ?? migration}`;
  return {
    title: `Upgrade of ${name} to ${address}${call}`,
    slug: `${name}.upgrade`,
    target: { manager, managerAt, since },
    call: { to: at, data: method.encodeFunctionData("upgradeToAndCall", [address, migration]) },
    contracts: [abi],
  };
}

async function propose(office: Office, target: Target, upgrade: Upgrade, options: PrepareOptions): Promise<void> {
  const order: OrderOptions = {
    ...{ caller: options.caller, out: options.out, send: options.send && !options.dryRun },
    ...{ execute: false, cancel: false, anyway: false },
  };
  await giveOrder(office, orderOf(target, upgrade), order);
  office.print(`Then: npx hardhat upgrade:execute --contract ${target.name} --network ${office.network}`);
}

async function implementationAt({ provider }: Office, at: string): Promise<string> {
  return getAddress(dataSlice(await provider.getStorage(at, IMPLEMENTATION_SLOT), 12));
}

function isSame(left: string, right: string): boolean {
  return BigInt(left) === BigInt(right);
}
