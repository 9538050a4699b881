import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BondSwitcher__factory, ERC1967Proxy__factory } from "../../../typechain-types";
import type { BondSwitcher } from "../../../typechain-types";
import { eventsOf } from "../../support/events";
import { DAY, ONE, asManager, requestId } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, SWITCH_CAP, legacyFixture } from "../../support/legacy";
import { expectNothingStays, feeOf, set } from "../../support/switcher";

/** Most shares that the cap and the daily limit can be. */
const WIDEST = 2n ** 96n - 1n;

describe("BondSwitcher, governed", () => {
  let context: Context;

  beforeEach(async () => {
    context = await legacyFixture();
  });

  afterEach(() => expectNothingStays(context));

  describe("parameters", () => {
    it("are those of the deployment", async () => {
      const { switcher, actors } = context;
      expect(await switcher.parameters()).to.deep.equal([30n, SWITCH_CAP, 0n, 0n, 0n]);
      expect(await switcher.TREASURY()).to.equal(actors.treasury.address);
    });

    it("setFee changes the fee of the next switch, and tells", async () => {
      const { switcher, actors } = context;
      await set(context, "setFee", 47n);
      const [changed] = await switcher.queryFilter(switcher.filters.SwitchFeeSet(), -1);
      expect(changed?.args).to.deep.equal([30n, 47n]);
      expect((await switcher.parameters()).feeBps).to.equal(47n);
      await expect(switcher.connect(actors.alice).switchShares(ONE, actors.bob))
        .to.emit(switcher, "Switched")
        .withArgs(actors.alice.address, actors.bob.address, ONE, feeOf(ONE, 47n));
    });

    it("setFee takes nothing above 1 %", async () => {
      const { switcher } = context;
      await expect(set(context, "setFee", 101n))
        .to.be.revertedWithCustomError(switcher, "FeeOutOfBounds")
        .withArgs(101n, 100n);
      await set(context, "setFee", 100n);
      expect((await switcher.parameters()).feeBps).to.equal(100n);
    });

    for (const [setter, event, previous, field] of [
      ["setCap", "SwitchCapSet", SWITCH_CAP, "cap"],
      ["setDailyLimit", "DailyLimitSet", 0n, "dailyLimit"],
    ] as const) {
      it(`${setter} takes any number of shares below 2^96, and tells`, async () => {
        const { switcher } = context;
        await set(context, setter, WIDEST);
        const [changed] = await switcher.queryFilter(switcher.filters[event](), -1);
        expect(changed?.args).to.deep.equal([previous, WIDEST]);
        expect((await switcher.parameters())[field]).to.equal(WIDEST);
        await expect(set(context, setter, WIDEST + 1n))
          .to.be.revertedWithCustomError(switcher, "SafeCastOverflowedUintDowncast")
          .withArgs(96n, WIDEST + 1n);
        await set(context, setter, 0n);
        expect((await switcher.parameters())[field]).to.equal(0n);
      });
    }

    it("at their widest still give exact counts", async () => {
      const { switcher, actors } = context;
      await set(context, "setCap", WIDEST);
      await set(context, "setDailyLimit", WIDEST);
      await switcher.connect(actors.alice).switchShares(GENESIS_SHARES, actors.alice);
      expect(await switcher.remaining()).to.equal(WIDEST - GENESIS_SHARES);
      expect(await switcher.available()).to.equal(WIDEST - GENESIS_SHARES);
    });
  });

  describe("the pause", () => {
    it("refuses every switch until it ends by itself", async () => {
      const { switcher, actors } = context;
      const start = BigInt(await time.latest()) + 100n;
      const until = start + 5n * DAY;
      await time.setNextBlockTimestamp(start);
      const sent = await switcher.connect(actors.guardian).pauseSwitches(5n * DAY);
      expect(await eventsOf(switcher, sent)).to.deep.equal([
        { name: "SwitchesPauseSet", args: [actors.guardian.address, until] },
      ]);
      expect((await switcher.parameters()).pausedUntil).to.equal(until);
      expect(await switcher.available()).to.equal(0n);
      expect(await switcher.remaining()).to.equal(SWITCH_CAP);
      const alice = switcher.connect(actors.alice);
      const permit = { value: ONE, deadline: until, v: 27, r: `0x${"11".repeat(32)}`, s: `0x${"11".repeat(32)}` };
      for (const attempt of [
        () => alice.switchBonds(ONE, actors.alice),
        () => alice.switchShares(ONE, actors.alice),
        () => alice.switchUpTo(ONE, actors.alice),
        () => alice.switchBondsWithPermit(ONE, actors.alice, permit),
        () => alice.switchSharesWithPermit(ONE, actors.alice, permit),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(switcher, "SwitchesArePaused").withArgs(until);
      }
      await time.setNextBlockTimestamp(until - 1n);
      await expect(alice.switchShares(ONE, actors.alice))
        .to.be.revertedWithCustomError(switcher, "SwitchesArePaused")
        .withArgs(until);
      await time.setNextBlockTimestamp(until);
      await expect(alice.switchShares(ONE, actors.alice)).to.emit(switcher, "Switched");
      expect(await switcher.available()).to.equal(SWITCH_CAP - ONE);
    });

    it("A45: leaves every other way: unstaking by bonds and by shares, transfers of both, approvals", async () => {
      const { switcher, bond, pool, polygon, actors } = context;
      const { alice, bob, stranger } = actors;
      await switcher.connect(actors.guardian).pauseSwitches(5n * DAY);
      await bond.connect(alice).transfer(stranger, ONE);
      await bond.connect(alice).transferShares(stranger, ONE);
      await bond.connect(alice).approve(bob, 2n * ONE);
      await bond.connect(bob).transferFrom(alice, stranger, ONE);
      await bond.connect(bob).transferSharesFrom(alice, stranger, ONE);
      expect(await bond.sharesOf(stranger)).to.equal(4n * ONE);

      await bond.connect(alice).unstakeBonds(7n * ONE);
      await bond.connect(alice).unstakeShares(GENESIS_SHARES - 11n * ONE);
      expect(await bond.sharesOf(alice)).to.equal(0n);
      await pool.connect(stranger).settleBatch();
      await expect(pool.connect(alice).claim([requestId(1n, alice.address)], alice, alice)).to.changeTokenBalance(
        polygon.pol,
        alice,
        GENESIS_SHARES - 4n * ONE,
      );
    });

    it("is ended early by the manager, who cannot begin one", async () => {
      const { switcher, actors } = context;
      await expect(switcher.connect(actors.manager).pauseSwitches(DAY))
        .to.be.revertedWithCustomError(switcher, "AccessManagedUnauthorized")
        .withArgs(actors.manager.address);
      await switcher.connect(actors.guardian).pauseSwitches(5n * DAY);
      await expect(switcher.connect(actors.guardian).resumeSwitches())
        .to.be.revertedWithCustomError(switcher, "AccessManagedUnauthorized")
        .withArgs(actors.guardian.address);
      await asManager(context, switcher, switcher.interface.encodeFunctionData("resumeSwitches"));
      const now = BigInt(await time.latest());
      const [ended] = await switcher.queryFilter(switcher.filters.SwitchesPauseSet(), -1);
      expect(ended?.args).to.deep.equal([await context.manager.getAddress(), now]);
      expect((await switcher.parameters()).pausedUntil).to.equal(now);
      await expect(switcher.connect(actors.alice).switchShares(ONE, actors.alice)).to.emit(switcher, "Switched");
    });

    it("that is not on cannot be ended", async () => {
      const { switcher } = context;
      const resume = switcher.interface.encodeFunctionData("resumeSwitches");
      await expect(asManager(context, switcher, resume)).to.be.revertedWithCustomError(switcher, "NotPaused");
    });

    it("is at least a second, and at most 5 days", async () => {
      const { switcher, actors } = context;
      const guardian = switcher.connect(actors.guardian);
      for (const duration of [0n, 5n * DAY + 1n]) {
        await expect(guardian.pauseSwitches(duration))
          .to.be.revertedWithCustomError(switcher, "PauseOutOfBounds")
          .withArgs(duration, 5n * DAY);
      }
      await guardian.pauseSwitches(1n);
    });

    it("cannot begin again before 30 days from its end, by itself or early", async () => {
      const { switcher, actors } = context;
      const guardian = switcher.connect(actors.guardian);
      await guardian.pauseSwitches(DAY);
      const { pausedUntil } = await switcher.parameters();
      await expect(guardian.pauseSwitches(5n * DAY))
        .to.be.revertedWithCustomError(switcher, "PauseCoolingDown")
        .withArgs(pausedUntil + 30n * DAY);
      await time.setNextBlockTimestamp(pausedUntil + 30n * DAY - 1n);
      await expect(guardian.pauseSwitches(DAY))
        .to.be.revertedWithCustomError(switcher, "PauseCoolingDown")
        .withArgs(pausedUntil + 30n * DAY);
      await time.setNextBlockTimestamp(pausedUntil + 30n * DAY);
      await guardian.pauseSwitches(5n * DAY);
      await asManager(context, switcher, switcher.interface.encodeFunctionData("resumeSwitches"));
      const resumed = BigInt(await time.latest());
      await expect(guardian.pauseSwitches(DAY))
        .to.be.revertedWithCustomError(switcher, "PauseCoolingDown")
        .withArgs(resumed + 30n * DAY);
    });

    it("keeps cap, count, fee and daily limit as they were", async () => {
      const { switcher, actors } = context;
      await set(context, "setDailyLimit", 77n * ONE);
      await switcher.connect(actors.alice).switchShares(5n * ONE, actors.alice);
      await switcher.connect(actors.guardian).pauseSwitches(DAY);
      const { pausedUntil } = await switcher.parameters();
      expect(await switcher.parameters()).to.deep.equal([30n, SWITCH_CAP, 5n * ONE, 77n * ONE, pausedUntil]);
    });

    it("has a clock of its own: one of stakes does not touch switches", async () => {
      const { switcher, pool, actors } = context;
      await pool.connect(actors.guardian).pauseStakes(DAY);
      await switcher.connect(actors.alice).switchShares(ONE, actors.alice);
      await switcher.connect(actors.guardian).pauseSwitches(DAY);
    });
  });

  describe("construction", () => {
    it("refuses aMATICb or a treasury of zero", async () => {
      const { bond, actors } = context;
      const factory = new BondSwitcher__factory(actors.deployer);
      await expect(factory.deploy(ZeroAddress, actors.treasury)).to.be.revertedWithCustomError(factory, "ZeroAddress");
      await expect(factory.deploy(bond, ZeroAddress)).to.be.revertedWithCustomError(factory, "ZeroAddress");
    });
  });

  describe("initialization", () => {
    /** A second switcher behind a proxy of its own, which aMATICb does not know. */
    async function another(feeBps: bigint, cap: bigint, limit: bigint): Promise<BondSwitcher> {
      const { bond, manager, actors } = context;
      const implementation = await new BondSwitcher__factory(actors.deployer).deploy(bond, actors.treasury);
      const data = implementation.interface.encodeFunctionData("initialize", [
        await manager.getAddress(),
        feeBps,
        cap,
        limit,
      ]);
      const proxy = await new ERC1967Proxy__factory(actors.deployer).deploy(implementation, data);
      return implementation.attach(await proxy.getAddress()) as BondSwitcher;
    }

    it("takes the widest parameters, and tells all of them", async () => {
      const other = await another(100n, WIDEST, WIDEST);
      expect(await other.parameters()).to.deep.equal([100n, WIDEST, 0n, WIDEST, 0n]);
      const told = [
        ...(await other.queryFilter(other.filters.SwitchFeeSet())),
        ...(await other.queryFilter(other.filters.SwitchCapSet())),
        ...(await other.queryFilter(other.filters.DailyLimitSet())),
      ];
      expect(told.map(({ args }) => args)).to.deep.equal([
        [0n, 100n],
        [0n, WIDEST],
        [0n, WIDEST],
      ]);
    });

    it("refuses a fee above the bound, and a cap or a limit from 2^96 on", async () => {
      const { switcher } = context;
      await expect(another(101n, 0n, 0n))
        .to.be.revertedWithCustomError(switcher, "FeeOutOfBounds")
        .withArgs(101n, 100n);
      for (const [cap, limit] of [
        [WIDEST + 1n, 0n],
        [0n, WIDEST + 1n],
      ] as const) {
        await expect(another(0n, cap, limit))
          .to.be.revertedWithCustomError(switcher, "SafeCastOverflowedUintDowncast")
          .withArgs(96n, WIDEST + 1n);
      }
    });

    it("runs once, and never on the implementation", async () => {
      const { switcher, bond, manager, actors } = context;
      const bare = await new BondSwitcher__factory(actors.deployer).deploy(bond, actors.treasury);
      for (const target of [switcher, bare]) {
        await expect(target.connect(actors.stranger).initialize(manager, 0n, 1n, 0n)).to.be.revertedWithCustomError(
          switcher,
          "InvalidInitialization",
        );
      }
    });

    it("makes nobody a switcher of aMATICb: it serves the one that it was built with", async () => {
      const { bond, switcher, actors } = context;
      const other = await another(0n, WIDEST, 0n);
      await bond.connect(actors.alice).approve(other, ONE);
      await expect(other.connect(actors.alice).switchShares(ONE, actors.alice))
        .to.be.revertedWithCustomError(bond, "NotSwitcher")
        .withArgs(await other.getAddress());
      expect(await bond.SWITCHER()).to.equal(await switcher.getAddress());
    });
  });
});
