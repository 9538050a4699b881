import { expect } from "chai";
import { TypedDataEncoder, ZeroHash } from "ethers";
import { ethers } from "hardhat";

import type { IPermitToken } from "../typechain-types";

/** EIP-5267: the domain of a contract's signatures can be read from it. */
export function behavesLikeERC5267(
  arrange: () => Promise<IPermitToken>,
  named: { readonly name: string; readonly version: string },
): void {
  describe("EIP-5267", () => {
    let token: IPermitToken;

    beforeEach(async () => {
      token = await arrange();
    });

    it("S5267-1: returns all seven values in the order of the standard", async () => {
      expect(token.interface.getFunction("eip712Domain").selector).to.equal("0x84b0196e");
      const raw = await ethers.provider.call({ to: token, data: "0x84b0196e" });
      const { chainId } = await ethers.provider.getNetwork();
      expect(
        ethers.AbiCoder.defaultAbiCoder().decode(
          ["bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"],
          raw,
        ),
      ).to.deep.equal(["0x0f", named.name, named.version, chainId, await token.getAddress(), ZeroHash, []]);
    });

    it("S5267-2: marks name, version, chain and contract, from the lowest bit on, and no salt", async () => {
      const { fields, salt, extensions } = await token.eip712Domain();
      expect(fields).to.equal("0x0f");
      expect(salt).to.equal(ZeroHash);
      expect(extensions).to.deep.equal([]);
    });

    it("S5267-3: rebuilds the domain separator, with the address of the proxy", async () => {
      const { name, version, chainId, verifyingContract } = await token.eip712Domain();
      expect(verifyingContract).to.equal(await token.getAddress());
      expect(TypedDataEncoder.hashDomain({ name, version, chainId, verifyingContract })).to.equal(
        await token.DOMAIN_SEPARATOR(),
      );
    });
  });
}
