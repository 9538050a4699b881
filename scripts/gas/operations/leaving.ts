import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";

import type { Operation, Spent } from "../operation";
import { spent } from "../operation";
import { claimable, deposit, request, takePol } from "../steps";
import { coins } from "../world";
import type { World } from "../world";

const AMOUNT = coins(100);

/** A claimable request of the regular, beside others that wait to be claimed. */
async function regularCanClaim(world: World): Promise<void> {
  await claimable(world, world.people.regular, AMOUNT);
}

async function newcomerCanClaim(world: World): Promise<void> {
  const { newcomer } = world.people;
  await deposit(world, newcomer, coins(1_000));
  await claimable(world, newcomer, AMOUNT);
  await takePol(world, newcomer);
}

/** Id of the controller's oldest request. */
async function oldestId({ pool }: World, controller: HardhatEthersSigner): Promise<bigint> {
  const [id] = await pool.requestsOf(controller);
  if (id === undefined) throw new Error(`${controller.address} has no request`);
  return id;
}

async function claimOldest(world: World, who: HardhatEthersSigner): Promise<Spent> {
  return spent(world.pool.connect(who).claim([await oldestId(world, who)], who, who));
}

/** One more claimable request of the regular in each of `count` batches. */
function claimableInBatches(count: number): (world: World) => Promise<void> {
  return async (world) => {
    for (let batch = 0; batch < count; batch++) await claimable(world, world.people.regular, coins(10));
  };
}

function claimMany(count: number): Operation {
  return {
    name: `claim of ${count} ids`,
    use: "later",
    given: `${count} requests in as many batches, all claimable`,
    model: true,
    validators: (validators) => validators === 5,
    prepare: claimableInBatches(count),
    call: async ({ pool, people: { regular } }) =>
      spent(pool.connect(regular).claim([...(await pool.requestsOf(regular))], regular, regular)),
  };
}

const REQUESTS: readonly Operation[] = [
  {
    name: "requestRedeem",
    use: "first",
    given: "100 shares; caller never filed a request and keeps some shares; others are in the batch",
    model: false,
    flat: true,
    prepare: (world) => deposit(world, world.people.newcomer, coins(1_000)),
    call: ({ pool, people: { newcomer } }) => spent(pool.connect(newcomer).requestRedeem(AMOUNT, newcomer, newcomer)),
  },
  {
    name: "requestRedeem",
    use: "later",
    given: "100 shares; caller filed and claimed before, keeps some shares; others are in the batch",
    model: false,
    flat: true,
    call: ({ pool, people: { regular } }) => spent(pool.connect(regular).requestRedeem(AMOUNT, regular, regular)),
  },
  {
    name: "requestRedeem again in the batch",
    use: "later",
    given: "100 shares; caller has a request in the open batch",
    model: false,
    flat: true,
    prepare: (world) => request(world, world.people.regular, AMOUNT),
    call: ({ pool, people: { regular } }) => spent(pool.connect(regular).requestRedeem(AMOUNT, regular, regular)),
  },
  {
    name: "unstakeCerts",
    use: "later",
    given: "as requestRedeem",
    model: false,
    flat: true,
    call: ({ pool, people: { regular } }) => spent(pool.connect(regular).unstakeCerts(AMOUNT, 0, 0, "0x")),
  },
  {
    name: "setOperator",
    use: "first",
    given: "an operator that was none before",
    model: false,
    call: ({ pool, autoClaim, people: { regular } }) => spent(pool.connect(regular).setOperator(autoClaim, true)),
  },
];

const CLAIMS: readonly Operation[] = [
  {
    name: "claim",
    use: "first",
    given: "one id, whole; caller claims for the first time and has no POL",
    model: true,
    flat: true,
    prepare: newcomerCanClaim,
    call: (world) => claimOldest(world, world.people.newcomer),
  },
  {
    name: "claim",
    use: "later",
    given: "one id, whole; caller has POL; claims of others are left",
    model: true,
    flat: true,
    prepare: regularCanClaim,
    call: (world) => claimOldest(world, world.people.regular),
  },
  {
    name: "claimInMatic",
    use: "later",
    given: "one id, whole; caller has MATIC",
    model: true,
    flat: true,
    prepare: regularCanClaim,
    call: async (world) => {
      const { regular } = world.people;
      return spent(world.pool.connect(regular).claimInMatic([await oldestId(world, regular)], regular, regular));
    },
  },
  {
    name: "redeem",
    use: "later",
    given: "all that can be claimed, which is one request; caller has POL",
    model: true,
    flat: true,
    prepare: regularCanClaim,
    call: async ({ pool, people: { regular } }) =>
      spent(pool.connect(regular).redeem(await pool.maxRedeem(regular), regular, regular)),
  },
  {
    name: "redeem of a part",
    use: "later",
    given: "half of the one claimable request",
    model: true,
    flat: true,
    prepare: regularCanClaim,
    call: ({ pool, people: { regular } }) => spent(pool.connect(regular).redeem(AMOUNT / 2n, regular, regular)),
  },
  {
    name: "withdraw",
    use: "later",
    given: "all that can be claimed, which is one request; caller has POL",
    model: true,
    flat: true,
    prepare: regularCanClaim,
    call: async ({ pool, people: { regular } }) =>
      spent(pool.connect(regular).withdraw(await pool.maxWithdraw(regular), regular, regular)),
  },
  {
    name: "AutoClaim.claim",
    use: "later",
    given: "one claimable request; the keeper calls, the controller is paid and has POL",
    model: true,
    flat: true,
    prepare: async (world) => {
      await world.pool.connect(world.people.regular).setOperator(world.autoClaim, true);
      await regularCanClaim(world);
    },
    call: ({ autoClaim, people: { keeper, regular } }) => spent(autoClaim.connect(keeper).claim(regular)),
  },
];

const HISTORIES: readonly Operation[] = [
  {
    name: "claim after 1,000 deposits",
    use: "later",
    given: "as claim, after 1,000 deposits of the caller",
    model: true,
    validators: (count) => count === 1,
    prepare: async (world) => {
      for (let count = 0; count < 1_000; count++) await deposit(world, world.people.regular, coins(1));
      await regularCanClaim(world);
    },
    call: (world) => claimOldest(world, world.people.regular),
  },
  claimMany(10),
  claimMany(100),
  {
    name: "claim of 500 matured requests",
    use: "later",
    given: "500 requests in as many batches, all claimable; calls of 100 ids",
    model: true,
    validators: (count) => count === 5,
    prepare: claimableInBatches(500),
    call: async ({ pool, people: { regular } }) => {
      const ids = [...(await pool.requestsOf(regular))];
      const calls = [0, 100, 200, 300, 400].map((from) => ids.slice(from, from + 100));
      let total: Spent = { gas: 0n, transactions: [] };
      for (const part of calls) {
        const { gas, transactions } = await spent(pool.connect(regular).claim(part, regular, regular));
        total = { gas: total.gas + gas, transactions: [...total.transactions, ...transactions] };
      }
      return total;
    },
  },
];

/** Ways out. */
export const LEAVING: readonly Operation[] = [...REQUESTS, ...CLAIMS, ...HISTORIES];
