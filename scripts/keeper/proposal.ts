import type { Policy } from "./policy";
import type { Chain } from "./state";

/** A call. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

/** A call that is worth making, as things stand. */
export interface Proposal {
  /** Job that it comes from. */
  readonly job: string;
  /** What it does and to what. */
  readonly key: string;
  /** The state that is reason for it; a call that changes it has done its work. */
  readonly evidence: string;
  readonly call: Call;
  /** For the log. */
  readonly why: string;
  /** Wei of the chain's coin that it brings the holders, for the log; undefined where it has no price. */
  readonly worthWei?: bigint | undefined;
  /** Errors that say that nothing can be done just now, by name. */
  readonly idle?: readonly string[];
  /** Whether an answer of the simulation says that the call does something; it does if this is left out. */
  readonly brings?: (answer: string) => boolean;
}

/** A kind of upkeep: decides from the state of a chain alone. */
export interface Job<State, Addresses> {
  readonly name: string;
  readonly chain: Chain;
  readonly decide: (state: State, policy: Policy, at: Addresses) => Proposal[];
}
