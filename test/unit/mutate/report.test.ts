import { expect } from "chai";

import { drawn } from "../../../scripts/mutate/cli";
import { isSameCode } from "../../../scripts/mutate/compiler";
import { killersOf } from "../../../scripts/mutate/journal";
import type { Entry } from "../../../scripts/mutate/journal";
import type { Mutant } from "../../../scripts/mutate/mutants";
import { faultsOf, summarize } from "../../../scripts/mutate/report";
import { askingForCode } from "../../../scripts/mutate/swap";
import { inOrder } from "../../../scripts/mutate/targets";

const FILE = "contracts/shared/math/ShareMath.sol";

describe("mutation testing", () => {
  const mutant = (id: string, where = "f"): Mutant => ({
    id,
    file: FILE,
    where,
    edit: { operator: "arithmetic", start: 0, end: 1, text: "-" },
    line: 1,
    before: "a + b",
    after: "a - b",
  });
  const mutants = Array.from({ length: 10 }, (_, index) => mutant(`m${index}`, index < 5 ? "f" : "g"));

  const killed = (file = "one.test.ts"): Entry["result"] => ({ outcome: "killed", file, title: "finds it" });

  function found(results: Record<string, Entry["result"]>): Map<string, Entry> {
    return new Map(
      Object.entries(results).map(([id, result]) => [id, { contracts: "0", id, result, seconds: 1 } satisfies Entry]),
    );
  }

  it("counts neither what is refused nor what comes out the same, and fails under 90 %", () => {
    const journal = found({
      ...Object.fromEntries(mutants.slice(0, 8).map(({ id }) => [id, killed()])),
      m8: { outcome: "survived" },
      m9: { outcome: "same" },
    });
    const summary = summarize(mutants, 20, journal, { m8: "both are the same number" });
    expect(summary).to.include({ made: 20, tried: 10, counted: 9, killed: 8, uncounted: 1 });
    expect(faultsOf(summary)).to.deep.equal(["88.9 % is below 90 %"]);
  });

  it("asks for a reason for each survivor, and for none where nothing survives", () => {
    const journal = found({
      ...Object.fromEntries(mutants.slice(0, 9).map(({ id }) => [id, killed()])),
      m9: { outcome: "survived" },
    });
    const summary = summarize(mutants, 10, journal, { m0: "nobody looks" });
    expect(faultsOf(summary)).to.deep.equal([
      "m9 survives: add a test that finds it, or say in scripts/mutate/survivors.json why none can",
      "m0 does not survive: take it out of scripts/mutate/survivors.json",
    ]);
  });

  it("draws the same mutants for a seed, and keeps them in a greater draw", () => {
    const few = drawn(mutants, 4, 1);
    expect(drawn(mutants, 7, 1).slice(0, 4)).to.deep.equal(few);
    expect(drawn([...mutants].reverse(), 4, 1)).to.deep.equal(few);
    expect(drawn(mutants, 4, 2)).to.not.deep.equal(few);
  });

  it("begins with the tests that found mutants of the same function, then of the same file", () => {
    const journal = found({ m0: killed("f.test.ts"), m5: killed("g.test.ts"), m6: killed("g.test.ts") });
    expect(killersOf(mutant("m1"), mutants, journal)).to.deep.equal(["f.test.ts", "g.test.ts"]);
    expect(inOrder(["a", "b", "g.test.ts"], ["f.test.ts", "g.test.ts"])).to.deep.equal(["g.test.ts", "a", "b"]);
  });

  it("takes two codes for the same that differ in their metadata only", () => {
    const code = (body: string, metadata: string): { creation: string; runtime: string } => ({
      creation: `${body}${metadata}0002`,
      runtime: "",
    });
    expect(isSameCode(code("6001", "aaaa"), code("6001", "bbbb"))).to.equal(true);
    expect(isSameCode(code("6001", "aaaa"), code("6002", "aaaa"))).to.equal(false);
  });

  it("has generated factories ask for their code, and says so if they look otherwise", () => {
    const factory = "const _bytecode = 1; super(_abi, _bytecode, args[0]); static bytecode = _bytecode;";
    expect(askingForCode(factory)).to.equal(
      "const _bytecode = 1; super(_abi, globalThis.codeNow(_bytecode), args[0]); " +
        "static get bytecode() { return globalThis.codeNow(_bytecode); }",
    );
    expect(askingForCode("interface only")).to.equal("interface only");
    expect(() => askingForCode("const _bytecode = 1;")).to.throw("does not look as expected");
  });
});
