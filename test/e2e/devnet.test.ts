import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { runVerify } from "../../scripts/deploy/run";
import type { DevnetFile } from "../../scripts/devnet/addresses";
import { localProvider, requireFreePort } from "../../scripts/devnet/anvil";
import { runDevnet } from "../../scripts/devnet/run";
import { AprOracle__factory, BridgeAdapter__factory, PriceFeed__factory } from "../../typechain-types";
import { anyPorts, startDevnet } from "../support/devnet";
import type { RunningDevnet } from "../support/devnet";

describe("e2e: npm run devnet", () => {
  let folder = "";
  let running: ChildProcess[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "devnet-"));
  });

  afterEach(() => {
    for (const child of running) child.kill("SIGKILL");
    running = [];
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const file = (): string => path.join(folder, "devnet.json");
  const ready = (): Promise<RunningDevnet> => startDevnet(file(), (child) => running.push(child));

  /** The command in this process, which costs less time; for what ends by itself. */
  async function here(...args: string[]): Promise<{ readonly exitCode: number; readonly printed: readonly string[] }> {
    const printed: string[] = [];
    const { log, error } = console;
    console.log = console.error = (line: unknown): void => void printed.push(String(line));
    try {
      return { exitCode: await runDevnet([...anyPorts(file()), ...args]), printed };
    } finally {
      [console.log, console.error] = [log, error];
    }
  }

  /** Both chains are gone: their ports are free, at the latest after some time. */
  async function expectGone({ ethereum, polygon }: DevnetFile): Promise<void> {
    for (const { url } of [ethereum, polygon]) {
      for (let tries = 0; ; tries++) {
        const free = await requireFreePort(Number(new URL(url).port), "").then(
          () => true,
          () => false,
        );
        if (free) break;
        if (tries === 100) expect.fail(`something still listens at ${url}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  it("writes down where everything is, as configured, and ends both chains and itself with 0 on SIGTERM", async () => {
    const { child, code, written } = await ready();
    const { ethereum, polygon } = written;
    expect([ethereum.chainId, polygon.chainId]).to.deep.equal([31_337, 31_338]);
    const provider = localProvider(ethereum.url, ethereum.chainId);
    const bridge = BridgeAdapter__factory.connect(ethereum.contracts.bridge ?? "", provider);
    expect(await bridge.PEER()).to.equal(polygon.contracts.adapter);
    expect(await bridge.TOKEN()).to.equal(ethereum.contracts.token);
    for (const { url, chainId, contracts } of [ethereum, polygon]) {
      const chain = localProvider(url, chainId);
      const oracle = AprOracle__factory.connect(contracts.aprOracle ?? "", chain);
      const feed = PriceFeed__factory.connect(contracts.priceFeed ?? "", chain);
      expect([await oracle.SOURCE(), await feed.SOURCE(), await oracle.TOKEN()]).to.deep.equal([
        contracts.rateProvider,
        contracts.rateProvider,
        contracts.token,
      ]);
      chain.destroy();
    }
    const whole: string[] = [];
    for (const name of ["devnet", "devnet-polygon"] as const) {
      const environment = { DEVNET_FILE: file() };
      const node = name === "devnet" ? ethereum : polygon;
      const chain = localProvider(node.url, node.chainId);
      await runVerify({ name, provider: chain, signers: [], environment, print: (line) => void whole.push(line) });
      chain.destroy();
    }
    expect(whole.map((line) => line.split(":")[0])).to.deep.equal(["devnet", "devnet-polygon"]);
    provider.destroy();
    child.kill("SIGTERM");
    expect(await code).to.equal(0);
    await expectGone(written);
  });

  it("leaves no chain behind when it is killed", async () => {
    const { child, code, written } = await ready();
    child.kill("SIGKILL");
    await code;
    await expectGone(written);
  });

  it("refuses a port that is in use, and says which option chooses another", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { exitCode, printed } = await here("--polygon-port", String(port));
    server.close();
    expect(printed).to.deep.equal([
      `The devnet stops: Port ${port} is in use: stop what listens there, or choose another with --polygon-port PORT`,
    ]);
    expect(exitCode).to.equal(1);
  });

  it("walks the whole way with --demo, and ends with 0 because all holds to the wei", async () => {
    const { exitCode, printed } = await here("--demo");
    expect(printed.at(-1)).to.match(/^All holds, to the wei \(\d+\.\d s\)$/);
    expect(printed.join("\n").match(/^ {2}ok {4}/gm)).to.have.lengthOf(3);
    expect(exitCode).to.equal(0);
  });
});
