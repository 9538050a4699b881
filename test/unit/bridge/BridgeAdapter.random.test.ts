import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { HELD, LIMITS, bridgedFixture, deliver, proofOf, submitCheckpoint } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { FLOOR, lastTime } from "../../support/bridgeEnds";
import { DAY, ONE } from "../../support/fixture";
import { at } from "../../support/polygon";
import { tries } from "../../support/properties";

/** What each user has on Polygon at the start, shares. */
const BRIDGED = 3_000n * ONE;

const KINDS = [
  ...(["bridge", "deliver", "withdraw", "withdraw", "prove", "prove", "prove", "again"] as const),
  ...(["pay", "pay", "payOnPolygon", "wait", "lower", "gift", "sync"] as const),
];

/** What a random sequence does. */
interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly who: number;
  readonly receiver: number;
  /** Part of what there is, in 1/1,000. */
  readonly thousandths: number;
  readonly wei: bigint;
}

const step = fc.record<Step>({
  kind: fc.constantFrom(...KINDS),
  who: fc.integer({ min: 0, max: 2 }),
  receiver: fc.integer({ min: 0, max: 2 }),
  thousandths: fc.oneof(fc.constantFrom(0, 1, 500, 1_000), fc.integer({ min: 0, max: 1_000 })),
  wei: fc.bigInt(0n, 3n),
});

/** A withdrawal on its way up. */
interface Withdrawal {
  readonly hash: string;
  readonly receiver: number;
  readonly shares: bigint;
}

/** The bridge's end on Ethereum by its rules. */
interface Model {
  locked: bigint;
  gifts: bigint;
  nonce: bigint;
  limit: bigint;
  /** Free at `since`; it refills from then on, rounded down. */
  free: bigint;
  since: bigint;
  readonly pending: bigint[];
  /** Shares of each user on Ethereum. */
  readonly held: bigint[];
  /** Sent down and not delivered: the shares of each message, 0 for a rate. */
  readonly down: bigint[];
  readonly up: Withdrawal[];
  readonly done: Withdrawal[];
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

describe("BridgeAdapter: random deposits, withdrawals and proofs in any order", () => {
  let context: BridgedContext;
  let users: readonly HardhatEthersSigner[];
  let model: Model;

  const userOf = (index: number): HardhatEthersSigner => {
    const user = users[index];
    if (user === undefined) throw new Error("there are three users");
    return user;
  };
  const part = (whole: bigint, { thousandths, wei }: Step): bigint =>
    least((whole * BigInt(thousandths)) / 1_000n + wei, whole);
  const freeAt = (second: bigint): bigint =>
    least(model.limit, model.free + (model.limit * (second - model.since)) / DAY);

  /** What is due to a user is paid as far as the limit goes. */
  function release(user: number, added: bigint, second: bigint): bigint {
    const due = (model.pending[user] ?? 0n) + added;
    const paid = least(due, freeAt(second));
    if (paid !== 0n) [model.free, model.since] = [freeAt(second) - paid, second];
    model.pending[user] = due - paid;
    model.held[user] = (model.held[user] ?? 0n) + paid;
    return paid;
  }

  /** What each kind of step does, to the contracts and to the model. */
  const acts: Readonly<Record<Step["kind"], (one: Step, second: bigint) => Promise<void>>> = {
    bridge: async (one) => {
      const { bridge } = context;
      const { who, receiver } = one;
      const user = userOf(who);
      const other = userOf(receiver);
      const shares = part(model.held[who] ?? 0n, { ...one, thousandths: Math.floor(one.thousandths / 20) });
      if (shares === 0n) {
        await expect(bridge.connect(user).bridge(0n, other)).to.be.revertedWithCustomError(bridge, "ZeroShares");
        return;
      }
      await bridge.connect(user).bridge(shares, other);
      model.locked += shares;
      model.held[who] = (model.held[who] ?? 0n) - shares;
      model.nonce += 1n;
      model.down.push(shares);
    },
    sync: async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.stranger).syncRate();
      model.nonce += 1n;
      model.down.push(0n);
    },
    deliver: async () => {
      if (model.down.length === 0) return;
      model.down.shift();
      await deliver(context);
    },
    withdraw: async (one) => {
      const { child } = context;
      const { who, receiver } = one;
      const user = userOf(who);
      const other = userOf(receiver);
      const most = least(await child.token.balanceOf(user), await child.adapter.remainingWithdrawal());
      const shares = part(most, one);
      if (shares === 0n) return;
      const { hash } = await child.adapter.connect(user).withdraw(shares, other);
      model.up.push({ hash, receiver, shares });
    },
    prove: async (one) => {
      const { bridge } = context;
      // Any of those on their way, not the oldest first.
      const index = Math.floor((one.thousandths * model.up.length) / 1_001);
      const [withdrawal] = model.up.splice(index, 1);
      if (withdrawal === undefined) return;
      await submitCheckpoint(context);
      const proof = await proofOf(context, withdrawal.hash);
      const then = (await lastTime()) + 13n;
      model.locked -= withdrawal.shares;
      const paid = release(withdrawal.receiver, withdrawal.shares, then);
      await expect(at(then, () => bridge.receiveMessage(proof)))
        .to.emit(bridge, "Released")
        .withArgs(userOf(withdrawal.receiver).address, paid, model.pending[withdrawal.receiver]);
      model.done.push(withdrawal);
    },
    again: async (one) => {
      const { bridge } = context;
      const withdrawal = model.done[Math.floor((one.thousandths * model.done.length) / 1_001)];
      if (withdrawal === undefined) return;
      await expect(bridge.receiveMessage(await proofOf(context, withdrawal.hash))).to.be.revertedWithCustomError(
        bridge,
        "ExitConsumed",
      );
    },
    pay: async (one, second) => {
      const { bridge, actors } = context;
      const { who } = one;
      const user = userOf(who);
      const sent = at(second, () => bridge.connect(actors.stranger).payPending(user));
      const paid = release(who, 0n, second);
      if (paid !== 0n) {
        await expect(sent).to.emit(bridge, "Released").withArgs(user.address, paid, model.pending[who]);
      } else {
        await expect(sent).to.be.revertedWithCustomError(bridge, "NothingToPay").withArgs(user.address);
      }
    },
    payOnPolygon: async (one) => {
      const { child } = context;
      const { who } = one;
      const user = userOf(who);
      if (least(await child.adapter.pendingOf(user), await child.adapter.remainingMint()) === 0n) return;
      await child.adapter.payPending(user);
    },
    wait: async (one) => {
      await time.increase(BigInt(one.thousandths) * 60n + 1n);
    },
    lower: async (one, second) => {
      const { bridge, actors } = context;
      const limit = FLOOR + part(model.limit - FLOOR, one);
      await at(second, () => bridge.connect(actors.guardian).lowerReleaseLimit(limit));
      [model.free, model.limit, model.since] = [least(freeAt(second), limit), limit, second];
    },
    gift: async (one) => {
      const { bridge, token } = context;
      const { who } = one;
      const user = userOf(who);
      const shares = part(least(model.held[who] ?? 0n, ONE), one);
      await token.connect(user).transfer(bridge, shares);
      model.gifts += shares;
      model.held[who] = (model.held[who] ?? 0n) - shares;
    },
  };

