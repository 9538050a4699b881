import { expect } from "chai";
import { MaxUint256, ZeroAddress, id, zeroPadValue } from "ethers";
import { ethers } from "hardhat";

import { behavesLikeERC165 } from "../../behaviors/ERC165.behavior";
import { behavesLikeERC20 } from "../../behaviors/ERC20.behavior";
import { asContract } from "../../support/asContract";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { grow, shrink } from "../../support/growth";
import { bookLoss, slash } from "../../support/losses";
import { implementationOf } from "../../support/upgrades";
import { IPermitToken__factory } from "../../typechain-types";

const SEED_HOLDER = "0x000000000000000000000000000000000000dEaD";

describe("AnkrMATIC", () => {
  let context: Context;

  describe("as a token", () => {
    behavesLikeERC20(
      async () => {
        context = await fixture();
        const { token, pool, actors } = context;
        await pool.connect(actors.alice).deposit(1_000n * ONE, actors.alice);
        return {
          token: IPermitToken__factory.connect(await token.getAddress(), actors.alice),
          holder: actors.alice,
          balance: 1_000n * ONE,
          spender: actors.bob,
          recipient: actors.carol,
        };
      },
      { name: "Ankr Staked MATIC", symbol: "ankrMATIC", decimals: 18n },
    );

    behavesLikeERC165(
      async () => {
        const { token } = await fixture();
        return { proxy: await token.getAddress(), implementation: await implementationOf(token) };
      },
      {
        affirmed: {
          "ERC-165": "0x01ffc9a7",
          "ERC-7575 share": "0xf815c03d",
          "ERC-20": "0x36372b07",
          "ERC-20 metadata": "0xa219a025",
          "EIP-2612": "0x9d8ff7da",
          "EIP-5267": "0x84b0196e",
        },
        denied: {
          "ERC-7575 vault": "0x2f0a18c5",
          "ERC-7540 operators": "0xe3bc4e65",
          "ERC-7540 redemption": "0x620ee8e4",
          "ERC-4626": "0x87dfe5a0",
        },
      },
    );
  });

  describe("mint and burn", () => {
    beforeEach(async () => {
      context = await fixture();
    });

    it("Polygon-2, A01, A02: are the pool's alone: no role can mint or burn", async () => {
      const { token, manager, delegator, actors } = context;
      for (const account of Object.values<(typeof actors)["alice"]>({ ...actors })) {
        await expect(token.connect(account).mint(account, 1n))
          .to.be.revertedWithCustomError(token, "NotPool")
          .withArgs(account.address);
        await expect(token.connect(account).burn(account, account, 1n))
          .to.be.revertedWithCustomError(token, "NotPool")
          .withArgs(account.address);
      }
      for (const contract of [manager, delegator, token]) {
        const sender = await asContract(contract);
        await expect(token.connect(sender).mint.staticCall(sender, 1n))
          .to.be.revertedWithCustomError(token, "NotPool")
          .withArgs(sender.address);
      }
    });

    it("names its pool", async () => {
      expect(await context.token.POOL()).to.equal(await context.pool.getAddress());
    });

    it("S20-4: a mint is logged from the zero address, in the call that raises the supply", async () => {
      const { token, pool, actors } = context;
      await expect(pool.connect(actors.alice).deposit(5n * ONE, actors.bob))
        .to.emit(token, "Transfer")
        .withArgs(ZeroAddress, actors.bob.address, 5n * ONE);
      expect(await token.totalSupply()).to.equal(6n * ONE);
    });

    it("S20-4, A03: a burn is logged once, to the zero address", async () => {
      const { token, pool, actors } = context;
      await pool.connect(actors.alice).deposit(5n * ONE, actors.alice);
      const request = await pool.connect(actors.alice).requestRedeem(2n * ONE, actors.alice, actors.alice);
      const receipt = await request.wait();
      const transfers = receipt?.logs.filter(({ topics }) => topics[0] === id("Transfer(address,address,uint256)"));
      expect(transfers).to.have.length(1);
      await expect(request)
        .to.emit(token, "Transfer")
        .withArgs(actors.alice.address, ZeroAddress, 2n * ONE);
      expect(await token.totalSupply()).to.equal(4n * ONE);
    });

    describe("burn by another than the owner", () => {
      beforeEach(async () => {
        const { pool, actors } = context;
        await pool.connect(actors.alice).deposit(10n * ONE, actors.alice);
      });

      const request = (shares: bigint) => {
        const { pool, actors } = context;
        return pool.connect(actors.bob).requestRedeem(shares, actors.bob, actors.alice);
      };

      it("S20-5: spends a finite allowance", async () => {
        const { token, actors } = context;
        await token.connect(actors.alice).approve(actors.bob, 3n * ONE);
        await request(2n * ONE);
        expect(await token.allowance(actors.alice, actors.bob)).to.equal(ONE);
        expect(await token.balanceOf(actors.alice)).to.equal(8n * ONE);
      });

      it("S20-5: leaves an unlimited allowance", async () => {
        const { token, actors } = context;
        await token.connect(actors.alice).approve(actors.bob, MaxUint256);
        await request(2n * ONE);
        expect(await token.allowance(actors.alice, actors.bob)).to.equal(MaxUint256);
      });

      it("A34: reverts without an allowance, even if the owner gave one to the pool", async () => {
        const { token, pool, actors } = context;
        await token.connect(actors.alice).approve(pool, MaxUint256);
        await expect(request(1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(actors.bob.address, 0n, 1n);
      });
    });

    it("S20-4, A03: every balance and the supply can be rebuilt from the logs", async () => {
      const { token, pool, polygon, actors } = context;
      const { alice, bob, carol, treasury } = actors;
      await pool.connect(alice).deposit(100n * ONE, alice);
      await pool.connect(bob).stakeAndClaimCerts(50n * ONE);
      await grow(context, 10n * ONE);
      await pool.connect(carol).mint(7n * ONE, bob);
      await token.connect(alice).transfer(carol, 30n * ONE);
      await token.connect(carol).approve(alice, 10n * ONE);
      await token.connect(alice).transferFrom(carol, bob, 4n * ONE);
      await pool.connect(bob).unstakeCerts(20n * ONE, 0n, 0n, "0x");
      await polygon.stakeManager.checkpoints(1);

      const balances = new Map<string, bigint>();
      const add = (account: string, value: bigint): void => {
        balances.set(account, (balances.get(account) ?? 0n) + value);
      };
      for (const log of await token.queryFilter(token.filters.Transfer)) {
        add(log.args.from, -log.args.value);
        add(log.args.to, log.args.value);
      }
      for (const account of [alice.address, bob.address, carol.address, treasury.address, SEED_HOLDER]) {
        expect(await token.balanceOf(account)).to.equal(balances.get(account) ?? 0n);
      }
      expect(await token.totalSupply()).to.equal(-(balances.get(ZeroAddress) ?? 0n));
    });
  });

  describe("vault", () => {
    const topic = id("VaultUpdate(address,address)");

    beforeEach(async () => {
      context = await fixture();
    });

    it("S7575-3: is the pool for POL, and nothing for MATIC or anything else", async () => {
      const { token, pool, polygon, delegator } = context;
      expect(await token.vault(polygon.pol)).to.equal(await pool.getAddress());
      for (const other of [polygon.matic, token, pool, delegator]) {
        expect(await token.vault(other)).to.equal(ZeroAddress);
      }
      expect(await token.vault(ZeroAddress)).to.equal(ZeroAddress);
    });

    it("S7575-3, A94: points to a vault of that asset and this share", async () => {
      const { token, pool, polygon } = context;
      expect(await token.vault(await pool.asset())).to.equal(await pool.getAddress());
      expect(await pool.asset()).to.equal(await polygon.pol.getAddress());
      expect(await pool.share()).to.equal(await token.getAddress());
    });

    it("S7575-4: was announced once, in initialize, with the name of the standard", async () => {
      const { token, pool, polygon } = context;
      const logs = await ethers.provider.getLogs({
        address: await token.getAddress(),
        topics: [topic],
        fromBlock: 0,
      });
      expect(logs).to.have.length(1);
      expect(logs[0]?.topics).to.deep.equal([topic, zeroPadValue(await polygon.pol.getAddress(), 32).toLowerCase()]);
      expect(logs[0]?.data).to.equal(zeroPadValue(await pool.getAddress(), 32).toLowerCase());
      expect(topic.slice(0, 10)).to.equal("0xd8c6b8f6");
    });
  });

  describe("the live names", () => {
    /** The names' answers as they follow from the two totals. */
    async function expectAnswers(): Promise<void> {
      const { token, pool, actors } = context;
      const assets = await pool.totalAssets();
      const shares = await token.totalSupply();
      const held = await token.balanceOf(actors.alice);
      expect(await token.ratio()).to.equal((ONE * shares) / assets);
      expect(await token.sharesToBonds(7n * ONE)).to.equal((7n * ONE * assets) / shares);
      expect(await token.bondsToShares(7n * ONE)).to.equal((7n * ONE * shares) / assets);
      expect(await token.balanceWithRewardsOf(actors.alice)).to.equal((held * assets) / shares);
      expect(await token.sharesOf(actors.alice)).to.equal(held);
      expect(await token.totalSharesSupply()).to.equal(shares);
      expect(await token.isRebasing()).to.equal(false);
    }

    beforeEach(async () => {
      context = await fixture();
      await context.pool.connect(context.actors.alice).deposit(100n * ONE, context.actors.alice);
    });

    it("ratio starts at 1e18, and everything is worth itself", async () => {
      const { token, actors } = context;
      expect(await token.ratio()).to.equal(ONE);
      expect(await token.sharesToBonds(ONE)).to.equal(ONE);
      expect(await token.bondsToShares(ONE)).to.equal(ONE);
      expect(await token.balanceWithRewardsOf(actors.alice)).to.equal(100n * ONE);
      await expectAnswers();
    });

    it("ratio falls as rewards accrue, and balances stay", async () => {
      await grow(context, 37n * ONE);
      expect(await context.token.ratio()).to.be.lessThan(ONE);
      expect(await context.token.balanceOf(context.actors.alice)).to.equal(100n * ONE);
      await expectAnswers();
    });

    it("ratio rises by a loss alone", async () => {
      await shrink(context, 5_000n);
      expect(await context.token.ratio()).to.be.greaterThan(ONE);
      await expectAnswers();
    });

    it("X-13: ratio is 2^256 - 1 when the pool is worth nothing, and the other names answer 0", async () => {
      context = await fixture({ validators: 1 });
      const { pool, token, actors } = context;
      await pool.connect(actors.alice).deposit(100n * ONE, actors.alice);
      await pool.delegate(MaxUint256);
      // What is in the buffer pays this request, so that the loss leaves nothing.
      await pool.connect(actors.alice).requestRedeem(ONE, actors.alice, actors.alice);
      await pool.settleBatch();
      await slash(context, 1n, { bps: 10_000n });
      await bookLoss(context, 1n);
      expect(await pool.totalAssets()).to.equal(0n);
      expect(await token.ratio()).to.equal(MaxUint256);
      expect(await token.sharesToBonds(ONE)).to.equal(0n);
      expect(await token.bondsToShares(ONE)).to.equal(0n);
      expect(await token.balanceWithRewardsOf(actors.alice)).to.equal(0n);
    });

    it("the pool's: the smallest stake is 1 MATIC and unstaking costs no ETH", async () => {
      const { pool } = context;
      expect(await pool.getMinimumStake()).to.equal(ONE);
      expect(await pool.ethUnstakeFee()).to.equal(0n);
    });
  });
});
