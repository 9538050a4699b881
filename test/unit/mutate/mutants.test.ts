import { expect } from "chai";

import type { Node } from "../../../scripts/mutate/ast";
import { isMade, mutantsOf, mutated } from "../../../scripts/mutate/mutants";
import type { Mutant } from "../../../scripts/mutate/mutants";

const FILE = "contracts/Vault.sol";

describe("mutants", () => {
  let compile: (input: string) => string;

  before(async () => {
    ({
      default: { compile },
    } = (await import("solc")) as { default: { compile: typeof compile } });
  });

  function contract(body: string): string {
    return `pragma solidity 0.8.34; contract Vault { uint256 total; error Bad(); ${body} }`;
  }

  function mutants(body: string): Mutant[] {
    const text = contract(body);
    const settings = { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } };
    const input = { language: "Solidity", sources: { [FILE]: { content: text } }, settings };
    const output = JSON.parse(compile(JSON.stringify(input))) as { sources: Record<string, { ast: Node }> };
    const unit = output.sources[FILE]?.ast;
    if (unit === undefined) throw new Error(`${text} cannot be parsed`);
    return mutantsOf(FILE, text, unit);
  }

  /** Kind of change, and what the body has then. */
  function changes(body: string): [string, string][] {
    return mutants(body).map(({ edit }): [string, string] => [
      edit.operator,
      mutated(contract(body), edit).slice(contract("").length - 2, -2),
    ]);
  }

  const inFunction = (text: string): string => `function f(uint256 a, uint256 b) external { ${text} }`;

  function bodies(text: string): [string, string][] {
    const [head = "", tail = ""] = inFunction("|").split("|");
    return changes(inFunction(text)).map(([operator, body]) => [operator, body.slice(head.length, -tail.length)]);
  }

  it("have the other operator between numbers, conditions and in assignments", () => {
    expect(bodies("total += a * b - 1;")).to.deep.equal([
      ["assignment", "total -= a * b - 1;"],
      ["arithmetic", "total += a / b - 1;"],
      ["arithmetic", "total += a * b + 1;"],
    ]);
    expect(bodies("bool c = a == 1 || b != 2;")).to.deep.equal([
      ["negation", "bool c = a != 1 || b != 2;"],
      ["boolean", "bool c = a == 1 && b != 2;"],
      ["negation", "bool c = a == 1 || b == 2;"],
    ]);
  });

  it("have the operator changed that is meant, beside brackets, comments and bytes of more than one", () => {
    expect(bodies('string memory c = unicode"ä"; total = (a) /* + */ - (b + 1);')).to.deep.include([
      "arithmetic",
      'string memory c = unicode"ä"; total = (a) /* + */ - (b - 1);',
    ]);
    expect(bodies("++total; total--;")).to.deep.include.members([
      ["assignment", "--total; total--;"],
      ["assignment", "++total; total++;"],
    ]);
  });

  it("have a condition that always or never holds, instead of the opposite of one comparison", () => {
    expect(bodies("if (a < b) total = a;")).to.deep.equal([
      ["always", "if (true) total = a;"],
      ["never", "if (false) total = a;"],
      ["boundary", "if (a <= b) total = a;"],
    ]);
  });

  it("have no guard that always reverts, as any test would find it", () => {
    expect(bodies("if (a > b) revert Bad();").map(([operator]) => operator)).to.deep.equal(["never", "boundary"]);
    expect(bodies("if (a > b) { revert Bad(); }").map(([operator]) => operator)).to.deep.equal(["never", "boundary"]);
  });

  it("leave out one statement of several, but no event", () => {
    expect(bodies("total = a; g(); emit E();")).to.deep.equal([
      ["deletion", " g(); emit E();"],
      ["deletion", "total = a;  emit E();"],
    ]);
    expect(bodies("total = a;")).to.deep.equal([]);
  });

  it("leave the head of a loop as it is", () => {
    expect(bodies("for (uint256 i = 1; i < a; ++i) g(i + b);")).to.deep.equal([
      ["arithmetic", "for (uint256 i = 1; i < a; ++i) g(i - b);"],
    ]);
  });

  it("round the other way", () => {
    expect(bodies("total = ShareMath.sharesForAssetsFloor(a, Bps.ceil(b, 1));")).to.deep.equal([
      ["rounding", "total = ShareMath.sharesForAssetsCeil(a, Bps.ceil(b, 1));"],
      ["rounding", "total = ShareMath.sharesForAssetsFloor(a, Bps.floor(b, 1));"],
    ]);
    expect(
      bodies("total = Math.mulDiv(a, b, 2); total = Math.mulDiv(a, b, 2, Math.Rounding.Ceil);"),
    ).to.deep.include.members([
      [
        "rounding",
        "total = Math.mulDiv(a, b, 2, Math.Rounding.Ceil); total = Math.mulDiv(a, b, 2, Math.Rounding.Ceil);",
      ],
      ["rounding", "total = Math.mulDiv(a, b, 2); total = Math.mulDiv(a, b, 2, Math.Rounding.Floor);"],
    ]);
    expect(bodies("total = Math.min(a, b);")).to.deep.equal([["boundary", "total = Math.max(a, b);"]]);
  });

  it("leave out a modifier", () => {
    expect(changes("function f() external restricted nonReentrant {}")).to.deep.equal([
      ["modifier", "function f() external  nonReentrant {}"],
      ["modifier", "function f() external restricted  {}"],
    ]);
  });

  it("have one line each, as it was and as it is", () => {
    const [mutant] = mutants(`\n${inFunction("\n  total =\n  a +\n  b;")}`);
    expect(mutant).to.include({ file: FILE, where: "f", line: 4, before: "a +", after: "a -" });
  });

  it("have ids that do not change with other functions", () => {
    const f = inFunction("total = a + b + 1; total -= b;");
    const ids = mutants(f).map(({ id }) => id);
    expect(ids).to.include.members([
      "Vault.sol:f:arithmetic:1",
      "Vault.sol:f:arithmetic:2",
      "Vault.sol:f:assignment:1",
    ]);
    expect(new Set(ids).size).to.equal(ids.length);
    const more = mutants(`function g() external { total = 1 + 2; total = total - 3; } ${f}`);
    expect(more.map(({ id }) => id)).to.include.members(ids);
  });

  it("are the same ones each time, all of those kinds that are rare, and none of what is done once", () => {
    const all = mutants(
      `${inFunction("total = a + b; total = a - b;")} function initialize() external { total = 1 + 2; }`,
    );
    const made = all.filter(isMade);
    expect(made).to.deep.equal(all.filter(isMade));
    expect(made.filter(({ edit }) => edit.operator === "arithmetic").map(({ where }) => where)).to.deep.equal([
      "f",
      "f",
    ]);
  });
});
