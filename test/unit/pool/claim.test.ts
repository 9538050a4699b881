import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BATCH, CRUMBS, bringHome, request, settle, spread, stake } from "../../support/exits";
import { MAX, ONE, fixture, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { slash } from "../../support/losses";

describe("PolygonPool: claim", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  describe("of requests that the buffer paid", () => {
    let first: bigint;
    let second: bigint;

    beforeEach(async () => {
      const { alice } = context.actors;
      await stake(context, alice, 1_000n * ONE);
      first = await request(context, alice, 100n * ONE);
      await settle(context);
      second = await request(context, alice, 30n * ONE);
      await settle(context);
    });

    it("pays whole requests, in any order, with one Withdraw and one ClaimsServed", async () => {
      const { pool, polygon, actors } = context;
      const { alice, carol } = actors;
      const owed = 130n * ONE;
      const sent = await pool.connect(alice).claim([second, first], carol, alice);
      await expect(sent).to.emit(pool, "Withdraw").withArgs(alice, carol, alice, owed, owed);
      await expect(sent).to.emit(pool, "ClaimsServed").withArgs(carol, owed);
      await expect(sent).to.changeTokenBalances(polygon.pol, [pool, carol], [-owed, owed]);
      const receipt = await sent.wait();
      const topics = (receipt?.logs ?? []).map((log) => log.topics[0]);
      expect(topics.filter((topic) => topic === pool.getEvent("Withdraw").fragment.topicHash)).to.have.length(1);
      expect(await pool.requestsOf(alice)).to.deep.equal([]);
      expect(await pool.requestOf(first)).to.deep.equal([0n, 0n, false]);
      expect(await pool.reserved()).to.equal(0n);
      expect(await pool.totalOwed()).to.equal(0n);
    });

    it("returns what it pays", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      expect(await pool.connect(alice).claim.staticCall([second], alice, alice)).to.equal(30n * ONE);
    });

    it("A40: leaves the ids of the others as they are", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      await pool.connect(alice).claim([first], alice, alice);
      expect(await pool.requestsOf(alice)).to.deep.equal([second]);
      expect(await pool.claimableRedeemRequest(second, alice)).to.equal(30n * ONE);
    });

    it("pays nothing for no ids, with its events", async () => {
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      const sent = await pool.connect(alice).claim([], alice, alice);
      await expect(sent).to.emit(pool, "Withdraw").withArgs(alice, alice, alice, 0n, 0n);
      await expect(sent).to.emit(pool, "ClaimsServed").withArgs(alice, 0n);
      await expect(sent).to.changeTokenBalance(polygon.pol, alice, 0n);
    });

    it("pays what is left of a request that was claimed in part", async () => {
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      await pool.connect(alice).redeem(60n * ONE, alice, alice);
      await expect(pool.connect(alice).claim([first], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        40n * ONE,
      );
    });

    it("refuses an id twice in a call, and in a later one", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      await expect(pool.connect(alice).claim([first, first], alice, alice))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(first, BATCH.Claimable);
      await pool.connect(alice).claim([first], alice, alice);
      await expect(pool.connect(alice).claim([second, first], alice, alice))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(first, BATCH.Claimable);
    });

    it("refuses ids of others, also among its own", async () => {
      const { pool, actors } = context;
      const { alice, bob } = actors;
      const foreign = requestId(1n, bob.address);
      await expect(pool.connect(alice).claim([first, foreign], alice, alice))
        .to.be.revertedWithCustomError(pool, "NotController")
        .withArgs(alice, bob);
    });

    it("refuses ids that are unknown or not due", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      const waiting = await request(context, alice, ONE);
      for (const id of [waiting, requestId(99n, alice.address), BigInt(alice.address)]) {
        await expect(pool.connect(alice).claim([id], alice, alice))
          .to.be.revertedWithCustomError(pool, "NothingToClaim")
          .withArgs(id, BATCH.Open);
      }
    });

    it("refuses a receiver zero", async () => {
      const { pool, actors } = context;
      await expect(pool.connect(actors.alice).claim([first], ZeroAddress, actors.alice)).to.be.revertedWithCustomError(
        pool,
        "ZeroAddress",
      );
    });

    it("refuses more than 100 ids, whatever they are", async () => {
      const { pool, actors } = context;
      const { alice } = actors;
      const ids = (count: number): bigint[] => Array.from({ length: count }, () => MAX);
      for (const call of ["claim", "claimInMatic"] as const) {
        await expect(pool.connect(alice)[call](ids(101), alice, alice))
          .to.be.revertedWithCustomError(pool, "TooManyIds")
          .withArgs(101n, 100n);
      }
      // A hundred are looked at: the first is not hers.
      await expect(pool.connect(alice).claim(ids(100), alice, alice)).to.be.revertedWithCustomError(
        pool,
        "NotController",
      );
    });

    it("X-2: refuses a stranger, who cannot push a payment on anyone", async () => {
      const { pool, actors } = context;
      const { alice, stranger } = actors;
      for (const call of ["claim", "claimInMatic", "claimLate"] as const) {
        await expect(pool.connect(stranger)[call]([first], alice, alice))
          .to.be.revertedWithCustomError(pool, "NotController")
          .withArgs(stranger, alice);
      }
    });

    it("X-6: takes an allowance for nothing", async () => {
      const { pool, token, polygon, actors } = context;
      const { alice, bob } = actors;
      await token.connect(alice).approve(bob, MAX);
      await token.connect(alice).approve(pool, MAX);
      await polygon.pol.connect(alice).approve(bob, MAX);
      await expect(pool.connect(bob).claim([first], bob, alice))
        .to.be.revertedWithCustomError(pool, "NotController")
        .withArgs(bob, alice);
    });
  });

  describe("of requests that were unbonded", () => {
    it("refuses them until the batch is claimable", async () => {
      await spread(context);
      const { pool, polygon, actors } = context;
      const { alice } = actors;
      const id = await request(context, alice, 100n * ONE + CRUMBS);
      await pool.settleBatch();
      await expect(pool.connect(alice).claim([id], alice, alice))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(id, BATCH.Closed);
      await bringHome(context, 1n);
      await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        100n * ONE + CRUMBS,
      );
    });
  });

  describe("of a batch that was paid short", () => {
    let alice: bigint;
    let bob: bigint;
    const OF_ALICE = 500n * ONE;
    const OF_BOB = 200n * ONE + CRUMBS;
    const UNITS = OF_ALICE + OF_BOB;
    // 700 were sold of position 1, and 10 % of that was lost on the way.
    const CAME = 630n * ONE + CRUMBS;

    beforeEach(async () => {
      await spread(context);
      alice = await request(context, context.actors.alice, OF_ALICE);
      bob = await request(context, context.actors.bob, OF_BOB);
      await context.pool.settleBatch();
      await slash(context, 1n, { bps: 1_000n, unbonding: true });
      await bringHome(context, 1n);
    });

    it("A42: pays each its part of what is left, rounded down, and the last one all", async () => {
      const { pool, polygon, actors } = context;
      const part = (OF_ALICE * CAME) / UNITS;
      await expect(pool.connect(actors.alice).claim([alice], actors.alice, actors.alice)).to.changeTokenBalance(
        polygon.pol,
        actors.alice,
        part,
      );
      expect(await pool.batchOf(1n)).to.deep.equal([BATCH.ClaimableShort, OF_BOB, CAME - part]);
      await expect(pool.connect(actors.bob).claim([bob], actors.bob, actors.bob)).to.changeTokenBalance(
        polygon.pol,
        actors.bob,
        CAME - part,
      );
      expect(await pool.reserved()).to.equal(0n);
    });

    it("fixes a request in assets at its first claim", async () => {
      const { pool, actors } = context;
      const part = (OF_ALICE * CAME) / UNITS;
      expect(await pool.requestOf(alice)).to.deep.equal([OF_ALICE, OF_ALICE, false]);
      await pool.connect(actors.alice).withdraw(100n * ONE, actors.alice, actors.alice);
      const shares = (OF_ALICE * 100n * ONE + part - 1n) / part;
      expect(await pool.requestOf(alice)).to.deep.equal([OF_ALICE - shares, part - 100n * ONE, true]);
    });

    it("refuses a request that was paid, while another waits", async () => {
      const { pool, actors } = context;
      await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
      await expect(pool.connect(actors.alice).claim([alice], actors.alice, actors.alice))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(alice, BATCH.ClaimableShort);
    });

    it("refuses a request that was paid, also when it was the last of its batch", async () => {
      const { pool, actors } = context;
      await pool.connect(actors.alice).claim([alice], actors.alice, actors.alice);
      await pool.connect(actors.bob).claim([bob], actors.bob, actors.bob);
      await expect(pool.connect(actors.bob).claim([bob], actors.bob, actors.bob))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(bob, BATCH.ClaimableShort);
    });

    it("refuses one who never was in it", async () => {
      const { pool, actors } = context;
      const never = requestId(1n, actors.carol.address);
      await expect(pool.connect(actors.carol).claim([never], actors.carol, actors.carol))
        .to.be.revertedWithCustomError(pool, "NothingToClaim")
        .withArgs(never, BATCH.ClaimableShort);
      // And it changed nothing for those who are.
      expect(await pool.maxWithdraw(actors.alice)).to.equal((OF_ALICE * CAME) / UNITS);
    });
  });

  it("fixes a request that is worth nothing when `withdraw` passes over it: it is worth nothing ever after", async () => {
    await spread(context);
    const { pool, polygon, actors } = context;
    const { carol } = actors;
    const dust = await request(context, carol, 1n);
    await request(context, actors.alice, 500n * ONE);
    await pool.settleBatch();
    await slash(context, 1n, { bps: 1_000n, unbonding: true });
    await bringHome(context, 1n);
    const whole = await request(context, carol, 100n * ONE);
    await pool.settleBatch();
    await bringHome(context, 2n);
    await pool.connect(carol).withdraw(40n * ONE, carol, carol);
    expect(await pool.requestOf(dust)).to.deep.equal([1n, 0n, true]);
    await expect(pool.connect(carol).claim([dust, whole], carol, carol)).to.changeTokenBalance(
      polygon.pol,
      carol,
      60n * ONE,
    );
    expect(await pool.reserved()).to.equal((await pool.batchOf(1n)).received);
  });
});

