import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { behavesLikeERC2612 } from "../../behaviors/ERC2612.behavior";
import { behavesLikeERC5267 } from "../../behaviors/ERC5267.behavior";
import { SHARE_DOMAIN, domainOf, signPermit } from "../../support/permit";
import { polygonFixture } from "../../support/polygon";
import { IPermitToken__factory } from "../../typechain-types";

describe("ChildAnkrMATIC, signatures", () => {
  behavesLikeERC2612(async () => {
    const { token, actors } = await polygonFixture();
    return {
      token: IPermitToken__factory.connect(await token.getAddress(), actors.stranger),
      owner: actors.alice,
      spender: actors.bob,
      stranger: actors.stranger,
    };
  }, SHARE_DOMAIN);

  behavesLikeERC5267(async () => {
    const { token, actors } = await polygonFixture();
    return IPermitToken__factory.connect(await token.getAddress(), actors.stranger);
  }, SHARE_DOMAIN);

  it("S2612-4, A04: has its own domain: a signature for another chain's ankrMATIC is worth nothing here", async () => {
    const { token, actors } = await polygonFixture();
    const domain = await domainOf(token, SHARE_DOMAIN);
    const permit = {
      owner: actors.alice.address,
      spender: actors.bob.address,
      value: 1n,
      nonce: 0n,
      deadline: MaxUint256,
    };
    const { v, r, s } = await signPermit(actors.alice, { ...domain, chainId: 1n }, permit);
    await expect(
      token.permit(permit.owner, permit.spender, permit.value, permit.deadline, v, r, s),
    ).to.be.revertedWithCustomError(token, "ERC2612InvalidSigner");
    expect(await token.allowance(actors.alice, actors.bob)).to.equal(0n);
  });

  it("S1271-2: there is one permit, by the account's own key", async () => {
    const { token } = await polygonFixture();
    const names = token.interface.fragments.filter(
      (fragment) => fragment.type === "function" && fragment.format().startsWith("permit("),
    );
    expect(names.map((fragment) => fragment.format())).to.deep.equal([
      "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    ]);
  });
});
