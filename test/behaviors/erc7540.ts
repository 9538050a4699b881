import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { FunctionFragment, ZeroAddress, id as hash } from "ethers";

import type { AnkrMATIC, PolygonEcosystemToken, PolygonPool } from "../../typechain-types";

/** A vault whose redemption is asynchronous, and the ways in which its requests become claimable. */
export interface AsynchronousVault {
  readonly vault: PolygonPool;
  readonly share: AnkrMATIC;
  readonly asset: PolygonEcosystemToken;
  /** Holds at least `shares`, several times over. */
  readonly holder: HardhatEthersSigner;
  /** Holds at least `shares`, too, and has asked for nothing. */
  readonly second: HardhatEthersSigner;
  /** Holds nothing. */
  readonly stranger: HardhatEthersSigner;
  /** A request of everyday size. */
  readonly shares: bigint;
  /** Makes claimable what was requested so far. */
  readonly mature: () => Promise<void>;
}

/** What a request emits and returns. */
async function request(
  { vault }: AsynchronousVault,
  owner: HardhatEthersSigner,
  shares: bigint,
  controller: HardhatEthersSigner = owner,
): Promise<bigint> {
  const id = await vault.connect(owner).requestRedeem.staticCall(shares, controller, owner);
  await vault.connect(owner).requestRedeem(shares, controller, owner);
  return id;
}

