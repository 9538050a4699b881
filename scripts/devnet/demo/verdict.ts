import { bridgeBookDifferences } from "../../../deploy/acceptance/bridge";
import type { BridgeFigures } from "../../../deploy/acceptance/bridge";

import type { Balance } from "./book";

/** What there is in the end. */
export interface Outcome {
  /** Differences between the ledgers of the pool and of the delegator, and what is there. */
  readonly ledgers: readonly string[];
  readonly figures: BridgeFigures;
  readonly balances: readonly Balance[];
  /** Steps that were walked. */
  readonly steps: number;
}

/** Something that must hold, and all that speaks against it. */
export interface Finding {
  readonly claim: string;
  readonly against: readonly string[];
}

/** Holds what there is against what there must be, to the wei. */
export function judge({ ledgers, figures, balances, steps }: Outcome): Finding[] {
  return [
    { claim: "L1: both ledgers of the stake balance, and what they say is there", against: ledgers },
    {
      claim: "What is locked on Ethereum was minted on Polygon, waits there, or is in flight",
      against: bridgeBookDifferences(figures),
    },
    {
      claim: `Everybody has what was computed for them (${balances.length} balances after ${steps} steps)`,
      against: balances.length === 0 ? ["nobody was looked at"] : balanceDifferences(balances),
    },
  ];
}

/** Every balance that is not what it should be. */
export function balanceDifferences(balances: readonly Balance[]): string[] {
  return balances.flatMap(({ who, coin, is, expected }) =>
    is === expected ? [] : [`${who} has ${is} wei of ${coin} instead of ${expected}: ${is - expected} wei off`],
  );
}
