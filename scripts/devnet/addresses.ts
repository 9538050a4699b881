import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { resolveAddress } from "ethers";
import type { AddressLike } from "ethers";

import type { Anvil } from "./anvil";
import { NAMES } from "./wallets";
import type { Devnet, StandIns } from "./world";

/** Where everything is, as it is written down for other programs. */
export interface DevnetFile {
  readonly ethereum: ChainEntry;
  readonly polygon: ChainEntry;
  readonly accounts: Readonly<Record<string, { readonly address: string; readonly key: string }>>;
}

interface ChainEntry {
  readonly url: string;
  readonly chainId: number;
  readonly contracts: Readonly<Record<string, string>>;
}

/** Addresses of a devnet, under the names that the modules of the deployment use; ours, if they are there. */
export async function describeDevnet(
  devnet: StandIns | Devnet,
  onEthereum: Anvil,
  onPolygon: Anvil,
): Promise<DevnetFile> {
  const { fx, staking, wrapped, accounts } = devnet;
  const { pol, matic, migration, stakeManager } = staking;
  const ours = "system" in devnet ? contractsOf(devnet) : { ethereum: {}, polygon: {} };
  return {
    ethereum: await entryOf(onEthereum, {
      ...ours.ethereum,
      ...{ fxRoot: fx.fxRoot, rootChain: fx.rootChain, stateSender: fx.stateSender },
      ...{ pol, matic, migration, stakeManager },
    }),
    polygon: await entryOf(onPolygon, {
      ...ours.polygon,
      ...{ fxChild: fx.fxChild, stateReceiver: fx.stateReceiver, wrappedNative: wrapped },
    }),
    accounts,
  };
}

function contractsOf(devnet: Devnet): Record<"ethereum" | "polygon", Record<string, AddressLike>> {
  const { system, bridge, child, adapters } = devnet;
  const { manager, factory, token, feed, adapter, swap } = child;
  return {
    ethereum: {
      ...{ manager: system.manager, factory: system.factory, token: system.token, pool: system.pool },
      ...{ delegator: system.delegator, bond: system.bond, switcher: system.switcher },
      ...{ autoClaim: system.autoClaim, lens: system.lens, bridge, ...adapters.ethereum },
    },
    polygon: { manager, factory, token, feed, adapter, swap, ...adapters.polygon },
  };
}

async function entryOf({ url, chainId }: Anvil, contracts: Readonly<Record<string, AddressLike>>): Promise<ChainEntry> {
  const addresses = await Promise.all(
    Object.entries(contracts).map(async ([name, contract]) => [name, await resolveAddress(contract)] as const),
  );
  return { url, chainId, contracts: Object.fromEntries(addresses) };
}

/** Writes it down, where `readSite` and programs that know nothing of this repository read it. */
export async function writeDevnetFile(file: string, described: DevnetFile): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(described, undefined, 2)}\n`);
}

/** The same for people. */
export function addressLines({ ethereum, polygon, accounts }: DevnetFile): string {
  const chain = (title: string, { url, chainId, contracts }: ChainEntry): string[] => [
    "",
    `${title}: ${url}, chain id ${chainId}`,
    ...Object.entries(contracts).map(([name, address]) => `  ${name.padEnd(16)} ${address}`),
  ];
  return [
    ...chain("Ethereum", ethereum),
    ...chain("Polygon", polygon),
    "",
    "Accounts, the same on both chains. These keys are known to everybody: use them nowhere else.",
    ...NAMES.map((name) => `  ${name.padEnd(16)} ${accounts[name]?.address ?? ""} ${accounts[name]?.key ?? ""}`),
  ].join("\n");
}
