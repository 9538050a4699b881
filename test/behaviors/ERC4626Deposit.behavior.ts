import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { id, toBeHex, zeroPadValue } from "ethers";
import { ethers } from "hardhat";

import type { IERC20, IERC7575 } from "../../typechain-types";

/** A vault whose share is a token of its own (ERC-7575), at some price of the share. */
export interface ERC4626DepositSubject {
  readonly vault: IERC7575;
  readonly asset: IERC20;
  readonly share: IERC20;
  /** Holds assets and has approved the vault alone. */
  readonly payer: HardhatEthersSigner;
  readonly receiver: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
}

/** Selectors of the sixteen functions of ERC-4626 that are not ERC-20's, and `share()`. */
const SELECTORS = {
  asset: "0x38d52e0f",
  totalAssets: "0x01e1d114",
  convertToShares: "0xc6e6f592",
  convertToAssets: "0x07a2d13a",
  maxDeposit: "0x402d267d",
  maxMint: "0xc63d75b6",
  previewDeposit: "0xef8b30f7",
  previewMint: "0xb3d7f6b9",
  deposit: "0x6e553f65",
  mint: "0x94bf804d",
  maxWithdraw: "0xce96cb77",
  previewWithdraw: "0x0a28a477",
  withdraw: "0xb460af94",
  maxRedeem: "0xd905777e",
  previewRedeem: "0x4cdad506",
  redeem: "0xba087652",
  share: "0xa8d5fd65",
} as const;

const ONE = 10n ** 18n;
/** Amounts with and without a remainder at any price. */
const AMOUNTS = [ONE, ONE + 1n, 3n * ONE - 1n, 1_234_567_890_123_456_789n, 10_000n * ONE];

