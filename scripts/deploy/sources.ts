import { Interface, Result } from "ethers";
import type { Artifacts } from "hardhat/types";

import { readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import { implementationOf } from "../../deploy/steps";
import { messageOf } from "../lib/amounts";

/** What a service is told of a contract, as the subtasks of hardhat-verify take it. */
export interface Source {
  /** Name in the address book. */
  readonly name: string;
  readonly address: string;
  /** Source and name, as the compiler knows it. */
  readonly contract: string;
  readonly constructorArguments: readonly unknown[];
}

/** Services that show the source of a contract beside its code. */
export const SERVICES = ["etherscan", "sourcify"] as const;
export type Service = (typeof SERVICES)[number];

/** Sends the source of a contract to a service. */
export type Verifier = (service: Service, source: Source) => Promise<void>;

type Readable = Pick<Artifacts, "readArtifact">;

const PROXY = "ERC1967Proxy";
const FACTORY = "DeploymentFactory";

/**
 * All contracts of a book with the arguments of their constructors: implementations before their proxies, because the
 * subtask of hardhat-upgrades, which looks through a proxy, expects to find the implementation verified.
 */
export async function sourcesOf(artifacts: Readable, book: Book): Promise<Source[]> {
  const { contracts, upgrades, factory, deployer } = book;
  const sources: Source[] = [];
  if (factory !== undefined) {
    const { sourceName, contractName } = await artifacts.readArtifact(FACTORY);
    sources.push({
      ...{ name: FACTORY, address: factory.address, contract: `${sourceName}:${contractName}` },
      constructorArguments: [deployer],
    });
  }
  const proxies = Object.entries(contracts).filter(([, { implementation }]) => implementation !== undefined);
  const plain = Object.entries(contracts).filter(([, { implementation }]) => implementation === undefined);
  for (const [name, { address, args }] of plain) {
    sources.push(
      await sourceOf(artifacts, name, name.replace(new RegExp(`${implementationOf("")}$`), ""), address, args),
    );
  }
  for (const [name, all] of Object.entries(upgrades)) {
    for (const [index, { address, args }] of all.entries()) {
      sources.push(await sourceOf(artifacts, `${name}, upgrade ${index + 1}`, name, address, args));
    }
  }
  for (const [name, { address, args }] of proxies) sources.push(await sourceOf(artifacts, name, PROXY, address, args));
  return sources;
}

async function sourceOf(
  artifacts: Readable,
  name: string,
  code: string,
  address: string,
  args: string,
): Promise<Source> {
  const { sourceName, contractName, abi } = await artifacts.readArtifact(code);
  const { coder, inputs } = { coder: new Interface(abi), inputs: new Interface(abi).deploy.inputs };
  const values = coder.getAbiCoder().decode(inputs, args);
  return { name, address, contract: `${sourceName}:${contractName}`, constructorArguments: values.map(plainly) };
}

/** hardhat-verify encodes with an older library, which knows no results and no bigint. */
function plainly(value: unknown): unknown {
  if (value instanceof Result) return value.toArray().map(plainly);
  return typeof value === "bigint" ? value.toString() : value;
}

/** What the run works with. */
export interface Verification {
  readonly artifacts: Readable;
  readonly bookFile: string;
  readonly services: readonly Service[];
  readonly verify: Verifier;
  readonly print: (line: string) => void;
}

/**
 * Sends the sources of everything in a book to each service, and goes on after a failure; what is verified already is as
 * good as verified. Fails in the end if anything did.
 */
export async function verifySources({ artifacts, bookFile, services, verify, print }: Verification): Promise<void> {
  const book = await readBook(bookFile);
  if (book === undefined) throw new Error(`There is no ${bookFile}: nothing was deployed on this network from here`);
  const failures: string[] = [];
  const sources = await sourcesOf(artifacts, book);
  for (const service of services) {
    for (const source of sources) {
      const what = `${service}: ${source.name} at ${source.address}`;
      try {
        await verify(service, source);
        print(`ok    ${what}`);
      } catch (error) {
        if (isVerified(error)) {
          print(`ok    ${what}, already verified`);
          continue;
        }
        failures.push(what);
        print(`FAIL  ${what}: ${messageOf(error)}`);
      }
    }
  }
  if (failures.length === 0) return;
  throw new Error(
    `${failures.length} of ${sources.length * services.length} were not verified. Run it again, as services lag behind; an ` +
      "implementation of older sources is verified from the commit that it was deployed from",
  );
}

function isVerified(error: unknown): boolean {
  return error instanceof Error && /already (been )?verified/i.test(error.message);
}
