import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { AbiCoder, MaxUint256, dataSlice, id, zeroPadValue } from "ethers";
import type { FunctionFragment, Log, TransactionReceipt } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import { asContract } from "../../support/asContract";
import { MESSAGE_SENT, PEER, childBridgeFixture, deliverAll, deposit } from "../../support/childBridge";
import { deliverMessage, rateAlone, withdrawal } from "../../support/childBridge";
import type { ChildBridge } from "../../support/childBridge";
import { ONE } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { callsOf } from "../../support/fuzzedCalls";
import { tries } from "../../support/properties";
import { rateOf } from "../../support/rates";
import { implementationOf } from "../../support/upgrades";

const TRANSFER = id("Transfer(address,address,uint256)");
const TARGETS = ["adapter", "token", "feed"] as const;

/** Random calls of each function. */
const CALLS = 60;

describe("ChildBridgeAdapter: messages to Ethereum", () => {
  let world: ChildBridge;
  let accounts: readonly HardhatEthersSigner[];

  beforeEach(async () => {
    world = await childBridgeFixture();
    const { actors, other } = world;
    accounts = [actors.alice, actors.bob, actors.carol, actors.stranger, other];
    await deliverAll(
      world,
      ...accounts.map((account, index) => deposit(world, BigInt(index + 1), account, 1_000n * ONE)),
    );
    for (const account of accounts) await world.token.connect(account).approve(world.adapter, MaxUint256);
  });

  /** Logs of a topic, of any contract. */
  const logsOf = (receipt: TransactionReceipt, topic: string): Log[] =>
    receipt.logs.filter(({ topics }) => topics[0] === topic);

  /** The message of a withdrawal is alone, and as much was burned; how many there were. */
  async function messagesIn(receipt: TransactionReceipt): Promise<number> {
    const { adapter, token } = world;
    const sent = logsOf(receipt, MESSAGE_SENT);
    if (sent.length === 0) return 0;
    expect(sent.map(({ address }) => address)).to.deep.equal([await adapter.getAddress()]);
    const [message] = AbiCoder.defaultAbiCoder().decode(["bytes"], sent[0]?.data ?? "0x") as unknown as [string];
    const receiver = dataSlice(message, 3 * 32 + 12, 4 * 32);
    const shares = BigInt(dataSlice(message, 4 * 32));
    expect(message).to.equal(withdrawal(await adapter.lastNonce(), receiver, shares));
    const burned = logsOf(receipt, TRANSFER);
    expect(burned.map(({ address, topics, data }) => [address, topics[2], BigInt(data)])).to.deep.equal([
      [await token.getAddress(), zeroPadValue("0x", 32), shares],
    ]);
    return 1;
  }

  /** Sends a call, of which most fail; the receipt of one that does not. */
  async function attempt(from: HardhatEthersSigner, to: string, data: string): Promise<TransactionReceipt | undefined> {
    return from
      .sendTransaction({ to, data, gasLimit: 3_000_000n })
      .then((sent) => sent.wait())
      .then(
        (receipt) => receipt ?? undefined,
        () => undefined,
      );
  }

  async function everyCall(method: FunctionFragment, target: (typeof TARGETS)[number]): Promise<number> {
    const { token } = world;
    const contract = world[target];
    const to = await contract.getAddress();
    const addresses = [...accounts.map(({ address }) => address), PEER, to, await token.getAddress()];
    let messages = 0;
    await fc.assert(
      fc.asyncProperty(
        callsOf(contract.interface, method, addresses),
        fc.constantFrom(...accounts),
        async (data, from) => {
          const before = await world.adapter.lastNonce();
          const receipt = await attempt(from, to, data);
          const found = receipt === undefined ? 0 : await messagesIn(receipt);
          expect((await world.adapter.lastNonce()) - before).to.equal(BigInt(found));
          messages += found;
        },
      ),
      tries(CALLS),
    );
    return messages;
  }

  for (const target of TARGETS) {
    it(`A66: of all functions of the ${target}, called with anything, withdrawals alone send a message, and burn as much`, async () => {
      for (const method of changingFunctionsOf(world[target])) {
        const messages = await everyCall(method, target);
        if (target === "adapter" && method.name.startsWith("withdraw")) {
          expect(messages, method.name).to.be.greaterThan(0);
        } else {
          expect(messages, method.name).to.equal(0);
        }
      }
    });
  }

  it("A66: while a message from Ethereum is taken, none is sent, whatever it says", async () => {
    const { adapter, actors, start } = world;
    const fxChild = await asContract(await adapter.FX_CHILD());
    const number = fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 10n ** 24n), fc.bigInt(0n, 2n ** 96n));
    const receivers = fc.constantFrom(actors.alice, { address: PEER }, { address: await adapter.getAddress() });
    let nonce = 100n;
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        number,
        receivers,
        fc.boolean(),
        fc.uint8Array({ maxLength: 320 }),
        async (n, to, alone, raw) => {
          nonce += 1n;
          const message = alone ? rateAlone(nonce, rateOf(start, n % 100n)) : deposit(world, nonce, to, n);
          for (const data of [message, ethers.hexlify(raw), withdrawal(nonce, actors.alice.address, n)]) {
            const call = adapter.interface.encodeFunctionData("processMessageFromRoot", [n, PEER, data]);
            const receipt = await attempt(fxChild, await adapter.getAddress(), call);
            if (receipt === undefined) continue;
            taken += 1;
            expect(logsOf(receipt, MESSAGE_SENT)).to.deep.equal([]);
          }
        },
      ),
      tries(60),
    );
    expect(taken).to.be.greaterThan(0);
    expect(await adapter.lastNonce()).to.equal(0n);
  });

  it("A66: a payment of what waited sends none", async () => {
    const { adapter, actors } = world;
    const { receipt } = await deliverMessage(world, deposit(world, 100n, actors.alice, 20_000n * ONE));
    expect(logsOf(receipt, MESSAGE_SENT)).to.deep.equal([]);
    await time.increase(86_400n);
    const paid = await (await adapter.payPending(actors.alice)).wait();
    expect(paid?.logs.length).to.be.greaterThan(0);
    expect(paid === null ? [] : logsOf(paid, MESSAGE_SENT)).to.deep.equal([]);
  });

  it("A66: the topic of a message is in the code of the bridge's end alone, and only once", async () => {
    const { adapter, token, feed } = world;
    const occurrences = async (contract: typeof adapter | typeof token | typeof feed): Promise<number> => {
      const code = await ethers.provider.getCode(await implementationOf(contract));
      return code.split(MESSAGE_SENT.slice(2)).length - 1;
    };
    expect([await occurrences(adapter), await occurrences(token), await occurrences(feed)]).to.deep.equal([1, 0, 0]);
  });
});
