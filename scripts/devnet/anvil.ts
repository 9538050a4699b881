import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";

import { JsonRpcProvider } from "ethers";

/** What an anvil is started with. */
export interface AnvilOptions {
  readonly chainId: number;
  /** 0 for any free port. */
  readonly port: number;
  /** Accounts of the well-known mnemonic that have native tokens. */
  readonly accounts: number;
  /** Node of a chain that this one begins as a copy of. */
  readonly forkUrl?: string;
  /** Block of that chain after which this one begins; its latest if left out. */
  readonly forkBlock?: bigint;
}

/** A chain that runs until it is stopped. */
export interface Anvil {
  readonly url: string;
  readonly chainId: number;
  readonly provider: JsonRpcProvider;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the process; does nothing the second time. */
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Time in which an anvil must be ready, milliseconds. */
const START_TIMEOUT = 20_000;
/** Milliseconds between questions for a receipt. */
const POLLING = 20;

// Ends the process whose id is its argument when its own input ends: when whoever started both is gone, in any way.
const GUARD = `
process.stdin.resume();
process.stdin.on("end", () => {
  try {
    process.kill(Number(process.argv[1]), "SIGKILL");
  } catch (error) {
    // It ended by itself before.
    if (error.code !== "ESRCH") throw error;
  }
  process.exit();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
`;

/** Path of the binary in the platform's own npm package: the launcher beside it leaves anvil running when it is killed. */
function binary(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const file = process.platform === "win32" ? "anvil.exe" : "anvil";
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}/bin/${file}`;
  try {
    return require.resolve(name);
  } catch (error) {
    throw new Error(
      `${name} is not installed. Run npm ci; if it stays so, there is no anvil on npm for this platform.`,
      { cause: error },
    );
  }
}

/** Fails if something listens on a port already; `option` is what would choose another. */
export async function requireFreePort(port: number, option: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is in use" : `cannot be used (${cause.message})`;
      reject(
        new Error(`Port ${port} ${why}: stop what listens there, or choose another with ${option} PORT`, { cause }),
      );
    });
    server.listen(port, HOST, () =>
      server.close(() => {
        resolve();
      }),
    );
  });
}

/** Starts a chain and waits until it answers. It ends when this process does, even if that is killed. */
export async function startAnvil({ chainId, port, accounts, forkUrl, forkBlock }: AnvilOptions): Promise<Anvil> {
  const child = spawn(
    binary(),
    [
      ...["--host", HOST, "--port", String(port), "--chain-id", String(chainId), "--accounts", String(accounts)],
      // By fees, the default, a sender's later transaction with a higher fee than its earlier one is silently dropped.
      ...["--order", "fifo"],
      // One block more is safe, two are final: with Ethereum's 32 nothing here would ever be.
      ...["--slots-in-an-epoch", "1"],
      ...["--hardfork", "prague"],
      // What is kept on disk is found by chain and block alone, and local nodes have the same ones again and again.
      ...(forkUrl === undefined ? [] : ["--fork-url", forkUrl, "--no-storage-caching"]),
      ...(forkBlock === undefined ? [] : ["--fork-block-number", String(forkBlock)]),
    ],
    // In a group of its own, so that Ctrl-C ends who started it, who ends it, and not both at once.
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const killNow = (): void => void child.kill("SIGKILL");
  process.once("exit", killNow);
  const guard = spawn(process.execPath, ["-e", GUARD, String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  // A guard that is gone is no reason to fail.
  guard.stdin.on("error", () => undefined);
  guard.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => {
    const finish = (): void => {
      process.removeListener("exit", killNow);
      guard.kill("SIGKILL");
      resolve();
    };
    child.once("exit", finish);
    child.once("error", finish);
  });
  let listening: number;
  try {
    listening = await listeningPort(child);
  } catch (error) {
    killNow();
    await ended;
    throw error;
  }
  const url = `http://${HOST}:${listening}`;
  const provider = localProvider(url, chainId);
  const stop = async (): Promise<void> => {
    provider.destroy();
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  };
  return { url, chainId, provider, ended, stop };
}

/** A provider of a local chain: each question is asked at once, and none is answered from memory. */
export function localProvider(url: string, chainId: number): JsonRpcProvider {
  return new JsonRpcProvider(url, chainId, {
    staticNetwork: true,
    batchMaxCount: 1,
    cacheTimeout: -1,
    polling: true,
    pollingInterval: POLLING,
  });
}

/** The port on which an anvil says that it listens. What it says later is read and forgotten, so that it never waits. */
async function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`anvil ${why}. It said:\n${said.trim()}`));
    };
    const timer = setTimeout(() => {
      fail("did not start in time");
    }, START_TIMEOUT);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const port = /Listening on .*:(\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.off("data", hear).resume();
      resolve(Number(port));
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", (error) => {
      fail(`could not be started: ${error.message}`);
    });
    child.once("exit", () => {
      fail("ended at once");
    });
  });
}
