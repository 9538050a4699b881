import { AbiCoder, getAddress } from "ethers";

import { messagePositions } from "./exit";
import type { Receipt } from "./rpc";
import { parseStateSync } from "./stateSync";

/** A message from Ethereum to Polygon. */
export interface DownMessage {
  readonly direction: "polygon";
  readonly nonce: bigint;
  /** Account that gets the shares; undefined if the message brings the rate alone. */
  readonly receiver: string | undefined;
  readonly shares: bigint;
  /** Number of the message among all that go to Polygon. */
  readonly stateId: bigint;
}

/** A withdrawal from Polygon to Ethereum. */
export interface UpMessage {
  readonly direction: "ethereum";
  readonly nonce: bigint;
  readonly receiver: string;
  readonly shares: bigint;
  /** Block of Polygon that it is in. */
  readonly block: bigint;
  /** Place of its log among those of the receipt, from 0: what `buildExit` asks for. */
  readonly position: number;
}

/** A message in either direction. */
export type Message = DownMessage | UpMessage;

/** What a message to Polygon passes. */
export interface Route {
  /** Who sends it: the bridge's end on Ethereum. */
  readonly bridge: string;
  /** Where FxRoot hands it on: its `stateSender()`. */
  readonly stateSender: string;
  /** Who takes it on Polygon: FxRoot's `fxChild()`. */
  readonly fxChild: string;
}

const [VERSION, DEPOSIT, RATE, WITHDRAWAL] = [1n, 1n, 2n, 1n] as const;
const DOWN = ["uint8", "uint8", "uint64", "address", "uint256", "uint256", "uint256", "uint256", "uint256"];
const UP = ["uint8", "uint8", "uint64", "address", "uint256"];

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function decode(types: readonly string[], data: string, what: string): unknown[] {
  try {
    return AbiCoder.defaultAbiCoder()
      .decode([...types], data)
      .toArray() as unknown[];
  } catch (error) {
    throw new Error(`${what} cannot be read: is it one of this bridge?`, { cause: error });
  }
}

function requireKnown(version: unknown, kind: unknown, kinds: readonly bigint[], what: string): void {
  if (version === VERSION && kinds.some((known) => known === kind)) return;
  throw new Error(
    `${what} is of version ${String(version)} and kind ${String(kind)}, which this program does not know: ` +
      "take the release that goes with the bridge's contracts",
  );
}

/** The messages to Polygon that one bridge sent in a transaction on Ethereum, in their order. */
export function sentDown({ logs }: Receipt, { bridge, stateSender, fxChild }: Route): DownMessage[] {
  return logs.flatMap((log): DownMessage[] => {
    const sync = same(log.address, stateSender) ? parseStateSync(log) : undefined;
    // What others have delivered need not look like anything.
    if (sync === undefined || !same(sync.receiver, fxChild)) return [];
    const { stateId, data } = sync;
    const what = `The message of state sync ${stateId}`;
    const [sender, , message] = decode(["address", "address", "bytes"], data, what) as [string, string, string];
    if (!same(sender, bridge)) return [];
    const [version, kind, nonce, receiver, shares] = decode(DOWN, message, what);
    requireKnown(version, kind, [DEPOSIT, RATE], what);
    return [
      {
        direction: "polygon",
        nonce: nonce as bigint,
        receiver: kind === RATE ? undefined : getAddress(receiver as string),
        shares: shares as bigint,
        stateId,
      },
    ];
  });
}

/** The withdrawals that one bridge sent in a transaction on Polygon, in their order. */
export function sentUp(receipt: Receipt, child: string): UpMessage[] {
  return messagePositions(receipt, child).map((position) => {
    const what = `The message in log ${position}`;
    const [message] = decode(["bytes"], receipt.logs[position]?.data ?? "0x", what) as [string];
    const [version, kind, nonce, receiver, shares] = decode(UP, message, what);
    requireKnown(version, kind, [WITHDRAWAL], what);
    return {
      direction: "ethereum",
      nonce: nonce as bigint,
      receiver: getAddress(receiver as string),
      shares: shares as bigint,
      block: receipt.blockNumber,
      position,
    };
  });
}
