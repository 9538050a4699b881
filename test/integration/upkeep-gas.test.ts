import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { revertOf } from "../../scripts/lib/reverts";
import { delegated, setWeights } from "../support/delegating";
import { eventsOf } from "../support/events";
import { FIRST_ID, MAX, ONE, checkpoints, fixture, unbond } from "../support/fixture";
import type { Context } from "../support/fixture";

/** Events that say that a validator's contract refused. */
const REFUSALS = ["SaleFailed", "PassedOver", "HarvestFailed", "SliceFailed", "ConversionFailed"];
/** What is asked to be left for each outside call. */
const RESERVE = (1_000_000n * 64n) / 63n + 10_000n;
const STEPS = 24n;

interface Call {
  readonly prepare: (context: Context) => Promise<unknown>;
  readonly send: (context: Context, gasLimit: bigint) => Promise<ContractTransactionResponse>;
}

/** Every call of a stranger that ends in calls of Polygon's contracts, on a system in which all of them are healthy. */
const calls: Record<string, Call> = {
  delegate: {
    prepare: ({ pool, actors }) => pool.connect(actors.alice).stakeMatic(100n * ONE, actors.alice, 0, MAX),
    send: ({ pool, actors }, gasLimit) => pool.connect(actors.stranger).delegate(MAX, { gasLimit }),
  },
  harvest: {
    prepare: (context) => checkpoints(context),
    send: ({ pool, actors }, gasLimit) => pool.connect(actors.stranger).harvest([], { gasLimit }),
  },
  skim: {
    prepare: ({ polygon, delegator }) => polygon.matic.mint(delegator, 5n * ONE),
    send: ({ pool, actors }, gasLimit) => pool.connect(actors.stranger).skim({ gasLimit }),
  },
  sync: {
    prepare: async (context) => {
      const { polygon, shares, actors, delegator } = context;
      await polygon.pol.connect(actors.alice).approve(polygon.stakeManager, MAX);
      await shares[0]?.connect(actors.alice).buyVoucherPOL(ONE, ONE);
      await shares[0]?.connect(actors.alice).transferPOL(delegator, ONE);
    },
    send: ({ pool, actors }, gasLimit) => pool.connect(actors.stranger).sync(1, { gasLimit }),
  },
  settleBatch: {
    prepare: ({ pool, actors }) => pool.connect(actors.alice).requestRedeem(600n * ONE, actors.alice, actors.alice),
    send: ({ pool, actors }, gasLimit) => pool.connect(actors.stranger).settleBatch({ gasLimit }),
  },
  finalizeBatch: {
    prepare: async (context) => {
      const { pool, actors } = context;
      await pool.connect(actors.alice).requestRedeem(600n * ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      await unbond(context);
    },
    send: ({ pool, actors }, gasLimit) => pool.connect(actors.stranger).finalizeBatch(1, { gasLimit }),
  },
  rebalance: {
    prepare: (context) => setWeights(context, [1_000n, 4_000n, 2_500n, 2_500n]),
    send: ({ delegator, actors }, gasLimit) => delegator.connect(actors.stranger).rebalance(1, 2, ONE, { gasLimit }),
  },
  evacuate: {
    prepare: async (context) => {
      await context.polygon.stakeManager.connect(context.actors.validatorOwner).unstakePOL(FIRST_ID);
      await checkpoints(context);
    },
    send: ({ delegator, actors }, gasLimit) => delegator.connect(actors.stranger).evacuate(1, 250n * ONE, { gasLimit }),
  },
};

/** What a call came to: the names of all its events, or of the error that the delegator gave as a reason, if it did. */
type Outcome = { events: string[] } | { events?: undefined; error: string | undefined };

/** What a call with so much gas comes to; the chain is then as before. */
async function outcome(context: Context, call: Call, gasLimit: bigint): Promise<Outcome> {
  const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
  try {
    return { events: (await eventsOf(context.delegator, await call.send(context, gasLimit))).map(({ name }) => name) };
  } catch (error) {
    return { error: revertOf(error, [context.delegator.interface])?.name };
  } finally {
    await ethers.provider.send("evm_revert", [snapshot]);
  }
}

describe("a stranger who sends little gas", () => {
  for (const [name, call] of Object.entries(calls)) {
    it(`cannot make ${name} take a starved call for a refusal`, async () => {
      const context = await fixture({ validators: 4, params: { maxShareBps: 4_000n } });
      await delegated(context, 999n * ONE + 1n);
      await call.prepare(context);
      const plenty = 12_000_000n;
      const { events: whole = [] } = await outcome(context, call, plenty);
      expect(whole.filter((event) => REFUSALS.includes(event))).to.deep.equal([]);
      expect(whole).to.have.length.greaterThan(0);

      let starved = 0;
      let served = 0;
      const most = RESERVE + 2_000_000n;
      for (let gas = 150_000n; gas < most; gas += (most - 150_000n) / STEPS) {
        const found = await outcome(context, call, gas);
        if (found.events === undefined) {
          if (found.error === "NotEnoughGas") starved += 1;
          continue;
        }
        served += 1;
        expect(found.events, `with ${gas} gas`).to.deep.equal(whole);
      }
      expect(starved).to.be.greaterThan(0);
      expect(served).to.be.greaterThan(0);
    });
  }

  it("learns how much gas was left, and how much is needed", async () => {
    const context = await fixture({ validators: 4, params: { maxShareBps: 4_000n } });
    await delegated(context, 999n * ONE + 1n);
    await checkpoints(context);
    await expect(context.pool.harvest([1], { gasLimit: 900_000 }))
      .to.be.revertedWithCustomError(context.delegator, "NotEnoughGas")
      .withArgs((left: bigint) => left < 900_000n && left > 700_000n, RESERVE);
  });
});
