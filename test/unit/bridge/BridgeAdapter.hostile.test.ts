import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { id } from "ethers";

import { BridgeAdapter__factory, ERC1967Proxy__factory } from "../../../typechain-types";
import type { BridgeAdapter } from "../../../typechain-types";
import { bridgedFixture, submitCheckpoint } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { messageUp, proofAt } from "../../support/bridgeEnds";
import { DAY } from "../../support/fixture";
import { MessageEmitter__factory, Reenterer__factory } from "../../typechain-types";
import type { MessageEmitter, Reenterer } from "../../typechain-types";

/** Calls by the name of their function, encoded. */
type Calls = Readonly<Record<string, string>>;

const NEVER = "0xffffffff";

describe("BridgeAdapter, if ankrMATIC or FxRoot came back", () => {
  let context: BridgedContext;
  let hostile: Reenterer;
  let bridge: BridgeAdapter;
  let calls: Calls;

  /** Both are the hostile contract, and the end on Polygon says what it is told. */
  beforeEach(async () => {
    context = await bridgedFixture();
    const { fx, pool, manager, actors } = context;
    hostile = await new Reenterer__factory(actors.deployer).deploy();
    const peer: MessageEmitter = await new MessageEmitter__factory(actors.deployer).deploy();
    const code = await new BridgeAdapter__factory(actors.deployer).deploy(
      { fxRoot: hostile, rootChain: fx.rootChain, pool, token: hostile, peer },
      10n,
    );
    const start = code.interface.encodeFunctionData("initialize", [await manager.getAddress(), 1_000_000n, 1n]);
    const proxy = await new ERC1967Proxy__factory(actors.deployer).deploy(code, start);
    bridge = BridgeAdapter__factory.connect(await proxy.getAddress(), actors.deployer);
    const { interface: abi } = bridge;

    await hostile.arm(1n, NEVER, bridge, "0x");
    await hostile.exec(bridge, abi.encodeFunctionData("bridge", [1_000n, actors.carol.address]));
    const self = await hostile.getAddress();
    const messages = [1n, 2n].map((nonce) => messageUp({ nonce, receiver: self, shares: 100n }));
    const { hash } = await peer.emitAll(messages);
    await submitCheckpoint(context);
    // 99 of the first wait, and the limit of one has refilled.
    await bridge.receiveMessage(await proofAt(context, hash, 0));
    expect(await bridge.pendingOf(self)).to.equal(99n);
    await time.increase(DAY);

    const zero = `0x${"00".repeat(32)}`;
    calls = {
      bridge: abi.encodeFunctionData("bridge", [1n, actors.carol.address]),
      bridgeWithPermit: abi.encodeFunctionData("bridgeWithPermit", [
        1n,
        actors.carol.address,
        { value: 1n, deadline: 0n, v: 0, r: zero, s: zero },
      ]),
      syncRate: abi.encodeFunctionData("syncRate"),
      receiveMessage: abi.encodeFunctionData("receiveMessage", [await proofAt(context, hash, 1)]),
      payPending: abi.encodeFunctionData("payPending", [self]),
    };
  });

  const selectorOf = (signature: string): string => id(signature).slice(0, 10);
  const TRANSFER_FROM = selectorOf("transferFrom(address,address,uint256)");
  const TRANSFER = selectorOf("transfer(address,uint256)");
  const SEND = selectorOf("sendMessageToChild(address,bytes)");
  const PERMIT = selectorOf("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)");
  /** Where each function calls out. */
  const OUTWARD: Readonly<Record<string, readonly string[]>> = {
    bridge: [TRANSFER_FROM, SEND],
    bridgeWithPermit: [TRANSFER_FROM, SEND],
    syncRate: [SEND],
    receiveMessage: [TRANSFER],
    payPending: [TRANSFER],
  };

  for (const [first, selectors] of Object.entries(OUTWARD)) {
    it(`A16: no function that moves value can be entered during ${first}`, async () => {
      const data = calls[first] ?? "";
      for (const selector of selectors) {
        for (const [second, comeback] of Object.entries(calls)) {
          await hostile.arm(1n, selector, bridge, comeback);
          await expect(hostile.exec(bridge, data), `${second} during ${first}`).to.be.revertedWithCustomError(
            bridge,
            "ReentrancyGuardReentrantCall",
          );
        }
      }
      await hostile.arm(1n, NEVER, bridge, "0x");
      await hostile.exec(bridge, data);
    });
  }

  it("A16: what comes back during a permit is refused, and the deposit is made once", async () => {
    for (const comeback of Object.values(calls)) {
      const before = [await bridge.locked(), await bridge.lastNonce(), await bridge.totalPending()] as const;
      await hostile.arm(1n, PERMIT, bridge, comeback);
      await hostile.exec(bridge, calls.bridgeWithPermit ?? "");
      const after = [await bridge.locked(), await bridge.lastNonce(), await bridge.totalPending()];
      expect(after).to.deep.equal([before[0] + 1n, before[1] + 1n, before[2]]);
    }
  });

  it("a token that takes and pays nothing makes the call revert, and a send that fails does", async () => {
    await hostile.arm(0n, NEVER, bridge, "0x");
    for (const name of ["bridge", "bridgeWithPermit", "receiveMessage", "payPending"]) {
      await expect(hostile.exec(bridge, calls[name] ?? ""), name)
        .to.be.revertedWithCustomError(bridge, "SafeERC20FailedOperation")
        .withArgs(await hostile.getAddress());
    }
    // The hostile contract comes back to what refuses it.
    await hostile.arm(1n, SEND, bridge, bridge.interface.encodeFunctionData("setLockCap", [1n]));
    for (const name of ["bridge", "syncRate"]) {
      await expect(hostile.exec(bridge, calls[name] ?? ""), name)
        .to.be.revertedWithCustomError(bridge, "AccessManagedUnauthorized")
        .withArgs(await hostile.getAddress());
    }
    expect(await bridge.lastNonce()).to.equal(1n);
  });
});
