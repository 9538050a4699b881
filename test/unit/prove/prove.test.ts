import { expect } from "chai";

import { allChecks, checksIn } from "../../../scripts/prove/checks";
import { isRight, proofsDocument } from "../../../scripts/prove/document";
import type { Run } from "../../../scripts/prove/document";
import { outcomeIn } from "../../../scripts/prove/verdict";

const halmos = (exitcode: number, loops = 0, name = "check_one(uint256)"): unknown => ({
  exitcode: 0,
  test_results: {
    "test/proofs/A.t.sol:AProof": [{ name, exitcode, num_models: 0, num_paths: [7, 5, 0], num_bounded_loops: loops }],
  },
});

const source = (functions: string): string => `contract AProof is Test {\n${functions}\n}\n`;

const run = (control: boolean, verdict: Run["verdict"]): Run => ({
  check: { file: "test/proofs/A.t.sol", contract: "AProof", name: "check_one", says: "M1: all.", control },
  verdict,
  paths: 7,
  seconds: 1.25,
});

describe("scripts/prove", () => {
  context("outcomeIn", () => {
    it("reads each of Halmos' answers", () => {
      const verdicts = [0, 1, 2, 3, 4, 5, 6].map((code) => outcomeIn(halmos(code), "check_one").verdict);
      expect(verdicts).to.deep.equal(["proven", "refuted", "timeout", "stuck", "always reverts", "failed", "failed"]);
      expect(outcomeIn(halmos(0), "check_one").paths).to.equal(7);
    });

    it("takes nothing for proven where a loop was left before its end", () => {
      expect(outcomeIn(halmos(0, 1), "check_one").verdict).to.equal("incomplete");
      expect(outcomeIn(halmos(1, 1), "check_one").verdict).to.equal("refuted");
    });

    it("fails if the check was not run", () => {
      expect(() => outcomeIn(halmos(0), "check_two")).to.throw("Halmos ran check_two 0 times");
      expect(() => outcomeIn({ test_results: {} }, "check_one")).to.throw("Halmos ran check_one 0 times");
    });
  });

  context("checksIn", () => {
    it("finds checks and controls with what they say, and nothing else", () => {
      const text = source(
        [
          "    /// @notice M1: never",
          "    /// more.",
          "    function check_one(uint256 a) public pure {",
          "        assert(a == a);",
          "    }",
          "",
          "    /// @notice Wrong.",
          "    /// @custom:halmos --solver-timeout-branching 10s",
          "    function refute_one(uint256 a) public pure {",
          "        assert(a == 0);",
          "    }",
          "",
          "    function _help() private pure {",
          "        assert(true);",
          "    }",
        ].join("\n"),
      );
      const common = { file: "A.t.sol", contract: "AProof" };
      expect(checksIn("A.t.sol", text)).to.deep.equal([
        { ...common, name: "check_one", says: "M1: never more.", control: false },
        { ...common, name: "refute_one", says: "Wrong.", control: true },
      ]);
    });

    it("demands a comment", () => {
      const text = source("    function check_one(uint256 a) public pure {\n        assert(a == a);\n    }");
      expect(() => checksIn("A.t.sol", text)).to.throw("check_one does not say what it proves");
    });

    it("finds the contracts of this repository with names of their own: Halmos is asked by name", async () => {
      const checks = await allChecks();
      const files = new Map(checks.map(({ file, contract }) => [contract, file]));
      expect(checks.filter(({ file, contract }) => files.get(contract) !== file)).to.deep.equal([]);
      expect(checks.some(({ control }) => control)).to.equal(true);
    });
  });

  context("isRight", () => {
    it("wants a check proven and a control refuted", () => {
      expect([run(false, "proven"), run(true, "refuted")].every(isRight)).to.equal(true);
      const wrong = [run(false, "refuted"), run(false, "timeout"), run(false, "incomplete"), run(true, "proven")];
      expect([...wrong, run(true, "timeout")].some(isRight)).to.equal(false);
    });
  });

  context("proofsDocument", () => {
    it("names contracts, proofs and versions, and keeps controls apart", () => {
      const subject = { contracts: "abc", proofs: "def", versions: ["halmos 0.3.3", "cvc5 1.4.2"] };
      const text = proofsDocument(subject, [run(false, "proven"), run(true, "refuted")]);
      expect(text).to.include("with halmos 0.3.3, cvc5 1.4.2").and.to.include("names abc").and.to.include("names def");
      const row = "| [A.t.sol](../test/proofs/A.t.sol) | `check_one` | M1: all. | ";
      expect(text).to.include(`${row}proven | 7 | 1.3 |`);
      expect(text.split("## Controls")[1]).to.include(`${row}refuted | 7 | 1.3 |`);
    });
  });
});
