import { expect } from "chai";

import { keeperCommand } from "../../../scripts/keeper/cli";
import { textsOf } from "../../support/guides";

describe("guide: run the keeper", () => {
  it("has commands that the keeper takes", async () => {
    const lines = (await textsOf("../keeper", "sh")).flatMap((text) => text.trimEnd().split("\n"));
    const taken = lines.map((line) => {
      const [command = ""] = line.split("#");
      const [words, args = ""] = command.trim().split(" -- ");
      expect(words, line).to.equal("npm run keeper");
      const parsed = keeperCommand().exitOverride().parse(args.split(/\s+/), { from: "user" });
      const { network, once, dryRun, metricsPort } = parsed.opts<Record<string, unknown>>();
      return { network, once, dryRun, metricsPort };
    });
    const none = { once: undefined, dryRun: undefined, metricsPort: undefined };
    expect(taken).to.deep.equal([
      { ...none, network: "mainnet", dryRun: true },
      { ...none, network: "mainnet", once: true },
      { ...none, network: "mainnet", metricsPort: "9464" },
      { ...none, network: "devnet" },
    ]);
  });
});