/** The deposit side of ERC-4626, and what ERC-7575 says of it. */
export function behavesLikeERC4626Deposit(arrange: () => Promise<ERC4626DepositSubject>): void {
  describe("ERC-4626, deposit side", () => {
    let subject: ERC4626DepositSubject;
    let vault: IERC7575;
    let totals: { assets: bigint; shares: bigint };

    beforeEach(async () => {
      subject = await arrange();
      vault = subject.vault.connect(subject.payer);
      totals = { assets: await vault.totalAssets(), shares: await subject.share.totalSupply() };
    });

    const floor = (amount: bigint, numerator: bigint, denominator: bigint): bigint =>
      (amount * numerator) / denominator;
    const ceil = (amount: bigint, numerator: bigint, denominator: bigint): bigint =>
      (amount * numerator + denominator - 1n) / denominator;

    /** The least number of shares that is worth more than the assets. */
    const sharesWorth = (assets: bigint): bigint => floor(assets, totals.shares, totals.assets) + 1n;

    it("S7575-1: answers to all functions of ERC-4626 but those of a token, and to share()", async () => {
      for (const [name, selector] of Object.entries(SELECTORS)) {
        expect(vault.interface.getFunction(name as keyof typeof SELECTORS).selector).to.equal(selector);
      }
      expect(await vault.share()).to.equal(await subject.share.getAddress());
    });

    it("S4626-1: names its asset", async () => {
      expect(await vault.asset()).to.equal(await subject.asset.getAddress());
    });

    it("S4626-3: converts by the two totals, rounded down, the same for every caller", async () => {
      for (const amount of [0n, 1n, ...AMOUNTS]) {
        const shares = floor(amount, totals.shares, totals.assets);
        const assets = floor(amount, totals.assets, totals.shares);
        for (const caller of [subject.payer, subject.stranger]) {
          expect(await vault.connect(caller).convertToShares(amount)).to.equal(shares);
          expect(await vault.connect(caller).convertToAssets(amount)).to.equal(assets);
        }
        expect(await vault.convertToAssets(shares)).to.be.at.most(amount);
      }
    });

    it("S4626-3: converts everything into everything", async () => {
      expect(await vault.convertToShares(totals.assets)).to.equal(totals.shares);
      expect(await vault.convertToAssets(totals.shares)).to.equal(totals.assets);
    });

    describe("deposit", () => {
      for (const assets of AMOUNTS) {
        it(`S4626-7, S4626-6, S7575-2, A94: takes exactly ${assets} wei and mints what the preview said, rounded down`, async () => {
          const { asset, share, payer, receiver } = subject;
          const shares = floor(assets, totals.shares, totals.assets);
          expect(await vault.previewDeposit(assets)).to.equal(shares);
          expect(await vault.deposit.staticCall(assets, receiver)).to.equal(shares);
          const deposit = vault.deposit(assets, receiver);
          await expect(deposit).to.changeTokenBalances(asset, [payer, receiver, vault], [-assets, 0n, 0n]);
          await expect(deposit).to.changeTokenBalances(share, [payer, receiver], [0n, shares]);
          expect(await share.totalSupply()).to.equal(totals.shares + shares);
        });
      }

      it("S4626-9: emits Deposit from the vault, once, with the payer first and the receiver second", async () => {
        const { payer, receiver } = subject;
        const shares = floor(ONE, totals.shares, totals.assets);
        const deposit = await vault.deposit(ONE, receiver);
        const receipt = await deposit.wait();
        const logs = receipt?.logs.filter(({ topics }) => topics[0] === id("Deposit(address,address,uint256,uint256)"));
        expect(logs?.map(({ address, topics, data }) => ({ address, topics, data }))).to.deep.equal([
          {
            address: await vault.getAddress(),
            topics: [
              id("Deposit(address,address,uint256,uint256)"),
              zeroPadValue(payer.address, 32).toLowerCase(),
              zeroPadValue(receiver.address, 32).toLowerCase(),
            ],
            data: ethers.concat([toBeHex(ONE, 32), toBeHex(shares, 32)]),
          },
        ]);
      });
    });

    describe("mint", () => {
      for (const value of AMOUNTS) {
        it(`S4626-7, S4626-6, S7575-2: mints exactly the shares, worth ${value} wei, and takes what the preview said`, async () => {
          const { asset, share, payer, receiver } = subject;
          const wanted = sharesWorth(value);
          const assets = ceil(wanted, totals.assets, totals.shares);
          expect(await vault.previewMint(wanted)).to.equal(assets);
          expect(await vault.mint.staticCall(wanted, receiver)).to.equal(assets);
          const mint = vault.mint(wanted, receiver);
          await expect(mint).to.changeTokenBalances(asset, [payer, receiver, vault], [-assets, 0n, 0n]);
          await expect(mint).to.changeTokenBalances(share, [payer, receiver], [0n, wanted]);
        });
      }

      it("S4626-9: emits Deposit with the same four values", async () => {
        const { payer, receiver } = subject;
        const shares = sharesWorth(3n * ONE);
        await expect(vault.mint(shares, receiver))
          .to.emit(vault, "Deposit")
          .withArgs(payer.address, receiver.address, ceil(shares, totals.assets, totals.shares), shares);
      });
    });

    it("S4626-10, A14: no sequence of deposits and mints lowers the value of a share", async () => {
      for (const [index, amount] of AMOUNTS.entries()) {
        const before = { assets: await vault.totalAssets(), shares: await subject.share.totalSupply() };
        await (index % 2 === 0
          ? vault.deposit(amount, subject.receiver)
          : vault.mint(sharesWorth(amount), subject.receiver));
        const after = { assets: await vault.totalAssets(), shares: await subject.share.totalSupply() };
        expect(after.assets * before.shares >= before.assets * after.shares).to.equal(true);
      }
    });

    it("S4626-10, A14: shares bought are worth no more than was paid for them", async () => {
      for (const amount of AMOUNTS) {
        const shares = await vault.deposit.staticCall(amount, subject.receiver);
        await vault.deposit(amount, subject.receiver);
        expect(await vault.convertToAssets(shares)).to.be.at.most(amount);
      }
    });

    it("S4626-8: takes nothing from a receiver, who may have approved the vault too", async () => {
      const { asset, receiver, payer } = subject;
      await asset.connect(receiver).approve(vault, 2n ** 256n - 1n);
      await expect(vault.deposit(ONE, receiver)).to.changeTokenBalances(asset, [payer, receiver], [-ONE, 0n]);
    });

    it("S4626-6: previews any amount, down to none and far above what the vault takes", async () => {
      for (const amount of [0n, 1n, ONE - 1n, 10n ** 40n]) {
        expect(await vault.previewDeposit(amount)).to.equal(floor(amount, totals.shares, totals.assets));
        expect(await vault.previewMint(amount)).to.equal(ceil(amount, totals.assets, totals.shares));
      }
    });

    it("S4626-4: a deposit of maxDeposit passes", async () => {
      const { receiver, payer, asset } = subject;
      const most = await vault.maxDeposit(receiver);
      const held = await asset.balanceOf(payer);
      expect(most > 0n).to.equal(true);
      await vault.deposit.staticCall(most < held ? most : held, receiver);
    });

    it("S4626-6: a preview is exact at any later time", async () => {
      for (const seconds of [1, 3_600, 86_400]) {
        await time.increase(seconds);
        const shares = await vault.previewDeposit(10n * ONE);
        expect(await vault.deposit.staticCall(10n * ONE, subject.receiver, { blockTag: "latest" })).to.equal(shares);
      }
    });
  });
}
