import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import { UPGRADER } from "../../../deploy/access";
import { dependencyProblems } from "../../../scripts/docs/audit/dependencies";
import { documentDifferences } from "../../../scripts/docs/audit/documents";
import { findingProblems } from "../../../scripts/docs/audit/findings";
import { GROUPS, propertyProblems } from "../../../scripts/docs/audit/invariants";
import { fuzzedPlaces, placesIn, provenPlaces } from "../../../scripts/docs/audit/invariants/places";
import type { Place } from "../../../scripts/docs/audit/invariants/places";
import { rowProblems } from "../../../scripts/docs/audit/powers";
import { changingFunctions } from "../../../scripts/docs/audit/powers/surface";
import type { Changing } from "../../../scripts/docs/audit/powers/surface";
import { missingProofs, titlesIn } from "../../../scripts/docs/audit/proofs";
import { ROOT } from "../../../scripts/lib/files";

describe("documents for auditors", () => {
  it("are up to date", async () => {
    expect(await documentDifferences()).to.deep.equal([]);
  });

  context("powers", () => {
    let surface: readonly Changing[];

    before(async () => {
      surface = await changingFunctions();
    });

    const added = (name: string, role?: bigint): Changing => ({
      contract: "PolygonPool",
      name,
      selector: "0x00000000",
      role,
    });

    it("have a row for each function, and no row without one", () => {
      expect(rowProblems(surface)).to.deep.equal([]);
    });

    it("miss the row of a new function, whether a role may call it or not", () => {
      expect(rowProblems([...surface, added("setTreasury", UPGRADER), added("sweep")])).to.deep.equal([
        "PolygonPool.setTreasury: asks the AccessManager, and no row says its bound: add it under scripts/docs/audit/powers",
        "PolygonPool.sweep: changes state, and no row says who may call it: add it to scripts/docs/audit/powers/rights.ts",
      ]);
    });

    it("tell the row of a function that is gone, or that asks the AccessManager no more", () => {
      const without = surface.filter(({ name }) => name !== "setFee" && name !== "harvest");
      expect(rowProblems(without)).to.deep.equal([
        ...["PolygonPool", "BondSwitcher", "SwapPool"].map(
          (contract) =>
            `${contract}.setFee: has a row under scripts/docs/audit/powers, and is no function that asks the AccessManager`,
        ),
        ...["Delegator", "PolygonPool"].map(
          (contract) =>
            `${contract}.harvest: has a row in scripts/docs/audit/powers/rights.ts, and is no function that anyone ` +
            "but a role may call",
        ),
      ]);
    });

    it("tell a function that is overloaded, as rows are by name", () => {
      expect(rowProblems([...surface, added("skim")])).to.deep.equal([
        "PolygonPool.skim: is overloaded; rows are by name: give it another",
      ]);
    });
  });

  context("invariants", () => {
    let found: readonly Place[];
    let proven: readonly Place[];

    before(async () => {
      [found, proven] = await Promise.all([fuzzedPlaces(), provenPlaces()]);
    });

    it("are each asserted or proven, and each assertion and each proof is of one of them", () => {
      expect(propertyProblems(GROUPS, found, proven)).to.deep.equal([]);
    });

    it("tell an assertion of an unknown id, a property that nothing asserts, and an id of two", () => {
      const groups = [
        { title: "one", properties: [["L1", "", ""] as const, ["L2", "", ""] as const] },
        { title: "two", properties: [["L1", "", ""] as const] },
      ];
      const place = { file: "test/invariants/A.sol", name: "_check", ids: ["L1", "L9"], says: "" };
      expect(propertyProblems(groups, [place])).to.deep.equal([
        'L2: is a property, and no assertion under test/invariants begins its message with "L2: "',
        "test/invariants/A.sol, _check: asserts L9: add it to scripts/docs/audit/invariants",
        "L1: is the id of two properties",
      ]);
    });

    it("are content with a proof alone, and tell one of an unknown id", () => {
      const groups = [{ title: "one", properties: [["H1", "", ""] as const] }];
      const proof = { file: "test/proofs/A.t.sol", name: "check_all", ids: ["H1", "H9"], says: "" };
      expect(propertyProblems(groups, [], [proof])).to.deep.equal([
        "test/proofs/A.t.sol, check_all: asserts H9: add it to scripts/docs/audit/invariants",
      ]);
    });

    it("are found where they are asserted: in functions, in modifiers, and where a comment says what is absent", () => {
      const where = (id: string): string[] =>
        found.filter(({ ids }) => ids.includes(id)).map(({ file, name }) => `${file} ${name}`);
      expect(where("L1")).to.deep.equal(["test/invariants/support/Invariants.sol _checkLedgers"]);
      expect(where("P2")).to.deep.equal(["test/invariants/handlers/Handler.sol sameBlock"]);
      expect(where("E3")).to.deep.equal(["test/invariants/handlers/UnstakeHandler.sol _assumeRequestable"]);
    });

    it("are found in functions of any form, with what is said of them", () => {
      const text = [
        "contract A {",
        "    /// @notice M1: never",
        "    /// more.",
        "    function check_one(",
        "        uint256 a",
        "    ) public pure {",
        "        if (a == 0) {",
        "            assert(true);",
        "        }",
        '        assertEq(a, a, "M2: not itself");',
        "    }",
        "",
        "    function none() external;",
        "",
        "    function two() public {",
        '        assertEq(1, 1, "M3: another");',
        "    }",
        "}",
      ].join("\n");
      expect(placesIn("A.sol", text)).to.deep.equal([
        { file: "A.sol", name: "check_one", ids: ["M2"], says: "M1: never more." },
        { file: "A.sol", name: "none", ids: [], says: "" },
        { file: "A.sol", name: "two", ids: ["M3"], says: "" },
      ]);
    });
  });

  context("dependencies", () => {
    const row = { reach: "tests", use: "" } as const;
    const none = { dependencies: {}, peerDependencies: {} };

    it("have a row each, and no row is of none", () => {
      const manifest = { ...none, dependencies: { one: "^1.0.0" }, devDependencies: { two: "2.0.0" } };
      expect(dependencyProblems(manifest, { one: row, two: row })).to.deep.equal([]);
      expect(dependencyProblems(manifest, { one: row, three: row })).to.deep.equal([
        "two: is a dependency, and no row says what it is trusted with: add it to scripts/docs/audit/dependencies/said.ts",
        "three: has a row in scripts/docs/audit/dependencies/said.ts, and is no dependency",
      ]);
    });

    it("of the repository are pinned exactly", () => {
      const manifest = { ...none, devDependencies: { one: "^1.0.0", two: "2.0.0-beta.3" } };
      expect(dependencyProblems(manifest, { one: row, two: row })).to.deep.equal([
        "one: ^1.0.0 is not exact: pin it in package.json",
      ]);
    });
  });

  context("findings", () => {
    let text: string;

    before(async () => {
      text = await readFile(path.join(ROOT, "audit", "findings.md"), "utf8");
    });

    it("have a row each, with a test that carries the id, or a reason why there is none", async () => {
      expect(await findingProblems(text)).to.deep.equal([]);
    });

    it("without a row, with two, and with tests that do not carry their id or do not exist, are told", async () => {
      const row = /^\| A89 .*$/m.exec(text)?.[0] ?? "";
      const moved = row
        .replaceAll("unit/access/handover", "unit/docs/none")
        .replaceAll("deploy-cut-off", "upgrade-all");
      expect(await findingProblems(text.replace(row, moved))).to.deep.equal([
        "A89: test/unit/docs/none.test.ts does not exist",
        "A89: no title in the tests of its row carries it",
      ]);
      expect(await findingProblems(text.replace(row, ""))).to.deep.equal(["A89: has 0 rows"]);
      expect(await findingProblems(`${text}${row}\n`)).to.deep.equal(["A89: has 2 rows"]);
    });
  });

  context("proofs", () => {
    it("are titles of tests, with … for what is computed", () => {
      const text = 'describe("no", () => { it("one", run); it(`two ${2} and ${3}`, run); context("no", run); });';
      expect([...titlesIn(text)]).to.deep.equal(["one", "two … and …"]);
    });

    it("that name no test, or no file, are told", async () => {
      const known = ["unit/docs/audit.test.ts", "are up to date"] as const;
      const unknown = ["unit/docs/audit.test.ts", "are not"] as const;
      expect(await missingProofs([known, unknown, ["unit/none.test.ts", "none"]])).to.deep.equal([
        'test/unit/docs/audit.test.ts has no test "are not"',
        "test/unit/none.test.ts does not exist",
      ]);
    });
  });
});
