import { MaxUint256 } from "ethers";

import { bridgeInUse } from "../bridging";
import type { Operation, Spent } from "../operation";
import { spent } from "../operation";
import { coins } from "../world";
import type { World } from "../world";

const AMOUNT = coins(10);
const PROVIDED = coins(400);

/** Nothing here depends on the validators, so one number of them is enough. */
const COMMON = { model: true, validators: (count: number): boolean => count === 5 } as const;

const IN_USE = "the pool has liquidity, and was used in both directions";

/** Both sides have been provided, somebody has staked and unstaked; the regular and the newcomer have approved it. */
async function swapInUse(world: World): Promise<void> {
  await bridgeInUse(world);
  const { child, people } = world;
  for (const holder of [people.whale, people.regular, people.newcomer]) {
    await child.token.connect(holder).approve(child.swap, MaxUint256);
  }
  const { swap } = child;
  await swap.connect(people.whale).addLiquidity(PROVIDED, 0, people.whale, MaxUint256, { value: PROVIDED });
  await stake(world, "regular");
  await swap.connect(people.regular).unstake(AMOUNT, 0);
}

function stake({ child, people }: World, by: "regular" | "newcomer"): Promise<Spent> {
  return spent(child.swap.connect(people[by]).stake(0, { value: AMOUNT }));
}

/** Staking and unstaking on Polygon, and its liquidity. */
export const SWAP: readonly Operation[] = [
  {
    ...COMMON,
    name: "SwapPool.stake",
    use: "first",
    given: `the caller has no ankrMATIC on Polygon; ${IN_USE}`,
    prepare: swapInUse,
    call: (world) => stake(world, "newcomer"),
  },
  {
    ...COMMON,
    name: "SwapPool.stake",
    use: "later",
    given: `the caller has ankrMATIC on Polygon; ${IN_USE}`,
    prepare: swapInUse,
    call: (world) => stake(world, "regular"),
  },
  {
    ...COMMON,
    name: "SwapPool.unstake",
    use: "later",
    given: `the caller keeps some ankrMATIC; ${IN_USE}`,
    prepare: swapInUse,
    call: ({ child, people: { regular } }) => spent(child.swap.connect(regular).unstake(AMOUNT, 0)),
  },
  {
    ...COMMON,
    name: "SwapPool.unstakeWrapped",
    use: "first",
    given: `the caller has no wrapped native tokens; ${IN_USE}`,
    prepare: swapInUse,
    call: ({ child, people: { regular } }) =>
      spent(child.swap.connect(regular).unstakeWrapped(AMOUNT, regular, 0, MaxUint256)),
  },
  {
    ...COMMON,
    name: "SwapPool.addLiquidity",
    use: "first",
    given: `both sides; the caller has no liquidity; ${IN_USE}`,
    prepare: swapInUse,
    call: ({ child, people: { regular } }) =>
      spent(child.swap.connect(regular).addLiquidity(AMOUNT, 0, regular, MaxUint256, { value: AMOUNT })),
  },
  {
    ...COMMON,
    name: "SwapPool.removeLiquidity",
    use: "later",
    given: `a part of the caller's liquidity; ${IN_USE}`,
    prepare: swapInUse,
    call: ({ child, people: { whale } }) => spent(child.swap.connect(whale).removeLiquidity(AMOUNT, whale, 0, 0)),
  },
];
