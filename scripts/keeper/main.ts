// `npm run keeper`
import "dotenv/config";

import { runKeeper } from "./cli";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second one is meant.
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  });
}

runKeeper(process.argv.slice(2), { environment: process.env, stop: stop.signal }).then(
  (exitCode) => {
    process.exit(exitCode);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
