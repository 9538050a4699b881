import { setBalance, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { hexlify } from "ethers";
import type { Addressable } from "ethers";
import { ethers } from "hardhat";

import type { ChildAdapters, PoolAdapters } from "../../../deploy/adapters";
import { adaptedFixture } from "../../support/adapters";
import type { AdaptedContext } from "../../support/adapters";
import { deliver } from "../../support/bridge";
import { eventsOf, named } from "../../support/events";
import { DAY, MAX, ONE } from "../../support/fixture";
import { grow, shrink } from "../../support/growth";
import { now } from "../../support/polygon";
import { RateWatcher__factory, StrictConsumer__factory } from "../../typechain-types";
import type { RateWatcher } from "../../typechain-types";

/** A call of the watcher's. */
interface Step {
  readonly target: Addressable;
  readonly data: string;
}

describe("findings: what others price ankrMATIC by", () => {
  let context: AdaptedContext;
  let watcher: RateWatcher;

  beforeEach(async () => {
    context = await adaptedFixture();
    watcher = await new RateWatcher__factory(context.actors.deployer).deploy();
  });

  /** The rates before and after each step of one transaction. */
  async function ratesDuring(provider: Addressable, steps: readonly Step[]): Promise<readonly bigint[]> {
    const sent = watcher.run(provider, [...steps]);
    const [watched] = named(await eventsOf(watcher, sent), "Watched");
    if (watched === undefined) throw new Error("the watcher said nothing");
    return watched[0] as readonly bigint[];
  }

  /** All that is answered about the rate, but for times. */
  async function answers({ rateProvider, priceFeed }: PoolAdapters | ChildAdapters): Promise<readonly bigint[]> {
    const { totalAssets, totalSupply } = await rateProvider.latest();
    return [totalAssets, totalSupply, await rateProvider.getRate(), await priceFeed.latestAnswer()];
  }

  /** The rate of this second, brought to Polygon. */
  async function sync(): Promise<void> {
    await context.bridge.syncRate();
    await deliver(context);
  }

  describe("A95: on Ethereum", () => {
    beforeEach(async () => {
      // A rate that is no round number, and growth at rest.
      await grow(context, 12_345n * ONE + 67n);
    });

    it("A95: no gift moves it: neither coins nor shares, to whomever", async () => {
      const { pool, delegator, token, bridge, polygon, onEthereum, actors } = context;
      const before = await answers(onEthereum);
      const { rateProvider, priceFeed, aprOracle } = onEthereum;
      for (const target of [pool, delegator, token, bridge, rateProvider, priceFeed, aprOracle]) {
        await polygon.pol.connect(actors.alice).transfer(target, 10_000n * ONE);
        await polygon.matic.connect(actors.alice).transfer(target, 10_000n * ONE);
        await setBalance(await target.getAddress(), 10n ** 24n);
        // The share token does not take its own shares.
        if (target !== token) await token.connect(actors.alice).transfer(target, 100n * ONE);
      }
      expect(await answers(onEthereum)).to.deep.equal(before);
    });

    it("A95: a gift that is made rewards moves nothing in its block, and vests over 7 days", async () => {
      const { pool, delegator, polygon, onEthereum } = context;
      const { rateProvider } = onEthereum;
      const before = await rateProvider.getRate();
      const { totalAssets } = await rateProvider.latest();
      const gift = totalAssets;
      await polygon.pol.mint(delegator, gift);
      await pool.skim();
      expect((await rateProvider.getRate()) - before <= 1n).to.equal(true);
      await time.increase(60n);
      // 95 % of it, in at most 61 seconds of 7 days: 0.01 %.
      expect((await rateProvider.getRate()) - before < before / 10_000n).to.equal(true);
    });

    it("A95: a flash sequence of everything that is open to anyone moves it by a wei a call, and never down", async () => {
      const { pool, delegator, token, polygon, shares, onEthereum } = context;
      const { pol } = polygon;
      const { rateProvider, aprOracle } = onEthereum;
      const lent = 50_000_000n * ONE;
      await pol.mint(watcher, lent);
      const me = await watcher.getAddress();
      const [first] = shares;
      if (first === undefined) throw new Error("the fixture has no validator");
      const call = (target: Addressable, data: string): Step => ({ target, data });
      const [poolAbi, polAbi] = [pool.interface, pol.interface];
      const deposit = (assets: bigint) => call(pool, poolAbi.encodeFunctionData("deposit", [assets, me]));
      const redeem = (part: bigint) => call(pool, poolAbi.encodeFunctionData("requestRedeem", [part, me, me]));
      const give = (target: string, assets: bigint) =>
        call(pol, polAbi.encodeFunctionData("transfer", [target, assets]));
      const skim = call(pool, poolAbi.encodeFunctionData("skim"));
      const rates = await ratesDuring(rateProvider, [
        call(pol, polAbi.encodeFunctionData("approve", [await pool.getAddress(), MAX])),
        deposit(20_000_000n * ONE),
        deposit(ONE + 7n),
        give(await delegator.getAddress(), 5_000_000n * ONE),
        skim,
        redeem(1_000_000n * ONE + 3n),
        give(await pool.getAddress(), 5_000_000n * ONE),
        skim,
        call(pool, poolAbi.encodeFunctionData("delegate", [MAX])),
        call(first, first.interface.encodeFunctionData("transfer", [await delegator.getAddress(), 0n])),
        call(pool, poolAbi.encodeFunctionData("harvest", [[]])),
        call(pool, poolAbi.encodeFunctionData("sync", [1n])),
        call(aprOracle, aprOracle.interface.encodeFunctionData("snapshot")),
        redeem(10_000_000n * ONE + 1n),
        call(pool, poolAbi.encodeFunctionData("settleBatch")),
        call(token, token.interface.encodeFunctionData("transfer", [await delegator.getAddress(), ONE])),
        redeem(5_000_000n * ONE + 11n),
      ]);
      expect(rates).to.have.length(18);
      for (const [index, rate] of rates.slice(1).entries()) {
        const moved = rate - (rates[index] ?? 0n);
        expect(moved === 0n || moved === 1n).to.equal(true, `call ${index} moved it by ${moved}`);
      }
    });

    it("A95: a loss that is booked is in every answer at once", async () => {
      const { onEthereum, pool } = context;
      const [, , before] = await answers(onEthereum);
      await shrink(context, 1_000n);
      const rate = ((await pool.totalAssets()) * ONE) / (await pool.totalShares());
      expect((await answers(onEthereum)).slice(2)).to.deep.equal([rate, rate]);
      expect(before !== undefined && rate < before).to.equal(true);
    });
  });

  describe("A95: on Polygon", () => {
    beforeEach(async () => {
      const { bridge, actors } = context;
      // Within what half a day and a day may add: 0.3 %.
      await grow(context, 1_000n * ONE);
      await bridge.connect(actors.alice).bridge(1_000n * ONE, actors.bob);
      await deliver(context);
    });

    it("A95: is the rate of Ethereum at the time of the message, to the wei", async () => {
      const { bridge, pool, onEthereum, onPolygon } = context;
      await bridge.syncRate();
      const sentAt = await now();
      const sent = [await pool.totalAssets(), await pool.totalShares()];
      await time.increase(1_800n);
      await deliver(context);
      expect(await onPolygon.rateProvider.latest()).to.deep.equal([...sent, sentAt, 2n]);
      expect(await onPolygon.rateProvider.getRate()).to.equal(await onEthereum.rateProvider.getRate());
    });

    it("A95: no gift moves it: neither coins nor tokens, to whomever", async () => {
      const { child, onPolygon, actors } = context;
      const before = await answers(onPolygon);
      const { rateProvider, priceFeed, aprOracle } = onPolygon;
      for (const target of [child.token, child.feed, child.adapter, rateProvider, priceFeed, aprOracle]) {
        await child.token.connect(actors.bob).transfer(target, 10n * ONE);
        await setBalance(await target.getAddress(), 10n ** 24n);
      }
      expect(await answers(onPolygon)).to.deep.equal(before);
    });

    it("A95: a flash sequence of everything that is open to anyone moves it by nothing", async () => {
      const { child, onPolygon, actors } = context;
      const { rateProvider, aprOracle } = onPolygon;
      await child.token.connect(actors.bob).transfer(watcher, 1_000n * ONE);
      const { interface: tokenAbi } = child.token;
      const { interface: adapterAbi } = child.adapter;
      const me = await watcher.getAddress();
      const at = await child.adapter.getAddress();
      const withdraw = (shares: bigint) => ({
        target: child.adapter,
        data: adapterAbi.encodeFunctionData("withdraw", [shares, me]),
      });
      const before = await rateProvider.getRate();
      const rates = await ratesDuring(rateProvider, [
        { target: child.token, data: tokenAbi.encodeFunctionData("approve", [at, MAX]) },
        withdraw(500n * ONE),
        { target: child.token, data: tokenAbi.encodeFunctionData("transfer", [at, 100n * ONE]) },
        { target: aprOracle, data: aprOracle.interface.encodeFunctionData("snapshot") },
        withdraw(400n * ONE),
      ]);
      expect(rates).to.deep.equal(Array(6).fill(before));
    });

    it("A95: what happens on Ethereum moves it by a message alone, a gift before the message too", async () => {
      const { pool, delegator, polygon, onEthereum, onPolygon } = context;
      const before = await answers(onPolygon);
      await polygon.pol.mint(delegator, 5_000n * ONE);
      await pool.skim();
      await time.increase(DAY);
      expect(await answers(onPolygon)).to.deep.equal(before);
      await sync();
      const [, , rate] = await answers(onPolygon);
      const { getRate } = onEthereum.rateProvider;
      // The second of the delivery has added to Ethereum's.
      expect(rate !== undefined && rate > (before[2] ?? 0n) && rate < (await getRate())).to.equal(true);
    });

    it("A95: a loss goes down with the next message, and the APR is 0 and not below", async () => {
      const { onPolygon, child } = context;
      await onPolygon.aprOracle.snapshot();
      await time.increase(DAY);
      await shrink(context, 1_000n);
      const before = await onPolygon.rateProvider.getRate();
      await sync();
      const [totalAssets = 0n, totalSupply = 1n, ...rates] = await answers(onPolygon);
      const rate = (totalAssets * ONE) / totalSupply;
      expect(rates).to.deep.equal([rate, rate]);
      expect(rate < before).to.equal(true);
      expect(await onPolygon.aprOracle.averagePercentageRate(child.token, 1n)).to.equal(0n);
    });

    it("A95: shows its age and 18 decimals to a reader that checks everything", async () => {
      const { onPolygon, actors } = context;
      const { rateProvider, priceFeed } = onPolygon;
      const reader = await new StrictConsumer__factory(actors.deployer).deploy();
      const rate = await rateProvider.getRate();
      expect(await reader.priceOf(priceFeed, DAY)).to.equal(rate);
      await time.increase(3n * DAY);
      await expect(reader.priceOf(priceFeed, 3n * DAY))
        .to.be.revertedWithCustomError(reader, "Refused")
        .withArgs("age");
      expect(await rateProvider.getRate()).to.equal(rate);
    });
  });

  describe("A95: nobody stands behind the adapters", () => {
    it("A95: their code calls views alone, and cannot be exchanged", async () => {
      for (const adapters of [context.onEthereum, context.onPolygon]) {
        for (const contract of [adapters.rateProvider, adapters.priceFeed, adapters.aprOracle]) {
          const code = opcodesOf(await ethers.provider.getCode(contract));
          for (const [name, opcode] of [
            ["CALL", 0xf1],
            ["CALLCODE", 0xf2],
            ["DELEGATECALL", 0xf4],
            ["SELFDESTRUCT", 0xff],
          ] as const) {
            expect(code.has(opcode)).to.equal(false, name);
          }
        }
      }
    });
  });
});

/** Opcodes of a contract's code, without the data of pushes and the metadata at the end. */
function opcodesOf(code: string): Set<number> {
  const bytes = ethers.getBytes(code);
  const metadata = Number(hexlify(bytes.slice(-2))) + 2;
  const found = new Set<number>();
  for (let at = 0; at < bytes.length - metadata; at++) {
    const opcode = bytes[at] ?? 0;
    found.add(opcode);
    if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f;
  }
  return found;
}
