import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import type { SnapshotRestorer } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import hre, { ethers } from "hardhat";

import { mineCalls } from "../../scripts/load/blocks";
import { runLoadCommand } from "../../scripts/load/cli";
import { PARTS, runLoad } from "../../scripts/load/load";
import type { Load } from "../../scripts/load/load";
import { row, risen } from "../../scripts/load/rows";
import { faults, summary } from "../../scripts/load/summary";
import { failureOf } from "../support/failures";
import { unwatchLedgers } from "../support/ledgers";

const STAKERS = 300;
const REQUESTS = 250;

/** Operations of the crowd, and how often each is called. */
const CALLS = { deposit: STAKERS, requestRedeem: REQUESTS, claim: REQUESTS };

/** What a call of the command prints, and its exit code. */
async function command(...args: string[]): Promise<{ code: number; printed: string }> {
  const printed: string[] = [];
  const { log, error } = console;
  console.log = console.error = (line: unknown): void => void printed.push(String(line));
  try {
    return { code: await runLoadCommand(args), printed: printed.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

describe("Load", function () {
  // Instrumented contracts are traced step by step.
  this.timeout(600_000);

  let start: SnapshotRestorer;

  beforeEach(async () => {
    unwatchLedgers();
    start = await takeSnapshot();
  });

  afterEach(() => start.restore());

  describe("a crowd", () => {
    let load: Load;
    const reports: string[] = [];

    before(async () => {
      unwatchLedgers();
      const snapshot = await takeSnapshot();
      load = await runLoad(hre, { stakers: STAKERS, requests: REQUESTS }, (text) => {
        reports.push(text);
      });
      await snapshot.restore();
    });

    it("pays the same gas, to the unit, whether its member is the first or the last", () => {
      for (const [operation, calls] of Object.entries(CALLS)) {
        const found = load.rows.find((one) => one.operation === operation);
        expect(found?.calls, operation).to.equal(calls);
        expect(found?.least, operation).to.equal(found?.most);
        expect(found?.most, operation).to.be.greaterThan(21_000);
      }
      expect(risen(load.rows)).to.deep.equal([]);
    });

    it("makes no call of upkeep dearer", () => {
      for (const operation of ["harvest", "delegate", "settleBatch", "finalizeBatch"]) {
        const found = load.rows.find((one) => one.operation === operation);
        expect(found?.calls, operation).to.be.greaterThanOrEqual(PARTS);
        expect(found?.last, operation).to.equal(found?.first);
      }
    });

    it("leaves both ledgers balanced, and is paid to the wei", () => {
      expect(load.differences).to.deep.equal([]);
      // A share was worth more than a POL by then.
      expect(load.promised).to.be.greaterThan(BigInt(REQUESTS) * 10n ** 18n);
      expect(load.paid).to.equal(load.promised);
      expect(faults(load)).to.deep.equal([]);
    });

    it("is told of while it goes on", () => {
      expect(reports[0]).to.equal("stakes, part 1 of 10: 30 of 30");
      expect(reports.at(-1)).to.equal("claims, part 10 of 10: 25 of 25");
    });

    it("fills a page, which the formatter leaves as it is", async () => {
      const page = summary(load, { minutes: 1.25, megabytes: 400 });
      expect(page).to.include("300 stakers and 250 requests").and.to.include("no difference");
      const prettier = await import("prettier");
      const options = await prettier.resolveConfig("audit/load.md");
      expect(await prettier.check(page, { ...options, parser: "markdown" })).to.equal(true);
    });
  });

  describe("what is wrong", () => {
    const even = row("claim", [5, 5, 5, 5]);
    const load: Load = { stakers: 4, requests: 4, rows: [even], differences: [], promised: 7n, paid: 7n };

    it("is a kind of call that became dearer, or was for a while; not one that became cheaper", () => {
      const many = (...gas: number[]): number[] => gas.flatMap((each) => Array<number>(100).fill(each));
      const wrong = [row("grew", many(5, 5, 6)), row("bulged", many(5, 6, 5))];
      expect(risen([even, row("fell", many(5, 5, 4)), ...wrong])).to.deep.equal(wrong);
      expect(wrong[0]).to.deep.equal({ operation: "grew", calls: 300, first: 5, last: 6, least: 5, most: 6 });
      expect(faults({ ...load, rows: wrong.slice(0, 1) })).to.deep.equal([
        "grew: 5 gas in the first calls, 6 in the last, 6 at most. It must not rise.",
      ]);
    });

    it("is a difference between the ledgers, and a wei that was not paid", () => {
      expect(faults({ ...load, differences: ["claims, part 2: L1"], paid: 6n })).to.deep.equal([
        "The ledgers do not balance after claims, part 2: L1",
        "6 POL wei were paid for requests of 7",
      ]);
    });

    it("is a call that fails: the run ends there, and the network mines by itself again", async () => {
      const [{ address: from }] = (await ethers.getSigners()) as [HardhatEthersSigner];
      // Code of one byte, which is no instruction.
      const trap = "0x000000000000000000000000000000000000dEaD";
      await hre.network.provider.send("hardhat_setCode", [trap, "0xfe"]);
      const good = { from, to: from, data: "0x" };
      expect(await mineCalls(hre, [good, good], () => undefined)).to.deep.equal([21_000, 21_000]);
      expect(await failureOf(mineCalls(hre, [good, { ...good, to: trap }], () => undefined))).to.match(
        /^0x[0-9a-f]{64} failed, call 2 of its kind$/,
      );
      expect(await hre.network.provider.send("hardhat_getAutomine")).to.equal(true);
    });
  });

  describe("the command", () => {
    it("says what is wrong with its arguments, and ends with 2", async () => {
      expect(await command("--stakers", "9")).to.deep.equal({
        code: 2,
        printed: "--stakers 9: give a whole number of at least 10",
      });
      expect(await command("--stakers", "10", "--requests", "11")).to.deep.equal({
        code: 2,
        printed: "--requests 11: at most one for each of the 10 stakers",
      });
    });

    it("ends with 0 if nothing is wrong, and prints the figures", async () => {
      const { code, printed } = await command("--stakers", "20", "--requests", "10");
      expect(code, printed).to.equal(0);
      expect(printed).to.include("| deposit ").and.to.include("20 stakers and 10 requests");
    });
  });
});
