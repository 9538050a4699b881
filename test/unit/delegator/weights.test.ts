import { expect } from "chai";

import { Delegator__factory } from "../../../typechain-types";
import { order, setWeights } from "../../support/delegating";
import { DAY, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

const CHOICE = { params: { maxShareBps: 4_000n } };

function weigh({ delegator }: Context, weights: bigint[], caps: bigint[]): string {
  return delegator.interface.encodeFunctionData("setWeights", [weights, caps]);
}

describe("Delegator: weights, caps and parameters", () => {
  context("setWeights", () => {
    it("sets weight and cap of each position, and says so", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      const [weights, caps] = [
        [4_000n, 3_000n, 2_000n, 1_000n],
        [4_000n, 3_500n, 2_000n, 4_000n],
      ];
      const before = await delegator.queryFilter(delegator.filters.WeightsSet());
      await order(context, weigh(context, weights, caps));
      for (const [index, weight] of weights.entries()) {
        const { weightBps, capBps } = await delegator.positionAt(index + 1);
        expect([weightBps, capBps]).to.deep.equal([weight, caps[index]]);
      }
      const events = await delegator.queryFilter(delegator.filters.WeightsSet());
      expect(events.length).to.equal(before.length + 1);
      expect(events.at(-1)?.args).to.deep.equal([weights, caps]);
    });

    it("is for the manager alone", async () => {
      const { delegator, actors } = await fixture(CHOICE);
      for (const caller of [actors.stranger, actors.guardian, actors.deployer]) {
        await expect(delegator.connect(caller).setWeights([], []))
          .to.be.revertedWithCustomError(delegator, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });

    it("wants one weight and one cap for each position", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      const four = [2_500n, 2_500n, 2_500n, 2_500n];
      for (const [weights, caps] of [
        [four.slice(1), four],
        [four, four.slice(1)],
        [
          [...four, 0n],
          [...four, 0n],
        ],
        [[], []],
      ] as const) {
        await expect(order(context, weigh(context, [...weights], [...caps])))
          .to.be.revertedWithCustomError(delegator, "WrongLength")
          .withArgs(weights.length, caps.length, 4);
      }
    });

    it("wants weights that sum to 10,000", async () => {
      const context = await fixture(CHOICE);
      const caps = [4_000n, 4_000n, 4_000n, 4_000n];
      for (const last of [2_499n, 2_501n]) {
        await expect(order(context, weigh(context, [2_500n, 2_500n, 2_500n, last], caps)))
          .to.be.revertedWithCustomError(context.delegator, "WrongWeightSum")
          .withArgs(7_500n + last);
      }
    });

    it("lets no cap exceed the constitutional maximum, and no weight its cap", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      expect(await delegator.MAX_SHARE_BPS()).to.equal(4_000);
      for (const [weight, cap] of [
        [4_000n, 4_001n],
        [4_001n, 4_000n],
        [4_000n, 3_999n],
        [2_500n, 10_000n],
      ] as const) {
        const weights = [weight, (10_000n - weight) / 2n, (10_000n - weight + 1n) / 2n, 0n];
        await expect(order(context, weigh(context, weights, [cap, 4_000n, 4_000n, 4_000n])))
          .to.be.revertedWithCustomError(delegator, "ValidatorCapOutOfBounds")
          .withArgs(1, cap, weight, 4_000);
      }
    });

    it("gives a removed position neither weight nor cap", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      await setWeights(context, [4_000n, 4_000n, 2_000n, 0n]);
      await order(context, delegator.interface.encodeFunctionData("removePosition", [4]));
      for (const [weight, cap] of [
        [0n, 1n],
        [2_000n, 2_500n],
      ] as const) {
        const data = weigh(context, [4_000n, 4_000n, 2_000n - weight, weight], [4_000n, 4_000n, 4_000n, cap]);
        await expect(order(context, data))
          .to.be.revertedWithCustomError(delegator, "WeightOfNothing")
          .withArgs(4, weight);
      }
      await order(context, weigh(context, [4_000n, 3_000n, 3_000n, 0n], [4_000n, 4_000n, 4_000n, 0n]));
      expect((await delegator.positionAt(3)).weightBps).to.equal(3_000);
    });
  });

  context("the constitutional maximum", () => {
    it("is between 1 and 10,000 bps, and a part of the code", async () => {
      const { delegator, actors, params, pool } = await fixture(CHOICE);
      const { stakeManager, pol, matic, migration } = params.polygon;
      const factory = new Delegator__factory(actors.deployer);
      const wiring = { pool, stakeManager, pol, matic, migration };
      for (const maximum of [0n, 10_001n]) {
        await expect(factory.deploy(wiring, maximum))
          .to.be.revertedWithCustomError(delegator, "MaxShareOutOfBounds")
          .withArgs(maximum);
      }
      for (const maximum of [1n, 10_000n]) {
        expect(await (await factory.deploy(wiring, maximum)).MAX_SHARE_BPS()).to.equal(maximum);
      }
    });
  });

  context("the wiring", () => {
    it("has no zero address", async () => {
      const { delegator, actors, params, pool } = await fixture(CHOICE);
      const { stakeManager, pol, matic, migration } = params.polygon;
      const factory = new Delegator__factory(actors.deployer);
      const wiring = { pool: await pool.getAddress(), stakeManager, pol, matic, migration };
      for (const name of ["pool", "stakeManager", "pol", "matic", "migration"] as const) {
        const broken = { ...wiring, [name]: `0x${"0".repeat(40)}` };
        await expect(factory.deploy(broken, 2_500)).to.be.revertedWithCustomError(delegator, "ZeroAddress").withArgs();
      }
      expect(await delegator.POOL()).to.equal(wiring.pool);
      expect(await delegator.STAKE_MANAGER()).to.equal(stakeManager);
      expect(await delegator.POL()).to.equal(pol);
      expect(await delegator.MATIC()).to.equal(matic);
      expect(await delegator.MIGRATION()).to.equal(migration);
    });

    it("cannot be initialized again, neither behind the proxy nor in the implementation", async () => {
      const { delegator, actors, params, pool, manager } = await fixture(CHOICE);
      const { stakeManager, pol, matic, migration } = params.polygon;
      const bare = await new Delegator__factory(actors.deployer).deploy(
        { pool, stakeManager, pol, matic, migration },
        2_500,
      );
      for (const target of [delegator, bare]) {
        await expect(target.initialize(manager, 15, DAY)).to.be.revertedWithCustomError(
          delegator,
          "InvalidInitialization",
        );
      }
    });
  });

  context("setMaxCommission", () => {
    it("takes 0 to 100 percent, and says what it was", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      let previous = 15n;
      for (const percent of [0n, 100n, 8n]) {
        await order(context, delegator.interface.encodeFunctionData("setMaxCommission", [percent]));
        const events = await delegator.queryFilter(delegator.filters.MaxCommissionSet());
        expect(events.at(-1)?.args).to.deep.equal([previous, percent]);
        expect((await delegator.parameters()).maxCommission).to.equal(percent);
        previous = percent;
      }
    });

    it("refuses more, and anyone but the manager", async () => {
      const context = await fixture(CHOICE);
      const { delegator, actors } = context;
      await expect(order(context, delegator.interface.encodeFunctionData("setMaxCommission", [101])))
        .to.be.revertedWithCustomError(delegator, "CommissionOutOfBounds")
        .withArgs(101, 100);
      await expect(delegator.connect(actors.stranger).setMaxCommission(1))
        .to.be.revertedWithCustomError(delegator, "AccessManagedUnauthorized")
        .withArgs(actors.stranger.address);
    });
  });

  context("setDeadSliceTime", () => {
    it("takes 1 to 30 days, and says what it was", async () => {
      const context = await fixture(CHOICE);
      const { delegator } = context;
      let previous = 7n * DAY;
      for (const seconds of [DAY, 30n * DAY, 3n * DAY]) {
        await order(context, delegator.interface.encodeFunctionData("setDeadSliceTime", [seconds]));
        const events = await delegator.queryFilter(delegator.filters.DeadSliceTimeSet());
        expect(events.at(-1)?.args).to.deep.equal([previous, seconds]);
        expect((await delegator.parameters()).deadSliceTime).to.equal(seconds);
        previous = seconds;
      }
    });

    it("refuses anything else, and anyone but the manager", async () => {
      const context = await fixture(CHOICE);
      const { delegator, actors } = context;
      for (const seconds of [0n, DAY - 1n, 30n * DAY + 1n]) {
        await expect(order(context, delegator.interface.encodeFunctionData("setDeadSliceTime", [seconds])))
          .to.be.revertedWithCustomError(delegator, "DeadSliceTimeOutOfBounds")
          .withArgs(seconds, DAY, 30n * DAY);
      }
      await expect(delegator.connect(actors.stranger).setDeadSliceTime(DAY))
        .to.be.revertedWithCustomError(delegator, "AccessManagedUnauthorized")
        .withArgs(actors.stranger.address);
    });
  });

  context("the pool's calls", () => {
    it("are the pool's alone", async () => {
      const { delegator, actors } = await fixture(CHOICE);
      for (const caller of [actors.stranger, actors.manager, actors.deployer]) {
        const by = delegator.connect(caller);
        const calls = [
          () => by.credit(1, false),
          () => by.fund(1, 1),
          () => by.finalize(1),
          () => by.delegate(1, 0),
          () => by.harvest([]),
          () => by.skim(),
          () => by.sync(1),
        ];
        for (const call of calls) {
          await expect(call()).to.be.revertedWithCustomError(delegator, "NotPool").withArgs(caller.address);
        }
      }
    });
  });
});
