import type { BaseContract } from "ethers";

import type { Operation, Spent } from "../operation";
import { spent } from "../operation";
import { coins } from "../world";
import type { World } from "../world";

const AMOUNT = coins(100);

type View = "rateOf" | "bondsOf" | "ratioOf";

/** What a contract pays for a view when everything that it touches is cold; the transaction's base cost left out. */
async function coldRead({ hre }: World, view: View, target: BaseContract): Promise<Spent> {
  const reader = await hre.ethers.deployContract("RateReader");
  const [answer, gas] = await reader[view].staticCall(target);
  if (answer === 0n) throw new Error(`RateReader.${view} read a rate of 0`);
  return { gas, transactions: [] };
}

const COLD = "read by a contract, all cold, without the transaction's 21,000";

/** The reads of the rate, in a state of the reward stream. */
function rateReads(name: string, state: string, prepare?: (world: World) => Promise<void>): Operation[] {
  const common = { use: "later", model: false, flat: true, ...(prepare === undefined ? {} : { prepare }) } as const;
  return [
    {
      ...common,
      name: `rateRead${name}`,
      given: `pool.convertToAssets, ${COLD}; ${state}`,
      call: (world) => coldRead(world, "rateOf", world.pool),
    },
    {
      ...common,
      name: `rateRead through the token${name}`,
      given: `token.sharesToBonds, ${COLD}; ${state}`,
      call: (world) => coldRead(world, "bondsOf", world.token),
    },
    {
      ...common,
      name: `ratio through the token${name}`,
      given: `token.ratio, ${COLD}; ${state}`,
      call: (world) => coldRead(world, "ratioOf", world.token),
    },
  ];
}

/** Longest time over which rewards vest, seconds. */
const LONGEST_STREAM = 7 * 86_400;

async function allVested({ hre }: World): Promise<void> {
  await hre.network.provider.send("evm_increaseTime", [LONGEST_STREAM]);
}

async function approved({ token, people: { regular, whale } }: World): Promise<void> {
  await token.connect(regular).approve(whale, 2n * AMOUNT);
}

/** The share token and the rate. */
export const TOKEN: readonly Operation[] = [
  {
    name: "transfer",
    use: "first",
    given: "100 shares to an account without shares; the sender keeps some",
    model: false,
    flat: true,
    call: ({ token, people: { regular, newcomer } }) => spent(token.connect(regular).transfer(newcomer, AMOUNT)),
  },
  {
    name: "transfer",
    use: "later",
    given: "100 shares to a holder; the sender keeps some",
    model: false,
    flat: true,
    call: ({ token, people: { regular, whale } }) => spent(token.connect(regular).transfer(whale, AMOUNT)),
  },
  {
    name: "approve",
    use: "first",
    given: "an allowance where there was none",
    model: false,
    flat: true,
    call: ({ token, people: { regular, whale } }) => spent(token.connect(regular).approve(whale, AMOUNT)),
  },
  {
    name: "approve",
    use: "later",
    given: "another allowance in the place of one",
    model: false,
    flat: true,
    prepare: approved,
    call: ({ token, people: { regular, whale } }) => spent(token.connect(regular).approve(whale, AMOUNT)),
  },
  ...rateReads("", "rewards are vesting"),
  ...rateReads(", all vested", "no rewards are vesting", allVested),
];
