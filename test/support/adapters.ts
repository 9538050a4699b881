import { deployChildAdapters, deployPoolAdapters } from "../../deploy/adapters";
import type { ChildAdapters, PoolAdapters } from "../../deploy/adapters";
import { openDeployment } from "../../deploy/system";

import { bridgedFixture } from "./bridge";
import type { BridgedContext } from "./bridge";
import type { Context } from "./fixture";
import { polygonFixture } from "./polygon";
import type { Polygon } from "./polygon";

/** The whole system with the bridge, and the adapters of both chains. */
export interface AdaptedContext extends BridgedContext {
  readonly onEthereum: PoolAdapters;
  readonly onPolygon: ChildAdapters;
}

/** The adapters of a system on Ethereum, by a factory of their own: the system's is closed. */
export async function poolAdapters(context: Pick<Context, "pool" | "token" | "actors">): Promise<PoolAdapters> {
  const { steps } = await openDeployment(context.actors.deployer);
  return deployPoolAdapters(steps, context);
}

/** {@link bridgedFixture} with the adapters of both chains; no snapshot has been taken. */
export async function adaptedFixture(): Promise<AdaptedContext> {
  const context = await bridgedFixture();
  const onEthereum = await poolAdapters(context);
  const { steps } = await openDeployment(context.actors.deployer);
  return { ...context, onEthereum, onPolygon: await deployChildAdapters(steps, context.child) };
}

/** {@link polygonFixture} with the adapters on Polygon: rates of choice can be pushed. */
export async function adaptedPolygon(): Promise<Polygon & ChildAdapters> {
  const polygon = await polygonFixture();
  const { steps } = await openDeployment(polygon.actors.deployer);
  return { ...polygon, ...(await deployChildAdapters(steps, polygon)) };
}
