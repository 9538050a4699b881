import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";

import { ONE, requestId } from "../../support/fixture";
import { runGuide } from "../../support/guides";
import { legacyFixture } from "../../support/legacy";

describe("guide: move from aMATICb", () => {
  it("switches half by permit for 0.3 %, and requests the POL of the rest", async () => {
    const { bond, switcher, token, pool, actors } = await legacyFixture();
    const { alice } = actors;
    await bond.connect(alice).approve(switcher, 0n);
    const held = await token.balanceOf(alice);
    const guide = await runGuide("from-aMATICb", {
      you: alice,
      now: await time.latest(),
      at: { AMATICb: await bond.getAddress(), BondSwitcher: await switcher.getAddress() },
    });

    await guide.next();
    expect(guide.scope.shares).to.equal(50_000n * ONE);
    expect(guide.scope.fee).to.equal(150n * ONE);
    expect(guide.scope.received).to.equal(49_850n * ONE);

    await guide.next();
    expect((await token.balanceOf(alice)) - held).to.equal(49_850n * ONE);
    expect(await bond.sharesOf(alice)).to.equal(50_000n * ONE);

    await guide.next();
    expect(await bond.sharesOf(alice)).to.equal(0n);
    expect(await pool.requestsOf(alice)).to.deep.equal([requestId(1n, alice.address)]);
    expect((await pool.requestOf(requestId(1n, alice.address))).assets).to.equal(50_000n * ONE);
    expect(guide.left()).to.equal(0);
  });
});
