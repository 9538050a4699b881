import { time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { BridgeAdapter__factory, ERC1967Proxy__factory } from "../../../typechain-types";
import type { BridgeAdapter } from "../../../typechain-types";
import { LIMITS, bridgedFixture, deliver } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import {
  FLOOR,
  expectBacked,
  lastTime,
  provenForgery,
  messageUp,
  refill,
  scheduledOn,
  setOn,
} from "../../support/bridgeEnds";
import { DAY, MAX, ONE } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import { at } from "../../support/polygon";

const { lockCapWei: CAP, releaseLimitWei: LIMIT, releaseCeilingWei: CEILING } = LIMITS;
/** Most shares that the cap can be. */
const WIDEST = 2n ** 96n - 1n;

describe("BridgeAdapter, governed", () => {
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
  });

  afterEach(() => expectBacked(context));

  /** All that a name of an event logged, in order. */
  async function told(name: "LockCapSet" | "ReleaseLimitSet" | "BridgingPauseSet"): Promise<unknown[][]> {
    const { bridge } = context;
    const logs = await bridge.queryFilter(bridge.filters[name as "LockCapSet"]());
    return logs.map(({ args }) => [...args]);
  }

  it("starts with what the deployment was told", async () => {
    const { bridge, child, fx, pool, token } = context;
    expect(await bridge.parameters()).to.deep.equal([CAP, LIMIT, 0n]);
    expect([await bridge.RELEASE_FLOOR(), await bridge.RELEASE_CEILING()]).to.deep.equal([FLOOR, CEILING]);
    expect([await bridge.remainingLock(), await bridge.remainingRelease()]).to.deep.equal([CAP, LIMIT]);
    expect([await bridge.locked(), await bridge.totalPending(), await bridge.lastNonce()]).to.deep.equal([0n, 0n, 0n]);
    expect([await bridge.FX_ROOT(), await bridge.ROOT_CHAIN()]).to.deep.equal([
      await fx.fxRoot.getAddress(),
      await fx.rootChain.getAddress(),
    ]);
    expect([await bridge.POOL(), await bridge.TOKEN(), await bridge.PEER()]).to.deep.equal([
      await pool.getAddress(),
      await token.getAddress(),
      await child.adapter.getAddress(),
    ]);
  });

  it("obeys nobody but the role of each function: no other role, not the deployer, the treasury or a stranger", async () => {
    const { bridge, actors } = context;
    const abi = bridge.interface;
    const { upgrader, manager, guardian, deployer, treasury, stranger, alice } = actors;
    const others = [upgrader, deployer, treasury, stranger, alice];
    for (const [data, callers] of [
      [abi.encodeFunctionData("setLockCap", [1n]), [guardian, ...others]],
      [abi.encodeFunctionData("setReleaseLimit", [LIMIT]), [guardian, ...others]],
      [abi.encodeFunctionData("resumeBridging"), [guardian, ...others]],
      [abi.encodeFunctionData("lowerReleaseLimit", [FLOOR]), [manager, ...others]],
      [abi.encodeFunctionData("pauseBridging", [DAY]), [manager, ...others]],
    ] as const) {
      for (const caller of callers) {
        await expect(caller.sendTransaction({ to: bridge, data }), data.slice(0, 10))
          .to.be.revertedWithCustomError(bridge, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    }
    expect(await bridge.parameters()).to.deep.equal([CAP, LIMIT, 0n]);
  });

  it("A01: the manager waits its day for each of its functions, and the guardian may cancel each", async () => {
    const { bridge, manager, actors } = context;
    const abi = bridge.interface;
    for (const data of [
      abi.encodeFunctionData("setLockCap", [1n]),
      abi.encodeFunctionData("setReleaseLimit", [LIMIT]),
      abi.encodeFunctionData("resumeBridging"),
    ]) {
      const operation = await manager.hashOperation(actors.manager, bridge, data);
      await expect(actors.manager.sendTransaction({ to: bridge, data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(operation);
      await manager.connect(actors.manager).schedule(bridge, data, 0);
      await time.increase(DAY - 60n);
      await expect(actors.manager.sendTransaction({ to: bridge, data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(operation);
      await manager.connect(actors.guardian).cancel(actors.manager, bridge, data);
    }
  });

  describe("setLockCap", () => {
    it("takes any number of shares below 2^96, and tells", async () => {
      const { bridge } = context;
      for (const cap of [0n, 1n, WIDEST]) {
        await setOn(context, "setLockCap", cap);
        expect((await bridge.parameters()).lockCap).to.equal(cap);
        expect(await bridge.remainingLock()).to.equal(cap);
      }
      for (const cap of [WIDEST + 1n, MAX]) {
        await expect(setOn(context, "setLockCap", cap))
          .to.be.revertedWithCustomError(bridge, "SafeCastOverflowedUintDowncast")
          .withArgs(96n, cap);
      }
      expect(await told("LockCapSet")).to.deep.equal([
        [0n, CAP],
        [CAP, 0n],
        [0n, 1n],
        [1n, WIDEST],
      ]);
    });

    it("at its widest still counts to the wei, and leaves what is beside it in the word", async () => {
      const { bridge, actors } = context;
      await bridge.syncRate();
      await setOn(context, "setLockCap", WIDEST);
      await bridge.connect(actors.guardian).pauseBridging(60n);
      await time.increase(60n);
      await bridge.connect(actors.alice).bridge(7n * ONE, actors.alice);
      expect(await bridge.remainingLock()).to.equal(WIDEST - 7n * ONE);
      expect([await bridge.locked(), await bridge.lastNonce()]).to.deep.equal([7n * ONE, 2n]);
      await expect(bridge.connect(actors.alice).bridge(MAX, actors.alice))
        .to.be.revertedWithCustomError(bridge, "AboveLockCap")
        .withArgs(MAX, WIDEST - 7n * ONE);
    });
  });

  describe("setReleaseLimit", () => {
    it("moves between the floor and the ceiling, and tells", async () => {
      const { bridge } = context;
      for (const limit of [FLOOR, CEILING, LIMIT]) {
        await setOn(context, "setReleaseLimit", limit);
        expect((await bridge.parameters()).releaseLimit).to.equal(limit);
      }
      for (const limit of [0n, 1n, FLOOR - 1n, CEILING + 1n, MAX]) {
        await expect(setOn(context, "setReleaseLimit", limit))
          .to.be.revertedWithCustomError(bridge, "ReleaseLimitOutOfBounds")
          .withArgs(limit, FLOOR, CEILING);
      }
      expect(await told("ReleaseLimitSet")).to.deep.equal([
        [0n, LIMIT],
        [LIMIT, FLOOR],
        [FLOOR, CEILING],
        [CEILING, LIMIT],
      ]);
    });

    it("up gives nothing at once, and down bites at once", async () => {
      const { bridge } = context;
      const raise = await scheduledOn(context, "setReleaseLimit", CEILING);
      const then = (await lastTime()) + 100n;
      await at(then, raise);
      expect(await bridge.remainingRelease()).to.equal(LIMIT);
      await time.increaseTo(then + 100n);
      expect(await bridge.remainingRelease()).to.equal(LIMIT + refill(CEILING, 100n));
      await setOn(context, "setReleaseLimit", FLOOR);
      expect(await bridge.remainingRelease()).to.equal(FLOOR);
    });
  });

  describe("lowerReleaseLimit", () => {
    it("is the guardian's at once, down to the floor and not below, and tells", async () => {
      const { bridge, actors } = context;
      const guardian = bridge.connect(actors.guardian);
      await expect(guardian.lowerReleaseLimit(LIMIT / 2n))
        .to.emit(bridge, "ReleaseLimitSet")
        .withArgs(LIMIT, LIMIT / 2n);
      expect(await bridge.remainingRelease()).to.equal(LIMIT / 2n);
      await guardian.lowerReleaseLimit(FLOOR);
      expect(await bridge.remainingRelease()).to.equal(FLOOR);
      for (const limit of [FLOOR - 1n, 0n]) {
        await expect(guardian.lowerReleaseLimit(limit))
          .to.be.revertedWithCustomError(bridge, "ReleaseLimitOutOfBounds")
          .withArgs(limit, FLOOR, FLOOR);
      }
    });

    it("cannot raise it, not by a wei, and not back to what it was", async () => {
      const { bridge, actors } = context;
      const guardian = bridge.connect(actors.guardian);
      for (const limit of [LIMIT + 1n, CEILING, MAX]) {
        await expect(guardian.lowerReleaseLimit(limit))
          .to.be.revertedWithCustomError(bridge, "ReleaseLimitOutOfBounds")
          .withArgs(limit, FLOOR, LIMIT);
      }
      await guardian.lowerReleaseLimit(LIMIT);
      await guardian.lowerReleaseLimit(FLOOR + 1n);
      await expect(guardian.lowerReleaseLimit(LIMIT))
        .to.be.revertedWithCustomError(bridge, "ReleaseLimitOutOfBounds")
        .withArgs(LIMIT, FLOOR, FLOOR + 1n);
    });

    it("to what it is, over and over, does not touch what is available", async () => {
      const { bridge, actors } = context;
      await bridge.connect(actors.alice).bridge(50_000n * ONE, actors.alice);
      await deliver(context);
      const message = messageUp({ nonce: 1n, receiver: actors.carol.address, shares: LIMIT });
      const proof = await provenForgery(context, message);
      const empty = (await lastTime()) + 10n;
      await at(empty, () => bridge.receiveMessage(proof));
      // 54 seconds give a whole number of wei at this limit.
      for (let call = 1n; call <= 10n; ++call) {
        await at(empty + call * 54n, () => bridge.connect(actors.guardian).lowerReleaseLimit(LIMIT));
        expect(await bridge.remainingRelease()).to.equal(refill(LIMIT, call * 54n));
      }
    });
  });

  describe("the pause of deposits", () => {
    it("is told with who set it, and ended early by the manager alone", async () => {
      const { bridge, manager, actors } = context;
      const start = (await lastTime()) + 100n;
      await at(start, () => bridge.connect(actors.guardian).pauseBridging(5n * DAY));
      expect((await bridge.parameters()).pausedUntil).to.equal(start + 5n * DAY);
      await setOn(context, "resumeBridging");
      const ended = await lastTime();
      expect(await told("BridgingPauseSet")).to.deep.equal([
        [actors.guardian.address, start + 5n * DAY],
        [await manager.getAddress(), ended],
      ]);
      expect((await bridge.parameters()).pausedUntil).to.equal(ended);
      await bridge.connect(actors.alice).bridge(1n, actors.bob);
      await expect(setOn(context, "resumeBridging")).to.be.revertedWithCustomError(bridge, "NotPaused");
    });

    it("is at least a second and at most 5 days", async () => {
      const { bridge, actors } = context;
      const guardian = bridge.connect(actors.guardian);
      for (const duration of [0n, 5n * DAY + 1n, 2n ** 32n, MAX]) {
        await expect(guardian.pauseBridging(duration))
          .to.be.revertedWithCustomError(bridge, "PauseOutOfBounds")
          .withArgs(duration, 5n * DAY);
      }
      await guardian.pauseBridging(1n);
    });

    it("cannot begin again before 30 days from its end", async () => {
      const { bridge, actors } = context;
      const guardian = bridge.connect(actors.guardian);
      await guardian.pauseBridging(DAY);
      const { pausedUntil } = await bridge.parameters();
      for (const when of [pausedUntil - 1n, pausedUntil, pausedUntil + 30n * DAY - 1n]) {
        await time.setNextBlockTimestamp(when);
        await expect(guardian.pauseBridging(DAY))
          .to.be.revertedWithCustomError(bridge, "PauseCoolingDown")
          .withArgs(pausedUntil + 30n * DAY);
      }
      await at(pausedUntil + 30n * DAY, () => guardian.pauseBridging(DAY));
    });

    it("has a clock of its own: one of stakes does not touch deposits", async () => {
      const { bridge, pool, actors } = context;
      await pool.connect(actors.guardian).pauseStakes(DAY);
      await bridge.connect(actors.alice).bridge(1n, actors.alice);
      await bridge.connect(actors.guardian).pauseBridging(DAY);
    });
  });

  describe("construction", () => {
    const somewhere = "0x000000000000000000000000000000000000dEaD";
    const wiring = { fxRoot: somewhere, rootChain: somewhere, pool: somewhere, token: somewhere, peer: somewhere };

    it("A58: refuses any address of zero, the peer's among them", async () => {
      const factory = new BridgeAdapter__factory(context.actors.deployer);
      for (const name of Object.keys(wiring)) {
        await expect(factory.deploy({ ...wiring, [name]: ZeroAddress }, 10n), name).to.be.revertedWithCustomError(
          factory,
          "ZeroAddress",
        );
      }
    });

    it("A45: refuses a ceiling of nothing, under which releases could be stopped, or above what a limit can be", async () => {
      const factory = new BridgeAdapter__factory(context.actors.deployer);
      const highest = 2n ** 208n - 1n;
      for (const ceiling of [0n, highest + 1n, MAX]) {
        await expect(factory.deploy(wiring, ceiling))
          .to.be.revertedWithCustomError(factory, "ReleaseLimitOutOfBounds")
          .withArgs(ceiling, 1n, highest);
      }
    });

    it("has a floor of a tenth of the ceiling, rounded up", async () => {
      const factory = new BridgeAdapter__factory(context.actors.deployer);
      for (const [ceiling, floor] of [
        [1n, 1n],
        [9n, 1n],
        [10n, 1n],
        [11n, 2n],
        [101n, 11n],
      ] as const) {
        expect(await (await factory.deploy(wiring, ceiling)).RELEASE_FLOOR()).to.equal(floor);
      }
    });
  });

  describe("initialization", () => {
    /** Another adapter behind a proxy of its own, which the end on Polygon does not know. */
    async function another(cap: bigint, limit: bigint, ceiling = CEILING): Promise<BridgeAdapter> {
      const { fx, pool, token, child, manager, actors } = context;
      const { fxRoot, rootChain } = fx;
      const factory = new BridgeAdapter__factory(actors.deployer);
      const code = await factory.deploy({ fxRoot, rootChain, pool, token, peer: child.adapter }, ceiling);
      const data = code.interface.encodeFunctionData("initialize", [await manager.getAddress(), cap, limit]);
      const proxy = await new ERC1967Proxy__factory(actors.deployer).deploy(code, data);
      return BridgeAdapter__factory.connect(await proxy.getAddress(), actors.deployer);
    }

    it("takes the widest parameters, starts with the limit full, and tells", async () => {
      const ceiling = 2n ** 208n - 1n;
      const other = await another(WIDEST, ceiling, ceiling);
      expect(await other.parameters()).to.deep.equal([WIDEST, ceiling, 0n]);
      expect(await other.remainingRelease()).to.equal(ceiling);
      const logs = await other.queryFilter(other.filters.ReleaseLimitSet());
      expect(logs.map(({ args }) => [...args])).to.deep.equal([[0n, ceiling]]);
    });

    it("refuses a cap from 2^96 on, and a limit outside of the bounds", async () => {
      const { bridge } = context;
      await expect(another(WIDEST + 1n, LIMIT))
        .to.be.revertedWithCustomError(bridge, "SafeCastOverflowedUintDowncast")
        .withArgs(96n, WIDEST + 1n);
      for (const limit of [0n, FLOOR - 1n, CEILING + 1n]) {
        await expect(another(CAP, limit))
          .to.be.revertedWithCustomError(bridge, "ReleaseLimitOutOfBounds")
          .withArgs(limit, FLOOR, CEILING);
      }
    });

    it("A58: has no setter of the peer or of any contract around: by its ABI, nothing else changes state", () => {
      const { bridge } = context;
      const changing = changingFunctionsOf(bridge).map(({ name }) => name);
      expect(changing.sort()).to.deep.equal([
        ...["bridge", "bridgeWithPermit", "initialize", "lowerReleaseLimit", "pauseBridging", "payPending"],
        ...["receiveMessage", "resumeBridging", "setAuthority", "setLockCap", "setReleaseLimit", "syncRate"],
        "upgradeToAndCall",
      ]);
    });

    it("a second instance is nobody to the end on Polygon: what it sends is not minted", async () => {
      const { child, fx, token, actors } = context;
      const other = await another(CAP, LIMIT);
      await token.connect(actors.alice).approve(other, ONE);
      await other.connect(actors.alice).bridge(ONE, actors.alice);
      await deliver(context);
      expect(await child.token.balanceOf(actors.alice)).to.equal(0n);
      const [committed] = (await fx.stateReceiver.queryFilter(fx.stateReceiver.filters.StateCommitted())).slice(-1);
      expect(committed?.args.success).to.equal(false);
    });
  });
});
