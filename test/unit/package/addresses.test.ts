import { expect } from "chai";
import { ethers } from "hardhat";

import { memoryJournal } from "../../../deploy/book";
import type { Book } from "../../../deploy/book";
import { deployEthereum, deployPolygonSide } from "../../../deploy/run";
import { prepareLocal } from "../../../scripts/deploy/local";
import { ADDRESSES } from "../../../scripts/package/addressBook";
import { CONTRACTS, addressOf } from "../../../scripts/package/addresses";
import { addressesOf } from "../../../scripts/package/build";
import { packedManifest } from "../../../scripts/package/manifest";
import { unwatchLedgers } from "../../support/ledgers";

const [ONE, TWO] = ["0x0000000000000000000000000000000000000001", "0x0000000000000000000000000000000000000002"];

function bookOf(chainId: number, contracts: Record<string, string | undefined>, finished = true): Book {
  const entries = Object.entries(contracts).map(([name, implementation]) => {
    const args = { args: "0x", codeHash: ethers.ZeroHash, transaction: ethers.ZeroHash, block: 1 };
    return [name, { address: implementation === undefined ? ONE : TWO, ...args, implementation }] as const;
  });
  return {
    chainId,
    deployer: ONE,
    contracts: Object.fromEntries(entries),
    promised: {},
    upgrades: {},
    steps: {},
    finished,
  };
}

describe("addresses of the package", () => {
  before(unwatchLedgers);

  it("are those of a whole deployment, of a proxy its own and not its implementation's", () => {
    const book = bookOf(1, { "PolygonPool.implementation": undefined, PolygonPool: "PolygonPool.implementation" });
    expect(addressesOf([book])).to.deep.equal({ "1": { PolygonPool: TWO } });
    expect(addressesOf([bookOf(137, { RatioFeed: undefined }, false)])).to.deep.equal({});
  });

  it("are by names that the typings know, and of one deployment for each chain", () => {
    expect(() => addressesOf([bookOf(1, { Surprise: undefined })])).to.throw(
      "Surprise of chain 1 is not in CONTRACTS of scripts/package/addresses.ts: add it",
    );
    expect(() => addressesOf([bookOf(1, {}), bookOf(1, {})])).to.throw("Two books in deployments/ are of chain 1");
  });

  it("have all names of a deployment of both sides, and no other", async () => {
    const [deployer, ...people] = await ethers.getSigners();
    const [upgrader, manager, guardian, treasury] = people.map(({ address }) => address);
    if (!deployer || !upgrader || !manager || !guardian || !treasury) throw new Error("there are too few accounts");
    const roles = { upgrader, manager, guardian, treasury };
    const { ethereum, polygon } = await prepareLocal(deployer, ethers.provider, roles);
    const [below, above] = [memoryJournal(1n, deployer.address), memoryJournal(137n, deployer.address)];
    const other = (book: Book): { book: Book; provider: typeof ethers.provider } => ({
      book,
      provider: ethers.provider,
    });
    await deployEthereum({ deployer, journal: below }, ethereum);
    await deployPolygonSide({ deployer, journal: above }, polygon, other(below.book));
    await deployEthereum({ deployer, journal: below }, ethereum, other(above.book));
    const book = addressesOf([below.book, above.book]);
    const names = Object.values(book).flatMap((chain) => Object.keys(chain));
    expect([...new Set(names)].sort()).to.deep.equal([...CONTRACTS].sort());
    expect(addressOf(1n, "PolygonPool", book)).to.equal(below.book.contracts.PolygonPool?.address);
    expect(addressOf(137, "RatioFeed", book)).to.equal(above.book.contracts.RatioFeed?.address);
  });

  it("are asked for by chain and name, and what is not there says what is", () => {
    const book = { "1": { PolygonPool: TWO }, "137": { RatioFeed: ONE } };
    expect(() => addressOf(5, "PolygonPool", book)).to.throw(
      "There is no deployment on chain 5 in this release: it has those on 1, 137",
    );
    expect(() => addressOf(1, "RatioFeed", book)).to.throw("There is no RatioFeed on chain 1: there are PolygonPool");
    expect(ADDRESSES).to.deep.equal({});
  });
});

describe("manifest of the package", () => {
  it("is that of the repository without what is of use there alone", () => {
    const text = JSON.stringify({
      name: "n",
      scripts: {},
      devDependencies: {},
      allowScripts: {},
      dependencies: { z: "1" },
    });
    expect(JSON.parse(packedManifest(text))).to.deep.equal({ name: "n", dependencies: { z: "1" } });
  });
});
