import type { Interface } from "ethers";

import { BRIDGE } from "../../deploy/bridge";
import type { Book } from "../../deploy/book";
import { POLYGON_NAMES } from "../../deploy/polygon";
import { NAMES } from "../../deploy/system";
import {
  AMATICb__factory,
  AccessManager__factory,
  AnkrMATIC__factory,
  BondSwitcher__factory,
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  Delegator__factory,
  PolygonPool__factory,
  RatioFeed__factory,
  SwapPool__factory,
} from "../../typechain-types";

/** A contract that takes orders of governance. */
export interface Governed {
  readonly name: string;
  readonly at: string;
  readonly abi: Interface;
}

/** What is known of either chain. */
interface Side {
  readonly manager: string;
  /** Block of the AccessManager: nothing of ours is older. */
  readonly since: number;
  /** Whether all power was handed over. */
  readonly finished: boolean;
  readonly governed: readonly Governed[];
}

/** Where everything is on Ethereum. */
export interface EthereumPlaces extends Side {
  readonly token: string;
  readonly pool: string;
  readonly delegator: string;
  readonly bond: string;
  readonly switcher: string;
  readonly lens: string;
  /** The bridge's end, and who tells the yearly growth: the last to be deployed. */
  readonly bridge: string | undefined;
  readonly aprOracle: string | undefined;
}

/** Where everything is on Polygon. */
export interface PolygonPlaces extends Side {
  readonly token: string;
  readonly feed: string;
  readonly adapter: string;
  readonly swap: string;
}

const MANAGER = "AccessManager";

/** ABIs of what takes orders, by the names of the books. */
const ABIS: Readonly<Record<string, () => Interface>> = {
  [NAMES.token]: () => AnkrMATIC__factory.createInterface(),
  [NAMES.pool]: () => PolygonPool__factory.createInterface(),
  [NAMES.delegator]: () => Delegator__factory.createInterface(),
  [NAMES.bond]: () => AMATICb__factory.createInterface(),
  [NAMES.switcher]: () => BondSwitcher__factory.createInterface(),
  [BRIDGE]: () => BridgeAdapter__factory.createInterface(),
  [POLYGON_NAMES.token]: () => ChildAnkrMATIC__factory.createInterface(),
  [POLYGON_NAMES.feed]: () => RatioFeed__factory.createInterface(),
  [POLYGON_NAMES.adapter]: () => ChildBridgeAdapter__factory.createInterface(),
  [POLYGON_NAMES.swap]: () => SwapPool__factory.createInterface(),
  [MANAGER]: () => AccessManager__factory.createInterface(),
};

/** Where everything is on Ethereum, by its address book. */
export function ethereumPlaces(book: Book, network: string): EthereumPlaces {
  const at = finder(book, network);
  return {
    ...sideOf(book, at),
    token: at(NAMES.token),
    pool: at(NAMES.pool),
    delegator: at(NAMES.delegator),
    bond: at(NAMES.bond),
    switcher: at(NAMES.switcher),
    lens: at("PoolLens"),
    bridge: book.contracts[BRIDGE]?.address,
    aprOracle: book.contracts.AprOracle?.address,
  };
}

/** {@link ethereumPlaces} for Polygon. */
export function polygonPlaces(book: Book, network: string): PolygonPlaces {
  const at = finder(book, network);
  return {
    ...sideOf(book, at),
    token: at(POLYGON_NAMES.token),
    feed: at(POLYGON_NAMES.feed),
    adapter: at(POLYGON_NAMES.adapter),
    swap: at(POLYGON_NAMES.swap),
  };
}

function finder({ contracts }: Book, network: string): (name: string) => string {
  return (name) => {
    const found = contracts[name];
    if (found !== undefined) return found.address;
    throw new Error(
      `The address book of ${network} has no ${name}: the deployment was cut off, go on with ` +
        `\`npx hardhat deploy --network ${network}\``,
    );
  };
}

function sideOf({ contracts, finished }: Book, at: (name: string) => string): Side {
  return {
    manager: at(MANAGER),
    since: contracts[MANAGER]?.block ?? 0,
    finished,
    governed: Object.entries(contracts).flatMap(([name, { address }]) => {
      const abi = ABIS[name];
      return abi === undefined ? [] : [{ name, at: address, abi: abi() }];
    }),
  };
}
