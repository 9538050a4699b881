import { Interface } from "ethers";
import type { FunctionFragment } from "ethers";
import type { Artifacts } from "hardhat/types";

import { readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import { implementationOf } from "../../deploy/steps";
import { AccessManager__factory, Upgradeable__factory } from "../../typechain-types";
import type { AccessManager } from "../../typechain-types";
import { addressParameter, requireContract } from "../lib/accounts";
import { messageOf } from "../lib/amounts";

import type { Node } from "./operation";

/** Where a tool of governance works. */
export interface Desk {
  readonly network: string;
  readonly provider: Node;
  readonly artifacts: Pick<Artifacts, "readArtifact" | "getBuildInfo">;
  /** File of the network's address book. */
  readonly bookFile: string;
  readonly print: (line: string) => void;
}

/** A contract under an AccessManager. */
export interface Target {
  readonly name: string;
  readonly at: string;
  readonly abi: Interface;
  /** Source and name, as the compiler knows it. */
  readonly source: string;
  readonly manager: AccessManager;
  readonly managerAt: string;
  /** No role was given before. */
  readonly since: number;
}

const MANAGER = "AccessManager";

/** The address book of a network; undefined if there is none. One of another chain is refused. */
export async function bookOf({ bookFile, provider, network }: Desk): Promise<Book | undefined> {
  const book = await readBook(bookFile);
  if (book === undefined) return undefined;
  const { chainId } = await provider.getNetwork();
  if (BigInt(book.chainId) !== chainId) {
    throw new Error(
      `${bookFile} is of chain ${book.chainId}, but the node of ${network} is of chain ${chainId}: check its URL`,
    );
  }
  return book;
}

/** Finds a contract: at the address, or where the book has it, and its AccessManager, which must be the book's. */
export async function targetOf(desk: Desk, name: string, address: string | undefined): Promise<Target> {
  const { provider, artifacts, bookFile } = desk;
  const book = await bookOf(desk);
  const at = address === undefined ? addressIn(book, name, bookFile) : addressParameter("address", address);
  if (address !== undefined) await requireContract(provider, "address", at);
  else if ((await provider.getCode(at)) === "0x") {
    throw new Error(
      `${name} has no code at ${at}, where ${bookFile} has it: is the node behind, or another chain of the same number?`,
    );
  }
  const artifact = await artifacts.readArtifact(name).catch((error: unknown) => {
    throw new Error(`There is no contract ${name} among the sources: ${messageOf(error)}`, { cause: error });
  });
  const managerAt = name === MANAGER ? at : await authorityAt(desk, name, at);
  const known = book?.contracts[MANAGER];
  if (known !== undefined && known.address !== managerAt) {
    throw new Error(`${name} at ${at} obeys ${managerAt}, not the AccessManager of ${bookFile}, ${known.address}`);
  }
  return {
    name,
    at,
    abi: new Interface(artifact.abi),
    source: `${artifact.sourceName}:${artifact.contractName}`,
    manager: AccessManager__factory.connect(managerAt, provider),
    managerAt,
    since: known?.block ?? 0,
  };
}

function addressIn(book: Book | undefined, name: string, bookFile: string): string {
  if (book === undefined) {
    throw new Error(`There is no ${bookFile}: name the address of the ${name} with --address`);
  }
  const found = book.contracts[name];
  if (found === undefined || name.endsWith(implementationOf(""))) {
    const names = Object.keys(book.contracts).filter((one) => !one.endsWith(implementationOf("")));
    throw new Error(`${bookFile} has no ${name} to give orders to: it is one of ${names.join(", ")}`);
  }
  return found.address;
}

async function authorityAt({ provider }: Desk, name: string, at: string): Promise<string> {
  try {
    return await Upgradeable__factory.connect(at, provider).authority();
  } catch (error) {
    throw new Error(`${name} at ${at} is under no AccessManager: ${messageOf(error)}`, { cause: error });
  }
}

/** The function of a name, or of a signature where a name is not enough. */
export function functionOf({ abi, name }: Pick<Target, "abi" | "name">, wanted: string): FunctionFragment {
  const changing = changingOf(abi);
  const found = changing.filter((one) => one.name === wanted || one.format("sighash") === wanted);
  const [first] = found;
  if (first === undefined) {
    throw new Error(
      `${name} has no function ${wanted} that changes anything: \`npx hardhat govern --contract ${name}\` lists those that are ` +
        "governed",
    );
  }
  if (found.length > 1) {
    const forms = found.map((one) => one.format("sighash")).join(" or ");
    throw new Error(`${name} has more than one ${wanted}: write --function as ${forms}`);
  }
  return first;
}

/** Functions that change state. */
export function changingOf(abi: Interface): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  abi.forEachFunction((fragment) => {
    if (!fragment.constant) found.push(fragment);
  });
  return found;
}

/** What the sources say of a function: a sentence, and one for each argument, units among them. */
export interface Words {
  readonly notice: string | undefined;
  readonly of: Readonly<Record<string, string>>;
}

/** NatSpec of a contract's functions by signature, as the compiler wrote it down. */
export async function wordsOf(
  { artifacts }: Pick<Desk, "artifacts">,
  { source }: Pick<Target, "source">,
): Promise<(signature: string) => Words> {
  const build = await artifacts.getBuildInfo(source);
  const [file = "", contract = ""] = source.split(":");
  const output = build?.output.contracts[file]?.[contract] as { metadata?: string } | undefined;
  const { devdoc, userdoc } = parseMetadata(output?.metadata);
  return (signature) => ({
    notice: userdoc?.methods?.[signature]?.notice,
    of: devdoc?.methods?.[signature]?.params ?? {},
  });
}

interface Documentation {
  readonly devdoc?: { readonly methods?: Readonly<Record<string, { readonly params?: Record<string, string> }>> };
  readonly userdoc?: { readonly methods?: Readonly<Record<string, { readonly notice?: string }>> };
}

function parseMetadata(text: string | undefined): Documentation {
  if (text === undefined || text === "") return {};
  return (JSON.parse(text) as { output?: Documentation }).output ?? {};
}
