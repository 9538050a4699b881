import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { ROOT, filesUnder } from "../../../scripts/lib/files";
import { lawOf, readOutcomes, runProgram } from "../../../scripts/lib/forge";
import { page, readCatches, withVerdicts } from "../../../scripts/seeded/page";
import { allSeeded, readSeeded, seededProblems } from "../../../scripts/seeded/patch";
import { judge } from "../../../scripts/seeded/run";

/** Fewest bugs that are worth the name of a list. */
const LEAST = 25;

describe("seeded bugs", () => {
  it("are one line each, with what is wrong and what catches it", async () => {
    const all = await allSeeded();
    expect(all.length).to.be.at.least(LEAST);
    expect(all.flatMap(seededProblems)).to.deep.equal([]);
    expect(new Set(all.map(({ number }) => number)).size).to.equal(all.length);
  });

  it("apply to the contracts as they are", async () => {
    for (const { file } of await allSeeded()) {
      const { code, stderr } = await runProgram("git", ["apply", "--check", file], { cwd: ROOT });
      expect(code, `${file}: make it anew from the line as it is now. ${stderr}`).to.equal(0);
    }
  });

  it("name campaigns that there are", async () => {
    const files = await filesUnder(path.join(ROOT, "test/invariants"), ".t.sol");
    const texts = await Promise.all(files.map(async (file) => readFile(file, "utf8")));
    const contracts = texts.flatMap((text) => [...text.matchAll(/^contract (\w+)/gm)].map(([, name]) => name));
    for (const { caughtBy } of await allSeeded()) expect(contracts).to.include.members([...caughtBy]);
  });

  it("are refused without a header, with two lines, or in the model", () => {
    const problems = seededProblems(
      readSeeded(
        "test/seeded/x.patch",
        "--- a/contracts/local/A.sol\n+++ b/contracts/local/A.sol\n@@ -1,2 +1 @@\n-a\n-b\n+c\n",
      ),
    );
    expect(problems).to.have.lengthOf(5);
    expect(problems.join()).to.match(/two digits.*Bug.*Caught-by.*model.*one line/);
  });

  it("are in a page that keeps what it says of the same contracts", async () => {
    const bugs = (await allSeeded()).slice(0, 3);
    const [first, second] = bugs.map(({ number }) => number);
    const catches = new Map([[first ?? "", { contract: "ATest", law: "L1a" }]]);
    const text = await page(bugs, catches, "abc");
    expect(text).to.contain("1 of 3").and.contain("not run");
    expect(readCatches(text, "abc")).to.deep.equal(catches);
    expect(readCatches(text, "abd").size).to.equal(0);
    const seeded = bugs[1];
    if (!seeded) throw new Error("too few bugs");
    const verdict = { seeded, caught: { contract: "BTest", law: "X1" }, message: "", seconds: 0 };
    expect([...withVerdicts(catches, [verdict]).keys()]).to.deep.equal([first, second]);
  });

  it("are caught by a message that begins with an id, and by nothing else", () => {
    const outcome = (reason: string): string =>
      JSON.stringify({
        "a.t.sol:ATest": { test_results: { "t()": { status: "Failure", reason, kind: { Unit: {} } } } },
      });
    const verdict = (reason: string): ReturnType<typeof judge> =>
      judge({ outcomes: readOutcomes(outcome(reason)) ?? [] });
    expect(verdict("L1a: one is not two: 1 != 2").caught).to.deep.equal({ contract: "ATest", law: "L1a" });
    expect(verdict("panic: arithmetic underflow").caught).to.equal(undefined);
    expect(verdict("panic: arithmetic underflow").message).to.contain("by no law");
    expect(judge({ outcomes: [] }).message).to.equal("nothing failed");
    expect(judge({ failure: "it does not apply" }).caught).to.equal(undefined);
    expect(lawOf("failed to set up invariant testing environment: X1: off")).to.equal("X1");
    expect(readOutcomes("Error: compiler run failed")).to.equal(undefined);
  });
});
