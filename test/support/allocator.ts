/** A validator as the rules of delegation see it. */
export interface Seat {
  readonly principal: bigint;
  /** Share that it should have, in bps. */
  readonly weight: bigint;
  /** Share that it never exceeds, in bps. */
  readonly cap: bigint;
  /** False if it takes no stake now. */
  readonly open: boolean;
}

/** What one call does: the placements in order, by number from 1 on, and who was passed over. */
export interface Plan {
  readonly placements: readonly (readonly [position: bigint, assets: bigint])[];
  readonly passedOver: readonly bigint[];
}

const BPS = 10_000n;
const MOST = 5;
const SMALLEST = 10n ** 18n;

/**
 * Places `assets` by the rules: again and again on whoever is furthest under its target, up to target and cap, five times at
 * most. Who takes nothing is left out, and its weight counts for the others. For an evacuation `from` is left out from the
 * start, and its assets are no new ones.
 */
export function allocate(seats: readonly Seat[], assets: bigint, from?: bigint): Plan {
  const held = seats.map(({ principal }) => principal);
  const before = sum(held);
  const total = from === undefined ? before + assets : before;
  const takers = new Set(seats.keys());
  if (from !== undefined) takers.delete(Number(from) - 1);
  const placements: [bigint, bigint][] = [];
  const passedOver: bigint[] = [];
  let left = assets;
  while (placements.length < MOST && left >= (placements.length === 0 ? 1n : SMALLEST)) {
    const weights = sum([...takers].map((index) => seats[index]?.weight ?? 0n));
    if (weights === 0n) break;
    const base = sum([...takers].map((index) => held[index] ?? 0n)) + left;
    const shortfall = (index: number): bigint => (base * (seats[index]?.weight ?? 0n)) / weights - (held[index] ?? 0n);
    const neediest = [...takers].reduce((best, index) => (shortfall(index) > shortfall(best) ? index : best));
    const seat = seats[neediest];
    if (seat === undefined || shortfall(neediest) <= 0n) break;
    const room = (total * seat.cap) / BPS - (held[neediest] ?? 0n);
    const part = [shortfall(neediest), room, left].reduce((least, value) => (value < least ? value : least));
    if (part > 0n && seat.open) {
      placements.push([BigInt(neediest) + 1n, part]);
      held[neediest] = (held[neediest] ?? 0n) + part;
      left -= part;
    } else {
      if (part > 0n) passedOver.push(BigInt(neediest) + 1n);
      takers.delete(neediest);
    }
  }
  return { placements, passedOver };
}

/** Sum of wei. */
export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
