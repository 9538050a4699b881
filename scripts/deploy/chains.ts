import path from "node:path";

import type { Provider } from "ethers";

import { readBook } from "../../deploy/book";
import { NETWORKS, isDevnet, isNetwork, networkOf, prefixOf } from "../../deploy/networks";
import type { Environment, Network, NetworkName } from "../../deploy/networks";
import type { Counterpart } from "../../deploy/run";
import { networksOf, readSite } from "../devnet/site";
import { devnetBook, devnetFile, devnetUrl } from "../devnet/file";
import { ROOT } from "../lib/files";
import { nodeAt } from "../lib/nodes";

/** Variable of the environment that has the URL of a network's node. */
export function urlVariable(name: NetworkName): string {
  return `${prefixOf(name)}_RPC_URL`;
}

/** URL of a network's node: of the environment, or, of a devnet, as it says itself. Undefined if nothing names one. */
export function urlOf(name: NetworkName, environment: Environment): string | undefined {
  const named = environment[urlVariable(name)] ?? "";
  if (named !== "") return named;
  return isDevnet(name) ? devnetUrl(name, environment) : undefined;
}

/** Where the address book of a network is; DEPLOYMENTS_DIR of the environment has those of public networks, if it is set. */
export function bookFile(name: string, environment: Environment = process.env): string {
  if (isDevnet(name)) return devnetBook(devnetFile(environment), name);
  const named = environment.DEPLOYMENTS_DIR ?? "";
  return path.resolve(ROOT, named === "" ? "deployments" : named, `${name}.json`);
}

/** A name on the command line, if it is that of a network that can be deployed to. */
export function requireNetwork(name: string): NetworkName {
  if (isNetwork(name)) return name;
  throw new Error(`There is no configuration for the network "${name}": it is one of ${NETWORKS.join(", ")}`);
}

/** The URL of a network's node; the error names the variable. */
export function requireUrlOf(name: NetworkName, environment: Environment): string {
  const url = urlOf(name, environment);
  if (url !== undefined) return url;
  throw new Error(`${urlVariable(name)} is not set: put the URL of a node of ${name} into the environment or .env`);
}

/** The configuration of a network by its name on the command line, and the URL of its node. */
export async function configurationOf(
  given: string,
  environment: Environment,
): Promise<{ name: NetworkName; network: Network; url: string }> {
  const name = requireNetwork(given);
  const url = requireUrlOf(name, environment);
  if (!isDevnet(name)) return { name, network: networkOf(name, environment), url };
  const { ethereum, polygon } = networksOf(await readSite(devnetFile(environment)));
  return { name, network: name === "devnet" ? ethereum : polygon, url };
}

/** Fails if the node is of another chain than the configuration: before anything is sent. */
export async function requireChain(provider: Provider, name: string, chainId: bigint): Promise<void> {
  const is = (await provider.getNetwork()).chainId;
  if (is !== chainId) throw new Error(`The node of ${name} is of chain ${is} instead of ${chainId}: check its URL`);
}

/** The other chain of a network, if something is deployed there; its node is asked for its chain's number. */
export async function counterpartOf(network: Network, environment: Environment): Promise<Counterpart | undefined> {
  const { counterpart } = network;
  const book = await readBook(bookFile(counterpart, environment));
  if (book === undefined) return undefined;
  const name = requireNetwork(counterpart);
  const url = urlOf(name, environment);
  if (url === undefined) {
    throw new Error(`${urlVariable(name)} is not set: the deployment on ${counterpart} is compared with this one`);
  }
  const provider = await nodeAt(url, urlVariable(name));
  await requireChain(provider, counterpart, BigInt(book.chainId));
  return { book, provider };
}
