import type { Parameters } from "fast-check";

/** Seed of every property, so that a failure can be seen again. */
export const SEED = 0x616e6b72;

/**
 * Parameters of a property that is tried on `count` random inputs. While coverage is measured a twentieth of them will do:
 * the same lines are reached, and every step of an instrumented contract is traced.
 */
export function tries<T>(count: number): Parameters<T> {
  return { seed: SEED, numRuns: process.env.SOLIDITY_COVERAGE === "true" ? Math.ceil(count / 20) : count };
}
