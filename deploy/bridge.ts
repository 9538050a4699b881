import type { Signer } from "ethers";

import { BridgeAdapter__factory } from "../typechain-types";
import type { BridgeAdapter } from "../typechain-types";

import { bridgePowers, grantPowers } from "./access";
import type { BridgeParams } from "./params";
import type { PolygonSystem } from "./polygon";
import { deployProxy, implement, type Report } from "./proxies";
import { SALTS, type System } from "./system";

/**
 * Deploys the bridge's end on Ethereum, last of all: its peer on Polygon must be there, since a message to an address
 * without code is lost. The deployer is still admin of the manager.
 */
export async function deployBridge(
  { manager, factory, token, pool }: System,
  deployer: Signer,
  params: BridgeParams,
  { adapter }: Pick<PolygonSystem, "adapter">,
  report: Report = () => undefined,
): Promise<BridgeAdapter> {
  const at = await factory.addressOf(SALTS.bridge);
  const named = await adapter.PEER();
  if (named !== at) {
    throw new Error(
      `The bridge's end on Polygon, ${await adapter.getAddress()}, names ${named} as its peer, not ${at}`,
    );
  }
  report("bridge");
  const { fxRoot, rootChain } = params;
  const code = new BridgeAdapter__factory(deployer);
  await deployProxy(
    factory,
    SALTS.bridge,
    await implement(code.deploy({ fxRoot, rootChain, pool, token, peer: adapter }, params.releaseCeilingWei)),
    code.interface.encodeFunctionData("initialize", [
      await manager.getAddress(),
      params.lockCapWei,
      params.releaseLimitWei,
    ]),
  );
  await grantPowers(manager, { bridge: at }, bridgePowers(), params);
  return BridgeAdapter__factory.connect(at, deployer);
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
  compare("token of the end on Polygon", await adapter.TOKEN(), await token.getAddress());
  compare("feed of the end on Polygon", await adapter.FEED(), await feed.getAddress());
  compare("feed of the token", await token.FEED(), await feed.getAddress());
  compare("adapter of the feed", await feed.ADAPTER(), await adapter.getAddress());
  return differences;
}
