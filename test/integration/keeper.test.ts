import { mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers, network } from "hardhat";

import { adaptedFixture } from "../support/adapters";
import { moody } from "../support/badNode";
import type { Mood } from "../support/badNode";
import { bridgedFixture, deliver, provenWithdrawal } from "../support/bridge";
import { BATCH, CRUMBS, request, settle, spread, stake } from "../support/exits";
import { DAY, ONE, asManager, checkpoints, fixture, unbond } from "../support/fixture";
import type { Context } from "../support/fixture";
import { embedded, keyOf, rig, virtualClock } from "../support/keeper";
import type { Rig } from "../support/keeper";
import { announceLeaving, replaceShare, restoreShare, slash } from "../support/losses";

/** A pass in which nothing fails. */
async function pass({ keeper }: Rig): Promise<void> {
  expect((await keeper.pass()).flatMap(({ failures }) => failures)).to.deep.equal([]);
}

describe("keeper", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  it("finds nothing to do on a pool at rest", async () => {
    const { keeper, keys, wallet } = await rig(context);
    const report = { chain: "ethereum", done: 0, planned: 0, overtaken: 0, complete: true, failures: [] };
    expect(await keeper.pass()).to.deep.equal([report]);
    expect(keys()).to.deep.equal([]);
    expect(await ethers.provider.getTransactionCount(wallet.address)).to.equal(0);
  });

  it("delegates, settles, brings home and pays, each when it is time", async () => {
    const { pool, autoClaim, actors, polygon } = context;
    const { alice, bob } = actors;
    const work = await rig(context);
    await stake(context, alice, 10_000n * ONE);
    await pass(work);
    expect(work.keys()).to.deep.equal(["delegate"]);

    await pool.connect(alice).setOperator(autoClaim, true);
    await request(context, alice, 100n * ONE);
    await stake(context, bob, 50n * ONE);
    await checkpoints(context);
    await pass(work);
    expect(work.keys().slice(1)).to.deep.equal(["settle 1"]);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);

    await unbond(context);
    const before = await polygon.pol.balanceOf(alice);
    await pass(work);
    expect(work.keys().slice(2)).to.deep.equal(["finalize 1", `claim ${alice.address}`]);
    expect((await polygon.pol.balanceOf(alice)) - before).to.equal(100n * ONE);
    expect(await pool.totalOwed()).to.equal(0n);
  });

  it("harvests after a week what is not worth its gas before, and does nothing with what comes then", async () => {
    const { pool } = context;
    const work = await rig(context, { texts: { polPerEth: "1000000000" } });
    await spread(context);
    await checkpoints(context, 20);
    await time.increase(2n * DAY);
    await pass(work);
    expect(work.keys()).to.deep.equal([]);
    await time.increase(5n * DAY);
    await pass(work);
    expect(work.keys()).to.deep.equal(["harvest 1,2,3,4"]);
    expect(await pool.unvested()).to.be.greaterThan(0n);
  });

  it("books a loss before it settles, so that those who leave bear their part", async () => {
    const { pool } = context;
    const work = await rig(context);
    await spread(context);
    await request(context, context.actors.alice, 1_000n * ONE);
    await checkpoints(context);
    await slash(context, 2n, { bps: 1_000n });
    context.unsynced.delete(2n);
    await pass(work);
    expect(work.keys()).to.deep.equal(["sync 2", "settle 1"]);
    // 100 of the 4,000 and 4 wei are gone, and a quarter of them asked for its money back before.
    const { units, received } = await pool.batchOf(1n);
    expect(units).to.equal(1_000n * ONE);
    const sold = (await context.delegator.slicesOf(1n)).reduce((sum, { assets }) => sum + assets, 0n);
    expect(received + sold).to.equal((1_000n * ONE * (3_900n * ONE + 4n)) / (4_000n * ONE + 4n) + 1n);
  });

  it("counts the days of a share contract that was replaced, and no longer once it is back", async () => {
    const { delegator } = context;
    const work = await rig(context);
    await spread(context);
    await replaceShare(context, 3n);
    await pass(work);
    expect(work.keys()).to.deep.equal(["sync 3"]);
    expect((await delegator.positionAt(3n)).displacedAt).to.be.greaterThan(0n);
    await pass(work);
    expect(work.keys()).to.deep.equal(["sync 3"]);
    await restoreShare(context, 3n);
    await pass(work);
    expect(work.keys()).to.deep.equal(["sync 3", "sync 3"]);
    expect((await delegator.positionAt(3n)).displacedAt).to.equal(0n);
  });

  it("leaves a validator that left, if there is room at others", async () => {
    context = await fixture({ validators: 5 });
    const { delegator } = context;
    const work = await rig(context);
    await spread(context);
    await announceLeaving(context, 1n);
    await pass(work);
    expect(work.keys()).to.deep.equal([]);
    await checkpoints(context, 2);
    await pass(work);
    expect(work.keys()).to.deep.equal(["evacuate 1"]);
    expect((await delegator.positionAt(1n)).principal).to.equal(0n);

    await asManager(context, delegator, delegator.interface.encodeFunctionData("setMaxCommission", [4n]));
    // All are too dear now: there is nowhere to move their stake to.
    await pass(work);
    expect(work.keys().filter((key) => key.startsWith("evacuate"))).to.deep.equal(["evacuate 1"]);
  });

  it("books stray tokens as rewards", async () => {
    const { delegator, pool, polygon, actors } = context;
    const work = await rig(context);
    await polygon.pol.connect(actors.stranger).transfer(pool, 60n * ONE);
    await polygon.matic.connect(actors.stranger).transfer(delegator, 40n * ONE);
    await pass(work);
    expect(work.keys()).to.deep.equal(["skim"]);
    expect(await delegator.buffer()).to.equal((await pool.totalPooled()) - 0n);
  });

  it("goes on with a batch that could not be funded", async () => {
    const { pool } = context;
    const work = await rig(context);
    await spread(context);
    for (const position of [1n, 2n]) await announceLeaving(context, position);
    await request(context, context.actors.alice, 2_000n * ONE);
    await request(context, context.actors.bob, 500n * ONE);
    await pass(work);
    expect(work.keys()).to.deep.equal(["settle 1"]);
    expect(work.keys("idle")).to.include("continue 1");
    // Two of four validators hold 1,000 each, and the rest of the buffer goes to the batch.
    expect((await pool.queue()).unsold).to.equal(500n * ONE - CRUMBS);
    await checkpoints(context, 1);
    await pass(work);
    expect(work.keys().slice(0, 2)).to.deep.equal(["settle 1", "continue 1"]);
    expect((await pool.queue()).unsold).to.equal(0n);
  });

  it("tries a dead unbond once, and makes its batch claimable when the governed time has passed", async () => {
    const { pool, delegator, polygon } = context;
    const work = await rig(context, { texts: { harvestMinAge: "604800" } });
    await spread(context);
    await request(context, context.actors.alice, 100n * ONE);
    const batch = await settle(context);
    const [slice] = await delegator.slicesOf(batch);
    await replaceShare(context, slice?.position ?? 0n);
    await unbond(context);
    const finalized = (): number => work.keys().filter((key) => key === "finalize 1").length;
    await pass(work);
    expect(finalized()).to.equal(1);
    expect((await delegator.slicesOf(batch))[0]?.failedAt).to.be.greaterThan(0n);
    await pass(work);
    expect(finalized()).to.equal(1);

    const { deadSliceTime } = await delegator.parameters();
    await time.increase(deadSliceTime);
    await pass(work);
    expect(finalized()).to.equal(2);
    expect((await pool.batchOf(batch)).state).to.equal(BATCH.ClaimableLate);
    await pass(work);
    expect(finalized()).to.equal(2);

    // The old share contract is named again: what it owes comes late.
    await restoreShare(context, slice?.position ?? 0n);
    await pass(work);
    expect(finalized()).to.equal(3);
    expect((await pool.batchOf(batch)).state).to.equal(BATCH.ClaimableShort);
    expect(await polygon.pol.balanceOf(pool)).to.equal(await pool.reserved());
  });
});

