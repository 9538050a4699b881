import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { bridgedFixture, deliver, provenWithdrawal } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { expectBacked, lastTime, messagesDown, setOn } from "../../support/bridgeEnds";
import type { DownWords } from "../../support/bridgeEnds";
import { eventsOf } from "../../support/events";
import { DAY, MAX, ONE } from "../../support/fixture";
import { reward, shrink } from "../../support/growth";
import { bookLoss, slash } from "../../support/losses";

describe("BridgeAdapter, syncRate", () => {
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
  });

  afterEach(() => expectBacked(context));

  /** A stranger's `syncRate`: what it sent. */
  async function synced(): Promise<DownWords> {
    const { bridge, actors } = context;
    const [message, ...more] = await messagesDown(context, bridge.connect(actors.stranger).syncRate());
    if (message === undefined) throw new Error("nothing was sent");
    expect(more).to.deep.equal([]);
    return message.words;
  }

  it("sends the rate alone, for anyone, for nothing", async () => {
    const { bridge, token, pool, actors } = context;
    expect(await bridge.connect(actors.stranger).syncRate.staticCall()).to.equal(1n);
    const words = await synced();
    expect(words).to.deep.equal({
      version: 1n,
      kind: 2n,
      nonce: 1n,
      receiver: 0n,
      shares: 0n,
      totalAssets: await pool.totalAssets(),
      totalSupply: await token.totalSupply(),
      lossCount: 0n,
      time: await lastTime(),
    });
    expect([await bridge.locked(), await bridge.lastNonce()]).to.deep.equal([0n, 1n]);
  });

  it("tells the rate that it sent, and no deposit", async () => {
    const { bridge, pool, actors } = context;
    expect(await eventsOf(bridge, bridge.connect(actors.stranger).syncRate())).to.deep.equal([
      { name: "RateSent", args: [1n, await pool.totalAssets(), await pool.totalShares(), 0n] },
    ]);
  });

  it("follows rewards as they vest, second by second", async () => {
    const { pool, child } = context;
    await reward(context, 7_000n * ONE);
    const first = await synced();
    await time.increase(DAY);
    const second = await synced();
    expect(second.totalAssets).to.be.greaterThan(first.totalAssets);
    expect(second.totalAssets).to.equal(await pool.totalAssets());
    await deliver(context);
    await deliver(context);
    expect(await child.feed.totals()).to.deep.equal([second.totalAssets, second.totalSupply]);
  });

  it("a donation to the bridge, or to the pool, moves no rate", async () => {
    const { bridge, token, pool, polygon, actors } = context;
    const before = await synced();
    await token.connect(actors.carol).transfer(pool, 5n * ONE);
    await polygon.pol.connect(actors.stranger).transfer(pool, 5n * ONE);
    const after = await synced();
    expect([after.totalAssets, after.totalSupply]).to.deep.equal([before.totalAssets, before.totalSupply]);
    expect(await bridge.locked()).to.equal(0n);
  });

  it("goes on while deposits are paused, and when nothing more can be locked", async () => {
    const { bridge, actors } = context;
    await setOn(context, "setLockCap", 0n);
    await bridge.connect(actors.guardian).pauseBridging(5n * DAY);
    expect((await synced()).nonce).to.equal(1n);
    expect((await synced()).nonce).to.equal(2n);
  });

  it("A72: brings a loss with the number of losses, and Polygon takes the lower rate from it", async () => {
    const { pool, child, bridge, actors } = context;
    const before = await synced();
    await deliver(context);
    await pool.delegate(MAX);
    await slash(context, 1n, { bps: 1_000n });
    await bookLoss(context, 1n);
    const after = await synced();
    expect(after.lossCount).to.equal(before.lossCount + 1n);
    expect(after.totalAssets).to.be.lessThan(before.totalAssets);
    expect(after.totalAssets).to.equal(await pool.totalAssets());
    await deliver(context);
    expect(await child.feed.totals()).to.deep.equal([after.totalAssets, after.totalSupply]);
    // A deposit brings it, too.
    const [deposit] = await messagesDown(context, bridge.connect(actors.alice).bridge(ONE, actors.alice));
    expect(deposit?.words.lossCount).to.equal(1n);
  });

  describe("at total loss", () => {
    beforeEach(async () => {
      const { bridge, pool, actors } = context;
      await bridge.connect(actors.alice).bridge(40n * ONE, actors.alice);
      await deliver(context);
      // The crumbs in the buffer pay this request, so that the loss leaves nothing at all.
      await pool.delegate(MAX);
      await pool.connect(actors.alice).requestRedeem(ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      await shrink(context, 10_000n);
      expect(await pool.totalAssets()).to.equal(0n);
    });

    it("says that the shares are worth nothing, and Polygon believes it", async () => {
      const { pool, child } = context;
      const words = await synced();
      const { lossCount } = await pool.parameters();
      expect([words.totalAssets, words.totalSupply]).to.deep.equal([0n, await pool.totalShares()]);
      expect(words.lossCount).to.equal(lossCount);
      expect(lossCount).to.be.greaterThan(0n);
      await deliver(context);
      expect(await child.feed.getRate()).to.equal(0n);
    });

    it("shares still go over and come back, one for one", async () => {
      const { bridge, child, token, actors } = context;
      await bridge.connect(actors.bob).bridge(5n * ONE, actors.bob);
      await deliver(context);
      expect(await child.token.balanceOf(actors.bob)).to.equal(5n * ONE);
      const proof = await provenWithdrawal(
        context,
        child.adapter.connect(actors.alice).withdraw(40n * ONE, actors.carol),
      );
      await expect(bridge.receiveMessage(proof)).to.changeTokenBalance(token, actors.carol, 40n * ONE);
      expect(await bridge.locked()).to.equal(5n * ONE);
    });
  });

  it("costs under 110,000 gas, whatever was sent before", async () => {
    const { bridge } = context;
    const gasOf = async (): Promise<bigint> => (await (await bridge.syncRate()).wait())?.gasUsed ?? 0n;
    await gasOf();
    const early = await gasOf();
    for (let i = 0; i < 30; ++i) await gasOf();
    const late = await gasOf();
    expect(late - early).to.be.within(-64n, 64n);
    if (process.env.SOLIDITY_COVERAGE !== "true") expect(late).to.be.lessThan(110_000n);
  });
});
