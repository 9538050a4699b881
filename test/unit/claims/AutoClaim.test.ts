import { expect } from "chai";
import { FunctionFragment } from "ethers";
import { ethers } from "hardhat";

import { CRUMBS, bringHome, request, settle, spread, stake } from "../../support/exits";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

const SHARES = 100n * ONE;

describe("AutoClaim", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  it("S7540-20: has one function, which pays the controller that is named", () => {
    const functions = context.autoClaim.interface.fragments.filter((item) => FunctionFragment.isFragment(item));
    expect(functions.map((fragment) => fragment.format())).to.deep.equal(["claim(address)"]);
  });

  it("S7540-20: its code calls no other function of the pool than maxRedeem and redeem, and delegates to nobody", async () => {
    const { autoClaim, pool } = context;
    const opcodes = operations(await ethers.provider.getCode(autoClaim));
    expect(opcodes).not.to.include("f4");
    expect(opcodes).not.to.include("f2");
    expect(opcodes).not.to.include("ff");
    const selectors = opcodes
      .filter((operation) => operation.startsWith("63"))
      .map((operation) => `0x${operation.slice(2)}`);
    const ofPool = new Set(
      pool.interface.fragments.flatMap((fragment) =>
        FunctionFragment.isFragment(fragment) ? [fragment.selector] : [],
      ),
    );
    const called = selectors.filter((selector) => ofPool.has(selector));
    expect(new Set(called)).to.deep.equal(
      new Set([pool.getFunction("maxRedeem").fragment.selector, pool.getFunction("redeem").fragment.selector]),
    );
  });

  describe("claim", () => {
    beforeEach(async () => {
      const { pool, actors, autoClaim } = context;
      await stake(context, actors.alice, 1_000n * ONE);
      await pool.connect(actors.alice).setOperator(autoClaim, true);
      await request(context, actors.alice, SHARES);
      await settle(context);
      await request(context, actors.alice, 2n * SHARES);
      await settle(context);
    });

    it("pays a controller all that it can claim, in POL, when a stranger calls", async () => {
      const { pool, autoClaim, polygon, actors } = context;
      const { alice, stranger } = actors;
      expect(await autoClaim.connect(stranger).claim.staticCall(alice)).to.equal(3n * SHARES);
      const sent = await autoClaim.connect(stranger).claim(alice);
      await expect(sent).to.changeTokenBalances(
        polygon.pol,
        [alice, stranger, autoClaim, pool],
        [3n * SHARES, 0n, 0n, -3n * SHARES],
      );
      await expect(sent)
        .to.emit(pool, "Withdraw")
        .withArgs(autoClaim, alice, alice, 3n * SHARES, 3n * SHARES);
      await expect(sent)
        .to.emit(autoClaim, "AutoClaimed")
        .withArgs(alice, stranger, 3n * SHARES);
    });

    it("has nothing to pay twice", async () => {
      const { autoClaim, actors } = context;
      await autoClaim.claim(actors.alice);
      await expect(autoClaim.claim(actors.alice))
        .to.be.revertedWithCustomError(autoClaim, "NothingClaimable")
        .withArgs(actors.alice);
    });

    it("leaves what is pending", async () => {
      const { pool, autoClaim, polygon, actors } = context;
      const { alice } = actors;
      const waiting = await request(context, alice, SHARES);
      await expect(autoClaim.claim(alice)).to.changeTokenBalance(polygon.pol, alice, 3n * SHARES);
      expect(await pool.requestsOf(alice)).to.deep.equal([waiting]);
      await expect(autoClaim.claim(alice)).to.be.revertedWithCustomError(autoClaim, "NothingClaimable").withArgs(alice);
    });

    it("fails for a controller that did not choose it, or chose it no more", async () => {
      const { pool, autoClaim, actors } = context;
      const { alice, bob } = actors;
      await stake(context, bob, 100n * ONE);
      await request(context, bob, ONE);
      await settle(context);
      await expect(autoClaim.claim(bob)).to.be.revertedWithCustomError(pool, "NotController").withArgs(autoClaim, bob);
      await pool.connect(alice).setOperator(autoClaim, false);
      await expect(autoClaim.claim(alice))
        .to.be.revertedWithCustomError(pool, "NotController")
        .withArgs(autoClaim, alice);
    });
  });

  it("pays what came of a batch that was paid short", async () => {
    await spread(context);
    const { pool, autoClaim, polygon, actors } = context;
    const { alice } = actors;
    await pool.connect(alice).setOperator(autoClaim, true);
    await request(context, alice, 500n * ONE + CRUMBS);
    const batch = await settle(context);
    await slash(context, 1n, { bps: 2_000n, unbonding: true });
    await bringHome(context, batch);
    await expect(autoClaim.claim(alice)).to.changeTokenBalance(polygon.pol, alice, 400n * ONE + CRUMBS);
  });
});

/** The instructions of a contract, each with its pushed bytes, without the metadata behind them. */
function operations(code: string): string[] {
  const bytes = Buffer.from(code.slice(2), "hex");
  const metadata = bytes.readUInt16BE(bytes.length - 2) + 2;
  const end = bytes.length - metadata;
  const found: string[] = [];
  for (let at = 0; at < end; at++) {
    const opcode = bytes[at] ?? 0;
    const pushed = opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5f : 0;
    found.push(bytes.subarray(at, at + 1 + pushed).toString("hex"));
    at += pushed;
  }
  return found;
}
