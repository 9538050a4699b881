/** One token, in wei. */
export const ONE = 10n ** 18n;

/** What a validator is when the demo begins. */
export interface CastValidator {
  readonly name: string;
  /** Own stake and that of delegators who are not the pool, in whole POL. */
  readonly stake: bigint;
  /** Percent of the delegators' rewards. */
  readonly commission: bigint;
  /** Part of the pool that it should have. */
  readonly weightBps: bigint;
  /** What becomes of it. */
  readonly health: string;
}

/** Position 1 is the first. Ids are positions plus 7, because Polygon's first seven validators count in another precision. */
export const VALIDATORS: readonly CastValidator[] = [
  { name: "Alder", stake: 62_000_000n, commission: 2n, weightBps: 1_400n, health: "sound" },
  { name: "Birch", stake: 48_000_000n, commission: 5n, weightBps: 1_200n, health: "sound" },
  { name: "Cedar", stake: 41_000_000n, commission: 4n, weightBps: 1_000n, health: "sound" },
  { name: "Dogwood", stake: 35_000_000n, commission: 8n, weightBps: 900n, health: "sound" },
  { name: "Elm", stake: 30_000_000n, commission: 10n, weightBps: 800n, health: "sound" },
  { name: "Fir", stake: 52_000_000n, commission: 3n, weightBps: 1_100n, health: "leaves on day 10" },
  { name: "Ginkgo", stake: 22_000_000n, commission: 5n, weightBps: 800n, health: "locked from day 15 on" },
  { name: "Hazel", stake: 18_000_000n, commission: 0n, weightBps: 700n, health: "raises commission to 25 % on day 19" },
  { name: "Ilex", stake: 27_000_000n, commission: 6n, weightBps: 700n, health: "delegation off, days 4 to 15" },
  { name: "Juniper", stake: 15_000_000n, commission: 20n, weightBps: 400n, health: "commission above the maximum" },
  { name: "Kauri", stake: 33_000_000n, commission: 5n, weightBps: 600n, health: "sound" },
  { name: "Larch", stake: 9_000_000n, commission: 7n, weightBps: 400n, health: "sound" },
];

/** Id of the validator of position 1. */
export const FIRST_ID = 8n;

/** Ways to stake; the first four take POL, the others MATIC. */
export type Entry = "deposit" | "depositWithPermit" | "stake" | "mint" | "stakeAndClaimCerts" | "stakeMatic";

/** Ways to ask for it back. */
export type Request = "requestRedeem" | "unstakeCerts";

/** Ways to be paid: all in POL but `claimInMatic`; the last by a stranger's call. */
export type Payout = "claim" | "claimInMatic" | "redeem" | "autoClaim";

/** How a staker leaves. */
export interface Exit {
  readonly day: number;
  /** Percent of its shares. */
  readonly percent: bigint;
  readonly request: Request;
  readonly payout: Payout;
}

/** Someone who stakes once, and may leave. */
export interface Staker {
  readonly name: string;
  readonly entry: Entry;
  readonly day: number;
  /** Wei of POL, or of MATIC. */
  readonly amount: bigint;
  readonly exit?: Exit;
}

const ENTRIES: readonly Entry[] = ["deposit", "stakeAndClaimCerts", "depositWithPermit", "stakeMatic", "stake", "mint"];

/** Stakers by the day on which they come; 40 together. */
const ARRIVALS: readonly (readonly [day: number, stakers: number])[] = [
  [1, 24],
  [2, 2],
  [3, 1],
  [4, 2],
  [5, 1],
  [6, 4],
  [8, 2],
  [9, 1],
  [11, 2],
  [12, 1],
];

/** Fourteen of the forty leave, wholly or in part, by the number of the staker. */
const EXITS: Readonly<Record<number, Exit>> = {
  2: { day: 6, percent: 100n, request: "requestRedeem", payout: "claim" },
  5: { day: 6, percent: 50n, request: "unstakeCerts", payout: "claimInMatic" },
  9: { day: 6, percent: 100n, request: "requestRedeem", payout: "autoClaim" },
  1: { day: 13, percent: 100n, request: "unstakeCerts", payout: "claimInMatic" },
  4: { day: 13, percent: 100n, request: "requestRedeem", payout: "claim" },
  7: { day: 13, percent: 33n, request: "requestRedeem", payout: "redeem" },
  12: { day: 13, percent: 100n, request: "requestRedeem", payout: "autoClaim" },
  18: { day: 13, percent: 75n, request: "unstakeCerts", payout: "claim" },
  11: { day: 17, percent: 100n, request: "requestRedeem", payout: "claimInMatic" },
  26: { day: 17, percent: 100n, request: "requestRedeem", payout: "autoClaim" },
  33: { day: 17, percent: 50n, request: "unstakeCerts", payout: "redeem" },
  15: { day: 22, percent: 100n, request: "requestRedeem", payout: "claim" },
  30: { day: 22, percent: 100n, request: "requestRedeem", payout: "claimInMatic" },
  38: { day: 22, percent: 60n, request: "requestRedeem", payout: "autoClaim" },
};

/** The forty stakers. */
export const STAKERS: readonly Staker[] = ARRIVALS.flatMap(([day, count]) => Array<number>(count).fill(day)).map(
  (day, index) => {
    const number = index + 1;
    return {
      name: `Staker ${String(number).padStart(2, "0")}`,
      entry: ENTRIES[index % ENTRIES.length] ?? "deposit",
      day,
      amount: amountOf(BigInt(index)),
      exit: EXITS[number],
    };
  },
);

/** True for those who pay in MATIC. */
export function paysInMatic({ entry }: Staker): boolean {
  return entry === "stakeAndClaimCerts" || entry === "stakeMatic";
}

/** Between 5,000 and 102,500, each another, with odd wei. */
function amountOf(index: bigint): bigint {
  const step = (index * 37n) % 40n;
  return (5_000n + step * 2_500n) * ONE + (index + 1n) * 12_345_678_901_234_567n;
}
