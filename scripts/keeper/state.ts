/** Names of the two chains. */
export type Chain = "ethereum" | "polygon";

/** Where the contracts are that the keeper calls on Ethereum. */
export interface EthereumAddresses {
  readonly pool: string;
  readonly delegator: string;
  readonly lens: string;
  readonly autoClaim: string;
  /** The bridge's end; undefined as long as it is not deployed. */
  readonly bridge?: string | undefined;
  /** Who tells the yearly rate; likewise. */
  readonly aprOracle?: string | undefined;
}

/** Where the contracts are that the keeper calls on Polygon. */
export interface PolygonAddresses {
  readonly token: string;
  readonly feed: string;
  readonly adapter: string;
  /** Who tells the yearly rate; undefined if it is not there. */
  readonly aprOracle?: string | undefined;
}

/** The block that a state was read at. */
export interface Head {
  readonly number: number;
  readonly hash: string;
  /** Seconds. */
  readonly time: bigint;
  /** Wei of the chain's coin for a unit of gas. */
  readonly gasPrice: bigint;
}

/** A position of the delegator, and what Polygon says of its validator. */
export interface PositionState {
  readonly position: bigint;
  readonly share: string;
  readonly principal: bigint;
  readonly lastHarvestAt: bigint;
  readonly displacedAt: bigint;
  /** Share contract that StakeManager names now. */
  readonly named: string;
  /** Percent. */
  readonly commission: bigint;
  /** True if the validator left: its last epoch is over. */
  readonly left: boolean;
  /** True if it would get new stake. */
  readonly accepts: boolean;
  /** POL wei that its sale would bring; undefined if the share contract does not say. */
  readonly worth: bigint | undefined;
  /** POL wei that a harvest would bring. */
  readonly rewards: bigint;
}

/** One sale on its way back. */
export interface SliceState {
  readonly soldEpoch: bigint;
  /** Time of the first claim that failed although it was due; 0 if none did. */
  readonly failedAt: bigint;
  /** Of one that failed: whether its claim would succeed now. */
  readonly revived: boolean;
}

/** A batch that was closed and has money on its way. */
export interface BatchState {
  readonly batch: bigint;
  /** True if it was paid before its dead slices, which may still come. */
  readonly late: boolean;
  readonly slices: readonly SliceState[];
}

/** A holder who appointed AutoClaim. */
export interface ClaimState {
  readonly controller: string;
  /** POL wei that it would be paid. */
  readonly assets: bigint;
}

/** A receiver whose shares wait for a limit of the bridge. */
export interface WaitingState {
  readonly receiver: string;
  readonly shares: bigint;
}

/** What one end of the bridge has to pay, and may. */
export interface PendingState {
  readonly waiting: readonly WaitingState[];
  /** Shares that the limit leaves now. */
  readonly remaining: bigint;
  /** The limit itself, shares in a day. */
  readonly limit: bigint;
}

/** The last message that brought the rate to Polygon, as Ethereum sent it. */
export interface SentRate {
  readonly nonce: bigint;
  readonly time: bigint;
  readonly lossCount: bigint;
}

/** The bridge's end on Ethereum. */
export interface BridgeState extends PendingState {
  /** Number of the last message to Polygon. */
  readonly lastNonce: bigint;
  /** Undefined if none was ever sent. */
  readonly sent: SentRate | undefined;
}

/** All that decisions on Ethereum rest on, read at one block. Amounts in wei, times in seconds. */
export interface EthereumState {
  readonly head: Head;
  readonly epoch: bigint;
  readonly withdrawalDelay: bigint;
  readonly maxCommission: bigint;
  readonly deadSliceTime: bigint;
  readonly lossCount: bigint;
  readonly queue: {
    readonly open: bigint;
    readonly openAssets: bigint;
    readonly openUnits: bigint;
    readonly funding: bigint;
    readonly unsold: bigint;
  };
  /** Epoch in which the last batch was closed; undefined if none was. */
  readonly closedEpoch: bigint | undefined;
  readonly batches: readonly BatchState[];
  readonly positions: readonly PositionState[];
  readonly delegable: bigint;
  /** POL and MATIC that no ledger counts. */
  readonly stray: bigint;
  readonly claims: readonly ClaimState[];
  readonly bridge: BridgeState | undefined;
  /** Lowest time that the rate of the next snapshot may have; 0 before the first, undefined without an oracle. */
  readonly snapshotFrom: bigint | undefined;
}

/** The rate on Polygon. */
export interface FeedState {
  /** Time of it on Ethereum; 0 if there is none. */
  readonly time: bigint;
  /** Time on Ethereum of the rate that brought the last loss; 0 if there was none. */
  readonly lossTime: bigint;
  readonly lossCount: bigint;
  readonly lastNonce: bigint;
}

/** All that decisions on Polygon rest on, and what those on Ethereum need to know of it. */
export interface PolygonState {
  readonly head: Head;
  readonly feed: FeedState;
  readonly pending: PendingState;
  /** As on Ethereum. */
  readonly snapshotFrom: bigint | undefined;
}

/** What decisions on Ethereum rest on: Polygon's part is undefined if it is not looked after, or does not answer. */
export interface EthereumView extends EthereumState {
  readonly feed: FeedState | undefined;
}
