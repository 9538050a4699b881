import type { Addressable } from "ethers";

import type { Anvil } from "./anvil";
import { NAMES } from "./wallets";
import type { Devnet } from "./world";

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

/** Addresses of a devnet, under the names that the modules of the deployment use. */
export async function describeDevnet(devnet: Devnet, onEthereum: Anvil, onPolygon: Anvil): Promise<DevnetFile> {
  const { system, bridge, fx, staking, child, wrapped } = devnet;
  const { pol, matic, migration, stakeManager } = staking;
  const { manager, factory, token, feed, adapter, swap } = child;
  return {
    ethereum: await entryOf(onEthereum, {
      ...{ manager: system.manager, factory: system.factory, token: system.token, pool: system.pool },
      ...{ delegator: system.delegator, bond: system.bond, switcher: system.switcher },
      ...{ autoClaim: system.autoClaim, lens: system.lens, bridge },
      ...{ fxRoot: fx.fxRoot, rootChain: fx.rootChain, stateSender: fx.stateSender },
      ...{ pol, matic, migration, stakeManager },
    }),
    polygon: await entryOf(onPolygon, {
      ...{ manager, factory, token, feed, adapter, swap },
      ...{ fxChild: fx.fxChild, stateReceiver: fx.stateReceiver, wrappedNative: wrapped },
    }),
    accounts: devnet.accounts,
  };
}

async function entryOf({ url, chainId }: Anvil, contracts: Readonly<Record<string, Addressable>>): Promise<ChainEntry> {
  const addresses = await Promise.all(
    Object.entries(contracts).map(async ([name, contract]) => [name, await contract.getAddress()] as const),
  );
  return { url, chainId, contracts: Object.fromEntries(addresses) };
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
