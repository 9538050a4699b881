import { expect } from "chai";

import { MAX, ONE, fixture, requestId, unbond } from "../../support/fixture";
import { runGuide } from "../../support/guides";

describe("guide: unstake as an ERC-7540 client", () => {
  it("requests, waits, claims, and is paid by AutoClaim, with exact amounts", async () => {
    const context = await fixture();
    const { pool, lens, autoClaim, polygon, actors } = context;
    const { alice, stranger } = actors;
    await pool.connect(alice).deposit(100n * ONE, alice);
    // With nothing in the buffer, the requests wait for the unbonding.
    await pool.delegate(MAX);
    const before = await polygon.pol.balanceOf(alice);
    const guide = await runGuide("unstake", {
      you: alice,
      anyone: stranger,
      at: {
        PolygonPool: await pool.getAddress(),
        PoolLens: await lens.getAddress(),
        AutoClaim: await autoClaim.getAddress(),
      },
    });

    await guide.next();
    await guide.next();
    expect(guide.scope.requestId).to.equal(requestId(1n, alice.address));
    expect(guide.scope.assets).to.equal(40n * ONE);

    await guide.next();
    expect(guide.scope.pending).to.equal(40n * ONE);
    expect(guide.scope.claimable).to.equal(0n);

    await unbond(context);
    await guide.next();
    await guide.next();
    expect(guide.scope.shares).to.equal(40n * ONE);
    expect((await polygon.pol.balanceOf(alice)) - before).to.equal(40n * ONE);

    await guide.next();
    await pool.settleBatch();
    await unbond(context);
    await pool.finalizeBatch(2n);
    await guide.next();
    expect((await polygon.pol.balanceOf(alice)) - before).to.equal(50n * ONE);
    expect(guide.left()).to.equal(0);
  });
});
