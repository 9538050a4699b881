import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import type { DevnetFile } from "../../scripts/devnet/addresses";
import { ROOT } from "../../scripts/lib/files";

/** `npm run devnet` in a process of its own. */
export interface RunningDevnet {
  readonly child: ChildProcess;
  readonly code: Promise<number | null>;
  /** What it has written down. */
  readonly written: DevnetFile;
}

/** Options that choose free ports, and where the devnet writes down what it made. */
export function anyPorts(file: string): string[] {
  return ["--ethereum-port", "0", "--polygon-port", "0", "--out", file];
}

/** Starts a devnet and waits until it is ready. Who starts it ends it: `onStart` is told the process before it can fail. */
export async function startDevnet(file: string, onStart: (child: ChildProcess) => void): Promise<RunningDevnet> {
  const main = ["-r", "ts-node/register/transpile-only", path.join("scripts", "devnet", "main.ts")];
  const child = spawn(process.execPath, [...main, ...anyPorts(file)], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  onStart(child);
  let printed = "";
  const code = once(child, "close").then(([exitCode]) => exitCode as number | null);
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes("Ready.")) resolve();
      });
    }
  });
  await Promise.race([ready, code.then(() => expect.fail(`it ended: ${printed}`))]);
  return { child, code, written: JSON.parse(await readFile(file, "utf8")) as DevnetFile };
}
