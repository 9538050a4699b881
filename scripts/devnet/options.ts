import path from "node:path";

import { Command, CommanderError, InvalidArgumentError } from "commander";

import { ROOT } from "../lib/files";

/** What the command was told. */
export interface DevnetOptions {
  readonly demo: boolean;
  /** Polygon's contracts alone, to deploy on. */
  readonly bare: boolean;
  readonly ethereumPort: number;
  readonly polygonPort: number;
  readonly ethereumChainId: number;
  readonly polygonChainId: number;
  /** New blocks of Polygon that make a checkpoint. */
  readonly checkpointBlocks: number;
  /** Milliseconds between two steps of the relayer. */
  readonly interval: number;
  /** Whether the relayer proves exits. */
  readonly exits: boolean;
  /** Where the addresses are written. */
  readonly out: string;
}

/** The options, or the code to exit with if there is nothing to run. */
export type Parsed = { readonly options: DevnetOptions } | { readonly exitCode: 0 | 2 };

const UNUSABLE = 2;
const MAX_PORT = 65_535;
/** What a JavaScript timer takes. */
const MAX_NUMBER = 2 ** 31 - 1;

const HELP = `
Both chains and the relayer end with Ctrl-C, and nothing of them is kept. All keys are those of every local node: send
nothing to their addresses on a public network.

Exits with 0 if it was ended by a signal or if the demo's verdict holds, with 1 if something fails or a wei is missing,
and with 2 if the options cannot be used.`;

/** Reads the command line. Help and complaints go to `write`; to the streams of this process if it is left out. */
export function parseOptions(args: readonly string[], write?: (text: string) => void): Parsed {
  const writeErr = write ?? ((text: string): void => void process.stderr.write(text));
  const writeOut = write ?? ((text: string): void => void process.stdout.write(text));

  const command = new Command("npm run devnet --")
    .description(
      "Starts two local chains, which play Ethereum and Polygon, with the whole system, the bridge, and a relayer.",
    )
    .option("--demo", "walk the whole way once, from stake to claim over both chains, judge it, and end", false)
    .option(
      "--bare",
      "Polygon's contracts alone, for `npx hardhat deploy --network devnet`; no exits are proven",
      false,
    )
    .option("--ethereum-port <port>", "port of the chain that plays Ethereum; 0 for any", wholeFrom(0, MAX_PORT), 8_545)
    .option("--polygon-port <port>", "port of the chain that plays Polygon; 0 for any", wholeFrom(0, MAX_PORT), 8_546)
    .option("--ethereum-chain-id <id>", "chain id of the first", wholeFrom(1, MAX_NUMBER), 31_337)
    .option("--polygon-chain-id <id>", "chain id of the second", wholeFrom(1, MAX_NUMBER), 31_338)
    .option("--checkpoint-blocks <count>", "new blocks that make a checkpoint", wholeFrom(1, MAX_NUMBER), 1)
    .option("--interval <ms>", "milliseconds between two steps of the relayer", wholeFrom(1, MAX_NUMBER), 1_000)
    .option("--no-exits", "leave the proofs of withdrawals to those who wait for them")
    .option("--out <file>", "where the addresses are written", path.join("reports", "devnet.json"))
    .addHelpText("after", HELP)
    .allowExcessArguments(false)
    .configureOutput({ writeOut, writeErr })
    .exitOverride();
  try {
    command.parse([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : UNUSABLE };
    throw error;
  }
  const options = command.opts<DevnetOptions>();
  const problem = problemOf(options);
  if (problem !== undefined) {
    writeErr(`error: ${problem}\n`);
    return { exitCode: UNUSABLE };
  }
  return { options: { ...options, out: path.resolve(ROOT, options.out) } };
}

function problemOf({
  ethereumPort,
  polygonPort,
  ethereumChainId,
  polygonChainId,
  demo,
  bare,
  exits,
}: DevnetOptions): string | undefined {
  if (ethereumPort === polygonPort && ethereumPort !== 0)
    return "both chains have the same port: choose another for one";
  if (ethereumChainId === polygonChainId) return "both chains have the same chain id: choose another for one";
  if (demo && bare) return "the demo needs what --bare leaves out: give one of the two";
  if (demo && !exits) return "the demo waits for exits that --no-exits leaves to others: give one of the two";
  return undefined;
}

function wholeFrom(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}
