import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { bridgeBooks } from "../../deploy/acceptance/bridge";
import { ONE } from "../../scripts/devnet/site";
import { relayOnce, runRelayer } from "../../scripts/lib/relayer/loop";
import { lineOf } from "../../scripts/lib/relayer/relay";
import type { Relay, RelayEvent } from "../../scripts/lib/relayer/relay";
import { HELD, done, lock, relayAll, sharesAbove, sharesBelow, twoChains, withdraw } from "../support/twoChains";
import type { TwoChains } from "../support/twoChains";

class Killed extends Error {}

/** A relayer that is killed when it says its event number `count`, from 0; whatever it does after that, it does not say. */
function killedAt(world: TwoChains, count: number): Relay {
  let said = 0;
  const log = (): void => {
    if (said++ >= count) throw new Killed();
  };
  return { ...world.relayer().relay, log };
}

/** A relayer whose node of Polygon breaks down with the answer to its request number `count` that sends, from 0. */
function losingAnswer(world: TwoChains, count: number): Relay {
  const { relay } = world.relayer();
  let sent = 0;
  const send = async (method: string, params: unknown[]): Promise<unknown> => {
    const answer: unknown = await world.polygon.send(method, params);
    if (method === "eth_sendTransaction" && sent++ === count) throw new Killed();
    return answer;
  };
  return { ...relay, child: { send } };
}

/** A relayer that is always late: each delivery was sent a moment before, to the letter, and is mined a moment later. */
function alwaysLate(world: TwoChains): ReturnType<TwoChains["relayer"]> & { mined: () => Promise<unknown> } {
  const { polygon } = world;
  const { relay, events } = world.relayer();
  let mining: Promise<unknown> = Promise.resolve();
  const mine = async (): Promise<void> => {
    await sleep(100);
    await polygon.send("evm_setAutomine", [true]);
    await polygon.send("evm_mine", []);
  };
  const send = async (method: string, params: unknown[]): Promise<unknown> => {
    if (method !== "eth_sendTransaction") return polygon.send(method, params) as Promise<unknown>;
    const [call] = params as [{ from: string }];
    const nonce: unknown = await polygon.send("eth_getTransactionCount", [call.from, "latest"]);
    const same = [{ ...call, nonce }];
    await polygon.send("evm_setAutomine", [false]);
    await polygon.send(method, same);
    mining = mine();
    return polygon.send(method, same) as Promise<unknown>;
  };
  return { relay: { ...relay, child: { send } }, events, mined: () => mining };
}

/** What pieces of work that go on at once give, when all have ended: none goes on into the next test. */
async function together(...work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}

/** Whether work was cut off by a kill. */
async function isKilled(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true;
      throw error;
    },
  );
}

