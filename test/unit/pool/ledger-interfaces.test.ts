import { expect } from "chai";
import { ZeroAddress, concat } from "ethers";

import { behavesLikeERC165 } from "../../behaviors/ERC165.behavior";
import { ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { implementationOf } from "../../support/upgrades";

describe("PolygonPool, what it says of itself", () => {
  behavesLikeERC165(
    async () => {
      const { pool } = await fixture();
      return { proxy: await pool.getAddress(), implementation: await implementationOf(pool) };
    },
    {
      affirmed: {
        "ERC-165": "0x01ffc9a7",
        "ERC-7575 vault": "0x2f0a18c5",
        "ERC-7540 operators": "0xe3bc4e65",
        "ERC-7540 redemption": "0x620ee8e4",
      },
      denied: {
        "ERC-7540 deposits": "0xce3bbe50",
        "ERC-7575 share": "0xf815c03d",
        "ERC-7887 cancellation": "0xe76cffc7",
        "ERC-7741 authorization": "0xa9e50872",
        "ERC-20": "0x36372b07",
        "ERC-4626 alone": "0x87dfe5a0",
        "ERC-7575 with what it inherits": "0xa8d5fd65",
      },
    },
  );

  let context: Context;

  beforeEach(async () => {
    context = await fixture();
  });

  it("S7575-5, A94: pool and share do not report each other's ids", async () => {
    const { pool, token } = context;
    const answers = async (interfaceId: string): Promise<boolean[]> => [
      await pool.supportsInterface(interfaceId),
      await token.supportsInterface(interfaceId),
    ];
    expect(await answers("0x2f0a18c5")).to.deep.equal([true, false]);
    expect(await answers("0xf815c03d")).to.deep.equal([false, true]);
  });

  it("S7575-6, A83: an address behind the calldata is nobody: there is no trusted forwarder", async () => {
    const { pool, token, actors } = context;
    await pool.connect(actors.alice).deposit(10n * ONE, actors.alice);
    const { interface: abi } = pool;
    const victim = actors.alice.address;
    const to = await pool.getAddress();
    const deposit = abi.encodeFunctionData("deposit", [ONE, actors.stranger.address]);
    await actors.stranger.sendTransaction({ to, data: concat([deposit, victim]) });
    const [log] = (await pool.queryFilter(pool.filters.Deposit)).slice(-1);
    expect(log?.args.sender).to.equal(actors.stranger.address);

    const request = abi.encodeFunctionData("requestRedeem", [ONE, actors.stranger.address, victim]);
    await expect(actors.stranger.sendTransaction({ to, data: concat([request, victim]) }))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(actors.stranger.address, 0n, ONE);
    expect(abi.hasFunction("isTrustedForwarder")).to.equal(false);
  });

  it("the books of a fresh pool are empty but for the seed", async () => {
    const { pool, params } = context;
    expect(await pool.totalPooled()).to.equal(params.seedWei);
    expect(await pool.totalAssets()).to.equal(params.seedWei);
    expect(await pool.totalOwed()).to.equal(0n);
    expect(await pool.reserved()).to.equal(0n);
    expect(await pool.unvested()).to.equal(0n);
    expect(await pool.TREASURY()).not.to.equal(ZeroAddress);
  });
});
