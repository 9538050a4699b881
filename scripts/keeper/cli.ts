import { Command, CommanderError, Option } from "commander";
import { Wallet, isHexString } from "ethers";
import { z } from "zod";

import { requireUrl } from "../lib/nodes";

import { COUNTERPARTS, locate } from "./addresses";
import type { Located } from "./addresses";
import type { Clock } from "./backoff";
import { machineClock } from "./clock";
import type { FeeLimits } from "./fees";
import { keepGoing, openKeeper } from "./keeper";
import type { Keeper } from "./keeper";
import { LEVELS, openLog } from "./log";
import type { Log } from "./log";
import { openMetrics } from "./metrics";
import type { Metrics } from "./metrics";
import { WrongChain, onChain, requireContracts } from "./node";
import type { Node } from "./node";
import { KNOBS, optionOf, parsePolicy, variableOf } from "./policy";
import type { KnobName, Policy } from "./policy";
import { TransportProvider, httpTransport, messageOf, patient } from "./rpc";
import { openSender } from "./sender";
import { isWell, serve } from "./server";
import type { Server } from "./server";
import { openSide } from "./side";
import type { Chain } from "./state";

const DONE = 0;
const FAILED = 1;
const UNUSABLE = 2;

/** Runs simulations of a dry run without a key. */
const NOBODY = "0x000000000000000000000000000000000000dEaD";

/** A whole number of the command line. */
function whole(most = Number.MAX_SAFE_INTEGER): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().max(most, `must be at most ${most}`));
}

const optionsSchema = z.object({
  network: z.string(),
  once: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  rpc: z.string().optional(),
  polygonRpc: z.string().optional(),
  addresses: z.string().optional(),
  polygonAddresses: z.string().optional(),
  fromBlock: whole().optional(),
  polygonFromBlock: whole().optional(),
  metricsPort: whole(65_535).optional(),
  metricsHost: z.string().default("127.0.0.1"),
  logLevel: z.enum(LEVELS).default("info"),
});

type Options = z.output<typeof optionsSchema>;
type Environment = Readonly<Record<string, string | undefined>>;

/** The command line, with all that it takes. */
export function keeperCommand(): Command {
  const command = new Command("npm run keeper --")
    .description(
      "Permissionless upkeep of ankrMATIC: looks at both chains and makes every call that is worth its gas. It needs nobody's permission, " +
        "and a second keeper beside it does no harm.",
    )
    .requiredOption("--network <name>", "mainnet, sepolia, devnet, or any name together with --addresses")
    .option("--once", "one pass instead of a loop; exits with 0 if all that was worth doing was done")
    .option("--dry-run", "sends nothing: logs what would be done and what it would cost, once")
    .option("--rpc <url>", "node of Ethereum; <NETWORK>_RPC_URL of the environment if left out")
    .option("--polygon-rpc <url>", "node of Polygon; likewise. Without it Polygon is not looked after")
    .option(
      "--addresses <file>",
      "addresses: deployments/<network>.json, or reports/<network>.json as the devnet writes it",
    )
    .option("--polygon-addresses <file>", "addresses of the Polygon side, if they are in a file of their own")
    .option("--from-block <number>", "block from which on events are read; that of the deployment if left out")
    .option("--polygon-from-block <number>", "the same on Polygon")
    .option("--metrics-port <port>", "serves /metrics and /health there; not at all if left out")
    .option("--metrics-host <host>", "address to serve at (default: 127.0.0.1)")
    .addOption(
      new Option("--log-level <level>", "from the most to the least talkative (default: info)").choices(LEVELS),
    )
    .addHelpText(
      "after",
      "\nThe private key is read from KEEPER_PRIVATE_KEY alone; a dry run needs none. Each number can also be set in the\n" +
        "environment: --max-gas-price is KEEPER_MAX_GAS_PRICE.\n\n" +
        "Exits with 0 if all was done or the keeper was told to stop, with 1 if a job failed for another reason than that\n" +
        "somebody was faster, and with 2 if the arguments cannot be used.",
    );
  for (const [name, { help, unit, fallback }] of Object.entries(KNOBS)) {
    command.addOption(new Option(`--${optionOf(name)} <${unit}>`, `${help} (default: ${fallback})`));
  }
  return command;
}

/** What a run of the command is given by its process. */
export interface Surroundings {
  readonly environment: Environment;
  readonly clock?: Clock;
  /** Told once, when the keeper is to stop. */
  readonly stop: AbortSignal;
  readonly log?: Log;
}

/** The command behind `npm run keeper`; returns its exit code. */
export async function runKeeper(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let options: Options;
  let policy: Policy;
  try {
    const command = keeperCommand().exitOverride();
    command.parse(args, { from: "user" });
    const given: Record<string, unknown> = command.opts();
    const read = optionsSchema.safeParse(given);
    if (!read.success) {
      const wrong = read.error.issues.map(({ path: [name], message }) => {
        const option = String(name);
        return `--${optionOf(option)} "${String(given[option])}" ${message}`;
      });
      throw new Error(wrong.join("\n"));
    }
    options = read.data;
    policy = parsePolicy(textsOf(given, surroundings.environment));
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : UNUSABLE;
    console.error(messageOf(error));
    return UNUSABLE;
  }

  const log = surroundings.log ?? openLog(options.logLevel);
  const { stop, clock = machineClock } = surroundings;
  const metrics = openMetrics();
  const refuse = (error: unknown): number => {
    log.error({ error: messageOf(error) }, "the keeper cannot start");
    return UNUSABLE;
  };
  let keeper: Keeper;
  try {
    keeper = await assemble(options, policy, { ...surroundings, clock, log }, metrics);
  } catch (error) {
    return refuse(error);
  }
  if (options.once || options.dryRun) {
    const reports = await keeper.pass(stop);
    return reports.some(({ failures }) => failures.length > 0) ? FAILED : DONE;
  }
  const { metricsPort: port, metricsHost: host } = options;
  const health = (): { well: boolean; lastFullPass: number | undefined } => ({
    well: isWell(keeper.vitals, clock.now(), policy.interval),
    lastFullPass: keeper.vitals.lastFullPass,
  });
  let server: Server | undefined;
  try {
    server = port === undefined ? undefined : await serve({ host, port }, metrics, health);
  } catch (error) {
    return refuse(error);
  }
  if (server !== undefined) log.info({ host, port: server.port }, "serving /metrics and /health");
  try {
    await keepGoing(keeper, policy, clock, stop);
  } finally {
    await server?.close();
  }
  log.info("stopped");
  return DONE;
}

