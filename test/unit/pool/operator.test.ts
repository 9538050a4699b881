import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { request, settle, stake } from "../../support/exits";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

const SHARES = 100n * ONE;

describe("PolygonPool: operators", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  it("S7540-19: setOperator sets, returns true and logs, every time", async () => {
    const { pool, actors } = context;
    const { alice, bob } = actors;
    expect(pool.getFunction("setOperator").fragment.selector).to.equal("0x558a7297");
    expect(pool.getFunction("isOperator").fragment.selector).to.equal("0xb6363cf2");
    for (const approved of [true, true, false, false, true]) {
      expect(await pool.connect(alice).setOperator.staticCall(bob, approved)).to.equal(true);
      await expect(pool.connect(alice).setOperator(bob, approved))
        .to.emit(pool, "OperatorSet")
        .withArgs(alice, bob, approved);
      expect(await pool.isOperator(alice, bob)).to.equal(approved);
    }
  });

  it("S7540-19: accepts the caller itself and address zero", async () => {
    const { pool, actors } = context;
    const { alice } = actors;
    for (const operator of [alice.address, ZeroAddress]) {
      await expect(pool.connect(alice).setOperator(operator, true))
        .to.emit(pool, "OperatorSet")
        .withArgs(alice, operator, true);
      expect(await pool.isOperator(alice, operator)).to.equal(true);
    }
  });

  it("makes nobody an operator of the operator, nor the operator of another", async () => {
    const { pool, actors } = context;
    await pool.connect(actors.alice).setOperator(actors.bob, true);
    expect(await pool.isOperator(actors.bob, actors.alice)).to.equal(false);
    expect(await pool.isOperator(actors.carol, actors.bob)).to.equal(false);
  });

  it("leaves a controller in power over its own requests when it stops itself", async () => {
    const { pool, actors } = context;
    await stake(context, actors.alice, 1_000n * ONE);
    await pool.connect(actors.alice).setOperator(actors.alice, false);
    await request(context, actors.alice, SHARES);
    await settle(context);
    expect(await pool.connect(actors.alice).redeem.staticCall(SHARES, actors.alice, actors.alice)).to.equal(SHARES);
  });

  it("S7540-20: an operator may request with all of the owner's shares and claim them to anyone", async () => {
    const { pool, token, polygon, actors } = context;
    const { alice, bob, carol } = actors;
    await stake(context, alice, 1_000n * ONE);
    await pool.connect(alice).setOperator(bob, true);
    await pool.connect(bob).requestRedeem(1_000n * ONE, bob, alice);
    expect(await token.balanceOf(alice)).to.equal(0n);
    await settle(context);
    await expect(pool.connect(bob).redeem(1_000n * ONE, carol, bob)).to.changeTokenBalance(
      polygon.pol,
      carol,
      1_000n * ONE,
    );
  });

  it("takes the power away at once when the controller stops its operator", async () => {
    const { pool, actors } = context;
    const { alice, bob } = actors;
    await stake(context, alice, 1_000n * ONE);
    await pool.connect(alice).setOperator(bob, true);
    const id = await request(context, alice, SHARES);
    await settle(context);
    await pool.connect(alice).setOperator(bob, false);
    const asBob = pool.connect(bob);
    for (const call of [
      (): Promise<unknown> => asBob.redeem(SHARES, bob, alice),
      (): Promise<unknown> => asBob.withdraw(SHARES, bob, alice),
      (): Promise<unknown> => asBob.claim([id], bob, alice),
      (): Promise<unknown> => asBob.claimInMatic([id], bob, alice),
      (): Promise<unknown> => asBob.claimLate([id], bob, alice),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(pool, "NotController").withArgs(bob, alice);
    }
  });
});
