import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { MaxUint256, parseEther } from "ethers";
import { ethers } from "hardhat";

import { addLocalValidator, deployLocalStaking } from "../../../scripts/conformance/localStaking";
import type { LocalStaking } from "../../../scripts/conformance/localStaking";
import type { ValidatorShare } from "../../../typechain-types";

export const POL = parseEther("1");
export const STAKE = 10_000n * POL;
export const CHECKPOINT_REWARD = 1_000n * POL;
export const DELAY = 4n;

/** A small Polygon: validators 8, 9 and 10 of equal stake, and two delegators with both tokens and approvals. */
export interface Rig extends LocalStaking {
  readonly governance: HardhatEthersSigner;
  readonly alice: HardhatEthersSigner;
  readonly bob: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly owner: HardhatEthersSigner;
  readonly signer: HardhatEthersSigner;
  /** Share contracts of validators 8 and 10. */
  readonly share: ValidatorShare;
  readonly otherShare: ValidatorShare;
}

/** Deploys the rig; a fixture. The proposer's bonus is off, so that equal stakes earn equal rewards. */
export async function deployRig(): Promise<Rig> {
  const signers = await ethers.getSigners();
  const [governance, alice, bob, stranger, owner, signer, ...others] = signers;
  if (!governance || !alice || !bob || !stranger || !owner || !signer) throw new Error("the rig needs six accounts");
  const staking = await deployLocalStaking(governance);
  const { stakeManager, pol, matic, migration } = staking;

  const add = (id: bigint, key: HardhatEthersSigner | undefined): Promise<ValidatorShare> => {
    if (key === undefined) throw new Error("the rig needs an account for each validator");
    return addLocalValidator(staking, { id, owner: owner.address, signer: key.address, stake: STAKE });
  };
  const share = await add(8n, signer);
  await add(9n, others[0]);
  const otherShare = await add(10n, others[1]);

  await stakeManager.updateProposerBonus(0);
  await stakeManager.setCheckpointReward(CHECKPOINT_REWARD);
  await stakeManager.setWithdrawalDelay(DELAY);
  await pol.mint(stakeManager, 1_000_000n * POL);
  for (const token of [pol, matic]) {
    await token.mint(migration, 1_000_000n * POL);
    for (const user of [alice, bob]) {
      await token.mint(user, STAKE);
      await token.connect(user).approve(stakeManager, MaxUint256);
    }
  }
  return { ...staking, governance, alice, bob, stranger, owner, signer, share, otherShare };
}
