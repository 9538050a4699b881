import { deployChildAdapters, deployPoolAdapters } from "../../deploy/adapters";
import type { ChildAdapters, PoolAdapters } from "../../deploy/adapters";

import { bridgedFixture } from "./bridge";
import type { BridgedContext } from "./bridge";
import { polygonFixture } from "./polygon";
import type { Polygon } from "./polygon";

/** The whole system with the bridge, and the adapters of both chains. */
export interface AdaptedContext extends BridgedContext {
  readonly onEthereum: PoolAdapters;
  readonly onPolygon: ChildAdapters;
}

/** {@link bridgedFixture} with the adapters of both chains; no snapshot has been taken. */
export async function adaptedFixture(): Promise<AdaptedContext> {
  const context = await bridgedFixture();
  const { deployer } = context.actors;
  return {
    ...context,
    onEthereum: await deployPoolAdapters(context, deployer),
    onPolygon: await deployChildAdapters(context.child, deployer),
  };
}

/** {@link polygonFixture} with the adapters on Polygon: rates of choice can be pushed. */
export async function adaptedPolygon(): Promise<Polygon & ChildAdapters> {
  const polygon = await polygonFixture();
  return { ...polygon, ...(await deployChildAdapters(polygon, polygon.actors.deployer)) };
}
