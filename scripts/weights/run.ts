import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { Delegator__factory } from "../../typechain-types";
import type { Office } from "../governance/order";
import { runGovern } from "../governance/run";
import type { GovernOptions } from "../governance/run";
import { targetOf } from "../governance/target";
import { messageOf } from "../lib/amounts";
import { ROOT } from "../lib/files";

import { page } from "./page";
import { readSet } from "./read";
import type { Reading } from "./read";
import { propose } from "./rule";
import type { Proposal } from "./rule";
import { formatSet, parseSet } from "./set";
import { figureTable, weightTable } from "./table";
import { originOf } from "./words";

/** What the task is told. */
export interface WeightsOptions {
  /** File to read the set from; the chain if left out. */
  readonly file?: string | undefined;
  /** Where page, set and batches are written; `reports` of the repository if left out. */
  readonly out?: string | undefined;
  /** Blocks over which performance is measured; 0 for none. */
  readonly window: number;
  /** Address of the Delegator, if the address book does not have it. */
  readonly address?: string | undefined;
  /** Holder of the manager's role; needed if there are several. */
  readonly caller?: string | undefined;
  /** Writes no batch, and needs no deployment if there is a file. */
  readonly noBatch: boolean;
}

const CONTRACT = "Delegator";
const FUNCTION = "setWeights";

/**
 * Proposes weights: prints them with their reasons and what they do to the concentration of stake, and writes a page,
 * the set that they rest on, and the batches that set them. Sends nothing. Fails, in words, if anything is in its way.
 */
export async function runWeights(options: WeightsOptions, office: Office): Promise<void> {
  const { file, out = path.join(ROOT, "reports"), noBatch } = options;
  const { print } = office;
  const { set, notes } = file === undefined ? await readChain(options, office) : await readFrom(file);
  const proposal = propose(set);
  const origin = originOf(set, file);
  for (const line of [origin, ...notes, "", ...weightTable(proposal, set), "", ...figureTable(proposal), ""])
    print(line);
  await mkdir(out, { recursive: true });
  // Those of an earlier run would set other weights than the page shows.
  for (const verb of ["schedule", "execute", "call"]) {
    await rm(path.join(out, `${CONTRACT}.${FUNCTION}.${verb}.json`), { force: true });
  }
  const written = { page: path.join(out, "validators.html"), set: path.join(out, "validators.json") };
  await writeFile(written.page, page(proposal, set, [origin, ...notes]));
  await writeFile(written.set, formatSet(set));
  const [shown, kept] = [written.page, written.set].map((one) => path.relative(process.cwd(), one));
  print(`${shown} shows it (open it in a browser; it needs no network), ${kept} is what it rests on`);
  if (!noBatch) await writeBatches(proposal, { ...options, out }, office);
}

async function readChain({ address, window }: WeightsOptions, office: Office): Promise<Reading> {
  const { at } = await targetOf(office, CONTRACT, address);
  return readSet(office.provider, at, window);
}

async function readFrom(file: string): Promise<Reading> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new Error(`--file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return { set: parseSet(text, file), notes: [] };
}

/** Writes the batches by which the manager sets the weights, unless they are as they are. */
async function writeBatches(
  proposal: Proposal,
  { address, caller, out, file }: WeightsOptions,
  office: Office,
): Promise<void> {
  const { at } = await targetOf(office, CONTRACT, address);
  const now = await readPresent(office, at);
  const next = now.map((_, index) => {
    const position = BigInt(index) + 1n;
    const one = proposal.positions.find((each) => each.position.position === position);
    return { weight: one?.weight ?? 0n, cap: one?.position.capBps ?? 0n };
  });
  if (file !== undefined) await compare(proposal, now, at, file, office);
  if (now.every(({ weight, cap }, index) => weight === next[index]?.weight && cap === next[index].cap)) {
    office.print("The weights and caps are these already: there is no batch to send");
    return;
  }
  const list = (values: readonly bigint[]): string => `[${values.join(",")}]`;
  const args = `${list(next.map(({ weight }) => weight))},${list(next.map(({ cap }) => cap))}`;
  const order: GovernOptions = {
    ...{ contract: CONTRACT, function: FUNCTION, args, address, caller, out },
    ...{ execute: false, cancel: false, send: false, anyway: false },
  };
  const where = address === undefined ? [] : ["--address", address];
  const what = ["--network", office.network, "--contract", CONTRACT, "--function", FUNCTION, "--args", `"${args}"`];
  office.print(`The same by hand, with --execute after the delay: npx hardhat govern ${[...what, ...where].join(" ")}`);
  await runGovern(order, office);
}

/** A position as the Delegator has it. */
interface Present {
  readonly validator: bigint;
  readonly weight: bigint;
  readonly cap: bigint;
}

/** Positions from number 1 on; those that were given up have validator 0. */
async function readPresent({ provider }: Office, at: string): Promise<Present[]> {
  const delegator = Delegator__factory.connect(at, provider);
  const count = await delegator.positionCount();
  const present: Present[] = [];
  for (let position = 1n; position <= count; position += 1n) {
    const { validatorId, weightBps, capBps } = await delegator.positionAt(position);
    present.push({ validator: validatorId, weight: weightBps, cap: capBps });
  }
  return present;
}

/** Fails if a file is of other positions than the chain's, or gives weight to one that takes no stake by now. */
async function compare(
  { positions }: Proposal,
  now: readonly Present[],
  at: string,
  file: string,
  { provider, network }: Office,
): Promise<void> {
  const delegator = Delegator__factory.connect(at, provider);
  const wrong: string[] = [];
  for (const [index, { validator }] of now.entries()) {
    const number = BigInt(index) + 1n;
    const one = positions.find(({ position }) => position.position === number);
    const listed = one?.position.validator ?? 0n;
    if (listed !== validator) {
      wrong.push(`position ${number} is ${nobodyOr(validator)} on chain and ${nobodyOr(listed)} in the file`);
    } else if (one !== undefined && one.weight > 0n && !(await delegator.acceptsStake(number))) {
      wrong.push(`position ${number} is fit by the file, but takes no stake by the chain`);
    }
  }
  for (const { position } of positions) {
    if (position.position > BigInt(now.length)) wrong.push(`position ${position.position} is in the file alone`);
  }
  if (wrong.length === 0) return;
  const lines = wrong.map((line) => `  ${line}`);
  throw new Error(
    [`${file} does not fit the Delegator of ${network}; read the set anew, or add --no-batch:`, ...lines].join("\n"),
  );
}

function nobodyOr(validator: bigint): string {
  return validator === 0n ? "nobody's" : `validator ${validator}'s`;
}
