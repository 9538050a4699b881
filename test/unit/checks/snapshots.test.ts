import { expect } from "chai";

import { signaturesOf } from "../../../scripts/checks/signatures";
import { sizeDifferences } from "../../../scripts/checks/sizeDifferences";
import { lineDifferences } from "../../../scripts/checks/snapshots";
import { gasDifferences } from "../../../scripts/gas/kept";

describe("snapshots", () => {
  context("of ABIs", () => {
    const abi = [
      { type: "function", name: "b", inputs: [{ type: "uint256", name: "x" }], outputs: [], stateMutability: "view" },
      { type: "error", name: "Bad", inputs: [] },
      { type: "event", name: "Done", inputs: [{ type: "address", name: "who", indexed: true }] },
      { type: "function", name: "a", inputs: [], outputs: [{ type: "bool" }], stateMutability: "nonpayable" },
      { type: "receive", stateMutability: "payable" },
    ];

    it("A97: have a sorted line for each part, with its selector or topic", () => {
      expect(signaturesOf(abi)).to.equal(
        [
          "receive() payable",
          "function a() returns (bool) 0x0dbe671f",
          "function b(uint256 x) view 0xcd580ff3",
          "event Done(address indexed who) 0x214e6b190d37f0d8c2e24568ab7d010a93f97e697952e3605e79dd4e10b9c8d0",
          "error Bad() 0xe143a034",
          "",
        ].join("\n"),
      );
    });

    it("differ by lines, and by files", () => {
      const kept = new Map([
        ["A.txt", "one\ntwo\n"],
        ["B.txt", "one\ntwo\n"],
        ["C.txt", "one\n"],
      ]);
      const current = new Map([
        ["A.txt", "one\nthree\n"],
        ["B.txt", "two\none\n"],
        ["D.txt", "one\n"],
      ]);
      expect(lineDifferences(kept, current)).to.deep.equal([
        "A.txt: - two",
        "A.txt: + three",
        "B.txt: has its lines in another order, or twice",
        "C.txt: is kept, and of nothing that there is",
        "D.txt: is missing",
      ]);
      expect(lineDifferences(kept, kept)).to.deep.equal([]);
    });
  });

  context("of sizes", () => {
    it("differ by what grew, shrank, came and went", () => {
      const kept = { A: { runtime: 10, initcode: 20 }, B: { runtime: 1, initcode: 2 } };
      const current = { A: { runtime: 13, initcode: 15 }, C: { runtime: 5, initcode: 6 } };
      expect(sizeDifferences(kept, current)).to.deep.equal([
        "A: runtime 10 -> 13 bytes (+3)",
        "A: initcode 20 -> 15 bytes (-5)",
        "B: is kept, and there is no such contract",
        "C: is new, 5 bytes",
      ]);
      expect(sizeDifferences(kept, kept)).to.deep.equal([]);
    });
  });

  context("of gas", () => {
    const row = (operation: string, gas: number, validators = 5) =>
      ({ operation, validators, use: "later", gas }) as const;

    it("differ by a unit of gas, at the numbers of validators that were measured", () => {
      const kept = [row("deposit", 100), row("mint", 100), row("deposit", 100, 10)];
      expect(gasDifferences(kept, [row("deposit", 101), row("stake", 7)])).to.deep.equal([
        "mint, later, 5 validators: is kept, and was not measured",
        "deposit, later, 5 validators: 100 -> 101 gas (+1)",
        "stake, later, 5 validators: 7 gas, is new",
      ]);
      expect(gasDifferences(kept, [row("deposit", 100, 10)])).to.deep.equal([]);
    });

    it("may differ by zero bytes where hashes are in the calldata", () => {
      const kept = [row("receiveMessage", 260_000)];
      expect(gasDifferences(kept, [row("receiveMessage", 260_200)])).to.deep.equal([]);
      expect(gasDifferences(kept, [row("receiveMessage", 260_201)])).to.deep.equal([
        "receiveMessage, later, 5 validators: 260000 -> 260201 gas (+201)",
      ]);
    });
  });
});
