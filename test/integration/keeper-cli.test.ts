import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
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
import { addressesOf, keyOf, openDoor } from "../support/keeper";
import type { Door, Line } from "../support/keeper";

const KEY = keyOf(62);

describe("npm run keeper", () => {
  let context: BridgedContext;
  let folder: string;
  let file: string;
  let node: Door;
  let url: string;
  /** Nothing listens there any more. */
  let closed: string;
  let lines: Line[];

  before(async () => {
    const gone = await openDoor();
    gone.close();
    closed = gone.url;
    node = await openDoor();
    ({ url } = node);
    folder = await mkdtemp(path.join(os.tmpdir(), "keeper-"));
  });

  after(async () => {
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

  it("names the key, the node and the contract that cannot be used, and what to look at", async () => {
    for (const key of ["0".repeat(64), "f".repeat(64)]) {
      expect(await run(["--once"], { KEEPER_PRIVATE_KEY: `0x${key}` })).to.equal(2);
      expect(lines.pop()).to.include({ error: "KEEPER_PRIVATE_KEY must be 32 bytes in hexadecimal, with 0x" });
    }
    const quick = ["--once", "--rpc-attempts", "1"];
    expect(await run([...quick, "--rpc", `${closed}/secret`])).to.equal(2);
    expect(lines.pop()).to.include({
      error: "the node cannot be reached (ECONNREFUSED): check --rpc, or DEVNET_RPC_URL",
    });
    expect(await run(["--once", "--polygon-rpc", "localhost:8546"])).to.equal(2);
    expect(lines.pop()).to.include({
      error: "--polygon-rpc, or DEVNET_POLYGON_RPC_URL is no URL of a node: it begins with https:// or http://",
    });
    const { ethereum } = await addressesOf(context);
    const nowhere = context.actors.stranger.address;
    const contracts = { ...ethereum, lens: nowhere };
    await writeFile(file, JSON.stringify({ ethereum: { url, chainId: 31_337, contracts } }));
    expect(await run(["--once"])).to.equal(2);
    expect(lines.pop()).to.include({
      error:
        `the node of ethereum has no contract at ${nowhere}, where the addresses have lens: it is behind, another ` +
        "chain of the same number, or the addresses are old",
    });
    expect(said()).to.not.include("secret");
    expect(await sent()).to.equal(0);
  });

  it("names each option that is no number", async () => {
    const said = console.error;
    const printed: string[] = [];
    console.error = (text: string) => void printed.push(text);
    try {
      expect(await run(["--metrics-port", "65536", "--from-block", "-1", "--polygon-from-block", ""])).to.equal(2);
    } finally {
      console.error = said;
    }
    expect(printed).to.deep.equal([
      '--from-block "-1" must be a whole number\n--polygon-from-block "" must be a whole number\n' +
        '--metrics-port "65536" must be at most 65535',
    ]);
  });

  it("exits with 2 if another serves at its port", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const port = String((other.address() as AddressInfo).port);
    try {
      expect(await run(["--metrics-port", port])).to.equal(2);
    } finally {
      other.close();
    }
    expect(lines.pop()).to.include({
      msg: "the keeper cannot start",
      error: `/metrics cannot be served at 127.0.0.1:${port} (EADDRINUSE): choose another --metrics-port or --metrics-host`,
    });
    expect(await sent()).to.equal(0);
  });

  it("starts with Ethereum though the node of Polygon is out of reach, and asks it again in every pass", async () => {
    const dead = ["--polygon-rpc", closed, "--rpc-attempts", "1"];
    expect(await run(["--once", ...dead])).to.equal(1);
    expect(said()).to.include("Polygon is out of reach, and is asked again in every pass");
    expect(lines.filter(({ outcome }) => outcome === "done").map(({ key }) => key)).to.include("delegate");
    expect(lines.pop()).to.have.nested.property(
      "reports[1].failures[0]",
      "read: the node cannot be reached (ECONNREFUSED)",
    );
  });

  it("takes a variable without a value for one that is not there, as .env.example has them", async () => {
    const environment = { KEEPER_PRIVATE_KEY: KEY.privateKey, DEVNET_RPC_URL: "", DEVNET_POLYGON_RPC_URL: "" };
    expect(await run(["--once"], environment)).to.equal(0);
    const { ethereum, polygon } = await addressesOf(context);
    const chain = { chainId: 31_337 };
    const both = { ethereum: { ...chain, contracts: ethereum }, polygon: { ...chain, contracts: polygon } };
    await writeFile(file, JSON.stringify(both));
    expect(await run(["--once"], environment)).to.equal(2);
    expect(said()).to.include("Say where a node of Ethereum is: --rpc URL, or DEVNET_RPC_URL");
    expect(await run(["--once"], { ...environment, DEVNET_RPC_URL: url })).to.equal(0);
    expect(said()).to.include("Polygon is not looked after");
  });

  it("reads the devnet's file that DEVNET_FILE names", async () => {
    const log = openLog("debug", { write: (text) => lines.push(JSON.parse(text) as Line) });
    const environment = { DEVNET_FILE: file };
    const stop = new AbortController().signal;
    expect(await runKeeper(["--network", "devnet", "--once", "--dry-run"], { environment, stop, log })).to.equal(0);
    expect(lines.some(({ key }) => key === "delegate")).to.equal(true);
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
    const [above, below] = [context.actors.alice.address, context.actors.bob.address];
    await writeFile(file, book({ ...core, BridgeAdapter: bridge, AprOracle: above }));
    const other = path.join(folder, "other.json");
    await writeFile(
      other,
      book({
        ...{ ChildAnkrMATIC: polygon.token, RatioFeed: polygon.feed },
        ...{ ChildBridgeAdapter: polygon.adapter, AprOracle: below },
      }),
    );
    expect(await locate("here", { ethereum: file, polygon: other })).to.deep.equal({
      ethereum: { chainId: 31_337n, fromBlock: 4, at: { ...ethereum, aprOracle: above } },
      polygon: { chainId: 31_337n, fromBlock: 6, at: { ...polygon, aprOracle: below } },
    });
    // Those of a network and of its counterpart, where the deployment was told to write them.
    const books = { DEPLOYMENTS_DIR: folder };
    await copyFile(file, path.join(folder, "mainnet.json"));
    expect((await locate("mainnet", {}, books)).polygon).to.equal(undefined);
    await copyFile(other, path.join(folder, "polygon.json"));
    expect((await locate("mainnet", {}, books)).polygon?.at.aprOracle).to.equal(below);
    await writeFile(file, book({ PolygonPool: pool }));
    const failure = await locate("here", { ethereum: file }).catch((error: unknown) => String(error));
    expect(failure).to.include("has no Delegator: finish the deployment first");
  });
});
