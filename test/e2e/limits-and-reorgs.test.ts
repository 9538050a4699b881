import { expect } from "chai";

import { bridgeBooks } from "../../deploy/acceptance/bridge";
import { MESSAGE_SENT, buildExit } from "../../scripts/lib/bridge/exit";
import { ONE } from "../../scripts/devnet/site";
import { DAY, pass } from "../../scripts/devnet/world";
import { relayOnce } from "../../scripts/lib/relayer/loop";
import { HELD, LIMITS, lock, relayAll, sharesAbove, sharesBelow, twoChains, withdraw } from "../support/twoChains";

describe("e2e: limits of the bridge, and blocks of Polygon that vanish", () => {
  const get = twoChains();

  it("lets a deposit above the limit on Polygon wait, in the way of nobody, until a stranger has it paid", async () => {
    const world = get();
    const { child, accounts, below } = world;
    const { relay } = world.relayer();
    await lock(world, 15_000n * ONE, "alice");
    await lock(world, 10n * ONE, "bob");
    await relayAll(relay);
    // What refilled between the two deliveries is a matter of seconds.
    const [alice, bob] = [await sharesBelow(world, "alice"), await sharesBelow(world, "bob")];
    expect(alice).to.equal(LIMITS.mintingLimitWei);
    expect(await child.adapter.totalPending()).to.equal(5_010n * ONE - bob);
    expect(await bridgeBooks(world.bridge, child)).to.include({
      minted: alice + bob,
      pendingMints: 5_010n * ONE - bob,
    });

    await pass(world, DAY);
    const payer = child.adapter.connect(below("stranger"));
    await payer.payPending(accounts.alice.address);
    await payer.payPending(accounts.bob.address);
    expect(await sharesBelow(world, "alice")).to.equal(15_000n * ONE);
    expect(await sharesBelow(world, "bob")).to.equal(10n * ONE);
    expect(await child.adapter.totalPending()).to.equal(0n);
  });

  it("lets a withdrawal above the daily limit on Ethereum wait, until a stranger has it paid", async () => {
    const world = get();
    const { bridge, child, accounts, above } = world;
    const { relay } = world.relayer();
    for (let day = 0; day < 2; day++) {
      await lock(world, 8_000n * ONE, "alice");
      await relayAll(relay);
      await pass(world, DAY);
    }
    await withdraw(world, 16_000n * ONE, "alice", "carol");
    await relayAll(relay);
    expect(await sharesAbove(world, "carol")).to.equal(HELD + LIMITS.releaseLimitWei);
    expect(await bridge.pendingOf(accounts.carol.address)).to.equal(6_000n * ONE);
    const books = await bridgeBooks(bridge, child);
    expect(books).to.include({ locked: 0n, pendingReleases: 6_000n * ONE, held: 6_000n * ONE });
    expect(await relayOnce(relay)).to.equal(0);

    await pass(world, DAY);
    await bridge.connect(above("stranger")).payPending(accounts.carol.address);
    expect(await sharesAbove(world, "carol")).to.equal(HELD + 16_000n * ONE);
    expect(await bridgeBooks(bridge, child)).to.include({ pendingReleases: 0n, held: 0n });
  });

  it("pays nothing for a withdrawal that vanished with its block before the checkpoint", async () => {
    const world = get();
    const { polygon, child, fx } = world;
    const { relay, events } = world.relayer();
    await lock(world, 100n * ONE, "alice");
    await relayAll(relay);
    const { hash: transaction } = await withdraw(world, 40n * ONE, "alice");
    await polygon.send("anvil_reorg", [1, []]);
    expect(await child.adapter.lastNonce()).to.equal(0n);
    expect(await sharesBelow(world, "alice")).to.equal(100n * ONE);
    await relayAll(relay);
    expect(events.filter(({ what }) => what.includes("exit"))).to.deep.equal([]);
    const failure = await buildExit({ child: polygon, rootChain: fx.rootChain, transaction, position: 0 }).then(
      () => "it was built",
      (error: unknown) => String(error),
    );
    expect(failure).to.contain(`The node has no receipt of transaction ${transaction}`);
    expect(await sharesAbove(world, "alice")).to.equal(HELD - 100n * ONE);
  });

  it("pays a withdrawal once that came again in another block", async () => {
    const world = get();
    const { polygon, bridge } = world;
    const { relay, events } = world.relayer();
    await lock(world, 100n * ONE, "alice");
    await relayAll(relay);
    const first = await withdraw(world, 40n * ONE, "alice");
    await polygon.send("anvil_reorg", [1, []]);
    await polygon.send("evm_mine", []);
    const again = await withdraw(world, 40n * ONE, "alice");
    expect(again.blockNumber).not.to.equal(first.blockNumber);
    await relayAll(relay);
    expect(events.filter(({ what }) => what === "proved exit")).to.have.lengthOf(1);
    expect(await sharesAbove(world, "alice")).to.equal(HELD - 60n * ONE);
    expect(await bridge.locked()).to.equal(60n * ONE);
  });

  it("delivers again what vanished on Polygon with its block", async () => {
    const world = get();
    const { polygon, fx } = world;
    const { relay } = world.relayer();
    await lock(world, 100n * ONE, "alice");
    await relayOnce({ ...relay, checkpointBlocks: 1_000n });
    await polygon.send("anvil_reorg", [1, []]);
    expect(await fx.stateReceiver.lastStateId()).to.equal(0n);
    expect(await bridgeBooks(world.bridge, world.child)).to.include({ minted: 0n, inFlightDown: 100n * ONE });
    await relayAll(relay);
    expect(await sharesBelow(world, "alice")).to.equal(100n * ONE);
  });

  it("does not pay a withdrawal again that was proven, vanished, and came again in a later block", async () => {
    const world = get();
    const { polygon, bridge, fx, above } = world;
    const { relay } = world.relayer();
    await lock(world, 100n * ONE, "alice");
    await relayAll(relay);
    await withdraw(world, 40n * ONE, "alice");
    await relayAll(relay);
    await polygon.send("anvil_reorg", [1, []]);
    const { hash: transaction, logs } = await withdraw(world, 40n * ONE, "alice");
    expect(await relayOnce(relay)).to.equal(1);
    const position = logs.findIndex(({ topics }) => topics[0] === MESSAGE_SENT);
    const proof = await buildExit({ child: polygon, rootChain: fx.rootChain, transaction, position });
    const refusal = bridge.connect(above("stranger")).receiveMessage.staticCall(proof);
    await expect(refusal).to.be.revertedWithCustomError(bridge, "MessageConsumed").withArgs(1n);
    expect(await sharesAbove(world, "alice")).to.equal(HELD - 60n * ONE);
  });

  it("proves nothing that the checkpoint does not know, until the checkpoint is another", async () => {
    const world = get();
    const { polygon, bridge, fx, above } = world;
    const { relay, events } = world.relayer();
    await lock(world, 100n * ONE, "alice");
    await relayAll(relay);
    const fork: unknown = await polygon.send("evm_snapshot", []);
    await withdraw(world, 40n * ONE, "alice");
    await relayOnce({ ...relay, exits: false });
    // The same withdrawal at the same height, but of another block than the checkpoint's.
    await polygon.send("evm_revert", [fork]);
    await polygon.send("evm_increaseTime", [60]);
    await withdraw(world, 40n * ONE, "alice");
    await relayOnce({ ...relay, checkpointBlocks: 1_000n });
    const refusals = events.flatMap((event) => (event.what === "exit refused" ? [event.reason] : []));
    expect(refusals).to.have.lengthOf(1);
    expect(refusals[0]).to.contain("make the root");
    expect(await bridge.locked()).to.equal(100n * ONE);

    // Polygon's validators have deleted checkpoints before.
    const header = await fx.rootChain.currentHeaderBlock();
    await fx.rootChain.connect(above("proposer")).setNextHeaderBlock(header);
    await relayAll(relay);
    expect(await bridge.locked()).to.equal(60n * ONE);
    expect(await sharesAbove(world, "alice")).to.equal(HELD - 60n * ONE);
  });
});
