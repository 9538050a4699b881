import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ZeroAddress, concat, getAddress, toBeHex } from "ethers";
import hre, { ethers } from "hardhat";

import { genesisTree } from "../../scripts/lib/genesis";
import type { Holding } from "../../scripts/lib/genesis";
import { AMATICb__factory } from "../../typechain-types";
import { asContract } from "../support/asContract";
import { failureOf } from "../support/failures";
import { ONE, fixture } from "../support/fixture";
import type { Context } from "../support/fixture";
import { unwatchLedgers } from "../support/ledgers";

/** So many holders with 1, 2, 3, … shares. */
function holders(count: number): Holding[] {
  return Array.from({ length: count }, (_, index) => ({
    holder: getAddress(toBeHex(0xd0000 + index, 20)),
    shares: BigInt(index + 1) * ONE,
  }));
}

const csv = (list: readonly Holding[]): string =>
  ["address,shares", ...list.map(({ holder, shares }) => `${holder},${shares}`), ""].join("\n");

describe("tasks of the genesis", () => {
  let folder: string;
  let lines: string[];

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "genesis-"));
  });

  beforeEach(() => {
    lines = [];
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const print = (line: string): void => {
    lines.push(line);
  };

  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** The system that was deployed with a list, and an account that holds what the list comes to. */
  async function deployedWith(list: readonly Holding[]): Promise<Context & { payer: HardhatEthersSigner }> {
    const { root, batches, shares } = genesisTree(list);
    const context = await fixture({
      params: { genesis: { root: root, batches: BigInt(batches.length) } },
    });
    const payer = context.actors.bob;
    await context.polygon.pol.mint(payer, shares);
    await context.pool.connect(payer).mint(shares, payer);
    return { ...context, payer };
  }

  describe("genesis:check", () => {
    const check = async (args: object): Promise<void> => {
      await hre.run("genesis:check", { ...args, print });
    };

    it("tells holders, total, largest, batches and root", async () => {
      const list = holders(251);
      await check({ file: write("holders.csv", csv(list)) });
      const total = (251n * 252n) / 2n;
      expect(lines).to.deep.equal([
        "holders    251",
        `shares     31,626 (${total * ONE} wei)`,
        `largest    ${list[250]?.holder} with 251`,
        "batches    2",
        `root       ${genesisTree(list).root}`,
        'contracts  0 of the holders have code on the network "hardhat" (chain 31337)',
      ]);
    });

    it("lists holders that are contracts, and those that delegate their code", async () => {
      const [a, b, c] = holders(3) as [Holding, Holding, Holding];
      await setCode(a.holder, "0x00");
      await setCode(c.holder, concat(["0xef0100", a.holder]));
      await check({ file: write("holders.csv", csv([a, b, c])) });
      expect(lines.slice(-3)).to.deep.equal([
        'contracts  2 of the holders have code on the network "hardhat" (chain 31337)',
        `  ${a.holder}  1 shares: may not cope with a rebasing token`,
        `  ${c.holder}  3 shares: an account that delegates its code (EIP-7702)`,
      ]);
      await setCode(a.holder, "0x");
      await setCode(c.holder, "0x");
    });

    it("writes what the deployment takes", async () => {
      const list = holders(3);
      const json = path.join(folder, "genesis.json");
      const entries = list.map(({ holder, shares }) => ({ address: holder, shares: shares.toString() }));
      await check({ file: write("holders.json", JSON.stringify(entries)), json, expectTotal: (6n * ONE).toString() });
      expect(lines.at(-1)).to.equal(`wrote ${json}`);
      expect(JSON.parse(readFileSync(json, "utf8"))).to.deep.equal({
        root: genesisTree(list).root,
        batches: 1,
        holders: 3,
        shares: (6n * ONE).toString(),
      });
    });

    it("fails with every problem, and writes nothing", async () => {
      const file = write("wrong.csv", csv([...holders(1), ...holders(1), { holder: ZeroAddress, shares: 0n }]));
      const json = path.join(folder, "none.json");
      expect(await failureOf(check({ file, json }))).to.equal(
        `${file} has 3 problems; mend the list and check it again:\n` +
          `  line 3: ${holders(1)[0]?.holder} is on line 2 already: a holder has one line\n` +
          "  line 4: the zero address cannot hold shares\n" +
          '  line 4: "0" is no number of shares: a whole number of wei above 0, digits only',
      );
      expect(() => readFileSync(json)).to.throw("ENOENT");
      expect(lines).to.deep.equal([]);
    });

    it("fails if the total is not the expected one, or that is no number, or the file cannot be written", async () => {
      const file = write("holders.csv", csv(holders(2)));
      expect(await failureOf(check({ file, expectTotal: "1" }))).to.match(
        /^.* has a problem; .*\n {2}the shares are 3/,
      );
      expect(await failureOf(check({ file, expectTotal: "3e18" }))).to.equal(
        "--expect-total 3e18 is no number of wei: digits only",
      );
      const json = path.join(folder, "nowhere", "genesis.json");
      expect(await failureOf(check({ file, json }))).to.match(new RegExp(`^--json ${json} cannot be written: ENOENT`));
    });
  });

  describe("genesis:mint", () => {
    const LIST = holders(251);
    const TOTAL = "31,626";
    let file: string;
    let context: Context & { payer: HardhatEthersSigner };
    let args: { file: string; bond: string; from: string };

    beforeEach(async () => {
      file = write("holders.csv", csv(LIST));
      context = await deployedWith(LIST);
      const { bond, payer } = context;
      args = { file, bond: await bond.getAddress(), from: payer.address };
    });

    const mint = async (own: object = {}): Promise<void> => {
      await hre.run("genesis:mint", { ...args, ...own, print });
    };

    it("mints the list and checks it", async () => {
      await mint();
      const { bond, payer } = context;
      expect(await bond.genesisSealed()).to.equal(true);
      for (const { holder, shares } of LIST) expect(await bond.sharesOf(holder)).to.equal(shares);
      expect(lines.map((line) => line.replace(/, \d+ gas, 0x[0-9a-f]{64}$/, ""))).to.deep.equal([
        `0 of 2 batches are minted, ${TOTAL} shares are left`,
        `approved ${TOTAL} ankrMATIC`,
        "batch 1 of 2: 250 holders, 31,375 shares",
        "batch 2 of 2: 1 holders, 251 shares",
        `Sealed: ${TOTAL} shares for 251 holders, as in the list, to the wei`,
        `  2 of 2 batches paid by ${payer.address}`,
      ]);
    });

    it("run again, it checks and tells who has moved shares since", async () => {
      await mint();
      const { bond } = context;
      const [{ holder } = { holder: "" }] = LIST;
      const signer = await asContract(holder);
      await bond.connect(signer).unstakeShares(ONE);
      lines = [];
      await mint();
      expect(lines).to.deep.equal([
        "2 of 2 batches are minted, 0 shares are left",
        `Sealed: ${TOTAL} shares for 251 holders, as in the list, to the wei`,
        `  2 of 2 batches paid by ${context.payer.address}`,
        "  1 holders have moved shares since, 1 have left aMATICb:",
        `    ${holder}: 1 then, 0 now`,
      ]);
    });

    it("--dry-run sends nothing and prints what would be sent, with gas", async () => {
      const block = await ethers.provider.getBlockNumber();
      await mint({ dryRun: true });
      expect(await ethers.provider.getBlockNumber()).to.equal(block);
      expect(lines).to.deep.equal([
        `Dry run: nothing is sent. ${context.payer.address} would send:`,
        `  approve ${TOTAL} ankrMATIC`,
        "  batch 1 of 2: 250 holders, 31,375 shares, about 7690000 gas",
        "  batch 2 of 2: 1 holders, 251 shares, about 170200 gas",
        `In all about 7860200 gas for ${TOTAL} shares`,
      ]);
    });

    it("--dry-run behind the last batch says that there is nothing to do", async () => {
      await mint();
      lines = [];
      await mint({ dryRun: true });
      expect(lines.slice(1)).to.deep.equal(["  nothing: every batch is minted", "In all about 0 gas for 0 shares"]);
    });

    it("a list with a problem, or another one than the contract's, fails and sends nothing", async () => {
      const block = await ethers.provider.getBlockNumber();
      const wrong = write("wrong.csv", csv([...LIST, ...holders(1)]));
      expect(await failureOf(mint({ file: wrong }))).to.equal(
        `${wrong} has a problem; mend the list and check it again:\n` +
          `  line 253: ${LIST[0]?.holder} is on line 2 already: a holder has one line`,
      );
      const other = write("other.csv", csv(LIST.slice(1)));
      expect(await failureOf(mint({ file: other }))).to.equal(
        "This is not the list that aMATICb was deployed with; take the same file, with its lines in the same order:\n" +
          "  batches: 1 in this list, 2 in the contract\n" +
          `  root: ${genesisTree(LIST.slice(1)).root} of this list, ${genesisTree(LIST).root} in the contract`,
      );
      expect(await ethers.provider.getBlockNumber()).to.equal(block);
    });

    it("too little ankrMATIC fails, also on a dry run", async () => {
      for (const dryRun of [true, false]) {
        expect(await failureOf(mint({ from: context.actors.alice.address, dryRun }))).to.equal(
          `${context.actors.alice.address} holds 0 ankrMATIC, and ${TOTAL} are still to be minted: it needs ${TOTAL} more`,
        );
      }
    });

    it("a genesis whose events are not found fails, and says where to look", async () => {
      await mint();
      const fromBlock = await ethers.provider.getBlockNumber();
      await ethers.provider.send("evm_mine", []);
      const failure = await failureOf(mint({ fromBlock: fromBlock + 1 }));
      expect(failure.split("\n").slice(0, 2)).to.deep.equal([
        "The genesis does not agree with its list; " +
          `if --from-block ${fromBlock + 1} is after the deployment, take an earlier block:`,
        "  sealed 0 times",
      ]);
    });

    it("addresses that are none, have no code, or are something else are refused by name", async () => {
      const nobody = getAddress(toBeHex(0xdead, 20));
      const { pool, switcher } = context;
      const [atPool, atSwitcher] = [await pool.getAddress(), await switcher.getAddress()];
      expect(await failureOf(mint({ bond: "0x12" }))).to.match(/^--bond 0x12 is no address: /);
      expect(await failureOf(mint({ bond: ZeroAddress }))).to.equal("--bond is the zero address: name another");
      expect(await failureOf(mint({ bond: nobody }))).to.equal(
        `--bond ${nobody} has no code on the network "hardhat" (chain 31337): is --network the right one, and the address?`,
      );
      for (const at of [atPool, atSwitcher]) {
        expect(await failureOf(mint({ bond: at }))).to.match(new RegExp(`^--bond ${at} is not aMATICb: `));
      }
      const { token, actors } = context;
      const second = await new AMATICb__factory(actors.deployer).deploy(token, pool, actors.bob);
      expect(await failureOf(mint({ bond: await second.getAddress() }))).to.equal(
        `--bond ${await second.getAddress()} is not the aMATICb that its pool knows: its requests to unstake would be refused`,
      );
      expect(await failureOf(mint({ from: nobody }))).to.equal(
        `--from ${nobody} is none of the 100 accounts that this network is configured with`,
      );
    });
  });

  describe("10,000 holders", () => {
    it("are checked, minted in 40 transactions below 2^24 gas each, and compared", async function () {
      this.timeout(180_000);
      const list = holders(10_000);
      const total = (10_000n * 10_001n) / 2n;
      const { bond, token, payer } = await deployedWith(list);
      // The watch would compare everything forty times.
      unwatchLedgers();
      const file = write("many.csv", csv(list));
      await hre.run("genesis:check", { file, expectTotal: (total * ONE).toString(), print });
      await hre.run("genesis:mint", { file, bond: await bond.getAddress(), from: payer.address, print });

      expect(lines).to.include("Sealed: 50,005,000 shares for 10000 holders, as in the list, to the wei");
      expect(await bond.totalSharesSupply()).to.equal(total * ONE);
      expect(await token.balanceOf(bond)).to.equal(total * ONE);
      const events = await bond.queryFilter(bond.filters.GenesisBatchMinted());
      expect(events.map(({ args }) => args.batch)).to.deep.equal(
        Array.from({ length: 40 }, (_, batch) => BigInt(batch)),
      );
      for (const event of events) {
        expect((await event.getTransactionReceipt()).gasUsed).to.be.lessThan(2n ** 24n);
      }
      for (const index of [0, 249, 250, 5_000, 9_999]) {
        expect(await bond.sharesOf(list[index]?.holder ?? "")).to.equal(BigInt(index + 1) * ONE);
      }
    });
  });
});
