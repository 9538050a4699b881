import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, Signature } from "ethers";
import { ethers } from "hardhat";

import { ValidatorShare__factory } from "../../../typechain-types";
import { CHECKPOINT_REWARD, POL, STAKE, deployRig } from "./support";
import type { Rig } from "./support";

/** Alice delegates as much as each of the three validators has staked, and one checkpoint pays a quarter to her. */
async function deployWithReward(): Promise<Rig> {
  const rig = await deployRig();
  await rig.share.connect(rig.alice).buyVoucherPOL(STAKE, STAKE);
  await rig.stakeManager.checkpoints(1);
  return rig;
}

const REWARD = CHECKPOINT_REWARD / 4n;

describe("ValidatorShare (local model)", () => {
  context("rewards that a stranger forces out", () => {
    it("arrive in MATIC by a transfer of no shares", async () => {
      const { share, alice, stranger, matic } = await loadFixture(deployWithReward);
      await expect(share.connect(stranger).transfer(alice, 0)).to.changeTokenBalance(matic, alice, REWARD);
      expect(await share.getLiquidRewards(alice)).to.equal(0);
    });

    it("arrive in POL by transferPOL, transferFrom and restakeAndTransferFrom of no shares", async () => {
      const { share, alice, stranger, pol } = await loadFixture(deployWithReward);
      const asStranger = share.connect(stranger);
      const calls = [
        () => asStranger.transferPOL(alice, 0),
        () => asStranger.transferFrom(alice, stranger, 0),
        () => asStranger.restakeAndTransferFrom(alice, 0),
      ];
      for (const call of calls) {
        const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
        await expect(call()).to.changeTokenBalance(pol, alice, REWARD);
        await ethers.provider.send("evm_revert", [snapshot]);
      }
    });
  });

  context("shares", () => {
    it("can be given to anyone without their consent", async () => {
      const { share, alice, bob } = await loadFixture(deployWithReward);
      await share.connect(alice).transferPOL(bob, POL);
      expect((await share.getTotalStake(bob))[0]).to.equal(POL);
    });

    it("reduce even an unlimited allowance when they are moved by it", async () => {
      const { share, alice, bob } = await loadFixture(deployWithReward);
      await share.connect(alice).approve(bob, MaxUint256);
      await share.connect(bob).transferFrom(alice, bob, POL);
      expect(await share.allowance(alice, bob)).to.equal(MaxUint256 - POL);
    });

    it("revert without data when there are too few, or an allowance is too small", async () => {
      const { share, alice, bob } = await loadFixture(deployWithReward);
      await expect(share.connect(bob).transferPOL(alice, 1)).to.be.revertedWithoutReason();
      await expect(share.connect(bob).transferFrom(alice, bob, 1)).to.be.revertedWithoutReason();
      await expect(share.connect(alice).decreaseAllowance(bob, 1)).to.be.revertedWithoutReason();
    });

    it("have a permit whose domain anyone may store again", async () => {
      const { share, alice, bob, stranger } = await loadFixture(deployWithReward);
      const separator = await share.DOMAIN_SEPARATOR();
      await share.connect(stranger)._cacheDomainSeparatorV4();
      expect(await share.DOMAIN_SEPARATOR()).to.equal(separator);

      const { chainId } = await ethers.provider.getNetwork();
      const domain = { name: "Delegated POL #8", version: "1", chainId, verifyingContract: await share.getAddress() };
      const types = {
        Permit: ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"].map(
          (field) => {
            const [type = "", name = ""] = field.split(" ");
            return { name, type };
          },
        ),
      };
      const message = { owner: alice.address, spender: bob.address, value: POL, nonce: 0n, deadline: MaxUint256 };
      const { v, r, s } = Signature.from(await alice.signTypedData(domain, types, message));
      await share.connect(stranger).permit(alice, bob, POL, MaxUint256, v, r, s);
      expect(await share.allowance(alice, bob)).to.equal(POL);
      expect(await share.nonces(alice)).to.equal(1);
    });
  });

  context("sales", () => {
    it("of nothing use up a nonce that can never be claimed", async () => {
      const { share, stakeManager, alice } = await loadFixture(deployWithReward);
      await share.connect(alice).sellVoucher_newPOL(0, 0);
      expect(await share.unbondNonces(alice)).to.equal(1);
      await stakeManager.checkpoints(10);
      await expect(share.connect(alice).unstakeClaimTokens_newPOL(1)).to.be.revertedWith(
        "Incomplete withdrawal period",
      );
    });

    it("fail in the epoch in which the validator announces to leave, and work from the next one on", async () => {
      const { share, stakeManager, alice, owner } = await loadFixture(deployWithReward);
      await stakeManager.connect(owner).unstakePOL(8);
      await expect(share.connect(alice).sellVoucher_newPOL(POL, POL)).to.be.revertedWith("unstaking");
      await expect(stakeManager.connect(alice).migrateDelegation(8, 10, POL)).to.be.revertedWith("unstaking");
      await stakeManager.checkpoints(1);
      await expect(share.connect(alice).sellVoucher_newPOL(POL, POL)).not.to.be.reverted;
      await expect(stakeManager.connect(alice).migrateDelegation(8, 10, POL)).not.to.be.reverted;
      await expect(share.connect(alice).buyVoucherPOL(POL, 0)).to.be.revertedWith("locked");
    });
  });

  context("delegating again after a total loss", () => {
    it("reverts without data while worthless shares remain", async () => {
      const { share, stakeManager, alice, bob } = await loadFixture(deployRig);
      await share.connect(alice).buyVoucherPOL(POL, 0);
      await stakeManager.cheatSlash(8, 10_000, false);
      expect(await share.exchangeRate()).to.equal(0);
      await expect(share.connect(bob).buyVoucherPOL(POL, 0)).to.be.revertedWithoutReason();
      await expect(share.connect(alice).sellVoucher_newPOL(0, 0)).to.be.revertedWith("Too much requested");
    });
  });

  context("powers", () => {
    it("of the owner are the StakeManager's alone", async () => {
      const { share, stakeManager, stranger } = await loadFixture(deployRig);
      expect(await share.owner()).to.equal(await stakeManager.getAddress());
      const asStranger = share.connect(stranger);
      const calls = [
        () => asStranger.migrateOut(stranger, 0),
        () => asStranger.migrateIn(stranger, 0),
        () => asStranger.lock(),
        () => asStranger.unlock(),
        () => asStranger.updateDelegation(false),
        () => asStranger.cheatSetPools(0, 0),
      ];
      for (const call of calls) await expect(call()).to.be.revertedWithoutReason();
      await expect(asStranger.initialize(1, stranger, stranger)).to.be.revertedWith("already inited");
    });

    it("over the code of all share contracts are one entry of the Registry", async () => {
      const { share, otherShare, registry, governance, stranger } = await loadFixture(deployRig);
      const next = await new ValidatorShare__factory(governance).deploy();
      const key = ethers.id("validatorShare");
      await expect(registry.connect(stranger).updateContractMap(key, next)).to.be.revertedWith(
        "Only governance contract is authorized",
      );
      await registry.updateContractMap(key, next);
      for (const proxy of [share, otherShare]) {
        const asProxy = await ethers.getContractAt("UpgradableProxy", await proxy.getAddress());
        expect(await asProxy.implementation()).to.equal(await next.getAddress());
      }
      expect(await share.version()).to.equal("2.3.0");
    });

    it("to log belong to the share contract of the validator", async () => {
      const { stakingInfo, eventsHub, stranger } = await loadFixture(deployRig);
      await expect(stakingInfo.connect(stranger).logShareMinted(8, stranger, 1, 1)).to.be.revertedWith(
        "Invalid sender, not validator",
      );
      await expect(eventsHub.connect(stranger).logSharesTransfer(8, stranger, stranger, 1)).to.be.revertedWith(
        "Invalid sender, not validator",
      );
      await expect(stakingInfo.connect(stranger).logStakeUpdate(8)).to.be.revertedWith(
        "Invalid sender, not stake manager or validator contract",
      );
      await expect(stakingInfo.connect(stranger).logClaimRewards(8, 1, 1)).to.be.revertedWith(
        "Invalid sender, not stake manager",
      );
    });
  });
});
