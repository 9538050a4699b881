import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress, toBeHex } from "ethers";

import type { IPermitToken } from "../typechain-types";

/** An ERC-20 with some balance. */
export interface ERC20Subject {
  readonly token: IPermitToken;
  /** Holds `balance`, at least 10 wei, and has given nobody an allowance. */
  readonly holder: HardhatEthersSigner;
  readonly balance: bigint;
  readonly spender: HardhatEthersSigner;
  /** Holds nothing. */
  readonly recipient: HardhatEthersSigner;
}

/** What the token calls itself. */
export interface ERC20Metadata {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: bigint;
}

/** ERC-20, with the readings and house rules of this system: zero amounts are normal, errors are those of ERC-6093. */
export function behavesLikeERC20(arrange: () => Promise<ERC20Subject>, metadata: ERC20Metadata): void {
  const TRUE = toBeHex(1, 32);

  describe("ERC-20", () => {
    let subject: ERC20Subject;
    let token: IPermitToken;

    beforeEach(async () => {
      subject = await arrange();
      token = subject.token.connect(subject.holder);
    });

    it("S20-1: transfer, approve and transferFrom return one word that says true", async () => {
      const { holder, spender, recipient } = subject;
      const raw = async (from: HardhatEthersSigner, data: string): Promise<string> =>
        from.call({ to: await token.getAddress(), data });
      await token.approve(spender, 5n);
      const { interface: abi } = token;
      const to = recipient.address;
      expect(await raw(holder, abi.encodeFunctionData("transfer", [to, 1n]))).to.equal(TRUE);
      expect(await raw(holder, abi.encodeFunctionData("approve", [to, 1n]))).to.equal(TRUE);
      expect(await raw(spender, abi.encodeFunctionData("transferFrom", [holder.address, to, 1n]))).to.equal(TRUE);
    });

    it("S20-1: answers to the selectors of the standard", () => {
      const selectors = ["totalSupply", "balanceOf", "transfer", "transferFrom", "approve", "allowance"] as const;
      expect(selectors.map((name) => token.interface.getFunction(name).selector)).to.deep.equal([
        "0x18160ddd",
        "0x70a08231",
        "0xa9059cbb",
        "0x23b872dd",
        "0x095ea7b3",
        "0xdd62ed3e",
      ]);
    });

    it("S20-6: has a name, a symbol, and the decimals of its asset", async () => {
      expect(await token.name()).to.equal(metadata.name);
      expect(await token.symbol()).to.equal(metadata.symbol);
      expect(await token.decimals()).to.equal(metadata.decimals);
    });

    describe("transfer", () => {
      it("moves exactly the value, leaves the supply alone and logs it once", async () => {
        const { holder, recipient, balance } = subject;
        const supply = await token.totalSupply();
        await expect(token.transfer(recipient, balance - 1n))
          .to.emit(token, "Transfer")
          .withArgs(holder.address, recipient.address, balance - 1n);
        expect(await token.balanceOf(holder)).to.equal(1n);
        expect(await token.balanceOf(recipient)).to.equal(balance - 1n);
        expect(await token.totalSupply()).to.equal(supply);
      });

      it("S20-2: of nothing succeeds and is logged, also from an empty account", async () => {
        const { holder, recipient } = subject;
        await expect(token.transfer(recipient, 0n))
          .to.emit(token, "Transfer")
          .withArgs(holder.address, recipient.address, 0n);
        await expect(token.connect(recipient).transfer(holder, 0n))
          .to.emit(token, "Transfer")
          .withArgs(recipient.address, holder.address, 0n);
      });

      it("to oneself changes nothing", async () => {
        const { holder, balance } = subject;
        await token.transfer(holder, balance);
        expect(await token.balanceOf(holder)).to.equal(balance);
      });

      it("reverts above the balance", async () => {
        const { holder, recipient, balance } = subject;
        await expect(token.transfer(recipient, balance + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(holder.address, balance, balance + 1n);
      });

      it("reverts to the zero address", async () => {
        await expect(token.transfer(ZeroAddress, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InvalidReceiver")
          .withArgs(ZeroAddress);
      });
    });

    describe("approve", () => {
      it("S20-3: overwrites without a zero in between, and logs each time", async () => {
        const { holder, spender } = subject;
        for (const value of [5n, 7n, 7n, 0n]) {
          await expect(token.approve(spender, value))
            .to.emit(token, "Approval")
            .withArgs(holder.address, spender.address, value);
          expect(await token.allowance(holder, spender)).to.equal(value);
        }
      });

      it("reverts for the zero address", async () => {
        await expect(token.approve(ZeroAddress, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InvalidSpender")
          .withArgs(ZeroAddress);
      });
    });

    describe("transferFrom", () => {
      it("S20-5: lowers a finite allowance by the value, without an Approval", async () => {
        const { holder, spender, recipient } = subject;
        await token.approve(spender, 7n);
        const move = token.connect(spender).transferFrom(holder, recipient, 5n);
        await expect(move).to.emit(token, "Transfer").withArgs(holder.address, recipient.address, 5n);
        await expect(move).not.to.emit(token, "Approval");
        expect(await token.allowance(holder, spender)).to.equal(2n);
        expect(await token.balanceOf(recipient)).to.equal(5n);
      });

      it("S20-5: leaves an unlimited allowance as it is", async () => {
        const { holder, spender, recipient } = subject;
        await token.approve(spender, MaxUint256);
        await token.connect(spender).transferFrom(holder, recipient, 5n);
        expect(await token.allowance(holder, spender)).to.equal(MaxUint256);
      });

      it("S20-2: of nothing by a stranger without an allowance succeeds, is logged and moves nothing", async () => {
        const { holder, spender, recipient, balance } = subject;
        await expect(token.connect(spender).transferFrom(holder, recipient, 0n))
          .to.emit(token, "Transfer")
          .withArgs(holder.address, recipient.address, 0n);
        expect(await token.balanceOf(holder)).to.equal(balance);
      });

      it("A54: of a single wei without an allowance reverts", async () => {
        const { holder, spender, recipient } = subject;
        await expect(token.connect(spender).transferFrom(holder, recipient, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(spender.address, 0n, 1n);
      });

      it("reverts above the allowance", async () => {
        const { holder, spender, recipient } = subject;
        await token.approve(spender, 4n);
        await expect(token.connect(spender).transferFrom(holder, recipient, 5n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(spender.address, 4n, 5n);
      });

      it("reverts above the balance, whatever the allowance", async () => {
        const { holder, spender, recipient, balance } = subject;
        await token.approve(spender, MaxUint256);
        await expect(token.connect(spender).transferFrom(holder, recipient, balance + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(holder.address, balance, balance + 1n);
      });

      it("needs the holder's own allowance too", async () => {
        const { holder, recipient } = subject;
        await expect(token.transferFrom(holder, recipient, 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(holder.address, 0n, 1n);
      });
    });
  });
}
