import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { ethers } from "hardhat";

import { delegated, principals } from "../../support/delegating";
import { DAY, MAX, ONE, asManager, checkpoints, fixture, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { functionsOf } from "../../support/functions";
import { POL_DOMAIN, domainOf, signPermit } from "../../support/permit";

/** Rewards that have vested, so that a share is worth more than one POL. */
async function grown(): Promise<Context> {
  const context = await fixture();
  await delegated(context, 999n * ONE);
  await checkpoints(context, 5);
  await context.pool.harvest([]);
  await time.increase(8n * DAY);
  return context;
}

describe("findings: staking", () => {
  it("A17: a stake says how many shares it wants, and by when", async () => {
    const { pool, token, actors } = await grown();
    const bob = pool.connect(actors.bob);
    const quoted = await pool.previewDeposit(100n * ONE);
    expect(quoted).to.be.lessThan(100n * ONE);
    await expect(bob.stake(100n * ONE, actors.bob, quoted + 1n, MAX))
      .to.be.revertedWithCustomError(pool, "TooFewShares")
      .withArgs(quoted, quoted + 1n);
    const now = BigInt(await time.latest());
    await expect(bob.stake(100n * ONE, actors.bob, 0, now))
      .to.be.revertedWithCustomError(pool, "DeadlinePassed")
      .withArgs(now);
    await expect(bob.stake(100n * ONE, actors.bob, quoted, MAX)).to.changeTokenBalance(token, actors.bob, quoted);
  });

  it("A17: a harvest before the stake takes nothing from it in terms of POL", async () => {
    const context = await grown();
    const { pool, actors } = context;
    await checkpoints(context, 5);
    await pool.harvest([]);
    await pool.connect(actors.bob).deposit(100n * ONE, actors.bob);
    const worth = await pool.convertToAssets(await context.token.balanceOf(actors.bob));
    expect(worth).to.be.within(100n * ONE - 2n, 101n * ONE);
  });

  it("A18: a permit that somebody submitted first does not make the stake fail", async () => {
    const { pool, polygon, token, actors } = await fixture();
    const { bob, stranger } = actors;
    const domain = await domainOf(polygon.pol, POL_DOMAIN);
    await polygon.pol.connect(bob).approve(pool, 0);
    const { v, r, s } = await signPermit(bob, domain, {
      owner: bob.address,
      spender: await pool.getAddress(),
      value: 9n * ONE,
      nonce: 0n,
      deadline: MaxUint256,
    });
    await polygon.pol.connect(stranger).permit(bob, pool, 9n * ONE, MaxUint256, v, r, s);
    await pool.connect(bob).depositWithPermit(9n * ONE, bob, MaxUint256, v, r, s);
    expect(await token.balanceOf(bob)).to.equal(9n * ONE);
  });

  it("A18: nobody stakes by another's allowance", async () => {
    const { pool, polygon, token, actors } = await fixture();
    const { bob, stranger } = actors;
    await polygon.pol.connect(stranger).approve(pool, 0);
    await polygon.matic.connect(stranger).approve(pool, 0);
    expect(await polygon.pol.allowance(bob, pool)).to.equal(MaxUint256);
    const by = pool.connect(stranger);
    await expect(by.deposit(ONE, stranger)).to.be.revertedWith("ERC20: insufficient allowance");
    await expect(by.mint(ONE, stranger)).to.be.revertedWith("ERC20: insufficient allowance");
    await expect(by.stake(ONE, stranger, 0, MAX)).to.be.revertedWith("ERC20: insufficient allowance");
    await expect(by.stakeMatic(ONE, stranger, 0, MAX)).to.be.reverted;
    await expect(by.stakeAndClaimCerts(ONE)).to.be.reverted;
    expect(await token.balanceOf(stranger)).to.equal(0);
    expect(await polygon.pol.balanceOf(bob)).to.equal(1_000_000n * ONE);
    expect(await polygon.matic.balanceOf(bob)).to.equal(1_000_000n * ONE);
  });

  it("A19: a permit that is sent again, by another or for another receiver, gives the signer's coins to nobody", async () => {
    const { pool, polygon, token, actors } = await fixture();
    const { bob, stranger } = actors;
    const domain = await domainOf(polygon.pol, POL_DOMAIN);
    await polygon.pol.connect(bob).approve(pool, 0);
    await polygon.pol.connect(stranger).approve(pool, 0);
    const { v, r, s } = await signPermit(bob, domain, {
      owner: bob.address,
      spender: await pool.getAddress(),
      value: 9n * ONE,
      nonce: 0n,
      deadline: MaxUint256,
    });
    await expect(pool.connect(stranger).depositWithPermit(9n * ONE, stranger, MaxUint256, v, r, s)).to.be.revertedWith(
      "ERC20: insufficient allowance",
    );
    await pool.connect(bob).depositWithPermit(9n * ONE, bob, MaxUint256, v, r, s);
    await expect(pool.connect(bob).depositWithPermit(9n * ONE, stranger, MaxUint256, v, r, s)).to.be.revertedWith(
      "ERC20: insufficient allowance",
    );
    expect([await token.balanceOf(bob), await token.balanceOf(stranger)]).to.deep.equal([9n * ONE, 0n]);
  });

  it("A20: no entry takes ETH", async () => {
    const { pool, token, delegator, actors } = await fixture();
    for (const contract of [pool, token, delegator]) {
      // ERC-1822 makes an upgrade payable; it is the upgrader's alone, and OpenZeppelin refuses value without a call.
      const payable = functionsOf(contract).filter((method) => method.payable);
      expect(payable.map(({ name }) => name)).to.deep.equal(["upgradeToAndCall"]);
      await expect(actors.stranger.sendTransaction({ to: contract, value: 1n })).to.be.reverted;
      expect(await ethers.provider.getBalance(contract)).to.equal(0);
    }
    const data = pool.interface.encodeFunctionData("deposit", [ONE, actors.alice.address]);
    await expect(actors.alice.sendTransaction({ to: pool, data, value: 1n })).to.be.reverted;
  });

  it("A20: a stake pays once, in the coin of its name", async () => {
    const { pool, polygon, delegator, actors } = await fixture();
    const { alice } = actors;
    await expect(pool.connect(alice).deposit(5n * ONE, alice)).to.changeTokenBalances(
      polygon.pol,
      [alice, delegator, pool],
      [-5n * ONE, 5n * ONE, 0],
    );
    await expect(pool.connect(alice).stakeAndClaimCerts(5n * ONE)).to.changeTokenBalances(
      polygon.matic,
      [alice, delegator, pool],
      [-5n * ONE, 5n * ONE, 0],
    );
  });

  it("A21: MATIC and POL in turn leave neither MATIC nor allowances behind, and are one buffer", async () => {
    const context = await fixture();
    const { pool, polygon, delegator, actors } = context;
    const alice = pool.connect(actors.alice);
    for (let round = 0; round < 3; round++) {
      await alice.stakeMatic(40n * ONE, actors.alice, 0, MAX);
      await alice.deposit(20n * ONE, actors.alice);
      await pool.delegate(MAX);
    }
    // A wei stays, so that the next staker does not pay for a balance that was zero.
    expect(await polygon.matic.balanceOf(delegator)).to.equal(1);
    expect(await polygon.matic.balanceOf(pool)).to.equal(0);
    for (const spender of [polygon.stakeManager, polygon.migration]) {
      for (const coin of [polygon.pol, polygon.matic]) {
        expect(await coin.allowance(delegator, spender)).to.equal(0);
        expect(await coin.allowance(pool, spender)).to.equal(0);
      }
    }
    const staked = (await principals(context)).reduce((sum, principal) => sum + principal, 0n);
    expect(staked + (await delegator.buffer())).to.equal(181n * ONE);
  });

  it("A22: maxDeposit is true at the start, in between and below the cap, which delegation does not reset", async () => {
    const context = await fixture({ params: { assetCapWei: 1_000n * ONE } });
    const { pool, actors } = context;
    const alice = pool.connect(actors.alice);
    expect(await pool.maxDeposit(actors.alice)).to.equal(999n * ONE);
    await alice.deposit(500n * ONE, actors.alice);
    await pool.delegate(MAX);
    expect(await pool.maxDeposit(actors.alice)).to.equal(499n * ONE);
    await expect(alice.deposit(499n * ONE + 1n, actors.alice))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(499n * ONE + 1n, 499n * ONE);
    await alice.deposit(await pool.maxDeposit(actors.alice), actors.alice);
    await pool.delegate(MAX);
    expect(await pool.maxDeposit(actors.alice)).to.equal(0);
    await expect(alice.deposit(ONE, actors.alice)).to.be.revertedWithCustomError(pool, "AboveCap").withArgs(ONE, 0);
  });

  it("A22: what left makes room again, and a lower cap none", async () => {
    const context = await fixture({ params: { assetCapWei: 1_000n * ONE } });
    const { pool, actors } = context;
    await delegated(context, 999n * ONE);
    await pool.connect(actors.alice).requestRedeem(100n * ONE, actors.alice, actors.alice);
    expect(await pool.maxDeposit(actors.bob)).to.equal(100n * ONE);
    await pool.connect(actors.bob).deposit(100n * ONE, actors.bob);
    await pool.settleBatch();
    expect((await pool.batchOf(1)).state).to.equal(2);
    await pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice);
    await asManager(context, pool, pool.interface.encodeFunctionData("setAssetCap", [500n * ONE]));
    expect(await pool.maxDeposit(actors.bob)).to.equal(0);
  });
});
