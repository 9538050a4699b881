import { expect } from "chai";
import { getAddress } from "ethers";

import { GUARDIAN, MANAGER, UPGRADER } from "../../../deploy/access";
import { BRIDGE, bridgeDifferences, deployBridge } from "../../../deploy/bridge";
import { BRIDGE_DEFAULTS, POLYGON_DEFAULTS, parseBridgeParams, parsePolygonParams } from "../../../deploy/params";
import { POLYGON_NAMES, deployPolygon } from "../../../deploy/polygon";
import {
  BridgeAdapter__factory,
  ChildAnkrMATIC__factory,
  ChildBridgeAdapter__factory,
  FxChild__factory,
  FxRoot__factory,
  RatioFeed__factory,
} from "../../../typechain-types";
import { bridgedFixture } from "../../support/bridge";
import type { BridgedContext } from "../../support/bridge";
import { DAY, ONE, deployAll } from "../../support/fixture";
import { functionsOf } from "../../support/functions";
import { unwatchLedgers } from "../../support/ledgers";

const address = (last: number): string => `0x${last.toString(16).padStart(40, "0")}`;
const WIDEST = 2n ** 96n - 1n;
const UNUSABLE = "Deployment parameters are not usable:";

const roles = { upgrader: address(5), manager: address(6), guardian: address(7) };
const ON_ETHEREUM = { ...BRIDGE_DEFAULTS, roles, fxRoot: address(1), rootChain: address(2) };
const ON_POLYGON = { ...POLYGON_DEFAULTS, roles, fxChild: address(3), wrappedNative: address(4) };

/** The lines of the error, one for each value that is not usable. */
function complaints(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof Error) return error.message.split("\n").map((line) => line.trim());
  }
  return [];
}

const ofBridge = (change: object): string[] => complaints(() => parseBridgeParams({ ...ON_ETHEREUM, ...change }));
const ofPolygon = (change: object): string[] => complaints(() => parsePolygonParams({ ...ON_POLYGON, ...change }));

