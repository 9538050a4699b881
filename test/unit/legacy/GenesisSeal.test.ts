import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import fc from "fast-check";

import { asContract } from "../../support/asContract";
import { MAX, ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { callsOf } from "../../support/fuzzedCalls";
import { unwatchLedgers } from "../../support/ledgers";
import { GENESIS_SHARES, legacyFixture, threeHolders, unmintedFixture } from "../../support/legacy";
import { tries } from "../../support/properties";
import { implementationOf, upgradeCall } from "../../support/upgrades";

/** Calls of each function by each caller. */
const CALLS = 6;

describe("AMATICb: the seal of its genesis", () => {
  let context: Context;

  /** People of every role and none, and the contracts that aMATICb knows. */
  async function callers(): Promise<HardhatEthersSigner[]> {
    const { actors, switcher, pool, token, delegator, bond } = context;
    const contracts = await Promise.all([switcher, pool, token, delegator, bond].map(asContract));
    return [...Object.values<HardhatEthersSigner>({ ...actors }), ...contracts];
  }

  /** Calls every function of aMATICb, with any arguments, as everybody; returns how many calls went through. */
  async function callEverything(check: (what: string) => Promise<void>): Promise<{ tried: number; passed: number }> {
    const { bond, token, actors } = context;
    const everybody = await callers();
    const people = [actors.alice, actors.bob, actors.stranger].map(({ address }) => address);
    const accounts = [...people, ZeroAddress, await bond.getAddress()];
    for (const caller of everybody) {
      // Whoever calls could pay for a mint, and may move what others have.
      await token.connect(caller).approve(bond, MAX);
      await bond.connect(actors.alice).approve(caller, MAX);
    }
    let tried = 0;
    let passed = 0;
    for (const method of changingFunctionsOf(bond)) {
      const calls = fc.sample(callsOf(bond.interface, method, accounts), tries<string>(CALLS * everybody.length));
      for (const [index, data] of calls.entries()) {
        const caller = everybody[index % everybody.length] ?? actors.stranger;
        const sent = caller.sendTransaction({ to: bond, data, gasLimit: 3_000_000n });
        tried += 1;
        await sent.then(
          () => passed++,
          () => undefined,
        );
        await check(`${method.name} by ${caller.address}`);
      }
    }
    return { tried, passed };
  }

  it("A01, A50, Polygon-2: behind it, no call of any function by anyone raises the shares", async () => {
    context = await legacyFixture();
    unwatchLedgers();
    const { bond, token } = context;
    let shares = await bond.totalSharesSupply();
    expect(shares).to.equal(3n * GENESIS_SHARES);
    const { tried, passed } = await callEverything(async (what) => {
      const now = await bond.totalSharesSupply();
      expect(now, what).to.be.at.most(shares);
      shares = now;
    });
    expect(passed).to.be.greaterThan(tried / 40);
    expect(await token.balanceOf(bond)).to.be.at.least(shares);
    expect(await bond.genesisSealed()).to.equal(true);
  });

  it("A01, Polygon-2: before it, nothing but a batch of the list raises them", async () => {
    context = await unmintedFixture();
    unwatchLedgers();
    const { bond, token, pool, actors } = context;
    const { stranger } = actors;
    await pool.connect(stranger).mint(3n * GENESIS_SHARES, stranger);
    await token.connect(stranger).approve(bond, MAX);
    const { batches } = await threeHolders();
    const [first, last] = batches;
    if (first === undefined || last === undefined) throw new Error("the fixture's list has two batches");
    await bond.connect(stranger).mintGenesis(first.batch, [...first.holdings], [...first.proof]);
    let shares = 2n * GENESIS_SHARES;
    await callEverything(async (what) => {
      const now = await bond.totalSharesSupply();
      expect(now, what).to.be.at.most(shares);
      shares = now;
    });
    expect(await bond.genesis()).to.deep.equal([(await threeHolders()).root, 2n, 1n]);
    await token.connect(stranger).approve(bond, MAX);
    await bond.connect(stranger).mintGenesis(last.batch, [...last.holdings], [...last.proof]);
    expect(await bond.totalSharesSupply()).to.equal(shares + GENESIS_SHARES);
  });

  it("A01: the bare implementation has no shares, no list, and nobody who could give it one", async () => {
    context = await legacyFixture();
    const { bond, manager, actors } = context;
    const bare = bond.attach(await implementationOf(bond)) as typeof bond;
    const { root } = await threeHolders();
    await expect(bare.connect(actors.stranger).initialize(manager, root, 2n)).to.be.revertedWithCustomError(
      bond,
      "InvalidInitialization",
    );
    expect(await bare.totalSharesSupply()).to.equal(0n);
    expect(await bare.genesisSealed()).to.equal(true);
  });

  it("A01: another list cannot be given to it", async () => {
    context = await legacyFixture();
    const { bond, manager, actors } = context;
    const { root } = await threeHolders();
    for (const caller of [actors.stranger, actors.deployer, actors.upgrader, actors.manager]) {
      await expect(bond.connect(caller).initialize(manager, root, 3n)).to.be.revertedWithCustomError(
        bond,
        "InvalidInitialization",
      );
    }
  });

  it("A01: the upgrader cannot put other code behind it without seven days of notice", async () => {
    context = await legacyFixture();
    const { bond, manager, actors } = context;
    const data = upgradeCall(await implementationOf(bond));
    const operation = await manager.hashOperation(actors.upgrader, bond, data);
    await expect(actors.upgrader.sendTransaction({ to: bond, data }))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(operation);
    await expect(manager.connect(actors.upgrader).execute(bond, data))
      .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
      .withArgs(operation);
  });

  it("A50: ankrMATIC, MATIC and POL sent to it make nobody's aMATICb more", async () => {
    context = await legacyFixture();
    const { bond, pool, token, polygon, actors } = context;
    const { stranger, alice } = actors;
    await pool.connect(stranger).mint(500n * ONE, stranger);
    await token.connect(stranger).transfer(bond, 500n * ONE);
    await polygon.pol.connect(stranger).transfer(bond, 500n * ONE);
    await polygon.matic.connect(stranger).transfer(bond, 500n * ONE);
    await pool.connect(stranger).deposit(500n * ONE, bond);
    expect(await bond.totalSharesSupply()).to.equal(3n * GENESIS_SHARES);
    expect(await bond.totalSupply()).to.equal(3n * GENESIS_SHARES);
    expect(await bond.sharesOf(stranger)).to.equal(0n);
    expect(await bond.balanceOf(alice)).to.equal(GENESIS_SHARES);
  });
});
