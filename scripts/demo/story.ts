import type { Exit } from "./cast";
import type { BatchStory } from "./upkeep";

/** A day, at the midnight that ends it. */
export interface Day {
  readonly day: number;
  readonly ratio: bigint;
  /** Value of 1 ankrMATIC, MATIC wei; by the pool, and by the model. */
  readonly value: bigint;
  readonly valueByFormula: bigint;
  readonly totalAssets: bigint;
  readonly buffer: bigint;
  readonly unbonding: bigint;
  /** Stake by position, from index 0. */
  readonly stakes: readonly bigint[];
  /** Percent. */
  readonly aprSeen: number;
  readonly aprExpected: number;
}

/** What happened on a day. */
export interface StoryEvent {
  readonly day: number;
  readonly text: string;
}

/** A staker at the end. */
export interface Outcome {
  readonly name: string;
  readonly paid: bigint;
  /** What it has more than it brought, by its wallet and by the formula. */
  readonly gain: bigint;
  readonly gainParts: bigint;
  /** Wei by which the two may differ. */
  readonly allowance: bigint;
  readonly exit?: Exit & { readonly batch: bigint };
}

/** An old holder at the end. Amounts are wei of POL, or of what is worth as much. */
export interface OldOutcome {
  readonly name: string;
  /** Its shares, which were worth as much when they were minted. */
  readonly brought: bigint;
  readonly pol: bigint;
  /** Worth of its ankrMATIC. */
  readonly certificates: bigint;
  readonly bonds: bigint;
  /** ankrMATIC wei that the switch cost. */
  readonly fee: bigint;
  /** What it did. */
  readonly told: string;
  readonly gain: bigint;
  readonly gainParts: bigint;
  readonly allowance: bigint;
  /** False if it waits for a payment. */
  readonly paid: boolean;
}

/** The old token and its switch at the end. */
export interface OldStory {
  readonly outcomes: readonly OldOutcome[];
  readonly compared: number;
  readonly different: readonly string[];
  /** What the switch answered to who asked for more than was left. */
  readonly refusal: string;
  readonly cap: bigint;
  readonly used: bigint;
  readonly sealed: boolean;
}

/** All that came of the demo. */
export interface Story {
  readonly days: readonly Day[];
  readonly events: readonly StoryEvent[];
  readonly outcomes: readonly Outcome[];
  readonly batches: readonly BatchStory[];
  readonly treasury: {
    readonly shares: bigint;
    readonly value: bigint;
    readonly parts: bigint;
    readonly allowance: bigint;
  };
  readonly old: OldStory;
  /** What is still owed to anyone, POL wei. */
  readonly owed: bigint;
  readonly checkpoints: number;
  readonly transactions: number;
  readonly comparisons: number;
  readonly rewards: bigint;
}
