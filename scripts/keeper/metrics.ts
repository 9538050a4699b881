import { Counter, Gauge, Registry } from "prom-client";

/** Numbers for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  readonly passes: Counter<"result">;
  readonly passSeconds: Gauge;
  readonly lastFullPass: Gauge;
  readonly proposals: Counter<"chain" | "job" | "outcome">;
  readonly failures: Counter<"chain" | "job">;
  readonly gas: Counter<"chain">;
  readonly spent: Counter<"chain">;
  readonly rpcErrors: Counter<"chain">;
  readonly block: Gauge<"chain">;
  readonly balance: Gauge<"chain">;
}

/** A fresh set, all at zero. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const name = (what: string): string => `ankrmatic_keeper_${what}`;
  return {
    registry,
    passes: new Counter({
      name: name("passes_total"),
      help: "Passes over all chains; full ones had a turn for every job",
      labelNames: ["result"],
      registers,
    }),
    passSeconds: new Gauge({ name: name("pass_seconds"), help: "Duration of the last pass", registers }),
    lastFullPass: new Gauge({
      name: name("last_full_pass_timestamp_seconds"),
      help: "End of the last full pass",
      registers,
    }),
    proposals: new Counter({
      name: name("proposals_total"),
      help: "Calls that were found worth making, by what became of them",
      labelNames: ["chain", "job", "outcome"],
      registers,
    }),
    failures: new Counter({
      name: name("failures_total"),
      help: "Failures for other reasons than that somebody was faster",
      labelNames: ["chain", "job"],
      registers,
    }),
    gas: new Counter({ name: name("gas_total"), help: "Gas used", labelNames: ["chain"], registers }),
    spent: new Counter({
      name: name("spent_total"),
      help: "Paid for gas, in the chain's coin",
      labelNames: ["chain"],
      registers,
    }),
    rpcErrors: new Counter({
      name: name("rpc_errors_total"),
      help: "Failed attempts to get an answer from a node",
      labelNames: ["chain"],
      registers,
    }),
    block: new Gauge({ name: name("block"), help: "Last block that was read", labelNames: ["chain"], registers }),
    balance: new Gauge({
      name: name("balance"),
      help: "What the account has for gas, in the chain's coin",
      labelNames: ["chain"],
      registers,
    }),
  };
}
