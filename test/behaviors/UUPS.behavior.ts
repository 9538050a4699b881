import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ZeroHash, dataSlice, getAddress, id, zeroPadValue } from "ethers";
import type { BytesLike } from "ethers";
import { artifacts, ethers } from "hardhat";

import { ERC1967Proxy__factory, Upgradeable__factory } from "../../typechain-types";
import type { Upgradeable } from "../../typechain-types";
import { SLOTS, asUpgrader, implementationOf, upgradeCall } from "../support/upgrades";
import type { Orders } from "../support/upgrades";
import { WrongUuid__factory } from "../typechain-types";

/** A contract behind a proxy. */
export interface UUPSSubject {
  readonly context: Orders;
  readonly proxy: Upgradeable;
  /** A call of `initialize` with possible arguments. */
  readonly initialization: BytesLike;
  /** Another implementation of the same contract. */
  readonly next: () => Promise<string>;
}

/** Namespace of OpenZeppelin's Initializable. */
const INITIALIZABLE = "0xf0c57e16840df040f15088dc2f81fe391c3923bec73e23a9662efc9c229c6a00";
const UPGRADED = id("Upgraded(address)");

/** ERC-1967 proxies whose code upgrades itself (UUPS), under an AccessManager with a delay of seven days. */
export function behavesLikeUUPS(arrange: () => Promise<UUPSSubject>): void {
  describe("ERC-1967 and UUPS", () => {
    let subject: UUPSSubject;
    let proxy: Upgradeable;
    let implementation: string;
    let everyone: HardhatEthersSigner[];

    beforeEach(async () => {
      subject = await arrange();
      proxy = subject.proxy;
      implementation = await implementationOf(proxy);
      const { deployer, upgrader, manager, guardian, treasury, stranger } = subject.context.actors;
      everyone = [deployer, upgrader, manager, guardian, treasury, stranger];
    });

    const bare = (): Upgradeable => Upgradeable__factory.connect(implementation, ethers.provider);

    it("S1967-1: keeps its implementation in the slot of ERC-1967, and neither an admin nor a beacon", async () => {
      expect(await ethers.provider.getCode(implementation)).not.to.equal("0x");
      expect(await ethers.provider.getStorage(proxy, SLOTS.admin)).to.equal(ZeroHash);
      expect(await ethers.provider.getStorage(proxy, SLOTS.beacon)).to.equal(ZeroHash);
    });

    it("S1967-1: is OpenZeppelin's ERC1967Proxy, to the byte", async () => {
      const { deployedBytecode } = await artifacts.readArtifact("ERC1967Proxy");
      expect(await ethers.provider.getCode(proxy)).to.equal(deployedBytecode);
    });

    it("S1967-2: logged its implementation at construction", async () => {
      const logs = await ethers.provider.getLogs({
        address: await proxy.getAddress(),
        topics: [UPGRADED],
        fromBlock: 0,
      });
      expect(logs.map(({ topics }) => topics)).to.deep.equal([
        [UPGRADED, zeroPadValue(implementation, 32).toLowerCase()],
      ]);
    });

    it("S1967-3, A86: a proxy cannot be constructed without its initialization", async () => {
      const factory = new ERC1967Proxy__factory(subject.context.actors.stranger);
      await expect(factory.deploy(implementation, "0x")).to.be.revertedWithCustomError(
        factory,
        "ERC1967ProxyUninitialized",
      );
    });

    it("S1822-1, X-15: the implementation names the slot of ERC-1967, and the proxy refuses to be one", async () => {
      expect(await bare().proxiableUUID()).to.equal(SLOTS.implementation);
      await expect(proxy.proxiableUUID()).to.be.revertedWithCustomError(proxy, "UUPSUnauthorizedCallContext");
    });

    it("S1822-3: the implementation cannot be upgraded or initialized itself", async () => {
      const { stranger } = subject.context.actors;
      await expect(bare().connect(stranger).upgradeToAndCall(implementation, "0x")).to.be.revertedWithCustomError(
        proxy,
        "UUPSUnauthorizedCallContext",
      );
      await expect(
        stranger.sendTransaction({ to: implementation, data: ethers.hexlify(subject.initialization) }),
      ).to.be.revertedWithCustomError(proxy, "InvalidInitialization");
      const word = await ethers.provider.getStorage(implementation, INITIALIZABLE);
      expect(BigInt(word)).to.equal(2n ** 64n - 1n);
    });

    it("S1967-3: the proxy cannot be initialized again", async () => {
      const { stranger } = subject.context.actors;
      await expect(
        stranger.sendTransaction({ to: proxy, data: ethers.hexlify(subject.initialization) }),
      ).to.be.revertedWithCustomError(proxy, "InvalidInitialization");
    });

    it("S1822-3: has no upgradeTo", async () => {
      expect(proxy.interface.getFunction("upgradeToAndCall").selector).to.equal("0x4f1ef286");
      const data = `0x3659cfe6${zeroPadValue(implementation, 32).slice(2)}`;
      await expect(subject.context.actors.upgrader.sendTransaction({ to: proxy, data })).to.be.revertedWithoutReason();
    });

    it("S1822-3: nobody upgrades without waiting: not the upgrader, nor any other role", async () => {
      const next = await subject.next();
      const { manager, actors } = subject.context;
      for (const account of everyone) {
        const attempt = proxy.connect(account).upgradeToAndCall(next, "0x");
        if (account.address === actors.upgrader.address) {
          await expect(attempt).to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled");
        } else {
          await expect(attempt)
            .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
            .withArgs(account.address);
        }
      }
    });

    it("S1967-2: the upgrader can after seven days, and it is logged", async () => {
      const next = await subject.next();
      await asUpgrader(subject.context, proxy, upgradeCall(next));
      expect(await implementationOf(proxy)).to.equal(next);
      const logs = await ethers.provider.getLogs({
        address: await proxy.getAddress(),
        topics: [UPGRADED],
        fromBlock: 0,
      });
      expect(logs.map(({ topics }) => getAddress(dataSlice(topics[1] ?? ZeroHash, 12)))).to.deep.equal([
        implementation,
        next,
      ]);
    });

    describe("S1822-2: refuses as an implementation", () => {
      /** The last step of an upgrade that has waited. */
      async function attempt(target: string) {
        const { manager, actors, params } = subject.context;
        const data = upgradeCall(target);
        await manager.connect(actors.upgrader).schedule(proxy, data, 0);
        await ethers.provider.send("evm_increaseTime", [Number(params.delays.upgraderSeconds)]);
        return manager.connect(actors.upgrader).execute(proxy, data);
      }

      afterEach(async () => {
        expect(await implementationOf(proxy)).to.equal(implementation);
      });

      it("a contract that names another slot", async () => {
        const wrong = await new WrongUuid__factory(subject.context.actors.stranger).deploy();
        await expect(attempt(await wrong.getAddress()))
          .to.be.revertedWithCustomError(proxy, "UUPSUnsupportedProxiableUUID")
          .withArgs(id("PROXIABLE"));
      });

      it("a contract that names none", async () => {
        const target = await subject.context.manager.getAddress();
        await expect(attempt(target))
          .to.be.revertedWithCustomError(proxy, "ERC1967InvalidImplementation")
          .withArgs(target);
      });

      it("an address without code", async () => {
        const { manager, actors } = subject.context;
        await expect(attempt(actors.stranger.address)).to.be.revertedWithCustomError(manager, "FailedCall");
      });

      it("the proxy itself", async () => {
        const target = await proxy.getAddress();
        await expect(attempt(target))
          .to.be.revertedWithCustomError(proxy, "ERC1967InvalidImplementation")
          .withArgs(target);
      });
    });

    it("S1822-3: refuses ETH with an upgrade that makes no call", async () => {
      const { manager, actors, params } = subject.context;
      const data = upgradeCall(await subject.next());
      await manager.connect(actors.upgrader).schedule(proxy, data, 0);
      await ethers.provider.send("evm_increaseTime", [Number(params.delays.upgraderSeconds)]);
      await expect(manager.connect(actors.upgrader).execute(proxy, data, { value: 1n })).to.be.revertedWithCustomError(
        proxy,
        "ERC1967NonPayable",
      );
    });

    it("is under the manager's authority, which it alone can change", async () => {
      const { manager } = subject.context;
      expect(await proxy.authority()).to.equal(await manager.getAddress());
      for (const account of everyone) {
        await expect(proxy.connect(account).setAuthority(account))
          .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
          .withArgs(account.address);
      }
      expect(await proxy.isConsumingScheduledOp()).to.equal("0x00000000");
    });
  });
}
