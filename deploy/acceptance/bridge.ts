import type { BaseContract } from "ethers";

import { exact } from "../../scripts/lib/amounts";
import { mapBounded } from "../../scripts/lib/parallel";
import { IERC20__factory } from "../../typechain-types";
import type { BridgeAdapter } from "../../typechain-types";
import type { PolygonSystem } from "../polygon";

/** What the two ends say, shares. */
export interface BridgeFigures {
  /** Locked on Ethereum. */
  readonly locked: bigint;
  /** Released by proof, and waiting for the daily limit. */
  readonly pendingReleases: bigint;
  /** ankrMATIC of the bridge's end on Ethereum. */
  readonly held: bigint;
  /** Minted on Polygon by this bridge, and not gone back. */
  readonly minted: bigint;
  /** Received on Polygon, and waiting for the limit there. */
  readonly pendingMints: bigint;
  /** All ankrMATIC on Polygon. */
  readonly childSupply: bigint;
  /** Sent to Polygon, and not received. */
  readonly inFlightDown: bigint;
  /** Sent to Ethereum, and not proven. */
  readonly inFlightUp: bigint;
}

/** The figures, and every way in which they do not fit together; none if they do. */
export interface BridgeBooks extends BridgeFigures {
  readonly differences: readonly string[];
}

/** Questions that are open at a node at a time. */
const PARALLEL = 20;

/** Times that the chains are read again because a withdrawal was sent meanwhile. */
const READINGS = 5;

/** Every way in which figures of one moment do not fit together. */
export function bridgeBookDifferences(figures: BridgeFigures): string[] {
  const { locked, pendingReleases, held, minted, pendingMints, childSupply, inFlightDown, inFlightUp } = figures;
  const differences: string[] = [];
  const elsewhere = minted + pendingMints + inFlightDown + inFlightUp;
  if (locked !== elsewhere) {
    differences.push(
      `locked on Ethereum: ${exact(locked)} ankrMATIC, but minted, pending and in flight are ${exact(elsewhere)}`,
    );
  }
  if (held < locked + pendingReleases) {
    differences.push(
      `ankrMATIC of the bridge: ${exact(held)}, less than the ${exact(locked + pendingReleases)} locked and pending`,
    );
  }
  if (childSupply !== minted) {
    differences.push(`supply on Polygon: ${exact(childSupply)} ankrMATIC, but the bridge minted ${exact(minted)}`);
  }
  return differences;
}

/**
 * Compares the two ends of the bridge, to the wei: what is locked on Ethereum is what was minted on Polygon, what waits
 * there, and what is under way in either direction. For a token that lists this bridge alone.
 * @param from Blocks of the deployment, or before it.
 */
export async function bridgeBooks(
  bridge: BridgeAdapter,
  child: Pick<PolygonSystem, "adapter" | "token">,
  from: { readonly ethereum: number; readonly polygon: number } = { ethereum: 0, polygon: 0 },
): Promise<BridgeBooks> {
  const { adapter } = child;
  for (let reading = 1; reading <= READINGS; reading++) {
    // Polygon first: whatever it has received by then, Ethereum has sent.
    const onPolygon = await blockOf(adapter);
    const sent = await adapter.lastNonce({ blockTag: onPolygon });
    const onEthereum = await blockOf(bridge);
    // And if no withdrawal was sent meanwhile, whatever Ethereum has received, Polygon had sent.
    if ((await adapter.lastNonce()) !== sent) continue;
    const figures = await figuresAt(bridge, child, from, { onEthereum, onPolygon });
    return { ...figures, differences: bridgeBookDifferences(figures) };
  }
  throw new Error("Withdrawals are sent faster than they can be counted: ask again when it is quieter");
}

async function figuresAt(
  bridge: BridgeAdapter,
  { adapter, token }: Pick<PolygonSystem, "adapter" | "token">,
  from: { readonly ethereum: number; readonly polygon: number },
  { onEthereum, onPolygon }: { readonly onEthereum: number; readonly onPolygon: number },
): Promise<BridgeFigures> {
  const [atEthereum, atPolygon] = [{ blockTag: onEthereum }, { blockTag: onPolygon }];
  const root = IERC20__factory.connect(await bridge.TOKEN(), bridge.runner);
  const [locked, pendingReleases, held, minted, pendingMints, childSupply, deposits, withdrawals] = await Promise.all([
    bridge.locked(atEthereum),
    bridge.totalPending(atEthereum),
    root.balanceOf(bridge, atEthereum),
    adapter.minted(atPolygon),
    adapter.totalPending(atPolygon),
    token.totalSupply(atPolygon),
    bridge.queryFilter(bridge.filters.DepositSent(), from.ethereum, onEthereum),
    adapter.queryFilter(adapter.filters.WithdrawalSent(), from.polygon, onPolygon),
  ]);
  const underWay = async (
    messages: readonly { readonly args: { readonly nonce: bigint; readonly shares: bigint } }[],
    isConsumed: (nonce: bigint) => Promise<boolean>,
  ): Promise<bigint> => {
    const open = await mapBounded(messages, PARALLEL, async ({ args: { nonce, shares } }) =>
      (await isConsumed(nonce)) ? 0n : shares,
    );
    return open.reduce((sum, shares) => sum + shares, 0n);
  };
  return {
    ...{ locked, pendingReleases, held, minted, pendingMints, childSupply },
    inFlightDown: await underWay(deposits, (nonce) => adapter.isConsumed(nonce, atPolygon)),
    inFlightUp: await underWay(withdrawals, (nonce) => bridge.isConsumed(nonce, atEthereum)),
  };
}

async function blockOf(contract: BaseContract): Promise<number> {
  const provider = contract.runner?.provider;
  if (!provider) throw new Error("A contract of the bridge has no provider: connect it to one of its chain");
  return provider.getBlockNumber();
}
