import { expect } from "chai";

import { BATCH, request, stake } from "../support/exits";
import { ONE, checkpoints, fixture, unbond } from "../support/fixture";
import type { Context } from "../support/fixture";
import { rig } from "../support/keeper";

describe("keeper", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  it("finds nothing to do on a pool at rest", async () => {
    const { keeper, keys } = await rig(context);
    const [report] = await keeper.pass();
    expect(report).to.deep.equal({
      chain: "ethereum",
      done: 0,
      planned: 0,
      overtaken: 0,
      complete: true,
      failures: [],
    });
    expect(keys()).to.deep.equal([]);
  });

  it("settles, brings home, pays and delegates in one pass each", async () => {
    const { pool, autoClaim, actors, polygon } = context;
    const { alice, bob } = actors;
    await stake(context, alice, 10_000n * ONE);
    const first = await rig(context);
    await first.keeper.pass();
    expect(first.keys()).to.deep.equal(["delegate"]);

    await pool.connect(alice).setOperator(autoClaim, true);
    await request(context, alice, 100n * ONE);
    await stake(context, bob, 50n * ONE);
    await checkpoints(context);
    await first.keeper.pass();
    expect(first.keys().slice(1)).to.deep.equal(["settle 1"]);
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Closed);

    await unbond(context);
    const before = await polygon.pol.balanceOf(alice);
    await first.keeper.pass();
    console.log(first.lines.map((l) => JSON.stringify(l)).join("\n"));
    expect(first.keys().slice(2)).to.deep.equal(["finalize 1", `claim ${alice.address}`]);
    expect((await polygon.pol.balanceOf(alice)) - before).to.equal(100n * ONE);
  });
});