  async function check(): Promise<void> {
    const { bridge, child, token } = context;
    const pending = sumOf(model.pending);
    expect(await bridge.locked(), "locked").to.equal(model.locked);
    expect(await bridge.totalPending(), "what waits").to.equal(pending);
    expect(await bridge.lastNonce(), "number").to.equal(model.nonce);
    expect(await bridge.remainingRelease(), "left of the limit").to.equal(freeAt(await lastTime()));
    expect(await token.balanceOf(bridge), "in the bridge").to.equal(model.locked + pending + model.gifts);
    for (const [index, user] of users.entries()) {
      expect(await bridge.pendingOf(user)).to.equal(model.pending[index]);
      expect(await token.balanceOf(user)).to.equal(model.held[index]);
    }
    // A63: what is locked is, to the wei, on Polygon, waiting there, or on its way.
    const underWay = sumOf(model.down) + sumOf(model.up.map(({ shares }) => shares));
    const there = (await child.adapter.minted()) + (await child.adapter.totalPending());
    expect(model.locked, "on Polygon and on the way").to.equal(there + underWay);
    expect(await child.token.totalSupply()).to.equal(await child.adapter.minted());
  }

  it("A63: keep both ends equal to the wei, and pay each withdrawal once", async () => {
    context = await bridgedFixture();
    const { alice, bob, carol } = context.actors;
    users = [alice, bob, carol];
    for (const user of users) {
      await context.bridge.connect(user).bridge(BRIDGED, user);
      await deliver(context);
    }
    await context.bridge.connect(context.actors.guardian).lowerReleaseLimit(FLOOR + ONE);
    const start = await takeSnapshot();
    const since = await lastTime();
    const reached = { proven: 0, waited: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
        await start.restore();
        model = {
          ...{ locked: 3n * BRIDGED, gifts: 0n, nonce: 3n, limit: FLOOR + ONE, free: FLOOR + ONE, since },
          ...{ pending: [0n, 0n, 0n], held: users.map(() => HELD - BRIDGED), down: [], up: [], done: [] },
        };
        for (const one of steps) {
          await acts[one.kind](one, (await lastTime()) + 13n);
          await check();
          if (sumOf(model.pending) !== 0n) reached.waited++;
        }
        reached.proven += model.done.length;
      }),
      tries(14),
    );
    expect(LIMITS.lockCapWei > 3n * HELD, "no deposit met the cap").to.equal(true);
    expect(reached.proven).to.be.greaterThan(30);
    expect(reached.waited).to.be.greaterThan(30);
  });
});
