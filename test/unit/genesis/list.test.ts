import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { getAddress, toBeHex } from "ethers";

import { goodHolders, parseHolders, readHolders } from "../../../scripts/genesis/list";
import type { Format } from "../../../scripts/genesis/list";

const A = "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4";
const B = "0xAb8483F64d9C6d1EcF9b849Ae677dD3315835cb2";
const ZERO = "0x0000000000000000000000000000000000000000";
const MOST = 2n ** 96n - 1n;

/** The problems of a list: line, then text; line 0 is the file as a whole. */
function problems(text: string, format: Format = "csv", expected?: bigint): [number, string][] {
  return parseHolders(text, format, expected).problems.map((problem) => [problem.line ?? 0, problem.text]);
}

const csv = (...lines: string[]): string => ["address,shares", ...lines].join("\n");

const NO_NUMBER = "is no number of shares: a whole number of wei above 0, digits only";

describe("list of holders in CSV", () => {
  it("has a header and a line for each holder", () => {
    expect(parseHolders(csv(`${A},1`, `${B},250000000000000000000`), "csv")).to.deep.equal({
      holdings: [
        { holder: A, shares: 1n },
        { holder: B, shares: 250n * 10n ** 18n },
      ],
      problems: [],
    });
  });

  for (const [name, end] of [
    ["Unix", "\n"],
    ["Windows", "\r\n"],
    ["old Macintosh", "\r"],
  ] as const) {
    it(`line ends of ${name} are read, and lines counted right behind empty ones`, () => {
      expect(problems(["address,shares", `${A},1`, "", `${B},0`, ""].join(end))).to.deep.equal([
        [4, `"0" ${NO_NUMBER}`],
      ]);
    });
  }

  it("line ends may be mixed", () => {
    expect(parseHolders(`address,shares\r\n${A},1\n${B},2\r\n`, "csv")).to.deep.equal({
      holdings: [
        { holder: A, shares: 1n },
        { holder: B, shares: 2n },
      ],
      problems: [],
    });
  });

  it("a byte order mark, spaces, quotes, and columns in another order do no harm", () => {
    expect(parseHolders(`\ufeffshares , address\n "7" , ${A} \n8,"${B}"`, "csv")).to.deep.equal({
      holdings: [
        { holder: A, shares: 7n },
        { holder: B, shares: 8n },
      ],
      problems: [],
    });
  });

  it("addresses in one case have no checksum to check and come out with one", () => {
    const upper = `0x${B.slice(2).toUpperCase()}`;
    const { holdings } = parseHolders(csv(`${A.toLowerCase()},1`, `${upper},2`), "csv");
    expect(holdings.map(({ holder }) => holder)).to.deep.equal([A, B]);
  });

  it("an empty file, a file of empty lines, and a header alone have no holders", () => {
    const empty = [[0, "the file is empty: it needs a header and a line per holder"]];
    expect(problems("")).to.deep.equal(empty);
    expect(problems("\ufeff\n\n")).to.deep.equal(empty);
    expect(problems("address,shares\n")).to.deep.equal([[0, "the list has no holders"]]);
  });

  it("a file without a header is refused, and its first holder not taken for one", () => {
    expect(problems(`${A},1\n${B},2`)).to.deep.equal([[1, "the first line must be the header address,shares"]]);
  });

  it("unknown, missing and doubled columns are named", () => {
    const unknown = (name: string): string => `the column "${name}" is not known: the columns are address and shares`;
    expect(problems(`address,amount\n${A},1`)).to.deep.equal([
      [1, unknown("amount")],
      [1, "the column shares is missing"],
    ]);
    expect(problems(`Address,shares\n${A},1`)).to.deep.equal([
      [1, unknown("Address")],
      [1, "the column address is missing"],
    ]);
    expect(problems(`address,shares,shares\n${A},1,2`)).to.deep.equal([
      [1, "the column shares stands there more than once"],
    ]);
  });

  it("the holders are checked even if there is a column too many", () => {
    expect(problems(`address,shares,note\n${A},0,x`)).to.deep.equal([
      [1, 'the column "note" is not known: the columns are address and shares'],
      [2, `"0" ${NO_NUMBER}`],
    ]);
  });

  it("thousands set apart by commas are too many fields", () => {
    expect(problems(csv(`${A},1,000`, A))).to.deep.equal([
      [2, "3 fields where the header has 2"],
      [3, "1 fields where the header has 2"],
    ]);
  });

  it("a quote that is not closed ends the reading, at its line", () => {
    const [[line, text] = [0, ""], ...more] = problems(csv(`${A},1`, `"${B},2`));
    expect(line).to.equal(3);
    expect(text).to.match(/^Quote Not Closed/);
    expect(more).to.deep.equal([]);
  });
});

