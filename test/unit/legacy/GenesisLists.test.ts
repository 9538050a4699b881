import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { AbiCoder, ZeroAddress, ZeroHash, keccak256 } from "ethers";
import { ethers } from "hardhat";

import { leafOf, sharesOf } from "../../../scripts/lib/genesis";
import type { GenesisBatch, GenesisTree, Holding } from "../../../scripts/lib/genesis";
import { AMATICb__factory, ERC1967Proxy__factory } from "../../../typechain-types";
import { MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";
import { threeHolders } from "../../support/legacy";

/** Most holdings of a batch. */
const MOST = 300;

/** A list whose batches are of any sizes. */
function listOf(parts: readonly (readonly Holding[])[]): GenesisTree {
  const hashes = SimpleMerkleTree.of(parts.map((part, index) => leafOf(BigInt(parts.length), BigInt(index), part)));
  return {
    root: hashes.root,
    batches: parts.map((holdings, index) => ({
      batch: BigInt(index),
      holdings,
      shares: sharesOf(holdings),
      proof: hashes.getProof(index),
    })),
    shares: sharesOf(parts.flat()),
  };
}

describe("AMATICb: mintGenesis, by the list", () => {
  let context: Context;
  let alice: string;
  let bob: string;

  before(async () => {
    const accounts = await ethers.getSigners();
    [alice = "", bob = ""] = accounts.slice(6, 8).map(({ address }) => address);
  });

  /** The system of a list, with a stranger who can pay for it. */
  async function arrange(root: string, batches: bigint, shares: bigint): Promise<void> {
    context = await fixture({ params: { genesis: { root, batches } } });
    const { pool, token, bond, actors } = context;
    await pool.connect(actors.stranger).mint(shares + ONE, actors.stranger);
    await token.connect(actors.stranger).approve(bond, MAX);
  }

  const mint = ({ batch, holdings, proof }: Omit<GenesisBatch, "shares">) =>
    context.bond.connect(context.actors.stranger).mintGenesis(batch, [...holdings], [...proof]);

  describe("of odd batches", () => {
    let list: GenesisTree;

    /** One account twice, the zero address, as many as there can be, nobody. */
    beforeEach(async () => {
      const many = Array.from({ length: MOST }, (_, index): Holding => {
        return { holder: `0x${(index + 1).toString(16).padStart(4, "0").repeat(10)}`, shares: BigInt(index + 1) };
      });
      const twice = [
        { holder: bob, shares: 5n },
        { holder: bob, shares: 7n },
      ];
      const zero = [
        { holder: alice, shares: 5n },
        { holder: ZeroAddress, shares: 7n },
      ];
      list = listOf([twice, zero, many, []]);
      await arrange(list.root, 4n, list.shares);
    });

    const batchOf = (number: number): GenesisBatch => list.batches[number] ?? expect.fail(`no batch ${number}`);

    it("gives an account that is named twice both", async () => {
      await mint(batchOf(0));
      expect(await context.bond.sharesOf(bob)).to.equal(12n);
    });

    it("reverts for the zero address, and the batch can never be minted", async () => {
      const { bond } = context;
      await expect(mint(batchOf(1))).to.be.revertedWithCustomError(bond, "ZeroAddress");
      expect(await bond.sharesOf(alice)).to.equal(0n);
      expect(await bond.genesisMinted(1n)).to.equal(false);
    });

    it("mints 300 holdings, the most there are, in a transaction of less than 2^24 gas", async () => {
      const { bond } = context;
      const receipt = await (await mint(batchOf(2))).wait();
      expect(receipt?.gasUsed).to.be.lessThan(2n ** 24n);
      for (const { holder, shares } of batchOf(2).holdings) expect(await bond.sharesOf(holder)).to.equal(shares);
      expect(await bond.totalSharesSupply()).to.equal(45_150n);
    });

    it("gives nothing to nobody for nothing, and that batch is done", async () => {
      const { bond, token, actors } = context;
      await expect(mint(batchOf(3))).to.changeTokenBalance(token, actors.stranger, 0n);
      expect(await bond.genesisMinted(3n)).to.equal(true);
      expect(await bond.totalSharesSupply()).to.equal(0n);
    });

    it("takes no node of the tree in a leaf's place", async () => {
      // Each proof has the leaf's sibling and the sibling of the node above both: without the first, the leaf stands
      // where that node does.
      for (const part of list.batches) {
        expect(part.proof).to.have.length(2);
        for (const proof of [part.proof.slice(1), part.proof.slice(0, 1), [...part.proof].reverse()]) {
          await expect(mint({ ...part, proof }))
            .to.be.revertedWithCustomError(context.bond, "NotInGenesis")
            .withArgs(part.batch);
        }
      }
      // A node is the hash of 64 bytes; what makes a leaf are at least 128, and hashed twice.
      const types = ["uint256", "uint256", "tuple(address,uint256)[]"];
      const shortest = AbiCoder.defaultAbiCoder().encode(types, [1n, 0n, []]);
      expect((shortest.length - 2) / 2).to.equal(128);
    });
  });

  it("takes no leaf that was hashed once", async () => {
    const holdings = [{ holder: alice, shares: ONE }];
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint256", "tuple(address holder, uint256 shares)[]"],
      [1n, 0n, holdings],
    );
    await arrange(keccak256(encoded), 1n, ONE);
    await expect(mint({ batch: 0n, holdings, proof: [] }))
      .to.be.revertedWithCustomError(context.bond, "NotInGenesis")
      .withArgs(0n);
  });

  it("takes nothing of a list whose number of batches is another: nobody is left out by a seal too early", async () => {
    const { root, batches, shares } = await threeHolders();
    for (const count of [1n, 3n]) {
      await arrange(root, count, shares);
      for (const batch of batches) {
        await expect(mint(batch)).to.be.revertedWithCustomError(context.bond, "NotInGenesis").withArgs(batch.batch);
      }
      expect(await context.bond.genesisSealed()).to.equal(false);
    }
  });

  it("takes nothing after the last batch, whatever is offered", async () => {
    const { root, batches, shares } = await threeHolders();
    await arrange(root, 2n, shares);
    for (const batch of batches) await mint(batch);
    expect(await context.bond.genesisSealed()).to.equal(true);
    const [{ holdings, proof } = { holdings: [], proof: [] }] = batches;
    await expect(mint({ batch: 2n, holdings, proof }))
      .to.be.revertedWithCustomError(context.bond, "NotInGenesis")
      .withArgs(2n);
  });

  describe("of nobody", () => {
    it("is sealed from the start, which the construction logged", async () => {
      const { bond } = await fixture();
      expect(await bond.genesis()).to.deep.equal([ZeroHash, 0n, 0n]);
      expect(await bond.genesisSealed()).to.equal(true);
      const sealed = await bond.queryFilter(bond.filters.GenesisSealed);
      expect(sealed.map(({ args }) => args.totalShares)).to.deep.equal([0n]);
    });

    it("reverts whatever is offered", async () => {
      await arrange(ZeroHash, 0n, ONE);
      await expect(mint({ batch: 0n, holdings: [{ holder: alice, shares: ONE }], proof: [] }))
        .to.be.revertedWithCustomError(context.bond, "NotInGenesis")
        .withArgs(0n);
    });

    it("has neither a root nor batches: one without the other is refused by the construction", async () => {
      const { bond, manager, token, pool, switcher, actors } = await fixture();
      const implementation = await new AMATICb__factory(actors.deployer).deploy(token, pool, switcher);
      const root = keccak256("0x");
      for (const [of, batches] of [
        [root, 0n],
        [ZeroHash, 1n],
      ] as const) {
        const data = bond.interface.encodeFunctionData("initialize", [await manager.getAddress(), of, batches]);
        await expect(new ERC1967Proxy__factory(actors.deployer).deploy(implementation, data))
          .to.be.revertedWithCustomError(bond, "GenesisIncomplete")
          .withArgs(of, batches);
      }
    });
  });
});
