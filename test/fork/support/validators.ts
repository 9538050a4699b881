import type { IStakeManager } from "../../../typechain-types";
import { IValidatorShare__factory } from "../../../typechain-types";

/** Rate at which a share is worth one POL, of validators from the first id on; those before have another unit. */
export const RATE_ONE = 10n ** 29n;
const FIRST_ID = 8n;

/** Ids that are looked at, at most; Polygon has about 100 validators, and gave each a new one. */
const LAST_ID = 400n;
/** Ids that are looked at together. */
const TOGETHER = 20n;

/**
 * The first validators of the chain that a pool can delegate to: active and staying, open to delegation, a commission
 * of at most so many percent, a rate of exactly 1.
 */
export async function pickValidators(
  stakeManager: IStakeManager,
  count: number,
  maxCommission: bigint,
): Promise<bigint[]> {
  if (!(await stakeManager.delegationEnabled())) throw new Error("Polygon takes no delegation at this block");
  const picked: bigint[] = [];
  for (let from = FIRST_ID; from <= LAST_ID && picked.length < count; from += TOGETHER) {
    const ids = Array.from({ length: Number(TOGETHER) }, (_, index) => from + BigInt(index));
    const open = await Promise.all(ids.map(async (id) => isOpen(stakeManager, id, maxCommission)));
    picked.push(...ids.filter((_, index) => open[index]));
  }
  if (picked.length < count) {
    throw new Error(
      `Of the validators up to ${LAST_ID} only ${picked.length} can be delegated to, and ${count} are needed`,
    );
  }
  return picked.slice(0, count);
}

async function isOpen(stakeManager: IStakeManager, id: bigint, maxCommission: bigint): Promise<boolean> {
  const { contractAddress, deactivationEpoch, commissionRate } = await stakeManager.validators(id);
  if (BigInt(contractAddress) === 0n || deactivationEpoch !== 0n || commissionRate > maxCommission) return false;
  if (!(await stakeManager.isValidator(id))) return false;
  const share = IValidatorShare__factory.connect(contractAddress, stakeManager.runner);
  return !(await share.locked()) && (await share.delegation()) && (await share.exchangeRate()) === RATE_ONE;
}
