import type { Environment } from "../../../deploy/networks";

/** Networks whose chains the suite runs on. */
export type ForkedNetwork = "mainnet" | "polygon";

/** A chain of the suite: a copy of a live one, or one that the suite makes. */
export type Source =
  | { readonly kind: "live"; readonly network: ForkedNetwork; readonly url: string; readonly block?: bigint }
  | { readonly kind: "embedded"; readonly network: ForkedNetwork; readonly why: string };

/** How the backend is chosen: see the suite's part of `test/README.md`. */
export type Choice = "embedded" | "environment" | "rehearsal";

const CHOICES = ["embedded", "environment", "rehearsal"] as const satisfies readonly Choice[];

/** Names of the variables of a network. */
export function variablesOf(network: ForkedNetwork): { url: string; block: string } {
  const prefix = network.toUpperCase();
  return { url: `${prefix}_RPC_URL`, block: `${prefix}_BLOCK` };
}

/** What `FORK_BACKEND` says; the embedded snapshot if it says nothing. */
export function choiceOf({ FORK_BACKEND: text = "" }: Environment): Choice {
  if (text === "") return "embedded";
  const choice = CHOICES.find((one) => one === text);
  if (choice === undefined) throw new Error(`FORK_BACKEND: must be one of ${CHOICES.join(", ")}, not "${text}"`);
  return choice;
}

/** Where the chain of a network comes from, by the environment; what is wrong in it is named. */
export function sourceOf(network: ForkedNetwork, environment: Environment): Source {
  const variables = variablesOf(network);
  const url = environment[variables.url] ?? "";
  const pin = environment[variables.block] ?? "";
  if (pin !== "" && !/^\d+$/.test(pin)) {
    throw new Error(`${variables.block}: must be the number of a block, not "${pin}"`);
  }
  if (url === "") {
    if (pin === "") return { kind: "embedded", network, why: `${variables.url} is not set` };
    throw new Error(
      `${variables.block} is set and ${variables.url} is not: name a node that has the block, or neither`,
    );
  }
  if (!URL.canParse(url) || !["http:", "https:"].includes(new URL(url).protocol)) {
    throw new Error(`${variables.url}: must be the URL of a node, http://… or https://…`);
  }
  return pin === "" ? { kind: "live", network, url } : { kind: "live", network, url, block: BigInt(pin) };
}
