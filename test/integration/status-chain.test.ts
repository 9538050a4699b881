import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { GUARDIAN } from "../../deploy/access";
import { timeOf } from "../../scripts/lib/times";
import { COLUMNS, screenOf } from "../../scripts/status/screen";
import { adaptedFixture } from "../support/adapters";
import { bridgedFixture, deliver, submitCheckpoint } from "../support/bridge";
import { delegated, setWeights } from "../support/delegating";
import { request, settle, spread } from "../support/exits";
import { DAY, FIRST_ID, ONE, asManager, checkpoints, fixture, unbond } from "../support/fixture";
import type { Context } from "../support/fixture";
import { announceLeaving, replaceShare, slash } from "../support/losses";
import { at, now } from "../support/polygon";
import { section, statusOf } from "../support/status";

describe("npx hardhat status: the chain", () => {
  describe("rate and assets", () => {
    /** 1,000 POL of which each share is worth one, and 100 POL of rewards: 5 are the treasury's, 95 vest over 7 days. */
    async function rewarded(context: Context): Promise<bigint> {
      const { pool, polygon, delegator, actors } = context;
      await pool.connect(actors.alice).deposit(999n * ONE, actors.alice);
      await polygon.pol.connect(actors.bob).transfer(delegator, 100n * ONE);
      await pool.skim();
      return now();
    }

    it("tells value and ratio to the last digit, and what has vested", async () => {
      const context = await fixture();
      const since = await rewarded(context);
      expect(await section(context, "ASSETS")).to.deep.equal([
        "total 1,005.0000 vested, of 1,005.0000 ankrMATIC",
        `unvested 95.0000 until ${timeOf(since + 7n * DAY)}, in 7 days`,
        "delegated 0.0000",
        "buffer 1,100.0000",
        "unbonding 0.0000",
        "reserved 0.0000 in the pool, for requests",
        "owed 0.0000 to requests",
      ]);
      await time.increaseTo(since + (7n * DAY) / 2n);
      expect((await section(context, "ASSETS")).slice(0, 2)).to.deep.equal([
        "total 1,052.5000 vested, of 1,005.0000 ankrMATIC",
        `unvested 47.5000 until ${timeOf(since + 7n * DAY)}, in 3 days 12 hours`,
      ]);
      await time.increaseTo(since + 7n * DAY);
      // 1,100 / 1,005, and 1,005 / 1,100, rounded down.
      expect((await section(context, "RATE")).slice(0, 2)).to.deep.equal([
        "1 ankrMATIC 1.094527363184079601 MATIC",
        "ratio 0.913636363636363636",
      ]);
      expect((await section(context, "ASSETS"))[1]).to.equal("unvested 0.0000");
    });

    it("has the end of the vesting to the second", async () => {
      const context = await fixture();
      const first = await rewarded(context);
      // A second reward, which moves the end: the mean of what is left and 7 days, by amount.
      await context.polygon.pol.connect(context.actors.bob).transfer(context.delegator, 33n * ONE);
      await at(first + 3n * DAY, async () => context.pool.skim());
      const { ethereum } = await statusOf(context);
      if (!("status" in ethereum)) throw new Error("Ethereum was not read");
      const { vestedAt = 0n } = ethereum.status;
      expect(vestedAt).to.be.within(first + 7n * DAY, first + 10n * DAY);
      await time.increaseTo(vestedAt - 1n);
      expect(await context.pool.unvested()).to.be.greaterThan(0n);
      await time.increaseTo(vestedAt);
      expect(await context.pool.unvested()).to.equal(0n);
    });

    it("names MATIC that is not converted yet", async () => {
      const context = await fixture();
      await context.pool.connect(context.actors.alice).stakeAndClaimCerts(7n * ONE);
      expect(await section(context, "ASSETS")).to.include("buffer 8.0000 of it MATIC: 7.0000");
    });

    it("tells the growth over the longest time that the oracle answers for, or why it cannot", async () => {
      const context = await adaptedFixture();
      const { aprOracle } = context.onEthereum;
      const apr = async (): Promise<string | undefined> => (await section(context, "RATE"))[2];
      expect(await apr()).to.equal("APR -, no snapshot is a day old yet: anyone may call AprOracle.snapshot()");
      await context.polygon.pol.connect(context.actors.bob).transfer(context.delegator, 3_000n * ONE);
      await context.pool.skim();
      const from = (await now()) + 1n;
      await at(from, async () => aprOracle.snapshot());
      const rateThen = (await context.pool.totalAssets()) * ONE;
      await time.increaseTo(from + 3n * DAY);
      const { pool } = context;
      const growth = (await pool.totalAssets()) * ONE - rateThen;
      const percentage = (growth * 100n * 365n) / (rateThen / ONE) / 3n;
      const [whole, cents] = [percentage / ONE, ((percentage % ONE) * 100n) / ONE];
      expect(whole).to.be.greaterThan(10n);
      expect(await apr()).to.equal(`APR ${whole}.${cents.toString().padStart(2, "0")} % a year, over 3 days`);
      await time.increaseTo(from + 8n * DAY);
      expect(await apr()).to.match(/over 8 days$/);
    });

    it("says so where the oracle is not there yet", async () => {
      expect((await section(await fixture(), "RATE"))[2]).to.equal("APR -, the oracle is not deployed yet");
    });
  });

  describe("validators", () => {
    let context: Context;

    beforeEach(async () => {
      context = await fixture();
      await spread(context);
    });

    const validator = async (position: bigint): Promise<string> => {
      const lines = await section(context, "VALIDATORS");
      return lines[Number(position)] ?? "";
    };
    const state = async (position: bigint): Promise<string> => (await validator(position)).replace(/^.* \d+ % /, "");

    it("that are well: id, share, stake, target and actual weight, cap, commission", async () => {
      const share = (await context.delegator.positionAt(1n)).share;
      expect(await validator(0n)).to.equal("id share stake, POL target actual cap commission state");
      expect(await validator(1n)).to.equal(
        `${FIRST_ID} ${share.slice(0, 6)}…${share.slice(-4)} 1,000.0000 25.00 % 25.00 % 25.00 % 5 % ok`,
      );
    });

    it("whose weight is another than it should be, and that are being sold", async () => {
      context = await fixture({ validators: 5 });
      await spread(context);
      await setWeights(context, [2_500n, 1_500n, 2_000n, 2_000n, 2_000n]);
      const figures = async (): Promise<string[]> =>
        (await section(context, "VALIDATORS")).slice(1).map((line) => line.split(" ").slice(2).join(" "));
      expect((await figures()).slice(0, 3)).to.deep.equal([
        "800.0000 25.00 % 20.00 % 25.00 % 5 % ok",
        "800.0000 15.00 % 20.00 % 25.00 % 5 % ok",
        "800.0000 20.00 % 20.00 % 25.00 % 5 % ok",
      ]);
      await request(context, context.actors.alice, 400n * ONE);
      await context.pool.settleBatch();
      // 400 and 800 of the 3,600 that are left.
      expect((await figures()).slice(0, 3)).to.deep.equal([
        "800.0000 25.00 % 22.22 % 25.00 % 5 % ok",
        "400.0000 15.00 % 11.11 % 25.00 % 5 % ok; sales: 1",
        "800.0000 20.00 % 22.22 % 25.00 % 5 % ok",
      ]);
    });

    it("that are locked", async () => {
      await context.polygon.stakeManager.cheatSetLocked(FIRST_ID, true);
      expect([await state(1n), await state(2n)]).to.deep.equal(["locked", "ok"]);
    });

    it("that are leaving, and that have left", async () => {
      await announceLeaving(context, 2n);
      expect(await state(2n)).to.equal("leaving, locked");
      await checkpoints(context, 2);
      expect(await state(2n)).to.equal("left, locked");
    });

    it("that have switched delegation off", async () => {
      const { polygon, signers } = context;
      const [, , signer] = signers;
      if (signer === undefined) throw new Error("there is no third validator");
      await polygon.stakeManager.connect(signer).updateValidatorDelegation(false);
      expect(await state(3n)).to.equal("off");
    });

    it("all of them, while Polygon has switched delegation off", async () => {
      await context.polygon.stakeManager.setDelegationEnabled(false);
      expect([await state(1n), await state(4n)]).to.deep.equal(["off", "off"]);
    });

    it("that take more than the highest commission", async () => {
      const { polygon, actors } = context;
      await checkpoints(context, 100);
      await polygon.stakeManager.connect(actors.validatorOwner).updateCommissionRate(FIRST_ID, 16n);
      expect(await validator(1n)).to.match(/ 16 % above commission$/);
    });

    it("whose share contract Polygon has replaced", async () => {
      await replaceShare(context, 4n);
      expect(await state(4n)).to.equal("displaced");
    });

    it("whose rate is not 1", async () => {
      await slash(context, 1n, { bps: 1_000n });
      expect(await state(1n)).to.equal("rate 0.9");
      await context.pool.sync(1n);
      context.unsynced.delete(1n);
      expect(await state(1n)).to.equal("rate 0.9");
    });

    it("not those whose position was given up", async () => {
      context = await fixture({ validators: 5 });
      const { delegator } = context;
      await setWeights(context, [0n, 2_500n, 2_500n, 2_500n, 2_500n]);
      await asManager(context, delegator, delegator.interface.encodeFunctionData("removePosition", [1n]));
      const ids = (await section(context, "VALIDATORS")).slice(1).map((line) => line.split(" ")[0]);
      expect(ids).to.deep.equal(["9", "10", "11", "12"]);
    });
  });

  describe("batches", () => {
    const batches = async (context: Context): Promise<string[]> => section(context, "BATCHES");
    const heading = async (context: Context): Promise<string> => {
      const { ethereum } = await statusOf(context);
      if (!("status" in ethereum)) throw new Error("Ethereum was not read");
      const { interval } = ethereum.status;
      return interval === undefined ? "none" : `${interval.seconds} s of ${interval.of}`;
    };

    it("one that is open, with the epoch in which it would be ripe", async () => {
      const context = await fixture();
      await spread(context);
      expect(await batches(context)).to.deep.equal([
        "open 1 0.0000 nobody is in it",
        "claimable 0.0000 of batches that are done",
      ]);
      await request(context, context.actors.alice, 250n * ONE);
      const epoch = await context.polygon.stakeManager.epoch();
      expect((await batches(context))[0]).to.equal(`open 1 250.0000 if settled now, epoch ${epoch + 80n}`);
    });

    it("those that are unbonding, ripe, and done", async () => {
      const context = await fixture();
      await spread(context);
      await request(context, context.actors.alice, 1_500n * ONE);
      await settle(context);
      const epoch = await context.polygon.stakeManager.epoch();
      await request(context, context.actors.bob, 100n * ONE);
      await settle(context);
      // The crumbs in the buffer pay their part of the first.
      expect(await batches(context)).to.deep.equal([
        "open 3 0.0000 nobody is in it",
        `unbonding 2 100.0000 epoch ${epoch + 81n}`,
        `unbonding 1 1,500.0000 epoch ${epoch + 80n}`,
        "claimable 0.0000 of batches that are done",
      ]);
      await checkpoints(context, 79);
      expect((await batches(context))[2]).to.equal("unbonding 1 1,500.0000 ripe: anyone may finalize it");
      await context.pool.finalizeBatch(1n);
      expect(await batches(context)).to.deep.equal([
        "open 3 0.0000 nobody is in it",
        `unbonding 2 100.0000 epoch ${epoch + 81n}`,
        "claimable 1,500.0000 of batches that are done",
      ]);
      await context.pool.connect(context.actors.alice).redeem(1_500n * ONE, context.actors.alice, context.actors.alice);
      expect((await batches(context)).at(-1)).to.equal("claimable 0.0000 of batches that are done");
    });

    it("one that could not be funded wholly", async () => {
      const context = await fixture();
      await spread(context);
      for (const position of [1n, 2n, 3n]) await announceLeaving(context, position);
      await request(context, context.actors.alice, 1_500n * ONE);
      await context.pool.settleBatch();
      const epoch = await context.polygon.stakeManager.epoch();
      expect((await batches(context))[1]).to.equal(
        `unfunded 1 1,500.0000 499.9999 to fund; if settled now, epoch ${epoch + 80n}`,
      );
    });

    it("one with dead sales, before and after it is paid without them", async () => {
      const context = await fixture();
      await spread(context);
      await request(context, context.actors.alice, 2_000n * ONE);
      await context.pool.settleBatch();
      await replaceShare(context, 1n);
      await unbond(context);
      await context.pool.finalizeBatch(1n);
      expect((await batches(context))[1]).to.equal(
        "unbonding 1 2,000.0000 ripe: anyone may finalize it; dead sales: 1",
      );
      await time.increase(7n * DAY);
      await context.pool.finalizeBatch(1n);
      expect((await batches(context)).slice(1)).to.deep.equal([
        "late 1 1,000.0000 paid without what may still come; dead sales: 1",
        "claimable 1,000.0000 of batches that are done",
      ]);
    });

    it("finds one that is older than many that are done", async () => {
      const context = await fixture();
      await spread(context);
      await request(context, context.actors.alice, 2_000n * ONE);
      await settle(context);
      // Each of these is paid from the buffer at once.
      for (let count = 0; count < 30; count++) {
        await context.pool.connect(context.actors.carol).deposit(ONE, context.actors.carol);
        await request(context, context.actors.carol, ONE / 2n);
        await settle(context);
      }
      const lines = await batches(context);
      expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).to.deep.equal([
        "open 32",
        "unbonding 1",
        "claimable 15.0000",
      ]);
    });

    it("estimates when they are ripe by the mean time between the last checkpoints", async () => {
      const context = await bridgedFixture();
      expect(await heading(context)).to.equal("none");
      const start = await now();
      // The first is older than the 24 times that count.
      for (let count = 0n; count <= 25n; count++) {
        const waits = count === 0n ? 100n : 200_000n + count * 2_000n;
        await time.increaseTo(start + waits);
        await submitCheckpoint(context);
      }
      expect(await heading(context)).to.match(/^200\d s of 24$/);
      await delegated(context, 1_000n * ONE);
      await request(context, context.actors.alice, 50n * ONE);
      await context.pool.settleBatch();
      const { ethereum } = await statusOf(context);
      if (!("status" in ethereum)) throw new Error("Ethereum was not read");
      const { interval, head, epoch } = ethereum.status;
      const ripe = head.time + 80n * (interval?.seconds ?? 0n);
      expect((await batches(context))[1]).to.equal(
        `unbonding 1 50.0000 epoch ${epoch + 80n}, about ${timeOf(ripe).slice(0, 16)}, in 1 day 21 hours`,
      );
    });
  });

  describe("what is left, and pauses", () => {
    it("of each cap and limit, at both ends", async () => {
      const context = await bridgedFixture();
      expect(await section(context, "LEFT")).to.deep.equal([
        "stakes 999,699,999.0000 of 1,000,000,000.0000 POL",
        "switches 1,000,000.0000 of 1,000,000.0000",
        "lock 500,000.0000 of 500,000.0000",
        "release 10,000.0000 of 10,000.0000 a day",
        "mint, Polygon 10,000.0000 of 10,000.0000 a day",
        "burn, Polygon 5,000.0000 of 5,000.0000 a day",
        "supply, Polygon 1,000,000.0000 of 1,000,000.0000",
        "swaps pay out 0.0000 of 1,000,000.0000 POL a day",
        "swap pool has 0.0000 POL and 0.0000 ankrMATIC",
        "over the bridge 0.0000 ankrMATIC are under way",
        "paused nothing",
      ]);
      const { bridge, actors } = context;
      await bridge.connect(actors.alice).bridge(12_000n * ONE, actors.alice);
      expect(await section(context, "LEFT")).to.include("over the bridge 12,000.0000 ankrMATIC are under way");
      await deliver(context);
      const lines = await section(context, "LEFT");
      expect(lines).to.include("lock 488,000.0000 of 500,000.0000");
      // It refills: 0.1157 in each second.
      expect(lines.join("\n")).to.match(/mint, Polygon 0\.\d+ of 10,000\.0000 a day; waiting: 2,000\.0000/);
      expect(lines).to.include("supply, Polygon 990,000.0000 of 1,000,000.0000");
      expect(lines).to.include("over the bridge 0.0000 ankrMATIC are under way");
    });

    it("of the switch in a day, if that is limited", async () => {
      const context = await fixture();
      const { switcher } = context;
      await asManager(context, switcher, switcher.interface.encodeFunctionData("setDailyLimit", [500n * ONE]));
      expect(await section(context, "LEFT")).to.include("now 500.0000 of 500.0000 a day");
    });

    it("tells which flows are paused, and until when", async () => {
      const context = await bridgedFixture();
      const { pool, bridge, child, actors } = context;
      await pool.connect(actors.guardian).pauseStakes(5n * DAY);
      await bridge.connect(actors.guardian).pauseBridging(DAY);
      await child.swap.connect(actors.guardian).pauseSwaps(2n * DAY);
      const first = (await now()) - 2n;
      expect((await section(context, "LEFT")).slice(-3)).to.deep.equal([
        `paused stakes until ${timeOf(first + 5n * DAY)}, in 5 days`,
        `paused bridging until ${timeOf(first + 1n + DAY)}, in 1 day`,
        `paused swaps until ${timeOf(first + 2n + 2n * DAY)}, in 2 days`,
      ]);
      await time.increase(DAY);
      expect((await section(context, "LEFT")).join(" ")).not.to.contain("bridging");
      await time.increase(4n * DAY);
      expect(await section(context, "LEFT")).to.include("paused nothing");
    });
  });

  describe("the rate on Polygon", () => {
    it("is none before the first message, and then has its age, its message, and whether swaps take it", async () => {
      const context = await bridgedFixture();
      expect((await section(context, "RATE")).slice(3)).to.deep.equal([
        "on Polygon no rate has come yet",
        "swaps are refused: NoRate()",
      ]);
      await context.bridge.syncRate();
      const sent = await now();
      await deliver(context);
      await context.bridge.syncRate();
      await time.increaseTo(sent + 3_600n);
      expect((await section(context, "RATE")).slice(3)).to.deep.equal([
        "on Polygon 1 MATIC, as it was 1 hour ago",
        `of ${timeOf(sent)}, message 1, of 2 sent`,
        "swaps take it",
      ]);
      await time.increaseTo(sent + DAY + 1n);
      expect((await section(context, "RATE")).at(-1)).to.equal(`swaps are refused: RateTooOld(${sent}, ${DAY})`);
    });

    it("is refused while swaps are paused", async () => {
      const context = await bridgedFixture();
      await context.child.swap.connect(context.actors.guardian).pauseSwaps(DAY);
      const until = (await now()) + DAY;
      expect((await section(context, "RATE")).at(-1)).to.equal(`swaps are refused: SwapsArePaused(${until})`);
    });
  });

  describe("roles, and what is scheduled", () => {
    it("has each holder with its delay, on both chains", async () => {
      const context = await bridgedFixture();
      const { upgrader, manager, guardian } = context.actors;
      const roles = [
        `upgrader ${upgrader.address} after 7 days`,
        `manager ${manager.address} after 1 day`,
        `guardian ${guardian.address} at once`,
      ];
      expect(await section(context, "ROLES")).to.deep.equal(
        ["devnet", "devnet-polygon"].flatMap((network) => roles.map((line) => `${network} ${line}`)),
      );
      expect(await section(context, "SCHEDULED")).to.deep.equal(["none"]);
    });

    it("has a role that is still to be given, and not one that was taken away", async () => {
      const context = await fixture();
      const { manager, actors } = context;
      const { upgrader, stranger, guardian } = actors;
      for (const data of [
        manager.interface.encodeFunctionData("setGrantDelay", [GUARDIAN, DAY]),
        manager.interface.encodeFunctionData("revokeRole", [GUARDIAN, guardian.address]),
      ]) {
        await manager.connect(upgrader).schedule(manager, data, 0);
        await time.increase(7n * DAY);
        await manager.connect(upgrader).execute(manager, data);
      }
      expect(await section(context, "ROLES")).to.include("devnet guardian nobody");
      const grant = manager.interface.encodeFunctionData("grantRole", [GUARDIAN, stranger.address, 0n]);
      await manager.connect(upgrader).schedule(manager, grant, 0);
      await time.increase(7n * DAY);
      await manager.connect(upgrader).execute(manager, grant);
      expect((await section(context, "ROLES")).join(" ")).to.contain(
        `devnet guardian ${stranger.address} at once; from ${timeOf((await now()) + DAY)}`,
      );
    });

    it("has what is scheduled, from when on, until when, by whom; not what was executed, cancelled, or has expired", async () => {
      const context = await fixture();
      const { manager, pool, delegator, actors } = context;
      const by = manager.connect(actors.manager);
      const called = `by ${actors.manager.address.slice(0, 6)}…${actors.manager.address.slice(-4)}`;
      const scheduled = async (): Promise<string> => (await section(context, "SCHEDULED")).join(" ");
      const fee = pool.interface.encodeFunctionData("setFee", [400n]);
      await by.schedule(pool, fee, 0);
      const readyAt = (await now()) + DAY;
      expect(await scheduled()).to.equal(
        `devnet from ${timeOf(readyAt)}, in 1 day, ${called}: PolygonPool.setFee(400)`,
      );
      await time.increaseTo(readyAt);
      expect(await scheduled()).to.equal(
        `devnet now, until ${timeOf(readyAt + 7n * DAY)}, in 7 days, ${called}: PolygonPool.setFee(400)`,
      );
      await by.execute(pool, fee);
      expect(await scheduled()).to.equal("none");

      const time_ = delegator.interface.encodeFunctionData("setDeadSliceTime", [DAY]);
      await by.schedule(delegator, time_, 0);
      await by.cancel(actors.manager, delegator, time_);
      expect(await scheduled()).to.equal("none");
      await by.schedule(delegator, time_, 0);
      await time.increase(8n * DAY + 1n);
      expect(await scheduled()).to.equal("none");
    });

    it("explains an upgrade, and a call of a contract that is not ours by its address", async () => {
      const context = await fixture();
      const { manager, pool, polygon, actors } = context;
      const by = manager.connect(actors.upgrader);
      const at_ = await context.system.steps.addressOf("PolygonPool.implementation");
      await by.schedule(pool, pool.interface.encodeFunctionData("upgradeToAndCall", [at_, "0x"]), 0);
      const [line = "", more = ""] = await section(context, "SCHEDULED");
      expect(`${line} ${more}`).to.contain(`PolygonPool.upgradeToAndCall(${at_}, nothing)`);
      const strange = await polygon.pol.getAddress();
      await by.schedule(strange, "0x12345678", 0);
      expect((await section(context, "SCHEDULED")).join(" ")).to.contain(`${strange}: 0x12345678`);
    });
  });

  it("shows all of it on one screen", async () => {
    const context = await adaptedFixture();
    await delegated(context, 1_000n * ONE);
    await request(context, context.actors.alice, 50n * ONE);
    await context.pool.settleBatch();
    const lines = screenOf(await statusOf(context));
    expect(lines.length).to.be.most(65);
    expect(lines.filter((line) => line.length > COLUMNS)).to.deep.equal([]);
    expect(await ethers.provider.getBlockNumber()).to.equal(Number(/block (\d+)/.exec(lines[1] ?? "")?.[1]));
  });
});
