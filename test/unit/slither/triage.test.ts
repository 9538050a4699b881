import { expect } from "chai";

import { slitherDocument } from "../../../scripts/slither/document";
import { findingsIn } from "../../../scripts/slither/findings";
import type { Finding } from "../../../scripts/slither/findings";
import { parseTriage, triageProblems } from "../../../scripts/slither/triage";
import type { Triage } from "../../../scripts/slither/triage";

const contract = { name: "Pool", type: "contract" };
const method = { name: "stake", type: "function", type_specific_fields: { parent: contract } };
const local = { name: "shares", type: "variable", type_specific_fields: { parent: method } };

const detected = (id: string, first: unknown): unknown => ({
  id,
  check: "unused-return",
  impact: "Medium",
  description: "Pool.stake ignores an answer\n",
  elements: [first],
});

const finding = (place: string, detector = "unused-return"): Finding => ({
  id: `${detector} ${place}`,
  detector,
  impact: "Medium",
  place,
  description: "words of Slither",
});

const triage = (places: Record<string, number>): Triage => ({
  excluded: {},
  explained: [{ detector: "unused-return", reason: "meant", places }],
});

describe("scripts/slither", () => {
  context("findingsIn", () => {
    it("names a place from the contract down, and tells each finding once", () => {
      const detectors = [detected("a", local), detected("b", method), detected("a", local)];
      const findings = findingsIn({ success: true, error: null, results: { detectors } });
      expect(findings.map(({ place }) => place)).to.deep.equal(["Pool.stake.shares", "Pool.stake"]);
      expect(findings[1]).to.deep.equal({
        id: "b",
        detector: "unused-return",
        impact: "Medium",
        place: "Pool.stake",
        description: "Pool.stake ignores an answer",
      });
    });

    it("takes no results for none", () => {
      expect(findingsIn({ success: true, error: null, results: {} })).to.deep.equal([]);
    });

    it("fails if Slither did", () => {
      expect(() => findingsIn({ success: false, error: "no solc", results: {} })).to.throw("Slither failed: no solc");
    });
  });

  context("triageProblems", () => {
    it("passes when each finding is explained and each explanation is of one", () => {
      expect(triageProblems(triage({ "Pool.stake": 1 }), [finding("Pool.stake")], [])).to.deep.equal([]);
    });

    it("names a finding that is not explained, also where another detector's is", () => {
      const found = [finding("Pool.stake"), finding("Pool.claim"), finding("Pool.stake", "timestamp")];
      expect(triageProblems(triage({ "Pool.stake": 1 }), found, [])).to.deep.equal([
        "unused-return at Pool.claim is not explained: words of Slither",
        "timestamp at Pool.stake is not explained: words of Slither",
      ]);
    });

    it("names an explanation of nothing, and one of fewer than there are", () => {
      expect(triageProblems(triage({ "Pool.stake": 1 }), [], [])).to.deep.equal([
        "unused-return at Pool.stake: 1 explained, 0 found",
      ]);
      const two = [finding("Pool.stake"), { ...finding("Pool.stake"), id: "another" }];
      expect(triageProblems(triage({ "Pool.stake": 1 }), two, [])).to.deep.equal([
        "unused-return at Pool.stake: 1 explained, 2 found: words of Slither: words of Slither",
      ]);
    });

    it("names what is explained twice", () => {
      const [entry] = triage({ "Pool.stake": 1 }).explained;
      if (entry === undefined) throw new Error("no entry");
      expect(triageProblems({ excluded: {}, explained: [entry, entry] }, [finding("Pool.stake")], [])).to.deep.equal([
        "unused-return at Pool.stake is explained twice",
      ]);
    });

    it("demands a reason for each detector that is not run, and for no other", () => {
      const without = { excluded: { assembly: "reviewed" }, explained: [] };
      expect(triageProblems(without, [], ["timestamp"])).to.deep.equal([
        "timestamp is excluded without a reason",
        "assembly has a reason, and is not excluded",
      ]);
    });
  });

  context("parseTriage", () => {
    it("refuses an entry without a reason, or with a word that it does not know", () => {
      const places = { "Pool.stake": 1 };
      expect(() =>
        parseTriage({ excluded: {}, explained: [{ detector: "timestamp", reason: "", places }] }),
      ).to.throw();
      expect(() => parseTriage({ excluded: {}, explained: [], ignored: [] })).to.throw();
    });
  });

  context("slitherDocument", () => {
    it("names the version, the contracts, the counts and every place", () => {
      const subject = { version: "0.11.6", contracts: "abc" };
      const text = slitherDocument(subject, triage({ "Pool.stake": 2, "Pool.claim": 1 }), [finding("Pool.claim")]);
      expect(text).to.include("with Slither 0.11.6").and.to.include("names abc.");
      expect(text).to.include("| unused-return | Medium | 1 |");
      expect(text).to.include("| unused-return | `Pool.stake` (2), `Pool.claim` | meant |");
    });
  });
});
