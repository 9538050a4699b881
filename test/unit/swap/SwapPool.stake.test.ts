import { setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { MAX, ONE } from "../../support/fixture";
import { now } from "../../support/polygon";
import { FIRST_RATE, PROVIDED, PURSE, fundedFixture, shortfall, stateOf } from "../../support/swap";
import type { Swap } from "../../support/swap";

describe("SwapPool, staking", () => {
  let context: Swap;

  beforeEach(async () => {
    context = await fundedFixture();
  });

  afterEach(async () => {
    expect(await shortfall(context)).to.deep.equal([]);
  });

  const by = () => context.swap.connect(context.actors.alice);
  const sharesFor = (assets: bigint): bigint => (assets * FIRST_RATE.totalSupply) / FIRST_RATE.totalAssets;
  const ASSETS = 107n * ONE + 11n;

  for (const [name, send] of [
    ["stake", () => by().stake(0n, { value: ASSETS })],
    ["stakeFor", () => by().stakeFor(context.actors.alice, 0n, MAX, { value: ASSETS })],
    ["stakeWrapped", () => by().stakeWrapped(ASSETS, context.actors.alice, 0n, MAX)],
  ] as const) {
    describe(name, () => {
      it("brings what the rate says, without a fee, and counts both", async () => {
        const { swap, token, actors } = context;
        const shares = sharesFor(ASSETS);
        const quoted = await swap.quoteStake(ASSETS);
        const sent = send();
        await expect(sent).to.emit(swap, "Staked").withArgs(actors.alice.address, actors.alice.address, ASSETS, shares);
        expect(await token.balanceOf(actors.alice)).to.equal(PURSE + shares);
        expect(quoted).to.equal(shares);
        const { assets, shares: left } = await stateOf(swap);
        expect([assets, left]).to.deep.equal([PROVIDED.assets + ASSETS, PROVIDED.shares - shares]);
      });

      it("does nothing in a pause, and says until when", async () => {
        const { swap, actors } = context;
        await swap.connect(actors.guardian).pauseSwaps(60n);
        const { pausedUntil } = await swap.parameters();
        await expect(send()).to.be.revertedWithCustomError(swap, "SwapsArePaused").withArgs(pausedUntil);
      });
    });
  }

  it("takes native tokens from the caller, and wrapped ones for native ones of its own", async () => {
    const { swap, wrapped, actors } = context;
    await expect(by().stakeFor(actors.bob, 0n, MAX, { value: ASSETS })).to.changeEtherBalances(
      [actors.alice, swap],
      [-ASSETS, ASSETS],
    );
    const sent = by().stakeWrapped(ASSETS, actors.bob, 0n, MAX);
    await expect(sent).to.changeEtherBalances([wrapped, swap], [-ASSETS, ASSETS]);
    expect(await wrapped.balanceOf(actors.alice)).to.equal(PURSE - ASSETS);
    expect(await wrapped.balanceOf(swap)).to.equal(0n);
  });

  it("A82: unwrapping comes back to the pool with 2,300 gas, which is enough through its proxy", async () => {
    const { swap, wrapped, actors } = context;
    await expect(by().stakeWrapped(ONE, actors.alice, 0n, MAX))
      .to.emit(wrapped, "Withdrawal")
      .withArgs(await swap.getAddress(), ONE);
  });

  it("pays another receiver", async () => {
    const { token, actors } = context;
    const shares = sharesFor(ASSETS);
    for (const send of [
      () => by().stakeFor(actors.stranger, shares, MAX, { value: ASSETS }),
      () => by().stakeWrapped(ASSETS, actors.stranger, shares, MAX),
    ]) {
      await expect(send()).to.changeTokenBalance(token, actors.stranger, shares);
    }
  });

  it("brings no less than what was asked for", async () => {
    const { swap, actors } = context;
    const shares = sharesFor(ASSETS);
    for (const send of [
      () => by().stake(shares + 1n, { value: ASSETS }),
      () => by().stakeFor(actors.bob, shares + 1n, MAX, { value: ASSETS }),
      () => by().stakeWrapped(ASSETS, actors.bob, shares + 1n, MAX),
    ]) {
      await expect(send())
        .to.be.revertedWithCustomError(swap, "LessThanAsked")
        .withArgs(shares, shares + 1n);
    }
    await by().stake(shares, { value: ASSETS });
  });

  it("passes until the second of the deadline, and not after it", async () => {
    const { swap, actors } = context;
    const deadline = (await now()) + 100n;
    await time.setNextBlockTimestamp(deadline);
    await by().stakeFor(actors.bob, 0n, deadline, { value: ONE });
    for (const send of [
      () => by().stakeFor(actors.bob, 0n, deadline, { value: ONE }),
      () => by().stakeWrapped(ONE, actors.bob, 0n, deadline),
    ]) {
      await expect(send()).to.be.revertedWithCustomError(swap, "SwapExpired").withArgs(deadline);
    }
  });

  it("does not pay where shares could not leave again", async () => {
    const { swap, token, wrapped, actors } = context;
    for (const end of [swap, token, wrapped]) {
      const address = await end.getAddress();
      for (const send of [
        () => by().stakeFor(address, 0n, MAX, { value: ONE }),
        () => by().stakeWrapped(ONE, address, 0n, MAX),
      ]) {
        await expect(send()).to.be.revertedWithCustomError(swap, "ReceiverIsDeadEnd").withArgs(address);
      }
    }
    for (const send of [
      () => by().stakeFor(ZeroAddress, 0n, MAX, { value: ONE }),
      () => by().stakeWrapped(ONE, ZeroAddress, 0n, MAX),
    ]) {
      await expect(send()).to.be.revertedWithCustomError(swap, "ZeroAddress");
    }
    expect(await token.balanceOf(actors.alice)).to.equal(PURSE);
  });

  it("takes nothing for nothing: a stake of no or too few assets fails", async () => {
    const { swap, actors } = context;
    for (const assets of [0n, 1n]) {
      await expect(by().stake(0n, { value: assets })).to.be.revertedWithCustomError(swap, "ZeroOutput");
      await expect(by().stakeWrapped(assets, actors.bob, 0n, MAX)).to.be.revertedWithCustomError(swap, "ZeroOutput");
      await expect(swap.quoteStake(assets)).to.be.revertedWithCustomError(swap, "ZeroOutput");
    }
    await by().stake(1n, { value: 2n });
  });

  it("gives out the last share, and not one more", async () => {
    const { swap } = context;
    const assets = await swap.quoteStakeFor(PROVIDED.shares);
    const { totalAssets, totalSupply } = FIRST_RATE;
    expect(assets).to.equal((PROVIDED.shares * totalAssets + totalSupply - 1n) / totalSupply);
    const more = sharesFor(assets + 2n);
    await expect(by().stake(0n, { value: assets + 2n }))
      .to.be.revertedWithCustomError(swap, "AboveReserve")
      .withArgs(more, PROVIDED.shares);
    await by().stake(PROVIDED.shares, { value: assets });
    expect((await stateOf(swap)).shares).to.equal(0n);
    expect([...(await swap.available())][1]).to.equal(0n);
    await expect(by().stake(0n, { value: ONE }))
      .to.be.revertedWithCustomError(swap, "AboveReserve")
      .withArgs(sharesFor(ONE), 0n);
  });

  it("refuses more than it can count", async () => {
    const { swap, actors } = context;
    const huge = 2n ** 104n;
    await setBalance(actors.alice.address, 2n * huge);
    await expect(by().addLiquidity(0n, 0n, actors.alice, MAX, { value: huge }))
      .to.be.revertedWithCustomError(swap, "SafeCastOverflowedUintDowncast")
      .withArgs(104n, PROVIDED.assets + huge);
  });

  it("needs an allowance and a balance of wrapped tokens", async () => {
    const { wrapped, swap, actors } = context;
    await wrapped.connect(actors.alice).approve(swap, ONE - 1n);
    await expect(by().stakeWrapped(ONE, actors.alice, 0n, MAX)).to.be.revertedWithoutReason();
    await wrapped.connect(actors.alice).approve(swap, ONE);
    await by().stakeWrapped(ONE, actors.alice, 0n, MAX);
    expect(await wrapped.allowance(actors.alice, swap)).to.equal(0n);
  });
});
