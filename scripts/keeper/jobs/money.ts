import { Delegator__factory, PolygonPool__factory } from "../../../typechain-types";
import { chunks } from "../chunks";
import type { Policy } from "../policy";
import type { Job, Proposal } from "../proposal";
import type { EthereumAddresses, EthereumView, PositionState } from "../state";

const POOL = PolygonPool__factory.createInterface();
const DELEGATOR = Delegator__factory.createInterface();

/** What the contracts call the smallest amount that is worth a call to a validator, POL wei. */
const MIN_PLACEMENT = 10n ** 18n;
/** As much as there is. */
const ALL = 2n ** 256n - 1n;
/**
 * What a harvest takes, and what each validator adds. A node's estimate says how much gas must be sent along, which is a
 * million more: the delegator keeps it ready for a share contract that burns all it gets.
 */
export const HARVEST_GAS = { base: 125_000n, each: 90_000n } as const;
/** Time for which a share contract must have been replaced before its stake is a loss, seconds. */
export const DISPLACEMENT_TIME = 30n * 86_400n;

type EthereumJob = Job<EthereumView, EthereumAddresses>;

/** Books losses, and surplus, so that nobody leaves before a loss and nobody waits for a gift. */
export const sync: EthereumJob = {
  name: "sync",
  chain: "ethereum",
  decide: ({ positions, head }, policy, { pool }) =>
    positions.flatMap((entry) => {
      const why = reasonToSync(entry, head.time, policy);
      if (why === undefined) return [];
      const { position, principal, worth, displacedAt } = entry;
      return {
        job: "sync",
        key: `sync ${position}`,
        evidence: `${principal} ${worth ?? "?"} ${displacedAt}`,
        call: { to: pool, data: POOL.encodeFunctionData("sync", [position]) },
        why,
      };
    }),
};

function reasonToSync(entry: PositionState, now: bigint, policy: Policy): string | undefined {
  const { position, principal, worth, share, named, displacedAt } = entry;
  if (named !== share) {
    if (principal === 0n) return undefined;
    if (displacedAt === 0n) return `share contract of position ${position} was replaced`;
    if (now >= displacedAt + DISPLACEMENT_TIME) return `share contract of position ${position} stayed replaced`;
    return undefined;
  }
  if (displacedAt !== 0n) return `share contract of position ${position} is named again`;
  if (worth === undefined) return undefined;
  if (principal - worth >= policy.lossMin && principal > worth) {
    return `position ${position} lost ${principal - worth} wei`;
  }
  if (worth - principal >= policy.surplusMin && worth > principal) {
    return `position ${position} has ${worth - principal} wei too many`;
  }
  return undefined;
}

/** Collects rewards where they are worth the gas, and where they have waited for long. */
export const harvest: EthereumJob = {
  name: "harvest",
  chain: "ethereum",
  decide: ({ positions, head }, policy, { pool }) => {
    const valueOf = (assets: bigint): bigint => (assets * 10n ** 18n) / policy.polPerEth;
    const age = ({ lastHarvestAt }: PositionState): bigint => head.time - lastHarvestAt;
    const isOld = (entry: PositionState): boolean => age(entry) >= policy.harvestMaxAge;
    const isWorth = (rewards: bigint, gas: bigint): boolean =>
      valueOf(rewards) >= policy.harvestFactor * gas * head.gasPrice;
    const ripe = positions.filter(
      (entry) =>
        entry.rewards > 0n &&
        entry.rewards >= policy.harvestMin &&
        (isOld(entry) || (age(entry) >= policy.harvestMinAge && isWorth(entry.rewards, HARVEST_GAS.each))),
    );
    return chunks(ripe, policy.harvestBatch).flatMap((group): Proposal[] => {
      const rewards = group.reduce((sum, entry) => sum + entry.rewards, 0n);
      const gas = HARVEST_GAS.base + HARVEST_GAS.each * BigInt(group.length);
      if (!group.some(isOld) && !isWorth(rewards, gas)) return [];
      const numbers = group.map(({ position }) => position);
      return [
        {
          job: "harvest",
          key: `harvest ${numbers.join(",")}`,
          evidence: group.map(({ lastHarvestAt }) => lastHarvestAt).join(","),
          call: { to: pool, data: POOL.encodeFunctionData("harvest", [numbers]) },
          why: `${rewards} wei of rewards at positions ${numbers.join(", ")}`,
          worthWei: valueOf(rewards),
          // A validator that fails is passed over, and a rival may have been faster: neither reverts.
          brings: (answer) => decoded("harvest", answer) * 2n >= rewards,
        },
      ];
    });
  },
};

/** Turns what no ledger counts into rewards. */
export const skim: EthereumJob = {
  name: "skim",
  chain: "ethereum",
  decide: ({ stray }, policy, { pool }) => {
    if (stray === 0n || stray < policy.skimMin) return [];
    return [
      {
        job: "skim",
        key: "skim",
        evidence: String(stray),
        call: { to: pool, data: POOL.encodeFunctionData("skim") },
        why: `${stray} wei are in no ledger`,
        brings: (answer) => decoded("skim", answer) * 2n >= stray,
      },
    ];
  },
};

/** Moves stake away from validators that left or became too dear, if another takes it. */
export const evacuate: EthereumJob = {
  name: "evacuate",
  chain: "ethereum",
  decide: ({ positions, maxCommission }, policy, { delegator }) =>
    positions.flatMap(({ position, share, named, principal, worth = 0n, left, commission }) => {
      const assets = worth < principal ? worth : principal;
      if (!(left || commission > maxCommission) || named !== share) return [];
      if (assets === 0n || assets < policy.evacuateMin) return [];
      if (!positions.some((other) => other.position !== position && other.accepts)) return [];
      const why = left ? "left" : `takes ${commission} %, more than ${maxCommission} %`;
      return {
        job: "evacuate",
        key: `evacuate ${position}`,
        evidence: String(principal),
        call: { to: delegator, data: DELEGATOR.encodeFunctionData("evacuate", [position, principal]) },
        why: `validator of position ${position} ${why}`,
        idle: ["NothingToMove", "NoReasonToEvacuate"],
        brings: (answer) => BigInt(String(DELEGATOR.decodeFunctionResult("evacuate", answer)[0])) >= policy.evacuateMin,
      };
    }),
};

/** Puts to work what no request needs. */
export const delegate: EthereumJob = {
  name: "delegate",
  chain: "ethereum",
  decide: ({ delegable, positions }, policy, { pool }) => {
    if (delegable < MIN_PLACEMENT || delegable < policy.delegateMin) return [];
    if (!positions.some(({ accepts }) => accepts)) return [];
    const principal = positions.reduce((sum, entry) => sum + entry.principal, 0n);
    return [
      {
        job: "delegate",
        key: "delegate",
        evidence: `${delegable} of ${principal}`,
        call: { to: pool, data: POOL.encodeFunctionData("delegate", [ALL]) },
        why: `${delegable} wei of the buffer can be delegated`,
        idle: ["NothingToDelegate"],
        // Crumbs that the caps of validators leave room for are not worth a call.
        brings: (answer) => decoded("delegate", answer) * 2n >= policy.delegateMin,
      },
    ];
  },
};

function decoded(name: "harvest" | "skim" | "delegate", answer: string): bigint {
  return BigInt(String(POOL.decodeFunctionResult(name as "harvest", answer)[0]));
}
