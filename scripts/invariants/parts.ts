import { createHash } from "node:crypto";

/** What a part of a campaign is played with. */
export interface Size {
  /** Sequences of calls of a whole campaign. */
  readonly runs: number;
  /** Sequences of a part. */
  readonly partRuns: number;
  /** Calls of a sequence. */
  readonly depth: number;
}

/** Some of the sequences of a campaign, with a seed of their own. */
export interface Part {
  /** Test contract. */
  readonly contract: string;
  /** From 1 on. */
  readonly index: number;
  readonly runs: number;
  readonly depth: number;
  readonly seed: string;
}

/** A test contract, and whether it plays sequences; one that does not is a single part. */
export interface Campaign {
  readonly contract: string;
  readonly stateful: boolean;
}

/** How many parts a campaign has. */
export function partCount({ stateful }: Campaign, { runs, partRuns }: Size): number {
  return stateful ? Math.ceil(runs / partRuns) : 1;
}

/** The first parts of each campaign, in turn: part 1 of all, then part 2 of all, so that an early end leaves none out. */
export function partsOf(campaigns: readonly Campaign[], size: Size, most = Infinity): Part[] {
  const counts = campaigns.map((campaign) => Math.min(partCount(campaign, size), most));
  const longest = Math.max(0, ...counts);
  return Array.from({ length: longest }, (_, i) => i + 1).flatMap((index) =>
    campaigns
      .filter((_, i) => index <= (counts[i] ?? 0))
      .map((campaign) => ({
        contract: campaign.contract,
        index,
        runs: campaign.stateful ? Math.min(size.partRuns, size.runs - (index - 1) * size.partRuns) : 0,
        depth: campaign.stateful ? size.depth : 0,
        seed: seedOf(campaign.contract, index),
      })),
  );
}

/** The seed of a part: the same on every machine, and another one for each part. */
export function seedOf(contract: string, index: number): string {
  return `0x${createHash("sha256").update(`${contract} ${index}`).digest("hex").slice(0, 32)}`;
}

/** What forge is told by its environment; parts that are no sequences take what the profile says. */
export function environmentOf({ runs, depth }: Part): Record<string, string> {
  return {
    FOUNDRY_PROFILE: "long",
    ...(runs > 0 && { FOUNDRY_INVARIANT_RUNS: String(runs), FOUNDRY_INVARIANT_DEPTH: String(depth) }),
  };
}

/** What a user types to see a part again. */
export function replayOf(part: Part): string {
  const environment = Object.entries(environmentOf(part)).map(([name, value]) => `${name}=${value}`);
  return `${environment.join(" ")} node scripts/forge test --match-contract '^${part.contract}$' --fuzz-seed ${part.seed}`;
}
