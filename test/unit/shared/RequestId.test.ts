import { expect } from "chai";
import { MaxUint256, ZeroAddress, getAddress, toBeHex } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";

import { tries } from "../../support/properties";
import { RequestId__Harness__factory } from "../../typechain-types";
import type { RequestId__Harness } from "../../typechain-types";

const batches = fc.bigInt(1n, 2n ** 40n - 1n);
const accounts = fc.bigInt(1n, 2n ** 160n - 1n).map((account) => getAddress(toBeHex(account, 20)));

describe("RequestId", () => {
  let harness: RequestId__Harness;

  before(async () => {
    const [deployer] = await ethers.getSigners();
    harness = await new RequestId__Harness__factory(deployer).deploy();
  });

  it("X-1: is the batch above the 160 bits of the controller", async () => {
    const controller = getAddress("0x00112233445566778899aabbccddeeff00112233");
    expect(await harness.encode(7n, controller)).to.equal(0x7_00112233445566778899aabbccddeeff00112233n);
  });

  it("X-1: is another for another batch or another controller", async () => {
    await fc.assert(
      fc.asyncProperty(batches, accounts, batches, accounts, async (batch, controller, batch2, controller2) => {
        fc.pre(batch !== batch2 || controller !== controller2);
        expect(await harness.encode(batch, controller)).not.to.equal(await harness.encode(batch2, controller2));
      }),
      tries(50),
    );
  });

  it("X-11: is never 0, since batches start at 1", async () => {
    expect(await harness.encode(1n, ZeroAddress)).to.equal(2n ** 160n);
  });

  it("tells its batch and its controller", async () => {
    await fc.assert(
      fc.asyncProperty(batches, accounts, async (batch, controller) => {
        expect(await harness.decode(await harness.encode(batch, controller))).to.deep.equal([batch, controller]);
      }),
      tries(50),
    );
  });

  it("S7540-9: decodes any number", async () => {
    expect(await harness.decode(0n)).to.deep.equal([0n, ZeroAddress]);
    const everyBit = getAddress(`0x${"ff".repeat(20)}`);
    expect(await harness.decode(MaxUint256)).to.deep.equal([2n ** 96n - 1n, everyBit]);
  });
});
