import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";

import { mintGenesis as mintList } from "../../deploy/genesis";
import { genesisTree } from "../lib/genesis";
import type { GenesisTree } from "../lib/genesis";
import { BOND_DOMAIN, signNextPermit } from "../lib/permit";

import { ONE } from "./cast";
import { allowanceOf, giveShares, stake, toParts, unstake, valueOf } from "./model";
import type { Model } from "./model";
import type { OldOutcome } from "./story";
import { TREASURY } from "./upkeep";
import type { World } from "./world";

/** What an old holder does with all of its aMATICb; who does nothing keeps it. */
type Move = "switchBonds" | "switchWithPermit" | "switchUpTo" | "unstakeBonds" | "unstakeShares";

/** Someone who had aMATICb of the first generation. */
export interface OldHolder {
  readonly name: string;
  /** Shares that the list of the genesis gives it: ankrMATIC wei, worth as many MATIC wei on that day. */
  readonly shares: bigint;
  readonly move?: { readonly day: number; readonly how: Move };
}

/** An old holder and its wallet. */
export interface OldAccount extends OldHolder {
  readonly signer: HardhatEthersSigner;
}

/** The list of the genesis. The fourth comes to the switch when less is left than it has. */
export const OLD_HOLDERS: readonly OldHolder[] = [
  { name: "Holder 1", shares: 40_000n * ONE + 7n },
  { name: "Holder 2", shares: 12_000n * ONE + 11n, move: { day: 5, how: "switchBonds" } },
  { name: "Holder 3", shares: 9_500n * ONE + 13n, move: { day: 9, how: "switchWithPermit" } },
  { name: "Holder 4", shares: 15_000n * ONE + 17n, move: { day: 14, how: "switchUpTo" } },
  { name: "Holder 5", shares: 4_000n * ONE + 19n, move: { day: 6, how: "unstakeBonds" } },
  { name: "Holder 6", shares: 8_000n * ONE + 23n, move: { day: 17, how: "unstakeShares" } },
];

/** Shares that can be switched in all. */
export const SWITCH_CAP = 30_000n * ONE;

/** Fee of a switch in bps, and the whole. */
const FEE_BPS = 30n;
const BPS = 10_000n;
const NO_LIMIT = 2n ** 40n;

/** What the old holders did so far. */
export interface OldHistory {
  /** By holder: the batch that it asked in. */
  readonly waiting: Map<string, bigint>;
  readonly paid: Set<string>;
  /** By holder: what was unstaked by the model, in parts of a wei. */
  readonly unstaked: Map<string, bigint>;
  /** By holder: ankrMATIC wei of fees. */
  readonly fees: Map<string, bigint>;
  /** What the switch said to who asked for more than was left. */
  refusal: string;
  /** Midnights at which aMATICb and the same shares of ankrMATIC were compared, and differences that were found. */
  compared: number;
  readonly different: string[];
}

/** Nobody has done anything. */
export function openHistory(): OldHistory {
  return {
    waiting: new Map(),
    paid: new Set(),
    unstaked: new Map(),
    fees: new Map(),
    refusal: "",
    compared: 0,
    different: [],
  };
}

/** The list, two to a batch. */
export function genesisOf(signers: readonly HardhatEthersSigner[]): GenesisTree {
  return genesisTree(
    OLD_HOLDERS.map(({ shares }, index) => ({ holder: signers[index]?.address ?? "", shares })),
    2,
  );
}

/** Pays the ankrMATIC that stands behind the list, and mints all of it: anyone may, and nobody can again. */
export async function mintGenesis(world: World, model: Model, tree: GenesisTree): Promise<void> {
  const { system, polygon, governance } = world;
  const { pool, token, bond } = system;
  await polygon.pol.mint(governance, tree.shares);
  await polygon.pol.connect(governance).approve(pool, tree.shares);
  await pool.connect(governance).deposit(tree.shares, governance);
  for (const { name, shares } of OLD_HOLDERS) stake(model, name, shares, world.chain.now());
  await mintList({ bond, token, tree, payer: governance });
  if (!(await bond.genesisSealed())) throw new Error("The genesis of aMATICb is not sealed after its last batch.");
}

/** Whoever moves on this day does; returns what to tell of it. */
export async function moveOldHolders(world: World, model: Model, history: OldHistory, day: number): Promise<string[]> {
  const told: string[] = [];
  for (const account of world.oldAccounts) {
    if (account.move?.day === day) told.push(await move(world, model, history, account, account.move.how));
  }
  return told;
}

/** True if an old holder asks to unstake on this day. */
export function oldHoldersUnstake(day: number): boolean {
  return OLD_HOLDERS.some(({ move: next }) => next?.day === day && next.how.startsWith("unstake"));
}

/** Those who wait for a batch claim what it pays. */
export async function payOldHolders(world: World, history: OldHistory, batch: bigint): Promise<number> {
  let paid = 0;
  for (const { name, signer } of world.oldAccounts) {
    if (history.waiting.get(name) !== batch || history.paid.has(name)) continue;
    const pool = world.system.pool.connect(signer);
    await pool.claim([...(await pool.requestsOf(signer))], signer, signer);
    history.paid.add(name);
    paid++;
  }
  return paid;
}

