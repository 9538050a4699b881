import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { ethers } from "hardhat";

import { locate } from "../../scripts/keeper/addresses";
import { keeperCommand, runKeeper } from "../../scripts/keeper/cli";
import { openLog } from "../../scripts/keeper/log";
import { KNOBS, optionOf } from "../../scripts/keeper/policy";
import { bridgedFixture } from "../support/bridge";
import type { BridgedContext } from "../support/bridge";
import { addressesOf, embedded, keyOf } from "../support/keeper";
import type { Line } from "../support/keeper";

const KEY = keyOf(62);

describe("npm run keeper", () => {
  let context: BridgedContext;
  let folder: string;
  let file: string;
  let node: Server;
  let url: string;
  let lines: Line[];

  before(async () => {
    // The embedded chain behind a door of its own, as the keeper talks to nodes over HTTP.
    node = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const asked = JSON.parse(Buffer.concat(parts).toString()) as { id: number; method: string; params: unknown }[];
        void embedded(asked).then((answers) => {
          response.end(JSON.stringify(answers.map((answer, index) => ({ id: asked[index]?.id, ...answer }))));
        });
      });
    });
    await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
    folder = await mkdtemp(path.join(os.tmpdir(), "keeper-"));
  });

  after(async () => {
    node.closeAllConnections();
    node.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    context = await bridgedFixture();
    const { ethereum, polygon } = await addressesOf(context);
    const chain = { url, chainId: 31_337 };
    file = path.join(folder, "devnet.json");
    const both = { ethereum: { ...chain, contracts: ethereum }, polygon: { ...chain, contracts: polygon } };
    await writeFile(file, JSON.stringify(both));
    lines = [];
  });

  const run = async (
    args: string[],
    environment: Record<string, string> = { KEEPER_PRIVATE_KEY: KEY.privateKey },
    stop = new AbortController(),
  ): Promise<number> => {
    const log = openLog("debug", { write: (text) => lines.push(JSON.parse(text) as Line) });
    const all = ["--network", "devnet", "--addresses", file, ...args];
    return runKeeper(all, { environment, stop: stop.signal, log });
  };
  const said = (): string => lines.map(({ error, msg }) => [msg, error].join(" ")).join("\n");
  const sent = async (): Promise<number> => ethers.provider.getTransactionCount(KEY.address);

  it("does once all that is worth doing and exits with 0", async () => {
    expect(await run(["--once"])).to.equal(0);
    expect(lines.filter(({ outcome }) => outcome === "done").map(({ key }) => key)).to.deep.equal([
      "delegate",
      "syncRate",
    ]);
    expect(await run(["--once"])).to.equal(0);
    expect(await sent()).to.equal(2);
  });

  it("needs no key for a dry run, and sends nothing", async () => {
    expect(await run(["--dry-run"], {})).to.equal(0);
    expect(lines.filter(({ outcome }) => outcome === "planned").map(({ key }) => key)).to.deep.equal([
      "delegate",
      "syncRate",
    ]);
    expect(await sent()).to.equal(0);
  });

  it("takes numbers from the environment, and those of the command line before", async () => {
    const environment = { KEEPER_PRIVATE_KEY: KEY.privateKey, KEEPER_DELEGATE_MIN: "1000000" };
    expect(await run(["--once", "--dry-run"], environment)).to.equal(0);
    expect(lines.some(({ key }) => key === "delegate")).to.equal(false);
    expect(await run(["--once", "--dry-run", "--delegate-min", "1"], environment)).to.equal(0);
    expect(lines.some(({ key }) => key === "delegate")).to.equal(true);
  });

  it("exits with 1 if a job failed", async () => {
    await ethers.provider.send("hardhat_setBalance", [KEY.address, "0x1"]);
    expect(await run(["--once"])).to.equal(1);
    expect(said()).to.include("pass, cut short");
  });

  it("serves metrics and health, and stops when it is told to", async () => {
    const stop = new AbortController();
    const running = run(["--metrics-port", "0", "--jitter", "0"], undefined, stop);
    const until = async (what: string): Promise<Line> => {
      for (;;) {
        const line = lines.find(({ msg }) => msg === what);
        if (line !== undefined) return line;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const { port } = await until("serving /metrics and /health");
    await until("pass");
    const health = await fetch(`http://127.0.0.1:${String(port)}/health`);
    expect(health.status).to.equal(200);
    const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
    expect(metrics).to.include('ankrmatic_keeper_passes_total{result="full"} 1');
    stop.abort();
    expect(await running).to.equal(0);
    expect(await sent()).to.equal(2);
    const after = await fetch(`http://127.0.0.1:${String(port)}/health`).catch(() => undefined);
    expect(after).to.equal(undefined);
  });

  it("exits with 2 and says why if it cannot start", async () => {
    expect(await run(["--once"], {})).to.equal(2);
    expect(said()).to.include("Set KEEPER_PRIVATE_KEY to the key that pays for gas, or add --dry-run");
    expect(await run(["--once"], { KEEPER_PRIVATE_KEY: "secret" })).to.equal(2);
    expect(said()).to.include("KEEPER_PRIVATE_KEY must be 32 bytes in hexadecimal, with 0x");
    expect(said()).to.not.include("secret");
    const contracts = (await addressesOf(context)).ethereum;
    await writeFile(file, JSON.stringify({ ethereum: { url, chainId: 5, contracts } }));
    expect(await run(["--once"])).to.equal(2);
    expect(said()).to.include("the node of ethereum is of chain 31337, the addresses of chain 5");
    await writeFile(file, JSON.stringify({ ethereum: { chainId: 31_337, contracts } }));
    expect(await run(["--once"])).to.equal(2);
    expect(said()).to.include("Say where a node of Ethereum is: --rpc URL, or DEVNET_RPC_URL");
    expect(await run(["--addresses", path.join(folder, "none.json")])).to.equal(2);
    expect(said()).to.match(/There is no .*none\.json: deploy to devnet first/);
    expect(await sent()).to.equal(0);
  });

  it("looks after Ethereum alone if nothing is said of Polygon", async () => {
    const { ethereum } = await addressesOf(context);
    await writeFile(file, JSON.stringify({ ethereum: { url, chainId: 31_337, contracts: ethereum } }));
    expect(await run(["--once"])).to.equal(0);
    expect(said()).to.include("Polygon is not looked after");
    expect(await sent()).to.equal(2);
  });

  it("explains every option", () => {
    const help = keeperCommand().helpInformation();
    for (const name of Object.keys(KNOBS)) expect(help).to.include(`--${optionOf(name)} `);
    for (const name of ["network", "once", "dry-run", "rpc", "polygon-rpc", "addresses", "metrics-port", "log-level"]) {
      expect(help).to.include(`--${name}`);
    }
  });

  it("finds addresses in the books of the deployment, with the block of the first contract", async () => {
    const { ethereum, polygon } = await addressesOf(context);
    if (polygon === undefined) throw new Error("no Polygon side");
    const book = (names: Record<string, string>): string =>
      JSON.stringify({
        ...{ chainId: 31_337, deployer: KEY.address, promised: {}, steps: {}, finished: true },
        contracts: Object.fromEntries(
          Object.entries(names).map(([name, address], index) => [
            name,
            { address, args: "0x", codeHash: ethers.ZeroHash, transaction: ethers.ZeroHash, block: 9 - index },
          ]),
        ),
      });
    const { pool, delegator, lens, autoClaim, bridge = "" } = ethereum;
    const core = { PolygonPool: pool, Delegator: delegator, PoolLens: lens, AutoClaim: autoClaim };
    await writeFile(file, book({ ...core, BridgeAdapter: bridge }));
    const other = path.join(folder, "polygon.json");
    await writeFile(
      other,
      book({ ChildAnkrMATIC: polygon.token, RatioFeed: polygon.feed, ChildBridgeAdapter: polygon.adapter }),
    );
    expect(await locate("here", { ethereum: file, polygon: other })).to.deep.equal({
      ethereum: { chainId: 31_337n, fromBlock: 5, at: ethereum },
      polygon: { chainId: 31_337n, fromBlock: 7, at: polygon },
    });
    await writeFile(file, book({ PolygonPool: pool }));
    const failure = await locate("here", { ethereum: file }).catch((error: unknown) => String(error));
    expect(failure).to.include("has no Delegator: finish the deployment first");
  });
});
