import { expect } from "chai";
import { AbiCoder, ZeroAddress, ZeroHash, keccak256 } from "ethers";

import { leafOf } from "../../../scripts/lib/genesis";
import type { GenesisBatch, GenesisTree, Holding } from "../../../scripts/lib/genesis";
import { shownFor } from "../../support/bondModel";
import { eventsOf, named } from "../../support/events";
import { MAX, ONE } from "../../support/fixture";
import type { Actors, Context } from "../../support/fixture";
import { grow } from "../../support/growth";
import { GENESIS_SHARES, threeHolders, unmintedFixture } from "../../support/legacy";

const SHARES = GENESIS_SHARES;

describe("AMATICb: mintGenesis", () => {
  let context: Context;
  let tree: GenesisTree;
  let first: GenesisBatch;
  let last: GenesisBatch;

  /** Gives an account ankrMATIC, and aMATICb an approval of it. */
  async function fund(who: keyof Actors, shares: bigint): Promise<void> {
    const { pool, token, bond, actors } = context;
    const { stranger } = actors;
    await pool.connect(stranger).mint(shares, stranger);
    await token.connect(stranger).transfer(actors[who], shares);
    await token.connect(actors[who]).approve(bond, MAX);
  }

  /** Mints a batch, or something else than it. */
  const mint = (who: keyof Actors, { batch, holdings, proof }: Omit<GenesisBatch, "shares">) =>
    context.bond.connect(context.actors[who]).mintGenesis(batch, [...holdings], [...proof]);

  beforeEach(async () => {
    context = await unmintedFixture();
    tree = await threeHolders();
    const [one, two] = tree.batches;
    if (one === undefined || two === undefined) throw new Error("the fixture's list has two batches");
    [first, last] = [one, two];
    await fund("stranger", 3n * SHARES);
  });

  describe("before it", () => {
    it("there is a list, and nothing else", async () => {
      const { bond, actors } = context;
      expect(await bond.genesis()).to.deep.equal([tree.root, 2n, 0n]);
      expect(await bond.genesisSealed()).to.equal(false);
      for (const batch of [0n, 1n, 2n, MAX]) expect(await bond.genesisMinted(batch)).to.equal(false);
      expect(await bond.totalSharesSupply()).to.equal(0n);
      expect(await bond.totalSupply()).to.equal(0n);
      expect(await bond.sharesOf(actors.alice)).to.equal(0n);
    });

    it("the leaf of a batch is the hash of the hash of how many there are, its number, and its holdings", () => {
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["uint256", "uint256", "tuple(address,uint256)[]"],
        [2n, 0n, first.holdings.map(({ holder, shares }) => [holder, shares])],
      );
      expect(leafOf(2n, 0n, first.holdings)).to.equal(keccak256(keccak256(encoded)));
    });
  });

  describe("of a batch", () => {
    it("gives each holder its shares, and takes as many ankrMATIC from the caller", async () => {
      const { bond, token, actors } = context;
      const { alice, bob, carol, stranger } = actors;
      expect(await bond.connect(stranger).mintGenesis.staticCall(0n, [...first.holdings], [...first.proof])).to.equal(
        2n * SHARES,
      );
      await expect(mint("stranger", first)).to.changeTokenBalances(
        token,
        [stranger, bond, alice, bob],
        [-2n * SHARES, 2n * SHARES, 0n, 0n],
      );
      expect(await bond.sharesOf(alice)).to.equal(SHARES);
      expect(await bond.sharesOf(bob)).to.equal(SHARES);
      expect(await bond.sharesOf(carol)).to.equal(0n);
      expect(await bond.totalSharesSupply()).to.equal(2n * SHARES);
      expect(await bond.genesis()).to.deep.equal([tree.root, 2n, 1n]);
      expect(await bond.genesisMinted(0n)).to.equal(true);
      expect(await bond.genesisMinted(1n)).to.equal(false);
      expect(await bond.genesisSealed()).to.equal(false);
    });

    it("S20-4: logs each holding from zero, in bonds and in shares, and then the batch", async () => {
      const { bond, actors } = context;
      const { alice, bob, stranger } = actors;
      // What the stranger has and the seed earn 100,000 MATIC; the fee of 5 % is paid in new shares.
      await grow(context, 100_000n * ONE);
      const bonds = shownFor(SHARES, { assets: 400_001n * ONE, shares: 305_001n * ONE });
      expect(await eventsOf(bond, mint("stranger", first))).to.deep.equal([
        { name: "Transfer", args: [ZeroAddress, alice.address, bonds] },
        { name: "TransferShares", args: [ZeroAddress, alice.address, SHARES] },
        { name: "Transfer", args: [ZeroAddress, bob.address, bonds] },
        { name: "TransferShares", args: [ZeroAddress, bob.address, SHARES] },
        { name: "GenesisBatchMinted", args: [0n, stranger.address, 2n, 2n * SHARES] },
      ]);
    });

    it("seals with the last batch, and says so", async () => {
      const { bond } = context;
      expect(named(await eventsOf(bond, mint("stranger", first)), "GenesisSealed")).to.deep.equal([]);
      expect(await bond.genesisSealed()).to.equal(false);
      const events = await eventsOf(bond, mint("stranger", last));
      expect(events.at(-1)).to.deep.equal({ name: "GenesisSealed", args: [3n * SHARES] });
      expect(await bond.genesisSealed()).to.equal(true);
      expect(await bond.genesis()).to.deep.equal([tree.root, 2n, 2n]);
    });

    it("goes in any order, by anyone who pays, and comes to the same", async () => {
      const { bond, token, actors } = context;
      await fund("carol", SHARES);
      await fund("treasury", 2n * SHARES);
      await mint("carol", last);
      expect(await bond.genesisSealed()).to.equal(false);
      await mint("treasury", first);
      expect(await bond.genesisSealed()).to.equal(true);
      for (const holder of [actors.alice, actors.bob, actors.carol]) {
        expect(await bond.sharesOf(holder)).to.equal(SHARES);
      }
      expect(await token.balanceOf(actors.carol)).to.equal(0n);
      expect(await token.balanceOf(bond)).to.equal(3n * SHARES);
    });

    it("that was stopped half-way goes on where it stopped, by what the contract says", async () => {
      const { bond } = context;
      await mint("stranger", last);
      for (const part of tree.batches) {
        if (!(await bond.genesisMinted(part.batch))) await mint("stranger", part);
      }
      expect(await bond.genesisSealed()).to.equal(true);
      expect(await bond.totalSharesSupply()).to.equal(3n * SHARES);
    });

    it("holders of the first batches can use theirs at once, and earn while the others wait", async () => {
      const { bond, actors } = context;
      await mint("stranger", first);
      await bond.connect(actors.alice).transferShares(actors.bob, ONE);
      await bond.connect(actors.alice).unstakeShares(ONE);
      await grow(context, 1_000n * ONE);
      expect(await bond.balanceOf(actors.bob)).to.be.greaterThan(SHARES + ONE);
      await mint("stranger", last);
      expect(await bond.totalSharesSupply()).to.equal(3n * SHARES - ONE);
    });
  });

  describe("reverts", () => {
    afterEach(async () => {
      const { bond, token } = context;
      expect(await bond.totalSharesSupply()).to.equal(await token.balanceOf(bond));
    });

    it("A50: the second time, sealed or not", async () => {
      const { bond } = context;
      await mint("stranger", first);
      await expect(mint("stranger", first)).to.be.revertedWithCustomError(bond, "GenesisBatchDone").withArgs(0n);
      await mint("stranger", last);
      await expect(mint("stranger", first)).to.be.revertedWithCustomError(bond, "GenesisBatchDone").withArgs(0n);
      await expect(mint("stranger", last)).to.be.revertedWithCustomError(bond, "GenesisBatchDone").withArgs(1n);
      expect(await bond.totalSharesSupply()).to.equal(3n * SHARES);
    });

    it("for a payer without ankrMATIC, who leaves the batch to the next", async () => {
      const { bond, token, actors } = context;
      await token.connect(actors.bob).approve(bond, MAX);
      await expect(mint("bob", first))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(actors.bob, 0n, 2n * SHARES);
      expect(await bond.genesisMinted(0n)).to.equal(false);
      expect(await bond.sharesOf(actors.alice)).to.equal(0n);
      await mint("stranger", first);
    });

    it("for a payer who did not approve all of it", async () => {
      const { bond, token, actors } = context;
      await token.connect(actors.stranger).approve(bond, 2n * SHARES - 1n);
      await expect(mint("stranger", first))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(bond, 2n * SHARES - 1n, 2n * SHARES);
      expect(await bond.genesis()).to.deep.equal([tree.root, 2n, 0n]);
    });

    it("for other holdings than those of the list", async () => {
      const { bond, actors } = context;
      const [one, two] = first.holdings as [Holding, Holding];
      for (const holdings of [
        [one, { ...two, shares: two.shares + 1n }],
        [one, { ...two, shares: two.shares - 1n }],
        [one, { ...two, holder: actors.stranger.address }],
        [two, one],
        [one],
        [one, two, { holder: actors.stranger.address, shares: 0n }],
        [],
      ]) {
        await expect(mint("stranger", { ...first, holdings }))
          .to.be.revertedWithCustomError(bond, "NotInGenesis")
          .withArgs(0n);
      }
    });

    it("for another number than the batch's", async () => {
      const { bond } = context;
      for (const batch of [1n, 2n, MAX]) {
        await expect(mint("stranger", { ...first, batch }))
          .to.be.revertedWithCustomError(bond, "NotInGenesis")
          .withArgs(batch);
      }
    });

    it("for another proof than the batch's", async () => {
      const { bond } = context;
      const [sibling = ""] = first.proof;
      for (const proof of [[], last.proof, [sibling, sibling], [ZeroHash], [tree.root]]) {
        await expect(mint("stranger", { ...first, proof }))
          .to.be.revertedWithCustomError(bond, "NotInGenesis")
          .withArgs(0n);
      }
    });

    it("for 301 holdings, before anything else is looked at", async () => {
      const holdings = Array.from({ length: 301 }, (): Holding => ({ holder: ZeroAddress, shares: 1n }));
      await expect(mint("stranger", { batch: 0n, holdings, proof: [] }))
        .to.be.revertedWithCustomError(context.bond, "TooManyHoldings")
        .withArgs(301n, 300n);
    });
  });
});
