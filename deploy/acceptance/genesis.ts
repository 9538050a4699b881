import { ZeroAddress } from "ethers";
import type { LogDescription, Provider } from "ethers";

import { exact } from "../../scripts/lib/amounts";
import type { GenesisTree } from "../../scripts/lib/genesis";
import { logsOf } from "../../scripts/lib/logs";
import { mapBounded } from "../../scripts/lib/parallel";
import type { AMATICb, AnkrMATIC } from "../../typechain-types";

/** A genesis to be checked. */
export interface MintedGenesis {
  readonly bond: AMATICb;
  readonly token: AnkrMATIC;
  readonly tree: GenesisTree;
  readonly provider: Provider;
  /** Block of the deployment, or one before it. */
  readonly fromBlock: number;
}

/** A holder whose shares are no longer those of the list, as holders may move them from their batch on. */
export interface MovedHolder {
  readonly holder: string;
  readonly listed: bigint;
  readonly now: bigint;
}

/** What a check of a genesis found. */
export interface GenesisFindings {
  /** Everything that cannot be; empty if the genesis is right. */
  readonly differences: readonly string[];
  readonly moved: readonly MovedHolder[];
  /** Shares that have left aMATICb since, unstaked or switched. */
  readonly left: bigint;
  /** Batches that each account paid. */
  readonly payers: ReadonlyMap<string, bigint>;
}

/** What the events say. */
interface Told {
  readonly differences: string[];
  /** Shares of each account after all of them. */
  readonly shares: ReadonlyMap<string, bigint>;
  readonly left: bigint;
  readonly payers: ReadonlyMap<string, bigint>;
}

/** Questions that are open at a node at a time. */
const PARALLEL = 20;

/**
 * Compares a genesis that is done with its list, to the wei. Holders may have moved their shares since, so balances are
 * compared with the list carried on by every movement of shares that the contract told of, and not with the list alone.
 */
export async function checkGenesis(genesis: MintedGenesis): Promise<GenesisFindings> {
  const { bond, token, tree, provider, fromBlock } = genesis;
  const blockTag = await provider.getBlockNumber();
  const told = replay(await eventsOf(bond, provider, fromBlock, blockTag), tree);
  const differences = [...told.differences];
  const compare = (what: string, is: unknown, shouldBe: unknown): void => {
    if (is !== shouldBe) differences.push(`${what}: ${String(is)} instead of ${String(shouldBe)}`);
  };

  const { root, batches, minted } = await bond.genesis({ blockTag });
  compare("root", root, tree.root);
  compare("batches", batches, BigInt(tree.batches.length));
  compare("batches minted", minted, BigInt(tree.batches.length));
  compare("sealed", await bond.genesisSealed({ blockTag }), true);
  const supply = await bond.totalSharesSupply({ blockTag });
  compare("shares in all", supply, tree.shares - told.left);
  const behind = await token.balanceOf(bond, { blockTag });
  if (behind < supply) differences.push(`ankrMATIC behind the shares: ${exact(behind)} for ${exact(supply)}`);

  const holdings = tree.batches.flatMap((batch) => batch.holdings);
  const held = await mapBounded(holdings, PARALLEL, ({ holder }) => bond.sharesOf(holder, { blockTag }));
  const moved: MovedHolder[] = [];
  for (const [index, { holder, shares: listed }] of holdings.entries()) {
    const now = held[index] ?? 0n;
    compare(`shares of ${holder}`, now, told.shares.get(holder) ?? 0n);
    if (now !== listed) moved.push({ holder, listed, now });
  }
  return { differences, moved, left: told.left, payers: told.payers };
}

function replay(events: readonly LogDescription[], tree: GenesisTree): Told {
  const shares = new Map<string, bigint>();
  const issued = new Map<string, bigint>();
  const payers = new Map<string, bigint>();
  const batches = new Map<bigint, LogDescription>();
  const differences: string[] = [];
  let [supply, left, seals] = [0n, 0n, 0];
  const add = (to: Map<string, bigint>, account: string, amount: bigint): void => {
    to.set(account, (to.get(account) ?? 0n) + amount);
  };
  for (const event of events) {
    if (event.name === "TransferShares") {
      const [from, to, amount] = event.args as unknown as [string, string, bigint];
      if (from === ZeroAddress) {
        if (issued.has(to)) differences.push(`${to} got shares twice`);
        add(issued, to, amount);
        supply += amount;
      } else add(shares, from, -amount);
      if (to === ZeroAddress) {
        left += amount;
        supply -= amount;
      } else add(shares, to, amount);
    } else if (event.name === "GenesisBatchMinted") {
      const [batch, payer] = event.args as unknown as [bigint, string];
      if (batches.has(batch)) differences.push(`batch ${batch} was minted twice`);
      batches.set(batch, event);
      add(payers, payer, 1n);
    } else {
      const [total] = event.args as unknown as [bigint];
      if (total !== supply) differences.push(`sealed with ${total} shares instead of ${supply}`);
      seals += 1;
    }
  }
  if (seals !== 1) differences.push(`sealed ${seals} times`);
  differences.push(...batchDifferences(batches, tree), ...issueDifferences(issued, tree));
  return { differences, shares, left, payers };
}

function batchDifferences(events: ReadonlyMap<bigint, LogDescription>, tree: GenesisTree): string[] {
  const differences = tree.batches.flatMap(({ batch, holdings, shares }) => {
    const event = events.get(batch);
    if (event === undefined) return [`batch ${batch} was never minted`];
    const [, , count, sum] = event.args as unknown as [bigint, string, bigint, bigint];
    if (count === BigInt(holdings.length) && sum === shares) return [];
    return [`batch ${batch}: ${count} holders with ${sum} shares instead of ${holdings.length} with ${shares}`];
  });
  const more = [...events.keys()].filter((batch) => batch >= BigInt(tree.batches.length));
  return [...differences, ...more.map((batch) => `batch ${batch} is not in the list`)];
}

function issueDifferences(issued: ReadonlyMap<string, bigint>, tree: GenesisTree): string[] {
  const unlisted = new Map(issued);
  const differences: string[] = [];
  for (const { holder, shares } of tree.batches.flatMap(({ holdings }) => holdings)) {
    const got = issued.get(holder) ?? 0n;
    if (got !== shares) differences.push(`${holder} got ${got} shares instead of ${shares}`);
    unlisted.delete(holder);
  }
  return [...differences, ...[...unlisted.keys()].map((account) => `${account} got shares and is not in the list`)];
}

async function eventsOf(
  bond: AMATICb,
  provider: Provider,
  fromBlock: number,
  toBlock: number,
): Promise<LogDescription[]> {
  const names = ["TransferShares", "GenesisBatchMinted", "GenesisSealed"] as const;
  const filter = {
    address: await bond.getAddress(),
    topics: [names.map((name) => bond.interface.getEvent(name).topicHash)],
  };
  const logs = await logsOf(provider, filter, fromBlock, toBlock);
  return logs.map((log) => bond.interface.parseLog(log)).filter((event) => event !== null);
}
