import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import type { Signer } from "ethers";
import { ethers } from "hardhat";

import { fileJournal, readBook } from "../../deploy/book";
import type { Book } from "../../deploy/book";
import type { Params } from "../../deploy/params";
import { deploySystem, finishSystem, startValidators } from "../../deploy/system";
import { failureOf } from "../support/failures";
import { FIRST_ID, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { Killed, KillingSigner } from "../support/killing";
import type { Cut } from "../support/killing";
import { unwatchLedgers } from "../support/ledgers";

const CHAIN = 31_337n;

async function expectKilled(work: Promise<unknown>): Promise<void> {
  expect(await failureOf(work)).to.contain("killed before a transaction");
}

describe("A deployment that is cut off", () => {
  let context: Context;
  let folder: string;
  let file: string;
  /** Has deployed nothing on this chain. */
  let fresh: HardhatEthersSigner;
  let params: Params;

  beforeEach(async () => {
    context = await fixture();
    unwatchLedgers();
    folder = await mkdtemp(path.join(tmpdir(), "ankrmatic-"));
    file = path.join(folder, "network.json");
    fresh = context.actors.bob;
    params = context.params;
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const validators = [0n, 1n, 2n, 3n].map((index) => ({ id: FIRST_ID + index, weightBps: 2_500n, capBps: 2_500n }));

  async function run(deployer: Signer): Promise<Book> {
    const journal = await fileJournal(file, CHAIN, await deployer.getAddress());
    const system = await deploySystem(deployer, params, undefined, journal);
    await startValidators(system, validators);
    await finishSystem(system, params);
    return journal.book;
  }

  /** Runs again and again, each time killed after a few transactions, until it is through. */
  async function runThrough(patience: number, cut: Cut): Promise<{ book: Book; kills: number }> {
    for (let kills = 0; ; kills += 1) {
      const deployer = new KillingSigner(fresh, patience, cut);
      try {
        return { book: await run(deployer), kills };
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
  }

  it("is written down, with address, arguments, transaction, block and hash of the code of each contract", async () => {
    const book = await run(fresh);
    expect(await readBook(file)).to.deep.equal(book);
    expect(Object.keys(book.contracts).sort()).to.deep.equal(
      [
        "AccessManager",
        ...["AnkrMATIC", "Delegator", "PolygonPool", "AMATICb", "BondSwitcher"].flatMap((name) => [
          name,
          `${name}.implementation`,
        ]),
        "AutoClaim",
        "PoolLens",
      ].sort(),
    );
    for (const { address, codeHash, transaction, block } of Object.values(book.contracts)) {
      expect(ethers.keccak256(await ethers.provider.getCode(address))).to.equal(codeHash);
      expect((await ethers.provider.getTransactionReceipt(transaction))?.blockNumber).to.equal(block);
    }
  });

  for (const [patience, cut] of [
    [1, "before it is sent"],
    [0, "after it is mined, unseen"],
    [2, "after it is mined, unseen"],
  ] as const) {
    it(`goes on, and does nothing twice: killed after ${patience} transactions, ${cut}`, async () => {
      const before = await fresh.getNonce();
      const snapshot = await takeSnapshot();
      const whole = await run(fresh);
      const needed = (await fresh.getNonce()) - before;
      await snapshot.restore();
      await rm(file);

      const { book, kills } = await runThrough(patience, cut);
      expect((await fresh.getNonce()) - before).to.equal(needed);
      expect(kills).to.equal(cut === "before it is sent" ? needed - 1 : Math.floor(needed / (patience + 1)));
      expect(book.factory).to.deep.equal(whole.factory);
      for (const [name, { address, codeHash, args }] of Object.entries(whole.contracts)) {
        expect(book.contracts[name], name).to.deep.include({ address, codeHash, args });
      }
      expect(Object.keys(book.contracts).length).to.equal(Object.keys(whole.contracts).length);
    });
  }

  it("A98: sends nothing when it is run again after its end", async () => {
    await run(fresh);
    const nonce = await fresh.getNonce();
    await run(fresh);
    expect(await fresh.getNonce()).to.equal(nonce);
  });

  it("stops when the parameters have changed meanwhile, and says which contract is another", async () => {
    await expectKilled(run(new KillingSigner(fresh, 8, "before it is sent")));
    const nonce = await fresh.getNonce();
    params = { ...params, maxShareBps: 9_999n };
    expect(await failureOf(run(fresh))).to.contain("Delegator.implementation: its code at");
    expect(await fresh.getNonce()).to.equal(nonce);
  });

  it("A98: refuses the file of another chain, of another key, and one that is none", async () => {
    await expectKilled(run(new KillingSigner(fresh, 1, "before it is sent")));
    expect(await failureOf(fileJournal(file, 1n, fresh.address))).to.contain(
      "is of chain 31337, but this node is of chain 1",
    );
    expect(await failureOf(fileJournal(file, CHAIN, context.actors.carol.address))).to.contain(
      "go on with the same key",
    );
    expect(await failureOf(readBook(path.join(__dirname, "../../package.json")))).to.contain("is no address book");
    const broken = `${file}.broken`;
    await writeFile(broken, "{ ");
    expect(await failureOf(readBook(broken))).to.match(
      /^.*\.broken is no JSON, and so no address book: take it from git/,
    );
  });
});
