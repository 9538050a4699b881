import { expect } from "chai";
import { AbiCoder, concat, getAddress, keccak256, toBeHex } from "ethers";

import { BATCH_SIZE, genesisTree, leafOf } from "../../../scripts/lib/genesis";
import type { GenesisTree, Holding } from "../../../scripts/lib/genesis";
import { MAX, ONE, fixture } from "../../support/fixture";
import type { Context } from "../../support/fixture";

/** So many holders, who have 1, 2, 3, … shares. */
function holders(count: number): Holding[] {
  return Array.from({ length: count }, (_, index) => ({
    holder: getAddress(toBeHex(0xa0000 + index, 20)),
    shares: BigInt(index + 1) * ONE,
  }));
}

/** The leaf of a batch, put together word by word: batches, number, place of the array, its length, its pairs. */
function wordByWord(batches: bigint, batch: bigint, holdings: readonly Holding[]): string {
  const pairs = holdings.flatMap(({ holder, shares }) => [BigInt(holder), shares]);
  const words = [batches, batch, 96n, BigInt(holdings.length), ...pairs];
  return keccak256(keccak256(concat(words.map((word) => toBeHex(word, 32)))));
}

/** Parent of two nodes, the smaller one first. */
function parent(a: string, b: string): string {
  return keccak256(concat(BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
}

/** The system with a list, and the stranger rich enough to mint it. */
async function withList({ root, batches, shares }: GenesisTree): Promise<Context> {
  const genesis = { root: root as `0x${string}`, batches: BigInt(batches.length) };
  const context = await fixture({ params: { genesis } });
  const { pool, token, bond, actors } = context;
  await pool.connect(actors.stranger).deposit(await pool.previewMint(shares), actors.stranger);
  await token.connect(actors.stranger).approve(bond, MAX);
  return context;
}

describe("tree of a list", () => {
  it("a leaf is the hash of the hash of the batch as Solidity encodes it", () => {
    for (const count of [1, 2, 7]) expect(leafOf(9n, 5n, holders(count))).to.equal(wordByWord(9n, 5n, holders(count)));
    const pairs = holders(2).map(({ holder, shares }) => [holder, shares]);
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint256", "tuple(address,uint256)[]"],
      [4n, 3n, pairs],
    );
    expect(leafOf(4n, 3n, holders(2))).to.equal(keccak256(keccak256(encoded)));
  });

  it("a leaf depends on how many batches there are, the number of the batch, each holder, each amount, and their order", () => {
    const [a, b] = holders(2) as [Holding, Holding];
    const leaves = [
      leafOf(3n, 0n, [a, b]),
      leafOf(2n, 0n, [a, b]),
      leafOf(2n, 1n, [a, b]),
      leafOf(2n, 0n, [b, a]),
      leafOf(2n, 0n, [a]),
      leafOf(2n, 0n, [a, { ...b, shares: b.shares + 1n }]),
      leafOf(2n, 0n, [a, { ...b, holder: a.holder }]),
    ];
    expect(new Set(leaves).size).to.equal(leaves.length);
  });

  it("one batch is its own root and needs no proof", () => {
    const { root, batches, shares } = genesisTree(holders(2), 2);
    expect(root).to.equal(wordByWord(1n, 0n, holders(2)));
    expect(batches).to.deep.equal([{ batch: 0n, holdings: holders(2), shares: 3n * ONE, proof: [] }]);
    expect(shares).to.equal(3n * ONE);
  });

  it("batches are cut in the order of the list, the last takes what is left", () => {
    const { batches, shares } = genesisTree(holders(5), 2);
    expect(batches.map(({ batch, holdings, shares: part }) => [batch, holdings.length, part])).to.deep.equal([
      [0n, 2, 3n * ONE],
      [1n, 2, 7n * ONE],
      [2n, 1, 5n * ONE],
    ]);
    expect(batches.flatMap(({ holdings }) => holdings)).to.deep.equal(holders(5));
    expect(shares).to.equal(15n * ONE);
  });

  it("a batch holds 250 holders if nothing else is said", () => {
    expect(BATCH_SIZE).to.equal(250);
    expect(genesisTree(holders(501)).batches.map(({ holdings }) => holdings.length)).to.deep.equal([250, 250, 1]);
  });

  it("two batches: the root is the hash of both leaves in order of value, each the proof of the other", () => {
    const { root, batches } = genesisTree(holders(2), 1);
    const leaves = holders(2).map((holding, index) => wordByWord(2n, BigInt(index), [holding])) as [string, string];
    expect(root).to.equal(parent(...leaves));
    expect(batches.map(({ proof }) => proof)).to.deep.equal([[leaves[1]], [leaves[0]]]);
  });

  for (const count of [1, 2, 3, 5, 8, 13]) {
    it(`every proof of ${count} batches leads from its leaf to the root`, () => {
      const { root, batches } = genesisTree(holders(count), 1);
      for (const { batch, holdings, proof } of batches) {
        expect(proof.reduce(parent, wordByWord(BigInt(count), batch, holdings))).to.equal(root);
      }
    });
  }

  it("an empty list has no tree", () => {
    expect(() => genesisTree([])).to.throw("The list of holders is empty: use NOBODY of deploy/params.ts for none.");
  });
});

describe("AMATICb.mintGenesis, with the tree of a list", () => {
  it("takes every batch of it, in any order", async () => {
    const tree = genesisTree(holders(7), 2);
    const { bond, actors } = await withList(tree);
    for (const index of [2, 0, 3, 1]) {
      const { batch, holdings, proof } = tree.batches[index] ?? { batch: 0n, holdings: [], proof: [] };
      await bond.connect(actors.stranger).mintGenesis(batch, [...holdings], [...proof]);
    }
    expect(await bond.genesisSealed()).to.equal(true);
    for (const { holder, shares } of holders(7)) expect(await bond.sharesOf(holder)).to.equal(shares);
  });

  it("takes 300 holders in a batch, within 2^24 gas", async () => {
    const { bond, actors } = await withList(genesisTree(holders(300), 300));
    const sent = await bond.connect(actors.stranger).mintGenesis(0n, holders(300), []);
    expect((await sent.wait())?.gasUsed).to.be.lessThan(2n ** 24n);
    expect(await bond.genesisSealed()).to.equal(true);
  });

  it("takes no more than 300, though the list has them", async () => {
    for (const size of [0, 301]) {
      expect(() => genesisTree(holders(2), size)).to.throw(`A batch has 1 to 300 holdings, not ${size}.`);
    }
    const root = leafOf(1n, 0n, holders(301));
    const only = { batch: 0n, holdings: holders(301), shares: ONE, proof: [] };
    const { bond, actors } = await withList({ root, batches: [only], shares: ONE });
    await expect(bond.connect(actors.stranger).mintGenesis(0n, holders(301), []))
      .to.be.revertedWithCustomError(bond, "TooManyHoldings")
      .withArgs(301n, 300n);
  });

  it("takes no batch where another number of batches was deployed, so that none is left out", async () => {
    const tree = genesisTree(holders(4), 2);
    for (const count of [1, 3]) {
      const wrong = { ...tree, batches: [...tree.batches, ...tree.batches].slice(0, count) };
      const { bond, actors } = await withList(wrong);
      for (const { batch, holdings, proof } of tree.batches) {
        await expect(bond.connect(actors.stranger).mintGenesis(batch, [...holdings], [...proof]))
          .to.be.revertedWithCustomError(bond, "NotInGenesis")
          .withArgs(batch);
      }
    }
  });

  it("refuses a batch that was changed, or comes under another number", async () => {
    const tree = genesisTree(holders(4), 2);
    const { bond, actors } = await withList(tree);
    const [{ holdings, proof } = { holdings: [], proof: [] }] = tree.batches;
    const [first, second] = holdings as [Holding, Holding];
    for (const [batch, changed] of [
      [0n, [second, first]],
      [0n, [first]],
      [0n, [first, { ...second, shares: second.shares + 1n }]],
      [1n, [first, second]],
    ] as const) {
      await expect(bond.connect(actors.stranger).mintGenesis(batch, [...changed], [...proof]))
        .to.be.revertedWithCustomError(bond, "NotInGenesis")
        .withArgs(batch);
    }
  });
});
