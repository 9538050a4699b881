import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";

import { DEFAULTS } from "../../deploy/params";
import type { Params } from "../../deploy/params";
import { genesisTree } from "../../scripts/lib/genesis";
import type { GenesisTree, Holding } from "../../scripts/lib/genesis";
import { ethers } from "hardhat";

import { MAX, ONE, fixture } from "./fixture";
import type { Choice, Context } from "./fixture";

/** Indices of the fixture's accounts that hold aMATICb: alice, bob, carol. */
const HOLDERS = [6, 7, 8];

/** Shares of aMATICb that each of alice, bob and carol gets in the genesis. */
export const GENESIS_SHARES = 100_000n * ONE;

/** What the switcher may give out in all, unless a test asks for something else. */
export const SWITCH_CAP = 250_000n * ONE;

/** The genesis of alice, bob and carol, in batches of two holders and of one. */
export async function threeHolders(): Promise<GenesisTree> {
  const accounts = await ethers.getSigners();
  const holdings = HOLDERS.map((index): Holding => ({
    holder: accounts[index]?.address ?? "",
    shares: GENESIS_SHARES,
  }));
  return genesisTree(holdings, 2);
}

/** What a legacy fixture may choose beside the rest. */
export interface LegacyChoice extends Omit<Choice, "params"> {
  readonly params?: Choice["params"];
  readonly switcher?: Partial<Params["switcher"]>;
}

/** The system with the list of {@link threeHolders}, nothing of it minted yet. */
export async function unmintedFixture(choice: LegacyChoice = {}): Promise<Context> {
  const { switcher, ...rest } = choice;
  const { root, batches } = await threeHolders();
  return fixture({
    ...rest,
    params: {
      ...rest.params,
      genesis: { root, batches: BigInt(batches.length) },
      switcher: { ...DEFAULTS.switcher, capWei: SWITCH_CAP, ...switcher },
    },
  });
}

/**
 * The system with aMATICb in the hands of alice, bob and carol, {@link GENESIS_SHARES} each, the genesis sealed, and the
 * switcher approved by each without limit. The stranger staked the POL behind it.
 */
export async function legacyFixture(choice: LegacyChoice = {}): Promise<Context> {
  const context = await unmintedFixture(choice);
  await mintAll(context, await threeHolders());
  for (const holder of holdersOf(context)) await context.bond.connect(holder).approve(context.switcher, MAX);
  return context;
}

/** Stakes what a list needs as the stranger and mints all of its batches. */
export async function mintAll({ pool, token, bond, actors }: Context, tree: GenesisTree): Promise<void> {
  const { stranger } = actors;
  await pool.connect(stranger).deposit(await pool.previewMint(tree.shares), stranger);
  await token.connect(stranger).approve(bond, MAX);
  for (const { batch, holdings, proof } of tree.batches) {
    await bond.connect(stranger).mintGenesis(batch, [...holdings], [...proof]);
  }
}

/** Alice, bob and carol. */
export function holdersOf({ actors }: Context): readonly HardhatEthersSigner[] {
  return [actors.alice, actors.bob, actors.carol];
}
