import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import path from "node:path";

import { ROOT } from "../lib/files";

import type { Answer, Job, Outcome } from "./worker";

/** A worker gives memory back by being replaced after so many mutants. */
const LIFE = 100;

/** Milliseconds for all tests of one mutant: what then goes on does not end. */
const PATIENCE = 30 * 60_000;

/** A worker that is started when there is something to do. */
export interface Worker {
  ask(job: Job): Promise<Outcome>;
  stop(): void;
}

/** A worker, in a process of its own. */
export function newWorker(): Worker {
  let child: ChildProcess | undefined;
  let asked = 0;
  const stop = (): void => {
    child?.kill();
    child = undefined;
    asked = 0;
  };
  return {
    stop,
    ask: async (job) => {
      if (++asked > LIFE) stop();
      child ??= start();
      const result = await answer(child, job);
      if (result.outcome === "error" || result.outcome === "timeout") stop();
      return result;
    },
  };
}

function start(): ChildProcess {
  return fork(path.join(__dirname, "worker.ts"), {
    cwd: ROOT,
    execArgv: ["-r", "hardhat/register", "-r", path.join(__dirname, "preload.ts")],
    // As in Mocha's own workers: the watch over the ledgers does not register itself with the first file.
    env: { ...process.env, MOCHA_WORKER_ID: "0" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

async function answer(child: ChildProcess, job: Job): Promise<Outcome> {
  return new Promise((resolve) => {
    const done = (result: Outcome): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(result);
    };
    const timer = setTimeout(() => {
      done({ outcome: "timeout", file: "", title: `nothing for ${PATIENCE / 60_000} minutes` });
    }, PATIENCE);
    child.once("message", ({ result }: Answer) => {
      done(result);
    });
    child.once("exit", (code, signal) => {
      done({ outcome: "error", reason: `the worker ended with ${signal ?? code ?? "nothing"}` });
    });
    child.send(job);
  });
}
