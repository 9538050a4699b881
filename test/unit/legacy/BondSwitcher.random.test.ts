import { takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { MAX, ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { reward } from "../../support/growth";
import { GENESIS_SHARES, holdersOf, legacyFixture } from "../../support/legacy";
import { tries } from "../../support/properties";
import { ceilDiv, count, expectNothingStays, feeOf, set } from "../../support/switcher";

/** What a random sequence does: a switch in one of three ways, a reward, time, or a change by the manager. */
interface Step {
  readonly kind: "shares" | "bonds" | "upTo" | "reward" | "wait" | "cap" | "fee";
  readonly who: number;
  /** Part of what there is, in 1/1,000,000. */
  readonly millionths: number;
  readonly wei: bigint;
}

/** Twice as many switches as anything else. */
const KINDS: readonly Step["kind"][] = [
  ...(["shares", "bonds", "upTo", "shares", "bonds", "upTo"] as const),
  ...(["reward", "wait", "cap", "fee"] as const),
];

const step = fc.record<Step>({
  kind: fc.constantFrom(...KINDS),
  who: fc.integer({ min: 0, max: 2 }),
  millionths: fc.oneof(
    fc.constantFrom(0, 1, 500_000, 1_000_000),
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.integer({ min: 0, max: 100_000 }),
  ),
  wei: fc.bigInt({ min: 0n, max: 3n }),
});

/** The switcher by its rules. */
interface Model {
  cap: bigint;
  feeBps: bigint;
  used: bigint;
  fees: bigint;
  received: bigint;
  readonly shares: bigint[];
}

/** What a switch of shares should do: an error with its arguments, or nothing if it passes. */
function refusal({ cap, used, feeBps }: Model, shares: bigint): readonly [string, ...bigint[]] | undefined {
  if (shares === 0n) return ["ZeroShares"];
  const remaining = cap > used ? cap - used : 0n;
  if (shares > remaining) return ["AboveRemaining", shares, remaining];
  const fee = feeOf(shares, feeBps);
  return fee === shares ? ["NothingAfterFee", shares, fee] : undefined;
}

describe("BondSwitcher: random switches, rewards, caps and fees", () => {
  let context: Context;
  let model: Model;
  let holders: readonly HardhatEthersSigner[];

  beforeEach(async () => {
    context = await legacyFixture({ params: { feeBps: 0n } });
    holders = holdersOf(context);
  });

  /** Runs a switch and compares it with the rules; `sharesOf` may need the rate of the call's own second. */
  async function attempt(
    { kind, who }: Step,
    amount: bigint,
    sharesAt: (assets: bigint, supply: bigint) => bigint,
  ): Promise<void> {
    const { switcher, pool, token, actors } = context;
    const holder = holders[who];
    if (holder === undefined) throw new Error("there are three holders");
    const by = switcher.connect(holder);
    const call = { shares: by.switchShares, bonds: by.switchBonds, upTo: by.switchUpTo }[
      kind as "shares" | "bonds" | "upTo"
    ];
    const paid = await token.balanceOf(actors.stranger);
    const sent = call(amount, actors.stranger).then(
      (response) => ({ passed: true as const, response }),
      (error: unknown) => ({ passed: false as const, error }),
    );
    const outcome = await sent;
    // A switch moves neither total, so that after it they are what they were in its own second.
    const shares = sharesAt(await pool.totalAssets(), await pool.totalShares());
    const expected = refusal(model, shares);
    if (expected !== undefined) {
      const [name, ...args] = expected;
      if (outcome.passed) throw new Error(`${kind} of ${amount} passed in spite of ${name}`);
      const data = switcher.interface.encodeErrorResult(name, args as [bigint, bigint]);
      expect((outcome.error as { data?: string }).data, `${kind} of ${amount}`).to.equal(data);
      return;
    }
    if (!outcome.passed) throw outcome.error;
    const fee = feeOf(shares, model.feeBps);
    await expect(outcome.response)
      .to.emit(switcher, "Switched")
      .withArgs(holder.address, actors.stranger.address, shares, fee);
    expect((await token.balanceOf(actors.stranger)) - paid).to.equal(shares - fee);
    model.used += shares;
    expect(model.used <= model.cap, "what was ever switched is within the cap").to.equal(true);
    model.fees += fee;
    model.received += shares - fee;
    model.shares[who] = (model.shares[who] ?? 0n) - shares;
  }

  async function take(one: Step): Promise<void> {
    const { bond } = context;
    const { kind, who, millionths, wei } = one;
    const held = model.shares[who] ?? 0n;
    const part = (whole: bigint): bigint => {
      const wished = (whole * BigInt(millionths)) / 1_000_000n + wei;
      return wished < whole ? wished : whole;
    };
    const account = holders[who]?.address ?? "";
    switch (kind) {
      case "shares":
        return attempt(one, part(held), () => part(held));
      case "bonds": {
        const balance = await bond.balanceOf(account);
        const bonds = part(balance);
        // The rate may have risen since the balance was read: then it is not the whole any more.
        return attempt(one, bonds, (assets, supply) =>
          bonds !== 0n && bonds === (held * assets) / supply ? held : ceilDiv(bonds * supply, assets),
        );
      }
      case "upTo": {
        const remaining = model.cap > model.used ? model.cap - model.used : 0n;
        const most = part(held);
        const shares = most < remaining ? most : remaining;
        return attempt(one, most, () => shares);
      }
      case "reward":
        return reward(context, BigInt(millionths) * 10n ** 16n + wei + 1n);
      case "wait":
        await time.increase(millionths + 1);
        return;
      case "cap":
        model.cap = BigInt(millionths) * 3n * 10n ** 17n + wei;
        return set(context, "setCap", model.cap);
      case "fee":
        model.feeBps = BigInt(millionths % 101);
        return set(context, "setFee", model.feeBps);
    }
  }

  async function check(): Promise<void> {
    const { switcher, bond, token, actors } = context;
    const remaining = model.cap > model.used ? model.cap - model.used : 0n;
    expect(await count(switcher)).to.deep.equal({ cap: model.cap, used: model.used, remaining });
    expect(await token.balanceOf(actors.treasury), "fees, to the wei").to.equal(model.fees);
    expect(await token.balanceOf(actors.stranger), "received, to the wei").to.equal(model.received);
    expect(model.fees + model.received).to.equal(model.used);
    expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES - model.used);
    for (const [index, holder] of holders.entries()) {
      expect(await bond.sharesOf(holder)).to.equal(model.shares[index]);
    }
    await expectNothingStays(context);
  }

  it("A51: never give out more than the cap, and count fees and receipts to the wei", async () => {
    const { switcher, token, pool, actors } = context;
    // The stranger staked the genesis and has only what it receives here.
    expect(await token.balanceOf(actors.stranger)).to.equal(0n);
    expect(await pool.totalShares()).to.equal(ONE + 3n * GENESIS_SHARES);
    for (const holder of holders) await context.bond.connect(holder).approve(switcher, MAX);
    const start = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24 }), async (steps) => {
        await start.restore();
        const { cap } = await switcher.parameters();
        model = {
          cap,
          feeBps: 30n,
          used: 0n,
          fees: 0n,
          received: 0n,
          shares: [GENESIS_SHARES, GENESIS_SHARES, GENESIS_SHARES],
        };
        for (const one of steps) await take(one);
        await check();
      }),
      tries(40),
    );
  });
});
