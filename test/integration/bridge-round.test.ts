import { expect } from "chai";

import { bridgeDifferences } from "../../deploy/bridge";
import { bridgedFixture, deliver, HELD, provenWithdrawal } from "../support/bridge";
import { ONE } from "../support/fixture";

describe("A round over the bridge, with a real proof", () => {
  it("brings shares to Polygon and back, to the wei", async () => {
    const context = await bridgedFixture();
    const { bridge, child, token, actors } = context;
    const { alice, bob, carol } = actors;
    expect(await bridgeDifferences(bridge, child)).to.deep.equal([]);

    await bridge.connect(alice).bridge(1_000n * ONE, bob);
    expect(await bridge.locked()).to.equal(1_000n * ONE);
    await deliver(context);
    expect(await child.token.balanceOf(bob)).to.equal(1_000n * ONE);
    expect(await child.feed.lastNonce()).to.equal(1n);

    const proof = await provenWithdrawal(context, child.adapter.connect(bob).withdraw(400n * ONE, carol));
    await bridge.receiveMessage(proof);
    expect(await token.balanceOf(carol)).to.equal(HELD + 400n * ONE);
    expect(await bridge.locked()).to.equal(600n * ONE);
    expect(await child.adapter.minted()).to.equal(600n * ONE);
  });
});
