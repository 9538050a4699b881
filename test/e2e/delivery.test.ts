import { expect } from "chai";

import { bridgeBooks } from "../../deploy/acceptance/bridge";
import { ONE } from "../../scripts/devnet/site";
import { DAY, pass } from "../../scripts/devnet/world";
import { relayOnce } from "../../scripts/lib/relayer/loop";
import {
  HELD,
  breakContract,
  done,
  earn,
  lock,
  relayAll,
  sharesAbove,
  sharesBelow,
  twoChains,
  withdraw,
} from "../support/twoChains";
import type { TwoChains } from "../support/twoChains";

/** Totals that a message brought with it. */
async function sentTotals({ bridge }: TwoChains, nonce: bigint): Promise<[bigint, bigint]> {
  const [event] = await bridge.queryFilter(bridge.filters.RateSent(nonce));
  if (event === undefined) return expect.fail(`message ${nonce} was not sent`);
  return [event.args.totalAssets, event.args.totalSupply];
}

describe("e2e: messages to Polygon that are late, fail or come in another order", () => {
  const get = twoChains();

  it("takes a deposit that is two days late: in full, with its rate, which is as old as it is", async () => {
    const world = get();
    const { child, accounts } = world;
    await lock(world, 10n * ONE, "alice");
    await pass(world, 2n * DAY);
    expect(await bridgeBooks(world.bridge, child)).to.include({ inFlightDown: 10n * ONE });
    await relayAll(world.relayer().relay);
    expect(await child.token.balanceOf(accounts.alice.address)).to.equal(10n * ONE);
    expect(await child.feed.isStale(2n * DAY - 60n)).to.equal(true);
    expect(await child.feed.isStale(2n * DAY + 3_600n)).to.equal(false);
    expect(await child.feed.totals()).to.deep.equal(await sentTotals(world, 1n));
  });

  it("keeps a deposit that failed until a stranger delivers it again, and takes it once", async () => {
    const world = get();
    const { child, fx, below } = world;
    const { relay, events } = world.relayer();
    const mend = await breakContract(world.polygon, await child.adapter.getAddress());
    await lock(world, 10n * ONE, "alice");
    await relayAll(relay);
    expect(done(events)).to.deep.equal(["delivery failed", "submitted checkpoint"]);
    await mend();
    expect(await sharesBelow(world, "alice")).to.equal(0n);
    expect(await bridgeBooks(world.bridge, child)).to.include({ inFlightDown: 10n * ONE });

    const stranger = fx.stateReceiver.connect(below("stranger"));
    await stranger.replayFailedStateSync(1n);
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
    await expect(stranger.replayFailedStateSync.staticCall(1n)).to.be.revertedWith("!found");
    // The relayer goes on with the next, and the shares can leave again.
    await lock(world, 1n * ONE, "alice");
    await withdraw(world, 10n * ONE, "alice");
    await relayAll(relay);
    expect(await sharesAbove(world, "alice")).to.equal(HELD - 1n * ONE);
  });

  it("does not let a stranger deliver again what was taken", async () => {
    const world = get();
    await lock(world, 10n * ONE, "alice");
    await relayAll(world.relayer().relay);
    const stranger = world.fx.stateReceiver.connect(world.below("stranger"));
    await expect(stranger.replayFailedStateSync.staticCall(1n)).to.be.revertedWith("!found");
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
  });

  it("takes deposits in any order, each once, and keeps the newest rate", async () => {
    const world = get();
    const { child, fx, polygon, below } = world;
    const { relay } = world.relayer();
    const mend = await breakContract(polygon, await child.adapter.getAddress());
    await lock(world, 10n * ONE, "alice");
    await relayOnce(relay);
    await earn(world);
    await lock(world, 20n * ONE, "bob");
    await relayOnce(relay);
    await mend();
    await earn(world);
    await lock(world, 30n * ONE, "carol");
    await relayAll(relay);
    const totals = await sentTotals(world, 3n);
    expect(await child.feed.totals()).to.deep.equal(totals);
    expect(await bridgeBooks(world.bridge, child)).to.include({ minted: 30n * ONE, inFlightDown: 30n * ONE });

    for (const stateId of [2n, 1n]) {
      expect(await sentTotals(world, stateId)).not.to.deep.equal(totals);
      await fx.stateReceiver.connect(below("stranger")).replayFailedStateSync(stateId);
      expect(await child.feed.totals()).to.deep.equal(totals);
    }
    expect(await child.feed.lastNonce()).to.equal(3n);
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
    expect(await sharesBelow(world, "bob")).to.equal(20n * ONE);
    expect(await sharesBelow(world, "carol")).to.equal(30n * ONE);
  });

  it("tells of a message that is lost because its receiver has no contract, and goes on with the next", async () => {
    const world = get();
    const { fx, polygon } = world;
    const { relay, events } = world.relayer();
    const at = await fx.fxChild.getAddress();
    const code = await polygon.getCode(at);
    await polygon.send("anvil_setCode", [at, "0x"]);
    await world.bridge.connect(world.above("stranger")).syncRate();
    await relayOnce(relay);
    await polygon.send("anvil_setCode", [at, code]);
    await lock(world, 10n * ONE, "alice");
    await relayAll(relay);
    const messages = done(events).filter((what) => what.startsWith("deliver"));
    expect(messages).to.deep.equal(["delivery lost", "delivered"]);
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
  });
});
