import type { Signer } from "ethers";

import { exact, messageOf } from "../scripts/lib/amounts";
import type { GenesisBatch, GenesisTree } from "../scripts/lib/genesis";
import { mapBounded } from "../scripts/lib/parallel";
import type { AMATICb, AnkrMATIC } from "../typechain-types";

import type { Report } from "./steps";

/** Everything that minting a list needs to know. */
export interface GenesisRun {
  readonly bond: AMATICb;
  /** ankrMATIC, which the payer holds. */
  readonly token: AnkrMATIC;
  /** The list that the contract was deployed with. */
  readonly tree: GenesisTree;
  /** Pays the ankrMATIC behind what is not minted yet. */
  readonly payer: Signer;
}

/** What is still to be done. */
export interface GenesisPlan {
  readonly payer: string;
  /** Batches that nobody has minted. */
  readonly pending: readonly GenesisBatch[];
  /** Their shares. */
  readonly needed: bigint;
  /** ankrMATIC of the payer. */
  readonly balance: bigint;
  /** What aMATICb may take of it already. */
  readonly allowance: bigint;
}

/** What a run did. */
export interface GenesisOutcome {
  /** Numbers of the batches that this run minted. */
  readonly minted: readonly bigint[];
  /** Numbers of the batches that another transaction minted while it ran: somebody else's, or one whose answer was lost. */
  readonly passed: readonly bigint[];
}

/** Questions that are open at a node at a time. */
const PARALLEL = 20;

/** Gas of a batch as a node estimates it, beside that of its holdings; measured. */
const GAS_OF_BATCH = 140_000n;
/** Gas of each holding as a node estimates it; measured. */
const GAS_OF_HOLDING = 30_200n;

/** Every way in which a list is not the one that the contract was deployed with. */
export async function listDifferences({ bond, tree }: Pick<GenesisRun, "bond" | "tree">): Promise<string[]> {
  const { root, batches } = await bond.genesis();
  const differences: string[] = [];
  if (batches !== BigInt(tree.batches.length)) {
    differences.push(`batches: ${tree.batches.length} in this list, ${batches} in the contract`);
  }
  if (root !== tree.root) differences.push(`root: ${tree.root} of this list, ${root} in the contract`);
  return differences;
}

/**
 * Compares the list with the contract's and finds what is still to be minted. Fails if the list is another one or the
 * payer has too little ankrMATIC.
 */
export async function planGenesis({ bond, token, tree, payer }: GenesisRun): Promise<GenesisPlan> {
  const differences = await listDifferences({ bond, tree });
  if (differences.length > 0) {
    throw new Error(
      `This is not the list that aMATICb was deployed with; take the same file, with its lines in the same order:\n` +
        differences.map((line) => `  ${line}`).join("\n"),
    );
  }
  const done = await mapBounded(tree.batches, PARALLEL, ({ batch }) => bond.genesisMinted(batch));
  const pending = tree.batches.filter((_, index) => done[index] === false);
  const needed = pending.reduce((sum, { shares }) => sum + shares, 0n);
  const self = await payer.getAddress();
  const [balance, allowance] = await Promise.all([token.balanceOf(self), token.allowance(self, bond)]);
  if (balance < needed) {
    throw new Error(
      `${self} holds ${exact(balance)} ankrMATIC, and ${exact(needed)} are still to be minted: ` +
        `it needs ${exact(needed - balance)} more`,
    );
  }
  return { payer: self, pending, needed, balance, allowance };
}

/**
 * Mints what is left of a list, batch after batch. Whatever stopped an earlier run, this one goes on where it stopped: the
 * contract is asked before each batch, and a batch that somebody else mints meanwhile is passed over.
 */
export async function mintGenesis(run: GenesisRun, report: Report = () => undefined): Promise<GenesisOutcome> {
  const plan = await planGenesis(run);
  const { pending, needed, allowance } = plan;
  const total = run.tree.batches.length;
  report(`${total - pending.length} of ${total} batches are minted, ${exact(needed)} shares are left`);
  if (pending.length > 0 && allowance !== needed) {
    await approve(run, needed);
    report(`approved ${exact(needed)} ankrMATIC`);
  }
  const minted: bigint[] = [];
  const passed: bigint[] = [];
  for (const batch of pending) {
    const sent = await mintUnlessDone(run, batch);
    (sent === undefined ? passed : minted).push(batch.batch);
    const name = `batch ${batch.batch + 1n} of ${total}`;
    report(
      sent === undefined
        ? `${name}: minted already, by another transaction`
        : `${name}: ${batch.holdings.length} holders, ${exact(batch.shares)} shares, ${sent.gas} gas, ${sent.hash}`,
    );
  }
  // What others paid for would stay approved.
  const left = await run.token.allowance(plan.payer, run.bond);
  if (left > 0n) {
    await approve(run, 0n);
    report(`took back the approval of ${exact(left)} ankrMATIC that were not needed`);
  }
  return { minted, passed };
}

/**
 * Gas of each batch that is to be minted, as a node estimates it. Before the approval no node can, and the numbers are
 * computed from the number of holdings.
 */
export async function estimateGenesis(run: GenesisRun, plan: GenesisPlan): Promise<bigint[]> {
  if (plan.allowance < plan.needed) {
    return plan.pending.map(({ holdings }) => GAS_OF_BATCH + GAS_OF_HOLDING * BigInt(holdings.length));
  }
  const bond = run.bond.connect(run.payer);
  return mapBounded(plan.pending, PARALLEL, ({ batch, holdings, proof }) =>
    bond.mintGenesis.estimateGas(batch, [...holdings], [...proof]),
  );
}

async function approve({ bond, token, payer }: GenesisRun, amount: bigint): Promise<void> {
  await (await token.connect(payer).approve(bond, amount)).wait();
}

/** Undefined if the batch is minted already: by somebody else, or by a transaction whose answer was lost. */
async function mintUnlessDone(
  { bond, payer, tree }: GenesisRun,
  { batch, holdings, proof }: GenesisBatch,
): Promise<{ gas: bigint; hash: string } | undefined> {
  if (await bond.genesisMinted(batch)) return undefined;
  try {
    const sent = await bond.connect(payer).mintGenesis(batch, [...holdings], [...proof]);
    const receipt = await sent.wait();
    return { gas: receipt?.gasUsed ?? 0n, hash: sent.hash };
  } catch (error) {
    // Whoever was first: a batch is there once.
    if (await bond.genesisMinted(batch)) return undefined;
    throw new Error(
      `Batch ${batch + 1n} of ${tree.batches.length} could not be minted: ${messageOf(error)}\n` +
        "Nothing is lost: run it again with the same list, and it goes on with this batch.",
      { cause: error },
    );
  }
}
