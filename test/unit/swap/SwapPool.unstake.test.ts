import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import type { TokenPermit } from "../../../typechain-types/contracts/interfaces/ISwapPool";
import { SHARE_DOMAIN } from "../../../scripts/lib/permit";
import { DAY, MAX, ONE } from "../../support/fixture";
import { at, now } from "../../support/polygon";
import { domainOf, signPermit } from "../../support/permit";
import {
  FIRST_RATE,
  PAYOUT_LIMIT,
  PROVIDED,
  PURSE,
  fundedFixture,
  refreshRate,
  set,
  shortfall,
  stateOf,
} from "../../support/swap";
import type { Swap } from "../../support/swap";

describe("SwapPool, unstaking", () => {
  let context: Swap;

  beforeEach(async () => {
    context = await fundedFixture();
  });

  afterEach(async () => {
    expect(await shortfall(context)).to.deep.equal([]);
  });

  const by = () => context.swap.connect(context.actors.alice);
  /** Worth less the fee, and the fee, which is rounded up. */
  const sold = (shares: bigint, bps = 50n): { worth: bigint; fee: bigint; assets: bigint } => {
    const worth = (shares * FIRST_RATE.totalAssets) / FIRST_RATE.totalSupply;
    const fee = (worth * bps + 9_999n) / 10_000n;
    return { worth, fee, assets: worth - fee };
  };
  const SHARES = 101n * ONE + 13n;

  async function permit(value: bigint, deadline = MaxUint256): Promise<TokenPermit.PermitStruct> {
    const { token, swap, actors } = context;
    const { v, r, s } = await signPermit(actors.alice, await domainOf(token, SHARE_DOMAIN), {
      owner: actors.alice.address,
      spender: await swap.getAddress(),
      value,
      nonce: await token.nonces(actors.alice),
      deadline,
    });
    return { value, deadline, v, r, s };
  }

  for (const [name, send] of [
    ["unstake", async () => by().unstake(SHARES, 0n)],
    ["unstakeFor", async () => by().unstakeFor(SHARES, context.actors.alice, 0n, MAX)],
    ["unstakeWrapped", async () => by().unstakeWrapped(SHARES, context.actors.alice, 0n, MAX)],
    [
      "unstakeWithPermit",
      async () => by().unstakeWithPermit(SHARES, context.actors.alice, 0n, MAX, await permit(SHARES)),
    ],
  ] as const) {
    describe(name, () => {
      it("brings what the rate says less the fee, which stays for the providers", async () => {
        const { swap, token, actors } = context;
        const { assets, fee } = sold(SHARES);
        expect([...(await swap.quoteUnstake(SHARES))]).to.deep.equal([assets, fee]);
        const { alice } = actors;
        await expect(send()).to.emit(swap, "Unstaked").withArgs(alice.address, alice.address, SHARES, assets, fee);
        expect(await token.balanceOf(alice)).to.equal(PURSE - SHARES);
        const after = await stateOf(swap);
        expect([after.assets, after.shares]).to.deep.equal([PROVIDED.assets - assets, PROVIDED.shares + SHARES]);
      });

      it("does nothing in a pause, and says until when", async () => {
        const { swap, actors } = context;
        await swap.connect(actors.guardian).pauseSwaps(60n);
        const { pausedUntil } = await swap.parameters();
        await expect(send()).to.be.revertedWithCustomError(swap, "SwapsArePaused").withArgs(pausedUntil);
      });
    });
  }

  it("pays native tokens, or wrapped ones, to the receiver", async () => {
    const { swap, wrapped, actors } = context;
    const { bob } = actors;
    const { assets } = sold(SHARES);
    await expect(by().unstake(SHARES, assets)).to.changeEtherBalances([actors.alice, swap], [assets, -assets]);
    await expect(by().unstakeFor(SHARES, bob, assets, MAX)).to.changeEtherBalances([bob, swap], [assets, -assets]);
    await expect(by().unstakeWrapped(SHARES, bob, assets, MAX)).to.changeTokenBalance(wrapped, bob, assets);
    await expect(
      by().unstakeWithPermit(SHARES, actors.stranger, assets, MAX, await permit(SHARES)),
    ).to.changeEtherBalance(actors.stranger, assets);
  });

  it("brings no less than what was asked for", async () => {
    const { swap, actors } = context;
    const { assets } = sold(SHARES);
    for (const send of [
      async () => by().unstake(SHARES, assets + 1n),
      async () => by().unstakeFor(SHARES, actors.bob, assets + 1n, MAX),
      async () => by().unstakeWrapped(SHARES, actors.bob, assets + 1n, MAX),
      async () => by().unstakeWithPermit(SHARES, actors.bob, assets + 1n, MAX, await permit(SHARES)),
    ]) {
      await expect(send())
        .to.be.revertedWithCustomError(swap, "LessThanAsked")
        .withArgs(assets, assets + 1n);
    }
  });

  it("passes until the second of the deadline, and not after it", async () => {
    const { swap, actors } = context;
    const deadline = (await now()) + 100n;
    await at(deadline, () => by().unstakeFor(ONE, actors.bob, 0n, deadline));
    for (const send of [
      async () => by().unstakeFor(ONE, actors.bob, 0n, deadline),
      async () => by().unstakeWrapped(ONE, actors.bob, 0n, deadline),
      async () => by().unstakeWithPermit(ONE, actors.bob, 0n, deadline, await permit(ONE)),
    ]) {
      await expect(send()).to.be.revertedWithCustomError(swap, "SwapExpired").withArgs(deadline);
    }
  });

  it("does not pay where assets could not leave again: not even to the wrapped token, which would wrap them", async () => {
    const { swap, token, wrapped } = context;
    for (const end of [swap, token, wrapped]) {
      const address = await end.getAddress();
      for (const send of [
        async () => by().unstakeFor(ONE, address, 0n, MAX),
        async () => by().unstakeWrapped(ONE, address, 0n, MAX),
        async () => by().unstakeWithPermit(ONE, address, 0n, MAX, await permit(ONE)),
      ]) {
        await expect(send()).to.be.revertedWithCustomError(swap, "ReceiverIsDeadEnd").withArgs(address);
      }
    }
    await expect(by().unstakeFor(ONE, ZeroAddress, 0n, MAX)).to.be.revertedWithCustomError(swap, "ZeroAddress");
  });

  it("takes nothing for nothing: dust that is worth no more than its fee fails", async () => {
    const { swap } = context;
    for (const dust of [0n, 1n]) {
      // One share is worth one wei, and the fee is one wei.
      await expect(by().unstake(dust, 0n)).to.be.revertedWithCustomError(swap, "ZeroOutput");
      await expect(swap.quoteUnstake(dust)).to.be.revertedWithCustomError(swap, "ZeroOutput");
    }
    await expect(by().unstake(2n, 0n))
      .to.emit(swap, "Unstaked")
      .withArgs(context.actors.alice.address, context.actors.alice.address, 2n, 1n, 1n);
  });

  it("needs a balance and an allowance of shares", async () => {
    const { token, swap, actors } = context;
    await token.connect(actors.alice).approve(swap, ONE - 1n);
    await expect(by().unstake(ONE, 0n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(await swap.getAddress(), ONE - 1n, ONE);
    await token.connect(actors.stranger).approve(swap, ONE);
    await expect(swap.connect(actors.stranger).unstake(ONE, 0n))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(actors.stranger.address, 0n, ONE);
  });

  it("takes the fee of the moment", async () => {
    const { swap } = context;
    for (const bps of [100n, 42n]) {
      await set(context, "setFee", bps);
      const { assets, fee } = sold(ONE, bps);
      expect([...(await swap.quoteUnstake(ONE))]).to.deep.equal([assets, fee]);
    }
  });

  it("pays the last wei that there is, and not one more", async () => {
    const { swap } = context;
    await set(context, "setDailyLimit", 5_000n * ONE);
    await time.increase(DAY);
    await refreshRate(context);
    const shares = await swap.quoteUnstakeFor(PROVIDED.assets);
    expect(sold(shares).assets).to.equal(PROVIDED.assets);
    const more = sold(shares + 10n).assets;
    await expect(by().unstake(shares + 10n, 0n))
      .to.be.revertedWithCustomError(swap, "AboveReserve")
      .withArgs(more, PROVIDED.assets);
    await by().unstake(shares, PROVIDED.assets);
    expect((await stateOf(swap)).assets).to.equal(0n);
    await expect(by().unstake(ONE, 0n))
      .to.be.revertedWithCustomError(swap, "AboveReserve")
      .withArgs(sold(ONE).assets, 0n);
  });

  describe("the daily limit", () => {
    it("A79: is what can be paid out at once, and refills evenly over a day", async () => {
      const { swap } = context;
      const start = (await now()) + 100n;
      const shares = await swap.quoteUnstakeFor(PAYOUT_LIMIT);
      await at(start, () => by().unstake(shares, PAYOUT_LIMIT));
      expect(sold(shares).assets).to.equal(PAYOUT_LIMIT);
      await time.setNextBlockTimestamp(start + 1n);
      const aSecond = PAYOUT_LIMIT / DAY;
      await expect(by().unstake(ONE, 0n))
        .to.be.revertedWithCustomError(swap, "AbovePayoutLimit")
        .withArgs(sold(ONE).assets, aSecond);
      await time.increaseTo(start + DAY / 2n);
      expect((await swap.available())[0]).to.equal(PAYOUT_LIMIT / 2n);
    });

    it("bounds quotes as well: a share more than brings it has none, either way", async () => {
      const { swap } = context;
      const shares = await swap.quoteUnstakeFor(PAYOUT_LIMIT);
      const more = sold(shares + 1n).assets;
      const quotes = [() => swap.quoteUnstakeFor(PAYOUT_LIMIT + 1n), () => swap.quoteUnstake(shares + 1n)];
      for (const quote of quotes) {
        await expect(quote()).to.be.revertedWithCustomError(swap, "AbovePayoutLimit").withArgs(more, PAYOUT_LIMIT);
      }
    });

    it("is not touched by staking", async () => {
      const { swap } = context;
      await by().stake(0n, { value: 100n * ONE });
      expect((await swap.available())[0]).to.equal(PAYOUT_LIMIT);
    });
  });

  describe("with a permit", () => {
    it("spends the allowance that was signed", async () => {
      const { token, swap, actors } = context;
      await token.connect(actors.alice).approve(swap, 0n);
      await by().unstakeWithPermit(ONE, actors.bob, 0n, MAX, await permit(3n * ONE));
      expect(await token.allowance(actors.alice, swap)).to.equal(2n * ONE);
    });

    it("a permit that somebody else submitted before does no harm", async () => {
      const { token, swap, actors } = context;
      await token.connect(actors.alice).approve(swap, 0n);
      const signed = await permit(ONE);
      const { value, deadline, v, r, s } = signed;
      await token.connect(actors.stranger).permit(actors.alice, swap, value, deadline, v, r, s);
      await expect(by().unstakeWithPermit(ONE, actors.bob, 0n, MAX, signed)).to.changeTokenBalance(
        token,
        actors.alice,
        -ONE,
      );
    });

    it("a permit that was needed and does not work shows as a missing allowance", async () => {
      const { token, swap, actors } = context;
      await token.connect(actors.alice).approve(swap, 0n);
      const late = await permit(ONE, 1n);
      await expect(by().unstakeWithPermit(ONE, actors.bob, 0n, MAX, late))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await swap.getAddress(), 0n, ONE);
      // Somebody else's signature moves nobody's shares.
      await expect(
        swap.connect(actors.bob).unstakeWithPermit(ONE, actors.bob, 0n, MAX, await permit(ONE)),
      ).to.changeTokenBalance(token, actors.bob, -ONE);
      expect(await token.balanceOf(actors.alice)).to.equal(PURSE);
    });
  });
});
