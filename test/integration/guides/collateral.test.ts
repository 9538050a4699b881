import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { CollateralPrice__factory } from "../../typechain-types";
import { adaptedFixture } from "../../support/adapters";
import { deliver } from "../../support/bridge";
import { DAY, MAX, ONE } from "../../support/fixture";
import { runGuide } from "../../support/guides";
import { slash } from "../../support/losses";

describe("guide: list as collateral", () => {
  it("sends the rate when it is old, books a loss, and reads how a liquidator gets out", async () => {
    const context = await adaptedFixture();
    const { bridge, pool, child, onEthereum, onPolygon, actors } = context;
    const { alice } = actors;
    await bridge.syncRate();
    await deliver(context);
    await pool.delegate(MAX);
    await time.increase(DAY + 1n);
    const above = await new CollateralPrice__factory(alice).deploy(onPolygon.priceFeed, DAY);
    const below = await new CollateralPrice__factory(alice).deploy(onEthereum.priceFeed, DAY);
    const old = await onPolygon.priceFeed.latestTimestamp();
    await expect(above.worthOf(ONE)).to.be.revertedWithCustomError(above, "PriceTooOld").withArgs(old, DAY);
    expect(await below.worthOf(2n * ONE)).to.equal(2n * ONE);

    const guide = await runGuide("collateral", {
      you: alice,
      youOnPolygon: alice,
      now: await time.latest(),
      at: {
        PriceFeed: await onPolygon.priceFeed.getAddress(),
        BridgeAdapter: await bridge.getAddress(),
        PolygonPool: await pool.getAddress(),
        SwapPool: await child.swap.getAddress(),
      },
    });
    await guide.next();
    await deliver(context);
    expect(await above.worthOf(2n * ONE)).to.equal(2n * ONE);

    // A fifth of the first of four positions, which have the same stake.
    const held = await pool.totalAssets();
    await slash(context, 1n, { bps: 2_000n });
    expect(await below.worthOf(ONE)).to.equal(ONE);
    await guide.next();
    context.unsynced.delete(1n);
    const [assets, supply] = [await pool.totalAssets(), await context.token.totalSupply()];
    expect(held - assets).to.equal(held / 20n);
    expect(await below.worthOf(ONE)).to.equal((assets * ONE) / supply);
    expect(await above.worthOf(ONE), "until the next message").to.equal(ONE);
    await bridge.syncRate();
    await deliver(context);
    expect(await above.worthOf(ONE)).to.equal((assets * ONE) / supply);

    await guide.next();
    expect(guide.scope.swappable).to.equal(0n);
    expect(guide.scope.releasable).to.equal(10_000n * ONE);
    expect(guide.left()).to.equal(0);
  });
});