/** The clauses of ERC-7540's asynchronous redemption, for any state in which a vault may be. */
export function behavesAsAsynchronousRedeem(deploy: () => Promise<AsynchronousVault>): void {
  let subject: AsynchronousVault;

  beforeEach(async () => {
    subject = await deploy();
  });

  describe("requests", () => {
    it("S7540-1: returns the id that it logs, by (shares, controller, owner)", async () => {
      const { vault, holder, shares } = subject;
      const id = await vault.connect(holder).requestRedeem.staticCall(shares, holder, holder);
      await expect(vault.connect(holder).requestRedeem(shares, holder, holder))
        .to.emit(vault, "RedeemRequest")
        .withArgs(holder, holder, id, holder, shares);
    });

    it("S7540-2, S7540-3: takes owner, operator and holder of an allowance, and no one else", async () => {
      const { vault, share, holder, second, stranger, shares } = subject;
      await expect(vault.connect(stranger).requestRedeem(shares, stranger, holder))
        .to.be.revertedWithCustomError(share, "ERC20InsufficientAllowance")
        .withArgs(stranger, 0n, shares);
      await share.connect(holder).approve(stranger, shares);
      await vault.connect(stranger).requestRedeem(shares, stranger, holder);
      expect(await share.allowance(holder, stranger)).to.equal(0n);
      await share.connect(holder).approve(second, shares);
      await vault.connect(holder).setOperator(second, true);
      await vault.connect(second).requestRedeem(shares, second, holder);
      expect(await share.allowance(holder, second)).to.equal(shares);
    });

    it("S7540-4, S7575-2, X-7: takes the shares from the owner once, at the request", async () => {
      const { vault, share, holder, shares, mature } = subject;
      const balance = await share.balanceOf(holder);
      await expect(vault.connect(holder).requestRedeem(shares, holder, holder)).to.changeTokenBalance(
        share,
        holder,
        -shares,
      );
      await mature();
      const supply = await share.totalSupply();
      await vault.connect(holder).redeem(shares, holder, holder);
      expect(await share.balanceOf(holder)).to.equal(balance - shares);
      expect(await share.totalSupply()).to.equal(supply);
    });

    it("S7540-5: reverts if the owner has not all of the shares", async () => {
      const { vault, share, holder } = subject;
      const balance = await share.balanceOf(holder);
      await expect(vault.connect(holder).requestRedeem(balance + 1n, holder, holder))
        .to.be.revertedWithCustomError(share, "ERC20InsufficientBalance")
        .withArgs(holder, balance, balance + 1n);
    });

    it("S7540-7: changes nothing of what the controller asked for before, pending or claimable", async () => {
      const { vault, holder, shares, mature } = subject;
      const first = await request(subject, holder, shares);
      await mature();
      const claimable = await vault.maxWithdraw(holder);
      const second = await request(subject, holder, shares);
      await request(subject, holder, shares);
      expect(await vault.claimableRedeemRequest(first, holder)).to.equal(shares);
      expect(await vault.maxWithdraw(holder)).to.equal(claimable);
      expect(await vault.pendingRedeemRequest(second, holder)).to.equal(2n * shares);
    });

    it("S7540-10: goes from pending to claimable to claimed, and pays only in the call that claims", async () => {
      const { vault, asset, holder, shares, mature } = subject;
      const balance = await asset.balanceOf(holder);
      const id = await request(subject, holder, shares);
      expect([
        await vault.pendingRedeemRequest(id, holder),
        await vault.claimableRedeemRequest(id, holder),
      ]).to.deep.equal([shares, 0n]);
      await mature();
      expect([
        await vault.pendingRedeemRequest(id, holder),
        await vault.claimableRedeemRequest(id, holder),
      ]).to.deep.equal([0n, shares]);
      expect(await asset.balanceOf(holder)).to.equal(balance);
      const owed = await vault.maxWithdraw(holder);
      await expect(vault.connect(holder).redeem(shares, holder, holder)).to.changeTokenBalance(asset, holder, owed);
      expect(await vault.claimableRedeemRequest(id, holder)).to.equal(0n);
    });
  });

  describe("claims", () => {
    let owed: bigint;

    beforeEach(async () => {
      const { vault, holder, second, shares, mature } = subject;
      await request(subject, holder, shares);
      await request(subject, second, shares);
      await mature();
      owed = await vault.maxWithdraw(holder);
    });

    it("S7540-11, X-6: are the controller's and its operator's alone", async () => {
      const { vault, share, asset, holder, second, stranger, shares } = subject;
      await share.connect(holder).approve(stranger, shares);
      for (const call of ["redeem", "withdraw"] as const) {
        await expect(vault.connect(stranger)[call](1n, stranger, holder))
          .to.be.revertedWithCustomError(vault, "NotController")
          .withArgs(stranger, holder);
      }
      await vault.connect(holder).setOperator(stranger, true);
      const before = await vault.maxRedeem(second);
      await expect(vault.connect(stranger).redeem(shares, second, holder)).to.changeTokenBalance(asset, second, owed);
      expect(await vault.maxRedeem(second)).to.equal(before);
      expect(await vault.maxRedeem(holder)).to.equal(0n);
    });

    it("S7540-12, X-8: pass up to their maximum, and a wei more does not", async () => {
      const { vault, holder, shares } = subject;
      expect(await vault.maxRedeem(holder)).to.equal(shares);
      expect(await vault.connect(holder).redeem.staticCall(shares, holder, holder)).to.equal(owed);
      expect(await vault.connect(holder).withdraw.staticCall(owed, holder, holder)).to.equal(shares);
      await expect(vault.connect(holder).redeem(shares + 1n, holder, holder))
        .to.be.revertedWithCustomError(vault, "InsufficientClaimable")
        .withArgs(holder, shares + 1n, shares);
      await expect(vault.connect(holder).withdraw(owed + 1n, holder, holder))
        .to.be.revertedWithCustomError(vault, "InsufficientClaimable")
        .withArgs(holder, owed + 1n, owed);
    });

    it("S7540-14, S7540-15: round against the caller, and the last share takes all that is left", async () => {
      const { vault, asset, holder, shares } = subject;
      const floor = (owed * 7n) / shares;
      expect(await vault.connect(holder).redeem.staticCall(7n, holder, holder)).to.equal(floor);
      const ceiling = (shares * 7n + owed - 1n) / owed;
      expect(await vault.connect(holder).withdraw.staticCall(7n, holder, holder)).to.equal(ceiling);
      await vault.connect(holder).withdraw(owed - 1n, holder, holder);
      const left = await vault.maxRedeem(holder);
      expect(left).to.be.greaterThan(0n);
      await expect(vault.connect(holder).redeem(left, holder, holder)).to.changeTokenBalance(asset, holder, 1n);
    });

    it("S7540-16, S7540-17: log one Withdraw (caller, receiver, controller; assets, shares) over several requests", async () => {
      const { vault, holder, stranger, shares, mature } = subject;
      await request(subject, holder, shares);
      await mature();
      const assets = await vault.maxWithdraw(holder);
      const sent = await vault.connect(holder).redeem(2n * shares, stranger, holder);
      await expect(sent)
        .to.emit(vault, "Withdraw")
        .withArgs(holder, stranger, holder, assets, 2n * shares);
      const receipt = await sent.wait();
      const topic = hash("Withdraw(address,address,address,uint256,uint256)");
      expect(receipt?.logs.filter(({ topics }) => topics[0] === topic)).to.have.length(1);
    });

    it("S7540-18: of nothing succeed and log", async () => {
      const { vault, holder, stranger } = subject;
      await expect(vault.connect(holder).redeem(0n, holder, holder))
        .to.emit(vault, "Withdraw")
        .withArgs(holder, holder, holder, 0n, 0n);
      await expect(vault.connect(stranger).withdraw(0n, holder, stranger))
        .to.emit(vault, "Withdraw")
        .withArgs(stranger, holder, stranger, 0n, 0n);
    });

    it("S7540-8, X-1: are paid to all members of a batch at one time and by one factor", async () => {
      const { vault, holder, second } = subject;
      expect(await vault.maxRedeem(second)).to.equal(await vault.maxRedeem(holder));
      const ofSecond = await vault.maxWithdraw(second);
      // Same shares, same moment of the rate but for the seconds between the two requests.
      expect(ofSecond).to.be.closeTo(owed, owed / 1_000_000n + 1n);
    });
  });

  describe("views and names", () => {
    it("S7540-9, X-11: no id, no address makes a view revert, and id 0 has nothing", async () => {
      const { vault, holder, shares } = subject;
      await request(subject, holder, shares);
      for (const id of [0n, 1n, 2n ** 160n, 2n ** 256n - 1n]) {
        for (const controller of [holder.address, ZeroAddress, await vault.getAddress()]) {
          expect(await vault.pendingRedeemRequest(id, controller)).to.equal(0n);
          expect(await vault.claimableRedeemRequest(id, controller)).to.equal(0n);
        }
      }
      expect(await vault.maxRedeem(ZeroAddress)).to.equal(0n);
      expect(await vault.maxWithdraw(ZeroAddress)).to.equal(0n);
    });

    it("S7540-13, X-5: previews of the exit revert, those of the entry do not", async () => {
      const { vault, shares } = subject;
      for (const amount of [0n, shares]) {
        await expect(vault.previewRedeem(amount)).to.be.revertedWithCustomError(vault, "AsynchronousRedeem");
        await expect(vault.previewWithdraw(amount)).to.be.revertedWithCustomError(vault, "AsynchronousRedeem");
        await expect(vault.previewDeposit(amount)).not.to.be.reverted;
        await expect(vault.previewMint(amount)).not.to.be.reverted;
      }
    });

    it("S7540-19: setOperator returns true and logs, and isOperator answers", async () => {
      const { vault, holder, stranger } = subject;
      expect(await vault.connect(holder).setOperator.staticCall(stranger, true)).to.equal(true);
      await expect(vault.connect(holder).setOperator(stranger, true))
        .to.emit(vault, "OperatorSet")
        .withArgs(holder, stranger, true);
      expect(await vault.isOperator(holder, stranger)).to.equal(true);
    });

    it("S7540-21, S7540-23, X-10: has the redeem side alone", async () => {
      const { vault } = subject;
      const selectors = new Set(
        vault.interface.fragments.flatMap((item) => (FunctionFragment.isFragment(item) ? [item.selector] : [])),
      );
      const asynchronousDeposit = [
        "requestDeposit(uint256,address,address)",
        "pendingDepositRequest(uint256,address)",
        "claimableDepositRequest(uint256,address)",
        "deposit(uint256,address,address)",
        "mint(uint256,address,address)",
        "authorizeOperator(address,address,bool,bytes32,uint256,bytes)",
      ];
      for (const signature of asynchronousDeposit) {
        expect(selectors.has(hash(signature).slice(0, 10)), signature).to.equal(false);
      }
      for (const id of ["0x01ffc9a7", "0x2f0a18c5", "0xe3bc4e65", "0x620ee8e4"]) {
        expect(await vault.supportsInterface(id), id).to.equal(true);
      }
      for (const id of ["0xffffffff", "0x00000000", "0xce3bbe50", "0xe76cffc7", "0xa9e50872"]) {
        expect(await vault.supportsInterface(id), id).to.equal(false);
      }
      expect(await vault.share()).to.equal(await subject.share.getAddress());
    });
  });
}
