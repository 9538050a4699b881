import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { bridgedFixture } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { expectBacked, lastTime, messagesDown, setOn } from "../../support/bridgeEnds";
import { ONE } from "../../support/fixture";
import { SHARE_DOMAIN, signNextPermit } from "../../support/permit";

describe("BridgeAdapter, bridgeWithPermit", () => {
  const SHARES = 30n * ONE;
  let context: BridgedContext;
  let deadline: bigint;

  beforeEach(async () => {
    context = await bridgedFixture();
    const { token, bridge, actors } = context;
    await token.connect(actors.alice).approve(bridge, 0n);
    deadline = (await lastTime()) + 1_000n;
  });

  afterEach(() => expectBacked(context));

  async function permitOf(value = SHARES, until = deadline) {
    const { token, bridge, actors } = context;
    const terms = { spender: await bridge.getAddress(), value, deadline: until };
    const { v, r, s } = await signNextPermit(actors.alice, token, SHARE_DOMAIN, terms);
    return { value, deadline: until, v, r, s };
  }

  it("locks and sends as bridge does, without an allowance before, and leaves none", async () => {
    const { bridge, token, actors } = context;
    const alice = bridge.connect(actors.alice);
    const permit = await permitOf();
    expect(await alice.bridgeWithPermit.staticCall(SHARES, actors.bob, permit)).to.equal(1n);
    const sent = await alice.bridgeWithPermit(SHARES, actors.bob, permit);
    await expect(sent).to.changeTokenBalances(token, [actors.alice, bridge], [-SHARES, SHARES]);
    await expect(sent).to.emit(bridge, "DepositSent").withArgs(1n, actors.alice.address, actors.bob.address, SHARES);
    const [message] = await messagesDown(context, sent);
    expect(message?.words).to.include({ kind: 1n, receiver: BigInt(actors.bob.address), shares: SHARES });
    expect(await token.allowance(actors.alice, bridge)).to.equal(0n);
    expect(await bridge.locked()).to.equal(SHARES);
  });

  it("A18: works when somebody has submitted the permit before", async () => {
    const { bridge, token, actors } = context;
    const permit = await permitOf();
    await token
      .connect(actors.stranger)
      .permit(actors.alice, bridge, permit.value, permit.deadline, permit.v, permit.r, permit.s);
    await bridge.connect(actors.alice).bridgeWithPermit(SHARES, actors.bob, permit);
    expect(await bridge.locked()).to.equal(SHARES);
  });

  it("A18: works with a permit that is late or wrong, if there is an allowance", async () => {
    const { bridge, token, actors } = context;
    await token.connect(actors.alice).approve(bridge, 2n * SHARES);
    const permit = await permitOf();
    await bridge.connect(actors.alice).bridgeWithPermit(SHARES, actors.bob, { ...permit, v: permit.v ^ 7 });
    await bridge.connect(actors.alice).bridgeWithPermit(SHARES, actors.bob, { ...permit, deadline: 1n });
    expect(await bridge.locked()).to.equal(2n * SHARES);
    expect(await token.nonces(actors.alice)).to.equal(0n);
  });

  it("A18: a stranger cannot use it, nor move what its signer allowed", async () => {
    const { bridge, token, actors } = context;
    const stranger = bridge.connect(actors.stranger);
    const permit = await permitOf();
    await expect(stranger.bridgeWithPermit(SHARES, actors.stranger, permit))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(await bridge.getAddress(), 0n, SHARES);
    await token.connect(actors.alice).approve(bridge, SHARES);
    for (const call of [
      () => stranger.bridgeWithPermit(SHARES, actors.stranger, permit),
      () => stranger.bridge(SHARES, actors.stranger),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(await bridge.getAddress(), 0n, SHARES);
    }
  });

  it("a permit of less than the shares is not enough", async () => {
    const { bridge, token, actors } = context;
    await expect(bridge.connect(actors.alice).bridgeWithPermit(SHARES, actors.bob, await permitOf(SHARES - 1n)))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(await bridge.getAddress(), SHARES - 1n, SHARES);
  });

  it("a permit whose time has passed is no permit", async () => {
    const { bridge, token, actors } = context;
    const late = await permitOf(SHARES, (await lastTime()) - 1n);
    await expect(bridge.connect(actors.alice).bridgeWithPermit(SHARES, actors.bob, late))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(await bridge.getAddress(), 0n, SHARES);
  });

  it("refuses what bridge refuses, and then leaves the permit unused", async () => {
    const { bridge, child, token, actors } = context;
    const alice = bridge.connect(actors.alice);
    const permit = await permitOf();
    const peer = await child.adapter.getAddress();
    await expect(alice.bridgeWithPermit(0n, actors.bob, permit)).to.be.revertedWithCustomError(bridge, "ZeroShares");
    await expect(alice.bridgeWithPermit(SHARES, ZeroAddress, permit)).to.be.revertedWithCustomError(
      bridge,
      "ZeroAddress",
    );
    await expect(alice.bridgeWithPermit(SHARES, peer, permit))
      .to.be.revertedWithCustomError(bridge, "ReceiverIsDeadEnd")
      .withArgs(peer);
    await setOn(context, "setLockCap", SHARES - 1n);
    deadline = (await lastTime()) + 1_000n;
    await expect(alice.bridgeWithPermit(SHARES, actors.bob, await permitOf()))
      .to.be.revertedWithCustomError(bridge, "AboveLockCap")
      .withArgs(SHARES, SHARES - 1n);
    expect(await token.nonces(actors.alice)).to.equal(0n);
    expect(await token.allowance(actors.alice, bridge)).to.equal(0n);
  });
});
