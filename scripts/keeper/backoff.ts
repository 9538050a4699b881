/** Time and chance, which tests replace. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /**
   * @param milliseconds How long to wait.
   * @param stop Ends the wait early, if aborted.
   */
  sleep(milliseconds: number, stop?: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

/** How often something is tried, and how long it waits in between. */
export interface Backoff {
  readonly attempts: number;
  /** Wait before the second attempt, milliseconds; it doubles with each. */
  readonly first: number;
  /** Longest wait, milliseconds. */
  readonly longest: number;
}

/**
 * Wait before an attempt, the second being number 1: from half of the doubled wait to all of it, so that keepers that
 * failed together do not come back together.
 */
export function waitBefore(attempt: number, { first, longest }: Backoff, random: number): number {
  const full = Math.min(longest, first * 2 ** (attempt - 1));
  return full / 2 + (full / 2) * random;
}

/** Tries until it succeeds, fails in a way that no repetition mends, or has been tried often enough. */
export async function withBackoff<T>(
  work: () => Promise<T>,
  backoff: Backoff,
  clock: Clock,
  isPassing: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= backoff.attempts || !isPassing(error)) throw error;
      await clock.sleep(waitBefore(attempt, backoff, clock.random()));
    }
  }
}
