import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { GUARDIAN, UPGRADER, handOver } from "../../deploy/access";
import { powerDifferences } from "../../deploy/acceptance/powers";
import type { Order } from "../../deploy/acceptance/powers";
import { memoryJournal } from "../../deploy/book";
import type { Journal } from "../../deploy/book";
import { DAY, DEFAULTS, parseParams } from "../../deploy/params";
import type { Params } from "../../deploy/params";
import { deploySystem, finishSystem } from "../../deploy/system";
import type { System } from "../../deploy/system";
import { IERC20__factory } from "../../typechain-types";
import { fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { failureOf } from "../support/failures";
import { unwatchLedgers } from "../support/ledgers";

describe("What a deployment that was cut off takes for done", () => {
  let context: Context;
  let params: Params;
  let journal: Journal;

  beforeEach(async () => {
    context = await fixture();
    unwatchLedgers();
    const { roles, treasury, polygon, genesis } = context.params;
    params = parseParams({ ...DEFAULTS, roles, treasury, polygon, genesis });
    journal = memoryJournal(31_337n, context.actors.bob.address);
  });

  const deploy = async (as: Params): Promise<System> => deploySystem(context.actors.bob, as, undefined, journal);

  describe("with other parameters afterwards", () => {
    const another = (): Params => ({ ...params, genesis: { root: ethers.id("another list"), batches: 3n } });

    it("does not take a proxy that was initialized with those of then", async () => {
      const { bond } = await deploy(params);
      expect(await failureOf(deploy(another()))).to.contain(
        `AMATICb: its initialization at ${await bond.getAddress()} is not what is to be deployed`,
      );
    });

    it("nor one that it did not come to write down", async () => {
      const { bond } = await deploy(params);
      const written = Object.entries(journal.book.contracts);
      journal = {
        ...journal,
        book: { ...journal.book, contracts: Object.fromEntries(written.filter(([name]) => name !== "AMATICb")) },
      };
      expect(await failureOf(deploy(another()))).to.contain(
        `AMATICb: its initialization at ${await bond.getAddress()} is not what is to be deployed`,
      );
      await deploy(params);
      expect(journal.book.contracts.AMATICb?.address).to.equal(await bond.getAddress());
    });
  });

  it("A89: and goes on a week later with the hand-over, is never without an upgrader", async () => {
    const system = await deploy(params);
    const { manager } = system;
    let sent = 0;
    const cut: System["steps"] = {
      ...system.steps,
      once: async (name, isDone, send) => {
        if (++sent > 1) throw new Error("cut off");
        return system.steps.once(name, isDone, send);
      },
    };
    expect(await failureOf(handOver(cut, manager, params))).to.equal("cut off");
    await time.increase(7n * DAY);
    await handOver(system.steps, manager, params);
    expect(await manager.hasRole(UPGRADER, params.roles.upgrader)).to.deep.equal([true, params.delays.upgraderSeconds]);
  });

  it("A88: verification names a role, and a shorter delay, that are still to take effect", async () => {
    const system = await deploy(params);
    const { manager, factory } = system;
    const { bob, stranger } = context.actors;
    const order: Order<never> = {
      ...{ manager, factory, deployer: bob.address, governance: params, governed: {}, matrix: [] },
    };
    // What the deployer could do between two runs.
    await manager.connect(bob).setGrantDelay(GUARDIAN, DAY);
    await time.increase(5n * DAY);
    await manager.connect(bob).grantRole(GUARDIAN, stranger.address, 0n);
    await manager.connect(bob).grantRole(UPGRADER, params.roles.upgrader, params.delays.upgraderSeconds);
    await manager.connect(bob).grantRole(UPGRADER, params.roles.upgrader, 0n);
    const found = (await powerDifferences(order)).filter((line) => !line.startsWith("roles were given over"));
    expect(found).to.include(`guardian: ${stranger.address} is one, too`);
    expect(found).to.include(
      `upgrader: ${params.roles.upgrader} will have a delay of 0 s instead of ${params.delays.upgraderSeconds} s`,
    );
  });

  it("goes on with what is there, and ends as if it had not been", async () => {
    await deploy(params);
    const system = await deploy(params);
    await finishSystem(system, params);
    const pol = IERC20__factory.connect(params.polygon.pol, context.actors.bob);
    expect(await system.factory.closed()).to.equal(true);
    expect(await pol.allowance(context.actors.bob, system.pool)).to.equal(0n);
    expect(await system.token.totalSupply()).to.equal(params.seedWei);
  });
});
