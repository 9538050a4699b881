import { MaxUint256 } from "ethers";

import { BOND_DOMAIN, signNextPermit } from "../../lib/permit";
import type { Operation, Spent, Use } from "../operation";
import { spent } from "../operation";
import { asManager, mintBonds } from "../steps";
import { coins } from "../world";
import type { World } from "../world";

const AMOUNT = coins(100);

type Holder = "regular" | "newcomer";

const COMMON = { model: false, flat: true, prepare: mintBonds } as const;

/** The same switch for a holder without ankrMATIC, which it gets for the first time, and for one who has some. */
function switching(name: string, how: string, call: (world: World, who: Holder) => Promise<Spent>): Operation[] {
  const holders: readonly (readonly [Holder, Use, string])[] = [
    ["newcomer", "first", "caller has no ankrMATIC"],
    ["regular", "later", "caller has ankrMATIC"],
  ];
  return holders.map(([who, use, state]) => ({
    ...COMMON,
    name,
    use,
    given: `${how}; ${state} and keeps some aMATICb; the treasury has shares; no daily limit`,
    call: (world) => call(world, who),
  }));
}

/** The same move to an account without aMATICb and to a holder. */
function moving(name: string, what: string, call: (world: World, to: string) => Promise<Spent>): Operation[] {
  return [
    {
      ...COMMON,
      name,
      use: "first",
      given: `${what} to an account without aMATICb; the sender keeps some`,
      call: (world) => call(world, world.people.neighbour.address),
    },
    {
      ...COMMON,
      name,
      use: "later",
      given: `${what} to a holder; the sender keeps some`,
      call: (world) => call(world, world.people.whale.address),
    },
  ];
}

async function switchBondsWithPermit(world: World, who: Holder): Promise<Spent> {
  const { bond, switcher, people } = world;
  const owner = people[who];
  const terms = { spender: await switcher.getAddress(), value: AMOUNT, deadline: MaxUint256 };
  const { v, r, s } = await signNextPermit(owner, bond, BOND_DOMAIN, terms);
  const permit = { value: AMOUNT, deadline: MaxUint256, v, r, s };
  return spent(switcher.connect(owner).switchBondsWithPermit(AMOUNT, owner, permit));
}

/** Takes the approval away, so that the permit is what pays. */
async function withoutApproval(world: World): Promise<void> {
  await mintBonds(world);
  const { bond, switcher, people } = world;
  for (const who of [people.regular, people.newcomer]) await bond.connect(who).approve(switcher, 0);
}

/** A daily limit that a switch has used before. */
async function limited(world: World): Promise<void> {
  await mintBonds(world);
  const { switcher, people } = world;
  const data = switcher.interface.encodeFunctionData("setDailyLimit", [coins(1_000)]);
  await asManager(world, await switcher.getAddress(), data);
  await switcher.connect(people.regular).switchBonds(AMOUNT, people.regular);
}

const SWITCHES: readonly Operation[] = [
  ...switching("switchBonds", "100 bonds", ({ switcher, people }, who) =>
    spent(switcher.connect(people[who]).switchBonds(AMOUNT, people[who])),
  ),
  ...switching("switchShares", "100 shares", ({ switcher, people }, who) =>
    spent(switcher.connect(people[who]).switchShares(AMOUNT, people[who])),
  ),
  ...switching("switchBondsWithPermit", "100 bonds by a permit, nothing approved before", switchBondsWithPermit).map(
    (operation) => ({ ...operation, prepare: withoutApproval }),
  ),
  {
    ...COMMON,
    name: "switchBonds under a daily limit",
    use: "later",
    given: "as switchBonds, of a limit that was used before",
    prepare: limited,
    call: ({ switcher, people: { regular } }) => spent(switcher.connect(regular).switchBonds(AMOUNT, regular)),
  },
];

/** The rebasing token and the switch out of it. */
export const LEGACY: readonly Operation[] = [
  ...SWITCHES,
  ...moving("AMATICb.transfer", "100 bonds", ({ bond, people }, to) =>
    spent(bond.connect(people.regular).transfer(to, AMOUNT)),
  ),
  ...moving("AMATICb.transferShares", "100 shares", ({ bond, people }, to) =>
    spent(bond.connect(people.regular).transferShares(to, AMOUNT)),
  ),
  {
    ...COMMON,
    name: "AMATICb.unstakeBonds",
    use: "first",
    given: "100 bonds; caller never filed a request and keeps some aMATICb; others are in the batch",
    call: ({ bond, people: { newcomer } }) => spent(bond.connect(newcomer).unstakeBonds(AMOUNT)),
  },
  {
    ...COMMON,
    name: "AMATICb.unstakeBonds",
    use: "later",
    given: "100 bonds; caller filed and claimed before, keeps some aMATICb; others are in the batch",
    call: ({ bond, people: { regular } }) => spent(bond.connect(regular).unstakeBonds(AMOUNT)),
  },
];
