import { setCode, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";

import { MANAGER } from "../../deploy/access";
import { memoryJournal } from "../../deploy/book";
import type { Journal } from "../../deploy/book";
import type { EthereumNetwork, PolygonNetwork } from "../../deploy/networks";
import { BRIDGE_DEFAULTS, DEFAULTS, POLYGON_DEFAULTS } from "../../deploy/params";
import { deployEthereum, deployPolygonSide, verifyEthereum, verifyPolygon } from "../../deploy/run";
import type { Counterpart, Ethereum } from "../../deploy/run";
import type { PolygonSystem } from "../../deploy/polygon";
import { WrappedPol__factory } from "../../typechain-types";
import { deployFx } from "../../scripts/lib/bridge/localFx";
import { FIRST_ID, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { failureOf } from "../support/failures";
import { unwatchLedgers } from "../support/ledgers";
import { upgradeCall } from "../support/upgrades";

const CHAIN = 31_337n;

describe("A deployment on two chains", () => {
  let context: Context;
  let ethereum: EthereumNetwork;
  let polygon: PolygonNetwork;
  /** One for each chain. */
  let below: Journal;
  let above: Journal;

  beforeEach(async () => {
    context = await fixture();
    unwatchLedgers();
    const { deployer } = context.actors;
    const fx = await deployFx(deployer, deployer, deployer.address, ethers.provider);
    const wrapped = await new WrappedPol__factory(deployer).deploy();
    const { roles, treasury, polygon: addresses, genesis } = context.params;
    ethereum = {
      side: "ethereum",
      chainId: CHAIN,
      counterpart: "polygon",
      params: { ...DEFAULTS, roles, treasury, polygon: addresses, genesis },
      bridge: {
        ...BRIDGE_DEFAULTS,
        roles,
        fxRoot: await fx.fxRoot.getAddress(),
        rootChain: await fx.rootChain.getAddress(),
      },
      validators: [0n, 1n, 2n, 3n].map((index) => ({ id: FIRST_ID + index, weightBps: 2_500n, capBps: 2_500n })),
    };
    polygon = {
      side: "polygon",
      chainId: CHAIN,
      counterpart: "mainnet",
      params: {
        ...POLYGON_DEFAULTS,
        roles,
        fxChild: await fx.fxChild.getAddress(),
        wrappedNative: await wrapped.getAddress(),
      },
    };
    below = memoryJournal(CHAIN, context.actors.bob.address);
    above = memoryJournal(CHAIN, context.actors.carol.address);
  });

  const other = (journal: Journal): Counterpart => ({ book: journal.book, provider: ethers.provider });

  async function core(): Promise<Ethereum> {
    return deployEthereum({ deployer: context.actors.bob, journal: below }, ethereum, other(above));
  }

  async function child(): Promise<PolygonSystem> {
    return deployPolygonSide({ deployer: context.actors.carol, journal: above }, polygon, other(below));
  }

  async function both(): Promise<{ base: Ethereum; side: PolygonSystem }> {
    await core();
    const side = await child();
    return { base: await core(), side };
  }

  const onEthereum = async (): Promise<string[]> => verifyEthereum(ethers.provider, below.book, ethereum, other(above));
  const onPolygon = async (): Promise<string[]> => verifyPolygon(ethers.provider, above.book, polygon, other(below));

  it("goes core, Polygon, bridge, and is then what its configuration says", async () => {
    expect((await core()).bridge).to.equal(undefined);
    expect(below.book.finished).to.equal(false);
    await child();
    expect(above.book.finished).to.equal(true);
    expect((await core()).bridge).not.to.equal(undefined);
    expect(below.book.finished).to.equal(true);
    expect(await onEthereum()).to.deep.equal([]);
    expect(await onPolygon()).to.deep.equal([]);
  });

  it("does not begin on Polygon: a message to an address without code would be lost", async () => {
    expect(await failureOf(child())).to.equal("The core on Ethereum is not deployed yet: begin there, then come back");
  });

  describe("verification", () => {
    it("names what was never done", async () => {
      await core();
      expect(await onEthereum()).to.deep.equal(["the Polygon side is not deployed"]);
      await child();
      expect(await onEthereum()).to.deep.equal(["BridgeAdapter.implementation: a step is not done"]);
    });

    it("A84: names a step that is not done, a deployer that can still act, and a factory that is open", async () => {
      await core();
      await child();
      const { bob } = context.actors;
      // All but the hand-over.
      const network = {
        ...ethereum,
        params: { ...ethereum.params, roles: { ...ethereum.params.roles, upgrader: bob.address } },
      };
      expect(await failureOf(deployEthereum({ deployer: bob, journal: below }, network, other(above)))).to.contain(
        "The deployer cannot hold a role",
      );
      expect(await onEthereum()).to.deep.equal([`upgrader: ${context.params.roles.upgrader}: a step is not done`]);
    });

    it("names each power that is another", async () => {
      const { base, side } = await both();
      const { manager, pool } = base.system;
      const { upgrader, stranger } = context.actors;
      const asUpgrader = async (target: typeof manager, data: string): Promise<void> => {
        await manager.connect(upgrader).schedule(target, data, 0);
        await time.increase(DEFAULTS.delays.upgraderSeconds);
        await manager.connect(upgrader).execute(target, data);
      };
      await asUpgrader(manager, manager.interface.encodeFunctionData("grantRole", [MANAGER, stranger.address, 0n]));
      await asUpgrader(
        manager,
        manager.interface.encodeFunctionData("setTargetFunctionRole", [
          await pool.getAddress(),
          [pool.getFunction("settleBatch").fragment.selector],
          MANAGER,
        ]),
      );
      expect(await onEthereum()).to.deep.equal([
        `manager: ${stranger.address} is one, too`,
        "pool.settleBatch: for the manager instead of the upgrader",
      ]);
      const lists = side.token.interface.encodeFunctionData("setLimits", [stranger.address, 1n, 1n]);
      const onChild = side.manager.connect(upgrader);
      await onChild.schedule(side.token, lists, 0);
      await time.increase(DEFAULTS.delays.upgraderSeconds);
      await onChild.execute(side.token, lists);
      expect(await onPolygon()).to.deep.equal([`${stranger.address} is listed as a bridge, too`]);
    });

    it("names each parameter that is another", async () => {
      const { base } = await both();
      const { manager, pool } = base.system;
      const data = pool.interface.encodeFunctionData("setFee", [400n]);
      await manager.connect(context.actors.manager).schedule(pool, data, 0);
      await time.increase(DEFAULTS.delays.managerSeconds);
      await manager.connect(context.actors.manager).execute(pool, data);
      expect(await onEthereum()).to.deep.equal(["fee on rewards, bps: 400 instead of 500"]);
    });

    it("A86: names code that is another, and an implementation that was exchanged", async () => {
      const { base } = await both();
      const { system } = base;
      const { upgrader } = context.actors;
      const implementation = await context.system.steps.addressOf("PolygonPool.implementation");
      const data = upgradeCall(implementation);
      await system.manager.connect(upgrader).schedule(system.pool, data, 0);
      await time.increase(DEFAULTS.delays.upgraderSeconds);
      await system.manager.connect(upgrader).execute(system.pool, data);
      const [found] = await onEthereum();
      expect(found).to.contain("PolygonPool: its implementation at").and.to.contain("is not what is to be deployed");

      const { address = "" } = above.book.contracts["RatioFeed.implementation"] ?? {};
      await setCode(address, "0x00");
      expect((await onPolygon())[0]).to.contain(`RatioFeed.implementation: its code at ${address}`);
    });

    it("names all that the address book has wrong, though the chain is right", async () => {
      await both();
      const { contracts, promised } = below.book;
      const { PoolLens: lens, AutoClaim: autoClaim, PriceFeed: feed, ...rest } = contracts;
      const { "AnkrMATIC.implementation": implementation } = contracts;
      if (lens === undefined || autoClaim === undefined || feed === undefined || implementation === undefined) {
        throw new Error("the deployment has all of them");
      }
      // Another contract, with the hash of its own code: what stands there is what the book says.
      const wrong = { ...lens, address: autoClaim.address, codeHash: autoClaim.codeHash };
      below.book.contracts = { ...rest, PoolLens: wrong, AutoClaim: autoClaim, Another: autoClaim };
      below.book.promised = { BridgeAdapter: autoClaim.address };
      Object.assign(below.book, { chainId: 1, finished: false });
      expect(await onEthereum()).to.deep.equal([
        "the address book is of chain 1 instead of 31337",
        "the address book does not have the hand-over, which was done",
        `PoolLens: at ${autoClaim.address} in the address book instead of ${lens.address}`,
        `Another: in the address book, at ${autoClaim.address}, but not of this deployment`,
        "PriceFeed: not in the address book",
        `BridgeAdapter: promised at ${autoClaim.address} in the address book instead of ${promised.BridgeAdapter}`,
      ]);

      Object.assign(below.book, { contracts, promised, chainId: Number(CHAIN), finished: true });
      contracts["AnkrMATIC.implementation"] = { ...implementation, args: "0x" };
      expect((await onEthereum())[0]).to.contain("AnkrMATIC.implementation: its arguments in the address book");
      contracts["AnkrMATIC.implementation"] = implementation;
      expect(await onEthereum()).to.deep.equal([]);
      Object.assign(above.book, { chainId: 1 });
      expect(await onPolygon()).to.deep.equal(["the address book is of chain 1 instead of 31337"]);
    });
  });

  it("stops before the first transaction when a value is missing or impossible, and names it", async () => {
    const { bob } = context.actors;
    const nonce = await bob.getNonce();
    const broken = { ...ethereum, params: { ...ethereum.params, treasury: "", feeBps: 1_001n } };
    const failure = await failureOf(deployEthereum({ deployer: bob, journal: below }, broken));
    expect(failure).to.contain("treasury: must be an address other than zero");
    expect(failure).to.contain("feeBps: the fee is at most 10 %");
    expect(await bob.getNonce()).to.equal(nonce);
  });
});
