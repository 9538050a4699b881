import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { ONE } from "../../scripts/devnet/site";
import { DAY, pass } from "../../scripts/devnet/world";
import { eventsOf, named } from "../support/events";

import { asManager, checkpoints, delegateAll, now, stakeMatic, stakePol } from "./support/flows";
import { REWARD_PRECISION, lockMigration } from "./support/powers";
import { forkSuite } from "./support/suite";
import { RATE_ONE } from "./support/validators";
import type { World } from "./support/world";

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** What each share contract says that the delegator's shares are worth, by its own rate. */
async function worthOfShares({ staking: { shares }, system: { delegator } }: World): Promise<bigint[]> {
  const worth: bigint[] = [];
  for (const share of shares) {
    worth.push(((await share.balanceOf(delegator)) * (await share.exchangeRate())) / RATE_ONE);
  }
  return worth;
}

/** Shares of the pool for 10^18 POL of what is there: at the validators by their own rates, and in hand. */
async function ratioOfWhatIsThere(world: World): Promise<bigint> {
  const { staking, system } = world;
  const inHand = (await staking.pol.balanceOf(system.delegator)) + (await staking.matic.balanceOf(system.delegator));
  return (ONE * (await system.token.totalSupply())) / (sum(await worthOfShares(world)) + inHand);
}

/** What each validator owes the delegator: its part, by shares, of what StakeManager holds for all who delegated to it. */
async function rewardsDue({ staking, system: { delegator } }: World): Promise<bigint[]> {
  const due: bigint[] = [];
  for (const share of staking.shares) {
    const all = await staking.stakeManager.delegatorsReward(await share.validatorId());
    const perShare = (all * REWARD_PRECISION) / (await share.totalSupply());
    due.push((perShare * (await share.balanceOf(delegator))) / REWARD_PRECISION);
  }
  return due;
}

describe("Fork: delegation", () => {
  const get = forkSuite();

  it("puts POL on five live validators, as much as their weights say, at a rate of exactly 1", async () => {
    const world = get();
    const { staking, system, configuration } = world;
    const { stakeManager, shares } = staking;
    const ids = configuration.ethereum.validators.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(5);
    const before: bigint[] = [];
    for (const id of ids) before.push(await stakeManager.delegatedAmount(id));

    await stakePol(world, "alice", 100_000n * ONE);
    await delegateAll(world);

    // The seed too; a wei stays in the buffer.
    const each = ((100_001n * ONE - 1n) * 2_000n) / 10_000n;
    for (const [index, share] of shares.entries()) {
      const id = ids[index] ?? 0n;
      expect(await stakeManager.isValidator(id)).to.equal(true);
      expect(await share.getTotalStake(system.delegator)).to.deep.equal([each, RATE_ONE]);
      expect(await share.balanceOf(system.delegator)).to.equal(each);
      expect((await stakeManager.delegatedAmount(id)) - (before[index] ?? 0n)).to.equal(each);
      expect((await system.delegator.positionAt(index + 1)).principal).to.equal(each);
    }
    expect((await system.delegator.ledger()).buffer).to.equal(100_001n * ONE - 5n * each);
  });

  it("converts MATIC by Polygon's migration on the way, 1:1 but for the wei that stays", async () => {
    const world = get();
    const { staking, system, above } = world;
    const { pol, matic, migration } = staking;
    const [maticBefore, polBefore] = [await matic.balanceOf(migration), await pol.balanceOf(migration)];

    await stakeMatic(world, "bob", 50_000n * ONE);
    expect(await system.token.balanceOf(above("bob"))).to.equal(50_000n * ONE);
    expect(await matic.balanceOf(system.delegator)).to.equal(50_000n * ONE);
    await delegateAll(world);

    expect(await matic.balanceOf(system.delegator)).to.equal(1n);
    expect((await matic.balanceOf(migration)) - maticBefore).to.equal(50_000n * ONE - 1n);
    expect(polBefore - (await pol.balanceOf(migration))).to.equal(50_000n * ONE - 1n);
    // The seed too; a wei of each coin stays in the buffer.
    const each = ((50_001n * ONE - 2n) * 2_000n) / 10_000n;
    expect(await worthOfShares(world)).to.deep.equal([each, each, each, each, each]);
    expect(await ratioOfWhatIsThere(world)).to.equal(ONE);
  });

  it("moves stake from one live validator to another without unbonding, by StakeManager", async () => {
    const world = get();
    const { staking, system, above } = world;
    const { delegator } = system;
    await stakePol(world, "alice", 100_000n * ONE);
    await delegateAll(world);
    const [each = 0n] = await worthOfShares(world);
    const weights = [1_500n, 2_500n, 2_000n, 2_000n, 2_000n];
    const caps = weights.map(() => 2_500n);
    await asManager(world, delegator, delegator.interface.encodeFunctionData("setWeights", [weights, caps]));

    await delegator.connect(above("stranger")).rebalance(1, 2, MaxUint256);

    // Up and down to what the weights say of all that is staked, whichever comes first.
    const staked = 5n * each;
    const over = each - (staked * 1_500n) / 10_000n;
    const under = (staked * 2_500n) / 10_000n - each;
    const moved = over < under ? over : under;
    expect(await worthOfShares(world)).to.deep.equal([each - moved, each + moved, each, each, each]);
    expect(await staking.shares[0]?.unbondNonces(delegator)).to.equal(0n);
  });
});

