import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";

import {
  atMost,
  chargeFor,
  fraction,
  greatestWithin,
  plus,
  sharesFor,
  sharesWorth,
  shownFor,
  whole,
  worthOf,
} from "../../support/bondModel";
import type { Totals } from "../../support/bondModel";
import { MAX } from "../../support/fixture";
import { tries } from "../../support/properties";
import { AMATICb__Harness__factory, StubPool__factory } from "../../typechain-types";
import type { AMATICb__Harness } from "../../typechain-types";

/** The moves of the harness, in its order. */
const Move = {
  Transfer: 0,
  TransferFrom: 1,
  TransferShares: 2,
  TransferSharesFrom: 3,
  UnstakeBonds: 4,
  UnstakeShares: 5,
} as const;

type Case = AMATICb__Harness.CaseStruct & {
  readonly totalAssets: bigint;
  readonly totalShares: bigint;
  readonly held: bigint;
  readonly receiverHeld: bigint;
  readonly amount: bigint;
  readonly allowed: bigint;
  readonly move: number;
  readonly toSelf: boolean;
};
type Answer = AMATICb__Harness.AnswerStructOutput;

const CASES = 10_000;
/** Cases of one call: more take more than their time, for what the node remembers of a call. */
const CHUNK = 25;

/** Pools of few wei and of many, worth nothing, near a wei a share, and far from it either way. */
const totals: fc.Arbitrary<Totals> = fc.oneof(
  fc.record({ assets: fc.bigInt(0n, 200n), shares: fc.bigInt(1n, 200n) }),
  fc.record({ assets: fc.bigInt(0n, 2n ** 40n), shares: fc.bigInt(2n ** 64n, 2n ** 103n) }),
  fc.record({ assets: fc.bigInt(2n ** 64n, 2n ** 103n), shares: fc.bigInt(1n, 2n ** 40n) }),
  fc
    .tuple(fc.bigInt(10n ** 18n, 10n ** 28n), fc.bigInt(-(10n ** 6n), 10n ** 6n))
    .map(([shares, apart]) => ({ shares, assets: shares + apart })),
  fc
    .tuple(fc.bigInt(10n ** 18n, 10n ** 28n), fc.bigInt(1n, 20_000n))
    .map(([shares, bps]) => ({ shares, assets: (shares * bps) / 10_000n })),
);

/** How an amount is chosen: near nothing, near all that is there, any part of it, or a little more. */
const choices = fc.oneof(
  fc.bigInt(0n, 3n).map((few) => () => few),
  fc.bigInt(0n, 3n).map((few) => (all: bigint) => (all > few ? all - few : all)),
  fc.bigInt(0n, 10n ** 9n).map((part) => (all: bigint) => (all * part) / 10n ** 9n),
  fc.constant((all: bigint) => all + 1n),
);

const byBonds = (move: number): boolean =>
  move === Move.Transfer || move === Move.TransferFrom || move === Move.UnstakeBonds;
const bySpender = (move: number): boolean => move === Move.TransferFrom || move === Move.TransferSharesFrom;
const isUnstake = (move: number): boolean => move === Move.UnstakeBonds || move === Move.UnstakeShares;

const cases: fc.Arbitrary<Case> = fc
  .record({
    pool: totals,
    parts: fc.tuple(fc.bigInt(0n, 10_000n), fc.bigInt(0n, 10_000n)),
    move: fc.integer({ min: 0, max: 5 }),
    choice: choices,
    allowance: fc.oneof(fc.constant("exact" as const), fc.constant("unlimited" as const), choices),
    toSelf: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  })
  .map(({ pool, parts: [mine, yours], move, choice, allowance, toSelf }) => {
    // Both together hold no more than there is.
    const held = (pool.shares * mine) / 10_000n;
    const receiverHeld = ((pool.shares - held) * yours) / 10_000n;
    const amount = choice(byBonds(move) ? shownFor(held, pool) : held);
    const charge = byBonds(move) ? amount : chargeFor(amount, pool);
    const allowed = allowance === "exact" ? charge : allowance === "unlimited" ? MAX : allowance(charge);
    return {
      totalAssets: pool.assets,
      totalShares: pool.shares,
      held,
      receiverHeld,
      amount,
      allowed,
      move,
      // Who moves its own is the harness, and aMATICb does not go to its own contract.
      toSelf: toSelf && bySpender(move),
    };
  });

