import type { Clock } from "./backoff";
import { ETHEREUM_JOBS, POLYGON_JOBS } from "./jobs";
import type { Log } from "./log";
import type { Metrics } from "./metrics";
import type { Policy } from "./policy";
import { readEthereum, readFeed, readPolygon } from "./read";
import { messageOf } from "./rpc";
import type { Vitals } from "./server";
import { freshHead, runJobs } from "./side";
import type { Report, Side } from "./side";
import type { EthereumAddresses, FeedState, PolygonAddresses } from "./state";
import { newTrail } from "./trail";

/** A chain that is looked after. */
export interface Tended<Addresses> {
  readonly side: Side;
  readonly at: Addresses;
  /** Block from which on events are read. */
  readonly fromBlock: number;
}

/** What a keeper looks after, and with what. */
export interface KeeperOptions {
  readonly ethereum: Tended<EthereumAddresses>;
  readonly polygon?: Tended<PolygonAddresses> | undefined;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A keeper: it remembers what it saw and did from pass to pass. */
export interface Keeper {
  readonly vitals: Vitals;
  /**
   * Does once all that is worth doing, on both chains at the same time.
   * @param stop Aborted when nothing new is to be begun.
   */
  pass(stop?: AbortSignal): Promise<Report[]>;
}

/** A keeper that has seen and done nothing yet. */
export function openKeeper({ ethereum, polygon, policy, clock, log, metrics }: KeeperOptions): Keeper {
  const trails = { ethereum: newTrail(ethereum.fromBlock), polygon: newTrail(polygon?.fromBlock ?? 0) };
  const vitals: Vitals = { started: clock.now(), lastFullPass: undefined };

  const tendPolygon = async ({ side, at }: Tended<PolygonAddresses>, stop: AbortSignal): Promise<Report> =>
    runJobs(side, POLYGON_JOBS, at, (head) => readPolygon(side.provider, at, trails.polygon, head, policy), stop);

  const feedOf = async (): Promise<FeedState | undefined> => {
    if (polygon === undefined) return undefined;
    const { side, at } = polygon;
    try {
      return await readFeed(side.provider, at, await freshHead(side));
    } catch (error) {
      log.warn({ error: messageOf(error) }, "Polygon does not say which rate it has");
      return undefined;
    }
  };

  const tendEthereum = async (stop: AbortSignal): Promise<Report> => {
    const { side, at } = ethereum;
    const feed = await feedOf();
    return runJobs(
      side,
      ETHEREUM_JOBS,
      at,
      async (head) => ({ ...(await readEthereum(side.provider, at, trails.ethereum, head, policy)), feed }),
      stop,
    );
  };

  /** One chain out of reach keeps the other from nothing. */
  const guarded = async ({ chain, ...side }: Side, work: Promise<Report>): Promise<Report> => {
    try {
      return await work;
    } catch (error) {
      side.metrics.failures.inc({ chain, job: "read" });
      side.log.error({ error: messageOf(error) }, "the chain cannot be looked after");
      return { chain, done: 0, planned: 0, overtaken: 0, complete: false, failures: [`read: ${messageOf(error)}`] };
    }
  };

  const weigh = async ({ chain, provider, sender }: Side): Promise<void> => {
    if (sender === undefined) return;
    try {
      metrics.balance.set({ chain }, Number(await provider.getBalance(sender.address)) / 1e18);
    } catch (error) {
      log.warn({ chain, error: messageOf(error) }, "the account's balance is not known");
    }
  };

  return {
    vitals,
    async pass(stop = new AbortController().signal) {
      const begun = clock.now();
      const tended = [ethereum.side, ...(polygon === undefined ? [] : [polygon.side])];
      const reports = await Promise.all([
        guarded(ethereum.side, tendEthereum(stop)),
        ...(polygon === undefined ? [] : [guarded(polygon.side, tendPolygon(polygon, stop))]),
      ]);
      await Promise.all(tended.map(weigh));
      const now = clock.now();
      const full = reports.every(({ complete }) => complete);
      if (full) {
        vitals.lastFullPass = now;
        metrics.lastFullPass.set(now / 1000);
      }
      metrics.passes.inc({ result: full ? "full" : "cut short" });
      metrics.passSeconds.set((now - begun) / 1000);
      log.info({ reports, milliseconds: now - begun }, full ? "pass" : "pass, cut short");
      return reports;
    },
  };
}

/** Passes at intervals until it is told to stop; the pass under way ends first. */
export async function keepGoing(
  keeper: Pick<Keeper, "pass">,
  { interval, jitter, passTimeout }: Policy,
  clock: Clock,
  stop: AbortSignal,
): Promise<void> {
  const goesOn = (): boolean => !stop.aborted;
  while (goesOn()) {
    const begun = clock.now();
    await clock.sleep(Math.floor(jitter * clock.random()), stop);
    if (!goesOn()) return;
    await keeper.pass(AbortSignal.any([stop, AbortSignal.timeout(passTimeout)]));
    await clock.sleep(Math.max(0, begun + interval - clock.now()), stop);
  }
}
