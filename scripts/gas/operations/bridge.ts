import { MaxUint256 } from "ethers";

import { SHARE_DOMAIN, signNextPermit } from "../../lib/permit";
import { aDay, bridgeInUse, deliver, openBridge, provable } from "../bridging";
import type { Surroundings } from "../bridging";
import type { Operation, Spent } from "../operation";
import { spent } from "../operation";
import { coins } from "../world";
import type { World } from "../world";

const AMOUNT = coins(100);

/** More than a day's releases, and more than what the bridge in use may still mint in a day. */
const ABOVE_RELEASES = coins(1_200);
const ABOVE_MINTING = coins(1_000);

/** Nothing here depends on the validators, so one number of them is enough. */
const COMMON = { model: true, validators: (count: number): boolean => count === 5 } as const;

/** What zero bytes can change, by chance: of a proof's thousand bytes of hashes, of the totals and the time in a message. */
const OF_HASHES = 200;
const OF_TIMES = 60;

/** A small block, in a checkpoint of few blocks: the tree is five deep. */
const SMALL: Surroundings = { blocks: 32 };
/** A large one, in as many blocks as a checkpoint of Polygon can have: ten deep. */
const LARGE: Surroundings = { blocks: 1_024, crowd: 139 };

const IN_USE = "the bridge was used in both directions";
const USED_UP = "the daily limit was used up a moment before: what refilled since is paid, the rest waits";

// ---------------------------------------------------------------- down

function bridge({ bridge, people: { regular } }: World): Promise<Spent> {
  return spent(bridge.connect(regular).bridge(AMOUNT, regular));
}

async function bridgeWithPermit(world: World): Promise<Spent> {
  const { bridge, people } = world;
  const permit = await permitOf(world, "token", await bridge.getAddress());
  return spent(bridge.connect(people.regular).bridgeWithPermit(AMOUNT, people.regular, permit));
}

/** The regular's next permit of the share token of either chain. */
async function permitOf(
  { token, child, people: { regular } }: World,
  of: "token" | "childToken",
  spender: string,
): Promise<{ value: bigint; deadline: bigint; v: number; r: string; s: string }> {
  const terms = { spender, value: AMOUNT, deadline: MaxUint256 };
  const { v, r, s } = await signNextPermit(regular, of === "token" ? token : child.token, SHARE_DOMAIN, terms);
  return { value: AMOUNT, deadline: MaxUint256, v, r, s };
}

/** Takes the approvals away, so that the permit is what pays; it is the second one on either chain. */
async function withPermits(world: World): Promise<void> {
  await bridgeInUse(world);
  const { token, bridge, child, people } = world;
  const { regular } = people;
  await bridgeWithPermit(world);
  await withdrawWithPermit(world);
  await token.connect(regular).approve(bridge, 0);
  await child.token.connect(regular).approve(child.adapter, 0);
}

/** A deposit under way, for an account that has shares on Polygon or none. */
function deposited(to: "regular" | "neighbour"): (world: World) => Promise<void> {
  return async (world) => {
    await bridgeInUse(world);
    const { bridge, people } = world;
    await bridge.connect(people.regular).bridge(AMOUNT, people[to]);
  };
}

/** The limit of minting is used up, and the last of what used it up waits for the whale. */
async function mintingUsedUp(world: World): Promise<void> {
  await bridgeInUse(world);
  const { bridge, people } = world;
  await bridge.connect(people.whale).bridge(ABOVE_MINTING, people.whale);
  await deliver(world);
}

function depositedAboveLimit(to: "neighbour" | "whale"): (world: World) => Promise<void> {
  return async (world) => {
    await mintingUsedUp(world);
    const { bridge, people } = world;
    await bridge.connect(people.regular).bridge(AMOUNT, people[to]);
  };
}

const DOWN: readonly Operation[] = [
  {
    ...COMMON,
    name: "bridge",
    use: "first",
    flat: true,
    given: "100 shares, the first that are ever bridged",
    prepare: openBridge,
    call: bridge,
  },
  {
    ...COMMON,
    name: "bridge",
    use: "later",
    flat: true,
    given: `100 shares; ${IN_USE}`,
    prepare: bridgeInUse,
    call: bridge,
  },
  {
    ...COMMON,
    name: "bridgeWithPermit",
    use: "later",
    flat: true,
    given: `100 shares by a permit, the caller's second, nothing approved before; ${IN_USE}`,
    prepare: withPermits,
    call: bridgeWithPermit,
  },
  {
    ...COMMON,
    name: "syncRate",
    use: "later",
    flat: true,
    given: IN_USE,
    prepare: bridgeInUse,
    call: ({ bridge, people: { keeper } }) => spent(bridge.connect(keeper).syncRate()),
  },
  {
    ...COMMON,
    name: "delivery of a deposit",
    use: "first",
    given: "the whole commitState; the first message that is ever delivered",
    prepare: async (world) => {
      await openBridge(world);
      await bridge(world);
    },
    spread: OF_TIMES,
    call: deliver,
  },
  {
    ...COMMON,
    name: "delivery of a deposit",
    use: "later",
    given: `the whole commitState; the receiver has ankrMATIC on Polygon; the feed takes the rate; ${IN_USE}`,
    prepare: deposited("regular"),
    spread: OF_TIMES,
    call: deliver,
  },
  {
    ...COMMON,
    name: "delivery of a deposit to a new holder",
    use: "later",
    given: `as delivery of a deposit; the receiver has no ankrMATIC on Polygon; ${IN_USE}`,
    prepare: deposited("neighbour"),
    spread: OF_TIMES,
    call: deliver,
  },
  {
    ...COMMON,
    name: "delivery above the limit",
    use: "first",
    given: `the whole commitState; ${USED_UP}; the receiver has no ankrMATIC on Polygon and nothing that waits`,
    prepare: depositedAboveLimit("neighbour"),
    spread: OF_TIMES,
    call: deliver,
  },
  {
    ...COMMON,
    name: "delivery above the limit",
    use: "later",
    given: `the whole commitState; ${USED_UP}; the receiver has ankrMATIC on Polygon, and something waits for it`,
    prepare: depositedAboveLimit("whale"),
    spread: OF_TIMES,
    call: deliver,
  },
  {
    ...COMMON,
    name: "delivery of a rate",
    use: "later",
    given: `the whole commitState; the feed takes the rate; ${IN_USE}`,
    prepare: async (world) => {
      await bridgeInUse(world);
      await world.bridge.connect(world.people.keeper).syncRate();
    },
    spread: OF_TIMES,
    call: deliver,
  },
  {
    ...COMMON,
    name: "payPending on Polygon",
    use: "later",
    given: "by a keeper, a day after: all that waits for a holder is minted",
    prepare: async (world) => {
      await mintingUsedUp(world);
      await aDay(world);
    },
    call: ({ child, people: { keeper, whale } }) => spent(child.adapter.connect(keeper).payPending(whale)),
  },
];

