import { rm } from "node:fs/promises";
import path from "node:path";

import { fileJournal } from "../../deploy/book";
import { devnetBook } from "./file";
import { lineOf } from "../lib/relayer/relay";
import type { Carrier, Relay, RelayEvent, RelayLog } from "../lib/relayer/relay";
import { runRelayer } from "../lib/relayer/loop";

import { addressLines, describeDevnet, writeDevnetFile } from "./addresses";
import { requireFreePort, startAnvil } from "./anvil";
import type { Anvil } from "./anvil";
import { playDemo } from "./demo/story";
import { verdictLines } from "./demo/table";
import { judge } from "./demo/verdict";
import { parseOptions } from "./options";
import { explain } from "./errors";
import type { DevnetOptions } from "./options";
import { NAMES, localAccounts } from "./wallets";
import { buildDevnet, buildStandIns, carrierOf, relayOf } from "./world";
import type { Devnet, Journals, StandIns } from "./world";

const HOLDS = 0;
const FAILS = 1;
const MAX_BACKOFF_MS = 30_000;
/** Milliseconds between two looks at whether whoever started this is still there. */
const PARENT_CHECK_MS = 1_000;

/** The command behind `npm run devnet`; returns its exit code. */
export async function runDevnet(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if ("exitCode" in parsed) return parsed.exitCode;
  const stop = new AbortController();
  const release = stopWithParentAndSignals(stop, parsed.options);
  const running: Anvil[] = [];
  try {
    // Nothing that is under way needs to be finished: neither the chains nor the relayer keep anything.
    return await Promise.race([runOnChains(parsed.options, running, stop), untilStopped(stop.signal)]);
  } catch (error) {
    console.error(`The devnet stops: ${explain(error)}`);
    return FAILS;
  } finally {
    await Promise.all(running.map((anvil) => anvil.stop()));
    release();
  }
}

async function runOnChains(options: DevnetOptions, running: Anvil[], stop: AbortController): Promise<number> {
  const [ethereum, polygon] = await startChains(options, running);
  for (const anvil of running) {
    void anvil.ended.then(() => {
      stop.abort(new Error(`the chain at ${anvil.url} has ended`));
    });
  }
  const started = performance.now();
  const chains = { ethereum: ethereum.provider, polygon: polygon.provider };
  const report = (line: string): void => {
    console.log(`deploying: ${line}`);
  };
  const journals = await openJournals(options);
  if (options.bare) {
    const standIns = await buildStandIns(chains, report);
    await writeDown(standIns, ethereum, polygon, options);
    return serve((log) => carrierOf(standIns, log), options, stop.signal);
  }
  const devnet = await buildDevnet(chains, {}, report, journals);
  await writeDown(devnet, ethereum, polygon, options);
  if (options.demo) return demo(devnet, started);
  return serve((log) => relayOf(devnet, log, { exits: options.exits }), options, stop.signal);
}

/** New address books: those of chains that are gone are removed, as nothing of them is true on these. */
async function openJournals({ out, ethereumChainId, polygonChainId }: DevnetOptions): Promise<Journals> {
  const deployer = localAccounts().deployer.address;
  const [below, above] = [devnetBook(out, "devnet"), devnetBook(out, "devnet-polygon")];
  for (const file of [below, above]) await rm(file, { force: true });
  return {
    ethereum: await fileJournal(below, BigInt(ethereumChainId), deployer),
    polygon: await fileJournal(above, BigInt(polygonChainId), deployer),
  };
}

async function writeDown(
  devnet: StandIns | Devnet,
  ethereum: Anvil,
  polygon: Anvil,
  { out }: DevnetOptions,
): Promise<void> {
  const file = await describeDevnet(devnet, ethereum, polygon);
  await writeDevnetFile(out, file);
  console.log(addressLines(file));
  console.log(`\nAll of it is in ${path.relative(process.cwd(), out)}`);
}

/** The exit code once it is told to stop; fails if it has to. */
async function untilStopped(signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => {
      if (signal.reason instanceof Error) reject(signal.reason);
      else resolve(HOLDS);
    });
  });
}

async function startChains(options: DevnetOptions, running: Anvil[]): Promise<[Anvil, Anvil]> {
  const { ethereumPort, polygonPort, ethereumChainId, polygonChainId } = options;
  await requireFreePort(ethereumPort, "--ethereum-port");
  await requireFreePort(polygonPort, "--polygon-port");
  const accounts = NAMES.length;
  const ethereum = await startAnvil({ chainId: ethereumChainId, port: ethereumPort, accounts });
  running.push(ethereum);
  const polygon = await startAnvil({ chainId: polygonChainId, port: polygonPort, accounts });
  running.push(polygon);
  return [ethereum, polygon];
}

async function demo(devnet: Devnet, started: number): Promise<number> {
  const log: RelayLog = (event) => {
    if (isNews(event)) console.log(`  relayer: ${lineOf(event)}`);
  };
  const outcome = await playDemo(devnet, relayOf(devnet, log), console.log);
  const findings = judge(outcome);
  const failed = findings.filter(({ against }) => against.length > 0).length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`\n${verdictLines(findings)}\n`);
  console.log(
    failed === 0
      ? `All holds, to the wei (${seconds} s)`
      : `${failed} of ${findings.length} do not hold: see FAIL above`,
  );
  return failed === 0 ? HOLDS : FAILS;
}

async function serve(
  relayerOf: (log: RelayLog) => Carrier | Relay,
  options: DevnetOptions,
  signal: AbortSignal,
): Promise<number> {
  const told = new Set<string>();
  const log: RelayLog = (event) => {
    const line = lineOf(event);
    if (!isNews(event)) return;
    // A refused exit is tried again at every step: once is enough to know.
    if (event.what === "exit refused" && told.has(line)) return;
    told.add(line);
    console.log(`${new Date().toISOString()} relayer: ${line}`);
  };
  const relay = { ...relayerOf(log), checkpointBlocks: BigInt(options.checkpointBlocks) };
  console.log("Ready. The relayer runs until Ctrl-C.");
  await runRelayer(relay, { intervalMs: options.interval, maxBackoffMs: MAX_BACKOFF_MS, signal });
  return HOLDS;
}

function isNews({ what }: RelayEvent): boolean {
  return what !== "delivering" && what !== "submitting checkpoint" && what !== "proving exit";
}

/** Stops on a signal, and when whoever started this is gone: a shell that npm was told to end does not pass it on. */
function stopWithParentAndSignals(stop: AbortController, { demo: judges }: DevnetOptions): () => void {
  const onSignal = (): void => {
    stop.abort(judges ? new Error("it was ended before the verdict") : "told to");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid !== parent) onSignal();
  }, PARENT_CHECK_MS);
  check.unref();
  return () => {
    clearInterval(check);
    for (const signal of signals) process.off(signal, onSignal);
  };
}
