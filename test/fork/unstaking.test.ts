import { expect } from "chai";

import { ONE } from "../../scripts/devnet/site";
import { IPolygonMigration__factory } from "../../typechain-types";
import { eventsOf, named } from "../support/events";

import { checkpoints, delegateAll, stakeMatic, stakePol } from "./support/flows";
import { lockMigration } from "./support/powers";
import { forkSuite } from "./support/suite";
import type { World } from "./support/world";

/** Seconds of an epoch. */
const EPOCH = 1_800n;

/** An unbond as a share contract of Polygon has it. */
interface Unbond {
  readonly position: number;
  readonly nonce: bigint;
  readonly shares: bigint;
  readonly epoch: bigint;
}

/** Everything that is unbonding for the delegator, at all validators. */
async function unbonds({ staking, system: { delegator } }: World): Promise<Unbond[]> {
  const found: Unbond[] = [];
  for (const [index, share] of staking.shares.entries()) {
    const last = await share.unbondNonces(delegator);
    for (let nonce = 1n; nonce <= last; nonce++) {
      const { shares, withdrawEpoch: epoch } = await share.unbonds_new(delegator, nonce);
      if (shares > 0n) found.push({ position: index + 1, nonce, shares, epoch });
    }
  }
  return found;
}

describe("Fork: unstaking", () => {
  const get = forkSuite();
  /** What each validator has, when alice and bob have staked: all but the wei that stay. */
  const EACH = ((150_001n * ONE - 2n) * 2_000n) / 10_000n;

  async function staked(): Promise<World> {
    const world = get();
    await stakePol(world, "alice", 100_000n * ONE);
    await stakeMatic(world, "bob", 50_000n * ONE);
    await delegateAll(world);
    return world;
  }

  /** Number of the batch that somebody's request is in, once a stranger has settled it. */
  async function requested(world: World, person: "alice" | "bob", shares: bigint): Promise<bigint> {
    const { pool } = world.system;
    const account = world.above(person);
    await pool.connect(account).requestRedeem(shares, account, account);
    const { open } = await pool.queue();
    await pool.connect(world.above("stranger")).settleBatch();
    return open;
  }

  /** The epochs of Polygon's delay, and the batch's money. */
  async function unbonded(world: World, batch: bigint): Promise<void> {
    await checkpoints(world, await world.staking.stakeManager.withdrawalDelay(), 0n, EPOCH);
    await world.system.pool.connect(world.above("stranger")).finalizeBatch(batch);
  }

  it("sells stake of as many validators as it takes, and pays to the wei after the delay, not an epoch before", async () => {
    const world = await staked();
    const { system, staking, above } = world;
    const { pool, token, delegator } = system;
    const delay = await staking.stakeManager.withdrawalDelay();
    const epoch = await staking.stakeManager.epoch();
    const before = await unbonds(world);
    expect(before).to.deep.equal([]);

    const batch = await requested(world, "alice", 100_000n * ONE);

    // What is in hand, but for the wei of MATIC that stays; then all of three validators, and a part of a fourth.
    const inHand = 150_001n * ONE - 5n * EACH - 1n;
    const rest = 100_000n * ONE - inHand - 3n * EACH;
    const sold = await unbonds(world);
    expect(sold.map(({ shares }) => shares).sort((one, other) => (one < other ? 1 : -1))).to.deep.equal([
      ...[EACH, EACH, EACH],
      rest,
    ]);
    for (const unbond of sold) expect(unbond).to.include({ nonce: 1n, epoch });
    expect(new Set(sold.map(({ position }) => position)).size).to.equal(4);

    await checkpoints(world, delay - 1n, 0n, (delay - 1n) * EPOCH);
    await expect(pool.connect(above("stranger")).finalizeBatch.staticCall(batch))
      .to.be.revertedWithCustomError(delegator, "BatchNotRipe")
      .withArgs(batch, epoch + delay - 1n);
    await checkpoints(world, 1n, 0n, EPOCH);
    await pool.connect(above("stranger")).finalizeBatch(batch);
    expect(await unbonds(world)).to.deep.equal([]);

    const polBefore = await staking.pol.balanceOf(above("alice"));
    await pool.connect(above("alice")).redeem(100_000n * ONE, above("alice"), above("alice"));
    expect((await staking.pol.balanceOf(above("alice"))) - polBefore).to.equal(100_000n * ONE);
    expect(await token.totalSupply()).to.equal(50_001n * ONE);
    expect(await token.ratio()).to.equal(ONE);
  });

  it("takes the delay that Polygon's StakeManager has, and begins to wait when its batch is settled", async () => {
    const world = await staked();
    const { system, staking, above } = world;
    const alice = above("alice");
    await system.pool.connect(alice).requestRedeem(ONE * 10n, alice, alice);
    await checkpoints(world, 5n, 0n, 5n * EPOCH);
    await system.pool.connect(above("stranger")).settleBatch();
    const [unbond] = await unbonds(world);
    expect(unbond?.epoch).to.equal(await staking.stakeManager.epoch());
    await unbonded(world, 1n);
    expect(await system.pool.maxRedeem(alice)).to.equal(10n * ONE);
  });

  it("pays in MATIC while the migration's lock is off", async () => {
    const world = await staked();
    const { system, staking, above, ethereum } = world;
    await lockMigration(ethereum, await staking.migration.getAddress(), false);
    const bob = above("bob");
    const batch = await requested(world, "bob", 40_000n * ONE);
    await unbonded(world, batch);
    const [id = 0n] = await system.pool.requestsOf(bob);
    const held = async (holder: typeof bob | typeof staking.migration): Promise<[bigint, bigint]> => [
      await staking.pol.balanceOf(holder),
      await staking.matic.balanceOf(holder),
    ];
    const [bobBefore, migrationBefore] = [await held(bob), await held(staking.migration)];

    const claim = await system.pool.connect(bob).claimInMatic([id], bob, bob);

    const paid = named(await eventsOf(system.pool, claim), "PaidInMatic").map((event): unknown[] => event.toArray());
    expect(paid).to.deep.equal([[bob.address, bob.address, 40_000n * ONE]]);
    const [bobAfter, migrationAfter] = [await held(bob), await held(staking.migration)];
    expect(bobAfter).to.deep.equal([bobBefore[0], bobBefore[1] + 40_000n * ONE]);
    expect(migrationAfter).to.deep.equal([migrationBefore[0] + 40_000n * ONE, migrationBefore[1] - 40_000n * ONE]);
    expect(await staking.pol.allowance(system.pool, staking.migration)).to.equal(0n);
  });

  it("pays in POL alone while the lock is on, and takes MATIC all the same", async () => {
    const world = await staked();
    const { system, staking, above, ethereum } = world;
    const bob = above("bob");
    const batch = await requested(world, "bob", 40_000n * ONE);
    await unbonded(world, batch);
    const [id = 0n] = await system.pool.requestsOf(bob);
    await lockMigration(ethereum, await staking.migration.getAddress(), true);
    expect(await staking.migration.unmigrationLocked()).to.equal(true);

    const migration = { interface: IPolygonMigration__factory.createInterface() };
    await expect(system.pool.connect(bob).claimInMatic.staticCall([id], bob, bob)).to.be.revertedWithCustomError(
      migration,
      "UnmigrationLocked",
    );
    const polBefore = await staking.pol.balanceOf(bob);
    await system.pool.connect(bob).claim([id], bob, bob);
    expect((await staking.pol.balanceOf(bob)) - polBefore).to.equal(40_000n * ONE);

    await stakeMatic(world, "carol", 1_000n * ONE);
    await delegateAll(world);
    expect(await system.token.balanceOf(above("carol"))).to.equal(1_000n * ONE);
    expect(await staking.matic.balanceOf(system.delegator)).to.equal(1n);

    // What was locked can be unlocked: a claim that waited is paid in MATIC then.
    const next = await requested(world, "bob", 1_000n * ONE);
    await unbonded(world, next);
    await lockMigration(ethereum, await staking.migration.getAddress(), false);
    const [later = 0n] = await system.pool.requestsOf(bob);
    const maticBefore = await staking.matic.balanceOf(bob);
    await system.pool.connect(bob).claimInMatic([later], bob, bob);
    expect((await staking.matic.balanceOf(bob)) - maticBefore).to.equal(1_000n * ONE);
  });
});
