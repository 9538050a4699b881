import { setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import { ethers } from "hardhat";

import { delegated, principals, setWeights } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { FIRST_ID, MAX, ONE, checkpoints, fixture, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { INVITING, Kind, RATE_ONE, registerHostile, returns, tell, turnHostile } from "../../support/scriptedShares";
import type { Line } from "../../support/scriptedShares";
import { ScriptedShare__factory } from "../../typechain-types";
import type { ScriptedShare } from "../../typechain-types";

const CHOICE = { validators: 4, params: { maxShareBps: 4_000n } };

/** What a contract may do instead of its duty. */
const misdeeds: Record<string, Line> = {
  reverts: { kind: Kind.Revert },
  "burns all gas": { kind: Kind.BurnGas },
  "returns nothing": { kind: Kind.Return },
  "returns less than a word": { kind: Kind.Return, data: "0x01" },
};

/** Four positions of 250 POL each. */
async function even(): Promise<Context> {
  const context = await fixture(CHOICE);
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** A fifth position, whose share contract does as it is told, is the furthest under target; 100 POL wait. */
async function withHostile(): Promise<Context & { readonly share: ScriptedShare }> {
  const context = await even();
  const { share, position } = await registerHostile(context, {});
  expect(position).to.equal(5);
  await setWeights(context, [2_000n, 2_000n, 2_000n, 2_000n, 2_000n]);
  await context.pool.connect(context.actors.alice).deposit(100n * ONE, context.actors.alice);
  return { ...context, share };
}

describe("Delegator: share contracts that misbehave", () => {
  context("delegate", () => {
    for (const [what, line] of Object.entries(misdeeds)) {
      for (const name of ["locked", "delegation", "exchangeRate", "buyVoucherPOL"]) {
        it(`passes over one whose ${name} ${what}`, async () => {
          const context = await withHostile();
          const { share, pool, delegator } = context;
          await tell(share, { ...INVITING, [name]: line });
          expect(await delegator.acceptsStake(5)).to.equal(name === "buyVoucherPOL");
          const events = await eventsOf(delegator, pool.delegate(MAX, { gasLimit: 8_000_000 }));
          expect(named(events, "PassedOver").map((args) => args.position as bigint)).to.deep.equal([5n]);
          expect(
            named(events, "Delegated").map((args) => [args.position as bigint, args.assets as bigint]),
          ).to.deep.equal([1n, 2n, 3n, 4n].map((position) => [position, 25n * ONE]));
          expect(await context.polygon.pol.allowance(delegator, context.polygon.stakeManager)).to.equal(0);
          expect(await principals(context)).to.deep.equal([275n, 275n, 275n, 275n, 0n].map((pol) => pol * ONE));
        });
      }
    }

    it("passes over one that has no code any more", async () => {
      const context = await withHostile();
      const { share, pool, delegator } = context;
      await setCode(await share.getAddress(), "0x");
      context.unsynced.add(5n);
      expect(await delegator.acceptsStake(5)).to.equal(false);
      const events = await eventsOf(delegator, pool.delegate(MAX));
      expect(named(events, "PassedOver").map((args) => args.position as bigint)).to.deep.equal([5n]);
    });

    it("books what StakeManager was given, not what the contract says", async () => {
      for (const claimed of [ONE, 1_000_000n * ONE]) {
        const context = await withHostile();
        const { share, pool, delegator, polygon } = context;
        context.unsynced.add(5n);
        await tell(share, { buyVoucherPOL: returns(claimed) });
        const held = await polygon.pol.balanceOf(delegator);
        await pool.delegate(MAX);
        expect((await principals(context))[4]).to.equal(0);
        expect(await delegator.buffer()).to.equal(await polygon.pol.balanceOf(delegator));
        expect(held - (await polygon.pol.balanceOf(delegator))).to.equal(100n * ONE);
      }
    });

    it("costs less than 8,000,000 gas when one returns as much as it can", async () => {
      const context = await withHostile();
      const { share, pool, delegator } = context;
      const bomb = (word: bigint): Line => ({
        kind: Kind.ReturnBomb,
        data: AbiCoder.defaultAbiCoder().encode(["uint256"], [word]),
      });
      await tell(share, {
        locked: bomb(0n),
        delegation: bomb(1n),
        exchangeRate: bomb(RATE_ONE),
        buyVoucherPOL: bomb(0n),
      });
      const events = await eventsOf(delegator, pool.delegate(MAX, { gasLimit: 8_000_000 }));
      expect(named(events, "Delegated")).to.have.length(4);
    });
  });

  context("evacuate", () => {
    for (const [what, line] of Object.entries({
      reverts: misdeeds.reverts,
      "burns all gas": misdeeds["burns all gas"],
    })) {
      it(`passes over one whose migrateIn ${what}, and books nothing of it`, async () => {
        const context = await withHostile();
        const { share, delegator, polygon } = context;
        await polygon.stakeManager.forceUnstakePOL(FIRST_ID);
        await tell(share, { ...INVITING, migrateIn: line ?? expect.fail(what) });
        expect(await delegator.acceptsStake(5)).to.equal(true);
        const events = await eventsOf(delegator, delegator.evacuate(1, 90n * ONE, { gasLimit: 8_000_000 }));
        expect(named(events, "PassedOver").map((args) => args.position as bigint)).to.deep.equal([5n]);
        expect(
          named(events, "Migrated").map((args) => [args.from as bigint, args.to as bigint, args.assets as bigint]),
        ).to.deep.equal([2n, 3n, 4n].map((to) => [1n, to, 30n * ONE]));
        expect(await principals(context)).to.deep.equal([160n, 280n, 280n, 280n, 0n].map((pol) => pol * ONE));
      });
    }
  });

  context("harvest", () => {
    for (const [what, line] of Object.entries(misdeeds).slice(0, 2)) {
      it(`goes on when one ${what}`, async () => {
        const context = await even();
        const { pool, delegator } = context;
        await checkpoints(context);
        await turnHostile(context, 2n, { withdrawRewardsPOL: line });
        const events = await eventsOf(delegator, pool.harvest([], { gasLimit: 8_000_000 }));
        expect(named(events, "HarvestFailed").map((args) => args.position as bigint)).to.deep.equal([2n]);
        expect(named(events, "Harvested").map((args) => args.position as bigint)).to.deep.equal([1n, 3n, 4n]);
      });
    }

    it("goes on when one has no code any more", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await checkpoints(context);
      context.unsynced.add(2n);
      await setCode((await delegator.positionAt(2)).share, "0x");
      const events = await eventsOf(delegator, pool.harvest([]));
      expect(named(events, "HarvestFailed").map((args) => args.position as bigint)).to.deep.equal([2n]);
    });

    it("counts nothing for one that says it paid, and did not", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await checkpoints(context);
      await turnHostile(context, 2n, { withdrawRewardsPOL: returns(1_000_000n * ONE) });
      const events = await eventsOf(delegator, pool.harvest([]));
      expect(named(events, "Harvested").map((args) => args.position as bigint)).to.deep.equal([1n, 3n, 4n]);
      expect(named(events, "HarvestFailed")).to.deep.equal([]);
    });
  });

  context("sales", () => {
    for (const name of ["getTotalStake", "sellVoucher_newPOL", "unbondNonces"]) {
      for (const [what, line] of Object.entries(misdeeds)) {
        // A sale returns nothing anyway.
        if (name === "sellVoucher_newPOL" && line.kind === Kind.Return) continue;
        it(`pass over one whose ${name} ${what}`, async () => {
          const context = await even();
          const { pool, delegator, actors } = context;
          const honest = { getTotalStake: returns(250n * ONE, RATE_ONE), sellVoucher_newPOL: { kind: Kind.Return } };
          await turnHostile(context, 1n, { ...INVITING, ...honest, [name]: line });
          await pool.connect(actors.alice).requestRedeem(300n * ONE + 1n, actors.alice, actors.alice);
          const events = await eventsOf(delegator, pool.settleBatch({ gasLimit: 8_000_000 }));
          expect(named(events, "SaleFailed")).to.deep.equal([[1n, 1n]]);
          expect(named(events, "Sold").map((args) => [args.position as bigint, args.assets as bigint])).to.deep.equal([
            [2n, 250n * ONE],
            [3n, 50n * ONE],
          ]);
        });
      }
    }
  });

  context("numbers out of all bounds", () => {
    for (const nonce of [2n ** 64n - 1n, MAX]) {
      it(`a last nonce of ${nonce} is a refusal to sell`, async () => {
        const context = await even();
        const { pool, delegator, actors } = context;
        await turnHostile(context, 1n, {
          ...INVITING,
          getTotalStake: returns(250n * ONE, RATE_ONE),
          balanceOf: returns(250n * ONE),
          sellVoucher_newPOL: { kind: Kind.Return },
          unbondNonces: returns(nonce),
        });
        await pool.connect(actors.alice).requestRedeem(100n * ONE + 1n, actors.alice, actors.alice);
        const events = await eventsOf(delegator, pool.settleBatch());
        expect(named(events, "SaleFailed")).to.deep.equal([[1n, 1n]]);
        expect(named(events, "Sold").map((args) => args.position as bigint)).to.deep.equal([2n]);
      });
    }

    it("a last nonce that cannot be read is a refusal to sell, and so is a stake of nothing", async () => {
      const context = await even();
      const { pool, delegator, actors } = context;
      const honest = { getTotalStake: returns(250n * ONE, RATE_ONE), balanceOf: returns(250n * ONE) };
      await turnHostile(context, 1n, { ...INVITING, ...honest, unbondNonces: { kind: Kind.Revert } });
      await turnHostile(context, 2n, { ...INVITING, getTotalStake: returns(0n, RATE_ONE), balanceOf: returns(0n) });
      await pool.connect(actors.alice).requestRedeem(100n * ONE + 1n, actors.alice, actors.alice);
      const events = await eventsOf(delegator, pool.settleBatch());
      expect(named(events, "SaleFailed")).to.deep.equal([
        [1n, 1n],
        [1n, 2n],
      ]);
      expect(named(events, "Sold").map((args) => args.position as bigint)).to.deep.equal([3n]);
    });

    it("a stake that no ledger could hold is no answer", async () => {
      const context = await even();
      const { pool, delegator } = context;
      const huge = 2n ** 104n;
      const share = await turnHostile(context, 1n, {
        ...INVITING,
        getTotalStake: returns(huge, RATE_ONE),
        balanceOf: returns(huge),
      });
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
      await tell(share, { getTotalStake: returns(MAX, RATE_ONE), balanceOf: returns(MAX) });
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
    });
  });

  context("claims", () => {
    for (const [what, line] of Object.entries(misdeeds).slice(0, 2)) {
      it(`go on when one ${what}`, async () => {
        const context = await even();
        const { pool, delegator, actors } = context;
        await pool.connect(actors.alice).requestRedeem(300n * ONE + 1n, actors.alice, actors.alice);
        await pool.settleBatch();
        await unbond(context);
        await turnHostile(context, 1n, { ...INVITING, unstakeClaimTokens_newPOL: line });
        const events = await eventsOf(delegator, pool.finalizeBatch(1, { gasLimit: 8_000_000 }));
        expect(named(events, "SliceFailed")).to.deep.equal([[1n, 1n, 1n]]);
        expect(named(events, "SliceClaimed")).to.deep.equal([[1n, 2n, 1n, 50n * ONE, 50n * ONE]]);
      });
    }

    it("count nothing for one that says it paid, and did not", async () => {
      const context = await even();
      const { pool, delegator, actors } = context;
      await pool.connect(actors.alice).requestRedeem(300n * ONE + 1n, actors.alice, actors.alice);
      await pool.settleBatch();
      await unbond(context);
      await turnHostile(context, 1n, { ...INVITING, unstakeClaimTokens_newPOL: { kind: Kind.Return } });
      await expect(pool.finalizeBatch(1))
        .to.emit(delegator, "SliceClaimed")
        .withArgs(1, 1, 1, 250n * ONE, 0);
      expect((await pool.batchOf(1)).received).to.equal(50n * ONE + 1n);
    });
  });

  context("a share contract that calls back", () => {
    it("cannot enter the pool", async () => {
      const context = await even();
      const { pool, delegator } = context;
      await checkpoints(context);
      for (const data of [
        pool.interface.encodeFunctionData("skim"),
        pool.interface.encodeFunctionData("harvest", [[]]),
        pool.interface.encodeFunctionData("delegate", [MAX]),
        pool.interface.encodeFunctionData("sync", [1]),
      ]) {
        const target = await pool.getAddress();
        await turnHostile(context, 2n, { withdrawRewardsPOL: { kind: Kind.Call, target, data } });
        await expect(pool.harvest([2])).to.emit(delegator, "HarvestFailed");
      }
    });
  });

  context("a StakeManager that answers nothing", () => {
    it("has no loss booked, no stake placed and none moved", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      for (let position = 1n; position <= 4n; position++) context.unsynced.add(position);
      const silent = await new ScriptedShare__factory(actors.deployer).deploy();
      await setCode(await polygon.stakeManager.getAddress(), await ethers.provider.getCode(silent));
      expect(await eventsOf(delegator, pool.sync(1))).to.deep.equal([]);
      expect(await delegator.acceptsStake(1)).to.equal(false);
      await expect(delegator.evacuate(1, ONE))
        .to.be.revertedWithCustomError(delegator, "NoReasonToEvacuate")
        .withArgs(1);
      expect(await principals(context)).to.deep.equal([250n, 250n, 250n, 250n].map((pol) => pol * ONE));
    });
  });

  context("MATIC that cannot be approved", () => {
    it("stays in the buffer, and blocks nothing", async () => {
      const context = await even();
      const { pool, delegator, polygon, actors } = context;
      const at = await polygon.matic.getAddress();
      const paused = await new ScriptedShare__factory(actors.deployer).deploy();
      await setCode(at, await ethers.provider.getCode(paused));
      await tell(ScriptedShare__factory.connect(at, actors.deployer), { balanceOf: returns(5n * ONE) });
      const events = await eventsOf(delegator, pool.skim());
      expect(named(events, "ConversionFailed")).to.deep.equal([[5n * ONE - 1n]]);
      expect((await delegator.ledger()).unconverted).to.equal(5n * ONE);
      await checkpoints(context);
      expect(named(await eventsOf(delegator, pool.harvest([])), "Harvested")).to.have.length(4);
    });
  });
});
