import { ADDRESSES } from "./addressBook";

/** Contracts that are looked up by name, of both chains. */
export const CONTRACTS = [
  "AMATICb",
  "AccessManager",
  "AnkrMATIC",
  "AprOracle",
  "AutoClaim",
  "BondSwitcher",
  "BridgeAdapter",
  "ChildAnkrMATIC",
  "ChildBridgeAdapter",
  "ChildRateProvider",
  "Delegator",
  "PolygonPool",
  "PoolLens",
  "PoolRateProvider",
  "PriceFeed",
  "RatioFeed",
  "SwapPool",
] as const;

/** Name of a contract that has an address. */
export type ContractName = (typeof CONTRACTS)[number];

/** The contracts of one chain. Of those that stand behind a proxy, it is the proxy's address. */
export type ChainAddresses = Readonly<Partial<Record<ContractName, string>>>;

/** Addresses by chain id. */
export type AddressBook = Readonly<Record<string, ChainAddresses>>;

/** The address of a contract; an error that names what there is, if it is not known. */
export function addressOf(chainId: bigint | number, name: ContractName, book: AddressBook = ADDRESSES): string {
  const chain = book[String(chainId)];
  if (chain === undefined) {
    const known = Object.keys(book);
    throw new Error(
      `There is no deployment on chain ${String(chainId)} in this release: ` +
        (known.length === 0 ? "it has none at all" : `it has those on ${known.join(", ")}`),
    );
  }
  const address = chain[name];
  if (address !== undefined) return address;
  throw new Error(`There is no ${name} on chain ${String(chainId)}: there are ${Object.keys(chain).join(", ")}`);
}
