import type { Parameters } from "fast-check";

/** Seed of every property, so that a failure can be seen again. */
export const SEED = 0x616e6b72;

/** Parameters of a property that is tried on `count` random inputs. */
export function tries<T>(count: number): Parameters<T> & { readonly numRuns: number } {
  return { seed: SEED, numRuns: count };
}
