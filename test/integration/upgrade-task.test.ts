import { setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, keccak256 } from "ethers";
import hre, { ethers } from "hardhat";

import type { Book } from "../../deploy/book";
import { timeOf } from "../../scripts/lib/times";
import { runExecute, runPrepare } from "../../scripts/upgrade/run";
import type { Checks, PrepareOptions } from "../../scripts/upgrade/run";
import { PolygonPool__factory } from "../../typechain-types";
import { failureOf } from "../support/failures";
import { batchIn, differencesAbove, differencesBelow, officeWith, rehearsed, sendBatch } from "../support/rehearsed";
import type { Rehearsed, TestOffice } from "../support/rehearsed";
import { implementationOf, upgradeCall } from "../support/upgrades";
import { PolygonPool__Next__factory, SwapPool__Next__factory } from "../typechain-types";

const WEEK = 7n * 86_400n;

const SAFE: Checks = { safety: async () => Promise.resolve([]), layout: async () => Promise.resolve(undefined) };
const POOL: PrepareOptions = { contract: "PolygonPool", send: false, dryRun: false };

describe("npx hardhat upgrade", () => {
  let world: Rehearsed;
  let office: TestOffice;
  let book: Book;

  beforeEach(async () => {
    world = await rehearsed();
    // What was deployed is of older sources: the present ones are the upgrade.
    book = await aged(world.below, "PolygonPool.implementation", PolygonPool__Next__factory.bytecode);
    office = await officeWith(book, [world.deployer]);
  });

  /** Exchanges an implementation for another with the same arguments, as if that had been deployed from the start. */
  async function aged(of: Book, name: string, bytecode: string): Promise<Book> {
    const known = of.contracts[name];
    if (known === undefined) throw new Error(`the book has no ${name}`);
    const sent = await world.deployer.sendTransaction({ data: `${bytecode}${known.args.slice(2)}` });
    const elsewhere = (await sent.wait())?.contractAddress ?? ZeroAddress;
    const code = (await ethers.provider.getCode(elsewhere)).replaceAll(
      elsewhere.slice(2).toLowerCase(),
      known.address.slice(2).toLowerCase(),
    );
    await setCode(known.address, code);
    return { ...of, contracts: { ...of.contracts, [name]: { ...known, codeHash: keccak256(code) } } };
  }

  const prepare = async (change: Partial<PrepareOptions> = {}, at = office): Promise<void> =>
    runPrepare({ ...POOL, ...change }, at, SAFE);
  const execute = async (change: { send?: boolean; out?: string } = {}, at = office): Promise<void> =>
    runExecute({ contract: "PolygonPool", send: false, ...change }, at);

  async function preparedAddress(): Promise<string> {
    return (await office.written()).upgrades.PolygonPool?.at(-1)?.address ?? ZeroAddress;
  }

  describe("upgrade:prepare", () => {
    it("deploys with the arguments of the present implementation, writes it down, and shows schedule and dates", async () => {
      const { pool } = world.system;
      const present = await implementationOf(pool);
      await prepare({ out: office.out });
      const [upgrade] = (await office.written()).upgrades.PolygonPool ?? [];
      if (upgrade === undefined) throw new Error("nothing was written down");
      expect(upgrade.args).to.equal(book.contracts["PolygonPool.implementation"]?.args);
      expect(upgrade.codeHash).to.equal(keccak256(await ethers.provider.getCode(upgrade.address)));
      expect(upgrade.executed).to.equal(false);
      expect(await PolygonPool__factory.connect(upgrade.address, ethers.provider).DELEGATOR()).to.equal(
        await world.system.delegator.getAddress(),
      );
      expect(await implementationOf(pool)).to.equal(present);

      const from = BigInt(await time.latest()) + WEEK;
      const data = upgradeCall(upgrade.address);
      const abi = world.system.manager.interface;
      expect(office.printed).to.include(`  may be called by the upgrader: ${world.upgrader.address} (delay of 7 days)`);
      expect(office.printed).to.include("  would go through now");
      expect(office.printed).to.include(
        `  scheduled now, it can be executed from ${timeOf(from)} until ${timeOf(from + WEEK)}`,
      );
      const schedule = await batchIn(office, "PolygonPool.upgrade.schedule");
      const [call] = schedule.transactions;
      expect(call?.data).to.equal(abi.encodeFunctionData("schedule", [await pool.getAddress(), data, 0n]));
    });

    it("checks layout and safety first, from the command line", async () => {
      const printed: string[] = [];
      const print = (line: string): number => printed.push(line);
      await hre.run("upgrade:prepare", { contract: "PolygonPool", dryRun: true, book: office.bookFile, print });
      expect(printed.at(-1)).to.match(/^Dry run: .* would deploy it at 0x.*, for [\d,]+ gas\. Nothing is sent\.$/);
      expect((await office.written()).upgrades).to.deep.equal({});
      const since = await failureOf(
        hre.run("upgrade:prepare", { contract: "PolygonPool", since: "nowhere", book: office.bookFile, print }),
      );
      expect(since).to.contain("There is no audit/layouts/PolygonPool.json of nowhere");
    });

    it("deploys nothing if a check finds something", async () => {
      const nonce = await world.deployer.getNonce();
      const unsafe: Checks = {
        safety: async () => Promise.resolve(["it destroys itself"]),
        layout: async () => Promise.resolve("it moves the fee"),
      };
      expect(await failureOf(runPrepare(POOL, office, unsafe))).to.equal(
        "PolygonPool must not be upgraded to these sources:\nit destroys itself\nit moves the fee",
      );
      expect(await world.deployer.getNonce()).to.equal(nonce);
    });

    it("refuses to deploy what is there already", async () => {
      const young = await aged(book, "PolygonPool.implementation", PolygonPool__factory.bytecode);
      expect(young.contracts).to.deep.equal(world.below.contracts);
      const same = await officeWith(young, [world.deployer]);
      expect(await failureOf(prepare({}, same))).to.contain("is these sources already, with these arguments");
    });

    it("goes on with what an earlier run deployed", async () => {
      await prepare();
      const nonce = await world.deployer.getNonce();
      await prepare();
      expect(await world.deployer.getNonce()).to.equal(nonce);
      expect((await office.written()).upgrades.PolygonPool).to.have.length(1);
    });

    it("gives up one that was never scheduled for another, and refuses while one is scheduled", async () => {
      await prepare();
      const first = await preparedAddress();
      const args = await otherTreasury();
      await prepare({ args });
      expect(office.printed).to.include(`${first}, which was prepared and not scheduled, is given up`);
      const second = await preparedAddress();
      expect(second).not.to.equal(first);
      expect((await office.written()).upgrades.PolygonPool).to.have.length(1);
      expect(await PolygonPool__factory.connect(second, ethers.provider).TREASURY()).to.equal(world.stranger.address);

      await world.system.manager.connect(world.upgrader).schedule(world.system.pool, upgradeCall(second), 0);
      const failure = await failureOf(prepare());
      expect(failure).to.contain(`Another upgrade of PolygonPool is scheduled, to ${second}`);
      expect(failure).to.contain(
        `npx hardhat govern --contract PolygonPool --function upgradeToAndCall --args ${second},0x --cancel`,
      );
    });

    /** The present arguments with another treasury, as on the command line. */
    async function otherTreasury(): Promise<string> {
      const { pool } = world.system;
      const { polygon } = world.ethereum.params;
      const wiring = [
        await world.system.token.getAddress(),
        await world.system.delegator.getAddress(),
        ...[polygon.pol, polygon.matic, polygon.migration],
        world.stranger.address,
        await pool.LEGACY_BOND(),
      ];
      return `[${wiring.join(",")}]`;
    }

    it("encodes the call that goes with it", async () => {
      const calling = await officeWith(book, [world.deployer]);
      // Any function does: what it does is the next version's.
      expect(await failureOf(prepare({ call: "transferFrom", callArgs: "1" }, calling))).to.contain(
        "PolygonPool has no function transferFrom that changes anything: `npx hardhat govern",
      );
      expect(await failureOf(prepare({ callArgs: "1" }))).to.contain("--call-args needs --call");
      await prepare({ call: "setOperator", callArgs: `${world.stranger.address},true` });
      expect((await office.written()).upgrades.PolygonPool?.[0]?.migration).to.equal(
        world.system.pool.interface.encodeFunctionData("setOperator", [world.stranger.address, true]),
      );
      expect(office.printed.some((line) => line.includes(" and setOperator at "))).to.equal(true);
    });

    it("says what is missing: a book, a proxy of the name, its code, a key", async () => {
      const { PolygonPool: pool } = book.contracts;
      if (pool === undefined) throw new Error("the book has it");
      const at = world.stranger.address;
      const empty = await officeWith(
        { ...book, contracts: { ...book.contracts, PolygonPool: { ...pool, address: at } } },
        [world.deployer],
      );
      expect(await failureOf(prepare({}, empty))).to.equal(
        `PolygonPool has no code at ${at}, where ${empty.bookFile} has it: is the node behind, or another chain of the ` +
          "same number?",
      );
      expect(await failureOf(prepare({ contract: "PoolLens" }))).to.contain("has no proxy PoolLens");
      const keyless = await officeWith(book, []);
      expect(await failureOf(prepare({}, keyless))).to.contain("No key can deploy on hardhat");
    });
  });

  describe("upgrade:execute", () => {
    it("says from when it can, then executes, and looks at the proxy", async () => {
      const own = await officeWith(book, [world.deployer, world.upgrader]);
      await prepare({ send: true }, own);
      const readyAt = BigInt(await time.latest()) + WEEK;
      const early = await failureOf(execute({ send: true }, own));
      expect(early).to.contain(`It cannot be executed yet: from ${timeOf(readyAt)}`);
      await time.increaseTo(readyAt);
      await execute({ send: true }, own);
      const [upgrade] = (await own.written()).upgrades.PolygonPool ?? [];
      expect(upgrade?.executed).to.equal(true);
      expect(await implementationOf(world.system.pool)).to.equal(upgrade?.address);
      expect(await failureOf(execute({}, own))).to.contain("has no upgrade of PolygonPool to execute");
    });

    it("shows the call for a Safe, and notes afterwards that it was executed", async () => {
      await prepare({ out: office.out });
      await sendBatch(await batchIn(office, "PolygonPool.upgrade.schedule"), world.upgrader);
      await time.increase(WEEK);
      await execute({ out: office.out });
      expect(office.printed.at(-1)).to.contain("Once it is executed, run this again");
      expect((await office.written()).upgrades.PolygonPool?.[0]?.executed).to.equal(false);
      await sendBatch(await batchIn(office, "PolygonPool.upgrade.execute"), world.upgrader);
      await execute();
      expect((await office.written()).upgrades.PolygonPool?.[0]?.executed).to.equal(true);
    });

    it("does not execute code that is no longer what was deployed", async () => {
      await prepare();
      await setCode(await preparedAddress(), "0x00");
      expect(await failureOf(execute())).to.contain("do not upgrade");
    });

    it("does not go on from an implementation that the book does not know", async () => {
      const next = await implementationOf(world.system.delegator);
      await world.system.manager.connect(world.upgrader).schedule(world.system.pool, upgradeCall(next), 0);
      await time.increase(WEEK);
      await world.system.manager.connect(world.upgrader).execute(world.system.pool, upgradeCall(next));
      expect(await failureOf(prepare())).to.contain(`which ${office.bookFile} does not know`);
    });
  });

  describe("verify-state", () => {
    const run = async (address: string): Promise<void> => {
      const { manager, pool } = world.system;
      await manager.connect(world.upgrader).schedule(pool, upgradeCall(address), 0);
      await time.increase(WEEK);
      await manager.connect(world.upgrader).execute(pool, upgradeCall(address));
    };

    it("accepts an upgrade that was prepared, that was executed, and that was noted", async () => {
      const [before] = await differencesBelow(world, book);
      expect(before)
        .to.contain("PolygonPool.implementation: its code at")
        .and.to.contain("is not what is to be deployed");
      await prepare();
      expect(await differencesBelow(world, await office.written())).to.deep.equal([]);
      await run(await preparedAddress());
      expect(await differencesBelow(world, await office.written())).to.deep.equal([]);
      await execute();
      expect(await differencesBelow(world, await office.written())).to.deep.equal([]);
    });

    it("accepts no other implementation, and no return to the one before", async () => {
      await prepare();
      const first = await implementationOf(world.system.pool);
      await run(await preparedAddress());
      await execute();
      await run(first);
      const [found] = await differencesBelow(world, await office.written());
      expect(found).to.contain("PolygonPool: its implementation at").and.to.contain("is not what is to be deployed");
    });

    it("accepts no prepared implementation whose code is not that of the sources", async () => {
      await prepare();
      const prepared = await preparedAddress();
      await setCode(prepared, "0x00");
      const [found] = await differencesBelow(world, await office.written());
      expect(found).to.contain(`PolygonPool, upgraded: its code at ${prepared}`);
    });

    it("holds on Polygon, too", async () => {
      const above = await aged(world.above, "SwapPool.implementation", SwapPool__Next__factory.bytecode);
      const own = await officeWith(above, [world.deployer, world.upgrader]);
      expect(await differencesAbove(world, above)).to.have.length(1);
      await prepare({ contract: "SwapPool", send: true }, own);
      expect(await differencesAbove(world, await own.written())).to.deep.equal([]);
      await time.increase(WEEK);
      await runExecute({ contract: "SwapPool", send: true }, own);
      expect(await differencesAbove(world, await own.written())).to.deep.equal([]);
    });
  });
});