describe("deployment parameters of the bridge", () => {
  it("are taken as they are when all are usable", () => {
    expect(parseBridgeParams(ON_ETHEREUM)).to.deep.equal(ON_ETHEREUM);
    expect(parsePolygonParams(ON_POLYGON)).to.deep.equal(ON_POLYGON);
  });

  it("of the real deployment: a day's releases are 2 % of the cap, the floor a tenth of what the manager can set", () => {
    expect(BRIDGE_DEFAULTS).to.deep.equal({
      delays: { upgraderSeconds: 604_800n, managerSeconds: 86_400n },
      lockCapWei: 500_000_000n * ONE,
      releaseLimitWei: 10_000_000n * ONE,
      releaseCeilingWei: 20_000_000n * ONE,
    });
    expect(POLYGON_DEFAULTS).to.deep.equal({
      delays: { upgraderSeconds: 604_800n, managerSeconds: 86_400n },
      mintingLimitWei: 20_000_000n * ONE,
      burningLimitWei: 20_000_000n * ONE,
      supplyCapWei: 500_000_000n * ONE,
      swap: { feeBps: 50n, dailyLimitWei: 1_000_000n * ONE },
    });
  });

  it("addresses are brought into their checksummed form", () => {
    const lower = "0x455e53cbb86018ac2b8092fdcd39d8444affc3f6";
    expect(parseBridgeParams({ ...ON_ETHEREUM, fxRoot: lower }).fxRoot).to.equal(getAddress(lower));
    expect(parsePolygonParams({ ...ON_POLYGON, fxChild: lower }).fxChild).to.equal(getAddress(lower));
  });

  for (const value of [address(0), "0x12", ""]) {
    it(`"${value}" is no address of a contract or of a role`, () => {
      const line = (name: string): string[] => [UNUSABLE, `${name}: must be an address other than zero`];
      for (const name of ["fxRoot", "rootChain"]) expect(ofBridge({ [name]: value })).to.deep.equal(line(name));
      for (const name of ["fxChild", "wrappedNative"]) expect(ofPolygon({ [name]: value })).to.deep.equal(line(name));
      for (const role of Object.keys(roles)) {
        const change = { roles: { ...roles, [role]: value } };
        expect(ofBridge(change)).to.deep.equal(line(`roles.${role}`));
        expect(ofPolygon(change)).to.deep.equal(line(`roles.${role}`));
      }
    });
  }

  for (const [name, values] of Object.entries({
    lockCapWei: [-1n, WIDEST + 1n, 1],
    releaseLimitWei: [-1n, WIDEST + 1n, 1],
    releaseCeilingWei: [0n, WIDEST + 1n, 1],
    delays: [{ upgraderSeconds: -1n, managerSeconds: DAY }, { upgraderSeconds: DAY }],
  })) {
    it(`${name} outside of its bounds, or no bigint, is refused by name on Ethereum`, () => {
      for (const value of values) {
        const [first, second, ...more] = ofBridge({ [name]: value });
        expect(first).to.equal(UNUSABLE);
        expect(second).to.match(new RegExp(`^${name}(\\.|: )`));
        expect(more).to.deep.equal([]);
      }
    });
  }

  for (const [name, values] of Object.entries({
    mintingLimitWei: [-1n, WIDEST + 1n, 1],
    burningLimitWei: [0n, WIDEST + 1n, 1],
    supplyCapWei: [-1n, WIDEST + 1n, 1],
    delays: [{ upgraderSeconds: DAY, managerSeconds: -1n }, { managerSeconds: DAY }],
  })) {
    it(`${name} outside of its bounds, or no bigint, is refused by name on Polygon`, () => {
      for (const value of values) {
        const [first, second, ...more] = ofPolygon({ [name]: value });
        expect(first).to.equal(UNUSABLE);
        expect(second).to.match(new RegExp(`^${name}(\\.|: )`));
        expect(more).to.deep.equal([]);
      }
    });
  }

  it("the swap pool's fee is from 42 to 100 bps, its limit at most 10^30 wei, and each is refused by name", () => {
    const { swap } = POLYGON_DEFAULTS;
    for (const change of [{ feeBps: 42n }, { feeBps: 100n }, { dailyLimitWei: 0n }, { dailyLimitWei: 10n ** 30n }]) {
      expect(ofPolygon({ swap: { ...swap, ...change } })).to.deep.equal([]);
    }
    for (const [name, value, message] of [
      ["feeBps", 41n, "the fee is at least 0.42 %, which is what the rate can grow by in a day"],
      ["feeBps", 101n, "the fee is at most 1 %"],
      ["dailyLimitWei", 10n ** 30n + 1n, "the limit is at most 10^30"],
    ] as const) {
      expect(ofPolygon({ swap: { ...swap, [name]: value } })).to.deep.equal([UNUSABLE, `swap.${name}: ${message}`]);
    }
  });

  it("A45: the limit of releases is within a tenth of its ceiling and the ceiling, or the deployment would fail", () => {
    const line = "releaseLimitWei: must be within a tenth of releaseCeilingWei and releaseCeilingWei";
    for (const [releaseLimitWei, releaseCeilingWei] of [
      [0n, 1n],
      [11n, 10n],
      [9n, 91n],
      [1n, 11n],
    ] as const) {
      expect(ofBridge({ releaseLimitWei, releaseCeilingWei })).to.deep.equal([UNUSABLE, line]);
    }
    for (const [releaseLimitWei, releaseCeilingWei] of [
      [1n, 1n],
      [1n, 10n],
      [2n, 11n],
      [WIDEST, WIDEST],
    ] as const) {
      expect(ofBridge({ releaseLimitWei, releaseCeilingWei })).to.deep.equal([]);
    }
  });

  it("every value that is missing or impossible is named at once", () => {
    const names = (lines: string[]): (string | undefined)[] => lines.slice(1).map((line) => line.split(":")[0]);
    expect(names(ofBridge({ fxRoot: undefined, rootChain: address(0), lockCapWei: -1n })).sort()).to.deep.equal([
      "fxRoot",
      "lockCapWei",
      "rootChain",
    ]);
    expect(names(ofPolygon({ fxChild: undefined, burningLimitWei: 0n })).sort()).to.deep.equal([
      "burningLimitWei",
      "fxChild",
    ]);
  });
});

