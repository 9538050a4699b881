import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Metrics } from "./metrics";

/** What the health of a keeper is judged by, milliseconds. */
export interface Vitals {
  /** When it was started. */
  readonly started: number;
  /** End of the last pass in which every job had its turn; undefined if there was none. */
  lastFullPass: number | undefined;
}

/** Intervals without a full pass after which a keeper is not well. */
const PATIENCE = 3;

/** Whether a keeper is well; before its first full pass it has the same time for it. */
export function isWell({ started, lastFullPass }: Vitals, now: number, interval: number): boolean {
  return now - (lastFullPass ?? started) <= PATIENCE * interval;
}

/** A server that was started. */
export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/metrics` and `/health`. */
export async function serve(
  { host, port }: { readonly host: string; readonly port: number },
  { registry }: Metrics,
  health: () => { readonly well: boolean; readonly lastFullPass: number | undefined },
): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { "content-type": type }).end(body);
    };
    const { pathname } = new URL(request.url ?? "/", "http://keeper");
    if (request.method !== "GET") {
      answer(405, "text/plain", "only GET\n");
    } else if (pathname === "/health") {
      const { well, lastFullPass } = health();
      const since = lastFullPass === undefined ? null : new Date(lastFullPass).toISOString();
      answer(well ? 200 : 503, "application/json", `${JSON.stringify({ well, lastFullPass: since })}\n`);
    } else if (pathname === "/metrics") {
      registry.metrics().then(
        (text) => {
          answer(200, registry.contentType, text);
        },
        (error: unknown) => {
          answer(500, "text/plain", `${String(error)}\n`);
        },
      );
    } else {
      answer(404, "text/plain", "there are /metrics and /health\n");
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      reject(
        new Error(
          `/metrics cannot be served at ${host}:${port} (${why}): choose another --metrics-port or --metrics-host`,
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
