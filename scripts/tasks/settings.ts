import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { NETWORKS, isDevnet, prefixOf } from "../../deploy/networks";
import { devnetUrl } from "../devnet/file";
import { ROOT } from "../lib/files";

const SoliditySchema = z.strictObject({
  version: z.string(),
  settings: z.strictObject({
    optimizer: z.strictObject({ enabled: z.boolean(), runs: z.int().positive() }),
    evmVersion: z.string(),
    viaIR: z.boolean(),
  }),
});

/** Version and settings of the compiler. */
export type SoliditySettings = z.infer<typeof SoliditySchema>;

/**
 * The one place where compiler version and settings are written down is `solidity.json`. Hardhat reads it here;
 * `foundry.toml` cannot import, so `scripts/checks/settings.ts` fails when the two differ.
 */
export const solidity: SoliditySettings = SoliditySchema.parse(
  JSON.parse(readFileSync(path.join(ROOT, "solidity.json"), "utf8")),
);

const flag = z
  .enum(["", "0", "1", "false", "true"])
  .default("")
  .transform((value) => value === "1" || value === "true");

/** Environment variables that the configuration reads; `.env.example` explains them. */
export const environment = z
  .object({ CI: flag, REPORT_GAS: flag, SOLIDITY_COVERAGE: flag, ETHERSCAN_API_KEY: z.string().default("") })
  .parse({
    CI: process.env.CI,
    REPORT_GAS: process.env.REPORT_GAS,
    SOLIDITY_COVERAGE: process.env.SOLIDITY_COVERAGE,
    ETHERSCAN_API_KEY: process.env.ETHERSCAN_API_KEY,
  });

/** Instrumented contracts never mix with real ones. */
export const outputPaths = environment.SOLIDITY_COVERAGE
  ? { artifacts: "cache/coverage/artifacts", cache: "cache/coverage" }
  : { artifacts: "artifacts", cache: "cache" };

/** What stands for the URL of a network that the environment does not name: the tasks say which variable is missing. */
const NO_URL = "http://127.0.0.1:9";

/** Networks whose nodes and key come from the environment, under the names that `.env.example` has. */
export const publicNetworks = Object.fromEntries(
  NETWORKS.filter((name) => !isDevnet(name)).map((name) => {
    const url = process.env[`${prefixOf(name)}_RPC_URL`];
    const accounts = accountsOf(process.env.DEPLOYER_PRIVATE_KEY);
    return [name, { url: present(url) ? url : NO_URL, accounts }];
  }),
);

/** The chains of a devnet, whose nodes have the keys. */
export const devnetNetworks = Object.fromEntries(
  NETWORKS.filter(isDevnet).map((name) => {
    const url = process.env[`${prefixOf(name)}_RPC_URL`];
    return [name, { url: present(url) ? url : devnetUrl(name, process.env), accounts: "remote" as const }];
  }),
);

/**
 * The key that sends, if it is one. Hardhat would refuse a configuration with another whatever the command, without the name
 * of the variable; so it counts as none, and who needs one says what it must be.
 */
export function accountsOf(key: string | undefined): string[] {
  return key !== undefined && /^(0x)?[0-9a-f]{64}$/i.test(key) ? [key] : [];
}

function present(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