describe("keepers side by side", () => {
  /** A week of stakes, requests and rewards, with a look at the pool four times a day. */
  async function week(work: (context: Context) => Promise<() => Promise<unknown>>): Promise<Context> {
    const context = await fixture();
    const { alice, bob, carol } = context.actors;
    const look = await work(context);
    await spread(context);
    for (let quarter = 0; quarter < 28; quarter++) {
      if (quarter % 5 === 0) await stake(context, bob, 700n * ONE);
      if (quarter % 4 === 1) await request(context, alice, 20n * ONE);
      if (quarter % 7 === 3) await request(context, carol, 30n * ONE);
      await checkpoints(context, 10);
      await time.increase(DAY / 4n);
      await look();
    }
    return context;
  }

  const spent = async (accounts: readonly number[]): Promise<{ gas: bigint; count: number }> => {
    let [gas, count] = [0n, 0];
    const addresses = new Set(accounts.map((account) => keyOf(account).address));
    for (let number = await ethers.provider.getBlockNumber(); number > 0; number--) {
      const block = await ethers.provider.getBlock(number, true);
      for (const { from, hash } of block?.prefetchedTransactions ?? []) {
        if (!addresses.has(from)) continue;
        gas += (await ethers.provider.getTransactionReceipt(hash))?.gasUsed ?? 0n;
        count++;
      }
    }
    return { gas, count };
  };

  /** A node that mines when somebody looks for a receipt: what is sent waits until then. */
  const slow: Mood = (asked, honest) =>
    asked.method === "eth_getTransactionReceipt" ? mine().then(() => honest()) : undefined;

  const mining = async <T>(automatic: boolean, work: () => Promise<T>): Promise<T> => {
    await network.provider.send("evm_setAutomine", [automatic]);
    return work().finally(() => network.provider.send("evm_setAutomine", [true]));
  };

  it("two make the calls of one: what one has sent, the other does not send", async () => {
    await week(async (context) => {
      const work = await rig(context, { account: 60, nodes: { ethereum: moody(embedded, slow) } });
      return async () => mining(false, async () => pass(work));
    });
    const alone = await spent([60]);

    const rigs: Rig[] = [];
    await week(async (context) => {
      const second = await rig(context, { account: 61, nodes: { ethereum: moody(embedded, slow) } });
      // Whenever the first has sent something, and before it is mined, the second has its whole pass.
      const meanwhile: Mood = (asked, honest) => {
        if (asked.method !== "eth_sendRawTransaction") return undefined;
        return honest().then(async (sent) => {
          await pass(second);
          return sent;
        });
      };
      const work = await rig(context, { account: 60, nodes: { ethereum: moody(embedded, meanwhile, slow) } });
      rigs.push(work, second);
      return async () => mining(false, async () => pass(work));
    });
    const together = await spent([60, 61]);
    expect(alone.count).to.be.greaterThan(10);
    expect(together.count).to.equal(alone.count);
    // The same work; times differ by blocks, and with them what a stream's end costs to write.
    expect(together.gas * 100n).to.be.lessThanOrEqual(alone.gas * 101n);
    expect(rigs.flatMap((work) => work.keys("failed"))).to.deep.equal([]);
  });

  it("two that move in step at every request do no harm: nothing fails, and nobody is paid twice", async () => {
    const context = await fixture();
    const { pool, autoClaim, polygon, actors } = context;
    const { alice } = actors;
    const rigs = [await rig(context, { account: 60 }), await rig(context, { account: 61 })];
    await pool.connect(alice).setOperator(autoClaim, true);
    await spread(context);
    await request(context, alice, 100n * ONE);
    await checkpoints(context);
    const before = await polygon.pol.balanceOf(alice);
    for (let epoch = 0; epoch < 3; epoch++) {
      await Promise.all(rigs.map(pass));
      await unbond(context);
    }
    expect((await polygon.pol.balanceOf(alice)) - before).to.equal(100n * ONE);
    expect(await pool.totalOwed()).to.equal(0n);
  });
});

