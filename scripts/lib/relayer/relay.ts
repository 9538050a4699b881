import type { Overrides } from "ethers";

import type {
  BridgeAdapter,
  BridgeRootChain,
  ChildBridgeAdapter,
  StateReceiver,
  StateSender,
} from "../../../typechain-types";
import type { RpcProvider } from "../bridge/rpc";

/** Something that the relayer did, or that kept it from doing it; its fields make one line of a log. */
export type RelayEvent =
  | { readonly what: "delivering"; readonly stateId: bigint }
  | { readonly what: "delivered"; readonly stateId: bigint; readonly transaction: string }
  | {
      readonly what: "delivery failed";
      readonly stateId: bigint;
      readonly transaction: string;
      readonly advice: string;
    }
  | { readonly what: "delivery lost"; readonly stateId: bigint; readonly transaction: string; readonly advice: string }
  | { readonly what: "submitting checkpoint"; readonly start: bigint; readonly end: bigint; readonly root: string }
  | {
      readonly what: "submitted checkpoint";
      readonly start: bigint;
      readonly end: bigint;
      readonly transaction: string;
    }
  | { readonly what: "proving exit"; readonly nonce: bigint; readonly from: string }
  | { readonly what: "proved exit"; readonly nonce: bigint; readonly transaction: string }
  | { readonly what: "exit refused"; readonly nonce: bigint; readonly reason: string }
  | { readonly what: "overtaken"; readonly action: string }
  | { readonly what: "trouble"; readonly reason: string; readonly retryInMs: number };

/** Is told of everything. What it throws ends the step. */
export type RelayLog = (event: RelayEvent) => void;

/**
 * What it takes to do what Polygon's validators do between two local chains: carry messages, and submit checkpoints.
 * Nothing is kept between steps: all is read from the chains, so it may be killed at any point, and several may run side
 * by side.
 */
export interface Carrier {
  /** Connected to Ethereum, as `rootChain` is. */
  readonly stateSender: StateSender;
  /** Connected to the account that submits checkpoints, which no other role may share. */
  readonly rootChain: BridgeRootChain;
  /** Connected to Polygon. */
  readonly stateReceiver: StateReceiver;
  /** Node of Polygon, which takes `hardhat_impersonateAccount`. */
  readonly child: RpcProvider;
  readonly fees: Pick<Overrides, "maxFeePerGas" | "maxPriorityFeePerGas">;
  /** New blocks of Polygon that make a checkpoint, at least 1. */
  readonly checkpointBlocks: bigint;
  /** What of Ethereum is believed: Polygon's validators wait until a message is `finalized`. */
  readonly ethereumTag: string | number;
  readonly log: RelayLog;
}

/** What a relayer works on that does, besides, what a friendly stranger does with exits. */
export interface Relay extends Carrier {
  /** Connected to the account that pays for exits, which no other role may share. */
  readonly bridge: BridgeAdapter;
  /** Connected to Polygon. */
  readonly adapter: ChildBridgeAdapter;
  /** False to leave exits to those who wait for them. */
  readonly exits: boolean;
}

/** An event as one line. */
export function lineOf({ what, ...fields }: RelayEvent): string {
  return [
    what,
    ...Object.entries(fields).map(([name, value]) => `${name}=${String(value).replaceAll(/\s+/g, " ")}`),
  ].join(" ");
}
