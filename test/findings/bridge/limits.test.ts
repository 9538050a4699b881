import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { LIMITS, bridgedFixture, deliver } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { DAY, ONE } from "../../support/fixture";
import { at, now, scheduledLimits } from "../../support/polygon";
import type { Orders } from "../../support/upgrades";

const { mintingLimitWei: MINTING, burningLimitWei: BURNING } = LIMITS;

describe("findings: limits of the bridge on Polygon", () => {
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
  });

  const polygon = (): Orders & { token: BridgedContext["child"]["token"] } => ({
    manager: context.child.manager,
    actors: context.actors,
    params: context.polygonParams,
    token: context.child.token,
  });

  /** Locks shares of a holder for itself on Polygon, and delivers them. */
  async function cross(who: "alice" | "bob" | "carol", shares: bigint): Promise<void> {
    const { bridge, actors } = context;
    await bridge.connect(actors[who]).bridge(shares, actors[who]);
    await deliver(context);
  }

  /** What is locked is what there is on Polygon, what waits there, and what was burned there and not proven yet. */
  async function balances(burned = 0n): Promise<void> {
    const { bridge, child } = context;
    const { adapter, token } = child;
    expect(await token.totalSupply()).to.equal(await adapter.minted());
    expect((await adapter.minted()) + (await adapter.totalPending()) + burned).to.equal(await bridge.locked());
  }

  const limitsOf = async (minting: bigint, burning: bigint) =>
    scheduledLimits(polygon(), "upgrader", await context.child.adapter.getAddress(), minting, burning);

  describe("A74: limits too large or too small for the adapter", () => {
    for (const limit of [1n, 86_399n, 10n ** 30n]) {
      it(`A74: at ${limit} wei a deposit is taken, and paid a day at a time`, async () => {
        const { child, actors } = context;
        await (
          await limitsOf(limit, limit)
        )();
        await time.increase(DAY);
        const shares = 3n * 86_399n;
        await cross("alice", shares);
        const first = limit < shares ? limit : shares;
        expect(await child.token.balanceOf(actors.alice)).to.equal(first);
        let paid = first;
        for (let day = 0; day < 3 && paid < shares; day++) {
          await time.increase(DAY);
          await child.adapter.payPending(actors.alice);
          paid += limit < shares - paid ? limit : shares - paid;
          expect(await child.token.balanceOf(actors.alice)).to.equal(paid);
        }
        await balances();
      });
    }
  });

  it("A75: a limit that is used, lowered and raised in the middle of a day pays no more of what waits", async () => {
    const { child, actors } = context;
    const own = await child.adapter.getAddress();
    await cross("alice", 3n * MINTING);
    const raise = await scheduledLimits(polygon(), "manager", own, MINTING, BURNING);
    const start = (await now()) + 100n;
    // A day has passed: all of the limit is back.
    await at(start, () => child.adapter.payPending(actors.alice));
    await at(start + 1n, () => child.token.connect(actors.guardian).lowerMintingLimit(own, ONE));
    await at(start + 2n, raise);
    // A second at the old limit, and one at the lower.
    const back = MINTING / DAY + ONE / DAY;
    expect(await child.adapter.remainingMint()).to.equal(back);
    await at(start + 3n, () => child.adapter.payPending(actors.alice));
    expect(await child.token.balanceOf(actors.alice)).to.equal(2n * MINTING + back + MINTING / DAY);
    await balances();
  });

  describe("A76: the limit is reached after the lock on Ethereum", () => {
    it("A76: three deposits above it are all recorded once, paid over days, and a replay adds nothing", async () => {
      const { child, fx, actors } = context;
      const { adapter, token } = child;
      await cross("carol", MINTING);
      for (const [who, shares] of [
        ["alice", 2n * MINTING],
        ["bob", MINTING],
        ["alice", MINTING],
      ] as const) {
        await cross(who, shares);
        await balances();
        const stateId = await fx.stateReceiver.lastStateId();
        await expect(fx.stateReceiver.replayFailedStateSync(stateId)).to.be.revertedWith("!found");
      }
      const owed = (await token.balanceOf(actors.alice)) + (await adapter.pendingOf(actors.alice));
      expect(owed).to.equal(3n * MINTING);
      for (let day = 0; day < 4; day++) {
        await time.increase(DAY);
        for (const user of [actors.alice, actors.bob]) {
          if ((await adapter.pendingOf(user)) > 0n) await adapter.connect(actors.stranger).payPending(user);
        }
        await balances();
      }
      expect([await token.balanceOf(actors.alice), await token.balanceOf(actors.bob)]).to.deep.equal([
        3n * MINTING,
        MINTING,
      ]);
      expect(await adapter.totalPending()).to.equal(0n);
    });

    it("A76: a whale that goes back and forth, and is first every day, holds others up for as long as its own queue takes", async () => {
      const { child, actors } = context;
      const { adapter, token } = child;
      await cross("alice", 4n * MINTING);
      await cross("bob", 3n * ONE);
      let days = 0;
      let burned = 0n;
      while ((await adapter.pendingOf(actors.bob)) > 0n && days < 30) {
        await time.increase(DAY);
        days += 1;
        // The whale is first every day, as long as it has something to be first with.
        if ((await adapter.pendingOf(actors.alice)) > 0n) await adapter.payPending(actors.alice);
        const leaving = await adapter.remainingWithdrawal();
        await adapter.connect(actors.alice).withdraw(leaving, actors.alice);
        burned += leaving;
        await adapter.payPending(actors.bob);
        await balances(burned);
      }
      // Three limits of the whale's wait: bob is paid on the day after them.
      expect(days).to.equal(4);
      expect(await token.balanceOf(actors.bob)).to.equal(3n * ONE);
    });

    it("A76: on the way up the limit stops a withdrawal before anything is burned", async () => {
      const { child, actors } = context;
      await cross("alice", MINTING);
      await expect(child.adapter.connect(actors.alice).withdraw(BURNING + 1n, actors.alice))
        .to.be.revertedWithCustomError(child.token, "IXERC20_NotHighEnoughLimits")
        .withArgs();
      expect(await child.token.balanceOf(actors.alice)).to.equal(MINTING);
      await balances();
    });
  });

  describe("A77, S7281-7: the supply is what is locked", () => {
    it("S7281-7: whatever the limits, no more is minted than Ethereum reported, in 30 days of trying", async () => {
      const { bridge, child, actors } = context;
      const { adapter, token } = child;
      await (
        await limitsOf(10n ** 30n, 10n ** 30n)
      )();
      await cross("alice", 12n * ONE);
      for (let day = 0; day < 30; day++) {
        await time.increase(DAY);
        for (const user of [actors.alice, actors.stranger]) {
          await expect(adapter.payPending(user))
            .to.be.revertedWithCustomError(adapter, "NothingToPay")
            .withArgs(user.address);
          await expect(token.connect(user).mint(user, 1n))
            .to.be.revertedWithCustomError(token, "IXERC20_NotHighEnoughLimits")
            .withArgs();
        }
      }
      expect([await token.totalSupply(), await bridge.locked()]).to.deep.equal([12n * ONE, 12n * ONE]);
    });

    it("A77: the guardian stops minting in one call: what is locked meanwhile waits, and who is there can leave", async () => {
      const { bridge, child, actors } = context;
      const { adapter, token } = child;
      await cross("alice", 10n * ONE);
      await token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);
      await cross("bob", 7n * ONE);
      expect(await adapter.pendingOf(actors.bob)).to.equal(7n * ONE);
      await adapter.connect(actors.alice).withdraw(10n * ONE, actors.alice);
      expect(await token.totalSupply()).to.equal(0n);
      await balances(10n * ONE);
      expect(await bridge.locked()).to.equal(17n * ONE);
    });

    it("A77: what a bad second bridge mints does not take what is locked for this one's holders, beyond what it minted", async () => {
      const { bridge, child, actors } = context;
      const { adapter, token } = child;
      const bad = actors.treasury;
      await (
        await scheduledLimits(polygon(), "upgrader", bad.address, MINTING, MINTING)
      )();
      await time.increase(DAY);
      await cross("alice", 100n * ONE);
      await token.connect(bad).mint(bad, MINTING);
      await token.connect(bad).approve(adapter, MINTING);
      await expect(adapter.connect(bad).withdraw(100n * ONE + 1n, bad))
        .to.be.revertedWithCustomError(adapter, "AboveMinted")
        .withArgs(100n * ONE + 1n, 100n * ONE);
      await adapter.connect(bad).withdraw(100n * ONE, bad);
      // No message beyond what is locked can ever be sent.
      expect(await adapter.minted()).to.equal(0n);
      expect(await bridge.locked()).to.equal(100n * ONE);
      expect(await token.totalSupply()).to.equal(MINTING);
    });
  });
});
