import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { differences } from "../../../deploy/acceptance/ledgers";
import { ONE, fixture } from "../../support/fixture";
import { deployHostileSystem } from "../../support/hostileCoins";
import type { HostileSystem } from "../../support/hostileCoins";
import { changingFunctionsOf } from "../../support/functions";
import { zeroCall } from "../../support/zeroCall";

describe("PolygonPool, coins that misbehave", () => {
  let hostile: HostileSystem;

  /** The ways in, and whether they take MATIC. */
  const ways = {
    deposit: { matic: false, enter: () => hostile.pool.connect(hostile.user).deposit(5n * ONE, hostile.user) },
    mint: { matic: false, enter: () => hostile.pool.connect(hostile.user).mint(5n * ONE, hostile.user) },
    stake: {
      matic: false,
      enter: () => hostile.pool.connect(hostile.user).stake(5n * ONE, hostile.user, 0n, MaxUint256),
    },
    stakeMatic: {
      matic: true,
      enter: () => hostile.pool.connect(hostile.user).stakeMatic(5n * ONE, hostile.user, 0n, MaxUint256),
    },
    stakeAndClaimCerts: {
      matic: true,
      enter: () => hostile.pool.connect(hostile.user).stakeAndClaimCerts(5n * ONE),
    },
  } as const;

  beforeEach(async () => {
    hostile = await loadFixture(deployHostileSystem);
  });

  for (const [name, { matic, enter }] of Object.entries(ways)) {
    it(`S20-8: ${name} reverts when the coin answers false instead of reverting`, async () => {
      const { pool, token, user } = hostile;
      const coin = matic ? hostile.matic : hostile.pol;
      await coin.refuse();
      await expect(enter())
        .to.be.revertedWithCustomError(pool, "SafeERC20FailedOperation")
        .withArgs(await coin.getAddress());
      expect(await token.balanceOf(user)).to.equal(0n);
      expect(await pool.totalPooled()).to.equal(ONE);
    });

    it(`A16: ${name} lets nothing that moves money be entered in the middle of it, and shows one rate`, async () => {
      const { pool, token } = hostile;
      const coin = matic ? hostile.matic : hostile.pol;
      const guarded = [
        "deposit",
        "mint",
        "depositWithPermit",
        "stake",
        "stakeMatic",
        "stakeAndClaimCerts",
        "unstakeCerts",
        "requestRedeem",
        "redeem",
        "withdraw",
        "claim",
        "claimInMatic",
        "claimLate",
        "settleBatch",
        "continueBatch",
        "finalizeBatch",
        "harvest",
        "delegate",
        "sync",
        "skim",
      ] as const;
      for (const method of guarded) {
        await coin.intrude(pool, zeroCall(pool.interface, pool.interface.getFunction(method)));
      }
      const rate = pool.interface.encodeFunctionData("convertToAssets", [10n ** 27n]);
      await coin.intrude(pool, rate);
      const before = await pool.convertToAssets(10n ** 27n);

      const receipt = await (await enter()).wait();
      const intrusions = (receipt?.logs ?? [])
        .filter((log) => log.topics[0] === coin.interface.getEvent("Intruded").topicHash)
        .map((log) => coin.interface.decodeEventLog("Intruded", log.data, log.topics));
      const refusal = pool.interface.encodeErrorResult("ReentrancyGuardReentrantCall");
      expect(
        intrusions.slice(0, -1).map(({ success, result }) => ({ success: Boolean(success), result: String(result) })),
      ).to.deep.equal(guarded.map(() => ({ success: false, result: refusal })));
      const seen = intrusions.at(-1);
      expect([seen?.success, BigInt(String(seen?.result))]).to.deep.equal([true, before]);
      expect(await pool.convertToAssets(10n ** 27n)).to.equal(before);
      expect(await token.totalSupply()).to.equal(6n * ONE);
    });
  }

  it("the ledger's acceptance check tells of a coin that keeps a fee, which POL and MATIC do not", async () => {
    await hostile.pol.takeFee(100n);
    await ways.deposit.enter();
    const missing = (5n * ONE) / 100n;
    const buffer = 6n * ONE;
    expect(await differences({ system: hostile.system, unsynced: new Set() })).to.deep.equal([
      `POL and MATIC of the delegator: ${buffer - missing} is less than ${buffer}`,
      `POL of the delegator: ${buffer - missing} is less than ${buffer}`,
    ]);
  });

  it("finds nothing to say of coins that behave", async () => {
    await ways.deposit.enter();
    await ways.stakeMatic.enter();
    expect(await differences({ system: hostile.system, unsynced: new Set() })).to.deep.equal([]);
  });
});

describe("PolygonPool, ETH", () => {
  it("is refused by every function that moves money, and by a plain transfer", async () => {
    const { pool, token, delegator, actors } = await fixture();
    for (const contract of [pool, token, delegator]) {
      const to = await contract.getAddress();
      const methods = changingFunctionsOf(contract);
      expect(methods.filter(({ payable }) => payable).map(({ name }) => name)).to.deep.equal(["upgradeToAndCall"]);
      for (const method of methods.filter(({ payable }) => !payable)) {
        await expect(
          actors.stranger.call({ to, data: zeroCall(contract.interface, method), value: 1n }),
          method.name,
        ).to.be.revertedWithoutReason();
      }
      await expect(actors.stranger.sendTransaction({ to, value: 1n })).to.be.revertedWithoutReason();
    }
  });
});
