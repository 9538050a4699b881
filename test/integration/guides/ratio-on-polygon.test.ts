import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { RateOnPolygon__factory } from "../../typechain-types";
import { bridgedFixture, deliver } from "../../support/bridge";
import { DAY, ONE } from "../../support/fixture";
import { runGuide } from "../../support/guides";

describe("guide: read the ratio on Polygon", () => {
  it("sends the totals and computes with them; a contract does the same until they are a day old", async () => {
    const context = await bridgedFixture();
    const { bridge, pool, token, child, actors } = context;
    const reader = await new RateOnPolygon__factory(actors.alice).deploy(child.feed);
    const guide = await runGuide("ratio-on-polygon", {
      you: actors.alice,
      youOnPolygon: actors.bob,
      at: { BridgeAdapter: await bridge.getAddress(), RatioFeed: await child.feed.getAddress() },
    });
    const asked = [
      async () => child.feed.latest(),
      async () => child.feed.convertToAssets(ONE),
      async () => child.feed.convertToShares(ONE),
      async () => child.feed.getRate(),
      async () => child.feed.ratio(),
    ];
    for (const ask of asked) await expect(ask()).to.be.revertedWithCustomError(child.feed, "NoRate");
    expect(await child.feed.lastUpdated()).to.equal(0n);
    expect(await child.feed.isStale(DAY)).to.equal(true);

    await guide.next();
    const sent = BigInt(await time.latest());
    await deliver(context);
    await guide.next();
    const [assets, supply] = [await pool.totalAssets(), await token.totalSupply()];
    expect(guide.scope.totalAssets).to.equal(assets);
    expect(guide.scope.totalSupply).to.equal(supply);
    expect(guide.scope.time).to.equal(sent);
    expect(guide.scope.assets).to.equal((3n * ONE * assets) / supply);
    expect(await reader.worthOf(3n * ONE)).to.equal(guide.scope.assets);
    expect(guide.left()).to.equal(0);

    await time.increase(DAY);
    await expect(reader.worthOf(ONE)).to.be.revertedWithCustomError(reader, "RateTooOld").withArgs(sent);
  });
});
