import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { Interface, concat, id } from "ethers";
import { ethers } from "hardhat";

import { DeploymentFactory__factory, ERC1967Proxy__factory } from "../../../typechain-types";
import type { DeploymentFactory } from "../../../typechain-types";
import { Bps__Harness__factory } from "../../typechain-types";

const SALT = id("a contract");

describe("DeploymentFactory", () => {
  let factory: DeploymentFactory;
  let deployer: HardhatEthersSigner;
  let stranger: HardhatEthersSigner;

  async function deploy() {
    const [first, second] = await ethers.getSigners();
    if (first === undefined || second === undefined) throw new Error("The network has too few accounts: give it 2.");
    return { factory: await new DeploymentFactory__factory(first).deploy(first), deployer: first, stranger: second };
  }

  beforeEach(async () => {
    ({ factory, deployer, stranger } = await loadFixture(deploy));
  });

  it("names its deployer and is open", async () => {
    expect(await factory.DEPLOYER()).to.equal(deployer.address);
    expect(await factory.closed()).to.equal(false);
  });

  it("deploys to the address that it foretold", async () => {
    const address = await factory.addressOf(SALT);
    expect(await ethers.provider.getCode(address)).to.equal("0x");
    expect(await factory.deploy.staticCall(SALT, Bps__Harness__factory.bytecode)).to.equal(address);
    await expect(factory.deploy(SALT, Bps__Harness__factory.bytecode))
      .to.emit(factory, "Deployed")
      .withArgs(SALT, address);
    expect(await Bps__Harness__factory.connect(address, deployer).one()).to.equal(10_000n);
  });

  it("foretells an address that depends on the salt and not on the code", async () => {
    const address = await factory.addressOf(SALT);
    expect(await factory.addressOf(id("another"))).not.to.equal(address);
    await factory.deploy(
      SALT,
      DeploymentFactory__factory.bytecode + ethers.zeroPadValue(stranger.address, 32).slice(2),
    );
    const deployed = DeploymentFactory__factory.connect(address, deployer);
    expect(await deployed.DEPLOYER()).to.equal(stranger.address);
  });

  it("takes an address once", async () => {
    await factory.deploy(SALT, Bps__Harness__factory.bytecode);
    const taken = factory.deploy(SALT, Bps__Harness__factory.bytecode);
    await expect(taken).to.be.revertedWithCustomError(
      { interface: new Interface(["error FailedDeployment()"]) },
      "FailedDeployment",
    );
  });

  it("reverts with the constructor, and the address stays free", async () => {
    const empty = ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [await factory.getAddress(), "0x"]);
    await expect(factory.deploy(SALT, concat([ERC1967Proxy__factory.bytecode, empty]))).to.be.revertedWithCustomError(
      { interface: ERC1967Proxy__factory.createInterface() },
      "ERC1967ProxyUninitialized",
    );
    await factory.deploy(SALT, Bps__Harness__factory.bytecode);
    expect(await ethers.provider.getCode(await factory.addressOf(SALT))).not.to.equal("0x");
  });

  it("A86: obeys nobody but the deployer", async () => {
    const asStranger = factory.connect(stranger);
    await expect(asStranger.deploy(SALT, Bps__Harness__factory.bytecode))
      .to.be.revertedWithCustomError(factory, "NotDeployer")
      .withArgs(stranger.address);
    await expect(asStranger.close()).to.be.revertedWithCustomError(factory, "NotDeployer").withArgs(stranger.address);
  });

  it("deploys nothing any more once it was closed, and is not closed twice", async () => {
    await expect(factory.close()).to.emit(factory, "Closed");
    expect(await factory.closed()).to.equal(true);
    await expect(factory.deploy(SALT, Bps__Harness__factory.bytecode)).to.be.revertedWithCustomError(
      factory,
      "FactoryClosed",
    );
    await expect(factory.close()).to.be.revertedWithCustomError(factory, "FactoryClosed");
  });

  it("refuses ETH", async () => {
    await expect(deployer.sendTransaction({ to: factory, value: 1n })).to.be.revertedWithoutReason();
  });
});