describe("checks of a list of holders", () => {
  for (const [what, address] of [
    ["nothing", ""],
    ["0x alone", "0x"],
    ["an address without 0x", A.slice(2)],
    ["41 digits", `${A}0`],
    ["39 digits", A.slice(0, -1)],
    ["0X", `0X${A.slice(2)}`],
    ["a name", "holder.eth"],
    ["a letter beyond f", `0x${"g".repeat(40)}`],
  ] as const) {
    it(`${what} is no address`, () => {
      expect(problems(csv(`${B},1`, `"${address}",1`))).to.deep.equal([
        [3, `"${address}" is no address: 0x and 40 hexadecimal digits`],
      ]);
    });
  }

  it("a mixed-case address with one letter in the other case has a wrong checksum", () => {
    const wrong = A.replace("Da6a", "da6a");
    expect(problems(csv(`${wrong},1`))).to.deep.equal([
      [2, `${wrong} has a wrong checksum: a digit or the case of a letter was changed`],
    ]);
  });

  it("the zero address is refused", () => {
    expect(problems(csv(`${ZERO},1`))).to.deep.equal([[2, "the zero address cannot hold shares"]]);
  });

  for (const shares of [
    "",
    "0",
    "00",
    "01",
    "-1",
    "+1",
    "1.0",
    "1e18",
    "0x10",
    "1_000",
    "1 000",
    "1,000",
    "ten",
    "١",
  ]) {
    it(`"${shares}" is no number of shares`, () => {
      expect(problems(csv(`${A},"${shares}"`))).to.deep.equal([[2, `"${shares}" ${NO_NUMBER}`]]);
    });
  }

  it("2^96 - 1 shares are the most that a holder can have", () => {
    expect(parseHolders(csv(`${A},${MOST}`), "csv").holdings).to.deep.equal([{ holder: A, shares: MOST }]);
    expect(problems(csv(`${A},${MOST + 1n}`))).to.deep.equal([
      [2, "79228162514264337593543950336 shares are more than 2^96 - 1"],
    ]);
  });

  it("a holder has one line, whatever the case of the letters", () => {
    expect(problems(csv(`${A},1`, `${B},2`, `${A.toLowerCase()},3`, `${A},4`))).to.deep.equal([
      [4, `${A.toLowerCase()} is on line 2 already: a holder has one line`],
      [5, `${A} is on line 2 already: a holder has one line`],
    ]);
  });

  it("every problem is listed, in order of the lines, and a line may have two", () => {
    expect(problems(csv("x,0", `${B},2,2`, `${ZERO},1`, `${A},1`, "x,3"))).to.deep.equal([
      [2, '"x" is no address: 0x and 40 hexadecimal digits'],
      [2, `"0" ${NO_NUMBER}`],
      [3, "3 fields where the header has 2"],
      [4, "the zero address cannot hold shares"],
      [6, '"x" is no address: 0x and 40 hexadecimal digits'],
      [6, "x is on line 2 already: a holder has one line"],
    ]);
  });

  it("a total other than expected is told with the difference, the right one is silent", () => {
    const text = csv(`${A},1000000000000000000`, `${B},500000000000000000`);
    const total = 15n * 10n ** 17n;
    expect(problems(text, "csv", total)).to.deep.equal([]);
    const is = "the shares are 1500000000000000000 wei in all,";
    expect(problems(text, "csv", total - 1n)).to.deep.equal([
      [0, `${is} 1 wei (0.000000000000000001) more than the 1499999999999999999 expected`],
    ]);
    expect(problems(text, "csv", 2n * total)).to.deep.equal([
      [0, `${is} 1500000000000000000 wei (1.5) less than the 3000000000000000000 expected`],
    ]);
  });

  it("a list of 10,000 holders is read in its order", () => {
    const addresses = Array.from({ length: 10_000 }, (_, index) => getAddress(toBeHex(index + 1, 20)));
    const lines = addresses.map((address, index) => `${address},${index + 1}`);
    const { holdings, problems: found } = parseHolders(csv(...lines), "csv");
    expect(found).to.deep.equal([]);
    expect(holdings.map(({ holder }) => holder)).to.deep.equal(addresses);
    expect(holdings.map(({ shares }) => shares)).to.deep.equal(addresses.map((_, index) => BigInt(index + 1)));
  });
});

