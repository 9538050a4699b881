import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { behavesLikeERC2612 } from "../../behaviors/ERC2612.behavior";
import { behavesLikeERC5267 } from "../../behaviors/ERC5267.behavior";
import { ONE } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { GENESIS_SHARES, legacyFixture } from "../../support/legacy";
import { BOND_DOMAIN, SHARE_DOMAIN, domainOf, signPermit } from "../../support/permit";
import { setTotalAssets } from "../../support/poolTotals";
import { implementationOf } from "../../support/upgrades";
import { AMATICb__factory } from "../../../typechain-types";
import { IPermitToken__factory } from "../../typechain-types";

describe("AMATICb, signatures", () => {
  let context: Context;

  behavesLikeERC2612(async () => {
    const { bond, actors } = await legacyFixture();
    return {
      token: IPermitToken__factory.connect(await bond.getAddress(), actors.stranger),
      owner: actors.alice,
      spender: actors.bob,
      stranger: actors.stranger,
    };
  }, BOND_DOMAIN);

  behavesLikeERC5267(async () => {
    const { bond, actors } = await legacyFixture();
    return IPermitToken__factory.connect(await bond.getAddress(), actors.stranger);
  }, BOND_DOMAIN);

  beforeEach(async () => {
    context = await legacyFixture();
  });

  /** Alice's permit of `value` bonds for bob, signed for a domain. */
  async function sign(value: bigint, domain?: Awaited<ReturnType<typeof domainOf>>) {
    const { bond, actors } = context;
    return signPermit(actors.alice, domain ?? (await domainOf(bond, BOND_DOMAIN)), {
      owner: actors.alice.address,
      spender: actors.bob.address,
      value,
      nonce: 0n,
      deadline: MaxUint256,
    });
  }

  it("S2612-4, A04: the implementation and ankrMATIC have other domains: their signatures are worth nothing here", async () => {
    const { bond, token, actors } = context;
    const bare = AMATICb__factory.connect(await implementationOf(bond), actors.stranger);
    for (const [other, named] of [
      [bare, BOND_DOMAIN],
      [token, SHARE_DOMAIN],
    ] as const) {
      expect(await other.DOMAIN_SEPARATOR()).not.to.equal(await bond.DOMAIN_SEPARATOR());
      const { v, r, s } = await sign(ONE, await domainOf(other, named));
      await expect(
        bond.connect(actors.bob).permit(actors.alice, actors.bob, ONE, MaxUint256, v, r, s),
      ).to.be.revertedWithCustomError(bond, "ERC2612InvalidSigner");
    }
    expect(await bond.allowance(actors.alice, actors.bob)).to.equal(0n);
  });

  it("S2612-2: a permit is in bonds: it moves exactly as many, whatever a share is worth when it is used", async () => {
    const { bond, actors } = context;
    const { alice, bob } = actors;
    const { v, r, s } = await sign(100n * ONE);
    await setTotalAssets(context, 2n * (ONE + 3n * GENESIS_SHARES));
    await bond.permit(alice, bob, 100n * ONE, MaxUint256, v, r, s);
    await bond.connect(bob).transferFrom(alice, bob, 100n * ONE);
    expect(await bond.sharesOf(bob)).to.equal(GENESIS_SHARES + 50n * ONE);
    expect(await bond.allowance(alice, bob)).to.equal(0n);
  });

  it("S1271-2: there is one permit, by the account's own key", () => {
    const names = context.bond.interface.fragments.filter(
      (fragment) => fragment.type === "function" && fragment.format().startsWith("permit("),
    );
    expect(names.map((fragment) => fragment.format())).to.deep.equal([
      "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    ]);
  });

  it("S3156-1: there is no flash mint", () => {
    for (const name of ["flashLoan", "maxFlashLoan", "flashFee"]) {
      expect(context.bond.interface.hasFunction(name)).to.equal(false);
    }
  });
});
