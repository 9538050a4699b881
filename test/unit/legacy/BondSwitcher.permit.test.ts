import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import type { TokenPermit } from "../../../typechain-types/contracts/interfaces/IBondSwitcher";
import { MAX, ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow } from "../../support/growth";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { domainOf, signPermit } from "../../support/permit";
import { BOND_DOMAIN, ceilDiv, expectNothingStays, feeOf } from "../../support/switcher";

type Permit = TokenPermit.PermitStruct;
type Signed = Permit & { readonly value: bigint; readonly deadline: bigint };

describe("BondSwitcher, switches with a permit", () => {
  let context: Context;

  beforeEach(async () => {
    context = await legacyFixture({ params: { feeBps: 0n } });
    const { bond, switcher, actors } = context;
    for (const holder of [actors.alice, actors.bob]) await bond.connect(holder).approve(switcher, 0n);
  });

  afterEach(() => expectNothingStays(context));

  /** Alice's permit of aMATICb to the switcher. */
  async function permit(value: bigint, deadline = MaxUint256): Promise<Signed> {
    const { bond, switcher, actors } = context;
    const { v, r, s } = await signPermit(actors.alice, await domainOf(bond, BOND_DOMAIN), {
      owner: actors.alice.address,
      spender: await switcher.getAddress(),
      value,
      nonce: await bond.nonces(actors.alice),
      deadline,
    });
    return { value, deadline, v, r, s };
  }

  /** The stranger submits Alice's permit before her. */
  async function submitFirst({ value, deadline, v, r, s }: Signed): Promise<void> {
    const { bond, switcher, actors } = context;
    await bond.connect(actors.stranger).permit(actors.alice, switcher, value, deadline, v, r, s);
  }

  const switchBonds = (bonds: bigint, signed: Permit): Promise<ContractTransactionResponse> => {
    const { switcher, actors } = context;
    return switcher.connect(actors.alice).switchBondsWithPermit(bonds, actors.carol, signed);
  };

  const switchShares = (shares: bigint, signed: Permit): Promise<ContractTransactionResponse> => {
    const { switcher, actors } = context;
    return switcher.connect(actors.alice).switchSharesWithPermit(shares, actors.carol, signed);
  };

  const switchUpTo = (shares: bigint, signed: Permit): Promise<ContractTransactionResponse> => {
    const { switcher, actors } = context;
    return switcher.connect(actors.alice).switchUpToWithPermit(shares, actors.carol, signed);
  };

  const ways = [
    ["switchBondsWithPermit", switchBonds],
    ["switchSharesWithPermit", switchShares],
    ["switchUpToWithPermit", switchUpTo],
  ] as const;

  for (const [name, way] of ways) {
    describe(name, () => {
      const shares = 50n * ONE;
      const fee = feeOf(shares);

      it("S2612-5: switches with a signature in place of an approval, and leaves no allowance", async () => {
        const { switcher, bond, token, actors } = context;
        const sent = await way(shares, await permit(shares));
        await expect(sent).to.changeTokenBalances(token, [actors.carol, actors.treasury], [shares - fee, fee]);
        await expect(sent)
          .to.emit(switcher, "Switched")
          .withArgs(actors.alice.address, actors.carol.address, shares, fee);
        expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
        expect(await bond.nonces(actors.alice)).to.equal(1n);
        expect(await bond.sharesOf(actors.alice)).to.equal(GENESIS_SHARES - shares);
      });

      it("A18, S2612-5: still passes when somebody submitted the permit first", async () => {
        const { token, actors } = context;
        const signed = await permit(shares);
        await submitFirst(signed);
        await expect(way(shares, signed)).to.changeTokenBalance(token, actors.carol, shares - fee);
      });

      it("passes on an allowance alone, whatever the signature", async () => {
        const { bond, switcher, token, actors } = context;
        await bond.connect(actors.alice).approve(switcher, shares);
        const broken = { value: 1n, deadline: 0n, v: 0, r: `0x${"00".repeat(32)}`, s: `0x${"00".repeat(32)}` };
        await expect(way(shares, broken)).to.changeTokenBalance(token, actors.carol, shares - fee);
        expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
        expect(await bond.nonces(actors.alice)).to.equal(0n);
      });

      it("spends of an allowance that is larger what it needs", async () => {
        const { bond, switcher, actors } = context;
        await way(shares, await permit(shares + 3n));
        expect(await bond.allowance(actors.alice, switcher)).to.equal(3n);
      });

      it("does not spend an unlimited permit", async () => {
        const { bond, switcher, actors } = context;
        await way(shares, await permit(MAX));
        expect(await bond.allowance(actors.alice, switcher)).to.equal(MAX);
      });

      describe("reverts for want of an allowance", () => {
        const refused = async (signed: Signed, allowance = 0n): Promise<void> => {
          const { bond, switcher, token, actors } = context;
          await expect(way(shares, signed))
            .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
            .withArgs(await switcher.getAddress(), allowance, shares);
          expect(await bond.sharesOf(actors.alice)).to.equal(GENESIS_SHARES);
          expect(await token.balanceOf(actors.carol)).to.equal(0n);
        };

        it("if the permit has expired", async () => {
          await refused(await permit(shares, BigInt(await time.latest()) - 1n));
        });

        it("if another value is named than was signed", async () => {
          await refused({ ...(await permit(shares)), value: shares + 1n });
        });

        it("if another deadline is named than was signed", async () => {
          await refused({ ...(await permit(shares)), deadline: MaxUint256 - 1n });
        });

        it("if less was signed", async () => {
          await refused(await permit(shares - 1n), shares - 1n);
        });

        it("if it was used before", async () => {
          const signed = await permit(shares);
          await way(shares, signed);
          const { bond, switcher } = context;
          await expect(way(shares, signed))
            .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
            .withArgs(await switcher.getAddress(), 0n, shares);
        });

        it("if a smaller permit takes the place of a larger allowance", async () => {
          const { bond, switcher, actors } = context;
          await bond.connect(actors.alice).approve(switcher, 10n * shares);
          await refused(await permit(shares - 1n), shares - 1n);
          // Nothing of the refused call stays, the permit neither.
          expect(await bond.allowance(actors.alice, switcher)).to.equal(10n * shares);
        });
      });

      it("passes with a permit that is expired, wrong or used, if an allowance is left", async () => {
        const { bond, switcher, token, actors } = context;
        const expired = await permit(shares, BigInt(await time.latest()) - 1n);
        const wrong = { ...(await permit(shares)), value: 2n * shares };
        const used = await permit(4n * shares);
        await submitFirst(used);
        for (const [times, signed] of [expired, wrong, used].entries()) {
          await expect(way(shares, signed)).to.changeTokenBalance(token, actors.carol, shares - fee);
          const left = BigInt(3 - times) * shares;
          expect(await bond.allowance(actors.alice, switcher)).to.equal(left);
        }
      });

      it("A18, S2612-5: a stranger cannot switch what a victim signed for, or allowed", async () => {
        const { bond, switcher, token, actors } = context;
        const address = await switcher.getAddress();
        const signed = await permit(shares);
        const { bob } = actors;
        const call = () => switcher.connect(bob)[name](shares, bob, signed);
        await expect(call())
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, shares);
        await bond.connect(actors.alice).approve(switcher, MAX);
        await expect(call())
          .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
          .withArgs(address, 0n, shares);
        // With an allowance of his own he switches his own.
        await bond.connect(bob).approve(switcher, MAX);
        await call();
        expect(await bond.sharesOf(actors.alice)).to.equal(GENESIS_SHARES);
        expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES - shares);
        expect(await bond.nonces(actors.alice)).to.equal(0n);
        expect(await token.balanceOf(actors.alice)).to.equal(0n);
      });

      it("refuses what it refuses without a permit", async () => {
        const { switcher, actors } = context;
        const signed = await permit(MAX);
        const alice = switcher.connect(actors.alice);
        const to = (amount: bigint, receiver: string) => alice[name](amount, receiver, signed);
        await expect(to(shares, ZeroAddress)).to.be.revertedWithCustomError(switcher, "ZeroAddress");
        await expect(to(0n, actors.alice.address)).to.be.revertedWithCustomError(switcher, "ZeroShares");
        await expect(to(1n, actors.alice.address))
          .to.be.revertedWithCustomError(switcher, "NothingAfterFee")
          .withArgs(1n, 1n);
      });

      it("returns what is received", async () => {
        const { switcher, actors } = context;
        const signed = await permit(shares);
        const alice = switcher.connect(actors.alice);
        const received: unknown = await alice[name].staticCall(shares, actors.carol, signed);
        const both = name === "switchUpToWithPermit" ? [shares, shares - fee] : shares - fee;
        expect(received).to.deep.equal(both);
      });
    });
  }

  it("a permit of the worth of all shares, rounded up, is enough until the rate rises", async () => {
    const { switcher, bond, actors } = context;
    await grow(context, 12_345n * ONE + 1n);
    const supply = ONE + 3n * GENESIS_SHARES;
    const worth = ceilDiv(GENESIS_SHARES * (supply + 12_345n * ONE + 1n), supply);
    const signed = await permit(worth);
    await switchShares(GENESIS_SHARES, signed);
    expect(await bond.sharesOf(actors.alice)).to.equal(0n);
    expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
  });

  it("a permit of today's worth does not cover tomorrow's for shares, but does for the bonds that were signed", async () => {
    const { switcher, bond, actors } = context;
    const signed = await permit(GENESIS_SHARES);
    // A hundredth more: 300,001 shares are worth 303,001.01 MATIC.
    await grow(context, 3_000n * ONE + 10n ** 16n);
    const worth = GENESIS_SHARES + GENESIS_SHARES / 100n;
    await expect(switchShares(GENESIS_SHARES, signed))
      .to.be.revertedWithCustomError(bond, "ERC20InsufficientAllowance")
      .withArgs(await switcher.getAddress(), GENESIS_SHARES, worth);
    await switchBonds(GENESIS_SHARES, signed);
    const left = GENESIS_SHARES - ceilDiv(GENESIS_SHARES * 100n, 101n);
    expect(await bond.sharesOf(actors.alice)).to.equal(left);
    expect(await bond.balanceOf(actors.alice)).to.equal((left * 101n) / 100n);
    expect(await bond.allowance(actors.alice, switcher)).to.equal(0n);
  });
});