/** At midnight: every aMATICb is worth what the same shares of ankrMATIC are worth, to the wei. */
export async function compareOldHolders({ system, oldAccounts }: World, history: OldHistory): Promise<void> {
  const { bond, token } = system;
  const block = { blockTag: "latest" };
  for (const { name, signer } of oldAccounts) {
    const [balance, shares] = await Promise.all([bond.balanceOf(signer, block), bond.sharesOf(signer, block)]);
    const worth = await token.sharesToBonds(shares, block);
    if (balance !== worth) history.different.push(`${name} has ${balance} aMATICb, and its shares are worth ${worth}`);
  }
  const [behind, all] = await Promise.all([token.balanceOf(bond, block), bond.totalSharesSupply(block)]);
  if (behind !== all) history.different.push(`${behind} ankrMATIC stand behind ${all} shares of aMATICb`);
  history.compared++;
}

/** What became of each. */
export async function oldOutcomes(world: World, model: Model, history: OldHistory): Promise<OldOutcome[]> {
  const { bond, token } = world.system;
  const block = { blockTag: "latest" };
  return Promise.all(
    world.oldAccounts.map(async ({ name, shares, signer, move: made }): Promise<OldOutcome> => {
      const [pol, certificates, bonds] = await Promise.all([
        world.polygon.pol.balanceOf(signer, block),
        token.balanceWithRewardsOf(signer, block),
        bond.balanceOf(signer, block),
      ]);
      return {
        name,
        brought: shares,
        pol,
        certificates,
        bonds,
        fee: history.fees.get(name) ?? 0n,
        told: made === undefined ? "keeps aMATICb" : `${made.how} on day ${made.day}`,
        gain: pol + certificates + bonds - shares,
        gainParts: valueOf(model, name, world.chain.now()) + (history.unstaked.get(name) ?? 0n) - toParts(shares),
        allowance: allowanceOf(model, name),
        paid: !history.waiting.has(name) || history.paid.has(name),
      };
    }),
  );
}

async function move(world: World, model: Model, history: OldHistory, account: OldAccount, how: Move): Promise<string> {
  const { name, signer } = account;
  const bond = world.system.bond.connect(signer);
  const switcher = world.system.switcher.connect(signer);
  const shares = await bond.sharesOf(signer);
  switch (how) {
    case "unstakeBonds":
    case "unstakeShares": {
      const { open } = await world.system.pool.queue();
      // The price rises with every block: bonds that were all of the balance leave a little behind, shares do not.
      if (how === "unstakeShares") await bond.unstakeShares(shares);
      else await bond.unstakeBonds(await bond.balanceOf(signer));
      const left = await bond.sharesOf(signer);
      history.unstaked.set(name, unstake(model, name, shares - left, shares, world.chain.now()));
      history.waiting.set(name, open);
      return `${name} unstakes its aMATICb, without a fee`;
    }
    case "switchBonds":
      await bond.approve(switcher, NO_LIMIT * ONE);
      await switcher.switchBonds(await bond.balanceOf(signer), signer);
      break;
    case "switchWithPermit": {
      const value = NO_LIMIT * ONE;
      const terms = { spender: await switcher.getAddress(), value, deadline: NO_LIMIT };
      const { v, r, s } = await signNextPermit(signer, bond, BOND_DOMAIN, terms);
      await switcher.switchSharesWithPermit(shares, signer, { value, deadline: NO_LIMIT, v, r, s });
      break;
    }
    case "switchUpTo": {
      await bond.approve(switcher, NO_LIMIT * ONE);
      const left = await switcher.remaining();
      history.refusal = await refusalOf(world, account, shares);
      if (history.refusal !== `AboveRemaining(${shares},${left})`) {
        throw new Error(`A switch of ${shares} shares with ${left} left was answered with ${history.refusal}.`);
      }
      await switcher.switchUpTo(shares, signer);
      break;
    }
  }
  const switched = shares - (await bond.sharesOf(signer));
  const fee = (switched * FEE_BPS + BPS - 1n) / BPS;
  if ((await world.system.token.balanceOf(signer)) !== switched - fee) {
    throw new Error(`${name} switched ${switched} shares and did not get them less a fee of ${fee}.`);
  }
  history.fees.set(name, fee);
  giveShares(model, name, TREASURY, fee);
  const rest = how === "switchUpTo" ? `, as much as is left, and keeps ${whole(shares - switched)}` : "";
  return `${name} switches ${whole(switched)} shares of aMATICb to ankrMATIC, fee ${whole(fee)}${rest}`;
}

/** The error that the switch answers with, and its arguments. */
async function refusalOf({ system }: World, { signer }: OldAccount, shares: bigint): Promise<string> {
  const switcher = system.switcher.connect(signer);
  return switcher.switchShares.staticCall(shares, signer).then(
    () => "nothing",
    (error: unknown) => {
      const data = (error as { data?: string }).data ?? "0x";
      const parsed = switcher.interface.parseError(data);
      return parsed === null ? data : `${parsed.name}(${parsed.args.map(String).join(",")})`;
    },
  );
}

function whole(wei: bigint): string {
  return (wei / ONE).toLocaleString("en-US");
}
