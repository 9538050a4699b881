import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MaxUint256, Signature, ZeroAddress } from "ethers";
import { ethers } from "hardhat";

import { POL, STAKE, deployRig } from "./support";

const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";
const DEAD = "0x000000000000000000000000000000000000dEaD";

describe("PolygonEcosystemToken (local model)", () => {
  it("does not consume an unlimited allowance, and consumes a finite one", async () => {
    const { pol, alice, bob } = await loadFixture(deployRig);
    await pol.connect(alice).approve(bob, MaxUint256);
    await pol.connect(bob).transferFrom(alice, bob, POL);
    expect(await pol.allowance(alice, bob)).to.equal(MaxUint256);
    await pol.connect(alice).approve(bob, POL);
    await pol.connect(bob).transferFrom(alice, bob, POL);
    expect(await pol.allowance(alice, bob)).to.equal(0);
  });

  it("lets Permit2 move everybody's tokens", async () => {
    const { pol, stranger } = await loadFixture(deployRig);
    expect(await pol.allowance(stranger, PERMIT2)).to.equal(MaxUint256);
  });

  it("fails with the texts of OpenZeppelin 4.9", async () => {
    const { pol, alice, bob } = await loadFixture(deployRig);
    const asAlice = pol.connect(alice);
    await expect(asAlice.transfer(bob, STAKE + 1n)).to.be.revertedWith("ERC20: transfer amount exceeds balance");
    await expect(asAlice.transfer(ZeroAddress, 0)).to.be.revertedWith("ERC20: transfer to the zero address");
    await expect(asAlice.approve(ZeroAddress, 0)).to.be.revertedWith("ERC20: approve to the zero address");
    await expect(asAlice.transferFrom(bob, alice, 1)).to.be.revertedWith("ERC20: insufficient allowance");
    await expect(asAlice.decreaseAllowance(bob, 1)).to.be.revertedWith("ERC20: decreased allowance below zero");
  });
});

describe("MaticToken (local model)", () => {
  it("consumes even an unlimited allowance", async () => {
    const { matic, alice, bob } = await loadFixture(deployRig);
    await matic.connect(alice).approve(bob, MaxUint256);
    await matic.connect(bob).transferFrom(alice, bob, POL);
    expect(await matic.allowance(alice, bob)).to.equal(MaxUint256 - POL);
  });

  it("fails without data", async () => {
    const { matic, alice, bob } = await loadFixture(deployRig);
    await expect(matic.connect(alice).transfer(bob, STAKE + 1n)).to.be.revertedWithoutReason();
    await expect(matic.connect(alice).transferFrom(bob, alice, 1)).to.be.revertedWithoutReason();
    await expect(matic.connect(alice).transfer(ZeroAddress, 0)).to.be.revertedWithoutReason();
  });
});

describe("PolygonMigration (local model)", () => {
  it("converts back with a signed approval", async () => {
    const { pol, matic, migration, alice } = await loadFixture(deployRig);
    const { chainId } = await ethers.provider.getNetwork();
    const domain = {
      name: "Polygon Ecosystem Token",
      version: "1",
      chainId,
      verifyingContract: await pol.getAddress(),
    };
    const types = {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };
    const spender = await migration.getAddress();
    const message = { owner: alice.address, spender, value: POL, nonce: 0n, deadline: MaxUint256 };
    const { v, r, s } = Signature.from(await alice.signTypedData(domain, types, message));
    await expect(migration.connect(alice).unmigrateWithPermit(POL, MaxUint256, v, r, s)).to.changeTokenBalance(
      matic,
      alice,
      POL,
    );
  });

  it("keeps the way from MATIC to POL open while the way back is locked", async () => {
    const { matic, migration, alice } = await loadFixture(deployRig);
    await migration.updateUnmigrationLock(true);
    await matic.connect(alice).approve(migration, POL);
    await expect(migration.connect(alice).migrate(POL)).not.to.be.reverted;
    await expect(migration.connect(alice).unmigrate(POL)).to.be.revertedWithCustomError(migration, "UnmigrationLocked");
  });

  it("burns POL for its owner", async () => {
    const { pol, migration, stranger } = await loadFixture(deployRig);
    await expect(migration.connect(stranger).burn(POL)).to.be.revertedWith("Ownable: caller is not the owner");
    await expect(migration.burn(POL)).to.changeTokenBalances(pol, [migration, DEAD], [-POL, POL]);
  });

  it("is set up once", async () => {
    const { migration, stranger } = await loadFixture(deployRig);
    await expect(migration.connect(stranger).initialize(stranger, stranger, stranger)).to.be.revertedWith(
      "Initializable: contract is already initialized",
    );
  });
});

describe("UpgradableProxy (local model)", () => {
  it("takes a new implementation from its owner alone", async () => {
    const { stakeManager, share, governance, stranger } = await loadFixture(deployRig);
    const proxy = await ethers.getContractAt("UpgradableProxy", await stakeManager.getAddress());
    await expect(proxy.connect(stranger).updateImplementation(share)).to.be.revertedWith("NOT_OWNER");
    await proxy.connect(governance).updateImplementation(share);
    expect(await proxy.implementation()).to.equal(await share.getAddress());
  });
});

describe("BatchReader (local model)", () => {
  it("returns the results of many views, one after the other", async () => {
    const { stakeManager, pol } = await loadFixture(deployRig);
    const reader = await ethers.deployContract("BatchReader");
    const target = await stakeManager.getAddress();
    const queries = [
      { target, data: stakeManager.interface.encodeFunctionData("validatorState") },
      { target: await pol.getAddress(), data: pol.interface.encodeFunctionData("decimals") },
    ];
    expect(await reader.read(queries, 3)).to.deep.equal([3n * STAKE, 3n, 18n]);
  });

  it("names the query that fails", async () => {
    const { stakeManager } = await loadFixture(deployRig);
    const reader = await ethers.deployContract("BatchReader");
    const target = await stakeManager.getAddress();
    const queries = [
      { target, data: stakeManager.interface.encodeFunctionData("epoch") },
      { target, data: stakeManager.interface.encodeFunctionData("delegatorsReward", [999]) },
    ];
    await expect(reader.read(queries, 2)).to.be.revertedWithCustomError(reader, "QueryFailed").withArgs(1);
  });
});
