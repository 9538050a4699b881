import { expect } from "chai";
import { AbiCoder, Interface, MaxUint256, toQuantity } from "ethers";
import type { JsonRpcProvider } from "ethers";

import { ONE } from "../../scripts/devnet/site";
import { DAY, pass } from "../../scripts/devnet/world";
import { checkpointTree } from "../../scripts/lib/bridge/checkpoint";
import { buildExit, messagePositions } from "../../scripts/lib/bridge/exit";
import { lastHeader } from "../../scripts/lib/bridge/headers";
import { readBlocks, readReceipt } from "../../scripts/lib/bridge/rpc";
import { STATE_RECEIVER } from "../../scripts/lib/bridge/stateSync";
import { FxChild__factory, FxRoot__factory, IRootChain__factory } from "../../typechain-types";

import { POLYGONS } from "./support/configuration";
import { checkpoints, delegateAll, now, sendShares, sentSync, stakePol } from "./support/flows";
import { REWARD_PRECISION, addCheckpoint, deliver } from "./support/powers";
import { forkSuite } from "./support/suite";
import type { World } from "./support/world";

const STATE_SENDER = new Interface(["function counter() view returns (uint256)"]);

/** Number of the last message that Polygon's StateSender took. */
async function lastSync({ ethereum }: World): Promise<bigint> {
  const to = await FxRoot__factory.connect(POLYGONS.fxRoot, ethereum).stateSender();
  return BigInt(await ethereum.call({ to, data: STATE_SENDER.encodeFunctionData("counter") }));
}

/** Polygon's blocks go on from where its checkpoints end: two forks may be of different times. */
async function mineBeyond(node: JsonRpcProvider, header: { readonly end: bigint } | undefined): Promise<void> {
  const behind = (header?.end ?? 0n) - BigInt(await node.getBlockNumber());
  if (behind > 0n) await node.send("anvil_mine", [toQuantity(behind)]);
}

