import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import type { TokenPermit } from "../../../typechain-types/contracts/interfaces/IChildBridgeAdapter";
import { BURNING, MINTING, PEER, childBridgeFixture, deliverAll, deposit } from "../../support/childBridge";
import { withdrawal } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { eventsOf } from "../../support/events";
import { DAY, MAX, ONE } from "../../support/fixture";
import { SHARE_DOMAIN, domainOf, signPermit } from "../../support/permit";
import { at, now, scheduledLimits } from "../../support/polygon";

type Signed = TokenPermit.PermitStruct & { readonly value: bigint; readonly deadline: bigint };

const HELD = 1_000n * ONE;

describe("ChildBridgeAdapter: withdrawals", () => {
  let world: ChildBridge;
  let alice: HardhatEthersSigner;
  let bob: HardhatEthersSigner;

  beforeEach(async () => {
    world = await childBridgeFixture();
    ({ alice, bob } = world.actors);
    await deliverAll(world, deposit(world, 1n, alice, HELD), deposit(world, 2n, bob, HELD));
  });

  const withdraw = (shares: bigint, receiver: string = bob.address, by = alice) =>
    world.adapter.connect(by).withdraw(shares, receiver);

  /** Nothing of a withdrawal has happened. */
  async function unchanged(): Promise<void> {
    const { adapter, token } = world;
    expect([await adapter.minted(), await adapter.lastNonce()]).to.deep.equal([2n * HELD, 0n]);
    expect([await token.balanceOf(alice), await token.totalSupply()]).to.deep.equal([HELD, 2n * HELD]);
  }

  /** alice's permit of the token to the bridge. */
  async function permit(value: bigint, deadline = MaxUint256, signer = alice): Promise<Signed> {
    const { token, adapter } = world;
    const { v, r, s } = await signPermit(signer, await domainOf(token, SHARE_DOMAIN), {
      owner: alice.address,
      spender: await adapter.getAddress(),
      value,
      nonce: await token.nonces(alice),
      deadline,
    });
    return { value, deadline, v, r, s };
  }

  const withPermit = (shares: bigint, signed: TokenPermit.PermitStruct): Promise<ContractTransactionResponse> =>
    world.adapter.connect(alice).withdrawWithPermit(shares, bob, signed);

  const ways: Readonly<Record<string, (shares: bigint, receiver?: string) => Promise<ContractTransactionResponse>>> = {
    withdraw: (shares, receiver) => withdraw(shares, receiver),
    withdrawWithPermit: async (shares, receiver = bob.address) => {
      const signed = await permit(shares);
      return world.adapter.connect(alice).withdrawWithPermit(shares, receiver, signed);
    },
  };

  for (const [name, way] of Object.entries(ways)) {
    describe(name, () => {
      it("burns the caller's ankrMATIC and sends as much, to the wei, under the next number", async () => {
        const { adapter, token } = world;
        const own = await adapter.getAddress();
        for (const [nonce, shares] of [
          [1n, 7n * ONE + 3n],
          [2n, 1n],
        ] as const) {
          const before = await token.totalSupply();
          const sent = await way(shares);
          expect(await eventsOf(adapter, sent)).to.deep.equal([
            { name: "WithdrawalSent", args: [nonce, alice.address, bob.address, shares] },
            { name: "MessageSent", args: [withdrawal(nonce, bob.address, shares)] },
          ]);
          await expect(sent).to.emit(token, "Transfer").withArgs(alice.address, ZeroAddress, shares);
          expect(await token.totalSupply()).to.equal(before - shares);
          expect(await adapter.lastNonce()).to.equal(nonce);
        }
        expect(await token.balanceOf(alice)).to.equal(HELD - 7n * ONE - 4n);
        expect(await token.balanceOf(bob)).to.equal(HELD);
        expect(await token.balanceOf(own)).to.equal(0n);
        expect(await adapter.minted()).to.equal(2n * HELD - 7n * ONE - 4n);
      });

      it("refuses the zero address", async () => {
        const { adapter } = world;
        await expect(way(ONE, ZeroAddress)).to.be.revertedWithCustomError(adapter, "ZeroAddress").withArgs();
        await unchanged();
      });

      it("refuses the bridge's own end on Ethereum, from where nothing comes back", async () => {
        const { adapter } = world;
        await expect(way(ONE, PEER)).to.be.revertedWithCustomError(adapter, "ReceiverIsDeadEnd").withArgs(PEER);
        await unchanged();
      });

      it("refuses nothing", async () => {
        await expect(way(0n)).to.be.revertedWithCustomError(world.adapter, "ZeroShares").withArgs();
        await unchanged();
      });

      it("refuses more than the caller has", async () => {
        await expect(way(HELD + 1n))
          .to.be.revertedWithCustomError(world.token, "ERC20InsufficientBalance")
          .withArgs(alice.address, HELD, HELD + 1n);
        await unchanged();
      });

      for (const shares of [2n * HELD + 1n, 2n ** 96n, MAX]) {
        it(`refuses ${shares}: more than this bridge has minted`, async () => {
          await expect(way(shares))
            .to.be.revertedWithCustomError(world.adapter, "AboveMinted")
            .withArgs(shares, 2n * HELD);
          await unchanged();
        });
      }

      it("gives back to the receiver on Ethereum: any account, the caller too", async () => {
        const { adapter, fxChild } = world;
        for (const receiver of [alice.address, await adapter.getAddress(), await fxChild.getAddress()]) {
          await expect(way(ONE, receiver)).to.emit(adapter, "MessageSent");
        }
        expect(await adapter.lastNonce()).to.equal(3n);
      });
    });
  }

  describe("withdraw", () => {
    it("returns its number", async () => {
      const { adapter } = world;
      await withdraw(ONE);
      expect(await adapter.connect(alice).withdraw.staticCall(ONE, bob)).to.equal(2n);
    });

    it("S7281-3: spends the allowance, and burns nobody else's ankrMATIC", async () => {
      const { token, adapter } = world;
      await token.connect(alice).approve(adapter, 3n * ONE);
      await withdraw(2n * ONE);
      expect(await token.allowance(alice, adapter)).to.equal(ONE);
      await expect(withdraw(ONE + 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await adapter.getAddress(), ONE, ONE + 1n);
      await withdraw(ONE);
      expect(await token.allowance(alice, adapter)).to.equal(0n);
      expect(await token.balanceOf(bob)).to.equal(HELD);
      expect(await token.balanceOf(alice)).to.equal(HELD - 3n * ONE);
    });

    it("S7281-3: an allowance of one holder is none of another", async () => {
      const { token, adapter, actors } = world;
      await expect(withdraw(ONE, bob.address, actors.stranger))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await adapter.getAddress(), 0n, ONE);
      await unchanged();
    });

    it("A76: stops at the burn limit, before anything is burnt, and goes on as it refills", async () => {
      const { adapter, token } = world;
      await deliverAll(world, deposit(world, 3n, alice, BURNING));
      const start = (await now()) + 100n;
      await time.setNextBlockTimestamp(start);
      await expect(withdraw(BURNING + 1n))
        .to.be.revertedWithCustomError(token, "IXERC20_NotHighEnoughLimits")
        .withArgs();
      await at(start + 1n, () => withdraw(BURNING));
      expect(await adapter.remainingWithdrawal()).to.equal(0n);
      const back = (BURNING * 60n) / DAY;
      await time.setNextBlockTimestamp(start + 61n);
      await expect(withdraw(back + 1n))
        .to.be.revertedWithCustomError(token, "IXERC20_NotHighEnoughLimits")
        .withArgs();
      // A second more has passed.
      await at(start + 62n, () => withdraw((BURNING * 61n) / DAY));
      expect(await adapter.lastNonce()).to.equal(2n);
    });

    it("S7281-2: does not count against the limit of minting, nor does minting against its own", async () => {
      const { adapter, token } = world;
      await time.increase(DAY);
      await withdraw(500n * ONE);
      expect(await adapter.remainingMint()).to.equal(MINTING);
      await time.increase(DAY);
      await deliverAll(world, deposit(world, 3n, alice, MINTING));
      expect(await token.burningCurrentLimitOf(adapter)).to.equal(BURNING);
    });

    it("A66: what another bridge minted does not leave by this one, beyond what this one minted", async () => {
      const { adapter, token, other } = world;
      await (
        await scheduledLimits(world, "upgrader", other.address, MINTING, MINTING)
      )();
      await time.increase(DAY);
      await token.connect(other).mint(alice, 500n * ONE);
      // Coins are alike: what alice has of the other leaves as this one's, until that is used up.
      await withdraw(HELD + 500n * ONE);
      expect(await adapter.minted()).to.equal(HELD - 500n * ONE);
      expect(await adapter.remainingWithdrawal()).to.equal(HELD - 500n * ONE);
      await expect(withdraw(HELD - 500n * ONE + 1n, bob.address, bob))
        .to.be.revertedWithCustomError(adapter, "AboveMinted")
        .withArgs(HELD - 500n * ONE + 1n, HELD - 500n * ONE);
      await withdraw(HELD - 500n * ONE, bob.address, bob);
      expect(await adapter.minted()).to.equal(0n);
      expect(await token.totalSupply()).to.equal(500n * ONE);
      await expect(withdraw(1n, bob.address, bob))
        .to.be.revertedWithCustomError(adapter, "AboveMinted")
        .withArgs(1n, 0n);
      // The rest leaves by the bridge that it came by.
      await token.connect(bob).approve(other, 500n * ONE);
      await token.connect(other).burn(bob, 500n * ONE);
      expect(await token.totalSupply()).to.equal(0n);
    });

    it("A66: what another bridge burned of this one's stays withdrawable here by whoever holds the other's", async () => {
      const { adapter, token, other } = world;
      await (
        await scheduledLimits(world, "upgrader", other.address, MINTING, MINTING)
      )();
      await time.increase(DAY);
      await token.connect(other).mint(other, 10n * ONE);
      await token.connect(alice).approve(other, 10n * ONE);
      await token.connect(other).burn(alice, 10n * ONE);
      await token.connect(other).approve(adapter, 10n * ONE);
      await withdraw(10n * ONE, other.address, other);
      await withdraw(HELD - 10n * ONE);
      await withdraw(HELD, bob.address, bob);
      expect([await adapter.minted(), await token.totalSupply()]).to.deep.equal([0n, 0n]);
    });

    it("what waits to be minted cannot be withdrawn, nor what is minted be kept from it", async () => {
      const { adapter } = world;
      await time.increase(DAY);
      await deliverAll(world, deposit(world, 3n, alice, MINTING + 100n * ONE));
      const waiting = await adapter.pendingOf(alice);
      expect(waiting).to.equal(100n * ONE);
      await withdraw(500n * ONE);
      expect(await adapter.pendingOf(alice)).to.equal(waiting);
    });

    it("all of it can go: then nothing is left to withdraw, and deposits begin again", async () => {
      const { adapter, token } = world;
      await withdraw(HELD);
      await withdraw(HELD, bob.address, bob);
      expect([await adapter.minted(), await token.totalSupply()]).to.deep.equal([0n, 0n]);
      await expect(withdraw(1n)).to.be.revertedWithCustomError(adapter, "AboveMinted").withArgs(1n, 0n);
      await deliverAll(world, deposit(world, 3n, alice, ONE));
      await withdraw(ONE);
      expect(await adapter.lastNonce()).to.equal(3n);
    });
  });

  describe("remainingWithdrawal", () => {
    it("is what the bridge has minted, or the limit of burning if that is less", async () => {
      const { adapter } = world;
      expect(await adapter.remainingWithdrawal()).to.equal(2n * HELD);
      await time.increase(DAY);
      await deliverAll(world, deposit(world, 3n, alice, BURNING));
      expect(await adapter.remainingWithdrawal()).to.equal(BURNING);
      const start = (await now()) + 100n;
      await at(start, () => withdraw(BURNING - 7n));
      expect(await adapter.remainingWithdrawal()).to.equal(7n);
      await time.increaseTo(start + 60n);
      expect(await adapter.remainingWithdrawal()).to.equal(7n + (BURNING * 60n) / DAY);
    });
  });

  describe("withdrawWithPermit", () => {
    beforeEach(async () => {
      await world.token.connect(alice).approve(world.adapter, 0n);
    });

    it("S2612-5: needs no approval, and leaves no allowance", async () => {
      const { token, adapter } = world;
      await withPermit(5n * ONE, await permit(5n * ONE));
      expect(await token.allowance(alice, adapter)).to.equal(0n);
      expect(await token.nonces(alice)).to.equal(1n);
      expect(await token.balanceOf(alice)).to.equal(HELD - 5n * ONE);
    });

    it("A18, S2612-5: still passes when somebody submitted the permit first", async () => {
      const { token, adapter, actors } = world;
      const signed = await permit(5n * ONE);
      const { value, deadline, v, r, s } = signed;
      await token.connect(actors.stranger).permit(alice, adapter, value, deadline, v, r, s);
      await withPermit(5n * ONE, signed);
      expect(await token.balanceOf(alice)).to.equal(HELD - 5n * ONE);
    });

    it("A18: who submitted it first cannot use it for himself", async () => {
      const { token, adapter, actors } = world;
      const signed = await permit(5n * ONE);
      await expect(adapter.connect(actors.stranger).withdrawWithPermit(5n * ONE, actors.stranger, signed))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await adapter.getAddress(), 0n, 5n * ONE);
      await withPermit(5n * ONE, signed);
    });

    it("passes on an allowance alone, whatever the signature", async () => {
      const { token, adapter } = world;
      await token.connect(alice).approve(adapter, ONE);
      await withPermit(ONE, { value: 1n, deadline: 0n, v: 0, r: ZeroHash, s: ZeroHash });
      expect(await token.nonces(alice)).to.equal(0n);
      expect(await token.allowance(alice, adapter)).to.equal(0n);
    });

    it("spends of a larger permit what it needs, and nothing of an unlimited one", async () => {
      const { token, adapter } = world;
      await withPermit(ONE, await permit(ONE + 3n));
      expect(await token.allowance(alice, adapter)).to.equal(3n);
      await withPermit(ONE, await permit(MAX));
      expect(await token.allowance(alice, adapter)).to.equal(MAX);
    });

    it("returns its number", async () => {
      const signed = await permit(ONE);
      expect(await world.adapter.connect(alice).withdrawWithPermit.staticCall(ONE, bob, signed)).to.equal(1n);
    });

    for (const [what, signed, allowance] of [
      ["it has expired", async () => permit(ONE, (await now()) - 1n), 0n],
      ["another value is named than was signed", async () => ({ ...(await permit(ONE)), value: ONE + 1n }), 0n],
      ["another deadline is named than was signed", async () => ({ ...(await permit(ONE)), deadline: MAX - 1n }), 0n],
      ["less was signed", () => permit(ONE - 1n), ONE - 1n],
      ["another signed it", () => permit(ONE, MaxUint256, bob), 0n],
    ] as const) {
      it(`S2612-5: reverts for want of an allowance if ${what}`, async () => {
        const { token, adapter } = world;
        await expect(withPermit(ONE, await signed()))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(await adapter.getAddress(), allowance, ONE);
        expect(await token.nonces(alice)).to.equal(0n);
        await unchanged();
      });
    }

    it("S2612-5: reverts for want of an allowance if it was used before", async () => {
      const { token, adapter } = world;
      const signed = await permit(ONE);
      await withPermit(ONE, signed);
      await expect(withPermit(ONE, signed))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await adapter.getAddress(), 0n, ONE);
    });
  });
});
