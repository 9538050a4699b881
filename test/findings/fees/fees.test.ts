import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { sum } from "../../support/allocator";
import { delegated } from "../../support/delegating";
import { eventsOf, named } from "../../support/events";
import { DAY, ONE, asManager, checkpoints, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

async function earning(): Promise<Context> {
  const context = await fixture();
  await delegated(context, 999n * ONE + 1n);
  await checkpoints(context, 3);
  return context;
}

async function due({ shares, delegator }: Context): Promise<bigint> {
  return sum(await Promise.all(shares.map((share) => share.getLiquidRewards(delegator))));
}

describe("findings: fees", () => {
  it("A47: a new fee is taken on rewards that are earned from then on", async () => {
    const context = await earning();
    const { pool, manager, actors, params } = context;
    const data = pool.interface.encodeFunctionData("setFee", [1_000]);
    await manager.connect(actors.manager).schedule(pool, data, 0);
    await time.increase(params.delays.managerSeconds);
    const earned = await due(context);
    const sent = await manager.connect(actors.manager).execute(pool, data);
    const [booked] = named(await eventsOf(pool, sent), "RewardsBooked");
    expect([booked?.rewards, booked?.fee]).to.deep.equal([earned, (earned * 500n) / 10_000n]);
    await expect(sent).to.emit(pool, "FeeSet").withArgs(500, 1_000);

    await checkpoints(context);
    const later = await due(context);
    const [next] = named(await eventsOf(pool, pool.harvest([])), "RewardsBooked");
    expect([next?.rewards, next?.fee]).to.deep.equal([later, later / 10n]);
  });

  it("A47: the fee has a bound that no role can pass, and a delay", async () => {
    const context = await earning();
    const { pool, actors } = context;
    await expect(asManager(context, pool, pool.interface.encodeFunctionData("setFee", [1_001])))
      .to.be.revertedWithCustomError(pool, "FeeOutOfBounds")
      .withArgs(1_001, 1_000);
    for (const caller of [actors.stranger, actors.guardian, actors.upgrader, actors.deployer]) {
      await expect(pool.connect(caller).setFee(1))
        .to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized")
        .withArgs(caller.address);
    }
    await expect(pool.connect(actors.manager).setFee(1)).to.be.revertedWithCustomError(
      context.manager,
      "AccessManagerNotScheduled",
    );
  });

  it("A48: every parameter is an absolute number in the unit of its name, and as it was planned", async () => {
    const { pool, delegator, params } = await fixture();
    const { feeBps, assetCap, lossCount } = await pool.parameters();
    expect([feeBps, assetCap, lossCount]).to.deep.equal([params.feeBps, params.assetCapWei, 0n]);
    const { maxCommission, deadSliceTime } = await delegator.parameters();
    expect([maxCommission, deadSliceTime]).to.deep.equal([params.maxCommissionPercent, params.deadSliceSeconds]);
    expect(await delegator.MAX_SHARE_BPS()).to.equal(params.maxShareBps);
    expect(await pool.TREASURY()).to.equal(params.treasury);
  });

  for (const feeBps of [0n, 1n, 500n, 1_000n]) {
    it(`A49: at a fee of ${feeBps} bps the holders get the rest, and the treasury the fee, to a few wei`, async () => {
      const context = await fixture({ params: { feeBps } });
      const { pool, token, actors } = context;
      await delegated(context, 999n * ONE + 1n);
      await checkpoints(context, 3);
      const rewards = await due(context);
      const fee = (rewards * feeBps) / 10_000n;
      const [assets, supply] = [1_000n * ONE + 1n, await token.totalSupply()];
      const feeShares = (fee * supply) / assets;
      await pool.harvest([]);
      expect(await token.balanceOf(actors.treasury)).to.equal(feeShares);
      // They are bought at the price of before, and share in the stream as all others do.
      expect(await pool.convertToAssets(feeShares)).to.be.within(fee === 0n ? 0n : fee - 2n, fee);
      await time.increase(8n * DAY);
      expect(await pool.totalAssets()).to.equal(assets + rewards);
      expect(await pool.convertToAssets(supply)).to.equal(((assets + rewards) * supply) / (supply + feeShares));
    });
  }

  it("A49: the holders' part is never diluted twice: the price right after a harvest is that of before", async () => {
    const context = await earning();
    const { pool, token } = context;
    const before = [await pool.totalAssets(), await token.totalSupply()] as const;
    await pool.harvest([]);
    const after = [await pool.totalAssets(), await token.totalSupply()] as const;
    expect(after[0] * before[1]).to.be.at.least(before[0] * after[1]);
    expect(await pool.convertToAssets(10n ** 27n)).to.be.within(
      (before[0] * 10n ** 27n) / before[1],
      (before[0] * 10n ** 27n) / before[1] + 10n ** 9n,
    );
  });

  it("A49: a reward too small for a fee, and a pool that is worth nothing, stand in no harvest's way", async () => {
    const context = await fixture();
    const { pool, polygon, delegator, token, actors } = context;
    await polygon.pol.connect(actors.stranger).transfer(delegator, 19);
    await expect(pool.skim()).to.emit(pool, "RewardsBooked");
    expect(await token.balanceOf(actors.treasury)).to.equal(0);

    await delegated(context, 999n * ONE);
    for (let position = 1n; position <= 4n; position++) {
      context.unsynced.add(position);
      await polygon.stakeManager.cheatSlash(7n + position, 10_000, false);
      await pool.sync(position);
    }
    await polygon.pol.connect(actors.stranger).transfer(delegator, 100n * ONE);
    await pool.skim();
    await pool.harvest([]);
  });
});