describe("Fork: the bridge, over FxRoot and FxChild", () => {
  const get = forkSuite();

  it("A99: sends a deposit through FxRoot to StateSender: who, to whom, and the message word by word", async () => {
    const world = get();
    const { system, bridge, child, above, ethereum } = world;
    await stakePol(world, "alice", 1_000n * ONE);
    const before = await lastSync(world);
    const { stateId, receiver, data } = await sendShares(world, "alice", 400n * ONE, "bob");

    expect([stateId, receiver]).to.deep.equal([before + 1n, POLYGONS.fxChild]);
    const words = [1n, 1n, 1n, above("bob").address, 400n * ONE, 1_001n * ONE, 1_001n * ONE, 0n, await now(ethereum)];
    const coder = AbiCoder.defaultAbiCoder();
    const types = ["uint8", "uint8", "uint64", "address", "uint256", "uint256", "uint256", "uint256", "uint256"];
    const message = coder.encode(types, words);
    expect(data).to.equal(
      coder.encode(
        ["address", "address", "bytes"],
        [await bridge.getAddress(), await child.adapter.getAddress(), message],
      ),
    );
    expect(await system.token.balanceOf(bridge)).to.equal(400n * ONE);
    expect(await system.token.balanceOf(above("alice"))).to.equal(600n * ONE);
  });

  it("mints on Polygon what FxChild brings from StateReceiver, and the rate comes with it", async () => {
    const world = get();
    const { system, child, below, polygon } = world;
    await stakePol(world, "alice", 1_000n * ONE);
    const sync = await sendShares(world, "alice", 400n * ONE, "bob");
    await expect(child.token.ratio()).to.be.revertedWithCustomError(child.feed, "NoRate");

    await deliver(polygon, sync);

    expect(await child.token.balanceOf(below("bob"))).to.equal(400n * ONE);
    expect(await child.token.totalSupply()).to.equal(400n * ONE);
    expect(await child.feed.totals()).to.deep.equal([1_001n * ONE, 1_001n * ONE]);
    expect(await child.token.ratio()).to.equal(await system.token.ratio());
    // Once is once.
    const fxChild = FxChild__factory.connect(POLYGONS.fxChild, polygon);
    await expect(fxChild.onStateReceive.staticCall(sync.stateId, sync.data, { from: STATE_RECEIVER }))
      .to.be.revertedWithCustomError(child.adapter, "MessageConsumed")
      .withArgs(1n);
  });

  it("takes the rate on Polygon after Ethereum's, and keeps the newest when messages change places", async () => {
    const world = get();
    const { system, bridge, child, above, below, polygon } = world;
    await stakePol(world, "alice", 100_000n * ONE);
    await delegateAll(world);
    const first = await sendShares(world, "alice", 100n * ONE);
    await deliver(polygon, first);

    await checkpoints(world, 48n, REWARD_PRECISION / 1_000n, DAY);
    await system.pool.connect(above("stranger")).harvest([]);
    await pass(world, 7n * DAY);
    const late = await sendShares(world, "alice", 50n * ONE);
    await checkpoints(world, 48n, REWARD_PRECISION / 1_000n, DAY);
    await system.pool.connect(above("stranger")).harvest([]);
    await pass(world, 7n * DAY);
    const rate = await sentSync(world, await bridge.connect(above("stranger")).syncRate());

    expect(await child.token.ratio()).to.equal(ONE);
    await deliver(polygon, rate);
    const ratio = await system.token.ratio();
    expect(ratio < ONE).to.equal(true);
    expect(await child.token.ratio()).to.equal(ratio);
    expect(await child.feed.totals()).to.deep.equal([
      await system.pool.totalAssets(),
      await system.token.totalSupply(),
    ]);
    await deliver(polygon, late);
    expect(await child.token.balanceOf(below("alice"))).to.equal(150n * ONE);
    expect(await child.token.ratio()).to.equal(ratio);
  });

  it("believes nobody else on Ethereum, though FxChild brings what anyone sends", async () => {
    const world = get();
    const { child, ethereum, polygon, above } = world;
    const fxRoot = FxRoot__factory.connect(POLYGONS.fxRoot, above("stranger"));
    const forged = await fxRoot.sendMessageToChild(child.adapter, "0x1234");
    const sync = await sentSync({ ethereum }, forged);
    const fxChild = FxChild__factory.connect(POLYGONS.fxChild, polygon);
    await expect(fxChild.onStateReceive.staticCall(sync.stateId, sync.data, { from: STATE_RECEIVER }))
      .to.be.revertedWithCustomError(child.adapter, "ForeignSender")
      .withArgs(above("stranger").address);
    await expect(
      fxChild.onStateReceive.staticCall(sync.stateId, sync.data, { from: above("stranger") }),
    ).to.be.revertedWith("Invalid sender");
  });

  it("brings shares back by a proof against a checkpoint in RootChain, once", async () => {
    const world = get();
    const { system, bridge, child, above, below, ethereum, polygon } = world;
    await stakePol(world, "alice", 1_000n * ONE);
    await deliver(polygon, await sendShares(world, "alice", 400n * ONE));
    await child.token.connect(below("alice")).approve(child.adapter, MaxUint256);
    const rootChain = IRootChain__factory.connect(POLYGONS.rootChain, ethereum);
    await mineBeyond(polygon, await lastHeader(rootChain));

    const { hash } = await child.adapter.connect(below("alice")).withdraw(150n * ONE, below("bob"));
    expect(await child.token.balanceOf(below("alice"))).to.equal(250n * ONE);
    const { blockNumber } = await readReceipt(polygon, hash);
    await polygon.send("anvil_mine", ["0x3"]);
    const [start, end] = [blockNumber, blockNumber + 3n];
    const { root } = checkpointTree(await readBlocks(polygon, start, end));
    await addCheckpoint(ethereum, POLYGONS.rootChain, { root, start, end });
    const [position = 0] = messagePositions(await readReceipt(polygon, hash), await child.adapter.getAddress());
    const proof = await buildExit({ child: polygon, rootChain, transaction: hash, position });
    const exiting = bridge.connect(above("stranger"));
    await exiting.receiveMessage(proof);

    expect(await system.token.balanceOf(above("bob"))).to.equal(150n * ONE);
    expect(await bridge.locked()).to.equal(250n * ONE);
    await expect(exiting.receiveMessage.staticCall(proof)).to.be.revertedWithCustomError(bridge, "ExitConsumed");
  });
});
