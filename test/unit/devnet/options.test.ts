import path from "node:path";

import { expect } from "chai";

import { parseOptions } from "../../../scripts/devnet/options";
import type { Parsed } from "../../../scripts/devnet/options";
import { ROOT } from "../../../scripts/lib/files";

/** What a command line gives, and what it prints. */
function parsed(...args: string[]): { readonly result: Parsed; readonly printed: string } {
  let printed = "";
  const result = parseOptions(args, (text) => {
    printed += text;
  });
  return { result, printed };
}

describe("devnet: options", () => {
  it("has two chains at the usual ports, with own ids, if it is told nothing", () => {
    expect(parsed().result).to.deep.equal({
      options: {
        demo: false,
        bare: false,
        ethereumPort: 8_545,
        polygonPort: 8_546,
        ethereumChainId: 31_337,
        polygonChainId: 31_338,
        checkpointBlocks: 1,
        interval: 1_000,
        exits: true,
        out: path.join(ROOT, "reports", "devnet.json"),
      },
    });
  });

  it("takes each of them", () => {
    const { result } = parsed(
      ...["--demo", "--ethereum-port", "0", "--polygon-port", "0", "--ethereum-chain-id", "1", "--polygon-chain-id"],
      ...["137", "--checkpoint-blocks", "256", "--interval", "5", "--out", "/tmp/x.json"],
    );
    expect(result).to.deep.equal({
      options: {
        ...{ demo: true, bare: false },
        ...{ ethereumPort: 0, polygonPort: 0, ethereumChainId: 1, polygonChainId: 137 },
        ...{ checkpointBlocks: 256, interval: 5, exits: true, out: "/tmp/x.json" },
      },
    });
    expect(parsed("--no-exits").result).to.have.nested.property("options.exits", false);
    expect(parsed("--bare").result).to.have.nested.property("options.bare", true);
  });

  it("prints its help and ends with 0", () => {
    const { result, printed } = parsed("--help");
    expect(result).to.deep.equal({ exitCode: 0 });
    for (const word of ["--demo", "--polygon-port", "--no-exits", "Ctrl-C"]) expect(printed).to.contain(word);
  });

  for (const [what, args, says] of [
    ["an unknown option", ["--dmeo"], "unknown option '--dmeo'"],
    ["an argument", ["demo"], "too many arguments"],
    ["a port that is none", ["--ethereum-port", "65536"], "It must be a whole number from 0 to 65535."],
    ["a number that is none", ["--interval", "1e3"], "It must be a whole number from 1 to"],
    ["no blocks", ["--checkpoint-blocks", "0"], "It must be a whole number from 1 to"],
    ["one port for both", ["--polygon-port", "8545"], "both chains have the same port: choose another for one"],
    ["one id for both", ["--polygon-chain-id", "31337"], "both chains have the same chain id: choose another for one"],
    ["a demo of nothing", ["--demo", "--bare"], "the demo needs what --bare leaves out"],
    ["a demo without exits", ["--demo", "--no-exits"], "the demo waits for exits"],
  ] as const) {
    it(`refuses ${what}, says why, and ends with 2`, () => {
      const { result, printed } = parsed(...args);
      expect(result).to.deep.equal({ exitCode: 2 });
      expect(printed).to.contain(says);
    });
  }
});