describe("a month with a keeper alone", () => {
  it("everything that was asked for is paid, and the rewards are in", async () => {
    const context = await fixture();
    const { pool, autoClaim, delegator, polygon, actors } = context;
    const { alice, bob, carol } = actors;
    const work = await rig(context, { texts: { delegateMin: "10" } });
    await pool.connect(alice).setOperator(autoClaim, true);
    await pool.connect(carol).setOperator(autoClaim, true);
    await spread(context);
    for (let day = 0; day < 30; day++) {
      if (day % 3 === 0) await stake(context, bob, 500n * ONE);
      if (day < 25 && day % 2 === 0) await request(context, alice, 10n * ONE);
      if (day < 25 && day % 5 === 0) await request(context, carol, 40n * ONE);
      if (day === 10) await request(context, bob, 900n * ONE);
      await checkpoints(context, 40);
      await time.increase(DAY);
      await pass(work);
    }
    const { open, openUnits, funding } = await pool.queue();
    expect([openUnits, funding]).to.deep.equal([0n, 0n]);
    for (let batch = 1n; batch < open; batch++) {
      expect((await pool.batchOf(batch)).state, `batch ${batch}`).to.equal(BATCH.Claimable);
    }
    // Those who appointed AutoClaim were paid, and who did not can claim.
    expect(await pool.requestsOf(alice)).to.deep.equal([]);
    expect(await pool.requestsOf(carol)).to.deep.equal([]);
    expect(await pool.maxWithdraw(bob)).to.equal(await pool.totalOwed());
    expect(await polygon.pol.balanceOf(alice)).to.be.greaterThan(999_000n * ONE);
    // Each validator was harvested within the last week, and what came was put to work.
    const now = BigInt(await time.latest());
    for (const position of [1n, 2n, 3n, 4n]) {
      expect(now - (await delegator.positionAt(position)).lastHarvestAt).to.be.lessThanOrEqual(7n * DAY);
    }
    expect(await pool.convertToAssets(ONE)).to.be.greaterThan(ONE);
    expect(await context.lens.delegable()).to.be.lessThan(10n * ONE);
    expect(work.keys("failed")).to.deep.equal([]);
  });
});

