import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import type { DevnetName } from "../../deploy/networks";

import { ROOT } from "../lib/files";

type Environment = Readonly<Record<string, string | undefined>>;

/** What of the file says where the nodes are. */
const nodesSchema = z.object({ ethereum: z.object({ url: z.url() }), polygon: z.object({ url: z.url() }) });

/** Where the nodes are while there is no file that says so. */
const USUAL = { devnet: "http://127.0.0.1:8545", "devnet-polygon": "http://127.0.0.1:8546" } as const;

/** The file that `npm run devnet` writes: DEVNET_FILE of the environment, or where it is if nothing else was asked for. */
export function devnetFile(environment: Environment): string {
  const named = environment.DEVNET_FILE ?? "";
  return path.resolve(ROOT, named === "" ? path.join("reports", "devnet.json") : named);
}

/**
 * The address book of one side of a devnet. It stands beside the devnet's file and not in `deployments/`: as the chain is
 * gone some day, it is nothing to keep.
 */
export function devnetBook(file: string, name: DevnetName): string {
  return path.join(path.dirname(file), "deployments", `${name}.json`);
}

/** URL of a devnet's node. A file that cannot be read is the business of who needs it: every task asks for this. */
export function devnetUrl(name: DevnetName, environment: Environment): string {
  const { data } = nodesSchema.safeParse(contentOf(devnetFile(environment)));
  if (data === undefined) return USUAL[name];
  return name === "devnet" ? data.ethereum.url : data.polygon.url;
}

function contentOf(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
