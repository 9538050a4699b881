import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { deliver } from "../support/bridge";
import { BATCH, delegateAll, settle } from "../support/exits";
import {
  HALF_HOUR,
  HOUR,
  STAYING,
  WEEK,
  at,
  beforeRequest,
  beforeSettlement,
  burningFloor,
  claimAll,
  execute,
  holdersFixture,
  heist,
  lowerAll,
  openWindow,
  passTo,
  pauseAll,
  provide,
  receiveSome,
  requestAll,
  toPolygon,
  unstakeAllBonds,
  useUpLimits,
  withdrawSome,
  worstOrders,
} from "../support/exitWindow";
import type { HoldersContext, Filed, Scheduled, Window } from "../support/exitWindow";
import { DAY, ONE } from "../support/fixture";
import { now } from "../support/polygon";

/** Unbonding: 80 checkpoints, one each half an hour. */
const UNBONDING = 80n * HALF_HOUR;

/** When the last ask: their batch is closed half an hour later, and half an hour is left when it is claimed. */
const LAST_CALL = WEEK - UNBONDING - 2n * HALF_HOUR;

/** Who leaves Polygon withdraws twice a day for five days. */
const WITHDRAWALS = Array.from({ length: 11 }, (_, index) => BigInt(index) * 12n * HOUR);

/** Requests of before the announcement. */
interface Requests {
  readonly unbonding: Filed;
  readonly queued: Filed;
  readonly forgetful: Filed;
}

/** One request can be claimed, one is unbonding, one is in the open batch; and all of the buffer is delegated. */
async function fileRequests(world: HoldersContext): Promise<Requests> {
  const { pool, delegator, holders } = world;
  const forgetful = await requestAll(world, holders.forgetful);
  const paid = await settle(world);
  expect((await pool.batchOf(paid)).state).to.equal(BATCH.Claimable);
  // Keepers leave nothing that could pay the next ones at once.
  await pool.harvest([]);
  await delegateAll(world);
  const crumbs = await delegator.buffer();
  expect(crumbs).to.be.lessThan(ONE);
  const unbonding = await requestAll(world, holders.unbonding);
  const sold = await settle(world);
  expect((await pool.batchOf(sold)).state).to.equal(BATCH.Closed);
  expect((await pool.queue()).sold).to.equal(unbonding.assets - crumbs);
  return { forgetful, unbonding, queued: await requestAll(world, holders.queued) };
}

/** The provider takes out all of its liquidity: its part of both sides, rounded down. */
async function removeAll({ child, holders }: HoldersContext): Promise<bigint> {
  const { swap, token } = child;
  const { provider } = holders;
  const [liquidity, supply, { assets, shares }] = [
    await swap.balanceOf(provider),
    await swap.totalSupply(),
    await swap.reserves(),
  ];
  const [native, brought] = [(liquidity * assets) / supply, (liquidity * shares) / supply];
  const removal = swap.connect(provider).removeLiquidity(liquidity, provider, 0n, 0n);
  await expect(removal).to.changeEtherBalance(provider, native);
  await expect(removal).to.changeTokenBalance(token, provider, brought);
  return brought;
}

/** At `seconds`, and half an hour later, those on Polygon burn what they may and receive what they may. */
async function oneWithdrawal(week: Window, seconds: bigint, leaving: readonly HardhatEthersSigner[]): Promise<void> {
  const hashes = await at(week, seconds, async () => {
    const sent: string[] = [];
    for (const holder of leaving) {
      const hash = await withdrawSome(week.world, holder);
      if (hash !== undefined) sent.push(hash);
    }
    return sent;
  });
  await at(week, seconds + HALF_HOUR, () => receiveSome(week.world, hashes, leaving));
}

/** A holder brings a batch home and all of its members claim. */
async function bringHome(
  world: HoldersContext,
  members: readonly (readonly [HardhatEthersSigner, Filed])[],
): Promise<void> {
  const [first] = members;
  if (first === undefined) throw new Error("nobody is in that batch");
  await world.pool.connect(first[0]).finalizeBatch(first[1].id >> 160n);
  for (const [holder, filed] of members) await claimAll(world, holder, filed);
}

/** The block of the last release to an account. */
async function released({ bridge }: HoldersContext, receiver: HardhatEthersSigner): Promise<{ timestamp: bigint }> {
  const event = (await bridge.queryFilter(bridge.filters.Released(receiver.address))).at(-1);
  if (event === undefined) throw new Error("nothing was released");
  return { timestamp: BigInt((await event.getBlock()).timestamp) };
}

