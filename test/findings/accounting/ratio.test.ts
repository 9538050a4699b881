import { mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers, network } from "hardhat";

import { delegated } from "../../support/delegating";
import { DAY, FIRST_ID, MAX, ONE, checkpoints, fixture, requestId, unbond } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { Kind, turnHostile } from "../../support/scriptedShares";

const SEED = 20_221_202;

async function even(): Promise<Context> {
  const context = await fixture({ params: { maxShareBps: 5_000n } });
  await delegated(context, 999n * ONE + 1n);
  return context;
}

/** Puts so many calls into one block. */
async function inOneBlock(count: number, calls: () => Promise<unknown>): Promise<void> {
  await network.provider.send("evm_setAutomine", [false]);
  try {
    await calls();
  } finally {
    await mine();
    await network.provider.send("evm_setAutomine", [true]);
  }
  const block = await ethers.provider.getBlock("latest");
  expect(block?.transactions).to.have.length(count);
}

/** Lets a test run on a copy of the chain. */
async function onCopy(body: () => Promise<void>): Promise<void> {
  const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
  await body();
  await ethers.provider.send("evm_revert", [snapshot]);
}

describe("findings: the ratio", () => {
  it("A05: no gift before the first stake takes more than a millionth from it", async () => {
    const context = await fixture();
    const { pool, polygon, delegator, token, actors } = context;
    expect(await token.balanceOf("0x000000000000000000000000000000000000dEaD")).to.equal(ONE);
    await expect(pool.connect(actors.stranger).deposit(1, actors.stranger))
      .to.be.revertedWithCustomError(pool, "BelowMinimum")
      .withArgs(1, ONE);
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(0n, 900_000n * ONE),
        fc.bigInt(ONE, 10_000n * ONE),
        fc.bigInt(0n, 30n * DAY),
        async (gift, stake, wait) => {
          await onCopy(async () => {
            await pool.connect(actors.stranger).deposit(ONE, actors.stranger);
            await polygon.pol.connect(actors.stranger).transfer(delegator, gift);
            await pool.skim();
            await time.increase(wait + 1n);
            await pool.connect(actors.bob).deposit(stake, actors.bob);
            const worth = await pool.convertToAssets(await token.balanceOf(actors.bob));
            expect(worth).to.be.at.least(stake - stake / 1_000_000n);
          });
        },
      ),
      { seed: SEED, numRuns: 10 },
    );
  });

  it("A06: shares of a validator that are given move nothing in that block, and later no faster than rewards do", async () => {
    const context = await even();
    const { pool, polygon, shares, delegator, actors } = context;
    const before = await pool.convertToAssets(ONE);
    await polygon.pol.connect(actors.alice).approve(polygon.stakeManager, MAX);
    await shares[0]?.connect(actors.alice).buyVoucherPOL(700n * ONE, 700n * ONE);
    await shares[0]?.connect(actors.alice).transferPOL(delegator, 700n * ONE);
    expect(await pool.convertToAssets(ONE)).to.equal(before);
    await pool.sync(1);
    expect(await pool.convertToAssets(ONE)).to.be.within(before, before + 1n);
    const assets = await pool.totalAssets();
    await time.increase(DAY);
    const grown = (await pool.totalAssets()) - assets;
    expect(grown).to.be.at.most((700n * ONE) / 7n + (700n * ONE) / (7n * DAY));
  });

  it("A07: no path counts the same POL twice", async () => {
    const context = await even();
    const { pool, delegator, shares, actors } = context;
    for (const act of [
      () => checkpoints(context, 2),
      () => pool.harvest([1, 1, 2]),
      () => pool.harvest([]),
      () => shares[2]?.connect(actors.stranger).transferPOL(delegator, 0),
      () => pool.skim(),
      () => pool.skim(),
      () => pool.delegate(MAX),
      () => pool.connect(actors.alice).requestRedeem(300n * ONE, actors.alice, actors.alice),
      () => pool.settleBatch(),
      () => pool.sync(1),
      () => unbond(context),
      () => pool.finalizeBatch(1),
      () => pool.harvest([]),
    ]) {
      await act();
      const { buffer, principal } = await delegator.ledger();
      let sum = 0n;
      let staked = 0n;
      for (let position = 1n; position <= 4n; position++) {
        sum += (await delegator.positionAt(position)).principal;
        staked += (await shares[Number(position) - 1]?.getTotalStake(delegator))?.stake ?? 0n;
      }
      expect(sum).to.equal(principal);
      expect(principal).to.equal(staked);
      expect(buffer).to.be.at.most(await context.polygon.pol.balanceOf(delegator));
    }
  });

  it("A08: whatever a validator does, its stake stays in the ratio", async () => {
    const context = await even();
    const { pool, polygon, delegator, actors } = context;
    const { stakeManager } = polygon;
    const rate = await pool.convertToAssets(ONE);
    for (const act of [
      () => pool.connect(actors.bob).stakeMatic(50n * ONE, actors.bob, 0, MAX),
      () => stakeManager.cheatSetLocked(FIRST_ID, true),
      () => stakeManager.connect(actors.validatorOwner).unstakePOL(FIRST_ID + 1n),
      () => stakeManager.forceUnstakePOL(FIRST_ID + 2n),
      () => pool.delegate(MAX),
      () => pool.connect(actors.alice).requestRedeem(300n * ONE, actors.alice, actors.alice),
      () => pool.settleBatch(),
      () => checkpoints(context, 1),
      () => delegator.evacuate(2, 100n * ONE),
      () => unbond(context),
      () => pool.finalizeBatch(1),
    ]) {
      await act();
      expect(await pool.convertToAssets(ONE)).to.be.within(rate - 1n, rate + 1n);
    }
  });

  it("A09: POL of claims is never delegated, sold or given away", async () => {
    const context = await even();
    const { pool, polygon, actors } = context;
    await pool.connect(actors.alice).requestRedeem(400n * ONE, actors.alice, actors.alice);
    await pool.settleBatch();
    await unbond(context);
    await pool.finalizeBatch(1);
    expect(await polygon.pol.balanceOf(pool)).to.equal(400n * ONE);
    await pool.connect(actors.bob).deposit(100n * ONE, actors.bob);
    await pool.connect(actors.bob).requestRedeem(90n * ONE, actors.bob, actors.bob);
    for (const act of [() => pool.skim(), () => pool.delegate(MAX), () => pool.harvest([]), () => pool.settleBatch()]) {
      await act();
      expect(await polygon.pol.balanceOf(pool)).to.be.at.least(400n * ONE);
      expect(await polygon.pol.balanceOf(pool)).to.equal(await pool.reserved());
    }
    await pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice);
    await pool.connect(actors.bob).claim([requestId(2n, actors.bob.address)], actors.bob, actors.bob);
    expect(await pool.reserved()).to.equal(0);
  });

  it("A10: to stake, harvest and ask for it back in one block brings nothing", async () => {
    const context = await even();
    const { pool, lens, token, actors } = context;
    await checkpoints(context, 10);
    const stake = 10_000n * ONE;
    const shares = await pool.previewDeposit(stake);
    await inOneBlock(3, async () => {
      await pool.connect(actors.bob).deposit(stake, actors.bob, { gasLimit: 1_000_000 });
      await pool.connect(actors.bob).harvest([], { gasLimit: 8_000_000 });
      await pool.connect(actors.bob).requestRedeem(shares, actors.bob, actors.bob, { gasLimit: 1_000_000 });
    });
    expect(await pool.unvested()).to.be.greaterThan(0);
    expect(await token.balanceOf(actors.bob)).to.equal(0);
    const [id = 0n] = await pool.requestsOf(actors.bob);
    expect(await lens.assetsOf(id, actors.bob)).to.be.at.most(stake);
  });

  it("A11: a report just before the end releases nothing at once, and what has vested stays vested", async () => {
    const context = await even();
    const { pool, polygon, delegator, actors } = context;
    await polygon.pol.connect(actors.stranger).transfer(delegator, 700n * ONE);
    await pool.skim();
    const start = BigInt(await time.latest());
    await time.increaseTo(start + 7n * DAY - 2n);
    const vested = await pool.totalAssets();
    await polygon.pol.connect(actors.stranger).transfer(delegator, 700n * ONE);
    await pool.skim();
    const after = await pool.totalAssets();
    const at = BigInt(await time.latest());
    expect(after).to.be.at.least(vested);
    // The fee of 35 is no gain of the holders: it is paid in new shares at this price.
    expect(after - vested - 35n * ONE).to.be.at.most((2n * 1_400n * ONE) / (7n * DAY));
    await time.increaseTo(at + 60n);
    const released = (await pool.totalAssets()) - after;
    expect(released).to.be.at.most((60n * 1_400n * ONE) / (7n * DAY));
  });

  it("A12: nobody sets the ratio, and a hundred reports in a block move it no more than one", async () => {
    const context = await even();
    const { pool, token, delegator, polygon, actors } = context;
    const setters = [pool, token, delegator]
      .flatMap((contract) => changingFunctionsOf(contract))
      .filter(({ name }) => /ratio|rate|repair|totalAssets/i.test(name))
      .map(({ name }) => name);
    expect(setters).to.deep.equal([]);

    const before = await pool.convertToAssets(ONE);
    await inOneBlock(200, async () => {
      for (let call = 0; call < 100; call++) {
        await polygon.pol.connect(actors.stranger).transfer(delegator, 10n * ONE, { gasLimit: 60_000 });
        await pool.connect(actors.stranger).skim({ gasLimit: 200_000 });
      }
    });
    expect(await pool.convertToAssets(ONE)).to.be.within(before, before + 1n);
    expect(await pool.totalPooled()).to.equal(2_000n * ONE + 1n);
  });

  it("A13: what an exit brings does not depend on the number of validators", async () => {
    const paid: bigint[] = [];
    for (const validators of [1, 4]) {
      const context = await fixture({ validators });
      const { pool, polygon, delegator, actors } = context;
      await delegated(context, 999n * ONE + 1n);
      await polygon.pol.connect(actors.stranger).transfer(delegator, 370n * ONE);
      await pool.skim();
      await time.increase(8n * DAY);
      await pool.connect(actors.alice).requestRedeem(900n * ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      await unbond(context);
      await pool.finalizeBatch(1);
      const before = await polygon.pol.balanceOf(actors.alice);
      await pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice);
      paid.push((await polygon.pol.balanceOf(actors.alice)) - before);
    }
    expect(paid[1]).to.equal(paid[0]);
  });

  it("A14: no chain of stakes and exits ends with more than it began, nor lowers the ratio", async () => {
    const context = await even();
    const { pool, polygon, delegator, token, lens, actors } = context;
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(1n, 3_000n * ONE),
        fc.array(fc.bigInt(ONE, 50n * ONE), { minLength: 1, maxLength: 6 }),
        async (gift, stakes) => {
          await onCopy(async () => {
            await polygon.pol.connect(actors.stranger).transfer(delegator, gift);
            await pool.skim();
            await time.increase(8n * DAY);
            let rate = [await pool.totalAssets(), await token.totalSupply()] as const;
            const notLower = async (): Promise<void> => {
              const next = [await pool.totalAssets(), await token.totalSupply()] as const;
              expect(next[0] * rate[1]).to.be.at.least(rate[0] * next[1]);
              rate = next;
            };
            let spent = 0n;
            for (const stake of stakes) {
              await pool.connect(actors.bob).deposit(stake, actors.bob);
              spent += stake;
              await notLower();
              await pool.connect(actors.bob).requestRedeem(await token.balanceOf(actors.bob), actors.bob, actors.bob);
              await notLower();
            }
            const [id = 0n] = await pool.requestsOf(actors.bob);
            expect(await lens.assetsOf(id, actors.bob)).to.be.at.most(spent);
          });
        },
      ),
      { seed: SEED, numRuns: 8 },
    );
  });

  it("A15: no fee is taken on stakes, exits and conversions", async () => {
    const context = await even();
    const { pool, token, actors } = context;
    const bob = pool.connect(actors.bob);
    await bob.stakeMatic(123n * ONE, actors.bob, 0, MAX);
    await bob.deposit(77n * ONE, actors.bob);
    await bob.requestRedeem(50n * ONE, actors.bob, actors.bob);
    for (const act of [
      () => pool.skim(),
      () => pool.harvest([]),
      () => pool.delegate(MAX),
      () => pool.settleBatch(),
      () => pool.harvest([]),
      () => pool.skim(),
    ]) {
      await act();
    }
    expect(await token.balanceOf(actors.treasury)).to.equal(0);
    expect(await pool.totalPooled()).to.equal(1_150n * ONE + 1n);
  });

  it("A15: a gift is a reward like one that a stranger forced out, and bears the same fee", async () => {
    const context = await even();
    const { pool, polygon, token, delegator, actors } = context;
    await polygon.pol.connect(actors.stranger).transfer(delegator, 100n * ONE);
    const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
    await pool.skim();
    expect(await token.balanceOf(actors.treasury)).to.equal((5n * ONE * supply) / assets);
  });

  it("A16: nobody is called while the rate is between two values", async () => {
    const context = await even();
    const { pool, polygon, delegator, actors } = context;
    await checkpoints(context);
    // In the middle of a harvest a share contract may ask: it makes a stake that needs the rate of before, and fails.
    const before = await pool.convertToAssets(ONE);
    const target = await pool.getAddress();
    const data = pool.interface.encodeFunctionData("deposit", [ONE, actors.stranger.address]);
    await turnHostile(context, 2n, { withdrawRewardsPOL: { kind: Kind.Call, target, data } });
    await expect(pool.harvest([]))
      .to.emit(delegator, "HarvestFailed")
      .withArgs(2, FIRST_ID + 1n);
    expect(await pool.convertToAssets(ONE)).to.be.within(before, before + 1n);
    expect(await polygon.pol.balanceOf(pool)).to.equal(0);
  });

  it("A16: after a loss of a tenth everybody leaves with nine tenths", async () => {
    const context = await even();
    const { pool, polygon, actors } = context;
    for (let id = FIRST_ID; id < FIRST_ID + 4n; id++) {
      context.unsynced.add(id - FIRST_ID + 1n);
      await polygon.stakeManager.cheatSlash(id, 1_000, false);
    }
    for (let position = 1n; position <= 4n; position++) await pool.sync(position);
    await pool.connect(actors.alice).requestRedeem(500n * ONE, actors.alice, actors.alice);
    await pool.settleBatch();
    await unbond(context);
    await pool.finalizeBatch(1);
    const before = await polygon.pol.balanceOf(actors.alice);
    await pool.connect(actors.alice).claim([requestId(1n, actors.alice.address)], actors.alice, actors.alice);
    expect((await polygon.pol.balanceOf(actors.alice)) - before).to.be.within(450n * ONE - 10n, 450n * ONE + 10n);
  });
});
