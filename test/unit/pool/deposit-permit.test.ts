import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import type { Signature } from "ethers";

import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { POL_DOMAIN, domainOf, signPermit } from "../../support/permit";

describe("PolygonPool.depositWithPermit", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
    const { polygon, pool, actors } = context;
    await polygon.pol.connect(actors.alice).approve(pool, 0n);
  });

  /** Alice's permit of POL to the pool. */
  async function permit(
    value: bigint,
    deadline = MaxUint256,
    named: typeof POL_DOMAIN | { name: string; version: string } = POL_DOMAIN,
  ): Promise<Signature> {
    const { polygon, pool, actors } = context;
    return signPermit(actors.alice, await domainOf(polygon.pol, named), {
      owner: actors.alice.address,
      spender: await pool.getAddress(),
      value,
      nonce: await polygon.pol.nonces(actors.alice),
      deadline,
    });
  }

  const deposit = (assets: bigint, { v, r, s }: Signature, deadline = MaxUint256, receiver?: string) => {
    const { pool, actors } = context;
    return pool.connect(actors.alice).depositWithPermit(assets, receiver ?? actors.alice.address, deadline, v, r, s);
  };

  it("S2612-6: stakes with a signature in place of an approval, and leaves no allowance", async () => {
    const { polygon, pool, token, delegator, actors } = context;
    const signature = await permit(5n * ONE);
    const staked = deposit(5n * ONE, signature, MaxUint256, actors.bob.address);
    await expect(staked).to.changeTokenBalances(polygon.pol, [actors.alice, delegator], [-5n * ONE, 5n * ONE]);
    await expect(staked)
      .to.emit(pool, "Deposit")
      .withArgs(actors.alice.address, actors.bob.address, 5n * ONE, 5n * ONE);
    expect(await token.balanceOf(actors.bob)).to.equal(5n * ONE);
    expect(await polygon.pol.allowance(actors.alice, pool)).to.equal(0n);
  });

  it("returns the shares", async () => {
    const { pool, actors } = context;
    const { v, r, s } = await permit(5n * ONE);
    expect(
      await pool.connect(actors.alice).depositWithPermit.staticCall(5n * ONE, actors.bob, MaxUint256, v, r, s),
    ).to.equal(5n * ONE);
  });

  it("A18, S2612-5: still passes when somebody submitted the permit first", async () => {
    const { polygon, pool, token, actors } = context;
    const signature = await permit(5n * ONE);
    const { v, r, s } = signature;
    await polygon.pol.connect(actors.stranger).permit(actors.alice, pool, 5n * ONE, MaxUint256, v, r, s);
    await deposit(5n * ONE, signature);
    expect(await token.balanceOf(actors.alice)).to.equal(5n * ONE);
  });

  it("passes on an approval alone, whatever the signature", async () => {
    const { polygon, pool, token, actors } = context;
    const signature = await permit(1n);
    await polygon.pol.connect(actors.alice).approve(pool, 5n * ONE);
    await deposit(5n * ONE, signature);
    expect(await token.balanceOf(actors.alice)).to.equal(5n * ONE);
  });

  it("A18, S2612-5: a stranger cannot use a victim's signature or allowance to stake the victim's POL", async () => {
    const { polygon, pool, actors } = context;
    const { v, r, s } = await permit(5n * ONE);
    await polygon.pol.connect(actors.bob).approve(pool, 0n);
    await expect(
      pool.connect(actors.bob).depositWithPermit(5n * ONE, actors.bob, MaxUint256, v, r, s),
    ).to.be.revertedWith("ERC20: insufficient allowance");
    await polygon.pol.connect(actors.alice).approve(pool, MaxUint256);
    await expect(
      pool.connect(actors.bob).depositWithPermit(5n * ONE, actors.bob, MaxUint256, v, r, s),
    ).to.be.revertedWith("ERC20: insufficient allowance");
  });

  describe("reverts without an allowance", () => {
    const refused = "ERC20: insufficient allowance";

    it("if the signature is over less than the assets", async () => {
      await expect(deposit(5n * ONE, await permit(5n * ONE - 1n))).to.be.revertedWith(refused);
    });

    it("if the permit has expired", async () => {
      const deadline = BigInt(await time.latest()) - 1n;
      await expect(deposit(5n * ONE, await permit(5n * ONE, deadline), deadline)).to.be.revertedWith(refused);
    });

    it("S2612-6: if POL's version() was taken for the version of its domain", async () => {
      const signature = await permit(5n * ONE, MaxUint256, { name: POL_DOMAIN.name, version: "1.1.0" });
      await expect(deposit(5n * ONE, signature)).to.be.revertedWith(refused);
    });
  });

  it("reverts for a receiver of zero, below 1 POL, and while paused", async () => {
    const { pool, actors } = context;
    const signature = await permit(5n * ONE);
    await expect(deposit(5n * ONE, signature, MaxUint256, ZeroAddress)).to.be.revertedWithCustomError(
      pool,
      "ZeroAddress",
    );
    await expect(deposit(ONE - 1n, signature))
      .to.be.revertedWithCustomError(pool, "BelowMinimum")
      .withArgs(ONE - 1n, ONE);
    await pool.connect(actors.guardian).pauseStakes(60n);
    await expect(deposit(5n * ONE, signature)).to.be.revertedWithCustomError(pool, "StakesArePaused");
  });
});
