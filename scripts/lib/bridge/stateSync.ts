import { Contract, Interface } from "ethers";
import type { BlockTag, ContractRunner } from "ethers";

/** Where messages arrive on Polygon. */
export const STATE_RECEIVER = "0x0000000000000000000000000000000000001001";

/** A message that Polygon's StateSender took on Ethereum. */
export interface StateSync {
  readonly stateId: bigint;
  /** Who gets it on Polygon. */
  readonly receiver: string;
  readonly data: string;
}

/** What Polygon's StateReceiver knows of messages. */
export interface StateReceiverView {
  /** Number of the last message that was delivered. */
  lastStateId(): Promise<bigint>;
  /** The message, if its receiver failed and it can be delivered again; else empty. */
  failedStateSync(stateId: bigint): Promise<string>;
  /** Tries to deliver it again, sending nothing; throws what its receiver answers. */
  tryReplay(stateId: bigint): Promise<void>;
}

// Named here, and not by typings, as these are contracts of Polygon that have no interface among ours.
const SENDER = new Interface([
  "event StateSynced(uint256 indexed id, address indexed contractAddress, bytes data)",
  "function stateSender() view returns (address)",
  "function fxChild() view returns (address)",
]);

const RECEIVER = new Interface([
  "function lastStateId() view returns (uint256)",
  "function failedStateSyncs(uint256 id) view returns (bytes)",
  "function replayFailedStateSync(uint256 id)",
]);

/** The message that a log of StateSender tells of; undefined if it is another log. */
export function parseStateSync(log: {
  readonly topics: readonly string[];
  readonly data: string;
}): StateSync | undefined {
  const event = SENDER.parseLog(log);
  if (event === null) return undefined;
  const [stateId, receiver, data] = event.args.toArray() as [bigint, string, string];
  return { stateId, receiver, data };
}

/** What an FxRoot sends through, and to whom on Polygon. */
export async function fxRouteOf(
  fxRoot: string,
  runner: ContractRunner | null,
): Promise<{ stateSender: string; fxChild: string }> {
  const contract = new Contract(fxRoot, SENDER, runner);
  const [stateSender, fxChild] = await Promise.all([
    contract.getFunction("stateSender").staticCall() as Promise<string>,
    contract.getFunction("fxChild").staticCall() as Promise<string>,
  ]);
  return { stateSender, fxChild };
}

/** StateReceiver as it is at a block of Polygon. */
export function stateReceiverAt(blockTag: BlockTag, runner: ContractRunner | null): StateReceiverView {
  const contract = new Contract(STATE_RECEIVER, RECEIVER, runner);
  const ask = async (name: string, ...args: bigint[]): Promise<unknown> =>
    contract.getFunction(name).staticCall(...args, { blockTag }) as Promise<unknown>;
  return {
    lastStateId: async () => (await ask("lastStateId")) as bigint,
    failedStateSync: async (stateId) => (await ask("failedStateSyncs", stateId)) as string,
    tryReplay: async (stateId) => {
      await ask("replayFailedStateSync", stateId);
    },
  };
}
