import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { ethers } from "hardhat";

import { ValidatorShare__factory } from "../../../typechain-types";
import { CHECKPOINT_REWARD, DELAY, POL, STAKE, deployRig } from "./support";

const INTERVAL = 1024n;
const ALL = [8n, 9n, 10n];

describe("StakeManager (local model)", () => {
  context("addValidator", () => {
    it("gives the validator a share contract that bears its id in hexadecimal", async () => {
      const { stakeManager, share, otherShare } = await loadFixture(deployRig);
      expect(await stakeManager.getValidatorContract(10)).to.equal(await otherShare.getAddress());
      expect(await otherShare.name()).to.equal("Delegated POL #a");
      expect(await otherShare.symbol()).to.equal("dPOLa");
      expect(await share.symbol()).to.equal("dPOL8");
      expect(await stakeManager.currentValidatorSetTotalStake()).to.equal(3n * STAKE);
      expect(await stakeManager.isValidator(10)).to.equal(true);
    });

    it("names ids of several digits without leading zeros", async () => {
      const { stakeManager, stranger, share } = await loadFixture(deployRig);
      await stakeManager.addValidator(188, stranger, stranger, STAKE, 5, true);
      const added = share.attach(await stakeManager.getValidatorContract(188)) as typeof share;
      expect(await added.name()).to.equal("Delegated POL #bc");
    });

    it("leaves a validator that accepts no delegation without a share contract", async () => {
      const { stakeManager, stranger } = await loadFixture(deployRig);
      await stakeManager.addValidator(11, stranger, stranger, STAKE, 0, false);
      expect(await stakeManager.getValidatorContract(11)).to.equal(ZeroAddress);
      await expect(stakeManager.connect(stranger).updateValidatorDelegation(true)).to.be.revertedWith(
        "Delegation is disabled",
      );
    });

    it("refuses an id or a signer that is taken", async () => {
      const { stakeManager, stranger, signer } = await loadFixture(deployRig);
      await expect(stakeManager.addValidator(8, stranger, stranger, STAKE, 0, true)).to.be.revertedWith("id in use");
      await expect(stakeManager.addValidator(11, stranger, signer, STAKE, 0, true)).to.be.revertedWith("signer in use");
    });
  });

  context("checkpoints", () => {
    it("shares the reward out by stake and begins the next epoch", async () => {
      const { stakeManager, alice, share } = await loadFixture(deployRig);
      await share.connect(alice).buyVoucherPOL(STAKE, 0);
      await stakeManager.checkpoints(1);
      expect(await stakeManager.epoch()).to.equal(2);
      // 40,000 POL of stake in four equal parts, two of them with validator 8
      expect(await stakeManager.validatorReward(9)).to.equal(CHECKPOINT_REWARD / 4n);
      expect(await stakeManager.validatorReward(8)).to.equal(CHECKPOINT_REWARD / 4n);
      expect(await share.getLiquidRewards(alice)).to.equal(CHECKPOINT_REWARD / 4n);
    });

    it("does in one call what as many single checkpoints do", async () => {
      const { stakeManager, alice, share, owner } = await loadFixture(deployRig);
      await stakeManager.updateProposerBonus(10);
      await stakeManager.updateCheckpointRewardParams(20, 5, 10);
      await share.connect(alice).buyVoucherPOL(STAKE / 3n, 0);
      await stakeManager.connect(owner).unstakePOL(9);

      const results: bigint[][] = [];
      const record = async (): Promise<void> => {
        const views = [
          stakeManager.epoch(),
          stakeManager.rewardPerStake(),
          stakeManager.currentValidatorSetTotalStake(),
        ];
        const rewards = ALL.flatMap((id) => [stakeManager.validatorReward(id), stakeManager.delegatorsReward(id)]);
        results.push(await Promise.all([...views, ...rewards]));
      };
      const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
      await stakeManager.checkpointsOf(7, 3_000);
      await record();
      await ethers.provider.send("evm_revert", [snapshot]);
      await stakeManager.checkpoint(3_000, ALL, 8);
      for (let i = 1; i < 7; ++i) await stakeManager.checkpoint(3_000, [8, 10], 8);
      await record();
      expect(results[0]).to.deep.equal(results[1]);
    });

    it("fit in one transaction by the hundred", async () => {
      const { stakeManager } = await loadFixture(deployRig);
      const receipt = await (await stakeManager.checkpoints(500)).wait();
      expect(receipt?.gasUsed).to.be.lessThan(16_000_000n);
      expect(await stakeManager.epoch()).to.equal(501);
    });

    it("count a signature once, and not at all if it is no validator's", async () => {
      const { stakeManager } = await loadFixture(deployRig);
      await expect(stakeManager.checkpoint(INTERVAL, [8, 8, 8], 8)).to.be.revertedWith("2/3+1 non-majority!");
      await expect(stakeManager.checkpoint(INTERVAL, [8, 9, 77], 8)).to.be.revertedWith("2/3+1 non-majority!");
      await expect(stakeManager.checkpoint(INTERVAL, ALL, 8)).not.to.be.reverted;
    });

    it("are refused if their reward rounds to 0", async () => {
      const { stakeManager } = await loadFixture(deployRig);
      await stakeManager.setCheckpointReward(0);
      await expect(stakeManager.checkpoints(1)).to.be.revertedWith("Invalid checkpoint");
      await expect(stakeManager.checkpoint(INTERVAL, ALL, 8)).to.be.revertedWith("Invalid checkpoint");
    });

    it("arrive through the RootChain alone, which tells reward and proposer", async () => {
      const { stakeManager, rootChain, signer } = await loadFixture(deployRig);
      await expect(stakeManager.checkSignatures(INTERVAL, ALL, signer)).to.be.revertedWithoutReason();
      await expect(rootChain.submitCheckpoint(0, ALL, signer, ZeroHash)).to.be.revertedWith("INCORRECT_HEADER_DATA");
      await expect(rootChain.submitCheckpoint(INTERVAL, ALL, signer, ZeroHash))
        .to.emit(rootChain, "NewHeaderBlock")
        .withArgs(signer.address, 10_000, CHECKPOINT_REWARD, 0, INTERVAL - 1n, ZeroHash);
      await expect(rootChain.submitCheckpoint(1, ALL, signer, ZeroHash))
        .to.emit(rootChain, "NewHeaderBlock")
        .withArgs(signer.address, 20_000, CHECKPOINT_REWARD / INTERVAL, INTERVAL, INTERVAL, ZeroHash);
    });
  });

  context("governance", () => {
    it("is the only one to change parameters", async () => {
      const { stakeManager, stranger } = await loadFixture(deployRig);
      const asStranger = stakeManager.connect(stranger);
      const calls = [
        () => asStranger.setDelegationEnabled(false),
        () => asStranger.forceUnstakePOL(8),
        () => asStranger.setCurrentEpoch(9),
        () => asStranger.updateDynastyValue(1),
        () => asStranger.updateProposerBonus(1),
        () => asStranger.updateValidatorContractAddress(8, stranger),
        () => asStranger.lock(),
        () => asStranger.convertMaticToPOL(0),
      ];
      for (const call of calls) {
        await expect(call()).to.be.revertedWith("Only governance contract is authorized");
      }
    });

    it("changes the delay of unbonds that are running, in both directions", async () => {
      const { stakeManager, alice, share } = await loadFixture(deployRig);
      const asAlice = share.connect(alice);
      await asAlice.buyVoucherPOL(POL, 0);
      await asAlice.sellVoucher_newPOL(POL, POL);
      await stakeManager.checkpoints(2);
      await stakeManager.updateDynastyValue(2);
      await asAlice.unstakeClaimTokens_newPOL.staticCall(1);
      await stakeManager.updateDynastyValue(DELAY);
      await expect(asAlice.unstakeClaimTokens_newPOL(1)).to.be.revertedWith("Incomplete withdrawal period");
      await stakeManager.setCurrentEpoch(1n + DELAY);
      await expect(asAlice.unstakeClaimTokens_newPOL(1)).not.to.be.reverted;
    });

    it("points a validator to another share contract of the manager; the old one can do nothing any more", async () => {
      const { stakeManager, alice, share, governance } = await loadFixture(deployRig);
      await share.connect(alice).buyVoucherPOL(POL, 0);
      const foreign = await new ValidatorShare__factory(governance).deploy();
      await expect(stakeManager.updateValidatorContractAddress(8, foreign)).to.be.revertedWithoutReason();

      const next = await stakeManager.createShareContract.staticCall(8);
      await stakeManager.createShareContract(8);
      await stakeManager.updateValidatorContractAddress(8, next);
      expect(await stakeManager.getValidatorContract(8)).to.equal(next);
      const newShare = ValidatorShare__factory.connect(next, alice);
      expect(await newShare.getTotalStake(alice)).to.deep.equal([0n, 10n ** 29n]);
      await newShare.buyVoucherPOL(2n * POL, 0);

      const old = share.connect(alice);
      await expect(old.buyVoucherPOL(POL, 0)).to.be.revertedWith("Invalid contract address");
      await expect(old.sellVoucher_newPOL(POL, POL)).to.be.revertedWith("Invalid contract address");
      // the validator's delegation is one figure: seen from the old contract, one share now stands for all of it
      expect((await old.getTotalStake(alice))[0]).to.equal(3n * POL);
    });

    it("stops validators from restaking by lock, not delegation", async () => {
      const { stakeManager, owner, alice, share } = await loadFixture(deployRig);
      await stakeManager.lock();
      await expect(stakeManager.connect(owner).restakePOL(8, 0, true)).to.be.revertedWith("locked");
      await expect(share.connect(alice).buyVoucherPOL(POL, 0)).not.to.be.reverted;
      await stakeManager.unlock();
      await expect(stakeManager.connect(owner).restakePOL(8, 0, true)).not.to.be.reverted;
    });

    it("converts MATIC that was sent to the manager", async () => {
      const { stakeManager, pol, matic, alice } = await loadFixture(deployRig);
      await matic.connect(alice).transfer(stakeManager, POL);
      await expect(stakeManager.convertMaticToPOL(POL + 1n)).to.be.revertedWith("Lacking MATIC");
      await expect(stakeManager.convertMaticToPOL(POL)).to.changeTokenBalance(pol, stakeManager, POL);
      expect(await matic.balanceOf(stakeManager)).to.equal(0);
    });

    it("bounds the reward parameters", async () => {
      const { stakeManager } = await loadFixture(deployRig);
      await expect(stakeManager.updateCheckpointRewardParams(21, 5, 10)).to.be.revertedWithoutReason();
      await expect(stakeManager.updateCheckpointRewardParams(20, 5, 101)).to.be.revertedWithoutReason();
      await expect(stakeManager.updateProposerBonus(101)).to.be.revertedWith("too big");
      await expect(stakeManager.updateCheckpointReward(0)).to.be.revertedWithoutReason();
      await expect(stakeManager.updateCheckPointBlockInterval(0)).to.be.revertedWithoutReason();
    });
  });

  context("cheats", () => {
    it("slash a stake and what is unbonding from it", async () => {
      const { stakeManager, alice, share } = await loadFixture(deployRig);
      await share.connect(alice).buyVoucherPOL(100n * POL, 0);
      await share.connect(alice).sellVoucher_newPOL(40n * POL, 40n * POL);
      await stakeManager.cheatSlash(8, 1_000, false);
      expect((await share.getTotalStake(alice))[0]).to.equal(54n * POL);
      expect(await share.exchangeRate()).to.equal(9n * 10n ** 28n);
      expect(await share.withdrawPool()).to.equal(36n * POL);
      expect(await stakeManager.currentValidatorSetTotalStake()).to.equal(3n * STAKE + 54n * POL);
      await stakeManager.cheatSlash(8, 5_000, true);
      expect(await share.withdrawPool()).to.equal(36n * POL);
      await expect(stakeManager.cheatSlash(8, 10_001, true)).to.be.revertedWith("too big");
    });

    it("lock and unlock a share contract", async () => {
      const { stakeManager, alice, share } = await loadFixture(deployRig);
      await stakeManager.cheatSetLocked(8, true);
      await expect(share.connect(alice).buyVoucherPOL(POL, 0)).to.be.revertedWith("locked");
      await stakeManager.cheatSetLocked(8, false);
      await expect(share.connect(alice).buyVoucherPOL(POL, 0)).not.to.be.reverted;
    });
  });
});