/** What the upgrades find, and take. */
async function expectRobbery(week: Window, forgotten: Filed): Promise<void> {
  const { pool, delegator, polygon, shares, token, bridge, child, holders, thief } = week.world;
  const { pol } = polygon;
  const reserved = await pol.balanceOf(pool);
  const loose = await pol.balanceOf(delegator);
  const { principal } = await delegator.ledger();
  const { assets: native } = await child.swap.reserves();
  const [locked, onPolygon] = [await token.balanceOf(bridge), await child.token.totalSupply()];
  const nativeBefore = await ethers.provider.getBalance(thief);
  expect(reserved).to.be.within(forgotten.assets, forgotten.assets + ONE);
  expect(principal).to.be.greaterThan(0n);
  expect(native).to.be.greaterThanOrEqual(STAYING);

  await heist(week);
  let stolen = 0n;
  for (const share of shares) {
    expect(await share.balanceOf(delegator)).to.equal(0n);
    stolen += await share.balanceOf(thief);
  }
  expect(stolen).to.equal(principal);
  expect(await pol.balanceOf(thief)).to.equal(reserved + loose);
  expect(await token.balanceOf(thief)).to.equal(locked);
  expect(await child.token.balanceOf(thief)).to.equal(onPolygon);
  expect(await ethers.provider.getBalance(thief)).to.equal(nativeBefore + native);
  // Nothing is behind what the others hold, and nobody serves them.
  expect(await pol.balanceOf(pool)).to.equal(0n);
  expect(await pol.balanceOf(delegator)).to.equal(0n);
  expect(await child.token.balanceOf(holders.stayingOnPolygon)).to.equal(0n);
  const { forgetful, stayingStaker, stayingBondHolder } = holders;
  await expect(pool.connect(forgetful).claim([forgotten.id], forgetful, forgetful)).to.be.revertedWithoutReason();
  await expect(
    pool.connect(stayingStaker).requestRedeem(ONE, stayingStaker, stayingStaker),
  ).to.be.revertedWithoutReason();
  await expect(week.world.bond.connect(stayingBondHolder).unstakeShares(ONE)).to.be.revertedWithoutReason();
}

/** Nothing of a holder is left anywhere. */
async function expectGone({ token, bond, bridge, child }: HoldersContext, holder: HardhatEthersSigner): Promise<void> {
  expect(await token.balanceOf(holder)).to.equal(0n);
  expect(await bond.sharesOf(holder)).to.equal(0n);
  expect(await child.token.balanceOf(holder)).to.equal(0n);
  expect(await child.swap.balanceOf(holder)).to.equal(0n);
  expect(await bridge.pendingOf(holder)).to.equal(0n);
}