describe("e2e: the relayer between two chains", () => {
  const get = twoChains();

  it("brings shares down and, with a proof, up again", async () => {
    const world = get();
    const { relay, events } = world.relayer();
    await lock(world, 1_000n * ONE, "alice", "bob");
    expect(await bridgeBooks(world.bridge, world.child)).to.include({ inFlightDown: 1_000n * ONE, minted: 0n });
    await relayAll(relay);
    expect(await sharesBelow(world, "bob")).to.equal(1_000n * ONE);

    await withdraw(world, 400n * ONE, "bob", "carol");
    expect(await bridgeBooks(world.bridge, world.child)).to.include({ inFlightUp: 400n * ONE, minted: 600n * ONE });
    await relayAll(relay);
    expect(await sharesAbove(world, "carol")).to.equal(HELD + 400n * ONE);
    expect(await world.bridge.locked()).to.equal(600n * ONE);
    expect(done(events)).to.deep.equal(["delivered", "submitted checkpoint", "submitted checkpoint", "proved exit"]);
    expect(await relayOnce(relay)).to.equal(0);
  });

  it("proves each of several withdrawals of one block, and of one transaction", async () => {
    const world = get();
    const { relay } = world.relayer();
    for (const name of ["alice", "bob", "carol"] as const) await lock(world, 1_000n * ONE, name);
    await relayAll(relay);
    await world.polygon.send("evm_setAutomine", [false]);
    const sent = [];
    for (const [index, name] of (["alice", "bob", "carol"] as const).entries()) {
      const { adapter } = world.child;
      const data = adapter.interface.encodeFunctionData("withdraw", [
        BigInt(index + 1) * ONE,
        world.accounts[name].address,
      ]);
      const call = { from: world.accounts[name].address, to: await adapter.getAddress(), data, gas: "0x100000" };
      sent.push(await world.polygon.send("eth_sendTransaction", [call]));
    }
    await world.polygon.send("evm_mine", []);
    await world.polygon.send("evm_setAutomine", [true]);
    expect(await world.child.adapter.lastNonce()).to.equal(3n);
    await relayAll(relay);
    expect(await sharesAbove(world, "alice")).to.equal(HELD - 999n * ONE);
    expect(await sharesAbove(world, "bob")).to.equal(HELD - 998n * ONE);
    expect(await sharesAbove(world, "carol")).to.equal(HELD - 997n * ONE);
  });

  it("goes on where it was killed, whatever it was at, and does nothing twice", async () => {
    let points = 0;
    for (let count = 0; ; count++) {
      const world = get();
      const [before, below] = [await sharesAbove(world, "carol"), await sharesBelow(world, "bob")];
      const locked = await world.bridge.locked();
      await lock(world, 10n * ONE, "alice", "bob");
      await lock(world, 20n * ONE, "bob", "bob");
      await relayAll(world.relayer({ exits: false }).relay);
      await withdraw(world, 5n * ONE, "bob", "carol");
      await withdraw(world, 7n * ONE, "bob", "carol");
      await lock(world, 1n * ONE, "alice", "bob");

      const killed = await isKilled(relayAll(killedAt(world, count)));
      const { relay, events } = world.relayer();
      await relayAll(relay);
      expect(await sharesBelow(world, "bob"), `killed at ${count}`).to.equal(below + 19n * ONE);
      expect(await sharesAbove(world, "carol"), `killed at ${count}`).to.equal(before + 12n * ONE);
      expect(await world.bridge.locked(), `killed at ${count}`).to.equal(locked + 19n * ONE);
      expect((await bridgeBooks(world.bridge, world.child)).differences, `killed at ${count}`).to.deep.equal([]);
      expect(events.some(({ what }) => what === "exit refused")).to.equal(false);
      if (!killed) break;
      points++;
    }
    // Before and after one delivery, one checkpoint and two exits.
    expect(points).to.equal(8);
  });

  it("finds the delivery done whose answer was lost", async () => {
    const world = get();
    await lock(world, 10n * ONE, "alice");
    expect(await isKilled(relayOnce(losingAnswer(world, 0)))).to.equal(true);
    // Mined already or not yet: then it is sent once more, and one of the two reverts.
    await relayAll(world.relayer().relay);
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
    expect(await world.fx.stateReceiver.lastStateId()).to.equal(1n);
  });

  it("shares the work with a second relayer: each message arrives once, each exit is paid once", async () => {
    const world = get();
    const first = world.relayer();
    const second = world.relayer({ payer: "stranger" });
    for (const shares of [1n, 2n, 3n]) await lock(world, shares * ONE, "alice", "bob");
    await together(relayAll(first.relay), relayAll(second.relay));
    expect(await sharesBelow(world, "bob")).to.equal(6n * ONE);
    for (const shares of [1n, 2n, 3n]) await withdraw(world, shares * ONE, "bob", "carol");
    await together(relayAll(first.relay), relayAll(second.relay));
    expect(await sharesAbove(world, "carol")).to.equal(HELD + 6n * ONE);
    expect(await world.bridge.locked()).to.equal(0n);
    const all = done([...first.events, ...second.events]);
    expect(all.filter((what) => what === "delivered")).to.have.lengthOf(3);
    expect(all.filter((what) => what === "proved exit")).to.have.lengthOf(3);
    expect(all).not.to.include("exit refused");
  });

  it("is overtaken where the node has the very transaction of another relayer already", async () => {
    const world = get();
    const { relay, events, mined } = alwaysLate(world);
    for (const shares of [1n, 2n]) await lock(world, shares * ONE, "alice", "bob");
    await relayOnce(relay);
    await mined();
    expect(await sharesBelow(world, "bob")).to.equal(3n * ONE);
    expect(await world.fx.stateReceiver.lastStateId()).to.equal(2n);
    expect(events.slice(0, 4).map(lineOf)).to.deep.equal([
      "delivering stateId=1",
      "overtaken action=delivery of message 1",
      "delivering stateId=2",
      "overtaken action=delivery of message 2",
    ]);
  });

  it("leaves exits to those who wait for them if it is told to", async () => {
    const world = get();
    await lock(world, 10n * ONE, "alice");
    const leaving = world.relayer({ exits: false });
    await relayAll(leaving.relay);
    await withdraw(world, 10n * ONE, "alice");
    await relayAll(leaving.relay);
    expect(await bridgeBooks(world.bridge, world.child)).to.include({ inFlightUp: 10n * ONE });
    // alice's own.
    await relayAll(world.relayer({ payer: "alice" }).relay);
    expect(await sharesAbove(world, "alice")).to.equal(HELD);
  });

  it("waits for the number of blocks that it was given before it submits a checkpoint", async () => {
    const world = get();
    const { relay, events } = world.relayer({ checkpointBlocks: 3n });
    await world.polygon.send("evm_mine", []);
    await world.polygon.send("evm_mine", []);
    expect(await relayOnce(relay)).to.equal(0);
    await world.polygon.send("evm_mine", []);
    expect(await relayOnce(relay)).to.equal(1);
    expect(done(events)).to.deep.equal(["submitted checkpoint"]);
  });

  it("believes what is final on Ethereum alone if it is told to", async () => {
    const world = get();
    const { relay } = world.relayer({ ethereumTag: "finalized" });
    await lock(world, 10n * ONE, "alice");
    await relayAll(relay);
    expect(await sharesBelow(world, "alice")).to.equal(0n);
    for (let blocks = 0; blocks < 3; blocks++) await world.ethereum.send("evm_mine", []);
    await relayAll(relay);
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
  });

  it("waits out the trouble with a node, ever longer, and ends when it is told to", async () => {
    const world = get();
    const stop = new AbortController();
    const events: RelayEvent[] = [];
    let broken = 3;
    const child = {
      send: async (method: string, params: unknown[]): Promise<unknown> => {
        if (broken > 0) {
          broken--;
          throw new Error("the node\nis down");
        }
        return world.polygon.send(method, params) as Promise<unknown>;
      },
    };
    const log = (event: RelayEvent): void => {
      events.push(event);
      if (event.what === "delivered") stop.abort();
    };
    await lock(world, 10n * ONE, "alice");
    const { relay } = world.relayer({ child });
    await runRelayer({ ...relay, log }, { intervalMs: 1, maxBackoffMs: 4, signal: stop.signal });
    expect(await sharesBelow(world, "alice")).to.equal(10n * ONE);
    expect(events.filter(({ what }) => what === "trouble").map(lineOf)).to.deep.equal(
      [2, 4, 4].map((wait) => `trouble reason=the node is down retryInMs=${wait}`),
    );
    expect(events.at(-1)?.what).to.equal("delivered");
  });
});