describe("AMATICb, against exact rationals", () => {
  let harness: AMATICb__Harness;
  let self: string;
  let holder: string;
  const pairs: [Case, Answer][] = [];

  before(async () => {
    const [deployer] = await ethers.getSigners();
    const stub = await new StubPool__factory(deployer).deploy();
    harness = await new AMATICb__Harness__factory(deployer).deploy(stub);
    self = await harness.getAddress();
    holder = await harness.HOLDER();
    const sample = fc.sample(cases, tries<Case>(CASES));
    for (let from = 0; from < sample.length; from += CHUNK) {
      const chunk = sample.slice(from, from + CHUNK);
      for (const [index, answer] of (await ask(chunk)).entries())
        pairs.push([chunk[index] ?? expect.fail("no case"), answer]);
    }
  });

  /** As `staticCall`, which looks at every value of every case for names to resolve, and takes twice the time. */
  async function ask(chunk: Case[]): Promise<Answer[]> {
    const data = harness.interface.encodeFunctionData("answer", [chunk]);
    const raw = await ethers.provider.call({ to: self, data });
    const [answers] = harness.interface.decodeFunctionResult("answer", raw) as unknown as [Answer[]];
    return [...answers];
  }

  const poolOf = ({ totalAssets, totalShares }: Case): Totals => ({ assets: totalAssets, shares: totalShares });

  /** The error that the model expects; empty if the move is made. */
  function errorOf(subject: Case): string {
    const { held, amount, allowed, move } = subject;
    const pool = poolOf(subject);
    const from = bySpender(move) ? holder : self;
    const charge = byBonds(move) ? amount : chargeFor(amount, pool);
    if (bySpender(move) && charge > allowed) {
      return harness.interface.encodeErrorResult("ERC20InsufficientAllowance", [self, allowed, charge]);
    }
    const shown = shownFor(held, pool);
    if (byBonds(move) && amount > shown) {
      return harness.interface.encodeErrorResult("ERC20InsufficientBalance", [from, shown, amount]);
    }
    if (!byBonds(move) && amount > held) {
      return harness.interface.encodeErrorResult("InsufficientShares", [from, held, amount]);
    }
    return "0x";
  }

  function movedIn(subject: Case): bigint {
    const { held, amount, move } = subject;
    return byBonds(move) ? sharesFor(amount, held, poolOf(subject)) : amount;
  }

  /** Every case with its answer; fails on the first for which the claim is false. */
  function forEach(which: (subject: Case) => boolean, claim: (subject: Case, answer: Answer) => boolean): void {
    let seen = 0;
    for (const [subject, answer] of pairs) {
      if (!which(subject)) continue;
      seen += 1;
      if (claim(subject, answer)) continue;
      const told = JSON.stringify({ subject, answer }, (_, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      expect.fail(told);
    }
    expect(seen).to.be.greaterThan(pairs.length / 100);
  }

  const any = (): boolean => true;
  const made = (subject: Case): boolean => errorOf(subject) === "0x";
  const given = (subject: Case): boolean => made(subject) && !subject.toSelf && !isUnstake(subject.move);

  it("S20-7: 10,000 cases of every kind were put to it", () => {
    expect(pairs).to.have.length(tries<Case>(CASES).numRuns);
    for (const move of Object.values(Move)) {
      for (const outcome of [true, false]) {
        const found = pairs.filter(([subject]) => subject.move === move && made(subject) === outcome);
        expect(found.length, `move ${move}`).to.be.greaterThan(pairs.length / 100);
      }
    }
  });

  it("S20-7: balances and supply are the exact worth of the shares, rounded down", () => {
    forEach(any, (subject, { before, afterwards }) =>
      [before, afterwards].every(
        (state) =>
          state.balance === shownFor(state.shares, poolOf(subject)) &&
          state.receiverBalance === shownFor(state.receiverShares, poolOf(subject)) &&
          state.supply === shownFor(state.totalShares, poolOf(subject)),
      ),
    );
  });

  it("A53: the balances together are never above the supply, and less than a wei a holder below it", () => {
    forEach(
      ({ toSelf }) => !toSelf,
      (_, { before, afterwards }) =>
        [before, afterwards].every(({ balance, receiverBalance, supply }) => {
          const apart = supply - balance - receiverBalance;
          return apart === 0n || apart === 1n;
        }),
    );
  });

  it("A56: each conversion is the exact quotient in its own direction, rounded down", () => {
    forEach(
      any,
      (subject, { bonds, shares }) =>
        bonds === greatestWithin(worthOf(subject.amount, poolOf(subject))) &&
        shares === greatestWithin(sharesWorth(subject.amount, poolOf(subject))),
    );
  });

  it("S20-1: what cannot be done reverts with the error that says why", () => {
    forEach(any, (subject, { error }) => error === errorOf(subject));
  });

  it("what reverts changes nothing", () => {
    forEach(
      (subject) => !made(subject),
      (_, { before, afterwards, requested }) => before.join() === afterwards.join() && requested === 0n,
    );
  });

  it("S20-7: a transfer moves the least shares that are worth the bonds, or all for all that is shown", () => {
    forEach(given, (subject, { before, afterwards }) => {
      const moved = movedIn(subject);
      return (
        afterwards.shares === before.shares - moved &&
        afterwards.receiverShares === before.receiverShares + moved &&
        afterwards.totalShares === before.totalShares
      );
    });
  });

  it("a transfer to oneself changes nothing but the allowance", () => {
    forEach(
      (subject) => made(subject) && subject.toSelf,
      (_, { before, afterwards }) =>
        before.shares === afterwards.shares &&
        before.balance === afterwards.balance &&
        before.totalShares === afterwards.totalShares,
    );
  });

  it("A54, S20-7: an allowance loses exactly the bonds, or the worth of the shares rounded up and never nothing", () => {
    forEach(
      (subject) => made(subject) && bySpender(subject.move),
      (subject, { before, afterwards }) => {
        const { move, amount, allowed } = subject;
        const charge = byBonds(move) ? amount : chargeFor(amount, poolOf(subject));
        return before.allowance === allowed && afterwards.allowance === (allowed === MAX ? MAX : allowed - charge);
      },
    );
  });

  it("A55: the receiver gains no less than was sent, and less than a share and a wei more", () => {
    forEach(
      (subject) => given(subject) && byBonds(subject.move) && subject.amount > 0n,
      (subject, { before, afterwards }) => {
        const gained = afterwards.receiverBalance - before.receiverBalance;
        const most = plus(fraction(subject.totalAssets, subject.totalShares), subject.amount + 1n);
        return gained >= subject.amount && atMost(whole(gained), most);
      },
    );
  });

  it("A55: nothing is left of an account that sent all that it was shown", () => {
    forEach(
      (subject) => {
        const shown = shownFor(subject.held, poolOf(subject));
        return made(subject) && !subject.toSelf && byBonds(subject.move) && subject.amount === shown && shown > 0n;
      },
      (_, { afterwards }) => afterwards.shares === 0n && afterwards.balance === 0n,
    );
  });

  it("A14: nobody gains by it: no transfer makes the two balances more than the supply allowed before", () => {
    forEach(given, (subject, { before, afterwards }) => {
      const sum = afterwards.balance + afterwards.receiverBalance;
      const most = worthOf(before.shares + before.receiverShares, poolOf(subject));
      return atMost(whole(sum), most);
    });
  });

  it("a request to unstake takes the same shares out, and hands them to the pool in the caller's name", () => {
    forEach(
      (subject) => made(subject) && isUnstake(subject.move),
      (subject, { before, afterwards, requested, controller }) => {
        const moved = movedIn(subject);
        return (
          afterwards.shares === before.shares - moved &&
          afterwards.totalShares === before.totalShares - moved &&
          afterwards.receiverShares === before.receiverShares &&
          requested === moved &&
          controller === self
        );
      },
    );
  });
});
