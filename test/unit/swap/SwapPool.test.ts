import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { ethers, upgrades } from "hardhat";

import { behavesLikeERC20 } from "../../behaviors/ERC20.behavior";
import { behavesLikeUUPS } from "../../behaviors/UUPS.behavior";
import { GUARDIAN, MANAGER, UPGRADER, polygonPowers } from "../../../deploy/access";
import { parsePolygonParams } from "../../../deploy/params";
import { failureOf } from "../../support/failures";
import { MAX, ONE } from "../../support/fixture";
import { changingFunctionsOf } from "../../support/functions";
import {
  DEAD,
  FEE_BPS,
  LOCKED,
  PAYOUT_LIMIT,
  PROVIDED,
  fundedFixture,
  shortfall,
  stateOf,
  swapFixture,
} from "../../support/swap";
import type { Swap } from "../../support/swap";
import { asUpgrader, implementationOf, upgradeCall } from "../../support/upgrades";
import { zeroCall } from "../../support/zeroCall";
import { SwapPool__factory, Upgradeable__factory } from "../../../typechain-types";
import { IPermitToken__factory } from "../../typechain-types";

/** Another implementation of the pool, wired to the same contracts. */
async function nextPool({ token, feed, wrapped, actors }: Swap): Promise<string> {
  return (await new SwapPool__factory(actors.deployer).deploy(token, feed, wrapped)).getAddress();
}

/** What each role may call, and nobody else. */
const RIGHTS: Readonly<Record<string, bigint>> = {
  upgradeToAndCall: UPGRADER,
  setFee: MANAGER,
  setDailyLimit: MANAGER,
  resumeSwaps: MANAGER,
  pauseSwaps: GUARDIAN,
};

