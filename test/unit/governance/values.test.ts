import { expect } from "chai";
import { Interface } from "ethers";
import fc from "fast-check";

import { parseValues, signatureOf, textOf } from "../../../scripts/governance/values";
import { tries } from "../../support/properties";

const abi = new Interface([
  "function one(uint16 bps)",
  "function weights(uint256[] weights, uint256[2] caps)",
  "function wiring((address pool, bytes4 kind) wiring, bool on, string label, int8 step, bytes rest)",
  "function nested(uint256[][] rows)",
  "function none()",
]);
const inputs = (name: string) => abi.getFunction(name)?.inputs ?? [];
const POOL = "0x5e3Ef299fDDf15eAa0432E6e66473ace8c13D908";

describe("Arguments on the command line", () => {
  it("are whole numbers in decimal or hexadecimal digits, with underscores if wanted", () => {
    expect(parseValues(inputs("one"), "400")).to.deep.equal([400n]);
    expect(parseValues(inputs("one"), " 1_000 ")).to.deep.equal([1_000n]);
    expect(parseValues(inputs("one"), "0xff")).to.deep.equal([255n]);
  });

  it("are arrays and structs in square brackets", () => {
    expect(parseValues(inputs("weights"), "[2500, 7500],[1,2]")).to.deep.equal([
      [2_500n, 7_500n],
      [1n, 2n],
    ]);
    expect(parseValues(inputs("weights"), "[],[1,2]")).to.deep.equal([[], [1n, 2n]]);
    expect(parseValues(inputs("nested"), "[[1,2],[],[3]]")).to.deep.equal([[[1n, 2n], [], [3n]]]);
    expect(parseValues(inputs("wiring"), `[${POOL.toLowerCase()},0x12345678],true,"fee",-128,0x`)).to.deep.equal([
      [POOL, "0x12345678"],
      true,
      "fee",
      -128n,
      "0x",
    ]);
  });

  it("are nothing where a function takes nothing", () => {
    expect(parseValues(inputs("none"), "")).to.deep.equal([]);
    expect(signatureOf(inputs("none"))).to.equal("nothing");
  });

  it("are written back as they are read, whatever the numbers", () => {
    const row = fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        expect(parseValues(inputs("nested"), textOf(rows))).to.deep.equal([rows]);
      }),
      tries(100),
    );
  });

  for (const [name, text, words] of [
    ["one", "1,2", "--args has 2 values, but takes 1: uint16 bps"],
    ["one", "", "--args has 0 values, but takes 1: uint16 bps"],
    ["one", "4%", "--args: bps: 4% is no whole number; it is in the unit of the contract, wei or bps, without one"],
    ["one", "1e3", "--args: bps: 1e3 is no whole number"],
    ["one", "65536", "--args: bps: 65536 does not fit into 16 bits"],
    ["one", "-1", "--args: bps: -1 does not fit into 16 bits"],
    ["weights", "2500,[1,2]", "--args: weights: 2500 must be in square brackets"],
    ["weights", "[1],[1]", "--args: caps has 1 values instead of 2"],
    ["weights", "[x],[1,2]", "--args: weights[0]: x is no whole number"],
    ["weights", "[1,[1,2]", "--args: the brackets of [1,[1,2] do not close each other"],
    ["weights", "]1,[1,2]", "--args: the brackets of ]1,[1,2] do not close each other"],
    ["wiring", `[${POOL}],true,x,1,0x`, "--args: wiring has 1 values, but takes 2: address pool, bytes4 kind"],
    ["wiring", "[0x12,0x12345678],true,x,1,0x", "--args: wiring.pool: 0x12 is no address"],
    ["wiring", `[${POOL},0x1234],true,x,1,0x`, "--args: wiring.kind: 0x1234 is no bytes4"],
    ["wiring", `[${POOL},0x12345678],yes,x,1,0x`, "--args: on: yes is neither true nor false"],
    ["wiring", `[${POOL},0x12345678],true,x,128,0x`, "--args: step: 128 does not fit into 8 bits"],
    ["wiring", `[${POOL},0x12345678],true,x,1,0x1`, "--args: rest: 0x1 is no bytes"],
  ] as const) {
    it(`says what is wrong with ${text === "" ? "nothing" : text} for ${name}`, () => {
      expect(() => parseValues(inputs(name), text)).to.throw(words);
    });
  }

  it("does not take an address with a wrong checksum", () => {
    const wrong = POOL.replace("5e3E", "5E3e");
    expect(() => parseValues(inputs("wiring"), `[${wrong},0x12345678],true,x,1,0x`)).to.throw("is no address");
  });
});
