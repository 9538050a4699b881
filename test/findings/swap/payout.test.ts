import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers } from "hardhat";

import { MAX, ONE } from "../../support/fixture";
import { fundedFixture, shortfall, stateOf } from "../../support/swap";
import type { Swap } from "../../support/swap";
import { SwapVisitor__factory } from "../../typechain-types";
import type { SwapVisitor } from "../../typechain-types";

/** What a {@link SwapVisitor} does when it is paid. */
const MANNERS = { count: 0n, refuse: 1n, comeBack: 2n, comeBackOrFail: 3n } as const;

describe("findings: the swap pool pays native tokens", () => {
  let context: Swap;
  let visitor: SwapVisitor;
  let self: string;

  beforeEach(async () => {
    context = await fundedFixture();
    const { swap, token, wrapped, actors } = context;
    visitor = await new SwapVisitor__factory(actors.deployer).deploy();
    self = await visitor.getAddress();
    await token.connect(actors.alice).transfer(visitor, 100n * ONE);
    await wrapped.connect(actors.alice).transfer(visitor, 100n * ONE);
    await swap.connect(actors.carol).transfer(visitor, 100n * ONE);
    for (const coin of [token, wrapped]) {
      await visitor.exec(coin, token.interface.encodeFunctionData("approve", [await swap.getAddress(), MAX]));
    }
    await ethers.provider.send("hardhat_setBalance", [self, "0x56bc75e2d63100000"]);
  });

  afterEach(async () => {
    expect(await shortfall(context)).to.deep.equal([]);
  });

  const encode = (name: string, args: unknown[]): string =>
    context.swap.interface.encodeFunctionData(name as "stake", args as [bigint]);

  const permit = { value: 0n, deadline: 0n, v: 27n, r: `0x${"11".repeat(32)}`, s: `0x${"22".repeat(32)}` };

  /** Every entry that moves value, as it comes back in the middle of a payment. */
  const entries = (): [name: string, data: string, value: bigint][] => [
    ["stake", encode("stake", [0n]), ONE],
    ["stakeFor", encode("stakeFor", [self, 0n, MAX]), ONE],
    ["stakeWrapped", encode("stakeWrapped", [ONE, self, 0n, MAX]), 0n],
    ["unstake", encode("unstake", [ONE, 0n]), 0n],
    ["unstakeFor", encode("unstakeFor", [ONE, self, 0n, MAX]), 0n],
    ["unstakeWrapped", encode("unstakeWrapped", [ONE, self, 0n, MAX]), 0n],
    ["unstakeWithPermit", encode("unstakeWithPermit", [ONE, self, 0n, MAX, permit]), 0n],
    ["addLiquidity", encode("addLiquidity", [ONE, 0n, self, MAX]), ONE],
    ["removeLiquidity", encode("removeLiquidity", [ONE, self, 0n, 0n]), 0n],
    ["removeLiquidityWrapped", encode("removeLiquidityWrapped", [ONE, self, 0n, 0n]), 0n],
  ];

  /** Every entry that pays native tokens. */
  const paying = (): [name: string, data: string][] =>
    entries()
      .filter(([name]) => ["unstake", "unstakeFor", "unstakeWithPermit", "removeLiquidity"].includes(name))
      .map(([name, data]) => [name, data]);

  it("A82: a receiver that comes back through any entry, in the middle of any payment, fails it", async () => {
    const { swap } = context;
    for (const [outer, call] of paying()) {
      for (const [inner, data, value] of entries()) {
        await visitor.behave(MANNERS.comeBackOrFail, swap, data, value);
        const before = await stateOf(swap);
        await expect(visitor.exec(swap, call), `${inner} in ${outer}`).to.be.revertedWithCustomError(
          swap,
          "ReentrancyGuardReentrantCall",
        );
        expect(await stateOf(swap)).to.deep.equal(before);
      }
    }
  });

  it("A82: one that hides its failure is paid once, and both reserves are what the first call left", async () => {
    const { swap } = context;
    const refusal = swap.interface.encodeErrorResult("ReentrancyGuardReentrantCall");
    for (const [, call] of paying()) {
      for (const [inner, data, value] of entries()) {
        await visitor.behave(MANNERS.comeBack, swap, data, value);
        const before = await stateOf(swap);
        const [received, payments] = [await visitor.received(), await visitor.payments()];
        await expect(visitor.exec(swap, call), inner).to.emit(visitor, "CameBack").withArgs(false, refusal);
        expect((await visitor.payments()) - payments).to.equal(1n);
        const paid = (await visitor.received()) - received;
        expect((await stateOf(swap)).assets).to.equal(before.assets - paid);
      }
    }
  });

  it("A82: who looks in the middle of a payment sees it done", async () => {
    const { swap } = context;
    const iface = swap.interface;
    const looks = [
      ["reserves", iface.encodeFunctionData("reserves")],
      ["quoteUnstake", iface.encodeFunctionData("quoteUnstake", [ONE])],
      ["previewRemove", iface.encodeFunctionData("previewRemove", [ONE])],
      ["totalSupply", iface.encodeFunctionData("totalSupply")],
    ] as const;
    for (const [, call] of paying()) {
      for (const [name, data] of looks) {
        await visitor.behave(MANNERS.comeBack, swap, data, 0n);
        const receipt = await (await visitor.exec(swap, call)).wait();
        const seen = receipt?.logs
          .map((log) => (log.address === self ? visitor.interface.parseLog(log) : null))
          .find((log) => log?.name === "CameBack");
        const after = await ethers.provider.call({ to: swap, data });
        expect([...(seen?.args ?? [])], name).to.deep.equal([true, after]);
      }
    }
  });

  it("A82: a receiver that needs more than 2,300 gas is paid", async () => {
    const { swap } = context;
    for (const [, call] of paying()) {
      const [before, payments] = [await ethers.provider.getBalance(visitor), await visitor.payments()];
      await visitor.exec(swap, call);
      expect(await ethers.provider.getBalance(visitor)).to.be.greaterThan(before);
      expect(await visitor.payments()).to.equal(payments + 1n);
    }
  });

  it("A70, A82: one that can take no native tokens loses nothing, and is paid in wrapped ones or elsewhere", async () => {
    const { swap, wrapped, actors } = context;
    await visitor.behave(MANNERS.refuse, ZeroAddress, "0x", 0n);
    const before = await stateOf(swap);
    for (const [name, call] of paying()) {
      await expect(visitor.exec(swap, call), name).to.be.revertedWithCustomError(visitor, "Refused");
    }
    expect(await stateOf(swap)).to.deep.equal(before);
    const { assets } = await swap.quoteUnstake(ONE);
    await expect(visitor.exec(swap, encode("unstakeWrapped", [ONE, self, assets, MAX]))).to.changeTokenBalance(
      wrapped,
      visitor,
      assets,
    );
    await expect(
      visitor.exec(swap, encode("unstakeFor", [ONE, actors.bob.address, assets, MAX])),
    ).to.changeEtherBalance(actors.bob, assets);
    const [removed] = await swap.previewRemove(ONE);
    await expect(visitor.exec(swap, encode("removeLiquidityWrapped", [ONE, self, 0n, 0n]))).to.changeTokenBalance(
      wrapped,
      visitor,
      removed,
    );
  });
});