describe("SwapPool", () => {
  behavesLikeERC20(
    async () => {
      const { swap, actors } = await fundedFixture();
      return {
        token: IPermitToken__factory.connect(await swap.getAddress(), actors.carol),
        holder: actors.carol,
        balance: await swap.balanceOf(actors.carol),
        spender: actors.bob,
        recipient: actors.alice,
      };
    },
    { name: "ankrMATIC swap liquidity", symbol: "ankrMATIC-LP", decimals: 18n },
  );

  behavesLikeUUPS(async () => {
    const context = await swapFixture();
    const { swap, manager, actors } = context;
    return {
      context,
      proxy: Upgradeable__factory.connect(await swap.getAddress(), actors.stranger),
      initialization: swap.interface.encodeFunctionData("initialize", [await manager.getAddress(), FEE_BPS, ONE]),
      next: () => nextPool(context),
    };
  });

  describe("when it is deployed", () => {
    let context: Swap;

    beforeEach(async () => {
      context = await swapFixture();
    });

    it("is empty, has its fee, and a full limit", async () => {
      const { swap, token, feed, wrapped } = context;
      expect(await stateOf(swap)).to.deep.equal({ assets: 0n, shares: 0n, supply: 0n });
      expect([...(await swap.parameters())]).to.deep.equal([FEE_BPS, PAYOUT_LIMIT, 0n]);
      expect(await swap.TOKEN()).to.equal(await token.getAddress());
      expect(await swap.FEED()).to.equal(await feed.getAddress());
      expect(await swap.WRAPPED()).to.equal(await wrapped.getAddress());
      expect([...(await swap.available())]).to.deep.equal([0n, 0n]);
      expect([...(await swap.previewRemove(ONE))]).to.deep.equal([0n, 0n]);
    });

    it("logged its fee and its limit", async () => {
      const { swap } = context;
      const fees = await swap.queryFilter(swap.filters.UnstakeFeeSet());
      expect(fees.map(({ args }) => [...args])).to.deep.equal([[0n, FEE_BPS]]);
      const limits = await swap.queryFilter(swap.filters.PayoutLimitSet());
      expect(limits.map(({ args }) => [...args])).to.deep.equal([[0n, PAYOUT_LIMIT]]);
    });

    it("names no contract that is zero", async () => {
      const { token, feed, wrapped, actors } = context;
      const factory = new SwapPool__factory(actors.deployer);
      for (const deployed of [
        factory.deploy.bind(factory, ZeroAddress, feed, wrapped),
        factory.deploy.bind(factory, token, ZeroAddress, wrapped),
        factory.deploy.bind(factory, token, feed, ZeroAddress),
      ]) {
        await expect(deployed()).to.be.revertedWithCustomError(factory, "ZeroAddress");
      }
    });

    it("is safe to upgrade, and keeps all of its state through an upgrade", async () => {
      const funded = await fundedFixture();
      const { swap, actors } = funded;
      const options = {
        kind: "uups" as const,
        constructorArgs: [await swap.TOKEN(), await swap.FEED(), await swap.WRAPPED()],
      };
      const factory = new SwapPool__factory(actors.deployer);
      expect(await upgrades.validateImplementation(factory, options).then(() => "safe", String)).to.equal("safe");
      const before = [await stateOf(swap), [...(await swap.parameters())], await swap.balanceOf(actors.carol)];
      const implementation = await implementationOf(swap);
      await asUpgrader(funded, swap, upgradeCall(await nextPool(funded)));
      expect(await implementationOf(swap)).not.to.equal(implementation);
      expect([await stateOf(swap), [...(await swap.parameters())], await swap.balanceOf(actors.carol)]).to.deep.equal(
        before,
      );
    });

    it("S7201-1: keeps reserves, pause and fee in the first word of its namespace", async () => {
      const { swap } = await fundedFixture();
      const root = "0x66dd731f235645bd3bfc85162ac0eef8276513d780d87b3b8fdbeea9c50f3500";
      const word = BigInt(await ethers.provider.getStorage(swap, root));
      const width = (1n << 104n) - 1n;
      expect([word & width, (word >> 104n) & width, word >> 240n]).to.deep.equal([
        PROVIDED.assets,
        PROVIDED.shares,
        FEE_BPS,
      ]);
    });
  });

  describe("who may do what", () => {
    let context: Swap;

    beforeEach(async () => {
      context = await swapFixture();
    });

    it("A01: refuses a stranger in exactly the functions of the matrix", async () => {
      const { swap, actors } = context;
      const refusal = swap.interface.encodeErrorResult("AccessManagedUnauthorized", [actors.stranger.address]);
      const refused: string[] = [];
      for (const method of changingFunctionsOf(swap)) {
        const outcome = await actors.stranger
          .call({ to: await swap.getAddress(), data: zeroCall(swap.interface, method) })
          .then(
            () => "passed",
            (error: unknown) => (error as { data?: string }).data ?? "",
          );
        if (outcome === refusal) refused.push(method.name);
      }
      expect(refused.sort()).to.deep.equal([...Object.keys(RIGHTS), "setAuthority"].sort());
    });

    it("gives each function to its role, which waits its delay, and to no other", async () => {
      const { swap, manager, actors, params } = context;
      const holders = [
        [UPGRADER, actors.upgrader, params.delays.upgraderSeconds],
        [MANAGER, actors.manager, params.delays.managerSeconds],
        [GUARDIAN, actors.guardian, 0n],
      ] as const;
      for (const [method, role] of Object.entries(RIGHTS)) {
        const selector = swap.interface.getFunction(method as "setFee").selector;
        expect(await manager.getTargetFunctionRole(swap, selector), method).to.equal(role);
        for (const [held, holder, delay] of holders) {
          const mine = held === role;
          expect([...(await manager.canCall(holder, swap, selector))], `${method} by role ${held}`).to.deep.equal([
            mine && delay === 0n,
            mine ? delay : 0n,
          ]);
        }
      }
    });

    it("the deployment writes this matrix and nothing else", () => {
      const { swap } = context;
      const written = polygonPowers()
        .filter(({ target }) => target === "swap")
        .flatMap(({ role, selectors }) =>
          selectors.map((selector) => [swap.interface.getFunction(selector as "setFee").name, role]),
        );
      const expected = Object.entries(RIGHTS).filter(([, role]) => role !== UPGRADER);
      expect(written).to.deep.equal(expected);
    });
  });

  describe("parameters of the deployment", () => {
    it("name a fee and a limit that are out of bounds", async () => {
      const { params, fxChild, wrapped } = await swapFixture();
      const parse = async (feeBps: bigint, dailyLimitWei: bigint) =>
        parsePolygonParams({
          delays: params.delays,
          roles: params.roles,
          fxChild: fxChild.address,
          wrappedNative: await wrapped.getAddress(),
          ...{ mintingLimitWei: ONE, burningLimitWei: ONE, supplyCapWei: ONE },
          swap: { feeBps, dailyLimitWei },
        });
      expect((await parse(100n, 10n ** 30n)).swap).to.deep.equal({ feeBps: 100n, dailyLimitWei: 10n ** 30n });
      expect((await parse(42n, 0n)).swap.feeBps).to.equal(42n);
      expect(await failureOf(parse(101n, 0n))).to.include("swap.feeBps: the fee is at most 1 %");
      expect(await failureOf(parse(41n, 0n))).to.include("swap.feeBps: the fee is at least 0.42 %");
      expect(await failureOf(parse(42n, 10n ** 30n + 1n))).to.include("swap.dailyLimitWei: the limit is at most 10^30");
    });
  });

  describe("receiving native tokens", () => {
    it("takes none but from the wrapped token", async () => {
      const { swap, actors } = await fundedFixture();
      for (const sender of [actors.alice, actors.upgrader, actors.manager, actors.guardian]) {
        await expect(sender.sendTransaction({ to: swap, value: 1n }))
          .to.be.revertedWithCustomError(swap, "NotWrappedNative")
          .withArgs(sender.address);
      }
      const data = swap.interface.encodeFunctionData("unstake", [ONE, 0n]);
      await expect(actors.alice.sendTransaction({ to: swap, value: 1n, data })).to.be.revertedWithoutReason();
    });

    it("A81: what is handed to it is there", async () => {
      expect(await shortfall(await fundedFixture())).to.deep.equal([]);
    });
  });

  describe("the locked liquidity", () => {
    it("is with nobody, and stays for ever when everyone else has left", async () => {
      const { swap, actors } = await fundedFixture();
      const { carol } = actors;
      expect(await swap.balanceOf(DEAD)).to.equal(LOCKED);
      await swap.connect(carol).removeLiquidity(await swap.balanceOf(carol), carol, 0n, 0n);
      const state = await stateOf(swap);
      expect(state.supply).to.equal(LOCKED);
      expect(state.assets).to.be.greaterThan(0n);
      expect(state.shares).to.be.greaterThan(0n);
      // Whoever comes next is priced by it.
      await swap.connect(carol).addLiquidity(0n, 0n, carol, MAX, { value: ONE });
    });
  });
});