describe("keeper of the bridge", () => {
  it("sends the rate once, waits for it to arrive, and again when it is old", async () => {
    const context = await bridgedFixture();
    const { bridge, child } = context;
    const work = await rig(context, { texts: { delegateMin: "1000000" } });
    await pass(work);
    await pass(work);
    expect(await bridge.lastNonce()).to.equal(1n);
    await deliver(context);
    await pass(work);
    expect(await bridge.lastNonce()).to.equal(1n);
    await time.increase(6n * 3_600n);
    await pass(work);
    expect(work.keys().filter((key) => key === "syncRate")).to.have.lengthOf(2);
    expect(await child.feed.lastNonce()).to.equal(1n);
  });

  it("tells Polygon of a loss at once, and confirms it an hour later, so that swaps go on", async () => {
    const context = await bridgedFixture();
    const { pool, child } = context;
    const work = await rig(context, { texts: { harvestMinAge: "604800" } });
    await pass(work);
    await deliver(context);
    await slash(context, 1n, { bps: 5_000n });
    context.unsynced.delete(1n);
    await pass(work);
    expect((await pool.parameters()).lossCount).to.equal(1n);
    await deliver(context);
    expect(await child.feed.lossCount()).to.equal(1n);
    await pass(work);
    expect(work.keys().filter((key) => key === "syncRate")).to.have.lengthOf(2);
    await time.increase(3_600n);
    await pass(work);
    await deliver(context);
    const { time: at, lossTime } = await child.feed.latest();
    expect(at).to.be.greaterThanOrEqual(lossTime + 3_600n);
    await pass(work);
    expect(work.keys().filter((key) => key === "syncRate")).to.have.lengthOf(3);
  });

  it("mints and releases what waited for the limits, as they refill", async () => {
    const context = await bridgedFixture();
    const { bridge, child, actors } = context;
    const { alice } = actors;
    const work = await rig(context, { texts: { delegateMin: "1000000" } });
    // The limit of minting is 10,000.
    await bridge.connect(alice).bridge(14_000n * ONE, alice);
    await deliver(context);
    expect(await child.adapter.pendingOf(alice)).to.equal(4_000n * ONE);
    await pass(work);
    expect(work.keys()).to.not.include(`mint ${alice.address}`);
    await time.increase(DAY);
    await pass(work);
    expect(work.keys()).to.include(`mint ${alice.address}`);
    expect(await child.token.balanceOf(alice)).to.equal(14_000n * ONE);

    // That of burning is 5,000 in a day, that of releasing 10,000.
    for (let day = 0; day < 2; day++) {
      const proof = await provenWithdrawal(context, child.adapter.connect(alice).withdraw(5_000n * ONE, alice));
      if (day === 1) {
        const { releaseLimit } = await bridge.parameters();
        expect(releaseLimit).to.equal(10_000n * ONE);
        await bridge.connect(actors.guardian).lowerReleaseLimit(2_000n * ONE);
      }
      await bridge.receiveMessage(proof);
      if (day === 0) await time.increase(DAY);
    }
    expect(await bridge.pendingOf(alice)).to.equal(3_000n * ONE);
    await time.increase(DAY / 20n);
    await pass(work);
    expect(work.keys()).to.not.include(`release ${alice.address}`);
    await time.increase(DAY / 20n);
    await pass(work);
    expect(work.keys()).to.include(`release ${alice.address}`);
  });

  it("takes a snapshot for the yearly rate on either chain, as often as the oracle lets it", async () => {
    const context = await adaptedFixture();
    const { onEthereum, onPolygon, pool, actors } = context;
    const work = await rig(context);
    const taken = (): number => work.keys().filter((key) => key === "snapshot").length;
    await pass(work);
    // Polygon has no rate yet.
    expect(taken()).to.equal(1);
    await deliver(context);
    await pass(work);
    await pass(work);
    expect(taken()).to.equal(2);
    await time.increaseTo((await onEthereum.aprOracle.nextSnapshotAt()) - 10n);
    await pass(work);
    expect(taken()).to.equal(2);
    await time.increase(10n);
    await pass(work);
    expect(taken()).to.equal(3);
    // There what counts is the time of the rate that has arrived.
    await time.increase(6n * 3_600n);
    await pass(work);
    expect(taken()).to.equal(3);
    await deliver(context);
    await deliver(context);
    await pass(work);
    expect(taken()).to.equal(4);

    // Within 8 days there is a yearly rate over 7 of them, with nobody else's help.
    await pool.connect(actors.alice).deposit(1_000n * ONE, actors.alice);
    await pass(work);
    await checkpoints(context, 1);
    for (let day = 0; day < 8; day += 1) {
      await time.increase(DAY);
      await pass(work);
      await deliver(context);
      await pass(work);
    }
    for (const { aprOracle } of [onEthereum, onPolygon]) {
      const percentage = await aprOracle.averagePercentageRate(await aprOracle.TOKEN(), 7);
      expect(percentage).to.be.greaterThan(0n);
    }
    expect(work.keys("failed")).to.deep.equal([]);
  });

  it("goes on with Ethereum when Polygon is out of reach, and says so", async () => {
    const context = await bridgedFixture();
    const work = await rig(context, {
      clock: virtualClock(),
      nodes: { polygon: async () => Promise.reject(new Error("the node cannot be reached (TIMEOUT)")) },
    });
    const [ethereum, polygon] = await work.keeper.pass();
    expect(ethereum).to.deep.include({ chain: "ethereum", complete: true, failures: [] });
    expect(polygon).to.deep.include({
      chain: "polygon",
      complete: false,
      failures: ["read: the node cannot be reached (TIMEOUT)"],
    });
    expect(work.keys()).to.include("delegate");
  });
});