// ---------------------------------------------------------------- up

async function withdrawWithPermit(world: World): Promise<Spent> {
  const { child, people } = world;
  const permit = await permitOf(world, "childToken", await child.adapter.getAddress());
  return spent(child.adapter.connect(people.regular).withdrawWithPermit(AMOUNT, people.regular, permit));
}

/** A proof of a withdrawal by the regular or the whale; it is built before the row's checkpoint of stake. */
function proving(
  name: string,
  given: string,
  { from = "regular", to, shares = AMOUNT, around = SMALL, before = bridgeInUse }: Proving,
): Operation {
  let proof = "";
  return {
    ...COMMON,
    spread: OF_HASHES,
    name,
    use: to === "newcomer" ? "first" : "later",
    given,
    prepare: async (world) => {
      await before(world);
      const { child, people } = world;
      proof = await provable(world, () => child.adapter.connect(people[from]).withdraw(shares, people[to]), around);
    },
    call: ({ bridge, people: { keeper } }) => spent(bridge.connect(keeper).receiveMessage(proof)),
  };
}

interface Proving {
  readonly from?: "regular" | "whale";
  readonly to: "regular" | "newcomer" | "whale";
  readonly shares?: bigint;
  readonly around?: Surroundings;
  readonly before?: (world: World) => Promise<void>;
}

/** The limit of releases is used up, and the last of what used it up waits for the whale. */
async function releasesUsedUp(world: World): Promise<void> {
  await bridgeInUse(world);
  const { bridge, child, people } = world;
  const { regular, whale, keeper } = people;
  await bridge.connect(whale).bridge(coins(400), whale);
  await deliver(world);
  const proof = await provable(world, () => child.adapter.connect(whale).withdraw(ABOVE_RELEASES, whale), {
    blocks: 4,
  });
  await bridge.connect(keeper).receiveMessage(proof);
  // Something of the regular's stays on Polygon.
  await child.token.connect(regular).transfer(whale, AMOUNT);
}

const UP: readonly Operation[] = [
  {
    ...COMMON,
    name: "ChildBridgeAdapter.withdraw",
    use: "later",
    model: false,
    flat: true,
    given: `100 shares of several hundred; ${IN_USE}`,
    prepare: bridgeInUse,
    call: ({ child, people: { regular } }) => spent(child.adapter.connect(regular).withdraw(AMOUNT, regular)),
  },
  {
    ...COMMON,
    name: "ChildBridgeAdapter.withdrawWithPermit",
    use: "later",
    model: false,
    flat: true,
    given: `100 shares of several hundred by a permit, the caller's second, nothing approved before; ${IN_USE}`,
    prepare: withPermits,
    call: withdrawWithPermit,
  },
  proving(
    "receiveMessage",
    "the first proof ever; a block of 1 transaction in a checkpoint of 32; the receiver has no ankrMATIC",
    {
      to: "newcomer",
      before: async (world) => {
        await openBridge(world);
        const { bridge, people } = world;
        await bridge.connect(people.regular).bridge(coins(500), people.regular);
        await deliver(world);
      },
    },
  ),
  proving("receiveMessage", `a block of 1 transaction in a checkpoint of 32; the receiver has ankrMATIC; ${IN_USE}`, {
    to: "regular",
  }),
  proving("receiveMessage, large", `as receiveMessage, of a block of 140 transactions in a checkpoint of 1,024`, {
    to: "regular",
    around: LARGE,
  }),
  proving("receiveMessage above the limit", `as receiveMessage; ${USED_UP}; the receiver has no ankrMATIC`, {
    to: "newcomer",
    before: releasesUsedUp,
  }),
  proving("receiveMessage above the limit", `as receiveMessage; ${USED_UP}; something waits for the receiver`, {
    to: "whale",
    before: releasesUsedUp,
  }),
  {
    ...COMMON,
    name: "payPending on Ethereum",
    use: "later",
    model: false,
    given: "by a keeper, a day after: all that waits for a holder is released",
    prepare: async (world) => {
      await releasesUsedUp(world);
      await aDay(world);
    },
    call: ({ bridge, people: { keeper, whale } }) => spent(bridge.connect(keeper).payPending(whale)),
  },
];

/** The bridge, both ways. Of a delivery all that Polygon's nodes execute is counted, which no one pays. */
export const BRIDGE: readonly Operation[] = [...DOWN, ...UP];
