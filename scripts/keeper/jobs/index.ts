import type { Job } from "../proposal";
import type { EthereumAddresses, EthereumView, PolygonAddresses, PolygonState } from "../state";

import { childSnapshot, snapshot } from "./apr";
import { mint, release, syncRate } from "./bridge";
import { delegate, evacuate, harvest, skim, sync } from "./money";
import { autoClaim, continueFunding, finalize, settle } from "./requests";

/**
 * In the order in which they are done: losses first, so that nothing is decided at a price that is wrong; then all that
 * comes in, which serves requests before anything is sold for them; then requests; then what is left is put to work.
 */
export const ETHEREUM_JOBS: readonly Job<EthereumView, EthereumAddresses>[] = [
  sync,
  finalize,
  harvest,
  skim,
  settle,
  continueFunding,
  evacuate,
  delegate,
  autoClaim,
  release,
  syncRate,
  snapshot,
];

/** Jobs on Polygon. */
export const POLYGON_JOBS: readonly Job<PolygonState, PolygonAddresses>[] = [mint, childSnapshot];
