import { expect } from "chai";
import { ZeroAddress, ZeroHash, id } from "ethers";
import { ethers } from "hardhat";

import { GUARDIAN, MANAGER, UPGRADER } from "../../../deploy/access";
import { NAMES, deploySystem, finishSystem, startValidators } from "../../../deploy/system";
import { DAY, FIRST_ID, MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { unwatchLedgers } from "../../support/ledgers";
import { SLOTS, implementationOf } from "../../support/upgrades";
import { Delegator__factory, PolygonPool__factory } from "../../../typechain-types";

const SEED_HOLDER = "0x000000000000000000000000000000000000dEaD";
const SOMEBODY = "0x00000000000000000000000000000000000a11ce";

describe("the deployed system", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  describe("wiring", () => {
    it("every contract is at the address of its name", async () => {
      const { system, token, pool, delegator, bond, switcher } = context;
      const { steps } = system;
      expect(await steps.addressOf(NAMES.bond)).to.equal(await bond.getAddress());
      expect(await steps.addressOf(NAMES.switcher)).to.equal(await switcher.getAddress());
      expect(await steps.addressOf(NAMES.token)).to.equal(await token.getAddress());
      expect(await steps.addressOf(NAMES.pool)).to.equal(await pool.getAddress());
      expect(await steps.addressOf(NAMES.delegator)).to.equal(await delegator.getAddress());
    });

    it("the contracts know each other and Polygon's", async () => {
      const { token, pool, delegator, polygon, params, bond, switcher } = context;
      const at = async (contract: { getAddress: () => Promise<string> }): Promise<string> => contract.getAddress();
      expect(await token.POOL()).to.equal(await at(pool));
      expect(await delegator.POOL()).to.equal(await at(pool));
      expect(await pool.DELEGATOR()).to.equal(await at(delegator));
      expect(await pool.share()).to.equal(await at(token));
      expect(await pool.asset()).to.equal(await at(polygon.pol));
      expect(await pool.TREASURY()).to.equal(params.treasury);
      expect(await pool.LEGACY_BOND()).to.equal(await at(bond));
      expect(await bond.SWITCHER()).to.equal(await at(switcher));
      expect(await switcher.TREASURY()).to.equal(params.treasury);
      expect(await delegator.STAKE_MANAGER()).to.equal(await at(polygon.stakeManager));
      expect(await delegator.MAX_SHARE_BPS()).to.equal(params.maxShareBps);
    });

    it("the parameters are those that were asked for", async () => {
      const { pool, delegator, params } = context;
      const { feeBps, assetCap, stakesPausedUntil, lossCount } = await pool.parameters();
      expect([feeBps, assetCap, stakesPausedUntil, lossCount]).to.deep.equal([
        params.feeBps,
        params.assetCapWei,
        0n,
        0n,
      ]);
      const { maxCommission, deadSliceTime } = await delegator.parameters();
      expect([maxCommission, deadSliceTime]).to.deep.equal([params.maxCommissionPercent, params.deadSliceSeconds]);
      expect((await delegator.positionAt(1n)).validatorId).to.equal(FIRST_ID);
    });

    it("A05: the seed stake was made, at 1 : 1, and its shares are locked for ever", async () => {
      const { pool, token, delegator, params } = context;
      expect(await token.balanceOf(SEED_HOLDER)).to.equal(params.seedWei);
      expect(await token.totalSupply()).to.equal(params.seedWei);
      expect(await pool.totalAssets()).to.equal(params.seedWei);
      expect(await delegator.buffer()).to.equal(params.seedWei);
      const [deposit] = await pool.queryFilter(pool.filters.Deposit);
      expect(deposit?.args.owner).to.equal(SEED_HOLDER);
      expect(await ethers.provider.getCode(SEED_HOLDER)).to.equal("0x");
    });

    it("A05: a stake of a wei, a donation, and a victim: nothing is lost", async () => {
      const { pool, token, polygon, delegator, actors } = context;
      await expect(pool.connect(actors.stranger).deposit(1n, actors.stranger))
        .to.be.revertedWithCustomError(pool, "BelowMinimum")
        .withArgs(1n, ONE);
      await polygon.pol.connect(actors.stranger).transfer(delegator, 100_000n * ONE);
      await pool.connect(actors.alice).deposit(ONE, actors.alice);
      expect(await token.balanceOf(actors.alice)).to.equal(ONE);
    });
  });

  describe("construction refuses", () => {
    it("a pool with any address of zero", async () => {
      const { actors } = context;
      const factory = new PolygonPool__factory(actors.deployer);
      const wiring = {
        token: SOMEBODY,
        delegator: SOMEBODY,
        pol: SOMEBODY,
        matic: SOMEBODY,
        migration: SOMEBODY,
        treasury: SOMEBODY,
        legacyBond: SOMEBODY,
      };
      for (const name of Object.keys(wiring)) {
        await expect(factory.deploy({ ...wiring, [name]: ZeroAddress }), name).to.be.revertedWithCustomError(
          factory,
          "ZeroAddress",
        );
      }
    });

    it("a delegator with any address of zero, or a largest share of nothing or of more than all", async () => {
      const { actors } = context;
      const factory = new Delegator__factory(actors.deployer);
      const wiring = { pool: SOMEBODY, stakeManager: SOMEBODY, pol: SOMEBODY, matic: SOMEBODY, migration: SOMEBODY };
      for (const name of Object.keys(wiring)) {
        await expect(factory.deploy({ ...wiring, [name]: ZeroAddress }, 1n), name).to.be.revertedWithCustomError(
          factory,
          "ZeroAddress",
        );
      }
      for (const bps of [0n, 10_001n]) {
        await expect(factory.deploy(wiring, bps))
          .to.be.revertedWithCustomError(factory, "MaxShareOutOfBounds")
          .withArgs(bps);
      }
    });

    describe("a pool's start", () => {
      const start = {
        authority: SOMEBODY,
        seeder: SOMEBODY,
        seed: ONE,
        assetCap: 100n * ONE,
        feeBps: 500n,
      };

      /** A new proxy of the pool's implementation. */
      async function begin(change: Partial<typeof start>) {
        const { pool, actors } = context;
        const data = pool.interface.encodeFunctionData("initialize", [{ ...start, ...change }]);
        const proxy = await ethers.getContractFactory("ERC1967Proxy", actors.deployer);
        return proxy.deploy(await implementationOf(pool), data);
      }

      it("with less than 1 POL", async () => {
        await expect(begin({ seed: ONE - 1n }))
          .to.be.revertedWithCustomError(context.pool, "BelowMinimum")
          .withArgs(ONE - 1n, ONE);
      });

      it("with a fee above 10 %", async () => {
        await expect(begin({ feeBps: 1_001n }))
          .to.be.revertedWithCustomError(context.pool, "FeeOutOfBounds")
          .withArgs(1_001n, 1_000n);
      });

      it("with a cap that is no whole number of POL", async () => {
        await expect(begin({ assetCap: ONE + 1n }))
          .to.be.revertedWithCustomError(context.pool, "CapOutOfBounds")
          .withArgs(ONE + 1n, 10n ** 30n);
      });
    });
  });

  describe("powers after the hand-over", () => {
    const ROLES = [UPGRADER, MANAGER, GUARDIAN];

    it("A84: each role has exactly one member, with its delay, and was never another's for good", async () => {
      const { manager, params } = context;
      const members = new Map<bigint, Set<string>>();
      const logs = await ethers.provider.getLogs({ address: await manager.getAddress(), fromBlock: 0 });
      for (const log of logs) {
        const event = manager.interface.parseLog(log);
        if (event?.name !== "RoleGranted" && event?.name !== "RoleRevoked") continue;
        const { roleId, account } = event.args as unknown as { roleId: bigint; account: string };
        const set = members.get(roleId) ?? new Set<string>();
        members.set(roleId, set);
        if (event.name === "RoleGranted") set.add(account);
        else set.delete(account);
      }
      const { upgrader, manager: managing, guardian } = params.roles;
      expect(Object.fromEntries([...members].map(([role, set]) => [String(role), [...set]]))).to.deep.equal({
        [String(UPGRADER)]: [upgrader],
        [String(MANAGER)]: [managing],
        [String(GUARDIAN)]: [guardian],
      });
      expect(await manager.hasRole(UPGRADER, upgrader)).to.deep.equal([true, 7n * DAY]);
      expect(await manager.hasRole(MANAGER, managing)).to.deep.equal([true, DAY]);
      expect(await manager.hasRole(GUARDIAN, guardian)).to.deep.equal([true, 0n]);
    });

    it("every role is governed by the upgrader, and the guardian watches the manager alone", async () => {
      const { manager } = context;
      for (const role of ROLES) expect(await manager.getRoleAdmin(role)).to.equal(UPGRADER);
      expect(await manager.getRoleGuardian(MANAGER)).to.equal(GUARDIAN);
      expect(await manager.getRoleGuardian(GUARDIAN)).to.equal(UPGRADER);
      expect(await manager.getRoleGuardian(UPGRADER)).to.equal(UPGRADER);
    });

    it("A84: the deployer has no role and no right to call anything", async () => {
      const { manager, pool, token, delegator, actors } = context;
      for (const role of ROLES) {
        expect(await manager.hasRole(role, actors.deployer)).to.deep.equal([false, 0n]);
        expect((await manager.getAccess(role, actors.deployer)).since).to.equal(0n);
      }
      for (const contract of [pool, token, delegator]) {
        const selectors: string[] = [];
        contract.interface.forEachFunction(({ selector }) => selectors.push(selector));
        for (const selector of selectors) {
          expect(await manager.canCall(actors.deployer, contract, selector)).to.deep.equal([false, 0n]);
        }
      }
    });

    it("the deployer cannot change the manager", async () => {
      const { manager, pool, actors } = context;
      const asDeployer = manager.connect(actors.deployer);
      const { deployer } = actors;
      for (const attempt of [
        () => asDeployer.grantRole(UPGRADER, deployer, 0n),
        () => asDeployer.revokeRole(UPGRADER, actors.upgrader),
        () => asDeployer.setTargetFunctionRole(pool, ["0x69fe0e2d"], MANAGER),
        () => asDeployer.setTargetClosed(pool, true),
        () => asDeployer.setRoleAdmin(MANAGER, GUARDIAN),
        () => asDeployer.updateAuthority(pool, deployer),
        () => asDeployer.labelRole(5n, "MINE"),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
          .withArgs(deployer.address, UPGRADER);
      }
    });

    it("the deployer has none left either if setting up the validators was cut off, and the end can be repeated", async () => {
      unwatchLedgers();
      const { params, polygon, actors } = context;
      await polygon.pol.mint(actors.deployer, params.seedWei);
      const system = await deploySystem(actors.deployer, params);
      const wrong = [{ id: FIRST_ID, weightBps: 9_999n, capBps: 10_000n }];
      await expect(startValidators(system, wrong)).to.be.revertedWithCustomError(
        system.delegator,
        "ValidatorCapOutOfBounds",
      );
      expect(await system.manager.hasRole(MANAGER, actors.deployer)).to.deep.equal([true, 0n]);

      const refused = { ...params, roles: { ...params.roles, guardian: actors.deployer.address } };
      const failure = await finishSystem(system, refused).catch((error: unknown) => String(error));
      expect(failure).to.contain("The deployer cannot hold a role");
      await finishSystem(system, params);
      for (const role of ROLES) expect(await system.manager.hasRole(role, actors.deployer)).to.deep.equal([false, 0n]);
      expect(await system.factory.closed()).to.equal(true);
    });

    it("the factory is closed for ever", async () => {
      const { factory, actors } = context;
      expect(await factory.closed()).to.equal(true);
      await expect(factory.connect(actors.deployer).deploy(id("anything"), "0x00")).to.be.revertedWithCustomError(
        factory,
        "FactoryClosed",
      );
    });
  });

  it("S7201-1, S7201-3: no contract keeps anything in the slots that a plain variable would use", async () => {
    const { pool, delegator, token, actors } = context;
    await pool.connect(actors.alice).deposit(100n * ONE, actors.alice);
    await pool.delegate(MAX);
    for (const contract of [pool, delegator, token]) {
      for (let slot = 0n; slot < 20n; slot++) {
        expect(await ethers.provider.getStorage(contract, slot)).to.equal(ZeroHash);
      }
      expect(await ethers.provider.getStorage(contract, SLOTS.implementation)).not.to.equal(ZeroHash);
    }
  });
});
