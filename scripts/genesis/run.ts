import { writeFileSync } from "node:fs";

import type { Provider, Signer } from "ethers";

import { checkGenesis } from "../../deploy/acceptance/genesis";
import { estimateGenesis, mintGenesis, planGenesis } from "../../deploy/genesis";
import type { GenesisRun } from "../../deploy/genesis";
import { AMATICb__factory, AnkrMATIC__factory, PolygonPool__factory } from "../../typechain-types";
import { addressParameter, requireContract, senderOf } from "../lib/accounts";
import { exact, messageOf } from "../lib/amounts";
import { genesisTree } from "../lib/genesis";
import type { GenesisTree, Holding } from "../lib/genesis";

import { contractHolders } from "./contractHolders";
import { goodHolders } from "./list";

/** Where a line of output goes. */
export type Print = (line: string) => void;

/** What `genesis:check` is told. */
export interface CheckOptions {
  readonly file: string;
  /** Shares in all, in wei, as they were typed. */
  readonly expectTotal?: string | undefined;
  /** File for the parameters of the deployment. */
  readonly json?: string | undefined;
}

/** What `genesis:mint` is told. */
export interface MintOptions {
  readonly file: string;
  readonly bond: string;
  readonly from?: string | undefined;
  readonly fromBlock: number;
  readonly dryRun: boolean;
}

/** The network of a run. */
export interface Network {
  readonly provider: Provider;
  readonly signers: readonly Signer[];
}

/** Checks a list, prints what it comes to, and writes the parameters of the deployment. Fails if anything is wrong. */
export async function checkList(options: CheckOptions, provider: Provider, print: Print): Promise<void> {
  const holdings = goodHolders(options.file, expectedTotal(options.expectTotal));
  const tree = genesisTree(holdings);
  for (const line of summary(holdings, tree)) print(line);
  const { name, chainId } = await provider.getNetwork();
  const contracts = await contractHolders(provider, holdings);
  print(`contracts  ${contracts.length} of the holders have code on the network "${name}" (chain ${chainId})`);
  for (const { holder, shares, delegated } of contracts) {
    const note = delegated ? "an account that delegates its code (EIP-7702)" : "may not cope with a rebasing token";
    print(`  ${holder}  ${exact(shares)} shares: ${note}`);
  }
  if (options.json === undefined) return;
  const { root, batches, shares } = tree;
  const parameters = { root, batches: batches.length, holders: holdings.length, shares: shares.toString() };
  try {
    writeFileSync(options.json, `${JSON.stringify(parameters, undefined, 2)}\n`);
  } catch (error) {
    throw new Error(`--json ${options.json} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  print(`wrote ${options.json}`);
}

/** Mints what is left of a list, or says what would be sent, and checks the result. Fails if anything is wrong. */
export async function mintList(options: MintOptions, network: Network, print: Print): Promise<void> {
  const holdings = goodHolders(options.file);
  const tree = genesisTree(holdings);
  const payer = await senderOf(network.signers, options.from);
  const run: GenesisRun = { ...(await contractsOf(options, payer, network.provider)), tree, payer };
  if (options.dryRun) {
    await printPlan(run, print);
    return;
  }
  await mintGenesis(run, print);
  await printCheck(run, network.provider, options.fromBlock, print);
}

function expectedTotal(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]+$/.test(text)) throw new Error(`--expect-total ${text} is no number of wei: digits only`);
  return BigInt(text);
}

function summary(holdings: readonly Holding[], { root, batches, shares }: GenesisTree): string[] {
  const largest = holdings.reduce((most, holding) => (holding.shares > most.shares ? holding : most));
  return [
    `holders    ${holdings.length}`,
    `shares     ${exact(shares)} (${shares} wei)`,
    `largest    ${largest.holder} with ${exact(largest.shares)}`,
    `batches    ${batches.length}`,
    `root       ${root}`,
  ];
}

async function contractsOf(
  options: MintOptions,
  payer: Signer,
  provider: Provider,
): Promise<Pick<GenesisRun, "bond" | "token">> {
  const at = addressParameter("bond", options.bond);
  await requireContract(provider, "bond", at);
  const bond = AMATICb__factory.connect(at, payer);
  try {
    const known = await PolygonPool__factory.connect(await bond.POOL(), payer).LEGACY_BOND();
    if (known === at) return { bond, token: AnkrMATIC__factory.connect(await bond.TOKEN(), payer) };
  } catch (error) {
    throw new Error(`--bond ${at} is not aMATICb: ${messageOf(error)}`, { cause: error });
  }
  throw new Error(`--bond ${at} is not the aMATICb that its pool knows: its requests to unstake would be refused`);
}

async function printPlan(run: GenesisRun, print: Print): Promise<void> {
  const plan = await planGenesis(run);
  const { payer, pending, needed, allowance } = plan;
  print(`Dry run: nothing is sent. ${payer} would send:`);
  if (pending.length === 0) print("  nothing: every batch is minted");
  else if (allowance !== needed) print(`  approve ${exact(needed)} ankrMATIC`);
  const gas = await estimateGenesis(run, plan);
  for (const [index, { batch, holdings, shares }] of pending.entries()) {
    const name = `batch ${batch + 1n} of ${run.tree.batches.length}`;
    print(`  ${name}: ${holdings.length} holders, ${exact(shares)} shares, about ${gas[index] ?? 0n} gas`);
  }
  print(`In all about ${gas.reduce((sum, each) => sum + each, 0n)} gas for ${exact(needed)} shares`);
}

async function printCheck(run: GenesisRun, provider: Provider, fromBlock: number, print: Print): Promise<void> {
  const { differences, moved, left, payers } = await checkGenesis({ ...run, provider, fromBlock });
  if (differences.length > 0) {
    const lines = differences.map((line) => `  ${line}`).join("\n");
    throw new Error(
      `The genesis does not agree with its list; ` +
        `if --from-block ${fromBlock} is after the deployment, take an earlier block:\n${lines}`,
    );
  }
  const holders = run.tree.batches.reduce((sum, { holdings }) => sum + holdings.length, 0);
  print(`Sealed: ${exact(run.tree.shares)} shares for ${holders} holders, as in the list, to the wei`);
  for (const [payer, batches] of payers) print(`  ${batches} of ${run.tree.batches.length} batches paid by ${payer}`);
  if (moved.length > 0) print(`  ${moved.length} holders have moved shares since, ${exact(left)} have left aMATICb:`);
  for (const { holder, listed, now } of moved) print(`    ${holder}: ${exact(listed)} then, ${exact(now)} now`);
}
