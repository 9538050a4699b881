import fc from "fast-check";

import type { Position, ValidatorSet } from "../../scripts/weights/set";

/** A validator of the network, and what the pool has there. */
export interface Seat {
  /** Stake of others, POL. */
  readonly others: bigint;
  /** Stake of the pool, POL. */
  readonly principal: bigint;
  readonly commission: bigint;
  readonly performance: bigint | null;
  readonly cap: bigint;
  readonly fit: boolean;
}

/** The largest part of the pool that anyone may have, in the sets of these tests. */
export const MAX_SHARE = 4_000n;
/** Highest commission that gets stake, in the sets of these tests. */
export const MAX_COMMISSION = 15n;

const ONE = 10n ** 18n;

/** A seat that is fit, unless it is told otherwise. */
export function seat(changes: Partial<Seat> = {}): Seat {
  return {
    ...{ others: 1_000_000n, principal: 1_000n, commission: 5n, performance: 10_000n, cap: MAX_SHARE, fit: true },
    ...changes,
  };
}

/** A set in which the pool uses the first validators, and others have stakes of their own. */
export function setOf(seats: readonly Seat[], elsewhere: readonly bigint[] = []): ValidatorSet {
  const stakes = [...seats.map(({ others, principal }) => others + principal), ...elsewhere];
  return {
    maxShareBps: MAX_SHARE,
    maxCommissionPercent: MAX_COMMISSION,
    validators: stakes.map((stake, index) => ({ id: BigInt(index) + 8n, stakeWei: stake * ONE })),
    positions: seats.map(({ principal, commission, performance, cap, fit }, index): Position => {
      return {
        position: BigInt(index) + 1n,
        validator: BigInt(index) + 8n,
        principalWei: principal * ONE,
        weightBps: 0n,
        capBps: cap,
        commissionPercent: commission,
        performanceBps: performance,
        commissionChanged: false,
        obstacles: fit ? [] : ["closed"],
      };
    }),
  };
}

/** The pool's validators, and stakes of those that it does not use. */
export interface Network {
  readonly all: readonly Seat[];
  readonly elsewhere: readonly bigint[];
}

/** Seats of all kinds: at least four of them are fit, and may have the maximum. */
export const networks: fc.Arbitrary<Network> = networksOf(50_000_000n, 5_000_000n);

/** The same, but the pool is larger than all others together: what it does decides who is large. */
export const crowded: fc.Arbitrary<Network> = networksOf(30n, 60n);

function networksOf(most: bigint, mostOfThePool: bigint): fc.Arbitrary<Network> {
  const sound = anySeat(fc.constant(true), fc.constant(MAX_SHARE), 15n, 9_100n, most, mostOfThePool);
  const mixed = anySeat(fc.boolean(), fc.bigInt(0n, MAX_SHARE), 100n, 0n, most, mostOfThePool);
  return fc.record({
    all: fc
      .tuple(fc.array(sound, { minLength: 4, maxLength: 6 }), fc.array(mixed, { maxLength: 4 }))
      .map(([some, others]) => [...some, ...others]),
    elsewhere: fc.array(fc.bigInt(1n, most), { maxLength: 8 }),
  });
}

function anySeat(
  fit: fc.Arbitrary<boolean>,
  cap: fc.Arbitrary<bigint>,
  mostCommission: bigint,
  leastPerformance: bigint,
  most: bigint,
  mostOfThePool: bigint,
): fc.Arbitrary<Seat> {
  return fc.record({
    others: fc.oneof(fc.bigInt(1n, most), fc.constant(most / 10n)),
    principal: fc.bigInt(0n, mostOfThePool),
    commission: fc.bigInt(0n, mostCommission),
    performance: fc.option(fc.bigInt(leastPerformance, 10_000n)),
    cap,
    fit,
  });
}