describe("Fork: rewards", () => {
  const get = forkSuite();
  // A thousandth of everything that is staked.
  const REWARD = REWARD_PRECISION / 1_000n;

  /** 150,001 POL at the validators, alice's, bob's and the seed, and two days' rewards on it. */
  async function earning(): Promise<World> {
    const world = get();
    await stakePol(world, "alice", 100_000n * ONE);
    await stakeMatic(world, "bob", 50_000n * ONE);
    await delegateAll(world);
    await checkpoints(world, 96n, REWARD, 2n * DAY);
    return world;
  }

  it("are due at each validator by its own books, and nothing of them is in the ratio before the harvest", async () => {
    const world = await earning();
    const { staking, system } = world;
    const due = await rewardsDue(world);
    for (const [index, share] of staking.shares.entries()) {
      const { commissionRate } = await staking.stakeManager.validators(await share.validatorId());
      const reward = await share.getLiquidRewards(system.delegator);
      expect(reward).to.equal(due[index]);
      // A thousandth of the stake, less the validator's commission and dust.
      const most = ((await share.balanceOf(system.delegator)) * (100n - commissionRate)) / 100_000n;
      expect(reward <= most && reward > most - 1_000_000n, `${reward} of ${most}`).to.equal(true);
      expect(await share.exchangeRate()).to.equal(RATE_ONE);
    }
    expect(await system.token.ratio()).to.equal(ONE);
    expect(await ratioOfWhatIsThere(world)).to.equal(ONE);
  });

  it("are collected to the wei, and lower the ratio exactly as fast as they vest", async () => {
    const world = await earning();
    const { system, staking, ethereum, configuration, above } = world;
    const { pool, delegator, token } = system;
    const due = await rewardsDue(world);
    const rewards = sum(due);
    const [assets, supply] = [150_001n * ONE, 150_001n * ONE];
    expect([await pool.totalAssets(), await token.totalSupply()]).to.deep.equal([assets, supply]);
    const polBefore = await staking.pol.balanceOf(delegator);
    const begun: bigint[] = [];
    for (let position = 1; position <= due.length; position++) {
      begun.push((await delegator.positionAt(position)).lastHarvestAt);
    }

    const harvest = await pool.connect(above("stranger")).harvest([]);

    const at = await now(ethereum);
    const ids = configuration.ethereum.validators.map(({ id }) => id);
    const harvested = named(await eventsOf(delegator, harvest), "Harvested").map(
      (event) => event.toArray() as bigint[],
    );
    expect(harvested).to.deep.equal(
      due.map((reward, index) => [BigInt(index + 1), ids[index], reward, at - (begun[index] ?? 0n)]),
    );
    expect((await staking.pol.balanceOf(delegator)) - polBefore).to.equal(rewards);
    const fee = (rewards * 500n) / 10_000n;
    const feeShares = (fee * supply) / assets;
    expect(await token.balanceOf(configuration.ethereum.params.treasury)).to.equal(feeShares);
    expect(await token.totalSupply()).to.equal(supply + feeShares);

    // The fee is paid at once, the rest comes over the mean of the times in which it was earned.
    const weighted = sum(due.map((reward, index) => reward * (at - (begun[index] ?? 0n))));
    const period = (weighted + rewards - 1n) / rewards;
    const ratioAfter = async (): Promise<bigint> => {
      const passed = (await now(ethereum)) - at;
      const left = passed >= period ? 0n : ((rewards - fee) * (period - passed) + period - 1n) / period;
      expect(await pool.unvested()).to.equal(left);
      return (ONE * (supply + feeShares)) / (assets + rewards - left);
    };
    expect(await token.ratio()).to.equal(await ratioAfter());
    await pass(world, period / 2n);
    expect(await token.ratio()).to.equal(await ratioAfter());
    await pass(world, period / 2n + 1n);
    const ratio = (ONE * (supply + feeShares)) / (assets + rewards);
    expect(await token.ratio()).to.equal(ratio);
    expect(await ratioOfWhatIsThere(world)).to.equal(ratio);
    expect(ratio < ONE).to.equal(true);

    // And so it stays when the rewards are delegated, too.
    await delegateAll(world);
    expect(await token.ratio()).to.equal(ratio);
    expect(await ratioOfWhatIsThere(world)).to.equal(ratio);
  });

  it("that a stranger forces out in MATIC become POL, and are the holders'", async () => {
    const world = await earning();
    const { staking, system, above, configuration, ethereum } = world;
    await lockMigration(ethereum, await staking.migration.getAddress(), false);
    const [share] = staking.shares;
    if (share === undefined) return expect.fail("there are five");
    const reward = await share.getLiquidRewards(system.delegator);

    await share.connect(above("stranger")).transfer(system.delegator, 0n);
    expect(await staking.matic.balanceOf(system.delegator)).to.equal(reward + 1n);
    expect(await share.getLiquidRewards(system.delegator)).to.equal(0n);

    await system.pool.connect(above("stranger")).skim();
    expect(await staking.matic.balanceOf(system.delegator)).to.equal(1n);
    const fee = (reward * 500n) / 10_000n;
    expect(await system.token.balanceOf(configuration.ethereum.params.treasury)).to.equal(fee);
    await pass(world, 7n * DAY + 1n);
    expect(await system.pool.totalAssets()).to.equal(150_001n * ONE + reward);
  });
});
