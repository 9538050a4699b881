import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";

import { BURNING, MINTING, SUPPLY_CAP, childBridgeFixture, deliverMessage, deposit } from "../../support/childBridge";
import { rateAlone } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { DAY, ONE } from "../../support/fixture";
import { Limit } from "../../support/limits";
import { at, now, scheduledLimits } from "../../support/polygon";
import { tries } from "../../support/properties";
import { rateOf } from "../../support/rates";

/** One step of a random month at the bridge. */
interface Step {
  readonly kind: "deposit" | "rate" | "pay" | "withdraw" | "stop" | "adjust" | "mint" | "burn";
  /** alice, bob or carol. */
  readonly who: 0 | 1 | 2;
  /** Few numbers, so that many come twice, and none in order. */
  readonly nonce: bigint;
  readonly seconds: bigint;
  /** Of what there is, in 1/1,000. */
  readonly parts: bigint;
  readonly wei: bigint;
}

/** Kinds of a month with one bridge, and of one with a second bridge that mints and burns. */
const ONE_BRIDGE: readonly Step["kind"][] = [
  ...(["deposit", "deposit", "deposit", "deposit", "rate", "pay", "pay", "withdraw", "withdraw", "withdraw"] as const),
  ...(["stop", "adjust"] as const),
];
const TWO_BRIDGES: readonly Step["kind"][] = [...ONE_BRIDGE, "mint", "burn", "mint", "burn"];

const stepOf = (kinds: readonly Step["kind"][]): fc.Arbitrary<Step> =>
  fc.record<Step>({
    kind: fc.constantFrom(...kinds),
    who: fc.constantFrom(0, 1, 2),
    nonce: fc.bigInt(0n, 12n),
    seconds: fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(1n, DAY), fc.constant(DAY)),
    parts: fc.oneof(fc.constantFrom(0n, 500n, 1_000n), fc.bigInt(0n, 1_100n)),
    wei: fc.bigInt(0n, 3n),
  });

const min = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b));

/** What the whole must be, counted from deposits and withdrawals alone. */
class Model {
  readonly consumed = new Set<bigint>();
  readonly pending: [bigint, bigint, bigint] = [0n, 0n, 0n];
  readonly held: [bigint, bigint, bigint] = [0n, 0n, 0n];
  deposits = 0n;
  withdrawals = 0n;
  withdrawn = 0n;
  /** What the second bridge minted less what it burned. */
  foreign: bigint;
  readonly minting: Limit;
  readonly burning: Limit;

  constructor(start: bigint, foreign: bigint) {
    this.minting = new Limit(MINTING, start);
    this.burning = new Limit(BURNING, start);
    this.foreign = foreign;
  }

  get waiting(): bigint {
    return this.pending.reduce((sum, part) => sum + part, 0n);
  }

  get minted(): bigint {
    return this.deposits - this.withdrawn - this.waiting;
  }

  get supply(): bigint {
    return this.minted + this.foreign;
  }

  mintable(when: bigint): bigint {
    return min(this.minting.available(when), SUPPLY_CAP - this.supply);
  }

  /** Mints what is due to an account. */
  mint(who: Step["who"], added: bigint, when: bigint): bigint {
    const due = this.pending[who] + added;
    const paid = min(due, this.mintable(when));
    this.minting.take(paid, when);
    this.deposits += added;
    this.pending[who] = due - paid;
    this.held[who] += paid;
    return paid;
  }

  /** Why a withdrawal fails, if it does. */
  refusal(who: Step["who"], shares: bigint, when: bigint): string | undefined {
    if (shares === 0n) return "ZeroShares";
    if (shares > this.minted) return "AboveMinted";
    if (shares > this.burning.available(when)) return "IXERC20_NotHighEnoughLimits";
    return shares > this.held[who] ? "ERC20InsufficientBalance" : undefined;
  }

  withdraw(who: Step["who"], shares: bigint, when: bigint): void {
    this.burning.take(shares, when);
    this.held[who] -= shares;
    this.withdrawn += shares;
    this.withdrawals += 1n;
  }
}

/** Room that the second bridge leaves under the cap on the supply. */
const ROOM = 15_000n * ONE;

/** With a second bridge that has minted nearly all that there can be. */
async function twoBridges(): Promise<ChildBridge> {
  const world = await childBridgeFixture();
  const { token, other } = world;
  await (
    await scheduledLimits(world, "upgrader", other.address, SUPPLY_CAP, SUPPLY_CAP)
  )();
  await time.increase(DAY);
  await token.connect(other).mint(other, SUPPLY_CAP - ROOM);
  await time.increase(DAY);
  return world;
}

