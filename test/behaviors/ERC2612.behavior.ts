import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, TypedDataEncoder, Wallet, ZeroAddress, id, toBeHex } from "ethers";
import type { Signer, TypedDataDomain, Signature } from "ethers";
import { ethers } from "hardhat";

import { PERMIT_TYPES, domainOf, signPermit } from "../support/permit";
import type { Permit } from "../support/permit";
import { RefusingWallet__factory } from "../typechain-types";
import type { IPermitToken } from "../typechain-types";

/** A token with permit. */
export interface ERC2612Subject {
  readonly token: IPermitToken;
  /** Has never signed anything for the token. */
  readonly owner: HardhatEthersSigner;
  readonly spender: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const WALLET_KEY = id("the key of an account with code");

/** EIP-2612: allowances by signature, of the account's own key alone. */
export function behavesLikeERC2612(
  arrange: () => Promise<ERC2612Subject>,
  named: { readonly name: string; readonly version: string },
): void {
  describe("EIP-2612", () => {
    let subject: ERC2612Subject;
    let token: IPermitToken;
    let domain: TypedDataDomain & { chainId: bigint; verifyingContract: string };
    let permit: Permit;

    beforeEach(async () => {
      subject = await arrange();
      token = subject.token.connect(subject.stranger);
      domain = await domainOf(token, named);
      permit = {
        owner: subject.owner.address,
        spender: subject.spender.address,
        value: 123n,
        nonce: 0n,
        deadline: MaxUint256,
      };
    });

    /** Submits a permit as a relayer, with the signature of a signer over something that may differ from it. */
    async function submit(said: Permit, signature: Signature) {
      const { owner, spender, value, deadline } = said;
      return token.permit(owner, spender, value, deadline, signature.v, signature.r, signature.s);
    }
    const signed = (signer: Signer = subject.owner, said: Permit = permit, on: TypedDataDomain = domain) =>
      signPermit(signer, on, said);

    /** The error for a signature that some other account made over what was submitted. */
    const recovered = (signature: Signature): string => {
      const digest = TypedDataEncoder.hash(domain, PERMIT_TYPES, permit);
      return ethers.recoverAddress(digest, signature);
    };

    it("S2612-1: answers to the selectors of the standard", () => {
      expect(token.interface.getFunction("permit").selector).to.equal("0xd505accf");
      expect(token.interface.getFunction("nonces").selector).to.equal("0x7ecebe00");
      expect(token.interface.getFunction("DOMAIN_SEPARATOR").selector).to.equal("0x3644e515");
    });

    it("S2612-1, S2612-2, S20-3: any caller may submit; sets the allowance, adds 1 to the nonce, emits Approval", async () => {
      const { owner, spender } = subject;
      await expect(submit(permit, await signed()))
        .to.emit(token, "Approval")
        .withArgs(owner.address, spender.address, 123n);
      expect(await token.allowance(owner, spender)).to.equal(123n);
      expect(await token.nonces(owner)).to.equal(1n);
    });

    it("S2612-2: takes the next nonce after it, and overwrites the allowance", async () => {
      await submit(permit, await signed());
      const next = { ...permit, nonce: 1n, value: 7n };
      await submit(next, await signed(subject.owner, next));
      expect(await token.allowance(subject.owner, subject.spender)).to.equal(7n);
      expect(await token.nonces(subject.owner)).to.equal(2n);
    });

    it("S2612-3: has the type hash of the standard", () => {
      expect(TypedDataEncoder.from(PERMIT_TYPES).encodeType("Permit")).to.equal(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
      );
      expect(id(TypedDataEncoder.from(PERMIT_TYPES).encodeType("Permit"))).to.equal(
        "0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9",
      );
    });

    it("S2612-4: has the domain of its name, this chain and its own address", async () => {
      expect(await token.DOMAIN_SEPARATOR()).to.equal(TypedDataEncoder.hashDomain(domain));
    });

    describe("the deadline", () => {
      it("S2612-2: may be the time of the block", async () => {
        const deadline = BigInt(await time.latest()) + 50n;
        const said = { ...permit, deadline };
        const signature = await signed(subject.owner, said);
        await time.setNextBlockTimestamp(deadline);
        await submit(said, signature);
        expect(await token.nonces(subject.owner)).to.equal(1n);
      });

      it("S2612-2: may not be a second before it", async () => {
        const deadline = BigInt(await time.latest()) + 50n;
        const said = { ...permit, deadline };
        const signature = await signed(subject.owner, said);
        await time.setNextBlockTimestamp(deadline + 1n);
        await expect(submit(said, signature))
          .to.be.revertedWithCustomError(token, "ERC2612ExpiredSignature")
          .withArgs(deadline);
      });
    });

    describe("reverts and leaves the nonce and the allowance", () => {
      afterEach(async () => {
        expect(await token.nonces(subject.owner)).to.equal(0n);
        expect(await token.allowance(subject.owner, subject.spender)).to.equal(0n);
      });

      it("S2612-2: if another account signed", async () => {
        const { owner, stranger } = subject;
        await expect(submit(permit, await signed(stranger)))
          .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
          .withArgs(stranger.address, owner.address);
      });

      for (const [what, change] of [
        ["spender", { spender: "0x000000000000000000000000000000000000dEaD" }],
        ["value", { value: 124n }],
        ["nonce", { nonce: 1n }],
        ["deadline", { deadline: MaxUint256 - 1n }],
      ] as const) {
        it(`S2612-2: if another ${what} was signed`, async () => {
          const signature = await signed(subject.owner, { ...permit, ...change });
          await expect(submit(permit, signature))
            .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
            .withArgs(recovered(signature), subject.owner.address);
        });
      }

      for (const [what, change] of [
        ["another chain", { chainId: 137n }],
        ["another contract", { verifyingContract: "0x000000000000000000000000000000000000dEaD" }],
        ["another name", { name: "Ankr MATIC" }],
        ["another version", { version: "2" }],
      ] as const) {
        it(`S2612-4, A04: if it was signed for ${what}`, async () => {
          const signature = await signed(subject.owner, permit, { ...domain, ...change });
          await expect(submit(permit, signature))
            .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
            .withArgs(recovered(signature), subject.owner.address);
        });
      }

      it("S2612-2, A04: if the signature is garbage, for the zero address too", async () => {
        const { r, s } = await signed();
        const { spender, value, deadline } = permit;
        for (const owner of [permit.owner, ZeroAddress]) {
          await expect(token.permit(owner, spender, value, deadline, 2, r, s)).to.be.revertedWithCustomError(
            token,
            "ECDSAInvalidSignature",
          );
        }
      });

      it("S2612-2, A04: if it is the second form of a valid signature", async () => {
        const { v, r, s } = await signed();
        const twin = toBeHex(ORDER - BigInt(s), 32);
        const { owner, spender, value, deadline } = permit;
        await expect(token.permit(owner, spender, value, deadline, v === 27 ? 28 : 27, r, twin))
          .to.be.revertedWithCustomError(token, "ECDSAInvalidSignatureS")
          .withArgs(twin);
      });

      it("S2612-7: if the spender is the zero address", async () => {
        const said = { ...permit, spender: ZeroAddress };
        await expect(submit(said, await signed(subject.owner, said)))
          .to.be.revertedWithCustomError(token, "ERC20InvalidSpender")
          .withArgs(ZeroAddress);
      });
    });

    it("S2612-2: works once", async () => {
      const signature = await signed();
      await submit(permit, signature);
      const digest = TypedDataEncoder.hash(domain, PERMIT_TYPES, { ...permit, nonce: 1n });
      await expect(submit(permit, signature))
        .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
        .withArgs(ethers.recoverAddress(digest, signature), subject.owner.address);
      expect(await token.nonces(subject.owner)).to.equal(1n);
    });

    it("S1271-1, X-14: never asks the code of an account that has some (EIP-7702)", async () => {
      const { stranger } = subject;
      const wallet = new Wallet(WALLET_KEY, ethers.provider);
      const code = await new RefusingWallet__factory(stranger).deploy();
      await stranger.sendTransaction({ to: wallet, value: ethers.parseEther("1") });
      const authorization = await wallet.authorize({ address: await code.getAddress(), nonce: 1 });
      await wallet.sendTransaction({ type: 4, to: stranger, authorizationList: [authorization] });
      expect(await ethers.provider.getCode(wallet)).to.equal(
        `0xef0100${(await code.getAddress()).slice(2).toLowerCase()}`,
      );

      const said = { ...permit, owner: wallet.address };
      await submit(said, await signed(wallet, said));
      expect(await token.allowance(wallet, subject.spender)).to.equal(123n);
    });
  });
}
