import { FetchRequest, JsonRpcProvider } from "ethers";

import { messageOf } from "./amounts";

/** Longest time that a node has for an answer, in milliseconds. */
const PATIENCE = 60_000;

/** Fails if that is no URL of a node; `named` as below. */
export function requireUrl(url: string, named: string): void {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return;
  throw new Error(`${named} is no URL of a node: it begins with https:// or http://`);
}

/**
 * The node at a URL; fails if it does not answer.
 * @param named What names the URL, for who has to change it: an option, or a variable of the environment.
 */
export async function nodeAt(url: string, named: string): Promise<JsonRpcProvider> {
  requireUrl(url, named);
  const request = new FetchRequest(url);
  request.timeout = PATIENCE;
  const first = new JsonRpcProvider(request);
  try {
    // Asked for here, once: a provider that does not know its chain asks for ever.
    const network = await first._detectNetwork();
    return new JsonRpcProvider(request, network, { staticNetwork: network });
  } catch (error) {
    // URLs of nodes have keys in them.
    const { host } = new URL(url);
    throw new Error(`The node of ${named} at ${host} does not answer: ${messageOf(error)}`, { cause: error });
  } finally {
    first.destroy();
  }
}