describe("ChildBridgeAdapter: random months", () => {
  let world: ChildBridge;
  let model: Model;
  let users: readonly [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];
  const seen = new Map<string, number>();
  const see = (what: string): Map<string, number> => seen.set(what, (seen.get(what) ?? 0) + 1);

  beforeEach(() => {
    seen.clear();
  });

  /** A message comes: taken, or kept if its number is consumed. */
  async function arrive(message: string, nonce: bigint, when: bigint): Promise<boolean> {
    const { hash, stateId } = await at(when, () => deliverMessage(world, message));
    const fresh = !model.consumed.has(nonce);
    await expect(hash).to.emit(world.stateReceiver, "StateCommitted").withArgs(stateId, fresh);
    model.consumed.add(nonce);
    see(fresh ? "taken" : "consumed");
    return fresh;
  }

  async function withdraw(who: Step["who"], shares: bigint, when: bigint): Promise<void> {
    const { adapter, token, actors } = world;
    const attempt = at(when, () => adapter.connect(users[who]).withdraw(shares, actors.treasury));
    const reason = model.refusal(who, shares, when);
    see(reason ?? "withdrawn");
    if (reason === undefined) {
      await attempt;
      model.withdraw(who, shares, when);
      return;
    }
    const args: Readonly<Record<string, readonly unknown[]>> = {
      AboveMinted: [shares, model.minted],
      ERC20InsufficientBalance: [users[who].address, model.held[who], shares],
    };
    const own = reason === "ZeroShares" || reason === "AboveMinted";
    await expect(attempt)
      .to.be.revertedWithCustomError(own ? adapter : token, reason)
      .withArgs(...(args[reason] ?? []));
  }

  async function pay(who: Step["who"], when: bigint): Promise<void> {
    const { adapter, actors } = world;
    const attempt = at(when, () => adapter.connect(actors.stranger).payPending(users[who]));
    const before = model.pending[who];
    const paid = model.mint(who, 0n, when);
    see(paid === 0n ? "nothing to pay" : "paid");
    if (paid === 0n) {
      await expect(attempt).to.be.revertedWithCustomError(adapter, "NothingToPay").withArgs(users[who].address);
    } else {
      await expect(attempt)
        .to.emit(adapter, "Minted")
        .withArgs(users[who].address, paid, before - paid);
    }
  }

  /** Makes a step; returns the time at which it was made. */
  async function make({ kind, who, nonce, parts, wei, ...step }: Step, last: bigint): Promise<bigint> {
    const { adapter, token, actors, other } = world;
    const when = last + step.seconds;
    const own = await adapter.getAddress();
    switch (kind) {
      case "deposit": {
        const shares = (MINTING * 3n * parts) / 2_000n + wei;
        if (await arrive(deposit(world, nonce, users[who], shares), nonce, when)) model.mint(who, shares, when);
        return when;
      }
      case "rate":
        await arrive(rateAlone(nonce, rateOf(world.start, parts)), nonce, when);
        return when;
      case "pay":
        await pay(who, when);
        return when;
      case "withdraw":
        await withdraw(who, (model.held[who] * parts) / 1_000n + wei, when);
        return when;
      case "stop": {
        const limit = (model.minting.most * (parts % 1_001n)) / 1_000n;
        await at(when, () => token.connect(actors.guardian).lowerMintingLimit(adapter, limit));
        model.minting.change(limit, when);
        return when;
      }
      case "adjust": {
        const part = 100n + (parts % 901n);
        const [minting, burning] = [(MINTING * (parts % 1_001n)) / 1_000n, (BURNING * part) / 1_000n];
        await (
          await scheduledLimits(world, "manager", own, minting, burning)
        )();
        const moment = await now();
        model.minting.change(minting, moment);
        model.burning.change(burning, moment);
        return moment;
      }
      case "mint": {
        const amount = min((ROOM * parts) / 2_000n, SUPPLY_CAP - model.supply);
        await at(when, () => token.connect(other).mint(users[who], amount));
        model.held[who] += amount;
        model.foreign += amount;
        return when;
      }
      case "burn": {
        const amount = min((ROOM * parts) / 2_000n, model.foreign);
        await at(when, () => token.connect(other).burn(other, amount));
        model.foreign -= amount;
        return when;
      }
    }
  }

  /** Everything that can be read, against the model. */
  async function check(when: bigint): Promise<void> {
    const { adapter, token } = world;
    const [minted, waiting, supply, sent, mintable, withdrawable, pending, held] = await Promise.all([
      adapter.minted(),
      adapter.totalPending(),
      token.totalSupply(),
      adapter.lastNonce(),
      adapter.remainingMint(),
      adapter.remainingWithdrawal(),
      Promise.all(users.map((user) => adapter.pendingOf(user))),
      Promise.all(users.map((user) => token.balanceOf(user))),
    ]);
    expect({ minted, waiting, supply, sent, mintable, withdrawable, pending, held }).to.deep.equal({
      minted: model.minted,
      waiting: model.waiting,
      supply: model.supply,
      sent: model.withdrawals,
      mintable: model.mintable(when),
      withdrawable: min(model.burning.available(when), model.minted),
      pending: [...model.pending],
      held: [...model.held],
    });
    expect(minted + waiting).to.equal(model.deposits - model.withdrawn);
  }

  async function months(kinds: readonly Step["kind"][], foreign: bigint, fresh: () => Promise<ChildBridge>) {
    await fc.assert(
      fc.asyncProperty(fc.array(stepOf(kinds), { minLength: 10, maxLength: 30 }), async (steps) => {
        world = await fresh();
        users = [world.actors.alice, world.actors.bob, world.actors.carol];
        let when = await now();
        model = new Model(when, foreign);
        for (const step of steps) {
          when = await make(step, when);
          await check(when);
          if (foreign === 0n) expect(await world.token.totalSupply()).to.equal(await world.adapter.minted());
        }
      }),
      tries(25),
    );
  }

  it("A63, A67, A76: with one bridge, the supply is what it minted, and that and what waits is what came less what left", async () => {
    await months(ONE_BRIDGE, 0n, childBridgeFixture);
    for (const outcome of [
      ...["taken", "consumed", "withdrawn", "ZeroShares", "AboveMinted", "IXERC20_NotHighEnoughLimits"],
      ...["ERC20InsufficientBalance", "paid", "nothing to pay"],
    ]) {
      expect(seen.get(outcome) ?? 0, outcome).to.be.greaterThan(0);
    }
  });

  it("A63, A77: with a second bridge under the same cap, the sums of this one are the same", async () => {
    await months(TWO_BRIDGES, SUPPLY_CAP - ROOM, () => loadFixture(twoBridges));
    expect(seen.get("withdrawn") ?? 0).to.be.greaterThan(0);
    expect(seen.get("AboveMinted") ?? 0).to.be.greaterThan(0);
  });
});
