import { expect } from "chai";
import { MaxUint256 } from "ethers";
import type { Interface } from "ethers";

import { DAY, FIRST_ID, ONE, asManager, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

describe("what the manager sets, and its bounds", () => {
  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  const ofPool = (method: "setFee" | "setAssetCap", value: bigint) => {
    const abi: Interface = context.pool.interface;
    return asManager(context, context.pool, abi.encodeFunctionData(method, [value]));
  };
  const ofDelegator = (
    method: "setMaxCommission" | "setDeadSliceTime" | "addPosition" | "removePosition",
    value: bigint,
  ) => {
    const abi: Interface = context.delegator.interface;
    return asManager(context, context.delegator, abi.encodeFunctionData(method, [value]));
  };
  const setWeights = (weights: bigint[], caps: bigint[]) =>
    asManager(
      context,
      context.delegator,
      context.delegator.interface.encodeFunctionData("setWeights", [weights, caps]),
    );

  it("the fee: 0 to 1,000 bps", async () => {
    const { pool } = context;
    await ofPool("setFee", 1_000n);
    expect((await pool.parameters()).feeBps).to.equal(1_000n);
    await expect(ofPool("setFee", 1_001n))
      .to.be.revertedWithCustomError(pool, "FeeOutOfBounds")
      .withArgs(1_001n, 1_000n);
  });

  it("the cap on assets: whole POL, up to 1e30 wei", async () => {
    const { pool } = context;
    const most = 10n ** 30n;
    for (const cap of [0n, ONE, most]) {
      await ofPool("setAssetCap", cap);
      expect((await pool.parameters()).assetCap).to.equal(cap);
    }
    for (const cap of [ONE + 1n, most + ONE, MaxUint256]) {
      await expect(ofPool("setAssetCap", cap))
        .to.be.revertedWithCustomError(pool, "CapOutOfBounds")
        .withArgs(cap, most);
    }
  });

  it("the cap's change is logged with both values", async () => {
    const { pool, params } = context;
    await ofPool("setAssetCap", 5n * ONE);
    const [log] = (await pool.queryFilter(pool.filters.AssetCapSet)).slice(-1);
    expect([log?.args.previous, log?.args.current]).to.deep.equal([params.assetCapWei, 5n * ONE]);
  });

  it("the highest commission: 0 to 100 percent", async () => {
    const { delegator } = context;
    for (const percent of [0n, 100n]) {
      await ofDelegator("setMaxCommission", percent);
      expect((await delegator.parameters()).maxCommission).to.equal(percent);
    }
    await expect(ofDelegator("setMaxCommission", 101n))
      .to.be.revertedWithCustomError(delegator, "CommissionOutOfBounds")
      .withArgs(101n, 100n);
  });

  it("the wait for a dead slice: 1 to 30 days", async () => {
    const { delegator } = context;
    for (const seconds of [DAY, 30n * DAY]) {
      await ofDelegator("setDeadSliceTime", seconds);
      expect((await delegator.parameters()).deadSliceTime).to.equal(seconds);
    }
    for (const seconds of [DAY - 1n, 30n * DAY + 1n]) {
      await expect(ofDelegator("setDeadSliceTime", seconds))
        .to.be.revertedWithCustomError(delegator, "DeadSliceTimeOutOfBounds")
        .withArgs(seconds, DAY, 30n * DAY);
    }
  });

  it("a position: a validator with a share contract, that is none yet, and is not one of the first seven", async () => {
    const { delegator, shares } = context;
    await expect(ofDelegator("addPosition", 7n))
      .to.be.revertedWithCustomError(delegator, "FoundationValidator")
      .withArgs(7n);
    await expect(ofDelegator("addPosition", 999n))
      .to.be.revertedWithCustomError(delegator, "NoShareContract")
      .withArgs(999n);
    await expect(ofDelegator("addPosition", FIRST_ID))
      .to.be.revertedWithCustomError(delegator, "AlreadyRegistered")
      .withArgs(1n, await shares[0]?.getAddress());
  });

  it("a removal: of a position with nothing in it", async () => {
    const { delegator } = context;
    await expect(ofDelegator("removePosition", 1n))
      .to.be.revertedWithCustomError(delegator, "PositionInUse")
      .withArgs(1n, 0n, 2_500n, 0n);
    await expect(ofDelegator("removePosition", 5n))
      .to.be.revertedWithCustomError(delegator, "UnknownPosition")
      .withArgs(5n);
  });

  it("weights and caps: one for each position, a sum of 10,000, no cap under its weight or over the constitution", async () => {
    const { delegator } = context;
    const fair = [2_500n, 2_500n, 2_500n, 2_500n];
    await setWeights(fair, fair);
    await expect(setWeights(fair.slice(1), fair))
      .to.be.revertedWithCustomError(delegator, "WrongLength")
      .withArgs(3n, 4n, 4n);
    await expect(setWeights([2_500n, 2_500n, 2_500n, 2_499n], fair))
      .to.be.revertedWithCustomError(delegator, "WrongWeightSum")
      .withArgs(9_999n);
    await expect(setWeights([2_400n, 2_500n, 2_500n, 2_500n], [2_399n, ...fair.slice(1)]))
      .to.be.revertedWithCustomError(delegator, "ValidatorCapOutOfBounds")
      .withArgs(1n, 2_399n, 2_400n, 2_500n);
    await expect(setWeights(fair, [2_501n, ...fair.slice(1)]))
      .to.be.revertedWithCustomError(delegator, "ValidatorCapOutOfBounds")
      .withArgs(1n, 2_501n, 2_500n, 2_500n);
  });
});
