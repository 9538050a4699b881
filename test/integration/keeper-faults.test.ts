import { mine, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { Transaction } from "ethers";
import { ethers, network } from "hardhat";

import type { Mood } from "../support/badNode";
import { busy, first, lost, moody, stale, swallowed, unreachable } from "../support/badNode";
import { BATCH, request, spread, stake } from "../support/exits";
import { MAX, ONE, checkpoints, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { embedded, rig, virtualClock } from "../support/keeper";
import type { Rig } from "../support/keeper";

const SEND = "eth_sendRawTransaction";
const hashOf = (raw: string): string => Transaction.from(raw).hash ?? "";
const nonceOf = (raw: unknown): number => Transaction.from(String((raw as unknown[])[0])).nonce;

describe("keeper on a chain that misbehaves", () => {
  let context: Context;

  /** Work for two calls: a batch to settle, and what is left of the buffer to delegate. */
  beforeEach(async () => {
    context = await fixture();
    const { alice, bob } = context.actors;
    await spread(context);
    await request(context, alice, 100n * ONE);
    await stake(context, bob, 5_000n * ONE);
    await checkpoints(context);
  });

  /** Transactions of the keeper's account that were mined. */
  const mined = async ({ wallet }: Rig): Promise<number> => ethers.provider.getTransactionCount(wallet.address);

  /** The work is done, by two transactions. */
  async function expectDone(work: Rig): Promise<void> {
    const { pool, lens } = context;
    expect((await pool.batchOf(1n)).state).to.equal(BATCH.Claimable);
    expect(await lens.delegable()).to.equal(0n);
    expect(await mined(work)).to.equal(2);
    await work.keeper.pass();
    expect(await mined(work)).to.equal(2);
  }

  const withNode = async (...moods: Mood[]): Promise<{ work: Rig; node: ReturnType<typeof moody> }> => {
    const node = moody(embedded, ...moods);
    return { work: await rig(context, { nodes: { ethereum: node } }), node };
  };

  const failuresOf = async ({ keeper }: Rig): Promise<string[]> =>
    (await keeper.pass()).flatMap(({ failures }) => failures);

  it("does the work by two calls when nothing is wrong", async () => {
    const { work } = await withNode();
    expect(await failuresOf(work)).to.deep.equal([]);
    expect(work.keys()).to.deep.equal(["settle 1", "delegate"]);
    await expectDone(work);
  });

  for (const [what, mood] of Object.entries({ "out of reach": unreachable, busy, "losing its answers": lost })) {
    it(`waits longer each time for a node that is ${what}, and does all of it once`, async () => {
      const clock = virtualClock();
      const node = moody(embedded, (asked, honest) => (clock.waits.length < 4 ? mood(asked, honest) : undefined));
      const work = await rig(context, { nodes: { ethereum: node }, clock });
      expect(await failuresOf(work)).to.deep.equal([]);
      // Half of the doubled wait and half of the rest, by the clock of the test.
      expect(work.clock.waits.slice(0, 4)).to.deep.equal([375, 750, 1_500, 3_000]);
      await expectDone(work);
    });
  }

  it("gives up on a node that stays out of reach, and comes back to it in the next pass", async () => {
    const { work, node } = await withNode(first(12, /./, unreachable));
    const [report] = await work.keeper.pass();
    expect(report?.complete).to.equal(false);
    expect(report?.failures).to.deep.equal(["read: the node cannot be reached (TIMEOUT)"]);
    expect(work.keeper.vitals.lastFullPass).to.equal(undefined);
    // Six attempts at each of two batches of questions.
    expect(node.asked.length).to.be.lessThanOrEqual(12);
    expect(await failuresOf(work)).to.deep.equal([]);
    await expectDone(work);
  });

  it("sends the same transaction again when the answer to it was lost, and never another with its nonce", async () => {
    const { work, node } = await withNode(first(2, SEND, lost));
    expect(await failuresOf(work)).to.deep.equal([]);
    await expectDone(work);
    const raws = node.asked.filter(({ method }) => method === SEND).map(({ params }) => (params as string[])[0]);
    expect(new Set(raws).size).to.equal(2);
  });

  it("raises the fees of a transaction that is not mined, with the same nonce and the same call", async () => {
    const { work, node } = await withNode(first(2, SEND, swallowed(hashOf)));
    expect(await failuresOf(work)).to.deep.equal([]);
    await expectDone(work);
    const sent = node.asked
      .filter(({ method }) => method === SEND)
      .map(({ params }) => Transaction.from(String((params as unknown[])[0])));
    const versions = sent.filter(({ nonce }) => nonce === 0);
    expect(versions).to.have.lengthOf(3);
    expect(new Set(versions.map(({ data }) => data)).size).to.equal(1);
    for (const [index, version] of versions.slice(1).entries()) {
      const earlier = versions[index];
      const least = ((earlier?.maxFeePerGas ?? 0n) * 110n) / 100n;
      expect(version.maxFeePerGas).to.be.greaterThanOrEqual(least);
      expect(version.maxPriorityFeePerGas).to.be.greaterThanOrEqual(
        ((earlier?.maxPriorityFeePerGas ?? 0n) * 110n) / 100n,
      );
    }
  });

  it("sends nothing new while a transaction is not mined, and goes on with it in the next pass", async () => {
    // 900 s in all, an attempt each 120 s: the first and seven more are dropped.
    const { work, node } = await withNode(first(8, SEND, swallowed(hashOf)));
    const failures = await failuresOf(work);
    expect(failures).to.have.lengthOf(1);
    expect(failures[0]).to.match(/^settle: settle 1: why nonce 0 is not mined: 0x/);
    expect(await mined(work)).to.equal(0);
    const nonces = node.asked.filter(({ method }) => method === SEND).map(({ params }) => nonceOf(params));
    expect(new Set(nonces)).to.deep.equal(new Set([0]));
    expect(await failuresOf(work)).to.deep.equal([]);
    await expectDone(work);
  });

  it("counts a call that a rival made first as overtaken, and wastes no second one", async () => {
    const { pool, actors } = context;
    let rival = true;
    const { work } = await withNode((asked, honest) => {
      if (asked.method !== SEND || !rival) return undefined;
      rival = false;
      // Between the simulation and the sending.
      return pool
        .connect(actors.stranger)
        .settleBatch()
        .then(() => honest());
    });
    expect(await failuresOf(work)).to.deep.equal([]);
    expect(work.keys("overtaken")).to.deep.equal(["settle 1"]);
    expect(work.keys()).to.deep.equal(["delegate"]);
    await expectDone(work);
  });

  it("does not send a call that a rival makes between the reading and the simulation", async () => {
    const { pool, actors } = context;
    let rival = true;
    const { work } = await withNode((asked, honest) => {
      const [call, tag] = asked.params as [{ data?: string } | undefined, unknown];
      const simulates =
        asked.method === "eth_call" &&
        tag === "pending" &&
        call?.data === pool.interface.encodeFunctionData("delegate", [MAX]);
      if (!simulates || !rival) return undefined;
      rival = false;
      return pool
        .connect(actors.stranger)
        .delegate(MAX)
        .then(() => honest());
    });
    expect(await failuresOf(work)).to.deep.equal([]);
    expect(work.keys("idle")).to.deep.equal(["delegate"]);
    expect(await mined(work)).to.equal(1);
  });

  it("fails with the reason if a call reverts although nobody was faster", async () => {
    const { pool } = context;
    const settle = pool.interface.encodeFunctionData("settleBatch");
    const { work } = await withNode((asked) => {
      const [call] = asked.params as [{ data?: string } | undefined];
      if (asked.method !== "eth_call" || call?.data !== settle) return undefined;
      const data = context.delegator.interface.encodeErrorResult("NotEnoughGas", [1n, 2n]);
      return Promise.resolve({ error: { code: 3, message: "execution reverted", data } });
    });
    expect(await failuresOf(work)).to.deep.equal(["settle: settle 1: refusal NotEnoughGas(1, 2)"]);
    // One job that fails keeps no other from its turn.
    expect(work.keys()).to.deep.equal(["delegate"]);
  });

  it("does nothing twice when a node falls behind after a call", async () => {
    const { work } = await withNode();
    await work.keeper.pass();
    const block = await ethers.provider.getBlockNumber();
    await checkpoints(context);
    let behind = true;
    const old = stale(embedded, block - 2);
    const slow = moody(embedded, (asked, honest) => (behind ? old(asked, honest) : undefined));
    const lazy = await rig(context, { nodes: { ethereum: slow }, account: 61 });
    behind = false;
    await lazy.keeper.pass();
    behind = true;
    const failures = await failuresOf(lazy);
    expect(failures).to.have.lengthOf(1);
    expect(failures[0]).to.match(/^read: the node is behind: at block \d+, after \d+$/);
    expect(await mined(lazy)).to.equal(0);
  });

  it("does again what a reorganisation took back, with the same nonces", async () => {
    const before = await takeSnapshot();
    const { work } = await withNode();
    await work.keeper.pass();
    expect(await mined(work)).to.equal(2);

    await before.restore();
    await mine(5);
    expect(await mined(work)).to.equal(0);
    expect((await context.pool.batchOf(1n)).state).to.equal(BATCH.Open);
    expect(await failuresOf(work)).to.deep.equal([]);
    await expectDone(work);
  });

  it("leaves alone an account with transactions of somebody else on their way", async () => {
    const { work } = await withNode();
    await network.provider.send("evm_setAutomine", [false]);
    try {
      const { chainId } = await ethers.provider.getNetwork();
      const to = work.wallet.address;
      const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
      const raw = await work.wallet.signTransaction({ type: 2, chainId, nonce: 0, to, gasLimit: 21_000n, ...fees });
      await network.provider.send(SEND, [raw]);
      const failures = await failuresOf(work);
      expect(failures).to.deep.equal([
        `settle: settle 1: why 1 transactions of ${to} wait to be mined: see to them first`,
      ]);
    } finally {
      await network.provider.send("evm_setAutomine", [true]);
    }
    await mine();
    expect(await failuresOf(work)).to.deep.equal([]);
    expect(await mined(work)).to.equal(3);
  });

  it("says what to do if the account has nothing for gas", async () => {
    const { work } = await withNode();
    await network.provider.send("hardhat_setBalance", [work.wallet.address, "0x1"]);
    const failures = await failuresOf(work);
    expect(failures).to.deep.equal([
      `settle: settle 1: why ${work.wallet.address} has too little coin for gas: send it some`,
    ]);
    expect(await mined(work)).to.equal(0);
  });

  it("sends nothing while gas is dearer than allowed, and that is no failure", async () => {
    const work = await rig(context, { texts: { maxGasPrice: "0.5" } });
    expect(await failuresOf(work)).to.deep.equal([]);
    expect(work.keys("dear")).to.deep.equal(["settle 1", "delegate"]);
    expect(await mined(work)).to.equal(0);
  });

  it("sends nothing that could cost more than allowed", async () => {
    const work = await rig(context, { texts: { maxCost: "0.0001" } });
    expect(await failuresOf(work)).to.deep.equal([]);
    expect(work.keys("dear")).to.deep.equal(["settle 1", "delegate"]);
    expect(await mined(work)).to.equal(0);
  });

  it("begins nothing new once it is told to stop", async () => {
    const stop = new AbortController();
    const { work } = await withNode((asked, honest) => {
      if (asked.method !== SEND) return undefined;
      stop.abort();
      return honest();
    });
    const [report] = await work.keeper.pass(stop.signal);
    expect(report).to.deep.include({ done: 1, complete: false, failures: [] });
    expect(work.keys()).to.deep.equal(["settle 1"]);
    expect(await mined(work)).to.equal(1);
  });

  it("says in a dry run what it would do and what gas that takes, and sends nothing", async () => {
    const work = await rig(context, { dryRun: true });
    const [report] = await work.keeper.pass();
    expect(report).to.deep.include({ done: 0, planned: 2, failures: [] });
    const planned = work.lines.filter(({ outcome }) => outcome === "planned");
    expect(planned.map(({ key }) => key)).to.deep.equal(["settle 1", "delegate"]);
    for (const line of planned) {
      expect(BigInt(String(line.costAtMost))).to.equal(BigInt(String(line.gas)) * BigInt(String(line.gasPrice)));
    }
    expect(await mined(work)).to.equal(0);
  });
});
