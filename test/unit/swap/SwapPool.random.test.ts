import { setBalance, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { DAY, MAX, ONE } from "../../support/fixture";
import { YEAR, at, now } from "../../support/polygon";
import { tries } from "../../support/properties";
import {
  DEAD,
  FEE_BPS,
  FIRST_RATE,
  LOCKED,
  PAYOUT_LIMIT,
  PROVIDED,
  PURSE,
  fundedFixture,
  pushRate,
  refreshRate,
  stateOf,
} from "../../support/swap";
import type { Swap } from "../../support/swap";
import { addOf, leftOf, removalOf, stakeOf, unstakeOf, use, worthOf } from "../../support/swapModel";
import type { Outcome, SwapModel } from "../../support/swapModel";

/** What a random sequence does. */
interface Step {
  readonly kind:
    | "stake"
    | "stakeWrapped"
    | "unstake"
    | "unstakeWrapped"
    | "add"
    | "remove"
    | "removeWrapped"
    | "donate"
    | "grow"
    | "lose"
    | "wait";
  readonly who: number;
  /** Parts of what there is, in 1/1,000,000. */
  readonly millionths: number;
  readonly others: number;
  readonly wei: bigint;
}

const part = fc.oneof(
  fc.constantFrom(0, 1, 1_000_000),
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.integer({ min: 0, max: 100_000 }),
);

const step = fc.record<Step>({
  kind: fc.constantFrom<Step["kind"]>(
    ...(["stake", "stakeWrapped", "unstake", "unstakeWrapped", "add", "add", "remove", "removeWrapped"] as const),
    ...(["donate", "grow", "lose", "wait"] as const),
  ),
  who: fc.integer({ min: 0, max: 2 }),
  millionths: part,
  others: part,
  wei: fc.bigInt({ min: 0n, max: 3n }),
});

/** What an account has, beyond the native wei that it started with. */
interface Purse {
  native: bigint;
  shares: bigint;
  liquidity: bigint;
}

describe("SwapPool: random calls by several accounts", () => {
  let context: Swap;
  let users: readonly HardhatEthersSigner[];
  let model: SwapModel;
  let purses: Purse[];
  let forced: { native: bigint; shares: bigint };

  /** The wealth of everyone, exact, over a common denominator. */
  function wealth(): { parts: bigint[]; whole: bigint } {
    const { rate, supply } = model;
    const worth = worthOf(model);
    return {
      parts: purses.map(
        ({ native, shares, liquidity }) =>
          (native * rate.totalSupply + shares * rate.totalAssets) * supply + liquidity * worth,
      ),
      whole: rate.totalSupply * supply,
    };
  }

  /** Nobody else is poorer by a call, who makes it is not richer, and liquidity is not worth less. */
  function expectFair(who: number, before: ReturnType<typeof wealth>, worthBefore: bigint, supplyBefore: bigint): void {
    const after = wealth();
    before.parts.forEach((part_, index) => {
      const change = (after.parts[index] ?? 0n) * before.whole - part_ * after.whole;
      if (index === who) expect(change <= 0n, `account ${index} gained by its own call`).to.equal(true);
      else expect(change >= 0n, `account ${index} lost by another's call`).to.equal(true);
    });
    expect(worthOf(model) * supplyBefore >= worthBefore * model.supply, "liquidity lost worth").to.equal(true);
  }

  /** Sends a call, and compares what it does, and the quote of the same block, with the rules. */
  async function run<T>(
    expected: Outcome<T>,
    quote: () => Promise<unknown>,
    send: () => Promise<ContractTransactionResponse>,
  ): Promise<{ readonly passed?: T }> {
    const { swap } = context;
    const dataOf = (error: unknown): string => (error as { data?: string }).data ?? String(error);
    const quoted = await quote().then(
      () => "passed",
      (error: unknown) => dataOf(error),
    );
    const sent = await send().then(
      () => "passed",
      (error: unknown) => dataOf(error),
    );
    if (expected.refused !== undefined) {
      const [name, ...args] = expected.refused;
      const data = swap.interface.encodeErrorResult(name, args);
      expect([quoted, sent]).to.deep.equal([data, data]);
      return {};
    }
    expect([quoted, sent]).to.deep.equal(["passed", "passed"]);
    return { passed: expected.value };
  }

  const scale = (whole: bigint, { millionths, wei }: Step): bigint => (whole * BigInt(millionths)) / 1_000_000n + wei;
  const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
  const pending = { blockTag: "pending" } as const;

  async function swapStep(one: Step, user: HardhatEthersSigner, purse: Purse, when: bigint): Promise<void> {
    const { swap } = context;
    const by = swap.connect(user);
    const { rate } = model;
    if (one.kind === "stake" || one.kind === "stakeWrapped") {
      // Up to a tenth more than buys all that is there.
      const most = (model.shares * rate.totalAssets * 11n) / (rate.totalSupply * 10n);
      const assets = least(scale(most, one), PURSE / 4n);
      const { passed } = await run(
        stakeOf(model, assets),
        async () => expect(await swap.quoteStake(assets, pending)).to.equal(valueOf(stakeOf(model, assets))),
        () => (one.kind === "stake" ? by.stake(0n, { value: assets }) : by.stakeWrapped(assets, user, 0n, MAX)),
      );
      if (passed === undefined) return;
      [purse.native, purse.shares] = [purse.native - assets, purse.shares + passed];
      [model.assets, model.shares] = [model.assets + assets, model.shares - passed];
      return;
    }
    const most = (model.assets * rate.totalSupply * 11n) / (rate.totalAssets * 10n);
    const shares = least(scale(most, one), purse.shares);
    const expected = unstakeOf(model, shares, when);
    const { passed } = await run(
      expected,
      async () => {
        const { assets, fee } = await swap.quoteUnstake(shares, pending);
        expect({ assets, fee }).to.deep.equal(valueOf(expected));
      },
      () => (one.kind === "unstake" ? by.unstake(shares, 0n) : by.unstakeWrapped(shares, user, 0n, MAX)),
    );
    if (passed === undefined) return;
    use(model, passed.assets, when);
    [purse.native, purse.shares] = [purse.native + passed.assets, purse.shares - shares];
    [model.assets, model.shares] = [model.assets - passed.assets, model.shares + shares];
  }

  async function addStep(one: Step, user: HardhatEthersSigner, purse: Purse, when: bigint): Promise<void> {
    const { swap } = context;
    const assets = scale(1_000n * ONE, one);
    const shares = least(scale(1_000n * ONE, { ...one, millionths: one.others }), purse.shares);
    const expected = addOf(model, shares, assets, when);
    const { passed } = await run(
      expected,
      async () => {
        const { liquidity, fee } = await swap.previewAdd(shares, assets, pending);
        const { liquidity: modelled, fee: charged } = valueOf(expected);
        expect({ liquidity, fee }).to.deep.equal({ liquidity: modelled, fee: charged });
      },
      () => swap.connect(user).addLiquidity(shares, 0n, user, MAX, { value: assets }),
    );
    if (passed === undefined) return;
    use(model, passed.taken, when);
    purse.native -= assets;
    purse.shares -= shares;
    purse.liquidity += passed.liquidity;
    [model.assets, model.shares] = [model.assets + assets, model.shares + shares];
    model.supply += passed.liquidity;
  }

  async function removeStep(one: Step, user: HardhatEthersSigner, purse: Purse): Promise<void> {
    const { swap } = context;
    const liquidity = least(scale(purse.liquidity, one), purse.liquidity);
    const out = removalOf(model, liquidity);
    const expected: Outcome<typeof out> =
      out.assets === 0n && out.shares === 0n ? { refused: ["ZeroOutput"] } : { value: out };
    const name = one.kind === "remove" ? "removeLiquidity" : "removeLiquidityWrapped";
    const { assets, shares } = await swap.previewRemove(liquidity);
    expect({ assets, shares }).to.deep.equal(out);
    const { passed } = await run(
      expected,
      async () => swap.connect(user)[name].staticCall(liquidity, user, 0n, 0n, pending),
      () => swap.connect(user)[name](liquidity, user, 0n, 0n),
    );
    if (passed === undefined) return;
    purse.native += out.assets;
    purse.shares += out.shares;
    purse.liquidity -= liquidity;
    [model.assets, model.shares] = [model.assets - out.assets, model.shares - out.shares];
    model.supply -= liquidity;
  }

  /** What moves no token of a user's by the pool. */
  async function worldStep(one: Step, user: HardhatEthersSigner, purse: Purse): Promise<void> {
    const { swap, token } = context;
    const { rate } = model;
    switch (one.kind) {
      case "donate": {
        const gift = least(scale(10n * ONE, one), purse.shares);
        await token.connect(user).transfer(swap, gift);
        await setBalance(await swap.getAddress(), (await ethers.provider.getBalance(swap)) + gift);
        purse.shares -= gift;
        forced = { native: forced.native + gift, shares: forced.shares + gift };
        return;
      }
      case "grow": {
        // Twelve hours at half of the highest pace.
        const when = (await now()) + DAY / 2n;
        const totalAssets =
          rate.totalAssets + (rate.totalAssets * BigInt(one.millionths)) / ((4n * YEAR * 1_000_000n) / DAY);
        model.rate = { totalSupply: rate.totalSupply, totalAssets };
        return at(when, () => pushRate(context, model.rate, { time: when }));
      }
      case "lose": {
        const totalAssets = (rate.totalAssets * (2_000_000n - BigInt(one.millionths))) / 2_000_000n;
        model.rate = { totalSupply: rate.totalSupply, totalAssets };
        const when = await now();
        await pushRate(context, model.rate, { losses: 1n, time: when });
        return at(when + 3_700n, () => pushRate(context, model.rate, { time: when + 3_600n }));
      }
      default:
        await time.increase(BigInt(one.millionths) / 20n + 1n);
        return refreshRate(context);
    }
  }

  function valueOf<T>(outcome: Outcome<T>): T | Record<string, never> {
    return outcome.refused === undefined ? outcome.value : {};
  }

  async function take(one: Step): Promise<void> {
    const user = users[one.who];
    const purse = purses[one.who];
    if (user === undefined || purse === undefined) throw new Error("there are three users");
    if (["donate", "grow", "lose", "wait"].includes(one.kind)) return worldStep(one, user, purse);
    const [before, worth, supply] = [wealth(), worthOf(model), model.supply];
    const when = (await now()) + 60n;
    await time.setNextBlockTimestamp(when);
    if (one.kind === "add") await addStep(one, user, purse, when);
    else if (one.kind === "remove" || one.kind === "removeWrapped") await removeStep(one, user, purse);
    else await swapStep(one, user, purse, when);
    expectFair(one.who, before, worth, supply);
  }

  async function check(): Promise<void> {
    const { swap, token } = context;
    const { assets, shares, supply } = model;
    expect(await stateOf(swap)).to.deep.equal({ assets, shares, supply });
    expect(await ethers.provider.getBalance(swap)).to.equal(assets + forced.native);
    expect(await token.balanceOf(swap)).to.equal(shares + forced.shares);
    let liquidity = 0n;
    for (const [index, user] of users.entries()) {
      const purse = purses[index];
      expect(await token.balanceOf(user)).to.equal(purse?.shares);
      expect(await swap.balanceOf(user)).to.equal(purse?.liquidity);
      liquidity += purse?.liquidity ?? 0n;
    }
    expect(liquidity + (await swap.balanceOf(DEAD))).to.equal(supply);
    const usable = least(assets, leftOf(model, await now()));
    expect([...(await swap.available())]).to.deep.equal([usable, shares]);
  }

  it("A80: each does what the rules say, as its quote says; nobody gains by a call and nobody loses by another's", async () => {
    context = await fundedFixture();
    const { alice, bob, carol } = context.actors;
    users = [alice, bob, carol];
    const provided = await context.swap.balanceOf(carol);
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30 }), async (steps) => {
        await start.restore();
        model = {
          rate: FIRST_RATE,
          assets: PROVIDED.assets,
          shares: PROVIDED.shares,
          supply: provided + LOCKED,
          feeBps: FEE_BPS,
          limit: PAYOUT_LIMIT,
          used: 0n,
          usedAt: await now(),
        };
        purses = users.map((user) => ({
          native: 0n,
          shares: user === carol ? PURSE - PROVIDED.shares : PURSE,
          liquidity: user === carol ? provided : 0n,
        }));
        forced = { native: 0n, shares: 0n };
        for (const one of steps) await take(one);
        await check();
      }),
      tries(60),
    );
  });

  it("adding and removing is no way to unstake without the fee", async () => {
    context = await fundedFixture();
    const { swap, token, actors } = context;
    const { alice, bob } = actors;
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(part, part, part, fc.boolean()),
        async ([assetParts, shareParts, poolParts, nativeRich]) => {
          await start.restore();
          // Another proportion first.
          const shift = (200n * ONE * BigInt(poolParts)) / 1_000_000n + ONE;
          if (nativeRich) await swap.connect(bob).stake(0n, { value: shift });
          else await swap.connect(bob).unstake(shift, 0n);
          const assets = (300n * ONE * BigInt(assetParts)) / 1_000_000n;
          const shares = (300n * ONE * BigInt(shareParts)) / 1_000_000n + 1n;
          const held = await token.balanceOf(alice);
          const taken = await swap.previewAdd(shares, assets).then(
            ({ liquidity }) => liquidity,
            () => 0n,
          );
          if (taken === 0n) return;
          await swap.connect(alice).addLiquidity(shares, 0n, alice, MAX, { value: assets });
          const { assets: back } = await swap.previewRemove(taken);
          await swap.connect(alice).removeLiquidity(taken, alice, 0n, 0n);
          const lost = held - (await token.balanceOf(alice));
          const gained = back - assets;
          if (gained <= 0n) return;
          // No more than the shares that are gone are sold for.
          const price = lost * FIRST_RATE.totalAssets * (10_000n - FEE_BPS);
          expect(gained * FIRST_RATE.totalSupply * 10_000n).to.be.lessThanOrEqual(price);
        },
      ),
      tries(60),
    );
  });
});
