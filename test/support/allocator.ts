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
 * start, and its assets are no new ones. Less than 1 POL is not placed, unless it is all there is to place.
 */
export function allocate(seats: readonly Seat[], assets: bigint, from?: bigint): Plan {
  const before = sum(seats.map(({ principal }) => principal));
  const total = from === undefined ? before + assets : before;
  const all = seats.map((seat, index) => ({ ...seat, number: BigInt(index) + 1n }));
  let takers = all.filter(({ number }) => number !== from);
  const placements: [bigint, bigint][] = [];
  const passedOver: bigint[] = [];
  let left = assets;
  while (placements.length < MOST && (left === assets || left >= SMALLEST)) {
    const weights = sum(takers.map(({ weight }) => weight));
    if (weights === 0n) break;
    const base = sum(takers.map(({ principal }) => principal)) + left;
    const shortfall = ({ weight, principal }: Seat): bigint => (base * weight) / weights - principal;
    const neediest = takers.reduce((best, taker) => (shortfall(taker) > shortfall(best) ? taker : best));
    if (shortfall(neediest) <= 0n) break;
    const room = (total * neediest.cap) / BPS - neediest.principal;
    const part = least(shortfall(neediest), room, left);
    const worth = part >= SMALLEST || (part > 0n && part === assets);
    if (worth && neediest.open) {
      placements.push([neediest.number, part]);
      takers = takers.map((taker) => (taker === neediest ? { ...taker, principal: taker.principal + part } : taker));
      left -= part;
    } else {
      if (worth) passedOver.push(neediest.number);
      takers = takers.filter((taker) => taker !== neediest);
    }
  }
  return { placements, passedOver };
}

function least(...values: bigint[]): bigint {
  return values.reduce((smallest, value) => (value < smallest ? value : smallest));
}

/** Sum of wei. */
export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
