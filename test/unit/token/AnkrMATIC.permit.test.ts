import { expect } from "chai";
import { MaxUint256 } from "ethers";

import { behavesLikeERC2612 } from "../../behaviors/ERC2612.behavior";
import { behavesLikeERC5267 } from "../../behaviors/ERC5267.behavior";
import { ONE, fixture } from "../../support/fixture";
import { SHARE_DOMAIN, domainOf, signPermit } from "../../support/permit";
import { implementationOf } from "../../support/upgrades";
import { AnkrMATIC__factory } from "../../../typechain-types";
import { IPermitToken__factory } from "../../typechain-types";
import type { IPermitToken } from "../../typechain-types";

async function token(): Promise<IPermitToken> {
  const context = await fixture();
  return IPermitToken__factory.connect(await context.token.getAddress(), context.actors.stranger);
}

describe("AnkrMATIC, signatures", () => {
  behavesLikeERC2612(async () => {
    const { token: share, actors } = await fixture();
    return {
      token: IPermitToken__factory.connect(await share.getAddress(), actors.stranger),
      owner: actors.alice,
      spender: actors.bob,
      stranger: actors.stranger,
    };
  }, SHARE_DOMAIN);

  behavesLikeERC5267(token, SHARE_DOMAIN);

  it("S2612-4, A04: the implementation has another domain, so that its signatures are worth nothing here", async () => {
    const { token: share, actors } = await fixture();
    const bare = AnkrMATIC__factory.connect(await implementationOf(share), actors.stranger);
    expect(await bare.DOMAIN_SEPARATOR()).not.to.equal(await share.DOMAIN_SEPARATOR());
    const domain = { ...(await domainOf(bare, SHARE_DOMAIN)) };
    const permit = {
      owner: actors.alice.address,
      spender: actors.bob.address,
      value: ONE,
      nonce: 0n,
      deadline: MaxUint256,
    };
    const { v, r, s } = await signPermit(actors.alice, domain, permit);
    await expect(
      share.connect(actors.bob).permit(permit.owner, permit.spender, permit.value, permit.deadline, v, r, s),
    ).to.be.revertedWithCustomError(share, "ERC2612InvalidSigner");
    expect(await share.allowance(actors.alice, actors.bob)).to.equal(0n);
  });

  it("S1271-2: there is one permit, by the account's own key", async () => {
    const names = (await fixture()).token.interface.fragments.filter(
      (fragment) => fragment.type === "function" && fragment.format().startsWith("permit("),
    );
    expect(names.map((fragment) => fragment.format())).to.deep.equal([
      "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    ]);
  });

  it("S3156-1: there is no flash mint", async () => {
    const { token: share } = await fixture();
    for (const name of ["flashLoan", "maxFlashLoan", "flashFee"]) {
      expect(share.interface.hasFunction(name)).to.equal(false);
    }
  });
});
