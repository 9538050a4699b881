import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { ROOT } from "../../../scripts/lib/files";
import { OBSTACLES, formatSet, parseSet } from "../../../scripts/weights/set";
import { tries } from "../../support/properties";
import { networks, seat, setOf } from "../../support/weights";

type Plain = Record<string, unknown>;

/** A good file with two validators, both of them positions, and changes to it. */
function fileWith(changes: Plain, validator: Plain = {}, position: Plain = {}): string {
  const { validators, positions, ...rest } = JSON.parse(formatSet(setOf([seat(), seat()]))) as {
    validators: Plain[];
    positions: Plain[];
  };
  return JSON.stringify({
    ...rest,
    validators: [{ ...validators[0], ...validator }, validators[1]],
    positions: [{ ...positions[0], ...position }, positions[1]],
    ...changes,
  });
}

describe("weights: the file with validators", () => {
  it("is read as it is written", () => {
    fc.assert(
      fc.property(networks, ({ all, elsewhere }) => {
        const set = setOf(all, elsewhere);
        expect(parseSet(formatSet(set), "validators.json")).to.deep.equal(set);
      }),
      tries(50),
    );
  });

  it("may name validators, and say where it was read", () => {
    const readAt = { chainId: 1, block: 2, sinceBlock: null };
    const set = parseSet(fileWith({ readAt }, { name: "Alder" }), "validators.json");
    expect(set.readAt).to.deep.equal(readAt);
    expect(set.validators[0]?.name).to.equal("Alder");
  });

  it("is as the documentation has it", () => {
    const text = readFileSync(path.join(ROOT, "docs/weights.md"), "utf8");
    const example = /```json\n([^`]*)```/.exec(text)?.[1] ?? expect.fail("there is no example");
    const set = parseSet(example, "docs/weights.md");
    expect(JSON.parse(formatSet(set))).to.deep.equal(JSON.parse(example));
    for (const obstacle of Object.keys(OBSTACLES)) expect(text).to.contain(`\`${obstacle}\``);
  });

  const bad: readonly (readonly [what: string, text: string, message: string])[] = [
    ["no JSON", "{", "validators.json is no JSON"],
    ["a list", "[]", "the file: Invalid input: expected object, received array"],
    ["a field that is not known", fileWith({ maxShare: 1 }), 'the file: Unrecognized key: "maxShare"'],
    [
      "stake as a number",
      fileWith({}, { stakeWei: 1e24 }),
      "validators[0].stakeWei: must be a number of wei in quotes",
    ],
    [
      "stake with a point",
      fileWith({}, { stakeWei: "1.5" }),
      "validators[0].stakeWei: must be a number of wei: digits alone",
    ],
    [
      "negative stake",
      fileWith({}, { stakeWei: "-1" }),
      "validators[0].stakeWei: must be a number of wei: digits alone",
    ],
    ["a validator twice", fileWith({}, { id: 9 }), "validators[1].id: validator 9 stands there more than once"],
    [
      "a position twice",
      fileWith({}, {}, { position: 2 }),
      "positions[1].position: position 2 stands there more than once",
    ],
    ["a position of nobody", fileWith({}, {}, { validator: 99 }), "positions[0].validator: validator 99 is not among"],
    ["a cap above the maximum", fileWith({}, {}, { capBps: 4_001 }), "positions[0].capBps: is above maxShareBps, 4000"],
    [
      "a maximum above the whole",
      fileWith({ maxShareBps: 10_001 }),
      "maxShareBps: Too big: expected number to be <=10000",
    ],
    ["half a percent", fileWith({}, {}, { commissionPercent: 0.5 }), "positions[0].commissionPercent: Invalid input"],
    ["101 percent", fileWith({}, {}, { commissionPercent: 101 }), "positions[0].commissionPercent: Too big"],
    ["performance above all", fileWith({}, {}, { performanceBps: 10_001 }), "positions[0].performanceBps: Too big"],
    ["no performance", fileWith({}, {}, { performanceBps: undefined }), "positions[0].performanceBps: Invalid input"],
    ["an unknown obstacle", fileWith({}, {}, { obstacles: ["ugly"] }), "positions[0].obstacles[0]: Invalid option"],
    [
      "a fit one outside of the set",
      fileWith({}, { stakeWei: "0" }),
      "positions[0].obstacles: validator 8 has no stake in the set",
    ],
    [
      "less stake than the pool's",
      fileWith({}, { stakeWei: "1" }),
      "positions[0].principalWei: is more than the stakeWei of validator 8",
    ],
    ["nobody", fileWith({ validators: [] }), "validators: Too small"],
    ["no positions", fileWith({ positions: [] }), "positions: Too small"],
  ];
  for (const [what, text, message] of bad) {
    it(`is refused with ${what}, by its name`, () => {
      expect(() => parseSet(text, "validators.json")).to.throw(message);
    });
  }

  it("is refused with everything that is wrong at once", () => {
    const text = fileWith({}, { stakeWei: "x" }, { commissionPercent: -1, capBps: 20_000 });
    expect(() => parseSet(text, "validators.json")).to.throw(
      [
        "validators.json is no set of validators, docs/weights.md has the format:",
        "  validators[0].stakeWei: must be a number of wei: digits alone",
        "  positions[0].capBps: Too big: expected number to be <=10000",
        "  positions[0].commissionPercent: Too small: expected number to be >=0",
      ].join("\n"),
    );
  });
});
