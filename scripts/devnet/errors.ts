import { isHexString } from "ethers";

import {
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  Delegator__factory,
  PolygonPool__factory,
  SwapPool__factory,
} from "../../typechain-types";
import { messageOf } from "../lib/amounts";

/** Contracts whose errors are known by name. */
const KNOWN = [
  ...[PolygonPool__factory, Delegator__factory, BridgeAdapter__factory],
  ...[ChildBridgeAdapter__factory, ChildAnkrMATIC__factory, SwapPool__factory],
];

/** An error in words: the name of a contract's error where a call reverted with one. */
export function explain(error: unknown): string {
  const data: unknown = error instanceof Error && "data" in error ? error.data : undefined;
  if (typeof data !== "string" || !isHexString(data)) return messageOf(error);
  for (const known of KNOWN) {
    const parsed = known.createInterface().parseError(data);
    if (parsed !== null) return `a call reverted with ${parsed.name}(${parsed.args.map(String).join(", ")})`;
  }
  return messageOf(error);
}