describe("list of holders in JSON", () => {
  const json = (...entries: string[]): string => `[\n  ${entries.join(",\n  ")}\n]\n`;
  const entry = (address: string, shares: string): string => `{ "address": "${address}", "shares": "${shares}" }`;

  it("is an array of address and shares, both in quotes, in any order", () => {
    expect(parseHolders(`\ufeff${json(entry(A, "1"), `{"shares":"2","address":"${B}"}`)}`, "json")).to.deep.equal({
      holdings: [
        { holder: A, shares: 1n },
        { holder: B, shares: 2n },
      ],
      problems: [],
    });
  });

  it("numbers are refused, as JSON loses their digits", () => {
    const numbers = json(`{ "address": "${A}", "shares": 1 }`, `{ "address": "${B}", "shares": -1e30 }`);
    expect(problems(numbers, "json")).to.deep.equal([
      [2, "shares must be in quotes: a number in JSON loses digits"],
      [3, "shares must be in quotes: a number in JSON loses digits"],
    ]);
  });

  for (const value of ["null", "true", "[]", "{}"]) {
    it(`${value} is no text`, () => {
      expect(problems(json(`{ "address": ${value}, "shares": "1" }`), "json")).to.deep.equal([
        [2, "address must be a text in quotes"],
      ]);
    });
  }

  it("unknown, missing and doubled properties are named, with the line of the entry", () => {
    expect(problems(json(entry(A, "1"), '{\n "adress": "x", "shares": "1" }', "{}"), "json")).to.deep.equal([
      [3, '"adress" is not known: an entry has address and shares'],
      [3, "address is missing"],
      [5, "address is missing"],
      [5, "shares is missing"],
    ]);
    expect(problems(json(`{ "address": "${A}", "shares": "1", "shares": "2" }`), "json")).to.deep.equal([
      [2, "shares stands there more than once"],
    ]);
  });

  it("an entry that is no object is refused", () => {
    expect(problems(json(`["${A}", "1"]`, '"x"'), "json")).to.deep.equal([
      [2, 'an entry must be { "address": …, "shares": … }'],
      [3, 'an entry must be { "address": …, "shares": … }'],
    ]);
  });

  for (const text of ["{}", '{ "holders": [] }', "1", '"x"', "null"]) {
    it(`${text} is no list`, () => {
      expect(problems(text, "json")).to.deep.equal([[0, 'the file must be an array of { "address": …, "shares": … }']]);
    });
  }

  for (const [what, text, line] of [
    ["an empty file", "", 1],
    ["an array that is not closed", `[\n${entry(A, "1")}\n`, 3],
    ["single quotes", `[\n\n{ 'address': "x" }]`, 3],
  ] as const) {
    it(`${what}: this is no JSON, with the line`, () => {
      const [[found, message] = [0, ""], ...more] = problems(text, "json");
      expect(found).to.equal(line);
      expect(message).to.match(/^this is no JSON: /);
      expect(more).to.deep.equal([]);
    });
  }

  for (const [what, text] of [
    ["a comma behind the last entry", `[\n${entry(A, "1")},\n]`],
    ["a comment", "[ // holders\n]"],
  ] as const) {
    it(`${what}: this is no JSON`, () => {
      const [[, message] = [0, ""], ...more] = problems(text, "json");
      expect(message).to.match(/^this is no JSON: /);
      expect(more).to.deep.equal([]);
    });
  }

  it("an empty array has no holders", () => {
    expect(problems("[]", "json")).to.deep.equal([[0, "the list has no holders"]]);
  });

  it("the checks are those of CSV, duplicates by the line of the entry", () => {
    expect(problems(json(entry(A, "0"), entry(A.toLowerCase(), "1")), "json")).to.deep.equal([
      [2, `"0" ${NO_NUMBER}`],
      [3, `${A.toLowerCase()} is on line 2 already: a holder has one line`],
    ]);
  });
});

describe("file of a list", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "holders-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, content: string | Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };

  it("is read by its ending, in any case", () => {
    const expected = [{ holder: A, shares: 1n }];
    expect(readHolders(write("a.csv", csv(`${A},1`))).holdings).to.deep.equal(expected);
    expect(readHolders(write("b.JSON", `[{"address":"${A}","shares":"1"}]`)).holdings).to.deep.equal(expected);
  });

  it("with another ending is refused, as is one that is not there", () => {
    const file = write("a.txt", csv(`${A},1`));
    expect(() => readHolders(file)).to.throw(
      `${file} is neither *.csv nor *.json: name it after the way it is written`,
    );
    const missing = path.join(folder, "missing.csv");
    expect(() => readHolders(missing)).to.throw(`${missing} cannot be read: ENOENT`);
  });

  it("that must be right fails with a line for each problem", () => {
    const file = write("wrong.csv", csv("x,1", `${A},0`));
    expect(() => goodHolders(file)).to.throw(
      `${file} has 2 problems; mend the list and check it again:\n` +
        `  line 2: "x" is no address: 0x and 40 hexadecimal digits\n  line 3: "0" ${NO_NUMBER}`,
    );
    const empty = write("empty.csv", csv());
    expect(() => goodHolders(empty)).to.throw(
      `${empty} has a problem; mend the list and check it again:\n  the list has no holders`,
    );
    expect(goodHolders(write("right.csv", csv(`${A},3`)), 3n)).to.deep.equal([{ holder: A, shares: 3n }]);
  });

  it("in UTF-16, as spreadsheets may save it, is refused and not misread", () => {
    const file = write("wide.csv", Buffer.from(`\ufeff${csv(`${A},1`)}`, "utf16le"));
    const [[line, text] = [0, ""]] = readHolders(file).problems.map((problem) => [problem.line, problem.text] as const);
    expect([line, text]).to.deep.equal([1, "the first line must be the header address,shares"]);
  });
});
