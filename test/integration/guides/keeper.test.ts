import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { ethers } from "hardhat";

import { runKeeper } from "../../../scripts/keeper/cli";
import { openLog } from "../../../scripts/keeper/log";
import { bridgedFixture } from "../../support/bridge";
import { textsOf } from "../../support/guides";
import { addressesOf, keyOf, openDoor } from "../../support/keeper";
import type { Door, Line } from "../../support/keeper";

const KEY = keyOf(63);

describe("guide: run the keeper", () => {
  let node: Door;
  let folder: string;
  let file: string;

  before(async () => {
    node = await openDoor();
    folder = await mkdtemp(path.join(tmpdir(), "keeper-guide-"));
    file = path.join(folder, "devnet.json");
  });

  after(async () => {
    node.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    const { ethereum, polygon } = await addressesOf(await bridgedFixture());
    const chain = { url: node.url, chainId: 31_337 };
    const both = { ethereum: { ...chain, contracts: ethereum }, polygon: { ...chain, contracts: polygon } };
    await writeFile(file, JSON.stringify(both));
  });

  /** Arguments of the commands, as the guide has them. */
  async function commands(): Promise<string[][]> {
    const lines = (await textsOf("../keeper", "sh")).flatMap((text) => text.trimEnd().split("\n"));
    return lines.map((line) => {
      const [command = ""] = line.split("#");
      const [words, args = ""] = command.trim().split(" -- ");
      expect(words, line).to.equal("npm run keeper");
      return args.split(/\s+/);
    });
  }

  /**
   * Runs one until it ends, or until it has passed once and is stopped.
   * @returns Its exit code, what it did or would do, and the texts of its log.
   */
  async function play(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<{ code: number; keys: Record<string, string[]>; said: string[] }> {
    const lines: Line[] = [];
    const stop = new AbortController();
    const log = openLog("info", {
      write(text) {
        const line = JSON.parse(text) as Line;
        lines.push(line);
        if (line.msg === "pass") stop.abort();
      },
    });
    const code = await runKeeper(args, { environment, stop: stop.signal, log });
    const of = (outcome: string): string[] =>
      lines.filter((line) => line.outcome === outcome).map(({ key }) => String(key));
    return { code, keys: { planned: of("planned"), done: of("done") }, said: lines.map(({ msg }) => String(msg)) };
  }

  it("by its commands: what it would do, one pass, a loop with metrics, and the devnet", async () => {
    const [rehearsal = [], once = [], served = [], onDevnet = [], ...more] = await commands();
    expect(more).to.deep.equal([]);
    const work = ["delegate", "syncRate"];
    const sent = async (): Promise<number> => ethers.provider.getTransactionCount(KEY.address);

    // What the guide says that it needs; in the place of deployments/mainnet.json, where the fixture is.
    const nodes = { MAINNET_RPC_URL: node.url, POLYGON_RPC_URL: node.url };
    const mainnet = { ...nodes, KEEPER_PRIVATE_KEY: KEY.privateKey };
    const addresses = ["--addresses", file];
    const planned = await play([...rehearsal, ...addresses], nodes);
    expect(planned).to.deep.include({ code: 0, keys: { planned: work, done: [] } });
    expect(await sent()).to.equal(0);

    const done = await play([...once, ...addresses], mainnet);
    expect(done).to.deep.include({ code: 0, keys: { planned: [], done: work } });
    expect(await sent()).to.equal(2);

    // Any port but that of the guide, which may be taken on this machine.
    expect(served.slice(-2)).to.deep.equal(["--metrics-port", "9464"]);
    const loop = await play([...served.slice(0, -1), "0", "--jitter", "0", ...addresses], mainnet);
    expect(loop).to.deep.include({ code: 0, keys: { planned: [], done: [] } });
    expect(loop.said).to.include.members(["serving /metrics and /health", "pass", "stopped"]);

    const environment = { KEEPER_PRIVATE_KEY: KEY.privateKey, DEVNET_FILE: file };
    const devnet = await play([...onDevnet, "--jitter", "0"], environment);
    expect(devnet).to.deep.include({ code: 0, keys: { planned: [], done: [] } });
    expect(devnet.said).to.include.members(["pass", "stopped"]);
    expect(await sent()).to.equal(2);
  });

  it("ends with the codes that it names", async () => {
    const [, once = []] = await commands();
    const addresses = ["--addresses", file];
    const environment = { MAINNET_RPC_URL: node.url, POLYGON_RPC_URL: node.url, KEEPER_PRIVATE_KEY: KEY.privateKey };
    expect((await play([...once, ...addresses], { ...environment, KEEPER_PRIVATE_KEY: "" })).code).to.equal(2);
    await ethers.provider.send("hardhat_setBalance", [KEY.address, "0x1"]);
    expect((await play([...once, ...addresses], environment)).code).to.equal(1);
  });
});
