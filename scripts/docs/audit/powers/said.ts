import type { Proof } from "../proofs";

/** What is said of a function that a role may call. Which role, and after which delay, is read from the deployment. */
export interface Said {
  readonly bound: string;
  readonly proofs: readonly Proof[];
}

/** By contract and function. */
export type Powers = Readonly<Record<string, Readonly<Record<string, Said>>>>;

/** The one power that every contract behind a proxy knows. */
export const UPGRADE: Said = {
  bound: "none: it replaces the code",
  proofs: [
    ["integration/upgrade-all.test.ts", "waits seven days, to the second"],
    ["integration/upgrade-all.test.ts", "is the upgrader's alone, whoever else tries after the seven days"],
  ],
};