/** The week, from the announcement to the theft, in which everybody leaves who does not stay on purpose. */
async function leaveAll(world: HoldersContext, daily: bigint, orders: readonly Scheduled[] | undefined): Promise<void> {
  const { pool, polygon, token, bond, switcher, bridge, child, holders } = world;
  const { staker, bondHolder, bridged, provider, unbonding, queued } = holders;
  const fiveDays = 5n * daily;
  const provided = fiveDays / 5n;
  await toPolygon(world, bridged, fiveDays - provided);
  await toPolygon(world, provider, provided);
  await time.increase(DAY);
  await toPolygon(world, holders.stayingOnPolygon, 3n * STAYING);
  await provide(world, provided);
  const requests = await fileRequests(world);
  await useUpLimits(world);
  if (orders !== undefined) await time.increase(DAY);
  const worth = {
    staker: await pool.convertToAssets(await token.balanceOf(staker)),
    bondHolder: await bond.balanceOf(bondHolder),
  };

  const week = await openWindow(world);
  expect(week.end - week.start).to.equal(WEEK);
  const brought = await at(week, 0n, async () => {
    await lowerAll(world);
    for (const order of orders ?? []) await execute(order);
    return removeAll(world);
  });
  // Of both sides, no more than what divides the pool is lost in rounding.
  expect(provided - brought).to.be.within(0n, 10n);
  const leaving = fiveDays - provided + brought;
  const worthOnPolygon = await pool.convertToAssets(leaving);

  // Nobody has closed the batch of the one who was in it.
  const [first, ...others] = WITHDRAWALS;
  await oneWithdrawal(week, first ?? 0n, [bridged, provider]);
  await at(week, HOUR, async () => {
    await beforeSettlement(world);
    await pool.connect(queued).settleBatch();
  });
  for (const seconds of others) {
    if (seconds === 48n * HOUR) {
      await at(week, 40n * HOUR, () => bringHome(world, [[unbonding, requests.unbonding]]));
      await at(week, 41n * HOUR, () => bringHome(world, [[queued, requests.queued]]));
    }
    // From the first day on to the sixth.
    if (seconds === 36n * HOUR) await at(week, 24n * HOUR + 2n * HALF_HOUR, () => pauseAll(world));
    await oneWithdrawal(week, seconds, [bridged, provider]);
  }
  expect((await token.balanceOf(bridged)) + (await token.balanceOf(provider))).to.equal(leaving);
  expect(await bridge.totalPending()).to.equal(0n);

  const last = await at(week, LAST_CALL, async () => {
    await beforeRequest(world);
    const filed = {
      staker: await requestAll(world, staker),
      bondHolder: await unstakeAllBonds(world, bondHolder),
      bridged: await requestAll(world, bridged),
      provider: await requestAll(world, provider),
    };
    // The ways out that can be paused are.
    await expect(child.swap.connect(holders.stayingOnPolygon).unstake(ONE, 0n)).to.be.revertedWithCustomError(
      child.swap,
      "SwapsArePaused",
    );
    await expect(
      switcher.connect(holders.stayingBondHolder).switchShares(ONE, bondHolder),
    ).to.be.revertedWithCustomError(switcher, "SwitchesArePaused");
    const { open } = await pool.queue();
    // Keepers have used up this epoch's closing.
    await expect(pool.connect(staker).settleBatch())
      .to.be.revertedWithCustomError(pool, "NothingToSettle")
      .withArgs(open, await polygon.stakeManager.epoch());
    return filed;
  });
  expect(last.staker.assets).to.be.greaterThanOrEqual(worth.staker);
  expect(last.bondHolder.assets).to.be.greaterThanOrEqual(worth.bondHolder);
  expect(last.bridged.assets + last.provider.assets).to.be.greaterThanOrEqual(worthOnPolygon);
  await at(week, LAST_CALL + HALF_HOUR, async () => {
    await beforeSettlement(world);
    await pool.connect(staker).settleBatch();
    expect((await pool.queue()).unsold).to.equal(0n);
    expect((await pool.batchOf(last.staker.id >> 160n)).state).to.equal(BATCH.Closed);
  });
  await at(week, WEEK - 2n * HALF_HOUR, async () => {
    const batch = last.staker.id >> 160n;
    await expect(pool.connect(staker).finalizeBatch(batch))
      .to.be.revertedWithCustomError(world.delegator, "BatchNotRipe")
      .withArgs(batch, await polygon.stakeManager.epoch());
  });
  await at(week, WEEK - HALF_HOUR, () =>
    bringHome(world, [
      [staker, last.staker],
      [bondHolder, last.bondHolder],
      [bridged, last.bridged],
      [provider, last.provider],
    ]),
  );
  const gone = [staker, bondHolder, bridged, provider, unbonding, queued];
  const purses = new Map<HardhatEthersSigner, bigint>();
  for (const holder of gone) {
    await expectGone(world, holder);
    purses.set(holder, await polygon.pol.balanceOf(holder));
  }

  await expectRobbery(week, requests.forgetful);
  for (const [holder, before] of purses) expect(await polygon.pol.balanceOf(holder)).to.equal(before);
}

