import path from "node:path";

import { JsonRpcProvider } from "ethers";
import type { Provider } from "ethers";

import { readBook } from "../../deploy/book";
import { NETWORKS, isNetwork, networkOf } from "../../deploy/networks";
import type { Environment, Network, NetworkName } from "../../deploy/networks";
import type { Counterpart } from "../../deploy/run";
import { ROOT } from "../lib/files";

/** Variable of the environment that has the URL of a network's node. */
export function urlVariable(name: NetworkName): string {
  return `${name.toUpperCase()}_RPC_URL`;
}

/** Where the address book of a network is. */
export function bookFile(name: string): string {
  return path.join(ROOT, "deployments", `${name}.json`);
}

/** The configuration of a network by its name on the command line. */
export function configurationOf(name: string, environment: Environment): { name: NetworkName; network: Network } {
  if (!isNetwork(name)) {
    throw new Error(`There is no configuration for the network "${name}": it is one of ${NETWORKS.join(", ")}`);
  }
  if ((environment[urlVariable(name)] ?? "") === "") {
    throw new Error(`${urlVariable(name)} is not set: put the URL of a node of ${name} into the environment or .env`);
  }
  return { name, network: networkOf(name, environment) };
}

/** Fails if the node is of another chain than the configuration: before anything is sent. */
export async function requireChain(provider: Provider, name: string, chainId: bigint): Promise<void> {
  const is = (await provider.getNetwork()).chainId;
  if (is !== chainId) throw new Error(`The node of ${name} is of chain ${is} instead of ${chainId}: check its URL`);
}

/** The other chain of a network, if something is deployed there; its node is asked for its chain's number. */
export async function counterpartOf(network: Network, environment: Environment): Promise<Counterpart | undefined> {
  const { counterpart } = network;
  const book = await readBook(bookFile(counterpart));
  if (book === undefined) return undefined;
  if (!isNetwork(counterpart)) throw new Error(`There is no configuration for the network "${counterpart}"`);
  const variable = urlVariable(counterpart);
  const url = environment[variable] ?? "";
  if (url === "") throw new Error(`${variable} is not set: the deployment on ${counterpart} is compared with this one`);
  const provider = new JsonRpcProvider(url);
  await requireChain(provider, counterpart, BigInt(book.chainId));
  return { book, provider };
}
