// The integrators' package, which `npm pack` makes of `dist/` and the Solidity interfaces.
//   build      writes dist/
//   prepack    the same, and puts the package's manifest in place
//   postpack   puts the repository's manifest back
import { buildPackage } from "./build";
import { restoreManifest, swapManifest } from "./manifest";

const STEPS: Readonly<Record<string, readonly (() => Promise<void>)[]>> = {
  build: [buildPackage],
  prepack: [buildPackage, swapManifest],
  postpack: [restoreManifest],
};

async function main([command = ""]: readonly string[]): Promise<void> {
  const steps = STEPS[command];
  if (steps === undefined) throw new Error(`"${command}" is none of ${Object.keys(STEPS).join(", ")}`);
  for (const step of steps) await step();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
