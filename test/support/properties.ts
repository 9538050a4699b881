import type { Parameters } from "fast-check";

/** Seed of every property, so that a failure can be seen again. */
export const SEED = 0x616e6b72;

/** Fewer runs than this are few. */
const FEW = 100;

/**
 * Parameters of a property that is tried on `count` random inputs. While coverage is measured a twentieth of many will do:
 * the same lines are reached, and every step of an instrumented contract is traced.
 */
export function tries<T>(count: number): Parameters<T> & { readonly numRuns: number } {
  const measured = process.env.SOLIDITY_COVERAGE === "true" && count >= FEW;
  return { seed: SEED, numRuns: measured ? Math.ceil(count / 20) : count };
}
