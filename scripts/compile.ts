// `npm run compile [-- --quiet]`: everything, and the typings with it. Through the task and not the command line, which would print a
// notice about stack traces of this compiler version before every run.
import hre from "hardhat";

hre.run("compile", { quiet: process.argv.includes("--quiet") }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
