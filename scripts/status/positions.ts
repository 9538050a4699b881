import { ZeroAddress } from "ethers";

import { IValidatorShare__factory } from "../../typechain-types";
import type { Delegator, IStakeManager } from "../../typechain-types";
import { exact } from "../lib/amounts";
import { unlessRefused } from "../lib/reverts";

/** A position of the delegator, and how its validator is. */
export interface PositionStatus {
  readonly position: bigint;
  readonly validator: bigint;
  readonly share: string;
  /** POL wei that are delegated to it. */
  readonly principal: bigint;
  readonly weightBps: bigint;
  /** Part of all that is delegated, rounded down. */
  readonly actualBps: bigint;
  readonly capBps: bigint;
  /** Percent; undefined if StakeManager does not say. */
  readonly commission: bigint | undefined;
  /** Sales that are unbonding. */
  readonly openSlices: bigint;
  /** Why it gets no new stake; empty if it does. */
  readonly states: readonly string[];
}

/** What a share contract with a rate of exactly 1 answers with. */
const RATE_ONE = 10n ** 29n;
/** Digits of that which a decimal number of 18 has not. */
const RATE_DIGITS = 10n ** 11n;

/** `Active` of StakeManager's states. */
const ACTIVE = 1n;
const LOCKED = 2n;

/** All positions that are in use. */
export async function readPositions(
  delegator: Delegator,
  stakeManager: IStakeManager,
  at: { readonly blockTag: number },
): Promise<PositionStatus[]> {
  const [count, { principal: all }, { maxCommission }, epoch, open] = await Promise.all([
    delegator.positionCount(at),
    delegator.ledger(at),
    delegator.parameters(at),
    stakeManager.epoch(at),
    stakeManager.delegationEnabled(at),
  ]);
  const numbers = Array.from({ length: Number(count) }, (_, index) => BigInt(index) + 1n);
  const read = numbers.map(async (position): Promise<PositionStatus | undefined> => {
    const { share, validatorId, principal, weightBps, capBps, openSlices, displacedAt } = await delegator.positionAt(
      position,
      at,
    );
    if (share === ZeroAddress) return undefined;
    const contract = IValidatorShare__factory.connect(share, delegator.runner);
    const [accepts, validator, locked, delegation, rate] = await Promise.all([
      delegator.acceptsStake(position, at),
      unlessRefused(stakeManager.validators(validatorId, at)),
      unlessRefused(contract.locked(at)),
      unlessRefused(contract.delegation(at)),
      unlessRefused(contract.exchangeRate(at)),
    ]);
    const states = statesOf({
      ...{ share, displacedAt, epoch, maxCommission, rate },
      validator,
      locked: locked ?? false,
      off: !open || delegation === false,
    });
    return {
      ...{ position, validator: validatorId, share, principal, weightBps, capBps, openSlices },
      actualBps: all === 0n ? 0n : (principal * 10_000n) / all,
      commission: validator?.commissionRate,
      // The contract has the last word.
      states: accepts ? [] : states.length > 0 ? states : ["refused"],
    };
  });
  return (await Promise.all(read)).filter((entry) => entry !== undefined);
}

/** What is known of a validator and its share contract. */
interface Facts {
  readonly share: string;
  readonly displacedAt: bigint;
  readonly epoch: bigint;
  readonly maxCommission: bigint;
  readonly validator: Awaited<ReturnType<IStakeManager["validators"]>> | undefined;
  readonly locked: boolean;
  readonly off: boolean;
  readonly rate: bigint | undefined;
}

function statesOf({ share, displacedAt, epoch, maxCommission, validator, locked, off, rate }: Facts): string[] {
  if (validator === undefined) return ["unknown to StakeManager"];
  const { deactivationEpoch, status, commissionRate, contractAddress } = validator;
  const rateText = rate === undefined ? "no rate" : `rate ${exact(rate / RATE_DIGITS)}`;
  const reasons: readonly (readonly [boolean, string])[] = [
    [displacedAt !== 0n || contractAddress !== share, "displaced"],
    [deactivationEpoch > epoch, "leaving"],
    [deactivationEpoch !== 0n && deactivationEpoch <= epoch, "left"],
    [deactivationEpoch === 0n && status !== ACTIVE && status !== LOCKED, "inactive"],
    [locked || status === LOCKED, "locked"],
    [off, "off"],
    [commissionRate > maxCommission, "above commission"],
    [rate !== RATE_ONE, rateText],
  ];
  return reasons.filter(([holds]) => holds).map(([, name]) => name);
}
