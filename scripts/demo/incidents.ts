import { VALIDATORS } from "./cast";
import { capOf, idOf } from "./world";
import type { World } from "./world";

/** Something that happens to the pool from outside, in the morning of a day. */
export interface Incident {
  readonly day: number;
  readonly text: string;
  readonly happen: (world: World) => Promise<unknown>;
}

/** Weights after Fir has left: its part goes to those who have room. */
const NEW_WEIGHTS: Readonly<Record<string, bigint>> = {
  Fir: 0n,
  Birch: 1_500n,
  Cedar: 1_300n,
  Kauri: 900n,
  Larch: 600n,
};

/** Index of a validator. */
export function indexOf(name: string): number {
  const index = VALIDATORS.findIndex((validator) => validator.name === name);
  if (index < 0) throw new Error(`There is no validator ${name} in the cast.`);
  return index;
}

/** What goes wrong, and what the manager does about it. */
export const INCIDENTS: readonly Incident[] = [
  {
    day: 4,
    text: "Ilex switches delegation off: it keeps its stake and gets no more",
    happen: (world) => switchDelegation(world, "Ilex", false),
  },
  {
    day: 10,
    text: "Fir announces to leave: it signs one more checkpoint",
    happen: ({ polygon, owner }) => polygon.stakeManager.connect(owner).unstakePOL(idOf(indexOf("Fir"))),
  },
  {
    day: 11,
    text: "The manager schedules weights without Fir; they wait for a day",
    happen: ({ system, manager }) =>
      system.manager.connect(manager).schedule(system.delegator, weightCall(system.delegator.interface), 0n),
  },
  {
    day: 12,
    text: "The new weights are in force",
    happen: ({ system, manager }) =>
      system.manager.connect(manager).execute(system.delegator, weightCall(system.delegator.interface)),
  },
  {
    day: 15,
    text: "Ginkgo's share contract is locked: it still earns, pays and sells, and gets no more stake",
    happen: ({ polygon, governance }) =>
      polygon.stakeManager.connect(governance).cheatSetLocked(idOf(indexOf("Ginkgo")), true),
  },
  {
    day: 16,
    text: "Ilex switches delegation on again",
    happen: (world) => switchDelegation(world, "Ilex", true),
  },
  {
    day: 19,
    text: "Hazel raises its commission from 0 to 25 %, above the maximum of 15 %",
    happen: ({ polygon, owner }) =>
      polygon.stakeManager.connect(owner).updateCommissionRate(idOf(indexOf("Hazel")), 25n),
  },
];

function switchDelegation({ polygon, keys }: World, name: string, enabled: boolean): Promise<unknown> {
  return polygon.stakeManager.connect(keys[indexOf(name)]).updateValidatorDelegation(enabled);
}

function weightCall(delegator: World["system"]["delegator"]["interface"]): string {
  const weights = VALIDATORS.map(({ name, weightBps }) => NEW_WEIGHTS[name] ?? weightBps);
  return delegator.encodeFunctionData("setWeights", [weights, weights.map(capOf)]);
}