describe("PolygonPool: claimInMatic", () => {
  let context: Context;
  let id: bigint;
  const OWED = 100n * ONE;

  beforeEach(async () => {
    context = await fixture();
    await stake(context, context.actors.alice, 1_000n * ONE);
    id = await request(context, context.actors.alice, OWED);
    await settle(context);
  });

  it("X-12: pays MATIC, with Withdraw and an event that names the coin, and leaves no approval", async () => {
    const { pool, polygon, actors } = context;
    const { alice, carol } = actors;
    expect(await pool.connect(alice).claimInMatic.staticCall([id], carol, alice)).to.equal(OWED);
    const sent = await pool.connect(alice).claimInMatic([id], carol, alice);
    await expect(sent).to.emit(pool, "Withdraw").withArgs(alice, carol, alice, OWED, OWED);
    await expect(sent).to.emit(pool, "ClaimsServed").withArgs(carol, OWED);
    await expect(sent).to.emit(pool, "PaidInMatic").withArgs(alice, carol, OWED);
    await expect(sent).to.changeTokenBalance(polygon.matic, carol, OWED);
    await expect(sent).to.changeTokenBalances(polygon.pol, [pool, carol], [-OWED, 0n]);
    expect(await polygon.pol.allowance(pool, polygon.migration)).to.equal(0n);
  });

  it("takes an operator of the controller", async () => {
    const { pool, polygon, actors } = context;
    await pool.connect(actors.alice).setOperator(actors.bob, true);
    await expect(pool.connect(actors.bob).claimInMatic([id], actors.bob, actors.alice)).to.changeTokenBalance(
      polygon.matic,
      actors.bob,
      OWED,
    );
  });

  it("A30: fails with Polygon's own error while the way to MATIC is locked; claims in POL go on", async () => {
    const { pool, polygon, actors } = context;
    const { alice } = actors;
    await polygon.migration.updateUnmigrationLock(true);
    await expect(pool.connect(alice).claimInMatic([id], alice, alice)).to.be.revertedWithCustomError(
      polygon.migration,
      "UnmigrationLocked",
    );
    expect(await pool.maxWithdraw(alice)).to.equal(OWED);
    await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(polygon.pol, alice, OWED);
  });

  it("fails if Polygon lacks MATIC; claims in POL go on", async () => {
    const { pool, polygon, actors } = context;
    const { alice } = actors;
    // Everybody else has turned POL into MATIC before.
    const held = await polygon.matic.balanceOf(polygon.migration);
    await polygon.pol.mint(actors.stranger, held);
    await polygon.pol.connect(actors.stranger).approve(polygon.migration, MAX);
    await polygon.migration.connect(actors.stranger).unmigrate(held - OWED + 1n);
    await expect(pool.connect(alice).claimInMatic([id], alice, alice)).to.be.revertedWith(
      "SafeERC20: low-level call failed",
    );
    await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(polygon.pol, alice, OWED);
  });

  it("pays nothing for no ids", async () => {
    const { pool, polygon, actors } = context;
    const { alice } = actors;
    const sent = await pool.connect(alice).claimInMatic([], alice, alice);
    await expect(sent).to.emit(pool, "PaidInMatic").withArgs(alice, alice, 0n);
    await expect(sent).to.changeTokenBalance(polygon.matic, alice, 0n);
  });

  it("refuses a receiver zero", async () => {
    const { pool, actors } = context;
    await expect(
      pool.connect(actors.alice).claimInMatic([id], ZeroAddress, actors.alice),
    ).to.be.revertedWithCustomError(pool, "ZeroAddress");
  });
});

describe("PolygonPool: what is reserved for claims", () => {
  it("stays when a donation is skimmed, which becomes a reward", async () => {
    const context = await fixture();
    const { pool, delegator, polygon, actors } = context;
    const { alice, stranger } = actors;
    await stake(context, alice, 1_000n * ONE);
    const id = await request(context, alice, 100n * ONE);
    await settle(context);
    await polygon.pol.connect(stranger).transfer(pool, 7n * ONE);
    const sent = await pool.connect(stranger).skim();
    await expect(sent).to.changeTokenBalances(polygon.pol, [pool, delegator], [-7n * ONE, 7n * ONE]);
    expect(await polygon.pol.balanceOf(pool)).to.equal(100n * ONE);
    expect(await pool.reserved()).to.equal(100n * ONE);
    await expect(pool.connect(alice).claim([id], alice, alice)).to.changeTokenBalance(polygon.pol, alice, 100n * ONE);
  });
});
