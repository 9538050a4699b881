import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, getBytes } from "ethers";

import { MINTING, PEER, asStateReceiver, childBridgeFixture, deliverAll, deposit } from "../../support/childBridge";
import { deliverMessage, rateAlone, taken } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { DAY, ONE } from "../../support/fixture";
import { SHARES, rateOf } from "../../support/rates";

/** Gas that Polygon gives to a delivery. */
const STIPEND = 5_000_000n;

/** Gas within which every delivery succeeds. */
const BOUND = 300_000n;

/** A state of the bridge, and the message that comes then. */
interface Case {
  readonly prepare: (world: ChildBridge) => Promise<unknown>;
  readonly message: (world: ChildBridge) => string;
  /** Gas of the whole delivery, from StateReceiver's call on. */
  readonly most: bigint;
}

/** Coverage measures instrumented code, which takes more gas. */
const measured = process.env.SOLIDITY_COVERAGE === "true";

const nothing = (): Promise<void> => Promise.resolve();

/** Steps that lead to the limit at nothing. */
const stopped = ({ token, adapter, actors }: ChildBridge): Promise<unknown> =>
  token.connect(actors.guardian).lowerMintingLimit(adapter, 0n);

const cases: Readonly<Record<string, Case>> = {
  "the first message of all, part of which waits: every word is written for the first time": {
    prepare: nothing,
    message: (world) => deposit(world, 1n, world.actors.alice, MINTING + ONE),
    most: 222_000n,
  },
  "the first message of all, minted whole": {
    prepare: nothing,
    message: (world) => deposit(world, 1n, world.actors.alice, ONE),
    most: 202_000n,
  },
  "the first message of all, while the bridge is stopped: all of it waits": {
    prepare: stopped,
    message: (world) => deposit(world, 1n, world.actors.alice, ONE),
    most: 170_000n,
  },
  "a first receiver, the limit used up, others waiting, and the first rate": {
    prepare: async (world) => {
      const rate = rateOf(world.start, 0n, { totalSupply: 0n });
      await deliverAll(
        world,
        deposit(world, 1n, world.actors.carol, MINTING, { rate }),
        deposit(world, 2n, world.actors.bob, 90n * MINTING, { rate }),
      );
    },
    message: (world) => deposit(world, 256n, world.actors.alice, MINTING),
    most: 187_000n,
  },
  "a receiver for whom much waits, the limit used up, with a loss": {
    prepare: async (world) => {
      await deliverAll(
        world,
        deposit(world, 1n, world.actors.carol, MINTING),
        deposit(world, 2n, world.actors.alice, 90n * MINTING),
      );
    },
    message: (world) =>
      deposit(world, 3n, world.actors.alice, MINTING, {
        rate: rateOf(world.start, 0n, { totalAssets: SHARES / 3n, lossCount: 1n }),
      }),
    most: 100_000n,
  },
  "a receiver whose queue is paid off": {
    prepare: async (world) => {
      await taken(world, deposit(world, 1n, world.actors.alice, MINTING + ONE));
      await time.increase(DAY);
    },
    message: (world) => deposit(world, 2n, world.actors.alice, ONE),
    most: 92_000n,
  },
  "a deposit whose rate is refused": {
    prepare: (world) => taken(world, rateAlone(5n, rateOf(world.start))),
    message: (world) => deposit(world, 4n, world.actors.alice, MINTING + ONE),
    most: 163_000n,
  },
  "the first rate, alone": {
    prepare: nothing,
    message: (world) => rateAlone(1n, rateOf(world.start)),
    most: 101_000n,
  },
};

describe("ChildBridgeAdapter: gas of a delivery", () => {
  let world: ChildBridge;

  beforeEach(async () => {
    world = await childBridgeFixture();
  });

  /** Gas that a transaction costs before anything of it runs. */
  function intrinsic(data: string): bigint {
    return getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 21_000n);
  }

  /** StateReceiver calls FxChild with so much gas, and no more. */
  async function receive(message: string, gas: bigint): Promise<bigint> {
    const { fxChild, adapter } = world;
    const fx = AbiCoder.defaultAbiCoder().encode(
      ["address", "address", "bytes"],
      [PEER, await adapter.getAddress(), message],
    );
    const before = intrinsic(fxChild.interface.encodeFunctionData("onStateReceive", [77n, fx]));
    const sent = await fxChild.connect(await asStateReceiver()).onStateReceive(77n, fx, { gasLimit: before + gas });
    const receipt = await sent.wait();
    if (receipt === null) throw new Error("the delivery was not mined");
    return receipt.gasUsed - before;
  }

  for (const [what, { prepare, message, most }] of Object.entries(cases)) {
    it(`A68: ${what}: within ${most} gas, of 5,000,000`, async () => {
      await prepare(world);
      expect(await receive(message(world), BOUND)).to.be.lessThan(measured ? BOUND : most);
      expect(most * 16n).to.be.lessThan(STIPEND);
    });

    it(`A68: ${what}: taken with what Polygon gives`, async () => {
      await prepare(world);
      await taken(world, message(world));
    });
  }

  it("A68: what a delivery costs does not grow with what came before", async () => {
    const { actors, adapter, token } = world;
    const third = async (nonce: bigint): Promise<bigint> => {
      const before = await adapter.totalPending();
      const used = await receive(deposit(world, nonce, actors.alice, MINTING), BOUND);
      expect((await adapter.totalPending()) - before > 0n).to.equal(true);
      return used;
    };
    await deliverAll(world, deposit(world, 1n, actors.alice, 2n * MINTING), deposit(world, 2n, actors.alice, MINTING));
    const early = await third(3n);
    for (let nonce = 4n; nonce < 60n; nonce++) {
      const receiver = { address: `0x${nonce.toString(16).padStart(40, "0")}` };
      await deliverMessage(world, deposit(world, nonce, receiver, MINTING));
    }
    expect(await third(60n)).to.equal(early);
    expect(await token.totalSupply()).to.equal(await adapter.minted());
  });
});
