import { expect } from "chai";
import { ethers } from "hardhat";

import type { SendOptions } from "../../../scripts/bridge/send";
import { bridgedFixture, deliver, submitCheckpoint } from "../../support/bridge";
import { twoChains } from "../../support/bridgeTasks";
import type { TwoChains } from "../../support/bridgeTasks";
import { ONE } from "../../support/fixture";
import { commandsOf, runGuide } from "../../support/guides";
import { watchLedgers } from "../../support/ledgers";

describe("guide: bridge both ways", () => {
  it("by its commands: to Polygon, back, and the proof", async () => {
    const context = await bridgedFixture();
    watchLedgers(context);
    const { token, child, actors } = context;
    const { alice } = actors;
    const chains: TwoChains = await twoChains(context);
    try {
      const signers = { network: { signers: [alice] } };
      const [send, status, back, backStatus, exit, ...more] = await commandsOf("bridge");
      expect(more).to.deep.equal([]);
      const side = (network: string | undefined): "ethereum" | "polygon" =>
        network === "mainnet" ? "ethereum" : "polygon";
      const optionsOf = (command: typeof send): Partial<SendOptions> => {
        const { amount, direction } = command?.args as Partial<SendOptions>;
        return { ...(amount === undefined ? {} : { amount }), ...(direction === undefined ? {} : { direction }) };
      };
      expect([send, status, back, backStatus, exit].map((command) => command?.task)).to.deep.equal([
        "bridge:send",
        "bridge:status",
        "bridge:send",
        "bridge:status",
        "bridge:exit",
      ]);

      await chains.send(side(send?.network), { ...optionsOf(send), ...signers });
      const sent = (await ethers.provider.getBlock("latest"))?.transactions[0] ?? "";
      await deliver(context);
      expect(await child.token.balanceOf(alice)).to.equal((25n * ONE) / 2n);
      const delivered = await chains.status(side(status?.network), { tx: sent });
      expect(delivered.lines.join("\n")).to.contain("Delivered and minted");

      await chains.send(side(back?.network), { ...optionsOf(back), ...signers });
      const withdrawn = (await ethers.provider.getBlock("latest"))?.transactions[0] ?? "";
      await submitCheckpoint(context);
      const provable = await chains.status(side(backStatus?.network), { tx: withdrawn });
      expect(provable.lines.join("\n")).to.contain("bridge:exit");
      const held = await token.balanceOf(alice);
      await chains.exit({ tx: withdrawn, ...signers });
      expect((await token.balanceOf(alice)) - held).to.equal(4n * ONE);
    } finally {
      await chains.close();
    }
  });

  it("by its program", async () => {
    const context = await bridgedFixture();
    const { bridge, token, child, actors } = context;
    const { alice, bob } = actors;
    const guide = await runGuide("bridge", {
      you: alice,
      youOnPolygon: bob,
      ethereum: ethers.provider,
      polygon: ethers.provider,
      at: {
        AnkrMATIC: await token.getAddress(),
        BridgeAdapter: await bridge.getAddress(),
        ChildAnkrMATIC: await child.token.getAddress(),
        ChildBridgeAdapter: await child.adapter.getAddress(),
      },
    });
    const held = await token.balanceOf(alice);
    await guide.next();
    await guide.next();
    expect(guide.scope.status).to.deep.equal({ is: "travelling" });
    await deliver(context);
    expect(await child.token.balanceOf(bob)).to.equal(5n * ONE);
    await guide.next();
    expect((guide.scope.backStatus as { is: string }).is).to.equal("unchecked");
    await submitCheckpoint(context);
    await guide.next();
    expect(guide.scope.done).to.deep.equal({ is: "proven", waiting: undefined });
    expect(held - (await token.balanceOf(alice))).to.equal(3n * ONE);
    expect(guide.left()).to.equal(0);
  });
});
