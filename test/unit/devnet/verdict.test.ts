import { expect } from "chai";

import { bridgeBookDifferences } from "../../../deploy/acceptance/bridge";
import type { BridgeFigures } from "../../../deploy/acceptance/bridge";
import { balanceTable, verdictLines } from "../../../scripts/devnet/demo/table";
import { judge } from "../../../scripts/devnet/demo/verdict";
import type { Outcome } from "../../../scripts/devnet/demo/verdict";

const FIGURES: BridgeFigures = {
  locked: 1_000n,
  pendingReleases: 50n,
  held: 1_050n,
  minted: 600n,
  pendingMints: 100n,
  childSupply: 600n,
  inFlightDown: 200n,
  inFlightUp: 100n,
};

const OUTCOME: Outcome = {
  ledgers: [],
  figures: FIGURES,
  balances: [
    { who: "alice", coin: "POL", is: 10n ** 24n, expected: 10n ** 24n },
    { who: "bob", coin: "ankrMATIC on Polygon", is: 5n, expected: 5n },
  ],
  steps: 11,
};

/** What speaks against an outcome. */
const against = (outcome: Outcome): string[] => judge(outcome).flatMap((finding) => [...finding.against]);

describe("devnet: the verdict", () => {
  it("holds where everything is what it should be", () => {
    expect(against(OUTCOME)).to.deep.equal([]);
    expect(judge(OUTCOME)).to.have.lengthOf(3);
  });

  for (const wei of [1n, -1n]) {
    it(`fails for ${wei} wei in any figure of the bridge`, () => {
      for (const name of Object.keys(FIGURES) as (keyof BridgeFigures)[]) {
        const figures = { ...FIGURES, [name]: FIGURES[name] + wei };
        const found = against({ ...OUTCOME, figures });
        // More than what is owed is a gift; less is owed where less is pending.
        const harmless = (name === "held" && wei > 0n) || (name === "pendingReleases" && wei < 0n);
        expect(found.length > 0, name).to.equal(!harmless);
      }
    });

    it(`fails for ${wei} wei in any balance, and says whose`, () => {
      for (const [index, balance] of OUTCOME.balances.entries()) {
        const balances = OUTCOME.balances.with(index, { ...balance, is: balance.is + wei });
        const [line, ...more] = against({ ...OUTCOME, balances });
        expect(more).to.deep.equal([]);
        expect(line).to.equal(
          `${balance.who} has ${balance.is + wei} wei of ${balance.coin} instead of ${balance.expected}: ${wei} wei off`,
        );
      }
    });
  }

  it("fails for a difference of the ledgers", () => {
    expect(against({ ...OUTCOME, ledgers: ["L1: 2 is not 1"] })).to.deep.equal(["L1: 2 is not 1"]);
  });

  it("fails if nobody was looked at", () => {
    expect(against({ ...OUTCOME, balances: [] })).to.deep.equal(["nobody was looked at"]);
  });

  it("prints what fails below its claim, and a mark at the balance", () => {
    const [balance] = OUTCOME.balances;
    if (balance === undefined) return expect.fail("there is no balance");
    const balances = [{ ...balance, is: balance.is - 1n }];
    const lines = verdictLines(judge({ ...OUTCOME, balances })).split("\n");
    expect(lines.filter((line) => line.startsWith("  ok "))).to.have.lengthOf(2);
    expect(lines.filter((line) => line.startsWith("  FAIL "))).to.have.lengthOf(1);
    expect(lines.at(-1)).to.match(/^ {10}alice has \d+ wei of POL/);
    expect(balanceTable(balances)).to.contain("999,999.9999 (!)");
  });
});

describe("bridgeBookDifferences", () => {
  it("finds none where locked is minted, pending and in flight, and the bridge holds what it owes", () => {
    expect(bridgeBookDifferences(FIGURES)).to.deep.equal([]);
    expect(bridgeBookDifferences({ ...FIGURES, held: 2_000n })).to.deep.equal([]);
  });

  it("names each difference with both numbers", () => {
    const figures = { ...FIGURES, locked: 1_001n, childSupply: 599n };
    expect(bridgeBookDifferences(figures)).to.deep.equal([
      "locked on Ethereum: 0.000000000000001001 ankrMATIC, but minted, pending and in flight are 0.000000000000001",
      "ankrMATIC of the bridge: 0.00000000000000105, less than the 0.000000000000001051 locked and pending",
      "supply on Polygon: 0.000000000000000599 ankrMATIC, but the bridge minted 0.0000000000000006",
    ]);
  });
});
