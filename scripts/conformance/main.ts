// `npm run conformance -- DIR`
import { runConformance } from "./cli";

runConformance(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);
