import { expect } from "chai";
import { ethers } from "hardhat";

import { sumOf, thresholdProblems } from "../../../scripts/checks/coverage";
import { duplicateErrors } from "../../../scripts/checks/errors-once";
import { importProblems } from "../../../scripts/checks/imports";
import { namedSignature } from "../../../scripts/checks/interfaces";
import { natSpecProblems } from "../../../scripts/checks/natspec";
import { foundryDrift } from "../../../scripts/checks/settings";
import { slotProblems } from "../../../scripts/checks/slots";
import { parseSource, type Source } from "../../../scripts/checks/solidity";
import { styleProblems, widthProblems } from "../../../scripts/checks/style";
import { directionProblems, hiddenTests } from "../../../scripts/checks/typescript";
import { erc7201Slot } from "../../../scripts/lib/erc7201";
import { solidity } from "../../../scripts/tasks/settings";

/** A file of the token's room. */
const source = (text: string, name = "contracts/ethereum/token/Token.sol"): Source => parseSource(name, text);

describe("scripts/checks", () => {
  context("imports", () => {
    it("lets a room use its doors and its own files", () => {
      const good = source(`
        import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
        import {Part} from "./Part.sol";
        import {IToken} from "../../interfaces/IToken.sol";
      `);
      expect(importProblems([good])).to.deep.equal([]);
    });

    it("refuses another room's contract, and a file in no room", () => {
      const bad = source(`import {PolygonPool} from "../pool/PolygonPool.sol";`);
      const stray = source("", "contracts/Stray.sol");
      expect(importProblems([bad, stray])).to.deep.equal([
        "contracts/ethereum/token/Token.sol:1: contracts/ethereum/token/ must not import " +
          "contracts/ethereum/pool/PolygonPool.sol",
        "contracts/Stray.sol: in no room; move it, or add a room to scripts/checks/imports.ts",
      ]);
    });

    it("A97: refuses tools of developers: no room has a door to them", () => {
      const bad = source(`import {console} from "hardhat/console.sol";`);
      expect(importProblems([bad])).to.deep.equal([
        "contracts/ethereum/token/Token.sol:1: contracts/ethereum/token/ must not import hardhat/console.sol",
      ]);
    });

    it("refuses Polygon's contracts to the pool", () => {
      const pool = source(
        `import {IStakeManager} from "../../interfaces/external/polygon/IStakeManager.sol";`,
        "contracts/ethereum/pool/PolygonPool.sol",
      );
      expect(importProblems([pool])).to.have.length(1);
    });
  });

  context("slots", () => {
    // The example that ERC-7201 itself gives.
    const EXAMPLE_MAIN = "0x183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500";

    it("computes the root that ERC-7201 gives for example.main", () => {
      expect(erc7201Slot("example.main")).to.equal(EXAMPLE_MAIN);
    });

    it("pads the inner hash where it starts with a zero byte", () => {
      const id = Array.from({ length: 10_000 }, (_, i) => `example.${i}`).find((name) =>
        ethers.id(name).startsWith("0x00"),
      );
      if (id === undefined) throw new Error("no name whose hash starts with a zero byte");
      const inner = ethers.AbiCoder.defaultAbiCoder().encode(["uint256"], [BigInt(ethers.id(id)) - 1n]);
      expect(erc7201Slot(id)).to.equal(`${ethers.keccak256(inner).slice(0, -2)}00`);
    });

    const part = (slot: string): Source =>
      source(`contract Part {
        /// @custom:storage-location erc7201:example.main
        struct PartStorage { uint256 a; }
        bytes32 private constant PART_STORAGE = ${slot};
      }`);

    it("accepts the right constant and refuses a wrong one", () => {
      expect(slotProblems([part(EXAMPLE_MAIN)])).to.deep.equal([]);
      expect(slotProblems([part("0x00")])).to.deep.equal([
        `contracts/ethereum/token/Token.sol:4: the root of example.main is ${EXAMPLE_MAIN}, not 0x00`,
      ]);
    });

    it("refuses a namespace that two contracts share, and a constant without a struct", () => {
      const alone = source(`contract Alone { bytes32 private constant A_SLOT = ${EXAMPLE_MAIN}; }`);
      expect(slotProblems([part(EXAMPLE_MAIN), part(EXAMPLE_MAIN)])).to.have.length(1);
      expect(slotProblems([alone])).to.have.length(1);
    });
  });

  context("errors", () => {
    it("names the second declaration and where the first one is", () => {
      const first = source("interface IA { error Wrong(uint256 value); }", "contracts/interfaces/IA.sol");
      const second = source("interface IB { error Wrong(); }", "contracts/interfaces/IB.sol");
      expect(duplicateErrors([first])).to.deep.equal([]);
      expect(duplicateErrors([first, second])).to.deep.equal([
        "contracts/interfaces/IB.sol:1: error Wrong is declared in contracts/interfaces/IA.sol:1 already; import it",
      ]);
    });
  });

  context("style", () => {
    const problemsOf = (members: string): string[] => styleProblems([source(`contract Token { ${members} }`)]);

    it("accepts members in the order of the house", () => {
      expect(
        problemsOf(`
          using Lib for uint256;
          uint256 public constant MAX = 1;
          struct TokenStorage { mapping(address account => uint256 balance) balances; }
          bytes32 private constant TOKEN_STORAGE = 0x00;
          address private immutable POOL;
          modifier onlyPool() { _; }
          constructor() {}
          function initialize() external {}
          function mint() external {}
          function _add() private {}
          function _authorizeUpgrade(address) internal {}
        `),
      ).to.deep.equal([]);
    });

    it("refuses a constant after a function", () => {
      expect(problemsOf("function mint() external {} uint256 public constant MAX = 1;")).to.have.length(1);
    });

    it("refuses events and errors outside of the interface", () => {
      expect(problemsOf("event Minted(); error Wrong();")).to.have.length(2);
    });

    it("wants an underscore for what is internal, and for nothing else", () => {
      expect(problemsOf("function add() internal {}")).to.have.length(1);
      expect(problemsOf("function _add() external {}")).to.have.length(1);
    });

    it("wants names for the keys of mappings", () => {
      expect(problemsOf("struct S { mapping(address => uint256) balances; }")).to.have.length(1);
    });

    it("refuses six parameters of an internal function, and 501 lines", () => {
      const six = "uint256 a, uint256 b, uint256 c, uint256 d, uint256 e, uint256 f";
      expect(problemsOf(`function _add(${six}) private {}`)).to.have.length(1);
      expect(problemsOf(`function add(${six}) external {}`)).to.deep.equal([]);
      expect(styleProblems([source(`contract Token {${"\n".repeat(500)}}`)])).to.have.length(1);
    });
  });

  context("width", () => {
    it("refuses 121 columns, except for an import that cannot be broken", () => {
      expect(widthProblems([source(`// ${"x".repeat(117)}`)])).to.deep.equal([]);
      expect(widthProblems([source(`// ${"x".repeat(118)}`)])).to.have.length(1);
      expect(widthProblems([source(`import {A} from "${"x".repeat(118)}";`)])).to.deep.equal([]);
    });
  });

  context("natspec", () => {
    const problemsOf = (doc: string): string[] =>
      natSpecProblems([
        source(`
          /// @title Token
          /// @notice A token.
          interface IToken {
            ${doc}
            function mint(address to, uint256 value) external returns (uint256 shares);
          }
        `),
      ]);

    it("accepts a function whose parameters and results are explained", () => {
      const doc = [
        "/// @notice Mints.",
        "/// @param to Receiver.",
        "/// @param value POL wei.",
        "/// @return shares Shares, floored.",
      ];
      expect(problemsOf(doc.join("\n"))).to.deep.equal([]);
      expect(problemsOf("/// @inheritdoc IERC20")).to.deep.equal([]);
    });

    it("names the tags that are missing", () => {
      expect(problemsOf("/// @param to Receiver.")).to.deep.equal([
        "contracts/ethereum/token/Token.sol:6: mint lacks @notice, @param value, @return shares",
      ]);
    });
  });

  context("interfaces", () => {
    it("tells functions apart by the names of their arguments, down into structs", () => {
      const signature = (text: string): string => namedSignature(ethers.FunctionFragment.from(text));
      expect(signature("function mint(address to, uint256 value) view returns (bool ok)")).to.equal(
        "mint(address to, uint256 value)",
      );
      expect(signature("function open((address owner, uint256[] ids) start)")).to.equal(
        "open((address owner, uint256[] ids) start)",
      );
    });
  });

  context("settings", () => {
    const toml = [
      "[profile.default]",
      'solc = "./scripts/solc"',
      'evm_version = "cancun"',
      "optimizer = true",
      "optimizer_runs = 200",
      "via_ir = false",
    ].join("\n");
    const settings = { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun", viaIR: false };

    it("sees that Foundry and Hardhat agree, and where they do not", () => {
      expect(foundryDrift(toml, { version: "0.8.34", settings })).to.deep.equal([]);
      expect(foundryDrift(toml, { version: "0.8.34", settings: { ...settings, evmVersion: "prague" } })).to.deep.equal([
        'foundry.toml: evm_version is "cancun", solidity.json asks for "prague"',
      ]);
    });
  });

  context("the compiler", () => {
    it("A96: is one without the fault that 0.8.28 to 0.8.33 have with via-IR, which is off besides", () => {
      const [major, minor, patch] = solidity.version.split(".").map(Number);
      expect([major, minor]).to.deep.equal([0, 8]);
      expect(patch).to.be.greaterThanOrEqual(34);
      expect(solidity.settings.viaIR).to.equal(false);
    });
  });

  context("typescript", () => {
    it("refuses an import against the direction", () => {
      const text = `import { fixture } from "../../test/support/fixture";`;
      expect(directionProblems([{ name: "scripts/lib/units.ts", text }])).to.deep.equal([
        "scripts/lib/units.ts: scripts/lib/ must not import test/support/fixture",
      ]);
      expect(directionProblems([{ name: "test/unit/units.test.ts", text }])).to.deep.equal([]);
    });

    it("finds tests in a file that no runner reads", () => {
      const text = `describe("Token", () => undefined);`;
      expect(hiddenTests([{ name: "test/unit/Token.ts", text }])).to.have.length(1);
      expect(hiddenTests([{ name: "test/unit/Token.test.ts", text }])).to.deep.equal([]);
      expect(hiddenTests([{ name: "test/behaviors/erc20.ts", text }])).to.deep.equal([]);
    });
  });

  context("coverage", () => {
    const file = (hits: number, arms: number[]): Parameters<typeof thresholdProblems>[0] => ({
      "contracts/Token.sol": {
        s: { 1: hits },
        l: { 1: 1, 2: hits },
        f: { 1: hits },
        fnMap: { 1: { name: "mint", line: 1 } },
        b: { 1: arms },
        branchMap: { 1: { line: 1 } },
      },
    });

    it("adds up what two runs counted, and refuses runs over other files", () => {
      expect(sumOf(file(1, [0, 2]), file(0, [3, 0]))).to.deep.equal({
        "contracts/Token.sol": { ...file(1, [3, 2])["contracts/Token.sol"], l: { 1: 2, 2: 1 } },
      });
      expect(() => sumOf(file(1, [1]), {})).to.throw("contracts/Token.sol was measured in one of the two runs only");
    });

    it("wants all lines and functions, and 98 % of the branches", () => {
      const fifty = Array.from({ length: 50 }, (_, arm) => (arm === 0 ? 0 : 1));
      expect(thresholdProblems(file(1, fifty), () => undefined)).to.deep.equal([]);
      expect(thresholdProblems(file(0, fifty.slice(1)), () => undefined)).to.deep.equal([
        "lines: 50.00 % is below 100 %",
        "functions: 0.00 % is below 100 %",
      ]);
      expect(thresholdProblems(file(1, fifty.slice(0, 49)), () => undefined)).to.deep.equal([
        "branches: 97.96 % is below 98 %",
      ]);
    });
  });
});