describe("The week before an upgrade that steals everything, at 80 checkpoints of half an hour", function () {
  // A week has 336 checkpoints.
  this.timeout(600_000);

  let world: HoldersContext;
  beforeEach(async () => (world = await holdersFixture()));

  it("lets all holders leave with all they have, with keepers and guardian hostile: at five days' least release", async () => {
    await leaveAll(world, await world.bridge.RELEASE_FLOOR(), undefined);
  });

  it("lets them with the manager hostile too: at five days of the least that can be burned", async () => {
    const daily = await burningFloor(world);
    await leaveAll(world, daily, await worstOrders(world));
  });

  it("leaves inside what Polygon's holders have beyond the limits: S - (1 + T) min(R, B)", async () => {
    const { pool, bridge, child, token, holders, thief, actors } = world;
    const { bridged } = holders;
    const [least, burning] = [await bridge.RELEASE_FLOOR(), await child.token.burningMaxLimitOf(child.adapter)];
    expect(least).to.be.lessThan(burning);
    const held = 15_000n * ONE;
    for (const part of [held / 2n, held / 2n]) {
      await toPolygon(world, bridged, part);
      await time.increase(DAY);
    }

    // The limits are full, and the guardian lowers the one that it can.
    const week = await openWindow(world);
    await oneWithdrawal(week, 0n, [bridged]);
    expect(await token.balanceOf(bridged)).to.equal(least);
    const first = await now();
    for (const seconds of WITHDRAWALS.slice(1)) await oneWithdrawal(week, seconds, [bridged]);
    const filed = await at(week, LAST_CALL, async () => {
      await receiveSome(world, [], [bridged]);
      await delegateAll(world);
      return requestAll(world, bridged);
    });
    // All is burned and proven: the rest waits for its release.
    expect(await child.token.balanceOf(bridged)).to.equal(0n);
    const inside = await bridge.pendingOf(bridged);

    // C is the wait for the checkpoint and the proof, N that from the last release to the end.
    const { timestamp: last } = await released(world, bridged);
    const proof = first - week.start;
    const unbonding = week.end - last;
    const days = WEEK - proof - unbonding;
    expect(proof).to.be.within(HALF_HOUR, 2n * HALF_HOUR);
    expect(unbonding).to.be.within(UNBONDING + HALF_HOUR, UNBONDING + 2n * HALF_HOUR);
    const formula = held - (least * (DAY + days)) / DAY;
    expect(formula).to.be.greaterThan(0n);
    // Each time that the limit is used or lowered rounds it down.
    expect(inside - formula).to.be.within(0n, BigInt(8 * WITHDRAWALS.length));

    await at(week, LAST_CALL + HALF_HOUR, () => pool.connect(bridged).settleBatch());
    // What is released an hour later is too late.
    const late = await at(week, LAST_CALL + 3n * HALF_HOUR, async () => {
      await receiveSome(world, [], [bridged]);
      const { id } = await requestAll(world, bridged);
      await pool.connect(actors.stranger).settleBatch();
      return id >> 160n;
    });
    await at(week, WEEK - HALF_HOUR, () => bringHome(world, [[bridged, filed]]));
    await passTo(week, WEEK);
    await expect(pool.finalizeBatch(late))
      .to.be.revertedWithCustomError(world.delegator, "BatchNotRipe")
      .withArgs(late, await world.polygon.stakeManager.epoch());
    const lost = await bridge.pendingOf(bridged);
    await heist(week);
    expect(await token.balanceOf(thief)).to.equal(lost);
  });

  it("does not let those leave whose deposits Polygon has not minted: the guardian can have them wait", async () => {
    const { bridge, child, token, holders, actors, thief } = world;
    const { bridged } = holders;
    const shares = 1_000n * ONE;
    await bridge.connect(actors.carol).bridge(shares, bridged);
    const week = await openWindow(world);
    await at(week, 0n, async () => {
      await lowerAll(world);
      await deliver(world);
    });
    await at(week, 24n * HOUR, async () => {
      expect(await child.adapter.pendingOf(bridged)).to.equal(shares);
      await expect(child.adapter.payPending(bridged))
        .to.be.revertedWithCustomError(child.adapter, "NothingToPay")
        .withArgs(bridged.address);
      await expect(child.adapter.connect(bridged).withdraw(shares, bridged))
        .to.be.revertedWithCustomError(child.adapter, "AboveMinted")
        .withArgs(shares, 0n);
    });
    await heist(week);
    expect(await token.balanceOf(thief)).to.equal(shares);
  });

  it("does not promise native tokens at once: a hostile manager stops the swap pool's payouts, not the bridge", async () => {
    const { bridge, child, holders } = world;
    const { bridged, stayingOnPolygon } = holders;
    await toPolygon(world, stayingOnPolygon, STAYING + ONE);
    await toPolygon(world, holders.provider, STAYING);
    await toPolygon(world, bridged, ONE);
    await provide(world, STAYING);
    const orders = await worstOrders(world);
    await time.increase(DAY);
    const week = await openWindow(world);
    await at(week, 0n, async () => {
      for (const order of orders) await execute(order);
      await bridge.syncRate();
      await deliver(world);
      const { totalAssets, totalSupply } = await child.feed.latest();
      const before = (ONE * totalAssets) / totalSupply;
      const fee = (before * 100n + 9_999n) / 10_000n;
      await expect(child.swap.connect(bridged).unstake(ONE, 0n))
        .to.be.revertedWithCustomError(child.swap, "AbovePayoutLimit")
        .withArgs(before - fee, 0n);
      await removeAll(world);
    });
    await oneWithdrawal(week, HOUR, [bridged]);
    expect(await world.token.balanceOf(bridged)).to.equal(ONE);
  });
});