describe("the deployed bridge", () => {
  let context: BridgedContext;

  beforeEach(async () => {
    context = await bridgedFixture();
  });

  it("is at the addresses of its names on both chains, and the two ends know each other", async () => {
    const { bridge, child, system } = context;
    expect(await system.steps.addressOf(BRIDGE)).to.equal(await bridge.getAddress());
    for (const name of ["token", "feed", "adapter", "swap"] as const) {
      expect(await child.steps.addressOf(POLYGON_NAMES[name])).to.equal(await child[name].getAddress());
    }
    expect(await bridgeDifferences(bridge, child)).to.deep.equal([]);
  });

  it("A58: is not deployed for an end on Polygon that names another peer", async () => {
    unwatchLedgers();
    const { bridgeParams, polygonParams } = context;
    let failure: unknown;
    await deployAll({}, async ({ system, actors }) => {
      const other = actors.stranger.address;
      const child = await deployPolygon(actors.deployer, polygonParams, other);
      failure = await deployBridge(system, bridgeParams, child).catch((error: unknown) => error);
      const at = await system.steps.addressOf(BRIDGE);
      expect(failure).to.be.instanceOf(Error);
      expect((failure as Error).message).to.equal(
        `The bridge's end on Polygon, ${await child.adapter.getAddress()}, names ${other} as its peer, not ${at}`,
      );
      expect(await actors.deployer.provider.getCode(at)).to.equal("0x");
    });
    expect(failure).not.to.equal(undefined);
  });

  it("A58: every wiring of the two ends that is another's is seen", async () => {
    const { bridge, child, fx, pool, token, actors } = context;
    const { deployer, stranger } = actors;
    const elsewhere = stranger.address;
    const { fxRoot, fxChild, rootChain, stateSender } = fx;
    const { adapter, feed } = child;
    const onEthereum = { fxRoot, rootChain, pool, token, peer: adapter };
    const onPolygon = { fxChild, token: child.token, feed, peer: bridge };
    const otherRoot = await new FxRoot__factory(deployer).deploy(stateSender);
    const otherChild = await new FxChild__factory(deployer).deploy();

    const bridgeOf = async (change: object) =>
      new BridgeAdapter__factory(deployer).deploy({ ...onEthereum, ...change }, 1n);
    const adapterOf = async (change: object) =>
      new ChildBridgeAdapter__factory(deployer).deploy({ ...onPolygon, ...change });
    const seen = async (
      end: typeof bridge,
      polygon: Parameters<typeof bridgeDifferences>[1],
    ): Promise<(string | undefined)[]> => (await bridgeDifferences(end, polygon)).map((line) => line.split(":")[0]);

    // A copy is at another address, which its peer does not name, and is right otherwise.
    const here = "peer on Ethereum";
    const there = ["peer on Polygon", "adapter of the feed"];
    expect(await seen(await bridgeOf({}), child)).to.deep.equal([here]);
    expect(await seen(await bridgeOf({ peer: elsewhere }), child)).to.deep.equal(["peer on Polygon", here]);
    expect(await seen(await bridgeOf({ fxRoot: otherRoot }), child)).to.deep.equal([
      here,
      "FxChild of FxRoot",
      "FxRoot of FxChild",
    ]);
    expect(await seen(bridge, { ...child, adapter: await adapterOf({}) })).to.deep.equal(there);
    expect(await seen(bridge, { ...child, adapter: await adapterOf({ peer: elsewhere }) })).to.deep.equal([
      there[0],
      here,
      there[1],
    ]);
    expect(await seen(bridge, { ...child, adapter: await adapterOf({ fxChild: otherChild }) })).to.deep.equal([
      there[0],
      "FxChild of FxRoot",
      "FxRoot of FxChild",
      there[1],
    ]);
    for (const [name, line] of [
      ["token", "token of the end on Polygon"],
      ["feed", "feed of the end on Polygon"],
    ] as const) {
      const other = await adapterOf({ [name]: elsewhere });
      expect(await seen(bridge, { ...child, adapter: other })).to.deep.equal([there[0], line, there[1]]);
    }
    const otherFeed = await new RatioFeed__factory(deployer).deploy(elsewhere);
    expect(await seen(bridge, { ...child, feed: otherFeed })).to.deep.equal([
      "feed of the end on Polygon",
      "feed of the token",
      "adapter of the feed",
    ]);
    const otherToken = await new ChildAnkrMATIC__factory(deployer).deploy(otherFeed);
    expect(await seen(bridge, { ...child, token: otherToken })).to.deep.equal([
      "token of the end on Polygon",
      "feed of the token",
    ]);
  });

  it("a difference is told with what is there and what should be", async () => {
    const { bridge, child, fx, pool, token, actors } = context;
    const { fxRoot, rootChain } = fx;
    const other = await new BridgeAdapter__factory(actors.deployer).deploy(
      { fxRoot, rootChain, pool, token, peer: actors.stranger },
      1n,
    );
    expect(await bridgeDifferences(other, child)).to.deep.equal([
      `peer on Polygon: ${actors.stranger.address} instead of ${await child.adapter.getAddress()}`,
      `peer on Ethereum: ${await bridge.getAddress()} instead of ${await other.getAddress()}`,
    ]);
  });

  describe("after the hand-over", () => {
    it("A84: the deployer has no role and no right to call anything, on either chain", async () => {
      const { system, bridge, child, actors } = context;
      for (const { manager } of [system, child]) {
        for (const role of [UPGRADER, MANAGER, GUARDIAN]) {
          expect(await manager.hasRole(role, actors.deployer)).to.deep.equal([false, 0n]);
          expect((await manager.getAccess(role, actors.deployer)).since).to.equal(0n);
        }
      }
      for (const [manager, contract] of [
        [system.manager, bridge],
        [child.manager, child.token],
        [child.manager, child.feed],
        [child.manager, child.adapter],
        [child.manager, child.swap],
      ] as const) {
        for (const { selector } of functionsOf(contract)) {
          expect(await manager.canCall(actors.deployer, contract, selector)).to.deep.equal([false, 0n]);
        }
      }
    });

    it("the deployer cannot change either manager, nor upgrade, nor list a bridge", async () => {
      const { system, bridge, child, actors } = context;
      const { deployer } = actors;
      for (const { manager } of [system, child]) {
        const asDeployer = manager.connect(deployer);
        for (const attempt of [
          () => asDeployer.grantRole(UPGRADER, deployer, 0n),
          () => asDeployer.setTargetFunctionRole(bridge, ["0x69fe0e2d"], MANAGER),
          () => asDeployer.setTargetClosed(bridge, true),
          () => asDeployer.updateAuthority(bridge, deployer),
        ]) {
          await expect(attempt())
            .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
            .withArgs(deployer.address, UPGRADER);
        }
      }
      for (const contract of [bridge, child.token, child.feed, child.adapter, child.swap]) {
        await expect(contract.connect(deployer).upgradeToAndCall(bridge, "0x"))
          .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
          .withArgs(deployer.address);
      }
      await expect(child.token.connect(deployer).setLimits(deployer, ONE, ONE))
        .to.be.revertedWithCustomError(child.token, "AccessManagedUnauthorized")
        .withArgs(deployer.address);
    });

    it("both factories are closed, so that nothing more can be put at their addresses", async () => {
      const { system, child, actors } = context;
      for (const { factory } of [system, child]) {
        expect(await factory.closed()).to.equal(true);
        await expect(
          factory.connect(actors.deployer).deploy(`0x${"ab".repeat(32)}`, "0x00"),
        ).to.be.revertedWithCustomError(factory, "FactoryClosed");
      }
      expect(await system.factory.getAddress()).not.to.equal(await child.factory.getAddress());
    });

    it("the roles on Polygon are held by those who were named, with the same delays, by one each", async () => {
      const { child, polygonParams } = context;
      const { manager } = child;
      const granted = await manager.queryFilter(manager.filters.RoleGranted());
      const revoked = await manager.queryFilter(manager.filters.RoleRevoked());
      const members = new Map<string, string>();
      for (const { args } of granted) {
        const gone = revoked.some(({ args: end }) => end.roleId === args.roleId && end.account === args.account);
        if (!gone) members.set(args.account, String(args.roleId));
      }
      const { upgrader, manager: managing, guardian } = polygonParams.roles;
      expect(Object.fromEntries(members)).to.deep.equal({
        [upgrader]: String(UPGRADER),
        [managing]: String(MANAGER),
        [guardian]: String(GUARDIAN),
      });
      expect(await manager.hasRole(UPGRADER, upgrader)).to.deep.equal([true, 7n * DAY]);
      expect(await manager.hasRole(MANAGER, managing)).to.deep.equal([true, DAY]);
      expect(await manager.hasRole(GUARDIAN, guardian)).to.deep.equal([true, 0n]);
      expect(await manager.getRoleGuardian(MANAGER)).to.equal(GUARDIAN);
    });

    it("the one bridge that is listed has its limits, and they are empty at first", async () => {
      const { child, polygonParams } = context;
      const { mintingLimitWei, burningLimitWei, supplyCapWei } = polygonParams;
      const listed = await child.token.queryFilter(child.token.filters.BridgeCeilingsSet());
      expect(listed.map(({ args }) => [...args])).to.deep.equal([
        [await child.adapter.getAddress(), mintingLimitWei, burningLimitWei],
      ]);
      const [log] = listed;
      const at = { blockTag: log?.blockNumber ?? 0 };
      expect(await child.token.mintingCurrentLimitOf(child.adapter, at)).to.equal(0n);
      expect(await child.token.supplyCap()).to.equal(supplyCapWei);
    });
  });
});
