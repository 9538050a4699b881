import { expect } from "chai";

import { left, note, openJournal, playedBefore, readEntries } from "../../../scripts/invariants/journal";
import type { Entry } from "../../../scripts/invariants/journal";
import { partCount, partsOf, replayOf, seedOf } from "../../../scripts/invariants/parts";
import type { Campaign, Part } from "../../../scripts/invariants/parts";
import { page, stillLeft, tallies } from "../../../scripts/invariants/summary";

const A: Campaign = { contract: "ATest", stateful: true };
const B: Campaign = { contract: "BTest", stateful: true };
const MATH: Campaign = { contract: "MathTest", stateful: false };
const SIZE = { runs: 250, partRuns: 100, depth: 200 };

const played = (part: Part, failure = ""): Entry => ({ ...part, calls: part.runs * part.depth, seconds: 1, failure });

describe("parts of the long run", () => {
  it("have all sequences of each campaign between them", () => {
    const parts = partsOf([A, B], SIZE);
    expect(partCount(A, SIZE)).to.equal(3);
    for (const { contract } of [A, B]) {
      const runs = parts.filter((part) => part.contract === contract).map((part) => part.runs);
      expect(runs).to.deep.equal([100, 100, 50]);
    }
  });

  it("come in turn, so that an early end leaves no campaign out", () => {
    const order = partsOf([A, MATH, B], SIZE).map(({ contract, index }) => `${contract} ${index}`);
    expect(order).to.deep.equal(["ATest 1", "MathTest 1", "BTest 1", "ATest 2", "BTest 2", "ATest 3", "BTest 3"]);
    expect(partsOf([A, MATH, B], SIZE, 1)).to.have.lengthOf(3);
    expect(partsOf([], SIZE)).to.deep.equal([]);
  });

  it("have seeds of their own, which stay the same", () => {
    const seeds = partsOf([A, B], { runs: 10_000, partRuns: 100, depth: 200 }).map(({ seed }) => seed);
    expect(new Set(seeds).size).to.equal(200);
    expect(seedOf("ATest", 1))
      .to.equal(seedOf("ATest", 1))
      .and.match(/^0x[0-9a-f]{32}$/);
  });

  it("are played again by a command that says all of it", () => {
    const [part] = partsOf([A], SIZE);
    const [math] = partsOf([MATH], SIZE);
    expect(part && replayOf(part)).to.equal(
      "FOUNDRY_PROFILE=long FOUNDRY_INVARIANT_RUNS=100 FOUNDRY_INVARIANT_DEPTH=200 " +
        `node scripts/forge test --match-contract '^ATest$' --fuzz-seed ${seedOf("ATest", 1)}`,
    );
    expect(math && replayOf(math)).to.contain("FOUNDRY_PROFILE=long node");
  });
});

describe("journal of the long run", () => {
  it("reads what was written, but for a line that was cut off", () => {
    const [first, second] = partsOf([A], SIZE).map((part) => played(part));
    const text = `${JSON.stringify(first)}\n${JSON.stringify(second)}\n{"contract":"ATe`;
    expect(readEntries(text)).to.deep.equal([first, second]);
    expect(readEntries("")).to.deep.equal([]);
  });

  it("leaves what was not played, what failed, and what was played at another size", async () => {
    const journal = await openJournal(undefined);
    const parts = partsOf([A, B], SIZE);
    const [first, second, third, fourth] = parts;
    if (!first || !second || !third || !fourth) throw new Error("too few parts");
    await note(journal, played(first));
    await note(journal, played(second, "L1: off"));
    await note(journal, { ...played(third), depth: 100 });
    await note(journal, played(fourth, "L1: off"));
    await note(journal, played(fourth));
    expect(left(journal, parts)).to.deep.equal([second, third, ...parts.slice(4)]);
    expect(playedBefore(journal, third)).to.equal(undefined);
  });

  it("says what was played, and what failed with the command that plays it again", async () => {
    const journal = await openJournal(undefined);
    const [first, second] = partsOf([A], SIZE);
    if (!first || !second) throw new Error("too few parts");
    await note(journal, played(first));
    await note(journal, played(second, "invariant_a: L1: off"));
    const [tally] = tallies([A], SIZE, journal);
    expect(tally).to.deep.include({ parts: 3, played: 2, runs: 200, calls: 40_000 });
    const text = await page(tallies([A, MATH], SIZE, journal), SIZE, "abc");
    expect(text).to.contain("2 of 3").and.contain("200 of 250").and.contain("40,000").and.contain("0 of 1");
    expect(text).to.contain("L1: off").and.contain(replayOf(second)).and.contain("which is a part of it");
    expect(stillLeft([A], SIZE, journal)).to.contain("2 parts");
  });
});