/** Everything that a keeper works with, from where the options and the environment say. */
async function assemble(
  options: Options,
  policy: Policy,
  { environment, clock, log }: Surroundings & { readonly clock: Clock; readonly log: Log },
  metrics: Metrics,
): Promise<Keeper> {
  const { network, dryRun } = options;
  const wallet = walletOf(environment, dryRun);

  const tend = async <A extends object>(
    chain: Chain,
    { chainId, at, fromBlock }: Located<A>,
    node: Node,
    limits: FeeLimits,
    from: number | undefined,
  ) => {
    requireUrl(node.url, node.named);
    const chainLog = log.child({ chain });
    const backoff = { attempts: policy.rpcAttempts, first: policy.rpcBackoff };
    const transport = patient(httpTransport(node.url, policy.rpcTimeout), backoff, clock, (error) => {
      metrics.rpcErrors.inc({ chain });
      chainLog.warn({ error }, "the node gives no answer");
    });
    const asked = onChain(transport, chain, chainId, node);
    const isThere = await asked([{ method: "eth_blockNumber", params: [] }]).then(
      () => true,
      (error: unknown) => {
        if (error instanceof WrongChain) throw error;
        // One chain out of reach keeps the other from nothing.
        if (chain === "ethereum") throw new Error(`${messageOf(error)}: check ${node.named}`, { cause: error });
        log.warn({ error: messageOf(error) }, "Polygon is out of reach, and is asked again in every pass");
        return false;
      },
    );
    const provider = new TransportProvider(asked, chainId);
    if (isThere) await requireContracts(provider, chain, at);
    const report = (what: string, details: Readonly<Record<string, unknown>>): void => {
      chainLog.info(details, what);
    };
    const sender =
      wallet === undefined || dryRun
        ? undefined
        : openSender({ wallet, provider, chainId, limits, policy, clock, report });
    const account = wallet?.address ?? NOBODY;
    const side = openSide({ chain, provider, sender, from: account, limits, policy, clock, log: chainLog, metrics });
    return { side, at, fromBlock: from ?? fromBlock };
  };

  const files = { ethereum: options.addresses, polygon: options.polygonAddresses };
  const places = await locate(network, files, environment);
  const nodeOf = (given: string | undefined, option: string, name: string, inFile: string | undefined) => {
    // What .env.example has without a value is not set.
    const url = [given, environment[name], inFile].find((one) => one !== undefined && one !== "");
    return url === undefined ? undefined : { url, named: `${option}, or ${name}` };
  };
  const counterpart = variable(COUNTERPARTS[network] ?? `${network}_polygon`);
  const node = nodeOf(options.rpc, "--rpc", variable(network), places.ethereum.url);
  const polygonNode = nodeOf(options.polygonRpc, "--polygon-rpc", counterpart, places.polygon?.url);
  if (node === undefined) throw new Error(`Say where a node of Ethereum is: --rpc URL, or ${variable(network)}`);
  const limits = { maxGasPrice: policy.maxGasPrice, maxCost: policy.maxCost };
  const ethereum = await tend("ethereum", places.ethereum, node, limits, options.fromBlock);
  if (places.polygon === undefined || polygonNode === undefined) {
    log.warn(`Polygon is not looked after: it takes its addresses and a node, --polygon-rpc or ${counterpart}`);
    return openKeeper({ ethereum, policy, clock, log, metrics });
  }
  const polygonLimits = { maxGasPrice: policy.polygonMaxGasPrice, maxCost: policy.polygonMaxCost };
  const polygon = await tend("polygon", places.polygon, polygonNode, polygonLimits, options.polygonFromBlock);
  return openKeeper({ ethereum, polygon, policy, clock, log, metrics });
}

/** The key comes from the environment alone, and is named in no error. */
function walletOf({ KEEPER_PRIVATE_KEY: key = "" }: Environment, dryRun: boolean): Wallet | undefined {
  if (key === "") {
    if (dryRun) return undefined;
    throw new Error("Set KEEPER_PRIVATE_KEY to the key that pays for gas, or add --dry-run");
  }
  try {
    if (isHexString(key, 32)) return new Wallet(key);
  } catch {
    // Of that length, but no key; what ethers says of it may have the key in it.
  }
  throw new Error("KEEPER_PRIVATE_KEY must be 32 bytes in hexadecimal, with 0x");
}

function variable(network: string): string {
  return `${network.toUpperCase().replaceAll("-", "_")}_RPC_URL`;
}

/** The numbers that were given, on the command line or else in the environment. */
function textsOf(
  given: Readonly<Record<string, unknown>>,
  environment: Environment,
): Partial<Record<KnobName, string>> {
  const texts: Partial<Record<KnobName, string>> = {};
  for (const name of Object.keys(KNOBS) as KnobName[]) {
    const text = given[name] ?? environment[variableOf(name)];
    if (typeof text === "string" && text !== "") texts[name] = text;
  }
  return texts;
}
