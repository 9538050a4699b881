import { expect } from "chai";

import { memoryJournal } from "../../deploy/book";
import { simulate } from "../../scripts/deploy/run";
import { prepareLocal } from "../../scripts/deploy/local";
import { startAnvil } from "../../scripts/devnet/anvil";
import type { Anvil } from "../../scripts/devnet/anvil";

const PEOPLE = {
  upgrader: "0x00000000000000000000000000000000000A11cE",
  manager: "0x0000000000000000000000000000000000000B0b",
  guardian: "0x00000000000000000000000000000000000CA201",
  treasury: "0x00000000000000000000000000000000000DA7E0",
};

describe("npx hardhat deploy --dry-run, against a node", () => {
  let chain: Anvil;

  before("a chain is started", async () => {
    chain = await startAnvil({ chainId: 31_337, port: 0, accounts: 2 });
  });

  after("the chain is stopped", async () => {
    await chain.stop();
  });

  it("does the whole of it on a copy, prints steps and gas, and sends nothing", async () => {
    const { provider, url } = chain;
    const deployer = await provider.getSigner(0);
    const { ethereum } = await prepareLocal(deployer, provider, PEOPLE);
    const before = [await provider.getBlockNumber(), await deployer.getNonce()];
    const printed: string[] = [];
    const journal = memoryJournal(31_337n, deployer.address);
    const print = (line: string): void => void printed.push(line);
    await simulate({ print, provider, environment: {}, url }, ethereum, undefined, journal);

    expect(printed[0]).to.equal("  1  DeploymentFactory");
    expect(printed.some((line) => line.endsWith("PolygonPool (proxy)"))).to.equal(true);
    const gas = printed.find((line) => line.includes(" gas, "));
    // Each of the five big contracts takes millions.
    expect(Number(gas?.split(" gas")[0]?.replaceAll(",", "")) > 20_000_000).to.equal(true);
    expect(printed.at(-1)).to.contain("Dry run: nothing was sent.");
    expect([await provider.getBlockNumber(), await deployer.getNonce()]).to.deep.equal(before);
    expect(journal.book.contracts).to.deep.equal({});
  });
});
