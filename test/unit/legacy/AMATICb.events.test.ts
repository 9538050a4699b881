import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import fc from "fast-check";

import { eventsOf, named } from "../../support/events";
import { MAX, ONE, checkpoints } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, shrink } from "../../support/growth";
import { GENESIS_SHARES, legacyFixture, mintAll, threeHolders, unmintedFixture } from "../../support/legacy";
import { tries } from "../../support/properties";

/** A step of a random run: what is done is chosen by number, and so is all that it needs. */
interface Step {
  readonly action: number;
  readonly from: number;
  readonly to: number;
  /** 0 to 1,000: parts of what there is. */
  readonly part: bigint;
}

type Action = (context: Context, from: HardhatEthersSigner, to: HardhatEthersSigner, part: bigint) => Promise<unknown>;

const bondsOf = async ({ bond }: Context, holder: HardhatEthersSigner, part: bigint): Promise<bigint> =>
  ((await bond.balanceOf(holder)) * part) / 1_000n;
const sharesOf = async ({ bond }: Context, holder: HardhatEthersSigner, part: bigint): Promise<bigint> =>
  ((await bond.sharesOf(holder)) * part) / 1_000n;

const ACTIONS: readonly Action[] = [
  async (context, from, to, part) => context.bond.connect(from).transfer(to, await bondsOf(context, from, part)),
  async (context, from, to, part) => context.bond.connect(from).transferShares(to, await sharesOf(context, from, part)),
  async (context, from, to, part) => {
    await context.bond.connect(from).approve(to, MAX);
    return context.bond.connect(to).transferFrom(from, to, await bondsOf(context, from, part));
  },
  async (context, from, to, part) => {
    await context.bond.connect(from).approve(to, MAX);
    return context.bond.connect(to).transferSharesFrom(from, to, await sharesOf(context, from, part));
  },
  async (context, from, _, part) => {
    const bonds = (await bondsOf(context, from, part)) / 8n;
    if (bonds > 0n) await context.bond.connect(from).unstakeBonds(bonds);
  },
  async (context, from, to, part) => {
    const shares = (await sharesOf(context, from, part)) / 8n;
    if (shares < 2n) return;
    await context.bond.connect(from).approve(context.switcher, MAX);
    await context.switcher.connect(from).switchShares(shares, to);
  },
  async (context, _, __, part) => grow(context, part * ONE + 1n),
  async (context, _, __, part) => {
    // A loss of up to a twentieth.
    if (part > 0n) await shrink(context, part / 2n + 1n);
    await checkpoints(context);
  },
];

const run = fc.array(
  fc.record<Step>({
    // The two that change the rate are rarer than the others.
    action: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 6, max: 7 })),
    from: fc.integer({ min: 0, max: 4 }),
    to: fc.integer({ min: 0, max: 4 }),
    part: fc.oneof(fc.constantFrom(0n, 1n, 1_000n), fc.bigInt(0n, 1_000n)),
  }),
  { minLength: 90, maxLength: 90 },
);

describe("AMATICb, events", () => {
  it("A03, S20-4: all shares can be rebuilt from TransferShares alone, the genesis included", async () => {
    const context = await unmintedFixture();
    await mintAll(context, await threeHolders());
    const { bond, actors } = context;
    const { alice, bob, carol, stranger, treasury } = actors;
    const users = [alice, bob, carol, stranger, treasury];
    const [steps = []] = fc.sample(run, tries<Step[]>(1));
    for (const { action, from, to, part } of steps) {
      const [giver, taker] = [users[from] ?? alice, users[to] ?? bob];
      await ACTIONS[action]?.(context, giver, taker, part);
    }

    const logs = await bond.queryFilter(bond.filters.TransferShares);
    const transfers = await bond.queryFilter(bond.filters.Transfer);
    expect(logs.length).to.be.greaterThan(40);
    // One of each, side by side, of the same accounts.
    expect(transfers.map(({ args, index }) => [args.from, args.to, index + 1])).to.deep.equal(
      logs.map(({ args, index }) => [args.from, args.to, index]),
    );
    const shares = new Map<string, bigint>();
    for (const { args } of logs) {
      shares.set(args.from, (shares.get(args.from) ?? 0n) - args.shares);
      shares.set(args.to, (shares.get(args.to) ?? 0n) + args.shares);
    }
    let together = 0n;
    for (const user of users) {
      expect(await bond.sharesOf(user), user.address).to.equal(shares.get(user.address) ?? 0n);
      together += shares.get(user.address) ?? 0n;
    }
    expect(await bond.totalSharesSupply()).to.equal(together);
    expect(together).to.equal(-(shares.get(ZeroAddress) ?? 0n));
    expect(together).to.be.lessThan(3n * GENESIS_SHARES);
    expect([...shares.keys()].sort()).to.deep.equal([ZeroAddress, ...users.map(({ address }) => address)].sort());
  });

  it("A03: every way to move shares says so once in bonds and once in shares", async () => {
    const context = await legacyFixture();
    const { bond, switcher, actors } = context;
    const { alice, bob } = actors;
    await bond.connect(alice).approve(bob, MAX);
    for (const [send, to] of [
      [() => bond.connect(alice).transfer(bob, ONE), bob.address],
      [() => bond.connect(bob).transferFrom(alice, bob, ONE), bob.address],
      [() => bond.connect(alice).transferShares(bob, ONE), bob.address],
      [() => bond.connect(bob).transferSharesFrom(alice, bob, ONE), bob.address],
      [() => bond.connect(alice).unstakeBonds(ONE), ZeroAddress],
      [() => bond.connect(alice).unstakeShares(ONE), ZeroAddress],
      [() => switcher.connect(alice).switchBonds(ONE, bob), ZeroAddress],
      [() => switcher.connect(alice).switchShares(ONE, bob), ZeroAddress],
    ] as const) {
      const events = await eventsOf(bond, send());
      expect(named(events, "Transfer")).to.deep.equal([[alice.address, to, ONE]]);
      expect(named(events, "TransferShares")).to.deep.equal([[alice.address, to, ONE]]);
      expect(events).to.have.length(2);
    }
  });
});
