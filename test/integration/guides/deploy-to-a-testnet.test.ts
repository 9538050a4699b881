import { expect } from "chai";
import dotenv from "dotenv";
import hre from "hardhat";

import { networkOf } from "../../../deploy/networks";
import type { Environment } from "../../../deploy/networks";
import { parseBridgeParams, parseParams, parsePolygonParams } from "../../../deploy/params";
import { configurationOf } from "../../../scripts/deploy/chains";
import { commandsOf, textsOf } from "../../support/guides";
import { unwatchLedgers } from "../../support/ledgers";

describe("guide: deploy to a testnet", () => {
  before(unwatchLedgers);

  async function environmentOf(): Promise<Environment> {
    return dotenv.parse((await textsOf("deploy-to-a-testnet", "env")).join("\n"));
  }

  it("rehearses on the embedded chain by its first command", async () => {
    const [rehearsal] = await commandsOf("deploy-to-a-testnet");
    expect(rehearsal).to.deep.equal({ task: "deploy", network: undefined, args: { dryRun: false } });
    const printed: string[] = [];
    await hre.run("deploy", { print: (line: string) => printed.push(line) });
    expect(printed.filter((line) => line.includes("are as configured"))).to.have.length(2);
  });

  it("has commands that there are, in the order in which a side can be deployed", async () => {
    const commands = (await commandsOf("deploy-to-a-testnet")).slice(1);
    expect(commands.map(({ task, network }) => `${task} ${network ?? ""}`)).to.deep.equal([
      "deploy sepolia",
      "deploy amoy",
      "deploy sepolia",
      "verify-state sepolia",
      "verify-state amoy",
    ]);
  });

  it("has an environment that makes a configuration of both networks, with no variable that nothing reads", async () => {
    const environment = await environmentOf();
    const read = new Set<string>(["DEPLOYER_PRIVATE_KEY"]);
    const watched = new Proxy(
      { ...environment },
      {
        get: (target, key: string) => {
          read.add(key);
          return target[key];
        },
      },
    );
    const sepolia = (await configurationOf("sepolia", watched)).network;
    const amoy = (await configurationOf("amoy", watched)).network;
    if (sepolia.side !== "ethereum" || amoy.side !== "polygon") throw new Error("the sides are another");
    expect(parseParams(sepolia.params).seedWei).to.equal(10n ** 18n);
    parseBridgeParams(sepolia.bridge);
    parsePolygonParams(amoy.params);
    expect(sepolia.validators).to.have.length(4);
    expect(Object.keys(environment).filter((name) => !read.has(name))).to.deep.equal([]);
    const lacking = networkOf("amoy", { ...environment, AMOY_GUARDIAN: undefined });
    expect(() => lacking.side === "polygon" && parsePolygonParams(lacking.params)).to.throw("guardian");
  });
});
