import { BridgeAdapter__factory, FxChild__factory, FxRoot__factory } from "../typechain-types";
import type { BridgeAdapter } from "../typechain-types";

import { bridgePowers, grantPowers } from "./access";
import type { BridgeParams } from "./params";
import type { PolygonSystem } from "./polygon";
import type { System } from "./system";

/** Name of the bridge's end on Ethereum. */
export const BRIDGE = "BridgeAdapter";

/**
 * Deploys the bridge's end on Ethereum, last of all: its peer on Polygon must be there, since a message to an address
 * without code is lost. The deployer is still admin of the manager.
 */
export async function deployBridge(
  { steps, manager, token, pool }: System,
  params: BridgeParams,
  { adapter }: Pick<PolygonSystem, "adapter">,
): Promise<BridgeAdapter> {
  const at = await steps.addressOf(BRIDGE);
  const named = await adapter.PEER();
  const peer = await adapter.getAddress();
  if (named !== at) throw new Error(`The bridge's end on Polygon, ${peer}, names ${named} as its peer, not ${at}`);
  const { fxRoot, rootChain } = params;
  const code = new BridgeAdapter__factory(steps.deployer);
  await steps.proxy(
    BRIDGE,
    code.interface.encodeFunctionData("initialize", [
      await manager.getAddress(),
      params.lockCapWei,
      params.releaseLimitWei,
    ]),
    code,
    { fxRoot, rootChain, pool: await pool.getAddress(), token: await token.getAddress(), peer },
    params.releaseCeilingWei,
  );
  await grantPowers(steps, manager, { bridge: at }, bridgePowers(), params);
  return BridgeAdapter__factory.connect(at, steps.deployer);
}

/** Every way in which the two ends do not fit together; empty if they do. */
export async function bridgeDifferences(
  bridge: BridgeAdapter,
  { adapter, token, feed }: Pick<PolygonSystem, "adapter" | "token" | "feed">,
): Promise<string[]> {
  const differences: string[] = [];
  const compare = (what: string, is: string, shouldBe: string): void => {
    if (is !== shouldBe) differences.push(`${what}: ${is} instead of ${shouldBe}`);
  };
  compare("peer on Polygon", await bridge.PEER(), await adapter.getAddress());
  compare("peer on Ethereum", await adapter.PEER(), await bridge.getAddress());
  const [fxRoot, fxChild] = [await bridge.FX_ROOT(), await adapter.FX_CHILD()];
  compare("FxChild of FxRoot", await FxRoot__factory.connect(fxRoot, bridge.runner).fxChild(), fxChild);
  compare("FxRoot of FxChild", await FxChild__factory.connect(fxChild, adapter.runner).fxRoot(), fxRoot);
  compare("token of the end on Polygon", await adapter.TOKEN(), await token.getAddress());
  compare("feed of the end on Polygon", await adapter.FEED(), await feed.getAddress());
  compare("feed of the token", await token.FEED(), await feed.getAddress());
  compare("adapter of the feed", await feed.ADAPTER(), await adapter.getAddress());
  return differences;
}
