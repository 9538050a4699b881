import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { behavesLikeUUPS } from "../../behaviors/UUPS.behavior";
import { ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, legacyFixture, threeHolders } from "../../support/legacy";
import { asUpgrader, upgradeCall } from "../../support/upgrades";
import { AMATICb__factory, Upgradeable__factory } from "../../../typechain-types";

/** Another implementation of aMATICb, wired to the same contracts. */
async function nextBond({ token, pool, switcher, actors }: Context): Promise<string> {
  const next = await new AMATICb__factory(actors.deployer).deploy(token, pool, switcher);
  return next.getAddress();
}

describe("AMATICb, upgrades", () => {
  behavesLikeUUPS(async () => {
    const context = await legacyFixture();
    const { bond, manager, actors } = context;
    const { root, batches } = await threeHolders();
    return {
      context,
      proxy: Upgradeable__factory.connect(await bond.getAddress(), actors.stranger),
      initialization: bond.interface.encodeFunctionData("initialize", [
        await manager.getAddress(),
        root,
        BigInt(batches.length),
      ]),
      next: () => nextBond(context),
    };
  });

  it("S7201-3, S5267-4: keep shares, allowances, the genesis and the domain, and what goes on goes on", async () => {
    const context = await legacyFixture();
    const { bond, actors } = context;
    const { alice, bob } = actors;
    await bond.connect(alice).approve(bob, 7n);
    const state = async () => ({
      name: await bond.name(),
      symbol: await bond.symbol(),
      supply: await bond.totalSharesSupply(),
      alice: await bond.sharesOf(alice),
      allowance: await bond.allowance(alice, bob),
      domain: await bond.eip712Domain(),
      separator: await bond.DOMAIN_SEPARATOR(),
      genesis: await bond.genesis(),
      minted: [await bond.genesisMinted(0n), await bond.genesisMinted(1n), await bond.genesisMinted(2n)],
      switcher: await bond.SWITCHER(),
      authority: await bond.authority(),
    });
    const before = await state();
    await asUpgrader(context, bond, upgradeCall(await nextBond(context)));
    expect(await state()).to.deep.equal(before);
    expect(await bond.genesisSealed()).to.equal(true);
    await bond.connect(bob).transferFrom(alice, bob, 7n);
    await bond.connect(alice).unstakeShares(ONE);
    expect(await bond.sharesOf(alice)).to.equal(GENESIS_SHARES - ONE - 7n);
  });

  it("cannot leave out token, pool or switcher", async () => {
    const { token, pool, switcher, actors } = await legacyFixture();
    const factory = new AMATICb__factory(actors.deployer);
    for (const [bondToken, bondPool, bondSwitcher] of [
      [ZeroAddress, pool, switcher],
      [token, ZeroAddress, switcher],
      [token, pool, ZeroAddress],
    ] as const) {
      await expect(factory.deploy(bondToken, bondPool, bondSwitcher)).to.be.revertedWithCustomError(
        factory,
        "ZeroAddress",
      );
    }
  });
});
