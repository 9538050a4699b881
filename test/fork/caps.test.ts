import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { mintGenesis } from "../../deploy/genesis";
import { ONE } from "../../scripts/devnet/site";
import { DAY, pass } from "../../scripts/devnet/world";

import { GENESIS, OLD_HOLDINGS, POLYGONS } from "./support/configuration";
import { asManager, sendShares, stakePol } from "./support/flows";
import { deliver, give } from "./support/powers";
import { forkSuite } from "./support/suite";
import type { World } from "./support/world";

/** More than all POL of Polygon: no cap is lower for want of it. */
const PLENTY = 20_000_000_000n * ONE;

/** Gives alice all the shares of so much POL. */
async function rich(world: World, assets: bigint): Promise<void> {
  await give(world.ethereum, POLYGONS.pol, world.above("alice").address, PLENTY);
  await stakePol(world, "alice", assets);
}

describe("Fork: caps of the configuration of mainnet", () => {
  const get = forkSuite();

  it("stakes up to the cap on assets, in either coin, and not a wei more", async () => {
    const world = get();
    const { system, staking, above, configuration } = world;
    const { pool } = system;
    const alice = above("alice");
    const room = configuration.ethereum.params.assetCapWei - ONE;
    await give(world.ethereum, POLYGONS.pol, alice.address, PLENTY);
    await staking.pol.connect(alice).approve(pool, MaxUint256);
    await staking.matic.connect(above("bob")).approve(pool, MaxUint256);

    expect(await pool.maxDeposit(alice)).to.equal(room);
    await expect(pool.connect(alice).deposit.staticCall(room + 1n, alice))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(room + 1n, room);
    await pool.connect(alice).deposit(room - ONE, alice);
    await expect(pool.connect(above("bob")).stakeAndClaimCerts.staticCall(ONE + 1n))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(ONE + 1n, ONE);
    await pool.connect(above("bob")).stakeAndClaimCerts(ONE);

    expect(await pool.totalAssets()).to.equal(configuration.ethereum.params.assetCapWei);
    expect(await pool.maxDeposit(alice)).to.equal(0n);
    await expect(pool.connect(alice).deposit.staticCall(ONE, alice))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(ONE, 0n);
  });

  it("stops new stakes alone when the manager lowers the cap on assets below what is there", async () => {
    const world = get();
    const { system, above } = world;
    const { pool } = system;
    const alice = above("alice");
    await stakePol(world, "alice", 1_000n * ONE);
    await asManager(world, pool, pool.interface.encodeFunctionData("setAssetCap", [100n * ONE]));
    await expect(pool.connect(alice).deposit.staticCall(ONE, alice))
      .to.be.revertedWithCustomError(pool, "AboveCap")
      .withArgs(ONE, 0n);
    await pool.connect(alice).requestRedeem(1_000n * ONE, alice, alice);
    await pool.connect(above("stranger")).settleBatch();
    expect(await pool.maxRedeem(alice)).to.equal(1_000n * ONE);
  });

  it("locks for Polygon up to the cap on what is locked, and not a wei more", async () => {
    const world = get();
    const { system, bridge, above, configuration } = world;
    const alice = above("alice");
    const { lockCapWei } = configuration.ethereum.bridge;
    await rich(world, lockCapWei + ONE);
    await system.token.connect(alice).approve(bridge, MaxUint256);
    await expect(bridge.connect(alice).bridge.staticCall(lockCapWei + 1n, alice))
      .to.be.revertedWithCustomError(bridge, "AboveLockCap")
      .withArgs(lockCapWei + 1n, lockCapWei);
    await bridge.connect(alice).bridge(lockCapWei, alice);
    expect(await bridge.locked()).to.equal(lockCapWei);
    expect(await system.token.balanceOf(bridge)).to.equal(lockCapWei);
    await expect(bridge.connect(alice).bridge.staticCall(1n, alice))
      .to.be.revertedWithCustomError(bridge, "AboveLockCap")
      .withArgs(1n, 0n);
  });

  it("mints on Polygon as the daily limit refills, up to the cap on the supply, and never more", async () => {
    const world = get();
    const { bridge, child, below, polygon, configuration } = world;
    const { mintingLimitWei: daily, supplyCapWei: cap } = configuration.polygon.params;
    // As on mainnet no more can be locked than there can be on Polygon, the manager raises the first.
    const sent = cap + daily;
    await asManager(world, bridge, bridge.interface.encodeFunctionData("setLockCap", [sent]));
    await rich(world, sent);
    await deliver(polygon, await sendShares(world, "alice", sent));

    const alice = below("alice");
    expect(await child.token.balanceOf(alice)).to.equal(daily);
    expect(await child.adapter.pendingOf(alice)).to.equal(cap);
    for (let minted = 2n * daily; minted <= cap; minted += daily) {
      await pass(world, DAY);
      await child.adapter.connect(below("stranger")).payPending(alice);
      expect(await child.token.balanceOf(alice)).to.equal(minted);
    }
    await pass(world, DAY);
    expect(await child.token.totalSupply()).to.equal(cap);
    expect(await child.adapter.remainingMint()).to.equal(0n);
    await expect(child.adapter.connect(below("stranger")).payPending.staticCall(alice))
      .to.be.revertedWithCustomError(child.adapter, "NothingToPay")
      .withArgs(alice.address);
    // It waits, and is on Ethereum meanwhile.
    expect(await child.adapter.pendingOf(alice)).to.equal(daily);
    expect(await bridge.locked()).to.equal(sent);
  });

  it("switches from aMATICb up to the cap that the manager opens, and not a share more", async () => {
    const world = get();
    const { system, above, configuration } = world;
    const { bond, switcher, token } = system;
    await stakePol(world, "carol", GENESIS.shares);
    await mintGenesis({ bond, token, tree: GENESIS, payer: above("carol") });
    expect(await bond.sharesOf(above("alice"))).to.equal(OLD_HOLDINGS.alice);
    for (const holder of [above("alice"), above("bob")]) await bond.connect(holder).approve(switcher, MaxUint256);
    await expect(switcher.connect(above("alice")).switchShares.staticCall(ONE, above("alice")))
      .to.be.revertedWithCustomError(switcher, "AboveRemaining")
      .withArgs(ONE, 0n);

    const cap = 100_000n * ONE;
    await asManager(world, switcher, switcher.interface.encodeFunctionData("setCap", [cap]));
    await expect(switcher.connect(above("alice")).switchShares.staticCall(cap + 1n, above("alice")))
      .to.be.revertedWithCustomError(switcher, "AboveRemaining")
      .withArgs(cap + 1n, cap);
    await switcher.connect(above("alice")).switchShares(60_000n * ONE, above("alice"));
    await switcher.connect(above("bob")).switchShares(40_000n * ONE, above("bob"));
    await expect(switcher.connect(above("bob")).switchShares.staticCall(1n, above("bob")))
      .to.be.revertedWithCustomError(switcher, "AboveRemaining")
      .withArgs(1n, 0n);

    // 0.3 % of it is the treasury's.
    expect(await token.balanceOf(above("alice"))).to.equal(59_820n * ONE);
    expect(await token.balanceOf(above("bob"))).to.equal(39_880n * ONE);
    expect(await token.balanceOf(configuration.ethereum.params.treasury)).to.equal(300n * ONE);
    expect(await bond.totalSharesSupply()).to.equal(GENESIS.shares - cap);
    expect(await token.balanceOf(bond)).to.equal(GENESIS.shares - cap);
  });
});
